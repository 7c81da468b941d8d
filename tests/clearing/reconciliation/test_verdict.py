"""The end of a charge, its basis and rounding, and the finding that holds it (contract, 3.2, 3.3, 3.11 and 3.14)."""

from decimal import Decimal

import pytest
from building import (
    BACKWARDS,
    EMSP,
    LATE,
    MALFORMED,
    Month,
    Seen,
    agreement,
    both,
    cpo,
    credit,
    emsp,
    priced,
    settled,
    terms,
    tolerance,
)

from clearing.findings import CATALOGUE, MonthFinding, rank
from clearing.parties import PriceBasis, Rounding
from clearing.reconciliation.charge import Cause, plain
from clearing.reconciliation.verdict import cause_id
from clearing.records import ChargeRecord
from tariffs.findings import Finding, Severity

MINE = Finding("zz-of-pricing", Severity.WAITS, "$.tariffs", "no price")
REFUSED = [cpo(currency="CHF", energy_kwh="9000", end="5T08:01"), emsp()]
TWO_QS = [cpo(), emsp(energy_kwh="12", contract_id="NLXYZC00000002")]


def decide(seen: Seen, **verdicts: str) -> dict[str, str]:
    """Return decisions by code, `_` for `-`."""
    return {seen.find(code.replace("_", "-")).id: verdict for code, verdict in verdicts.items()}


DECISIONS = [
    pytest.param([cpo(), emsp()], {}, "C1 billed", "", id="clean"),
    pytest.param(TWO_QS, {}, "C1 waiting", "energy-differs", id="two Q wait"),
    pytest.param(TWO_QS, {"energy_differs": "accept"}, "C1 waiting", "energy-differs", id="one accepted is not all"),
    pytest.param(TWO_QS, {"token_differs": "accept"}, "C1 waiting", "energy-differs", id="nor is the other"),
    pytest.param(TWO_QS, {"energy_differs": "accept", "token_differs": "accept"}, "C1 billed", "energy-differs",
                 id="all accepted: billed, the code stays"),
    pytest.param(TWO_QS, {"token_differs": "reject"}, "C1 refused", "energy-differs", id="one reject refuses"),
    pytest.param(TWO_QS, {"energy_differs": "accept", "token_differs": "reject"}, "C1 refused", "energy-differs",
                 id="a reject outweighs an accept"),
    pytest.param(REFUSED, {}, "C1 refused", "currency-not-agreed", id="S refuses, and comes before Q"),
    pytest.param(REFUSED, {"currency_not_agreed": "accept", "unit_suspect": "accept"}, "C1 refused",
                 "currency-not-agreed", id="an S is never accepted"),
    pytest.param(REFUSED, {"currency_not_agreed": "reject"}, "C1 refused", "currency-not-agreed", id="reject an S"),
    pytest.param([cpo(problems=BACKWARDS, start="5T10:00")], {}, "C1 refused", "ends-before-start", id="backwards"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "verdicts", "ends", "code"), DECISIONS)
def test_the_end(records: list[ChargeRecord], verdicts: dict[str, str], ends: str, code: str) -> None:
    undecided = Month().judge(*records)
    seen = Month().judge(*records, decisions=decide(undecided, **verdicts))
    assert (seen.ends, seen.charge("C1").code) == (ends, code)
    holding = [f.code for f in seen.findings if f.held is not None]
    assert holding == ([] if ends == "C1 billed" else [code])


def test_held_is_the_claim_and_nothing_where_it_is_unreadable() -> None:
    seen = Month().judge(cpo(), cpo("C2", claimed=None, problems=MALFORMED))
    assert {f.cpo_cdr_id: str(f.held) for f in seen.findings} == {"C1": "4.50", "C2": "0"}


def test_a_q_holds_before_what_waits_by_itself() -> None:
    seen = Month(as_of=cpo().start.date(), prices={"C1": priced(None, MINE)}).judge(cpo())  # type: ignore[union-attr]
    assert (seen.charge("C1").code, str(seen.find("zz-of-pricing").held)) == ("zz-of-pricing", "4.50")


def test_accepting_the_q_still_waits_for_what_is_not_yet_there() -> None:
    month = Month(as_of=cpo().start.date(), prices={"C1": priced("1")})  # type: ignore[union-attr]
    ours = cpo()
    seen = month.judge(ours, decisions=decide(month.judge(ours), price_claim_differs="accept"))
    assert (seen.ends, seen.charge("C1").code) == ("C1 waiting", "price-claim-differs")


