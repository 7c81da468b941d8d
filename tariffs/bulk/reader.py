"""One CDR from its bytes: positions of its texts, its numbers, and what its periods state.

The reader walks down the tree of layouts and reads what stands between the texts of its steps. A record that does not
fit, or has a value that is not ordinary, is for the engine: `Unusual`.
"""

from typing import Final

from mypy_extensions import i64

from tariffs.bulk import fields
from tariffs.bulk.known import Known, KnownTexts
from tariffs.bulk.layouts import Layouts, Step
from tariffs.bulk.native import instant, number, row, same, text_end
from tariffs.bulk.numbers import Unusual, scaled

_MOST_PERIODS: Final = 400
_VOLUME_DIGITS: Final[i64] = 4
_MOST_VOLUME: Final[i64] = 1_000_000_000
"""100,000 kWh in 0.1 Wh, and 100,000 h in 0.0001 h."""
_NONE: Final[i64] = -1
_SPACE: Final = b" \t\r\n"


class CdrReader:
    """Reads one CDR after the other; what it found stands here until the next."""

    def __init__(self, texts: KnownTexts, given: Known) -> None:
        self._texts = texts
        self._layouts = Layouts()
        self._given = given
        self.known = given
        """The tariffs it carries, or those that were given."""
        self.place = texts.nowhere
        self.data = b""
        self.begins = row([0] * fields.TEXTS)
        self.ends = row([0] * fields.TEXTS)
        """Where texts begin and end."""
        self.values = row([0] * fields.NUMBERS)
        self.decimals = row([0] * fields.NUMBERS)
        """Instants as seconds since 1970; numbers without their point, and how many decimals they have."""
        self.present: i64 = 0
        """A bit for each field of `values` that stands in the record."""
        self.count: i64 = 0
        self.starts = row([0] * _MOST_PERIODS)
        self.energy = row([0] * _MOST_PERIODS)
        self.time = row([0] * _MOST_PERIODS)
        self.parking = row([0] * _MOST_PERIODS)
        """Of each period: its start, 0.1 Wh, and twice 0.0001 h; -1 where nothing is stated."""
        self.has_tariff_id = False
        """Whether all periods name one and the same tariff."""

    def has(self, field: i64) -> bool:
        """Whether an instant or a number stands in the record."""
        return (self.present >> field) & 1 == 1

    def text(self, field: i64) -> bytes:
        """A text of the record, without its quotes."""
        return self.data[self.begins[field] : self.ends[field]]

    def read(self, data: bytes, begin: i64, end: i64) -> None:
        """Read the record at data[begin:end]; `Unusual` where it is for the engine."""
        self.data = data
        if self._cdr(begin, end):
            return
        if not self._layouts.learn(data[begin:end]) or not self._cdr(begin, end):
            raise Unusual

    def _cdr(self, at: i64, end: i64) -> bool:
        """Read the record; False where its layout is not known."""
        data = self.data
        self.known = self._given
        step = self._layouts.cdr
        while True:
            found = _following(data, at, step)
            if found is None:
                return False
            step = found
            at += step.length
            kind = step.kind
            field = step.field
            if kind == fields.TEXT or kind == fields.FILLED:
                at = self._text(kind, field, at, end)
            elif kind == fields.NUMBER:
                self.values[field], self.decimals[field], at = number(data, at)
            elif kind == fields.INSTANT:
                self.values[field], at = instant(data, at)
            elif kind == fields.PLACE or kind == fields.TARIFFS:
                at = self._known_text(kind, at, end)
            elif kind == fields.PERIODS:
                at = self._periods(at, end)
                if at == _NONE:
                    return False
            elif kind == fields.END:
                self.present = step.present
                if at != end and data[at:end].strip(_SPACE):
                    raise Unusual
                return True
            else:
                raise Unusual
            if at < 0 or at > end:
                raise Unusual

    def _text(self, kind: i64, field: i64, at: i64, end: i64) -> i64:
        """A text; return where it ends."""
        close = text_end(self.data, at)
        if close < 0:
            close = self._odd_text_end(at, end)
        if field >= 0:
            self.begins[field] = at
            self.ends[field] = close
        if close == at and kind == fields.FILLED:
            raise Unusual
        return close

    def _known_text(self, kind: i64, at: i64, end: i64) -> i64:
        """A place or tariffs; return where it ends."""
        if kind == fields.PLACE:
            self.place = self._texts.place(self.data, at, end)
            return at + self.place.length
        self.known = self._texts.tariffs(self.data, at, end)
        return at + self.known.length

    def _periods(self, at: i64, end: i64) -> i64:
        """Read all periods from the brace of the first; return where their list ends, -1 in an unknown layout."""
        data = self.data
        index: i64 = 0
        self.has_tariff_id = False
        while True:
            if index == _MOST_PERIODS:
                raise Unusual
            self.energy[index] = _NONE
            self.time[index] = _NONE
            self.parking[index] = _NONE
            names_tariff = False
            step = self._layouts.period
            while True:
                found = _following(data, at, step)
                if found is None:
                    return _NONE
                step = found
                at += step.length
                kind = step.kind
                if kind == fields.INSTANT:
                    self.starts[index], at = instant(data, at)
                elif kind == fields.DIMENSIONS:
                    at = self._dimensions(at, index)
                    if at == _NONE:
                        return _NONE
                elif kind == fields.TEXT:
                    close = self._text(kind, -1, at, end)
                    if close > at:
                        names_tariff = True
                        self._take_tariff(at, close, index)
                    at = close
                else:
                    break
                if at < 0 or at > end:
                    raise Unusual
            if names_tariff != self.has_tariff_id or kind == fields.ENGINE:
                raise Unusual
            index += 1
            if kind == fields.LAST:
                self.count = index
                return at

    def _take_tariff(self, begin: i64, end: i64, index: i64) -> None:
        """The tariff that a period names: that of the first one, or the engine looks."""
        if index == 0:
            self.has_tariff_id = True
            self.begins[fields.TARIFF_ID] = begin
            self.ends[fields.TARIFF_ID] = end
        elif not self.has_tariff_id or not same(self.data, self.text(fields.TARIFF_ID) + b'"', begin):
            raise Unusual

    def _dimensions(self, at: i64, index: i64) -> i64:
        """Read the volumes of a period; return where their list ends, -1 in an unknown layout."""
        data = self.data
        while True:
            step = _following(data, at, self._layouts.dimension)
            if step is None:
                return _NONE
            if step.kind != fields.VOLUME:
                raise Unusual
            value, decimals, at = number(data, at + step.length)
            if at < 0:
                raise Unusual
            step = _following(data, at, step)
            if step is None:
                return _NONE
            at += step.length
            dimension = step.dimension
            if dimension != fields.LOAD:
                value = scaled(value, decimals, _VOLUME_DIGITS, _MOST_VOLUME)
                if value < 0:
                    raise Unusual
            if dimension == fields.ENERGY and self.energy[index] < 0:
                self.energy[index] = value
            elif dimension == fields.TIME and self.time[index] < 0:
                self.time[index] = value
            elif dimension == fields.PARKING_TIME and self.parking[index] < 0:
                self.parking[index] = value
            elif dimension != fields.LOAD:
                raise Unusual
            if step.kind == fields.LAST:
                return at

    def _odd_text_end(self, at: i64, end: i64) -> i64:
        """Where a text of other letters ends; the engine looks at one with escapes or control characters."""
        found = self.data.find(b'"', at, end)
        if found < 0:
            raise Unusual
        text = self.data[at:found]
        if b"\\" in text or not text.decode("utf-8").isprintable():
            raise Unusual
        return found


def _following(data: bytes, at: i64, step: Step) -> Step | None:
    """The step whose text stands at `at`."""
    first = step.first
    if first is None or same(data, first.text, at):
        return first
    for following in step.following:
        if same(data, following.text, at):
            return following
    return None
