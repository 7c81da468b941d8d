"""The thresholds of an element, each with courses that pass from the one side of it to the other.

The period before a threshold ends with a last second (or hundredth of a kWh, or tenth of a kW) of its own, so that a
pricer which is off by one of them is found out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final

from tariffs.generate.course import CHARGE, PARK, RESERVE, Course, Ground, Leg
from tariffs.generate.reach import EXPIRED, USED, Component
from tariffs.generate.trial import Trial
from tariffs.generate.witness import Flow, Point, approach, energy, flows, lead, points, stay, usual_charge
from tariffs.lint.region import (
    DATE,
    DURATION,
    HIGH_CURRENT,
    HIGH_POWER,
    KWH,
    LOW_CURRENT,
    LOW_POWER,
    WEEK,
    Region,
    Span,
    Spans,
    region_of,
)
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.restrictions import DAY
from tariffs.tariff import Restrictions

SIDE: Final = 720
"""Seconds on either side of a threshold, when there is room: 0.2 h, which four decimals hold exactly."""
_HUNDREDTH: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")
_WEEK: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class Edge:
    """One threshold of an element: `field` is its name in OCPI, `says` it for people.

    On `axis` the element applies from `value` on (`enters`) or below it; of a weekday or a time of day there are
    several values, one for each day.
    """

    field: str
    axis: int
    values: frozenset[Decimal]
    enters: bool
    says: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """A course with the leg that begins at the threshold, counted from 0."""

    course: Course
    leg: int


def edges_of(r: Restrictions) -> Iterator[Edge]:
    """Give out the thresholds that the restrictions of an element have, in the order of OCPI."""
    week = [Decimal(day * DAY) for day in range(8)]
    days = range(7) if r.day_of_week is None else sorted(r.day_of_week)
    is_whole_day = (r.start_time or 0) == (r.end_time or DAY) or (not r.start_time and (r.end_time or DAY) >= DAY)
    for field, time, enters in (("start_time", r.start_time, True), ("end_time", r.end_time, False)):
        if time is not None and not is_whole_day:
            at = (time or DAY) if not enters else time
            values = frozenset(week[day] + at for day in days)
            yield Edge(field, WEEK, values, enters, f"{field} {at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}")
    for field, day, enters in (("start_date", r.start_date, True), ("end_date", r.end_date, False)):
        if day is not None:
            yield Edge(field, DATE, frozenset({Decimal(day.toordinal())}), enters, f"{field} {day.isoformat()}")
    for field, axis, limit, unit in (
        *(("min_kwh", KWH, r.min_kwh, "kWh"), ("max_kwh", KWH, r.max_kwh, "kWh")),
        *(("min_current", LOW_CURRENT, r.min_current, "A"), ("max_current", HIGH_CURRENT, r.max_current, "A")),
        *(("min_power", LOW_POWER, r.min_power, "kW"), ("max_power", HIGH_POWER, r.max_power, "kW")),
        *(("min_duration", DURATION, r.min_duration, "s"), ("max_duration", DURATION, r.max_duration, "s")),
    ):
        if limit is not None:
            yield Edge(field, axis, frozenset({limit}), field.startswith("min"), f"{field} {limit:f} {unit}")
    if r.day_of_week is not None and len(r.day_of_week) < 7:
        yield Edge("day_of_week", WEEK, frozenset(week), True, "day_of_week, the day before")
        yield Edge("day_of_week", WEEK, frozenset(week), False, "day_of_week, the day after")


def crossings(edge: Edge, component: Component, ground: Ground) -> Iterator[Crossing]:
    """Give out courses that pass a threshold while everything else stays where the component counts."""
    for region in component.regions:
        for span in region[edge.axis]:
            if (span[0] if edge.enters else span[1]) in edge.values:
                yield from _crossing(edge, component, _with(region, edge.axis, (span,)), ground)


def _crossing(edge: Edge, component: Component, region: Region, ground: Ground) -> Iterator[Crossing]:
    kind = _kind(component)
    if edge.axis in (LOW_CURRENT, HIGH_CURRENT, LOW_POWER, HIGH_POWER):
        yield from _by_load(edge, region, ground, kind)
        return
    inside = _at_edge(edge, region)
    for flow in list(flows(region, ground, kind))[:2]:
        for point in points(inside, ground):
            # `point` is the first moment inside, or the last one; the threshold is then one step further.
            if edge.axis == KWH:
                crossing = _by_energy(edge, point, flow, ground, kind)
            else:
                crossing = _by_clock(edge, point, flow, ground, kind)
            if crossing is not None and component.context == USED:
                legs = (*crossing.course.legs, usual_charge(ground, SIDE))
                crossing = replace(crossing, course=replace(crossing.course, legs=legs))
            if crossing is not None:
                yield crossing


def _kind(component: Component) -> str:
    if component.context in (USED, EXPIRED):
        return RESERVE
    return PARK if component.dimension == "PARKING_TIME" else CHARGE


def _at_edge(edge: Edge, region: Region) -> Region:
    """A region of only the first or the last step inside a threshold."""
    low, high = region[edge.axis][0]
    step = _HUNDREDTH if edge.axis == KWH else Decimal(1)
    span: Span = (low, min(low + step, high)) if edge.enters else (max(high - step, low), high)
    return _with(region, edge.axis, (span,))


def _by_clock(edge: Edge, point: Point, flow: Flow, ground: Ground, kind: str) -> Crossing | None:
    """A course past an instant: of the clock, of a date (its midnight), or of the time since the start."""
    at, elapsed = point.at, point.elapsed
    if edge.axis == DATE:
        midnight = _midnight(point, ground, edge)
        if midnight is None:
            return None
        at, elapsed = midnight, max(elapsed, 1 + SIDE)
    elif not edge.enters:
        at, elapsed = at + timedelta(seconds=1), elapsed + 1
    elif edge.axis == WEEK and not elapsed:
        elapsed = 1 + SIDE
    before = elapsed - 1
    if before < 0:
        return None
    legs: list[Leg] = []
    kwh = point.kwh
    if before:
        flowing = min(energy(flow.kw, before), kwh) if kwh else energy(flow.kw, before)
        legs.append(_leg(kind, before, kwh or flowing, flow, ground))
    legs.append(_leg(kind, 1, energy(flow.kw, 1), flow, ground))
    after = stay(replace(point, room=max(point.room, SIDE)), flow, kind, SIDE)
    return Crossing(Course(at - timedelta(seconds=elapsed), (*legs, after)), len(legs))


def _midnight(point: Point, ground: Ground, edge: Edge) -> datetime | None:
    day = point.at.astimezone(ground.place.zone).date()
    return ground.instant(day if edge.enters else date.fromordinal(day.toordinal() + 1), 0)


def _leg(kind: str, seconds: int, kwh: Decimal, flow: Flow, ground: Ground) -> Leg:
    if kind == CHARGE:
        leg = lead(seconds, kwh, flow, ground)
        return replace(leg, loads=flow.loads)
    return Leg(kind, seconds, kwh if kind == PARK and flow.kw else ZERO, flow.loads)


def _by_energy(edge: Edge, point: Point, flow: Flow, ground: Ground, kind: str) -> Crossing | None:
    """A course past a kWh threshold: to a hundredth before it, that hundredth, and on."""
    (limit,) = edge.values
    if limit < _HUNDREDTH or kind == RESERVE or not flow.kw:
        return None
    last = int((_HUNDREDTH * SECONDS_PER_HOUR / flow.kw).to_integral_value(ROUND_CEILING))
    before = limit - _HUNDREDTH
    steady = int((before * SECONDS_PER_HOUR / flow.kw).to_integral_value(ROUND_CEILING))
    seconds = max(point.elapsed - last if edge.enters else point.elapsed, 1)
    if point.elapsed <= last:
        seconds = max(steady, 1)
    legs = [lead(seconds, before, flow, ground)] if before else []
    legs.append(Leg(kind, last, _HUNDREDTH, flow.loads))
    elapsed = seconds * bool(before) + last
    start = point.at - timedelta(seconds=elapsed if edge.enters else elapsed - last)
    after = stay(replace(point, room=SIDE, kwh_room=Decimal(10**9)), flow, kind, SIDE)
    return Crossing(Course(start, (*legs, after)), len(legs))


def _by_load(edge: Edge, region: Region, ground: Ground, kind: str) -> Iterator[Crossing]:
    """Courses whose power or current steps past a limit: a tenth below it, and exactly at it."""
    (limit,) = edge.values
    below = limit - _TENTH if limit > _TENTH else limit / 2
    if limit <= 0:
        return
    name = "POWER" if edge.axis in (LOW_POWER, HIGH_POWER) else "CURRENT"
    for flow in list(flows(region, ground, kind))[:2]:
        for point in points(region, ground):
            before = approach(point, flow, ground, kind)
            sides = [_steady(flow, name, value) for value in (below, limit)]
            legs = [stay(point, side, kind, SIDE) for side in sides]
            start = point.at - timedelta(seconds=point.elapsed)
            yield Crossing(Course(start, (*before, *legs)), len(before) + 1)


def _steady(flow: Flow, name: str, value: Decimal) -> Flow:
    loads = tuple((load, value if load.endswith(name) else old) for load, old in flow.loads)
    return Flow(value if name == "POWER" and flow.kw else flow.kw, loads)


def beside(edge: Edge, region: Region, r: Restrictions) -> Iterator[tuple[Region, Region]]:
    """Give out regions just inside and just outside a threshold, for two charges that each begin on one side."""
    if edge.field == "day_of_week":
        other_days = replace(r, day_of_week=frozenset(range(7)) - (r.day_of_week or frozenset()))
        return iter([(region, _with(region, WEEK, region_of(other_days)[WEEK]))])
    return _beside_limit(edge, region)


def _beside_limit(edge: Edge, region: Region) -> Iterator[tuple[Region, Region]]:
    step = {WEEK: Decimal(SIDE), KWH: _HUNDREDTH, DURATION: Decimal(1), DATE: Decimal(1)}.get(edge.axis, _TENTH)
    # A day may be ruled out by its weekday: then the nearest one on the same side within a week.
    steps = [n * step for n in range(1, 8)] if edge.axis == DATE else [step]
    for low, high in region[edge.axis]:
        for near in steps if (low if edge.enters else high) in edge.values else ():
            if edge.enters:
                inside, outside = (low, min(low + near, high)), (low - near, low)
            else:
                after = high % _WEEK if edge.axis == WEEK else high  # the week begins anew
                inside = (max(high - (1 if edge.axis == WEEK else near), low), high)
                outside = (after, after + near)
            yield _with(region, edge.axis, (inside,)), _with(region, edge.axis, (outside,))


def _with(region: Region, axis: int, spans: Spans) -> Region:
    return (*region[:axis], spans, *region[axis + 1 :])


def passes(trial: Trial, crossing: Crossing, edge: Edge, component: Component) -> bool:
    """Whether the element of a component prices one side of a threshold and not the other, in one dimension."""
    at = crossing.course.after(crossing.leg)
    after = next(n for n, piece in enumerate(trial.pieces) if piece.start == at)
    sides = [trial.by_period[after - 1].get(component.line), trial.by_period[after].get(component.line)]
    if component.dimension == "FLAT" and not edge.enters:
        return False  # it is due once, at its first moment: its end is seen only in another charge
    return (sides[1] if edge.enters else sides[0]) == component.element and sides[0] != sides[1]
