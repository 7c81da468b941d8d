"""Laws of pricing, each with its conditions: order, credit, cut, scale and week do not matter; no input raises."""

import json
import random
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tariffs import Breakdown, price, verify
from tariffs.ocpi import VERSIONS, decode, read_cdr
from tariffs.quantity import WIDE

PARTS = ("energy", "time", "parking", "fixed", "reservation")
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
    """Whatever stands where in an object, the whole answer is the same; lists keep their order."""
    assert _priced(_shuffled(obj, random.Random(seed))) == _priced(obj)


@given(cdrs(), st.integers(0, 99))
def test_the_order_of_periods_does_not_matter(obj: dict[str, Any], seed: int) -> None:
    """Condition: no two periods begin together (those keep their order). Amounts are the same; a finding tells it."""
    periods = list(obj["charging_periods"])
    random.Random(seed).shuffle(periods)
    ours, other = _priced(obj), _priced({**obj, "charging_periods": periods})
    assert (other.total_cost, other.billed) == (ours.total_cost, ours.billed)


@given(cdrs())
def test_a_charge_and_its_credit_leave_nothing(obj: dict[str, Any]) -> None:
    """No condition: of limits, of unknown prices and of negative ones as well. The parts of both are the same."""
    charge, credit = _priced(obj), _priced({**obj, "credit": True, "credit_reference_id": "C"})
    assert (credit.billed, credit.total_energy_cost, credit.lines) == (
        *(charge.billed, charge.total_energy_cost, charge.lines),
    )
    for side in ("excl_vat", "incl_vat"):
        amounts = getattr(charge.total_cost, side), getattr(credit.total_cost, side)
        assert (amounts[0] is None) == (amounts[1] is None)
        assert amounts[0] is None or amounts[0] + amounts[1] == 0


@given(cdrs())
def test_lines_add_up_to_the_total_and_parts_as_well(obj: dict[str, Any]) -> None:
    """Condition of the parts: no limit is met, for limits are in no part. Thirds differ after the 90th digit."""
    found = _priced(obj)
    if found.priced:
        with localcontext(WIDE):
            lines = sum((line.cost.excl_vat for line in found.lines), Decimal(0))
            total = sum((getattr(found, f"total_{part}_cost").excl_vat for part in PARTS), Decimal(0))
            assert abs(lines - found.total_cost.excl_vat) < Decimal("1E-90")
            assert abs(total - found.total_cost.excl_vat) < Decimal("1E-90")


@given(cdrs(), st.integers(0, 99))
def test_the_order_of_dimensions_in_a_period_does_not_matter(obj: dict[str, Any], seed: int) -> None:
    """No condition: each dimension stands once in a period here, and one that stood twice would be added up."""
    order = random.Random(seed)
    periods = [
        {**p, "dimensions": order.sample(p["dimensions"], len(p["dimensions"]))} for p in obj["charging_periods"]
    ]
    assert _priced({**obj, "charging_periods": periods}) == _priced(obj)


limits = st.fixed_dictionaries(
    {},
    optional={
        "min_price": st.builds(lambda net: {"excl_vat": net}, st.integers(0, 60)),
        "max_price": st.builds(lambda net: {"excl_vat": net, "incl_vat": net * 2}, st.integers(0, 60)),
    },
)


@given(cdrs(), limits, st.sampled_from(["10", "100", "0.1", "7", "-1"]))
def test_ten_times_the_prices_are_ten_times_the_cost(obj: dict[str, Any], bounds: dict[str, Any], factor: str) -> None:
    """A unit of money is what one makes of it. Conditions: before rounding; limits are scaled with the prices.

    A factor below 0 turns the limits around, so it is for tariffs without them.
    """
    times = Decimal(factor)
    assume(times > 0 or not bounds)
    (tariff,) = obj["tariffs"]
    ours = _priced({**obj, "tariffs": [{**tariff, **bounds}]})
    scaled = {
        **tariff,
        **{name: {side: str(net * times) for side, net in bound.items()} for name, bound in bounds.items()},
        "elements": [
            {**e, "price_components": [{**c, "price": str(Decimal(c["price"]) * times)} for c in e["price_components"]]}
            for e in tariff["elements"]
        ],
    }
    other = _priced({**obj, "tariffs": [scaled]})
    assert (ours.priced, ours.billed) == (other.priced, other.billed)
    for total in ("total_cost", *(f"total_{part}_cost" for part in PARTS)):
        for side in ("excl_vat", "incl_vat"):
            one, ten = getattr(getattr(ours, total), side), getattr(getattr(other, total), side)
            with localcontext(WIDE):
                assert (one is None) == (ten is None)
                assert one is None or abs(one * times - ten) < Decimal("1E-90"), (total, side)


