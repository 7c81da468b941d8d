"""`evclear init`: a book with stubs, or nothing at all."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clearing.book_file import read_terms
from clearing.commands import main

CDR = {
    "country_code": "DE",
    "party_id": "ABC",
    "start_date_time": "2026-10-01T10:00:00Z",
    "end_date_time": "2026-10-01T11:00:00Z",
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "1", "type": "RFID"},
    "cdr_location": {"country": "DEU"},
    "currency": "EUR",
}


def evclear(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def cdrs(tmp_path: Path) -> Path:
    path = tmp_path / "cdrs.jsonl"
    path.write_text(json.dumps(CDR) + "\n" + "{broken\n" + json.dumps(CDR) + "\n", encoding="utf-8")
    return path


def test_a_book_with_a_stub_for_every_party_and_pair(tmp_path: Path, cdrs: Path) -> None:
    result = evclear("init", tmp_path / "deep" / "book", "--as", "cpo", cdrs)
    assert result.exit_code == 0, result.output
    terms = read_terms(tmp_path / "deep" / "book" / "evclear.toml")
    assert [company.ids for company in terms.companies] == [("DE*ABC",), ("NL*XYZ",)]
    assert [(one.cpo, one.emsp, one.time_zone) for one in terms.agreements] == [("DE*ABC", "NL*XYZ", "Europe/Berlin")]
    assert terms.issues_for == {"DE*ABC"}
    assert "2 companies, 1 agreement, 7 values to fill in" in result.stdout
    assert list((tmp_path / "deep" / "book").iterdir()) == [tmp_path / "deep" / "book" / "evclear.toml"]


def test_the_next_steps_are_told(tmp_path: Path, cdrs: Path) -> None:
    result = evclear("init", tmp_path / "my book", "--as", "hub", cdrs)
    for step in ("check", "ingest cdr", "run 2026-10"):
        assert f"evclear --book '{tmp_path / 'my book'}' {step}" in result.stderr


def test_the_same_files_give_the_same_bytes(tmp_path: Path, cdrs: Path) -> None:
    books = [tmp_path / name / "evclear.toml" for name in ("one", "two")]
    for book in books:
        assert evclear("init", book.parent, "--as", "emsp", cdrs, cdrs).exit_code == 0
    assert books[0].read_bytes() == books[1].read_bytes()


def test_guesses_say_that_they_are_guesses(tmp_path: Path, cdrs: Path) -> None:
    evclear("init", tmp_path, "--as", "cpo", cdrs)
    lines = (tmp_path / "evclear.toml").read_text(encoding="utf-8").splitlines()
    for key in ("valid_from = 2026-10-01", 'time_zone = "Europe/Berlin"', 'currency = "EUR"', 'country = "DE"'):
        assert any(line.startswith(key) and "# guess: " in line for line in lines), key
    assert any("ARE A START AND ARE YOURS" in line for line in lines)


def test_without_files_the_book_is_empty_but_usable(tmp_path: Path) -> None:
    result = evclear("init", tmp_path / "book", "--as", "hub")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert evclear("--book", tmp_path / "book", "check").exit_code == 0


def test_a_book_that_stands_already_is_left_untouched(tmp_path: Path, cdrs: Path) -> None:
    book = tmp_path / "evclear.toml"
    book.write_text("mine", encoding="utf-8")
    result = evclear("init", tmp_path, "--as", "cpo", cdrs)
    assert result.exit_code == 4
    assert "stands already" in result.stderr
    assert "choose another folder" in result.stderr
    assert book.read_text(encoding="utf-8") == "mine"


BAD_FILES = [
    pytest.param(None, "found none; correct the path", id="missing"),
    pytest.param("folder", "nothing was written", id="a folder"),
    pytest.param(b"hello", "nothing was written", id="no JSON"),
]


@pytest.mark.parametrize(("content", "message"), BAD_FILES)
def test_a_file_that_cannot_be_used_writes_nothing(
    tmp_path: Path, cdrs: Path, content: bytes | str | None, message: str
) -> None:
    bad = tmp_path / "bad.json"
    if content == "folder":
        bad.mkdir()
    elif isinstance(content, bytes):
        bad.write_bytes(content)
    result = evclear("init", tmp_path / "book", "--as", "cpo", cdrs, bad)
    assert result.exit_code == 4
    assert str(bad) in result.stderr
    assert message in result.stderr
    assert not (tmp_path / "book").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, cdrs: Path) -> None:
    result = evclear("init", cdrs, "--as", "cpo")
    assert result.exit_code == 4
    assert "choose another name" in result.stderr


def test_files_without_charges_are_said_to_have_none(tmp_path: Path) -> None:
    tariff = tmp_path / "tariff.json"
    tariff.write_text('{"id": "T", "country_code": "DE", "party_id": "ABC", "elements": []}', encoding="utf-8")
    result = evclear("init", tmp_path / "book", "--as", "cpo", tariff)
    assert result.exit_code == 0
    assert "None of the files holds a CDR or a Session" in result.stderr


@pytest.mark.parametrize("arguments", [["--as", "cpo"], ["book"], ["book", "--as", "bank"]], ids=" ".join)
def test_wrong_use(tmp_path: Path, arguments: list[str]) -> None:
    assert evclear("init", *arguments).exit_code == 2
