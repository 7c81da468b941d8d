"""What was delivered: files, records of charges, tokens and tariffs, each file in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select

from clearing.parties import Side
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry, Where
from clearing.store import rows, schema
from clearing.store.sqlite import insert_many
from clearing.store.values import DeliveredFile

Value = TypeVar("Value")


def find_file(db: Connection, side: Side, kind: str, sha256: str) -> DeliveredFile | None:
    """Return the file of these bytes that a side delivered before, if any."""
    file = schema.file.c
    query = select(schema.file).where(file.side == side, file.kind == kind, file.sha256 == sha256)
    row = db.execute(query).one_or_none()
    return None if row is None else rows.file_of(row)


def knows_content(db: Connection, sha256: str) -> bool:
    """Whether any file of these bytes was taken."""
    return db.execute(select(schema.file.c.number).where(schema.file.c.sha256 == sha256).limit(1)).first() is not None


def files(db: Connection) -> list[DeliveredFile]:
    """Return every delivered file by path and hash."""
    order = (schema.file.c.path, schema.file.c.sha256, schema.file.c.side, schema.file.c.kind)
    return [rows.file_of(row) for row in db.execute(select(schema.file).order_by(*order))]


def add_charges(db: Connection, file: DeliveredFile, records: Iterable[ChargeRecord]) -> None:
    """Add a file and its records; they are open until a posted month ends them."""
    first = _next_number(db, schema.charge)
    count = _add(db, file, schema.charge, rows.charge_row, _of_file(file, records))
    insert_many(db, schema.open_charge, ((number,) for number in range(first, first + count)))


def add_tokens(db: Connection, file: DeliveredFile, tokens: Iterable[TokenEntry]) -> None:
    """Add a file and its token list."""
    _add(db, file, schema.token, rows.token_row, tokens)


def add_tariffs(db: Connection, file: DeliveredFile, tariffs: Iterable[PublishedTariff]) -> None:
    """Add a file and its tariffs."""
    _add(db, file, schema.tariff, rows.tariff_row, tariffs)


def _add(
    db: Connection,
    file: DeliveredFile,
    table: Table,
    row_of: Callable[[int, int, Value], tuple[object, ...]],
    values: Iterable[Value],
) -> int:
    """Add what a file brought, numbered in its order, then the file with their count; return that."""
    first = _next_number(db, table)
    number = _next_number(db, schema.file)
    count = insert_many(db, table, (row_of(at, number, value) for at, value in enumerate(values, first)))
    insert_many(db, schema.file, [rows.file_row(number, replace(file, records=count))])
    return count


def tokens(db: Connection) -> list[TokenEntry]:
    """Return the newest line of each token, by e-MSP and uid."""
    token = schema.token.c
    order = (func.coalesce(token.last_updated_us, -(2**62)), token.number)
    newest = {
        (entry.emsp, rows.fold(entry.uid)): entry
        for entry in map(rows.token_of, db.execute(select(schema.token).order_by(*order)))
    }
    return sorted(newest.values(), key=lambda entry: (entry.emsp, entry.uid))


def published_tariffs(db: Connection) -> list[PublishedTariff]:
    """Return every version of every tariff, the oldest first, and each once."""
    tariff = schema.tariff.c
    order = (func.coalesce(tariff.last_updated_us, -(2**62)), tariff.number)
    query = select(schema.tariff).order_by(*order)
    return list(dict.fromkeys(rows.tariff_of(row) for row in db.execute(query)))


def known_contents(
    db: Connection, side: Side, kind: Kind, ids: Sequence[str]
) -> Mapping[tuple[str, str], list[tuple[str, bool]]]:
    """Return what is stored of a side under these ids: by CPO and folded id, each content hash and its usability."""
    charge = schema.charge.c
    found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    keys = sorted({key for key in map(rows.fold, ids) if key})
    for at in range(0, len(keys), 500):
        query = select(charge.cpo, charge.id_key, charge.content_hash, charge.usable).where(
            charge.id_key.in_(keys[at : at + 500]), charge.side == side, charge.kind == kind
        )
        for cpo, key, content_hash, usable in db.execute(query):
            found.setdefault((cpo or "", key), []).append((content_hash, bool(usable)))
    return found


def open_records(db: Connection) -> list[ChargeRecord]:
    """Return the records without an end, by side, path and position."""
    charge, file = schema.charge, schema.file
    query = (
        select(charge, file.c.sha256)
        .select_from(schema.open_charge)
        .join(charge, charge.c.number == schema.open_charge.c.record)
        .join(file, file.c.number == charge.c.file)
        .order_by(charge.c.side, file.c.path, charge.c.offset, charge.c.number)
    )
    return [rows.charge_of(row) for row in db.execute(query)]


def place_of(db: Connection, where: str, ids: Sequence[str] = ()) -> Where | None:
    """Return where the bytes of a record lie that was read at a place; of several files of one path the newest.

    Rather one with one of the ids: senders use a file name again, and what was read there before stays as it was.
    """
    charge, file = schema.charge, schema.file
    query = (
        select(charge.c.where_text, file.c.sha256, charge.c.offset, charge.c.length)
        .join(file, file.c.number == charge.c.file)
        .where(charge.c.where_text == where)
        .order_by(charge.c.id.in_(ids).desc(), charge.c.number.desc())
    )
    row = db.execute(query).first()
    return None if row is None else Where(row.where_text, row.sha256, row.offset, row.length)


def state_digest(db: Connection) -> str:
    """Return the sha256 of what a run depends on besides evclear.toml: files, verdicts and posted months."""
    digest = hashlib.sha256()

    def add(*fields: str | None) -> None:
        for field in fields:
            text = b"-" if field is None else field.encode()
            digest.update(b"%d:%s" % (len(text) if field is not None else -1, text))

    for file in files(db):
        add("file", file.side, file.kind, file.sha256, file.path, file.received)
    decision = schema.decision.c
    latest = select(func.max(decision.number)).group_by(decision.finding_id)
    query = select(decision.finding_id, decision.verdict).where(decision.number.in_(latest))
    for finding_id, verdict in db.execute(query.order_by(decision.finding_id)):
        add("decision", finding_id, verdict)
    run = schema.run.c
    for (month,) in db.execute(select(run.month).where(run.posted == 1).order_by(run.month)):
        add("posted", month)
    return digest.hexdigest()


def _of_file(file: DeliveredFile, records: Iterable[ChargeRecord]) -> Iterator[ChargeRecord]:
    for record in records:
        assert record.where.file_hash == file.sha256, record.where
        yield record


def _next_number(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()) + 1
