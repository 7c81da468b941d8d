"""Agreed charges become one document: lines, VAT, kinds and states (contract, sections 3.3, 3.8 and 3.9)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from building import (
    COMPANIES,
    CPO,
    EMSP,
    EMSP2,
    OCTOBER,
    VAT,
    Month,
    agreement,
    both,
    company,
    cpo,
    credit,
    priced,
    settled,
    terms,
)

from clearing.invoicing.drafting import settlement_reference, share_out
from clearing.invoicing.invoice import Invoice
from clearing.parties import Agreement, Billing, PriceBasis, References, Rounding, Terms, VatRule
from clearing.records import ChargeRecord
from tariffs.money import Money

HALF = agreement(rounding=Rounding.DOCUMENT_HALF_UP)
BILLED = cpo("OLD", start="2026-09-05T08:00", end="2026-09-05T09:00", claimed="10.00")


def day(number: int, claimed: str, **values: object) -> list[ChargeRecord]:
    """Return a charge of a day on both sides."""
    told = {"start": f"{number}T08:00", "end": f"{number}T09:00", "claimed": claimed} | values
    return both(f"C{number}-{claimed}", **told)


def drafted(book: Terms, *records: ChargeRecord, **month: object) -> Invoice:
    """Return the document of a month."""
    document = Month(book, **month).judge(*records).document  # type: ignore[arg-type]
    assert document is not None
    prove(document)
    return document


def prove(document: Invoice) -> None:
    """Assert what holds of every document: lines, net, VAT once per category, gross; the annex adds up."""
    for total in document.vat_totals:
        assert sum(line.net.minor for line in document.lines if line.vat == total.treatment) == total.net.minor
        assert total.vat == Money.rounded(total.net.decimal * total.treatment.percent / 100, document.currency)
    assert len({total.treatment for total in document.vat_totals}) == len(document.vat_totals)
    assert sum(total.net.minor for total in document.vat_totals) == document.net.minor
    assert sum(total.vat.minor for total in document.vat_totals) == document.vat.minor
    assert document.gross == document.net + document.vat
    assert sum((charge.net for charge in document.annex), document.remainder) == document.net.decimal
    if document.rounding is Rounding.CHARGE_HALF_UP:
        assert document.remainder == 0
    assert sum(line.charges for line in document.lines) == len(document.annex)
    assert sum((line.kwh for line in document.lines), Decimal(0)) == sum((c.kwh for c in document.annex), Decimal(0))


def test_lines_by_site_add_up() -> None:
    document = drafted(terms(), *day(5, "1.00"), *day(6, "2.00", location_name="Airport"), *day(7, "4.00"))
    assert [(line.site, line.charges, str(line.net), str(line.kwh)) for line in document.lines] == [
        ("Airport", 1, "2.00", "10"), ("Market", 2, "5.00", "20"),
    ]  # fmt: skip
    assert (str(document.net), str(document.vat), str(document.gross)) == ("7.00", "1.33", "8.33")


def test_lines_of_a_document_rounded_as_a_whole_add_up() -> None:
    records = [r for n in range(5, 12) for r in day(n, "0.335", location_name=f"Site {n}")]
    document = drafted(terms(HALF), *records)
    assert str(document.net) == "2.35"  # 2.345, half up
    assert sorted(str(line.net) for line in document.lines) == ["0.33"] * 3 + ["0.34"] * 4
    assert document.remainder == Decimal("0.0050")


def test_vat_is_computed_once_per_category_on_the_net() -> None:
    records = [r for n in range(5, 9) for r in day(n, "0.13", location_name=f"Site {n}")]
    document = drafted(terms(), *records)
    assert (str(document.net), str(document.vat)) == ("0.52", "0.10")  # per line it would be 4 x 0.02 = 0.08


def test_several_categories_by_day_of_delivery() -> None:
    rules = (*VAT, VatRule(date(2026, 10, 7), "*", "*", "AE", Decimal(0), sentence="reverse-charge"))
    document = drafted(terms(vat_rules=rules), *day(5, "1.00"), *day(6, "2.00"), *day(7, "4.00"))
    assert [(t.treatment.category, str(t.net), str(t.vat)) for t in document.vat_totals] == [
        ("AE", "4.00", "0.00"), ("S", "3.00", "0.57"),
    ]  # fmt: skip
    assert [(line.site, line.vat.category) for line in document.lines] == [("Market", "AE"), ("Market", "S")]


def test_without_a_vat_rule_the_draft_says_so() -> None:
    document = drafted(terms(vat_rules=()), *day(5, "1.00"))
    assert (document.vat_missing, str(document.vat)) == (True, "0.00")
    assert drafted(terms(), *day(5, "1.00")).vat_missing is False


DIRECT, SELF = Billing.DIRECT, Billing.SELF_BILLED
KINDS = [
    pytest.param(DIRECT, "4.50", "invoice", "Drive BV", "Charge GmbH", id="invoice"),
    pytest.param(SELF, "4.50", "self-billed-invoice", "Drive BV", "Drive BV", id="self-billed"),
    pytest.param(DIRECT, "-4.50", "credit-note", "Charge GmbH", "Charge GmbH", id="below zero"),
    pytest.param(SELF, "-4.50", "self-billed-credit-note", "Charge GmbH", "Drive BV", id="self-billed below zero"),
]


@pytest.mark.parametrize(("billing", "claimed", "kind", "payer", "issuer"), KINDS)
def test_kinds(billing: Billing, claimed: str, kind: str, payer: str, issuer: str) -> None:
    document = drafted(terms(agreement(billing=billing)), *day(5, claimed))
    assert (document.kind, document.payer.name, document.issuer.name) == (kind, payer, issuer)
    assert (document.seller.name, document.buyer.name) == ("Charge GmbH", "Drive BV")
    assert str(document.net) == claimed, "negative in JSON and CSV, positive on paper only"
    assert document.number is None


def test_a_credit_below_zero_makes_a_credit_note_that_names_what_it_corrects() -> None:
    month = {"settled": [settled(BILLED, partner=1)]}
    again = credit("K", of="OLD", claimed="-10.00", start="2026-09-05T08:00", end="2026-09-05T09:00")
    document = drafted(terms(), again, *day(5, "4.50"), **month)
    assert (document.kind, str(document.net), str(document.vat)) == ("credit-note", "-5.50", "-1.05")
    assert [(c.cdr_id, c.corrects, c.other_month, str(c.kwh)) for c in document.annex] == [
        ("K", "DE-ABC-2026-00001 OLD", True, "-10"), ("C5-4.50", None, False, "10"),
    ]  # fmt: skip


def test_a_billed_charge_without_document_is_named_without_one() -> None:
    past = replace(settled(BILLED, partner=1), document=None)
    again = credit("K", of="OLD", claimed="-10.00", start="2026-09-05T08:00", end="2026-09-05T09:00")
    assert drafted(terms(), again, settled=[past]).annex[0].corrects == "OLD"


def test_a_net_of_zero_makes_no_document() -> None:
    for records in (day(5, "0.00"), [*day(5, "4.50"), *day(6, "-4.50")]):
        seen = Month().judge(*records)
        assert seen.document is None
        assert "billed" in seen.ends


ISSUERS = [
    pytest.param(DIRECT, None, "draft", id="hub: all"),
    pytest.param(DIRECT, {CPO}, "draft", id="direct needs the CPO"),
    pytest.param(DIRECT, {EMSP}, "control-copy", id="direct: the e-MSP only sees"),
    pytest.param(SELF, {EMSP}, "draft", id="self-billed needs the e-MSP"),
    pytest.param(SELF, {CPO}, "control-copy", id="self-billed: the CPO only sees"),
    pytest.param(DIRECT, {"DE*ABD"}, "draft", id="one id stands for its company"),
    pytest.param(DIRECT, set(), "control-copy", id="nobody's"),
]


@pytest.mark.parametrize(("billing", "ids", "state"), ISSUERS)
def test_whose_paper(billing: Billing, ids: set[str] | None, state: str) -> None:
    book = terms(agreement(billing=billing), issues_for=frozenset(ids) if ids is not None else None)
    assert drafted(book, *day(5, "4.50")).state == state


def test_terms_of_the_paper() -> None:
    deal = agreement(payment_days=30, set_off=False, references=References("4500"), time_zone="Europe/Lisbon")
    speaking = replace(COMPANIES[1], language="nl")
    document = drafted(terms(deal, companies=(COMPANIES[0], speaking)), *day(5, "4.50"), as_of=date(2026, 11, 3))
    assert (document.issue_date, document.due_date) == (date(2026, 11, 3), date(2026, 12, 3))
    assert (document.settled_in, document.language, document.references.purchase_order) == (None, "nl", "4500")
    assert document.annex[0].ended_local.isoformat() == "2026-10-05T10:00:00+01:00"
    assert document.file_stem == "DE-ABC_NL-XYZ_EUR"


def test_the_statement_is_named_by_the_first_ids_sorted() -> None:
    one, other = company("Z", EMSP, CPO), company("A", EMSP2)
    wanted = "2026-10 FR-QRS_NL-XYZ_EUR"
    for pair in ((one, other), (other, one)):
        assert settlement_reference(*pair, OCTOBER, "EUR") == wanted
    assert drafted(terms(), *day(5, "1")).settled_in == "2026-10 DE-ABC_NL-XYZ_EUR"


CHANGES = [
    pytest.param({}, {"payment_days": 60}, "1.00", id="terms of the last charge"),
    pytest.param({"rounding": Rounding.DOCUMENT_HALF_UP}, {}, "1.01", id="rounded as a whole, then each charge"),
    pytest.param({}, {"rounding": Rounding.DOCUMENT_HALF_UP}, "1.00", id="rounded each, then as a whole"),
]


@pytest.mark.parametrize(("old", "new", "net"), CHANGES)
def test_the_agreement_changes_within_the_month(old: dict[str, object], new: dict[str, object], net: str) -> None:
    first = agreement(valid_until=date(2026, 10, 15), **old)
    second: Agreement = agreement(valid_from=date(2026, 10, 15), **new)
    document = drafted(terms(first, second), *day(5, "0.503"), *day(6, "0.001"), *day(20, "0.504"))
    assert document.rounding is second.rounding
    assert document.due_date.toordinal() - document.issue_date.toordinal() == second.payment_days
    if document.rounding is Rounding.DOCUMENT_HALF_UP:
        assert document.net == Money(101, "EUR")


def test_the_price_basis_is_each_charges_own() -> None:
    first = agreement(valid_until=date(2026, 10, 15), price_basis=PriceBasis.COMPUTED)
    second = agreement(valid_from=date(2026, 10, 15))
    ours = [*both("C1", claimed="4.50"), *both("C2", start="20T08:00", end="20T09:00", claimed="4.50")]
    document = drafted(terms(first, second), *ours, prices={"C1": priced("4.49"), "C2": priced("4.49")})
    assert [str(c.net) for c in document.annex] == ["4.49", "4.50"]


@pytest.mark.parametrize(("currency", "claimed", "net"), [
    ("JPY", "450.5", "451"), ("KWD", "1.2345", "1.235"), ("EUR", "1.005", "1.01"),
])  # fmt: skip
def test_minor_units_are_the_currencys(currency: str, claimed: str, net: str) -> None:
    book = terms(agreement(currency=currency))
    assert str(drafted(book, *day(5, claimed, currency=currency)).net) == net


SHARES = [
    pytest.param(100, ["0.333", "0.333", "0.334"], [33, 33, 34], id="largest remainder"),
    pytest.param(1, ["0.005", "0.005"], [1, 0], id="ties by position"),
    pytest.param(-100, ["-0.335", "-0.335", "-0.33"], [-33, -34, -33], id="below zero"),
    pytest.param(0, ["0.004", "-0.004"], [0, 0], id="nothing"),
    pytest.param(0, [], [], id="nobody"),
]


@pytest.mark.parametrize(("total", "exact", "shares"), SHARES)
def test_shares_add_up(total: int, exact: list[str], shares: list[int]) -> None:
    found = [money.minor for money in share_out(Money(total, "EUR"), [Decimal(part) for part in exact])]
    assert (found, sum(found)) == (shares, total)
