"""OCPI objects of any version to the values of clearing: CDRs and Sessions to records of charges, Tokens, Tariffs.

`tariffs.ocpi` reads a CDR; here it becomes what a side delivered: with its parties, its place and one finding per
cause. A record that cannot be used is a record all the same, with what can be read of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from clearing.intake.content import content_hash
from clearing.intake.faults import (
    INCOMPLETE,
    MALFORMED,
    Fault,
    Origin,
    by_gravity,
    ends_before_start,
    incomplete,
    malformed,
    missing,
    party_of,
)
from clearing.intake.half_characters import without_halves
from clearing.intake.json_records import RawRecord
from clearing.intake.sessions import session_record
from clearing.intake.tokens import token_entry
from clearing.parties import PartyId
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry
from tariffs.cdr import Cdr
from tariffs.findings import Finding, Severity
from tariffs.ocpi import ReadCdr, decode, read_cdr, read_tariff

_STOPPING = (Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS)


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A token or a tariff of a file: `value` is None where `findings` keep it from being used."""

    where: str
    value: TokenEntry | PublishedTariff | None
    findings: tuple[Finding, ...]


def cdr_of(raw: bytes) -> ReadCdr:
    """Read the CDR of a stored record again, to price it."""
    return read_cdr(decode(raw))


def charge_record(raw: RawRecord, kind: Kind, origin: Origin) -> ChargeRecord:
    """Read one record of a file of CDRs or Sessions."""
    if raw.problem is not None or not isinstance(raw.value, dict):
        return _undecodable(raw, kind, origin)
    if kind is Kind.SESSION:
        return session_record(raw.value, raw.raw, origin)
    return _cdr_record(raw.value, raw.raw, origin)


def token(raw: RawRecord, where: str) -> ReadEntry:
    """Read one record of a token list."""
    if raw.problem is not None or not isinstance(raw.value, dict):
        return ReadEntry(where, None, malformed([Fault("$", raw.problem or "is no object")]))
    entry, findings = token_entry(raw.value)
    return ReadEntry(where, entry, findings)


def tariff(raw: RawRecord, where: str) -> ReadEntry:
    """Read one record of a file of tariffs; the bytes are kept, they are priced by later."""
    if raw.problem is not None or not isinstance(raw.value, dict):
        return ReadEntry(where, None, malformed([Fault("$", raw.problem or "is no object")]))
    value, halves = without_halves(raw.value, raw.raw)
    read = read_tariff(value)
    faults, others = _parted(read.findings, MALFORMED)
    faults += halves
    cpo = None
    if read.tariff is not None:
        cpo, party_faults = party_of(read.tariff.country_code, read.tariff.party_id, "$", faults)
        faults += [*missing(faults, ("$.id", read.tariff.id)), *party_faults]
    findings = (*malformed(faults), *(finding for finding in others if finding.severity in _STOPPING))
    if read.tariff is None or cpo is None or findings:
        return ReadEntry(where, None, findings or malformed([Fault("$", "is no tariff that can be read")]))
    return ReadEntry(where, PublishedTariff(cpo, read.tariff.id, raw.raw, read.tariff.last_updated), ())


def _undecodable(raw: RawRecord, kind: Kind, origin: Origin) -> ChargeRecord:
    return ChargeRecord(
        number=0,
        side=origin.side,
        kind=kind,
        where=origin.where,
        content_hash=content_hash(None, raw.raw),
        cpo=None,
        emsp=None,
        id=None,
        start=None,
        end=None,
        energy_kwh=None,
        currency=None,
        claimed=None,
        received=origin.received,
        problems=malformed([Fault("$", raw.problem or "is no object")]),
    )


