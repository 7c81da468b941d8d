"""Pricing rules 2, 3, 10, 12 and 32: periods in time, local time, and prices that change inside a period."""

from decimal import Decimal
from typing import Any

import pytest

from tariffs import TariffsError


def _evening_price(making: Any) -> Any:
    evening = ([making.component("ENERGY", "0.80")], {"start_time": "17:00", "end_time": "20:00"})
    return making.tariff(evening, making.component("ENERGY", "0.20"))


def test_periods_are_priced_in_order_of_time_and_it_is_said(making: Any) -> None:
    first_10 = ([making.component("ENERGY", "1")], {"max_kwh": 10})
    tariff = making.tariff(first_10, making.component("ENERGY", "2"))
    late, early = ("11:00", {"ENERGY": 5}), ("10:00", {"ENERGY": 10})
    breakdown = making.priced(making.cdr(late, early, start="10:00", end="12:00"), tariff)
    assert making.total(breakdown) == "20"
    assert "periods-not-in-order" in making.codes(breakdown)


def test_periods_of_one_start_stand_side_by_side(making: Any) -> None:
    first_10 = ([making.component("ENERGY", "1")], {"max_kwh": 10})
    cdr = making.cdr(("10:00", {"ENERGY": 10}), ("10:00", {"ENERGY": 5}), ("11:00", {"ENERGY": 1}), end="12:00")
    assert making.total(making.priced(cdr, making.tariff(first_10))) == "15"


def test_the_session_begins_with_its_first_period_whatever_the_head_says(making: Any) -> None:
    free_hour = ([making.component("PARKING_TIME", "6")], {"min_duration": 3600})
    cdr = making.cdr(
        ("10:00", {"ENERGY": 1}), ("10:59:59", {"PARKING_TIME": 1}), start="2020-01-01T00:00:00Z", end="11:59:59"
    )
    assert making.total(making.priced(cdr, making.tariff(free_hour))) == "0"


BOUNDS: dict[str, Any] = {
    "across both": ("16:00", "21:00", 50, "10", "40", "30"),
    "ends on the boundary": ("16:00", "17:00", 10, "2", None, None),
    "begins on the boundary": ("17:00", "20:00", 10, "8", None, None),
    "begins inside": ("19:00", "21:00", 10, "8", "8", "-6"),
}


@pytest.mark.parametrize(("start", "end", "kwh", "total", "upper", "money"), BOUNDS.values(), ids=BOUNDS)
def test_a_period_that_spans_a_price_change_has_bounds(
    making: Any, start: str, end: str, kwh: int, total: str, upper: str | None, money: str | None
) -> None:
    breakdown = making.priced(making.cdr((start, {"ENERGY": kwh}), end=end), _evening_price(making))
    spans = [f for f in breakdown.findings if f.code == "period-spans-price-change"]
    assert making.total(breakdown) == total
    assert [f.money for f in spans] == ([] if money is None else [Decimal(money)])
    assert all(f"and {upper}" in f.message for f in spans)


def test_every_kind_of_boundary_is_looked_at(making: Any) -> None:
    kinds: dict[str, Any] = {
        "midnight by weekday": ({"day_of_week": ["THURSDAY"]}, "23:00", "2026-10-08T01:00:00Z"),
        "midnight by date": ({"start_date": "2026-10-08"}, "23:00", "2026-10-08T01:00:00Z"),
        "duration": ({"min_duration": 1800}, "10:00", "11:00"),
        "energy": ({"min_kwh": 5}, "10:00", "11:00"),
        "days later": ({"start_time": "17:00", "end_time": "18:00"}, "18:00", "2026-10-10T10:00:00Z"),
    }
    for name, (restrictions, start, end) in kinds.items():
        tariff = making.tariff(([making.component("ENERGY", "3")], restrictions), making.component("ENERGY", "1"))
        breakdown = making.priced(making.cdr((start, {"ENERGY": 10}), end=end), tariff)
        found = [f.money for f in breakdown.findings if f.code == "period-spans-price-change"]
        assert (making.total(breakdown), found) == ("10", [20]), name


def test_time_and_energy_thresholds_are_combined(making: Any) -> None:
    both = ([making.component("ENERGY", "3")], {"min_kwh": 5, "min_duration": 1800})
    tariff = making.tariff(both, making.component("ENERGY", "1"))
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 10}), end="11:00"), tariff)
    assert [f.money for f in breakdown.findings if f.code == "period-spans-price-change"] == [20]


def test_a_flat_that_begins_inside_the_only_period_is_said(making: Any) -> None:
    overstay = ([making.component("FLAT", "10")], {"min_duration": 3600})
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 1}), end="12:00"), making.tariff(overstay, making.component("ENERGY", "1"))
    )
    assert [f.money for f in breakdown.findings if f.code == "period-spans-price-change"] == [10]


NIGHT = {"start_time": "02:00", "end_time": "03:00"}
CLOCK_CHANGES: dict[str, Any] = {
    "autumn: the first 02:30": ("2026-10-25T00:30:00Z", "2026-10-25T00:59:00Z", "2"),
    "autumn: the second 02:30": ("2026-10-25T01:30:00Z", "2026-10-25T01:59:00Z", "2"),
    "autumn: 03:00": ("2026-10-25T02:00:00Z", "2026-10-25T02:59:00Z", "1"),
    "spring: the hour does not exist": ("2026-03-29T01:00:00Z", "2026-03-29T01:59:00Z", "1"),
    "summer": ("2026-07-01T00:30:00Z", "2026-07-01T00:59:00Z", "2"),
    "winter": ("2026-01-01T01:30:00Z", "2026-01-01T01:59:00Z", "2"),
}


