"""OCPI 2.2.1, mod_cdrs: the CDR object, read into a `Cdr`."""

from dataclasses import replace
from typing import Final

from tariffs.cdr import Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, Claim
from tariffs.ocpi.reading import NEEDED_BUT_MISSING, Json, Reader
from tariffs.ocpi.v221_tariff import tariff_in_cdr
from tariffs.tariff import Tariff
from tariffs.timeline import LOAD_DIMENSIONS, SESSION_ONLY_DIMENSIONS

VERSION: Final = "2.2.1"

_CLAIMS: Final = (
    "total_cost",
    "total_fixed_cost",
    "total_energy_cost",
    "total_time_cost",
    "total_parking_cost",
    "total_reservation_cost",
)
_REQUIRED: Final = (
    "country_code",
    "party_id",
    "id",
    "cdr_token",
    "auth_method",
    "cdr_location",
    "total_cost",
    "total_energy",
    "total_time",
    "last_updated",
)
_CDR: Final = frozenset(
    (
        *_REQUIRED,
        *_CLAIMS,
        *("start_date_time", "end_date_time", "session_id", "authorization_reference", "meter_id", "currency"),
        *("tariffs", "charging_periods", "signed_data", "total_parking_time", "remark", "invoice_reference_id"),
        *("credit", "credit_reference_id", "home_charging_compensation"),
    )
)
_TOKEN: Final = ("country_code", "party_id", "uid", "type", "contract_id")
_TOKEN_FIELDS: Final = frozenset(_TOKEN)
_LOCATION: Final = (
    *("id", "address", "city", "country", "coordinates", "evse_uid", "evse_id", "connector_id"),
    *("connector_standard", "connector_format", "connector_power_type"),
)
_LOCATION_TEXTS: Final = (
    *("id", "name", "address", "city", "postal_code", "country", "evse_uid", "evse_id", "connector_id"),
    "connector_power_type",
)
_LOCATION_UNUSED: Final = ("state", "connector_standard", "connector_format")
_LOCATION_FIELDS: Final = frozenset((*_LOCATION, "name", "postal_code", "state"))
_COORDINATES: Final = frozenset(("latitude", "longitude"))
_PERIOD: Final = frozenset(("start_date_time", "dimensions", "tariff_id"))
_DIMENSION: Final = frozenset(("type", "volume"))
_LOADS: Final = LOAD_DIMENSIONS | SESSION_ONLY_DIMENSIONS
_PRICE: Final = frozenset(("excl_vat", "incl_vat"))
_HEAD_TEXTS: Final = (
    *("id", "country_code", "party_id", "session_id", "auth_method", "authorization_reference", "meter_id"),
    *("currency", "credit_reference_id", "invoice_reference_id", "remark"),
)


def read(obj: Json, r: Reader) -> Cdr:
    """Read a CDR object; what needs the price and cannot be read stands in `Cdr.unreadable`."""
    unreadable: list[str] = []
    r.unknown_fields(obj, _CDR, "$")
    texts = dict(zip(_HEAD_TEXTS, r.texts(obj, _HEAD_TEXTS, "$"), strict=True))
    if texts["currency"] is None and obj.get("currency") not in (None, ""):
        unreadable.append("currency")
    instants = {key: r.instant(obj, key, "$") for key in ("start_date_time", "end_date_time", "last_updated")}
    unreadable.extend(
        key
        for key in ("start_date_time", "end_date_time")
        if instants[key] is None and obj.get(key) is not None and f"$.{key}" not in r.placeholders
    )
    credit = r.flag(obj, "credit", "$")
    if credit is None and obj.get("credit") is not None:
        unreadable.append("credit")
    token, location = _token(obj, r), _location(obj, r)
    tariffs = _tariffs(obj, r, unreadable)
    before = r.malformed_count
    periods = tuple(_period(item, index, r) for index, item in r.objects(obj, "charging_periods", "$"))
    if r.malformed_count - r.forgiven != before:
        unreadable.append("charging_periods")
    elif r.forgiven:
        unreadable.append("loads")
    claims = {key: _claim(obj, key, r) for key in _CLAIMS}
    cdr = Cdr(
        ocpi_version=VERSION,
        id=texts["id"],
        country_code=texts["country_code"],
        party_id=texts["party_id"],
        start=instants["start_date_time"],
        end=instants["end_date_time"],
        session_id=texts["session_id"],
        token=token,
        auth_method=texts["auth_method"],
        authorization_reference=texts["authorization_reference"],
        location=location,
        meter_id=texts["meter_id"],
        currency=texts["currency"],
        tariffs=tariffs,
        periods=periods,
        total_energy=r.number(obj, "total_energy", "$"),
        total_time=r.number(obj, "total_time", "$"),
        total_parking_time=r.number(obj, "total_parking_time", "$"),
        credit=bool(credit),
        credit_reference_id=texts["credit_reference_id"],
        home_charging_compensation=bool(r.flag(obj, "home_charging_compensation", "$")),
        invoice_reference_id=texts["invoice_reference_id"],
        remark=texts["remark"],
        last_updated=instants["last_updated"],
        unreadable=tuple(unreadable),
        total_cost=claims["total_cost"],
        total_fixed_cost=claims["total_fixed_cost"],
        total_energy_cost=claims["total_energy_cost"],
        total_time_cost=claims["total_time_cost"],
        total_parking_cost=claims["total_parking_cost"],
        total_reservation_cost=claims["total_reservation_cost"],
    )
    return _judge_missing(cdr, obj, r)


