"""Labels, dates, amounts and quantities per language. It formats and never rounds: what it prints is all there is.

A document's language is German or English; anything else is English, by rule.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from clearing.documents.labels import LABELS, VAT_CATEGORIES, VAT_SENTENCES
from clearing.invoicing.invoice import VatTreatment
from clearing.months import BillingMonth
from clearing.parties import FILL_IN
from tariffs.money import Money

DAY_PATTERNS = {"de": "dd.MM.yyyy", "en": "d MMM yyyy"}


class Wording:
    """How one language says and writes things."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._column = ("de", "en").index(language)
        self._locale = Locale.parse(language)
        self._days: dict[date, str] = {}
        symbols = (get_group_symbol(self._locale), get_decimal_symbol(self._locale))
        self._separators = str.maketrans(dict(zip(",.", symbols, strict=True)))

    def __call__(self, key: str, **values: str) -> str:
        """Return a label, its places filled."""
        return LABELS[key][self._column].format(**values)

    def day(self, day: date) -> str:
        """Return a calendar day, `31.10.2026` or `31 Oct 2026`."""
        if day not in self._days:
            self._days[day] = str(format_date(day, DAY_PATTERNS[self.language], locale=self._locale))
        return self._days[day]

    def moment(self, local: datetime) -> str:
        """Return a local date and time to the minute; seconds are cut off, never rounded up."""
        return f"{self.day(local.date())} {local.hour:02}:{local.minute:02}"

    def month(self, month: BillingMonth) -> str:
        """Return a month in words, `Oktober 2026`."""
        return str(format_date(month.first_day, "LLLL yyyy", locale=self._locale))

    def figure(self, value: Decimal, places: int) -> str:
        """Return a number with at least `places` decimals, and more where the value has them."""
        # As babel writes it (a test compares them), in a twentieth of the time: an annex has two figures a row.
        text = f"{value:,.{max(places, decimal_places(value))}f}"
        return text.translate(self._separators)

    def money(self, money: Money) -> str:
        """Return an amount with exactly the decimals of its currency, without the currency (a column names it)."""
        return self.figure(money.decimal, decimal_places(money.decimal))

    def amount(self, money: Money) -> str:
        """Return an amount with its currency code, `1.234,50 EUR`, not to be broken over two lines."""
        return f"{self.money(money)}\N{NO-BREAK SPACE}{money.currency}"

    def percent(self, percent: Decimal) -> str:
        """Return a VAT rate, `19 %` or `19%`, without idle zeros."""
        gap = "\N{NO-BREAK SPACE}" if self.language == "de" else ""
        return self.figure(_without_idle_zeros(percent), 0) + gap + "%"

    def vat(self, treatment: VatTreatment) -> str:
        """Return a VAT treatment for people: `Steuerpflichtig 19 %`, `Reverse charge 0%`."""
        names = VAT_CATEGORIES.get(treatment.category)
        return f"{names[self._column] if names else treatment.category} {self.percent(treatment.percent)}"

    def vat_sentence(self, key: str) -> str:
        """Return the printed reason of a VAT rule; a key we do not know is a sentence that the book's owner wrote."""
        return VAT_SENTENCES[key][self._column] if key in VAT_SENTENCES else key

    def country(self, code: str) -> str:
        """Return a country's name, or its code where there is none."""
        return str(self._locale.territories.get(code.upper(), code))


@cache
def wording(language: str) -> Wording:
    """Return the wording of a document's language: German for `de` and `de-AT`, else English."""
    return Wording("de" if language.lower().replace("_", "-").split("-")[0] == "de" else "en")


def is_gap(value: str | None) -> bool:
    """Whether a value is missing: not given, empty, or FILL IN."""
    return value is None or not value.strip() or value.strip().upper() == FILL_IN


def decimal_places(value: Decimal) -> int:
    """Return how many decimals a number is written with.

    >>> decimal_places(Decimal("12.50")), decimal_places(Decimal("1E+2"))
    (2, 0)
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no number that can stand on paper")
    return max(0, -exponent)


def _without_idle_zeros(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