CLAIMED, COMPUTED, LOWER = PriceBasis
BASES = [
    pytest.param(CLAIMED, "4.50", "4.48", "4.50", id="claimed"),
    pytest.param(COMPUTED, "4.50", "4.48", "4.48", id="computed"),
    pytest.param(LOWER, "4.50", "4.48", "4.48", id="lower is computed"),
    pytest.param(LOWER, "4.50", "4.51", "4.50", id="lower is claimed"),
    pytest.param(CLAIMED, None, "4.48", "4.48", id="no claim: computed"),
    pytest.param(LOWER, None, "4.48", "4.48", id="no claim, lower: computed"),
    pytest.param(COMPUTED, "4.50", None, "4.50", id="no price: the claim"),
]


@pytest.mark.parametrize(("basis", "claim", "computed", "billed"), BASES)
def test_the_basis(basis: PriceBasis, claim: str | None, computed: str | None, billed: str) -> None:
    month = Month(terms(agreement(price_basis=basis)), prices={"C1": priced(computed)})
    seen = month.judge(cpo(claimed=claim), emsp(claimed=claim))
    assert (seen.ends, seen.net) == ("C1 billed", billed)
    pair = seen.outcome.pairs[0]
    assert pair.without_claim == (claim is None)
    if claim is not None and computed is not None:
        assert pair.claimed_minus_computed == Decimal(claim) - Decimal(computed)


@pytest.mark.parametrize("basis", list(PriceBasis))
def test_outside_the_tolerance_every_basis_waits(basis: PriceBasis) -> None:
    seen = Month(terms(agreement(price_basis=basis)), prices={"C1": priced("1")}).judge(*both())
    assert (seen.ends, seen.codes) == ("C1 waiting", "price-claim-differs C1")


@pytest.mark.parametrize(("basis", "net"), [(CLAIMED, "4.50"), (COMPUTED, "1.00"), (LOWER, "1.00")])
def test_accept_bills_by_the_basis(basis: PriceBasis, net: str) -> None:
    month, records = Month(terms(agreement(price_basis=basis)), prices={"C1": priced("1")}), both()
    accepted = decide(month.judge(*records), price_claim_differs="accept")
    assert month.judge(*records, decisions=accepted).net == net


ROUNDINGS = [
    pytest.param(Rounding.CHARGE_HALF_UP, ["0.005", "0.005"], "0.02", ["0.01", "0.01"], id="each charge"),
    pytest.param(Rounding.CHARGE_HALF_UP, ["-0.005"], "-0.01", ["-0.01"], id="away from zero alike"),
    pytest.param(Rounding.CHARGE_HALF_UP, ["0.0049"], None, ["0.00"], id="down to nothing"),
    pytest.param(Rounding.DOCUMENT_HALF_UP, ["0.005", "0.005"], "0.01", ["0.0050", "0.0050"], id="the document"),
    pytest.param(Rounding.DOCUMENT_HALF_UP, ["1.00005", "1.00005"], "2.00", ["1.0001", "1.0001"], id="four decimals"),
    pytest.param(Rounding.DOCUMENT_HALF_UP, ["-1.00005"], "-1.00", ["-1.0001"], id="four decimals below zero"),
]


@pytest.mark.parametrize(("rounding", "claims", "net", "billed"), ROUNDINGS)
def test_rounding_happens_once(rounding: Rounding, claims: list[str], net: str | None, billed: list[str]) -> None:
    records = [r for n, claim in enumerate(claims) for r in both(f"C{n}", start=f"{n + 5}T08:00", end=f"{n + 5}T09:00",
                                                                 claimed=claim)]  # fmt: skip
    seen = Month(terms(agreement(rounding=rounding))).judge(*records)
    assert (seen.net, [str(c.billed) for c in seen.judged.charges]) == (net, billed)


NOT_ACCEPTABLE = [
    pytest.param([cpo()], "missing-at-emsp", True, id="missing can be accepted"),
    pytest.param([emsp()], "missing-at-cpo", True, id="missing at the CPO can be closed"),
    pytest.param([cpo(currency="CHF"), emsp()], "currency-not-agreed", False, id="S"),
    pytest.param([cpo(emsp="NL*ZZZ"), emsp()], "unknown-party", False, id="unknown party"),
    pytest.param([cpo(currency="XX"), emsp()], "unknown-currency", False, id="unknown currency"),
    pytest.param([cpo(cpo=EMSP, emsp="DE*ABC"), emsp()], "no-agreement", False, id="no agreement"),
    pytest.param([cpo(problems=MALFORMED), emsp()], "malformed-record", True, id="malformed, but all is there"),
    pytest.param([cpo(problems=MALFORMED, claimed=None), emsp()], "malformed-record", False, id="malformed claim"),
    pytest.param([cpo(problems=MALFORMED, emsp=None)], "malformed-record", False, id="malformed pair"),
    pytest.param([cpo(problems=MALFORMED, start=None, end=None)], "malformed-record", False, id="malformed month"),
    pytest.param([cpo(problems=MALFORMED, currency=None)], "malformed-record", False, id="malformed currency"),
    pytest.param([cpo(claimed=None), emsp(energy_kwh="12")], "energy-differs", False, id="neither price nor claim"),
    pytest.param([cpo(last_updated="9T00:00"), emsp(claimed="4.50")], None, True, id="nothing found"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "code", "acceptable"), NOT_ACCEPTABLE)
