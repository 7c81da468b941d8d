"""Pricing rule 16: who pays what for a reservation."""

from typing import Any

import pytest


def _tariff(making: Any) -> Any:
    return making.tariff(
        ([making.component("FLAT", "4"), making.component("TIME", "6")], {"reservation": "RESERVATION_EXPIRES"}),
        ([making.component("FLAT", "2"), making.component("TIME", "3")], {"reservation": "RESERVATION"}),
        ([making.component("FLAT", "0.5"), making.component("ENERGY", "0.25")], None),
    )


RESERVED, CHARGED = ("09:00", {"RESERVATION_TIME": 1}), ("10:00", {"ENERGY": 20})
GONE = {"evse_uid": "#NA", "connector_id": "#NA"}
HERE = {"evse_uid": "E1", "connector_id": "1"}

# id: (periods, more, outcome told, total, reservation part, fixed part, assumed)
CASES: dict[str, Any] = {
    "used": ([RESERVED, CHARGED], {}, None, "10.5", "5", "0.5", False),
    "used with 0 kWh": ([RESERVED, ("10:00", {"PARKING_TIME": 0})], {}, None, "5.5", "5", "0.5", False),
    "expired by #NA": ([RESERVED], {"cdr_location": GONE, "session_id": "S"}, None, "10", "10", "0", False),
    "expired without session": ([RESERVED], {"cdr_location": HERE}, None, "10", "10", "0", False),
    "assumed": ([RESERVED], {"cdr_location": HERE, "session_id": "S"}, None, "10", "10", "0", True),
    "told: used": ([RESERVED], {"cdr_location": GONE}, "used", "5", "5", "0", False),
    "told: cancelled": ([RESERVED], {"cdr_location": GONE}, "cancelled", "5", "5", "0", False),
    "told: expired": ([RESERVED, CHARGED], {}, "expired", "15.5", "10", "0.5", False),
    "expired by dimension": ([("09:00", {"RESERVATION_EXPIRES": 1})], {}, None, "10", "10", "0", False),
    "one period holds both": (
        [("09:00", {"RESERVATION_TIME": 1, "ENERGY": 20})],
        {},
        None,
        "10.5",
        "5",
        "0.5",
        False,
    ),
}


@pytest.mark.parametrize(
    ("periods", "more", "told", "total", "reservation", "fixed", "assumed"), CASES.values(), ids=CASES
)
def test_outcome(
    making: Any, periods: Any, more: Any, told: str | None, total: str, reservation: str, fixed: str, assumed: bool
) -> None:
    breakdown = making.priced(making.cdr(*periods, end="11:00", **more), _tariff(making), reservation_outcome=told)
    parts = (breakdown.total_reservation_cost.excl_vat, breakdown.total_fixed_cost.excl_vat)
    assert making.total(breakdown) == total
    assert [f"{p.normalize():f}" for p in parts] == [reservation, fixed]
    assert [f.money for f in breakdown.findings if f.code == "reservation-outcome-assumed"] == ([5] if assumed else [])


def test_expired_falls_back_to_reservation_for_what_it_does_not_price(making: Any) -> None:
    tariff = making.tariff(
        ([making.component("TIME", "2")], {"reservation": "RESERVATION"}),
        ([making.component("FLAT", "4")], {"reservation": "RESERVATION_EXPIRES"}),
        making.component("FLAT", "0.5"),
    )
    assert making.total(making.priced(making.cdr(RESERVED, end="10:00"), tariff)) == "6"


def test_ordinary_elements_do_not_price_a_reservation(making: Any) -> None:
    tariff = making.tariff(making.component("TIME", "3"))
    breakdown = making.priced(making.cdr(RESERVED, end="10:00"), tariff)
    assert (making.total(breakdown), "volume-not-priced" in making.codes(breakdown)) == ("0", True)


def test_durations_of_reservation_elements_count_from_the_reservation(making: Any) -> None:
    first_half_hour = ([making.component("TIME", "2")], {"reservation": "RESERVATION", "max_duration": 1800})
    later = ([making.component("TIME", "8")], {"reservation": "RESERVATION"})
    cdr = making.cdr(
        ("09:00", {"RESERVATION_TIME": "0.5"}), ("09:30", {"RESERVATION_TIME": "0.5"}), CHARGED, end="11:00"
    )
    assert making.total(making.priced(cdr, making.tariff(first_half_hour, later))) == "5"


def test_durations_of_charging_count_from_the_charge(making: Any) -> None:
    first_hour = ([making.component("ENERGY", "1")], {"max_duration": 3600})
    assert making.total(making.priced(making.cdr(RESERVED, CHARGED, end="11:00"), making.tariff(first_hour))) == "20"


def test_the_floor_is_not_for_a_reservation_that_never_became_a_charge(making: Any) -> None:
    tariff = {**_tariff(making), "min_price": {"excl_vat": 50}}
    assert making.total(making.priced(making.cdr(RESERVED, end="10:00"), tariff)) == "10"
    assert making.total(making.priced(making.cdr(RESERVED, CHARGED, end="11:00"), tariff)) == "50"
