"""Instants as whole seconds since 1970 in UTC, and the local clock of a zone, by few texts that come again and again.

Dates are looked up, as a month has but 30. Of a zone and a day
one offset from UTC is kept; only the day of a clock change asks `zoneinfo` for each instant.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.bulk.texts import Unusual

DAY: Final = 86_400
WEEK: Final = 7 * DAY
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
THURSDAY: Final = 3
"""The weekday of 1970-01-01, Monday being 0."""
_CHANGES: Final = 10**6
_MOST_DAYS: Final = 20_000
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", re.ASCII)
_END: Final = re.compile(r"(\.0{1,9})?Z?", re.ASCII)
_SHORTEST: Final = 19
_USUAL: Final = 20
_ZERO: Final = 48
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)

_days: Final[dict[str, int]] = {}


def seconds_of(text: str) -> int:
    """Return a DateTime of OCPI as seconds since 1970; `Unusual` for fractions, offsets and the placeholder."""
    day = _days.get(text[:11])
    if day is None:
        day = _read_day(text[:11])
    return day + _clock_of(text)


def _clock_of(text: str) -> int:
    """Seconds of `HH:MM:SS` from the twelfth character on, with or without Z and a fraction of 0."""
    if len(text) < _SHORTEST or text[13] != ":" or text[16] != ":":
        raise Unusual
    hour = _figure(text, 11) * 10 + _figure(text, 12)
    minute = _figure(text, 14) * 10 + _figure(text, 15)
    second = _figure(text, 17) * 10 + _figure(text, 18)
    if hour > 23 or minute > 59 or second > 59:
        raise Unusual
    if len(text) != _USUAL or text[19] != "Z":
        if _END.fullmatch(text[19:]) is None:
            raise Unusual
    return hour * 3600 + minute * 60 + second


def _figure(text: str, at: int) -> int:
    figure = ord(text[at]) - _ZERO
    if 0 <= figure <= 9:
        return figure
    raise Unusual


def _read_day(text: str) -> int:
    if _DATE.fullmatch(text) is None or text < "1970-01-03" or text > "9999-12-28":
        raise Unusual
    try:
        day = (date.fromisoformat(text[:10]).toordinal() - EPOCH_ORDINAL) * DAY
    except ValueError:
        raise Unusual from None
    if len(_days) >= _MOST_DAYS:
        _days.clear()
    _days[text] = day
    return day


class LocalTime:
    """The wall clock of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offsets: dict[int, int] = {}

    def at(self, instant: int) -> int:
        """Return the local wall clock of an instant, as seconds since 1970-01-01 00:00 local."""
        day = instant // DAY
        offset = self._offsets.get(day)
        if offset is None:
            offset = self._read(day)
        if offset == _CHANGES:
            offset = self._offset(instant)
        return instant + offset

    def _read(self, day: int) -> int:
        first, last = self._offset(day * DAY), self._offset(day * DAY + DAY - 1)
        noon = self._offset(day * DAY + DAY // 2)
        offset = first if first == last == noon else _CHANGES
        if len(self._offsets) >= _MOST_DAYS:
            self._offsets.clear()
        self._offsets[day] = offset
        return offset

    def _offset(self, instant: int) -> int:
        offset = (_START + timedelta(seconds=instant)).astimezone(self._zone).utcoffset()
        assert offset is not None, "an aware datetime has an offset"
        return offset.days * DAY + offset.seconds
