"""Odd ones (pricing rule 32 and its neighbours): what a reader meets though the specification forbids it.

Each changes a CDR or a tariff of a random session in place.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from dialects import unknown_start

Json = Any
TIMES = ("TIME", "PARKING_TIME", "RESERVATION_TIME")


def _twice_a_dimension(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    dimensions = r.choice(cdr["charging_periods"])["dimensions"]
    dimensions += [dict(d) for d in dimensions[:1]]


def _no_dimensions(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    r.choice(cdr["charging_periods"])["dimensions"] = []


def _session_only_dimensions(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for name in r.sample(("CURRENT", "POWER", "ENERGY_IMPORT", "ENERGY_EXPORT", "STATE_OF_CHARGE"), k=2):
        r.choice(cdr["charging_periods"])["dimensions"].append({"type": name, "volume": Decimal(r.randint(0, 90))})


def _unknown_tariff(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    r.choice(cdr["charging_periods"])["tariff_id"] = "NOWHERE"


def _other_currency(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    r.choice(tariffs)["currency"] = "SEK"


def _time_runs_backwards(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for dimension in r.choice(cdr["charging_periods"])["dimensions"]:
        if dimension["type"] in TIMES:
            dimension["volume"] = -dimension["volume"]


def _twice_a_component(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    components = r.choice(r.choice(tariffs)["elements"])["price_components"]
    components.append({**components[0], "price": Decimal("7.77")})


def _no_elements(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    r.choice(tariffs)["elements"] = []


def _strange_restrictions(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    element = r.choice(r.choice(tariffs)["elements"])
    strange = (
        {"moon_phase": "FULL"},
        {"booking": "BOOKING"},
        {"reservation": "BOOKING"},
        {"min_kwh": None, "day_of_week": None},
        {"end_time": "24:00"},
    )
    element["restrictions"] = element.get("restrictions", {}) | r.choice(strange)


def _numbers_as_text(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for component in r.choice(r.choice(tariffs)["elements"])["price_components"]:
        component["price"] = str(component["price"])


def _offsets_for_z(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for period in cdr["charging_periods"]:
        at = datetime.fromisoformat(period["start_date_time"])
        period["start_date_time"] = r.choice(
            (at.astimezone(ZoneInfo("Asia/Kolkata")), at.replace(tzinfo=None))
        ).isoformat()


def _same_id_twice(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    again = r.choice(tariffs)
    dearer = [{"price_components": [{"type": "FLAT", "price": Decimal(40), "step_size": 0}]}, *again["elements"]]
    tariffs.append({**again, "elements": dearer, "last_updated": f"2023-01-{r.randint(1, 28):02}T12:00:00Z"})


def _negative_price(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for component in r.choice(r.choice(tariffs)["elements"])["price_components"]:
        component["price"] = -component["price"]


def _unknown_end(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    cdr[r.choice(("start_date_time", "end_date_time"))] = r.choice(("1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z"))


def _float_noise(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    for dimension in r.choice(cdr["charging_periods"])["dimensions"]:
        if dimension["type"] == "ENERGY" and dimension["volume"]:
            dimension["volume"] += r.choice((1, -1)) * Decimal("0.00000000000000004")


def _no_zone(r: Random, cdr: Json, tariffs: list[Json]) -> None:
    del cdr["cdr_location"]


ODDITIES: tuple[Callable[[Random, Json, list[Json]], None], ...] = (
    *(_twice_a_dimension, _no_dimensions, _session_only_dimensions, _unknown_tariff, _other_currency),
    *(_time_runs_backwards, _twice_a_component, _no_elements, _strange_restrictions, _numbers_as_text),
    *(_offsets_for_z, _same_id_twice, _negative_price, _no_zone),
    *(_unknown_end, _float_noise, *(unknown_start,) * 5),
)
