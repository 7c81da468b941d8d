"""What one CPO record tells by itself (contract, sections 3.2, 3.11 and 5)."""

from datetime import date

import pytest
from building import (
    BACKWARDS,
    CPO,
    EMSP,
    EMSP2,
    MALFORMED,
    STRANGER,
    Month,
    agreement,
    at,
    both,
    company,
    cpo,
    emsp,
    priced,
    terms,
    tolerance,
)

from clearing.parties import PartyId, Terms
from clearing.reconciliation.charge import Cause
from clearing.reconciliation.plausibility import differs, is_factor_thousand
from clearing.reconciliation.valuation import Valuation
from clearing.records import ChargeRecord, TokenEntry
from tariffs.findings import Finding, Severity

NO_PRICE = Finding("no-tariff", Severity.WAITS, "$.tariffs", "no tariff")
ODD = Finding("later-flat-not-charged", Severity.BILLED_AND_LISTED, "$.charging_periods", "a flat fee")
OTHER_CURRENCY = Finding("tariff-currency-differs", Severity.RECORD_REFUSED, "$.tariffs", "in CHF")
CASES = [
    pytest.param({}, None, "", id="clean"),
    pytest.param({"currency": "EURO"}, None, "unknown-currency C1", id="no ISO currency"),
    pytest.param({"currency": "CHF"}, None, "currency-not-agreed C1", id="another currency than agreed"),
    pytest.param({"emsp": STRANGER}, None, "unknown-party C1", id="an e-MSP nobody knows"),
    pytest.param({"cpo": STRANGER}, None, "unknown-party C1", id="a CPO nobody knows"),
    pytest.param({"cpo": EMSP2, "emsp": EMSP}, None, "unknown-party C1", id="a company without that role"),
    pytest.param({"emsp": EMSP2}, None, "no-agreement C1", id="no agreement"),
    pytest.param({"emsp": EMSP2, "currency": "XX"}, None, "unknown-currency C1", id="structure: the first only"),
    pytest.param({"energy_kwh": "10000"}, priced("4.50", period_kwh="10"), "unit-suspect C1", id="Wh in kWh"),
    pytest.param({"energy_kwh": "0.01"}, priced("4.50", period_kwh="10"), "unit-suspect C1", id="MWh in kWh"),
    pytest.param({"energy_kwh": "9950"}, priced("4.50", period_kwh="10"), "unit-suspect C1", id="about a thousand"),
    pytest.param({"energy_kwh": "3000", "end": "5T09:00"}, None, "unit-suspect C1", id="more power than any charger"),
    pytest.param({"energy_kwh": "2000", "end": "5T09:00"}, None, "", id="2 MW is the limit"),
    pytest.param({"energy_kwh": "0"}, priced("4.50", period_kwh="0"), "", id="no energy is no unit"),
    pytest.param({"energy_kwh": "9000", "end": "5T08:00"}, None, "", id="no duration, no power"),
    pytest.param({"claimed": "5.00"}, priced("4.50"), "price-claim-differs C1", id="claims too much"),
    pytest.param({"claimed": "4.00"}, priced("4.50"), "price-claim-differs C1", id="claims too little"),
    pytest.param({"claimed": "4.53"}, priced("4.55"), "", id="at the tolerance"),
    pytest.param({"claimed": "4.53"}, priced("4.5525"), "", id="within half a percent"),
    pytest.param({"claimed": "4.53"}, priced("4.5527"), "price-claim-differs C1", id="beyond both"),
    pytest.param({"claimed": None}, priced("4.50"), "", id="no claim: billed as computed"),
    pytest.param({"energy_kwh": "10000", "claimed": "4500"}, priced("4.50", period_kwh="10"), "unit-suspect C1",
                 id="the unit explains the claim"),
    pytest.param({}, priced(None, NO_PRICE), "no-tariff C1", id="no price"),
    pytest.param({}, priced("4.50", ODD), "later-flat-not-charged C1", id="a note of pricing"),
    pytest.param({}, priced(None, OTHER_CURRENCY), "tariff-currency-differs C1", id="a tariff in another currency"),
    pytest.param({"currency": "CHF"}, priced("4.50", ODD), "currency-not-agreed C1", id="currency explains pricing"),
    pytest.param({"energy_kwh": "10000"}, priced("4.50", ODD, period_kwh="10"), "unit-suspect C1",
                 id="the unit explains notes of pricing"),
    pytest.param({"problems": MALFORMED}, priced("1"), "malformed-record C1", id="malformed: nothing else"),
    pytest.param({"problems": MALFORMED, "emsp": STRANGER}, None, "malformed-record C1", id="malformed and unknown"),
    pytest.param({"problems": BACKWARDS, "start": "5T10:00"}, None, "ends-before-start C1", id="refused as read"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "price", "codes"), CASES)
