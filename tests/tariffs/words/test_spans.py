"""Prices that change inside a period (pricing rule 10): between which bounds the truth lies, and at which instants."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from charges import cdr, component, priced, said, tariff

from tariffs.spans import boundaries


def spans(index: int, dimension: str, priced: str, low: str, high: str, money: str) -> str:
    return (
        f"W period-spans-price-change $.charging_periods[{index}] [{money}]: the price of {dimension} changes inside "
        f"the period, which OCPI wants split there: priced {priced} at the rate of its start, "
        f"the truth lies between {low} and {high}"
    )


def dear(kind: str = "ENERGY", amount: Any = 3, **restrictions: Any) -> tuple[list[Any], dict[str, Any]]:
    return [component(kind, amount)], restrictions


# id: (elements, periods, end, what is said)
SPANS: dict[str, Any] = {
    "dearer later": ([dear(start_time="10:30"), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "cheaper later": ([dear(end_time="10:30"), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        spans(0, "ENERGY", "30", "10", "30", "-20")]),
    "both, the larger counts": (
        [dear(end_time="10:10"), dear(amount=9, start_time="10:50"), dear(amount=5)],
        [("10:05", {"ENERGY": 1})], "11:00", [spans(0, "ENERGY", "3", "3", "9", "6")],
    ),
    "up and down alike: up": (
        [dear(amount=5, end_time="10:10"), dear(amount=9, start_time="10:50"), dear(amount=1)],
        [("10:05", {"ENERGY": 1})], "11:00", [spans(0, "ENERGY", "5", "1", "9", "4")],
    ),
    "free before, priced later": ([dear(start_time="10:30")], [("10:00", {"ENERGY": 10})], "11:00", [
        "I volume-not-priced $.charging_periods[0]: no price component of the tariff is for this ENERGY: "
        "it costs nothing",
        spans(0, "ENERGY", "0", "0", "30", "30")]),
    "time by the hour": ([dear("TIME", min_duration=1800), component("TIME")], [("10:00", {"TIME": "0.75"})], "10:45", [
        spans(0, "TIME", "0.75", "0.75", "2.25", "1.5")]),
    "parking": (
        [dear("PARKING_TIME", "1.23456", min_duration=1800)], [("10:00", {"PARKING_TIME": 1})], "11:00",
        ["I volume-not-priced $.charging_periods[0]: no price component of the tariff is for this PARKING_TIME: "
         "it costs nothing", spans(0, "PARKING_TIME", "0", "0", "1.2346", "1.23456")],
    ),
    "a reservation": (
        [([component("TIME", 4)], {"reservation": "RESERVATION", "min_duration": 1800}),
         ([component("TIME", 2)], {"reservation": "RESERVATION"})],
        [("09:00", {"RESERVATION_TIME": 1}), ("10:00", {"ENERGY": 0})], "11:00",
        [spans(0, "RESERVATION_TIME", "2", "2", "4", "2")],
    ),
    "a reservation counts from its own start, a charge from its": (
        [([component("TIME", 4)], {"reservation": "RESERVATION", "min_duration": 5400}),
         ([component("TIME", 2)], {"reservation": "RESERVATION"}), dear(min_duration=5400), component()],
        [("09:00", {"RESERVATION_TIME": 1}), ("10:00", {"ENERGY": 1}), ("11:00", {"ENERGY": 1})], "12:00",
        [spans(2, "ENERGY", "1", "1", "3", "2")],
    ),
    "a start fee that begins inside": ([dear("FLAT", 8, min_duration=60), component()], [("10:00", {"ENERGY": 1})],
        "11:00", [spans(0, "FLAT", "0", "0", "8", "8")]),
    "a start fee that changes after it was due": (
        [dear("FLAT", 8, min_duration=60), component("FLAT", 2)], [("10:00", {"ENERGY": 0})], "11:00", []),
    "a start fee that begins inside, after another was due": (
        [dear("FLAT", 8, min_duration=5400), dear("FLAT", 2, max_duration=60)],
        [("10:00", {"ENERGY": 0}), ("11:00", {"ENERGY": 0})], "12:00", []),
    "another element at the same price": ([dear(amount=1, start_time="10:30"), component()],
        [("10:00", {"ENERGY": 10})], "11:00", []),
    "at the very end": ([dear(start_time="11:00"), component()], [("10:00", {"ENERGY": 10})], "11:00", []),
    "at the very start": ([dear(start_time="10:00"), component()], [("10:00", {"ENERGY": 10})], "11:00", []),
    "a second before the end": ([dear(start_time="10:59:59"), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        "I unusual-time-of-day $.tariffs[T].elements[0].restrictions: "
        "a time of day with seconds, or 24:00; taken as written",
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "kWh, at the end": ([dear(min_kwh=10), component()], [("10:00", {"ENERGY": 10})], "11:00", []),
    "kWh, just inside": ([dear(min_kwh="9.99"), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "kWh of a later period": (
        [dear(min_kwh=15), component()], [("10:00", {"ENERGY": 10}), ("10:30", {"ENERGY": 10})], "11:00", [
        spans(1, "ENERGY", "10", "10", "30", "20")]),
    "kWh, fed back": ([dear(max_kwh=-5), component()], [("10:00", {"ENERGY": -10})], "11:00", [
        "I energy-fed-back $.charging_periods: "
        "energy was fed back to the grid; the sum is netted and a negative sum is not rounded"]),
    "duration, at the end": ([dear(min_duration=3600), component()], [("10:00", {"ENERGY": 10})], "11:00", []),
    "duration, a second before": ([dear(min_duration=3599), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "duration of a later period": (
        [dear(min_duration=5400), component()], [("10:00", {"ENERGY": 1}), ("11:00", {"ENERGY": 1})], "12:00", [
        spans(1, "ENERGY", "1", "1", "3", "2")]),
    "duration in parts of a second": (
        [dear(min_duration="0.75", max_duration="0.875"), component()], [("10:00", {"ENERGY": 1})], "10:01", [
        spans(0, "ENERGY", "1", "1", "3", "2")]),
    "time and kWh together only": (
        [dear(min_kwh=5, start_time="10:30"), component()], [("10:00", {"ENERGY": 10})], "11:00", [
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "energy has a bound, its time has none": (
        [dear(min_kwh=5), ([component(), component("TIME")], {})], [("10:00", {"ENERGY": 10, "TIME": 1})], "11:00", [
        spans(0, "ENERGY", "10", "10", "30", "20")]),
    "each period by itself": (
        [dear(start_time="10:15", end_time="10:45"), component()],
        [("10:00", {"ENERGY": 10}), ("10:30", {"ENERGY": 1})], "11:00",
        [spans(0, "ENERGY", "10", "10", "30", "20"), spans(1, "ENERGY", "3", "1", "3", "-2")],
    ),
    "a load is that of the whole period": (
        [dear(min_power=22, start_time="10:30"), component()], [("10:00", {"ENERGY": 10, "MAX_POWER": 11})], "11:00",
        []),
    "the mean power is that of the whole period": (
        [dear(min_power=22, start_time="10:30"), component()], [("10:00", {"ENERGY": 10})], "11:00", []),
    "a period of no length": (
        [dear(start_time="10:30"), component()], [("10:00", {"ENERGY": 1}), ("10:00", {"TIME": 0, "ENERGY": 1})],
        "10:00", []),
}  # fmt: skip


@pytest.mark.parametrize(("elements", "periods", "end", "expected"), SPANS.values(), ids=SPANS)
def test_spans(elements: Any, periods: Any, end: str, expected: list[str]) -> None:
    assert said(cdr(*periods, end=end), (tariff(*elements),)) == expected


def test_a_change_of_weekday_and_date_is_seen_at_local_midnight() -> None:
    for restrictions in ({"day_of_week": ["THURSDAY"]}, {"start_date": "2026-10-08"}):
        for zone, start, end, changes in (
            ("UTC", "23:00", "2026-10-08T01:00:00Z", True),
            ("Europe/Berlin", "23:00", "2026-10-08T01:00:00Z", False),
            ("Europe/Berlin", "21:00", "23:00", True),
            ("UTC", "21:00", "23:00", False),
        ):
            obj = cdr((start, {"ENERGY": 1}), end=end)
            codes = [f.code for f in priced(obj, (tariff(dear(**restrictions), component()),), time_zone=zone).findings]
            assert ("period-spans-price-change" in codes) == changes, (restrictions, zone, start)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


H = 3600
# id: (marks of the local day in seconds, zone, start, end, instants in between)
BOUNDARIES: dict[str, Any] = {
    "inside": ([10 * H + 1800], "UTC", "2026-10-07 10:00", "2026-10-07 11:00", ["2026-10-07 10:30"]),
    "not at its start, not at its end": ([10 * H, 11 * H], "UTC", "2026-10-07 10:00", "2026-10-07 11:00", []),
    "in local time": ([12 * H], "Europe/Berlin", "2026-10-07 09:30", "2026-10-07 10:30", ["2026-10-07 10:00"]),
    "over midnight": (
        [0, 1 * H],
        "UTC",
        "2026-10-07 23:00",
        "2026-10-08 02:00",
        ["2026-10-08 00:00", "2026-10-08 01:00"],
    ),
    "a second after the start": ([10 * H + 1], "UTC", "2026-10-07 10:00", "2026-10-07 10:01", ["2026-10-07 10:00:01"]),
    "a start in parts of a second": (
        [10 * H + 1],
        "UTC",
        "2026-10-07 10:00:00.500",
        "2026-10-07 10:00:01.200",
        ["2026-10-07 10:00:01"],
    ),
    "an end in parts of a second": ([10 * H + 2], "UTC", "2026-10-07 10:00:00.500", "2026-10-07 10:00:01.900", []),
    "parts of a second, a whole day": ([10 * H], "UTC", "2026-10-07 10:00:00.500", "2026-10-08 10:00:00", []),
    "a whole day": ([10 * H], "UTC", "2026-10-07 10:00", "2026-10-08 10:00", []),
    "more than a day": (
        [10 * H, 0],
        "UTC",
        "2026-10-07 10:00",
        "2026-10-08 10:01",
        ["2026-10-08 00:00", "2026-10-08 10:00"],
    ),
    "two days": (
        [12 * H],
        "UTC",
        "2026-10-07 10:00",
        "2026-10-09 13:00",
        ["2026-10-07 12:00", "2026-10-08 12:00", "2026-10-09 12:00"],
    ),
    "the clock goes back": (
        [2 * H + 1800],
        "Europe/Berlin",
        "2026-10-25 00:00",
        "2026-10-25 02:00",
        ["2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"],
    ),
    "the clock goes forward": (
        [1 * H + 1800, 2 * H + 1800, 3 * H + 1800],
        "Europe/Berlin",
        "2026-03-29 00:00",
        "2026-03-29 02:00",
        ["2026-03-29 00:30", "2026-03-29 01:00", "2026-03-29 01:30"],
    ),
    "after the clock went back": (
        [2 * H + 1800],
        "Europe/Berlin",
        "2026-10-25 01:10",
        "2026-10-25 01:40",
        ["2026-10-25 01:30"],
    ),
    "half an hour of Lord Howe": (
        [2 * H],
        "Australia/Lord_Howe",
        "2026-04-04 14:30",
        "2026-04-04 15:30",
        ["2026-04-04 15:00"],
    ),
    "a clock change within two days": (
        [2 * H + 1800],
        "Europe/Berlin",
        "2026-10-24 22:00",
        "2026-10-26 02:00",
        ["2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-26 01:30"],
    ),
    "the last days of the calendar": (
        [12 * H],
        "UTC",
        "9999-12-30 00:00",
        "9999-12-31 23:59",
        ["9999-12-30 12:00", "9999-12-31 12:00"],
    ),
    "the first day of the calendar, earlier in the west": (
        [12 * H],
        "America/New_York",
        "0001-01-01 00:00",
        "0001-01-01 23:00",
        [],
    ),
    "the last day of the calendar, later in the east": (
        [12 * H],
        "Asia/Tokyo",
        "9999-12-31 00:00",
        "9999-12-31 23:00",
        [],
    ),
}


@pytest.mark.parametrize(("marks", "zone", "start", "end", "expected"), BOUNDARIES.values(), ids=BOUNDARIES)
def test_boundaries(marks: list[int], zone: str, start: str, end: str, expected: list[str]) -> None:
    found = boundaries(tuple(marks), utc(start), utc(end), ZoneInfo(zone))
    assert sorted(set(found)) == [utc(at) for at in expected]


def test_of_a_very_long_period_the_first_days_are_looked_at() -> None:
    found = boundaries((12 * H,), utc("2026-01-01 00:00"), utc("2027-01-01 00:00"), ZoneInfo("UTC"))
    assert sorted(set(found)) == [datetime(2026, 1 + day // 31, 1 + day % 31, 12, tzinfo=UTC) for day in range(40)]


def test_of_very_many_moments_the_first_are_looked_at() -> None:
    """40 days of 24 windows and 30 thresholds are too many to combine; the price itself does not depend on them."""
    hours = [dear(amount=n + 1, start_time=f"{n:02}:00", end_time=f"{n:02}:30") for n in range(24)]
    steps = [dear(amount=2, min_kwh=n, max_kwh=n) for n in range(1, 30)]
    obj = cdr(("2026-10-07T10:00:00Z", {"ENERGY": 100}), end="2026-12-07T10:00:00Z")
    found = priced(obj, (tariff(*hours, *steps),))
    assert found.total_cost.excl_vat == Decimal(1100)
    assert [f.money for f in found.findings if f.code == "period-spans-price-change"] == [Decimal(1300)]
