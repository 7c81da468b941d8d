"""verify(cdr, breakdown): what a CDR claims against what its tariff makes of it, and against itself.

Every total but `total_cost` is compared here; how far `total_cost` may be off is for the agreement of the two parties
to say. The tolerance of an amount is half a minor unit of its currency (pricing rules 21 to 24).
"""

from decimal import Decimal, localcontext
from typing import Final

from tariffs.breakdown import Breakdown, Cost
from tariffs.cdr import Cdr, Claim
from tariffs.findings import Finding, Severity, renamed
from tariffs.money import half_minor
from tariffs.quantity import SECONDS_PER_HOUR, WIDE, ZERO
from tariffs.timeline import Timeline, seconds_between, walk

ENERGY_SLACK: Final = Decimal("0.001")
VOLUME_SLACK: Final = Decimal("0.0001")
TIME_SLACK: Final = Decimal(60)
"""A minute: durations travel in hours with two to four decimals, and a stop is noticed within seconds."""


def verify(cdr: Cdr, breakdown: Breakdown) -> tuple[Finding, ...]:
    """Compare the parts a CDR claims with those computed, and its totals with its periods; severities W and I."""
    if cdr.unreadable:
        return ()
    with localcontext(WIDE):
        timeline = walk(cdr)
        found = (
            *_parts(cdr, breakdown),
            *_sum_of_parts(cdr, breakdown),
            *_energy(cdr, breakdown),
            *_signed_energy(cdr, breakdown),
            *_times(cdr, timeline),
            *_credit(cdr),
            *_home_charging(cdr),
        )
    return tuple(renamed(found, cdr.wire_names)) if found and cdr.wire_names else found


def _parts(cdr: Cdr, breakdown: Breakdown) -> list[Finding]:
    """Fixed and parking together: nothing tells which FLAT belongs to parking (pricing rule 22)."""
    if not breakdown.priced:
        return []
    found: list[Finding] = []
    pairs: list[tuple[str, Claim | None, Cost]] = [
        ("total_energy_cost", cdr.total_energy_cost, breakdown.total_energy_cost),
        ("total_time_cost", cdr.total_time_cost, breakdown.total_time_cost),
        ("total_reservation_cost", cdr.total_reservation_cost, breakdown.total_reservation_cost),
    ]
    fixed, parking = cdr.total_fixed_cost, cdr.total_parking_cost
    if fixed is not None and parking is not None:
        together = Claim(_sum(fixed.excl_vat, parking.excl_vat))
        ours = Cost(_sum(breakdown.total_fixed_cost.excl_vat, breakdown.total_parking_cost.excl_vat), None)
        pairs.append(("total_fixed_cost", together, ours))
    else:
        pairs.append(("total_fixed_cost", fixed, breakdown.total_fixed_cost))
        pairs.append(("total_parking_cost", parking, breakdown.total_parking_cost))
    slack = half_minor(cdr.currency)
    for name, claim, cost in pairs:
        if claim is None:
            continue
        side, stated, computed = "excluding VAT", claim.excl_vat, cost.excl_vat
        if computed is None:  # the tariff states its prices including taxes, and no rates
            side, stated, computed = "including taxes", claim.incl_vat, cost.incl_vat
        if stated is None or computed is None:
            continue
        claimed = abs(stated) if cdr.credit else stated
        if abs(claimed - computed) > slack:
            words = f"the CDR claims {stated:f} {side}, the tariff makes {_short(computed)}"
            found.append(_finding("part-claim-differs", "W", f"$.{name}", words, claimed - computed))
    return found


def _sum_of_parts(cdr: Cdr, breakdown: Breakdown) -> list[Finding]:
    """The parts a CDR claims add up to its total, unless a part is absent that should be there or a limit met."""
    total = cdr.total_cost.excl_vat if cdr.total_cost is not None else None
    if total is None or not breakdown.priced:
        return []  # Without the tariff nobody knows whether a min_price or max_price makes the difference.
    stated: list[Decimal] = []
    for claim, cost in (
        (cdr.total_energy_cost, breakdown.total_energy_cost),
        (cdr.total_time_cost, breakdown.total_time_cost),
        (cdr.total_parking_cost, breakdown.total_parking_cost),
        (cdr.total_fixed_cost, breakdown.total_fixed_cost),
        (cdr.total_reservation_cost, breakdown.total_reservation_cost),
    ):
        if claim is None:
            if cost.excl_vat:
                return []
        elif claim.excl_vat is not None:
            stated.append(claim.excl_vat)
    if not stated or any(line.dimension in ("MIN_PRICE", "MAX_PRICE") for line in breakdown.lines):
        return []
    sum_of_parts = sum((abs(part) if cdr.credit else part for part in stated), ZERO)
    difference = sum_of_parts - (abs(total) if cdr.credit else total)
    if abs(difference) <= half_minor(cdr.currency) * len(stated):
        return []
    words = f"the parts add up to {_short(sum_of_parts)} excluding VAT, total_cost is {_short(total)}"
    return [_finding("parts-differ-from-total", "W", "$.total_cost", words, difference)]


