"""Layouts: what stands between the values of a CDR. A sender writes it the same way in line after line.

It is learned once, from a record that is taken apart with care, and then only compared. A layout is a chain of steps:
the text up to a value, and what kind of value follows. Layouts that begin alike share their steps, so that all of them
are a tree; a period and a dimension have trees of their own. A key that is unknown, missing or given twice has no
place in the tree: such a record is for the engine.
"""

import re
from typing import Final

from mypy_extensions import i64

from tariffs.bulk import fields
from tariffs.timeline import LOAD_DIMENSIONS

_MOST_STEPS: Final = 20_000

_Field = tuple[int, int]
"""Kind and number."""
_COSTS: Final = {
    "total_cost": fields.TOTAL_COST,
    "total_energy_cost": fields.ENERGY_COST,
    "total_time_cost": fields.TIME_COST,
    "total_parking_cost": fields.PARKING_COST,
    "total_fixed_cost": fields.FIXED_COST,
    "total_reservation_cost": fields.RESERVATION_COST,
}
_CDR: Final[dict[str, _Field]] = {
    "id": (fields.FILLED, fields.ID),
    "country_code": (fields.FILLED, -1),
    "party_id": (fields.FILLED, -1),
    "start_date_time": (fields.INSTANT, fields.START),
    "end_date_time": (fields.INSTANT, fields.FINISH),
    "auth_method": (fields.FILLED, -1),
    "cdr_location": (fields.PLACE, -1),
    "currency": (fields.TEXT, fields.CURRENCY),
    "charging_periods": (fields.PERIODS, -1),
    "total_energy": (fields.NUMBER, fields.TOTAL_ENERGY),
    "total_time": (fields.NUMBER, fields.TOTAL_TIME),
    "last_updated": (fields.INSTANT, fields.LAST_UPDATED),
    "cdr_token.country_code": (fields.FILLED, -1),
    "cdr_token.party_id": (fields.FILLED, -1),
    "cdr_token.uid": (fields.FILLED, -1),
    "cdr_token.type": (fields.FILLED, fields.TOKEN_TYPE),
    "cdr_token.contract_id": (fields.FILLED, -1),
    "total_cost.excl_vat": (fields.NUMBER, fields.TOTAL_COST),
}
_OPTIONAL: Final[dict[str, _Field]] = {
    "tariffs": (fields.TARIFFS, -1),
    "total_parking_time": (fields.NUMBER, fields.TOTAL_PARKING_TIME),
    **dict.fromkeys(("session_id", "authorization_reference", "meter_id", "remark"), (fields.TEXT, -1)),
    **dict.fromkeys(("invoice_reference_id", "credit_reference_id"), (fields.TEXT, -1)),
    **{f"{name}.excl_vat": (fields.NUMBER, place) for name, place in _COSTS.items()},
    **{f"{name}.incl_vat": (fields.NUMBER, place + fields.INCL) for name, place in _COSTS.items()},
}
_MAYBE_NULL: Final = {
    *(name for name in _OPTIONAL if name != "tariffs" and not name.endswith(".excl_vat")),
    "tariff_id",
    *(name for name in _COSTS if name != "total_cost"),
}
_FLAGS: Final = {"credit", "home_charging_compensation"}
_OBJECTS: Final = {"cdr_token", *_COSTS}
_PERIOD: Final[dict[str, _Field]] = {
    "start_date_time": (fields.INSTANT, fields.PERIOD_START),
    "dimensions": (fields.DIMENSIONS, -1),
}
_PERIOD_OPTIONAL: Final[dict[str, _Field]] = {"tariff_id": (fields.TEXT, fields.TARIFF_ID)}
_DIMENSION: Final[dict[str, _Field]] = {"type": (fields.TYPE, -1), "volume": (fields.VOLUME, -1)}
_TYPES: Final = {
    "ENERGY": fields.ENERGY,
    "TIME": fields.TIME,
    "PARKING_TIME": fields.PARKING_TIME,
    **dict.fromkeys(LOAD_DIMENSIONS, fields.LOAD),
}

