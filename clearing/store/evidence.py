"""The delivered files, byte for byte, by the sha256 of their bytes: `evidence/ab/ab12…` in the book.

A file is written under another name, forced to the disk and renamed, so that under its hash there is either the
whole file or nothing. Whoever reads it back gets what was delivered or an `IntegrityFailure`.
"""

import hashlib
import os
import tempfile
import zlib
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from clearing.errors import IntegrityFailure
from clearing.records import Where

_BLOCK = 1 << 20
_KEPT_OPEN = 64


class Evidence:
    """The evidence folder of one book."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: OrderedDict[str, BinaryIO] = OrderedDict()

    def put(self, content: bytes | Path) -> str:
        """Keep bytes, or a copy of a file, and return their sha256; the same bytes again change nothing."""
        self._folder.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
        try:
            with open(descriptor, "wb") as part:
                digest = _copy(content, part)
                part.flush()
                os.fsync(part.fileno())
            target = self.path(digest)
            if target.exists() and _sha256(target) == digest:
                return digest
            target.parent.mkdir(exist_ok=True)
            os.replace(name, target)
            for folder in (target.parent, self._folder, self._folder.parent):
                _sync_folder(folder)
            return digest
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)

    def path(self, digest: str) -> Path:
        """Return where the evidence of a hash lies."""
        return self._folder / digest[:2] / digest

    def discard(self, digest: str) -> None:
        """Remove a file of which nothing was taken."""
        with suppress(FileNotFoundError):
            self.path(digest).unlink()

    def sweep(self) -> None:
        """Remove the parts that a killed run left behind; only for whoever holds the lock of the book."""
        for part in self._folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def read(self, digest: str) -> bytes:
        """Return the delivered bytes; raise IntegrityFailure where they are missing or changed."""
        try:
            content = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise self._missing(digest) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise self._changed(digest)
        return content

    def text(self, digest: str) -> bytes:
        """Return the delivered bytes without their gzip."""
        file = self._open_text(digest)
        file.seek(0)
        return file.read()

    def cut(self, where: Where) -> bytes:
        """Return the bytes of one record."""
        file = self._open_text(where.file_hash)
        file.seek(where.offset)
        found = file.read(where.length)
        if len(found) != where.length:
            raise self._changed(where.file_hash)
        return found

    def close(self) -> None:
        """Close the files that are kept open between two cuts."""
        while self._texts:
            self._texts.popitem()[1].close()

    def _open_text(self, digest: str) -> BinaryIO:
        """Return the text of a file, verified once; of a gzip file a decompressed copy that vanishes when closed."""
        known = self._texts.get(digest)
        if known is not None:
            self._texts.move_to_end(digest)
            return known
        try:
            file: BinaryIO = open(self.path(digest), "rb")
        except FileNotFoundError:
            raise self._missing(digest) from None
        if _copy(file, None) != digest:
            file.close()
            raise self._changed(digest)
        file.seek(0)
        if file.read(2) == b"\x1f\x8b":
            file.seek(0)
            file = _decompressed(file, self._folder)
        self._texts[digest] = file
        if len(self._texts) > _KEPT_OPEN:
            self._texts.popitem(last=False)[1].close()
        return file

    def _missing(self, digest: str) -> IntegrityFailure:
        return IntegrityFailure(f"{self.path(digest)} is missing; restore evidence/ of the book from a backup")

    def _changed(self, digest: str) -> IntegrityFailure:
        return IntegrityFailure(
            f"{self.path(digest)} is not what was delivered: its sha256 differs from its name; "
            "restore evidence/ of the book from a backup"
        )


def evidence_of(book: Path) -> Evidence:
    """Return the evidence of a book folder."""
    return Evidence(book / "evidence")


def _copy(source: bytes | Path | BinaryIO, target: BinaryIO | None) -> str:
    """Copy into `target`, if any, and return the sha256 of what was copied."""
    if isinstance(source, Path):
        with open(source, "rb") as file:
            return _copy(file, target)
    if isinstance(source, bytes):
        if target is not None:
            target.write(source)
        return hashlib.sha256(source).hexdigest()
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        if target is not None:
            target.write(block)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    return _copy(path, None)


def _decompressed(file: BinaryIO, folder: Path) -> BinaryIO:
    """Return a temporary copy of a gzip file's text, as far as it can be read; a damaged end was reported at ingest."""
    copy: BinaryIO = tempfile.TemporaryFile(dir=folder)
    member = zlib.decompressobj(wbits=31)
    pending = b""
    with file, suppress(zlib.error):
        while chunk := pending or file.read(_BLOCK):
            if member.eof:  # The next member of the stream, or padding after the last one.
                chunk = chunk.lstrip(b"\0")
                member = zlib.decompressobj(wbits=31)
            copy.write(member.decompress(chunk, _BLOCK) if chunk else b"")
            pending = member.unconsumed_tail or member.unused_data
    return copy


def _sync_folder(folder: Path) -> None:
    """Force a rename to the disk; Windows cannot open a folder and needs no more than the rename itself."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