def _energy(cdr: Cdr, breakdown: Breakdown) -> list[Finding]:
    stated = [d.volume for p in cdr.periods for d in p.dimensions if d.type == "ENERGY"]
    if cdr.total_energy is None or not stated:
        return []
    total = sum(stated, ZERO)
    difference = cdr.total_energy - total
    if abs(difference) <= max(ENERGY_SLACK, VOLUME_SLACK * len(stated)):
        return []
    money = _worth(difference, breakdown)
    name = "kwh" if cdr.is_session else "total_energy"
    words = f"{name} is {cdr.total_energy:f} kWh, the charging periods add up to {_short(total)}; those are priced"
    return [_finding("energy-sum-differs", "W", "$.total_energy", words, money)]


def _worth(kwh: Decimal, breakdown: Breakdown) -> Decimal | None:
    """An energy at the last price of energy that was used."""
    line = next((line for line in reversed(breakdown.lines) if line.dimension == "ENERGY"), None)
    return None if line is None else kwh * line.price


def _signed_energy(cdr: Cdr, breakdown: Breakdown) -> list[Finding]:
    """The signed meter readings against total_energy; the readings are exact to their last decimal (rule 26)."""
    metered, total = cdr.metered_energy, cdr.total_energy
    if metered is None or total is None:
        return []
    if abs(total - metered) <= max(ENERGY_SLACK, Decimal(1).scaleb(int(metered.as_tuple().exponent))):
        return []
    words = f"total_energy is {total:f} kWh, by the signed meter readings {_short(metered)} kWh were charged"
    return [_finding("signed-data-differs", "W", "$.signed_data", words, _worth(total - metered, breakdown))]


def _times(cdr: Cdr, timeline: Timeline) -> list[Finding]:
    found: list[Finding] = []
    if cdr.total_parking_time is not None:
        parking = sum((s.volumes.get("PARKING_TIME", ZERO) for s in timeline.stretches), ZERO)
        gap = cdr.total_parking_time * SECONDS_PER_HOUR - parking
        if gap < -TIME_SLACK:
            words = f"the charging periods state {_short(-gap)} s more parking than total_parking_time"
            found.append(_finding("parking-time-exceeds-total", "W", "$.total_parking_time", words))
        elif gap > TIME_SLACK:
            words = (
                f"total_parking_time is {_short(gap)} s more than the periods state, as free parking may be left out"
            )
            found.append(_finding("parking-time-gap", "I", "$.total_parking_time", words))
    if cdr.total_time is not None:
        found.extend(_duration(cdr, cdr.total_time * SECONDS_PER_HOUR, timeline))
    return found


def _duration(cdr: Cdr, total: Decimal, timeline: Timeline) -> list[Finding]:
    """`total_time` is the charging session from start to end, not the sum of TIME (OCPI mod_cdrs, total_time)."""
    found: list[Finding] = []
    used = ZERO
    for stretch in timeline.stretches:
        volumes = stretch.volumes
        used += volumes.get("TIME", ZERO) + volumes.get("PARKING_TIME", ZERO)
    if used > total + TIME_SLACK:
        words = f"charging and parking add up to {_short(used)} s, total_time is {_short(total)} s"
        found.append(_finding("time-sum-exceeds-total", "W", "$.total_time", words))
    if cdr.start is None or cdr.end is None or cdr.end < cdr.start:
        return found
    if timeline.session_start is None:
        reserved = sum((s.volumes.get("RESERVATION_TIME", ZERO) for s in timeline.stretches), ZERO)
        if total <= TIME_SLACK or abs(total - reserved) <= TIME_SLACK:
            return found
    session = seconds_between(max(cdr.start, timeline.session_start or cdr.start), cdr.end)
    whole = seconds_between(cdr.start, cdr.end)
    if abs(total - session) <= TIME_SLACK:
        return found
    if abs(total - whole) <= TIME_SLACK:
        words = "total_time counts from start_date_time, before charging began"
        found.append(_finding("total-time-counts-reservation", "I", "$.total_time", words))
        return found
    words = f"total_time is {_short(total)} s, from start to end are {_short(session)} s"
    found.append(_finding("duration-differs", "W", "$.total_time", words))
    return found


def _credit(cdr: Cdr) -> list[Finding]:
    """Of a credit only total_cost is negative (OCPI mod_cdrs, credit CDRs)."""
    if not cdr.credit:
        return []
    found: list[Finding] = []
    total = cdr.total_cost.excl_vat if cdr.total_cost is not None else None
    if total is not None and total > 0:
        words = "the total_cost of a credit CDR is to be negative"
        found.append(_finding("credit-not-negative", "W", "$.total_cost", words, total))
    parts = (
        *(cdr.total_energy_cost, cdr.total_time_cost, cdr.total_parking_cost),
        *(cdr.total_fixed_cost, cdr.total_reservation_cost),
    )
    if any(c is not None and c.excl_vat is not None and c.excl_vat < 0 for c in parts):
        words = "a credit CDR negates total_cost only; here parts are negative as well, which is accepted"
        found.append(_finding("credit-parts-negated", "W", "$.credit", words))
    return found


def _home_charging(cdr: Cdr) -> list[Finding]:
    """A compensation is priced as usual; in which direction the money goes is for settlement (pricing rule 25)."""
    if not cdr.home_charging_compensation:
        return []
    words = "charged at the driver's home: the cost is to be paid back to the driver; priced as usual"
    return [_finding("home-charging-compensation", "I", "$.home_charging_compensation", words)]


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first + second


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"


def _finding(code: str, severity: str, path: str, words: str, money: Decimal | None = None) -> Finding:
    return Finding(code, Severity(severity), path, words, money)
