"""The files of a month, written as they are made: JSON Lines, an array, an OCPI envelope, and gzip."""

import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from clearing.demo.json_text import Json, written

_FORMATS = {
    "jsonl": (".jsonl", "", "\n", "\n"),
    "jsonl.gz": (".jsonl.gz", "", "\n", "\n"),
    "array": (".json", "[\n", ",\n", "\n]\n"),
    "envelope": (
        ".json",
        '{"data": [\n',
        ",\n",
        '\n], "status_code": 1000, "status_message": "Success", "timestamp": "2026-12-01T06:00:00Z"}\n',
    ),
}
_STORED_BLOCK = 65_535


class Delivery(NamedTuple):
    """Files to ingest together: the month they arrive in, their kind, and who submits them."""

    month: str
    kind: str
    side: str
    paths: tuple[Path, ...]


class StoredGzip:
    """A gzip file whose blocks are stored as they are: the same bytes with every version of zlib.

    Compressed bytes differ between zlib, zlib-ng and their versions, and the demo promises the same bytes anywhere.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._pending = b""
        self._crc = 0
        self._length = 0
        raw.write(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")  # deflate, no name, mtime 0, unknown system

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._crc = zlib.crc32(data, self._crc)
        self._length += len(data)
        self._pending += data
        while len(self._pending) > _STORED_BLOCK:
            self._block(self._pending[:_STORED_BLOCK], last=False)
            self._pending = self._pending[_STORED_BLOCK:]

    def close(self) -> None:
        """Write what is left and the trailer."""
        self._block(self._pending, last=True)
        self._raw.write(self._crc.to_bytes(4, "little") + (self._length & 0xFFFFFFFF).to_bytes(4, "little"))
        self._raw.close()

    def _block(self, data: bytes, last: bool) -> None:
        size = len(data)
        self._raw.write(bytes([last]) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data)


@dataclass(slots=True)
class _Open:
    path: Path
    sink: BinaryIO | StoredGzip
    between: str
    after: str
    count: int = 0


@dataclass(slots=True)
class MonthFiles:
    """The open files of one month; `close` tells what to ingest, in order."""

    folder: Path
    month: str
    _open: dict[tuple[str, str, str], _Open] = field(default_factory=dict)

    def add(self, kind: str, side: str, name: str, value: Json, file_format: str = "jsonl") -> None:
        """Write one record into the file of a kind, side and name."""
        opened = self._open.get((kind, side, name))
        if opened is None:
            opened = self._open[kind, side, name] = self._start(kind, side, name, file_format)
        text = written(value)
        opened.sink.write((opened.between + text if opened.count else text).encode())
        opened.count += 1

    def close(self) -> list[Delivery]:
        """End all files."""
        for opened in self._open.values():
            opened.sink.write(opened.after.encode())
            opened.sink.close()
        deliveries = []
        for kind, side in (("tariff", "cpo"), ("token", "emsp"), ("cdr", "cpo"), ("cdr", "emsp"), ("session", "emsp")):
            paths = sorted(o.path for (k, s, _), o in self._open.items() if (k, s) == (kind, side))
            if paths:
                deliveries.append(Delivery(self.month, kind, side, tuple(paths)))
        return deliveries

    def _start(self, kind: str, side: str, name: str, file_format: str) -> _Open:
        suffix, before, between, after = _FORMATS[file_format]
        folder = self.folder / "deliveries" / self.month / {"tariff": "tariffs", "token": "tokens"}.get(kind, side)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}{suffix}"
        raw = path.open("wb")
        sink = StoredGzip(raw) if file_format == "jsonl.gz" else raw
        sink.write(before.encode())
        return _Open(path, sink, between, after)
