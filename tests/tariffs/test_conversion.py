"""Pricing rule 30: what becomes of each field from version to version, and what is said about it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import TariffsError
from tariffs.ocpi import Converted, convert_cdr, convert_tariff, decode, read_cdr, read_tariff


def _cdr(obj: Any, to: str, version: str | None = None, **more: Any) -> Converted:
    return convert_cdr(decode(json.dumps(obj)), to=to, version=version, **more)


def _tariff(obj: Any, to: str, version: str | None = None, **more: Any) -> Converted:
    return convert_tariff(decode(json.dumps(obj)), to=to, version=version, **more)


def _said(made: Converted) -> list[tuple[str, str, str]]:
    return [(str(f.severity), f.code, f.path) for f in made.findings]


def _plain(value: Any) -> Any:
    """The value with exact numbers."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


VAT = [{"name": "VAT", "amount": 1.9}]
TWO_TAXES = [{"name": "GST", "amount": 0.5, "percentage": 5}, {"amount": 1}]
CLAIMS: dict[str, Any] = {
    "both sides": ("2.2.1", {"excl_vat": 10, "incl_vat": 11.9}, {"before_taxes": 10, "taxes": VAT},
                   [("I", "tax-as-one-amount", "")]),
    "no VAT": ("2.2.1", {"excl_vat": 10, "incl_vat": 10}, {"before_taxes": 10, "taxes": []}, []),
    "including unknown": ("2.2.1", {"excl_vat": 10}, {"before_taxes": 10}, [("I", "taxes-unknown", "")]),
    "excluding unknown": ("2.2.1", {"incl_vat": 10}, {"incl_vat": 10}, [("W", "taxes-not-known", "")]),
    "no numbers": ("2.2.1", {"excl_vat": "x", "incl_vat": 1}, {"before_taxes": "x", "incl_vat": 1},
                   [("W", "taxes-not-known", "")]),
    "a text and a field of theirs": ("2.2.1", {"excl_vat": "10", "incl_vat": 10, "x": 1},
                                     {"before_taxes": "10", "x": 1, "taxes": []}, []),
    "no object": ("2.2.1", 10.5, 10.5, []),
    "one tax": ("2.3.0", {"before_taxes": 10, "taxes": [{"name": "VAT", "amount": 1.9}]},
                {"excl_vat": 10, "incl_vat": 11.9}, []),
    "its rate": ("2.3.0", {"before_taxes": 10, "taxes": [{"name": "VAT", "amount": 1.9, "percentage": 19}]},
                 {"excl_vat": 10, "incl_vat": 11.9}, [("W", "taxes-merged", "")]),
    "several": ("2.3.0", {"before_taxes": 10, "taxes": TWO_TAXES}, {"excl_vat": 10, "incl_vat": 11.5},
                [("W", "taxes-merged", "")]),
    "no taxes": ("2.3.0", {"before_taxes": 10, "taxes": []}, {"excl_vat": 10, "incl_vat": 10}, []),
    "unknown taxes": ("2.3.0", {"before_taxes": 10}, {"excl_vat": 10}, [("I", "taxes-unknown", "")]),
    "a tax without amount": ("2.3.0", {"before_taxes": 10, "taxes": [{"name": "VAT"}]},
                             {"excl_vat": 10, "taxes": [{"name": "VAT"}]}, [("W", "not-converted", ".taxes")]),
    "a tax that is none": ("2.3.0", {"before_taxes": 10, "taxes": [7]}, {"excl_vat": 10, "taxes": [7]},
                           [("W", "not-converted", ".taxes")]),
    "no list": ("2.3.0", {"before_taxes": 10, "taxes": 7}, {"excl_vat": 10, "taxes": 7},
                [("W", "not-converted", ".taxes")]),
    "nothing before taxes": ("2.3.0", {"taxes": [{"amount": 1}]}, {"taxes": [{"amount": 1}]},
                             [("W", "not-converted", ".taxes")]),
}  # fmt: skip


@pytest.mark.parametrize(("version", "price", "expected", "said"), CLAIMS.values(), ids=CLAIMS)
@pytest.mark.parametrize("field", ["total_cost", "total_reservation_cost"])
def test_prices(version: str, price: Any, expected: Any, said: Any, field: str) -> None:
    to = "2.3.0" if version == "2.2.1" else "2.2.1"
    made = _cdr({"id": "C", field: price}, to, version)
    assert made.value is not None
    assert _plain(made.value[field]) == _plain(expected)
    assert _said(made) == [(severity, code, f"$.{field}{path}") for severity, code, path in said]