_SPACE: Final = re.compile(rb"[ \t\r\n]*").match
_KEY: Final = re.compile(rb'"((?:[^"\\\x00-\x1f]|\\.)*)"[ \t\r\n]*:[ \t\r\n]*').match
_STRING: Final = re.compile(rb'"[^"\\\x00-\x1f]*"').match
_NUMBER: Final = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9.eE])").match
_BEGINS_NUMBER: Final = {bytes([byte]) for byte in b"-0123456789"}
_LITERAL: Final = re.compile(rb"null|false").match
_NESTED: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL).search


class Step:
    """A text, the kind of value after it, and the number of its field, -1 for one that is not looked at again."""

    def __init__(self, text: bytes, kind: int, field: int) -> None:
        self.text = text
        self.length: i64 = len(text)
        self.kind: i64 = kind
        self.field: i64 = field
        self.dimension: i64 = -1
        """Where a dimension ends, which one it is."""
        self.present: i64 = 0
        """At the end of a CDR: a bit for each instant and number that stands in it."""
        self.first: Step | None = None
        """The step after this one that is tried first; the others are `following`."""
        self.following: list[Step] = []


class Layouts:
    """All layouts seen so far."""

    def __init__(self, most_steps: int = _MOST_STEPS) -> None:
        self.cdr = Step(b"", -1, -1)
        self.period = Step(b"", -1, -1)
        self.dimension = Step(b"", -1, -1)
        self._left = most_steps

    def learn(self, record: bytes) -> bool:
        """Take a record apart; whether anything was learned from it."""
        if self._left <= 0:
            return False
        lesson = _Lesson(record, self)
        try:
            lesson.take_cdr()
        except _Engine:
            lesson.stop()
        except _Odd:
            pass
        self._left -= lesson.count
        return lesson.count > 0


class _Engine(Exception):
    """What stands here is for the engine, in every record of this layout."""


class _Odd(Exception):
    """This one value is for the engine, or this is no JSON."""


