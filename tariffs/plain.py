"""Numbers as all answers write them (contract, section 4)."""

from decimal import Decimal
from typing import Final

from tariffs.quantity import WIDE

_TWELVE_DECIMALS: Final = Decimal("1E-12")


def plain(value: Decimal | None) -> str | None:
    """A number in plain notation: no exponent, no trailing zeros, at most 12 decimals, half even here only.

    >>> plain(Decimal("1E+2")), plain(Decimal("0.10")), plain(Decimal("-0.0")), plain(Decimal(2) / 3)
    ('100', '0.1', '0', '0.666666666667')
    """
    if value is None:
        return None
    text = str(value)  # a third of the time that format takes, and the same unless there is an exponent
    if "E" in text:
        text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    if len(decimals) > 12:
        text = f"{value.quantize(_TWELVE_DECIMALS, context=WIDE):f}"
        whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if decimals:
        return f"{whole}.{decimals}"
    return "0" if whole == "-0" else whole
