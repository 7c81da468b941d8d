"""The bytes of a file, block by block, gzipped or not, with a window over them."""

import zlib
from typing import BinaryIO

BLOCK = 1 << 18
"""Bytes that are read at a time: what is read fits beside what is made of it into a cache."""


class Source:
    """Blocks of bytes with a window over them; gzip is noticed by its first two bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        first = file.read(BLOCK)
        self._gzip = zlib.decompressobj(wbits=31) if first[:2] == b"\x1f\x8b" else None
        self._pending = first
        self.data = b""
        self.offset = 0
        """Where `data` begins in the file (decompressed)."""
        self.damage: str | None = None
        self.ended = False
        self._text = ""
        self._text_of = (-1, 0)

    def more(self) -> bool:
        """Append the next block to `data`; False at the end of the file, whose `damage` is then known."""
        if self.ended:
            return False
        block = self._next_block()
        if not block:
            self.ended = True
            return False
        self.data += block
        return True

    def text(self) -> str:
        """`data` with one character per byte, so that positions in it are positions in the file."""
        if self._text_of != (self.offset, len(self.data)):
            self._text = self.data.decode("latin-1")
            self._text_of = (self.offset, len(self.data))
        return self._text

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes of `data`."""
        self.data = self.data[count:]
        self.offset += count

    def more_than_double(self, at: int) -> bool:
        """Read on until the bytes after `at` have doubled, so that trying again costs no more than linear time."""
        wanted = 2 * len(self.data) - at
        grown = False
        while len(self.data) <= wanted and self.more():
            grown = True
        return grown

    def _next_block(self) -> bytes:
        while True:
            chunk = self._pending or self._file.read(BLOCK)
            self._pending = b""
            if self._gzip is None:
                return chunk
            if not chunk:
                if not self._gzip.eof:
                    self.damage = "the gzip stream ends early"
                return b""
            if self._gzip.eof:  # The next member of the stream, or padding after the last one.
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    continue
                self._gzip = zlib.decompressobj(wbits=31)
            try:
                block = self._gzip.decompress(chunk, BLOCK)
            except zlib.error:
                self.damage = "the gzip stream is damaged"
                return b""
            self._pending = self._gzip.unconsumed_tail or self._gzip.unused_data
            if block:
                return block
