"""What the second pricer reads: JSON of three versions of OCPI, told as 2.2.1 would tell it; the zone of a place."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

Json = Any
# Countries whose clocks are all the same, and places in countries where they are not; the zones as IANA has them.
ONE_ZONE = {"DEU": "Europe/Berlin", "IND": "Asia/Kolkata", "ISL": "Atlantic/Reykjavik"}
PLACES = {
    ("38.7223", "-9.1393"): "Europe/Lisbon",
    ("40.7128", "-74.0060"): "America/New_York",
    ("-31.5553", "159.0821"): "Australia/Lord_Howe",
}


class Unpriceable(Exception):
    """The CDR has no price: its totals are unknown, not zero."""


def read_json(text: str) -> Json:
    """Decode JSON with every number exact."""
    return json.loads(text, parse_float=Fraction, parse_int=Fraction)


def instant(text: str) -> datetime:
    """Rule 2: without a designator it is UTC, an offset is accepted."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def head(text: str) -> datetime | None:
    """Read an instant that may be the placeholder for unknown (2)."""
    return None if text in ("1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z") else instant(text)


def as_221(cdr: Json, tariffs: list[Json], version: str) -> tuple[Json, list[Json]]:
    """Tell a CDR and the tariffs given beside it as 2.2.1 has them; each tariff says about its `taxes` (18)."""
    told = {**cdr, "tariffs": [_tariff(tariff, version) for tariff in cdr.get("tariffs") or []]}
    if version == "2.1.1":  # 30: other names, a whole Location, and a FLAT that CDRs of this version have (4)
        told |= {"end_date_time": cdr["stop_date_time"], "cdr_location": cdr.get("location")}
        told["charging_periods"] = [
            {**period, "dimensions": [d for d in period["dimensions"] if d["type"] != "FLAT"]}
            for period in cdr["charging_periods"]
        ]
    return told, [_tariff(tariff, version) for tariff in tariffs]


def _tariff(tariff: Json, version: str) -> Json:
    rates = [c.get("vat") for e in tariff["elements"] for c in e["price_components"] if c.get("vat") is not None]
    if version == "2.1.1":  # no VAT, no limits, no types, no validity
        kept = {key: tariff[key] for key in ("id", "currency", "elements", "last_updated", "country_code", "party_id")}
        return {**kept, "taxes": "nobody says"}
    if version == "2.2.1":
        return {**tariff, "taxes": "added"}
    included = tariff.get("tax_included") or "NO"
    taxes = {"NO": "added", "YES": "included", "N/A": "none"}[included]
    if not rates and taxes != "none":
        taxes += ", unknown"
    limits = {
        name: {"excl_vat": tariff[name]["before_taxes"], "incl_vat": tariff[name].get("after_taxes")}
        for name in ("min_price", "max_price")
        if tariff.get(name)
    }
    return {**tariff, **limits, "taxes": taxes}


def zone_of_place(cdr: Json) -> str | None:
    """Rule 11, as far as random sessions go: the zone of the record, that of its country, that of its coordinates."""
    location = cdr.get("cdr_location") or {}
    if location.get("time_zone"):
        return str(location["time_zone"])
    coordinates = location.get("coordinates") or {}
    place = (coordinates.get("latitude"), coordinates.get("longitude"))
    return ONE_ZONE.get(location.get("country")) or PLACES.get(place)
