"""TariffRestrictions, each by itself: one kWh at 1.00 where met, else free (pricing.md, restrictions)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tariffs import restrictions as engine
from tariffs.tariff import Restrictions

# id: (restrictions, start of the period, dimensions, is met)
WED = "2026-10-07"
CASES: dict[str, Any] = {
    "start_time: before": ({"start_time": "08:00"}, "07:59:59", {}, False),
    "start_time: at": ({"start_time": "08:00"}, "08:00", {}, True),
    "end_time: before": ({"end_time": "08:00"}, "07:59:59", {}, True),
    "end_time: at": ({"end_time": "08:00"}, "08:00", {}, False),
    "window: inside": ({"start_time": "08:00", "end_time": "20:00"}, "12:00", {}, True),
    "window: at its end": ({"start_time": "08:00", "end_time": "20:00"}, "20:00", {}, False),
    "window over midnight: late": ({"start_time": "22:00", "end_time": "06:00"}, "23:00", {}, True),
    "window over midnight: early": ({"start_time": "22:00", "end_time": "06:00"}, "05:59", {}, True),
    "window over midnight: outside": ({"start_time": "22:00", "end_time": "06:00"}, "06:00", {}, False),
    "window to 00:00 is to the end of day": ({"start_time": "20:00", "end_time": "00:00"}, "23:59", {}, True),
    "window to 00:00: before": ({"start_time": "20:00", "end_time": "00:00"}, "19:59", {}, False),
    "only end_time 00:00 is always": ({"end_time": "00:00"}, "12:00", {}, True),
    "equal times are the whole day": ({"start_time": "08:00", "end_time": "08:00"}, "07:00", {}, True),
    "end_time 24:00": ({"start_time": "20:00", "end_time": "24:00"}, "23:59:59", {}, True),
    "start_date: on": ({"start_date": WED}, "00:00", {}, True),
    "start_date: before": ({"start_date": "2026-10-08"}, "23:59", {}, False),
    "end_date is exclusive": ({"end_date": WED}, "00:00", {}, False),
    "end_date: the day before": ({"end_date": "2026-10-08"}, "23:59", {}, True),
    "day_of_week: met": ({"day_of_week": ["WEDNESDAY"]}, "10:00", {}, True),
    "day_of_week: not met": ({"day_of_week": ["MONDAY", "SUNDAY"]}, "10:00", {}, False),
    "day_of_week empty is absent": ({"day_of_week": []}, "10:00", {}, True),
    "null is absent": ({"day_of_week": None, "min_kwh": None, "start_date": None}, "10:00", {}, True),
    "min_power: met by MIN_POWER": ({"min_power": 11}, "10:00", {"MIN_POWER": 11, "MAX_POWER": 22}, True),
    "min_power: not met": ({"min_power": 11}, "10:00", {"MIN_POWER": 10, "MAX_POWER": 22}, False),
    "max_power: exclusive": ({"max_power": 22}, "10:00", {"MAX_POWER": 22}, False),
    "max_power: below": ({"max_power": 22}, "10:00", {"MAX_POWER": "21.9"}, True),
    "max_power by MIN_POWER alone": ({"max_power": 22}, "10:00", {"MIN_POWER": 23}, False),
    "min_power by MAX_POWER alone": ({"min_power": 22}, "10:00", {"MAX_POWER": 22}, True),
    "min_current": ({"min_current": 32}, "10:00", {"MIN_CURRENT": 32}, True),
    "min_current: not met": ({"min_current": 32}, "10:00", {"MIN_CURRENT": 31}, False),
    "max_current": ({"max_current": 32}, "10:00", {"MAX_CURRENT": 31}, True),
    "max_current: not met": ({"max_current": 32}, "10:00", {"MAX_CURRENT": 32}, False),
    "mean power disproves max_power": ({"max_power": 1}, "10:00", {}, False),
    "mean power disproves min_power": ({"min_power": 2}, "10:00", {}, False),
    "all must be met": ({"start_time": "08:00", "day_of_week": ["MONDAY"]}, "10:00", {}, False),
}


@pytest.mark.parametrize(("restrictions", "start", "loads", "met"), CASES.values(), ids=CASES)
def test_restriction(making: Any, restrictions: Any, start: str, loads: Any, met: bool) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], restrictions))
    # One hour and 1 kWh: a mean of 1 kW.
    begin = datetime.fromisoformat(f"{WED}T{start}+00:00")
    end = f"{begin + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    breakdown = making.priced(making.cdr((start, {"ENERGY": 1, **loads}), end=end), tariff)
    assert making.total(breakdown) == ("1" if met else "0")


@pytest.mark.parametrize(("limit", "total"), [("min_kwh", "5"), ("max_kwh", "10")])
def test_kwh_counts_what_came_before(making: Any, limit: str, total: str) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], {limit: 10}))
    cdr = making.cdr(("10:00", {"ENERGY": 10}), ("11:00", {"ENERGY": 5}), end="12:00")
    assert making.total(making.priced(cdr, tariff)) == total


@pytest.mark.parametrize(("limit", "total"), [("min_duration", "5"), ("max_duration", "10")])
def test_duration_counts_from_the_start_of_charging_parking_included(making: Any, limit: str, total: str) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], {limit: 3600}))
    cdr = making.cdr(
        ("10:00", {"ENERGY": 10}), ("10:30", {"PARKING_TIME": "0.5"}), ("11:00", {"ENERGY": 5}), end="12:00"
    )
    assert making.total(making.priced(cdr, tariff)) == total


def test_an_unverifiable_restriction_counts_as_met_and_is_said(making: Any) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], {"max_current": 32}))
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00"), tariff)
    assert making.total(breakdown) == "1"
    assert "restriction-unverifiable" in making.codes(breakdown)


def test_a_period_on_both_sides_of_a_limit_is_free_by_the_letter_and_is_said(making: Any) -> None:
    slow = ([making.component("ENERGY", "1.00")], {"max_power": 22})
    quick = ([making.component("ENERGY", "2.00")], {"min_power": 22})
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 3, "MIN_POWER": 4, "MAX_POWER": 48}), end="11:00"), making.tariff(slow, quick)
    )
    (finding,) = [f for f in breakdown.findings if f.code == "period-straddles-limit"]
    assert (making.total(breakdown), finding.money) == ("0", -6)


def test_a_threshold_missed_by_rounding_is_taken_literally_and_said(making: Any) -> None:
    first = ([making.component("ENERGY", "1.00")], {"max_kwh": 20})
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": "19.9999"}), ("11:00", {"ENERGY": 5}), end="12:00"),
        making.tariff(first, making.component("ENERGY", "2.00")),
    )
    assert making.total(breakdown) == "24.9999"
    assert "threshold-near-miss" in making.codes(breakdown)


def test_an_unknown_restriction_is_priced_as_if_absent_with_both_totals(making: Any) -> None:
    special = ([making.component("ENERGY", "1.00")], {"dayOfWeek": ["SUNDAY"]})
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 3}), end="11:00"), making.tariff(special, making.component("ENERGY", "0.50"))
    )
    (finding,) = [f for f in breakdown.findings if f.code == "unknown-restriction"]
    assert (making.total(breakdown), finding.money) == ("3", Decimal("1.5"))


def test_elements_of_the_bookings_module_are_invisible(making: Any) -> None:
    fee = ([making.component("FLAT", "15.00")], {"booking": True})
    other = ([making.component("FLAT", "9.00")], {"reservation": "BOOKING_CANCELLED"})
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 3}), end="11:00"), making.tariff(fee, other, making.component("ENERGY", "1"))
    )
    assert making.total(breakdown) == "3"
    assert [f.money for f in breakdown.findings if f.code == "booking-element-not-priced"] == [15, 9]


LINTS: dict[str, Any] = {
    "window-is-whole-day": {"start_time": "08:00", "end_time": "08:00"},
    "window-leaves-a-minute": {"start_time": "08:00", "end_time": "23:59"},
    "weekday-and-window-over-midnight": {"start_time": "22:00", "end_time": "06:00", "day_of_week": ["MONDAY"]},
    "unusual-time-of-day": {"start_time": "08:00:30"},
}


@pytest.mark.parametrize(("code", "restrictions"), LINTS.items(), ids=LINTS)
def test_lints(making: Any, code: str, restrictions: Any) -> None:
    tariff = making.tariff(([making.component("ENERGY")], restrictions))
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 3}), end="11:00"), tariff)
    assert [f.severity for f in breakdown.findings if f.code == code] == ["I"]


def test_each_test_has_the_name_of_what_it_judges() -> None:
    """In the order in which they are asked: the steady ones, then power and current; a whole day restricts nothing."""
    all_of_them = Restrictions(
        **{
            "start_time": 3600,
            "start_date": date(2026, 1, 1),
            "end_date": date(2027, 1, 1),
            "day_of_week": frozenset((1,)),
        },
        **dict.fromkeys(LIMITS, Decimal(1)),
    )
    assert engine.names_of(all_of_them) == ("window", "start_date", "end_date", "day_of_week", *LIMITS)
    assert list(map(len, engine.tests_of(all_of_them))) == [8, 4]
    assert engine.names_of(Restrictions(start_time=3600, end_time=3600, day_of_week=frozenset(range(7)))) == ()


LIMITS = (
    *("min_kwh", "max_kwh", "min_duration", "max_duration"),
    *("min_power", "max_power", "min_current", "max_current"),
)
