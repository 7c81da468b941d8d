"""Every form of file gives the same records, each with its place and its exact bytes."""

import gzip
import io
from decimal import Decimal
from pathlib import Path

import pytest

from clearing.intake import json_records, source
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs.ocpi import Unusable


def _read(tmp_path: Path, content: bytes, name: str = "f.json") -> list[RawRecord]:
    path = tmp_path / name
    path.write_bytes(content)
    found = list(read_records(path))
    plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" and name != "cut.gz" else content
    if name != "cut.gz":
        assert [r.raw for r in found] == [plain[r.offset : r.offset + r.length] for r in found]
    return found


def _places(records: list[RawRecord]) -> list[str]:
    return [Path(r.where).name for r in records]


FORMS = {
    "lines": (b'{"id":"a"}\n{"id":"b"}\n', ["f.json:1", "f.json:2"]),
    "lines without last newline": (b'{"id":"a"}\n{"id":"b"}', ["f.json:1", "f.json:2"]),
    "lines with blanks": (b'\n\n {"id":"a"}\r\n\r\n{"id":"b"}\r\n\n', ["f.json:3", "f.json:5"]),
    "lines with a mark": (b'\xef\xbb\xbf{"id":"a"}\n{"id":"b"}', ["f.json:1", "f.json:2"]),
    "array": (b'[{"id":"a"},{"id":"b"}]', ["f.json#1", "f.json#2"]),
    "array over lines": (b'[\n {"id":"a"},\n {"id":"b"}\n]\n', ["f.json#1", "f.json#2"]),
    "array opened on a line": (b'[{"id":"a"}\n,{"id":\n"b"}\n]', ["f.json#1", "f.json#2"]),
    "envelope": (b'{"data":[{"id":"a"},{"id":"b"}],"status_code":1000}', ["f.json#1", "f.json#2"]),
    "envelope over lines": (
        b'{\n "status_code": 1000,\n "data": [\n{"id":"a"},\n{"id":"b"}\n]}',
        ["f.json#1", "f.json#2"],
    ),
}


@pytest.mark.parametrize(("content", "places"), FORMS.values(), ids=FORMS)
def test_each_form_gives_the_same_records(tmp_path: Path, content: bytes, places: list[str]) -> None:
    found = _read(tmp_path, content)
    assert [r.value for r in found] == [{"id": "a"}, {"id": "b"}]
    assert _places(found) == places
    assert [r.problem for r in found] == [None, None]