class _Lesson:
    """One record taken apart; `mark` is the end of the last value, `at` is where we are."""

    def __init__(self, record: bytes, layouts: Layouts) -> None:
        self._record = record
        self._layouts = layouts
        self._step = layouts.cdr
        self._mark = 0
        self._at = 0
        self._present = 0
        self._dimension = -1
        self.count = 0

    def stop(self) -> None:
        """Remember that the engine is needed where we are, up to the first byte that says so."""
        self._at += 1
        self._add(fields.ENGINE, -1)

    def take_cdr(self) -> None:
        """The whole record."""
        self._skip()
        self._take(b"{")
        if not _CDR.keys() <= self._members("", _CDR | _OPTIONAL, set()):
            raise _Engine
        self._add(fields.END, -1).present = self._present
        self._skip()
        if self._at != len(self._record):
            raise _Odd

    def _members(self, prefix: str, known: dict[str, _Field], seen: set[str]) -> set[str]:
        """The members of an object after its first brace, and its last brace; return the names."""
        while True:
            self._skip()
            name = prefix + self._key()
            if name in seen:
                raise _Engine
            seen.add(name)
            if name in _OBJECTS and self._byte() == b"{":
                self._take(b"{")
                self._members(f"{name}.", known, seen)
                if name in _COSTS and f"{name}.excl_vat" not in seen:
                    raise _Engine
            else:
                self._member(name, known.get(name))
            self._skip()
            if self._byte() == b"}":
                self._take(b"}")
                return seen
            self._take(b",")

    def _key(self) -> str:
        found = _KEY(self._record, self._at)
        if found is None:
            raise _Odd
        self._at = found.end()
        return found[1].decode("latin-1")

    def _member(self, name: str, field: _Field | None) -> None:
        if self._byte() in (b"n", b"t", b"f"):
            found = _LITERAL(self._record, self._at)
            if found is None and self._byte() != b"t":
                raise _Odd
            if found is None or not (name in _FLAGS or (name in _MAYBE_NULL and found[0] == b"null")):
                raise _Engine
            self._at = found.end()
            return
        if field is None:
            raise _Engine
        kind, number = field
        if kind in (fields.INSTANT, fields.NUMBER):
            self._present |= 1 << number
        if kind in (fields.TEXT, fields.FILLED, fields.INSTANT, fields.TYPE):
            self._text(kind, number)
        elif kind in (fields.NUMBER, fields.VOLUME):
            self._number(kind, number)
        elif kind in (fields.PLACE, fields.TARIFFS):
            self._nested(kind)
        else:
            self._list(kind)

    def _text(self, kind: int, number: int) -> None:
        if self._byte() != b'"':
            raise _Engine
        found = _STRING(self._record, self._at)
        if kind == fields.TYPE:
            if found is None:
                raise _Odd
            self._at = found.end() - 1
            self._dimension = _TYPES.get(found[0][1:-1].decode("latin-1"), -1)
            if self._dimension < 0:
                raise _Engine
            self._at += 1
            return
        self._at += 1
        self._add(kind, number)
        if found is None:
            raise _Odd
        self._at = found.end()
        self._mark = self._at - 1

    def _number(self, kind: int, number: int) -> None:
        if self._byte() not in _BEGINS_NUMBER:
            raise _Engine
        self._add(kind, number)
        found = _NUMBER(self._record, self._at)
        if found is None:
            raise _Odd
        self._at = self._mark = found.end()

    def _nested(self, kind: int) -> None:
        """A value that is known as a whole: its reader says whether it is sound, here is only where it ends."""
        if self._byte() != (b"{" if kind == fields.PLACE else b"["):
            raise _Engine
        self._add(kind, -1)
        depth = 0
        while True:
            found = _NESTED(self._record, self._at)
            if found is None:
                raise _Odd
            self._at = found.end()
            depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(found[0], 0)
            if depth == 0:
                self._mark = self._at
                return

    def _list(self, kind: int) -> None:
        """Periods or dimensions: each begins anew, at the first step of its own tree."""
        if self._byte() != b"[":
            raise _Engine
        self._take(b"[")
        self._skip()
        if self._byte() != b"{":
            raise _Engine
        outside = self._add(kind, -1)
        is_period = kind == fields.PERIODS
        known = _PERIOD | _PERIOD_OPTIONAL if is_period else _DIMENSION
        ending = fields.MORE
        while ending == fields.MORE:
            self._step = self._layouts.period if is_period else self._layouts.dimension
            self._take(b"{")
            if not (_PERIOD if is_period else _DIMENSION).keys() <= self._members("", known, set()):
                raise _Engine
            self._skip()
            if self._byte() == b"]":
                ending = fields.LAST
                self._take(b"]")
            else:
                self._take(b",")
                self._skip()
                if self._byte() != b"{":
                    raise _Odd
            self._add(ending, -1).dimension = -1 if is_period else self._dimension
        self._step = outside

    def _byte(self) -> bytes:
        return self._record[self._at : self._at + 1]

    def _take(self, byte: bytes) -> None:
        if self._byte() != byte:
            raise _Odd
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE(self._record, self._at)
        assert found is not None, "no space is space as well"
        self._at = found.end()

    def _add(self, kind: int, number: int) -> Step:
        """The step from the last value to where we are; one for the engine is tried after all others."""
        text = self._record[self._mark : self._at]
        self._mark = self._at
        before = self._step
        known = before.following if before.first is None else [before.first, *before.following]
        for step in known:
            if step.text == text:
                self._step = step
                return step
        step = Step(text, kind, number)
        known.insert(len(known) if kind == fields.ENGINE else 0, step)
        before.first, before.following = known[0], known[1:]
        self._step = step
        self.count += 1
        return step
