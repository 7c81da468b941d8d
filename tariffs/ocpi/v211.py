"""OCPI 2.1.1: its CDR and Tariff, read into the same values as those of later versions (pricing rule 30).

It knows no VAT, no price limits, no credits and no owners: amounts are numbers excluding VAT, the e-MSP is told from
the contract id in `auth_id` and the CPO from the EVSE id. A field that only 2.2.1 has is read as 2.2.1 means it, and
noted; in a tariff only restrictions are, as without one a price would apply where its CPO ruled it out.
"""

import re
from dataclasses import replace
from typing import Final

from tariffs.cdr import Cdr, CdrLocation, CdrToken, Claim
from tariffs.findings import Severity
from tariffs.ocpi import v221, v221_tariff
from tariffs.ocpi.reading import Json, Reader
from tariffs.tariff import TariffElement, Taxes

VERSION: Final = "2.1.1"

_CONTRACT_ID: Final = re.compile(
    r"([A-Z]{2})[*-]?([A-Z0-9]{3})[*-]?(?:C?[A-Z0-9]{8}(?:[*-]?[A-Z0-9])?|[0-9]{6}(?:[*-]?[0-9X])?)",
    re.ASCII | re.IGNORECASE,
)
"""eMI3 and ISO 15118 with C, DIN with six digits; the check digit may be left out."""
_EVSE_ID: Final = re.compile(r"([A-Z]{2})[*-]?([A-Z0-9]{3})[*-]?E[A-Z0-9*-]{1,40}", re.ASCII | re.IGNORECASE)

_REQUIRED: Final = (
    *("id", "auth_id", "auth_method", "location", "total_cost", "total_energy", "total_time", "last_updated"),
)
_OWN: Final = frozenset(
    (
        *_REQUIRED,
        *("start_date_time", "stop_date_time", "meter_id", "currency", "tariffs", "charging_periods"),
        *("total_parking_time", "remark"),
    )
)
_LATER: Final = v221.FIELDS - _OWN
_LOCATION_REQUIRED: Final = (
    *("id", "type", "address", "city", "postal_code", "country", "coordinates", "evses", "last_updated"),
)
LOCATION_FIELDS: Final = frozenset(
    (
        *_LOCATION_REQUIRED,
        *("name", "related_locations", "directions", "operator", "suboperator", "owner", "facilities", "time_zone"),
        *("opening_times", "charging_when_closed", "images", "energy_mix"),
    )
)
_LOCATION_TEXTS: Final = ("id", "name", "address", "city", "postal_code", "country", "time_zone")
_EVSE_REQUIRED: Final = ("uid", "status", "connectors", "last_updated")
_EVSE: Final = frozenset(
    (
        *_EVSE_REQUIRED,
        *("evse_id", "status_schedule", "capabilities", "floor_level", "coordinates", "physical_reference"),
        *("directions", "parking_restrictions", "images"),
    )
)
_CONNECTOR_REQUIRED: Final = ("id", "standard", "format", "power_type", "voltage", "amperage", "last_updated")
_CONNECTOR: Final = frozenset((*_CONNECTOR_REQUIRED, "tariff_id", "terms_and_conditions"))
_COORDINATES: Final = frozenset(("latitude", "longitude"))
_WIRE_NAMES: Final = (("end_date_time", "stop_date_time"), ("cdr_location", "location"))


def read(obj: Json, r: Reader) -> Cdr:
    """Read a CDR object of 2.1.1; `end`, `token` and `location` come from the fields it calls otherwise."""
    for key in sorted(_LATER & obj.keys()):
        if obj[key] is not None:
            words = f"a field that OCPI {VERSION} does not have; read as {v221.VERSION} means it"
            r.once("unknown-field", Severity.INFORMATION, f"$.{key}", words)
    has_later_end = obj.get("stop_date_time") is None and obj.get("end_date_time") is not None
    dialect = replace(DIALECT, end="end_date_time") if has_later_end else DIALECT
    cdr = v221.read_in(dialect, obj, r)
    placeholders = tuple(name.replace("stop_date_time", "end_date_time") for name in cdr.placeholders)
    unreadable = cdr.unreadable
    if cdr.end is None and not {"end_date_time"} & {*unreadable, *placeholders}:
        unreadable = (*unreadable, "end_date_time")  # its absence is reported already, under its own name
    country, party = cdr.country_code, cdr.party_id
    if country is None and party is None:
        country, party = operator_of(cdr.location.evse_id) or operator_of(cdr.location.evse_uid) or (None, None)
    return replace(
        cdr,
        country_code=country,
        party_id=party,
        placeholders=placeholders,
        unreadable=unreadable,
        unpriced_dimensions=frozenset({"FLAT"}),
        knows_vat=False,
        wire_names=() if "cdr_location" in obj else _WIRE_NAMES,
    )


def operator_of(evse_id: str | None) -> tuple[str, str] | None:
    """Return country and party of the CPO that an EVSE id begins with, or None where it is none of eMI3.

    >>> operator_of("BE-BEC-E041503003"), operator_of("3256")
    (('BE', 'BEC'), None)
    """
    found = _EVSE_ID.fullmatch(evse_id) if evse_id else None
    return (found[1].upper(), found[2].upper()) if found else None


