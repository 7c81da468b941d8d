"""Each reading of time makes a claim that our own reading does not, in a charge worked out by hand."""

from typing import Any

import pytest

BERLIN = {"time_zone": "Europe/Berlin"}  # on 7 October 2026, a Wednesday, two hours before UTC


def priced(m: Any, restrictions: dict[str, Any], at: str, *, end: str = "", **more: Any) -> Any:
    """10 kWh in one period; 1.00 per kWh where the restrictions are met, else 3.00."""
    tariff = m.tariff((m.component("ENERGY", "1.00"), restrictions), m.component("ENERGY", "3.00"))
    return m.cdr((at, {"ENERGY": 10}), end=end or f"{at[:-2]}59", tariffs=[tariff], **more)


def until_noon(m: Any, *periods: Any, end: str) -> Any:
    """1.00 per kWh until 12:00, then 3.00."""
    tariff = m.tariff(
        (m.component("ENERGY", "1.00"), {"end_time": "12:00"}), (m.component("ENERGY", "3.00"), {"start_time": "12:00"})
    )
    return m.cdr(*periods, end=end, tariffs=[tariff])


def parked(m: Any) -> Any:
    """Two hours at 1.00, then parking in two periods, at 6.00 per hour from min_duration 1 h on."""
    tariff = m.tariff(m.component("TIME", "1.00"), (m.component("PARKING_TIME", "6.00"), {"min_duration": 3600}))
    periods = [("10:00", {"TIME": 2}), ("12:00", {"PARKING_TIME": 1}), ("13:00", {"PARKING_TIME": "0.5"})]
    return m.cdr(*periods, end="13:30", tariffs=[tariff])


def early_head(m: Any) -> Any:
    """The CDR starts an hour before its first period; half an hour costs 1.00 per hour, the rest 3.00."""
    tariff = m.tariff(
        (m.component("TIME", "1.00"), {"max_duration": 1800}), (m.component("TIME", "3.00"), {"min_duration": 1800})
    )
    return m.cdr(("10:00", {"TIME": "0.4"}), start="09:00", end="10:24", tariffs=[tariff])


# reading: (claim, others that make it too, charge, how it is priced)
CASES: dict[str, Any] = {
    # 11:00 in UTC, 13:00 local
    "utc": ("10.00", [], lambda m: priced(m, {"start_time": "00:00", "end_time": "12:00"}, "11:00"), BERLIN),
    # stated as UTC, but in Germany
    "zone-of-the-place": (
        "30.00",
        ["last-element-first"],
        lambda m: priced(m, {"end_time": "12:00"}, "11:00", cdr_location={"country": "DEU"}),
    ),
    # 12:30 in summer, 11:30 in winter, 10:30 in UTC
    "standard-time-all-year": (
        "10.00",
        [],
        lambda m: priced(m, {"start_time": "11:00", "end_time": "12:00"}, "10:30", end="10:59"),
        BERLIN,
    ),
    "end-date-inclusive": ("10.00", [], lambda m: priced(m, {"end_date": "2026-10-07"}, "11:00")),
    "midnight-end-never": (
        "30.00",
        ["last-element-first"],
        lambda m: priced(m, {"start_time": "20:00", "end_time": "00:00"}, "21:00"),
    ),
    "window-over-midnight-never": (
        "30.00",
        ["last-element-first"],
        lambda m: priced(m, {"start_time": "22:00", "end_time": "06:00"}, "23:00"),
    ),
    "equal-times-never": (
        "30.00",
        ["last-element-first"],
        lambda m: priced(m, {"start_time": "08:00", "end_time": "08:00"}, "11:00"),
    ),
    # the window of Tuesday evening ends on Wednesday morning
    "weekday-of-the-window-start": (
        "10.00",
        [],
        lambda m: priced(m, {"start_time": "22:00", "end_time": "06:00", "day_of_week": ["TUESDAY"]}, "01:00"),
    ),
    # all at 3.00; ours all at 1.00
    "price-at-the-end": ("30.00", [], lambda m: until_noon(m, ("11:30", {"ENERGY": 10}), end="12:30")),
    # 5 at 1.00 and 5 at 3.00
    "split-evenly": ("20.00", [], lambda m: until_noon(m, ("11:30", {"ENERGY": 10}), end="12:30")),
    # all 10 at 1.00; ours 4 and 6
    "prices-of-the-session-start": (
        "10.00",
        [],
        lambda m: until_noon(m, ("11:00", {"ENERGY": 4}), ("12:00", {"ENERGY": 6}), end="12:30"),
    ),
    # the first hour of parking is free: 2 x 1.00 + 0.5 x 6.00
    "duration-of-the-dimension": ("5.00", [], parked),
    # an hour has passed since the head of the CDR: 0.4 x 3.00
    "duration-from-the-cdr-start": ("1.20", [], early_head),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)
