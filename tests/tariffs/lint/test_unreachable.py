"""What lint calls unreachable is never chosen by pricing; without a gap all energy has a price. Random charges."""

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from tariffs import price
from tariffs.lint import lint_tariff
from tariffs.ocpi import decode, read_cdr

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
KINDS = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
TIMES = ("00:00", "06:00", "12:00", "18:00", "23:59")


AXES: dict[str, dict[str, tuple[Any, ...]]] = {
    "time": {"start_time": TIMES, "end_time": TIMES},
    "weekday": {"day_of_week": (DAYS[:2], DAYS[2:3], DAYS[3:], DAYS[:5], DAYS[5:])},
    "date": {"start_date": ("2026-10-07", "2026-10-08"), "end_date": ("2026-10-08", "2026-10-09")},
    "kwh": {"min_kwh": (0, 5, 10), "max_kwh": (5, 10, 20)},
    "duration": {"min_duration": (0, 1800, 3600), "max_duration": (1800, 3600, 9000)},
    "power": {"min_power": (10, 20), "max_power": (10, 20, 50)},
    "current": {"min_current": (8, 16), "max_current": (16, 32)},
    "reservation": {"reservation": ("RESERVATION", "RESERVATION_EXPIRES")},
}


def _restrictions(dice: random.Random, axes: list[str]) -> dict[str, Any]:
    limits = [limit for axis in axes for limit in AXES[axis].items()]
    return {key: dice.choice(values) for key, values in limits if dice.random() < 0.4}


def _tariff(dice: random.Random, axes: tuple[str, ...] = tuple(AXES)) -> dict[str, Any]:
    """A tariff whose elements restrict the same few things, so that some of them cover others."""
    few = dice.sample(axes, dice.randint(1, 3))
    elements = [
        {
            "price_components": [
                {"type": kind, "price": dice.randint(1, 9), "step_size": 1}
                for kind in dice.sample(KINDS, dice.randint(1, 2))
            ],
            "restrictions": _restrictions(dice, few),
        }
        for _ in range(dice.randint(3, 7))
    ]
    return {"id": "T", "currency": "EUR", "elements": elements}


def _cdr(dice: random.Random, tariff: dict[str, Any]) -> dict[str, Any]:
    hours = sorted(dice.sample(range(72), dice.randint(2, 5)))
    instants = [f"2026-10-{7 + hour // 24:02}T{hour % 24:02}:{dice.choice(('00', '30', '59'))}:00Z" for hour in hours]
    stretches = []
    for at in instants[:-1]:
        volumes = {kind: dice.choice(("1", "0.5", "7.5")) for kind in KINDS[:3] if dice.random() < 0.7}
        for load in ("MIN_POWER", "MAX_POWER", "MIN_CURRENT", "MAX_CURRENT"):
            if dice.random() < 0.3:
                volumes[load] = dice.choice(("4", "10", "16", "48"))
        if dice.random() < 0.2:
            volumes["RESERVATION_TIME"] = "0.5"
        if dice.random() < 0.1:
            volumes["ENERGY"] = "-3"  # fed back to the grid
        dimensions = [{"type": kind, "volume": volume} for kind, volume in volumes.items()]
        stretches.append({"start_date_time": at, "dimensions": dimensions})
    return {
        "id": "C",
        "currency": "EUR",
        "start_date_time": instants[0],
        "end_date_time": instants[-1],
        "tariffs": [tariff],
        "charging_periods": stretches,
    }


@pytest.mark.parametrize("seed", range(8))
def test_an_unreachable_price_is_never_chosen(seed: int) -> None:
    dice = random.Random(seed)
    condemned = used = 0
    for _ in range(80):
        tariff = _tariff(dice)
        never = _never_chosen(tariff)
        condemned += len(never)
        for _ in range(10):
            read = read_cdr(decode(json.dumps(_cdr(dice, tariff))))
            assert read.cdr is not None
            outcome = dice.choice((None, "used", "expired", "cancelled"))
            found = price(read.cdr, time_zone="Europe/Berlin", reservation_outcome=outcome)
            for line in found.lines:
                kind = {"RESERVATION_TIME": "TIME", "RESERVATION_FLAT": "FLAT"}.get(line.dimension, line.dimension)
                assert (line.element, kind) not in never, (tariff, line)
                used += 1
    assert condemned > 40
    assert used > 500


