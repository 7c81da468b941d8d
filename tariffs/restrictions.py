"""Does an element of a tariff apply at a moment of a charge? One function per restriction, none forgotten.

All restrictions of an element must be met (OCPI 2.2.1, mod_tariffs, TariffRestrictions); limits are [min, max).
Which element is for a reservation is decided in `selection`, and what OCPI does not know is in `Restrictions.unknown`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import lru_cache
from typing import Final

from tariffs.quantity import WIDE, ZERO
from tariffs.tariff import Restrictions
from tariffs.timeline import Clock

DAY: Final = 86_400

UNVERIFIABLE: Final = "restriction-unverifiable"
ZONE_UNKNOWN: Final = "time-zone-unknown"
INSTANT_UNKNOWN: Final = "instant-unknown"
NEAR_MISS: Final = "threshold-near-miss"

NEAR_KWH: Final = Decimal("0.001")


@dataclass(slots=True)
class Moment:
    """What restrictions look at: local clock, energy and seconds since the start, loads of the period.

    `clock` is None when no zone is known (`has_instant`) or the period's start is not. `noted` gathers the names of
    findings on the way; `unsure` those of the element under test, which count only if all else of it is met: a clock
    or a load that nobody knows does not matter for an element that is ruled out anyhow (pricing rules 2, 10 and 11).
    """

    clock: Clock | None
    kwh: Decimal
    duration: Decimal | None
    loads: dict[str, Decimal]
    mean_power: Decimal | None
    has_instant: bool = True
    noted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


Test = Callable[[Moment], bool]


@lru_cache(maxsize=8192)
def aspects_of(restrictions: Restrictions) -> tuple[tuple[str, Test], ...]:
    """Return the tests an element must pass, each with the one thing of a moment that it looks at.

    That is its `second`, `day` or `weekday`, its `kwh`, its `duration`, or the `load` of its period.
    """
    return tuple([(aspect, test) for build, aspect in _LOOKS_AT if (test := build(restrictions)) is not None])


def tests_of(restrictions: Restrictions) -> tuple[tuple[Test, ...], tuple[Test, ...]]:
    """Return the tests an element must pass: those of clock, energy and duration, and those of power and current."""
    steady: list[Test] = []
    load: list[Test] = []
    for aspect, test in aspects_of(restrictions):
        (load if aspect == "load" else steady).append(test)
    return tuple(steady), tuple(load)


def names_of(restrictions: Restrictions) -> tuple[str, ...]:
    """Return what each test of `tests_of` judges, steady ones first, in their order: `window`, `min_kwh` and so on.

    >>> names_of(Restrictions(max_power=Decimal(11), start_time=3600))
    ('window', 'max_power')
    """
    return tuple(build.__name__.removeprefix("_") for build, _ in _LOOKS_AT if build(restrictions) is not None)


def _no_clock(moment: Moment) -> bool:
    """Taken as met for now: no price can follow if the element turns out to depend on it."""
    moment.unsure.add(ZONE_UNKNOWN if moment.has_instant else INSTANT_UNKNOWN)
    return True


def _window(r: Restrictions) -> Test | None:
    """start_time and end_time: local, with a window over midnight, `00:00` as end of day; equal ones are a day."""
    if r.start_time is None and r.end_time is None:
        return None
    start = r.start_time or 0
    end = r.end_time or DAY
    if start == end or (start == 0 and end >= DAY):
        return None

    def within(moment: Moment) -> bool:
        if moment.clock is None:
            return _no_clock(moment)
        second = moment.clock.second
        return start <= second < end if start < end else second >= start or second < end

    return within


def _start_date(r: Restrictions) -> Test | None:
    day = r.start_date
    if day is None:
        return None
    return lambda moment: _no_clock(moment) if moment.clock is None else moment.clock.day >= day


def _end_date(r: Restrictions) -> Test | None:
    day = r.end_date
    if day is None:
        return None
    return lambda moment: _no_clock(moment) if moment.clock is None else moment.clock.day < day


def _day_of_week(r: Restrictions) -> Test | None:
    days = r.day_of_week
    if days is None or len(days) == 7:
        return None
    return lambda moment: _no_clock(moment) if moment.clock is None else moment.clock.weekday in days


def _near(limit: Decimal) -> Decimal:
    """From here on an energy that does not reach a limit is a near miss."""
    return WIDE.subtract(limit, NEAR_KWH)


def _min_kwh(r: Restrictions) -> Test | None:
    limit = r.min_kwh
    if limit is None:
        return None

    near = _near(limit)

    def enough(moment: Moment) -> bool:
        kwh = moment.kwh
        if kwh >= limit:
            return True
        if kwh >= near and kwh != ZERO:
            moment.noted.add(NEAR_MISS)
        return False

    return enough


def _max_kwh(r: Restrictions) -> Test | None:
    limit = r.max_kwh
    if limit is None:
        return None

    near = _near(limit)

    def below(moment: Moment) -> bool:
        kwh = moment.kwh
        if kwh >= limit:
            return False
        if kwh >= near and kwh != ZERO:
            moment.noted.add(NEAR_MISS)
        return True

    return below


def _no_instant(moment: Moment) -> bool:
    moment.unsure.add(INSTANT_UNKNOWN)
    return True


def _min_duration(r: Restrictions) -> Test | None:
    limit = r.min_duration
    if limit is None:
        return None
    return lambda moment: _no_instant(moment) if moment.duration is None else moment.duration >= limit


def _max_duration(r: Restrictions) -> Test | None:
    limit = r.max_duration
    if limit is None:
        return None
    return lambda moment: _no_instant(moment) if moment.duration is None else moment.duration < limit


def _at_least(low: str, high: str, limit: Decimal, *, is_power: bool) -> Test:
    """A minimum load: by the lowest value of the period, else by the highest, else disproved by the mean only."""

    def enough(moment: Moment) -> bool:
        load = moment.loads.get(low, moment.loads.get(high))
        if load is not None:
            return load >= limit
        if is_power and moment.mean_power is not None and moment.mean_power < limit:
            return False
        moment.unsure.add(UNVERIFIABLE)
        return True

    return enough


def _less_than(low: str, high: str, limit: Decimal, *, is_power: bool) -> Test:
    """A maximum load: by the highest value of the period, else by the lowest, else disproved by the mean only."""

    def below(moment: Moment) -> bool:
        load = moment.loads.get(high, moment.loads.get(low))
        if load is not None:
            return load < limit
        if is_power and moment.mean_power is not None and moment.mean_power >= limit:
            return False
        moment.unsure.add(UNVERIFIABLE)
        return True

    return below


def _min_power(r: Restrictions) -> Test | None:
    return None if r.min_power is None else _at_least("MIN_POWER", "MAX_POWER", r.min_power, is_power=True)


def _max_power(r: Restrictions) -> Test | None:
    return None if r.max_power is None else _less_than("MIN_POWER", "MAX_POWER", r.max_power, is_power=True)


def _min_current(r: Restrictions) -> Test | None:
    return None if r.min_current is None else _at_least("MIN_CURRENT", "MAX_CURRENT", r.min_current, is_power=False)


def _max_current(r: Restrictions) -> Test | None:
    return None if r.max_current is None else _less_than("MIN_CURRENT", "MAX_CURRENT", r.max_current, is_power=False)


_LOOKS_AT: Final = (
    (_window, "second"),
    (_start_date, "day"),
    (_end_date, "day"),
    (_day_of_week, "weekday"),
    (_min_kwh, "kwh"),
    (_max_kwh, "kwh"),
    (_min_duration, "duration"),
    (_max_duration, "duration"),
    (_min_power, "load"),
    (_max_power, "load"),
    (_min_current, "load"),
    (_max_current, "load"),
)
_DECIDED_ELSEWHERE: Final = frozenset({"reservation", "unknown"})
_TESTED: Final = frozenset(build.__name__.removeprefix("_") for build, _ in _LOOKS_AT) - {"window"} | {
    "start_time",
    "end_time",
}
assert {f.name for f in fields(Restrictions)} == _TESTED | _DECIDED_ELSEWHERE, (
    "a restriction has no test: it would silently always apply"
)
