"""Prices that change inside a charging period (pricing rule 10).

OCPI obliges the CPO to begin a new period there. Where it did not, the price at the start stands, and the finding
says between which bounds the truth lies; nothing is split or interpolated.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice, product
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.findings import Finding, Severity
from tariffs.plan import Option, Plan, choose
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.restrictions import DAY, Moment
from tariffs.timeline import Clock, Stretch, clock_at, seconds_between

_LONGEST_DAYS: Final = 40
_CLOCK_CHANGE: Final = 3600
_MOST_MOMENTS: Final = 500
_LEAST_MOMENTS: Final = 24
_MOST_LOOKS: Final = 10_000
"""Moments times elements in one period: a tariff of 20 elements is looked at in 500 moments."""
_MOST_MARKS: Final = 4000
_WEEK_AND_A_DAY: Final = 8
_SECONDS: Final = timedelta(seconds=1)


def moments_inside(
    stretch: Stretch, plan: Plan, zone: ZoneInfo | None, since: datetime | None, first: Moment
) -> list[Moment]:
    """Return the moments after the start of a stretch at which a restriction of the plan may answer differently.

    Time and energy thresholds are independent, so all their combinations are taken; of more than 500 (a tariff with
    many thresholds) each threshold by itself first.
    """
    instants: list[datetime] = []
    start, end = stretch.start, stretch.end
    if start is not None and end is not None and start < end:
        if since is not None and first.duration is not None and stretch.wall_clock is not None:
            low = first.duration
            high = low + stretch.wall_clock
            for mark in plan.duration_marks:
                if low < mark < high:
                    instants.append(since + timedelta(seconds=int(mark), microseconds=int(mark % 1 * 1_000_000)))
        if plan.clock_marks and zone is not None and _may_pass(plan.clock_marks, stretch, first):
            instants.extend(_boundaries(plan.clock_marks, start, end, zone))
    kwhs: list[Decimal] = []
    energy = stretch.volumes.get("ENERGY", ZERO)
    if plan.kwh_marks and energy > 0:
        kwhs.extend(m for m in plan.kwh_marks if first.kwh < m < first.kwh + energy)
    if not instants and not kwhs:
        return []
    marked = sorted(set(instants))
    most = min(_MOST_MOMENTS, max(_LEAST_MOMENTS, _MOST_LOOKS // len(plan.tariff.elements)))
    return list(islice(_combine(marked[:: len(marked) // most + 1], kwhs, zone, since, first), most))


def _combine(
    instants: list[datetime], kwhs: list[Decimal], zone: ZoneInfo | None, since: datetime | None, first: Moment
) -> Iterator[Moment]:
    times = [(first.clock, first.duration)]
    for instant in instants:
        duration = None if since is None else seconds_between(since, instant)
        times.append((None if zone is None else _clock(instant, zone), duration))
    alone = chain(((first.kwh, time) for time in times), ((kwh, times[0]) for kwh in kwhs))
    for kwh, (clock, duration) in chain(alone, product(kwhs, times[1:])):
        yield Moment(clock, kwh, duration, first.loads, first.mean_power, first.has_instant)


def _may_pass(marks: tuple[int, ...], stretch: Stretch, first: Moment) -> bool:
    """Whether the wall clock can pass a mark, with an hour of slack for a clock change: quick, and mostly no."""
    length = stretch.wall_clock
    if first.clock is None or length is None or length >= DAY:
        return True
    low = first.clock.second - _CLOCK_CHANGE
    high = first.clock.second + int(length) + 1 + _CLOCK_CHANGE
    if low < 0:
        return True
    for mark in marks:
        if low < mark < high or mark + DAY < high:
            return True
    return False


@lru_cache(maxsize=1024)
def _clock(instant: datetime, zone: ZoneInfo) -> Clock:
    return clock_at(instant, zone)


@lru_cache(maxsize=64)
def _boundaries(marks: tuple[int, ...], start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The boundaries, kept for a moment: periods of one start stand side by side, one for each dimension."""
    return tuple(boundaries(marks, start, end, zone))


def boundaries(marks: tuple[int, ...], start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants in (start, end) at which the wall clock passes a mark, or jumps, in no order."""
    first = clock_at(start, zone)
    length = seconds_between(start, end)
    try:
        offset_start, offset_end = start.astimezone(zone).utcoffset(), end.astimezone(zone).utcoffset()
    except OverflowError:  # the first or last day of the calendar
        return []
    if offset_start == offset_end and length < DAY:
        whole_second = start.replace(microsecond=0)
        span = seconds_between(whole_second, end)
        afters = {after for mark in marks if 0 < (after := (mark - first.second) % DAY) < span}
        return [whole_second + timedelta(seconds=after) for after in afters]
    found: list[datetime] = []
    if offset_start != offset_end:
        found.append(_clock_change(start, end, zone))
    days = min(int(length // DAY) + 2, _LONGEST_DAYS, max(_WEEK_AND_A_DAY, _MOST_MARKS // len(marks)))
    midnight = datetime(first.day.year, first.day.month, first.day.day)  # noqa: DTZ001 (a wall clock, zone set below)
    for day in range(days):
        for mark in marks:
            try:
                wall = midnight + timedelta(days=day, seconds=mark)
                # Both readings of a doubled hour; one that does not exist is shifted forward by the fold rule.
                both = [wall.replace(tzinfo=zone, fold=fold).astimezone(start.tzinfo) for fold in (0, 1)]
            except OverflowError:
                return found
            found.extend(instant for instant in both if start < instant < end)
    return found


def _clock_change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """The first instant with the offset of `end`, to the second, by halving."""
    before = start.astimezone(zone).utcoffset()
    while end - start > _SECONDS:
        middle = start + (end - start) // 2
        if middle.astimezone(zone).utcoffset() == before:
            start = middle
        else:
            end = middle
    return end.replace(microsecond=0)


def span_finding(
    stretch: Stretch, dimension: str, options: tuple[Option, ...], taken: Option | None, inside: list[Moment]
) -> Finding | None:
    """Report a volume for which another price, or none, appears inside its period; bounds exclude VAT and steps."""
    met = [taken, *(choose(options, moment) for moment in inside)]
    rates = [option.component.price if option is not None else ZERO for option in met]
    low, high = min(rates), max(rates)
    if low == high:
        return None
    volume = Decimal(1) if dimension == "FLAT" else stretch.volumes[dimension]
    per = Decimal(1) if dimension in ("FLAT", "ENERGY") else SECONDS_PER_HOUR
    lower, priced, upper = sorted((volume * low / per, volume * rates[0] / per, volume * high / per))
    priced = volume * rates[0] / per
    at_stake = upper - priced if upper - priced >= priced - lower else lower - priced
    words = (
        f"the price of {dimension} changes inside the period, which OCPI wants split there: "
        f"priced {_short(priced)} at the rate of its start, the truth lies between {_short(lower)} and {_short(upper)}"
    )
    path = f"$.charging_periods[{stretch.index}]"
    return Finding("period-spans-price-change", Severity.BILLED_AND_LISTED, path, words, at_stake)


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
