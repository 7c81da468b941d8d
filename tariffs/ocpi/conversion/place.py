"""Where and by whom a charge of 2.1.1 was: its whole Location to a CdrLocation, its auth_id to a CdrToken.

The time zone of the Location is kept inside the CdrLocation, which has no field for it: without it nobody could tell
the local time of the charge any more, and reading heeds it there.
"""

from collections.abc import Mapping
from typing import Any, Final

from tariffs.countries import alpha_3
from tariffs.ocpi import v211
from tariffs.ocpi.conversion.losses import Losses

Object = dict[str, Any]
_TAKEN: Final = ("id", "name", "address", "city", "postal_code", "country", "coordinates")
_EVSE: Final = {"uid": "evse_uid", "evse_id": "evse_id"}
_CONNECTOR: Final = {
    "id": "connector_id",
    "standard": "connector_standard",
    "format": "connector_format",
    "power_type": "connector_power_type",
}
_REQUIRED: Final = ("id", "address", "city", "country", "coordinates", *_EVSE.values(), *_CONNECTOR.values())


def location_from_211(location: Mapping[str, Any], losses: Losses) -> Object:
    """Return the Location of a CDR of 2.1.1 as a CdrLocation, with its one EVSE and connector."""
    path = "$.location"
    made: Object = {key: location[key] for key in _TAKEN if key in location}
    country = location.get("country")
    longer = alpha_3(country) if isinstance(country, str) else None
    if longer is not None:
        made["country"] = longer
        losses.otherwise("country-code-changed", f"{path}.country", f"the country in three letters, {longer}")
    if location.get("time_zone") is not None:
        made["time_zone"] = location["time_zone"]
        words = f"{losses.to} has no field for the time zone of a CDR; kept inside cdr_location, and heeded here"
        losses.otherwise("time-zone-kept-aside", f"{path}.time_zone", words)
    made |= {key: value for key, value in location.items() if key not in v211.LOCATION_FIELDS}
    dropped = [key for key in location if key in v211.LOCATION_FIELDS and key not in (*_TAKEN, "time_zone", "evses")]
    losses.no_place(path, dropped)
    made |= _evse_from_211(location, losses)
    losses.required(path, [name for name in _REQUIRED if made.get(name) is None])
    return made


def _evse_from_211(location: Mapping[str, Any], losses: Losses) -> Object:
    evse = _only(location, "evses", "$.location", losses)
    if evse is None:
        return {}
    path = "$.location.evses[0]"
    losses.no_place(path, [key for key in evse if key not in (*_EVSE, "connectors")])
    made = {name: evse[key] for key, name in _EVSE.items() if key in evse}
    connector = _only(evse, "connectors", path, losses)
    if connector is None:
        return made
    losses.no_place(f"{path}.connectors[0]", [key for key in connector if key not in _CONNECTOR])
    return made | {name: connector[key] for key, name in _CONNECTOR.items() if key in connector}


def _only(owner: Mapping[str, Any], key: str, path: str, losses: Losses) -> Object | None:
    """The one object of a list; of several none is known to be the one of the charge."""
    found = owner.get(key)
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict):
        return found[0]
    if found:
        words = f"not exactly one of {key}: which one it was is not known, and none has a place in {losses.to}"
        losses.lost("evse-unknown", f"{path}.{key}", words)
    return None


def token_from_211(auth_id: object, losses: Losses) -> Object:
    """Return `auth_id` as a CdrToken: the contract id that it is shaped like, else the uid of the token."""
    stated = str(auth_id)
    owner = v211.provider_of(stated)
    if owner is None:
        made: Object = {"uid": auth_id}
    else:
        made = {"country_code": owner[0], "party_id": owner[1], "contract_id": auth_id}
    missing = [name for name in ("country_code", "party_id", "uid", "type", "contract_id") if name not in made]
    losses.required("$.auth_id", [f"cdr_token.{name}" for name in missing])
    return made


def owner_from_211(cdr: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return country and party of the CPO as far as its EVSE ids say, as reading a CDR of 2.1.1 does."""
    location = cdr.get("location")
    evse = _only(location, "evses", "$.location", Losses("")) if isinstance(location, dict) else None
    ids = (evse.get("evse_id"), evse.get("uid")) if evse is not None else ()
    return next((owner for i in ids if isinstance(i, str) and (owner := v211.operator_of(i)) is not None), None)
