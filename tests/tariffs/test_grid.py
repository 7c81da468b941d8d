"""The grid of a tariff says what the matcher says, at every threshold and beside it."""

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from tariffs import PriceComponent, Tariff, TariffElement
from tariffs.grid import NEAR, Grid, bit_of, grid_of
from tariffs.plan import DIMENSIONS, Plan, choose, plan_of
from tariffs.restrictions import NEAR_MISS, Moment
from tariffs.tariff import Restrictions
from tariffs.timeline import Clock

KWHS = [Decimal(text) for text in ("0", "0.0005", "5", "5.0001", "10", "0.99999")]
DURATIONS = [Decimal(seconds) for seconds in (0, 60, 1800, 3600)]
SECONDS = [0, 3600, 28_800, 72_000, 86_399, 86_400]
DAYS = [date.min, date(2026, 3, 29), date(2026, 10, 7), date(2026, 10, 8)]
TYPES = ("FLAT", "ENERGY", "TIME", "PARKING_TIME")


def made_up(seed: int) -> Tariff:
    """A tariff of a few elements with restrictions of every kind but loads."""
    dice = Random(seed)
    elements = []
    for number in range(dice.randrange(1, 6)):
        limits: dict[str, Any] = {}
        for name, values in (
            ("start_time", SECONDS), ("end_time", SECONDS), ("start_date", DAYS), ("end_date", DAYS),
            ("min_kwh", KWHS), ("max_kwh", KWHS), ("min_duration", DURATIONS), ("max_duration", DURATIONS),
            ("reservation", ["RESERVATION"]),
        ):  # fmt: skip
            if dice.random() < 0.2:
                limits[name] = dice.choice(values)
        if dice.random() < 0.3:
            limits["day_of_week"] = frozenset(dice.sample(range(7), dice.randrange(8)))
        types = dice.choices(TYPES, k=dice.randrange(1, 4))
        components = tuple(PriceComponent(kind, Decimal(number + 1)) for kind in types)
        elements.append(TariffElement(components, Restrictions(**limits)))
    return Tariff(f"T{seed}", "EUR", tuple(elements))


def applying(grid: Grid, moment: Moment) -> int:
    """What whoever uses a grid does: look up five numbers."""
    assert moment.clock is not None
    assert moment.duration is not None
    found = grid.by_second[bisect_right(grid.seconds, moment.clock.second) - 1]
    if grid.by_weekday:
        found &= grid.by_weekday[moment.clock.weekday]
    found &= grid.by_day[bisect_right(grid.days, moment.clock.day)]
    found &= grid.by_kwh[bisect_right(grid.kwhs, moment.kwh)]
    return found & grid.by_duration[bisect_right(grid.durations, moment.duration)]


def compare(plan: Plan, moment: Moment, grid: Grid) -> None:
    found = applying(grid, moment)
    for dimension in DIMENSIONS:
        options = plan.charging[dimension]
        assert next((o for o in options if found & bit_of(o)), None) is choose(options, moment)
    assert found & NEAR or NEAR_MISS not in moment.noted


@pytest.mark.parametrize("seed", range(150))
def test_it_says_what_the_matcher_says(seed: int) -> None:
    dice = Random(seed)
    plan = plan_of(made_up(seed))
    grid = grid_of(plan)
    seconds = sorted({0, 86_399, *((mark + step) % 86_400 for mark in plan.clock_marks for step in (-1, 0, 1))})
    days = [day + timedelta(days=step) for day in DAYS for step in (-1, 0, 1) if day > date.min or step >= 0]
    kwhs = [kwh + step for kwh in KWHS for step in map(Decimal, ("-0.0011", "-0.001", "-0.0001", "0", "0.0001"))]
    durations = [seconds + step for seconds in DURATIONS for step in (-1, 0, 1)]
    every = list(product(seconds, days, kwhs, durations))
    for second, day, kwh, duration in dice.sample(every, min(400, len(every))):
        compare(plan, Moment(Clock(day, day.weekday(), second), kwh, duration, {}, None), grid)


def test_what_nobody_looks_at_has_no_threshold() -> None:
    plan = plan_of(Tariff("T", "EUR", (TariffElement((PriceComponent("ENERGY", Decimal(1)),)),)))
    grid = grid_of(plan)
    assert (grid.seconds, grid.days, grid.kwhs, grid.durations) == ((0,), [], [], ())
    assert grid.by_weekday == []
    assert grid.by_kwh == [0b10]
    assert bit_of(plan.charging["ENERGY"][0]) == 0b10


def test_a_narrow_miss_begins_a_thousandth_before_the_threshold() -> None:
    element = TariffElement((PriceComponent("ENERGY", Decimal(1)),), Restrictions(min_kwh=Decimal(5)))
    grid = grid_of(plan_of(Tariff("T", "EUR", (element,))))
    assert grid.kwhs == [Decimal("4.999"), Decimal(5)]
    assert grid.by_kwh == [0b00, NEAR, 0b10]
