"""A clock, an instant or a load nobody knows stops a price only where the price depends on it (rules 2, 10, 11)."""

from typing import Any

import pytest

NIGHT = {"start_time": "22:00", "end_time": "06:00"}
UNKNOWN_START = "1970-01-01T00:00:00Z"

# id: (restrictions of the first element, volumes, total by the second element at 0.50, or None where none can be made)
CLOCKS: dict[str, Any] = {
    "the clock alone": (NIGHT, {"ENERGY": 10}, None),
    "a date alone": ({"start_date": "2026-10-07"}, {"ENERGY": 10}, None),
    "an end date alone": ({"end_date": "2026-10-07"}, {"ENERGY": 10}, None),
    "a weekday alone": ({"day_of_week": ["MONDAY"]}, {"ENERGY": 10}, None),
    "ruled out by min_kwh": ({**NIGHT, "min_kwh": 20}, {"ENERGY": 10}, "5"),
    "ruled out by max_kwh": ({"day_of_week": ["MONDAY"], "max_kwh": 0}, {"ENERGY": 10}, "5"),
    "ruled out by min_duration": ({**NIGHT, "min_duration": 60}, {"ENERGY": 10}, "5"),
    "ruled out by max_duration": ({"end_date": "2026-10-07", "max_duration": 0}, {"ENERGY": 10}, "5"),
    "ruled out by power": ({**NIGHT, "max_power": 22}, {"ENERGY": 10, "MAX_POWER": 50}, "5"),
    "ruled out by mean power": ({"start_date": "2026-10-07", "min_power": 22}, {"ENERGY": 10}, "5"),
    "ruled out by current": ({**NIGHT, "min_current": 16}, {"ENERGY": 10, "MIN_CURRENT": 6}, "5"),
    "all else is met": ({**NIGHT, "max_kwh": 20, "max_power": 22}, {"ENERGY": 10, "MAX_POWER": 11}, None),
    "a load may be met as well": ({**NIGHT, "max_current": 16}, {"ENERGY": 10}, None),
    "no volume asks": (NIGHT, {"ENERGY": 0, "PARKING_TIME": 1}, "0"),
    "the whole day is no clock": ({"start_time": "08:00", "end_time": "08:00"}, {"ENERGY": 10}, "10"),
    "all weekdays are no clock": (
        {"day_of_week": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]},
        {"ENERGY": 10},
        "10",
    ),
}


@pytest.mark.parametrize(("restrictions", "volumes", "total"), CLOCKS.values(), ids=CLOCKS)
def test_an_unknown_zone(making: Any, restrictions: Any, volumes: Any, total: str | None) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], restrictions), making.component("ENERGY", "0.50"))
    found = making.priced(making.cdr(("10:00", volumes), end="11:00"), tariff, time_zone=None)
    if total is None:
        (finding,) = [f for f in found.findings if f.severity == "Q"]
        assert (finding.code, finding.path) == ("time-zone-unknown", "$.cdr_location")
        assert found.total_cost.excl_vat is None
    else:
        assert making.total(found) == total
        assert "time-zone-unknown" not in making.codes(found)


def test_an_earlier_element_that_applies_needs_no_clock_of_a_later_one(making: Any) -> None:
    tariff = making.tariff(making.component("ENERGY", "0.50"), ([making.component("ENERGY", "1.00")], NIGHT))
    found = making.priced(making.cdr(("10:00", {"ENERGY": 10}), end="11:00"), tariff, time_zone=None)
    assert (making.total(found), found.time_zone) == ("5", None)


def test_a_start_fee_that_is_due_already_needs_no_clock_later(making: Any) -> None:
    """A FLAT is due once (rule 15): what the night's fee would have been in the second period changes nothing."""
    night = ([making.component("FLAT", "9.00")], {**NIGHT, "min_duration": 60})
    tariff = making.tariff(night, making.component("FLAT", "2.00"))
    cdr = making.cdr(("10:00", {"ENERGY": 1}), ("10:30", {"ENERGY": 1}), end="11:00")
    found = making.priced(cdr, tariff, time_zone=None)
    assert making.total(found) == "2"
    assert "time-zone-unknown" not in making.codes(found)


def test_a_start_fee_that_is_not_due_yet_needs_the_clock(making: Any) -> None:
    tariff = making.tariff(([making.component("FLAT", "9.00")], NIGHT), making.component("FLAT", "2.00"))
    found = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00"), tariff, time_zone=None)
    assert found.total_cost.excl_vat is None


# id: (restrictions, total by the second element at 0.50, or None); the start of the period is the placeholder
INSTANTS: dict[str, Any] = {
    "the clock": (NIGHT, None),
    "a duration at least": ({"min_duration": 60}, None),
    "a duration below": ({"max_duration": 60}, None),
    "ruled out by min_kwh": ({**NIGHT, "min_kwh": 20}, "5"),
    "a duration, ruled out by max_kwh": ({"min_duration": 60, "max_kwh": 0}, "5"),
    "a duration, ruled out by power": ({"max_duration": 60, "max_power": 22}, "5"),
}


@pytest.mark.parametrize(("restrictions", "total"), INSTANTS.values(), ids=INSTANTS)
def test_an_unknown_instant(making: Any, restrictions: Any, total: str | None) -> None:
    tariff = making.tariff(([making.component("ENERGY", "1.00")], restrictions), making.component("ENERGY", "0.50"))
    cdr = making.cdr((UNKNOWN_START, {"ENERGY": 10, "MAX_POWER": 50}), start="10:00", end="11:00")
    found = making.priced(cdr, tariff)
    if total is None:
        (finding,) = [f for f in found.findings if f.severity == "Q"]
        assert (finding.code, finding.path) == ("instant-unknown", "$.charging_periods[0]")
    else:
        assert making.total(found) == total
        assert "instant-unknown" not in making.codes(found)


def test_a_load_is_unverifiable_only_where_the_element_applies(making: Any) -> None:
    slow = ([making.component("ENERGY", "1.00")], {"max_current": 16, "min_kwh": 5})
    tariff = making.tariff(slow, making.component("ENERGY", "0.50"))
    cdr = making.cdr(("10:00", {"ENERGY": 4}), ("10:30", {"ENERGY": 6}), ("11:00", {"ENERGY": 1}), end="11:30")
    found = making.priced(cdr, tariff)
    assert making.total(found) == "6"
    assert [f.path for f in found.findings if f.code == "restriction-unverifiable"] == ["$.charging_periods[2]"]


def test_a_clock_that_only_a_straddled_limit_leaves_open_does_not_stop_the_next_dimension(making: Any) -> None:
    """The energy lies on both sides of a limit of power and is free; the time has its price without any clock."""
    slow = ([making.component("ENERGY", "1.00")], {**NIGHT, "max_power": 22})
    tariff = making.tariff(slow, ([making.component("TIME", "6.00")], {"max_kwh": 100}))
    volumes = {"ENERGY": 10, "MIN_POWER": 4, "MAX_POWER": 48, "TIME": 1}
    found = making.priced(making.cdr(("10:00", volumes), end="11:00"), tariff, time_zone=None)
    assert making.total(found) == "6"
    assert {"period-straddles-limit"} <= making.codes(found)
