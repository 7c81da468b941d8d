"""Pricing rules 13 and 14: billed quantity from measured quantity, once per charge."""

from decimal import Decimal
from typing import Any

import pytest

from tariffs import PriceComponent, Restrictions, Tariff, TariffElement
from tariffs.plan import plan_of
from tariffs.step_size import Priced, apply_steps

# id: (components by dimension as {dimension: (price, step)}, periods, end, billed kWh, min, parking min, total)
CASES: dict[str, Any] = {
    "no step": ({"ENERGY": ("0.40", 0)}, [("10:00", {"ENERGY": "0.115"})], "11:00", "0.115", "0", "0", "0.046"),
    "energy up to 25 Wh": (
        {"ENERGY": ("1", 25)},
        [("10:00", {"ENERGY": "0.115"})],
        "11:00",
        "0.125",
        "0",
        "0",
        "0.125",
    ),
    "an exact multiple stays": (
        {"ENERGY": ("1", 500)},
        [("10:00", {"ENERGY": "1.5"})],
        "11:00",
        "1.5",
        "0",
        "0",
        "1.5",
    ),
    "energy once over two periods": (
        {"ENERGY": ("1", 500)},
        [("10:00", {"ENERGY": "0.6"}), ("10:30", {"ENERGY": "0.6"})],
        "11:00",
        "1.5",
        "0",
        "0",
        "1.5",
    ),
    "time up to the minute": (
        {"TIME": ("6", 60)},
        [("10:00", {"TIME": "0.1681"})],
        "10:10:05",
        "0",
        "11",
        "0",
        "1.1",
    ),
    "four decimals of 10 minutes are 10 minutes": (
        {"TIME": ("6", 300)},
        [("10:00", {"TIME": "0.1667"})],
        "10:10",
        "0",
        "10",
        "0",
        "1",
    ),
    "parking takes the rounding from time": (
        {"TIME": ("6", 600), "PARKING_TIME": ("6", 600)},
        [("10:00", {"TIME": "0.35"}), ("10:21", {"PARKING_TIME": "0.1167"})],
        "10:28",
        "0",
        "21",
        "10",
        "3.1",
    ),
    "parking of 0 takes nothing": (
        {"TIME": ("6", 600), "PARKING_TIME": ("6", 600)},
        [("10:00", {"TIME": "0.35"}), ("10:21", {"PARKING_TIME": 0})],
        "10:21",
        "0",
        "30",
        "0",
        "3",
    ),
    "parking that has no price takes nothing": (
        {"TIME": ("6", 600)},
        [("10:00", {"TIME": "0.35"}), ("10:21", {"PARKING_TIME": "0.5"})],
        "10:51",
        "0",
        "30",
        "0",
        "3",
    ),
    "parking priced 0.00 counts as priced": (
        {"TIME": ("6", 600), "PARKING_TIME": ("0", 600)},
        [("10:00", {"TIME": "0.35"}), ("10:21", {"PARKING_TIME": "0.1"})],
        "10:27",
        "0",
        "21",
        "10",
        "2.1",
    ),
    "parking before charging as well": (
        {"TIME": ("6", 600), "PARKING_TIME": ("6", 600)},
        [("10:00", {"PARKING_TIME": "0.1"}), ("10:06", {"TIME": "0.35"})],
        "10:27",
        "0",
        "21",
        "10",
        "3.1",
    ),
    "negative energy nets and is not rounded": (
        {"ENERGY": ("1", 500)},
        [("10:00", {"ENERGY": "0.6"}), ("10:30", {"ENERGY": "-0.7"})],
        "11:00",
        "-0.1",
        "0",
        "0",
        "-0.1",
    ),
}


@pytest.mark.parametrize(
    ("components", "periods", "end", "kwh", "minutes", "parking", "total"), CASES.values(), ids=CASES
)
def test_billed(
    making: Any, components: Any, periods: Any, end: str, kwh: str, minutes: str, parking: str, total: str
) -> None:
    parts = [making.component(kind, amount, step=step) for kind, (amount, step) in components.items()]
    breakdown = making.priced(making.cdr(*periods, end=end), making.tariff((parts, None)))
    billed = breakdown.billed
    assert [f"{x.normalize():f}" for x in (billed.energy_kwh, billed.time_min, billed.parking_min)] == [
        kwh,
        minutes,
        parking,
    ]
    assert making.total(breakdown) == total


def test_the_last_component_sets_the_step_and_takes_what_is_added(making: Any) -> None:
    day = ([making.component("ENERGY", "0.20", step=1)], {"end_time": "17:00"})
    evening = ([making.component("ENERGY", "0.50", step=1000)], {"start_time": "17:00"})
    breakdown = making.priced(
        making.cdr(("16:00", {"ENERGY": "4.3"}), ("17:00", {"ENERGY": "1.1"}), end="18:00"),
        making.tariff(day, evening),
    )
    assert [(str(line.quantity), str(line.price)) for line in breakdown.lines] == [("4.3", "0.20"), ("1.7", "0.50")]
    assert making.total(breakdown) == "1.71"


def test_free_time_does_not_count_for_the_step(making: Any) -> None:
    paid = ([making.component("TIME", "3", step=600)], {"end_time": "17:00"})
    breakdown = making.priced(
        making.cdr(("16:52", {"TIME": "0.1333"}), ("17:00", {"TIME": "0.2"}), end="17:12"), making.tariff(paid)
    )
    assert breakdown.billed.time_min == 10
    assert making.total(breakdown) == "0.5"


def test_reservation_time_is_rounded_by_itself(making: Any) -> None:
    reserved = ([making.component("TIME", "6", step=600)], {"reservation": "RESERVATION"})
    charging = [making.component("TIME", "6", step=600)]
    breakdown = making.priced(
        making.cdr(("10:00", {"RESERVATION_TIME": "0.25"}), ("10:15", {"TIME": "0.4167"}), end="10:40"),
        making.tariff(reserved, (charging, None)),
    )
    assert (breakdown.billed.reservation_min, breakdown.billed.time_min) == (20, 30)


def test_a_volume_of_nothing_sets_no_step() -> None:
    elements = tuple(
        TariffElement((PriceComponent("TIME", Decimal(price), step_size=step),), Restrictions(min_kwh=Decimal(kwh)))
        for price, step, kwh in ((1, 600, 5), (2, 900, 0))
    )
    options = plan_of(Tariff("T", "EUR", elements)).charging["TIME"]
    priced = [Priced(0, "TIME", Decimal(60), options[0]), Priced(1, "TIME", Decimal(0), options[1])]
    assert not apply_steps(priced)
    assert [p.billed for p in priced] == [600, 0]
