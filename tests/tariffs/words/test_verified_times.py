"""The words about the durations that a CDR states (pricing rules 3 and 22)."""

from typing import Any

import pytest
from verified import RESERVATION, RESERVED, verified

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    # parking
    "a minute of parking less, to the second, is nothing": (
        {"total_parking_time": "0.6", "periods": [("10:00", {"PARKING_TIME": "0.6167", "ENERGY": 1, "TIME": "0.1"})]},
        [],
    ),
    "a minute of parking more, to the second, is nothing": (
        {"total_parking_time": "0.6", "periods": [("10:00", {"PARKING_TIME": "0.5833", "ENERGY": 1, "TIME": "0.1"})]},
        [],
    ),
    "parking left out of the periods": (
        {"total_parking_time": 1},
        [
            "I parking-time-gap $.total_parking_time: "
            "total_parking_time is 1800 s more than the periods state, as free parking may be left out"
        ],
    ),
    "more parking than stated": (
        {"total_parking_time": "0.1"},
        [
            "W parking-time-exceeds-total $.total_parking_time: "
            "the charging periods state 1440 s more parking than total_parking_time"
        ],
    ),
    "no parking at all is parking of 0": (
        {"total_parking_time": "0.1", "periods": [("10:00", {"ENERGY": 10})]},
        [
            "I parking-time-gap $.total_parking_time: "
            "total_parking_time is 360 s more than the periods state, as free parking may be left out"
        ],
    ),
    "a minute of parking more is nothing": ({"total_parking_time": "0.516666666666666666666666666666666666"}, []),
    "a minute of parking less is nothing": (
        {"total_parking_time": 1, "periods": [("10:00", {"PARKING_TIME": "1.01666666666666666666"})]},
        [],
    ),
    # time
    "duration": (
        {"total_time": 3},
        ["W duration-differs $.total_time: total_time is 10800 s, from start to end are 5400 s"],
    ),
    "a minute less is nothing": ({"total_time": 1, "end": "11:01", "periods": [("10:00", {"ENERGY": 1})]}, []),
    "a minute more is nothing": ({"total_time": 1, "end": "10:59", "periods": [("10:00", {"ENERGY": 1})]}, []),
    "more time than there is": (
        {"total_time": "0.2", "periods": [("10:00", {"TIME": 1}), ("11:00", {"TIME": "0.25", "PARKING_TIME": "0.25"})]},
        [
            "W time-sum-exceeds-total $.total_time: charging and parking add up to 5400 s, total_time is 720 s",
            "W duration-differs $.total_time: total_time is 720 s, from start to end are 5400 s",
        ],
    ),
    "a minute of time more is nothing": (
        {
            "total_time": 1,
            "periods": [("10:00", {"TIME": 1, "PARKING_TIME": "0.01666666666666666667"})],
            "end": "11:00",
        },
        [],
    ),
    "time counted from the reservation": (
        {"periods": [RESERVED, ("10:00", {"ENERGY": 10})], "total_time": "2.5"},
        ["I total-time-counts-reservation $.total_time: total_time counts from start_date_time, before charging began"],
    ),
    "time counted from the charge": (
        {"periods": [RESERVED, ("10:00", {"ENERGY": 10})], "total_time": "1.5"},
        [],
    ),
    "a reserved charge of time 0": (
        {"periods": [RESERVED, ("10:00", {"ENERGY": 10})], "total_time": 0},
        ["W duration-differs $.total_time: total_time is 0 s, from start to end are 5400 s"],
    ),
    "the header begins before the charge": (
        {"start": "09:40", "periods": [("10:00", {"ENERGY": 10})], "end": "11:00", "total_time": "1.3333"},
        ["I total-time-counts-reservation $.total_time: total_time counts from start_date_time, before charging began"],
    ),
    "the header begins after the charge": (
        {"start": "10:30", "periods": [("10:00", {"ENERGY": 10})], "end": "11:00", "total_time": "0.5"},
        [],
    ),
    "reservation only, time 0": ({"periods": [RESERVED], "elements": [RESERVATION], "total_time": 0}, []),
    "reservation only, a minute": (
        {"periods": [RESERVED], "elements": [RESERVATION], "total_time": "0.016666666666"},
        [],
    ),
    "reservation only, the reserved time": ({"periods": [RESERVED], "elements": [RESERVATION], "total_time": 1}, []),
    "reservation only, the reserved time and a minute": (
        {"periods": [RESERVED], "elements": [RESERVATION], "total_time": "1.016666666666666"},
        [],
    ),
    "reservation only, two of them": (
        {"periods": [RESERVED, ("10:00", {"RESERVATION_TIME": "0.5"})], "elements": [RESERVATION], "total_time": "1.5"},
        [],
    ),
    "reservation only, the reserved time and a minute, to the second": (
        {"periods": [("09:00", {"RESERVATION_TIME": "0.5833"})], "elements": [RESERVATION], "total_time": "0.6"},
        [],
    ),
    "a charge at an unknown time": (
        {"periods": [("1970-01-01T00:00:00Z", {"ENERGY": 10})], "start": "10:00", "total_time": "1.5"},
        [],
    ),
    "from the header, a minute less, to the second": (
        {"start": "10:00", "periods": [("10:30", {"ENERGY": 10})], "end": "10:37", "total_time": "0.6"},
        ["I total-time-counts-reservation $.total_time: total_time counts from start_date_time, before charging began"],
    ),
    "a charge of no length": (
        {"periods": [("10:00", {"ENERGY": 10})], "end": "10:00", "total_time": 1},
        ["W duration-differs $.total_time: total_time is 3600 s, from start to end are 0 s"],
    ),
    "reservation only, some other time": (
        {"periods": [RESERVED], "elements": [RESERVATION], "total_time": "0.25"},
        ["W duration-differs $.total_time: total_time is 900 s, from start to end are 9000 s"],
    ),
    "the end is before the start": ({"start": "11:00", "end": "10:30", "total_time": 9}, []),
    "no end, so no duration": ({"end": "1970-01-01T00:00:00Z", "total_time": 9}, []),
    "no start, so no duration": ({"start": "1970-01-01T00:00:00Z", "total_time": 9}, []),
}


@pytest.mark.parametrize(("more", "expected"), CASES.values(), ids=CASES)
def test_verify(more: Any, expected: list[str]) -> None:
    assert verified(**more) == expected
