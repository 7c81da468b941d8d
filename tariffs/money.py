"""Money that is owed: integer minor units of one ISO 4217 currency. Currencies never mix, nothing here is a float.

While pricing, amounts are unrounded `Decimal`s (`tariffs.breakdown.Cost`); they become `Money` once, where the
agreement's rounding rule says so, through `Money.rounded`.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from tariffs.errors import CurrencyMismatch, UnknownCurrency

EXACT = Context(prec=60)
"""Wide enough that no sum or product of OCPI numbers is ever rounded on the way."""

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
MINOR_DIGITS: dict[str, int] = {
    code: digits
    for digits, codes in ((0, _NO_DECIMALS), (2, _TWO_DECIMALS), (3, _THREE_DECIMALS), (4, _FOUR_DECIMALS))
    for code in codes.split()
}
"""Decimal places of each currency, ISO 4217; dead ones that old records carry (HRK, BGN) stay."""


@lru_cache(maxsize=512)
def half_minor(currency: str | None) -> Decimal:
    """Return half a minor unit: what an amount may be off by rounding. Of a currency ISO 4217 lacks, of two decimals.

    >>> half_minor("EUR"), half_minor("JPY")
    (Decimal('0.005'), Decimal('0.5'))
    """
    return Decimal(5).scaleb(-MINOR_DIGITS.get((currency or "").upper(), 2) - 1)


def minor_digits(currency: str) -> int:
    """Return the number of decimals of `currency` (ISO 4217); raise `UnknownCurrency` for any other code."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is no ISO 4217 currency") from None


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Round to `digits` decimals, halves away from zero, so that a credit mirrors its original."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=EXACT)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An owed amount: `minor` units (cents) of `currency`.

    >>> Money.rounded(Decimal("12.345"), "EUR")
    Money(minor=1235, currency='EUR')
    >>> str(Money(-1235, "EUR"))
    '-12.35'
    """

    minor: int
    currency: str

    @classmethod
    def rounded(cls, value: Decimal, currency: str) -> "Money":
        """Round an unrounded amount to the minor unit, halves away from zero. The one place where money is rounded."""
        digits = minor_digits(currency)
        return cls(int(round_half_up(value, digits).scaleb(digits, EXACT)), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency."""
        minor_digits(currency)
        return cls(0, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency), EXACT)

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal:f}"
