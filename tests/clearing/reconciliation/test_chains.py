"""Credit CDRs and what they cancel (contract, section 3.5, *credited*)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from building import (
    BACKWARDS,
    EMSP2,
    MALFORMED,
    Month,
    agreement,
    both,
    cpo,
    credit,
    emsp,
    priced,
    settled,
    terms,
)

from clearing.parties import PriceBasis
from clearing.reconciliation.charge import End
from clearing.records import ChargeRecord

Case = Callable[[], tuple[Month, list[ChargeRecord]]]


def neither_billed() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit()]


def credit_of_other_case() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), credit(of="c1")]


def credited_without_evidence() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), credit()]


def credited_and_billed_anew() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), credit(), *both("C2", claimed="4.00")]


def overpriced_original() -> tuple[Month, list[ChargeRecord]]:
    return Month(prices={"C1": priced("1.00"), "K1": priced("7")}), [cpo(), credit()]


def billed_before() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), partner=1)]), [credit()]


def billed_before_by_computed() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), billed="4.40", partner=1)]), [credit()]


def wrong_amount() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit(claimed="-3.00")]


def wrong_amount_of_billed() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), partner=1)]), [credit(claimed="-3.00")]


def positive_amount() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit(claimed="4.50")]


def without_amount() -> tuple[Month, list[ChargeRecord]]:
    return Month(prices={"K1": priced("-4.50")}), [*both(), credit(claimed=None)]


def twice() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit(), credit("K2")]


def twice_over_months() -> tuple[Month, list[ChargeRecord]]:
    past = [settled(cpo(), End.CREDITED), settled(credit(), End.CREDITED)]
    return Month(settled=past), [credit("K2")]


def twice_of_billed() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), partner=1), settled(credit())]), [credit("K2")]


def credit_of_a_credit() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), credit(), credit("K2", of="K1", claimed="4.50")]


def without_original() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [credit(of="C9")]


def without_reference() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [credit(of=None)]


def original_refused_before() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), End.REFUSED)]), [credit()]


def original_waiting() -> tuple[Month, list[ChargeRecord]]:
    old = cpo(start="2026-09-05T08:00", end="2026-09-05T09:00")
    return Month(carried=[old]), [old, credit()]


def original_of_another_emsp() -> tuple[Month, list[ChargeRecord]]:
    book = terms(agreement(), agreement(emsp=EMSP2))
    return Month(book, settled=[settled(cpo(), partner=1)]), [credit(emsp=EMSP2)]


def original_in_the_posted_month() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), End.CREDITED)]), [credit()]


def credit_in_the_posted_month() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(credit(), End.CREDITED)]), both()


def malformed_credit() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit(problems=MALFORMED)]


def backwards_credit() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [*both(), credit(start="5T10:00", problems=BACKWARDS)]


def other_currency() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), partner=1)]), [credit(currency="USD")]


CHAINS = [
    (neither_billed, "C1 credited, K1 credited", "", None),
    (credit_of_other_case, "C1 credited, K1 credited", "", None),
    (credited_without_evidence, "C1 credited, K1 credited", "", None),
    (credited_and_billed_anew, "C1 credited, C2 billed, K1 credited", "", "4.00"),
    (overpriced_original, "C1 credited, K1 credited", "", None),
    (billed_before, "K1 billed", "", "-4.50"),
    (billed_before_by_computed, "K1 billed", "", "-4.40"),
    (wrong_amount, "C1 waiting, K1 waiting", "credit-amount-wrong C1, credit-amount-wrong K1", None),
    (wrong_amount_of_billed, "K1 waiting", "credit-amount-wrong K1", None),
    (positive_amount, "C1 waiting, K1 waiting", "credit-amount-wrong C1, credit-amount-wrong K1", None),
    (without_amount, "C1 waiting, K1 waiting", "credit-amount-wrong C1, credit-amount-wrong K1", None),
    (twice, "C1 credited, K1 credited, K2 refused", "credited-twice K2", None),
    (twice_over_months, "K2 refused", "credited-twice K2", None),
    (twice_of_billed, "K2 refused", "credited-twice K2", None),
    (credit_of_a_credit, "C1 credited, K1 credited, K2 refused", "credited-twice K2", None),
    (without_original, "K1 refused", "credit-without-original K1", None),
    (without_reference, "K1 refused", "credit-without-original K1", None),
    (original_refused_before, "K1 refused", "credit-without-original K1", None),
    (original_waiting, "C1 credited, K1 credited", "", None),
    (original_of_another_emsp, "K1 refused", "credit-without-original K1", None),
    (original_in_the_posted_month, "K1 credited", "", None),
    (credit_in_the_posted_month, "C1 credited", "", None),
    (malformed_credit, "C1 billed, K1 waiting", "malformed-record K1", "4.50"),
    (backwards_credit, "C1 billed, K1 refused", "ends-before-start K1", "4.50"),
    (other_currency, "K1 refused", "currency-not-agreed K1, credit-amount-wrong K1", None),
]


@pytest.mark.parametrize(("case", "ends", "codes", "net"), CHAINS, ids=[c[0].__name__ for c in CHAINS])
def test_chains(case: Case, ends: str, codes: str, net: str | None) -> None:
    month, records = case()
    seen = month.judge(*records)
    assert (seen.ends, seen.codes, seen.net) == (ends, codes, net)


def test_a_chain_sums_to_nothing() -> None:
    seen = Month().judge(cpo(), credit())
    credited = seen.outcome.pairs[0].ends[End.CREDITED]
    assert (credited.records, credited.kwh, credited.claimed) == (2, Decimal(0), Decimal(0))


def test_a_billed_credit_names_document_and_charge() -> None:
    month, records = billed_before()
    document = month.judge(*records).document
    assert document is not None
    assert document.annex[0].corrects == "DE-ABC-2026-00001 C1"
    assert document.kind == "credit-note"


@pytest.mark.parametrize("basis", list(PriceBasis))
def test_a_credit_gives_back_what_was_billed_whatever_the_basis_now(basis: PriceBasis) -> None:
    month, records = billed_before_by_computed()
    now = replace(month, terms=terms(agreement(price_basis=basis)), prices={"K1": priced("-3.33")})
    assert now.judge(*records).net == "-4.40"


def test_an_accepted_wrong_credit_bills_what_it_says() -> None:
    month, records = wrong_amount_of_billed()
    finding = month.judge(*records).find("credit-amount-wrong")
    assert (str(finding.at_stake), str(finding.held)) == ("1.50", "-3.00")
    assert month.judge(*records, decisions={finding.id: "accept"}).net == "-3.00"


def test_accepting_both_bills_the_difference_and_rejecting_refuses() -> None:
    month, records = wrong_amount()
    first, second = month.judge(*records).findings
    accepted = month.judge(*records, decisions={first.id: "accept", second.id: "accept"})
    assert (accepted.ends, accepted.net) == ("C1 billed, K1 billed", "1.50")
    rejected = month.judge(*records, decisions={first.id: "reject", second.id: "reject"})
    assert rejected.ends == "C1 refused, K1 refused"


def test_a_credit_needs_no_partner_but_takes_its_own() -> None:
    month, records = billed_before()
    seen = month.judge(*records, emsp("K1", credit=True, credit_reference_id="C1", claimed="-4.50"))
    assert (seen.ends, seen.pairs(), seen.codes) == ("K1 billed", "K1=K1", "")


def test_a_credited_original_takes_its_partner() -> None:
    seen = Month().judge(*both(), credit())
    assert seen.pairs() == "C1=C1"


def test_the_correction_of_a_billed_charge_is_no_duplicate_of_it() -> None:
    month = Month(settled=[settled(cpo(), partner=1)])
    seen = month.judge(credit(), *both("C2", claimed="4.00"))
    assert (seen.ends, seen.codes, seen.net) == ("C2 billed, K1 billed", "", "-0.50")


def test_a_credit_of_the_emsp_is_no_evidence_of_a_charge() -> None:
    theirs = emsp("K1", credit=True, credit_reference_id="C1", session_id="S1")
    assert Month().judge(cpo("C2", session_id="S1"), theirs).codes == "missing-at-emsp C2"


def test_of_two_credits_the_earlier_stands_whatever_the_order_of_files() -> None:
    one, other = credit("K1", last_updated="7T00:00"), credit("K2", last_updated="6T00:00")
    for records in ([one, other], [other, one]):
        assert Month().judge(cpo(), *records).ends == "C1 credited, K1 refused, K2 credited"
