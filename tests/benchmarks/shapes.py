"""CDRs to measure with: four shapes, every line different, as a CPO sends them that splits its periods as OCPI asks.

The same number gives the same line. Charges are made up in minutes, at powers that make whole tenths of a watt-hour.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

Json = dict[str, Any]
WEEK = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


@dataclass(frozen=True)
class Priced:
    """A tariff as JSON text, and where a charge by it has to be split: full hours, minutes, kWh."""

    id: str
    text: str
    hours: bool = False
    minutes: tuple[int, ...] = ()
    kwh: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A name, how to make tariff number n, how many of them, and whether charges go on parking."""

    name: str
    tariff: Callable[[int], Priced]
    tariffs: int
    longest: int
    """Minutes of the longest charge."""
    dwells: bool = False


def component(kind: str, price: float, vat: float | None = 19.0, step: int = 1) -> Json:
    """One price component."""
    return {"type": kind, "price": price, **({} if vat is None else {"vat": vat}), "step_size": step}


def element(components: list[Json], **restrictions: object) -> Json:
    """One element."""
    return {"price_components": components, **({"restrictions": restrictions} if restrictions else {})}


def tariff(number: int, elements: list[Json], **more: object) -> tuple[str, str]:
    """The id and the text of one tariff of a CPO."""
    name = f"TARIFF-{number:04}"
    return name, json.dumps({
        "country_code": "DE", "party_id": "ABC", "id": name, "currency": "EUR", "type": "REGULAR",
        **more, "elements": elements, "last_updated": "2026-01-05T08:00:00Z",
    })  # fmt: skip


def simple(number: int) -> Priced:
    """One price of energy."""
    return Priced(*tariff(number, [element([component("ENERGY", (40 + number % 10) / 100)])]))


def by_day_and_night(number: int) -> Priced:
    """Six elements: day and night, a price of time, a fee for standing long, a start fee."""
    cents = number % 10
    name, text = tariff(number, [
        element([component("FLAT", (50 + cents) / 100)]),
        element([component("ENERGY", (50 + cents) / 100)], start_time="08:00", end_time="20:00",
                day_of_week=["SATURDAY", "SUNDAY"]),
        element([component("ENERGY", (60 + cents) / 100)], start_time="08:00", end_time="20:00"),
        element([component("ENERGY", (30 + cents) / 100)], start_time="20:00", end_time="08:00"),
        element([component("TIME", (5 + cents) / 100, step=60)], max_duration=7200),
        element([component("PARKING_TIME", 6.0, step=300)], min_duration=7200),
    ])  # fmt: skip
    return Priced(name, text, hours=True, minutes=(120,))


def by_the_hour(number: int) -> Priced:
    """48 elements: a price of energy for each hour of weekdays and of weekends."""
    name, text = tariff(number, [
        element([component("ENERGY", (30 + hour + number % 10) / 100)], start_time=f"{hour:02}:00",
                end_time=f"{(hour + 1) % 24:02}:00", day_of_week=days)
        for days in (WEEK[:5], WEEK[5:])
        for hour in range(24)
    ])  # fmt: skip
    return Priced(name, text, hours=True)


def any_kind(number: int) -> Priced:
    """Whatever a CPO may think of: windows, weekdays, kWh and minutes, several dimensions, steps, limits, two VATs."""
    dice = Random(number)
    vats = dice.choice(((19.0,), (19.0,), (19.0, 7.0), (19.0, None)))
    uses_hours, uses_minutes, uses_kwh = dice.random() < 0.6, dice.random() < 0.4, dice.random() < 0.35
    elements = []
    for _ in range(dice.choice((0, 1, 2, 3, 4))):
        restrictions: Json = {}
        if uses_hours and dice.random() < 0.7:
            restrictions |= {"start_time": f"{dice.randrange(24):02}:00", "end_time": f"{dice.randrange(24):02}:00"}
        if uses_hours and dice.random() < 0.3:
            restrictions["day_of_week"] = dice.choice((WEEK[:5], WEEK[5:]))
        if uses_minutes and dice.random() < 0.6:
            restrictions[dice.choice(("min_duration", "max_duration"))] = dice.choice((1800, 3600))
        if uses_kwh and dice.random() < 0.6:
            restrictions[dice.choice(("min_kwh", "max_kwh"))] = dice.choice((5, 10))
        kinds = dice.sample(("ENERGY", "TIME", "PARKING_TIME"), k=dice.choice((1, 1, 2)))
        elements.append(element([any_price(dice, kind, vats) for kind in kinds], **restrictions))
    flat = [any_price(dice, "FLAT", vats)] if dice.random() < 0.4 else []
    elements.append(element([*flat, any_price(dice, "ENERGY", vats), any_price(dice, "PARKING_TIME", vats)]))
    limits: Json = {}
    if dice.random() < 0.2:
        limits["min_price"] = {"excl_vat": 1.0, "incl_vat": 1.19}
    if dice.random() < 0.2:
        limits["max_price"] = {"excl_vat": 40.0, "incl_vat": 47.6}
    name, text = tariff(number, elements, **limits)
    return Priced(
        name, text, hours=uses_hours, minutes=(30, 60) if uses_minutes else (), kwh=(5, 10) if uses_kwh else ()
    )


