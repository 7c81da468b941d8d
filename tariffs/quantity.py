"""Quantities and the arithmetic of steps: kWh and Wh, hours and seconds, exact.

OCPI states durations in hours with four decimals, one unit being 0.36 s; so 10 minutes travel as 0.1667 h = 600.12 s.
`snapped_seconds` takes that back before a step of 300 s would bill five minutes more.
"""

from decimal import Context, Decimal
from typing import Final

WIDE: Final = Context(prec=200)
"""Sums and products of numbers as OCPI bounds them are exact in it; only a division by 3600 can be longer."""

SECONDS_PER_HOUR: Final = Decimal(3600)
WH_PER_KWH: Final = Decimal(1000)
ZERO: Final = Decimal(0)

_TENTH_OF_A_WH: Final = Decimal("0.0001")
_NOISE: Final = Decimal("1e-12")
_WALL_CLOCK_SLACK: Final = Decimal("0.36")
_WHOLE_SECOND_SLACK: Final = Decimal("0.2")


def snapped_seconds(hours: Decimal, wall_clock: Decimal | None) -> Decimal:
    """Return a stated duration in seconds, freed of the rounding of four-decimal hours.

    `wall_clock` is the length of the charging period in seconds, or None where it proves nothing. The result is the
    wall clock when both agree within 0.36 s (one unit), else the whole second when that is within 0.2 s, else exact.

    >>> snapped_seconds(Decimal("0.1667"), Decimal(600)), snapped_seconds(Decimal("0.0834"), None)
    (Decimal('600'), Decimal('300.2400'))
    """
    seconds = hours * SECONDS_PER_HOUR
    if wall_clock is not None and abs(seconds - wall_clock) <= _WALL_CLOCK_SLACK:
        return wall_clock
    whole = seconds.to_integral_value()
    return whole if abs(seconds - whole) <= _WHOLE_SECOND_SLACK else seconds


def without_float_noise(kwh: Decimal) -> Decimal:
    """Return an energy in kWh without what only binary fractions add to OCPI's 4 decimals, less than 1e-12.

    The 4 decimals are tenths of a watt-hour and real, and so is whatever a sender states more finely.

    >>> without_float_noise(Decimal("0.30000000000000004")), without_float_noise(Decimal("0.12345"))
    (Decimal('0.3000'), Decimal('0.12345'))
    """
    exponent = kwh.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -12:
        return kwh
    clean = kwh.quantize(_TENTH_OF_A_WH, context=WIDE)
    return clean if abs(kwh - clean) < _NOISE else kwh


def round_up_to_step(quantity: Decimal, step: int) -> Decimal:
    """Return the smallest multiple of `step` that is not less than `quantity`; a step of 0 changes nothing.

    A multiple stays as it is: OCPI's "greater than" is meant as "at least" (pricing rule 13, erratum E6).

    >>> round_up_to_step(Decimal(115), 25), round_up_to_step(Decimal(600), 300)
    (Decimal('125'), Decimal('600'))
    """
    if step <= 0 or quantity <= 0:
        return quantity
    whole, rest = divmod(quantity, step)
    return (whole + 1) * step if rest else quantity
