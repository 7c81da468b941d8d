"""Pricing rule 22: a CDR against its tariff, part by part, and against itself."""

import json
from typing import Any

import pytest

from tariffs import Finding, price, verify
from tariffs.ocpi import decode, read_cdr


def _verified(making: Any, **more: Any) -> list[str]:
    """10 kWh cost 10, half an hour of parking 3, the start 2; time is free. Findings as one line each."""
    parts = [
        making.component("ENERGY", "1"),
        making.component("FLAT", "2"),
        making.component("PARKING_TIME", "6"),
    ]
    periods = more.pop("periods", [("10:00", {"ENERGY": 10}), ("11:00", {"PARKING_TIME": "0.5"})])
    elements = more.pop("elements", [(parts, None)])
    tariff = making.tariff(*elements, **more.pop("limits", {}))
    obj = making.cdr(*periods, **{"end": "11:30", "tariffs": [tariff], **more})
    cdr = read_cdr(decode(json.dumps(obj))).cdr
    assert cdr is not None
    return [_line(f) for f in verify(cdr, price(cdr))]


def _line(f: Finding) -> str:
    money = "" if f.money is None else f" [{f.money.normalize():f}]"
    return f"{f.severity} {f.code} {f.path}{money}: {f.message}"


def _cost(amount: Any) -> dict[str, Any]:
    return {"excl_vat": amount}


def _part(name: str, claimed: str, made: str, money: str) -> str:
    words = f"the CDR claims {claimed} excluding VAT, the tariff makes {made}"
    return f"W part-claim-differs $.total_{name}_cost [{money}]: {words}"