@pytest.mark.parametrize(("content", "places"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("block", [45, 50, 64])
def test_blocks_of_any_size_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, places: list[str], block: int
) -> None:
    monkeypatch.setattr(source, "BLOCK", block)
    found = _read(tmp_path, content)
    assert [(r.value, Path(r.where).name) for r in found] == [({"id": "a"}, places[0]), ({"id": "b"}, places[1])]


@pytest.mark.parametrize(("content", "places"), FORMS.values(), ids=FORMS)
def test_gzip_reads_alike(tmp_path: Path, content: bytes, places: list[str]) -> None:
    found = _read(tmp_path, gzip.compress(content))
    assert [r.value for r in found] == [{"id": "a"}, {"id": "b"}]


def test_a_single_object_over_many_lines_is_line_1(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, b'{\n  "id": "a",\n  "n": 0.10\n}\n')
    assert (found.value, Path(found.where).name) == ({"id": "a", "n": Decimal("0.10")}, "f.json:1")


def test_an_envelope_of_one_object(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, b'{"data": {"id": "a"}, "status_code": 1000}')
    assert (found.value, found.raw, Path(found.where).name) == ({"id": "a"}, b'{"id": "a"}', "f.json#1")


def test_standard_input_is_named_by_a_dash() -> None:
    assert [r.where for r in read_records("-", stdin=io.BytesIO(b'{"a":1}\n{"a":2}'))] == ["-:1", "-:2"]
    assert [r.where for r in read_records("-", stdin=io.BytesIO(b'[{"a":1},{"a":2}]'))] == ["-:1", "-:2"]


BROKEN = {
    "a broken line": (b'{"id":"a"}\n{"id":\n{"id":"b"}', [True, False, True]),
    "a broken first line": (b'{"id":"a"\n{"id":"b"}', [False, True]),
    "a first line that opens an array": (b'[{"id":\n{"id":"b"}\n{"id":"c"}', [False, True, True]),
    "an empty array as first line": (b'[]\n{"id":"b"}', [False, True]),
    "a line that is no object": (b'{"id":"a"}\n[]\n12\nnull\n"x"', [True, False, False, False, False]),
    "a broken element": (b'[{"id":"a"},{"id":,"x":[1,2]},{"id":"b"}]', [True, False, True]),
    "an element that is no object": (b'[{"id":"a"},7,null]', [True, False, False]),
    "an array cut off": (b'[{"id":"a"},{"id":"b"', [True, False]),
    "an array cut off after a comma": (b'[{"id":"a"},', [True, False]),
    "a line that is not UTF-8": (b'{"id":"a"}\n{"id":"\xff"}', [True, False]),
    "an element that is not UTF-8": (b'[{"id":"a"},{"id":"\xff"}]', [True, False]),
    "only an array of numbers": (b"[1,2]", [False, False]),
    "nested too deeply": (b'{"id":"a"}\n' + b"[" * 100_000, [True, False]),
    "nested deeply": (b'{"id":"a"}\n{"x":' + b"[" * 200 + b"]" * 200 + b"}", [True, False]),
    "two arrays": (b'[{"id":"a"}\n]\n[{"id":"b"}\n]', [True, False]),
}


@pytest.mark.parametrize(("content", "good"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_costs_one_record(tmp_path: Path, content: bytes, good: list[bool]) -> None:
    found = _read(tmp_path, content)
    assert [r.problem is None for r in found] == good
    assert all(isinstance(r.value, dict) for r in found if r.problem is None)


@pytest.mark.parametrize("content", [b"hello", b"{", b"\x00\x01\x02", b'{"id":\n', b"[{", b"a\nb\nc\n"])
def test_a_file_in_which_nothing_parses_is_unreadable(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="nothing in it is JSON"):
        _read(tmp_path, content)


def test_a_missing_file_and_a_folder_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        list(read_records(tmp_path / "none.json"))
    with pytest.raises(UnreadableFile, match="directory"):
        list(read_records(tmp_path))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"[]", b'{"data":[],"status_code":1000}'])
def test_a_file_without_content_has_no_records(tmp_path: Path, content: bytes) -> None:
    assert _read(tmp_path, content) == []


def test_nan_makes_neither_an_array_nor_a_line_unreadable(tmp_path: Path) -> None:
    for content in (b'[{"n":NaN},{"n":1}]', b'{"n":NaN}\n{"n":1}'):
        first, second = _read(tmp_path, content)
        assert first.value == {"n": Unusable("NaN is not a number")}
        assert second.value == {"n": 1}


def test_a_truncated_gzip_gives_what_it_has_and_one_malformed_record(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b'{"id":"%d"}\n' % (n * 7919) for n in range(5000)))
    found = _read(tmp_path, whole[: len(whole) // 2], "cut.gz")
    assert found[0].value == {"id": "0"}
    assert len(found) > 1000
    assert found[-1].problem == "the gzip stream ends early and cuts this record off"
    assert [r for r in found[:-1] if r.value is None] == []


def test_gzip_of_several_members_reads_on(tmp_path: Path) -> None:
    content = gzip.compress(b'{"id":"a"}\n') + gzip.compress(b'{"id":"b"}\n')
    (tmp_path / "two.gz").write_bytes(content + b"\0" * 20)
    assert [r.value for r in read_records(tmp_path / "two.gz")] == [{"id": "a"}, {"id": "b"}]


def test_large_files_of_each_form_keep_every_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "BLOCK", 1000)
    elements = [b'{"id":"%d","text":"\xc3\xa9 ] } , [ \\" {"}' % n for n in range(500)]
    for content in (
        b"[" + b",".join(elements) + b"]",
        b"\n".join(elements),
        b'{"status_code":1000,"data":[' + b" ,\n".join(elements) + b"]}",
    ):
        found = _read(tmp_path, content)
        assert [r.value["id"] for r in found] == [str(n) for n in range(500)]  # type: ignore[index]
        assert [r.raw for r in found] == elements


def test_a_line_beyond_every_record_is_reported_and_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BLOCK", 64)
    monkeypatch.setattr(json_records, "MAX_RECORD", 500)
    found = _read(tmp_path, b'{"id":"a"}\n{"id":"' + b"x" * 5000 + b'"}\n{"id":"b"}\n')
    assert [r.problem is None for r in found] == [True, False, True]
    assert _places(found) == ["f.json:1", "f.json:2", "f.json:3"]
