"""Money and quantities of the bulk way: integers of fixed units, exact, and bounded so that 64 bits hold them.

Money counts in units of 1/`UNIT`: prices and volumes of four decimals, taxes of two and seconds of two come out whole
in it, whatever is multiplied, so that one division per printed amount is all that is ever rounded. Compiled, these are
machine integers, which would wrap silently; so every quantity, price and sum is held against its bound where it comes
up, and what is beyond goes to the engine:

- a quantity is at most 10^9 (0.1 Wh or 0.01 s), a price at most 10^8 (0.0001), so their product is at most 10^17;
- one dimension costs at most 25,000 in its currency, which is 1.8 x 10^18 with taxes that double it (`MOST_COST`);
  three dimensions and a FLAT are at most 7.2 x 10^18, and 64 bits hold 9.2 x 10^18;
- a claim is at most 25,000, a total 25,000 excluding and 50,000 including taxes: five claims and a total are less than
  7 x 10^18.
"""

from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64

from tariffs.bulk.native import put_scaled, row

UNIT: Final = 36_000_000_000_000
"""kWh of 4 decimals x price of 4 x tax of 4; 36 since a price is per 3600 s and seconds have two decimals."""
MONEY_DIGITS: Final[i64] = 12
MOST_QUANTITY: Final[i64] = 1_000_000_000
MOST_PRICE: Final[i64] = 100_000_000
MOST_FACTOR: Final[i64] = 20_000
MOST_NET: Final[i64] = 900_000_000_000_000_000
MOST_COST: Final[i64] = 2 * MOST_NET
_PARTS: Final[i64] = 36
_POWERS: Final = row([10**digits for digits in range(19)])
_MINUTE: Final[i64] = 6_000
_THIRD: Final[i64] = 500_000_000


class Unusual(Exception):
    """Not for the bulk way: the engine prices this record, and says whatever there is to say about it."""


def scaled(value: i64, decimals: i64, digits: i64, most: i64) -> i64:
    """Return value / 10^decimals x 10^digits; `Unusual` where that is not whole, or beyond `most` either way."""
    if decimals > digits:
        beyond = _POWERS[decimals - digits]
        if value % beyond != 0:
            raise Unusual
        value //= beyond
    elif decimals < digits:
        power = _POWERS[digits - decimals]
        bound = most // power
        if value > bound or value < -bound:
            raise Unusual
        value *= power
    if value > most or value < -most:
        raise Unusual
    return value


def money(value: i64, decimals: i64) -> i64:
    """Return value / 10^decimals in units of 1/`UNIT`; `Unusual` for more than 12 decimals, or too much money."""
    if decimals > MONEY_DIGITS:
        raise Unusual
    unit = _PARTS * _POWERS[MONEY_DIGITS - decimals]
    bound = MOST_NET // unit
    if value > bound or value < -bound:
        raise Unusual
    return value * unit


def put_amount(out: BytesWriter, amount: i64) -> None:
    """Write an amount in units of 1/`UNIT` with at most 12 decimals, half even at that one place."""
    put_scaled(out, divided(amount, _PARTS), MONEY_DIGITS)


def put_minutes(out: BytesWriter, hundredths: i64) -> None:
    """Write hundredths of a second as minutes with at most 12 decimals, half even."""
    if hundredths % _MINUTE == 0:
        put_scaled(out, hundredths // _MINUTE, 0)
    else:
        put_scaled(out, divided(hundredths * _THIRD, 3), MONEY_DIGITS)


def divided(value: i64, by: i64) -> i64:
    """Return value / by, rounded half even; `by` is positive."""
    whole = value // by
    rest = value % by
    if rest != 0:
        twice = 2 * rest
        if twice > by or (twice == by and whole % 2 == 1):
            whole += 1
    return whole
