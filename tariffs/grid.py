"""Where each element of a tariff applies, found out once: by time of day, weekday, date, energy and duration.

Every restriction looks at one thing of a moment only, and an element applies where all of its restrictions are met.
So each test is asked once between two thresholds of what it looks at; the answers of all elements stand in a number,
bit 1 for the first element, bit 2 for the second. What applies at a moment are the bits that all five numbers have in
common, and the first element that prices a dimension counts, as in `tariffs.plan.choose`, whose tests these are. Bit 0
is for energies that miss a threshold so closely that a finding may say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from tariffs.plan import Option, Plan
from tariffs.quantity import WIDE, ZERO
from tariffs.restrictions import NEAR_KWH, Moment, Test, aspects_of
from tariffs.tariff import UNRESTRICTED
from tariffs.timeline import Clock

_MONDAY: Final = date(2024, 1, 1)
_A_DAY: Final = timedelta(days=1)
_ONE: Final = Decimal(1)
_WEEK: Final = tuple(Clock(_MONDAY + weekday * _A_DAY, weekday, 0) for weekday in range(7))
NEAR: Final = 1
_Parts = list[tuple[int, Test]]


@dataclass(slots=True, eq=False)
class Grid:
    """Of a plan without loads: which elements apply from a threshold on, up to the next one.

    The thresholds stand in their order. `by_second` has an entry for each of `seconds`, the first of which is 0; the
    other lists begin with an entry for what lies before the first threshold.
    """

    seconds: tuple[int, ...]
    by_second: list[int]
    by_weekday: list[int]
    """Monday first; empty where no element looks at weekdays."""
    days: list[date]
    by_day: list[int]
    kwhs: list[Decimal]
    by_kwh: list[int]
    durations: tuple[Decimal, ...]
    by_duration: list[int]


def grid_of(plan: Plan) -> Grid:
    """Return the grid of a plan; of restrictions of power and current it knows nothing."""
    parts = _parts(plan)
    moment = Moment(_WEEK[0], ZERO, ZERO, {}, None)
    seconds: tuple[int, ...] = (0,)
    every = (2 << len(plan.tariff.elements)) - 1
    by_second, by_day = [every], [every]
    by_weekday: list[int] = []
    days: list[date] = []
    if "second" in parts:
        seconds = plan.clock_marks
        by_second = _by_clock(parts["second"], [_at(second) for second in seconds], moment, every)
    if "weekday" in parts:
        by_weekday = _by_clock(parts["weekday"], _WEEK, moment, every)
    if "day" in parts:
        days = _days(plan)
        before = days[0] - _A_DAY if days[0] > date.min else days[0]
        by_day = _by_clock(parts["day"], [Clock(day, 0, 0) for day in (before, *days)], moment, every)
    kwhs, by_kwh = _by_kwh(plan, parts.get("kwh", []), moment, every)
    return Grid(
        seconds,
        by_second,
        by_weekday,
        days,
        by_day,
        kwhs,
        by_kwh,
        plan.duration_marks,
        _by_duration(plan, parts.get("duration", []), moment, every),
    )


def bit_of(option: Option) -> int:
    """Return the bit of the element that an option belongs to."""
    return 2 << option.element


def _parts(plan: Plan) -> dict[str, _Parts]:
    """The tests by what they look at, each with the bit of its element."""
    parts: dict[str, _Parts] = {}
    for index, element in enumerate(plan.tariff.elements):
        if element.restrictions is not UNRESTRICTED:
            for aspect, test in aspects_of(element.restrictions):
                parts.setdefault(aspect, []).append((2 << index, test))
    return parts


def _days(plan: Plan) -> list[date]:
    restrictions = [element.restrictions for element in plan.tariff.elements]
    return sorted({day for r in restrictions for day in (r.start_date, r.end_date) if day is not None})


def _applying(parts: _Parts, moment: Moment, every: int) -> int:
    """All elements but those that a test rules out."""
    for bit, test in parts:
        if every & bit and not test(moment):
            every -= bit
    return every


def _by_clock(parts: _Parts, clocks: Sequence[Clock], moment: Moment, every: int) -> list[int]:
    found: list[int] = []
    for clock in clocks:
        moment.clock = clock
        found.append(_applying(parts, moment, every))
    return found


def _by_kwh(plan: Plan, parts: _Parts, moment: Moment, every: int) -> tuple[list[Decimal], list[int]]:
    """A near miss is told from within `NEAR_KWH` of a threshold on, so that is a threshold as well."""
    if not parts:
        return [], [every - NEAR]
    near = [WIDE.subtract(mark, NEAR_KWH) for mark in plan.kwh_marks]
    marks = sorted({*plan.kwh_marks, *near})
    found: list[int] = []
    for kwh in (WIDE.subtract(marks[0], _ONE), *marks):
        moment.kwh = kwh
        is_near = any([low <= kwh < mark for low, mark in zip(near, plan.kwh_marks, strict=True)])
        found.append(_applying(parts, moment, every if is_near else every - NEAR))
    return marks, found


def _by_duration(plan: Plan, parts: _Parts, moment: Moment, every: int) -> list[int]:
    if not parts:
        return [every]
    found: list[int] = []
    for seconds in (plan.duration_marks[0] - _ONE, *plan.duration_marks):
        moment.duration = seconds
        found.append(_applying(parts, moment, every))
    return found


@lru_cache(maxsize=4096)
def _at(second: int) -> Clock:
    return Clock(_MONDAY, 0, second)
