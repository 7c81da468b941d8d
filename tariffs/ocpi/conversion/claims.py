"""Prices of a CDR from one form to the other: excluding and including VAT, or before taxes with a list of taxes.

OCPI 2.2.1 and 2.3.0, types, Price. What is unknown including taxes stays unknown: no list of taxes, not an empty one.
"""

from collections.abc import Mapping
from typing import Any, Final

from tariffs.ocpi.conversion.losses import Losses, number
from tariffs.ocpi.reading import printable
from tariffs.quantity import WIDE, ZERO

CLAIMS: Final = (
    "total_cost",
    "total_fixed_cost",
    "total_energy_cost",
    "total_time_cost",
    "total_parking_cost",
    "total_reservation_cost",
)
Object = dict[str, Any]


def with_taxes(price: Mapping[str, Any], path: str, losses: Losses) -> Object:
    """Return a Price of 2.2.1 as one of 2.3.0; all its VAT becomes one tax, as nothing says at which rates it is."""
    made: Object = {key: value for key, value in price.items() if key not in ("excl_vat", "incl_vat")}
    stated, including = price.get("excl_vat"), price.get("incl_vat")
    if stated is not None:
        made = {"before_taxes": stated, **made}
    if including is None:
        losses.otherwise("taxes-unknown", path, "the amount including VAT is not stated; its taxes stay unknown")
        return made
    excl, incl = number(stated), number(including)
    if excl is None or incl is None:
        made["incl_vat"] = including
        losses.lost("taxes-not-known", path, "without a readable amount excluding VAT its taxes cannot be told")
        return made
    tax = WIDE.subtract(incl, excl)
    made["taxes"] = [{"name": "VAT", "amount": tax}] if tax else []
    if tax:
        losses.otherwise("tax-as-one-amount", path, "the VAT is one amount; at which rate is not stated")
    return made


def without_taxes(price: Mapping[str, Any], path: str, losses: Losses) -> Object:
    """Return a Price of 2.3.0 as one of 2.2.1; names, rates and accounts of its taxes have no place there."""
    made: Object = {key: value for key, value in price.items() if key not in ("before_taxes", "taxes")}
    stated, taxes = price.get("before_taxes"), price.get("taxes")
    if stated is not None:
        made = {"excl_vat": stated, **made}
    if taxes is None:
        losses.otherwise("taxes-unknown", path, "the taxes are not stated; the amount including VAT stays unknown")
        return made
    excl = number(stated)
    listed = [tax if isinstance(tax, dict) else {} for tax in taxes] if isinstance(taxes, list) else [{}]
    amounts = [number(tax.get("amount")) for tax in listed]
    known = [amount for amount in amounts if amount is not None]
    if excl is None or len(known) != len(amounts):
        made["taxes"] = taxes
        losses.not_converted(f"{path}.taxes")
        return made
    made["incl_vat"] = WIDE.add(excl, sum(known, ZERO))
    if len(listed) > 1 or any(tax.keys() - {"amount"} and tax != _plain(tax) for tax in listed):
        told = ", ".join(_told(tax) for tax in listed)
        losses.lost("taxes-merged", path, f"{told} become one amount including VAT")
    return made


def _plain(tax: Object) -> Object:
    """The tax as it would be told from amounts excluding and including VAT."""
    return {"name": "VAT", "amount": tax.get("amount")}


def _told(tax: Object) -> str:
    name, rate = printable(str(tax.get("name") or "a tax without a name")), number(tax.get("percentage"))
    at = f" {rate:f} %" if rate is not None else ""
    return f"{name}{at} {number(tax.get('amount')):f}"