def test_rules_of_one_record(values: dict[str, object], price: Valuation | None, codes: str) -> None:
    quiet = {name: values[name] for name in ("energy_kwh", "end", "start", "claimed", "cpo", "emsp") if name in values}
    if "energy_kwh" in values and price is not None and price.period_kwh:
        quiet["energy_kwh"] = None
    quiet["claimed"] = None
    seen = Month(prices={"C1": price} if price else {}).judge(cpo(**values), emsp(**quiet))
    assert ", ".join(f"{f.code} {f.cpo_cdr_id}" for f in seen.findings if f.side != "emsp") == codes


TOKENS = {
    EMSP: {
        "tok1": TokenEntry(EMSP, "TOK1", None, True, None),
        "tok2": TokenEntry(EMSP, "TOK2", None, False, None),
    }
}
TOKEN_CASES = [
    pytest.param(TOKENS, "TOK1", "", id="listed"),
    pytest.param(TOKENS, "tok1", "", id="in any case"),
    pytest.param(TOKENS, "TOK2", "token-blocked C1", id="blocked"),
    pytest.param(TOKENS, "TOK3", "token-unknown C1", id="not listed"),
    pytest.param(TOKENS, None, "", id="no token"),
    pytest.param({}, "TOK3", "", id="no list"),
    pytest.param({EMSP2: TOKENS[EMSP]}, "TOK3", "", id="another e-MSP's list"),
]


@pytest.mark.parametrize(("tokens", "uid", "codes"), TOKEN_CASES)
def test_tokens(tokens: dict[PartyId, dict[str, TokenEntry]], uid: str | None, codes: str) -> None:
    assert Month(tokens=tokens).judge(*both(token_uid=uid)).codes == codes


def test_no_finding_shows_a_token() -> None:
    seen = Month(tokens=TOKENS).judge(*both(token_uid="SECRET"))  # noqa: S106
    assert "SECRET" not in repr(seen.findings)


LATENESS = [
    pytest.param({"late_after": 3}, {"last_updated": "8T10:00"}, "", id="in time"),
    pytest.param({"late_after": 3}, {"last_updated": "9T10:00"}, "late-record C1", id="late"),
    pytest.param({"late_after": 3, "too_late_after": 30}, {"last_updated": "2026-11-05T10:00"}, "too-late C1",
                 id="too late is one cause"),
    pytest.param({"too_late_after": 30}, {"last_updated": "2026-11-04T10:00"}, "", id="thirty days are in time"),
    pytest.param({}, {"last_updated": "2027-11-05T10:00"}, "", id="off unless the agreement says"),
    pytest.param({"late_after": 3}, {"last_updated": "6T10:00", "received": "2026-10-20"}, "late-record C1",
                 id="the day of receipt comes first"),
    pytest.param({"late_after": 3}, {"last_updated": "30T10:00", "received": "2026-10-06"}, "",
                 id="the day of receipt comes first, in time"),
    pytest.param({"late_after": 3}, {}, "", id="nobody knows when"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "values", "codes"), LATENESS)
def test_lateness(when: dict[str, object], values: dict[str, object], codes: str) -> None:
    assert Month(terms(agreement(**when))).judge(cpo(**values), emsp()).codes == codes


