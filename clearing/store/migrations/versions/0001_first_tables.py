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


def _create_file() -> None:
    op.create_table(
        "file",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("received", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("side", "kind", "sha256"),
        sqlite_strict=True,
    )


def _create_charge() -> None:
    op.create_table(
        "charge",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("where_text", sa.Text(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("cpo", sa.Text(), nullable=True),
        sa.Column("emsp", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=True),
        sa.Column("start_us", sa.Integer(), nullable=True),
        sa.Column("end_us", sa.Integer(), nullable=True),
        sa.Column("energy_kwh", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("claimed", sa.Text(), nullable=True),
        sa.Column("claimed_incl_vat", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("authorization_reference", sa.Text(), nullable=True),
        sa.Column("token_uid", sa.Text(), nullable=True),
        sa.Column("token_type", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("evse_uid", sa.Text(), nullable=True),
        sa.Column("evse_id", sa.Text(), nullable=True),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("location_name", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("tariff_ids", sa.Text(), nullable=True),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("credit_reference_id", sa.Text(), nullable=True),
        sa.Column("last_updated_us", sa.Integer(), nullable=True),
        sa.Column("received", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("home_charging", sa.Integer(), nullable=False),
        sa.Column("usable", sa.Integer(), nullable=False),
        sa.Column("id_key", sa.Text(), nullable=True),
        sa.Column("credit_key", sa.Text(), nullable=True),
        sa.Column("session_key", sa.Text(), nullable=True),
        sa.Column("authorization_key", sa.Text(), nullable=True),
        sa.Column("evse_uid_key", sa.Text(), nullable=True),
        sa.Column("evse_id_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
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


def _create_open_charge() -> None:
    op.create_table(
        "open_charge",
        sa.Column("record", sa.Integer(), nullable=False),
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
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("billed", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("document_date", sa.Text(), nullable=True),
        sa.Column("partner", sa.Integer(), nullable=True),
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
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("emsp", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("last_updated_us", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def _create_tariff() -> None:
    op.create_table(
        "tariff",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("cpo", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("last_updated_us", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file"], ["file.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('accept', 'reject')", name="known_verdict"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("decision_finding_id", "decision", ["finding_id"], unique=False)


def _create_terms() -> None:
    op.create_table(
        "terms",
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash"),
        sqlite_strict=True,
    )


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("terms_hash", sa.Text(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month"),
        sqlite_strict=True,
    )


def _create_month_finding() -> None:
    op.create_table(
        "month_finding",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("cpo", sa.Text(), nullable=True),
        sa.Column("emsp", sa.Text(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("cpo_cdr_id", sa.Text(), nullable=True),
        sa.Column("emsp_cdr_id", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("kwh", sa.Text(), nullable=True),
        sa.Column("at_stake", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("money_is", sa.Text(), nullable=True),
        sa.Column("where_text", sa.Text(), nullable=True),
        sa.Column("where_other", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["month"], ["run.month"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("month", "position"),
        sqlite_strict=True,
    )
    op.create_index("month_finding_id", "month_finding", ["id"], unique=False)


def _create_counter() -> None:
    op.create_table(
        "counter",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "kind", "year"),
        sqlite_strict=True,
    )


def _create_document() -> None:
    op.create_table(
        "document",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("cpo", sa.Text(), nullable=False),
        sa.Column("emsp", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("issue_date", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("net_minor + vat_minor = gross_minor", name="gross_is_net_and_vat"),
        sa.PrimaryKeyConstraint("issuer", "number"),
        sqlite_strict=True,
    )
    op.create_index("document_month", "document", ["month"], unique=False)


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("posting_month", "posting", ["month"], unique=False)


def _create_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("posting", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("counterparty", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["posting"], ["posting.number"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("posting", "position"),
        sqlite_strict=True,
    )
