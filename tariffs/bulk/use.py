"""What one charge used of one dimension, and what that costs: sums in whole numbers, and the step at the end.

Energy in units of 0.1 Wh, time in hundredths of a second, money in 1/`UNIT`. `finish` is rule 13 of `tariffs.step_size`
in these units. The bounds are those of `numbers`.
"""

from typing import Final

from mypy_extensions import i64

from tariffs.bulk.notes import notes_text
from tariffs.bulk.numbers import MOST_COST, MOST_NET, MOST_QUANTITY, Unusual
from tariffs.bulk.sheet import Rate
from tariffs.charge import volume_not_priced

_PER_KWH: Final[i64] = 36
_NO_VAT: Final[i64] = 10_000
_SECOND: Final[i64] = 100
_SNAP: Final[i64] = 36
_NEAR: Final[i64] = 20
ENERGY_STEP: Final[i64] = 10
"""0.1 Wh in a Wh."""
TIME_STEP: Final[i64] = 100
"""Hundredths in a second."""


class Use:
    """One dimension of a charge; `last` is the price component that sets the step."""

    def __init__(self, dimension: str, weight: i64) -> None:
        self._dimension = dimension
        self._notes: list[bytes] = []
        self._weight = weight
        self._most_net: i64 = MOST_NET // (weight * _NO_VAT)
        self.quantity: i64 = 0
        self.excl: i64 = 0
        self.incl: i64 = 0
        self.last: Rate | None = None
        self._net: i64 = 0
        """Quantity x price at the VAT of `last`, not yet in the sums."""

    def clear(self) -> None:
        """Begin the next charge."""
        self.quantity = 0
        self.excl = 0
        self.incl = 0
        self.last = None
        self._net = 0

    def note(self, index: int) -> bytes:
        """The finding that a volume of the period `index` has no price, as JSON with its comma."""
        while len(self._notes) <= index:
            path = f"$.charging_periods[{len(self._notes)}]"
            self._notes.append(notes_text((volume_not_priced(self._dimension, path),)))
        return self._notes[index]

    def add(self, quantity: i64, rate: Rate) -> None:
        """Add a volume at its price."""
        last = self.last
        if last is not rate:
            if last is not None and last.factor != rate.factor:
                self._add_up(last)
            self.last = rate
        self.quantity += quantity
        if self.quantity > MOST_QUANTITY:
            raise Unusual
        self._add_net(quantity * rate.price)

    def finish(self, unit: i64, has_step: bool) -> None:
        """Round the quantity up to the step of the last component, at its price, and add all up.

        `unit` is what a step counts in; of TIME beside a priced parking there is no step (pricing rule 13).
        """
        rate = self.last
        if rate is None:
            return
        if has_step and rate.step > 0:
            step = rate.step * unit
            rest = self.quantity % step
            if rest != 0:
                self.quantity += step - rest
                self._add_net((step - rest) * rate.price)
        self._add_up(rate)

    def _add_net(self, net: i64) -> None:
        self._net += net
        if self._net > self._most_net or self._net < -self._most_net:
            raise Unusual

    def _add_up(self, rate: Rate) -> None:
        self.excl += self._net * self._weight * _NO_VAT
        self.incl += self._net * self._weight * rate.factor
        self._net = 0
        if self.excl > MOST_NET or self.excl < -MOST_NET or self.incl > MOST_COST or self.incl < -MOST_COST:
            raise Unusual


def energy_use() -> Use:
    """Energy, in 0.1 Wh."""
    return Use("ENERGY", _PER_KWH)


def time_use(dimension: str) -> Use:
    """TIME or PARKING_TIME, in hundredths of a second."""
    return Use(dimension, 1)


def snapped(stated: i64, wall: i64) -> i64:
    """Return stated hundredths of a second, freed of the rounding of hours to four decimals.

    `wall` is the length of the period, or -1 where it proves nothing (`tariffs.quantity.snapped_seconds`).
    """
    if wall >= 0 and stated - wall <= _SNAP and wall - stated <= _SNAP:
        return wall
    rest = stated % _SECOND
    if rest <= _NEAR:
        return stated - rest
    return stated - rest + _SECOND if rest >= _SECOND - _NEAR else stated
