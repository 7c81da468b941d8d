"""Labels, dates and figures: exact in both languages, never rounded."""

import string
from datetime import date, datetime
from decimal import Decimal

import pytest

from clearing.documents.labels import LABELS, VAT_CATEGORIES, VAT_SENTENCES
from clearing.documents.typeface import REGULAR, broken, plain
from clearing.documents.wording import is_gap, wording
from clearing.invoicing.invoice import DocumentKind, DocumentState, VatTreatment
from clearing.months import BillingMonth
from tariffs.money import Money

GERMAN, ENGLISH = wording("de"), wording("en")


@pytest.mark.parametrize(
    ("minor", "currency", "german", "english"),
    [
        (123456789, "EUR", "1.234.567,89", "1,234,567.89"),
        (-5, "EUR", "-0,05", "-0.05"),
        (1234, "JPY", "1.234", "1,234"),
        (1234, "KWD", "1,234", "1.234"),
        (100, "RSD", "1,00", "1.00"),
        (10**18 + 1, "EUR", "10.000.000.000.000.000,01", "10,000,000,000,000,000.01"),
    ],
)
def test_amounts(minor: int, currency: str, german: str, english: str) -> None:
    assert GERMAN.money(Money(minor, currency)) == german
    assert ENGLISH.money(Money(minor, currency)) == english
    assert GERMAN.amount(Money(minor, currency)) == f"{german}\xa0{currency}"


@pytest.mark.parametrize(
    ("value", "places", "german"),
    [
        ("0.125", 2, "0,125"),
        ("1234.5", 3, "1.234,500"),
        ("12.340000000000001", 3, "12,340000000000001"),
        ("1E+3", 0, "1.000"),
        ("-7", 2, "-7,00"),
        ("0.00000000000000000001", 2, "0,00000000000000000001"),
    ],
)
def test_figures_are_never_rounded(value: str, places: int, german: str) -> None:
    assert GERMAN.figure(Decimal(value), places) == german


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        GERMAN.figure(Decimal(value), 2)


@pytest.mark.parametrize(
    ("percent", "german", "english"),
    [("19", "19\xa0%", "19%"), ("25.50", "25,5\xa0%", "25.5%"), ("0", "0\xa0%", "0%"), ("1E+1", "10\xa0%", "10%")],
)
def test_percents(percent: str, german: str, english: str) -> None:
    assert (GERMAN.percent(Decimal(percent)), ENGLISH.percent(Decimal(percent))) == (german, english)


def test_dates() -> None:
    assert (GERMAN.day(date(2026, 9, 5)), ENGLISH.day(date(2026, 9, 5))) == ("05.09.2026", "5 Sep 2026")
    assert (GERMAN.month(BillingMonth(2026, 3)), ENGLISH.month(BillingMonth(2026, 3))) == ("März 2026", "March 2026")
    assert GERMAN.moment(datetime(2026, 10, 31, 23, 59, 59)) == "31.10.2026 23:59"  # noqa: DTZ001


def test_vat_for_people() -> None:
    assert GERMAN.vat(VatTreatment("S", Decimal("19.00"))) == "Steuerpflichtig 19\xa0%"
    assert ENGLISH.vat(VatTreatment("AE", Decimal(0))) == "Reverse charge 0%"
    assert ENGLISH.vat(VatTreatment("K", Decimal(0))) == "K 0%"


@pytest.mark.parametrize("key", LABELS)
def test_every_label_stands_in_both_languages_with_the_same_places(key: str) -> None:
    places = [{name for _, name, _, _ in string.Formatter().parse(label) if name} for label in LABELS[key]]
    assert all(LABELS[key])
    assert places[0] == places[1]


def test_every_kind_and_state_has_its_words() -> None:
    assert {*DocumentKind, "draft", "control-copy"} <= set(LABELS)
    assert {f"{state}-banner" for state in DocumentState if state != "posted"} <= set(LABELS)
    assert all(len(pair) == 2 for pair in (*VAT_CATEGORIES.values(), *VAT_SENTENCES.values()))


def test_gutschrift_is_the_self_billed_invoice_alone() -> None:
    assert GERMAN("self-billed-invoice") == "Gutschrift"
    assert "Gutschrift" not in GERMAN("credit-note")


@pytest.mark.parametrize(("value", "gap"), [(None, True), ("", True), (" FILL IN", True), ("DE1", False)])
def test_gaps(value: str | None, gap: bool) -> None:
    assert is_gap(value) is gap


@pytest.mark.parametrize("text", ["DE*ABC*E" + "8" * 40, "W" * 300, "a b c" * 20])
def test_a_long_text_is_broken_without_losing_a_character(text: str) -> None:
    assert "".join(broken(text, REGULAR, 7, 100)) == text


def test_text_beyond_measure_is_cut_visibly() -> None:
    lines = broken("W" * 9999, REGULAR, 7, 100)
    assert len(lines) == 40
    assert lines[-1].endswith("…")


def test_plain_text() -> None:
    assert plain("a\tb\r\n c\u2028d\x07\ue000") == "a b c d\ufffd\ufffd"
