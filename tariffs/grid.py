"""Where each element of a tariff applies, found out once: by time of day, weekday, date, energy and duration.

Every restriction looks at one thing of a moment only, and an element applies where all of its restrictions are met.
So each test is asked once between two thresholds of what it looks at; the answers of all elements stand in a number,
bit 0 for the first element. The elements that apply at a moment are the bits that all five numbers have in common, and
the first one that prices a dimension counts, as in `tariffs.plan.choose`, whose tests these are.
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
_ALL: Final = -1
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
    is_near: list[bool]
    """Whether the energies from here on miss a threshold so closely that a finding may say so."""
    durations: tuple[Decimal, ...]
    by_duration: list[int]


def grid_of(plan: Plan) -> Grid:
    """Return the grid of a plan; of restrictions of power and current it knows nothing."""
    parts = _parts(plan)
    moment = Moment(_WEEK[0], ZERO, ZERO, {}, None)
    seconds: tuple[int, ...] = (0,)
    by_second, by_day = [_ALL], [_ALL]
    by_weekday: list[int] = []
    days: list[date] = []
    if "second" in parts:
        seconds = plan.clock_marks
        by_second = _by_clock(parts["second"], [_at(second) for second in seconds], moment)
    if "weekday" in parts:
        by_weekday = _by_clock(parts["weekday"], _WEEK, moment)
    if "day" in parts:
        days = _days(plan)
        before = days[0] - _A_DAY if days[0] > date.min else days[0]
        by_day = _by_clock(parts["day"], [Clock(day, 0, 0) for day in (before, *days)], moment)
    kwhs, by_kwh, is_near = _by_kwh(plan, parts.get("kwh", []), moment)
    return Grid(
        seconds,
        by_second,
        by_weekday,
        days,
        by_day,
        kwhs,
        by_kwh,
        is_near,
        plan.duration_marks,
        _by_duration(plan, parts.get("duration", []), moment),
    )


def first_of(options: Sequence[Option], applying: int) -> Option | None:
    """Return the first option whose element is among those that apply; a bit for each."""
    for option in options:
        if applying >> option.element & 1:
            return option
    return None


def _parts(plan: Plan) -> dict[str, _Parts]:
    """The tests by what they look at, each with the bit of its element."""
    parts: dict[str, _Parts] = {}
    for index, element in enumerate(plan.tariff.elements):
        if element.restrictions is not UNRESTRICTED:
            for aspect, test in aspects_of(element.restrictions):
                parts.setdefault(aspect, []).append((1 << index, test))
    return parts


def _days(plan: Plan) -> list[date]:
    restrictions = [element.restrictions for element in plan.tariff.elements]
    return sorted({day for r in restrictions for day in (r.start_date, r.end_date) if day is not None})


def _applying(parts: _Parts, moment: Moment) -> int:
    """All elements but those that a test rules out."""
    out = 0
    for bit, test in parts:
        if not test(moment):
            out |= bit
    return ~out


def _by_clock(parts: _Parts, clocks: Sequence[Clock], moment: Moment) -> list[int]:
    found: list[int] = []
    for clock in clocks:
        moment.clock = clock
        found.append(_applying(parts, moment))
    return found


def _by_kwh(plan: Plan, parts: _Parts, moment: Moment) -> tuple[list[Decimal], list[int], list[bool]]:
    """A near miss is told from within `NEAR_KWH` of a threshold on, so that is a threshold as well."""
    if not parts:
        return [], [_ALL], [False]
    near = [WIDE.subtract(mark, NEAR_KWH) for mark in plan.kwh_marks]
    marks = sorted({*plan.kwh_marks, *near})
    found: list[int] = []
    is_near: list[bool] = []
    for kwh in (WIDE.subtract(marks[0], _ONE), *marks):
        moment.kwh = kwh
        found.append(_applying(parts, moment))
        is_near.append(any([low <= kwh < mark for low, mark in zip(near, plan.kwh_marks, strict=True)]))
    return marks, found, is_near


def _by_duration(plan: Plan, parts: _Parts, moment: Moment) -> list[int]:
    if not parts:
        return [_ALL]
    found: list[int] = []
    for seconds in (plan.duration_marks[0] - _ONE, *plan.duration_marks):
        moment.duration = seconds
        found.append(_applying(parts, moment))
    return found


@lru_cache(maxsize=4096)
def _at(second: int) -> Clock:
    return Clock(_MONDAY, 0, second)