RESERVED = ("09:00", {"RESERVATION_TIME": 1})
RESERVATION = ([{"type": "TIME", "price": 4, "step_size": 0}], {"reservation": "RESERVATION"})
TIMED = ([{"type": "TIME", "price": 3, "step_size": 0}, {"type": "FLAT", "price": 2, "step_size": 0}], None)

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
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
    # parts
    "energy": ({"total_energy_cost": _cost(11)}, [_part("energy", "11", "10", "1")]),
    "energy, by exactly half a cent": ({"total_energy_cost": _cost("10.005")}, []),
    "energy, by more than half a cent": (
        {"total_energy_cost": _cost("9.9949")},
        [_part("energy", "9.9949", "10", "-0.0051")],
    ),
    "half a unit of a currency without decimals": (
        {"currency": "JPY", "limits": {"currency": "JPY"}, "total_energy_cost": _cost("10.5")},
        [],
    ),
    "half a unit of a currency of three decimals": (
        {"currency": "KWD", "limits": {"currency": "KWD"}, "total_energy_cost": _cost("10.001")},
        [_part("energy", "10.001", "10", "0.001")],
    ),
    "half a unit of a currency in small letters": (
        {"currency": "jpy", "limits": {"currency": "jpy"}, "total_energy_cost": _cost("10.5")},
        [],
    ),
    "time": (
        {"periods": [("10:30", {"TIME": 1})], "elements": [TIMED], "total_time_cost": _cost(4)},
        [_part("time", "4", "3", "1")],
    ),
    "reservation": (
        {"periods": [RESERVED], "end": "10:00", "elements": [RESERVATION], "total_reservation_cost": _cost(1)},
        [_part("reservation", "1", "4", "-3")],
    ),
    "fixed alone": ({"total_fixed_cost": _cost(5)}, [_part("fixed", "5", "2", "3")]),
    "parking alone": ({"total_parking_cost": _cost(5)}, [_part("parking", "5", "3", "2")]),
    "fixed and parking are compared together": ({"total_parking_cost": _cost(5), "total_fixed_cost": _cost(0)}, []),
    "fixed and parking together differ": (
        {"total_parking_cost": _cost(4), "total_fixed_cost": _cost(2)},
        [_part("fixed", "6", "5", "1")],
    ),
    "every part by itself, the wrong ones told": (
        {"total_energy_cost": _cost(10), "total_time_cost": _cost(1), "total_parking_cost": _cost(1)},
        [_part("time", "1", "0", "1"), _part("parking", "1", "3", "-2")],
    ),
    "a part of which only the other side is stated": ({"total_energy_cost": {"incl_vat": 77}}, []),
    "a credit with positive parts, as OCPI has it": (
        {"credit": True, "total_cost": _cost(-15), "total_energy_cost": _cost(10), "total_parking_cost": _cost(3)},
        [],
    ),
    # the sum of the parts
    "parts do not add up": (
        {
            "total_cost": _cost(14),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
        },
        ["W parts-differ-from-total $.total_cost [1]: the parts add up to 15 excluding VAT, total_cost is 14"],
    ),
    "half a cent of each part is nothing": (
        {
            "total_cost": _cost("14.985"),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
        },
        [],
    ),
    "a little more than half a cent of each part": (
        {
            "total_cost": _cost("14.9849"),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
        },
        [
            "W parts-differ-from-total $.total_cost [0.0151]: "
            "the parts add up to 15 excluding VAT, total_cost is 14.9849"
        ],
    ),
    "yen have no half cents": (
        {
            **{
                "currency": "JPY",
                "limits": {"currency": "JPY"},
                "total_cost": _cost("14"),
                "total_fixed_cost": _cost(2),
            },
            **{"total_energy_cost": _cost(10), "total_parking_cost": _cost(3)},
        },
        [],
    ),
    "a part is absent that costs something": ({"total_cost": _cost(14), "total_energy_cost": _cost(10)}, []),
    "a part is absent that costs nothing": (
        {
            "elements": [([{"type": "ENERGY", "price": 1, "step_size": 0}], None)],
            "total_cost": _cost(12),
            "total_energy_cost": _cost(10),
        },
        ["W parts-differ-from-total $.total_cost [-2]: the parts add up to 10 excluding VAT, total_cost is 12"],
    ),
    "a credit's parts add up, negative or not": (
        {
            **{"credit": True, "total_cost": _cost(-15), "total_energy_cost": _cost(10), "total_fixed_cost": _cost(-2)},
            **{"total_parking_cost": _cost(5)},
        },
        [
            "W part-claim-differs $.total_fixed_cost [-2]: the CDR claims 3 excluding VAT, the tariff makes 5",
            "W parts-differ-from-total $.total_cost [2]: the parts add up to 17 excluding VAT, total_cost is -15",
            "W credit-parts-negated $.credit: a credit CDR negates total_cost only; here parts are negative as well, "
            "which is accepted",
        ],
    ),
    "a floor excuses the sum": (
        {
            "limits": {"min_price": _cost(20)},
            "total_cost": _cost(20),
            "total_energy_cost": _cost(10),
            "total_parking_cost": _cost(3),
            "total_fixed_cost": _cost(2),
        },
        [],
    ),
    # energy
    "energy sum": (
        {"total_energy": 12},
        [
            "W energy-sum-differs $.total_energy [2]: "
            "total_energy is 12 kWh, the charging periods add up to 10; those are priced"
        ],
    ),
    "energy sum at the price of the last energy": (
        {
            "total_energy": "18.5",
            "periods": [("10:00", {"ENERGY": 10}), ("11:00", {"ENERGY": 10})],
            "elements": [
                ([{"type": "ENERGY", "price": 5, "step_size": 0}], {"max_kwh": 10}),
                ([{"type": "ENERGY", "price": 4, "step_size": 0}], None),
            ],
        },
        [
            "W energy-sum-differs $.total_energy [-6]: "
            "total_energy is 18.5 kWh, the charging periods add up to 20; those are priced"
        ],
    ),
    "energy sum without a price of energy": (
        {"total_energy": 12, "elements": [TIMED]},
        [
            "W energy-sum-differs $.total_energy: "
            "total_energy is 12 kWh, the charging periods add up to 10; those are priced"
        ],
    ),
    "a watt-hour is nothing": ({"total_energy": "10.001"}, []),
    "more than a watt-hour": (
        {"total_energy": "10.0011"},
        [
            "W energy-sum-differs $.total_energy [0.0011]: "
            "total_energy is 10.0011 kWh, the charging periods add up to 10; those are priced"
        ],
    ),
    "a tenth of a watt-hour of each of many periods is nothing": (
        {"total_energy": "20.002", "periods": [(f"10:{n:02}", {"ENERGY": 1}) for n in range(20)]},
        [],
    ),
    "energy that no period states": (
        {"periods": [("10:00", {"TIME": 1})], "elements": [TIMED], "total_energy": 12},
        [],
    ),
    # parking
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
    "reservation only, some other time": (
        {"periods": [RESERVED], "elements": [RESERVATION], "total_time": "0.25"},
        ["W duration-differs $.total_time: total_time is 900 s, from start to end are 9000 s"],
    ),
    "the end is before the start": ({"start": "11:00", "end": "10:30", "total_time": 9}, []),
    "no end, so no duration": ({"end": "1970-01-01T00:00:00Z", "total_time": 9}, []),
    "no start, so no duration": ({"start": "1970-01-01T00:00:00Z", "total_time": 9}, []),
    # credits
    "credit": (
        {"credit": True, "total_cost": _cost(-15), "total_energy_cost": _cost(-10)},
        [
            "W credit-parts-negated $.credit: a credit CDR negates total_cost only; here parts are negative as well, "
            "which is accepted"
        ],
    ),
    "credit of a reservation": (
        {"credit": True, "periods": [RESERVED], "elements": [RESERVATION], "total_reservation_cost": _cost(-4)},
        [
            "W credit-parts-negated $.credit: a credit CDR negates total_cost only; here parts are negative as well, "
            "which is accepted"
        ],
    ),
    "credit that is positive": (
        {"credit": True, "total_cost": _cost("0.5")},
        ["W credit-not-negative $.total_cost [0.5]: the total_cost of a credit CDR is to be negative"],
    ),
    "credit of nothing": ({"credit": True, "total_cost": _cost(0), "total_time_cost": _cost(0)}, []),
    "credit without a total": ({"credit": True}, []),
}


@pytest.mark.parametrize(("more", "expected"), CASES.values(), ids=CASES)
def test_verify(making: Any, more: Any, expected: list[str]) -> None:
    assert _verified(making, **more) == expected


def test_prices_that_include_taxes_are_compared_on_that_side() -> None:
    """OCPI 2.3.0, tax_included YES without rates: what is before taxes nobody knows."""
    parts = [{"type": "ENERGY", "price": 1, "step_size": 0}]
    tariff = {"id": "T", "currency": "CAD", "tax_included": "YES", "elements": [{"price_components": parts}]}
    volumes = [{"type": "ENERGY", "volume": 10}]
    claim = {"before_taxes": 8, "taxes": [{"name": "GST", "amount": 4}]}
    obj = {
        **{"id": "C", "currency": "CAD", "tariffs": [tariff], "total_energy_cost": claim},
        **{"start_date_time": "2026-10-07T10:00:00Z", "end_date_time": "2026-10-07T11:00:00Z"},
        "charging_periods": [{"start_date_time": "2026-10-07T10:00:00Z", "dimensions": volumes}],
    }
    cdr = read_cdr(decode(json.dumps(obj)), version="2.3.0").cdr
    assert cdr is not None
    assert [_line(f) for f in verify(cdr, price(cdr))] == [
        "W part-claim-differs $.total_energy_cost [2]: the CDR claims 12 including taxes, the tariff makes 10"
    ]


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