def test_too_late_is_refused_and_late_is_billed() -> None:
    book = terms(agreement(late_after=3, too_late_after=30))
    assert Month(book).judge(cpo(last_updated="20T00:00"), emsp()).ends == "C1 billed"
    assert Month(book).judge(cpo(last_updated="2026-12-20T00:00"), emsp()).ends == "C1 refused"


def test_drift_from_the_published_tariff_is_told() -> None:
    found = Cause("tariff-not-as-published", "changed", "ask")
    price = Valuation(priced("4.50").breakdown, None, found)
    seen = Month(prices={"C1": price}).judge(cpo(), emsp(claimed="9"))
    assert seen.codes == "tariff-not-as-published C1"


def test_independent_causes_are_each_told() -> None:
    seen = Month(tokens=TOKENS, prices={"C1": priced("3")}).judge(*both(token_uid="X", claimed="4.50"))  # noqa: S106
    assert seen.codes == "price-claim-differs C1, token-unknown C1"
    assert [str(f.held) for f in seen.findings] == ["4.50", "None"]


def test_stake_is_the_cpos_value_minus_the_other() -> None:
    seen = Month(prices={"C1": priced("4.10")}).judge(*both())
    finding = seen.find("price-claim-differs")
    assert (str(finding.at_stake), finding.expected, finding.found) == ("0.40", "4.10", "4.50")


TOLERANCES = [
    pytest.param("100", "100.02", "0.02", "0", False, id="exactly the absolute"),
    pytest.param("100", "100.021", "0.02", "0", True, id="beyond the absolute"),
    pytest.param("100", "100.5", "0", "0.5", False, id="exactly the percent"),
    pytest.param("100", "99.49", "0", "0.5", True, id="beyond the percent, below"),
    pytest.param("-100", "-100.4", "0.02", "0.5", False, id="percent of an amount below zero"),
    pytest.param("0", "0.01", "0", "0.5", True, id="percent of nothing"),
]


@pytest.mark.parametrize(("ours", "other", "absolute", "percent", "yes"), TOLERANCES)
def test_differs_is_strictly_more(ours: str, other: str, absolute: str, percent: str, yes: bool) -> None:
    limits = tolerance(money=absolute, money_percent=percent)
    value, theirs = (cpo(claimed=text).claimed for text in (ours, other))
    assert value is not None
    assert theirs is not None
    assert differs(value, theirs, limits.money, limits.money_percent) is yes


@pytest.mark.parametrize(("one", "other", "yes"), [
    ("990", "1", True), ("1010", "1", True), ("989", "1", False), ("1011", "1", False), ("1", "1000", True),
    ("1", "1", False),
])  # fmt: skip
def test_a_factor_of_about_a_thousand(one: str, other: str, yes: bool) -> None:
    first, second = cpo(energy_kwh=one).energy_kwh, cpo(energy_kwh=other).energy_kwh
    assert first is not None
    assert second is not None
    assert is_factor_thousand(first, second) is yes


@pytest.mark.parametrize("book", [
    terms(companies=(company("Charge GmbH", CPO),)),
    terms(companies=(company("Charge GmbH", CPO), company("Drive BV", EMSP, roles="cpo"))),
], ids=["no company", "another role"])  # fmt: skip
def test_mending_the_book_is_not_accepting(book: Terms) -> None:
    records: list[ChargeRecord] = both()
    finding = Month(book).judge(*records).find("unknown-party")
    assert finding.not_acceptable is not None
    assert Month(book).judge(*records, decisions={finding.id: "accept"}).ends == "C1 waiting"


def test_the_agreement_of_the_day_decides() -> None:
    old = agreement(valid_until=date(2026, 10, 10))
    new = agreement(valid_from=date(2026, 10, 10), currency="CHF")
    seen = Month(terms(old, new)).judge(*both(), *both("C2", start="11T08:00", end="11T09:00", currency="CHF"))
    assert (seen.ends, len(seen.outcome.documents)) == ("C1 billed, C2 billed", 2)
    assert at("11T08:00").day == 11
