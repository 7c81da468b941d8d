"""Values to rows and back: one pair of functions for each value, in the order of the table's columns."""

import json
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any

from sqlalchemy import Row

from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry, Where
from clearing.store import schema
from clearing.store.values import ChargeEnd, Decision, DeliveredFile, PostedDocument, SettledCharge, StoredRun
from tariffs.findings import Finding, Severity

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SIDES = {side.value: side for side in Side}
_KINDS = {kind.value: kind for kind in Kind}
_CHARGE_COLUMNS = len(schema.charge.columns) + 1

AnyRow = Row[Any]


def fold(text: str | None) -> str | None:
    """Return an OCPI CiString as it is compared: without regard to case."""
    return text.casefold() if text else None


def fold_evse(text: str | None) -> str | None:
    """Return an EVSE's id as it is compared: `DE*ABC*E1` is `deabce1` with or without separators."""
    return text.casefold().replace("*", "").replace("-", "").replace(" ", "") or None if text else None


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - _EPOCH) // _MICROSECOND


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=4096)
def _texts_json(texts: tuple[str, ...]) -> str:
    return json.dumps(texts)


@lru_cache(maxsize=4096)
def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text, parse_float=Decimal))


def _problems_text(problems: tuple[Finding, ...]) -> str | None:
    if not problems:
        return None
    rows = [[p.code, p.severity.value, p.path, p.message, _text(p.money)] for p in problems]
    return json.dumps(rows, separators=(",", ":"))


def _problems(text: str | None) -> tuple[Finding, ...]:
    if text is None:
        return ()
    return tuple(
        Finding(code, Severity(severity), path, message, _decimal(money))
        for code, severity, path, message, money in json.loads(text, parse_float=Decimal)
    )


def file_row(number: int, file: DeliveredFile) -> tuple[object, ...]:
    """Save a delivered file."""
    return (number, file.side, file.kind, file.path, file.sha256, file.size, file.records, file.received)


def file_of(row: AnyRow) -> DeliveredFile:
    """Load a delivered file."""
    return DeliveredFile(Side(row.side), row.kind, row.path, row.sha256, row.size, row.records, row.received)


def charge_row(number: int, file: int, record: ChargeRecord) -> tuple[object, ...]:
    """Save a record of a charge, with the keys it is compared by."""
    return (
        number, file, record.side, record.kind, record.where.text, record.where.offset, record.where.length,
        record.content_hash, record.cpo, record.emsp, record.id, _micros(record.start), _micros(record.end),
        _text(record.energy_kwh), record.currency, _text(record.claimed), _text(record.claimed_incl_vat),
        record.session_id, record.authorization_reference, record.token_uid, record.token_type, record.contract_id,
        record.evse_uid, record.evse_id, record.location_id, record.location_name, record.city, record.country,
        _texts_json(record.tariff_ids) if record.tariff_ids else None, int(record.credit), record.credit_reference_id,
        _micros(record.last_updated), record.received, _problems_text(record.problems), int(record.completed),
        int(record.home_charging), int(record.usable), fold(record.id), fold(record.credit_reference_id),
        fold(record.session_id), fold(record.authorization_reference), fold_evse(record.evse_uid),
        fold_evse(record.evse_id),
    )  # fmt: skip


def _once(text: Any) -> Any:  # noqa: ANN401  a text, None, or a text of ours such as PartyId
    """Return one and the same object for equal texts: a month holds its few places and people 200,000 times."""
    return intern(text) if text is not None else text


def charge_of(row: Sequence[Any]) -> ChargeRecord:
    """Load a record of a charge: its columns in the order of the table, then the `sha256` of its file."""
    # Unpacked by place: asking a row for 37 names one by one takes three times as long as everything else here.
    (
        number, _file, side, kind, where_text, offset, length,
        content_hash, cpo, emsp, id_, start_us, end_us,
        energy_kwh, currency, claimed, claimed_incl_vat,
        session_id, authorization_reference, token_uid, token_type, contract_id,
        evse_uid, evse_id, location_id, location_name, city, country,
        tariff_ids, credit, credit_reference_id,
        last_updated_us, received, problems, completed,
        home_charging, _usable, _id_key, _credit_key,
        _session_key, _authorization_key, _evse_uid_key,
        _evse_id_key, sha256,
    ) = row  # fmt: skip
    return ChargeRecord(
        number=number,
        side=_SIDES[side],
        kind=_KINDS[kind],
        where=Where(where_text, sha256, offset, length),
        content_hash=content_hash,
        cpo=_once(cpo),
        emsp=_once(emsp),
        id=id_,
        start=_instant(start_us),
        end=_instant(end_us),
        energy_kwh=_decimal(energy_kwh),
        currency=_once(currency),
        claimed=_decimal(claimed),
        claimed_incl_vat=_decimal(claimed_incl_vat),
        session_id=session_id,
        authorization_reference=authorization_reference,
        token_uid=_once(token_uid),
        token_type=_once(token_type),
        contract_id=_once(contract_id),
        evse_uid=_once(evse_uid),
        evse_id=_once(evse_id),
        location_id=_once(location_id),
        location_name=_once(location_name),
        city=_once(city),
        country=_once(country),
        tariff_ids=_texts(tariff_ids) if tariff_ids else (),
        credit=credit == 1,
        credit_reference_id=credit_reference_id,
        last_updated=_instant(last_updated_us),
        received=received,
        problems=_problems(problems),
        completed=completed == 1,
        home_charging=home_charging == 1,
    )


