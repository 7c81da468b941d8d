"""Laws of pricing: order does not matter, a credit cancels, a cut where nothing changes is free, no input raises."""

import json
import random
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs import Breakdown, price, verify
from tariffs.ocpi import VERSIONS, decode, read_cdr
from tariffs.quantity import WIDE

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "tariffs"

prices = st.decimals(0, 9, places=4).map(str)
restrictions = st.fixed_dictionaries(
    {},
    optional={
        "start_time": st.sampled_from(["00:00", "08:00", "12:30", "22:00"]),
        "end_time": st.sampled_from(["00:00", "06:00", "12:30", "20:00"]),
        "min_kwh": st.integers(0, 20),
        "max_kwh": st.integers(0, 40),
        "min_duration": st.sampled_from([0, 900, 3600]),
        "max_duration": st.sampled_from([900, 3600, 7200]),
        "day_of_week": st.lists(st.sampled_from(["MONDAY", "WEDNESDAY", "SUNDAY"]), max_size=2),
        "max_power": st.integers(1, 50),
    },
)
components = st.builds(
    lambda kind, amount, vat, step: {"type": kind, "price": amount, "vat": vat, "step_size": step},
    st.sampled_from(["ENERGY", "TIME", "PARKING_TIME", "FLAT"]),
    prices,
    st.sampled_from([None, "19", "7.7"]),
    st.sampled_from([0, 1, 60, 500]),
)
elements = st.builds(
    lambda parts, limits: {"price_components": parts, "restrictions": limits},
    st.lists(components, min_size=1, max_size=3),
    restrictions,
)
volumes = st.fixed_dictionaries(
    {},
    optional={
        "ENERGY": st.decimals(0, 30, places=4).map(str),
        "TIME": st.sampled_from(["0.25", "0.5", "0.1667"]),
        "PARKING_TIME": st.sampled_from(["0.25", "0.5"]),
    },
)


@st.composite
def cdrs(draw: Any) -> dict[str, Any]:
    count = draw(st.integers(1, 5))
    periods = [
        {
            "start_date_time": f"2026-10-07T{5 + 3 * n:02}:{draw(st.integers(0, 59)):02}:00Z",
            "dimensions": [{"type": k, "volume": v} for k, v in draw(volumes).items()],
        }
        for n in range(count)
    ]
    tariff = {"id": "T", "currency": "EUR", "elements": draw(st.lists(elements, min_size=1, max_size=4))}
    return {
        "id": "C",
        "currency": "EUR",
        "start_date_time": periods[0]["start_date_time"],
        "end_date_time": "2026-10-07T23:30:00Z",
        "cdr_location": {"country": "DEU"},
        "tariffs": [tariff],
        "charging_periods": periods,
    }


def _priced(obj: dict[str, Any]) -> Breakdown:
    cdr = read_cdr(decode(json.dumps(obj))).cdr
    assert cdr is not None
    return price(cdr)


def _shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: _shuffled(value[key], order) for key in keys}
    return [_shuffled(item, order) for item in value] if isinstance(value, list) else value


@given(cdrs(), st.integers(0, 99))
def test_the_order_of_json_keys_does_not_matter(obj: dict[str, Any], seed: int) -> None:
    assert _priced(_shuffled(obj, random.Random(seed))) == _priced(obj)


@given(cdrs(), st.integers(0, 99))
def test_the_order_of_periods_does_not_matter(obj: dict[str, Any], seed: int) -> None:
    periods = list(obj["charging_periods"])
    random.Random(seed).shuffle(periods)
    ours, other = _priced(obj), _priced({**obj, "charging_periods": periods})
    assert (other.total_cost, other.billed) == (ours.total_cost, ours.billed)


@given(cdrs())
def test_a_charge_and_its_credit_leave_nothing(obj: dict[str, Any]) -> None:
    charge, credit = _priced(obj), _priced({**obj, "credit": True, "credit_reference_id": "C"})
    for side in ("excl_vat", "incl_vat"):
        amounts = getattr(charge.total_cost, side), getattr(credit.total_cost, side)
        assert (amounts[0] is None) == (amounts[1] is None)
        assert amounts[0] is None or amounts[0] + amounts[1] == 0


