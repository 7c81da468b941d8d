"""Numbers, dates and days as each language writes them; never rounded but after "about"."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tariffs.explanation.language import spoken_in
from tariffs.explanation.values import (
    Amount,
    Duration,
    Formula,
    Instant,
    Name,
    Numbers,
    Percentage,
    Quantity,
    TimeOfDay,
    UnitPrice,
    Weekdays,
    Word,
)

AT = datetime(2026, 10, 25, 0, 30, 5, 70_000, tzinfo=UTC)
# (value, English, German)
VALUES: list[tuple[Any, str, str]] = [
    (Quantity(Decimal("12.50"), "kWh"), "12.5 kWh", "12,5 kWh"),
    (Quantity(Decimal("1E+3"), "s"), "1000 s", "1000 s"),
    (Quantity(Decimal("-0.00"), ""), "0", "0"),
    (Quantity(Decimal("1.190"), ""), "1.19", "1,19"),
    (Amount(Fraction(5), "EUR"), "5.00 EUR", "5,00 EUR"),
    (Amount(Fraction(-1, 8), "EUR"), "-0.125 EUR", "-0,125 EUR"),
    (Amount(Fraction(500), "JPY"), "500 JPY", "500 JPY"),
    (Amount(Fraction(1, 2), "kwd"), "0.500 kwd", "0,500 kwd"),
    (Amount(Fraction(0), "XYZ"), "0.00 XYZ", "0,00 XYZ"),
    (Amount(Fraction(1, 72), "EUR"), "50/3600 EUR", "50/3600 EUR"),
    (Amount(Fraction(1, 7200) + Fraction(1, 3), "EUR"), "1200.5/3600 EUR", "1200,5/3600 EUR"),
    (Amount(Fraction(10, 119), "EUR"), "10/119 EUR", "10/119 EUR"),
    (UnitPrice(Decimal("6"), "EUR", "h"), "6.00 EUR/h", "6,00 EUR/h"),
    (UnitPrice(Decimal("0.12345"), "EUR", "kWh"), "0.12345 EUR/kWh", "0,12345 EUR/kWh"),
    (UnitPrice(Decimal("1"), "EUR", ""), "1.00 EUR", "1,00 EUR"),
    (Percentage(Decimal("7.50")), "7.5 %", "7,5 %"),
    (Duration(Decimal("59.5")), "59.5 s", "59,5 s"),
    (Duration(Decimal(-5)), "-5 s", "-5 s"),
    (Duration(Decimal(3600)), "1 h", "1 h"),
    (Duration(Decimal("5430.25")), "1 h 30 min 30.25 s", "1 h 30 min 30,25 s"),
    (Instant(AT, None), "2026-10-25 00:30:05.07 UTC", "25.10.2026 00:30:05,07 UTC"),
    (Instant(AT, "Europe/Berlin"), "2026-10-25 02:30:05.07 UTC+02:00", "25.10.2026 02:30:05,07 UTC+02:00"),
    (
        Instant(AT.replace(hour=1, second=20, microsecond=0), "Europe/Berlin"),
        "2026-10-25 02:30:20 UTC+01:00",
        "25.10.2026 02:30:20 UTC+01:00",
    ),
    (date(2026, 1, 5), "2026-01-05", "05.01.2026"),
    (TimeOfDay(86_400), "24:00", "24:00"),
    (TimeOfDay(5), "00:00:05", "00:00:05"),
    (Weekdays(frozenset({5, 6, 0})), "Monday, Saturday and Sunday", "Montag, Samstag und Sonntag"),
    (Weekdays(frozenset()), "no day", "keinen Tag"),
    (Numbers((1, 3)), "1 and 3", "1 und 3"),
    (Numbers((1, 2, 4, 5, 6, 9)), "1, 2, 4 to 6 and 9", "1, 2, 4 bis 6 und 9"),
    (Numbers((1, 2, 3)), "1 to 3", "1 bis 3"),
    (Word("dimension.TIME"), "Charging time (TIME)", "Ladezeit (TIME)"),
    (Name("a\x1bb"), "a?b", "a?b"),
    (7, "7", "7"),
]


@pytest.mark.parametrize(("value", "english", "german"), VALUES, ids=[english for _, english, _ in VALUES])
def test_value(value: Any, english: str, german: str) -> None:
    assert (spoken_in("en").value(value), spoken_in("de").value(value)) == (english, german)


def test_a_product_whose_decimals_do_not_end_stands_as_a_fraction_and_about() -> None:
    price, hour = UnitPrice(Decimal("0.50"), "EUR", "h"), Quantity(Decimal(3600), "")
    formula = Formula(Quantity(Decimal(100), "s"), (("x", price), ("/", hour)), Amount(Fraction(1, 72), "EUR"))
    assert spoken_in("en").formula(formula) == "100 s x 0.50 EUR/h / 3600 = 50/3600 EUR (about 0.013889 EUR)"
    assert spoken_in("de").formula(formula) == "100 s x 0,50 EUR/h / 3600 = 50/3600 EUR (rund 0,013889 EUR)"


def test_what_is_negative_stands_in_brackets_after_an_operator() -> None:
    five, minus = Amount(Fraction(5), "EUR"), Amount(Fraction(-5), "EUR")
    credit = Formula(five, (("x", Quantity(Decimal(-1), "")),), minus)
    assert spoken_in("en").formula(credit) == "5.00 EUR x (-1) = -5.00 EUR"
    claim = Formula(minus, (("-", minus),), Amount(Fraction(0), "EUR"))
    assert spoken_in("de").formula(claim) == "-5,00 EUR - (-5,00 EUR) = 0,00 EUR"


def test_what_is_negative_is_subtracted() -> None:
    def amount(cents: int) -> Amount:
        return Amount(Fraction(cents, 100), "EUR")

    def energy(kwh: int) -> Quantity:
        return Quantity(Decimal(kwh), "kWh")

    money = Formula(amount(500), (("+", amount(-100)), ("+", amount(50))), amount(450))
    assert spoken_in("en").formula(money) == "5.00 EUR - 1.00 EUR + 0.50 EUR = 4.50 EUR"
    assert spoken_in("en").formula(Formula(energy(3), (("+", energy(-4)),), energy(-1))) == "3 kWh - 4 kWh = -1 kWh"
