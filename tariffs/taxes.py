"""The two sides of a cost, before and after taxes, where its tariff is none of prices plus VAT (pricing rule 18)."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from tariffs.plan import Option
from tariffs.tariff import Tariff, Taxes

Sides = tuple[Decimal | None, Decimal | None]
_KEPT: Final = 4096
_open: dict[int, tuple[Tariff, Tariff]] = {}


def sides_of(amount: Decimal, option: Option) -> Sides:
    """Return an amount at the prices of a tariff before and after taxes; None is a side that nobody can know.

    An amount of 0 has no tax whatever the rate, except where the version of the tariff knows no taxes at all (2.1.1).
    """
    match option.taxes:
        case Taxes.ADDED:
            return amount, amount * option.vat_factor
        case Taxes.INCLUDED:
            return (amount / option.vat_factor if option.vat_factor else None), amount
        case Taxes.NONE:
            return amount, amount
        case Taxes.ADDED_UNKNOWN if amount:
            return amount, None
        case Taxes.INCLUDED_UNKNOWN if amount:
            return None, amount
        case Taxes.UNSTATED:
            return amount, None
    return amount, amount


def leaving_vat_open(tariff: Tariff) -> Tariff:
    """Return a tariff as it is meant beside a CDR that knows no VAT: where it states none either, VAT is unknown."""
    kept = _open.get(id(tariff))
    if kept is not None and kept[0] is tariff:
        return kept[1]
    states_vat = any(c.vat is not None for element in tariff.elements for c in element.components)
    meant = tariff if states_vat or tariff.taxes is not Taxes.ADDED else replace(tariff, taxes=Taxes.UNSTATED)
    if len(_open) >= _KEPT:
        _open.clear()
    _open[id(tariff)] = (tariff, meant)
    return meant
