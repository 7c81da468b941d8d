"""A charge as it really happened: who, where, and its stretches, split exactly where the price changes."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from clearing.demo.json_text import Raw
from clearing.demo.price_lists import GRACE_S, KWH_TIER_E4, NIGHT, PriceList


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector, known by the uid of its EVSE, with its one price list; CDRs carry its `location`."""

    cpo: str
    uid: str
    location_id: str
    zone: str
    watts: int
    price_list: PriceList
    location: Raw


@dataclass(frozen=True, slots=True)
class Token:
    """A card or app of a driver. `listed` tells what the e-MSP's list says of it: valid, blocked, or None: nothing."""

    emsp: str
    uid: str
    contract_id: str
    kind: str
    listed: str | None
    written: Raw


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a charge in which no price changes; times in seconds since 1970, power in watts."""

    start: int
    end: int
    energy_e4: int
    before_e4: int
    parking: bool
    watts: int
    minute: int
    weekday: int


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds_since_1970(instant: datetime) -> int:
    """Return an instant as whole seconds, without the float of `timestamp`."""
    return (instant - _EPOCH) // timedelta(seconds=1)


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """Return a time zone by name, read once."""
    return ZoneInfo(zone)


def local_day(instant: int, zone: str) -> date:
    """Return the calendar day of an instant in a zone."""
    return datetime.fromtimestamp(instant, zone_info(zone)).date()


@lru_cache(maxsize=20_000)
def _clock_instant(zone: str, day: date, minute: int) -> int:
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone_info(zone))
    return seconds_since_1970(local)


def _clock_cuts(price_list: PriceList, zone: str, start: int, end: int) -> Iterable[int]:
    """Yield the instants inside a charge at which the wall clock changes the price."""
    windows, weekdays = price_list.has_limit("window"), price_list.has_limit("days")
    if not windows and not weekdays:
        return
    day, last = local_day(start, zone), local_day(end, zone)
    while day <= last:
        if windows:
            yield from (_clock_instant(zone, day, minute) for minute in NIGHT)
        if weekdays and day.weekday() in (0, 5):
            yield _clock_instant(zone, day, 0)
        day += timedelta(days=1)


def stretches(
    price_list: PriceList, zone: str, start: int, phases: tuple[tuple[int, int], ...], parked_s: int
) -> tuple[Stretch, ...]:
    """Split a charge of phases (seconds, watts), then standing still for `parked_s`, where its price changes."""
    bounds, energy = [start], [0]  # energy in watt-seconds up to each bound
    for seconds, watts in phases:
        bounds.append(bounds[-1] + seconds)
        energy.append(energy[-1] + seconds * watts)
    full, end = bounds[-1], bounds[-1] + parked_s
    cuts = {*bounds, end, *(t for t in _clock_cuts(price_list, zone, start, end) if start < t < end)}
    if parked_s and full < start + GRACE_S < end:
        cuts.add(start + GRACE_S)
    if price_list.has_limit("min_kwh_e4"):  # one phase only, whose power meets the tier on a whole second
        tier = start + KWH_TIER_E4 * 360 // phases[0][1]
        cuts.update([tier] if tier < full else [])

    def energy_e4(instant: int) -> int:
        if instant >= full:
            return energy[-1] // 360
        phase = bisect_right(bounds, instant) - 1
        return (energy[phase] + (instant - bounds[phase]) * phases[phase][1]) // 360

    clock = price_list.has_limit("window") or price_list.has_limit("days")
    ordered = sorted(cuts)
    parts = []
    for since, until in pairwise(ordered):
        local = datetime.fromtimestamp(since, zone_info(zone) if clock else UTC)
        before = energy_e4(since)
        parts.append(
            Stretch(
                since,
                until,
                energy_e4(until) - before,
                before,
                since >= full,
                0 if since >= full else phases[bisect_right(bounds, since) - 1][1],
                local.hour * 60 + local.minute,
                local.weekday(),
            )
        )
    return tuple(parts)
