"""Numbers of the bulk way against Decimal: the same digits, or none."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.bulk import instants, texts, use
from tariffs.bulk.sheet import epoch_second, whole
from tariffs.bulk.texts import Unusual
from tariffs.plain import plain
from tariffs.quantity import snapped_seconds

NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


def wire(value: Decimal | int) -> bytes | int:
    """A number as it is decoded."""
    return value if isinstance(value, int) else f"{value:f}".encode()


@given(NUMBERS | st.integers(-(10**15), 10**15))
def test_numbers_keep_their_digits(value: Decimal | int) -> None:
    assert texts.scaled(wire(value), 4) == Decimal(value).scaleb(4)
    assert texts.money(wire(value)) == Decimal(value) * texts.UNIT
    assert texts.number_text(wire(value)) == plain(Decimal(value))


@pytest.mark.parametrize("value", [b"1.23456", b"1E3", b"1e-3", True, None, "1.5", 10**18, b"12345678901234567.89", []])
def test_what_is_not_for_the_bulk_way(value: object) -> None:
    with pytest.raises(Unusual):
        texts.scaled(value, 4)


@pytest.mark.parametrize(("value", "expected"), [(b"1.2300000", 12300), (b"-0.0", 0), (b"7.", 70000), (7, 70000)])
def test_zeros_at_the_end_are_no_digits(value: bytes | int, expected: int) -> None:
    assert texts.scaled(value, 4) == expected


def test_money_of_more_than_twelve_decimals() -> None:
    with pytest.raises(Unusual):
        texts.money(b"0.1234567890123")


@given(st.integers(-(10**20), 10**20))
def test_amounts_are_written_as_everywhere(amount: int) -> None:
    with localcontext(Context(prec=200)):
        assert texts.amount_text(amount) == plain(Decimal(amount) / texts.UNIT)
        if amount >= 0:
            assert texts.minutes_text(amount) == plain(Decimal(amount) / 6000)
            assert texts.volume_text(amount) == plain(Decimal(amount).scaleb(-4))


@given(st.integers(-(10**12), 10**12), st.integers(1, 99))
def test_half_even(number: int, by: int) -> None:
    exact = Decimal(number) / Decimal(by) if number % by else Decimal(number // by)
    if (2 * number) % by or number % by == 0:
        assert texts.divided(number, by) == exact.to_integral_value(ROUND_HALF_EVEN)
    else:
        assert texts.divided(number, by) * 2 * by in (2 * number - by, 2 * number + by)
        assert texts.divided(number, by) % 2 == 0


@given(st.integers(1, 300_000), st.integers(0, 40_000) | st.none())
def test_snapping_is_that_of_the_engine(stated: int, wall: int | None) -> None:
    hours = Decimal(stated).scaleb(-4)
    expected = snapped_seconds(hours, None if wall is None else Decimal(wall))
    assert use.snapped(stated * 36, -1 if wall is None else wall * 100) == expected * 100


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-03T00:00:00Z", 172_800),
        ("2026-10-25T01:30:07Z", 1_792_891_807),
        ("2026-10-25T01:30:07", 1_792_891_807),
        ("2026-10-25T01:30:07.000Z", 1_792_891_807),
        ("2026-10-25T01:30:07.0", 1_792_891_807),
    ],
)
def test_instants(text: str, seconds: int) -> None:
    assert instants.seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("1970-01-01T00:00:00Z", "1970-1-1T00:00:00Z", "2026-02-30T00:00:00Z", "2026-10-25 01:30:07Z", ""),
        *("2026-10-25T01:30:07.5Z", "2026-10-25T01:30:07+00:00", "2026-10-25T24:00:00Z", "2026-10-25T01:60:00Z"),
        *("2026-10-25T01:30:60Z", "2026-10-25T1:30:07Z", "2026-10-25T01-30-07Z", "2026-10-25T01:3\u0664:07Z"),
        *("2026-10-25T01:30:07ZZ", "9999-12-31T00:00:00Z", "2026-10-25T01:30Z"),
    ],
)
def test_instants_that_are_for_the_engine(text: str) -> None:
    with pytest.raises(Unusual):
        instants.seconds_of(text)


@pytest.mark.parametrize("value", ["0.00001", "1E+9", "1E-40", "123456789012345"])
def test_whole_numbers_only(value: str) -> None:
    with pytest.raises(Unusual):
        whole(Decimal(value), 4)


def test_whole_numbers() -> None:
    assert [whole(Decimal(v), 4) for v in ("-1.5", "0.1200000", "1E+2", "0")] == [-15_000, 1200, 1_000_000, 0]
    with pytest.raises(Unusual):
        whole(Decimal("NaN"), 4)


def test_an_instant_with_a_fraction() -> None:
    from datetime import UTC, datetime

    assert epoch_second(datetime(1970, 1, 2, 3, 4, 5, tzinfo=UTC)) == 86_400 + 11_045
    with pytest.raises(Unusual):
        epoch_second(datetime(2026, 1, 1, microsecond=1, tzinfo=UTC))
