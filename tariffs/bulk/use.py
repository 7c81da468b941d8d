"""What one charge used of one dimension, and what that costs: sums in whole numbers, and the step at the end.

Energy in units of 0.1 Wh, time in hundredths of a second, money in 1/`UNIT`. `charge_steps` is rule 13 of
`tariffs.step_size` in these units.
"""

from typing import Final

from tariffs.bulk.notes import notes_text
from tariffs.bulk.sheet import Rate
from tariffs.charge import volume_not_priced

_PER_KWH: Final = 36
_NO_VAT: Final = 10_000
ENERGY_STEP: Final = 10
"""0.1 Wh in a Wh."""
TIME_STEP: Final = 100
"""Hundredths in a second."""


class Use:
    """One dimension of a charge; `last` is the price component that sets the step."""

    def __init__(self, dimension: str, weight: int) -> None:
        self._dimension = dimension
        self._notes: list[str] = []
        self._excl = weight * _NO_VAT
        self._incl = weight
        self.quantity = 0
        self.excl = 0
        self.incl = 0
        self.last: Rate | None = None
        self.is_stated = False
        self._net = 0
        """Quantity x price at the VAT of `last`, not yet in the sums: one large product for all of them."""

    def clear(self) -> None:
        """Begin the next charge."""
        self.quantity = 0
        self.excl = 0
        self.incl = 0
        self.last = None
        self.is_stated = False
        self._net = 0

    def take(self, quantity: int, rate: Rate | None, index: int) -> str:
        """Add a volume of the period `index` at its price; without one it is free, and the note on it is returned."""
        if rate is not None:
            self.add(quantity, rate)
            return ""
        while len(self._notes) <= index:
            path = f"$.charging_periods[{len(self._notes)}]"
            self._notes.append(notes_text((volume_not_priced(self._dimension, path),)))
        return self._notes[index]

    def add(self, quantity: int, rate: Rate) -> None:
        """Add a volume at its price."""
        if self.last is not None and self.last.factor != rate.factor:
            self._add_up(self.last)
        self.last = rate
        self.quantity += quantity
        self._net += quantity * rate.price

    def finish(self, unit: int, *, has_step: bool) -> None:
        """Round the quantity up to the step of the last component, at its price, and add all up.

        `unit` is what a step counts in; of TIME beside a priced parking there is no step (pricing rule 13).
        """
        rate = self.last
        if rate is None:
            return
        if has_step and rate.step > 0:
            step = rate.step * unit
            rest = self.quantity % step
            if rest:
                self.quantity += step - rest
                self._net += (step - rest) * rate.price
        self._add_up(rate)

    def _add_up(self, rate: Rate) -> None:
        self.excl += self._net * self._excl
        self.incl += self._net * rate.factor * self._incl
        self._net = 0


def energy_use() -> Use:
    """Energy, in 0.1 Wh."""
    return Use("ENERGY", _PER_KWH)


def time_use(dimension: str) -> Use:
    """TIME or PARKING_TIME, in hundredths of a second."""
    return Use(dimension, 1)


def snapped(stated: int, wall: int) -> int:
    """Return stated hundredths of a second, freed of the rounding of hours to four decimals.

    `wall` is the length of the period, or -1 where it proves nothing (`tariffs.quantity.snapped_seconds`).
    """
    if wall >= 0 and -36 <= stated - wall <= 36:
        return wall
    rest = stated % 100
    if rest <= 20:
        return stated - rest
    return stated - rest + 100 if rest >= 80 else stated
