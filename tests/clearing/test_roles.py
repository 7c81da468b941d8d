"""A month in the three roles, by the real commands: a CPO alone, an e-MSP that checks its CPOs, and a hub.

The cases are `fixtures/months/`; the README of each has the arithmetic, worked out by hand.
"""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands import main

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "months"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


def evclear(book: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--book", str(book), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def settled(case: str, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Settle and post the month of a case; every step ends as expected.json says."""
    book = tmp_path / case
    shutil.copytree(FOLDER / case, book)
    expected: dict[str, Any] = json.loads((book / "expected.json").read_text("utf-8"))
    checked = evclear(book, "check")
    assert (checked.exit_code, checked.output) == (0, "")
    for kind, file, exit_code in expected["ingest"]:
        taken = evclear(book, "ingest", *kind.split(), str(book / "deliveries" / file))
        assert taken.exit_code == exit_code, taken.output
    waits = any(line["money_is"] == "waiting" for line in expected["findings"])
    for verb in ("run", "post"):
        assert evclear(book, verb, "2026-10").exit_code == (3 if waits else 0)
    return book, expected


def like(found: Any, expected: Any) -> Any:
    """Return what was found with only the keys that are expected, so that more keys may come."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {key: like(found.get(key), part) for key, part in expected.items()}
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        return [like(one, part) for one, part in zip(found, expected, strict=True)]
    return found


def test_there_are_three_roles() -> None:
    assert CASES == ["cpo-alone", "emsp-check", "hub"]


@pytest.mark.parametrize("case", CASES)
def test_month(case: str, tmp_path: Path) -> None:
    book, expected = settled(case, tmp_path)
    report = json.loads(evclear(book, "report", "2026-10", "--format", "json").output)
    assert (report["schema"], report["month"], report["as_of"]) == ("evclear.report/1", "2026-10", expected["as_of"])
    assert [set(pair["findings"]) for pair in report["pairs"]] == [set(pair["findings"]) for pair in expected["pairs"]]
    for part in ("pairs", "settlement"):
        assert like(report[part], expected[part]) == expected[part]
    listed = evclear(book, "findings", "list", "2026-10", "--format", "jsonl").output
    assert like([json.loads(line) for line in listed.splitlines()], expected["findings"]) == expected["findings"]
    assert sorted(charges(book)) == sorted(expected["charges"])
    text = evclear(book, "report", "2026-10").output
    assert [words for words in expected["text"] if words not in text] == []


def charges(book: Path) -> list[str]:
    rows = [
        row
        for path in sorted((book / "months" / "2026-10" / "charges").glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8"))
        if row["end"] != "rounding"
    ]
    return [f"{row['cpo_cdr_id']} {row['end']} {row['billed_excl_vat']}".rstrip() for row in rows]


def test_the_hubs_own_rounding_line(tmp_path: Path) -> None:
    book, _ = settled("hub", tmp_path)
    rows = list(csv.DictReader((book / "months/2026-10/charges/DE-ABC_NL-XYZ_EUR.csv").open(encoding="utf-8")))
    assert (rows[-1]["end"], rows[-1]["billed_excl_vat"]) == ("rounding", "0.0008")


def test_the_next_month_of_a_cpo_alone(tmp_path: Path) -> None:
    """What waited in October is carried in, an accepted charge is billed, and November's own charge is there."""
    book, _ = settled("cpo-alone", tmp_path)
    listed = evclear(book, "findings", "list", "2026-10", "--code", "price-claim-differs", "--format", "jsonl").output
    finding = json.loads(listed)["id"]
    decided = evclear(book, "findings", "decide", finding, "accept", "--reason", "agreed by phone", "--by", "Ada")
    assert decided.exit_code == 0
    assert evclear(book, "run", "2026-11").exit_code == 0
    report = json.loads(evclear(book, "report", "2026-11", "--format", "json").output)
    [pair] = report["pairs"]
    assert pair["carried_in"] == {"records": 1, "kwh": "25", "claimed": "11.00"}
    assert pair["delivered"] == {"records": 1, "kwh": "9", "claimed": "3.60"}
    assert pair["document"]["net"] == "14.60"


def test_a_new_user_is_led_to_the_month_of_the_agreement(tmp_path: Path) -> None:
    """The earliest charge ended on 30 September in UTC, but on 1 October where the agreement counts."""
    book = tmp_path / "book"
    export = FOLDER / "cpo-alone" / "deliveries" / "cpo-cdrs.jsonl"
    begun = CliRunner().invoke(main, ["init", str(book), "--as", "cpo", str(export)])
    assert (begun.exit_code, begun.output.split("run ")[-1].strip()) == (0, "2026-10")
    assert "ingest cdr" in evclear(book, "run", "2026-10").output.split("Next")[-1]
    assert evclear(book, "ingest", "cdr", str(export)).exit_code == 0
    assert evclear(book, "run", "2026-10").exit_code == 3, "drafts can be looked at before all is filled in"
    refused = evclear(book, "post", "2026-10")
    assert (refused.exit_code, "evclear.toml:11: name of DE*ABC is FILL IN" in refused.output) == (4, True)
