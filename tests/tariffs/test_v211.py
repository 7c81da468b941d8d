"""OCPI 2.1.1 ends in the same values: what it calls otherwise, what it lacks, what is wrong by its own names."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import Breakdown, price
from tariffs.ocpi import decode, read_cdr, read_tariff
from tariffs.ocpi.reading import ReadCdr

CONNECTOR = {
    "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_1_PHASE", "voltage": 230,
    "amperage": 16, "last_updated": "2026-01-01T00:00:00Z",
}  # fmt: skip
EVSE = {
    "uid": "7", "evse_id": "DE*EVC*E7", "status": "AVAILABLE", "connectors": [CONNECTOR],
    "last_updated": "2026-01-01T00:00:00Z",
}  # fmt: skip
TARIFF = {
    "id": "T", "currency": "EUR", "last_updated": "2026-01-01T00:00:00Z",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}]}],
}  # fmt: skip
CDR = {
    "id": "C1", "start_date_time": "2026-10-07T10:00:00Z", "stop_date_time": "2026-10-07T11:00:00Z",
    "auth_id": "NL-RID-C00000042-1", "auth_method": "WHITELIST", "currency": "EUR",
    "location": {
        "id": "L", "type": "ON_STREET", "address": "Am Anger 4", "city": "Jena", "postal_code": "07743",
        "country": "DE",
        "coordinates": {"latitude": "50.9272", "longitude": "11.5892"}, "evses": [EVSE],
        "last_updated": "2026-01-01T00:00:00Z",
    },
    "tariffs": [TARIFF],
    "charging_periods": [
        {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]}
    ],
    "total_cost": 5.0, "total_energy": 10, "total_time": 1, "last_updated": "2026-10-07T11:00:00Z",
}  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    """The CDR with one field set, or taken out where the value is `...`."""
    found: dict[str, Any] = json.loads(json.dumps(CDR))
    at: Any = found
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in way:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return found


def read(obj: Any) -> ReadCdr:
    found = read_cdr(decode(json.dumps(obj)))
    assert (found.version, found.cdr is not None) == ("2.1.1", True)
    return found


def priced(obj: Any, **options: Any) -> Breakdown:
    cdr = read(obj).cdr
    assert cdr is not None
    return price(cdr, **options)


def test_a_whole_cdr_has_no_finding_and_its_names_are_ours() -> None:
    found = read(CDR)
    assert found.findings == ()
    cdr = found.cdr
    assert cdr is not None
    assert (cdr.end and cdr.end.hour, cdr.total_cost and cdr.total_cost.excl_vat) == (11, 5)
    assert (cdr.country_code, cdr.party_id, cdr.token.country_code, cdr.token.party_id) == ("DE", "EVC", "NL", "RID")
    assert (cdr.token.contract_id, cdr.token.uid) == ("NL-RID-C00000042-1", None)
    place = cdr.location
    assert (place.id, place.evse_uid, place.evse_id, place.connector_id) == ("L", "7", "DE*EVC*E7", "1")
    assert (place.connector_power_type, place.country) == ("AC_1_PHASE", "DE")


def test_what_vat_makes_is_unknown_on_every_total_never_equal() -> None:
    found = priced(CDR)
    assert (found.total_cost.excl_vat, found.total_cost.incl_vat, found.priced) == (5, None, True)
    assert (found.total_time_cost.excl_vat, found.total_time_cost.incl_vat) == (0, None)
    free = changed("tariffs.0.elements", [{"price_components": [{"type": "FLAT", "price": 0, "step_size": 0}]}])
    assert (priced(free).total_cost.excl_vat, priced(free).total_cost.incl_vat) == (0, None)


@pytest.mark.parametrize(("vat", "incl"), [(None, None), (20, Decimal(6))])
def test_a_tariff_given_beside_leaves_vat_open_unless_it_states_one(vat: int | None, incl: Decimal | None) -> None:
    component = {"type": "ENERGY", "price": 0.5, "step_size": 1} | ({} if vat is None else {"vat": vat})
    tariff = read_tariff(decode(json.dumps({**TARIFF, "elements": [{"price_components": [component]}]}))).tariff
    assert tariff is not None
    for options in ({"tariffs": [tariff]}, {"override": tariff}):
        assert priced(changed("tariffs", ...), **options).total_cost.incl_vat == incl


def codes(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return list(pairs)


FINDINGS: dict[str, tuple[str, Any, list[tuple[str, str]]]] = {
    "no end": ("stop_date_time", ..., codes(("malformed-record", "$.stop_date_time"))),
    "an end that is none": ("stop_date_time", "later", codes(("malformed-record", "$.stop_date_time"))),
    "an unknown end": ("stop_date_time", "1970-01-01T00:00:00Z", codes(("incomplete-record", "$"))),
    "a claim that is none": ("total_cost", [1], codes(("malformed-record", "$.total_cost"))),
    "a claim as text": ("total_cost", "5.00", codes(("number-as-string", "$.total_cost"))),
    "no auth_id": ("auth_id", ..., codes(("incomplete-record", "$"))),
    "an auth_id that is none": ("auth_id", 5, codes(("malformed-record", "$.auth_id"))),
    "no place": ("location", ..., codes(("incomplete-record", "$"))),
    "a place that is none": ("location", "Jena", codes(("malformed-record", "$.location"))),
    "an EVSE that is none": ("location.evses", ["7"], codes(("malformed-record", "$.location.evses[0]"))),
    "a misspelt field of an EVSE": (
        "location.evses.0.evseId", "DE*EVC*E7", codes(("unknown-field", "$.location.evses[0].evseId")),
    ),
    "a coordinate that is none": (
        "location.coordinates.latitude", "north", codes(("malformed-record", "$.location.coordinates.latitude")),
    ),
    "several EVSEs": ("location.evses", [EVSE, {**EVSE, "uid": "8"}], codes(("incomplete-record", "$"))),
    "a connector without voltage": (
        "location.evses.0.connectors.0", {k: v for k, v in CONNECTOR.items() if k != "voltage"},
        codes(("incomplete-record", "$")),
    ),
    "a price that is none": (
        "tariffs.0.elements.0.price_components.0.price", "dear",
        codes(("malformed-record", "$.tariffs[0].elements[0].price_components[0].price")),
    ),
    "a VAT, which 2.1.1 does not have": (
        "tariffs.0.elements.0.price_components.0.vat", 20,
        codes(("unknown-field", "$.tariffs[0].elements[0].price_components[0].vat")),
    ),
    "a limit, which 2.1.1 does not have": (
        "tariffs.0.min_price", {"excl_vat": 9}, codes(("unknown-field", "$.tariffs[0].min_price")),
    ),
    "a reference of 2.2.1": ("session_id", "S1", codes(("unknown-field", "$.session_id"))),
    "a volume that is none": (
        "charging_periods.0.dimensions.0.volume", "much",
        codes(("malformed-record", "$.charging_periods[0].dimensions[0].volume")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "value", "expected"), FINDINGS.values(), ids=FINDINGS)
def test_what_is_wrong_has_its_path(path: str, value: Any, expected: list[tuple[str, str]]) -> None:
    found = read(changed(path, value))
    assert [(f.code, f.path) for f in found.findings] == expected
    assert found.cdr is not None
    breakdown = price(found.cdr)
    if any(code == "malformed-record" for code, _ in expected) and path.startswith(("stop", "tariffs", "charging")):
        assert (breakdown.priced, breakdown.findings) == (False, ())  # told once, by the reader
    else:
        assert breakdown.total_cost.excl_vat == 5


def test_a_flat_dimension_of_the_cdr_prices_nothing_and_is_no_surprise() -> None:
    period = CDR["charging_periods"][0]  # type: ignore[index]
    flat = {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "FLAT", "volume": 1}]}
    found = priced(changed("charging_periods", [flat, period]))
    assert (found.total_cost.excl_vat, found.findings) == (5, ())


RESTRICTED = {
    "a current of a later version is heeded": ({"min_current": 20}, Decimal(0)),
    "an element for reservations stays out": ({"reservation": "RESERVATION"}, Decimal(0)),
    "power of the mean": ({"max_power": 8}, Decimal(0)),
    "a restriction of its own": ({"max_kwh": 50}, Decimal(5)),
}


@pytest.mark.parametrize(("restrictions", "total"), RESTRICTED.values(), ids=RESTRICTED)
def test_restrictions(restrictions: dict[str, Any], total: Decimal) -> None:
    obj = changed("tariffs.0.elements.0.restrictions", restrictions)
    if "min_current" in restrictions:
        obj["charging_periods"][0]["dimensions"].append({"type": "MAX_CURRENT", "volume": 16})
    assert priced(obj).total_cost.excl_vat == total


def test_the_zone_is_that_of_the_location_and_findings_name_it() -> None:
    night = {"start_time": "12:00", "end_time": "13:00"}
    obj = changed("tariffs.0.elements.0.restrictions", night)
    obj["location"]["time_zone"] = "Europe/Kyiv"  # three hours ahead
    assert (priced(obj).time_zone, priced(obj).total_cost.excl_vat) == ("Europe/Kyiv", 0)
    obj["location"]["time_zone"] = "Jena"
    assert [(f.code, f.path) for f in priced(obj).findings if f.code == "time-zone-not-iana"] == [
        ("time-zone-not-iana", "$.location")
    ]
    assert priced(obj).total_cost.excl_vat == 5
    obj["location"] = {}
    assert ("time-zone-unknown", "$.location") in [(f.code, f.path) for f in priced(obj).findings]


IDS: dict[str, tuple[str, str, tuple[str | None, ...]]] = {
    "of DIN, no CPO to tell": ("location.evses.0.evse_id", "+49*810*000*438", (None, None, "NL", "RID")),
    "a uid that is an EVSE id": ("location.evses.0", "uid", ("DE", "EVC", "NL", "RID")),
    "a contract without separators": ("auth_id", "DE8ACC12E46L89", ("DE", "EVC", "DE", "8AC")),
    "a contract of DIN": ("auth_id", "NL*RID*001234*5", ("DE", "EVC", "NL", "RID")),
    "the uid of a card": ("auth_id", "04A1B2C3D4E5F6", ("DE", "EVC", None, None)),
}


@pytest.mark.parametrize(("path", "value", "parties"), IDS.values(), ids=IDS)
def test_parties_are_told_from_ids_or_not_at_all(path: str, value: str, parties: tuple[str | None, ...]) -> None:
    obj = changed(path, {**EVSE, "uid": "DE*EVC*E7", "evse_id": None} if value == "uid" else value)
    cdr = read(obj).cdr
    assert cdr is not None
    assert parties == (cdr.country_code, cdr.party_id, cdr.token.country_code, cdr.token.party_id)


def test_a_half_converted_cdr_is_read_all_the_same() -> None:
    obj = changed("stop_date_time", ...)
    obj |= {"end_date_time": "2026-10-07T11:00:00Z", "country_code": "DE", "party_id": "ABC", "credit": True}
    found = read(obj)
    assert found.cdr is not None
    assert (found.cdr.party_id, price(found.cdr).total_cost.excl_vat) == ("ABC", -5)
    assert {f.path for f in found.findings if f.code == "unknown-field"} == {
        "$.country_code", "$.party_id", "$.credit", "$.end_date_time",
    }  # fmt: skip
