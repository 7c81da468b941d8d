"""OCPI 2.3.0: what its CDR and Tariff say differently from 2.2.1, which is all about taxes.

Amounts are `before_taxes` with a list of taxes, limits are `before_taxes` and `after_taxes`, and a tariff says by
`tax_included` what its prices are (types, Price and TaxAmount; mod_tariffs, PriceLimit and TaxIncluded). Of the modules
released beside it a tariff may carry fields of Bookings and Payments: known here, and never priced.
"""

from dataclasses import replace
from decimal import localcontext
from typing import Final

from tariffs.cdr import Cdr, Claim, TaxAmount
from tariffs.findings import Severity
from tariffs.ocpi import v221, v221_tariff
from tariffs.ocpi.reading import Json, Reader, kind_of, printable
from tariffs.quantity import WIDE, ZERO
from tariffs.tariff import TariffElement, Taxes

VERSION: Final = "2.3.0"

_PRICE: Final = frozenset(("before_taxes", "taxes"))
_TAX: Final = frozenset(("name", "account_number", "percentage", "amount"))


def read(obj: Json, r: Reader) -> Cdr:
    """Read a CDR object of 2.3.0."""
    return v221.read_in(DIALECT, obj, r)


def read_claim(obj: Json, key: str, r: Reader) -> Claim | None:
    """Read a Price: before taxes, and with all the taxes it lists; a Price without a list leaves them unknown."""
    price = r.object(obj, key, "$")
    if price is None:
        return None
    path = f"$.{key}"
    r.unknown_fields(price, _PRICE, path)
    before = r.number(price, "before_taxes", path)
    if price.get("before_taxes") is None:
        r.missing.append(f"{key}.before_taxes")
    if price.get("taxes") is None:
        return Claim(before)
    malformed, missing = r.malformed_count, len(r.missing)
    taxes = [_tax(item, f"{path}.taxes[{index}]", r) for index, item in r.objects(price, "taxes", path)]
    known = tuple(tax for tax in taxes if tax is not None)
    if before is None or (malformed, missing) != (r.malformed_count, len(r.missing)):
        return Claim(before, None, known)
    with localcontext(WIDE):
        return Claim(before, before + sum((tax.amount for tax in known), ZERO), known)


def _tax(item: Json, path: str, r: Reader) -> TaxAmount | None:
    r.unknown_fields(item, _TAX, path)
    name, percentage = r.text(item, "name", path), r.number(item, "percentage", path)
    amount = r.number(item, "amount", path)
    if item.get("amount") is None:
        r.missing.append(f"{path.removeprefix('$.')}.amount")
    r.text(item, "account_number", path)
    return None if amount is None else TaxAmount(name, amount, percentage)


def read_taxes(obj: Json, elements: tuple[TariffElement, ...], r: Reader) -> Taxes:
    """What the prices are: by `tax_included`, and whether any component states a rate (pricing rule 18)."""
    stated = obj.get("tax_included")
    if stated in (None, ""):
        r.missing.append("tax_included (taken as NO)")
        stated = "NO"
    components = [component for element in elements for component in element.components]
    has_rates = any(component.vat is not None for component in components)
    without = sorted({c.type for c in components if c.vat is None and c.price})
    if has_rates and without and stated in ("NO", "YES"):
        words = f"the tariff states VAT, but none for {', '.join(without)}: none is due there"
        r.once("component-without-vat", Severity.INFORMATION, "$.elements", words)
    match stated:
        case "NO":
            return Taxes.ADDED if has_rates else Taxes.ADDED_UNKNOWN
        case "YES":
            return Taxes.INCLUDED if has_rates else Taxes.INCLUDED_UNKNOWN
        case "N/A":
            return Taxes.NONE
        case str():
            r.malformed("$.tax_included", f"OCPI has YES, NO and N/A here, not {printable(stated)}")
        case _:
            r.malformed("$.tax_included", f"{kind_of(stated)} where OCPI has YES, NO or N/A")
    return Taxes.ADDED_UNKNOWN


TARIFFS: Final = v221_tariff.TariffDialect(
    v221_tariff.FIELDS | {"tax_included", "preauthorize_amount"},
    v221_tariff.REQUIRED,
    ("before_taxes", "after_taxes"),
    v221_tariff.COMPONENT,
    v221_tariff.RESTRICTIONS | {"booking"},
    read_taxes,
)
DIALECT: Final = replace(
    v221.DIALECT,
    version=VERSION,
    fields=v221.FIELDS | {"booking_id"},
    claim=read_claim,
    tariffs=TARIFFS,
)
