"""Compare what a run made of a demo month with the truth that was written beside it."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from clearing.demo.truth import ENDS, OPENINGS

_Json = dict[str, Any]
_DIFFERENCES = ("claimed_minus_computed", "price_difference", "rounding_difference")
_DOCUMENT_MONEY = ("net", "vat", "gross")
_TWO_SIDED = frozenset(
    {
        "unit-suspect",
        "energy-differs",
        "time-differs",
        "token-differs",
        "evse-differs",
        "tariff-differs",
        "amount-differs",
        "currency-differs",
        "vat-differs",
        "clock-skew",
        "missing-at-emsp",
        "missing-at-cpo",
    }
)
"""Findings made by comparing both sides: only there must side and both ids be the very ones."""


def compare(folder: Path, month: str) -> list[str]:
    """Return what differs between the truth of a month and its report and findings; empty when all was found.

    Every planted finding and no other, the six ends of every pair, its document, and who pays whom, to the cent.
    """
    truth = _read(folder / "truth" / f"{month}.json")
    report = _read(folder / "months" / month / "report.json")
    lines = (folder / "months" / month / "findings.jsonl").read_text("utf-8").splitlines()
    findings = [json.loads(line, parse_float=Decimal) for line in lines if line]
    return [
        *_findings(truth, findings),
        *_pairs(truth["pairs"], report["pairs"]),
        *_settlement(truth["settlement"], report["settlement"]),
        *_held(report["pairs"], findings),
    ]


def _read(path: Path) -> _Json:
    value: _Json = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return value


def _identity(finding: _Json) -> tuple[str, ...]:
    """Return what tells a finding from others: code, severity, the pair, the record; both records where compared."""
    known = finding["code"] != "unknown-party"  # whether the unknown one is named or null is left open
    if finding["code"] in _TWO_SIDED:
        record = (finding["side"], finding["cpo_cdr_id"], finding["emsp_cdr_id"])
    else:
        record = ("-", finding["cpo_cdr_id"] or finding["emsp_cdr_id"], "-")
    pair = (finding["cpo"], finding["emsp"] if known else "?")
    return tuple(str(part) for part in (finding["code"], finding["severity"], *pair, *record))


def _findings(truth: _Json, findings: list[_Json]) -> Iterator[str]:
    """Yield the findings that were planted and not found, and those that were found and not planted.

    A finding that stands on a record which a mended one replaces may be repeated or left out: `may_stand` lists them.
    """
    planted = Counter(_identity(finding) for finding in truth["findings"])
    found = Counter(_identity(finding) for finding in findings)
    found -= Counter(_identity(finding) for finding in truth.get("may_stand", ()))
    for identity, count in sorted((planted - found).items()):
        yield f"planted and not found: {' '.join(identity)} ({count})"
    for identity, count in sorted((found - planted).items()):
        yield f"found and not planted: {' '.join(identity)} ({count})"


def _key(row: _Json) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("cpo", "emsp", "currency"))


def _is_empty(row: _Json) -> bool:
    return row["document"] is None and all(row[name]["records"] == 0 for name in (*OPENINGS, *ENDS))


def _pairs(truth: list[_Json], report: list[_Json]) -> Iterator[str]:
    wanted = {_key(row): row for row in truth}
    made = {_key(row): row for row in report}
    for key in sorted(wanted.keys() | made.keys()):
        name = " ".join(key)
        if key not in made:
            yield f"{name}: no such row in the report"
        elif key not in wanted:
            if not _is_empty(made[key]):
                yield f"{name}: the report has a row that the truth does not know"
        else:
            yield from (f"{name}: {text}" for text in _row(wanted[key], made[key]))


def _row(truth: _Json, report: _Json) -> Iterator[str]:
    superseded = _numbers(truth["superseded"]) if "superseded" in truth else None
    for name in (*OPENINGS, *ENDS):
        wanted, made = _numbers(truth[name]), _numbers(report[name])
        if wanted != made and superseded is not None and name in ENDS:
            # The contract names no end for a record that its sender has mended: it may stand in any one of them.
            wanted, superseded = tuple(a + b for a, b in zip(wanted, superseded, strict=True)), None
        if wanted != made:
            yield f"{name} is {_said(made)}, not {_said(wanted)}"
    if superseded is not None:
        yield f"a mended record, {_said(superseded)}, stands in no end"
    if truth["without_claim"] != report["without_claim"]:
        yield f"without_claim is {report['without_claim']}, not {truth['without_claim']}"
    for name in _DIFFERENCES:
        if truth[name] is not None and Decimal(truth[name]) != Decimal(report[name]):
            yield f"{name} is {report[name]}, not {truth[name]}"
    yield from _document(truth["document"], report["document"])


def _held(rows: list[_Json], findings: list[_Json]) -> Iterator[str]:
    """Yield the currencies in which what the findings hold is not what waits or is refused (contract, section 4)."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row["currency"] is not None:
            kept = Decimal(row["waiting"]["claimed"]) + Decimal(row["refused"]["claimed"])
            of_currency = sums.setdefault(row["currency"], {"rows": Decimal(0), "findings": Decimal(0)})
            of_currency["rows"] += kept
    for finding in findings:
        held = finding.get("held")
        if held and held["currency"] in sums:
            sums[held["currency"]]["findings"] += Decimal(held["amount"])
    for currency, both in sorted(sums.items()):
        if both["rows"] != both["findings"]:
            yield f"findings hold {both['findings']} {currency}, but {both['rows']} waits or is refused"


def _numbers(part: _Json) -> tuple[Decimal, ...]:
    return Decimal(part["records"]), Decimal(part["kwh"]), Decimal(part["claimed"])


def _said(numbers: tuple[Decimal, ...]) -> str:
    return "{} records, {} kWh, {}".format(*numbers)


def _document(truth: _Json | None, report: _Json | None) -> Iterator[str]:
    if truth is None or report is None:
        if truth is not report:
            yield f"document is {report}, not {truth}"
        return
    for name in _DOCUMENT_MONEY:
        if Decimal(truth[name]) != Decimal(report[name]):
            yield f"{name} of the document is {report[name]}, not {truth[name]}"
    for name in ("kind", "due"):
        if truth[name] != report[name]:
            yield f"{name} of the document is {report[name]}, not {truth[name]}"
    if (truth["state"] == "control-copy") != (report["state"] == "control-copy"):
        yield f"the document is {report['state']}, not {truth['state']}"


def _settlement(truth: list[_Json], report: list[_Json]) -> Iterator[str]:
    def keyed(statements: list[_Json]) -> dict[str, _Json]:
        return {f"{' and '.join(sorted(s['companies']))} in {s['currency']}": s for s in statements}

    wanted, made = keyed(truth), keyed(report)
    for name in sorted(wanted.keys() | made.keys()):
        if name not in made or name not in wanted:
            yield f"{name}: {'no' if name not in made else 'a'} statement, against the truth"
            continue
        for field_name in ("payer", "amount", "due"):
            left, right = wanted[name][field_name], made[name][field_name]
            if (Decimal(left) != Decimal(right)) if field_name == "amount" else left != right:
                yield f"{name}: {field_name} is {right}, not {left}"
