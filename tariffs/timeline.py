"""A CDR walked in time: each charging period with its end, its volumes, and what had run up when it began.

Instants stay in UTC; local time appears only in `clock_at`. Intervals are [start, end).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.cdr import Cdr, CdrDimension, ChargingPeriod
from tariffs.findings import Finding, Severity
from tariffs.quantity import SECONDS_PER_HOUR, ZERO, snapped_seconds, without_float_noise

CHARGED_DIMENSIONS: Final = ("ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME")
LOAD_DIMENSIONS: Final = frozenset({"MIN_CURRENT", "MAX_CURRENT", "MIN_POWER", "MAX_POWER"})
SESSION_ONLY_DIMENSIONS: Final = frozenset({"CURRENT", "POWER", "ENERGY_IMPORT", "ENERGY_EXPORT", "STATE_OF_CHARGE"})
_RESERVATION_DIMENSIONS: Final = frozenset({"RESERVATION_TIME", "RESERVATION_EXPIRES"})


@dataclass(slots=True, eq=False)
class Stretch:
    """One charging period in its place: volumes in kWh and seconds, times in UTC, `kwh_before` of the whole charge."""

    index: int
    start: datetime | None
    tariff_id: str | None
    volumes: dict[str, Decimal]
    loads: dict[str, Decimal]
    is_reservation: bool
    is_charging: bool
    end: datetime | None = None
    wall_clock: Decimal | None = None
    """Seconds from start to end, or None when either is unknown."""
    kwh_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches of a charge in order of time, with where charging and reservation began."""

    stretches: tuple[Stretch, ...]
    session_start: datetime | None
    reservation_start: datetime | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """Local wall clock: day, weekday (Monday is 0) and whole seconds since midnight."""

    day: date
    weekday: int
    second: int


def seconds_between(start: datetime, end: datetime) -> Decimal:
    """Return the exact seconds from `start` to `end`, across clock changes."""
    span = end - start
    seconds = Decimal(span.days * 86_400 + span.seconds)
    return seconds + Decimal(span.microseconds) / 1_000_000 if span.microseconds else seconds


def clock_at(instant: datetime, zone: ZoneInfo) -> Clock:
    """Read the wall clock of `zone` at an instant, by IANA rules."""
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        local = instant
    return Clock(local.date(), local.weekday(), local.hour * 3600 + local.minute * 60 + local.second)


def walk(cdr: Cdr) -> Timeline:
    """Put the charging periods of a CDR in order and run up what restrictions look at.

    A period ends where the next later one starts, the last one where the CDR ends (OCPI mod_cdrs, ChargingPeriod).
    The charging session begins with the earliest period that is not purely a reservation, whatever the head of the
    CDR says (pricing rule 3).
    """
    global _last
    last, known = _last
    if last is cdr:  # `verify` follows `price` with the same CDR
        return known
    findings: list[Finding] = []
    stretches = [_stretch(index, period, findings, cdr) for index, period in enumerate(cdr.periods)]
    if len(stretches) > 1:
        stretches = _in_order(stretches, findings)
    _set_ends(stretches, cdr.end)
    _run_up(stretches)  # Thresholds are met literally (pricing rule 32), so before anything is snapped.
    session = reservation = None
    for stretch in stretches:
        _snap(stretch)
        start = stretch.start
        if start is not None:
            if stretch.is_charging and (session is None or start < session):
                session = start
            if stretch.is_reservation and (reservation is None or start < reservation):
                reservation = start
    timeline = Timeline(tuple(stretches), session, reservation, tuple(findings))
    _last = (cdr, timeline)
    return timeline


_last: tuple[Cdr, Timeline] = (Cdr(""), Timeline((), None, None, ()))
"""The CDR that was walked last, with its timeline, which nobody changes."""


