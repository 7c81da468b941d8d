"""Pricing rule 22: a CDR against its tariff, part by part, and against itself."""

import json
from typing import Any

import pytest

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr


def _verified(making: Any, **more: Any) -> list[tuple[str, Any]]:
    parts = [
        making.component("ENERGY", "1"),
        making.component("FLAT", "2"),
        making.component("PARKING_TIME", "6"),
    ]
    periods = more.pop("periods", [("10:00", {"ENERGY": 10}), ("11:00", {"PARKING_TIME": "0.5"})])
    obj = making.cdr(*periods, end="11:30", tariffs=[making.tariff((parts, None))], **more)
    cdr = read_cdr(decode(json.dumps(obj))).cdr
    assert cdr is not None
    return [(f.code, f.money) for f in verify(cdr, price(cdr))]


def _cost(amount: Any) -> dict[str, Any]:
    return {"excl_vat": amount}


CASES: dict[str, Any] = {
    "nothing claimed": ({}, []),
    "all right": (
        {
            "total_cost": _cost(15),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
            "total_energy": 10,
            "total_time": "1.5",
            "total_parking_time": "0.5",
        },
        [],
    ),
    "fixed and parking are compared together": (
        {"total_parking_cost": _cost(5), "total_fixed_cost": _cost(0)},
        [],
    ),
    "a part differs": ({"total_energy_cost": _cost(11)}, [("part-claim-differs", 1)]),
    "half a cent is nothing": ({"total_energy_cost": _cost("10.005")}, []),
    "parts do not add up": (
        {
            "total_cost": _cost(14),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
        },
        [("parts-differ-from-total", 1)],
    ),
    "a part is absent, so no sum": ({"total_cost": _cost(14), "total_energy_cost": _cost(10)}, []),
    "energy sum": ({"total_energy": 12}, [("energy-sum-differs", 2)]),
    "parking left out of the periods": ({"total_parking_time": 1}, [("parking-time-gap", None)]),
    "more parking than stated": ({"total_parking_time": "0.1"}, [("parking-time-exceeds-total", None)]),
    "duration": ({"total_time": 3}, [("duration-differs", None)]),
    "more time than there is": (
        {"total_time": "0.2"},
        [("time-sum-exceeds-total", None), ("duration-differs", None)],
    ),
    "credit": (
        {"credit": True, "total_cost": _cost(-15), "total_energy_cost": _cost(-10)},
        [("credit-parts-negated", None)],
    ),
    "credit that is positive": ({"credit": True, "total_cost": _cost(15)}, [("credit-not-negative", 15)]),
    "time counted from the reservation": (
        {
            "periods": [("09:00", {"RESERVATION_TIME": 1}), ("10:00", {"ENERGY": 10})],
            "total_time": "2.5",
        },
        [("total-time-counts-reservation", None)],
    ),
    "reservation only, time 0": ({"periods": [("09:00", {"RESERVATION_TIME": 1})], "total_time": 0}, []),
}


@pytest.mark.parametrize(("more", "expected"), CASES.values(), ids=CASES)
def test_verify(making: Any, more: Any, expected: Any) -> None:
    assert _verified(making, **more) == expected


def test_limits_excuse_the_sum_of_parts(making: Any) -> None:
    tariff = making.tariff(making.component("ENERGY", "1"), max_price=_cost(8))
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[tariff])
    cdr = read_cdr(decode(json.dumps({**obj, "total_cost": _cost(8), "total_energy_cost": _cost(10)}))).cdr
    assert cdr is not None
    assert verify(cdr, price(cdr)) == ()


def test_without_a_price_the_cdr_is_still_checked_where_no_limit_could_explain_it(making: Any) -> None:
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", total_energy=5, total_cost=_cost(3))
    cdr = read_cdr(decode(json.dumps({**obj, "total_energy_cost": _cost(9)}))).cdr
    assert cdr is not None
    assert [f.code for f in verify(cdr, price(cdr))] == ["energy-sum-differs"]
    broken = read_cdr(decode(json.dumps({**obj, "currency": 5}))).cdr
    assert broken is not None
    assert verify(broken, price(broken)) == ()
