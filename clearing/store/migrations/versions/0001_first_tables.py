"""The first tables of a book."""

import sqlalchemy as sa
from alembic import op

from clearing.store import sqlite

revision = "0001"
down_revision = None

_APPEND_ONLY = ("charge_end", "decision", "terms", "document", "posting", "entry")


def upgrade() -> None:
    """Make every table, index and trigger."""
    _create_file()
    _create_charge()
    _create_open_charge()
    _create_charge_end()
    _create_token()
    _create_tariff()
    _create_decision()
    _create_terms()
    _create_run()
    _create_month_finding()
    _create_counter()
    _create_document()
    _create_posting()
    _create_entry()
    for trigger in (
        *sqlite.append_only_triggers(_APPEND_ONLY),
        *sqlite.posted_month_triggers(),
        *sqlite.ledger_triggers(),
    ):
        op.execute(trigger)


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def _integer(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=null)


def _create_file() -> None:
    op.create_table(
        "file",
        _integer("number"),
        _text("side"),
        _text("kind"),
        _text("path"),
        _text("sha256"),
        _integer("size"),
        _integer("records"),
        _text("received", null=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("side", "kind", "sha256"),
        sqlite_strict=True,
    )


def _index_charge() -> None:
    op.create_index(
        "charge_authorization_key",
        "charge",
        ["authorization_key"],
        unique=False,
        sqlite_where=sa.text("authorization_key IS NOT NULL"),
    )
    op.create_index(
        "charge_credit_key", "charge", ["credit_key"], unique=False, sqlite_where=sa.text("credit_key IS NOT NULL")
    )
    op.create_index(
        "charge_evse_id_key",
        "charge",
        ["evse_id_key", "start_us"],
        unique=False,
        sqlite_where=sa.text("evse_id_key IS NOT NULL"),
    )
    op.create_index(
        "charge_evse_uid_key",
        "charge",
        ["evse_uid_key", "start_us"],
        unique=False,
        sqlite_where=sa.text("evse_uid_key IS NOT NULL"),
    )
    op.create_index("charge_id_key", "charge", ["id_key"], unique=False, sqlite_where=sa.text("id_key IS NOT NULL"))
    op.create_index(
        "charge_session_key", "charge", ["session_key"], unique=False, sqlite_where=sa.text("session_key IS NOT NULL")
    )


def _create_charge() -> None:
    op.create_table(
        "charge",
        _integer("number"),
        _integer("file"),
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
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    _index_charge()


def _create_open_charge() -> None:
    op.create_table(
        "open_charge",
        _integer("record"),
        sa.ForeignKeyConstraint(
            ["record"],
            ["charge.number"],
        ),
        sa.PrimaryKeyConstraint("record"),
        sqlite_strict=True,
    )


def _create_charge_end() -> None:
    op.create_table(
        "charge_end",
        _integer("record"),
        _text("month"),
        _text("end"),
        _text("billed", null=True),
        _text("document", null=True),
        _text("document_date", null=True),
        _integer("partner", null=True),
        sa.CheckConstraint(
            "\"end\" IN ('billed', 'credited', 'refused', 'repeated', 'elsewhere', 'used', 'closed')", name="known_end"
        ),
        sa.ForeignKeyConstraint(
            ["record"],
            ["charge.number"],
        ),
        sa.PrimaryKeyConstraint("record"),
        sqlite_strict=True,
    )
    op.create_index("charge_end_month", "charge_end", ["month"], unique=False)


def _create_token() -> None:
    op.create_table(
        "token",
        _integer("number"),
        _integer("file"),
        _text("emsp"),
        _text("uid"),
        _text("contract_id", null=True),
        _integer("valid"),
        _integer("last_updated_us", null=True),
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def _create_tariff() -> None:
    op.create_table(
        "tariff",
        _integer("number"),
        _integer("file"),
        _text("cpo"),
        _text("id"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _integer("last_updated_us", null=True),
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        _integer("number"),
        _text("finding_id"),
        _text("verdict"),
        _text("reason"),
        _text("decided_by"),
        _text("decided_at"),
        sa.CheckConstraint("verdict IN ('accept', 'reject')", name="known_verdict"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("decision_finding_id", "decision", ["finding_id"], unique=False)


def _create_terms() -> None:
    op.create_table(
        "terms", _text("content_hash"), _text("content"), sa.PrimaryKeyConstraint("content_hash"), sqlite_strict=True
    )


def _create_run() -> None:
    op.create_table(
        "run",
        _text("month"),
        _text("as_of"),
        _text("input_digest"),
        _text("terms_hash"),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        _integer("posted"),
        sa.PrimaryKeyConstraint("month"),
        sqlite_strict=True,
    )


def _create_month_finding() -> None:
    op.create_table(
        "month_finding",
        _text("month"),
        _integer("position"),
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
        sa.ForeignKeyConstraint(["month"], ["run.month"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("month", "position"),
        sqlite_strict=True,
    )
    op.create_index("month_finding_id", "month_finding", ["id"], unique=False)


def _create_counter() -> None:
    op.create_table(
        "counter",
        _text("issuer"),
        _text("kind"),
        _integer("year"),
        _integer("last"),
        sa.PrimaryKeyConstraint("issuer", "kind", "year"),
        sqlite_strict=True,
    )


def _create_document() -> None:
    op.create_table(
        "document",
        _text("issuer"),
        _text("number"),
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
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("net_minor + vat_minor = gross_minor", name="gross_is_net_and_vat"),
        sa.PrimaryKeyConstraint("issuer", "number"),
        sqlite_strict=True,
    )
    op.create_index("document_month", "document", ["month"], unique=False)


def _create_posting() -> None:
    op.create_table(
        "posting",
        _integer("number"),
        _text("month"),
        _text("document"),
        _text("currency"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("posting_month", "posting", ["month"], unique=False)


def _create_entry() -> None:
    op.create_table(
        "entry",
        _integer("posting"),
        _integer("position"),
        _text("company"),
        _text("counterparty"),
        _text("account"),
        _integer("minor"),
        sa.ForeignKeyConstraint(["posting"], ["posting.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("posting", "position"),
        sqlite_strict=True,
    )
