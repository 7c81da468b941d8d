"""Lines and totals of a priced charge: costs per dimension, VAT per component, limits, the sign of a credit.

Where taxes are not simply VAT on top of a price, a side of an amount may be unknown; then so is every sum it is in.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tariffs.breakdown import UNKNOWN_COST, BilledQuantities, Breakdown, Cost, CostLine
from tariffs.cdr import Cdr
from tariffs.charge import Charge
from tariffs.findings import Finding, Severity
from tariffs.limits import Limited, limit
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.step_size import Priced
from tariffs.tariff import Tariff, Taxes
from tariffs.taxes import sides_of

_SCALE: Final = SECONDS_PER_HOUR
_MINUTE: Final = Decimal(60)
_NOTHING: Final = Cost(ZERO, ZERO)
_PARTS: Final = {
    "ENERGY": "energy",
    "TIME": "time",
    "PARKING_TIME": "parking",
    "FLAT": "fixed",
    "RESERVATION_TIME": "reservation",
    "RESERVATION_FLAT": "reservation",
}
_PART_NAMES: Final = tuple(dict.fromkeys(_PARTS.values()))
Unknown = set[tuple[str, str]]
"""Parts whose side ("excl" or "incl") nobody can know."""
_UNITS: Final = {
    "ENERGY": "kWh",
    "TIME": "s",
    "PARKING_TIME": "s",
    "FLAT": "charge",
    "RESERVATION_TIME": "s",
    "RESERVATION_FLAT": "charge",
}


def unpriced(
    cdr: Cdr,
    zone: str | None,
    tariff_ids: tuple[str, ...],
    findings: Sequence[Finding],
    zone_source: str | None = None,
) -> Breakdown:
    """The answer where no price can be made: every total unknown, never 0."""
    return Breakdown(
        cdr.currency, zone, tariff_ids, UNKNOWN_COST, findings=tuple(findings), time_zone_source=zone_source
    )


def total_up(cdr: Cdr, charge: Charge) -> Breakdown:
    """Sum the priced volumes, VAT by component (pricing rules 17 to 19, 22 and 24)."""
    sums: dict[str, list[Decimal]] = {part: [ZERO, ZERO] for part in _PART_NAMES}
    lines: list[CostLine] = []
    unknown = _never_known(charge)
    for p in charge.priced:
        if not p.option.is_plus_vat:
            lines.append(_taxed(p, sums, unknown))
            continue
        component = p.option.component
        quantity = p.volume + p.added
        cost = quantity * component.price
        is_time = _UNITS[p.dimension] == "s"
        excl = cost if is_time else cost * _SCALE
        incl = excl if component.vat is None else excl * p.option.vat_factor
        part = sums[_PARTS[p.dimension]]
        part[0] += excl
        part[1] += incl
        shown = Cost(excl / _SCALE, incl / _SCALE) if is_time else Cost(cost, cost * p.option.vat_factor)
        lines.append(_line(p, quantity, shown))
    excl = sum((part[0] for part in sums.values()), ZERO)
    incl = sum((part[1] for part in sums.values()), ZERO)
    total = _limited(charge, *(_known(excl, incl, {side for _, side in unknown}) if unknown else (excl, incl)))
    if total.steps:
        lines.extend(_limit_lines(charge, total))
    charge.findings.extend(total.findings)
    if total.excl is None and total.incl is None:
        words = "one tariff leaves the amount before taxes open and another the one after them: there is no total"
        charge.findings.append(Finding("taxes-open-on-both-sides", Severity.WAITS, "$.tariffs", words))
    sign = -1 if cdr.credit else 1
    return Breakdown(
        cdr.currency,
        charge.zone_name,
        charge.tariff_ids,
        _scaled(total.excl, total.incl, sign),
        _cost("energy", sums["energy"], unknown),
        _cost("time", sums["time"], unknown),
        _cost("parking", sums["parking"], unknown),
        _cost("fixed", sums["fixed"], unknown),
        _cost("reservation", sums["reservation"], unknown),
        _billed(charge.priced),
        tuple(lines),
        tuple(charge.findings),
        charge.zone_source,
    )


def _never_known(charge: Charge) -> Unknown:
    """The sides of parts that no sum can make known: all including VAT where a tariff of 2.1.1 is in use."""
    for plan in charge.plans:
        if plan is not None and plan.tariff.taxes is Taxes.UNSTATED:
            return {(part, "incl") for part in _PART_NAMES}
    return set()


def _taxed(p: Priced, sums: dict[str, list[Decimal]], unknown: Unknown) -> CostLine:
    """Add a volume to its part, whatever its tariff says about taxes, and return its line."""
    quantity = p.volume + p.added
    cost = quantity * p.option.component.price
    excl, incl = sides_of(cost if _UNITS[p.dimension] == "s" else cost * _SCALE, p.option)
    name = _PARTS[p.dimension]
    for place, side, amount in ((0, "excl", excl), (1, "incl", incl)):
        if amount is None:
            unknown.add((name, side))
        else:
            sums[name][place] += amount
    line = _line(p, quantity, _scaled(excl, incl))
    return replace(line, vat=None) if p.option.taxes is Taxes.NONE else line


def _known(excl: Decimal, incl: Decimal, unknown: set[str]) -> tuple[Decimal | None, Decimal | None]:
    return None if "excl" in unknown else excl, None if "incl" in unknown else incl


def _scaled(excl: Decimal | None, incl: Decimal | None, sign: int = 1) -> Cost:
    return Cost(
        None if excl is None else sign * excl / _SCALE,
        None if incl is None else sign * incl / _SCALE,
    )


def _line(p: Priced, quantity: Decimal, cost: Cost) -> CostLine:
    component = p.option.component
    return CostLine(
        p.period,
        p.dimension,
        quantity,
        _UNITS[p.dimension],
        component.price,
        component.vat,
        cost,
        p.option.tariff_id,
        p.option.element,
        p.why,
    )


def _cost(name: str, part: list[Decimal], unknown: Unknown) -> Cost:
    if unknown:
        return _scaled(*_known(part[0], part[1], {side for of, side in unknown if of == name}))
    return Cost(part[0] / _SCALE, part[1] / _SCALE) if part[0] or part[1] else _NOTHING


def first_tariff(charge: Charge) -> Tariff | None:
    """The tariff at the start of the charging session, which a reservation precedes: its limits count (rule 32)."""
    stretches = charge.timeline.stretches
    charging = [plan for stretch, plan in zip(stretches, charge.plans, strict=True) if stretch.is_charging]
    return next((plan.tariff for plan in charging or charge.plans if plan is not None), None)


def _limited(charge: Charge, excl: Decimal | None, incl: Decimal | None) -> Limited:
    tariff = first_tariff(charge)
    if tariff is None or (tariff.min_price is None and tariff.max_price is None):
        total = Limited(excl, incl)
    else:
        total = limited_by(charge, tariff, excl, incl)
    if len(charge.tariff_ids) > 1:
        _report_other_limits(charge, tariff, excl, incl, total)
    return total


def limited_by(charge: Charge, tariff: Tariff, excl: Decimal | None, incl: Decimal | None) -> Limited:
    """Apply the limits of a tariff to the sums of a charge, which are scaled by 3600 as in `pricing`."""
    never_charged = not any(s.is_charging for s in charge.timeline.stretches)
    factors = {p.option.vat_factor for p in charge.priced}
    if not factors and tariff.taxes in (Taxes.ADDED, Taxes.INCLUDED):
        factors = {1 + (c.vat or ZERO) / 100 for element in tariff.elements for c in element.components}
    common = next(iter(factors)) if len(factors) == 1 else None
    return limit(excl, incl, tariff, _SCALE, has_floor=not never_charged, common_factor=common)


def _report_other_limits(
    charge: Charge, first: Tariff | None, excl: Decimal | None, incl: Decimal | None, total: Limited
) -> None:
    for plan in charge.plans:
        if plan is None or plan.tariff is first:
            continue
        other = limited_by(charge, plan.tariff, excl, incl)
        if other.excl != total.excl:
            words = f"the limits are those of the first tariff; with those of {plan.tariff.id} the total would differ"
            known = total.excl is not None and other.excl is not None
            at_stake = (total.excl - other.excl) / _SCALE if known else None  # type: ignore[operator]
            charge.warn("limits-of-several-tariffs", "$.tariffs", words, at_stake)
            return


def _limit_lines(charge: Charge, total: Limited) -> list[CostLine]:
    """What a limit moves is a line of its own, so that the lines add up to the total."""
    tariff = first_tariff(charge)
    assert tariff is not None, "a limit without a tariff"
    last = charge.timeline.stretches[-1].index
    return [
        CostLine(
            last,
            name,
            Decimal(1),
            "charge",
            _scaled(excl, incl).excl_vat or ZERO,
            None,
            _scaled(excl, incl),
            tariff.id,
            -1,
            f"the {name.lower()} of the tariff",
        )
        for name, excl, incl, _ in total.steps
    ]


def _billed(priced: Sequence[Priced]) -> BilledQuantities:
    energy = time = parking = reservation = ZERO
    for p in priced:
        if p.dimension == "ENERGY":
            energy += p.volume + p.added
        elif p.dimension == "TIME":
            time += p.volume + p.added
        elif p.dimension == "PARKING_TIME":
            parking += p.volume + p.added
        elif p.dimension == "RESERVATION_TIME":
            reservation += p.volume + p.added
    return BilledQuantities(energy, _minutes(time), _minutes(parking), _minutes(reservation))


def _minutes(seconds: Decimal) -> Decimal:
    return seconds / _MINUTE if seconds else ZERO
