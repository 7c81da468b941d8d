"""The course of a made-up charge: legs of reserving, charging and parking, cut wherever a restriction may answer anew.

OCPI obliges the CPO to begin a charging period where the price changes (mod_cdrs, ChargingPeriod). Times are whole
seconds, energy has OCPI's four decimals, and flows evenly within a leg.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import chain, pairwise
from typing import Final

from tariffs.generate.place import Place
from tariffs.plan import Plan
from tariffs.quantity import WIDE, ZERO
from tariffs.spans import boundaries
from tariffs.tariff import Tariff
from tariffs.timeline import Clock, clock_at

RESERVE: Final = "reserve"
CHARGE: Final = "charge"
PARK: Final = "park"
NEAR: Final = Decimal("0.001")
"""Energy closer to a threshold than this looks like a rounding mistake (finding `threshold-near-miss`)."""
_FOUR_DECIMALS: Final = Decimal("0.0001")

Loads = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all courses for one tariff share; `first_day` is the first local day on which a charge may be."""

    tariff: Tariff
    plan: Plan
    place: Place
    version: str
    first_day: date

    @property
    def has_power(self) -> bool:
        """Whether any element looks at power."""
        return any((e.restrictions.min_power, e.restrictions.max_power) != (None, None) for e in self.tariff.elements)

    @property
    def has_current(self) -> bool:
        """Whether any element looks at current."""
        return any(
            (e.restrictions.min_current, e.restrictions.max_current) != (None, None) for e in self.tariff.elements
        )

    def instant(self, day: date, second: int) -> datetime | None:
        """Return the instant of a local second of a day, the first of two, or None where the clock jumps over it."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.place.zone)
        instant = (midnight + timedelta(seconds=second)).astimezone(UTC)
        return instant if clock_at(instant, self.place.zone) == Clock(day, day.weekday(), second) else None


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of one kind: RESERVE, CHARGE or PARK; `kwh` flow in it, `loads` are power and current to be stated."""

    kind: str
    seconds: int
    kwh: Decimal = ZERO
    loads: Loads = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A charge as it goes, from its start in UTC."""

    start: datetime
    legs: tuple[Leg, ...]

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.after(len(self.legs))

    def after(self, legs: int) -> datetime:
        """Return when the first legs are over."""
        return self.start + timedelta(seconds=sum(leg.seconds for leg in self.legs[:legs]))

    @property
    def charging_start(self) -> datetime | None:
        """When the reservation is over and charging begins; None where it never does."""
        at = next((n for n, leg in enumerate(self.legs) if leg.kind != RESERVE), None)
        return None if at is None else self.after(at)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a leg, to be one charging period: `leg` is its place in the course."""

    leg: int
    start: datetime
    end: datetime
    kwh: Decimal


def cut(course: Course, ground: Ground) -> tuple[Piece, ...]:
    """Cut a course at the ends of its legs and wherever clock, duration or energy pass a mark of the tariff."""
    pieces: list[Piece] = []
    kwh = ZERO
    for number, leg in enumerate(course.legs):
        nodes = list(_nodes(course, number, kwh, ground))
        for (start, before), (end, after) in pairwise(nodes):
            pieces.append(Piece(number, start, end, after - before))
        kwh += leg.kwh
    return tuple(pieces)


def _nodes(course: Course, number: int, kwh: Decimal, ground: Ground) -> Iterator[tuple[datetime, Decimal]]:
    """The instants at which a leg is cut, its start and end among them, each with the energy so far."""
    leg, plan = course.legs[number], ground.plan
    start, end = course.after(number), course.after(number + 1)
    since = course.start if leg.kind == RESERVE else course.charging_start
    assert since is not None, "a leg that is no reservation starts the charging"
    cuts: dict[datetime, Decimal] = {}
    for mark in plan.kwh_marks:
        if kwh < mark < kwh + leg.kwh:
            share = WIDE.divide(mark - kwh, leg.kwh) * leg.seconds
            second = int(share.to_integral_value(ROUND_CEILING))
            # Whole seconds: a second that another threshold has, or the end, gives way to the nearest free one.
            free = chain(range(second, leg.seconds), range(min(second, leg.seconds) - 1, 0, -1))
            instants_left = (start + timedelta(seconds=n) for n in free)
            at = next((instant for instant in instants_left if instant not in cuts), None)
            if at is not None:
                cuts[at] = mark
    by_energy = dict(zip(sorted(cuts), sorted(cuts.values()), strict=True))
    instants = set(by_energy)
    for mark in plan.duration_marks:
        instants.add(since + timedelta(seconds=int(mark.to_integral_value(ROUND_CEILING))))
    instants.update(boundaries(plan.clock_marks, start, end, ground.place.zone) if plan.clock_marks else ())
    yield start, kwh
    for at in sorted(instants):
        if start < at < end:
            yield at, by_energy[at] if at in by_energy else _energy_at(at, start, kwh, leg, plan)
    yield end, kwh + leg.kwh


def _energy_at(at: datetime, start: datetime, kwh: Decimal, leg: Leg, plan: Plan) -> Decimal:
    """The energy so far at an instant within a leg; what is nearly a threshold is that threshold."""
    share = WIDE.multiply(leg.kwh, (at - start) // timedelta(seconds=1))
    energy = kwh + WIDE.divide(share, Decimal(leg.seconds)).quantize(_FOUR_DECIMALS, context=WIDE)
    return next((mark for mark in plan.kwh_marks if abs(mark - energy) <= NEAR), energy)