@given(cdrs())
def test_lines_add_up_to_the_total_and_parts_as_well(obj: dict[str, Any]) -> None:
    found = _priced(obj)
    if found.priced:
        parts = ("energy", "time", "parking", "fixed", "reservation")
        with localcontext(WIDE):
            lines = sum((line.cost.excl_vat for line in found.lines), Decimal(0))
            total = sum((getattr(found, f"total_{part}_cost").excl_vat for part in parts), Decimal(0))
            assert abs(lines - found.total_cost.excl_vat) < Decimal("1E-90")
            assert abs(total - found.total_cost.excl_vat) < Decimal("1E-90")


@given(st.integers(1, 400), st.integers(1, 59), prices, st.sampled_from([0, 1, 500]))
def test_cutting_a_period_where_nothing_changes_costs_nothing(tenths: int, minute: int, rate: str, step: int) -> None:
    parts = [
        {"type": "ENERGY", "price": rate, "step_size": step},
        {"type": "TIME", "price": rate, "step_size": 60 if step else 0},
    ]
    base = {
        "id": "C",
        "currency": "EUR",
        "start_date_time": "2026-10-07T10:00:00Z",
        "end_date_time": "2026-10-07T11:00:00Z",
        "tariffs": [{"id": "T", "currency": "EUR", "elements": [{"price_components": parts}]}],
    }
    kwh = Decimal(tenths) / 10
    first = Decimal(minute) / 60

    def period(at: str, energy: Decimal, hours: Decimal) -> dict[str, Any]:
        dimensions = [{"type": "ENERGY", "volume": str(energy)}, {"type": "TIME", "volume": str(hours)}]
        return {"start_date_time": f"2026-10-07T{at}:00Z", "dimensions": dimensions}

    whole = _priced({**base, "charging_periods": [period("10:00", kwh, Decimal(1))]})
    cut = _priced(
        {
            **base,
            "charging_periods": [
                period("10:00", kwh / 4, first),
                period(f"10:{minute:02}", kwh - kwh / 4, 1 - first),
            ],
        }
    )
    assert (cut.total_cost, cut.billed) == (whole.total_cost, whole.billed)


BAD = [
    None,
    True,
    [],
    {},
    "",
    "x",
    -1,
    0,
    10**40,
    "1e5",
    "NaN",
    "2026-13-01T00:00:00Z",
    "1970-1-1T00:00:00Z",
    [[]],
    [{}],
]


def _mutated(text: str, order: random.Random) -> str:
    obj = json.loads(text)
    for _ in range(order.randint(1, 4)):
        at: Any = obj
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = order.choice(keys)
            if isinstance(at[key], dict | list) and at[key] and order.random() < 0.8:
                at = at[key]
                continue
            if order.random() < 0.3:
                del at[key]
            else:
                at[key] = order.choice(BAD)
            break
    found = json.dumps(obj)
    if order.random() < 0.1:
        found = found.replace("1", order.choice(["NaN", "1e999", "9" * 50, "1.5", "-2"]), 3)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_no_mutated_cdr_raises(seed: int) -> None:
    order = random.Random(seed)
    texts = [path.read_text("utf-8") for path in sorted(FIXTURES.glob("*/cdr.json"))]
    for _ in range(800):
        try:
            obj = decode(_mutated(order.choice(texts), order))
        except ValueError:
            continue
        read = read_cdr(obj, version=order.choice([None, None, *VERSIONS]))
        if read.cdr is None:
            continue
        found = price(read.cdr, time_zone=order.choice([None, "Europe/Berlin"]))
        verify(read.cdr, found)
        if not found.priced:
            refusals = [f for f in (*read.findings, *found.findings) if f.severity in "SQ"]
            assert refusals, obj
            assert (found.billed, found.total_fixed_cost.excl_vat) == (None, None)


settings.register_profile("tariffs", deadline=None)
settings.load_profile("tariffs")