def any_price(dice: Random, kind: str, vats: tuple[float | None, ...]) -> Json:
    """A price of two to four decimals, with a step."""
    price = round(dice.uniform(0.05, 0.9 if kind == "ENERGY" else 6.0), dice.choice((2, 2, 3, 4)))
    return component(kind, price, dice.choice(vats), dice.choice((1, 1, 100)) if kind == "ENERGY" else 60)


SHAPES = (
    Shape("1 period, 1 element, 20 tariffs", simple, 20, 60),
    Shape("2 periods, 6 elements, 200 tariffs", by_day_and_night, 200, 70),
    Shape("2 periods, 48 elements, 20 tariffs", by_the_hour, 20, 70),
    Shape("any periods, any elements, 2,000 tariffs", any_kind, 2000, 100, dwells=True),
)


def lines(shape: Shape, count: int) -> Iterator[str]:
    """The CDRs of one shape as JSON Lines."""
    dice = Random(7)
    owners = [shape.tariff(number) for number in range(shape.tariffs)]
    for number in range(count):
        yield cdr(number, dice.choice(owners), shape, dice) + "\n"


def cdr(number: int, owner: Priced, shape: Shape, dice: Random) -> str:
    """One CDR with its tariff."""
    begin = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(43_200), seconds=dice.randrange(60))
    if owner.hours:
        begin = begin.replace(second=0)
    charging = dice.randrange(20, shape.longest)
    dwell = dice.choice((0, 0, dice.randrange(5, 60))) if shape.dwells else 0
    tenths_a_minute = dice.choice((1000, 2000, 5000, 10_000)) if owner.kwh else dice.randrange(1000, 20_000)
    periods, kwh = _periods(owner, begin, charging, charging + dwell, tenths_a_minute)
    end = begin + timedelta(minutes=charging + dwell)
    spot = dice.randrange(500)
    text = json.dumps({
        "country_code": "DE", "party_id": "ABC", "id": f"CDR-{number:08}", "start_date_time": f"{begin:%FT%TZ}",
        "end_date_time": f"{end:%FT%TZ}", "session_id": f"S-{number:08}",
        "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": f"04A9{dice.randrange(10**9):09}", "type": "RFID",
                      "contract_id": f"NL-XYZ-C{dice.randrange(10**8):08}-X"},
        "auth_method": "WHITELIST", "authorization_reference": f"A-{number:08}",
        "cdr_location": {"id": f"LOC{spot // 4}", "name": f"Site {spot // 4}", "address": f"Road {spot // 4}",
                         "city": "Town", "postal_code": "10115", "country": "DEU",
                         "coordinates": {"latitude": "52.520008", "longitude": "13.404954"},
                         "evse_uid": f"ABC-{spot}", "evse_id": f"DE*ABC*E{spot:06}", "connector_id": "1",
                         "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
                         "connector_power_type": "AC_3_PHASE"},
        "currency": "EUR", "tariffs": None, "charging_periods": periods,
        "total_cost": {"excl_vat": 12.34, "incl_vat": 14.68}, "total_energy": kwh,
        "total_time": round((charging + dwell) / 60, 4), "total_parking_time": round(dwell / 60, 4),
        "last_updated": f"{end:%FT%TZ}",
    })  # fmt: skip
    return text.replace('"tariffs": null', f'"tariffs": [{owner.text}]', 1)


def _periods(owner: Priced, begin: datetime, charging: int, whole: int, tenths: int) -> tuple[list[Json], float]:
    """Periods split where the tariff may change: from minute to minute of the charge; and the energy of all."""
    marks = {0, charging, whole, *owner.minutes}
    if owner.hours:
        marks.update(range(60 - begin.minute, whole, 60))
    marks.update(mark * 10_000 // tenths for mark in owner.kwh)
    cuts = sorted(mark for mark in marks if 0 <= mark <= whole)
    periods: list[Json] = []
    for since, until in pairwise(cuts):
        hours = round((until - since) / 60, 4)
        dimensions: list[Json] = [{"type": "PARKING_TIME", "volume": hours}]
        if since < charging:
            energy = {"type": "ENERGY", "volume": (until - since) * tenths / 10_000}
            dimensions = [energy, {"type": "TIME", "volume": hours}]
        start = begin + timedelta(minutes=since)
        periods.append({"start_date_time": f"{start:%FT%TZ}", "dimensions": dimensions, "tariff_id": owner.id})
    return periods, charging * tenths / 10_000
