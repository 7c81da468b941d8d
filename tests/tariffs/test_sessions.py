"""Pricing rule 29: Sessions of all versions are priced so far, and a PATCH does to them what OCPI says."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tariffs import Breakdown, price, verify
from tariffs.ocpi import ReadCdr, apply_patch, decode, is_session, read_session, read_tariff

PERIODS = [
    {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 8}], "tariff_id": "T"},
    {
        "start_date_time": "2026-10-07T11:00:00Z",
        "dimensions": [{"type": "ENERGY", "volume": 2}, {"type": "STATE_OF_CHARGE", "volume": 80}],
        "tariff_id": "T",
    },
]
SESSION: dict[str, Any] = {
    "country_code": "NL",
    "party_id": "ABC",
    "id": "S1",
    "start_date_time": "2026-10-07T10:00:00Z",
    "kwh": 10,
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "U", "type": "RFID", "contract_id": "C"},
    "auth_method": "WHITELIST",
    "location_id": "L1",
    "evse_uid": "E1",
    "connector_id": "1",
    "currency": "EUR",
    "charging_periods": PERIODS,
    "total_cost": {"excl_vat": 4},
    "status": "ACTIVE",
    "last_updated": "2026-10-07T11:20:00Z",
}
NEW: dict[str, Any] = {**SESSION, "total_cost": {"before_taxes": 4, "taxes": [{"name": "VAT", "amount": 1}]}}
CONNECTOR = {
    **{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_1_PHASE", "voltage": 230},
    **{"amperage": 32, "tariff_id": "T", "last_updated": "2026-10-01T00:00:00Z"},
}
EVSE = {
    **{"uid": "E1", "evse_id": "NL*ABC*E1", "status": "CHARGING", "connectors": [CONNECTOR]},
    "last_updated": "2026-10-01T00:00:00Z",
}
OLD: dict[str, Any] = {
    "id": "S1",
    "start_datetime": "2026-10-07T10:00:00Z",
    "kwh": 10,
    "auth_id": "NLXYZC12345678",
    "auth_method": "WHITELIST",
    "location": {
        **{"id": "L1", "type": "ON_STREET", "address": "Street 1", "city": "Town", "postal_code": "1000"},
        **{"country": "NLD", "coordinates": {"latitude": "52.1", "longitude": "5.1"}, "evses": [EVSE]},
        "last_updated": "2026-10-01T00:00:00Z",
    },
    "currency": "EUR",
    "charging_periods": [{k: v for k, v in period.items() if k != "tariff_id"} for period in PERIODS],
    "total_cost": 4,
    "status": "ACTIVE",
    "last_updated": "2026-10-07T11:20:00Z",
}
OF_VERSION = {"2.1.1": OLD, "2.2.1": SESSION, "2.3.0": NEW}


def _tariff(version: str, amount: str = "0.40", name: str = "T") -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": name,
        "currency": "EUR",
        "last_updated": "2026-10-01T00:00:00Z",
        "elements": [{"price_components": [{"type": "ENERGY", "price": amount, "step_size": 1}]}],
    }
    return made if version != "2.3.0" else {**made, "tax_included": "N/A"}


def _priced(obj: Any, version: str = "2.2.1", **options: Any) -> tuple[ReadCdr, Breakdown]:
    read = read_session(decode(json.dumps(obj)), version=version, **options)
    assert read.cdr is not None
    given = [
        read_tariff(decode(json.dumps(_tariff(version, *t))), version=version).tariff
        for t in (("9.00", "OTHER"), ("0.40", "T"))
    ]
    return read, price(read.cdr, tariffs=[t for t in given if t is not None])


def _codes(read: ReadCdr) -> list[tuple[str, str, str]]:
    return [(f.code, str(f.severity), f.path) for f in read.findings]


@pytest.mark.parametrize("version", OF_VERSION)
def test_a_session_is_priced_by_the_tariff_it_names_until_it_was_last_updated(version: str) -> None:
    read, found = _priced(OF_VERSION[version], version)
    assert _codes(read) == [("provisional-price", "I", "$.status")]
    assert "2026-10-07 11:20:00 UTC (its last_updated)" in read.findings[0].message
    assert (found.total_cost.excl_vat, found.tariff_ids) == (Decimal(4), ("T",))
    cdr = read.cdr
    assert cdr is not None
    assert (cdr.id, cdr.session_id, cdr.country_code, cdr.party_id) == ("S1", "S1", "NL", "ABC")
    assert (cdr.location.id, cdr.location.evse_uid, cdr.location.connector_id) == ("L1", "E1", "1")
    assert cdr.total_cost is not None
    assert (cdr.total_cost.excl_vat, cdr.total_cost.incl_vat) == (4, 5 if version == "2.3.0" else None)
    assert cdr.end == datetime(2026, 10, 7, 11, 20, tzinfo=UTC)
    assert verify(cdr, found) == ()


@pytest.mark.parametrize("version", OF_VERSION)
def test_versions_are_detected_and_sessions_told_from_cdrs(version: str) -> None:
    obj = decode(json.dumps(OF_VERSION[version]))
    assert is_session(obj)
    assert read_session(obj).version == version
    assert not any(is_session(other) for other in ({**OLD, "total_energy": 1}, {"id": "C"}, [], None))


def test_what_asks_until_when_closes_the_last_period() -> None:
    asked = datetime(2026, 10, 7, 14, tzinfo=timezone(timedelta(hours=2)))
    read, _ = _priced(SESSION, until=asked)
    assert "12:00:00 UTC (as asked)" in read.findings[0].message
    assert read.cdr is not None
    assert read.cdr.end == asked
    ended = {**SESSION, "status": "COMPLETED", "end_date_time": "2026-10-07T11:30:00Z"}
    for until in (None, asked):
        read, _ = _priced(ended, until=until)
        assert read.cdr is not None
        assert read.cdr.end == datetime(2026, 10, 7, 11, 30, tzinfo=UTC)
        assert "until its end, 2026-10-07 11:30:00 UTC" in read.findings[0].message


BROKEN: dict[str, Any] = {
    "no period": ({"charging_periods": []}, ("session-without-periods", "Q", "$.charging_periods")),
    "no list of periods": ({"charging_periods": 7}, ("malformed-record", "Q", "$.charging_periods")),
    "no time at all": ({"last_updated": None}, ("malformed-record", "Q", "$.last_updated")),
    "an impossible time": ({"last_updated": "2026-99-01T00:00:00Z"}, ("malformed-record", "Q", "$.last_updated")),
    "energy as a word": ({"kwh": "ten"}, ("malformed-record", "Q", "$.kwh")),
    "another status": ({"status": "DONE"}, ("malformed-record", "Q", "$.status")),
    "declared invalid": ({"status": "INVALID"}, ("session-invalid", "W", "$.status")),
    "no energy": ({"kwh": None}, ("incomplete-record", "W", "$")),
    "a misspelt field": ({"Currency": "EUR"}, ("unknown-field", "I", "$.Currency")),
}
UNPRICED = ("no period", "no list of periods", "no time at all", "an impossible time")


@pytest.mark.parametrize(("name", "change", "expected"), [(k, *v) for k, v in BROKEN.items()], ids=BROKEN)
def test_what_is_wrong_in_a_session_has_its_place(name: str, change: Any, expected: Any) -> None:
    read, found = _priced({**SESSION, **change})
    assert [c for c in _codes(read) if c[0] not in ("provisional-price", "incomplete-record") or c == expected] == [
        expected
    ]
    assert found.priced == (name not in UNPRICED)
    assert [f.code for f in found.findings if f.severity in "QS"] == []


def test_a_start_that_is_missing_has_the_name_of_its_version() -> None:
    old = {k: v for k, v in OLD.items() if k != "start_datetime"}
    assert ("malformed-record", "Q", "$.start_datetime") in _codes(_priced(old, "2.1.1")[0])
    later = {**old, "start_date_time": "2026-13-07T10:00:00Z"}
    assert ("malformed-record", "Q", "$.start_date_time") in _codes(_priced(later, "2.1.1")[0])


@pytest.mark.parametrize("version", OF_VERSION)
def test_energy_that_is_not_the_sum_of_the_periods_is_said_under_its_name(version: str) -> None:
    read, found = _priced({**OF_VERSION[version], "kwh": 12}, version)
    assert read.cdr is not None
    (finding,) = verify(read.cdr, found)
    assert (finding.code, finding.path, finding.money) == ("energy-sum-differs", "$.kwh", Decimal("0.8"))
    assert finding.message.startswith("kwh is 12 kWh")


def test_a_tariff_nobody_gave_is_named() -> None:
    read = read_session(decode(json.dumps(SESSION)))
    assert read.cdr is not None
    assert [(f.code, str(f.severity)) for f in price(read.cdr).findings] == [("unknown-tariff", "Q")]


TWO = {**EVSE, "connectors": [CONNECTOR, CONNECTOR]}
NAMELESS = {**EVSE, "connectors": [{**CONNECTOR, "tariff_id": None}]}


@pytest.mark.parametrize("evses", [[], [EVSE, EVSE], [TWO], [NAMELESS], None], ids=str)
def test_without_one_connector_nothing_says_which_tariff(evses: Any) -> None:
    """2.1.1: the first tariff given stands in, and the finding says what the other would make."""
    obj = {**OLD, "location": {**OLD["location"], "evses": evses}}
    _, found = _priced(obj, "2.1.1")
    assert (found.total_cost.excl_vat, found.tariff_ids) == (90, ("OTHER",))
    assert [f.money for f in found.findings if f.code == "several-tariffs"] == [86]


def test_no_object_and_no_known_version() -> None:
    assert _codes(read_session([1])) == [("malformed-record", "Q", "$")]
    read = read_session({"kwh": 1}, version="3.0")
    assert _codes(read) == [("version-not-supported", "Q", "$")]
    assert read.cdr is not None
    assert not price(read.cdr).priced


# PATCH

MORE = [{"start_date_time": "2026-10-07T12:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 1}]}]
AT = "2026-10-07T12:10:00Z"
PATCHES: dict[str, Any] = {
    "adds its periods": ("2.2.1", {"charging_periods": MORE, "last_updated": AT}, [*PERIODS, *MORE], []),
    "adds in 2.3.0": ("2.3.0", {"charging_periods": MORE, "last_updated": AT}, [*PERIODS, *MORE], []),
    "without periods": ("2.2.1", {"kwh": 11, "last_updated": AT}, PERIODS, []),
    "an empty list": ("2.2.1", {"charging_periods": [], "last_updated": AT}, PERIODS, []),
    "null": ("2.2.1", {"charging_periods": None, "last_updated": AT}, PERIODS, []),
    "no list": ("2.2.1", {"charging_periods": "x", "last_updated": AT}, PERIODS, ["malformed-record"]),
    "no last_updated": ("2.2.1", {"kwh": 11}, PERIODS, ["incomplete-record"]),
    "older": ("2.2.1", {"last_updated": "2026-10-07T11:00:00Z"}, PERIODS, ["patch-out-of-order"]),
    "no instant": ("2.2.1", {"last_updated": "noon"}, PERIODS, ["malformed-record"]),
    "2.1.1 replaces": ("2.1.1", {"charging_periods": [*PERIODS, *MORE]}, [*PERIODS, *MORE], []),
    "2.1.1 by fewer": ("2.1.1", {"charging_periods": MORE}, MORE, ["periods-got-fewer"]),
    "2.1.1 by none": ("2.1.1", {"charging_periods": None}, None, ["periods-got-fewer"]),
}


@pytest.mark.parametrize(("version", "patch", "periods", "codes"), PATCHES.values(), ids=PATCHES)
def test_what_a_patch_does(version: str, patch: Any, periods: Any, codes: list[str]) -> None:
    session = dict(OF_VERSION[version]) | {"charging_periods": PERIODS}
    before = json.dumps(session)
    after = apply_patch(session, patch, version)
    assert after.session.get("charging_periods") == periods
    assert [f.code for f in after.findings] == codes
    for key, value in patch.items():
        assert key == "charging_periods" or after.session[key] == value
    assert after.session.keys() == session.keys()
    assert json.dumps(session) == before


def test_the_first_periods_come_by_a_patch() -> None:
    session = {k: v for k, v in SESSION.items() if k != "charging_periods"}
    patch = {"charging_periods": MORE, "last_updated": AT}
    assert apply_patch(session, patch, "2.2.1").session["charging_periods"] == MORE


@pytest.mark.parametrize("patch", [[], None, {"id": "S2"}], ids=str)
def test_a_patch_that_is_none_changes_nothing(patch: Any) -> None:
    after = apply_patch(SESSION, patch, "2.2.1")
    assert after.session == SESSION
    assert [str(f.severity) for f in after.findings] == ["Q"]


def test_a_patch_names_its_session_in_any_case() -> None:
    assert apply_patch(SESSION, {"id": "s1", "last_updated": AT}, "2.2.1").findings == ()


def test_a_price_grows_with_the_patches() -> None:
    session: Any = SESSION
    for number in range(3):
        more = [{**MORE[0], "start_date_time": f"2026-10-07T1{2 + number}:00:00Z", "tariff_id": "T"}]
        patch = {"charging_periods": more, "kwh": 11 + number, "last_updated": f"2026-10-07T1{2 + number}:30:00Z"}
        session = apply_patch(session, patch, "2.2.1").session
        read, found = _priced(session)
        assert found.total_cost.excl_vat == Decimal("0.4") * (11 + number)
        assert read.cdr is not None
        assert verify(read.cdr, found) == ()
