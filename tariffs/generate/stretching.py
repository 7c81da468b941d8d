"""Courses made longer or shorter: to a multiple of a step_size or past it, or until a limit on the total is met."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from tariffs.generate.course import CHARGE, PARK, RESERVE, Course, Leg
from tariffs.quantity import WH_PER_KWH, WIDE, ZERO

_KIND: Final = {"TIME": CHARGE, "PARKING_TIME": PARK, "RESERVATION_TIME": RESERVE}
_FACTORS: Final = tuple(2**n for n in range(1, 16))
_FOUR_DECIMALS: Final = Decimal("0.0001")


def stepped(course: Course, line: str, measured: Decimal, step: int, *, rounds: bool) -> Iterator[Course]:
    """Give out a course whose last leg of a kind is longer or shorter, so that a total meets a step or misses it.

    `measured` is the total that found a price so far and `step` its step_size, both in Wh for ENERGY, else in seconds.
    """
    wanted = Decimal(step // 2) if rounds else ZERO
    more = (wanted - measured) % step
    more += step if more < 0 else 0
    legs = list(course.legs)
    kind = _KIND.get(line)
    fits = [n for n, leg in enumerate(legs) if (leg.kwh > 0 if kind is None else leg.kind == kind)]
    if not fits:
        return
    last = fits[-1]
    for change in dict.fromkeys((more - step, more, more + step)):
        leg = legs[last]
        changed = _with_energy(leg, change / WH_PER_KWH) if kind is None else _with_seconds(leg, int(change))
        if changed is not None:
            yield replace(course, legs=(*legs[:last], changed, *legs[last + 1 :]))


def stretched(course: Course) -> Iterator[Course]:
    """Give out a course with its last leg one second long, then twice, four times, … as long as it was."""
    *before, last = course.legs
    lengths = (1, *(last.seconds * factor for factor in _FACTORS))
    legs = (_with_seconds(last, seconds - last.seconds) for seconds in lengths)
    yield from (replace(course, legs=(*before, leg)) for leg in legs if leg is not None)


def _with_energy(leg: Leg, more: Decimal) -> Leg | None:
    """A leg with other energy at the same power."""
    kwh = leg.kwh + more
    if kwh <= 0:
        return None
    seconds = WIDE.divide(kwh * leg.seconds, leg.kwh).to_integral_value(ROUND_CEILING)
    return replace(leg, kwh=kwh, seconds=max(int(seconds), 1))


def _with_seconds(leg: Leg, more: int) -> Leg | None:
    """A leg of another length at the same power."""
    seconds = leg.seconds + more
    if seconds < 1:
        return None
    kwh = WIDE.divide(leg.kwh * seconds, Decimal(leg.seconds)).quantize(_FOUR_DECIMALS, context=WIDE)
    return replace(leg, kwh=kwh, seconds=seconds)
