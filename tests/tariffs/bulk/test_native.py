"""Both ways of reading and writing bytes: byte by byte, and by what Python has in C, give the same answers."""

from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from librt.strings import BytesWriter

from tariffs.bulk import builtin, loops, native
from tariffs.plain import plain

WAYS = [pytest.param(loops, id="loops"), pytest.param(builtin, id="builtin")]
JSON_LIKE = st.text(st.sampled_from('0123456789.-eE"\\,}{ äZT:+\x00\x7f'), max_size=24).map(str.encode)


def test_the_way_taken_is_the_one_for_this_build() -> None:
    assert native.same is (loops if native.COMPILED else builtin).same


@given(JSON_LIKE)
@example(b"0.5,")
@example(b"-0.0}")
@example(b"123456789012345678,")
def test_numbers_and_texts_are_read_alike(data: bytes) -> None:
    assert tuple(loops.number(data, 0)) == tuple(builtin.number(data, 0))
    assert loops.text_end(data, 0) == builtin.text_end(data, 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        *((b"0", 0, 0), (b"7", 7, 0), (b"-7", -7, 0), (b"0.50", 50, 2), (b"-0.0", 0, 1), (b"12.3456", 123456, 4)),
        (b"123456789012345678", 123456789012345678, 0),
        (b"1.23456789012345678", 123456789012345678, 17),
    ],
)
def test_numbers(way: ModuleType, text: bytes, value: int, decimals: int) -> None:
    assert way.number(b"x" + text + b",", 1) == (value, decimals, 1 + len(text))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"-", b".5,", b"5.,", b"05,", b"00.5,", b"1e3,", b"1.5E3,", b"1.2.3,", b"-,", b"x", b"--1,", b"1"),
        *(b"1234567890123456789,", b"12345678901.23456789,", b"-1234567890123456789,", b"5.}"),
    ],
)
def test_what_is_no_ordinary_number(way: ModuleType, text: bytes) -> None:
    assert way.number(text, 0)[2] == -1


@pytest.mark.parametrize("way", WAYS)
def test_ends_of_texts(way: ModuleType) -> None:
    assert way.text_end(b'ab"', 0) == 2
    assert way.text_end(b'"', 0) == 0
    for odd in (b"ab", b'a\\"b"', b'a\x1fb"', "ä".encode() + b'"', b'\x7f"'):
        assert way.text_end(odd, 0) == -1


INSTANTS = [
    ("1970-01-03T00:00:00Z", 172_800),
    ("2026-10-25T01:30:07Z", 1_792_891_807),
    ("2026-10-25T01:30:07", 1_792_891_807),
    ("2026-10-25T01:30:07.000Z", 1_792_891_807),
    ("2026-10-25T01:30:07.0", 1_792_891_807),
    ("2024-02-29T00:00:00Z", 1_709_164_800),
    ("2000-02-29T00:00:00Z", 951_782_400),
    ("9999-12-28T23:59:59Z", 253_402_041_599),
]
NO_INSTANTS = [
    *("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z", "1970-1-1T00:00:00Z", "2026-02-30T00:00:00Z", ""),
    *("2026-10-25 01:30:07Z", "2026-10-25T01:30:07.5Z", "2026-10-25T01:30:07+00:00", "2026-10-25T24:00:00Z"),
    *("2026-10-25T01:60:00Z", "2026-10-25T01:30:60Z", "2026-10-25T1:30:07Z", "2026-10-25T01-30-07Z"),
    *("2026-10-25T01:3\u0664:07Z", "2026-10-25T01:30:07ZZ", "9999-12-31T00:00:00Z", "2026-10-25T01:30Z"),
    *("2026-13-25T01:30:07Z", "2026-00-25T01:30:07Z", "2026-04-31T01:30:07Z", "2100-02-29T00:00:00Z"),
    *("2023-02-29T00:00:00Z", "2026-10-00T00:00:00Z", "2026-1o-25T00:00:00Z", "2026-10-25T01:30:07.Z"),
    *("2026-10-25T01:30:07.0000000000Z", "2026:10-25T01:30:07Z", "2026-10:25T01:30:07Z", "2026-10-25T01:30-07Z"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("text", "seconds"), INSTANTS)
def test_instants(way: ModuleType, text: str, seconds: int) -> None:
    data = f'"{text}", "next": 1'.encode()
    assert way.instant(data, 1) == (seconds, 1 + len(text))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", NO_INSTANTS)
def test_instants_that_are_for_the_engine(way: ModuleType, text: str) -> None:
    assert way.instant(f'"{text}", "the_next_field": 1'.encode(), 1)[1] == -1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rest", ["", ".", ".0", "Z", ".0Z"])
def test_instants_at_the_end_of_the_data(way: ModuleType, rest: str) -> None:
    assert way.instant(f"2026-10-25T01:30:07{rest}".encode(), 0)[1] == -1


@given(st.dates(), st.times())
def test_every_day(day: object, time: object) -> None:
    data = f'{day}T{str(time)[:8]}Z"  '.encode()
    assert tuple(loops.instant(data, 0)) == tuple(builtin.instant(data, 0))


@pytest.mark.parametrize("way", WAYS)
@given(value=st.integers(-(9 * 10**18), 9 * 10**18), decimals=st.integers(0, 12))
def test_numbers_are_written_in_plain_notation(way: ModuleType, value: int, decimals: int) -> None:
    out = BytesWriter()
    way.put_scaled(out, value, decimals)
    assert out.getvalue().decode() == plain(Decimal(value).scaleb(-decimals))


@pytest.mark.parametrize("way", WAYS)
@given(marks=st.lists(st.integers(0, 50), unique=True).map(sorted), value=st.integers(-1, 51))
def test_marks_are_counted(way: ModuleType, marks: list[int], value: int) -> None:
    assert way.place_after(way.row(marks), value, 0, len(marks)) == sum(mark <= value for mark in marks)
    some = marks[1:-1]
    assert way.place_after(way.row(marks), value, 1, 1 + len(some)) == 1 + sum(mark <= value for mark in some)


@pytest.mark.parametrize("way", WAYS)
@example(data=bytes(range(90)), at=3, size=80)
@given(data=st.binary(max_size=90), at=st.integers(0, 30), size=st.integers(0, 80))
def test_texts_are_compared(way: ModuleType, data: bytes, at: int, size: int) -> None:
    text = data[at : at + size]
    assert way.same(data, text, at) or at > len(data)
    assert not way.same(data, text + b"?" + data[-1:], at)
    for place in range(len(text)):
        changed = bytes([*text[:place], text[place] ^ 1, *text[place + 1 :]])
        assert not way.same(data, changed, at)
