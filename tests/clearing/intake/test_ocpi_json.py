"""A CDR and a tariff as a side delivered them: parties, one finding per cause, and what can be read of broken ones."""

import json
from decimal import Decimal

import pytest

from clearing.intake.faults import Origin
from clearing.intake.json_records import RawRecord
from clearing.intake.ocpi_json import cdr_of, charge_record, tariff
from clearing.parties import Side
from clearing.records import ChargeRecord, Kind, Where
from tariffs.ocpi import decode

WHERE = Where("a:1", "h", 0, 1)
CDR = {
    "country_code": "DE", "party_id": "ABC", "id": "C1", "start_date_time": "2026-10-01T10:00:00Z",
    "end_date_time": "2026-10-01T11:00:00Z", "auth_method": "WHITELIST", "currency": "EUR",
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "0815", "type": "RFID", "contract_id": "NL-XYZ-1"},
    "cdr_location": {
        "id": "LOC1", "address": "Markt 1", "city": "Bonn", "country": "DEU", "evse_uid": "E1", "evse_id": "DE*ABC*E1",
        "coordinates": {"latitude": "50.94", "longitude": "6.96"}, "connector_id": "1",
        "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE",
    },
    "charging_periods": [
        {"start_date_time": "2026-10-01T10:00:00Z", "tariff_id": "T9", "dimensions": [{"type": "ENERGY", "volume": 1}]}
    ],
    "total_cost": {"excl_vat": 5.25}, "total_energy": 10.5, "total_time": 1, "last_updated": "2026-10-01T11:01:00Z",
}  # fmt: skip


def raw_of(text: str) -> RawRecord:
    value = decode(text)
    problem = None if isinstance(value, dict) else "not a JSON object but an array"
    return RawRecord("a:1", 0, len(text), text.encode(), value, problem)


def read(changes: dict[str, object]) -> ChargeRecord:
    text = json.dumps({key: value for key, value in {**CDR, **changes}.items() if value is not ...})
    return charge_record(raw_of(text), Kind.CDR, Origin(Side.CPO, WHERE))


def inner(name: str, **changes: object) -> dict[str, object]:
    whole = CDR[name]
    assert isinstance(whole, dict)
    return {name: {key: value for key, value in {**whole, **changes}.items() if value is not ...}}


PROBLEMS: dict[str, tuple[dict[str, object], list[tuple[str, str]]]] = {
    "nothing": ({}, []),
    "no id": ({"id": ...}, [("malformed-record", "$.id is missing")]),
    "no party": ({"party_id": ...}, [("malformed-record", "$.party_id is missing")]),
    "no token": (
        {"cdr_token": ...},
        [("malformed-record", "$.cdr_token.country_code is missing; $.cdr_token.party_id is missing")],
    ),
    "a token that is none": ({"cdr_token": 5}, [("malformed-record", "$.cdr_token a number where OCPI has an object")]),
    "a party of a token": (
        inner("cdr_token", party_id=..., uid=...),
        [
            ("malformed-record", "$.cdr_token.party_id is missing"),
            ("incomplete-record", "$ OCPI requires what is missing here: cdr_token.uid"),
        ],
    ),
    "a party of four characters": (
        {"party_id": "ABCD"},
        [(
            "malformed-record",
            "$.party_id expected a country of 2 letters and a party of 3 characters, found 'DE' and 'ABCD'",
        )],
    ),
    "two faults, one finding": (
        {"total_energy": "lots", "id": 5},
        [("malformed-record", "$.id a number where OCPI has a text; $.total_energy a text where OCPI has a number")],
    ),
    "no claim": (
        {"total_cost": ...}, [("incomplete-record", "$ OCPI requires what is missing here: total_cost")],
    ),
    "an end before the start": (
        {"end_date_time": "2026-10-01T09:00:00Z"},
        [("ends-before-start",
          "expected an end after the start 2026-10-01T10:00:00Z, found 2026-10-01T09:00:00Z")],
    ),
    "half a character": (
        {"session_id": "a\ud800"},
        [("malformed-record", "$.session_id expected a text, found half of a character in it")],
    ),
    "a whole character": ({"session_id": "\U0001f600"}, []),
    "unknown fields": ({"x": 1, "y": 2}, [(
        "unknown-field", "$.x OCPI has no field x here; ignored; $.y OCPI has no field y here; ignored",
    )]),
    "an extended id": ({"id": "C" * 39}, []),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "problems"), PROBLEMS.values(), ids=PROBLEMS)
