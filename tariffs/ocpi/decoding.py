"""JSON text to plain values without losing a digit of money: the only decoder that amounts may pass through.

Objects become dict, arrays list, numbers with a point or exponent `Decimal`, others int. What JSON cannot hold with
one meaning (NaN, a number of 5,000 digits, a key given twice with two values) becomes `Unusable`, which no field
admits, so that the reader of the record reports it at its place instead of the whole text failing.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tariffs.errors import NotJson

MAX_DEPTH = 100
"""Deeper nesting than this is refused; a CDR needs eight levels."""

_LONGEST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Unusable:
    """A value that has no one meaning; `why` is for people."""

    why: str

    def __str__(self) -> str:
        return self.why


def decode(text: bytes | str) -> object:
    """Decode one JSON text (UTF-8, a byte order mark is allowed); raise `NotJson` if it is none.

    >>> decode(b'{"price": 0.10, "volume": NaN}')
    {'price': Decimal('0.10'), 'volume': Unusable(why='NaN is not a number')}
    """
    if isinstance(text, str):
        return _decode(text)
    start = _start_of_tariffs(text)
    if start is not None:
        value = _with_known_tariffs(text, start)
        if value is not None:
            return value
    try:
        whole = text.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise NotJson(f"byte {problem.start + 1} is not UTF-8", problem.start) from None
    decoded = _decode(whole)
    if start is not None:
        _remember_tariffs(text, start)
    return decoded


def _decode(text: str) -> object:
    if text.startswith("\ufeff"):
        text = text[1:]
    start = _skip_space(text, 0)
    value, end = decode_at(text, start)
    end = _skip_space(text, end)
    if end != len(text):
        raise NotJson(f"more text after the end of the value, at character {end + 1}", end)
    return value


def decode_at(text: str, start: int) -> tuple[object, int]:
    """Decode the JSON value that begins at `start` and return it with the index after it; raise `NotJson`."""
    try:
        value, end = _scan(_QUICK, text, start)
    except (ValueError, ArithmeticError) as problem:
        if isinstance(problem, NotJson):
            raise
        # A number longer than Python converts, or beyond what Decimal holds: again, looking at each number.
        value, end = _scan(_CAREFUL, text, start)
    if text.count("{", start, end) + text.count("[", start, end) > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise NotJson(f"nested deeper than {MAX_DEPTH} levels")
    return value, end


def _scan(decoder: json.JSONDecoder, text: str, start: int) -> tuple[object, int]:
    try:
        return decoder.raw_decode(text, start)
    except json.JSONDecodeError as problem:
        raise NotJson(f"{problem.msg.removesuffix(' at')} at character {problem.pos + 1}", problem.pos) from None
    except RecursionError:
        raise NotJson("nested too deeply") from None


def _skip_space(text: str, at: int) -> int:
    length = len(text)
    while at < length and text[at] in " \t\r\n":
        at += 1
    return at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One JSON object; a key given twice with different values has no value (RFC 8259 leaves open which counts)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        first: dict[str, Any] = {}
        for key, value in pairs:
            if key in first and first[key] != value:
                found[key] = Unusable(f'the key "{key}" is given twice with different values')
            first.setdefault(key, value)
    return found


def _constant(token: str) -> Unusable:
    return Unusable(f"{token} is not a number")


def _careful_int(token: str) -> int | Unusable:
    return int(token) if len(token) <= _LONGEST_NUMBER else Unusable(f"a number of {len(token)} characters")


def _careful_decimal(token: str) -> Decimal | Unusable:
    try:
        return Decimal(token)
    except ArithmeticError:
        return Unusable(f"{token[:40]} is beyond every amount")


def _depth(value: object) -> int:
    """How deeply containers are nested, without recursion."""
    deepest = 0
    layer = [value]
    while layer:
        below: list[object] = []
        for item in layer:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        layer = below
        deepest += 1
    return deepest


_QUICK = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_constant)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_careful_decimal, parse_int=_careful_int, parse_constant=_constant
)

# Half of most CDRs is their tariffs, and a month has few of them: what stands there byte for byte as it did before is
# not decoded again. The text is cut out and a seal put in its place; only where the seal comes back as the value of
# `tariffs` of the whole record the known value takes its place, else the whole text is decoded as it is.

_TARIFFS: Final = b'"tariffs":'
_HEAD: Final = 160
"""By so many bytes a text is looked up; a shorter one is not worth it."""
_MOST_TEXTS, _MOST_ALIKE, _LONGEST_TEXT = 1024, 8, 100_000
_SEAL: Final = object()
_SEAL_TEXT: Final = "Infinity"
"""A text in which this stands by itself is never cut."""
_SEALED = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=Decimal,
    parse_constant=lambda token: _SEAL if token == _SEAL_TEXT else _constant(token),
)
_seen: set[bytes] = set()
_known: dict[bytes, list[tuple[bytes, list[object]]]] = {}
_shared: set[int] = set()


def is_shared(value: object) -> bool:
    """Whether a decoded tariff is one that stands in many records: whoever keeps it may tell it by its identity."""
    return id(value) in _shared


def _start_of_tariffs(raw: bytes) -> int | None:
    at = raw.find(_TARIFFS)
    if at < 0:
        return None
    at += len(_TARIFFS)
    return at + 1 if raw[at : at + 1] == b" " else at


def _with_known_tariffs(raw: bytes, start: int) -> object | None:
    """The record with the tariffs known from before, or None where they are not, or anything is unusual."""
    alike = _known.get(raw[start : start + _HEAD], ())
    known = next((one for one in alike if raw.startswith(one[0], start)), None)
    if known is None:
        return None
    text, tariffs = known
    seal = _SEAL_TEXT.encode()
    if seal in raw or not raw.startswith(b"{"):
        return None
    try:
        cut = (raw[:start] + seal + raw[start + len(text) :]).decode("utf-8")
        value, end = _SEALED.raw_decode(cut)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    if cut.count("{") + cut.count("[") > MAX_DEPTH or _skip_space(cut, end) != len(cut):
        return None
    if value.get("tariffs") is not _SEAL:
        return None
    value["tariffs"] = tariffs
    return value  # type: ignore[no-any-return]


def _remember_tariffs(raw: bytes, start: int) -> None:
    """Keep the tariffs of a record that was decoded, from the second time on that they are seen."""
    head = raw[start : start + _HEAD]
    if head not in _seen:
        if len(_seen) >= _MOST_TEXTS:
            _seen.clear()
        _seen.add(head)
        return
    alike = _known.get(head, [])
    if len(alike) >= _MOST_ALIKE or any(raw.startswith(one[0], start) for one in alike):
        return
    rest = raw[start : start + _LONGEST_TEXT].decode("utf-8", "replace")
    try:
        tariffs, end = _QUICK.raw_decode(rest)
    except (ValueError, ArithmeticError, RecursionError):
        return
    text = rest[:end].encode()
    if type(tariffs) is not list or len(text) < _HEAD or not raw.startswith(text, start):
        return
    if sum(map(len, _known.values())) >= _MOST_TEXTS:
        _known.clear()
        _shared.clear()
    _known.setdefault(head, []).append((text, tariffs))
    _shared.update(map(id, tariffs))
