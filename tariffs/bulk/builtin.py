"""Reading and writing bytes by what Python has in C: quick when not compiled (`tariffs.bulk.native`)."""

import re
from bisect import bisect_right
from datetime import date
from typing import Final

from librt.strings import BytesWriter

Row = list[int]
"""A row of numbers."""

_TEXT: Final = re.compile(rb'[ !#-\[\]-~]*"').match
_NUMBER: Final = re.compile(rb"(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?(?![0-9.eE])", re.DOTALL).match
_DATE: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T").fullmatch
_CLOCK: Final = re.compile(rb"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])").fullmatch
_END: Final = re.compile(rb'(\.0{1,9})?Z?"').match
_MOST_DIGITS: Final = 18
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_MOST_DAYS: Final = 20_000
_days: Final[dict[bytes, int]] = {}
_clocks: Final[dict[bytes, int]] = {}


def row(values: list[int]) -> Row:
    """Make a row of numbers."""
    return list(values)


same: Final = bytes.startswith
"""Whether a text stands in data at a place: same(data, text, at)."""


def text_end(data: bytes, at: int) -> int:
    """Return where the quote is that ends a string of ordinary ASCII characters, or -1."""
    found = _TEXT(data, at)
    return found.end() - 1 if found else -1


def number(data: bytes, at: int) -> tuple[int, int, int]:
    """Return a JSON number without its point, how many decimals it has, and where it ends.

    The end is -1 for more than 18 digits, an exponent, or no number.
    """
    found = _NUMBER(data, at)
    if found is None or found.end() == len(data):
        return 0, 0, -1
    whole, decimals = found.groups()
    if decimals is None:
        return (int(whole), 0, found.end()) if len(whole.lstrip(b"-")) <= _MOST_DIGITS else (0, 0, -1)
    if len(whole.lstrip(b"-")) + len(decimals) > _MOST_DIGITS:
        return 0, 0, -1
    return int(whole + decimals), len(decimals), found.end()


def instant(data: bytes, at: int) -> tuple[int, int]:
    """Return a DateTime of OCPI as whole seconds since 1970 in UTC, and where it ends: the place of its quote.

    The end is -1 for fractions of a second, offsets, placeholders and what is no DateTime.
    """
    text = data[at : at + 11]
    day = _days.get(text)
    if day is None:
        day = _read_day(text)
    text = data[at + 11 : at + 19]
    clock = _clocks.get(text)
    if clock is None:
        clock = _read_clock(text)
    if day < 0 or clock < 0:
        return 0, -1
    end = at + 20
    if data[at + 19 : end + 1] != b'Z"':
        found = _END(data, at + 19)
        if found is None:
            return 0, -1
        end = found.end() - 1
    return day + clock, end


def _read_day(text: bytes) -> int:
    """Seconds at the beginning of a day, or -1."""
    if _DATE(text) is None or text < b"1970-01-03" or text > b"9999-12-28Z":
        return -1
    try:
        day = (date.fromisoformat(text[:10].decode("ascii")).toordinal() - _EPOCH_ORDINAL) * 86_400
    except ValueError:
        return -1
    if len(_days) >= _MOST_DAYS:
        _days.clear()
    _days[text] = day
    return day


def _read_clock(text: bytes) -> int:
    """Seconds since midnight, or -1; there are but 86,400 of them."""
    found = _CLOCK(text)
    if found is None:
        return -1
    hour, minute, second = found.groups()
    clock = _clocks[text] = int(hour) * 3600 + int(minute) * 60 + int(second)
    return clock


def put_scaled(out: BytesWriter, value: int, decimals: int) -> None:
    """Write value / 10^decimals in plain notation without zeros at the end."""
    if decimals == 0:
        out.write(b"%d" % value)
        return
    text = b"%0*d" % (decimals + 1 if value >= 0 else decimals + 2, value)
    rest = text[-decimals:].rstrip(b"0")
    out.write(b"%b.%b" % (text[:-decimals], rest) if rest else text[:-decimals])


place_after: Final = bisect_right
"""The first place from `low` on, `high` at the latest, whose mark is above a value: (marks, value, low, high)."""
