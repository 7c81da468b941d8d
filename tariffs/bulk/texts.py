"""Numbers from their text to integers and back, exactly; and strings as JSON.

Money is an integer in units of 1/`UNIT`: prices and volumes of four decimals, taxes of two and seconds of two come
out whole in it, whatever is multiplied, so that one division per printed amount is all that is ever rounded.
"""

from json.encoder import encode_basestring
from typing import Final

VOLUME_DIGITS: Final = 4
PRICE_DIGITS: Final = 4
MONEY_DIGITS: Final = 12
UNIT: Final = 36_000_000_000_000
"""kWh of 4 decimals x price of 4 x tax of 4; 36 since a price is per 3600 s and seconds have two decimals."""

POWERS: Final[list[int]] = [int(f"1{'0' * digits}") for digits in range(41)]
_UNITS: Final[list[int]] = [UNIT // 10**decimals for decimals in range(MONEY_DIGITS + 1)]
_LONGEST: Final = 19
_MINUS: Final = 45
_POINT: Final = 46
_ZERO: Final = 48
_NINE: Final = 57
_LARGEST: Final = 10**18
_MONEY: Final = 1_000_000_000_000
_VOLUME: Final = 10_000


class Unusual(Exception):
    """Not for the bulk way: the engine prices this record, and says whatever there is to say about it."""


def scaled(value: object, digits: int) -> int:
    """Return value x 10^`digits` of a decoded number; raise `Unusual` for one with more decimals, or no number."""
    number, decimals = figures(value)
    if decimals > digits:
        beyond = POWERS[decimals - digits]
        if number % beyond:
            raise Unusual
        return number // beyond
    return number * POWERS[digits - decimals] if decimals < digits else number


def money(value: object) -> int:
    """Return a decoded number in units of 1/`UNIT`; raise `Unusual` for one of more than 12 decimals, or no number."""
    number, decimals = figures(value)
    if decimals > MONEY_DIGITS:
        raise Unusual
    return number * _UNITS[decimals]


def figures(value: object) -> tuple[int, int]:
    """Return a decoded number without its point, and how many decimals it has."""
    if isinstance(value, bytes):
        length = len(value)
        if length > _LONGEST:
            raise Unusual
        at = 1 if value[0] == _MINUS else 0
        number, decimals, point = 0, 0, False
        while at < length:
            figure = value[at]
            if figure == _POINT:
                point = True
            elif _ZERO <= figure <= _NINE:
                number = number * 10 + (figure - _ZERO)
                if point:
                    decimals += 1
            else:  # an exponent
                raise Unusual
            at += 1
        return (-number if value[0] == _MINUS else number), decimals
    if type(value) is int:
        if not -_LARGEST < value < _LARGEST:
            raise Unusual
        return value, 0
    raise Unusual


def number_text(value: object) -> str:
    """Return a decoded number that `scaled` took, without trailing zeros."""
    if isinstance(value, bytes):
        text = value.decode("ascii").rstrip("0")
        if text.endswith("."):
            text = text[:-1]
        return "0" if text == "-0" else text
    return str(value)


def money_text(number: int) -> str:
    """Return number / 10^12 in plain notation without trailing zeros."""
    if number < 0:
        return f"-{money_text(-number)}"
    whole = number // _MONEY
    rest = number - whole * _MONEY
    if rest == 0:
        return str(whole)
    decimals = str(_MONEY + rest)[1:].rstrip("0")  # the 1 before keeps the zeros in front
    return f"{whole}.{decimals}"


def volume_text(number: int) -> str:
    """Return number / 10^4, 0 or more, in plain notation without trailing zeros."""
    whole = number // _VOLUME
    rest = number % _VOLUME
    if rest == 0:
        return str(whole)
    decimals = str(_VOLUME + rest)[1:].rstrip("0")
    return f"{whole}.{decimals}"


def amount_text(amount: int) -> str:
    """Return an amount in units of 1/`UNIT` with at most 12 decimals, half even at that one place."""
    if amount == 0:
        return "0"
    return money_text(divided(amount, 36))


def minutes_text(hundredths: int) -> str:
    """Return hundredths of a second as minutes with at most 12 decimals, half even."""
    if hundredths % 6000 == 0:
        return str(hundredths // 6000)
    return money_text(divided(hundredths * 500_000_000, 3))


def divided(number: int, by: int) -> int:
    """Return number / by, rounded half even; `by` is positive."""
    whole = number // by
    rest = number % by
    if rest:
        twice = 2 * rest
        if twice > by or (twice == by and whole % 2 == 1):
            whole += 1
    return whole


_encoded: Final = encode_basestring


def json_text(text: str) -> str:
    """Return a text as JSON, other letters than ASCII as they are."""
    return _encoded(text)
