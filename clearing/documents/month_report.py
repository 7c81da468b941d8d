"""A month's outcome as files: report.json, report.txt, charges/*.csv, findings.jsonl and findings.csv.

Money and quantities are strings in plain notation, money with at least the minor digits of its currency; nothing is
rounded here (contract, section 3, Output, and section 4).
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from clearing.findings import MonthFinding
from clearing.invoicing.invoice import DocumentState, Invoice
from clearing.parties import Rounding
from clearing.reconciliation.charge import End, plain
from clearing.settlement.outcome import Amounts, MonthOutcome, PairReport
from clearing.settlement.statement import Statement
from tariffs.money import MINOR_DIGITS

CHARGE_COLUMNS = (
    "cpo_cdr_id", "emsp_cdr_id", "cpo_session_id", "evse", "ended_local", "kwh", "claimed_excl_vat",
    "computed_excl_vat", "billed_excl_vat", "end", "code", "document",
)  # fmt: skip


def money_text(value: Decimal | None, currency: str | None) -> str | None:
    """Write an amount with at least the minor digits of its currency (two where the currency is unknown)."""
    return plain(value, MINOR_DIGITS.get(currency or "", 2))


def folder_of(outcome: MonthOutcome) -> str:
    """Return the month's folder, relative to the book."""
    return f"months/{outcome.month}"


def documents_folder(outcome: MonthOutcome, kind: str) -> str:
    """Return where PDFs of a kind (`invoices`, `statements`) lie, relative to the month's folder."""
    return kind if outcome.posted else f"drafts/{kind}"


def document_file(outcome: MonthOutcome, document: Invoice) -> str:
    """Return a document's PDF, relative to the book."""
    return f"{folder_of(outcome)}/{documents_folder(outcome, 'invoices')}/{document.file_stem}.pdf"


def statement_file(outcome: MonthOutcome, statement: Statement) -> str:
    """Return a statement's PDF, relative to the book."""
    return f"{folder_of(outcome)}/{documents_folder(outcome, 'statements')}/{statement.name}.pdf"


def document_name(document: Invoice) -> str:
    """Return a document's number, or its file name where there is none."""
    return document.number or f"{document.file_stem}.pdf"


def charges_csv(pair: PairReport) -> bytes:
    """Return the charges file of a pair: one row per CPO record; what is billed adds up to the document's net."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CHARGE_COLUMNS)
    name = document_name(pair.document) if pair.document is not None else ""
    whole = pair.document is not None and pair.document.rounding is Rounding.DOCUMENT_HALF_UP
    for row in pair.charges:
        billed = row.end is End.BILLED and pair.document is not None
        writer.writerow(
            (
                row.cpo_cdr_id or "",
                row.emsp_cdr_id or "",
                row.cpo_session_id or "",
                row.evse or "",
                row.ended_local.isoformat(timespec="seconds") if row.ended_local else "",
                plain(row.kwh) or "",
                money_text(row.claimed, pair.currency) or "",
                _computed_text(row.computed, pair.currency),
                plain(row.billed, 4 if whole else MINOR_DIGITS.get(pair.currency or "", 2)) or "",
                row.end,
                row.code,
                name if billed else "",
            )
        )
    if whole:
        remainder = plain(pair.remainder, 4)
        writer.writerow(("", "", "", "", "", "", "", "", remainder, "rounding", "", name))
    return text.getvalue().encode()


def _computed_text(value: Decimal | None, currency: str | None) -> str:
    """Write our own price with at most 12 decimals, half even at that one place, as `evclear price` does."""
    if value is None:
        return ""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        value = value.quantize(Decimal("1e-12"))
    return money_text(value, currency) or ""


def finding_json(finding: MonthFinding, month: str, status: str) -> dict[str, object]:
    """Return a finding as `evclear.finding/1` (contract, section 4)."""
    return {
        "schema": "evclear.finding/1",
        "id": finding.id,
        "month": month,
        "status": status,
        "code": finding.code,
        "severity": finding.severity,
        "cpo": finding.cpo,
        "emsp": finding.emsp,
        "side": finding.side,
        "cpo_cdr_id": finding.cpo_cdr_id,
        "emsp_cdr_id": finding.emsp_cdr_id,
        "kwh": plain(finding.kwh),
        "money_at_stake": _money_json(finding.at_stake, finding.currency),
        "held": _money_json(finding.held, finding.currency),
        "money_is": finding.money_is,
        "where": finding.where,
        "where_other": finding.where_other,
        "expected": finding.expected,
        "found": finding.found,
        "message": finding.message,
        "what_to_do": finding.what_to_do,
    }


def _money_json(value: Decimal | None, currency: str | None) -> dict[str, object] | None:
    return None if value is None else {"amount": money_text(value, currency), "currency": currency}


def status_of(finding: MonthFinding, decided: Iterable[str]) -> str:
    """Return `noted` for what needs no decision, else whether a person has decided it."""
    if finding.severity not in ("F", "S", "Q"):
        return "noted"
    return "decided" if finding.id in decided else "open"


def findings_jsonl(findings: Sequence[MonthFinding], month: str, decided: Mapping[str, str]) -> bytes:
    """Return findings as JSON Lines, in their order."""
    lines = (
        json.dumps(finding_json(f, month, status_of(f, decided)), ensure_ascii=False, separators=(",", ":"))
        for f in findings
    )
    return "".join(line + "\n" for line in lines).encode()


def findings_csv(findings: Sequence[MonthFinding], month: str, decided: Mapping[str, str]) -> bytes:
    """Return findings as CSV: the keys of the JSON, each money as two columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header: list[str] | None = None
    for finding in (*findings, None):
        values = finding_json(finding, month, status_of(finding, decided)) if finding else _empty_finding(month)
        flat = _flat(values)
        if header is None:
            header = list(flat)
            writer.writerow(header)
        if finding is not None:
            writer.writerow(["" if value is None else value for value in flat.values()])
    return text.getvalue().encode()


