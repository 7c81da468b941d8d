"""Random sessions as ordinary CDRs: with all that OCPI requires, so that the bulk way has no reason to pass them on."""

import json
from datetime import datetime
from decimal import Decimal
from random import Random

from sessions import Json, as_json, session

TAME = 0.8
PLACES = (
    ("DEU", "52.520008", "13.404954"),
    ("PRT", "38.722300", "-9.139300"),
    ("USA", "40.712800", "-74.006000"),
    ("AUS", "-31.555300", "159.082100"),
    ("IND", "19.076090", "72.877426"),
    ("DEU", "13.404954", "52.520008"),  # swapped, as in the examples of OCPI
)


def text(seed: int) -> str | None:
    """The JSON of the CDR of a seed, or None where it is not one of 2.2.1 with tariffs of its own."""
    made = session(seed)
    cdr = json.loads(made.cdr, parse_float=Decimal)
    if made.version != "2.2.1" or not cdr.get("tariffs") or made.tariffs or not cdr.get("charging_periods"):
        return None
    r = Random(seed)
    country, latitude, longitude = r.choice(PLACES)
    cdr["auth_method"] = "WHITELIST"
    cdr["cdr_token"] = {"country_code": "NL", "party_id": "XYZ", "contract_id": "NL-XYZ-C1-X"} | {
        key: cdr.get("cdr_token", {}).get(key) or "U" for key in ("uid", "type")
    }
    cdr["cdr_location"] = {
        "id": f"L{seed % 7}", "address": "Straße 1", "city": "Ort", "country": country,
        "coordinates": {"latitude": latitude, "longitude": longitude}, "evse_uid": "E1", "evse_id": "DE*ABC*E1",
        "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "CABLE",
        "connector_power_type": "AC_3_PHASE",
    }  # fmt: skip
    cdr["total_time"] = _hours(cdr)
    cdr.setdefault("total_cost", {"excl_vat": Decimal(1)})
    cdr.setdefault("total_energy", 0)
    if r.random() < TAME:
        _tame(cdr, r)
    else:
        _claim(r, cdr)
    return as_json(cdr).replace(".500Z", "Z") if r.random() < TAME else as_json(cdr)


def _tame(cdr: Json, r: Random) -> None:
    """One tariff for all periods, which follow one another; one FLAT at most, no reservation, no loads in between."""
    tariff = cdr["tariffs"][0]
    cdr["tariffs"] = [tariff]
    for key in ("type", "start_date_time", "end_date_time"):
        tariff.pop(key, None)
    has_flat = False
    for element in tariff["elements"]:
        restrictions = element.get("restrictions") or {}
        for key in [key for key in restrictions if key.endswith(("_power", "_current"))]:
            del restrictions[key]
        if has_flat:
            element["price_components"] = [c for c in element["price_components"] if c["type"] != "FLAT"]
        has_flat = has_flat or any(c["type"] == "FLAT" for c in element["price_components"])
    tariff["elements"] = [element for element in tariff["elements"] if element["price_components"]]
    cdr.pop("credit", None)
    starts = {period.get("start_date_time", ""): period for period in cdr["charging_periods"]}
    cdr["charging_periods"] = [starts[start] for start in sorted(starts)]
    named = r.random() < 0.5
    for period in cdr["charging_periods"]:
        period.pop("tariff_id", None)
        if named:
            period["tariff_id"] = tariff["id"]
        volumes = {d["type"]: d["volume"] for d in period["dimensions"] if not d["type"].startswith("RESERV")}
        volumes.setdefault("ENERGY", Decimal(1))
        period["dimensions"] = [{"type": kind, "volume": abs(volume)} for kind, volume in volumes.items()]
    energies = (d["volume"] for p in cdr["charging_periods"] for d in p["dimensions"] if d["type"] == "ENERGY")
    cdr["total_energy"] = sum(energies, Decimal(0))
    cdr["total_time"] = _hours(cdr)


def _hours(cdr: Json) -> Decimal | int:
    try:
        start = min(datetime.fromisoformat(period["start_date_time"]) for period in cdr["charging_periods"])
        seconds = int((datetime.fromisoformat(cdr["end_date_time"]) - start).total_seconds())
    except (KeyError, TypeError, ValueError):
        return 1
    return (Decimal(seconds) / 3600).quantize(Decimal("0.0001"))


def _claim(r: Random, cdr: Json) -> None:
    """Parts and totals, rarely right."""
    if r.random() < 0.3:
        cdr["total_energy_cost"] = {"excl_vat": Decimal(r.randrange(500)).scaleb(-2), "incl_vat": Decimal("5.00")}
    if r.random() < 0.2:
        cdr["total_parking_time"] = Decimal(r.randrange(10_000)).scaleb(-4)
    if r.random() < 0.5:
        cdr["total_cost"]["incl_vat"] = r.choice((Decimal("1.19"), 2, None, Decimal("-3.10")))
    if r.random() < 0.2:
        cdr["remark"] = r.choice(("", "wie gehabt", None, 'he said "hi"', "ü\n"))
