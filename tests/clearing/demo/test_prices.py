"""Every clean CDR of the demo, priced once more from its JSON alone, by fractions, as OCPI 2.2.1 says."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from clearing.demo.fleet import SITES

ZONES = {site.id: ZoneInfo(site.zone) for site in SITES}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
HALF_A_CENT_THRICE = Fraction(15, 1000)


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


def applies(limits, local, kwh, seconds, power):
    minute = local.hour * 60 + local.minute
    if "start_time" in limits:
        since, until = minutes(limits["start_time"]), minutes(limits["end_time"])
        if not (since <= minute < until if since < until else minute >= since or minute < until):
            return False
    tests = (
        "day_of_week" not in limits or DAYS[local.weekday()] in limits["day_of_week"],
        kwh >= limits.get("min_kwh", 0),
        "max_kwh" not in limits or kwh < limits["max_kwh"],
        "max_duration" not in limits or seconds < limits["max_duration"],
        "min_power" not in limits or power["MIN_POWER"] >= limits["min_power"],
        "max_power" not in limits or power["MAX_POWER"] < limits["max_power"],
    )
    return all(tests)


def component(tariff, dimension, *state):
    for element in tariff["elements"]:
        for candidate in element["price_components"]:
            if candidate["type"] == dimension and applies(element.get("restrictions", {}), *state):
                return candidate
    return None


def priced(record, tariff):
    """Return the total excluding and including VAT."""
    zone = ZONES[record["cdr_location"]["id"]]
    starts = [datetime.fromisoformat(p["start_date_time"]) for p in record["charging_periods"]]
    ends = [*starts[1:], datetime.fromisoformat(record["end_date_time"])]
    kwh = Fraction(0)
    found = {"ENERGY": [], "TIME": [], "PARKING_TIME": [], "FLAT": []}
    for period, since, until in zip(record["charging_periods"], starts, ends, strict=True):
        volumes = {d["type"]: d["volume"] for d in period["dimensions"]}
        state = (since.astimezone(zone), kwh, (since - starts[0]).total_seconds(), volumes)
        last = until - timedelta(seconds=1)
        almost = kwh + Fraction(volumes.get("ENERGY", 0)) * Fraction(999, 1000)
        state_at_end = (last.astimezone(zone), almost, (last - starts[0]).total_seconds(), volumes)
        flat = component(tariff, "FLAT", *state)
        if flat and not found["FLAT"]:
            found["FLAT"].append((flat, Fraction(1)))
        for dimension in ("ENERGY", "TIME", "PARKING_TIME"):
            if dimension in volumes:
                chosen = component(tariff, dimension, *state)
                assert chosen, f"{record['id']}: {dimension} without a price"
                assert chosen is component(tariff, dimension, *state_at_end), f"{record['id']}: not split"
                seconds = Fraction(int((until - since).total_seconds()))
                assert dimension == "ENERGY" or abs(Fraction(volumes[dimension]) * 3600 - seconds) <= Fraction(36, 100)
                quantity = Fraction(volumes["ENERGY"]) * 1000 if dimension == "ENERGY" else seconds
                found[dimension].append((chosen, quantity))
        kwh += Fraction(volumes.get("ENERGY", 0))
    excl = incl = Fraction(0)
    for dimension, parts in found.items():
        for position, (chosen, quantity) in enumerate(parts):
            step = parts[-1][0]["step_size"]
            rounds = dimension in ("ENERGY", "PARKING_TIME") or (dimension == "TIME" and not found["PARKING_TIME"])
            if rounds and position == len(parts) - 1:
                quantity += -sum(q for _, q in parts) % step
            unit = {"ENERGY": 1000, "FLAT": 1}.get(dimension, 3600)
            cost = quantity * Fraction(chosen["price"]) / unit
            excl += cost
            incl += cost * (100 + Fraction(chosen.get("vat", 0))) / 100
    for limit, bound in (("min_price", max), ("max_price", min)):
        if limit in tariff:
            excl = bound(excl, Fraction(tariff[limit]["excl_vat"]))
            incl = bound(incl, Fraction(tariff[limit]["incl_vat"]))
    return excl, incl


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_claims_are_what_the_tariff_makes(market, month):
    published = {t["id"]: t for t in market.records("2026-10", "tariff", "cpo")}
    planted = market.planted_ids(month)
    kinds = set()
    for record in market.records(month, "cdr", "cpo"):
        if record["id"] in planted:
            continue
        tariff_id = record["charging_periods"][0]["tariff_id"]
        embedded = {t["id"]: t for t in record.get("tariffs", ())}
        assert embedded.get(tariff_id, published.get(tariff_id)) is not None
        assert tariff_id not in embedded or published.get(tariff_id, embedded[tariff_id]) == embedded[tariff_id]
        tariff = embedded.get(tariff_id) or published[tariff_id]
        excl, incl = priced(record, tariff)
        kinds.add(tariff_id)
        assert abs(excl - Fraction(record["total_cost"]["excl_vat"])) <= HALF_A_CENT_THRICE, record["id"]
        assert abs(incl - Fraction(record["total_cost"]["incl_vat"])) <= HALF_A_CENT_THRICE, record["id"]
    assert len(kinds) >= 25


def test_volumes_add_up(market):
    planted = market.planted_ids("2026-10")
    for record in market.records("2026-10", "cdr", "cpo"):
        if record["id"] in planted:
            continue
        volumes = [(d["type"], d["volume"]) for p in record["charging_periods"] for d in p["dimensions"]]
        assert sum(v for kind, v in volumes if kind == "ENERGY") == record["total_energy"]
        assert sum(v for kind, v in volumes if kind in ("TIME", "PARKING_TIME")) <= record["total_time"]
        parts = [v["excl_vat"] for name, v in record.items() if name.endswith("_cost") and name != "total_cost"]
        limited = {"min_price", "max_price"} & set((record.get("tariffs") or [{}])[0])
        assert limited or not record.get("tariffs") or sum(parts) == record["total_cost"]["excl_vat"]


def test_some_charges_are_split_and_some_cross_a_window(market):
    many = [len(r["charging_periods"]) for r in market.records("2026-10", "cdr", "cpo")]
    assert max(many) >= 3
    assert sum(count > 1 for count in many) > 100
