"""The book's memory between months, as whole values: its database and its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from clearing.errors import BookLocked, IntegrityFailure, Refused
from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.parties import Side
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry
from clearing.settlement.ledger import Posting
from clearing.store import deliveries, months, related, sqlite
from clearing.store.evidence import evidence_of
from clearing.store.migrations import migrate
from clearing.store.values import (
    ChargeEnd,
    Decision,
    DeliveredFile,
    PostedDocument,
    SettledCharge,
    StoredRun,
)

_DATABASE = "evclear.db"


class BookStore:
    """The store of one book, for one thread; a context manager that closes it."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self.folder = folder
        self.evidence = evidence_of(folder)
        self._db = connection

    @classmethod
    def open(cls, folder: Path) -> "BookStore":
        """Open the store of a book folder, make it where there is none, and bring an older one up to date.

        Raise IntegrityFailure for a damaged database, Refused where the folder does not exist.
        """
        if not folder.is_dir():
            raise Refused(f"{folder}: no such folder; `evclear init {folder} --as cpo|emsp|hub` makes a book")
        path = folder / _DATABASE
        is_new = not path.exists() or path.stat().st_size == 0
        if is_new and any((folder / "evidence").glob("??/*")):
            raise IntegrityFailure(f"{path} is missing although evidence/ has files; restore it from a backup")
        connection = sqlite.engine_of(path).connect()
        try:
            if not is_new and sqlite.is_quickly_checked(path):
                with sqlite.transaction(connection, writing=False):
                    sqlite.check_structure(connection, path)
            migrate(connection, path)
        except BaseException:
            connection.close()
            connection.engine.dispose()
            raise
        return cls(folder, connection)

    def close(self) -> None:
        """Close the database and the evidence."""
        self.evidence.close()
        self._db.close()
        self._db.engine.dispose()

    def __enter__(self) -> "BookStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the book for one run; raise BookLocked where another run holds it."""
        path = self.folder / ".evclear.lock"
        lock = FileLock(path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise BookLocked(f"{path}: another evclear works in this book; try again when it has ended") from None
        try:
            yield
        finally:
            lock.release()

    # --- deliveries

    def find_file(self, side: Side, kind: str, sha256: str) -> DeliveredFile | None:
        """Return the file of these bytes that a side delivered before, if any."""
        with self._reading() as db:
            return deliveries.find_file(db, side, kind, sha256)

    def has_file(self, side: Side, kind: str, sha256: str) -> bool:
        """Whether a side delivered these bytes before."""
        return self.find_file(side, kind, sha256) is not None

    def discard_evidence(self, sha256: str) -> None:
        """Remove the evidence of a file of which nothing was taken; any other stays."""
        with self._reading() as db:
            if not deliveries.knows_content(db, sha256):
                self.evidence.discard(sha256)

    def add_charges(self, file: DeliveredFile, records: Iterable[ChargeRecord]) -> None:
        """Add a file and its records in one transaction, numbered in their order; they may be made while it runs."""
        with self._writing() as db:
            deliveries.add_charges(db, file, records)

    def add_tokens(self, file: DeliveredFile, tokens: Iterable[TokenEntry]) -> None:
        """Add a file and its token list in one transaction."""
        with self._writing() as db:
            deliveries.add_tokens(db, file, tokens)

    def add_tariffs(self, file: DeliveredFile, tariffs: Iterable[PublishedTariff]) -> None:
        """Add a file and its tariffs in one transaction."""
        with self._writing() as db:
            deliveries.add_tariffs(db, file, tariffs)

    def known_contents(
        self, side: Side, kind: Kind, ids: Sequence[str]
    ) -> Mapping[tuple[str, str], list[tuple[str, bool]]]:
        """Return what is stored under these ids, also by a transaction that runs: (CPO, folded id) → contents."""
        with self._reading() as db:
            return deliveries.known_contents(db, side, kind, ids)

    def files(self) -> list[DeliveredFile]:
        """Return every delivered file by path and hash."""
        with self._reading() as db:
            return deliveries.files(db)

    def bytes_at(self, where: str, ids: Sequence[str] = ()) -> bytes:
        """Return the delivered bytes of the record that was read at a place, as `ChargeRecord.where` writes it.

        Where files of one path came several times: of the newest with one of these ids.
        """
        with self._reading() as db:
            place = deliveries.place_of(db, where, ids)
        return self.evidence.cut(place) if place is not None else b""

    # --- values for a run

    def open_records(self) -> list[ChargeRecord]:
        """Return the records of both sides without an end in a posted month, by side, path and position."""
        with self._reading() as db:
            return deliveries.open_records(db)

    def settled_related(self) -> list[SettledCharge]:
        """Return the records of posted months that an open record may refer to, by side, path and position."""
        with self._reading() as db:
            return list(related.settled_related(db))

    def tokens(self) -> list[TokenEntry]:
        """Return the newest line of each token, by e-MSP and uid."""
        with self._reading() as db:
            return deliveries.tokens(db)

    def published_tariffs(self) -> list[PublishedTariff]:
        """Return every version of every tariff, the oldest first."""
        with self._reading() as db:
            return deliveries.published_tariffs(db)

    def decisions(self) -> dict[str, Decision]:
        """Return the latest decision on each finding."""
        with self._reading() as db:
            return months.decisions(db)

    def decide(self, decision: Decision) -> None:
        """Add a decision; the latest one on a finding counts."""
        with self._writing() as db:
            months.decide(db, decision)

    def state_digest(self) -> str:
        """Return the sha256 of what a run depends on besides evclear.toml."""
        with self._reading() as db:
            return deliveries.state_digest(db)

    # --- months

    def save_terms(self, content_hash: str, text: str) -> None:
        """Keep one version of evclear.toml, once."""
        with self._writing() as db:
            months.save_terms(db, content_hash, text)

    def load_terms(self, content_hash: str) -> str | None:
        """Return a version of evclear.toml."""
        with self._reading() as db:
            return months.load_terms(db, content_hash)

    def save_run(self, run: StoredRun, findings: Sequence[MonthFinding]) -> None:
        """Keep a run and its findings instead of the last draft of its month; raise Refused for a posted month."""
        with self._writing() as db:
            months.save_run(db, run, findings)

    def load_run(self, month: BillingMonth) -> StoredRun | None:
        """Return the last run of a month."""
        with self._reading() as db:
            return months.load_run(db, month)

    def has_run(self, month: BillingMonth) -> bool:
        """Whether a month was ever run."""
        with self._reading() as db:
            return months.has_run(db, month)

    def findings(self, month: BillingMonth) -> list[MonthFinding]:
        """Return the findings of a month's last run, in its order."""
        with self._reading() as db:
            return months.findings(db, month)

    def find_finding(self, finding_id: str) -> list[tuple[BillingMonth, MonthFinding]]:
        """Return a finding in every month in which it stands, the earliest first."""
        with self._reading() as db:
            return months.find_finding(db, finding_id)

    def posted_months(self) -> list[BillingMonth]:
        """Return the posted months, the earliest first."""
        with self._reading() as db:
            return months.posted_months(db)

    def documents(self, month: BillingMonth) -> list[PostedDocument]:
        """Return the documents of a posted month, by issuer and number."""
        with self._reading() as db:
            return months.documents(db, month)

    def ledger(self, month: BillingMonth) -> list[Posting]:
        """Return the postings of a month."""
        with self._reading() as db:
            return months.ledger(db, month)

    def ends(self, month: BillingMonth) -> list[ChargeEnd]:
        """Return how records ended in a posted month."""
        with self._reading() as db:
            return months.ends(db, month)

    @contextmanager
    def posting(self) -> Iterator["PostingTransaction"]:
        """Post a month in one transaction: all of it, numbers included, or nothing where the block raises."""
        with self._writing() as db:
            yield PostingTransaction(db)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with sqlite.transaction(self._db, writing=True) as db:
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._db.in_transaction():
            yield self._db
        else:
            with sqlite.transaction(self._db, writing=False) as db:
                yield db


class PostingTransaction:
    """What may happen while a month is posted."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def draw_number(self, issuer: str, kind: str, year: int) -> int:
        """Return the next number of a series, from 1 and without gaps."""
        return months.draw_number(self._db, issuer, kind, year)

    def post(
        self,
        run: StoredRun,
        findings: Sequence[MonthFinding],
        documents: Sequence[PostedDocument],
        ledger: Sequence[Posting],
        ends: Sequence[ChargeEnd],
    ) -> None:
        """Close a month with everything that belongs to it; raise Refused where it is posted already."""
        assert run.posted, run.month
        months.save_run(self._db, run, findings)
        months.add_documents(self._db, documents)
        months.add_postings(self._db, run.month, ledger)
        months.add_ends(self._db, run.month, ends)
