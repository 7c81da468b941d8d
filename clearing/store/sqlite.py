"""Everything that only SQLite knows: how a connection is set up, its bulk insert, its triggers, its messages."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from clearing.errors import BookLocked, ClearingError, IntegrityFailure, Refused

OLDEST = (3, 37, 0)
"""STRICT tables came with it."""

_BATCH = 2_000
_CHECK_AT_OPEN = 64 << 20
_BEGIN = "evclear.begin"

_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA journal_mode = WAL",
    # NORMAL may lose the last commits when the power fails: not for a ledger.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
)


def engine_of(path: Path) -> Engine:
    """Return an engine on a database file; raise ClearingError where this SQLite is too old."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise ClearingError(f"SQLite {sqlite3.sqlite_version} is too old; evclear needs 3.37 or later")
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Otherwise the driver begins transactions of its own, and none before DDL.
        connection.isolation_level = None
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error as problem:
            raise _translated(problem, path) or problem from None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info.get(_BEGIN, "BEGIN"))

    @event.listens_for(engine, "handle_error")
    def explain(context: ExceptionContext) -> None:
        translated = _translated(context.original_exception, path)
        if translated is not None:
            raise translated from None

    return engine


def _translated(problem: BaseException, path: Path) -> ClearingError | None:
    """Return what a message of SQLite means for people, or None when we are wrong ourselves."""
    text = str(problem)
    if any(sign in text for sign in ("malformed", "not a database", "disk image", "file is encrypted")):
        return IntegrityFailure(f"{path} is damaged ({text}); restore it, evclear.db-wal and evidence/ from a backup")
    if "database is locked" in text:
        return BookLocked(f"{path} is in use by another process; try again when it has ended")
    if any(sign in text for sign in ("readonly", "unable to open")):
        return Refused(f"{path} cannot be written ({text}); check that the folder exists and its permissions")
    if any(sign in text for sign in ("disk is full", "disk I/O error")):
        return ClearingError(f"{path}: {text}; nothing was half done, run the same command again when it is mended")
    return None


@contextmanager
def transaction(connection: Connection, *, writing: bool) -> Iterator[Connection]:
    """Run a block in one transaction; a writing one takes the write lock at once instead of failing halfway."""
    connection.info[_BEGIN] = "BEGIN IMMEDIATE" if writing else "BEGIN"
    with connection.begin():
        yield connection


def insert_many(db: Connection, table: Table, rows: Iterable[Sequence[object]]) -> int:
    """Insert tuples in the order of the table's columns and return how many; four times as fast as dicts."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    sql = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables
    count = 0
    remaining = iter(rows)
    while batch := [tuple(row) for row in islice(remaining, _BATCH)]:
        db.exec_driver_sql(sql, batch)
        count += len(batch)
    return count


def check_structure(db: Connection, path: Path) -> None:
    """Raise IntegrityFailure where the pages of the database do not hang together."""
    answer = [str(row[0]) for row in db.exec_driver_sql("PRAGMA quick_check(3)")]
    if answer != ["ok"]:
        raise IntegrityFailure(f"{path} is damaged ({'; '.join(answer)}); restore it and evidence/ from a backup")


def is_quickly_checked(path: Path) -> bool:
    """Whether the database is small enough to be checked each time it is opened."""
    return path.stat().st_size <= _CHECK_AT_OPEN


def _refuse(name: str, event_: str, table: str, message: str, condition: str = "") -> str:
    when = f"WHEN {condition} " if condition else ""
    return (
        f'CREATE TRIGGER "{name}" BEFORE {event_} ON "{table}" {when}'
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def append_only_triggers(tables: Sequence[str]) -> list[str]:
    """Return the SQL that makes the database itself refuse a change of these tables."""
    return [
        _refuse(f"{table}_no_{verb.lower()}", verb, table, f"{table} is append-only: add a correction instead")
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


def posted_month_triggers() -> list[str]:
    """Return the SQL that keeps the run and the findings of a posted month as they are."""
    posted = 'EXISTS (SELECT 1 FROM "run" WHERE "month" = OLD."month" AND "posted" = 1)'
    return [
        _refuse(f"{table}_posted_no_{verb.lower()}", verb, table, "the month is posted", condition)
        for table, condition in (("run", 'OLD."posted" = 1'), ("month_finding", posted))
        for verb in ("UPDATE", "DELETE")
    ]


def ledger_triggers() -> list[str]:
    """Return the SQL that refuses a posting whose entries do not sum to zero, late entries, and skipped numbers."""
    own = 'FROM "entry" WHERE "posting" = NEW."number"'
    unbalanced = f'(SELECT COUNT(*) {own}) = 0 OR (SELECT SUM("minor") {own}) <> 0'
    return [
        _refuse("posting_balances", "INSERT", "posting", "entries do not sum to zero", unbalanced),
        _refuse(
            "entry_not_late", "INSERT", "entry", "the posting is sealed",
            'EXISTS (SELECT 1 FROM "posting" WHERE "number" = NEW."posting")',
        ),
        _refuse("counter_from_one", "INSERT", "counter", "numbers begin at 1", 'NEW."last" <> 1'),
        _refuse("counter_by_one", "UPDATE", "counter", "numbers have no gaps", 'NEW."last" <> OLD."last" + 1'),
        _refuse("counter_no_delete", "DELETE", "counter", "counter is append-only"),
    ]
