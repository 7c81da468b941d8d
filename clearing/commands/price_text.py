"""What `evclear price` says of one CDR, for people."""

from tariffs.answers import Answer
from tariffs.breakdown import Cost
from tariffs.cdr import Claim, TaxAmount
from tariffs.plain import plain
from tariffs.zones import ZoneSource


def as_text(priced: Answer) -> str:
    """One CDR for people: total, claim, each line to be recalculated by hand, findings."""
    breakdown, cdr = priced.breakdown, priced.cdr
    rows = [f"{priced.cdr_id or '(no id)'}  {priced.where}"]
    if breakdown is None or cdr is None or not breakdown.priced:
        rows.append("  no price")
    else:
        kind = "so far  " if cdr.is_session else "credit  " if cdr.credit else "costs   "
        rows.append(f"  {kind} {_amounts(breakdown.total_cost)} {breakdown.currency}")
    if cdr is not None and cdr.total_cost is not None:
        rows.append(f"  claimed  {_amounts(cdr.total_cost)}   difference {_amounts(priced.difference)}")
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