def test_taxes_that_are_merged_are_told_one_by_one() -> None:
    (finding,) = _cdr({"total_cost": {"before_taxes": 10, "taxes": TWO_TAXES}}, "2.2.1").findings
    assert finding.message == "GST 5 % 0.5, a tax without a name 1 become one amount including VAT"


def _one(price: Any = 1.21, **more: Any) -> dict[str, Any]:
    return {"type": "ENERGY", "price": price, "step_size": 1, **more}


def _sheet(*components: Any, **more: Any) -> dict[str, Any]:
    return {"id": "T", "currency": "EUR", "elements": [{"price_components": list(components)}], **more}


ROUNDED = Decimal("0.8264462809917355371900826446")
C0 = "$.elements[0].price_components[0]"
TARIFFS: dict[str, Any] = {
    "with rates": ("2.2.1", _sheet(_one(vat=21)), _sheet(_one(vat=21), tax_included="NO"), []),
    "without rates": ("2.2.1", _sheet(_one()), _sheet(_one(), tax_included="N/A"),
                      [("W", "tax-status-assumed", "$.tax_included")]),
    "limits": ("2.2.1",
               _sheet(_one(vat=0), min_price={"excl_vat": 1, "incl_vat": 2}, max_price={"excl_vat": 9, "x": 1}),
               _sheet(_one(vat=0), min_price={"before_taxes": 1, "after_taxes": 2},
                      max_price={"before_taxes": 9, "x": 1}, tax_included="NO"), []),
    "a field of later": ("2.2.1", _sheet(_one(), tax_included="YES"), _sheet(_one(), tax_included="YES"),
                         [("W", "field-gains-meaning", "$.tax_included")]),
    "malformed parts": ("2.2.1", {"elements": [7, {"price_components": 7}, {"price_components": [7]}], "min_price": 7},
                        {"elements": [7, {"price_components": 7}, {"price_components": [7]}], "min_price": 7,
                         "tax_included": "N/A"}, [("W", "tax-status-assumed", "$.tax_included")]),
    "NO with rates": ("2.3.0", _sheet(_one(vat=21), tax_included="NO"), _sheet(_one(vat=21)), []),
    "nothing with rates": ("2.3.0", _sheet(_one(vat=21)), _sheet(_one(vat=21)), []),
    "NO without rates": ("2.3.0", _sheet(_one(), tax_included="NO"), _sheet(_one()),
                         [("W", "tax-status-lost", "$.tax_included")]),
    "N/A": ("2.3.0", _sheet(_one(), tax_included="N/A"), _sheet(_one()), []),
    "N/A with a rate": ("2.3.0", _sheet(_one(vat=21), tax_included="N/A"), _sheet(_one()),
                        [("I", "vat-left-out", f"{C0}.vat")]),
    "YES, exactly": ("2.3.0", _sheet(_one(vat=21), tax_included="YES"), _sheet(_one(1, vat=21)),
                     [("I", "price-without-taxes", f"{C0}.price")]),
    "YES, rounded": ("2.3.0", _sheet(_one(1, vat=21), tax_included="YES"),
                     _sheet(_one(ROUNDED, vat=21)), [("W", "price-rounded", f"{C0}.price")]),
    "YES, none on this one": ("2.3.0", _sheet(_one(), _one(1.21, vat=21), tax_included="YES"),
                              _sheet(_one(), _one(1, vat=21)),
                              [("I", "price-without-taxes", "$.elements[0].price_components[1].price")]),
    "YES without rates": ("2.3.0", _sheet(_one(), _one(0), tax_included="YES"),
                          _sheet({"type": "ENERGY", "step_size": 1}, _one(0)),
                          [("Q", "price-not-known", f"{C0}.price")]),
    "YES, of 100 % less": ("2.3.0", _sheet(_one(vat=-100), tax_included="YES"),
                           _sheet({"type": "ENERGY", "step_size": 1, "vat": -100}),
                           [("Q", "price-not-known", f"{C0}.price")]),
    "YES, no number": ("2.3.0", _sheet(_one("x", vat=21), tax_included="YES"), _sheet(_one("x", vat=21)),
                       [("W", "not-converted", C0)]),
    "YES, no number and no rate": ("2.3.0", _sheet(_one("x"), tax_included="YES"), _sheet(_one("x")), []),
    "neither": ("2.3.0", _sheet(_one(), tax_included="MAYBE"), _sheet(_one(), tax_included="MAYBE"),
                [("W", "not-converted", "$.tax_included")]),
    "limits back": ("2.3.0", _sheet(_one(vat=0), max_price={"before_taxes": 1, "after_taxes": 2}),
                    _sheet(_one(vat=0), max_price={"excl_vat": 1, "incl_vat": 2}), []),
    "of the Payments module": ("2.3.0", _sheet(_one(vat=0), preauthorize_amount=50),
                               _sheet(_one(vat=0), preauthorize_amount=50),
                               [("I", "kept-as-unknown-field", "$.preauthorize_amount")]),
    "malformed parts back": ("2.3.0", {"tax_included": "YES", "elements": [7, {"price_components": [7]}]},
                             {"elements": [7, {"price_components": [7]}]}, []),
    "no elements": ("2.3.0", {"tax_included": "YES", "elements": 7}, {"elements": 7}, []),
}  # fmt: skip


