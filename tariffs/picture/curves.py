"""What a charge costs up to each moment: a battery is filled at a steady power, then the vehicle stays parked.

Each point is the price of the charge if it ended there, with step_size and price limits, as `tariffs.price` makes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tariffs.breakdown import Cost
from tariffs.generate.course import CHARGE, PARK, Course, Ground, Leg, Loads
from tariffs.generate.trial import Trial, try_out
from tariffs.generate.witness import energy
from tariffs.picture.week import current_at
from tariffs.quantity import SECONDS_PER_HOUR, WH_PER_KWH, ZERO

POWERS: Final = (Decimal(11), Decimal(50), Decimal(150))
BATTERY_KWH: Final = Decimal(60)
PARKED: Final = 2 * 3600
"""Seconds for which even the slowest charge stays parked."""
_POINTS: Final = 120
_MOST_STEPS: Final = 120
_START: Final = 10 * 3600


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The price of a charge that ends after so many seconds."""

    seconds: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Takeover:
    """A moment at which other elements begin to price: their places in the tariff, from 0."""

    point: CurvePoint
    elements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CostCurve:
    """The cost over one charge at a power; `amperes` where the tariff looks at current."""

    kw: Decimal
    amperes: Decimal | None
    full: CurvePoint
    points: tuple[CurvePoint, ...]
    takeovers: tuple[Takeover, ...]


def curves_of(ground: Ground, day: date, *, includes_taxes: bool) -> Iterator[CostCurve]:
    """Give out one curve for each power, all of one length, from 10:00 local time of a day."""
    start = ground.instant(day, _START)
    assert start is not None, "no clock is put forward in mid-morning"
    longest = int(BATTERY_KWH * SECONDS_PER_HOUR / POWERS[0]) + PARKED
    for kw in POWERS:
        filled = int(BATTERY_KWH * SECONDS_PER_HOUR / kw)
        course = Course(start, _legs(ground, kw, filled, longest))
        whole = try_out(course, ground)
        starts = {(piece.start - start) // timedelta(seconds=1) for piece in whole.pieces}
        grid = {longest * n // _POINTS for n in range(1, _POINTS + 1)}
        around = {
            second
            for at in starts | _steps(ground, kw, filled, longest)
            for second in (at, at + 1)
            if 0 < second < longest
        }
        costs: dict[int, Decimal] = {}
        for seconds in sorted(grid | around | {1, filled}):
            trial = try_out(Course(start, _legs(ground, kw, filled, seconds)), ground)
            cost = _side(trial.breakdown.total_cost, includes_taxes=includes_taxes)
            if cost is not None:
                costs[seconds] = cost
        if costs:
            points = tuple(CurvePoint(seconds, cost) for seconds, cost in costs.items())
            full = CurvePoint(filled, costs.get(filled, ZERO))
            takeovers = tuple(_takeovers(whole, costs))
            yield CostCurve(kw, current_at(kw) if ground.has_current else None, full, points, takeovers)


def _steps(ground: Ground, kw: Decimal, filled: int, longest: int) -> set[int]:
    """Seconds at which a step_size is full, as far as there are not too many to be seen."""
    found: set[int] = set()
    for element in ground.tariff.elements:
        for component in element.components:
            start, end = (filled, longest) if component.type == "PARKING_TIME" else (0, filled)
            step = Decimal(0 if component.type == "FLAT" else component.step_size)
            if component.type == "ENERGY":
                step = step * SECONDS_PER_HOUR / (kw * WH_PER_KWH)
            if step * _MOST_STEPS >= longest or (component.type == "ENERGY" and step * _MOST_STEPS >= filled):
                found.update(start + int(step * n) for n in range(1, int((end - start) / step) + 1))
    return found


def _side(cost: Cost, *, includes_taxes: bool) -> Decimal | None:
    return cost.incl_vat if includes_taxes else cost.excl_vat


def _legs(ground: Ground, kw: Decimal, filled: int, seconds: int) -> tuple[Leg, ...]:
    """Charging until the battery is full, then parking, cut off after so many seconds."""
    charged = min(seconds, filled)
    kwh = min(energy(kw, charged), BATTERY_KWH) if charged < filled else BATTERY_KWH
    legs = [Leg(CHARGE, charged, kwh, _loads(ground, kw))]
    if seconds > filled:
        legs.append(Leg(PARK, seconds - filled, ZERO, _loads(ground, ZERO)))
    return tuple(legs)


def _loads(ground: Ground, kw: Decimal) -> Loads:
    loads: Loads = ()
    if ground.has_power and ground.version != "2.1.1":
        loads += (("MIN_POWER", kw), ("MAX_POWER", kw))
    if ground.has_current:
        loads += (("MIN_CURRENT", current_at(kw)), ("MAX_CURRENT", current_at(kw)))
    return loads


def _takeovers(trial: Trial, costs: dict[int, Decimal]) -> Iterator[Takeover]:
    """The starts of periods in which a dimension has another element than before, the first period among them."""
    before: dict[str, int] = {}
    for piece, priced in zip(trial.pieces, trial.by_period, strict=True):
        new = {element for dimension, element in priced.items() if before.get(dimension) != element}
        seconds = (piece.start - trial.course.start) // timedelta(seconds=1)
        at = seconds if seconds in costs else 1
        if new and at in costs:
            yield Takeover(CurvePoint(seconds, costs[at]), tuple(sorted(new)))
        before = {**before, **priced}
