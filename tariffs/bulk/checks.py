"""Whether a CDR contradicts itself or its price nowhere: then `verify` has nothing to say, else the engine looks.

The slacks are those of `tariffs.verification`. A yes must be sure; a no costs only time.
"""

from typing import Final

from mypy_extensions import i64

from tariffs.bulk import fields
from tariffs.bulk.numbers import money, scaled
from tariffs.bulk.reader import CdrReader
from tariffs.verification import ENERGY_SLACK, TIME_SLACK, VOLUME_SLACK

_TIME_SLACK: Final[i64] = int(TIME_SLACK * 100)
_HOURS: Final[i64] = 4
_MOST_HOURS: Final[i64] = 1_000_000_000
_PER_STATED: Final[i64] = 36
_ENERGY_DIGITS: Final[i64] = 12
_MOST_ENERGY: Final[i64] = 10**18
_ENERGY_SLACK: Final[i64] = int(ENERGY_SLACK.scaleb(12))
_VOLUME_SLACK: Final[i64] = int(VOLUME_SLACK.scaleb(12))
_VOLUME: Final[i64] = 10**8
"""0.0001 kWh in units of 10^-12 kWh."""


def claim(cdr: CdrReader, field: i64) -> i64:
    """Return one side of a claim in units of 1/`numbers.UNIT`."""
    return money(cdr.values[field], cdr.decimals[field])


class Parts:
    """What is computed, excluding VAT, in units of 1/`numbers.UNIT`."""

    def __init__(self) -> None:
        self.total: i64 = 0
        self.energy: i64 = 0
        self.time: i64 = 0
        self.parking: i64 = 0
        self.fixed: i64 = 0
        self.is_limited = False


class Claims:
    """Compares the parts that are claimed, one after the other."""

    def __init__(self) -> None:
        self._stated: i64 = 0
        self._count: i64 = 0
        self._gap: i64 = 0
        self._is_whole = True
        self._is_plain = True

    def are_plain(self, cdr: CdrReader, ours: Parts, total: i64, slack: i64) -> bool:
        """Whether each part claimed is the part computed, and all of them add up to the `total` claimed.

        Fixed and parking are compared together, as nothing tells which FLAT is for parking (pricing rule 22).
        """
        self._stated = 0
        self._count = 0
        self._gap = 0
        self._is_whole = True
        self._is_plain = True
        together = cdr.has(fields.FIXED_COST) and cdr.has(fields.PARKING_COST)
        self._take(cdr, fields.ENERGY_COST, ours.energy, slack)
        self._take(cdr, fields.TIME_COST, ours.time, slack)
        self._take(cdr, fields.RESERVATION_COST, 0, slack)
        if together:
            fixed = self._claimed(cdr, fields.FIXED_COST)
            self._gap = fixed - ours.fixed
        else:
            self._take(cdr, fields.FIXED_COST, ours.fixed, slack)
        self._take(cdr, fields.PARKING_COST, ours.parking, slack)
        if not self._is_plain:
            return False
        if self._count == 0 or not self._is_whole or ours.is_limited:
            return True
        difference = self._stated - total
        return difference <= slack * self._count and -difference <= slack * self._count

    def _take(self, cdr: CdrReader, field: i64, computed: i64, slack: i64) -> None:
        if not cdr.has(field):
            self._is_whole = self._is_whole and computed == 0
            return
        difference = self._claimed(cdr, field) - computed + self._gap
        if difference > slack or difference < -slack:
            self._is_plain = False

    def _claimed(self, cdr: CdrReader, field: i64) -> i64:
        if cdr.has(field + fields.INCL):
            claim(cdr, field + fields.INCL)
        amount = claim(cdr, field)
        self._stated += amount
        self._count += 1
        return amount


def is_energy_plain(cdr: CdrReader, energy: i64, count: i64) -> bool:
    """Whether `total_energy` is the sum of `count` volumes of energy, in 0.1 Wh."""
    total = scaled(cdr.values[fields.TOTAL_ENERGY], cdr.decimals[fields.TOTAL_ENERGY], _ENERGY_DIGITS, _MOST_ENERGY)
    if count == 0:
        return True
    slack = _VOLUME_SLACK * count
    if slack < _ENERGY_SLACK:
        slack = _ENERGY_SLACK
    difference = total - energy * _VOLUME
    return difference <= slack and -difference <= slack


def are_times_plain(cdr: CdrReader, charging: i64, parking: i64, session: i64) -> bool:
    """Whether the totals of time are those of the periods and of the session, all in hundredths of a second."""
    if cdr.has(fields.TOTAL_PARKING_TIME):
        difference = _hundredths(cdr, fields.TOTAL_PARKING_TIME) - parking
        if difference > _TIME_SLACK or -difference > _TIME_SLACK:
            return False
    total = _hundredths(cdr, fields.TOTAL_TIME)
    if charging + parking > total + _TIME_SLACK:
        return False
    difference = total - session
    return difference <= _TIME_SLACK and -difference <= _TIME_SLACK


def _hundredths(cdr: CdrReader, field: i64) -> i64:
    """A number of hours in hundredths of a second."""
    return scaled(cdr.values[field], cdr.decimals[field], _HOURS, _MOST_HOURS) * _PER_STATED
