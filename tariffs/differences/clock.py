"""Readings of time: zone, windows, dates and weekdays, where durations count from, when a price is looked up."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.breakdown import Breakdown
from tariffs.differences.case import PLAIN, Case, Change, Walk, priced_under
from tariffs.differences.reading import Answers, Reading, reading
from tariffs.plan import Option, Plan
from tariffs.quantity import ZERO
from tariffs.restrictions import DAY, Moment, Test, tests_of
from tariffs.tariff import Restrictions, Tariff, TariffElement
from tariffs.timeline import Stretch, seconds_between
from tariffs.zones import named_zone, zone_of


def _utc(case: Case, ours: Breakdown) -> Answers:
    if ours.time_zone not in (None, "UTC"):
        yield "", priced_under(replace(case, time_zone="UTC"), PLAIN)


def _zone_of_place(case: Case) -> ZoneInfo | None:
    place = zone_of(case.cdr.location, published=case.location_time_zone, configured=case.operator_time_zone)
    return place.zone


def _place(case: Case, ours: Breakdown) -> Answers:
    zone = _zone_of_place(case) if ours.time_zone is not None else None
    if zone is not None and zone.key != ours.time_zone:
        yield zone.key, priced_under(replace(case, time_zone=zone.key), PLAIN)


def _standard_time(case: Case, ours: Breakdown) -> Answers:
    start = case.cdr.start
    if ours.time_zone is None or start is None:
        return
    zone = named_zone(ours.time_zone)
    offsets = [datetime(start.year, month, 1, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7)]
    standard = min(offset for offset in offsets if offset is not None)
    hours, rest = divmod(standard, timedelta(hours=1))
    if offsets[0] != offsets[1] and not rest:
        yield "", priced_under(replace(case, time_zone=f"Etc/GMT{-hours:+d}"), PLAIN)


def never(tariff: Tariff, is_out: Callable[[Restrictions], bool]) -> Tariff:
    """Return a tariff whose elements price nothing where their restrictions are of some kind."""
    elements = tuple(TariffElement((), e.restrictions) if is_out(e.restrictions) else e for e in tariff.elements)
    return replace(tariff, elements=elements)


def restricted(tariff: Tariff, change: Callable[[Restrictions], Restrictions]) -> Tariff:
    """Return a tariff with other restrictions."""
    return replace(tariff, elements=tuple(TariffElement(e.components, change(e.restrictions)) for e in tariff.elements))


def _is_over_midnight(r: Restrictions) -> bool:
    return r.start_time is not None and r.end_time is not None and 0 < r.end_time < r.start_time


def _midnight_end_never(tariff: Tariff) -> Tariff:
    return never(tariff, lambda r: r.end_time in (0, DAY))


def _over_midnight_never(tariff: Tariff) -> Tariff:
    return never(tariff, _is_over_midnight)


def _equal_times_never(tariff: Tariff) -> Tariff:
    return never(tariff, lambda r: r.start_time is not None and r.start_time == r.end_time)


def _end_date_inclusive(tariff: Tariff) -> Tariff:
    def later(r: Restrictions) -> Restrictions:
        can_be_later = r.end_date is not None and r.end_date < date.max
        return replace(r, end_date=r.end_date + timedelta(days=1)) if can_be_later and r.end_date else r

    return restricted(tariff, later)


def _weekday_of_window(tariff: Tariff) -> Tariff:
    """Cut a window over midnight in two, the morning with the weekdays one later."""
    elements: list[TariffElement] = []
    for e in tariff.elements:
        r = e.restrictions
        if r.day_of_week is None or not _is_over_midnight(r):
            elements.append(e)
            continue
        morning = frozenset((day + 1) % 7 for day in r.day_of_week)
        elements.append(TariffElement(e.components, replace(r, end_time=DAY)))
        elements.append(TariffElement(e.components, replace(r, start_time=0, day_of_week=morning)))
    return replace(tariff, elements=tuple(elements))


def remade(walk: Walk, change: Callable[[Stretch], Stretch]) -> Walk:
    """Return a walk with other stretches in the same places."""
    stretches = tuple(change(stretch) for stretch in walk.timeline.stretches)
    return replace(walk, timeline=replace(walk.timeline, stretches=stretches))


_INSTANT: Final = timedelta(microseconds=1)


def _at_the_end(walk: Walk) -> Walk:
    """Look at each period just before its end, as periods do not include it."""

    def last(stretch: Stretch) -> Stretch:
        if stretch.start is None or stretch.end is None or stretch.end <= stretch.start:
            return stretch
        kwh = stretch.kwh_before + stretch.volumes.get("ENERGY", ZERO)
        return replace(stretch, start=stretch.end - _INSTANT, kwh_before=kwh)

    return remade(walk, last)


def _at_the_session_start(walk: Walk) -> Walk:
    start = walk.timeline.session_start
    return remade(walk, lambda s: replace(s, start=start, kwh_before=ZERO) if s.is_charging else s)


def _from_the_cdr_start(walk: Walk) -> Walk:
    return replace(walk, timeline=replace(walk.timeline, session_start=walk.cdr.start))


def _of_the_dimension(plan: Plan, walk: Walk) -> Plan:
    """Durations of restrictions count what was  of the dimension itself, not the time since the start."""
    if not plan.duration_marks:
        return plan
    return replace(plan, charging={d: _counting(d, options, walk) for d, options in plan.charging.items()})


def _counting(dimension: str, options: tuple[Option, ...], walk: Walk) -> tuple[Option, ...]:
    kind = "PARKING_TIME" if dimension == "PARKING_TIME" else "TIME"
    used: dict[Decimal, Decimal] = {}
    """Seconds since the start of the session → seconds of the dimension until then."""
    running = ZERO
    since = walk.timeline.session_start
    for stretch in walk.timeline.stretches:
        if since is not None and stretch.start is not None:
            used.setdefault(seconds_between(since, stretch.start), running)
        running += stretch.volumes.get(kind, ZERO)

    def own(moment: Moment) -> Moment:
        return moment if moment.duration is None else replace(moment, duration=used[moment.duration])

    def counted(test: Test) -> Test:
        return lambda moment: test(own(moment))

    made = []
    for option in options:
        r = option.restrictions
        durations = tests_of(Restrictions(min_duration=r.min_duration, max_duration=r.max_duration))[0]
        steady, load = tests_of(replace(r, min_duration=None, max_duration=None))
        made.append(replace(option, tests=(*steady, *load, *(counted(test) for test in durations))))
    return tuple(made)


_LONGEST_DAYS: Final = 40


def _split_evenly(walk: Walk) -> Walk:
    """Cut each period where a restriction may answer differently, as if energy and time ran evenly in it."""
    stretches: list[Stretch] = []
    tariffs: list[Tariff | None] = []
    for stretch, tariff in zip(walk.timeline.stretches, walk.tariffs, strict=True):
        pieces = [stretch] if tariff is None else _pieces(stretch, sorted(set(_cuts(stretch, tariff, walk))))
        stretches.extend(pieces)
        tariffs.extend([tariff] * len(pieces))
    return replace(walk, timeline=replace(walk.timeline, stretches=tuple(stretches)), tariffs=tuple(tariffs))


def _cuts(stretch: Stretch, tariff: Tariff, walk: Walk) -> Iterator[Decimal]:
    """Seconds after the start of a period, inside it, at which a price may change."""
    start, length, since = stretch.start, stretch.wall_clock, walk.timeline.session_start
    if start is None or stretch.end is None or not length:
        return
    energy = stretch.volumes.get("ENERGY", ZERO)
    for element in tariff.elements:
        r = element.restrictions
        marks = [mark for mark in (r.min_duration, r.max_duration) if mark is not None and since is not None]
        found = [mark - seconds_between(since, start) for mark in marks if since is not None]
        if energy > 0:
            kwhs = [kwh for kwh in (r.min_kwh, r.max_kwh) if kwh is not None]
            found.extend(length * (kwh - stretch.kwh_before) / energy for kwh in kwhs)
        if walk.zone is not None:
            times = [time for time in (r.start_time, r.end_time) if time is not None]
            if r.start_date or r.end_date or r.day_of_week:
                times.append(0)
            found.extend(_clock_cuts(start, length, times, walk.zone))
        yield from (cut for cut in found if 0 < cut < length)


def _clock_cuts(start: datetime, length: Decimal, times: list[int], zone: ZoneInfo) -> Iterator[Decimal]:
    local = start.astimezone(zone)
    midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
    for day in range(min(int(length // DAY) + 2, _LONGEST_DAYS)):
        for time in times:
            instant = (midnight + timedelta(days=day, seconds=time)).astimezone(UTC)
            yield seconds_between(start, instant)


def _pieces(stretch: Stretch, cuts: list[Decimal]) -> list[Stretch]:
    if not cuts or stretch.start is None or stretch.wall_clock is None:
        return [stretch]
    made: list[Stretch] = []
    kwh = stretch.kwh_before
    for begin, end in zip([ZERO, *cuts], [*cuts, stretch.wall_clock], strict=True):
        share = (end - begin) / stretch.wall_clock
        volumes = {kind: volume * share for kind, volume in stretch.volumes.items()}
        made.append(
            replace(
                stretch,
                start=stretch.start + _span(begin),
                end=stretch.start + _span(end),
                wall_clock=end - begin,
                volumes=volumes,
                kwh_before=kwh,
            )
        )
        kwh += volumes.get("ENERGY", ZERO)
    return made


def _span(seconds: Decimal) -> timedelta:
    whole = int(seconds)
    return timedelta(seconds=whole, microseconds=int((seconds - whole) * 1_000_000))


CLOCK: Final = (
    Reading("utc", "reads times of day in UTC, not in local time", _utc, "time-zone-by-place"),
    Reading("zone-of-the-place", "reads times of day in the zone of the place", _place, "time-zone-by-place"),
    Reading("standard-time-all-year", "reads times of day without summer time", _standard_time, "time-zone-by-place"),
    reading("end-date-inclusive", "counts end_date itself as still in the range", Change(_end_date_inclusive)),
    reading("midnight-end-never", "never applies a window that ends at 00:00", Change(_midnight_end_never)),
    reading("window-over-midnight-never", "never applies a window over midnight", Change(_over_midnight_never)),
    reading(
        "equal-times-never",
        "never applies a window whose start and end are equal",
        Change(_equal_times_never),
        "equal-times-are-the-whole-day",
        "never",
    ),
    reading(
        "weekday-of-the-window-start",
        "takes the weekday on which a window over midnight began",
        Change(_weekday_of_window),
        "weekday-of-the-moment",
    ),
    reading(
        "price-at-the-end",
        "prices each charging period by its end, not its start",
        Change(walk=_at_the_end),
        "price-at-the-start-of-the-period",
    ),
    reading(
        "split-evenly",
        "splits charging periods where the price changes, as if energy and time ran evenly",
        Change(walk=_split_evenly),
        "price-at-the-start-of-the-period",
    ),
    reading(
        "prices-of-the-session-start",
        "prices the whole charge as at its start",
        Change(walk=_at_the_session_start),
        "price-at-the-start-of-the-period",
    ),
    reading(
        "duration-of-the-dimension",
        "counts min_duration and max_duration for each dimension by itself",
        Change(plan=_of_the_dimension),
        "duration-from-the-session-start",
    ),
    reading(
        "duration-from-the-cdr-start",
        "counts min_duration and max_duration from start_date_time of the CDR",
        Change(walk=_from_the_cdr_start),
        "duration-from-the-session-start",
    ),
)
"""Readings of time, in the order in which they are tried."""
