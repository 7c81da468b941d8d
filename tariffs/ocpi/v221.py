"""OCPI 2.2.1, mod_cdrs: the CDR object, read into a `Cdr`; a `Dialect` says where another version differs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tariffs.cdr import Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, Claim
from tariffs.findings import Severity
from tariffs.ocpi.reading import NEEDED_BUT_MISSING, Json, Reader, is_amount
from tariffs.ocpi.signed_data import metered_energy
from tariffs.ocpi.v221_tariff import DIALECT as TARIFFS
from tariffs.ocpi.v221_tariff import TariffDialect, TariffReader, new_tariff_in_cdr, tariff_in_cdr
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
REQUIRED: Final = (
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
FIELDS: Final = frozenset(
    (
        *REQUIRED,
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
_LOCATION_FIELDS: Final = frozenset((*_LOCATION, "name", "postal_code", "state", "time_zone"))
_COORDINATES: Final = frozenset(("latitude", "longitude"))
_PERIOD: Final = frozenset(("start_date_time", "dimensions", "tariff_id"))
_DIMENSION: Final = frozenset(("type", "volume"))
_LOADS: Final = LOAD_DIMENSIONS | SESSION_ONLY_DIMENSIONS
_PRICE: Final = frozenset(("excl_vat", "incl_vat"))
_PLACES_KEPT: Final = 8192
_LONGEST_PLACE: Final = 2000
_places: dict[str, CdrLocation] = {}
_HEAD_TEXTS: Final = (
    *("id", "country_code", "party_id", "session_id", "auth_method", "authorization_reference", "meter_id"),
    *("currency", "credit_reference_id", "invoice_reference_id", "remark"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a version of OCPI says differently in a CDR."""

    version: str
    fields: frozenset[str]
    required: tuple[str, ...]
    end: str
    """The field that `end_date_time` is called."""
    token: Callable[[Json, Reader], CdrToken]
    location: Callable[[Json, Reader], CdrLocation]
    claim: Callable[[Json, str, Reader], Claim | None]
    tariffs: TariffDialect


def read(obj: Json, r: Reader) -> Cdr:
    """Read a CDR object; what needs the price and cannot be read stands in `Cdr.unreadable`."""
    return read_in(DIALECT, obj, r)


def read_in(dialect: Dialect, obj: Json, r: Reader) -> Cdr:
    """Read a CDR object of the version that a dialect describes."""
    unreadable: list[str] = []
    r.unknown_fields(obj, dialect.fields, "$")
    head = r.texts(obj, _HEAD_TEXTS, "$")
    identity, country, party, session, auth_method, authorization, meter, currency, credited, invoice, remark = head
    if currency is None and obj.get("currency") not in (None, ""):
        unreadable.append("currency")
    start, end = r.instant(obj, "start_date_time", "$"), r.instant(obj, dialect.end, "$")
    last_updated = r.instant(obj, "last_updated", "$")
    for key, name, instant in (("start_date_time", "start_date_time", start), (dialect.end, "end_date_time", end)):
        if instant is None and obj.get(key) is not None and f"$.{key}" not in r.placeholders:
            unreadable.append(name)
    credit = r.flag(obj, "credit", "$")
    if credit is None and obj.get("credit") is not None:
        unreadable.append("credit")
    token, location = dialect.token(obj, r), dialect.location(obj, r)
    tariffs = _tariffs(obj, r, unreadable, dialect.tariffs)
    before = r.malformed_count
    periods = tuple([_period(item, index, r) for index, item in r.objects(obj, "charging_periods", "$")])
    if r.malformed_count - r.forgiven != before:
        unreadable.append("charging_periods")
    elif r.forgiven:
        unreadable.append("loads")
    total, fixed, energy, time, parking, reservation = [dialect.claim(obj, key, r) for key in _CLAIMS]
    cdr = Cdr(
        ocpi_version=dialect.version,
        id=identity,
        country_code=country,
        party_id=party,
        start=start,
        end=end,
        session_id=session,
        token=token,
        auth_method=auth_method,
        authorization_reference=authorization,
        location=location,
        meter_id=meter,
        currency=currency,
        tariffs=tariffs,
        periods=periods,
        total_cost=total,
        total_fixed_cost=fixed,
        total_energy_cost=energy,
        total_time_cost=time,
        total_parking_cost=parking,
        total_reservation_cost=reservation,
        total_energy=r.number(obj, "total_energy", "$"),
        total_time=r.number(obj, "total_time", "$"),
        total_parking_time=r.number(obj, "total_parking_time", "$"),
        credit=bool(credit),
        credit_reference_id=credited,
        home_charging_compensation=bool(r.flag(obj, "home_charging_compensation", "$")),
        invoice_reference_id=invoice,
        remark=remark,
        last_updated=last_updated,
        unreadable=tuple(unreadable),
        metered_energy=metered_energy(obj) if "signed_data" in obj else None,
    )
    return _judge_missing(cdr, obj, r, dialect)