def test_what_can_be_accepted(records: list[ChargeRecord], code: str | None, acceptable: bool) -> None:
    seen = Month().judge(*records)
    if code is None:
        assert seen.findings == []
        return
    finding = seen.find(code)
    assert (finding.not_acceptable is None) is acceptable
    accepted = Month().judge(*records, decisions={finding.id: "accept"})
    assert ("billed" in accepted.ends) is (acceptable and code != "missing-at-cpo")


def test_the_id_of_a_finding_follows_from_the_content_and_not_from_month_or_place() -> None:
    def id_of(*records: ChargeRecord, code: str = "energy-differs", as_of: object = LATE) -> str:
        return Month(as_of=as_of).judge(*records).find(code).id  # type: ignore[arg-type]

    theirs = {"energy_kwh": "12"}
    base = id_of(cpo(), emsp(**theirs))
    assert id_of(cpo(last_updated="9T00:00"), emsp(**theirs)) == base
    assert id_of(cpo(claimed="4.49"), emsp(**theirs)) != base
    assert id_of(cpo(), emsp(energy_kwh="13")) != base
    assert id_of(cpo("C2"), emsp("C2", **theirs)) != base


def test_a_decision_on_a_missing_record_does_not_outlive_its_arrival() -> None:
    ours = cpo()
    accepted = decide(Month().judge(ours), missing_at_emsp="accept")
    assert Month().judge(ours, decisions=accepted).ends == "C1 billed"
    assert Month().judge(ours, emsp(energy_kwh="12"), decisions=accepted).ends == "C1 waiting"


def test_findings_stand_in_the_order_of_the_catalogue() -> None:
    seen = Month().judge(cpo("C2", start="9T08:00", end="9T09:00"), *TWO_QS, emsp("X", start="8T08:00", end="8T09:00"))
    assert [f.code for f in seen.findings] == sorted((f.code for f in seen.findings), key=rank)
    assert rank("zz-of-pricing") > rank("billed-twice")
    assert list(CATALOGUE).index("energy-differs") < list(CATALOGUE).index("missing-at-emsp")


@pytest.mark.parametrize(("codes", "first"), [
    (("energy-differs", "currency-differs"), "currency-differs"),
    (("not-yet-at-emsp", "token-unknown"), "token-unknown"),
    (("not-yet-at-emsp", "zz-of-pricing"), "zz-of-pricing"),
    (("missing-at-emsp", "price-claim-differs"), "price-claim-differs"),
    (("zz-of-pricing", "missing-at-emsp"), "missing-at-emsp"),
], ids=lambda value: value if isinstance(value, str) else "+".join(value))  # fmt: skip
def test_s_before_q_before_what_waits_by_itself(codes: tuple[str, ...], first: str) -> None:
    causes = [Cause(code, "", "", severity="Q" if code.startswith("zz") else "") for code in codes]
    assert min(causes, key=lambda cause: cause.order).code == first


def test_cause_ids_name_the_record_they_are_about() -> None:
    ours, theirs = both()
    assert cause_id(Cause("x", "", "", about=theirs), ours, None) == cause_id(Cause("x", "", ""), theirs, None)
    assert cause_id(Cause("x", "", "", also="a"), ours, None) != cause_id(Cause("x", "", ""), ours, None)


def test_a_billed_credit_is_held_by_nothing() -> None:
    seen = Month(settled=[settled(cpo(), partner=1)]).judge(credit())
    assert (seen.findings, seen.charge("K1").code) == ([], "")


def test_a_long_number_is_never_rounded_on_the_way() -> None:
    claim = "123456789012345.123456789012345678901234567890"
    seen = Month(terms(agreement(tolerance=tolerance(money="0", money_percent="0")))).judge(
        *both(claimed=claim), *both("C2", start="6T08:00", end="6T09:00", claimed="0.000000000000000000000000000001")
    )
    assert str(seen.outcome.pairs[0].delivered.claimed) == "123456789012345.123456789012345678901234567891"


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(text), 2) for text in ("1E+3", "12.5", "0.000", "-1.23456")] == [
        "1000.00", "12.50", "0.00", "-1.23456"
    ]  # fmt: skip
    assert plain(None) is None


def test_the_money_of_a_finding_is_the_end_of_its_charge() -> None:
    found: list[MonthFinding] = Month().judge(*TWO_QS).findings
    assert {f.money_is for f in found} == {"waiting"}


def test_no_charge_waits_without_a_finding() -> None:
    seen = Month().judge(*both(claimed=None))
    assert (seen.ends, seen.codes) == ("C1 waiting", "no-tariff C1")
    assert seen.find("no-tariff").not_acceptable is not None
