"""min_price and max_price: the floor and the cap on a whole charge (OCPI mod_tariffs; pricing rule 19).

Before and after taxes are limited independently. Amounts here are scaled as in `pricing`; the parts are never clamped.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tariffs.findings import Finding, Severity
from tariffs.tariff import PriceLimit, Tariff, Taxes


class LimitStep(NamedTuple):
    """One limit met: its name, how much it moved each side (None: not known), and how the other side came about.

    `other_side` is "stated" where the limit states both, "scaled" where the VAT moved with the amount, "rate" where
    the amount was 0 and the VAT is that of the prices, and "unknown".
    """

    name: str
    excl: Decimal | None
    incl: Decimal | None
    other_side: str


@dataclass(frozen=True, slots=True)
class Limited:
    """A total before and after taxes (None: unknown), with each limit that was met."""

    excl: Decimal | None
    incl: Decimal | None
    steps: tuple[LimitStep, ...] = ()
    findings: tuple[Finding, ...] = ()


def limit(
    excl: Decimal | None,
    incl: Decimal | None,
    tariff: Tariff,
    scale: Decimal,
    *,
    has_floor: bool,
    common_factor: Decimal | None,
) -> Limited:
    """Apply the floor, then the cap, of the tariff at the start of the charge.

    Where a limit states only its side before VAT, the VAT moves with the amount; `common_factor` is 1 + VAT/100 of
    all components alike, for an amount of 0. `has_floor` is False for a reservation that never became a charge.
    A side that is unknown becomes known where the limit decides the other one and states it (pricing rule 18).
    """
    total = Limited(excl, incl)
    if tariff.min_price is not None and has_floor:
        total = _meet("MIN_PRICE", total, tariff.min_price, scale, common_factor, tariff.taxes)
    if tariff.max_price is not None:
        total = _meet("MAX_PRICE", total, tariff.max_price, scale, common_factor, tariff.taxes)
    return total


def _meet(
    name: str, total: Limited, bound: PriceLimit, scale: Decimal, common_factor: Decimal | None, taxes: Taxes
) -> Limited:
    is_floor = name == "MIN_PRICE"
    excl, incl = total.excl, total.incl
    if excl is None or incl is None:
        return _meet_known_side(name, total, bound, scale)
    findings = total.findings
    after: Decimal | None = incl
    other_side = "stated"
    stated_excl = None if bound.excl_vat is None else bound.excl_vat * scale
    is_met = stated_excl is not None and (excl < stated_excl if is_floor else excl > stated_excl)
    if stated_excl is not None and is_met:
        excl = stated_excl
    if bound.incl_vat is not None:
        stated_incl = bound.incl_vat * scale
        after = max(incl, stated_incl) if is_floor else min(incl, stated_incl)
    elif is_met and taxes.are_unknown:
        after, other_side = None, "unknown"
    elif is_met:
        other_side = "scaled" if total.excl else "rate"
        after = incl * excl / total.excl if total.excl else excl * (common_factor or 1)
        words = f"{name.lower()} states no amount including VAT; the VAT is scaled with the amount"
        findings = (*findings, Finding("limit-vat-scaled", Severity.INFORMATION, f"$.{name.lower()}", words))
    if excl == total.excl and after == incl:
        return total
    step = LimitStep(name, _less(excl, total.excl), _less(after, incl), other_side)
    return Limited(excl, after, (*total.steps, step), findings)


def _meet_known_side(name: str, total: Limited, bound: PriceLimit, scale: Decimal) -> Limited:
    """Limit the one side of a total that is known; the limit then says what the other one is (pricing rule 18)."""
    is_excl = total.excl is not None
    known = total.excl if is_excl else total.incl
    stated, other = (bound.excl_vat, bound.incl_vat) if is_excl else (bound.incl_vat, bound.excl_vat)
    if known is None:
        return total
    if stated is None:
        side = "after" if is_excl else "before"
        words = f"{name.lower()} limits the amount {side} taxes only, which is unknown: not applied"
        finding = Finding("limit-on-unknown-side", Severity.INFORMATION, f"$.{name.lower()}", words)
        return Limited(total.excl, total.incl, total.steps, (*total.findings, finding))
    limited = max(known, stated * scale) if name == "MIN_PRICE" else min(known, stated * scale)
    if limited == known:
        return total
    other = None if other is None else other * scale
    excl, incl = (limited, other) if is_excl else (other, limited)
    step = LimitStep(name, _less(excl, total.excl), _less(incl, total.incl), "unknown" if other is None else "stated")
    return Limited(excl, incl, (*total.steps, step), total.findings)


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else after - before