@pytest.mark.parametrize(("start", "end", "total"), CLOCK_CHANGES.values(), ids=CLOCK_CHANGES)
def test_local_time_with_clock_changes(making: Any, start: str, end: str, total: str) -> None:
    tariff = making.tariff(([making.component("ENERGY", "2")], NIGHT), making.component("ENERGY", "1"))
    breakdown = making.priced(making.cdr((start, {"ENERGY": 1}), end=end), tariff, time_zone="Europe/Berlin")
    assert making.total(breakdown) == total
    assert "period-spans-price-change" not in making.codes(breakdown)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z"), ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z")],
    ids=["into the doubled hour", "out of it"],
)
def test_boundaries_on_the_night_of_the_clock_change(making: Any, start: str, end: str) -> None:
    tariff = making.tariff(([making.component("ENERGY", "2")], NIGHT), making.component("ENERGY", "1"))
    breakdown = making.priced(making.cdr((start, {"ENERGY": 1}), end=end), tariff, time_zone="Europe/Berlin")
    assert "period-spans-price-change" in making.codes(breakdown)


def test_a_window_ending_inside_the_doubled_hour_is_active_twice(making: Any) -> None:
    tariff = making.tariff(
        ([making.component("ENERGY", "2")], {"start_time": "02:00", "end_time": "02:30"}),
        making.component("ENERGY", "1"),
    )
    # From the first 02:30 to the second: begins outside, passes the jump back into the window.
    cdr = making.cdr(("2026-10-25T00:30:00Z", {"ENERGY": 1}), end="2026-10-25T01:30:00Z")
    breakdown = making.priced(cdr, tariff, time_zone="Europe/Berlin")
    assert [f.money for f in breakdown.findings if f.code == "period-spans-price-change"] == [1]


ODD: dict[str, Any] = {
    "session-only-dimension": {"ENERGY": 1, "STATE_OF_CHARGE": 80},
    "unknown-dimension": {"ENERGY": 1, "KILOMETRES": 3},
    "time-exceeds-wall-clock": {"ENERGY": 1, "TIME": 2},
}


@pytest.mark.parametrize(("code", "volumes"), ODD.items(), ids=ODD)
def test_odd_periods_are_priced_and_said(making: Any, code: str, volumes: Any) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1"), making.component("TIME", "1")], None))
    breakdown = making.priced(making.cdr(("10:00", volumes), end="11:00"), tariff)
    assert breakdown.total_energy_cost.excl_vat == 1
    assert code in making.codes(breakdown)


def test_a_dimension_twice_is_added_and_an_empty_period_is_said(making: Any) -> None:
    cdr = making.cdr(("10:00", {"ENERGY": 1}), ("11:00", {}), end="12:00")
    cdr["charging_periods"][0]["dimensions"] *= 2
    breakdown = making.priced(cdr, making.tariff(making.component("ENERGY", "1")))
    assert making.total(breakdown) == "2"
    assert {"duplicate-dimension", "period-without-dimensions"} <= making.codes(breakdown)


def test_a_dimension_that_is_priced_but_not_stated_is_noted(making: Any) -> None:
    tariff = making.tariff(making.component("TIME", "1"), making.component("ENERGY", "1"))
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00"), tariff)
    assert [f.severity for f in breakdown.findings if f.code == "dimension-without-volume"] == ["W"]


PLACEHOLDER = "1970-01-01T00:00:00Z"


def test_the_placeholder_refuses_only_what_needs_the_instant(making: Any) -> None:
    plain, clock = making.tariff(making.component("ENERGY", "1")), _evening_price(making)
    valid = {**plain, "start_date_time": "2020-01-01T00:00:00Z"}
    head = making.cdr(("10:00", {"ENERGY": 1}), start=PLACEHOLDER, end=PLACEHOLDER)
    assert making.total(making.priced(head, plain)) == "1"
    assert "instant-unknown" in making.codes(making.priced(head, valid))
    period = making.cdr((PLACEHOLDER, {"ENERGY": 1}), start="10:00", end="11:00")
    assert making.total(making.priced(period, plain)) == "1"
    for tariff in (clock, making.tariff(([making.component("ENERGY", "1")], {"max_duration": 60}))):
        breakdown = making.priced(period, tariff)
        assert (breakdown.priced, "instant-unknown" in making.codes(breakdown)) == (False, True)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01T00:00:00Z", "0001-01-01T09:00:00Z"), ("9999-12-31T10:00:00Z", "9999-12-31T23:59:59Z")],
    ids=["first day", "last day"],
)
def test_the_ends_of_the_calendar_raise_nothing(making: Any, zone: str, start: str, end: str) -> None:
    breakdown = making.priced(making.cdr((start, {"ENERGY": 1}), end=end), _evening_price(making), time_zone=zone)
    assert breakdown.priced


def test_an_outcome_that_does_not_exist_is_the_callers_mistake(making: Any) -> None:
    with pytest.raises(TariffsError, match="no outcome"):
        making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00"), reservation_outcome="lost")
