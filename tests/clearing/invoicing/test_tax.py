"""VAT by the rows of the book: which row decides, what it comes to, and what is missing on paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clearing.book_file import parse_terms
from clearing.book_file.usual_vat import usual_rows
from clearing.invoicing.invoice import VatTreatment
from clearing.invoicing.tax import document_gaps, expected_gaps, treatment, vat_on
from clearing.parties import (
    FILL_IN,
    Agreement,
    Billing,
    Company,
    DealerCertificate,
    Gap,
    PartyId,
    Role,
    Terms,
    VatRule,
)
from tariffs.money import Money

DAY = date(2026, 10, 15)
CERTIFICATE = DealerCertificate(date(2026, 1, 1), date(2026, 10, 15))


def company(country: str, **others: object) -> Company:
    values: dict[str, object] = {
        "name": f"Company {country}",
        "ids": (PartyId(f"{country}*ABC"),),
        "roles": frozenset({Role.CPO, Role.EMSP}),
        "country": country,
        "address": ("Street 1",),
        "vat_id": f"{country}1",
        "iban": f"{country}2",
        "resells": True,
    }
    return Company(**(values | others))  # type: ignore[arg-type]


def rule(seller: str, buyer: str, percent: str, start: date = date(2020, 1, 1), **others: object) -> VatRule:
    category = "S" if percent != "0" else "AE"
    return VatRule(start, seller, buyer, category, Decimal(percent), **others)  # type: ignore[arg-type]


DE, NL, CH, GR = company("DE"), company("NL"), company("CH"), company("GR")

WHICH_ROW = [
    pytest.param([rule("DE", "DE", "19")], DE, DE, "19", id="country and country"),
    pytest.param([rule("DE", "DE", "19")], DE, NL, None, id="no row for this buyer"),
    pytest.param([], DE, DE, None, id="no rows"),
    pytest.param([rule("EU", "EU", "1")], DE, DE, "1", id="EU is any member state"),
    pytest.param([rule("EU", "EU", "1")], DE, CH, None, id="EU is not Switzerland"),
    pytest.param([rule("*", "*", "1")], CH, replace(NL, country=FILL_IN), "1", id="star is everybody"),
    pytest.param([rule("EU", "EU-other", "0")], DE, NL, "0", id="EU-other is another member state"),
    pytest.param([rule("EU", "EU-other", "0")], DE, DE, None, id="EU-other is not the seller's"),
    pytest.param([rule("EU", "EU-other", "0")], DE, CH, None, id="EU-other is a member state"),
    pytest.param([rule("EL", "EU-other", "0")], GR, NL, "0", id="Greece is EL or GR"),
    pytest.param([rule("EU", "EU-other", "0")], GR, company("EL"), None, id="Greece is one state"),
    pytest.param([rule("DE", "DE", "1", date(2026, 10, 15))], DE, DE, "1", id="from counts on its day"),
    pytest.param([rule("DE", "DE", "1", date(2026, 10, 16))], DE, DE, None, id="not before its day"),
    pytest.param([rule("DE", "DE", "1", date(2026, 2, 1)), rule("DE", "DE", "2")], DE, DE, "1", id="the latest from"),
    pytest.param([rule("*", "*", "2"), rule("DE", "DE", "1", date(2020, 1, 2))], DE, DE, "1", id="in whatever order"),
    pytest.param([rule("DE", "DE", "1"), rule("*", "*", "2")], DE, DE, "1", id="of equal ones the first"),
    pytest.param([rule("DE", "*", "1", buyer_resells=True)], DE, NL, "1", id="the buyer resells"),
    pytest.param([rule("DE", "*", "1", buyer_resells=False)], DE, NL, None, id="the buyer resells, not asked for"),
    pytest.param([rule("DE", "*", "1", buyer_resells=False)], DE, replace(NL, resells=False), "1", id="it does not"),
]


@pytest.mark.parametrize(("rules", "seller", "buyer", "percent"), WHICH_ROW)
def test_which_row_decides(rules: list[VatRule], seller: Company, buyer: Company, percent: str | None) -> None:
    found = treatment(rules, seller, buyer, DAY)
    assert (found and str(found.percent)) == percent


@pytest.mark.parametrize(
    ("seller", "buyer", "day", "covered"),
    [
        pytest.param(True, True, date(2026, 1, 1), True, id="both, first day"),
        pytest.param(True, True, date(2026, 10, 14), True, id="both, last day"),
        pytest.param(True, True, date(2026, 10, 15), False, id="until is exclusive"),
        pytest.param(True, False, date(2026, 5, 1), False, id="only the seller"),
        pytest.param(False, True, date(2026, 5, 1), False, id="only the buyer"),
    ],
)
def test_certificates_of_both_on_the_day(seller: bool, buyer: bool, day: date, covered: bool) -> None:
    with_one = replace(DE, dealer_certificate=CERTIFICATE)
    rules = [rule("DE", "DE", "1", certificates=True), rule("DE", "DE", "2", certificates=False)]
    found = treatment(rules, with_one if seller else DE, with_one if buyer else DE, day)
    assert found is not None
    assert str(found.percent) == ("1" if covered else "2")


def test_a_row_that_is_to_fill_in_answers_nothing() -> None:
    rules = [replace(rule("DE", "DE", "19"), category=FILL_IN), rule("*", "*", "7")]
    assert treatment(rules, DE, DE, DAY) is None


@pytest.mark.parametrize(
    ("minor", "currency", "percent", "vat"),
    [
        pytest.param(250, "EUR", "19", 48, id="half a cent goes up"),
        pytest.param(-250, "EUR", "19", -48, id="a credit mirrors it"),
        pytest.param(249, "EUR", "19", 47, id="below half goes down"),
        pytest.param(1000, "EUR", "25.5", 255, id="Finland"),
        pytest.param(1234, "EUR", "0", 0, id="reverse charge"),
        pytest.param(105, "JPY", "10", 11, id="a currency without cents"),
        pytest.param(10**24 + 50, "EUR", "1", 10**22 + 1, id="every digit of a huge one"),
    ],
)
def test_vat_is_rounded_once_halves_away_from_zero(minor: int, currency: str, percent: str, vat: int) -> None:
    assert vat_on(Money(minor, currency), Decimal(percent)) == Money(vat, currency)


USUAL = parse_terms(usual_rows(), "evclear.toml").vat_rules


@pytest.mark.parametrize(
    ("seller", "buyer", "day", "expected"),
    [
        pytest.param(DE, DE, DAY, ("S", "19", ""), id="Germany"),
        pytest.param(DE, NL, DAY, ("AE", "0", "reverse-charge"), id="to a dealer across the border"),
        pytest.param(DE, replace(NL, resells=False), DAY, None, id="to a consumer across the border: ask"),
        pytest.param(DE, CH, DAY, ("O", "0", "outside-scope"), id="to a dealer in Switzerland"),
        pytest.param(CH, DE, DAY, None, id="from Switzerland: ask"),
        pytest.param(company("FI"), company("FI"), date(2024, 8, 31), ("S", "24", ""), id="Finland before"),
        pytest.param(company("FI"), company("FI"), date(2024, 9, 1), ("S", "25.5", ""), id="Finland after"),
        pytest.param(company("EE"), company("EE"), date(2025, 6, 30), ("S", "22", ""), id="Estonia before"),
        pytest.param(company("EE"), company("EE"), date(2025, 7, 1), ("S", "24", ""), id="Estonia after"),
        pytest.param(company("RO"), company("RO"), date(2025, 7, 31), ("S", "19", ""), id="Romania before"),
        pytest.param(company("RO"), company("RO"), date(2025, 8, 1), ("S", "21", ""), id="Romania after"),
        pytest.param(company("SK"), company("SK"), date(2025, 1, 1), ("S", "23", ""), id="Slovakia"),
        pytest.param(company("EL"), company("GR"), DAY, ("S", "24", ""), id="Greece"),
        pytest.param(
            replace(DE, dealer_certificate=CERTIFICATE),
            replace(DE, dealer_certificate=CERTIFICATE),
            date(2026, 10, 14),
            ("AE", "0", "reverse-charge-13b-5b"),
            id="German dealers with certificates",
        ),
        pytest.param(replace(DE, dealer_certificate=CERTIFICATE), DE, DAY, ("S", "19", ""), id="only one certificate"),
    ],
)
def test_the_usual_rows(seller: Company, buyer: Company, day: date, expected: tuple[str, str, str] | None) -> None:
    found = treatment(USUAL, seller, buyer, day)
    assert (found and (found.category, str(found.percent), found.sentence)) == expected


AGREEMENT = Agreement(PartyId("DE*ABC"), PartyId("NL*ABC"), date(2026, 1, 1), "Europe/Berlin", "EUR", line=40)
SELLER, BUYER = replace(DE, line=10), replace(NL, line=20)
NO_ID = {"vat_id": None, "iban": None}


@pytest.mark.parametrize(
    ("category", "lines"),
    [
        pytest.param("S", [10], id="S: the seller's VAT id"),
        pytest.param("Z", [10], id="Z: the seller's"),
        pytest.param("G", [10], id="G: the seller's"),
        pytest.param("AE", [10, 20], id="AE: both"),
        pytest.param("E", [], id="E: a small business may have none"),
        pytest.param("O", [], id="O: none is printed"),
    ],
)
def test_vat_ids_are_gaps_where_the_rule_prints_them(category: str, lines: list[int]) -> None:
    seller, buyer = replace(SELLER, **NO_ID), replace(BUYER, **NO_ID)  # type: ignore[arg-type]
    gaps = document_gaps(seller, buyer, None, [VatTreatment(category, Decimal(0))], AGREEMENT)
    assert [gap.line for gap in gaps] == lines
    assert all("vat_id" in gap.message and "add the line" in gap.message for gap in gaps)


def test_the_iban_of_whoever_is_paid_is_a_gap() -> None:
    seller, buyer = replace(SELLER, iban=None), replace(BUYER, iban=None)
    taxed = [VatTreatment("S", Decimal(19))]
    assert [str(gap)[:20] for gap in document_gaps(seller, buyer, buyer, taxed, AGREEMENT)] == ["evclear.toml:20: iba"]
    assert document_gaps(seller, buyer, None, taxed, AGREEMENT) == ()


def test_fill_in_of_a_document_is_named_at_its_own_line() -> None:
    written = (Gap(12, "name …", "name"), Gap(14, "vat_id …", "vat_id"), Gap(15, "iban …", "iban"))
    seller = replace(SELLER, gaps=written, vat_id=None, iban=None)
    agreement = replace(AGREEMENT, gaps=(Gap(44, "cost_centre …", "cost_centre"),))
    exempt, taxed = [VatTreatment("E", Decimal(0))], [VatTreatment("S", Decimal(19))]
    assert [gap.line for gap in document_gaps(seller, BUYER, BUYER, exempt, agreement)] == [12, 44]
    assert [gap.line for gap in document_gaps(seller, BUYER, seller, taxed, agreement)] == [12, 14, 15, 44]


def test_no_vat_rule_is_a_gap_of_the_agreement() -> None:
    (gap,) = document_gaps(SELLER, BUYER, SELLER, [VatTreatment("S", Decimal(19)), None], AGREEMENT)
    assert gap.line == 40
    assert "no [[vat_rule]] fits Company DE (DE) selling to Company NL (NL)" in gap.message
    assert "add one" in gap.message


def terms(seller: Company, buyer: Company, agreement: Agreement, *rules: VatRule, issues: frozenset[PartyId]) -> Terms:
    return Terms("cpo", issues, (seller, buyer), (agreement,), (), rules, "hash", (Gap(1, "written", "x"),))


OURS = frozenset({PartyId("DE*ABC")})
REVERSE = rule("EU", "EU-other", "0", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("agreement", "rules", "issues", "lines"),
    [
        pytest.param(AGREEMENT, [replace(REVERSE, start=date(2020, 1, 1))], OURS, [1, 20], id="reverse charge"),
        pytest.param(AGREEMENT, [REVERSE], OURS, [1, 20, 40], id="no rule on the first days"),
        pytest.param(AGREEMENT, [rule("DE", "*", "19"), REVERSE], OURS, [1, 20], id="reverse charge later"),
        pytest.param(
            replace(AGREEMENT, valid_until=date(2026, 3, 1)),
            [rule("DE", "*", "19"), REVERSE],
            OURS,
            [1],
            id="after the end",
        ),
        pytest.param(AGREEMENT, [REVERSE], frozenset(), [1], id="not our numbers"),
        pytest.param(replace(AGREEMENT, billing=Billing.SELF_BILLED), [REVERSE], OURS, [1], id="the buyer's numbers"),
    ],
)
def test_what_documents_to_come_will_lack(
    agreement: Agreement, rules: list[VatRule], issues: frozenset[PartyId], lines: list[int]
) -> None:
    book = terms(SELLER, replace(BUYER, vat_id=None), agreement, *rules, issues=issues)
    assert [gap.line for gap in expected_gaps(book)] == lines