def test_one_problem_per_cause(changes: dict[str, object], problems: list[tuple[str, str]]) -> None:
    assert problems == [(problem.code, problem.message) for problem in read(changes).problems]


READABLE: dict[str, tuple[dict[str, object], str, object]] = {
    "the claim of a malformed record": ({"total_energy": "x"}, "claimed", Decimal("5.25")),
    "the id of a malformed record": ({"total_energy": "x"}, "id", "C1"),
    "the parties of a malformed record": ({"total_energy": "x"}, "emsp", "NL*XYZ"),
    "parties in lower case": ({"country_code": "de", "party_id": "abc"}, "cpo", "DE*ABC"),
    "a placeholder for an end": ({"end_date_time": "1970-01-01T00:00:00Z"}, "end", None),
    "no EVSE": (inner("cdr_location", evse_id="#NA"), "evse_id", None),
    "tariffs of periods": ({}, "tariff_ids", ("T9",)),
    "tariffs embedded and of periods": (
        {"tariffs": [{"id": "T1", "currency": "EUR", "elements": []}]}, "tariff_ids", ("T1", "T9"),
    ),
    "a credit": ({"credit": True, "credit_reference_id": "C0"}, "credit_reference_id", "C0"),
    "charging at home": ({"home_charging_compensation": True}, "home_charging", True),
    "half a character": ({"id": "a\ud800"}, "id", "a\ufffd"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "name", "expected"), READABLE.values(), ids=READABLE)
def test_what_can_be_read_is_read(changes: dict[str, object], name: str, expected: object) -> None:
    assert expected == getattr(read(changes), name)


def test_what_is_no_object_is_one_malformed_record() -> None:
    record = charge_record(raw_of("[]"), Kind.CDR, Origin(Side.CPO, WHERE))
    assert [("malformed-record", "$ not a JSON object but an array")] == [(p.code, p.message) for p in record.problems]
    assert (None, None, None, False) == (record.id, record.cpo, record.claimed, record.usable)


def test_a_stored_record_is_read_again_for_pricing() -> None:
    assert "C1" == getattr(cdr_of(json.dumps(CDR).encode()).cdr, "id", None)


TARIFF = {
    "country_code": "DE", "party_id": "ABC", "id": "T1", "currency": "EUR", "last_updated": "2026-01-01T00:00:00Z",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}]}],
}  # fmt: skip
TARIFFS: dict[str, tuple[dict[str, object], str | None]] = {
    "whole": ({}, None),
    "with an unknown field": ({"x": 1}, None),
    "without an owner": (
        {"country_code": None, "party_id": None}, "$.country_code is missing; $.party_id is missing",
    ),
    "without an id": ({"id": ""}, "$.id is missing"),
    "with a price as words": (
        {"elements": [{"price_components": [{"type": "ENERGY", "price": "dear", "step_size": 1}]}]},
        "$.elements[0].price_components[0].price a text where OCPI has a number",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), TARIFFS.values(), ids=TARIFFS)
def test_a_tariff_is_kept_by_its_bytes_or_named(changes: dict[str, object], message: str | None) -> None:
    raw = raw_of(json.dumps({**TARIFF, **changes}))
    entry = tariff(raw, "a:1")
    assert ([message] if message else []) == [finding.message for finding in entry.findings]
    assert (None if message else raw.raw) == getattr(entry.value, "content", None)