def _never_chosen(tariff: dict[str, Any]) -> set[tuple[int, str]]:
    """Element and dimension of every price that lint condemns."""
    found: set[tuple[int, str]] = set()
    for finding in lint_tariff(decode(json.dumps(tariff))):
        if not finding.code.startswith("unreachable"):
            continue
        element, _, component = finding.path.removeprefix("$.elements[").partition("]")
        parts = tariff["elements"][int(element)]["price_components"]
        chosen = parts if not component else [parts[int(component.removeprefix(".price_components[").rstrip("]"))]]
        found.update((int(element), part["type"]) for part in chosen)
    return found


def _gap(elements: list[dict[str, Any]]) -> list[str]:
    tariff = {"id": "T", "currency": "EUR", "elements": elements}
    return [f.message for f in lint_tariff(decode(json.dumps(tariff))) if f.code == "energy-gap"]


@pytest.mark.parametrize("seed", range(4))
def test_energy_without_a_gap_is_never_free(seed: int) -> None:
    """Of windows, weekdays, energy and duration: loads and dates aside, the absence of a gap is proof of a price."""
    dice = random.Random(seed)
    whole = 0
    for _ in range(200):
        tariff = _tariff(dice, ("time", "weekday", "kwh", "duration"))
        elements = [e for e in tariff["elements"] if any(c["type"] == "ENERGY" for c in e["price_components"])]
        if not elements or _gap(elements):
            continue
        whole += 1
        cdr = _cdr(dice, {"id": "T", "currency": "EUR", "elements": elements})
        for stretch in cdr["charging_periods"]:
            stretch["dimensions"] = [{"type": "ENERGY", "volume": dice.choice(("1", "4.5"))}]
        read = read_cdr(decode(json.dumps(cdr)))
        assert read.cdr is not None
        found = price(read.cdr, time_zone="UTC")
        lines = [line for line in found.lines if line.dimension == "ENERGY"]
        assert len(lines) == len(cdr["charging_periods"]), elements
        assert all(line.price > Decimal(0) for line in lines)
    assert whole > 20


def test_a_gap_is_told_in_words() -> None:
    def energy(**limits: Any) -> dict[str, Any]:
        return {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}], "restrictions": limits}

    assert _gap([energy(start_time="06:00", end_time="22:00"), energy(start_time="22:30", end_time="06:00")]) == [
        "energy is free of charge 22:00 to 22:30 every day: no element prices it there"
    ]
    assert _gap([energy(max_kwh=20)]) == [
        "energy is free of charge with energy from 20 kWh: no element prices it there"
    ]
    assert _gap([energy(day_of_week=["MONDAY"]), energy(day_of_week=list(DAYS[1:6]))]) == [
        "energy is free of charge all day on SUNDAY: no element prices it there"
    ]
    assert _gap([energy(max_power=11), energy(min_power=11)]) == []
    day = {"start_date": "2026-10-07", "end_date": "2026-10-08"}
    assert _gap([energy(**day, end_time="12:00"), energy(**day, start_time="12:00")]) == []
    assert len(_gap([energy(**day, end_time="12:00"), energy(**day, start_time="12:30")])) == 1
    assert _gap([energy(max_power=11), energy()]) == []


def test_a_load_on_both_sides_of_a_limit_reaches_the_last_element() -> None:
    """A period from 4 to 48 kW is neither below 16 nor from 16 on."""
    limits: tuple[dict[str, Any], ...] = ({"max_power": 16}, {"min_power": 16}, {})
    elements = [
        {"price_components": [{"type": "ENERGY", "price": n + 1, "step_size": 1}], "restrictions": limit}
        for n, limit in enumerate(limits)
    ]
    tariff = {"id": "T", "currency": "EUR", "elements": elements}
    assert _never_chosen(tariff) == set()
    volumes = [{"type": kind, "volume": v} for kind, v in (("ENERGY", 1), ("MIN_POWER", 4), ("MAX_POWER", 48))]
    cdr = _cdr(random.Random(0), tariff)
    cdr["charging_periods"] = [{**cdr["charging_periods"][0], "dimensions": volumes}]
    read = read_cdr(decode(json.dumps(cdr)))
    assert read.cdr is not None
    assert [line.element for line in price(read.cdr).lines] == [2]
