"""`compare` says nothing when a run agrees with the truth, and names every way in which it does not."""

import copy
import json
from collections import defaultdict
from decimal import Decimal

import pytest

from clearing.demo import compare, generate
from clearing.demo.json_text import written

MONTH = "2026-10"


def _with_text_amounts(truth):
    """Return a report and findings that say just what the truth says."""
    rows = copy.deepcopy(truth["pairs"])
    for row in rows:
        row.pop("superseded", None)
        row["claimed_minus_computed"] = row["claimed_minus_computed"] or "0.00"
        row["findings"] = {}
    findings = copy.deepcopy(truth["findings"])
    kept = defaultdict(Decimal)
    for row in rows:
        if row["currency"]:
            kept[row["currency"]] += Decimal(row["waiting"]["claimed"]) + Decimal(row["refused"]["claimed"])
    for finding, (currency, amount) in zip(findings, sorted(kept.items()), strict=False):
        finding["held"] = {"amount": str(amount), "currency": currency}
    report = {"schema": "evclear.report/1", "pairs": rows, "settlement": copy.deepcopy(truth["settlement"])}
    return report, findings


@pytest.fixture
def agreed(tmp_path):
    """A book, with a report and findings to be spoiled."""
    generate(tmp_path, 1000, 5)
    truth = json.loads((tmp_path / "truth" / f"{MONTH}.json").read_text("utf-8"))
    return tmp_path, *_with_text_amounts(truth)


def run(folder, report, findings):
    out = folder / "months" / MONTH
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(written(report), "utf-8")
    (out / "findings.jsonl").write_text("".join(written(finding) + "\n" for finding in findings), "utf-8")
    return compare(folder, MONTH)


def test_agreement_is_silent(agreed):
    assert run(*agreed) == []


def test_empty_rows_do_not_matter(agreed):
    folder, report, findings = agreed
    nothing = {"records": 0, "kwh": "0", "claimed": "0.00"}
    names = ("carried_in", "delivered", "billed", "credited", "waiting", "refused", "repeated", "elsewhere")
    report["pairs"].append(
        {"cpo": "X", "emsp": "Y", "currency": "EUR", "document": None} | dict.fromkeys(names, nothing)
    )
    assert run(folder, report, findings) == []


def test_a_finding_too_few_and_one_too_many(agreed):
    folder, report, findings = agreed
    findings[0]["severity"] = "F"
    said = run(folder, report, findings)
    assert len(said) == 2
    assert said[0].startswith("planted and not found: amount-differs Q")
    assert said[1].startswith("found and not planted: amount-differs F")


def test_held_money_adds_up(agreed):
    folder, report, findings = agreed
    findings[0]["held"]["amount"] = "1.23"
    (said,) = run(folder, report, findings)
    assert said.startswith("findings hold 1.23 CHF")


def _document(report):
    return next(row["document"] for row in report["pairs"] if row["document"])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda r: _document(r).update(net="1.00"), "net of the document is 1.00"),
        (lambda r: _document(r).update(kind="credit-note"), "kind of the document is credit-note"),
        (lambda r: _document(r).update(due="2026-12-24"), "due of the document is 2026-12-24"),
        (lambda r: _document(r).update(state="control-copy"), "the document is control-copy"),
        (lambda r: r["pairs"][0].update(document=None), "document is None"),
        (lambda r: r["pairs"][0]["waiting"].update(claimed="0.01"), "waiting is"),
        (lambda r: r["pairs"][0].update(without_claim=9), "without_claim is 9"),
        (lambda r: r["pairs"][0].update(rounding_difference="7.77"), "rounding_difference is 7.77"),
        (lambda r: r["pairs"].pop(0), "no such row in the report"),
        (lambda r: r["pairs"].append(r["pairs"][0] | {"cpo": "X"}), "a row that the truth does not know"),
        (lambda r: r["settlement"][0].update(amount="0.01"), "amount is 0.01"),
        (lambda r: r["settlement"].clear(), "no statement"),
    ],
)
def test_what_differs_is_named(agreed, spoil, said):
    folder, report, findings = agreed
    spoil(report)
    assert any(said in text for text in run(folder, report, findings))
