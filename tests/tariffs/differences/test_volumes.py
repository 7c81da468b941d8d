"""Each reading of quantities makes a claim that our own reading does not, in a charge worked out by hand."""

from typing import Any

import pytest


def one(m: Any, volumes: dict[str, Any], end: str, *components: Any, **more: Any) -> Any:
    """One period from 10:00 on."""
    return m.cdr(("10:00", volumes), end=end, tariffs=[m.tariff(*components)], **more)


def unsorted(m: Any) -> Any:
    """1.00 per kWh until 10 kWh, then 3.00; the list has the later 12 kWh before the first 10."""
    tariff = m.tariff((m.component("ENERGY", "1.00"), {"max_kwh": 10}), m.component("ENERGY", "2.00"))
    periods = [("10:30", {"ENERGY": 12}), ("10:00", {"ENERGY": 10})]
    return m.cdr(*periods, start="10:00", end="11:00", tariffs=[tariff])


def twice(m: Any, hours: str, second: str, end: str) -> Any:
    """Two periods of the same length at 6.00 per hour."""
    tariff = m.tariff(m.component("TIME", "6.00"))
    return m.cdr(("10:00:00", {"TIME": hours}), (second, {"TIME": hours}), end=end, tariffs=[tariff])


def parked(m: Any) -> Any:
    """An hour at 3.00, then an hour of parking at 2.10."""
    tariff = m.tariff(m.component("TIME", "3.00"), m.component("PARKING_TIME", "2.10"))
    return m.cdr(("10:00", {"TIME": 1}), ("11:00", {"PARKING_TIME": 1}), end="12:00", tariffs=[tariff])


def reserved(m: Any) -> Any:
    """An hour reserved at 3.00, then an hour at 6.00."""
    tariff = m.tariff((m.component("TIME", "3.00"), {"reservation": "RESERVATION"}), m.component("TIME", "6.00"))
    return m.cdr(("10:00", {"RESERVATION_TIME": 1}), ("11:00", {"TIME": 1}), end="12:00", tariffs=[tariff])


def stated_twice(m: Any) -> Any:
    """5 kWh, and 7 kWh in the same period."""
    made = m.cdr(
        ("10:00", {"ENERGY": 5}),
        ("10:30", {"ENERGY": 1}),
        end="11:00",
        tariffs=[m.tariff(m.component("ENERGY", "1.00"))],
    )
    made["charging_periods"][0]["dimensions"].append({"type": "ENERGY", "volume": 7})
    return made


# reading: (claim, others that make it too, charge)
CASES: dict[str, Any] = {
    # 12 x 1.00 + 10 x 2.00; ours 10 x 1.00 + 12 x 2.00
    "periods-in-list-order": ("32.00", [], unsorted),
    # 10 min 20 s twice, at 0.10 a minute: 11 + 11, ours 20:40
    "minutes-up-per-period": ("2.20", [], lambda m: twice(m, "0.1722", "10:10:20", "10:20:40")),
    "minutes-up": ("2.10", ["minutes-nearest"], lambda m: twice(m, "0.1722", "10:10:20", "10:20:40")),
    "minutes-nearest": ("2.10", ["minutes-up"], lambda m: twice(m, "0.1722", "10:10:20", "10:20:40")),
    "minutes-nearest-per-period": (
        "2.00",
        ["minutes-down", "minutes-down-per-period"],
        lambda m: twice(m, "0.1722", "10:10:20", "10:20:40"),
    ),
    # 10 min 50 s twice: 10 + 10 per period, 21 in all
    "minutes-down-per-period": ("2.00", [], lambda m: twice(m, "0.1806", "10:10:50", "10:21:40")),
    "minutes-down": ("2.10", [], lambda m: twice(m, "0.1806", "10:10:50", "10:21:40")),
    # 600.12 s in steps of 5 min are 15 min; ours 10
    "hours-as-stated": (
        "1.50",
        ["four-decimals", "hours-two-decimals", "next-multiple-always"],
        lambda m: one(m, {"TIME": "0.1667"}, "10:10", m.component("TIME", "6.00", step=300)),
    ),
    # 0.1667 h x 6.00, the step of 5 min adds nothing
    "money-for-stated-hours": (
        "1.0002",
        [],
        lambda m: one(m, {"TIME": "0.1667"}, "10:10", m.component("TIME", "6.00", step=300)),
    ),
    # 10.1234 kWh x 3.00
    "four-decimals": ("30.3702", [], lambda m: one(m, {"ENERGY": "10.12344"}, "11:00", m.component("ENERGY", "3.00"))),
    # 0.17 h x 6.00
    "hours-two-decimals": ("1.02", [], lambda m: one(m, {"TIME": "0.1667"}, "10:10", m.component("TIME", "6.00"))),
    # 10.13 kWh x 3.00
    "kwh-two-decimals": ("30.39", [], lambda m: one(m, {"ENERGY": "10.126"}, "11:00", m.component("ENERGY", "3.00"))),
    "parking-as-time": ("6.00", [], parked),
    "parking-counted-twice": ("8.10", [], parked),
    "parking-not-charged": ("3.00", ["one-element-for-all"], parked),
    "reservation-as-time": ("12.00", [], reserved),
    "reservation-not-charged": ("6.00", [], reserved),
    "time-by-wall-clock": ("6.00", [], lambda m: one(m, {"TIME": "0.4"}, "11:00", m.component("TIME", "6.00"))),
    "energy-by-total": (
        "12.00",
        [],
        lambda m: one(m, {"ENERGY": 10}, "11:00", m.component("ENERGY", "1.00"), total_energy=12),
    ),
    "time-by-total": (
        "9.00",
        [],
        lambda m: one(m, {"TIME": "0.4"}, "11:00", m.component("TIME", "6.00"), total_time="1.5"),
    ),
    "parking-by-total": (
        "9.00",
        [],
        lambda m: one(
            m, {"PARKING_TIME": "0.4"}, "11:00", m.component("PARKING_TIME", "6.00"), total_parking_time="1.5"
        ),
    ),
    "last-of-a-kind": ("8.00", [], stated_twice),
    "fed-back-energy-ignored": (
        "10.00",
        [],
        lambda m: m.cdr(
            ("10:00", {"ENERGY": 10}),
            ("10:30", {"ENERGY": -2}),
            end="11:00",
            tariffs=[m.tariff(m.component("ENERGY", "1.00"))],
        ),
    ),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)