def _stretch(index: int, period: ChargingPeriod, findings: list[Finding], cdr: Cdr) -> Stretch:
    volumes: dict[str, Decimal] = {}
    loads: dict[str, Decimal] = {}
    reserves = others = False
    for dimension in period.dimensions:
        kind = dimension.type
        if kind in _RESERVATION_DIMENSIONS:
            kind = "RESERVATION_TIME"  # RESERVATION_EXPIRES is the time of a reservation that expired (rule 31)
            reserves = True
        else:
            others = True
        if kind in LOAD_DIMENSIONS:
            loads[kind] = dimension.volume
        elif kind in volumes:
            findings.append(_twice(index, kind))
            volumes[kind] += dimension.volume
        elif kind in CHARGED_DIMENSIONS:
            volumes[kind] = dimension.volume
        elif kind not in cdr.unpriced_dimensions:
            _report_dimension(index, dimension, findings)
    if not period.dimensions:
        findings.append(
            Finding(
                "period-without-dimensions",
                Severity.BILLED_AND_LISTED,
                f"$.charging_periods[{index}].dimensions",
                "the period states no volume at all; it costs nothing by itself",
            )
        )
    return Stretch(index, period.start, period.tariff_id, volumes, loads, reserves, others or not reserves)


def _report_dimension(index: int, dimension: CdrDimension, findings: list[Finding]) -> None:
    path = f"$.charging_periods[{index}].dimensions"
    if dimension.type in SESSION_ONLY_DIMENSIONS:
        words = f"{dimension.type} belongs to Sessions, not to a CDR; ignored"
        findings.append(Finding("session-only-dimension", Severity.BILLED_AND_LISTED, path, words))
    elif dimension.type == "RESERVATION_OVERTIME":
        words = "the time after a booked slot (Bookings module) has no price of its own here; not priced"
        findings.append(Finding("reservation-overtime-not-priced", Severity.BILLED_AND_LISTED, path, words))
    else:
        words = f"OCPI knows no dimension {dimension.type}; ignored"
        findings.append(Finding("unknown-dimension", Severity.BILLED_AND_LISTED, path, words))


def _twice(index: int, kind: str) -> Finding:
    return Finding(
        "duplicate-dimension",
        Severity.BILLED_AND_LISTED,
        f"$.charging_periods[{index}].dimensions",
        f"{kind} is stated more than once in one period; the volumes are added",
    )


def _in_order(stretches: list[Stretch], findings: list[Finding]) -> list[Stretch]:
    starts = [s.start for s in stretches if s.start is not None]
    if len(starts) != len(stretches) or all(a <= b for a, b in pairwise(starts)):
        return stretches
    findings.append(
        Finding(
            "periods-not-in-order",
            Severity.BILLED_AND_LISTED,
            "$.charging_periods",
            "the charging periods are not in order of time; priced in order of their starts",
        )
    )
    return sorted(stretches, key=lambda s: s.start or datetime.max.replace(tzinfo=UTC))


def _set_ends(stretches: list[Stretch], end: datetime | None) -> None:
    later = end
    at: datetime | None = None
    for stretch in reversed(stretches):
        start = stretch.start
        if at is not None and start is not None and start != at:
            later = at
        if start is None:
            later = None
        elif later is not None and later >= start:
            stretch.end = later
            stretch.wall_clock = seconds_between(start, later)
        at = start


def _run_up(stretches: list[Stretch]) -> None:
    """Energy before each period; periods that begin together stand side by side and do not count for each other."""
    if len(stretches) == 1:
        return
    before = running = ZERO
    at: datetime | None = None
    for stretch in stretches:
        if stretch.start is None or stretch.start != at:
            before = running
            at = stretch.start
        stretch.kwh_before = before
        energy = stretch.volumes.get("ENERGY")
        if energy is not None:
            running += energy


def _snap(stretch: Stretch) -> None:
    """Turn hours into seconds and free kWh of the noise of floats (pricing rule 14); a 0 is no consumption."""
    volumes = stretch.volumes
    energy = volumes.get("ENERGY")
    if energy is not None:
        volumes["ENERGY"] = without_float_noise(energy)
    times = [kind for kind in volumes if kind != "ENERGY"]
    if not times:
        return
    wall_clock = stretch.wall_clock if sum(1 for kind in times if volumes[kind]) == 1 else None
    for kind in times:
        hours = volumes[kind]
        volumes[kind] = snapped_seconds(hours, wall_clock) if hours > ZERO else hours * SECONDS_PER_HOUR
