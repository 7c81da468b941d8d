"""The local clock of a zone, for instants as whole seconds since 1970 in UTC.

Of a zone and a day one offset from UTC is kept; only the day of a clock change asks `zoneinfo` for each instant.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mypy_extensions import i64

from tariffs.bulk.notes import as_json

DAY: Final = 86_400
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_DAY: Final[i64] = DAY
_CHANGES: Final = 10**6
_MOST_DAYS: Final = 20_000
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LocalTime:
    """The wall clock of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.name = as_json(zone.key)
        """As JSON."""
        self._offsets: dict[int, int] = {}
        self._day: i64 = -1
        self._offset_of_day: i64 = 0
        """The day asked for last: a charge is mostly on one."""

    def at(self, instant: i64) -> i64:
        """Return the local wall clock of an instant, as seconds since 1970-01-01 00:00 local."""
        day = instant // _DAY
        if day != self._day:
            offset = self._offsets.get(day)
            if offset is None:
                offset = self._read(day)
            self._day = day
            self._offset_of_day = offset
        if self._offset_of_day == _CHANGES:
            return instant + self._offset(instant)
        return instant + self._offset_of_day

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
