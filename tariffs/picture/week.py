"""Which price counts at which time of the week, for charges in the situations that the tariff tells apart.

A week is looked at by the wall clock, Monday to Sunday. A tariff that also looks at energy, duration, power or
current has one table for each situation in which the week looks different.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import groupby, pairwise, product
from operator import mul
from typing import Final

from tariffs.plan import Option, Plan, choose
from tariffs.quantity import ZERO
from tariffs.restrictions import DAY, Moment
from tariffs.timeline import Clock

DIMENSIONS: Final = ("FLAT", "ENERGY", "TIME", "PARKING_TIME")
_MOST: Final = 64
_USUAL: Final = tuple(map(Decimal, ("11", "50", "150", "22", "3.7", "350")))
_TENTH: Final = Decimal("0.1")
_AMPERES_PER_KW: Final = Decimal(16) / Decimal(11)


@dataclass(frozen=True, slots=True)
class Situation:
    """A charge at a moment: kWh and seconds so far, its power, and its current; None where no element looks at it."""

    kwh: Decimal | None = None
    seconds: Decimal | None = None
    kw: Decimal | None = None
    amperes: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a day with one price: seconds since midnight; no price is free of charge."""

    start: int
    end: int
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Days that are alike (Monday is 0), with their bands from 0 to 24 o'clock."""

    days: tuple[int, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class WeekTable:
    """The week of one dimension, the same in all its situations; `is_everywhere` where there are no others."""

    dimension: str
    situations: tuple[Situation, ...]
    rows: tuple[WeekRow, ...]
    is_everywhere: bool


def tables_of(plan: Plan, monday: date) -> Iterator[WeekTable]:
    """Give out the tables of all dimensions that a tariff prices for charging, in the week that begins on a day."""
    for dimension in DIMENSIONS:
        options = plan.charging[dimension]
        found: dict[tuple[WeekRow, ...], list[Situation]] = {}
        for situation in _situations(plan) if options else ():
            if dimension != "FLAT" or not (situation.kwh or situation.seconds):  # it is due when charging begins
                found.setdefault(_rows(options, plan, situation, monday), []).append(situation)
        for rows, situations in found.items():
            if any(band.price is not None for row in rows for band in row.bands):
                yield WeekTable(dimension, tuple(situations), rows, len(found) == 1)


def first_day(plan: Plan, default: date) -> date:
    """Return a day on which elements with dates apply: the first start of any, else a default that is not too late."""
    restrictions = [element.restrictions for element in plan.tariff.elements]
    starts = [r.start_date for r in restrictions if r.start_date is not None]
    ends = [r.end_date - timedelta(days=1) for r in restrictions if r.end_date is not None and r.end_date > date.min]
    return min(starts) if starts else min([default, *ends])


def current_at(kw: Decimal) -> Decimal:
    """Return the current that goes with a power in the pictures: 16 A at 11 kW, three phases."""
    return (kw * _AMPERES_PER_KW).quantize(_TENTH)


def _situations(plan: Plan) -> Iterator[Situation]:
    """The situations that elements tell apart, the usual one first: all combinations, or one step away from it."""
    asked = [e.restrictions for e in plan.tariff.elements if e.restrictions.reservation is None]
    axes: tuple[list[Decimal | None], ...] = (
        _thresholds({r.min_kwh for r in asked} | {r.max_kwh for r in asked}),
        _thresholds({r.min_duration for r in asked} | {r.max_duration for r in asked}),
        _between({r.min_power for r in asked} | {r.max_power for r in asked}, _USUAL),
        _between({r.min_current for r in asked} | {r.max_current for r in asked}, tuple(map(current_at, _USUAL))),
    )
    if reduce(mul, map(len, axes)) <= _MOST:
        yield from (Situation(*values) for values in product(*axes))
        return
    usual = Situation(*(values[0] for values in axes))
    for name, values in zip(("kwh", "seconds", "kw", "amperes"), axes, strict=True):
        yield from (replace(usual, **{name: value}) for value in values)


def _thresholds(limits: set[Decimal | None]) -> list[Decimal | None]:
    """0 and every threshold above it; a single None where no element looks at it."""
    known = {limit for limit in limits if limit is not None}
    return [None] if not known else [ZERO, *sorted(limit for limit in known if limit > 0)]


def _between(limits: set[Decimal | None], usual: tuple[Decimal, ...]) -> list[Decimal | None]:
    """A usual value in each interval between limits, else its lower end; that with the first usual value first."""
    known = sorted({limit for limit in limits if limit is not None and limit > 0})
    if not known and limits <= {None}:
        return [None]
    found: list[Decimal] = []
    for low, high in pairwise([ZERO, *known, None]):
        assert low is not None, "only the last end is open"
        found.append(next((value for value in usual if low <= value and (high is None or value < high)), low))
    return sorted(found, key=lambda value: (value != usual[0], value))


def _rows(options: tuple[Option, ...], plan: Plan, situation: Situation, monday: date) -> tuple[WeekRow, ...]:
    days = [
        (weekday, tuple(_bands(options, plan, situation, monday + timedelta(days=weekday)))) for weekday in range(7)
    ]
    alike: dict[tuple[Band, ...], list[int]] = {}
    for weekday, bands in days:
        alike.setdefault(bands, []).append(weekday)
    return tuple(WeekRow(tuple(weekdays), bands) for bands, weekdays in alike.items())


def _bands(options: tuple[Option, ...], plan: Plan, situation: Situation, day: date) -> Iterator[Band]:
    marks = sorted({0, *(mark for mark in plan.clock_marks if mark < DAY)})
    spans = zip(marks, [*marks[1:], DAY], strict=True)
    looked = [(start, end, _price(options, situation, day, start)) for start, end in spans]
    for price, same in groupby(looked, key=lambda span: span[2]):
        stretch = list(same)
        yield Band(stretch[0][0], stretch[-1][1], price)


def _price(options: tuple[Option, ...], situation: Situation, day: date, second: int) -> Decimal | None:
    loads: dict[str, Decimal] = {}
    if situation.kw is not None:
        loads |= {"MIN_POWER": situation.kw, "MAX_POWER": situation.kw}
    if situation.amperes is not None:
        loads |= {"MIN_CURRENT": situation.amperes, "MAX_CURRENT": situation.amperes}
    clock = Clock(day, day.weekday(), second)
    option = choose(options, Moment(clock, situation.kwh or ZERO, situation.seconds or ZERO, loads, None))
    return None if option is None else option.component.price
