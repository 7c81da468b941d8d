"""What comes again and again in a month: the text of `tariffs` and of `cdr_location`, each read once by its reader.

A text that its reader had more than a note to say about is kept as one that the bulk way leaves to the engine.
"""

from typing import Final

from mypy_extensions import i64

from tariffs.bulk.instants import LocalTime
from tariffs.bulk.native import same
from tariffs.bulk.notes import notes_text
from tariffs.bulk.numbers import Unusual
from tariffs.bulk.sheet import Sheet
from tariffs.cdr import CdrLocation
from tariffs.errors import NotJson
from tariffs.findings import Severity
from tariffs.ocpi import v221
from tariffs.ocpi.decoding import decode_at
from tariffs.ocpi.reading import Reader
from tariffs.ocpi.versions import detect_version
from tariffs.plan import new_plan
from tariffs.tariff import Tariff
from tariffs.zones import named_zone, zone_of

HEAD: Final = 96
"""Texts are looked up by so many bytes, then compared whole; shorter tariffs are left to the engine."""
_MOST_TEXTS: Final = 8192
_MOST_ALIKE: Final = 64
_MOST_PLACES: Final = 65_536
_LONGEST: Final = 200_000


class Known:
    """One text of `tariffs`: a sheet for each id that stands there once."""

    def __init__(self, text: bytes, sheets: dict[str, Sheet], only: Sheet | None, notes: bytes) -> None:
        self.text = text
        self.length: i64 = len(text)
        self.sheets = sheets
        self.only = only
        self.notes = notes
        self.next: Known | None = None
        """Another one that begins alike, seen longer ago."""


class Place:
    """One text of `cdr_location`; `zone` is JSON, `notes` are findings of the zone, and both of them for the clock."""

    def __init__(self, length: int, local: LocalTime | None, zone: bytes, notes: bytes) -> None:
        self.length: i64 = length
        self.local = local
        self.zone = zone
        self.notes = notes
        self.is_for_engine = False
        """Whether its reader had something to say about it."""


class KnownTexts:
    """The tariffs and places seen so far; `time_zone` is the one the caller states."""

    def __init__(self, time_zone: str | None, most_texts: int = _MOST_TEXTS, most_places: int = _MOST_PLACES) -> None:
        self._stated = time_zone
        self._most_texts = most_texts
        self._most_places = most_places
        self._local: dict[str, LocalTime] = {}
        self._count = 0
        self.by_head: dict[bytes, Known] = {}
        self._lengths: dict[bytes, list[int]] = {}
        """How long the places are that begin alike."""
        self.places: dict[bytes, Place] = {}
        self.nowhere = Place(0, None, b"null", b"")

    def tariffs(self, data: bytes, start: i64, end: i64) -> Known:
        """Return the tariffs whose text begins at `start` of a record that ends at `end`, read now if need be."""
        head = data[start : start + HEAD]
        first = known = self.by_head.get(head)
        before: Known | None = None
        while known is not None:
            if same(data, known.text, start):
                if before is not None:  # what came last comes first
                    before.next = known.next
                    known.next = first
                    self.by_head[head] = known
                return known
            before = known
            known = known.next
        return self._learn_tariffs(data[start:end])

    def place(self, data: bytes, start: i64, end: i64) -> Place:
        """Return the place whose text begins at `start`, read now if need be."""
        lengths = self._lengths.get(data[start : start + HEAD])
        if lengths is not None:
            for length in lengths:
                known = self.places.get(data[start : start + length])
                if known is not None:
                    if known.is_for_engine:
                        raise Unusual
                    return known
        place = self._learn_place(data[start:end])
        if place.is_for_engine:
            raise Unusual
        return place

    def _learn_tariffs(self, raw: bytes) -> Known:
        value, text = _value(raw)
        if len(text) < HEAD or not isinstance(value, list):
            raise Unusual
        known = _known(text, value)
        if self._count >= self._most_texts:
            self.by_head.clear()
            self._count = 0
        known.next = self.by_head.get(text[:HEAD])
        self.by_head[text[:HEAD]] = known
        self._count += 1
        self._forget_after(known)
        return known

    def _forget_after(self, known: Known) -> None:
        """Keep so many that begin alike."""
        for _ in range(_MOST_ALIKE - 1):
            if known.next is None:
                return
            known = known.next
        if known.next is not None:
            known.next = None
            self._count -= 1

    def _learn_place(self, raw: bytes) -> Place:
        value, text = _value(raw)
        r = Reader()
        location = v221.read_location({"cdr_location": value}, r)
        local, zone, notes = self._zone(location)
        place = Place(len(text), local, zone, notes)
        place.is_for_engine = not isinstance(value, dict) or bool(r.findings) or bool(r.missing)
        if len(self.places) >= self._most_places:
            self.places.clear()
            self._lengths.clear()
        lengths = self._lengths.setdefault(raw[:HEAD], [])
        if len(text) not in lengths:
            lengths.append(len(text))
        self.places[text] = place
        return place

    def _zone(self, location: CdrLocation) -> tuple[LocalTime | None, bytes, bytes]:
        """The clock of a place; None where a tariff that asks for it is for the engine."""
        if self._stated is not None:
            zone, notes = named_zone(self._stated), b""
        else:
            choice = zone_of(location)
            if choice.zone is None or any(f.severity is not Severity.INFORMATION for f in choice.findings):
                return None, b"null", b""
            zone, notes = choice.zone, notes_text(choice.findings)
        local = self._local.get(zone.key)
        if local is None:
            local = self._local[zone.key] = LocalTime(zone)
        return local, local.name, notes


def _value(raw: bytes) -> tuple[object, bytes]:
    """The value at the beginning of a text, and its own text; no JSON, or too much of it, is for the engine."""
    try:
        rest = raw.decode("utf-8")
        value, end = decode_at(rest, 0)
    except (UnicodeDecodeError, NotJson):
        raise Unusual from None
    text = rest[:end].encode("utf-8")
    if len(text) > _LONGEST:
        raise Unusual
    return value, text


def _known(text: bytes, value: object) -> Known:
    """Read the tariffs of a text; without sheets where the engine is to look at them."""
    nothing = Known(text, {}, None, b"")
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
                found[tariff.id.lower()] = Sheet(new_plan(tariff))
            except Unusual:
                continue
    return found