def provider_of(contract_id: str | None) -> tuple[str, str] | None:
    """Return country and party of the e-MSP that a contract id begins with, or None where it is none.

    >>> provider_of("DE8ACC12E46L89"), provider_of("04A1B2C3D4E5F6")
    (('DE', '8AC'), None)
    """
    found = _CONTRACT_ID.fullmatch(contract_id) if contract_id else None
    return (found[1].upper(), found[2].upper()) if found else None


def read_token(obj: Json, r: Reader) -> CdrToken:
    """Read `auth_id`: the contract, or the uid of the token where it is not shaped like a contract id."""
    if obj.get("auth_id") is None and obj.get("cdr_token") is not None:
        return v221.read_token(obj, r)
    stated = r.text(obj, "auth_id", "$")
    owner = provider_of(stated)
    if owner is None:
        return CdrToken(uid=stated)
    return CdrToken(owner[0], owner[1], contract_id=stated)


def read_location(obj: Json, r: Reader) -> CdrLocation:
    """Read the whole Location with its one EVSE and connector; of several none is known to be the one."""
    if obj.get("location") is None and obj.get("cdr_location") is not None:
        return v221.read_location(obj, r)
    location = r.object(obj, "location", "$")
    if location is None:
        return CdrLocation()
    path = "$.location"
    r.unknown_fields(location, LOCATION_FIELDS, path)
    r.require(location, _LOCATION_REQUIRED, "location.")
    identity, name, address, city, postal_code, country, time_zone = r.texts(location, _LOCATION_TEXTS, path)
    coordinates = r.object(location, "coordinates", path) or {}
    if coordinates:
        r.unknown_fields(coordinates, _COORDINATES, f"{path}.coordinates")
        r.require(coordinates, ("latitude", "longitude"), "location.coordinates.")
    uid, evse_id, connector, power_type = _evse(location, r)
    return CdrLocation(
        id=identity,
        name=name,
        address=address,
        city=city,
        postal_code=postal_code,
        country=country,
        latitude=r.coordinate(coordinates, "latitude", f"{path}.coordinates"),
        longitude=r.coordinate(coordinates, "longitude", f"{path}.coordinates"),
        evse_uid=uid,
        evse_id=evse_id,
        connector_id=connector,
        connector_power_type=power_type,
        time_zone=time_zone,
    )


def _evse(location: Json, r: Reader) -> tuple[str | None, str | None, str | None, str | None]:
    """Return uid and id of the EVSE, id and power type of the connector, as far as there is one only."""
    evses = r.objects(location, "evses", "$.location")
    told: list[tuple[str | None, str | None]] = []
    for index, evse in evses:
        path = f"$.location.evses[{index}]"
        r.unknown_fields(evse, _EVSE, path)
        r.require(evse, _EVSE_REQUIRED, f"location.evses[{index}].")
        told.append((r.text(evse, "uid", path), r.text(evse, "evse_id", path)))
    if len(evses) != 1:
        if len(evses) > 1:
            r.missing.append("location.evses (several, where OCPI has the one of the charge)")
        ids = {evse_id for _, evse_id in told}
        return None, ids.pop() if len(ids) == 1 else None, None, None
    path = f"$.location.evses[{evses[0][0]}]"
    connectors = r.objects(evses[0][1], "connectors", path)
    ends: list[tuple[str | None, str | None]] = []
    for index, connector in connectors:
        r.unknown_fields(connector, _CONNECTOR, f"{path}.connectors[{index}]")
        r.require(connector, _CONNECTOR_REQUIRED, f"{path.removeprefix('$.')}.connectors[{index}].")
        at = f"{path}.connectors[{index}]"
        ends.append((r.text(connector, "id", at), r.text(connector, "power_type", at)))
    return (*told[0], *(ends[0] if len(ends) == 1 else (None, None)))


def read_claim(obj: Json, key: str, r: Reader) -> Claim | None:
    """Read an amount: a number excluding VAT; what it is including VAT nobody says."""
    if key != "total_cost" or type(obj.get(key)) is dict:
        return v221.read_claim(obj, key, r)
    amount = r.number(obj, key, "$")
    return None if amount is None else Claim(amount)


def _taxes(obj: Json, elements: tuple[TariffElement, ...], r: Reader) -> Taxes:
    return Taxes.UNSTATED


TARIFFS: Final = v221_tariff.TariffDialect(
    frozenset(("id", "currency", "tariff_alt_text", "tariff_alt_url", "elements", "energy_mix", "last_updated"))
    | {"country_code", "party_id"},
    ("id", "last_updated"),
    None,
    v221_tariff.COMPONENT - {"vat"},
    v221_tariff.RESTRICTIONS - {"min_current", "max_current", "reservation"},
    _taxes,
)
DIALECT: Final = v221.Dialect(
    VERSION, _OWN | _LATER, _REQUIRED, "stop_date_time", read_token, read_location, read_claim, TARIFFS
)