@pytest.mark.parametrize(("version", "tariff", "expected", "said"), TARIFFS.values(), ids=TARIFFS)
def test_tariffs(version: str, tariff: Any, expected: Any, said: Any) -> None:
    to = "2.3.0" if version == "2.2.1" else "2.2.1"
    made = _tariff(tariff, to, version)
    assert _plain(made.value) == _plain(expected)
    assert _said(made) == said
    inside = _cdr({"tariffs": [tariff, 7]}, to, version)
    assert inside.value is not None
    assert _plain(inside.value["tariffs"]) == [_plain(expected), 7]
    assert _said(inside) == [(severity, code, path.replace("$", "$.tariffs[0]")) for severity, code, path in said]
    assert made.is_lossy == any(severity != "I" for severity, _, _ in said)


OWNED = {"country_code": "DE", "party_id": "ABC"}
LATER = _sheet(_one(vat=21), type="REGULAR", min_price={"excl_vat": 1})
OLD_TARIFFS: dict[str, Any] = {
    "to 2.2.1": ("2.2.1", _sheet(_one()), ("DE", "ABC"), {**OWNED, **_sheet(_one())},
                 [("W", "tax-status-assumed", "$")]),
    "to 2.3.0": ("2.3.0", _sheet(_one()), ("DE", "ABC"), {**OWNED, **_sheet(_one(), tax_included="NO")},
                 [("I", "taxes-unknown", "$")]),
    "without an owner": ("2.3.0", _sheet(_one()), None, _sheet(_one(), tax_included="NO"),
                         [("W", "required-but-unknown", "$"), ("I", "taxes-unknown", "$")]),
    "with its own owner": ("2.2.1", {**OWNED, **_sheet(_one(vat=1))}, ("NL", "XYZ"), {**OWNED, **_sheet(_one(vat=1))},
                           [("W", "field-gains-meaning", f"{C0}.vat")]),
    "fields of later": ("2.2.1", {**OWNED, **LATER}, None, {**OWNED, **LATER},
                        [("W", "field-gains-meaning", "$.type"), ("W", "field-gains-meaning", "$.min_price"),
                         ("W", "field-gains-meaning", f"{C0}.vat")]),
}  # fmt: skip


@pytest.mark.parametrize(("to", "tariff", "owner", "expected", "said"), OLD_TARIFFS.values(), ids=OLD_TARIFFS)
def test_tariffs_of_the_old_version(to: str, tariff: Any, owner: Any, expected: Any, said: Any) -> None:
    made = _tariff(tariff, to, "2.1.1", owner=owner)
    assert (_plain(made.value), _said(made)) == (_plain(expected), said)


CONNECTOR = {"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_1_PHASE"}
EVSE = {"uid": "3256", "evse_id": "BE*BEC*E1", "connectors": [CONNECTOR]}
LOCATION = {
    **{"id": "L", "address": "Street 1", "city": "Town", "country": "BEL"},
    **{"coordinates": {"latitude": "51.0", "longitude": "3.7"}, "evses": [EVSE]},
}
PLACE = {
    **{k: v for k, v in LOCATION.items() if k != "evses"},
    **{"evse_uid": "3256", "evse_id": "BE*BEC*E1", "connector_id": "1"},
    **{f"connector_{k}": CONNECTOR[k] for k in ("standard", "format", "power_type")},
}
OLD: dict[str, Any] = {
    "id": "C",
    "start_date_time": "2026-10-07T10:00:00Z",
    "stop_date_time": "2026-10-07T11:00:00Z",
    "auth_id": "DE8ACC12E46L89",
    "location": LOCATION,
    "currency": "EUR",
    "total_cost": 4,
    "x_vendor": [1],
}
NEW = {
    **{"country_code": "BE", "party_id": "BEC", "id": "C"},
    **{"start_date_time": "2026-10-07T10:00:00Z", "end_date_time": "2026-10-07T11:00:00Z"},
    "cdr_token": {"country_code": "DE", "party_id": "8AC", "contract_id": "DE8ACC12E46L89"},
    **{"cdr_location": PLACE, "currency": "EUR", "total_cost": {"excl_vat": 4}, "x_vendor": [1]},
}
ALWAYS = {("W", "required-but-unknown", "$.auth_id"), ("I", "taxes-unknown", "$.total_cost")}


