"""OCPI Sessions to records of charges: an e-MSP's evidence of what its driver did (OCPI 2.2.1, mod_sessions)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clearing.intake.content import content_hash
from clearing.intake.faults import (
    Fault,
    Origin,
    by_gravity,
    ends_before_start,
    incomplete,
    malformed,
    missing,
    party_of,
)
from clearing.intake.fields import Instant, Number, Shape, Text, read_shape
from clearing.records import ChargeRecord, Kind
from tariffs.findings import Finding


class _Token(Shape):
    country_code: Text = None
    party_id: Text = None
    uid: Text = None
    type: Text = None
    contract_id: Text = None


class _Price(Shape):
    excl_vat: Number = None
    incl_vat: Number = None
    before_taxes: Number = None


class _Session(Shape):
    country_code: Text = None
    party_id: Text = None
    id: Text = None
    start_date_time: Instant = None
    end_date_time: Instant = None
    kwh: Number = None
    cdr_token: _Token | None = None
    authorization_reference: Text = None
    location_id: Text = None
    evse_uid: Text = None
    currency: Text = None
    total_cost: _Price | None = None
    status: Text = None
    last_updated: Instant = None


def session_record(value: Mapping[str, Any], raw: bytes, origin: Origin) -> ChargeRecord:
    """Read a Session as the record of a charge; one that is not COMPLETED takes no part in clearing.

    Its `session_id` is its own id: that is what a CDR of the same charge refers to (contract, section 3.13).
    """
    session, faults = read_shape(_Session, value)
    token = session.cdr_token or _Token()
    price = session.total_cost or _Price()
    cpo, cpo_faults = party_of(session.country_code, session.party_id, "$", faults)
    emsp, emsp_faults = party_of(token.country_code, token.party_id, "$.cdr_token", faults)
    faults = [*_misplaced(value), *faults, *missing(faults, ("$.id", session.id)), *cpo_faults, *emsp_faults]
    record = ChargeRecord(
        number=0,
        side=origin.side,
        kind=Kind.SESSION,
        where=origin.where,
        content_hash=content_hash(value, raw),
        cpo=cpo,
        emsp=emsp,
        id=session.id,
        start=session.start_date_time,
        end=session.end_date_time,
        energy_kwh=session.kwh,
        currency=session.currency,
        claimed=price.before_taxes if price.excl_vat is None else price.excl_vat,
        claimed_incl_vat=price.incl_vat,
        session_id=session.id,
        authorization_reference=session.authorization_reference,
        token_uid=token.uid,
        token_type=token.type,
        contract_id=token.contract_id,
        evse_uid=session.evse_uid,
        location_id=session.location_id,
        last_updated=session.last_updated,
        received=origin.received,
        completed=(session.status or "COMPLETED").upper() == "COMPLETED",
    )
    return replace(record, problems=_problems(record, faults))


def _problems(record: ChargeRecord, faults: list[Fault]) -> tuple[Finding, ...]:
    """What keeps the Session from being used; while it is not completed nobody misses its end."""
    if not record.completed:
        return malformed(faults)
    wanted = (("$.start_date_time", record.start), ("$.end_date_time", record.end), ("$.kwh", record.energy_kwh))
    return by_gravity(
        (
            *ends_before_start(record.start, record.end, "$.end_date_time"),
            *malformed(faults),
            *incomplete(missing(faults, *wanted)),
        )
    )


def _misplaced(value: Mapping[str, Any]) -> list[Fault]:
    """A CDR among the Sessions: it would be read as a Session without energy."""
    if "total_energy" in value and "kwh" not in value:
        return [Fault("$", "is a CDR, expected a Session: ingest the file with `evclear ingest cdr`")]
    return []
