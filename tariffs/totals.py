"""Lines and totals of a priced charge: costs per dimension, VAT per component, limits, the sign of a credit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from tariffs.breakdown import UNKNOWN_COST, BilledQuantities, Breakdown, Cost, CostLine
from tariffs.cdr import Cdr
from tariffs.charge import Charge
from tariffs.findings import Finding
from tariffs.limits import Limited, limit
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.step_size import Priced
from tariffs.tariff import Tariff

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
_UNITS: Final = {
    "ENERGY": "kWh",
    "TIME": "s",
    "PARKING_TIME": "s",
    "FLAT": "charge",
    "RESERVATION_TIME": "s",
    "RESERVATION_FLAT": "charge",
}


def unpriced(cdr: Cdr, zone: str | None, tariff_ids: tuple[str, ...], findings: Sequence[Finding]) -> Breakdown:
    """The answer where no price can be made: every total unknown, never 0."""
    return Breakdown(cdr.currency, zone, tariff_ids, UNKNOWN_COST, findings=tuple(findings))


def total_up(cdr: Cdr, charge: Charge) -> Breakdown:
    """Sum the priced volumes, VAT by component (pricing rules 17 to 19, 22 and 24)."""
    sums: dict[str, list[Decimal]] = {part: [ZERO, ZERO] for part in _PART_NAMES}
    lines: list[CostLine] = []
    for p in charge.priced:
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
    total = _limited(charge, excl, incl)
    if total.steps:
        lines.extend(_limit_lines(charge, total))
    charge.findings.extend(total.findings)
    sign = -1 if cdr.credit else 1
    return Breakdown(
        cdr.currency,
        charge.zone_name,
        charge.tariff_ids,
        Cost(sign * total.excl / _SCALE, sign * total.incl / _SCALE),
        _cost(sums["energy"]),
        _cost(sums["time"]),
        _cost(sums["parking"]),
        _cost(sums["fixed"]),
        _cost(sums["reservation"]),
        _billed(charge.priced),
        tuple(lines),
        tuple(charge.findings),
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


def _cost(part: list[Decimal]) -> Cost:
    return Cost(part[0] / _SCALE, part[1] / _SCALE) if part[0] or part[1] else _NOTHING


def _first_tariff(charge: Charge) -> Tariff | None:
    """The tariff at the start of the charge: its limits count (pricing rule 32)."""
    return next((plan.tariff for plan in charge.plans if plan is not None), None)


def _limited(charge: Charge, excl: Decimal, incl: Decimal) -> Limited:
    tariff = _first_tariff(charge)
    if tariff is None or (tariff.min_price is None and tariff.max_price is None):
        total = Limited(excl, incl)
    else:
        total = _apply(charge, tariff, excl, incl)
    if len(charge.tariff_ids) > 1:
        _report_other_limits(charge, tariff, excl, incl, total)
    return total


def _apply(charge: Charge, tariff: Tariff, excl: Decimal, incl: Decimal) -> Limited:
    never_charged = not any(s.is_charging for s in charge.timeline.stretches)
    factors = {p.option.vat_factor for p in charge.priced}
    common = next(iter(factors)) if len(factors) == 1 else None
    return limit(excl, incl, tariff, _SCALE, has_floor=not never_charged, common_factor=common)


def _report_other_limits(charge: Charge, first: Tariff | None, excl: Decimal, incl: Decimal, total: Limited) -> None:
    for plan in charge.plans:
        if plan is None or plan.tariff is first:
            continue
        other = _apply(charge, plan.tariff, excl, incl)
        if other.excl != total.excl:
            words = f"the limits are those of the first tariff; with those of {plan.tariff.id} the total would differ"
            charge.warn("limits-of-several-tariffs", "$.tariffs", words, (total.excl - other.excl) / _SCALE)
            return


def _limit_lines(charge: Charge, total: Limited) -> list[CostLine]:
    """What a limit moves is a line of its own, so that the lines add up to the total."""
    tariff = _first_tariff(charge)
    if tariff is None:
        return []
    last = charge.timeline.stretches[-1].index
    return [
        CostLine(
            last,
            name,
            Decimal(1),
            "charge",
            excl / _SCALE,
            None,
            Cost(excl / _SCALE, incl / _SCALE),
            tariff.id,
            -1,
            f"the {name.lower()} of the tariff",
        )
        for name, excl, incl in total.steps
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
