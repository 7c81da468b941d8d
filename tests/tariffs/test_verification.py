"""Pricing rule 22: where a CDR is not held against its tariff; what is said otherwise stands in `words`."""

import json
from typing import Any

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr


def _cost(amount: Any) -> dict[str, Any]:
    return {"excl_vat": amount}


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
