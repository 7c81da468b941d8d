"""What a priced course shows of its tariff, as facts that can be gathered, compared and told."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs.generate.trial import Trial
from tariffs.plan import Plan
from tariffs.quantity import WH_PER_KWH
from tariffs.tariff import Tariff

STEPPED: Final = ("ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME")
USED: Final = "used"
EXPIRED: Final = "expired"
_SHORT: Final = {
    "PARKING_TIME": "parking",
    "RESERVATION_TIME": "reserved",
    "RESERVATION_FLAT": "reserved-flat",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a charge can show: `slug` is for ids, `says` for people; the element is None for the whole."""

    slug: str
    says: str
    element: int | None = None

    @property
    def told(self) -> str:
        """The fact for people, with its element counted from 1 as in messages."""
        return self.says if self.element is None else f"element {self.element + 1}: {self.says}"


def component_fact(element: int, line: str) -> Fact:
    """Return the fact that a component prices something."""
    return Fact(named(line), f"prices {line}", element)


def named(line: str) -> str:
    """Return a dimension as ids name it."""
    return _SHORT.get(line, line.lower())


def step_fact(element: int, line: str, step: int, *, rounds: bool) -> Fact:
    """Return the fact that a step_size rounds up, or leaves a multiple as it is."""
    unit = "Wh" if line == "ENERGY" else "s"
    what = "rounds up" if rounds else "meets an exact multiple"
    return Fact(f"{named(line)}-step-{'rounds' if rounds else 'exact'}", f"step_size {step} {unit} {what}", element)


def limit_fact(name: str, *, is_met: bool) -> Fact:
    """Return the fact that min_price or max_price changes a total, or does not."""
    side = "raises the total" if name == "min_price" else "caps the total"
    slug = name.replace("_", "-")
    return Fact(f"{slug}-{'met' if is_met else 'free'}", f"{name} {side}" if is_met else f"{name} changes nothing")


def outcome_fact(outcome: str) -> Fact:
    """Return the fact that a reservation was used, or expired."""
    return Fact(f"reservation-{outcome}", f"a reservation that is {outcome}")


def facts_of(trial: Trial, tariff: Tariff) -> frozenset[Fact]:
    """Return all facts that can be read from the price of a course; those of thresholds are known to their maker."""
    found = {component_fact(element, line) for element, line in trial.shown}
    found.update(_steps(trial, tariff))
    for name, limit in (("min_price", tariff.min_price), ("max_price", tariff.max_price)):
        if limit is not None:
            found.add(limit_fact(name, is_met=name.upper() in trial.limits))
    if any(d.type == "RESERVATION_TIME" for period in trial.cdr.periods for d in period.dimensions):
        found.add(outcome_fact(EXPIRED if trial.course.charging_start is None else USED))
    return frozenset(found)


def _steps(trial: Trial, tariff: Tariff) -> Iterator[Fact]:
    """The steps in use: that of the last component of a dimension; of TIME none when parking has a price as well."""
    lines = {line.dimension: line for line in trial.breakdown.lines if line.element >= 0}
    for dimension in STEPPED:
        line = lines.get(dimension)
        if line is None or (dimension == "TIME" and "PARKING_TIME" in lines):
            continue
        step = step_of(tariff, line.element, dimension)
        if step > 1:
            yield step_fact(line.element, dimension, step, rounds=bool(measured(trial, dimension) % step))


def measured(trial: Trial, dimension: str) -> Decimal:
    """Return what found a price in a dimension, before any step: in Wh, or in seconds."""
    return trial.kwh() * WH_PER_KWH if dimension == "ENERGY" else Decimal(trial.seconds(dimension))


def step_of(tariff: Tariff, element: int, line: str) -> int:
    """Return the step_size of the first component that an element has for a line."""
    kind = "TIME" if line == "RESERVATION_TIME" else line
    return next(c.step_size for c in tariff.elements[element].components if c.type == kind)


def has_reservations(plan: Plan) -> bool:
    """Whether anything of a tariff is for reservations."""
    return any(plan.expired.values())