def _empty_finding(month: str) -> dict[str, object]:
    return finding_json(MonthFinding("", "", "I", None, None, "", None, None, "", ""), month, "")


def _flat(values: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in values.items():
        if key in ("money_at_stake", "held"):
            amount, currency = (value["amount"], value["currency"]) if isinstance(value, dict) else (None, None)
            flat[f"{key}_amount"], flat[f"{key}_currency"] = amount, currency
        else:
            flat[key] = value
    return flat


def report_json(outcome: MonthOutcome) -> bytes:
    """Return the report as `evclear.report/1` (contract, section 3, Output)."""
    value = {
        "schema": "evclear.report/1",
        "month": str(outcome.month),
        "as_of": outcome.as_of.isoformat(),
        "pairs": [_pair_json(outcome, pair) for pair in outcome.pairs],
        "settlement": [_statement_json(outcome, statement) for statement in outcome.statements],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _amounts_json(amounts: Amounts, currency: str | None) -> dict[str, object]:
    return {
        "records": amounts.records,
        "kwh": plain(amounts.kwh),
        "claimed": money_text(amounts.claimed, currency),
    }


def _pair_json(outcome: MonthOutcome, pair: PairReport) -> dict[str, object]:
    currency = pair.currency
    return {
        "cpo": pair.cpo,
        "emsp": pair.emsp,
        "currency": currency,
        "carried_in": _amounts_json(pair.carried_in, currency),
        "delivered": _amounts_json(pair.delivered, currency),
        **{str(end): _amounts_json(pair.ends[end], currency) for end in End},
        "without_claim": pair.without_claim,
        "claimed_minus_computed": _computed_text(pair.claimed_minus_computed, currency),
        "price_difference": _computed_text(pair.price_difference, currency),
        "rounding_difference": _computed_text(pair.rounding_difference, currency),
        "findings": {c.code: {"count": c.count, "held": money_text(c.held, currency)} for c in pair.findings},
        "document": _document_json(outcome, pair.document),
    }


def _document_json(outcome: MonthOutcome, document: Invoice | None) -> dict[str, object] | None:
    if document is None:
        return None
    return {
        "state": str(document.state),
        "kind": str(document.kind),
        "number": document.number,
        "net": str(document.net),
        "vat": str(document.vat),
        "gross": str(document.gross),
        "due": document.due_date.isoformat(),
        "file": document_file(outcome, document),
    }


def _statement_json(outcome: MonthOutcome, statement: Statement) -> dict[str, object]:
    folder = f"{folder_of(outcome)}/{documents_folder(outcome, 'invoices')}"
    return {
        "companies": [statement.first.name, statement.second.name],
        "currency": statement.currency,
        "documents": [f"{folder}/{line.file}" for line in statement.lines],
        "payer": statement.payer.name if statement.payer is not None else None,
        "amount": str(statement.amount),
        "due": statement.due_date.isoformat(),
        "file": statement_file(outcome, statement),
    }


def state_words(document: Invoice) -> str:
    """Return how far a document is, for people."""
    if document.state is DocumentState.CONTROL_COPY:
        return "control copy, expected from " + document.issuer.name
    return f"number {document.number}" if document.number else "draft"