def token_row(number: int, file: int, token: TokenEntry) -> tuple[object, ...]:
    """Save a line of a token list."""
    return (number, file, token.emsp, token.uid, token.contract_id, int(token.valid), _micros(token.last_updated))


def token_of(row: AnyRow) -> TokenEntry:
    """Load a line of a token list."""
    return TokenEntry(PartyId(row.emsp), row.uid, row.contract_id, bool(row.valid), _instant(row.last_updated_us))


def tariff_row(number: int, file: int, tariff: PublishedTariff) -> tuple[object, ...]:
    """Save a published tariff."""
    return (number, file, tariff.cpo, tariff.id, tariff.content, _micros(tariff.last_updated))


def tariff_of(row: AnyRow) -> PublishedTariff:
    """Load a published tariff."""
    return PublishedTariff(PartyId(row.cpo), row.id, row.content, _instant(row.last_updated_us))


def decision_row(number: int, decision: Decision) -> tuple[object, ...]:
    """Save a decision."""
    return (number, decision.finding_id, decision.verdict, decision.reason, decision.by, decision.at)


def decision_of(row: AnyRow) -> Decision:
    """Load a decision."""
    return Decision(row.finding_id, row.verdict, row.reason, row.decided_by, row.decided_at)


def run_row(run: StoredRun) -> tuple[object, ...]:
    """Save a run; its outcome is compressed."""
    outcome = zlib.compress(run.outcome, 6)
    return (str(run.month), run.as_of.isoformat(), run.input_digest, run.terms_hash, outcome, int(run.posted))


def run_of(row: AnyRow) -> StoredRun:
    """Load a run."""
    as_of = date.fromisoformat(row.as_of)
    outcome = zlib.decompress(row.outcome)
    month = BillingMonth.parse(row.month)
    return StoredRun(month, as_of, row.input_digest, row.terms_hash, outcome, bool(row.posted))


def finding_row(month: BillingMonth, position: int, f: MonthFinding) -> tuple[object, ...]:
    """Save a finding of a month."""
    return (
        str(month), position, f.id, f.code, f.severity, f.cpo, f.emsp, f.side, f.cpo_cdr_id, f.emsp_cdr_id, f.message,
        f.what_to_do, _text(f.kwh), _text(f.at_stake), f.currency, _text(f.held), f.money_is, f.where, f.where_other,
        f.expected, f.found, f.not_acceptable,
    )  # fmt: skip


def finding_of(row: AnyRow) -> MonthFinding:
    """Load a finding of a month."""
    return MonthFinding(
        id=row.id,
        code=row.code,
        severity=row.severity,
        cpo=row.cpo,
        emsp=row.emsp,
        side=row.side,
        cpo_cdr_id=row.cpo_cdr_id,
        emsp_cdr_id=row.emsp_cdr_id,
        message=row.message,
        what_to_do=row.what_to_do,
        kwh=_decimal(row.kwh),
        at_stake=_decimal(row.at_stake),
        currency=row.currency,
        held=_decimal(row.held),
        money_is=row.money_is,
        where=row.where_text,
        where_other=row.where_other,
        expected=row.expected,
        found=row.found,
        not_acceptable=row.not_acceptable,
    )


def end_row(month: BillingMonth, end: ChargeEnd) -> tuple[object, ...]:
    """Save how a record ended."""
    day = None if end.document_date is None else end.document_date.isoformat()
    return (end.record_number, str(month), end.end, _text(end.billed), end.document, day, end.partner)


def end_of(row: AnyRow) -> ChargeEnd:
    """Load how a record ended."""
    return ChargeEnd(
        row.record, row.end, _decimal(row.billed), row.document, _day(row.document_date), row.partner
    )


def settled_of(row: AnyRow) -> SettledCharge:
    """Load a record together with how it ended: the columns of `charge_of`, then those of `charge_end`."""
    end = end_of(row)
    return SettledCharge(
        record=charge_of(row[:_CHARGE_COLUMNS]),
        month=BillingMonth.parse(row.month),
        end=end.end,
        billed=end.billed,
        document=end.document,
        document_date=end.document_date,
        partner=end.partner,
    )


def document_row(d: PostedDocument) -> tuple[object, ...]:
    """Save a posted document; its value is compressed."""
    return (
        d.issuer, d.number, d.kind, str(d.month), d.cpo, d.emsp, d.currency, d.net_minor, d.vat_minor, d.gross_minor,
        d.issue_date.isoformat(), d.due_date.isoformat(), d.file, zlib.compress(d.value, 6),
    )  # fmt: skip


def document_of(row: AnyRow) -> PostedDocument:
    """Load a posted document."""
    return PostedDocument(
        number=row.number,
        issuer=row.issuer,
        kind=row.kind,
        month=BillingMonth.parse(row.month),
        cpo=PartyId(row.cpo),
        emsp=PartyId(row.emsp),
        currency=row.currency,
        net_minor=row.net_minor,
        vat_minor=row.vat_minor,
        gross_minor=row.gross_minor,
        issue_date=date.fromisoformat(row.issue_date),
        due_date=date.fromisoformat(row.due_date),
        file=row.file,
        value=zlib.decompress(row.value),
    )
