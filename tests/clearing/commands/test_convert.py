"""evclear convert: the objects on standard output, what is lost on standard error, and the fixed exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands import main

CASES = Path(__file__).resolve().parents[3] / "fixtures" / "tariffs"
CDR: dict[str, Any] = {"id": "C1", "total_cost": {"excl_vat": 10, "incl_vat": 11.9}, "total_energy": 1}
OLD: dict[str, Any] = {"id": "C2", "stop_date_time": "2026-10-07T11:00:00Z", "total_cost": 4}


def _run(*words: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, words)], input=stdin)


def _file(tmp_path: Path, *records: Any) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), "utf-8")
    return path


def test_one_object_is_one_object_and_what_is_said_otherwise_is_no_loss(tmp_path: Path) -> None:
    told = _run("cdr", _file(tmp_path, CDR), "--to", "2.3.0")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["total_cost"] == {"before_taxes": 10, "taxes": [{"name": "VAT", "amount": 1.9}]}
    assert told.stderr.splitlines() == [
        f"{tmp_path}/records.jsonl:1: I tax-as-one-amount  $.total_cost: the VAT is one amount; at which rate is not "
        "stated",
        "1 record, 0 with losses",
    ]


SHAPES: dict[str, Any] = {
    "two of two": ([CDR, CDR], 2, 0),
    "three of three": ([CDR, CDR, CDR], 3, 0),
    "two of three": ([CDR, "{", CDR], 2, 3),
    "one of two": ([CDR, "[]"], 1, 3),
    "none of two": (["7", "[]"], 0, 3),
}


@pytest.mark.parametrize(("records", "count", "code"), SHAPES.values(), ids=SHAPES)
def test_several_objects_are_an_array_or_lines(tmp_path: Path, records: Any, count: int, code: int) -> None:
    path = _file(tmp_path, *records)
    whole = _run("cdr", path, "--to", "2.3.0")
    assert [one["id"] for one in json.loads(whole.stdout)] == ["C1"] * count
    lines = _run("cdr", path, "--to", "2.3.0", "--format", "jsonl")
    assert [json.loads(line)["id"] for line in lines.stdout.splitlines()] == ["C1"] * count
    assert (whole.exit_code, lines.exit_code) == (code, code)
    assert whole.stderr.count("malformed-record") == len(records) - count


def test_one_record_that_is_none_writes_nothing(tmp_path: Path) -> None:
    told = _run("cdr", "-", "--to", "2.3.0", stdin="[7]")
    assert (told.stdout, told.exit_code) == ("", 3)


def test_a_cdr_of_the_old_version_gets_its_owner_and_its_losses(tmp_path: Path) -> None:
    told = _run("cdr", _file(tmp_path, OLD), "--to", "2.2.1", "--party", "de*abc")
    assert json.loads(told.stdout) == {
        **{"country_code": "DE", "party_id": "ABC", "id": "C2", "end_date_time": "2026-10-07T11:00:00Z"},
        "total_cost": {"excl_vat": 4},
    }
    assert told.exit_code == 0
    assert _run("cdr", _file(tmp_path, OLD), "--to", "2.2.1").exit_code == 3


def test_a_tariff_of_a_named_version() -> None:
    path = CASES / "v230-taxes-included-unknown" / "tariff.json"
    told = _run("tariff", path, "--to", "2.2.1", "--ocpi-version", "2.3.0")
    assert told.exit_code == 3
    assert "Q price-not-known  $.elements[0].price_components[0].price" in told.stderr
    assert "price" not in json.loads(told.stdout)["elements"][0]["price_components"][0]


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    good = _file(tmp_path, CDR)
    told = _run("cdr", tmp_path / "gone.json", good, "--to", "2.3.0")
    assert told.exit_code == 4
    assert "unreadable-file" in told.stderr
    assert json.loads(told.stdout)["id"] == "C1"
    assert _run("tariff", tmp_path / "gone.json", "--to", "2.3.0").stdout == ""


WRONG = (["--to", "2.1.1"], ["--to", "2.3.0", "--party", "ABC"], ["--to", "2.3.0", "--ocpi-version", "2.0"], [])


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_use(tmp_path: Path, words: list[str]) -> None:
    assert _run("cdr", _file(tmp_path, CDR), *words).exit_code == 2
