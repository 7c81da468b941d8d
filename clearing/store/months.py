"""Months: the last run of each, its findings, decisions on them, and posting."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from clearing.errors import Refused
from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.settlement.ledger import Entry, Posting
from clearing.store import rows, schema
from clearing.store.sqlite import insert_many
from clearing.store.values import ChargeEnd, Decision, PostedDocument, StoredRun


def decisions(db: Connection) -> dict[str, Decision]:
    """Return the latest decision on each finding."""
    query = select(schema.decision).order_by(schema.decision.c.number)
    return {row.finding_id: rows.decision_of(row) for row in db.execute(query)}


def decide(db: Connection, decision: Decision) -> None:
    """Add a decision; an earlier one on the same finding stays in the history."""
    number = int(db.execute(select(func.coalesce(func.max(schema.decision.c.number), 0))).scalar_one()) + 1
    insert_many(db, schema.decision, [rows.decision_row(number, decision)])


def save_terms(db: Connection, content_hash: str, text: str) -> None:
    """Keep one version of evclear.toml, once."""
    if load_terms(db, content_hash) is None:
        insert_many(db, schema.terms, [(content_hash, text)])


def load_terms(db: Connection, content_hash: str) -> str | None:
    """Return a version of evclear.toml."""
    return db.execute(select(schema.terms.c.content).where(schema.terms.c.content_hash == content_hash)).scalar()


def save_run(db: Connection, run: StoredRun, findings: Sequence[MonthFinding]) -> None:
    """Keep a run and its findings instead of the last draft of its month; raise Refused for a posted month."""
    month = str(run.month)
    if run.month in posted_months(db):
        raise Refused(f"{month} is posted; what arrives now belongs to the next open month")
    db.execute(delete(schema.month_finding).where(schema.month_finding.c.month == month))
    db.execute(delete(schema.run).where(schema.run.c.month == month))
    insert_many(
        db, schema.month_finding, (rows.finding_row(run.month, at, finding) for at, finding in enumerate(findings))
    )
    insert_many(db, schema.run, [rows.run_row(run)])


def load_run(db: Connection, month: BillingMonth) -> StoredRun | None:
    """Return the last run of a month."""
    row = db.execute(select(schema.run).where(schema.run.c.month == str(month))).one_or_none()
    return None if row is None else rows.run_of(row)


def has_run(db: Connection, month: BillingMonth) -> bool:
    """Whether a month was ever run."""
    return db.execute(select(schema.run.c.month).where(schema.run.c.month == str(month))).first() is not None


def findings(db: Connection, month: BillingMonth) -> list[MonthFinding]:
    """Return the findings of a month's last run, in its order."""
    finding = schema.month_finding
    query = select(finding).where(finding.c.month == str(month)).order_by(finding.c.position)
    return [rows.finding_of(row) for row in db.execute(query)]


def find_finding(db: Connection, finding_id: str) -> list[tuple[BillingMonth, MonthFinding]]:
    """Return a finding in every month in which it stands, the earliest first."""
    finding = schema.month_finding
    query = select(finding).where(finding.c.id == finding_id).order_by(finding.c.month, finding.c.position)
    return [(BillingMonth.parse(row.month), rows.finding_of(row)) for row in db.execute(query)]


def posted_months(db: Connection) -> list[BillingMonth]:
    """Return the posted months, the earliest first."""
    query = select(schema.run.c.month).where(schema.run.c.posted == 1).order_by(schema.run.c.month)
    return [BillingMonth.parse(month) for (month,) in db.execute(query)]


def draw_number(db: Connection, issuer: str, kind: str, year: int) -> int:
    """Return the next number of a series, from 1 and without gaps; it is drawn when the transaction is committed."""
    counter = schema.counter
    series = (counter.c.issuer == issuer, counter.c.kind == kind, counter.c.year == year)
    drawn = db.execute(update(counter).where(*series).values(last=counter.c.last + 1))
    if drawn.rowcount == 0:
        db.execute(insert(counter).values(issuer=issuer, kind=kind, year=year, last=1))
    return int(db.execute(select(counter.c.last).where(*series)).scalar_one())


def add_documents(db: Connection, found: Sequence[PostedDocument]) -> None:
    """Add the documents of a posted month."""
    insert_many(db, schema.document, map(rows.document_row, found))


def documents(db: Connection, month: BillingMonth) -> list[PostedDocument]:
    """Return the documents of a posted month, by issuer and number."""
    document = schema.document
    query = select(document).where(document.c.month == str(month)).order_by(document.c.issuer, document.c.number)
    return [rows.document_of(row) for row in db.execute(query)]


def add_postings(db: Connection, month: BillingMonth, ledger: Sequence[Posting]) -> None:
    """Add to the ledger: the entries first, then the posting that seals them if they sum to zero."""
    first = int(db.execute(select(func.coalesce(func.max(schema.posting.c.number), 0))).scalar_one()) + 1
    insert_many(
        db,
        schema.entry,
        (
            (number, at, leg.company, leg.counterparty, leg.account, leg.minor)
            for number, posting in enumerate(ledger, first)
            for at, leg in enumerate(posting.entries)
        ),
    )
    insert_many(
        db, schema.posting, ((number, str(month), p.document, p.currency) for number, p in enumerate(ledger, first))
    )


def ledger(db: Connection, month: BillingMonth) -> list[Posting]:
    """Return the postings of a month in their order."""
    posting, entry = schema.posting, schema.entry
    query = (
        select(posting.c.number, posting.c.document, posting.c.currency, entry)
        .join(entry, entry.c.posting == posting.c.number)
        .where(posting.c.month == str(month))
        .order_by(posting.c.number, entry.c.position)
    )
    found: dict[int, tuple[str, str, list[Entry]]] = {}
    for row in db.execute(query):
        legs = found.setdefault(row.number, (row.document, row.currency, []))[2]
        legs.append(Entry(row.company, row.counterparty, row.account, row.minor))
    return [Posting(document, currency, tuple(legs)) for document, currency, legs in found.values()]


def add_ends(db: Connection, month: BillingMonth, ends: Sequence[ChargeEnd]) -> None:
    """Let records leave the open ones."""
    insert_many(db, schema.charge_end, (rows.end_row(month, end) for end in ends))
    ended = select(schema.charge_end.c.record).where(schema.charge_end.c.month == str(month))
    db.execute(delete(schema.open_charge).where(schema.open_charge.c.record.in_(ended)))


def ends(db: Connection, month: BillingMonth) -> list[ChargeEnd]:
    """Return how records ended in a posted month, in the order of their numbers."""
    end = schema.charge_end
    query = select(end).where(end.c.month == str(month)).order_by(end.c.record)
    return [rows.end_of(row) for row in db.execute(query)]
