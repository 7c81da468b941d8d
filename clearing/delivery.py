"""Deliveries into a book: each file all or nothing, its bytes first, then everything read from it in one transaction.

`ingest` judges only the record itself; what a month makes of it is the run's business.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar

from clearing.errors import ClearingError, Refused
from clearing.findings import in_words
from clearing.intake import ocpi_json
from clearing.intake.duplicates import Known, Standing
from clearing.intake.faults import Origin
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from clearing.intake.ocpi_json import ReadEntry
from clearing.parties import Side
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry, Where
from clearing.store import BookStore, DeliveredFile
from tariffs.findings import Finding

DEFAULT_SIDE = {"cdr": Side.CPO, "session": Side.EMSP, "tariff": Side.CPO, "token": Side.EMSP}
"""Who delivers what, unless told."""

_ASK = "Ask the sender to mend the record and send it again, under the same id."
_ASK_AGAIN = "Ask the sender for the file again; what came already is counted once."
_OTHER_KIND = "Do so, and reject this one: it waits in the book."
_WHAT_TO_DO = {
    "ends-before-start": "Ask the sender for the record with its true times, under the same id.",
    "version-not-supported": "Ask the sender for OCPI 2.1.1, 2.2.1 or 2.3.0.",
}
_BATCH = 1_000
_TOLD_EACH = 20_000
_REMEMBERED = 10_000
_LISTED = 1_000
_SUSPICIOUS_TEXT = 64 << 20
_SUSPICIOUS_RATIO = 200

Progress = Callable[[str], None]
AnyEntry = TypeVar("AnyEntry", TokenEntry, PublishedTariff)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record that cannot be used as it is: its place, what was expected and found, and what to do."""

    where: str
    code: str
    id: str | None
    message: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What became of one file. `quarantined` lists the first thousand of `quarantined_count`."""

    path: str
    kind: str
    side: Side
    taken: int = 0
    """Records now in the book, with the quarantined, repeated and conflicting ones."""
    repeated: int = 0
    conflicting: int = 0
    renewed: int = 0
    """Sessions sent again with another content: the newest counts."""
    unfinished: int = 0
    """Sessions that are not COMPLETED."""
    quarantined: tuple[Quarantined, ...] = ()
    quarantined_count: int = 0
    ignored: str | None = None
    """Path under which the same bytes of the same side were taken before."""
    refused: str | None = None
    """Why nothing was taken, and what to do: the file is missing or `unreadable-file`."""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What became of each file, in the order in which they were named."""

    files: tuple[FileSummary, ...]

    @property
    def exit_code(self) -> int:
        """4 where a file could not be used, else 3 where something is quarantined, else 0 (contract, section 1)."""
        if any(file.refused is not None for file in self.files):
            return 4
        return 3 if any(file.quarantined_count for file in self.files) else 0


def ingest_files(
    book: Path,
    kind: str,
    files: Sequence[Path],
    side: str | None = None,
    received: date | None = None,
    progress: Progress | None = None,
) -> IngestSummary:
    """Take files of one kind into a book; raise Refused where it is none, BookLocked where another run holds it."""
    if not (book / "evclear.toml").is_file():
        raise Refused(
            f"{book / 'evclear.toml'}: no such file; go to the folder of a book, name it with --book, "
            "or make one with `evclear init FOLDER --as cpo|emsp|hub`"
        )
    with BookStore.open(book) as store, store.lock():
        store.evidence.sweep()
        sender = Side(side) if side else DEFAULT_SIDE[kind]
        delivery = _Delivery(store, kind, sender, received.isoformat() if received else None, progress)
        return IngestSummary(tuple(delivery.take(file) for file in files))


@dataclass(slots=True)
class _Tally:
    """Counts of one file while it is read."""

    taken: int = 0
    unfinished: int = 0
    standings: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(Standing, 0))
    quarantined: list[Quarantined] = field(default_factory=list)
    quarantined_count: int = 0

    def quarantine(self, where: str, record_id: str | None, findings: Iterable[Finding]) -> None:
        stopping = [finding for finding in findings if finding.severity in ("F", "S", "Q")]
        if stopping:
            self.quarantined_count += 1
        if stopping and len(self.quarantined) < _LISTED:
            self.quarantined += (
                Quarantined(where, one.code, record_id, in_words(one.path, one.message), _remedy(one))
                for one in stopping
            )