def _place(**more: Any) -> dict[str, Any]:
    return {"location": {k: v for k, v in {**LOCATION, **more}.items() if v is not None}}


def _new_place(*without: str, **more: Any) -> dict[str, Any]:
    return {"cdr_location": {k: v for k, v in {**PLACE, **more}.items() if k not in without}}


OF_EVSE = ("evse_uid", "evse_id", *(k for k in PLACE if k.startswith("connector_")))
PERIOD = {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "FLAT", "volume": 1}, {"type": "TIME"}, 7]}
CHANGES: dict[str, Any] = {
    "as it is": ({}, {}, []),
    "a token": ({"auth_id": "04A1"}, {"cdr_token": {"uid": "04A1"}}, []),
    "two letters": (_place(country="be"), {}, [("I", "country-code-changed", "$.location.country")]),
    "a country of no one": (_place(country=7), _new_place(country=7), []),
    "its time zone": (_place(time_zone="Europe/Brussels"), _new_place(time_zone="Europe/Brussels"),
                      [("I", "time-zone-kept-aside", "$.location.time_zone")]),
    "what has no place": (_place(type="ON_STREET", operator={}, x=1), _new_place(x=1),
                          [("W", "field-lost", "$.location")]),
    "what an EVSE has no place for": (_place(evses=[{**EVSE, "status": "AVAILABLE"}]), {},
                                      [("W", "field-lost", "$.location.evses[0]")]),
    "what a connector has no place for": (_place(evses=[{**EVSE, "connectors": [{**CONNECTOR, "voltage": 230}]}]), {},
                                          [("W", "field-lost", "$.location.evses[0].connectors[0]")]),
    "several connectors": (_place(evses=[{**EVSE, "connectors": [CONNECTOR] * 2}]), _new_place(*OF_EVSE[2:]),
                           [("W", "evse-unknown", "$.location.evses[0].connectors"),
                            ("W", "required-but-unknown", "$.location")]),
    "a time zone that is null": (_place(id=None), _new_place("id"), [("W", "required-but-unknown", "$.location")]),
    "a place that is none": ({"location": 7}, {"country_code": None, "party_id": None, "cdr_location": 7},
                             [("W", "required-but-unknown", "$")]),
    "no EVSE": (_place(evses=None), {"country_code": None, "party_id": None, **_new_place(*OF_EVSE)},
                [("W", "required-but-unknown", "$"), ("W", "required-but-unknown", "$.location")]),
    "several EVSEs": (_place(evses=[EVSE, EVSE]), {"country_code": None, "party_id": None, **_new_place(*OF_EVSE)},
                      [("W", "required-but-unknown", "$"), ("W", "evse-unknown", "$.location.evses"),
                       ("W", "required-but-unknown", "$.location")]),
    "an EVSE of no one": (_place(evses=[{**EVSE, "evse_id": 7}]),
                          {"country_code": None, "party_id": None, **_new_place(evse_id=7)},
                          [("W", "required-but-unknown", "$")]),
    "an owner by itself": ({"country_code": "LU", "party_id": "ABC"}, {"country_code": "LU", "party_id": "ABC"}, []),
    "half an owner": ({"country_code": "LU", "party_id": None}, {"country_code": "LU"}, []),
    "a claim with VAT": ({"total_cost": {"excl_vat": 4, "incl_vat": 5}}, {"total_cost": {"excl_vat": 4, "incl_vat": 5}},
                         None),
    "no claim": ({"total_cost": None}, {"total_cost": None}, None),
    "an end under both names": ({"end_date_time": "2026-10-07T12:00:00Z"},
                                {"end_date_time": "2026-10-07T12:00:00Z", "stop_date_time": "2026-10-07T11:00:00Z"},
                                [("W", "stated-twice", "$.stop_date_time")]),
    "FLAT": ({"charging_periods": [PERIOD, {"dimensions": 7}, 7]},
             {"charging_periods": [{**PERIOD, "dimensions": [{"type": "TIME"}, 7]}, {"dimensions": 7}, 7]},
             [("W", "flat-dimension-dropped", "$.charging_periods[0].dimensions[0]")]),
    "no list": ({"charging_periods": 7, "tariffs": {}}, {"charging_periods": 7, "tariffs": {}}, []),
}  # fmt: skip