def _judge_missing(cdr: Cdr, obj: Json, r: Reader, dialect: Dialect) -> Cdr:
    """Needed ones one by one; all else that OCPI requires in one finding, placeholders among them."""
    if cdr.currency is None or cdr.start is None or cdr.end is None:
        for key, name, value in (
            ("currency", "currency", cdr.currency),
            ("start_date_time", "start_date_time", cdr.start),
            (dialect.end, "end_date_time", cdr.end),
        ):
            if value is None and name not in cdr.unreadable and f"$.{key}" not in r.placeholders:
                r.malformed(f"$.{key}", NEEDED_BUT_MISSING)
    if not cdr.periods and "charging_periods" not in cdr.unreadable:
        r.malformed("$.charging_periods", NEEDED_BUT_MISSING)
    r.require(obj, dialect.required, "")
    if not r.placeholders:
        return cdr
    r.missing.extend(f"{path.removeprefix('$.')} (1970-01-01 stands for unknown)" for path in r.placeholders)
    return replace(cdr, placeholders=tuple(path.removeprefix("$.") for path in r.placeholders))


def read_token(obj: Json, r: Reader) -> CdrToken:
    """Read `cdr_token` (2.2.1 and later)."""
    token = r.object(obj, "cdr_token", "$")
    if token is None:
        return CdrToken()
    r.unknown_fields(token, _TOKEN_FIELDS, "$.cdr_token")
    r.require(token, _TOKEN, "cdr_token.")
    return CdrToken(*r.texts(token, _TOKEN, "$.cdr_token"))


def read_location(obj: Json, r: Reader) -> CdrLocation:
    """Read `cdr_location` (2.2.1 and later); equal contents without a finding once, as a month has few places."""
    location = r.object(obj, "cdr_location", "$")
    if location is None:
        return CdrLocation()
    key = repr(location)  # of decoded JSON it is exact: 1, 1.0 and true differ in it, as they do in findings
    known = _places.get(key)
    if known is not None:
        return known
    before = (len(r.findings), len(r.missing))
    place = _place(location, r)
    if len(key) <= _LONGEST_PLACE and before == (len(r.findings), len(r.missing)):
        if len(_places) >= _PLACES_KEPT:
            _places.clear()
        _places[key] = place
    return place


def _place(location: Json, r: Reader) -> CdrLocation:
    path = "$.cdr_location"
    r.unknown_fields(location, _LOCATION_FIELDS, path)
    r.require(location, _LOCATION, "cdr_location.")
    r.texts(location, _LOCATION_UNUSED, path)
    texts = r.texts(location, _LOCATION_TEXTS, path)
    time_zone = r.text(location, "time_zone", path)
    if time_zone is not None:
        words = "a field of the Location, which a CDR does not have; heeded"
        r.once("unknown-field", Severity.INFORMATION, f"{path}.time_zone", words)
    identity, name, address, city, postal_code, country, evse_uid, evse_id, connector_id, power_type = texts
    coordinates = r.object(location, "coordinates", path) or {}
    if coordinates:
        path = "$.cdr_location.coordinates"
        r.unknown_fields(coordinates, _COORDINATES, path)
        r.require(coordinates, ("latitude", "longitude"), "cdr_location.coordinates.")
    return CdrLocation(
        id=identity,
        name=name,
        address=address,
        city=city,
        postal_code=postal_code,
        country=country,
        latitude=r.coordinate(coordinates, "latitude", path),
        longitude=r.coordinate(coordinates, "longitude", path),
        evse_uid=evse_uid,
        evse_id=evse_id,
        connector_id=connector_id,
        connector_power_type=power_type,
        time_zone=time_zone,
    )


def _tariffs(
    obj: Json, r: Reader, unreadable: list[str], dialect: TariffDialect, read_one: TariffReader = tariff_in_cdr
) -> tuple[Tariff, ...]:
    before = r.malformed_count
    found = [read_one(item, index, r, dialect) for index, item in r.objects(obj, "tariffs", "$")]
    if any(tariff is None for tariff in found) or (not found and r.malformed_count != before):
        unreadable.append("tariffs")
    return tuple(tariff for tariff in found if tariff is not None)


def read_tariffs(obj: Json, r: Reader) -> tuple[Tariff, ...] | None:
    """Read `tariffs` of a CDR by themselves; None where a price could not rely on them.

    Nothing is remembered: whoever reads them by themselves keeps what comes out.
    """
    unreadable: list[str] = []
    tariffs = _tariffs(obj, r, unreadable, TARIFFS, new_tariff_in_cdr)
    return None if unreadable else tariffs


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
            if (found := _dimension(dimension, path, number, r)) is not None
        ]
    )
    return ChargingPeriod(start, dimensions, r.text(item, "tariff_id", path))


def _dimension(item: Json, period: str, number: int, r: Reader) -> CdrDimension | None:
    kind, stated = item.get("type"), item.get("volume")
    if len(item) == 2 and type(kind) is str and is_amount(stated):
        return CdrDimension(kind, stated)
    path = f"{period}.dimensions[{number}]"
    r.unknown_fields(item, _DIMENSION, path)
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


def read_claim(obj: Json, key: str, r: Reader) -> Claim | None:
    """Read a Price of 2.2.1: an amount excluding VAT, and one including it where that is known."""
    price = obj.get(key)
    if price is None:
        return None
    if type(price) is not dict:
        r.object(obj, key, "$")
        return None
    excl, incl = price.get("excl_vat"), price.get("incl_vat")
    if len(price) == 2 and is_amount(excl) and is_amount(incl):
        return Claim(excl, incl)
    path = f"$.{key}"
    r.unknown_fields(price, _PRICE, path)
    before = r.number(price, "excl_vat", path)
    if before is None and excl is None:
        r.missing.append(f"{key}.excl_vat")
    return Claim(before, r.number(price, "incl_vat", path))


DIALECT: Final = Dialect(VERSION, FIELDS, REQUIRED, "end_date_time", read_token, read_location, read_claim, TARIFFS)
