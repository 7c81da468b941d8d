"""Billed quantity from measured quantity, once per charge (OCPI 2.2.1, mod_cdrs, step_size; pricing rule 13).

ENERGY is rounded up once per charge, TIME and PARKING_TIME together once, a reservation by itself. The step is that
of the last component in use, and what it adds goes to the last priced period of that dimension, at its price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs.plan import Option
from tariffs.quantity import WH_PER_KWH, ZERO, round_up_to_step


@dataclass(slots=True, eq=False)
class Priced:
    """A volume that found its price component: kWh for ENERGY, seconds for the time dimensions, 1 for FLAT."""

    period: int
    dimension: str
    volume: Decimal
    option: Option
    added: Decimal = ZERO
    why: str = ""

    @property
    def billed(self) -> Decimal:
        """The volume with what step_size adds to it."""
        return self.volume + self.added


def apply_steps(priced: list[Priced]) -> bool:
    """Add to the last volume of each dimension what its step_size asks for; return whether energy was fed back.

    A volume of 0 is no consumption and sets no step. TIME stays exact when any priced PARKING_TIME was used.
    """
    groups: dict[str, list[Priced]] = {}
    fed_back = False
    for p in priced:
        if p.volume:
            groups.setdefault(p.dimension, []).append(p)
            fed_back = fed_back or (p.volume < ZERO and p.dimension == "ENERGY")
    for dimension, group in groups.items():
        if dimension == "ENERGY":
            _round_up(group, WH_PER_KWH, "Wh")
        elif dimension in ("PARKING_TIME", "RESERVATION_TIME") or (
            dimension == "TIME" and "PARKING_TIME" not in groups
        ):
            _round_up(group, _ONE, "s")
    return fed_back


_ONE: Final = Decimal(1)


def _round_up(group: Sequence[Priced], units: Decimal, unit: str) -> None:
    last = group[-1]
    step = last.option.component.step_size
    total = sum((p.volume for p in group), ZERO) * units
    added = round_up_to_step(total, step) - total
    if added:
        last.added = added / units
        before, after = total.normalize(), (total + added).normalize()
        last.why = f"step_size {step} {unit}: {before:f} {unit} become {after:f} {unit}"