@given(cdrs(), st.integers(-27, 2))
def test_a_week_earlier_or_later_costs_the_same(obj: dict[str, Any], weeks: int) -> None:
    """Conditions: no clock change in between (29 March to 25 October in Berlin), no date and no validity."""

    def moved(at: str) -> str:
        return f"{datetime.fromisoformat(at) + timedelta(weeks=weeks):%Y-%m-%dT%H:%M:%SZ}"

    periods = [{**p, "start_date_time": moved(p["start_date_time"])} for p in obj["charging_periods"]]
    other = {
        **obj,
        "charging_periods": periods,
        "start_date_time": moved(obj["start_date_time"]),
        "end_date_time": moved(obj["end_date_time"]),
    }
    assert _priced(other) == _priced(obj)


def test_a_week_over_a_clock_change_may_cost_something_else() -> None:
    """Without its condition the law above fails: what was 20:30 in Berlin is 19:30 three weeks later."""
    late = {
        "price_components": [{"type": "ENERGY", "price": 3, "step_size": 0}],
        "restrictions": {"start_time": "20:00"},
    }
    base = {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 0}]}
    totals = []
    for day in ("07", "28"):
        obj = {
            **{"id": "C", "currency": "EUR", "cdr_location": {"country": "DEU"}},
            **{"start_date_time": f"2026-10-{day}T18:30:00Z", "end_date_time": f"2026-10-{day}T18:40:00Z"},
            "tariffs": [{"id": "T", "currency": "EUR", "elements": [late, base]}],
            "charging_periods": [
                {"start_date_time": f"2026-10-{day}T18:30:00Z", "dimensions": [{"type": "ENERGY", "volume": 1}]}
            ],
        }
        totals.append(_priced(obj).total_cost.excl_vat)
    assert totals == [3, 1]


BERLIN = ZoneInfo("Europe/Berlin")


def _thresholds_inside(obj: dict[str, Any], index: int) -> bool:
    """Whether a clock, a duration or an amount of energy that a restriction names lies inside of a period."""
    starts = [datetime.fromisoformat(p["start_date_time"]) for p in obj["charging_periods"]]
    ends = [*starts[1:], datetime.fromisoformat(obj["end_date_time"])]
    energies = [_volume(p, "ENERGY") for p in obj["charging_periods"]]
    before, after = sum(energies[:index], Decimal(0)), sum(energies[: index + 1], Decimal(0))
    for restrictions in (element["restrictions"] for element in obj["tariffs"][0]["elements"]):
        for name, value in restrictions.items():
            if name in ("min_kwh", "max_kwh") and before < value < after:
                return True
            if name in ("min_duration", "max_duration"):
                if starts[index] < starts[0] + timedelta(seconds=value) < ends[index]:
                    return True
            if name in ("start_time", "end_time", "day_of_week"):
                clock = "00:00" if name == "day_of_week" else value
                mark = datetime.fromisoformat(f"2026-10-07T{clock}").replace(tzinfo=BERLIN)
                if any(starts[index] < mark + timedelta(days=day) < ends[index] for day in (0, 1)):
                    return True
    return False


def _volume(period: dict[str, Any], kind: str) -> Decimal:
    return sum((Decimal(d["volume"]) for d in period["dimensions"] if d["type"] == kind), Decimal(0))


@given(cdrs(), st.integers(0, 4), st.sampled_from(["0.5", "0.25", "0.125"]))
def test_cutting_a_period_costs_nothing(obj: dict[str, Any], index: int, part: str) -> None:
    """Conditions: the volumes of both pieces are exact and in proportion to their time, so that the mean power stays;
    no threshold of clock, duration or energy lies inside of the period."""
    assume(index < len(obj["charging_periods"]))
    for period in obj["charging_periods"]:  # 0.1667 h are 10 minutes only by rounding, and half of them are not
        for dimension in period["dimensions"]:
            dimension["volume"] = "0.25" if dimension["volume"] == "0.1667" else dimension["volume"]
    assume(not _thresholds_inside(obj, index))
    periods = obj["charging_periods"]
    start = datetime.fromisoformat(periods[index]["start_date_time"])
    after = [*periods, {"start_date_time": obj["end_date_time"]}][index + 1]
    length = datetime.fromisoformat(after["start_date_time"]) - start
    assume(length.seconds % 8 == 0)
    share = Decimal(part)
    middle = f"{start + timedelta(seconds=int(length.seconds * share)):%Y-%m-%dT%H:%M:%SZ}"
    pieces = [
        {
            "start_date_time": at,
            "dimensions": [{**d, "volume": str(Decimal(d["volume"]) * of)} for d in periods[index]["dimensions"]],
        }
        for at, of in ((periods[index]["start_date_time"], share), (middle, 1 - share))
    ]
    whole, cut = _priced(obj), _priced({**obj, "charging_periods": [*periods[:index], *pieces, *periods[index + 1 :]]})
    assert (cut.total_cost, cut.billed) == (whole.total_cost, whole.billed)
    assert [getattr(cut, f"total_{part}_cost") for part in PARTS] == [
        getattr(whole, f"total_{part}_cost") for part in PARTS
    ]


@given(st.integers(1, 400), st.integers(1, 59), prices, st.sampled_from([0, 1, 500]))
def test_cutting_a_period_where_nothing_changes_costs_nothing(tenths: int, minute: int, rate: str, step: int) -> None:
    """Condition: no restriction at all. Then the volumes may be cut in any proportion, at any minute."""
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
