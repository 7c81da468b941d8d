"""Files of JSON to raw records: where each one lies, its exact bytes, its decoded value, or what is wrong with it.

One JSON object, an array, an OCPI envelope (`{"data": …}`) or JSON Lines, each also gzipped, are read in blocks, so
that memory does not grow with the file. Nothing here knows what a CDR is; the readers of OCPI do.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

from clearing.intake.source import BLOCK, Source
from tariffs.errors import NotJson
from tariffs.ocpi.decoding import decode, decode_at

DETECT = 8 << 20
"""How far a file is read ahead to tell its form; a single object spread over many lines must fit in."""
MAX_RECORD = 64 << 20
"""Bytes of the longest record; a longer one is reported, not read into memory."""

_SPACE = b" \t\r\n"
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")
_RECORD_KEYS = frozenset({"id", "uid", "country_code", "party_id", "currency", "start_date_time", "charging_periods"})
"""A key of these before `data` shows an OCPI object with an extension field of that name, not an envelope."""
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_MAX_HELD = 10_000


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a file: `offset` and `length` cut `raw` out of the (decompressed) bytes of the file.

    `value` is the decoded JSON; `problem` says why it is no JSON object, and then the record is a `malformed-record`.
    """

    where: str
    offset: int
    length: int
    raw: bytes
    value: object | None
    problem: str | None


@dataclass(slots=True)
class LineBlock:
    """Whole lines of JSON Lines as they lie in the file, not looked at; `line` is the number of the first."""

    name: str
    line: int
    data: bytes
    counted: tuple[int, int] | None = None
    """How many lines it has, and how many that are not blank, where whoever used it said so."""

    @property
    def lines(self) -> int:
        """How many line breaks it has."""
        return self.data.count(b"\n") if self.counted is None else self.counted[0]

    @property
    def records(self) -> int:
        """How many of the lines are not blank."""
        if self.counted is not None:
            return self.counted[1]
        return sum(1 for line in self.data.split(b"\n") if line.strip(_SPACE))


