"""min_price and max_price: the floor and the cap on a whole charge (OCPI 2.2.1, mod_tariffs; pricing rule 19).

Before and after VAT are limited independently. Amounts here are scaled as in `pricing`; the parts are never clamped.
"""

from dataclasses import dataclass
from decimal import Decimal

from tariffs.findings import Finding, Severity
from tariffs.tariff import PriceLimit, Tariff


@dataclass(frozen=True, slots=True)
class Limited:
    """A total before and after VAT, with the dimension name of each limit that was met and by how much it moved."""

    excl: Decimal
    incl: Decimal
    steps: tuple[tuple[str, Decimal, Decimal], ...] = ()
    findings: tuple[Finding, ...] = ()


def limit(
    excl: Decimal, incl: Decimal, tariff: Tariff, scale: Decimal, *, has_floor: bool, common_factor: Decimal | None
) -> Limited:
    """Apply the floor, then the cap, of the tariff at the start of the charge.

    Where a limit states only its side before VAT, the VAT moves with the amount; `common_factor` is 1 + VAT/100 of
    all components alike, for an amount of 0. `has_floor` is False for a reservation that never became a charge.
    """
    total = Limited(excl, incl)
    if tariff.min_price is not None and has_floor:
        total = _meet("MIN_PRICE", total, tariff.min_price, scale, common_factor)
    if tariff.max_price is not None:
        total = _meet("MAX_PRICE", total, tariff.max_price, scale, common_factor)
    return total


def _meet(name: str, total: Limited, bound: PriceLimit, scale: Decimal, common_factor: Decimal | None) -> Limited:
    is_floor = name == "MIN_PRICE"
    excl, incl = total.excl, total.incl
    findings = total.findings
    stated_excl = None if bound.excl_vat is None else bound.excl_vat * scale
    is_met = stated_excl is not None and (excl < stated_excl if is_floor else excl > stated_excl)
    if stated_excl is not None and is_met:
        excl = stated_excl
    if bound.incl_vat is not None:
        stated_incl = bound.incl_vat * scale
        incl = max(incl, stated_incl) if is_floor else min(incl, stated_incl)
    elif is_met:
        if total.excl:
            incl = total.incl * excl / total.excl
        else:
            incl = excl * (common_factor or 1)
        words = f"{name.lower()} states no amount including VAT; the VAT is scaled with the amount"
        findings = (*findings, Finding("limit-vat-scaled", Severity.INFORMATION, f"$.{name.lower()}", words))
    if excl == total.excl and incl == total.incl:
        return total
    step = (name, excl - total.excl, incl - total.incl)
    return Limited(excl, incl, (*total.steps, step), findings)