def _judge_missing(cdr: Cdr, obj: Json, r: Reader) -> Cdr:
    """Needed ones one by one; all else that OCPI requires in one finding, placeholders among them."""
    for key, value in (("currency", cdr.currency), ("start_date_time", cdr.start), ("end_date_time", cdr.end)):
        if value is None and key not in cdr.unreadable and f"$.{key}" not in r.placeholders:
            r.malformed(f"$.{key}", NEEDED_BUT_MISSING)
    if not cdr.periods and "charging_periods" not in cdr.unreadable:
        r.malformed("$.charging_periods", NEEDED_BUT_MISSING)
    r.require(obj, _REQUIRED, "")
    if not r.placeholders:
        return cdr
    r.missing.extend(f"{path.removeprefix('$.')} (1970-01-01 stands for unknown)" for path in r.placeholders)
    return replace(cdr, placeholders=tuple(path.removeprefix("$.") for path in r.placeholders))


def _token(obj: Json, r: Reader) -> CdrToken:
    token = r.object(obj, "cdr_token", "$")
    if token is None:
        return CdrToken()
    r.unknown_fields(token, _TOKEN_FIELDS, "$.cdr_token")
    r.require(token, _TOKEN, "cdr_token.")
    return CdrToken(*r.texts(token, _TOKEN, "$.cdr_token"))


def _location(obj: Json, r: Reader) -> CdrLocation:
    location = r.object(obj, "cdr_location", "$")
    if location is None:
        return CdrLocation()
    path = "$.cdr_location"
    r.unknown_fields(location, _LOCATION_FIELDS, path)
    r.require(location, _LOCATION, "cdr_location.")
    r.texts(location, _LOCATION_UNUSED, path)
    texts = dict(zip(_LOCATION_TEXTS, r.texts(location, _LOCATION_TEXTS, path), strict=True))
    coordinates = r.object(location, "coordinates", path) or {}
    if coordinates:
        path = "$.cdr_location.coordinates"
        r.unknown_fields(coordinates, _COORDINATES, path)
        r.require(coordinates, ("latitude", "longitude"), "cdr_location.coordinates.")
    return CdrLocation(
        id=texts["id"],
        name=texts["name"],
        address=texts["address"],
        city=texts["city"],
        postal_code=texts["postal_code"],
        country=texts["country"],
        latitude=r.coordinate(coordinates, "latitude", path),
        longitude=r.coordinate(coordinates, "longitude", path),
        evse_uid=texts["evse_uid"],
        evse_id=texts["evse_id"],
        connector_id=texts["connector_id"],
        connector_power_type=texts["connector_power_type"],
    )


def _tariffs(obj: Json, r: Reader, unreadable: list[str]) -> tuple[Tariff, ...]:
    before = r.malformed_count
    found = [tariff_in_cdr(item, index, r) for index, item in r.objects(obj, "tariffs", "$")]
    if any(tariff is None for tariff in found) or (not found and r.malformed_count != before):
        unreadable.append("tariffs")
    return tuple(tariff for tariff in found if tariff is not None)


def _period(item: Json, index: int, r: Reader) -> ChargingPeriod:
    path = f"$.charging_periods[{index}]"
    r.unknown_fields(item, _PERIOD, path)
    start = r.instant(item, "start_date_time", path)
    if start is None and item.get("start_date_time") is None:
        r.malformed(f"{path}.start_date_time", NEEDED_BUT_MISSING)
    if item.get("dimensions") is None:
        r.missing.append(f"charging_periods[{index}].dimensions")
    dimensions = tuple(
        [
            found
            for number, dimension in r.objects(item, "dimensions", path)
            if (found := _dimension(dimension, f"{path}.dimensions[{number}]", r)) is not None
        ]
    )
    return ChargingPeriod(start, dimensions, r.text(item, "tariff_id", path))


def _dimension(item: Json, path: str, r: Reader) -> CdrDimension | None:
    if item.keys() != _DIMENSION:
        r.unknown_fields(item, _DIMENSION, path)
    kind = item.get("type")
    volume = r.number(item, "volume", path)
    if type(kind) is str and volume is not None:
        return CdrDimension(kind, volume)
    if type(kind) is not str:
        r.malformed(f"{path}.type", "no text, which OCPI has here")
    if item.get("volume") is None:
        r.malformed(f"{path}.volume", NEEDED_BUT_MISSING)
    if type(kind) is str and kind in _LOADS:
        r.forgiven += 1
    return None


def _claim(obj: Json, key: str, r: Reader) -> Claim | None:
    price = obj.get(key)
    if price is None:
        return None
    path = f"$.{key}"
    if type(price) is not dict:
        r.object(obj, key, "$")
        return None
    r.unknown_fields(price, _PRICE, path)
    excl = r.number(price, "excl_vat", path)
    if excl is None and price.get("excl_vat") is None:
        r.missing.append(f"{key}.excl_vat")
    return Claim(excl, r.number(price, "incl_vat", path))