@dataclass(frozen=True, slots=True)
class _Delivery:
    """Files of one kind from one side."""

    store: BookStore
    kind: str
    side: Side
    received: str | None
    progress: Progress | None

    def take(self, file: Path) -> FileSummary:
        """Take one file, all or nothing."""
        path = _path_in_book(file, self.store.folder)
        try:
            size = _readable_size(file)
        except OSError as problem:
            refused = f"nothing taken from {file}: {_words(problem)}; check the path and its permissions"
            return FileSummary(path, self.kind, self.side, refused=refused)
        try:
            digest = self.store.evidence.put(file)
        except OSError as problem:
            raise ClearingError(f"{file} cannot be copied into evidence/ of the book: {_words(problem)}") from None
        earlier = self.store.find_file(self.side, self.kind, digest)
        if earlier is not None:
            return FileSummary(path, self.kind, self.side, ignored=earlier.path)
        tally = _Tally()
        try:
            self._store(DeliveredFile(self.side, self.kind, path, digest, size, 0, self.received), tally)
        except UnreadableFile as problem:
            self.store.discard_evidence(digest)
            refused = (
                f"unreadable-file  nothing taken from {file}: {problem.why}; "
                "expected JSON or JSON Lines in UTF-8: ask the sender for it again"
            )
            return FileSummary(path, self.kind, self.side, refused=refused)
        except BaseException:
            self.store.discard_evidence(digest)
            raise
        return self._summary(path, tally)

    def _store(self, file: DeliveredFile, tally: _Tally) -> None:
        """Read the evidence, not the delivered file: what is kept is what was read."""
        raw_records = self._raw_records(file)
        if self.kind in ("cdr", "session"):
            self.store.add_charges(file, self._charges(file, raw_records, tally))
            return
        read = ocpi_json.token if self.kind == "token" else ocpi_json.tariff
        entries = (read(raw, where) for raw, where in raw_records)
        if self.kind == "token":
            self.store.add_tokens(file, self._entries(entries, tally, TokenEntry))
        else:
            self.store.add_tariffs(file, self._entries(entries, tally, PublishedTariff))

    def _raw_records(self, file: DeliveredFile) -> Iterator[tuple[RawRecord, str]]:
        """Give out the records of a file's evidence, each with its place as people see it."""
        evidence = self.store.evidence.path(file.sha256)
        name = len(str(evidence))
        for count, raw in enumerate(read_records(evidence), 1):
            if raw.offset > _SUSPICIOUS_TEXT and raw.offset > file.size * _SUSPICIOUS_RATIO:
                raise UnreadableFile(file.path, f"its text is more than {_SUSPICIOUS_RATIO} times as long as the file")
            if self.progress is not None and count % _TOLD_EACH == 0:
                self.progress(f"{file.path}: {count} records")
            yield raw, file.path + raw.where[name:]

    def _charges(
        self, file: DeliveredFile, raw_records: Iterable[tuple[RawRecord, str]], tally: _Tally
    ) -> Iterator[ChargeRecord]:
        kind = Kind(self.kind)
        known = Known()
        read = (
            ocpi_json.charge_record(
                raw, kind, Origin(self.side, Where(where, file.sha256, raw.offset, raw.length), self.received)
            )
            for raw, where in raw_records
        )
        while batch := list(islice(read, _BATCH)):
            known.learn(self.store.known_contents(self.side, kind, [record.id for record in batch if record.id]))
            for record in batch:
                tally.standings[known.standing_of(record)] += 1
                tally.unfinished += not record.completed
                tally.quarantine(record.where.text, record.id, record.problems)
            tally.taken += len(batch)
            yield from batch
            known.keep(_REMEMBERED)

    def _entries(self, entries: Iterable[ReadEntry], tally: _Tally, kind: type[AnyEntry]) -> Iterator[AnyEntry]:
        for entry in entries:
            tally.quarantine(entry.where, None, entry.findings)
            if isinstance(entry.value, kind):
                tally.taken += 1
                yield entry.value

    def _summary(self, path: str, tally: _Tally) -> FileSummary:
        return FileSummary(
            path=path,
            kind=self.kind,
            side=self.side,
            taken=tally.taken,
            repeated=tally.standings[Standing.REPEATED],
            conflicting=tally.standings[Standing.CONFLICTING],
            renewed=tally.standings[Standing.RENEWED],
            unfinished=tally.unfinished,
            quarantined=tuple(tally.quarantined),
            quarantined_count=tally.quarantined_count,
        )


def _remedy(finding: Finding) -> str:
    if "evclear ingest" in finding.message:
        return _OTHER_KIND
    return _WHAT_TO_DO.get(finding.code, _ASK_AGAIN if finding.path == "$" else _ASK)


def _readable_size(file: Path) -> int:
    """Return the size of a file; raise OSError where it is none that can be read."""
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder, expected a file")
    with open(file, "rb"):
        return file.stat().st_size


def _words(problem: OSError) -> str:
    return "no such file" if isinstance(problem, FileNotFoundError) else problem.strerror or str(problem)


def _path_in_book(file: Path, book: Path) -> str:
    """Return the path of a file relative to its book, with `/` on every system, so that reports are the same."""
    absolute = os.path.abspath(file)
    try:
        path = os.path.relpath(absolute, os.path.abspath(book))
    except ValueError:  # Another drive of Windows.
        path = absolute
    return path.replace(os.sep, "/").encode("utf-8", "replace").decode()