class UnreadableFile(Exception):
    """Nothing in a file can be used (`unreadable-file`); raised before any record of it was given out."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


def read_records(path: Path | str, *, stdin: BinaryIO | None = None) -> Iterator[RawRecord]:
    """Give out the records of one file in their order; `-` is standard input. Raise `UnreadableFile`.

    `where` is `path:line` for JSON Lines, `path#n` (from 1) for arrays and envelopes, `path:1` for a single object,
    `-:n` for standard input. A record that does not parse is given out with its `problem`; only when nothing in the
    file parses the file is unreadable. A file without any content has no records.
    """
    return _read(path, stdin, _records)


def read_blocks(path: Path | str, *, stdin: BinaryIO | None = None) -> Iterator[RawRecord | LineBlock]:
    """Give out the same records in the same order, lines of JSON Lines by the block and not decoded."""
    return _read(path, stdin, _in_blocks)


_Item = TypeVar("_Item", RawRecord, RawRecord | LineBlock)


def _read(path: Path | str, stdin: BinaryIO | None, items: Callable[[str, Source], Iterable[_Item]]) -> Iterator[_Item]:
    name = str(path)
    if name == "-":
        yield from _hold_back(name, items(name, Source(stdin or sys.stdin.buffer)))
        return
    try:
        with open(path, "rb") as file:
            yield from _hold_back(name, items(name, Source(file)))
    except OSError as problem:
        raise UnreadableFile(name, problem.strerror or str(problem)) from None


def _hold_back(name: str, records: Iterable[_Item]) -> Iterator[_Item]:
    """Keep broken records until one parses: a file in which none does is unreadable as a whole."""
    held: list[_Item] = []
    parsed = False
    for record in records:
        if parsed:
            yield record
        elif isinstance(record, RawRecord) and record.value is None and record.problem != _not_an_object(None):
            held.append(record)
            if len(held) > _MAX_HELD:
                break
        else:
            parsed = True
            yield from held
            held.clear()
            yield record
    if held and isinstance(held[0], RawRecord):
        sign, number = held[0].where[len(name)], held[0].where[len(name) + 1 :]
        place = f"{'line' if sign == ':' else 'record'} {number}"
        raise UnreadableFile(name, f"nothing in it is JSON, from {place} on ({held[0].problem})")


def _begins_with_lines(source: Source) -> bool:
    """Whether the first line is an object by itself and more follows: JSON Lines."""
    source.more()
    if source.data.startswith(b"\xef\xbb\xbf"):
        source.drop(3)
    start = _skip_space(source, 0)
    end_of_line = source.data.find(b"\n", start)
    if end_of_line < 0 or _decoded(source.data[start:end_of_line])[1] is not None:
        return False
    return _skip_space(source, end_of_line) < len(source.data)


def _in_blocks(name: str, source: Source) -> Iterator[RawRecord | LineBlock]:
    return _line_blocks(name, source) if _begins_with_lines(source) else _records(name, source)


def _line_blocks(name: str, source: Source) -> Iterator[RawRecord | LineBlock]:
    """Whole lines by the block; what remains after the last line break, and a line beyond all measure, by itself."""
    line = 1
    while True:
        end = source.data.rfind(b"\n") + 1
        if end:
            block = LineBlock(name, line, source.data[:end])
            source.drop(end)
            yield block
            line += block.lines  # mostly known by now, and no second look at the bytes
        elif len(source.data) > MAX_RECORD or not source.more():
            yield from _lines(name, source, line)
            return


def _records(name: str, source: Source) -> Iterator[RawRecord]:
    """Tell the form of the file from its beginning, then read it."""
    if _begins_with_lines(source):
        return _lines(name, source)
    start = _skip_space(source, 0)
    end_of_line = source.data.find(b"\n", start)
    first_line = source.data[start : end_of_line if end_of_line >= 0 else len(source.data)]
    first = first_line[:1]
    whole_line = _decoded(first_line)[1] is None
    if first == b"[" and (whole_line or not _lines_follow(source, start, end_of_line)):
        return _elements(name, source, start + 1)
    if first == b"{":
        at = _envelope_data(source.text(), start)
        if at is not None:
            many = source.data[at : at + 1] == b"["
            return _elements(name, source, at + 1) if many else _elements(name, source, at, only_one=True)
        single = _single_object(name, source, start)
        if single is not None:
            return iter((single,))
    return _lines(name, source)


def _lines_follow(source: Source, start: int, end_of_line: int) -> bool:
    """Whether a file that begins with `[` is JSON Lines with a broken first line, not an array over many lines."""
    if end_of_line < 0:
        return False
    text = source.text()
    try:
        decode_at(text, start + 1 + len(text[start + 1 :]) - len(text[start + 1 :].lstrip()))
    except NotJson:
        lines = source.data[end_of_line + 1 :].split(b"\n", 20)[:20]
        return any(isinstance(_decoded(line)[0], dict) for line in lines)
    return False


def _envelope_data(text: str, start: int) -> int | None:
    """Return where the value of `data` begins in an OCPI envelope (transport, response format), or None."""
    space = re.compile(r"[ \t\r\n]*")

    def skip(at: int) -> int:
        match = space.match(text, at)
        return match.end() if match else at

    at = skip(start + 1)
    try:
        while text[at : at + 1] == '"':
            key, at = decode_at(text, at)
            at = skip(at)
            if text[at : at + 1] != ":":
                return None
            at = skip(at + 1)
            if key == "data":
                return at if text[at : at + 1] in ("[", "{") else None
            if key in _RECORD_KEYS:
                return None
            _, at = decode_at(text, at)
            at = skip(at)
            if text[at : at + 1] != ",":
                return None
            at = skip(at + 1)
    except NotJson:
        return None
    return None


def _single_object(name: str, source: Source, start: int) -> RawRecord | None:
    """The one object that fills the whole file, over as many lines as it likes, or None."""
    while len(source.data) < DETECT and source.more():
        pass
    if not source.ended:
        return None
    raw = source.data[start:].rstrip(_SPACE)
    value, problem = _decoded(raw)
    if problem is not None or source.damage is not None:
        return None
    return RawRecord(f"{name}:1", source.offset + start, len(raw), raw, value, None)


def _lines(name: str, source: Source, first: int = 1) -> Iterator[RawRecord]:
    """JSON Lines: one record per line that is not blank; `first` is the number of the line at hand."""
    number = first - 1
    while True:
        *lines, rest = source.data.split(b"\n")
        at = source.offset
        for line in lines:
            number += 1
            if line.strip(_SPACE):
                yield _record(f"{name}:{number}", at, line)
            at += len(line) + 1
        source.drop(len(source.data) - len(rest))
        if len(rest) > MAX_RECORD:
            number += 1
            yield RawRecord(f"{name}:{number}", at, 0, b"", None, f"a line of more than {MAX_RECORD} bytes")
            while b"\n" not in source.data:
                source.drop(len(source.data))
                if not source.more():
                    return
            source.drop(source.data.index(b"\n") + 1)
        elif not source.more():
            break
    if rest.strip(_SPACE):
        number += 1
        last = _record(f"{name}:{number}", source.offset, rest)
        if source.damage is not None and last.value is None:
            yield replace(last, problem=f"{source.damage} and cuts this record off")
            return
        yield last
    if source.damage is not None:
        end = source.offset + len(rest)
        yield RawRecord(f"{name}:{number + 1}", end, 0, b"", None, source.damage)


def _elements(name: str, source: Source, at: int, *, only_one: bool = False) -> Iterator[RawRecord]:
    """The elements of an array whose first one begins at or after `at`."""
    sign = ":" if name == "-" else "#"
    number = 0
    while True:
        at = _skip_space(source, at)
        if at > BLOCK:
            source.drop(at)
            at = 0
        if source.data[at : at + 1] == b"," and number:
            at = _skip_space(source, at + 1)
        if source.data[at : at + 1] == b"]":
            break
        number += 1
        where = f"{name}{sign}{number}"
        if at >= len(source.data):
            yield RawRecord(where, source.offset + at, 0, b"", None, source.damage or "the array ends early")
            return
        end, value = _element_end(source, at)
        raw = source.data[at:end].rstrip(_SPACE)
        if value is not None and raw.isascii():
            problem = None if isinstance(value, dict) else _not_an_object(value)
            yield RawRecord(where, source.offset + at, len(raw), raw, value, problem)
        else:
            yield _record(where, source.offset + at, raw)
        if only_one or (end >= len(source.data) and source.ended):
            return
        at = end
    if sign == "#" and source.data[at + 1 :].strip(_SPACE)[:1] in (b"[", b"{"):
        number += 1
        yield RawRecord(f"{name}{sign}{number}", source.offset + at + 1, 0, b"", None, "more text after the array")


def _element_end(source: Source, at: int) -> tuple[int, object | None]:
    """Return the index after the element at `at`, and its value if it decodes."""
    while True:
        value = None
        end: int | None = None
        try:
            value, end = decode_at(source.text(), at)
        except NotJson:
            pass
        if end is not None:
            after = source.data[end : end + 64].lstrip(_SPACE)[:1]
            if after in (b",", b"]", b"}") and after:
                return end, value
        broken_end = _structural_end(source.data, at)
        if broken_end is not None:
            return broken_end, value if end == broken_end else None
        if len(source.data) - at > MAX_RECORD or not source.more_than_double(at):
            return (end if end is not None else len(source.data)), value


def _structural_end(data: bytes, at: int) -> int | None:
    """Return where the element at `at` ends by its brackets and commas alone, or None if `data` ends before."""
    depth = 0
    for match in _STRUCTURE.finditer(data, at):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
        elif token in (b"]", b"}"):
            depth -= 1
            if depth < 0 and (match.start() > at or token == b"]"):
                return match.start()
        elif token == b"," and depth == 0:
            return match.start()
    return None


def _record(where: str, offset: int, line: bytes) -> RawRecord:
    """Decode the bytes of one record; white space around it does not belong to it."""
    raw = line.strip(_SPACE)
    value, problem = _decoded(raw)
    return RawRecord(where, offset + len(line) - len(line.lstrip(_SPACE)), len(raw), raw, value, problem)


def _decoded(raw: bytes) -> tuple[object | None, str | None]:
    try:
        value = decode(raw)
    except NotJson as problem:
        return None, f"not JSON: {problem}"
    return value, None if isinstance(value, dict) else _not_an_object(value)


def _skip_space(source: Source, at: int) -> int:
    """Return the index of the next byte that is no white space, reading on if need be; the end of data if none is."""
    while True:
        match = _NOT_SPACE.search(source.data, at)
        if match:
            return match.start()
        at = len(source.data)
        if not source.more():
            return at


def _not_an_object(value: object) -> str:
    kinds = {list: "an array", str: "a text", type(None): "null", bool: "true or false"}
    return f"not a JSON object but {kinds.get(type(value), 'a number')}"
