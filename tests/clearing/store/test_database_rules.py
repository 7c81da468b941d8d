"""What the database itself refuses, whoever asks; and that its migrations lead to the tables of the schema."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from clearing.errors import ClearingError, IntegrityFailure, Refused
from clearing.settlement.ledger import Entry, Posting
from clearing.store import BookStore, migrations, related, schema, sqlite

FILLED = """
INSERT INTO file VALUES (1, 'cpo', 'cdr', 'a', 'h', 1, 1, NULL);
INSERT INTO charge (number, file, side, kind, where_text, "offset", length, content_hash, credit, completed,
    home_charging, usable) VALUES (1, 1, 'cpo', 'cdr', 'a:1', 0, 1, 'h', 0, 1, 0, 1);
INSERT INTO charge_end VALUES (1, '2026-10', 'billed', '1.00', 'D', '2026-11-03', NULL);
INSERT INTO decision VALUES (1, 'F1', 'accept', 'r', 'Ann', '2026-11-03');
INSERT INTO terms VALUES ('h', 'text');
INSERT INTO month_finding (month, position, id, code, severity, side, message, what_to_do)
    VALUES ('2026-10', 0, 'F1', 'c', 'Q', 'cpo', 'm', 'w');
INSERT INTO run VALUES ('2026-10', '2026-11-03', 'd', 'h', x'00', 1);
INSERT INTO document VALUES ('A', 'D', 'invoice', '2026-10', 'C', 'E', 'EUR', 100, 19, 119, 'd', 'd', 'f', x'00');
INSERT INTO entry VALUES (1, 0, 'A', 'B', 'receivable', 119), (1, 1, 'B', 'A', 'payable', -119);
INSERT INTO posting VALUES (1, '2026-10', 'D', 'EUR');
INSERT INTO counter VALUES ('A', '', 2026, 1);
"""

APPEND_ONLY = {
    "charge_end": '"end" = \'refused\'', "decision": "verdict = 'reject'", "terms": "content = ''", "run": "as_of = ''",
    "month_finding": "code = ''", "document": "month = ''", "posting": "currency = ''", "entry": "minor = 0",
    "counter": "last = 3",
}  # fmt: skip

REFUSED = {
    **{f"changing {table}": f"UPDATE {table} SET {change}" for table, change in APPEND_ONLY.items()},  # noqa: S608
    **{f"deleting {table}": f"DELETE FROM {table}" for table in APPEND_ONLY},  # noqa: S608
    "a posting without entries": "INSERT INTO posting VALUES (2, '2026-10', 'D', 'EUR')",
    "a posting that does not balance": (
        "BEGIN; INSERT INTO entry VALUES (2, 0, 'A', 'B', 'receivable', 119), (2, 1, 'B', 'A', 'payable', -118);"
        "INSERT INTO posting VALUES (2, '2026-10', 'D', 'EUR')"
    ),
    "an entry after its posting": "INSERT INTO entry VALUES (1, 2, 'A', 'B', 'receivable', 0)",
    "an entry without a posting": "INSERT INTO entry VALUES (2, 0, 'A', 'B', 'receivable', 0)",
    "a series that begins at 2": "INSERT INTO counter VALUES ('B', '', 2026, 2)",
    "a number twice": (
        "INSERT INTO document VALUES ('A', 'D', 'invoice', '2026-11', 'C', 'E', 'EUR', 1, 0, 1, 'd', 'd', 'f', x'00')"
    ),
    "a gross that is not net and VAT": (
        "INSERT INTO document VALUES ('A', 'E', 'invoice', '2026-11', 'C', 'E', 'EUR', 1, 1, 1, 'd', 'd', 'f', x'00')"
    ),
    "money that is no integer": "INSERT INTO entry VALUES (2, 0, 'A', 'B', 'receivable', 1.5)",
    "a charge that ends twice": "INSERT INTO charge_end VALUES (1, '2026-11', 'billed', NULL, NULL, NULL, NULL)",
    "an end that none has": "INSERT INTO charge_end VALUES (1, '2026-11', 'waiting', NULL, NULL, NULL, NULL)",
    "a record without a file": "UPDATE charge SET file = 9",
    "the same bytes twice": "INSERT INTO file VALUES (2, 'cpo', 'cdr', 'b', 'h', 1, 1, NULL)",
    "a verdict that none is": "INSERT INTO decision VALUES (2, 'F1', 'maybe', 'r', 'Ann', '2026-11-03')",
}  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    BookStore.open(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "evclear.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(f"BEGIN; {FILLED} COMMIT;")
    yield connection
    connection.close()


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses(filled: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError):
        filled.executescript(sql + ";")


def test_the_filled_database_is_lawful(filled: sqlite3.Connection) -> None:
    assert [("ok",)] == filled.execute("PRAGMA integrity_check").fetchall()
    assert [] == filled.execute("PRAGMA foreign_key_check").fetchall()


def test_migrations_lead_to_the_tables_of_the_schema(tmp_path: Path) -> None:
    BookStore.open(tmp_path).close()
    migrated = definitions(sqlite3.connect(tmp_path / "evclear.db"))
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    schema.metadata.create_all(engine)
    assert definitions(sqlite3.connect(tmp_path / "made.db")) == migrated


def definitions(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table and index with its lines, without white space and in any order of constraints."""
    query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    found = {name: sorted(re.split(r",?\s*\n\s*", sql)) for name, sql in connection.execute(query)}
    connection.close()
    found.pop("alembic_version", None)
    return found


def test_the_latest_version_is_the_last_file(tmp_path: Path) -> None:
    files = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert files[-1].name.startswith(f"{migrations.LATEST}_")


def test_the_walk_to_related_records_never_goes_through_the_history(tmp_path: Path) -> None:
    BookStore.open(tmp_path).close()
    with create_engine(f"sqlite:///{tmp_path / 'evclear.db'}").connect() as db:
        plan = related.query_plan(db)
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN")}
    assert scanned <= {"open_charge", "kin", "chosen"}, plan


def test_a_book_of_a_later_evclear_is_refused(tmp_path: Path) -> None:
    BookStore.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "evclear.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(Refused, match="later evclear"):
        BookStore.open(tmp_path)


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(ClearingError, match=r"3\.37"):
        sqlite.engine_of(tmp_path / "evclear.db")


def test_a_database_that_breaks_while_it_is_open_is_an_integrity_failure(tmp_path: Path) -> None:
    with BookStore.open(tmp_path) as store:
        store.posted_months()
        for path in (tmp_path / "evclear.db", tmp_path / "evclear.db-wal"):
            path.write_bytes(b"no database" * 4000)
        with pytest.raises(IntegrityFailure), BookStore.open(tmp_path):
            pass


def test_entries_sum_to_zero_also_as_values() -> None:
    with pytest.raises(ValueError, match="sum to 1 minor units of EUR"):
        Posting("D", "EUR", (Entry("A", "B", "receivable", 1),))
