"""Money owed: ISO 4217 digits against another source, rounding away from zero, and currencies that never mix."""

from decimal import Decimal

import iso4217
import pytest

from tariffs.errors import CurrencyMismatch, UnknownCurrency
from tariffs.money import MINOR_DIGITS, Money, minor_digits, round_half_up

FUNDS_AND_UNITS = {"BOV", "CHE", "CHW", "COU", "MXV", "USN", "XAD"}
"""Codes of ISO 4217 that no charge is paid in."""


def test_every_currency_has_the_digits_of_iso_4217() -> None:
    published = {c.code: c.exponent for c in iso4217.Currency if c.exponent is not None}
    ours = {code: digits for code, digits in MINOR_DIGITS.items() if code in published}
    assert ours == {code: digits for code, digits in published.items() if code in MINOR_DIGITS}
    assert set(published) - set(MINOR_DIGITS) == FUNDS_AND_UNITS


@pytest.mark.parametrize("code", ["HRK", "BGN"])
def test_currencies_that_ended_stay_for_old_records(code: str) -> None:
    assert minor_digits(code) == 2


@pytest.mark.parametrize("code", ["XXY", "eur", "", "EURO"])
def test_anything_else_is_no_currency(code: str) -> None:
    with pytest.raises(UnknownCurrency, match="no ISO 4217 currency"):
        minor_digits(code)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("12.345", "EUR", 1235),
        ("-12.345", "EUR", -1235),
        ("12.3449999999999999999999999999999999999", "EUR", 1234),
        ("1.5", "JPY", 2),
        ("1.0005", "KWD", 1001),
        ("123456789012345678.125", "EUR", 12345678901234567813),
    ],
)
def test_money_is_rounded_half_away_from_zero(value: str, currency: str, minor: int) -> None:
    assert Money.rounded(Decimal(value), currency) == Money(minor, currency)


def test_currencies_never_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "CHF")


def test_money_adds_subtracts_and_shows_its_digits() -> None:
    assert str(Money(5, "EUR") - Money(1005, "EUR")) == "-10.00"
    assert str(Money(5, "JPY")) == "5"
    assert not Money.zero("EUR")
    assert round_half_up(Decimal("0.00005"), 4) == Decimal("0.0001")


def test_money_of_nothing_and_of_very_much() -> None:
    assert Money.zero("KWD") == Money(0, "KWD")
    with pytest.raises(UnknownCurrency):
        Money.zero("EURO")
    assert Money.rounded(Decimal("1234567890123456789012345678901234.565"), "EUR").minor == int(
        "123456789012345678901234567890123457"
    )
    assert round_half_up(Decimal("1234567890123456789012345678901234.565"), 2) == Decimal(
        "1234567890123456789012345678901234.57"
    )


def test_which_currencies_met_is_said() -> None:
    with pytest.raises(CurrencyMismatch, match="EUR and CHF cannot be added"):
        Money(1, "EUR") + Money(1, "CHF")
