"""`evclear ingest` says what became of each file, on stdout, and ends with the contract's exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clearing.commands.ingest import ingest

TOKEN = {"country_code": "NL", "party_id": "XYZ", "uid": "0815", "valid": True}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "evclear.toml").write_text("[book]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(book: Path, *arguments: str) -> Result:
    return CliRunner().invoke(ingest, arguments, obj=book)


def test_one_line_per_file_and_the_quarantine_list(book: Path) -> None:
    (book / "a.json").write_text(json.dumps(TOKEN))
    (book / "b.json").write_text(json.dumps([TOKEN, {**TOKEN, "valid": "yes"}]))
    (book / "c.json").write_text("")
    (book / "d.json").write_text(json.dumps(TOKEN))
    result = run(book, "token", "a.json", "b.json", "c.json", "d.json")
    assert [
        "a.json: 1 token of emsp taken",
        "b.json: 1 token of emsp taken, 1 quarantined",
        "  malformed-record  b.json#2: valid: expected true or false, found 'yes'. "
        "Ask the sender to mend the record and send it again, under the same id.",
        "c.json: no records in it",
        "d.json: the same bytes were taken from emsp before, as a.json; nothing to do",
    ] == result.stdout.splitlines()
    assert result.exit_code == 3


def test_a_missing_file_is_named_and_the_others_are_taken(book: Path) -> None:
    (book / "a.json").write_text(json.dumps(TOKEN))
    result = run(book, "token", "nowhere.json", "a.json")
    assert [
        "nothing taken from nowhere.json: no such file; check the path and its permissions",
        "a.json: 1 token of emsp taken",
    ] == result.stdout.splitlines()
    assert result.exit_code == 4


def test_a_file_that_is_no_json_is_unreadable(book: Path) -> None:
    (book / "a.json").write_text("hello")
    result = run(book, "cdr", "a.json")
    assert (4, True) == (result.exit_code, result.stdout.startswith("unreadable-file  nothing taken from a.json: "))


def test_side_and_day_of_receipt(book: Path) -> None:
    (book / "a.json").write_text(json.dumps(TOKEN))
    result = run(book, "token", "a.json", "--side", "cpo", "--received", "2026-10-03")
    assert (0, "a.json: 1 token of cpo taken\n") == (result.exit_code, result.stdout)


@pytest.mark.parametrize(
    "arguments",
    [["token"], ["invoice", "a.json"], ["cdr", "a.json", "--side", "hub"], ["cdr", "a.json", "--received", "today"]],
    ids=["no file", "no such kind", "no such side", "no such day"],
)
def test_wrong_use_ends_with_2(book: Path, arguments: list[str]) -> None:
    assert run(book, *arguments).exit_code == 2


def test_the_quarantine_list_has_an_end(book: Path) -> None:
    (book / "a.json").write_text(json.dumps([{**TOKEN, "valid": None}] * 60))
    shown = run(book, "token", "a.json").stdout.splitlines()
    assert (52, True) == (len(shown), shown[-1].strip().startswith("… and 10 more"))
