"""Whether a CDR contradicts itself or its price nowhere: then `verify` has nothing to say, else the engine looks.

The slacks are those of `tariffs.verification`. A yes must be sure; a no costs only time.
"""

from typing import Any, Final

from msgspec import UNSET

from tariffs.bulk import fields
from tariffs.bulk.known import Place
from tariffs.bulk.texts import MONEY_DIGITS, money, scaled
from tariffs.bulk.wire import Price
from tariffs.verification import ENERGY_SLACK, TIME_SLACK, VOLUME_SLACK

_UNSET: Final[Any] = UNSET
_Price: Final[Any] = Price
_TEXTS: Final = 33
"""Pairs of quotes in the shortest CDR: keys, values, those of the token, one key of total_cost."""
_TIME_SLACK: Final = int(TIME_SLACK * 100)
_HOURS: Final = 4
_PER_STATED: Final = 36
_ENERGY_SLACK: Final = int(ENERGY_SLACK.scaleb(MONEY_DIGITS))
_VOLUME_SLACK: Final = int(VOLUME_SLACK.scaleb(MONEY_DIGITS))
_VOLUME: Final = 10**8
"""0.0001 kWh in units of 10^-12 kWh."""


def is_told_once(cdr: tuple[Any, ...], text: bytes, place: Place) -> bool:
    """Whether no key stands in the text twice, as it has as many quotes as its fields."""
    if b"\\" in text and b'\\"' in text:
        return False
    pairs = _TEXTS
    for value in cdr[fields.OPTIONAL :]:
        if value is _UNSET:
            continue
        pairs += 1
        if isinstance(value, str):
            pairs += 1
        elif isinstance(value, _Price):
            pairs += 1 if value.incl_vat is _UNSET else 2
    if cdr[fields.TOTAL_COST].incl_vat is not _UNSET:
        pairs += 1
    for period in cdr[fields.CHARGING_PERIODS]:
        pairs += 3 + 3 * len(period.dimensions)
        if period.tariff_id is not _UNSET:
            pairs += 1 if period.tariff_id is None else 2
    return text.count(b'"') == place.quotes + 2 * pairs


def claimed(claim: Any) -> int:
    """Return a claim excluding VAT in units of 1/`UNIT`; both its sides are numbers."""
    if claim.incl_vat is not _UNSET and claim.incl_vat is not None:
        money(claim.incl_vat)
    return money(claim.excl_vat)


class Parts:
    """What is computed, excluding VAT, in units of 1/`UNIT`."""

    def __init__(self, total: int, energy: int, time: int, parking: int, fixed: int, is_limited: bool) -> None:
        self.total = total
        self.energy = energy
        self.time = time
        self.parking = parking
        self.fixed = fixed
        self.is_limited = is_limited


def are_parts_plain(cdr: tuple[Any, ...], ours: Parts, total: int, slack: int) -> bool:
    """Whether each part claimed is the part computed, and all of them add up to the `total` claimed.

    Fixed and parking are compared together, as nothing tells which FLAT is for parking (pricing rule 22).
    """
    stated = count = gap = 0
    is_whole = True
    together = _is_claim(cdr[fields.TOTAL_FIXED_COST]) and _is_claim(cdr[fields.TOTAL_PARKING_COST])
    for place, computed in (
        (fields.TOTAL_ENERGY_COST, ours.energy),
        (fields.TOTAL_TIME_COST, ours.time),
        (fields.TOTAL_RESERVATION_COST, 0),
        (fields.TOTAL_FIXED_COST, ours.fixed),
        (fields.TOTAL_PARKING_COST, ours.parking),
    ):
        claim = cdr[place]
        if not _is_claim(claim):
            is_whole = is_whole and computed == 0
            continue
        amount = claimed(claim)
        stated += amount
        count += 1
        if together and place == fields.TOTAL_FIXED_COST:
            gap = amount - computed
        elif not -slack <= amount - computed + gap <= slack:
            return False
    if count == 0 or not is_whole or ours.is_limited:
        return True
    return -slack * count <= stated - total <= slack * count


def _is_claim(claim: Any) -> bool:
    return claim is not _UNSET and claim is not None


def is_energy_plain(stated: Any, energy: int, count: int) -> bool:
    """Whether `total_energy` is the sum of `count` volumes of energy, in 0.1 Wh."""
    total = scaled(stated, MONEY_DIGITS)
    if not count:
        return True
    slack = max(_ENERGY_SLACK, _VOLUME_SLACK * count)
    return -slack <= total - energy * _VOLUME <= slack


def are_times_plain(cdr: tuple[Any, ...], charging: int, parking: int, session: int) -> bool:
    """Whether the totals of time are those of the periods and of the session, all in hundredths of a second."""
    stated = cdr[fields.TOTAL_PARKING_TIME]
    if stated is not _UNSET and stated is not None:
        if not -_TIME_SLACK <= scaled(stated, _HOURS) * _PER_STATED - parking <= _TIME_SLACK:
            return False
    total = scaled(cdr[fields.TOTAL_TIME], _HOURS) * _PER_STATED
    if charging + parking > total + _TIME_SLACK:
        return False
    return -_TIME_SLACK <= total - session <= _TIME_SLACK
