"""Courses that pass through a region in which a price component counts: when, how long, with how much energy and power.

The points tried are few and always the same; whether a course shows what it should is for the trial to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from tariffs.generate.course import CHARGE, PARK, RESERVE, Course, Ground, Leg, Loads
from tariffs.lint.region import (
    DATE,
    DURATION,
    EVERYWHERE,
    HIGH_CURRENT,
    HIGH_POWER,
    KWH,
    LOW_CURRENT,
    LOW_POWER,
    WEEK,
    Region,
    Spans,
)
from tariffs.quantity import SECONDS_PER_HOUR, WIDE, ZERO
from tariffs.restrictions import DAY

LONG: Final = 1800
"""Seconds for which a course stays where it should be, when there is room."""
_UNEVEN: Final = 60
"""Seconds that charging before parking falls short of half the time, so that a step of it would be seen."""
_MORNING: Final = 10 * 3600
_DAYS: Final = 15
_MOST_SECONDS: Final = 40 * DAY
_MOST_KWH: Final = Decimal(10**9)
_USUAL_KW: Final = tuple(map(Decimal, ("11", "50", "22", "150", "3.7", "7.4", "300", "350")))
_USUAL_A: Final = tuple(map(Decimal, ("16", "32", "63", "6", "10", "125", "250", "500")))
_BATTERY: Final = Decimal(60)
_TENTH: Final = Decimal("0.1")
_FOUR_DECIMALS: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Point:
    """A moment in a region: seconds and kWh since the start, and for how many of each the region goes on."""

    at: datetime
    elapsed: int
    kwh: Decimal
    room: int
    kwh_room: Decimal


@dataclass(frozen=True, slots=True)
class Flow:
    """The power at which energy flows, and what a period says about power and current."""

    kw: Decimal
    loads: Loads


def points(region: Region, ground: Ground) -> Iterator[Point]:
    """Give out moments in a region: on several days, at several times, after several durations and energies."""
    for day, start, end in day_windows(region, ground):
        for second in _seconds(start, end, ground):
            at = ground.instant(day, second)
            if at is None:
                continue
            for elapsed, room, kwh, kwh_room in _progress(region, ground):
                yield Point(at, elapsed, kwh, min(end - second, room), kwh_room)


def day_windows(region: Region, ground: Ground) -> Iterator[tuple[date, int, int]]:
    """Give out days of a region, the first day of the ground and later ones first, each with a window in seconds."""
    for ordinal in _days(region[DATE], ground.first_day.toordinal()):
        day = date.fromordinal(ordinal)
        midnight = day.weekday() * DAY
        for low, high in region[WEEK]:
            start, end = max(int(low) - midnight, 0), min(int(high) - midnight, DAY)
            if start < end:
                yield day, start, end


def _days(spans: Spans, first: int) -> Iterator[int]:
    for low, high in spans:
        start = max(int(low), first) if low < first or low > 0 else first
        if start < high:
            yield from range(start, int(min(high, Decimal(start + _DAYS), Decimal(date.max.toordinal()))))
        else:
            yield from range(int(max(low, high - _DAYS, Decimal(1))), int(high))


def _seconds(start: int, end: int, ground: Ground) -> Iterator[int]:
    """Seconds of a window: mid-morning where there is an hour for it, its start, middle and end, and the marks."""
    seconds = [_MORNING] if start <= _MORNING <= end - 3600 else []
    seconds += [start, (start + end) // 2, end - 1]
    for mark in ground.plan.clock_marks:
        seconds += [mark - 1, mark]
    yield from dict.fromkeys(second for second in seconds if start <= second < end)


def _progress(region: Region, ground: Ground) -> Iterator[tuple[int, int, Decimal, Decimal]]:
    """Durations with the room after them, energies with the room above them."""
    for least, most in region[KWH]:
        kwh = least if least > 0 else most - 1 if most <= 0 else ZERO
        if abs(kwh) > _MOST_KWH:
            continue
        for low, high in region[DURATION]:
            first = int(max(low, ZERO).to_integral_value(ROUND_CEILING))
            last = int(min(high, Decimal(_MOST_SECONDS)).to_integral_value(ROUND_CEILING)) - 1
            natural = int((abs(kwh) * SECONDS_PER_HOUR / 22).to_integral_value(ROUND_CEILING))
            marks = [int(mark) for mark in ground.plan.duration_marks]
            marks += [last] if high < _MOST_SECONDS else []
            for elapsed in dict.fromkeys((max(min(natural, last), first), first, *marks)):
                if first <= elapsed <= last and (elapsed > 0 or kwh == 0):
                    yield elapsed, int(min(high, Decimal(10**9))) - elapsed, kwh, most - kwh


def flows(region: Region, ground: Ground, kind: str) -> Iterator[Flow]:
    """Give out powers and currents of a region: steady ones, else ones that vary within the period."""
    if kind == RESERVE:
        yield Flow(ZERO, ())
        return
    kws = ((ZERO, *_USUAL_KW) if kind == PARK else (*_USUAL_KW, ZERO)) if ground.has_power else _USUAL_KW[:1]
    powers = list(_between(region[LOW_POWER], region[HIGH_POWER], kws, is_steady=ground.version == "2.1.1"))
    currents = list(_between(region[LOW_CURRENT], region[HIGH_CURRENT], _USUAL_A, is_steady=False))
    for low, high in powers:
        for least, most in currents[:1]:
            loads: Loads = ()
            if ground.has_power and ground.version != "2.1.1":  # which has no dimension for power
                loads += (("MIN_POWER", low), ("MAX_POWER", high))
            if ground.has_current:
                loads += (("MIN_CURRENT", least), ("MAX_CURRENT", most))
            is_flowing = kind == CHARGE or (ground.has_power and low > 0)
            yield Flow(max(high if low == high else (low + high) / 2, ZERO) if is_flowing else ZERO, loads)


def _between(
    lows: Spans, highs: Spans, usual: tuple[Decimal, ...], *, is_steady: bool
) -> Iterator[tuple[Decimal, Decimal]]:
    """Lowest and highest values of a period, each in its spans."""
    edges = [edge for span in (*lows, *highs) for edge in span if abs(edge) < _MOST_KWH]
    near = [value for edge in edges for value in (edge, edge + _TENTH, edge - _TENTH, edge / 2)]
    values = list(dict.fromkeys((*usual, *(value for value in near if value >= 0), *near)))
    for value in values:
        if _holds(lows, value) and _holds(highs, value):
            yield value, value
    for low in () if is_steady else values:
        for high in values:
            if low < high and _holds(lows, low) and _holds(highs, high):
                yield low, high


def _holds(spans: Spans, value: Decimal) -> bool:
    return any(low <= value < high for low, high in spans)


def approach(point: Point, flow: Flow, ground: Ground, kind: str, *, is_late: bool = False) -> tuple[Leg, ...]:
    """The legs from the start of a charge to a point; `is_late` lets the energy flow in the last second only."""
    if not point.elapsed:
        return ()
    if kind == RESERVE:
        return (Leg(RESERVE, point.elapsed),)
    if is_late and point.elapsed > 1:
        return (
            lead(point.elapsed - 1, ZERO, flow, ground),
            lead(1, point.kwh, flow, ground),
        )
    kwh = point.kwh
    if not kwh and not ground.plan.kwh_marks and not ground.has_power:  # nothing looks at energy: let some flow
        kwh = min(energy(_USUAL_KW[0], point.elapsed), _BATTERY)
    return (lead(point.elapsed, kwh, flow, ground),)


def lead(seconds: int, kwh: Decimal, flow: Flow, ground: Ground) -> Leg:
    """Return a leg of charging at the mean power that its energy makes, with the current of a flow."""
    mean = (WIDE.divide(kwh * SECONDS_PER_HOUR, Decimal(seconds))).quantize(_FOUR_DECIMALS, context=WIDE)
    loads = tuple((name, mean if name.endswith("POWER") else value) for name, value in flow.loads)
    return Leg(CHARGE, seconds, kwh, loads)


def stay(point: Point, flow: Flow, kind: str, most: int = LONG) -> Leg:
    """Return the leg that begins at a point and stays in its region, for at most so many seconds."""
    seconds = max(min(most, point.room), 1)
    kwh = energy(flow.kw, seconds)
    if kwh > point.kwh_room:
        whole = int((point.kwh_room * SECONDS_PER_HOUR / flow.kw).to_integral_value(ROUND_FLOOR))
        seconds = max(whole, 1)
        kwh = min(energy(flow.kw, seconds), point.kwh_room)
    return Leg(kind, seconds, kwh, flow.loads)


def energy(kw: Decimal, seconds: int) -> Decimal:
    """Return the energy of a steady power, in kWh of four decimals."""
    return WIDE.divide(kw * seconds, SECONDS_PER_HOUR).quantize(_FOUR_DECIMALS, context=WIDE)


def usual_charge(ground: Ground, seconds: int) -> Leg:
    """Return a leg of charging as it usually goes, for after a reservation."""
    flow = next(flows(EVERYWHERE, ground, CHARGE))
    return Leg(CHARGE, seconds, energy(flow.kw, seconds), flow.loads)


def courses(region: Region, ground: Ground, kind: str, *, is_used: bool, is_late: bool = False) -> Iterator[Course]:
    """Give out courses that pass through a region; with `is_used` a reservation is followed by a charge."""
    known = list(flows(region, ground, kind))[:4]
    for point in points(region, ground):
        for flow in known:
            before = approach(point, flow, ground, kind, is_late=is_late)
            start = point.at - timedelta(seconds=point.elapsed)
            half = stay(point, flow, CHARGE, min(LONG - 2 * _UNEVEN, point.room) // 2)
            if kind == PARK and point.room > 2 and not flow.loads and half.kwh < point.kwh_room:
                left = min(LONG, point.room) - half.seconds
                yield Course(start, (*before, half, Leg(PARK, left)))
                continue
            legs = (*before, stay(point, flow, kind))
            yield Course(start, (*legs, usual_charge(ground, LONG)) if is_used else legs)
