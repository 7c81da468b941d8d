"""Rules about times of day and weekdays in restrictions."""

from collections.abc import Iterator
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import Part, TariffSheet
from tariffs.ocpi.reading import printable
from tariffs.restrictions import DAY

_LAST_MINUTE: Final = DAY - 60


def _stated(part: Part, key: str) -> str:
    inner = part.raw.get("restrictions")
    return printable(str(inner.get(key))) if isinstance(inner, dict) else ""


def window_is_whole_day(sheet: TariffSheet) -> Iterator[Spot]:
    """A window that ends when it starts, or from 00:00 to 00:00: some read it as all day, others as never."""
    for part in sheet.parts():
        start, end = part.restrictions.start_time, part.restrictions.end_time
        if (start, end) == (None, None):
            continue
        if (start or 0) % DAY == (end or 0) % DAY:
            words = "the window is the whole day; some readers take it as never"
            stated = f"{_stated(part, 'start_time')} to {_stated(part, 'end_time')}"
            yield Spot(f"{part.path}.restrictions", words, "no window, or another end", stated)


def window_leaves_a_minute(sheet: TariffSheet) -> Iterator[Spot]:
    """An end_time of 23:59, which is not inclusive: the last minute of the day is left out."""
    for part in sheet.parts():
        end = part.restrictions.end_time
        if end is not None and _LAST_MINUTE <= end < DAY:
            words = "end_time is exclusive, so the end of the day is left out"
            yield Spot(f"{part.path}.restrictions.end_time", words, "00:00", _stated(part, "end_time"))


def weekday_and_window_over_midnight(sheet: TariffSheet) -> Iterator[Spot]:
    """A window over midnight with weekdays: the weekday is that of the moment, not of the evening it began."""
    for part in sheet.parts():
        r = part.restrictions
        if r.start_time is None or r.end_time is None or not r.day_of_week or len(r.day_of_week) == 7:
            continue
        if 0 < r.end_time < r.start_time:
            words = "after midnight the weekday is the next one: the night of the last day is cut at midnight"
            yield Spot(f"{part.path}.restrictions.day_of_week", words)


def unusual_time_of_day(sheet: TariffSheet) -> Iterator[Spot]:
    """A time of day with seconds, or 24:00: OCPI has HH:MM from 00:00 to 23:59."""
    for part in sheet.parts():
        for key in ("start_time", "end_time"):
            seconds: int | None = getattr(part.restrictions, key)
            stated = _stated(part, key)
            if seconds is not None and (seconds >= DAY or len(stated) != len("HH:MM")):
                words = f"{stated} is no time of day of the form HH:MM; read all the same"
                yield Spot(f"{part.path}.restrictions.{key}", words, "HH:MM, 00:00 as end of the day", stated)


def every_weekday(sheet: TariffSheet) -> Iterator[Spot]:
    """A list of all seven days, which restricts nothing."""
    for part in sheet.parts():
        if part.restrictions.day_of_week is not None and len(part.restrictions.day_of_week) == 7:
            yield Spot(f"{part.path}.restrictions.day_of_week", "all seven days are listed", "no list", "7 days")


def weekday_twice(sheet: TariffSheet) -> Iterator[Spot]:
    """A weekday that is listed more than once; another one may be meant."""
    for part in sheet.parts():
        inner = part.raw.get("restrictions")
        stated = inner.get("day_of_week") if isinstance(inner, dict) else None
        days = [day for day in stated if isinstance(day, str)] if isinstance(stated, list) else []
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield Spot(f"{part.path}.restrictions.day_of_week", f"{day} is listed more than once", "once", day)


_CLASS: Final = "mod_tariffs, TariffRestrictions class"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("window-is-whole-day", "I", f"{_CLASS}, start_time", "Leave the window out if the whole day is meant."),
        window_is_whole_day,
    ),
    Check(
        rule("window-leaves-a-minute", "W", f"{_CLASS}, end_time", 'Write "00:00" for the end of the day.'),
        window_leaves_a_minute,
    ),
    Check(
        rule(
            *("weekday-and-window-over-midnight", "I", f"{_CLASS}, day_of_week"),
            "Split the window at midnight if the whole night of a day is meant.",
        ),
        weekday_and_window_over_midnight,
    ),
    Check(rule("unusual-time-of-day", "I", f"{_CLASS}, start_time", "Write HH:MM."), unusual_time_of_day),
    Check(rule("every-weekday", "I", f"{_CLASS}, day_of_week", "Leave the list out."), every_weekday),
    Check(rule("weekday-twice", "I", f"{_CLASS}, day_of_week", "List each day once."), weekday_twice),
)