@pytest.mark.parametrize(("name", "change", "expected", "said"), [(k, *v) for k, v in CHANGES.items()], ids=CHANGES)
def test_a_cdr_of_the_old_version(name: str, change: Any, expected: Any, said: Any) -> None:
    made = _cdr({**OLD, **change}, "2.2.1", "2.1.1")
    wanted = {k: v for k, v in {**NEW, **expected}.items() if v is not None or k == "total_cost"}
    assert _plain(made.value) == wanted
    if said is None:
        assert ("I", "taxes-unknown", "$.total_cost") not in _said(made)
    else:
        assert [one for one in _said(made) if one not in ALWAYS] == said
        assert set(_said(made)) - set(said) == ALWAYS
    read = read_cdr(made.value, version="2.2.1")
    assert read.cdr is not None
    assert "stop_date_time" not in {f.path.removeprefix("$.") for f in read.findings} or name.startswith("an end")


def test_the_caller_says_who_the_cpo_is_where_the_record_does_not() -> None:
    made = _cdr({**OLD, "location": 7}, "2.3.0", "2.1.1", owner=("DE", "ABC"))
    assert made.value is not None
    assert (made.value["country_code"], made.value["party_id"]) == ("DE", "ABC")
    assert _cdr(OLD, "2.3.0", owner=("DE", "ABC")).value["country_code"] == "BE"  # type: ignore[index]


def test_a_booking_keeps_its_id() -> None:
    made = _cdr({"booking_id": "B", "total_cost": {"before_taxes": 1, "taxes": []}}, "2.2.1")
    assert made.value == {"booking_id": "B", "total_cost": {"excl_vat": Decimal(1), "incl_vat": Decimal(1)}}
    assert _said(made) == [("I", "kept-as-unknown-field", "$.booking_id")]


def test_the_zone_of_the_place_is_still_heeded() -> None:
    made = _cdr({**OLD, **_place(time_zone="Atlantic/Canary")}, "2.2.1")
    read = read_cdr(made.value)
    assert read.cdr is not None
    assert read.cdr.location.time_zone == "Atlantic/Canary"
    assert ("I", "unknown-field", "$.cdr_location.time_zone") in [
        (str(f.severity), f.code, f.path) for f in read.findings
    ]


NONE: dict[str, Any] = {
    "a list": ([1], None, "malformed-record"),
    "a version of no one": ({}, "2.0", "version-not-supported"),
}


@pytest.mark.parametrize(("obj", "version", "code"), NONE.values(), ids=NONE)
def test_what_is_no_object_of_a_known_version(obj: Any, version: Any, code: str) -> None:
    for made in (_cdr(obj, "2.3.0", version), _tariff(obj, "2.3.0", version)):
        assert (made.value, _said(made), made.is_lossy) == (None, [("Q", code, "$")], True)


def test_a_session_is_no_cdr() -> None:
    assert _said(_cdr({"kwh": 1}, "2.3.0")) == [("Q", "malformed-record", "$")]


@pytest.mark.parametrize("to", ["2.1.1", "3.0"])
def test_nothing_is_made_older(to: str) -> None:
    for convert in (convert_cdr, convert_tariff):
        with pytest.raises(TariffsError, match=r"only to 2\.2\.1 and 2\.3\.0"):
            convert({}, to=to)


def test_what_has_no_meaning_in_json_is_said_and_null() -> None:
    made = convert_cdr(decode('{"total_energy": NaN, "x": [{"a": 1, "a": 2}]}'), to="2.3.0", version="2.2.1")
    assert made.value == {"total_energy": None, "x": [{"a": None}]}
    assert _said(made) == [("Q", "malformed-record", "$.total_energy"), ("Q", "malformed-record", "$.x[0].a")]


def test_the_same_version_changes_nothing() -> None:
    for version in ("2.2.1", "2.3.0"):
        assert _tariff(_sheet(_one()), version, version).findings == ()
        assert read_tariff(_tariff(_sheet(_one()), version, version).value).tariff is not None
