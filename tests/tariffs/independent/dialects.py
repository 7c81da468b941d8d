"""Where random sessions take place, and how the other versions of OCPI tell them.

Each function changes a CDR and its tariffs, as `sessions` draws them in the words of 2.2.1, in place.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

Json = Any
VERSIONS = ("2.2.1", "2.2.1", "2.2.1", "2.1.1", "2.3.0")
# Country and, where that does not tell the zone, coordinates.
PLACES = {
    "Europe/Berlin": ("DEU", None),
    "Asia/Kolkata": ("IND", None),
    "UTC": ("ISL", None),
    "Europe/Lisbon": ("PRT", ("38.7223", "-9.1393")),
    "America/New_York": ("USA", ("40.7128", "-74.0060")),
    "Australia/Lord_Howe": ("AUS", ("-31.5553", "159.0821")),
}


def location(r: Random, zone: str) -> tuple[Json, str | None]:
    """Return a place and the zone that the caller states beside it: none where the place is to tell it."""
    at = {"id": "L", "evse_uid": r.choice(("E1", "E1", "#NA")), "connector_id": "1"}
    if r.random() < 0.75:
        return {**at, "country": "DEU"}, zone  # what the caller states wins
    country, coordinates = PLACES[zone]
    if coordinates and r.random() < 0.8:
        at["coordinates"] = dict(zip(("latitude", "longitude"), coordinates, strict=True))
    return ({**at, "country": country} if r.random() < 0.9 else at), None


def _as_211(r: Random, cdr: Json, tariffs: list[Json], zone: str) -> None:
    """Other names, a number for an amount, a whole Location, and a FLAT among the volumes."""
    cdr["stop_date_time"] = cdr.pop("end_date_time")
    cdr["auth_id"] = cdr.pop("cdr_token")["uid"]
    cdr["total_cost"] = Decimal("1.00")
    place = cdr.pop("cdr_location", None)
    if place is not None:
        evse = {"uid": place.pop("evse_uid"), "connectors": [{"id": place.pop("connector_id")}]}
        cdr["location"] = {**place, "evses": [evse]} | ({"time_zone": zone} if r.random() < 0.3 else {})
    for period in cdr["charging_periods"]:
        if r.random() < 0.2 and any(d["type"] in ("ENERGY", "TIME", "PARKING_TIME") for d in period["dimensions"]):
            period["dimensions"].append({"type": "FLAT", "volume": Decimal(1)})


def _as_230(r: Random, cdr: Json, tariffs: list[Json], zone: str) -> None:
    """Taxes by name: prices with or without them, at rates that are stated or not."""
    cdr["total_cost"] = {"before_taxes": Decimal("1.00"), "taxes": []}
    for tariff in tariffs:
        included = r.choice(("NO", "NO", "YES", "YES", "N/A", None))
        if included is not None:
            tariff["tax_included"] = included
        if r.random() < 0.3:
            for component in (c for e in tariff["elements"] for c in e["price_components"]):
                component.pop("vat", None)
        for name in ("min_price", "max_price"):
            if name in tariff:
                stated = tariff[name]
                tariff[name] = {"before_taxes": stated["excl_vat"]}
                if "incl_vat" in stated:
                    tariff[name]["after_taxes"] = stated["incl_vat"]


TOLD_AS: dict[str, Callable[[Random, Json, list[Json], str], None]] = {
    "2.1.1": _as_211,
    "2.2.1": lambda r, cdr, tariffs, zone: None,
    "2.3.0": _as_230,
}


def unknown_start(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    """The placeholder for an unknown start of a period, where no two begin together and all are in order."""
    starts = [datetime.fromisoformat(period["start_date_time"]) for period in cdr["charging_periods"]]
    if len(set(starts)) == len(starts) and starts == sorted(starts):
        r.choice(cdr["charging_periods"])["start_date_time"] = "1970-01-01T00:00:00Z"
