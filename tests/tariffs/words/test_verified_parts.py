"""The words about the amounts that a CDR claims, and about its energy (pricing rules 22 and 24)."""

from typing import Any

import pytest
from verified import RESERVATION, RESERVED, TIMED, cost, part, verified, verified_record

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing claimed": ({}, []),
    "all right": (
        {
            "total_cost": cost(15),
            "total_energy_cost": cost(10),
            "total_parking_cost": cost(3),
            "total_fixed_cost": cost(2),
            "total_energy": 10,
            "total_time": "1.5",
            "total_parking_time": "0.5",
        },
        [],
    ),
    # parts
    "energy": ({"total_energy_cost": cost(11)}, [part("energy", "11", "10", "1")]),
    "energy, by exactly half a cent": ({"total_energy_cost": cost("10.005")}, []),
    "energy, by more than half a cent": (
        {"total_energy_cost": cost("9.9949")},
        [part("energy", "9.9949", "10", "-0.0051")],
    ),
    "half a unit of a currency without decimals": (
        {"currency": "JPY", "limits": {"currency": "JPY"}, "total_energy_cost": cost("10.5")},
        [],
    ),
    "half a unit of a currency of three decimals": (
        {"currency": "KWD", "limits": {"currency": "KWD"}, "total_energy_cost": cost("10.001")},
        [part("energy", "10.001", "10", "0.001")],
    ),
    "half a unit of a currency in small letters": (
        {"currency": "jpy", "limits": {"currency": "jpy"}, "total_energy_cost": cost("10.5")},
        [],
    ),
    "time": (
        {"periods": [("10:30", {"TIME": 1})], "elements": [TIMED], "total_time_cost": cost(4)},
        [part("time", "4", "3", "1")],
    ),
    "reservation": (
        {"periods": [RESERVED], "end": "10:00", "elements": [RESERVATION], "total_reservation_cost": cost(1)},
        [part("reservation", "1", "4", "-3")],
    ),
    "fixed alone": ({"total_fixed_cost": cost(5)}, [part("fixed", "5", "2", "3")]),
    "parking alone": ({"total_parking_cost": cost(5)}, [part("parking", "5", "3", "2")]),
    "fixed and parking are compared together": ({"total_parking_cost": cost(5), "total_fixed_cost": cost(0)}, []),
    "fixed and parking together differ": (
        {"total_parking_cost": cost(4), "total_fixed_cost": cost(2)},
        [part("fixed", "6", "5", "1")],
    ),
    "every part by itself, the wrong ones told": (
        {"total_energy_cost": cost(10), "total_time_cost": cost(1), "total_parking_cost": cost(1)},
        [part("time", "1", "0", "1"), part("parking", "1", "3", "-2")],
    ),
    "a part of which only the other side is stated": (
        {"total_energy_cost": {"incl_vat": 77}, "total_time_cost": cost(1)},
        [part("time", "1", "0", "1")],
    ),
    "parking of which only the other side is stated": (
        {"total_parking_cost": {"incl_vat": 3}, "total_fixed_cost": cost(9)},
        [],
    ),
    "a part that is negative without being a credit": (
        {"total_energy_cost": cost(-10)},
        [part("energy", "-10", "10", "-20")],
    ),
    "a credit with positive parts, as OCPI has it": (
        {"credit": True, "total_cost": cost(-15), "total_energy_cost": cost(10), "total_parking_cost": cost(3)},
        [],
    ),
    # the sum of the parts
    "negative parts of a charge that fed energy back": (
        {
            **{"periods": [("10:00", {"ENERGY": -10})], "total_cost": cost(-10), "total_energy_cost": cost(-10)},
            "elements": [([{"type": "ENERGY", "price": 1, "step_size": 0}], None)],
        },
        [],
    ),
    "negative parts that add up to something positive": (
        {
            **{"periods": [("10:00", {"ENERGY": -10})], "total_cost": cost(10), "total_energy_cost": cost(-10)},
            "elements": [([{"type": "ENERGY", "price": 1, "step_size": 0}], None)],
        },
        ["W parts-differ-from-total $.total_cost [-20]: the parts add up to -10 excluding VAT, total_cost is 10"],
    ),
    "parts do not add up": (
        {
            "total_cost": cost(14),
            "total_energy_cost": cost(10),
            "total_parking_cost": cost(3),
            "total_fixed_cost": cost(2),
        },
        ["W parts-differ-from-total $.total_cost [1]: the parts add up to 15 excluding VAT, total_cost is 14"],
    ),
    "half a cent of each part is nothing": (
        {
            "total_cost": cost("14.985"),
            "total_energy_cost": cost(10),
            "total_parking_cost": cost(3),
            "total_fixed_cost": cost(2),
        },
        [],
    ),
    "a little more than half a cent of each part": (
        {
            "total_cost": cost("14.9849"),
            "total_energy_cost": cost(10),
            "total_parking_cost": cost(3),
            "total_fixed_cost": cost(2),
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
                "total_cost": cost("14"),
                "total_fixed_cost": cost(2),
            },
            **{"total_energy_cost": cost(10), "total_parking_cost": cost(3)},
        },
        [],
    ),
    "a part is absent that costs something": ({"total_cost": cost(14), "total_energy_cost": cost(10)}, []),
    "a part is absent that costs nothing": (
        {
            "elements": [([{"type": "ENERGY", "price": 1, "step_size": 0}], None)],
            "total_cost": cost(12),
            "total_energy_cost": cost(10),
        },
        ["W parts-differ-from-total $.total_cost [-2]: the parts add up to 10 excluding VAT, total_cost is 12"],
    ),
    "a credit's parts add up, negative or not": (
        {
            **{"credit": True, "total_cost": cost(-15), "total_energy_cost": cost(10), "total_fixed_cost": cost(-2)},
            **{"total_parking_cost": cost(5)},
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
            "limits": {"min_price": cost(20)},
            "total_cost": cost(20),
            "total_energy_cost": cost(10),
            "total_parking_cost": cost(3),
            "total_fixed_cost": cost(2),
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
    "thirty digits of energy": (
        {
            "total_energy": "123456789012345678901234567890.5",
            "periods": [("10:00", {"ENERGY": "123456789012345678901234567890.5"})],
        },
        [],
    ),
    # credits
    "credit": (
        {"credit": True, "total_cost": cost(-15), "total_energy_cost": cost(-10)},
        [
            "W credit-parts-negated $.credit: a credit CDR negates total_cost only; here parts are negative as well, "
            "which is accepted"
        ],
    ),
    "credit of a reservation": (
        {"credit": True, "periods": [RESERVED], "elements": [RESERVATION], "total_reservation_cost": cost(-4)},
        [
            "W credit-parts-negated $.credit: a credit CDR negates total_cost only; here parts are negative as well, "
            "which is accepted"
        ],
    ),
    "credit that is positive": (
        {"credit": True, "total_cost": cost("0.5")},
        ["W credit-not-negative $.total_cost [0.5]: the total_cost of a credit CDR is to be negative"],
    ),
    "credit of nothing": ({"credit": True, "total_cost": cost(0), "total_time_cost": cost(0)}, []),
    "credit without a total": ({"credit": True}, []),
}


@pytest.mark.parametrize(("more", "expected"), CASES.values(), ids=CASES)
def test_verify(more: Any, expected: list[str]) -> None:
    assert verified(**more) == expected


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
    assert verified_record(obj, "2.3.0") == [
        "W part-claim-differs $.total_energy_cost [2]: the CDR claims 12 including taxes, the tariff makes 10"
    ]


def test_a_charge_at_home_is_said() -> None:
    words = "charged at the driver's home: the cost is to be paid back to the driver; priced as usual"
    assert verified(home_charging_compensation=True) == [
        f"I home-charging-compensation $.home_charging_compensation: {words}"
    ]


def test_what_the_signed_meter_says_is_held_against_the_total() -> None:
    readings = (
        '{"RD": [{"TX": "B", "RV": 1, "RU": "kWh", "ST": "G"}, {"TX": "E", "RV": 13.25, "RU": "kWh", "ST": "G"}]}'
    )
    signed = {"encoding_method": "OCMF", "signed_values": [{"nature": "End", "plain_data": f"OCMF|{readings}|" + "{}"}]}
    words = "total_energy is 10 kWh, by the signed meter readings 12.25 kWh were charged"
    assert verified(total_energy=10, signed_data=signed) == [f"W signed-data-differs $.signed_data [-2.25]: {words}"]
