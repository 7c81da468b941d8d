"""Whole answers: each line with quantity, price, VAT and reason, each part, each billed quantity (rules 13 to 19)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from charges import KWH, cdr, component, priced, tariff

from tariffs import Breakdown, CostLine, PriceComponent, Restrictions
from tariffs.breakdown import Cost
from tariffs.plan import Option
from tariffs.tariff import Taxes
from tariffs.taxes import sides_of


def short(amount: Decimal | None) -> str:
    return "?" if amount is None else f"{amount.normalize():f}"


def both(cost: Cost) -> str:
    return f"{short(cost.excl_vat)}/{short(cost.incl_vat)}"


def row(line: CostLine) -> str:
    vat = "" if line.vat is None else f" +{line.vat:f}%"
    why = f" ({line.why})" if line.why else ""
    place = f"{line.tariff_id}.{line.element}"
    what = f"{line.dimension} {short(line.quantity)} {line.unit} x {line.price:f}{vat}"
    return f"{line.period} {what} = {both(line.cost)} {place}{why}"


def parts(found: Breakdown) -> dict[str, str]:
    costs = {name: getattr(found, f"total_{name}_cost") for name in PARTS}
    return {name: both(cost) for name, cost in costs.items() if cost != Cost(Decimal(0), Decimal(0))}


def billed(found: Breakdown) -> str:
    assert found.billed is not None
    quantities = (
        found.billed.energy_kwh,
        found.billed.time_min,
        found.billed.parking_min,
        found.billed.reservation_min,
    )
    return " ".join(map(short, quantities))


PARTS = ("energy", "time", "parking", "fixed", "reservation")
ALL = tariff(
    (
        [
            *(component("FLAT", "0.5", vat=20), component(vat=10, step_size=500)),
            *(component("TIME", 6, vat="7.5", step_size=300), component("PARKING_TIME", 3, step_size=600)),
        ],
        {},
    ),
    ([component("TIME", 2, vat=20, step_size=60), component("FLAT", "1.5")], {"reservation": "RESERVATION"}),
)
RESERVED = ("09:00", {"RESERVATION_TIME": "0.5088"})

# id: (the tariff, periods, end, more of the CDR, lines, total, parts, billed kWh and minutes)
ANSWERS: dict[str, Any] = {
    "every dimension": (
        ALL,
        [RESERVED, ("09:30:32", {"ENERGY": "1.2", "TIME": "0.5"}), ("10:00:32", {"ENERGY": 1, "PARKING_TIME": "0.25"})],
        "10:15:32",
        {},
        [
            "0 RESERVATION_FLAT 1 charge x 1.5 = 1.5/1.5 T.1",
            "0 RESERVATION_TIME 1860 s x 2 +20% = 1.033333333333/1.24 T.1 (step_size 60 s: 1832 s become 1860 s)",
            "1 FLAT 1 charge x 0.5 +20% = 0.5/0.6 T.0",
            "1 ENERGY 1.2 kWh x 1 +10% = 1.2/1.32 T.0",
            "1 TIME 1800 s x 6 +7.5% = 3/3.225 T.0",
            "2 ENERGY 1.3 kWh x 1 +10% = 1.3/1.43 T.0 (step_size 500 Wh: 2200 Wh become 2500 Wh)",
            "2 PARKING_TIME 1200 s x 3 = 1/1 T.0 (step_size 600 s: 900 s become 1200 s)",
        ],
        "9.533333333333/10.315",
        {
            "energy": "2.5/2.75", "time": "3/3.225", "parking": "1/1", "fixed": "0.5/0.6",
            "reservation": "2.533333333333/2.74",
        },
        "2.5 30 20 31",
    ),
    "time is rounded where nothing was parked": (
        ALL, [("10:00", {"TIME": "0.1"}), ("10:06", {"TIME": "0.1", "PARKING_TIME": 0})], "10:12", {},
        [
            "0 FLAT 1 charge x 0.5 +20% = 0.5/0.6 T.0",
            "0 TIME 360 s x 6 +7.5% = 0.6/0.645 T.0",
            "1 TIME 540 s x 6 +7.5% = 0.9/0.9675 T.0 (step_size 300 s: 720 s become 900 s)",
        ],
        "2/2.2125", {"time": "1.5/1.6125", "fixed": "0.5/0.6"}, "0 15 0 0",
    ),
    "the step is that of the last price in use": (
        tariff(([component(step_size=1000)], {"max_kwh": 1}), component(amount=2, step_size=300)),
        [("10:00", {"ENERGY": "1.1"}), ("10:30", {"ENERGY": "0.2"}), ("10:40", {"ENERGY": 0})], "11:00", {},
        [
            "0 ENERGY 1.1 kWh x 1 = 1.1/1.1 T.0",
            "1 ENERGY 0.4 kWh x 2 = 0.8/0.8 T.1 (step_size 300 Wh: 1300 Wh become 1500 Wh)",
        ],
        "1.9/1.9", {"energy": "1.9/1.9"}, "1.5 0 0 0",
    ),
    "energy fed back is netted and a negative sum not rounded": (
        tariff(component(amount=2, step_size=1000)),
        [("10:00", {"ENERGY": "0.3"}), ("10:30", {"ENERGY": "-0.5"})], "11:00", {},
        ["0 ENERGY 0.3 kWh x 2 = 0.6/0.6 T.0", "1 ENERGY -0.5 kWh x 2 = -1/-1 T.0"],
        "-0.4/-0.4", {"energy": "-0.4/-0.4"}, "-0.2 0 0 0",
    ),
    "a floor and a cap are lines of their own": (
        tariff(
            component(vat=10),
            min_price={"excl_vat": 20, "incl_vat": 23}, max_price={"excl_vat": 15, "incl_vat": 16},
        ),
        [("10:00", {"TIME": 0}), ("10:30", KWH)], "11:00", {"credit": True, "credit_reference_id": "B"},
        [
            "1 ENERGY 10 kWh x 1 +10% = 10/11 T.0",
            "1 MIN_PRICE 1 charge x 10 = 10/12 T.-1 (the min_price of the tariff)",
            "1 MAX_PRICE 1 charge x -5 = -5/-7 T.-1 (the max_price of the tariff)",
        ],
        "-15/-16", {"energy": "10/11"}, "10 0 0 0",
    ),
    "a floor for nothing, taxed at the one rate there is": (
        tariff(component(vat=10), min_price={"excl_vat": 5}), [("10:00", {"ENERGY": 0})], "11:00", {},
        ["0 MIN_PRICE 1 charge x 5 = 5/5.5 T.-1 (the min_price of the tariff)"], "5/5.5", {}, "0 0 0 0",
    ),
    "a floor for nothing where rates differ": (
        tariff(component(vat=10), component("TIME", vat=20), min_price={"excl_vat": 5}),
        [("10:00", {"ENERGY": 0})], "11:00", {},
        ["0 MIN_PRICE 1 charge x 5 = 5/5 T.-1 (the min_price of the tariff)"], "5/5", {}, "0 0 0 0",
    ),
    "a floor is for the side it is for": (
        tariff(component(vat=10), min_price={"excl_vat": 5, "incl_vat": 12}), [("10:00", KWH)], "11:00", {},
        ["0 ENERGY 10 kWh x 1 +10% = 10/11 T.0", "0 MIN_PRICE 1 charge x 0 = 0/1 T.-1 (the min_price of the tariff)"],
        "10/12", {"energy": "10/11"}, "10 0 0 0",
    ),
    "a cap on time of a reservation that was not used": (
        {**ALL, "min_price": {"excl_vat": 50}, "max_price": {"excl_vat": 2, "incl_vat": "2.3"}},
        [("09:00", {"RESERVATION_TIME": 1})], "10:00", {},
        [
            "0 RESERVATION_FLAT 1 charge x 1.5 = 1.5/1.5 T.1",
            "0 RESERVATION_TIME 3600 s x 2 +20% = 2/2.4 T.1",
            "0 MAX_PRICE 1 charge x -1.5 = -1.5/-1.6 T.-1 (the max_price of the tariff)",
        ],
        "2/2.3", {"reservation": "3.5/3.9"}, "0 0 0 60",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "periods", "end", "more", "lines", "total", "costs", "quantities"), ANSWERS.values(), ids=ANSWERS
)
def test_answer(
    of: Any, periods: Any, end: str, more: Any, lines: list[str], total: str, costs: dict[str, str], quantities: str
) -> None:
    def instant(text: str) -> str:
        return f"2026-10-07T{text}Z" if text.count(":") == 2 else text

    found = priced(cdr(*[(instant(at), v) for at, v in periods], end=instant(end), **more), (of,))
    assert [row(rounded(line)) for line in found.lines] == lines
    assert both(twelve(found.total_cost)) == total
    assert {name: both(twelve(getattr(found, f"total_{name}_cost"))) for name in costs} == costs
    assert set(parts(found)) == set(costs)
    assert billed(found) == quantities
    assert (found.currency, found.tariff_ids, found.time_zone) == ("EUR", ("T",), "UTC")


def twelve(cost: Cost) -> Cost:
    """An amount as `price` prints it: at most twelve decimals."""
    digits = Decimal("1E-12")
    sides = (None if side is None else side.quantize(digits) for side in (cost.excl_vat, cost.incl_vat))
    return Cost(*sides)


def rounded(line: CostLine) -> CostLine:
    return replace(line, cost=twelve(line.cost))


# id: (tax_included, component, lines of 10 kWh or of an hour, total)
TAXES: dict[str, Any] = {
    "added": ("NO", component(vat=20), "ENERGY 10 kWh x 1 +20% = 10/12", "10/12", False),
    "included": ("YES", component(vat=25), "ENERGY 10 kWh x 1 +25% = 8/10", "8/10", True),
    "included, of time": ("YES", component("TIME", 5, vat=25), "TIME 3600 s x 5 +25% = 4/5", "4/5", True),
    "included at a rate of 0": ("YES", component(vat=0), "ENERGY 10 kWh x 1 +0% = 10/10", "10/10", False),
    "included, at no known rate": ("YES", component(), "ENERGY 10 kWh x 1 = ?/10", "?/10", True),
    "added, at no known rate": ("NO", component(), "ENERGY 10 kWh x 1 = 10/?", "10/?", False),
    "not applicable": ("N/A", component(vat=20), "ENERGY 10 kWh x 1 = 10/10", "10/10", False),
    "nothing, at no known rate": ("YES", component(amount=0), "ENERGY 10 kWh x 0 = 0/0", "0/0", False),
    "all of it is tax": ("YES", component(vat=-100), "ENERGY 10 kWh x 1 +-100% = ?/10", "?/10", True),
}


@pytest.mark.parametrize(("included", "of", "line", "total", "is_included"), TAXES.values(), ids=TAXES)
def test_lines_with_and_without_taxes(included: str, of: Any, line: str, total: str, is_included: bool) -> None:
    obj = cdr(("10:00", {"ENERGY": 10, "TIME": 1}), total_cost={"before_taxes": 1}, tariffs=[
        tariff(of, tax_included=included)])  # fmt: skip
    found = priced(obj)
    (only,) = found.lines
    assert row(only) == f"0 {line} T.0"
    assert (both(found.total_cost), only.includes_taxes) == (total, is_included)


def option(taxes: Taxes, vat: Any = None) -> Option:
    factor = 1 + Decimal(vat or 0) / 100
    component = PriceComponent("ENERGY", Decimal(1), vat)
    return Option("T", 0, component, (), (), factor, Restrictions(), taxes, taxes is Taxes.ADDED)


# id: (taxes, VAT, amount, before taxes, after taxes)
SIDES: dict[str, Any] = {
    "added": (Taxes.ADDED, 25, 8, 8, 10),
    "included": (Taxes.INCLUDED, 25, 10, 8, 10),
    "included, all of it": (Taxes.INCLUDED, -100, 10, None, 10),
    "none": (Taxes.NONE, 25, 10, 10, 10),
    "added, unknown": (Taxes.ADDED_UNKNOWN, None, 10, 10, None),
    "included, unknown": (Taxes.INCLUDED_UNKNOWN, None, 10, None, 10),
    "nothing, added, unknown": (Taxes.ADDED_UNKNOWN, None, 0, 0, 0),
    "nothing, included, unknown": (Taxes.INCLUDED_UNKNOWN, None, 0, 0, 0),
    "2.1.1 knows no taxes": (Taxes.UNSTATED, None, 10, 10, None),
    "2.1.1 knows no taxes of nothing either": (Taxes.UNSTATED, None, 0, 0, None),
}


@pytest.mark.parametrize(("taxes", "vat", "amount", "excl", "incl"), SIDES.values(), ids=SIDES)
def test_sides_of(taxes: Taxes, vat: Any, amount: int, excl: Any, incl: Any) -> None:
    assert sides_of(Decimal(amount), option(taxes, vat)) == (excl, incl)


def test_two_tariffs_of_which_one_hides_each_side_leave_nothing_known_and_no_limit_applies() -> None:
    """The first states what is before taxes, the second what is after: the sum of both is known on neither side."""
    first = tariff(component(), tax_included="NO", id="A", min_price={"before_taxes": 90, "after_taxes": 99})
    second = tariff(component(), tax_included="YES", id="B")
    periods = [("10:00", {**KWH, "tariff_id": "A"}), ("10:30", {**KWH, "tariff_id": "B"})]
    found = priced(cdr(*periods, tariffs=[first, second], total_cost={"before_taxes": 1}))
    assert (both(found.total_cost), both(found.total_energy_cost), found.priced) == ("?/?", "?/?", False)
    assert [row(line) for line in found.lines] == [
        "0 ENERGY 10 kWh x 1 = 10/? A.0",
        "1 ENERGY 10 kWh x 1 = ?/10 B.0",
    ]


def test_a_difference_to_a_price_that_is_unknown_before_taxes_has_no_amount() -> None:
    one, other = (tariff(component(amount=n), tax_included="YES", id=f"T{n}") for n in (1, 2))
    found = priced(cdr(("10:00", KWH), tariffs=[one, other], total_cost={"before_taxes": 1}))
    assert both(found.total_cost) == "?/10"
    assert [f.money for f in found.findings if f.code == "several-tariffs"] == [None]


@pytest.mark.parametrize(("included", "total"), [("NO", "8/10"), ("YES", "8/10"), ("N/A", "8/8")])
def test_a_floor_for_nothing_is_taxed_at_the_rate_of_the_prices(included: str, total: str) -> None:
    of = tariff(component(vat=25), tax_included=included, min_price={"before_taxes": 8})
    found = priced(cdr(("10:00", {"ENERGY": 0}), tariffs=[of], total_cost={"before_taxes": 1}))
    assert both(found.total_cost) == total
