"""Readings of step_size: which volumes are rounded together, by whose step, in which unit and direction."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from tariffs.charge import Charge
from tariffs.differences.case import Change
from tariffs.differences.reading import Reading, reading
from tariffs.quantity import WH_PER_KWH, ZERO
from tariffs.step_size import Priced

_TIMES: Final = ("TIME", "PARKING_TIME", "RESERVATION_TIME")
_ONE: Final = Decimal(1)


def _dimension(p: Priced) -> Hashable:
    return p.dimension


def _parking_counts(charge: Charge, groups: dict[Hashable, list[Priced]]) -> bool:
    return any(group[-1].dimension == "PARKING_TIME" for group in groups.values())


@dataclass(frozen=True, slots=True)
class Stepping:
    """One way to round volumes up to steps; the defaults are those of `tariffs.step_size`."""

    together: Callable[[Priced], Hashable] = _dimension
    by_first: bool = False
    rounding: str = ROUND_CEILING
    is_bumped: bool = False
    unit: Decimal = _ONE
    """Wh of ENERGY and seconds of time in one unit of step_size."""
    unit_kwh: Decimal = _ONE
    leaves_time: Callable[[Charge, dict[Hashable, list[Priced]]], bool] = _parking_counts
    """Whether TIME stays exact."""
    leaves_parking: Callable[[Charge], bool] = lambda charge: False
    counts_free: bool = False
    rounds_negative: bool = False

    def __call__(self, charge: Charge) -> None:
        """Add to the last volume of each group what its step asks for."""
        groups: dict[Hashable, list[Priced]] = {}
        for p in charge.priced:
            if p.volume and p.dimension in ("ENERGY", *_TIMES):
                groups.setdefault(self.together(p), []).append(p)
        time_stays = self.leaves_time(charge, groups)
        parking_stays = self.leaves_parking(charge)
        for group in groups.values():
            stays = {"TIME": time_stays, "PARKING_TIME": parking_stays}.get(group[-1].dimension, False)
            if not stays:
                self._raise(charge, group)

    def _raise(self, charge: Charge, group: Sequence[Priced]) -> None:
        dimension = group[-1].dimension
        units = WH_PER_KWH if dimension == "ENERGY" else _ONE
        size = (group[0] if self.by_first else group[-1]).option.component.step_size
        step = size * (self.unit_kwh if dimension == "ENERGY" else self.unit)
        total = sum((p.volume for p in group), ZERO)
        if self.counts_free:
            total = sum((s.volumes.get(dimension, ZERO) for s in charge.timeline.stretches), ZERO)
        total *= units
        if step <= 0 or (total <= 0 and not self.rounds_negative):
            return
        steps = total / step
        rounded = steps.to_integral_value(self.rounding)
        if self.is_bumped and rounded == steps:
            rounded += 1
        group[-1].added = (rounded * step - total) / units


def _ignored(charge: Charge) -> None:
    """No step at all."""


def _zero_parking(charge: Charge, groups: dict[Hashable, list[Priced]]) -> bool:
    return any("PARKING_TIME" in stretch.volumes for stretch in charge.timeline.stretches)


def _is_charging_last(charge: Charge) -> bool:
    times = [p.dimension for p in charge.priced if p.dimension in ("TIME", "PARKING_TIME") and p.volume]
    return bool(times) and times[-1] == "TIME"


def _time_is_followed(charge: Charge, groups: dict[Hashable, list[Priced]]) -> bool:
    return not _is_charging_last(charge)


def _never(charge: Charge, groups: dict[Hashable, list[Priced]]) -> bool:
    return False


def _stepped(id: str, words: str, steps: Callable[[Charge], None], decision: str = "") -> Reading:
    return reading(id, words, Change(steps=steps, only_with=frozenset(("STEP",))), decision)


STEPS: Final = (
    _stepped("step-ignored", "ignores step_size", _ignored),
    _stepped(
        "step-per-period",
        "rounds each charging period up to its step_size",
        Stepping(lambda p: (p.dimension, p.period), leaves_time=_never),
    ),
    _stepped(
        "step-per-component",
        "rounds what each price component counts up to its step_size",
        Stepping(lambda p: (p.dimension, p.option.tariff_id, p.option.element)),
    ),
    _stepped(
        "step-for-each-tariff",
        "rounds what was used under each tariff up to its step_size",
        Stepping(lambda p: (p.dimension, p.option.tariff_id)),
        "step-of-the-last-tariff",
    ),
    _stepped("step-of-the-first", "rounds up by the first step_size, not the last", Stepping(by_first=True)),
    _stepped("step-nearest", "rounds to the nearest step", Stepping(rounding=ROUND_HALF_UP)),
    _stepped("step-down", "bills full steps only", Stepping(rounding=ROUND_DOWN)),
    _stepped(
        "next-multiple-always",
        "raises an exact multiple of step_size by one more step",
        Stepping(is_bumped=True),
        "exact-multiples-stay",
    ),
    _stepped("step-in-kwh", "reads the step_size of energy in kWh, not Wh", Stepping(unit_kwh=WH_PER_KWH)),
    _stepped("step-in-minutes", "reads the step_size of time in minutes, not seconds", Stepping(unit=Decimal(60))),
    _stepped("step-counts-free-volume", "counts what is free towards step_size", Stepping(counts_free=True)),
    _stepped(
        "time-rounded-always",
        "rounds charging time up to its step_size beside parking",
        Stepping(leaves_time=_never),
        "time-is-exact-beside-parking",
    ),
    _stepped(
        "time-rounded-when-last",
        "rounds charging time up to its step_size where it comes after parking",
        Stepping(leaves_time=_time_is_followed, leaves_parking=_is_charging_last),
        "time-is-exact-beside-parking",
    ),
    _stepped(
        "time-and-parking-together",
        "rounds charging and parking up together, by the last step_size",
        Stepping(lambda p: "TIME" if p.dimension == "PARKING_TIME" else p.dimension, leaves_time=_never),
    ),
    _stepped(
        "zero-parking-counts",
        "leaves charging time unrounded where a parking time of 0 is stated",
        Stepping(leaves_time=_zero_parking),
    ),
    _stepped(
        "reservation-rounded-with-time",
        "rounds reservation and charging time up together",
        Stepping(lambda p: "TIME" if p.dimension == "RESERVATION_TIME" else p.dimension),
        "reservation-is-rounded-apart",
    ),
    _stepped(
        "negative-energy-rounded",
        "rounds energy fed back to the grid up to its step_size",
        Stepping(rounds_negative=True),
        "negative-energy-stays",
    ),
)
"""Readings of step_size, in the order in which they are tried."""
