"""The truth by itself: its six ends add up, and it says the same as the files beside it."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from clearing.demo.world import PAIRS

MONTHS = ("2026-10", "2026-11")
OPENINGS = ("carried_in", "delivered")
ENDS = ("billed", "credited", "waiting", "refused", "repeated", "elsewhere")
CENT = Decimal("0.01")


def total(row, names, field):
    return sum(Decimal(row[name][field]) for name in names if name in row)


@pytest.mark.parametrize("month", MONTHS)
def test_six_ends(market, month):
    for row in market.truth(month)["pairs"]:
        for field in ("records", "kwh", "claimed"):
            assert total(row, OPENINGS, field) == total(row, (*ENDS, "superseded"), field), (row["cpo"], row["emsp"])


@pytest.mark.parametrize("month", MONTHS)
def test_what_is_billed_becomes_the_document(market, month):
    pairs = {(pair.cpo, pair.emsp): pair for pair in PAIRS}
    kinds = Counter()
    for row in market.truth(month)["pairs"]:
        differences = Decimal(row["price_difference"]) + Decimal(row["rounding_difference"])
        net = Decimal(row["billed"]["claimed"]) + differences
        document = row["document"]
        if document is None:
            assert net == 0
            continue
        pair = pairs[row["cpo"], row["emsp"]]
        kinds[document["kind"], document["state"]] += 1
        assert Decimal(document["net"]) == net
        vat = (net * pair.vat_permille / 1000).quantize(CENT, ROUND_HALF_UP)
        assert Decimal(document["vat"]) == vat
        assert Decimal(document["gross"]) == net + vat
    assert kinds["self-billed-invoice", "posted"] == 1
    assert kinds["invoice", "control-copy"] == 3
    assert kinds["credit-note", "posted"] == (1 if month == "2026-11" else 0)


@pytest.mark.parametrize("month", MONTHS)
def test_set_off_of_the_two_companies_in_both_roles(market, month):
    truth = market.truth(month)
    gross = {(row["cpo"], row["emsp"]): Decimal(row["document"]["gross"]) for row in truth["pairs"] if row["document"]}
    owed = gross["AT*ALP", "DE*SWE"] - gross["DE*SWM", "AT*ALE"]
    (statement,) = truth["settlement"]
    assert statement["payer"] == ("Stadtwerke Musterstadt GmbH" if owed > 0 else "Alpenstrom Mobil AG")
    assert Decimal(statement["amount"]) == abs(owed)


def test_waiting_is_what_is_carried_in(market):
    october, november = (market.truth(month)["pairs"] for month in MONTHS)

    def parts(rows, name):
        return {
            (row["cpo"], row["emsp"], row["currency"]): [Decimal(str(v)) for v in row[name].values()]
            for row in rows
            if row[name]["records"]
        }

    assert parts(october, "waiting") == parts(november, "carried_in")


def test_november_has_late_mended_credited_and_decided_charges(market):
    october, november = (market.truth(month) for month in MONTHS)
    assert {(d["code"], d["verdict"]) for d in october["decisions"]} >= {
        ("missing-at-emsp", "accept"),
        ("missing-at-emsp", "reject"),
        ("price-claim-differs", "accept"),
        ("amount-differs", "reject"),
    }
    assert november["may_stand"]
    late = [r for r in market.records("2026-11", "cdr", "cpo") if r["end_date_time"] < "2026-10-31"]
    assert sum(bool(r.get("credit")) for r in late) >= 3
    assert sum(not r.get("credit") for r in late) >= 4
    assert [d for d in market.made.decisions if d.verdict == "accept"]


@pytest.mark.parametrize("month", MONTHS)
def test_every_record_of_a_cpo_is_counted_once(market, month):
    delivered = sum(1 for _ in market.records(month, "cdr", "cpo"))
    counted = sum(row["delivered"]["records"] for row in market.truth(month)["pairs"])
    crossing = 30  # charges that end after the last local midnight are counted in the month after
    assert abs(delivered - counted) <= crossing
    if month == "2026-10":
        assert counted < delivered


@pytest.mark.parametrize("month", MONTHS)
def test_findings_point_to_records_that_were_delivered(market, month):
    months = MONTHS[: MONTHS.index(month) + 1]
    cpo = {r["id"] for m in months for r in market.records(m, "cdr", "cpo")}
    emsp = {r["id"] for m in months for kind in ("cdr", "session") for r in market.records(m, kind, "emsp")}
    for finding in market.truth(month)["findings"]:
        assert finding["cpo_cdr_id"] in cpo or finding["cpo_cdr_id"] is None
        assert finding["emsp_cdr_id"] in emsp or finding["emsp_cdr_id"] is None
        both = finding["cpo_cdr_id"] is not None and finding["emsp_cdr_id"] is not None
        assert (finding["side"] == "both") == both, finding