def _cdr_record(value: dict[str, Any], raw: bytes, origin: Origin) -> ChargeRecord:
    whole, halves = without_halves(value, raw)
    read = read_cdr(whole)
    cdr = read.cdr or Cdr(read.version)
    cpo, emsp, problems = _judged(cdr, read, halves)
    tariff_ids = [tariff.id for tariff in cdr.tariffs] + [period.tariff_id or "" for period in cdr.periods]
    return ChargeRecord(
        number=0,
        side=origin.side,
        kind=Kind.CDR,
        where=origin.where,
        content_hash=content_hash(value, raw),
        cpo=cpo,
        emsp=emsp,
        id=cdr.id,
        start=cdr.start,
        end=cdr.end,
        energy_kwh=cdr.total_energy,
        currency=cdr.currency,
        claimed=cdr.total_cost.excl_vat if cdr.total_cost else None,
        claimed_incl_vat=cdr.total_cost.incl_vat if cdr.total_cost else None,
        session_id=cdr.session_id,
        authorization_reference=cdr.authorization_reference,
        token_uid=cdr.token.uid,
        token_type=cdr.token.type,
        contract_id=cdr.token.contract_id,
        evse_uid=_evse(cdr.location.evse_uid),
        evse_id=_evse(cdr.location.evse_id),
        location_id=cdr.location.id,
        location_name=cdr.location.name,
        city=cdr.location.city,
        country=cdr.location.country,
        tariff_ids=tuple(dict.fromkeys(filter(None, tariff_ids))),
        credit=cdr.credit,
        credit_reference_id=cdr.credit_reference_id,
        last_updated=cdr.last_updated,
        received=origin.received,
        problems=problems,
        home_charging=cdr.home_charging_compensation,
    )


def _judged(
    cdr: Cdr, read: ReadCdr, halves: Sequence[Fault]
) -> tuple[PartyId | None, PartyId | None, tuple[Finding, ...]]:
    """Return the parties of a CDR and one finding per cause of what its reading found."""
    faults, others = _parted(read.findings, MALFORMED)
    faults += halves
    token = cdr.token
    cpo, cpo_faults = party_of(cdr.country_code, cdr.party_id, "$", faults)
    emsp, emsp_faults = party_of(token.country_code, token.party_id, "$.cdr_token", faults)
    if not cdr.knows_vat:  # 2.1.1, which names no owners either: they are told from ids
        cpo_faults = _told(cpo, cpo_faults, "$.location", "an EVSE id that begins with its CPO, such as DE*ABC*E1")
        emsp_faults = _told(emsp, emsp_faults, "$.auth_id", "a contract id that begins with its e-MSP: NL-XYZ-C…")
    faults += [*missing(faults, ("$.id", cdr.id)), *cpo_faults, *emsp_faults]
    absent, others = _parted(others, INCOMPLETE)
    problems = (
        *ends_before_start(cdr.start, cdr.end, f"$.{dict(cdr.wire_names).get('end_date_time', 'end_date_time')}"),
        *malformed(faults),
        *incomplete(_without_needed(absent, faults)),
        *_once_per_code(others),
    )
    return cpo, emsp, by_gravity(problems)


def _without_needed(absent: Iterable[Fault], faults: Sequence[Fault]) -> list[Fault]:
    """Leave out of `incomplete-record` what clearing cannot do without: that is malformed, and one cause."""
    needed = {fault.path.removeprefix("$.") for fault in faults}
    needed |= {"cdr_token"} if needed >= {"cdr_token.country_code", "cdr_token.party_id"} else set()
    left = []
    for fault in absent:
        words, _, names = fault.message.rpartition(": ")
        optional = [name for name in names.split(", ") if name not in needed]
        if optional:
            left.append(Fault(fault.path, f"{words}: {', '.join(optional)}" if words else fault.message))
    return left


def _told(party: PartyId | None, faults: list[Fault], path: str, expected: str) -> list[Fault]:
    """Say from what a party would have been told, where the protocol has no field for it."""
    return faults if party is not None else [Fault(path, f"expected {expected}: nothing else names the party")]


def _evse(text: str | None) -> str | None:
    """Return an EVSE's id; `#NA` stands for none, as of a reservation (OCPI 2.2.1, mod_cdrs, CdrLocation)."""
    return None if text == "#NA" else text


def _parted(findings: Iterable[Finding], code: str) -> tuple[list[Fault], list[Finding]]:
    """Part the findings of one code, as faults, from the others."""
    of_code: list[Fault] = []
    others: list[Finding] = []
    for finding in findings:
        if finding.code == code:
            of_code.append(Fault(finding.path, finding.message))
        else:
            others.append(finding)
    return of_code, others


def _once_per_code(findings: Iterable[Finding]) -> list[Finding]:
    """Merge the findings of each code of a record into one that names every path."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [
        same[0]
        if len(same) == 1
        else Finding(same[0].code, same[0].severity, same[0].path, "; ".join(f"{f.path} {f.message}" for f in same))
        for same in by_code.values()
    ]
