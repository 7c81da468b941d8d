"""What `evclear price` says of one CDR, for people, and how numbers are written in all its answers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs import Breakdown, Cdr, Claim, Cost, Finding, Severity
from tariffs.cdr import TaxAmount
from tariffs.quantity import WIDE
from tariffs.zones import ZoneSource

_TWELVE_DECIMALS: Final = Decimal("1E-12")
_STOPS: Final = frozenset({Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS})


@dataclass(frozen=True, slots=True)
class Priced:
    """One input record, priced or not."""

    number: int
    where: str
    cdr_id: str | None
    version: str | None
    cdr: Cdr | None
    breakdown: Breakdown | None
    findings: tuple[Finding, ...]

    @property
    def needs_people(self) -> bool:
        """Whether the record has no price or a finding that waits for a person."""
        return self.breakdown is None or not self.breakdown.priced or any(f.severity in _STOPS for f in self.findings)


def as_text(priced: Priced) -> str:
    """One CDR for people: total, claim, each line to be recalculated by hand, findings."""
    breakdown, cdr = priced.breakdown, priced.cdr
    rows = [f"{priced.cdr_id or '(no id)'}  {priced.where}"]
    if breakdown is None or cdr is None or not breakdown.priced:
        rows.append("  no price")
    else:
        kind = "so far  " if cdr.is_session else "credit  " if cdr.credit else "costs   "
        rows.append(f"  {kind} {_amounts(breakdown.total_cost)} {breakdown.currency}")
    if cdr is not None and cdr.total_cost is not None:
        apart = difference(cdr.total_cost, breakdown.total_cost if breakdown is not None else None)
        rows.append(f"  claimed  {_amounts(cdr.total_cost)}   difference {_amounts(apart)}")
        rows.extend(_tax(tax) for tax in cdr.total_cost.taxes)
    if breakdown is not None and breakdown.tariff_ids:
        zone = ""
        if breakdown.time_zone_source is not None:
            zone = f", local time of {breakdown.time_zone} {ZoneSource(breakdown.time_zone_source).words}"
        rows.append(f"  tariff   {', '.join(breakdown.tariff_ids)}{zone}")
    for line in breakdown.lines if breakdown is not None else ():
        quantity, unit, per = plain(line.quantity), line.unit, line.unit
        if unit == "s":
            quantity, unit, per = plain(line.quantity / 60), "min", "h"
        vat = f"  + {plain(line.vat)} % VAT" if line.vat is not None else ""
        cost = line.cost.excl_vat
        if line.includes_taxes:
            cost, vat = line.cost.incl_vat, "  with taxes" if line.vat is None else f"  with {plain(line.vat)} % VAT"
        why = f"  ({line.why})" if line.why else ""
        product = f"{quantity:>12} {unit:<6} x {plain(line.price):>8} /{per:<6} = {plain(cost) or 'unknown':>12}"
        rows.append(f"  period {line.period + 1:<3} {line.dimension:<17} {product}{vat}{why}")
    for f in priced.findings:
        money = f"  [{plain(f.money)}]" if f.money is not None else ""
        rows.append(f"  {f.severity} {f.code}  {f.path}: {f.message}{money}")
    return "\n".join("".join(c if c.isprintable() else "?" for c in row) for row in rows) + "\n"


def _tax(tax: TaxAmount) -> str:
    """One of the taxes that a claim keeps apart, such as GST beside QST (OCPI 2.3.0, TaxAmount)."""
    rate = f" {plain(tax.percentage)} %" if tax.percentage is not None else ""
    return f"    of it  {tax.name or 'a tax without a name'}{rate}: {plain(tax.amount)}"


def _amounts(cost: Cost | Claim | None) -> str:
    """Both sides of VAT for people."""
    if cost is None:
        return "unknown"
    return f"{plain(cost.excl_vat) or 'unknown'} excl. VAT, {plain(cost.incl_vat) or 'unknown'} incl. VAT"


def plain(value: Decimal | None) -> str | None:
    """A number as the contract writes it: no exponent, no trailing zeros, at most 12 decimals, half even here only.

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


def difference(claim: Claim | None, cost: Cost | None) -> Claim | None:
    """Claimed less computed, each side of VAT by itself."""
    if claim is None or cost is None:
        return None
    sides = [
        None if a is None or b is None else WIDE.subtract(a, b)
        for a, b in ((claim.excl_vat, cost.excl_vat), (claim.incl_vat, cost.incl_vat))
    ]
    return Claim(sides[0], sides[1])
