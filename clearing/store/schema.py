"""The tables of a book.

Money owed is an integer of minor units, every other decimal its exact text, an instant an integer of microseconds
since 1970 in UTC, a day its ISO text. Columns that end in `_key` are folded for comparison.

The unique keys are the idempotency. A change here needs a migration beside it; a test compares the two.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.sql.schema import SchemaItem

metadata = MetaData()


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True)


def _text(name: str, *, null: bool = False) -> "Column[str]":
    return Column(name, Text, nullable=null)


def _integer(name: str, *, null: bool = False) -> "Column[int]":
    return Column(name, Integer, nullable=null)


def _number() -> "Column[int]":
    return Column("number", Integer, primary_key=True)


def _file() -> "Column[int]":
    # Deferred: the row of the file is written after its records, when their count is known.
    reference = ForeignKey("file.number", deferrable=True, initially="DEFERRED")
    return Column("file", Integer, reference, nullable=False)


file = _table(
    "file",
    _number(),
    _text("side"),
    _text("kind"),
    _text("path"),
    _text("sha256"),
    _integer("size"),
    _integer("records"),
    _text("received", null=True),
    UniqueConstraint("side", "kind", "sha256"),
)

charge = _table(
    "charge",
    _number(),
    _file(),
    _text("side"),
    _text("kind"),
    _text("where_text"),
    _integer("offset"),
    _integer("length"),
    _text("content_hash"),
    _text("cpo", null=True),
    _text("emsp", null=True),
    _text("id", null=True),
    _integer("start_us", null=True),
    _integer("end_us", null=True),
    _text("energy_kwh", null=True),
    _text("currency", null=True),
    _text("claimed", null=True),
    _text("claimed_incl_vat", null=True),
    _text("session_id", null=True),
    _text("authorization_reference", null=True),
    _text("token_uid", null=True),
    _text("token_type", null=True),
    _text("contract_id", null=True),
    _text("evse_uid", null=True),
    _text("evse_id", null=True),
    _text("location_id", null=True),
    _text("location_name", null=True),
    _text("city", null=True),
    _text("country", null=True),
    _text("tariff_ids", null=True),
    _integer("credit"),
    _text("credit_reference_id", null=True),
    _integer("last_updated_us", null=True),
    _text("received", null=True),
    _text("problems", null=True),
    _integer("completed"),
    _integer("home_charging"),
    _integer("usable"),
    _text("id_key", null=True),
    _text("credit_key", null=True),
    _text("session_key", null=True),
    _text("authorization_key", null=True),
    _text("evse_uid_key", null=True),
    _text("evse_id_key", null=True),
)

for _key in ("id_key", "credit_key", "session_key", "authorization_key"):
    Index(f"charge_{_key}", charge.c[_key], sqlite_where=charge.c[_key].is_not(None))
for _key in ("evse_uid_key", "evse_id_key"):
    Index(f"charge_{_key}", charge.c[_key], charge.c.start_us, sqlite_where=charge.c[_key].is_not(None))

open_charge = _table(
    "open_charge",  # Work list, not history: the records without an end, so that a run reads these and no others.
    Column("record", Integer, ForeignKey("charge.number"), primary_key=True),
)

charge_end = _table(
    "charge_end",
    Column("record", Integer, ForeignKey("charge.number"), primary_key=True),
    _text("month"),
    _text("end"),
    _text("billed", null=True),
    _text("document", null=True),
    _text("document_date", null=True),
    _integer("partner", null=True),
    CheckConstraint(
        "\"end\" IN ('billed', 'credited', 'refused', 'repeated', 'elsewhere', 'used', 'closed')", name="known_end"
    ),
)
Index("charge_end_month", charge_end.c.month)

token = _table(
    "token",
    _number(),
    _file(),
    _text("emsp"),
    _text("uid"),
    _text("contract_id", null=True),
    _integer("valid"),
    _integer("last_updated_us", null=True),
)

tariff = _table(
    "tariff",
    _number(),
    _file(),
    _text("cpo"),
    _text("id"),
    Column("content", LargeBinary, nullable=False),
    _integer("last_updated_us", null=True),
)

decision = _table(
    "decision",
    _number(),
    _text("finding_id"),
    _text("verdict"),
    _text("reason"),
    _text("decided_by"),
    _text("decided_at"),
    CheckConstraint("verdict IN ('accept', 'reject')", name="known_verdict"),
)
Index("decision_finding_id", decision.c.finding_id)

terms = _table("terms", Column("content_hash", Text, primary_key=True), _text("content"))

run = _table(
    "run",
    Column("month", Text, primary_key=True),
    _text("as_of"),
    _text("input_digest"),
    _text("terms_hash"),
    Column("outcome", LargeBinary, nullable=False),
    _integer("posted"),
)

month_finding = _table(
    "month_finding",
    Column("month", Text, ForeignKey("run.month", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _text("id"),
    _text("code"),
    _text("severity"),
    _text("cpo", null=True),
    _text("emsp", null=True),
    _text("side"),
    _text("cpo_cdr_id", null=True),
    _text("emsp_cdr_id", null=True),
    _text("message"),
    _text("what_to_do"),
    _text("kwh", null=True),
    _text("at_stake", null=True),
    _text("currency", null=True),
    _text("held", null=True),
    _text("money_is", null=True),
    _text("where_text", null=True),
    _text("where_other", null=True),
    _text("expected", null=True),
    _text("found", null=True),
    _text("not_acceptable", null=True),
)
Index("month_finding_id", month_finding.c.id)

counter = _table(
    "counter",  # A row per issuer, kind and year instead of a sequence: sequences leave gaps, tax numbers may not.
    Column("issuer", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    _integer("last"),
)

document = _table(
    "document",
    Column("issuer", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    _text("kind"),
    _text("month"),
    _text("cpo"),
    _text("emsp"),
    _text("currency"),
    _integer("net_minor"),
    _integer("vat_minor"),
    _integer("gross_minor"),
    _text("issue_date"),
    _text("due_date"),
    _text("file"),
    Column("value", LargeBinary, nullable=False),
    CheckConstraint("net_minor + vat_minor = gross_minor", name="gross_is_net_and_vat"),
)
Index("document_month", document.c.month)

posting = _table("posting", _number(), _text("month"), _text("document"), _text("currency"))
Index("posting_month", posting.c.month)

entry = _table(
    "entry",
    # Deferred: the entries come first and the posting seals them, if they sum to zero.
    Column(
        "posting", Integer, ForeignKey("posting.number", deferrable=True, initially="DEFERRED"), primary_key=True
    ),
    Column("position", Integer, primary_key=True),
    _text("company"),
    _text("counterparty"),
    _text("account"),
    _integer("minor"),
)
