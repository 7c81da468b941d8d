"""Pricing rules 17 to 19 and 24: VAT by component, limits, credits; and what stays exact."""

from decimal import Decimal
from typing import Any

import pytest

TEN = ("10:00", {"ENERGY": 10})


def _both(breakdown: Any) -> tuple[str, str]:
    cost = breakdown.total_cost
    return tuple(f"{side.normalize():f}" for side in (cost.excl_vat, cost.incl_vat))  # type: ignore[return-value]


def test_vat_is_of_each_component_and_an_absent_one_is_none(making: Any) -> None:
    parts = [making.component("ENERGY", "1", vat=10), making.component("FLAT", "2", vat=20)]
    free = [making.component("TIME", "3")]
    cdr = making.cdr(("10:00", {"ENERGY": 10, "TIME": 1}), end="11:00")
    breakdown = making.priced(cdr, making.tariff((parts + free, None)))
    assert _both(breakdown) == ("15", "16.4")
    assert [line.vat for line in breakdown.lines] == [Decimal(20), Decimal(10), None]


# id: (price per kWh of 10 kWh, limits, excl, incl, finding); VAT 10 %
LIMITS: dict[str, Any] = {
    "floor": ("0.01", {"min_price": {"excl_vat": "0.5", "incl_vat": "0.55"}}, "0.5", "0.55", None),
    "floor not reached": ("1", {"min_price": {"excl_vat": "0.5", "incl_vat": "0.55"}}, "10", "11", None),
    "cap": ("1", {"max_price": {"excl_vat": 8, "incl_vat": "8.8"}}, "8", "8.8", None),
    "sides are limited by themselves": ("1", {"max_price": {"excl_vat": 20, "incl_vat": "10.9"}}, "10", "10.9", None),
    "only excl: the VAT is scaled": ("1", {"max_price": {"excl_vat": 8}}, "8", "8.8", "limit-vat-scaled"),
    "only excl, from 0": ("0", {"min_price": {"excl_vat": 5}}, "5", "5.5", "limit-vat-scaled"),
    "floor, then cap": ("0.01", {"min_price": {"excl_vat": 9}, "max_price": {"excl_vat": 8}}, "8", "8.8", None),
}


@pytest.mark.parametrize(("amount", "limits", "excl", "incl", "code"), LIMITS.values(), ids=LIMITS)
def test_limits(making: Any, amount: str, limits: Any, excl: str, incl: str, code: str | None) -> None:
    tariff = making.tariff(making.component("ENERGY", amount, vat=10), **limits)
    breakdown = making.priced(making.cdr(TEN, end="11:00"), tariff)
    assert _both(breakdown) == (excl, incl)
    assert breakdown.total_energy_cost.excl_vat == Decimal(amount) * 10
    assert sum(line.cost.excl_vat for line in breakdown.lines) == Decimal(excl)
    assert code is None or code in making.codes(breakdown)


def test_the_limits_are_those_of_the_first_tariff_and_the_others_are_said(making: Any) -> None:
    first = making.tariff(making.component("ENERGY", "1"), id="A", max_price={"excl_vat": 12, "incl_vat": 12})
    second = making.tariff(making.component("ENERGY", "1"), id="B", max_price={"excl_vat": 15, "incl_vat": 15})
    cdr = making.cdr(
        ("10:00", {"ENERGY": 10, "tariff_id": "A"}),
        ("11:00", {"ENERGY": 10, "tariff_id": "B"}),
        end="12:00",
        tariffs=[first, second],
    )
    breakdown = making.priced(cdr)
    assert making.total(breakdown) == "12"
    assert [f.money for f in breakdown.findings if f.code == "limits-of-several-tariffs"] == [-3]


def test_of_a_credit_only_the_total_is_negative(making: Any) -> None:
    tariff = making.tariff(making.component("ENERGY", "1", vat=10), max_price={"excl_vat": 8, "incl_vat": "8.8"})
    breakdown = making.priced(making.cdr(TEN, end="11:00", credit=True, credit_reference_id="X"), tariff)
    assert _both(breakdown) == ("-8", "-8.8")
    assert (breakdown.total_energy_cost.excl_vat, breakdown.billed.energy_kwh) == (10, 10)


def test_thirds_of_an_hour_add_up_exactly(making: Any) -> None:
    """Three times 20 s at 0.15/h are half of a half cent: a sum of rounded quotients would miss the tie."""
    tariff = making.tariff(making.component("TIME", "0.30"))
    seconds = "0.005555555555555555555555555556"
    cdr = making.cdr(
        ("10:00", {"TIME": seconds}), ("10:00:20", {"TIME": seconds}), ("10:00:40", {"TIME": seconds}), end="10:01"
    )
    assert making.priced(cdr, tariff).total_cost.excl_vat == Decimal("0.005")


def test_thirty_digits_are_kept(making: Any) -> None:
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": "123456789012345.123456789012345"}), end="11:00"),
        making.tariff(making.component("ENERGY", "1.000000000000000000000000000001", vat=10)),
    )
    exact = Decimal("123456789012345.123456789012345123456789012345123456789012345")
    assert breakdown.total_cost.excl_vat == exact


def test_a_negative_price_is_taken_as_stated(making: Any) -> None:
    breakdown = making.priced(making.cdr(TEN, end="11:00"), making.tariff(making.component("ENERGY", "-0.10", vat=10)))
    assert _both(breakdown) == ("-1", "-1.1")
    assert "negative-price" in making.codes(breakdown)


def test_a_vat_that_looks_like_a_fraction_is_said_and_not_rescaled(making: Any) -> None:
    breakdown = making.priced(making.cdr(TEN, end="11:00"), making.tariff(making.component("ENERGY", "1", vat="0.19")))
    assert breakdown.total_cost.incl_vat == Decimal("10.019")
    assert "vat-looks-like-fraction" in making.codes(breakdown)
