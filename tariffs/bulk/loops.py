"""Reading and writing bytes, byte by byte in machine integers: quick when compiled (`tariffs.bulk.native`)."""

from typing import Final, TypeAlias

from librt.strings import BytesWriter, read_i64_le
from librt.vecs import vec
from mypy_extensions import i64, u8

Row: TypeAlias = "vec[i64]"
"""A row of numbers."""

_PLACEHOLDER: Final[u8] = 46
_SIGN: Final[u8] = 45
_NOTHING: Final[u8] = 48
_QUOTE: Final[i64] = 34
_MINUS: Final[i64] = 45
_POINT: Final[i64] = 46
_ZERO: Final[i64] = 48
_NINE: Final[i64] = 57
_COLON: Final[i64] = 58
_T: Final[i64] = 84
_BACKSLASH: Final[i64] = 92
_Z: Final[i64] = 90
_DELETE: Final[i64] = 127
_MOST_DIGITS: Final[i64] = 18
_MOST_FRACTION: Final[i64] = 9
_DAY: Final[i64] = 86_400
_EPOCH: Final[i64] = 719_468
"""Days from 0000-03-01 to 1970-01-01."""
_FIRST_DAY: Final[i64] = 2
_LAST_DAY: Final[i64] = 2_932_893
"""1970-01-03 and 9999-12-28: far enough from the ends of the calendar for every zone."""


def row(values: list[int]) -> Row:
    """Make a row of numbers."""
    return vec[i64](values)


def same(data: bytes, text: bytes, at: i64) -> bool:
    """Whether `text` stands in `data` at `at`."""
    length: i64 = len(text)
    if at + length > len(data):
        return False
    place: i64 = 0
    while place + 32 <= length:
        if (
            read_i64_le(data, at + place) != read_i64_le(text, place)
            or read_i64_le(data, at + place + 8) != read_i64_le(text, place + 8)
            or read_i64_le(data, at + place + 16) != read_i64_le(text, place + 16)
            or read_i64_le(data, at + place + 24) != read_i64_le(text, place + 24)
        ):
            return False
        place += 32
    while place + 8 <= length:
        if read_i64_le(data, at + place) != read_i64_le(text, place):
            return False
        place += 8
    while place < length:
        if data[at + place] != text[place]:
            return False
        place += 1
    return True


def text_end(data: bytes, at: i64) -> i64:
    """Return where the quote is that ends a string of ordinary ASCII characters, or -1."""
    length: i64 = len(data)
    while at < length:
        byte: i64 = data[at]
        if byte == _QUOTE:
            return at
        if byte < 32 or byte == _BACKSLASH or byte >= _DELETE:
            return -1
        at += 1
    return -1


def number(data: bytes, at: i64) -> tuple[i64, i64, i64]:
    """Return a JSON number without its point, how many decimals it has, and where it ends.

    The end is -1 for more than 18 digits, an exponent, or no number.
    """
    begin = at
    length: i64 = len(data)
    if at < length and data[at] == _MINUS:
        at += 1
    value: i64 = 0
    digits: i64 = 0
    point: i64 = -1
    first = at
    while at < length:
        byte: i64 = data[at]
        if _ZERO <= byte and byte <= _NINE:
            if digits == _MOST_DIGITS:
                return 0, 0, -1
            value = value * 10 + (byte - _ZERO)
            digits += 1
        elif byte == _POINT and point < 0 and digits > 0:
            point = digits
        else:
            break
        at += 1
    if digits == 0 or point == digits or at >= length:
        return 0, 0, -1
    if data[first] == _ZERO and digits > 1 and point != 1:
        return 0, 0, -1
    if data[at] == 101 or data[at] == 69 or data[at] == _POINT:  # e, E
        return 0, 0, -1
    if data[begin] == _MINUS:
        value = -value
    return value, (digits - point if point > 0 else 0), at


def instant(data: bytes, at: i64) -> tuple[i64, i64]:
    """Return a DateTime of OCPI as whole seconds since 1970 in UTC, and where it ends: the place of its quote.

    The end is -1 for fractions of a second, offsets, placeholders and what is no DateTime.
    """
    if at + 20 >= len(data) or data[at + 4] != _MINUS or data[at + 7] != _MINUS or data[at + 10] != _T:
        return 0, -1
    if data[at + 13] != _COLON or data[at + 16] != _COLON:
        return 0, -1
    year = _two(data, at) * 100 + _two(data, at + 2)
    month = _two(data, at + 5)
    day = _two(data, at + 8)
    hour = _two(data, at + 11)
    minute = _two(data, at + 14)
    second = _two(data, at + 17)
    if year < 0 or month < 1 or day < 1 or hour < 0 or minute < 0 or second < 0:
        return 0, -1
    if month > 12 or day > _days_of(year, month) or hour > 23 or minute > 59 or second > 59:
        return 0, -1
    days = _day_number(year, month, day)
    if days < _FIRST_DAY or days > _LAST_DAY:
        return 0, -1
    at += 19
    if data[at] == _POINT:
        at += 1
        zeros: i64 = 0
        while at < len(data) and data[at] == _ZERO:
            zeros += 1
            at += 1
        if zeros == 0 or zeros > _MOST_FRACTION:
            return 0, -1
    if at < len(data) and data[at] == _Z:
        at += 1
    if at >= len(data) or data[at] != _QUOTE:
        return 0, -1
    return days * _DAY + hour * 3600 + minute * 60 + second, at


def _two(data: bytes, at: i64) -> i64:
    """Two digits; something negative for anything else."""
    tens: i64 = data[at]
    ones: i64 = data[at + 1]
    if tens < _ZERO or tens > _NINE or ones < _ZERO or ones > _NINE:
        return -10_000
    return (tens - _ZERO) * 10 + (ones - _ZERO)


def _days_of(year: i64, month: i64) -> i64:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


def _day_number(year: i64, month: i64, day: i64) -> i64:
    """Days since 1970-01-01, counting years from March so that a leap day comes last."""
    if month < 3:
        year -= 1
        month += 12
    return year * 365 + year // 4 - year // 100 + year // 400 + ((month - 3) * 153 + 2) // 5 + day - 1 - _EPOCH


def put_scaled(out: BytesWriter, value: i64, decimals: i64) -> None:
    """Write value / 10^decimals in plain notation without zeros at the end."""
    if value == 0:
        out.append(_NOTHING)
        return
    if value < 0:
        out.append(_SIGN)
        value = -value
    while decimals >= 4 and value % 10_000 == 0:
        value //= 10_000
        decimals -= 4
    while decimals > 0 and value % 10 == 0:
        value //= 10
        decimals -= 1
    size: i64 = 1
    rest = value // 10
    while rest > 0:
        size += 1
        rest //= 10
    if size <= decimals:
        size = decimals + 1
    at: i64 = len(out)
    left = size + 1 if decimals > 0 else size
    while left > 0:
        out.append(_PLACEHOLDER)
        left -= 1
    at += size if decimals > 0 else size - 1
    while size > 0:
        out[at] = u8(value % 10 + _ZERO)
        value //= 10
        size -= 1
        decimals -= 1
        at -= 2 if decimals == 0 else 1


def place_after(marks: Row, value: i64, low: i64, high: i64) -> i64:
    """Return the first place from `low` on, `high` at the latest, whose mark is above `value`."""
    while low < high:
        middle = (low + high) // 2
        if marks[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low
