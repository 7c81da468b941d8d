"""Every finding of the catalogue has the smallest input that causes it: exactly this finding, and no other.

The cases are data: `fixtures/faults/<code>/`, told in `fixtures/README.md`.
"""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clearing import MonthResult, ingest_files, run_month
from clearing.findings import CATALOGUE
from clearing.reconciliation.charge import End

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "faults"
BASE = FOLDER / "base"
MONTH = "2026-10"
LATER_WORK = {
    "split-charge", "merged-charge", "listed-unknown", "not-listed", "invoice-total-differs", "billed-twice",
}  # fmt: skip
"""Codes whose names are kept, but which nothing makes yet."""
CASES = sorted(path.parent.name for path in FOLDER.glob("*/case.json"))
FILES = (("cpo", "cdr", "cpo"), ("emsp", "cdr", "emsp"), ("tariff", "tariff", "cpo"), ("token", "token", "emsp"))
"""Key of case.json (and name of the file), kind and side."""


def test_every_code_has_its_case() -> None:
    assert set(CATALOGUE) - LATER_WORK == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_exactly_this_finding(code: str, tmp_path: Path) -> None:
    case = json.loads((FOLDER / code / "case.json").read_text("utf-8"))
    expected = [json.loads(line) for line in (FOLDER / code / "expected.jsonl").read_text("utf-8").splitlines()]
    refused, result = settle(tmp_path, code, case)
    found = [*refused, *lines_of(result)]
    keys = {key for line in expected for key in line}
    assert [{key: line.get(key) for key in keys} for line in found] == [
        {key: line.get(key) for key in keys} for line in expected
    ]
    assert {line["code"] for line in expected} == {code}
    assert {line["severity"] for line in expected} == {CATALOGUE[code]}
    assert ends_of(result) == list(csv.DictReader((FOLDER / code / "ends.csv").open(encoding="utf-8")))
    held = sum((Decimal(line["held"]["amount"]) for line in found if line.get("held")), Decimal(0))
    kept_out = [pair.ends[end].claimed for pair in result.outcome.pairs for end in (End.WAITING, End.REFUSED)]
    assert held == sum(kept_out, Decimal(0))
    for line in found:
        assert line["message"], line
        assert line["what_to_do"], line
        assert "0422A1B2C3D480" not in line["message"], "who charged stays in the records"


def settle(book: Path, code: str, case: dict[str, Any]) -> tuple[list[dict[str, Any]], MonthResult]:
    """Make the book and the files of a case, take them in and run the month; return what was refused as findings."""
    terms = (BASE / "evclear.toml").read_text("utf-8")
    for old, new in case.get("book", {}).items():
        assert terms.count(old) == 1, (code, old)
        terms = terms.replace(old, new)
    (book / "evclear.toml").write_text(terms, "utf-8")
    refused = []
    for name, kind, side in FILES:
        path = book / f"{name}.jsonl"
        as_it_is = FOLDER / code / path.name
        if as_it_is.exists():
            path.write_bytes(as_it_is.read_bytes())
        else:
            records = made_from(kind, case.get(name, [{}] if kind == "cdr" else []))
            path.write_text("".join(record + "\n" for record in records), "utf-8")
        if path.stat().st_size:
            for file in ingest_files(book, kind, [path], side).files:
                refused += [as_finding(file.path, file.refused)] if file.refused else []
    as_of = date.fromisoformat(case["as_of"]) if "as_of" in case else None
    return refused, run_month(book, MONTH, as_of)


def as_finding(path: str, refused: str) -> dict[str, Any]:
    """A refused file has no line in a month; its message has a name, words and a remedy all the same."""
    code, _, words = refused.partition("  ")
    message, _, remedy = words.rpartition(": ")
    return {"code": code, "severity": "F", "where": path, "message": message, "what_to_do": remedy}


def made_from(kind: str, patches: list[dict[str, Any]]) -> list[str]:
    """Return the records of a file: the base record of its kind, each with a JSON merge patch (RFC 7396)."""
    base = json.loads((BASE / f"{kind}.json").read_text("utf-8"))
    return [json.dumps(merged(base, patch)) for patch in patches]


def merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    whole = dict(value) if isinstance(value, dict) else {}
    for key, part in patch.items():
        if part is None:
            whole.pop(key, None)
        else:
            whole[key] = merged(whole.get(key), part)
    return whole


def lines_of(result: MonthResult) -> list[dict[str, Any]]:
    text = (result.folder / "findings.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def ends_of(result: MonthResult) -> list[dict[str, str]]:
    columns = ("cpo_cdr_id", "end", "code", "billed_excl_vat")
    return [
        {column: row[column] for column in columns}
        for path in sorted((result.folder / "charges").glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8"))
    ]
