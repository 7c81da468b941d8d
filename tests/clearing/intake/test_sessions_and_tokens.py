"""Sessions and Tokens are read leniently: what cannot be read is named once, what can be read is kept."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from clearing.intake.faults import Origin
from clearing.intake.sessions import session_record
from clearing.intake.tokens import token_entry
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord, Kind, TokenEntry, Where
from tariffs.ocpi import decode

ORIGIN = Origin(Side.EMSP, Where("s.jsonl:1", "h", 0, 1), "2026-10-05")
SESSION = {
    "country_code": "de", "party_id": "ABC", "id": "S1", "start_date_time": "2026-10-01T11:00:00Z",
    "end_date_time": "2026-10-01T14:00:00+02:00", "kwh": 12.5, "status": "COMPLETED", "currency": "EUR",
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "0815", "type": "RFID", "contract_id": "NL-XYZ-1"},
    "authorization_reference": "A1", "location_id": "LOC1", "evse_uid": "E1", "connector_id": "1",
    "total_cost": {"excl_vat": 5.10, "incl_vat": 6.07}, "last_updated": "2026-10-01T12:00:01.25Z",
}  # fmt: skip


def read(**changes: object) -> ChargeRecord:
    kept = {key: value for key, value in {**SESSION, **changes}.items() if value is not ...}
    text = json.dumps(kept)
    value = decode(text)
    assert isinstance(value, dict)
    return session_record(value, text.encode(), ORIGIN)


def test_a_session_becomes_a_record() -> None:
    record = read()
    expected = ChargeRecord(
        number=0, side=Side.EMSP, kind=Kind.SESSION, where=ORIGIN.where, content_hash=record.content_hash,
        cpo=PartyId("DE*ABC"), emsp=PartyId("NL*XYZ"), id="S1", start=datetime(2026, 10, 1, 11, tzinfo=UTC),
        end=datetime(2026, 10, 1, 12, tzinfo=UTC), energy_kwh=Decimal("12.5"), currency="EUR",
        claimed=Decimal("5.1"), claimed_incl_vat=Decimal("6.07"), session_id="S1", authorization_reference="A1",
        token_uid="0815", token_type="RFID", contract_id="NL-XYZ-1", evse_uid="E1", location_id="LOC1",  # noqa: S106
        last_updated=datetime(2026, 10, 1, 12, 0, 1, 250_000, tzinfo=UTC), received="2026-10-05",
    )  # fmt: skip
    assert expected == record


FAULTS = {
    "no id": ({"id": ...}, "malformed-record", "$.id is missing"),
    "a number as id": ({"id": 5}, "malformed-record", "$.id expected a text, found '5'"),
    "no CPO": ({"country_code": ..., "party_id": None}, "malformed-record", "$.country_code is missing; $.party_id"),
    "no token": ({"cdr_token": ...}, "malformed-record", "$.cdr_token.country_code is missing; $.cdr_token.party_id"),
    "a token that is none": ({"cdr_token": "x"}, "malformed-record", "$.cdr_token expected an object, found 'x'"),
    "a party that is none": ({"party_id": "ABCD"}, "malformed-record", "$.party_id expected a country"),
    "energy as words": ({"kwh": "lots"}, "malformed-record", "$.kwh expected a number, found 'lots'"),
    "energy that is none": ({"kwh": True}, "malformed-record", "$.kwh expected a number, found 'True'"),
    "energy that is NaN": ({"kwh": float("nan")}, "malformed-record", "$.kwh expected a number, found NaN is not a"),
    "a huge number": ({"kwh": 10**40}, "malformed-record", "$.kwh expected a number of sensible size"),
    "an impossible day": ({"end_date_time": "2026-02-30T10:00:00Z"}, "malformed-record", "$.end_date_time expected"),
    "a day without time": ({"end_date_time": "2026-02-20"}, "malformed-record", "$.end_date_time expected"),
    "a claim as words": ({"total_cost": {"excl_vat": "x"}}, "malformed-record", "$.total_cost.excl_vat expected"),
    "half a character": ({"location_id": "\ud800"}, "malformed-record", "$.location_id expected a text of Unicode"),
    "a token's uid, not shown": ({"cdr_token": {"uid": 4711}}, "malformed-record", "$.cdr_token.uid expected a text;"),
    "two faults, one finding": ({"id": 5, "kwh": "x"}, "malformed-record", "$.id expected a text, found '5'; $.kwh"),
    "no energy": ({"kwh": ...}, "incomplete-record", "$.kwh is missing"),
    "the placeholder of OCPI": ({"end_date_time": "1970-1-1T00:00:00Z"}, "incomplete-record", "$.end_date_time is m"),
    "an end before the start": ({"end_date_time": "2026-10-01T10:59:59Z"}, "ends-before-start", "expected an end"),
    "a CDR": ({"kwh": ..., "total_energy": 5}, "malformed-record", "$ is a CDR, expected a Session"),
}


@pytest.mark.parametrize(("changes", "code", "words"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_named_once(changes: dict[str, object], code: str, words: str) -> None:
    problems = read(**changes).problems
    assert code == problems[0].code
    assert words in problems[0].message
    assert len({problem.code for problem in problems}) == len(problems)


READABLE = {
    "energy as text": ({"kwh": "12.50"}, "energy_kwh", Decimal("12.50")),
    "no claim": ({"total_cost": ...}, "claimed", None),
    "a claim of OCPI 2.3.0": ({"total_cost": {"before_taxes": 5}}, "claimed", Decimal(5)),
    "no zone is UTC": ({"end_date_time": "2026-10-01T12:00:00"}, "end", datetime(2026, 10, 1, 12, tzinfo=UTC)),
    "a leap second": ({"end_date_time": "2026-12-31T23:59:60Z"}, "end", datetime(2027, 1, 1, tzinfo=UTC)),
    "not completed": ({"status": "ACTIVE", "end_date_time": ...}, "completed", False),
    "an unknown field": ({"x": 1}, "id", "S1"),
}


@pytest.mark.parametrize(("changes", "name", "expected"), READABLE.values(), ids=READABLE)
def test_what_can_be_read_is_no_fault(changes: dict[str, object], name: str, expected: object) -> None:
    record = read(**changes)
    assert expected == getattr(record, name)
    assert record.problems == ()


def test_a_malformed_session_keeps_what_can_be_read() -> None:
    record = read(kwh="x", location_id=7)
    assert ("S1", "DE*ABC", Decimal("5.1"), None, None) == (
        record.id, record.cpo, record.claimed, record.energy_kwh, record.location_id,
    )  # fmt: skip


TOKEN = {
    "country_code": "NL", "party_id": "XYZ", "uid": "0815", "type": "RFID", "contract_id": "NL-XYZ-1", "valid": True,
    "issuer": "X", "whitelist": "ALWAYS", "last_updated": "2026-10-01T12:00:00Z",
}  # fmt: skip
TOKENS = {
    "whole": ({}, TokenEntry(PartyId("NL*XYZ"), "0815", "NL-XYZ-1", True, datetime(2026, 10, 1, 12, tzinfo=UTC)), None),
    "blocked, bare": (
        {"valid": False, "contract_id": None, "last_updated": None},
        TokenEntry(PartyId("NL*XYZ"), "0815", None, False, None),
        None,
    ),
    "no party": ({"country_code": None, "party_id": None}, None, "$.country_code is missing; $.party_id is missing"),
    "no uid": ({"uid": None}, None, "$.uid is missing"),
    "no validity": ({"valid": None}, None, "$.valid is missing"),
    "validity as text": ({"valid": "yes"}, None, "$.valid expected true or false, found 'yes'"),
}


@pytest.mark.parametrize(("changes", "entry", "message"), TOKENS.values(), ids=TOKENS)
def test_a_token_is_read_or_named(changes: dict[str, object], entry: TokenEntry | None, message: str | None) -> None:
    found, findings = token_entry({**TOKEN, **changes})
    assert entry == found
    assert ([message] if message else []) == [finding.message for finding in findings]
