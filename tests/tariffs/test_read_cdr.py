"""Pricing rules 1 and 2: what is there is kept, what is not of its type becomes one finding at its place."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import NotJson, price
from tariffs.ocpi import Unusable, decode, detect_version, read_cdr, read_tariff

WHOLE: dict[str, Any] = {
    "country_code": "DE",
    "party_id": "ABC",
    "id": "C1",
    "start_date_time": "2026-10-07T10:00:00Z",
    "end_date_time": "2026-10-07T11:00:00Z",
    "session_id": "S1",
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "U1", "type": "RFID", "contract_id": "K1"},
    "auth_method": "WHITELIST",
    "cdr_location": {
        "id": "L1",
        "address": "Am Markt 1",
        "city": "Halle",
        "country": "DEU",
        "coordinates": {"latitude": "51.48", "longitude": "11.97"},
        "evse_uid": "E1",
        "evse_id": "DE*ABC*E1",
        "connector_id": "1",
        "connector_standard": "IEC_62196_T2",
        "connector_format": "SOCKET",
        "connector_power_type": "AC_3_PHASE",
    },
    "currency": "EUR",
    "tariffs": [
        {
            "country_code": "DE",
            "party_id": "ABC",
            "id": "T1",
            "currency": "EUR",
            "elements": [{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}]}],
            "last_updated": "2026-01-01T00:00:00Z",
        }
    ],
    "charging_periods": [
        {
            "start_date_time": "2026-10-07T10:00:00Z",
            "dimensions": [{"type": "ENERGY", "volume": 10}],
            "tariff_id": "T1",
        }
    ],
    "total_cost": {"excl_vat": 10, "incl_vat": 11},
    "total_energy": 10,
    "total_time": 1,
    "last_updated": "2026-10-07T11:01:00Z",
}


def _changed(path: str, value: Any, *, drop: bool = False) -> dict[str, Any]:
    obj = copy.deepcopy(WHOLE)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at: Any = obj
    for part in way:
        at = at[part]
    if drop:
        del at[last]
    else:
        at[last] = value
    return obj


def _found(obj: Any) -> list[tuple[str, str, str]]:
    return [(f.code, str(f.severity), f.path) for f in read_cdr(decode(json.dumps(obj))).findings]


def test_a_whole_cdr_has_no_findings_and_keeps_everything() -> None:
    read = read_cdr(decode(json.dumps(WHOLE)))
    assert read.findings == ()
    assert read.cdr is not None
    assert (read.cdr.id, read.cdr.token.contract_id, read.cdr.location.evse_id) == ("C1", "K1", "DE*ABC*E1")
    assert (read.cdr.total_cost.excl_vat, read.cdr.total_energy) == (10, 10)  # type: ignore[union-attr]


MALFORMED: dict[str, Any] = {
    "number: NaN": ("total_energy", Unusable, "$.total_energy"),
    "number: text": ("total_energy", "ten", "$.total_energy"),
    "number: bool": ("total_energy", True, "$.total_energy"),
    "number: full-width digits": ("total_energy", "１０", "$.total_energy"),
    "number: hexadecimal": ("total_energy", "0x10", "$.total_energy"),
    "number: underscores": ("total_energy", "1_0", "$.total_energy"),
    "number: exponent": ("total_energy", 1e40, "$.total_energy"),
    "number: tiny": ("total_energy", 1e-40, "$.total_energy"),
    "number: object": ("total_energy", {}, "$.total_energy"),
    "text: number": ("party_id", 7, "$.party_id"),
    "text: array": ("id", ["C1"], "$.id"),
    "instant: no such day": ("last_updated", "2026-02-30T10:00:00Z", "$.last_updated"),
    "instant: 24:61": ("end_date_time", "2026-10-07T24:61:00Z", "$.end_date_time"),
    "instant: date only": ("end_date_time", "2026-10-07", "$.end_date_time"),
    "instant: number": ("end_date_time", 1790000000, "$.end_date_time"),
    "instant: week date": ("end_date_time", "2026-W10-1T10:00:00Z", "$.end_date_time"),
    "instant: before year 1": ("end_date_time", "0001-01-01T00:00:00+14:00", "$.end_date_time"),
    "object: text": ("cdr_token", "U1", "$.cdr_token"),
    "array: object": ("charging_periods", {}, "$.charging_periods"),
    "array: element": ("charging_periods.0", 3, "$.charging_periods[0]"),
    "price: number inside": ("total_cost.excl_vat", "x", "$.total_cost.excl_vat"),
    "price: text": ("total_energy_cost", "12.00", "$.total_energy_cost"),
    "flag: text": ("credit", "true", "$.credit"),
    "coordinate": ("cdr_location.coordinates.latitude", "north", "$.cdr_location.coordinates.latitude"),
    "volume": ("charging_periods.0.dimensions.0.volume", None, "$.charging_periods[0].dimensions[0].volume"),
    "dimension type": ("charging_periods.0.dimensions.0.type", 5, "$.charging_periods[0].dimensions[0].type"),
    "period start": ("charging_periods.0.start_date_time", None, "$.charging_periods[0].start_date_time"),
    "tariff price": (
        "tariffs.0.elements.0.price_components.0.price",
        "much",
        "$.tariffs[0].elements[0].price_components[0].price",
    ),
    "tariff step": (
        "tariffs.0.elements.0.price_components.0.step_size",
        1.5,
        "$.tariffs[0].elements[0].price_components[0].step_size",
    ),
    "tariff component type": (
        "tariffs.0.elements.0.price_components.0.type",
        "TIMES",
        "$.tariffs[0].elements[0].price_components[0].type",
    ),
    "tariff elements": ("tariffs.0.elements", None, "$.tariffs[0].elements"),
    "currency missing": ("currency", None, "$.currency"),
    "start missing": ("start_date_time", None, "$.start_date_time"),
    "end missing": ("end_date_time", None, "$.end_date_time"),
    "periods missing": ("charging_periods", [], "$.charging_periods"),
}


@pytest.mark.parametrize(("path", "value", "at"), MALFORMED.values(), ids=MALFORMED)
def test_malformed(path: str, value: Any, at: str) -> None:
    obj = _changed(path, "@NaN" if value is Unusable else value)
    text = json.dumps(obj).replace('"@NaN"', "NaN")
    read = read_cdr(decode(text))
    assert [(f.code, str(f.severity), f.path) for f in read.findings if f.severity == "Q"] == [
        ("malformed-record", "Q", at)
    ]
    assert read.cdr is not None
    assert (read.cdr.id == "C1") == (path != "id")


RESTRICTED: dict[str, Any] = {
    "start_time": "9:00",
    "end_time": "24:01",
    "start_date": "07.10.2026",
    "end_date": "2026-02-30",
    "min_kwh": [1],
    "day_of_week": "MONDAY",
}


@pytest.mark.parametrize(("key", "value"), RESTRICTED.items(), ids=RESTRICTED)
def test_a_tariff_with_a_malformed_restriction_is_not_used(key: str, value: Any) -> None:
    obj = _changed("tariffs.0.elements.0.restrictions", {key: value})
    assert _found(obj) == [("malformed-record", "Q", f"$.tariffs[0].elements[0].restrictions.{key}")]
    assert read_cdr(decode(json.dumps(obj))).cdr.unreadable == ("tariffs",)  # type: ignore[union-attr]


def test_a_day_that_is_none(making: Any) -> None:
    read = read_tariff(making.tariff(([making.component("ENERGY")], {"day_of_week": ["MONDAY", "FUNDAY", 3]})))
    paths = [f.path for f in read.findings if f.severity == "Q"]
    assert (read.tariff, paths) == (None, ["$.elements[0].restrictions.day_of_week"])


def test_a_malformed_field_that_a_tariff_can_do_without_leaves_it(making: Any) -> None:
    read = read_tariff({**making.tariff(making.component("ENERGY")), "last_updated": "yesterday"})
    assert read.tariff is not None
    assert [f.path for f in read.findings if f.severity == "Q"] == ["$.last_updated"]


def test_what_is_missing_is_named_in_one_finding() -> None:
    obj = {k: WHOLE[k] for k in ("start_date_time", "end_date_time", "currency", "charging_periods")}
    (finding,) = read_cdr(decode(json.dumps({**obj, "cdr_location": {"id": "L"}, "total_cost": {}}))).findings
    assert (finding.code, str(finding.severity), finding.path) == ("incomplete-record", "W", "$")
    for name in ("country_code", "cdr_token", "cdr_location.evse_uid", "total_cost", "last_updated"):
        assert name in finding.message


def test_the_placeholder_is_missing_not_malformed() -> None:
    for text in ("1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00"):
        read = read_cdr(decode(json.dumps(_changed("end_date_time", text))))
        assert [(f.code, "end_date_time" in f.message) for f in read.findings] == [("incomplete-record", True)]
        assert read.cdr is not None
        assert (read.cdr.end, read.cdr.placeholders) == (None, ("end_date_time",))


def test_unknown_fields_are_named_once_per_pattern() -> None:
    obj = _changed("tariffs.0.elements.0.restriction", {})
    obj["x_vendor"] = {"deep": [NAN]}
    obj["charging_periods"] = [{**WHOLE["charging_periods"][0], "note": n} for n in (1, 2)]
    assert [f for f in _found(obj) if f[0] == "unknown-field"] == [
        ("unknown-field", "I", "$.x_vendor"),
        ("unknown-field", "I", "$.tariffs[0].elements[0].restriction"),
        ("unknown-field", "I", "$.charging_periods[0].note"),
    ]


NAN = 1


def test_numbers_as_text_are_read_and_said_once_per_pattern() -> None:
    obj = _changed("total_energy", "10.0")
    obj["charging_periods"][0]["dimensions"] = [{"type": "ENERGY", "volume": "6"}, {"type": "TIME", "volume": "0.5"}]
    read = read_cdr(decode(json.dumps(obj)))
    assert [f.path for f in read.findings if f.code == "number-as-string"] == [
        "$.charging_periods[0].dimensions[0].volume",
        "$.total_energy",
    ]
    assert read.cdr is not None
    assert read.cdr.total_energy == 10


INSTANTS = {
    "2026-10-07T10:00:00": (10, None),
    "2026-10-07T10:00:00.250Z": (10, None),
    "2026-10-07T12:00:00+02:00": (10, "time-with-offset"),
    "2026-10-07T05:30:00-0430": (10, "time-with-offset"),
}


@pytest.mark.parametrize(("text", "expected"), INSTANTS.items(), ids=INSTANTS)
def test_instants(text: str, expected: Any) -> None:
    read = read_cdr(decode(json.dumps(_changed("start_date_time", text))))
    assert read.cdr is not None
    assert read.cdr.start is not None
    assert read.cdr.start.utcoffset() is not None
    assert read.cdr.start.hour == expected[0]
    assert [f.code for f in read.findings] == ([expected[1]] if expected[1] else [])


VERSIONS: dict[str, Any] = {
    "2.2.1": WHOLE,
    "2.1.1 by stop_date_time": {"stop_date_time": "2026-10-07T11:00:00Z"},
    "2.1.1 by auth_id": {"auth_id": "A"},
    "2.1.1 by total_cost": {"total_cost": 4.5},
    "2.3.0 by before_taxes": {"total_cost": {"before_taxes": 4}},
    "2.3.0 by tax_included": {"tariffs": [{"tax_included": "NO"}]},
    "2.3.0 tariff": {"min_price": {"before_taxes": 4}},
    "2.2.1 of nothing": [],
}


@pytest.mark.parametrize(("name", "obj"), VERSIONS.items(), ids=VERSIONS)
def test_versions_are_told_apart(name: str, obj: Any) -> None:
    version = name.split()[0]
    plain = decode(json.dumps(obj))
    assert detect_version(plain) == version
    read = read_cdr(plain)
    assert read.version == version
    assert read.cdr is None or read.cdr.ocpi_version == version


def test_a_version_that_nobody_knows_waits_with_its_head() -> None:
    read = read_cdr({"id": "C1", "currency": "EUR"}, version="3.0")
    assert [(f.code, str(f.severity)) for f in read.findings] == [("version-not-supported", "Q")]
    assert read.cdr is not None
    assert (read.cdr.id, read.cdr.ocpi_version, read.cdr.unreadable) == ("C1", "3.0", ("ocpi_version",))
    assert price(read.cdr).total_cost.excl_vat is None


def test_the_claim_and_the_end_of_a_version_that_nobody_knows_are_kept() -> None:
    stop = {"id": "C", "stop_date_time": "2026-10-07T11:00:00Z", "total_cost": Decimal("4.5")}
    old = read_cdr(stop, version="2.0").cdr
    new = read_cdr({"id": "C", "total_cost": {"before_taxes": Decimal("4.5")}}, version="3.0").cdr
    assert old is not None
    assert new is not None
    assert (old.total_cost.excl_vat, old.end is not None) == (Decimal("4.5"), True)  # type: ignore[union-attr]
    assert new.total_cost.excl_vat == Decimal("4.5")  # type: ignore[union-attr]


def test_no_object_at_all() -> None:
    assert read_tariff([1]).findings[0].code == "malformed-record"
    assert read_cdr("CDR").cdr is None


def test_a_session_is_said_to_be_one() -> None:
    session = {**WHOLE, "kwh": 10, "status": "COMPLETED"}
    del session["total_energy"]
    read = read_cdr(session)
    assert [(f.code, f.path) for f in read.findings] == [("malformed-record", "$")]
    assert "evclear ingest session" in read.findings[0].message
    assert read.cdr is not None
    assert read.cdr.id == "C1"


BROKEN = [b"", b"{", b"nul", b"[1,]", b"{} {}", b'{"a":1}x', b"\xff", b"[" * 5000, b"[" * 150 + b"]" * 150]


@pytest.mark.parametrize("text", BROKEN, ids=lambda b: repr(b[:8]))
def test_what_is_no_json_is_said(text: bytes) -> None:
    with pytest.raises(NotJson):
        decode(text)


def test_values_without_one_meaning_stand_as_unusable() -> None:
    read = decode(
        b'\xef\xbb\xbf {"nan": NaN, "inf": -Infinity, "long": %s, "far": 1e99999999999999999999, '
        b'"same": 1, "same": 1.0, "two": 1, "two": 2, "ok": 1.50} ' % (b"9" * 5000)
    )
    assert isinstance(read, dict)
    assert {k for k, v in read.items() if isinstance(v, Unusable)} == {"nan", "inf", "long", "far", "two"}
    assert (str(read["ok"]), read["same"]) == ("1.50", 1)
    assert str(read["nan"]) == "NaN is not a number"


def _total(obj: Any) -> Any:
    read = read_cdr(decode(json.dumps(obj)))
    assert read.cdr is not None
    return price(read.cdr).total_cost.excl_vat


def test_a_malformed_load_stops_only_a_price_that_looks_at_loads() -> None:
    obj = _changed(
        "charging_periods.0.dimensions", [{"type": "ENERGY", "volume": 10}, {"type": "MAX_POWER", "volume": "?"}]
    )
    assert _total(obj) == 10
    obj["tariffs"][0]["elements"][0]["restrictions"] = {"max_power": 50}
    assert _total(obj) is None


def test_a_malformed_tariff_stops_only_a_charge_that_could_mean_it() -> None:
    broken = {**WHOLE["tariffs"][0], "id": "T2", "currency": 5}
    obj = {**WHOLE, "tariffs": [*WHOLE["tariffs"], broken]}
    assert _total(obj) == 10
    period = WHOLE["charging_periods"][0]
    assert _total({**obj, "charging_periods": [{**period, "tariff_id": "T2"}]}) is None
    assert _total({**obj, "charging_periods": [{k: v for k, v in period.items() if k != "tariff_id"}]}) is None


FORGIVEN = ("total_energy", "last_updated", "cdr_token", "total_cost", "auth_method", "total_parking_time", "meter_id")


@pytest.mark.parametrize("field", FORGIVEN)
def test_a_malformed_field_that_the_price_does_not_need_leaves_the_total(field: str) -> None:
    assert _total(_changed(field, [1])) == 10


def test_a_step_that_is_no_number_is_malformed_and_one_that_is_missing_is_1() -> None:
    component = "tariffs.0.elements.0.price_components.0"
    read = read_cdr(decode(json.dumps(_changed(f"{component}.step_size", "many"))))
    assert [(f.code, f.path) for f in read.findings] == [
        ("malformed-record", "$.tariffs[0].elements[0].price_components[0].step_size")
    ]
    missing = read_cdr(decode(json.dumps(_changed(f"{component}.step_size", None)))).cdr
    assert missing is not None
    assert missing.tariffs[0].elements[0].components[0].step_size == 1
