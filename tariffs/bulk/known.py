"""What comes again and again in a month: the text of `tariffs` and of `cdr_location`, each read once by its reader.

A text that its reader had more than a note to say about is kept as one that the bulk way leaves to the engine.
"""

import json
from typing import Final

from tariffs.bulk.instants import LocalTime
from tariffs.bulk.notes import notes_text
from tariffs.bulk.sheet import Sheet
from tariffs.bulk.texts import Unusual
from tariffs.cdr import CdrLocation
from tariffs.errors import NotJson
from tariffs.findings import Severity
from tariffs.ocpi import v221
from tariffs.ocpi.decoding import decode, decode_at
from tariffs.ocpi.reading import Reader
from tariffs.ocpi.versions import detect_version
from tariffs.plan import plan_of
from tariffs.tariff import Tariff
from tariffs.zones import named_zone, zone_of

HEAD: Final = 96
"""Tariffs are looked up by so many bytes, then compared whole; a shorter text is left to the engine."""
_MOST_TEXTS: Final = 8192
_MOST_ALIKE: Final = 64
_MOST_PLACES: Final = 65_536
_LONGEST: Final = 200_000


class Known:
    """One text of `tariffs`: a sheet for each id that stands there once."""

    def __init__(self, text: bytes, sheets: dict[str, Sheet], only: Sheet | None, notes: str) -> None:
        self.text = text
        self.length = len(text)
        self.sheets = sheets
        self.only = only
        self.notes = notes


class Place:
    """One text of `cdr_location`; `zone` is JSON, `notes` are findings of the zone, and both of them for the clock."""

    def __init__(self, quotes: int, local: LocalTime | None, zone: str, notes: str) -> None:
        self.quotes = quotes
        self.local = local
        self.zone = zone
        self.notes = notes


_NOWHERE: Final = Place(-1, None, "null", "")


class KnownTexts:
    """The tariffs and places seen so far; `time_zone` is the one the caller states."""

    def __init__(self, time_zone: str | None, most_texts: int = _MOST_TEXTS, most_places: int = _MOST_PLACES) -> None:
        self._stated = time_zone
        self._most_texts = most_texts
        self._most_places = most_places
        self._local: dict[str, LocalTime] = {}
        self._count = 0
        self.by_head: dict[bytes, list[Known]] = {}
        self.places: dict[bytes, Place] = {}

    def tariffs(self, raw: bytes, start: int, end: int) -> Known | None:
        """Return the tariffs whose text begins at `start` of a record that ends at `end`, read now if need be.

        None where nothing can be known.
        """
        alike = self.by_head.get(raw[start : start + HEAD])
        if alike is not None:
            for place in range(len(alike)):
                known = alike[place]
                if raw.startswith(known.text, start, end):
                    if place:  # what came last comes first
                        alike.insert(0, alike.pop(place))
                    return known
        return self._learn_tariffs(raw[start:end])

    def place(self, text: bytes) -> Place:
        """Return the place of a text, read now if need be; one with -1 quotes is for the engine."""
        known = self.places.get(text)
        if known is not None:
            return known
        place = self._read_place(text) or _NOWHERE
        if len(self.places) >= self._most_places:
            self.places.clear()
        if len(text) <= _LONGEST:
            self.places[text] = place
        return place

    def _learn_tariffs(self, raw: bytes) -> Known | None:
        if raw[:1] != b"[" or len(raw) > _LONGEST:
            return None
        try:
            rest = raw.decode("utf-8")
            value, end = decode_at(rest, 0)
        except (UnicodeDecodeError, NotJson):
            return None
        text = rest[:end].encode("utf-8")
        if len(text) < HEAD:
            return None
        known = _known(text, value)
        if self._count >= self._most_texts:
            self.by_head.clear()
            self._count = 0
        alike = self.by_head.setdefault(raw[:HEAD], [])
        alike.insert(0, known)
        self._count += 1
        if len(alike) > _MOST_ALIKE:
            alike.pop()
            self._count -= 1
        return known

    def _read_place(self, text: bytes) -> Place | None:
        try:
            value = decode(text)
        except NotJson:
            return None
        r = Reader()
        location = v221.read_location({"cdr_location": value}, r)
        if not isinstance(value, dict) or r.findings or r.missing or b'\\"' in text:
            return None
        local, zone, notes = self._zone(location)
        return Place(text.count(b'"'), local, zone, notes)

    def _zone(self, location: CdrLocation) -> tuple[LocalTime | None, str, str]:
        """The clock of a place; None where a tariff that asks for it is for the engine."""
        if self._stated is not None:
            zone, notes = named_zone(self._stated), ""
        else:
            choice = zone_of(location)
            if choice.zone is None or any(f.severity is not Severity.INFORMATION for f in choice.findings):
                return None, "null", ""
            zone, notes = choice.zone, notes_text(choice.findings)
        local = self._local.get(zone.key)
        if local is None:
            local = self._local[zone.key] = LocalTime(zone)
        return local, json.dumps(zone.key), notes


def _known(text: bytes, value: object) -> Known:
    """Read the tariffs of a text; without sheets where the engine is to look at them."""
    nothing = Known(text, {}, None, "")
    if detect_version({"tariffs": value}) != v221.VERSION:
        return nothing
    r = Reader()
    tariffs = v221.read_tariffs({"tariffs": value}, r)
    if tariffs is None or r.missing or any(f.severity is not Severity.INFORMATION for f in r.findings):
        return nothing
    sheets = sheets_of(tariffs)
    only = sheets.get(tariffs[0].id.lower()) if len(tariffs) == 1 else None
    return Known(text, sheets, only, notes_text(tuple(r.findings)))


def sheets_of(tariffs: tuple[Tariff, ...]) -> dict[str, Sheet]:
    """A sheet for each id that stands there once and that the bulk way prices."""
    ids = [tariff.id.lower() for tariff in tariffs]
    found: dict[str, Sheet] = {}
    for tariff in tariffs:
        if ids.count(tariff.id.lower()) == 1:
            try:
                found[tariff.id.lower()] = Sheet(plan_of(tariff))
            except Unusual:
                continue
    return found
