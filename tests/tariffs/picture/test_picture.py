"""The numbers of a picture, worked out by hand: which price when, and what a charge costs up to each moment."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tariffs import Tariff
from tariffs.ocpi import decode, encode, read_tariff
from tariffs.picture import CostCurve, TariffPicture, WeekTable, picture_of


def element(restrictions: dict[str, Any] | None = None, step: int = 1, **prices: str) -> dict[str, Any]:
    components = [{"type": kind, "price": Decimal(amount), "step_size": step} for kind, amount in prices.items()]
    return {"price_components": components, **({"restrictions": restrictions} if restrictions else {})}


def tariff(*elements: dict[str, Any], version: str = "2.2.1", **more: Any) -> Tariff:
    head = {"country_code": "DE", "party_id": "EVC", "id": "T", "currency": "EUR"}
    obj = {**head, "elements": list(elements), "last_updated": "2026-01-07T00:00:00Z", **more}
    read = read_tariff(decode(encode(obj)), version=version).tariff
    assert read is not None
    return read


def told(table: WeekTable) -> dict[tuple[int, ...], list[tuple[int, str]]]:
    """For days that are alike, the hours at which a price begins."""
    return {
        row.days: [(band.start // 3600, "-" if band.price is None else str(band.price)) for band in row.bands]
        for row in table.rows
    }


def curve(picture: TariffPicture, kw: int) -> CostCurve:
    return next(curve for curve in picture.curves if curve.kw == kw)


def cost_after(picture: TariffPicture, kw: int, seconds: int) -> Decimal:
    return next(point.cost for point in curve(picture, kw).points if point.seconds == seconds)


def test_a_week_has_one_row_for_days_that_are_alike() -> None:
    picture = picture_of(
        tariff(
            element({"start_time": "08:00", "end_time": "20:00", "day_of_week": ["SATURDAY"]}, ENERGY="0.50"),
            element({"start_time": "22:00", "end_time": "06:00"}, ENERGY="0.30"),
            element(ENERGY="0.40"),
        )
    )
    (table,) = picture.tables
    assert told(table) == {
        (0, 1, 2, 3, 4, 6): [(0, "0.30"), (6, "0.40"), (22, "0.30")],
        (5,): [(0, "0.30"), (6, "0.40"), (8, "0.50"), (20, "0.40"), (22, "0.30")],
    }
    assert (table.is_everywhere, picture.looks_at_clock, picture.has_dates) == (True, True, False)
    assert picture.monday == picture.day == date(2026, 1, 12), "the first Monday after the tariff was last updated"


def test_equal_prices_are_one_band_and_no_price_is_free() -> None:
    picture = picture_of(
        tariff(
            element({"start_time": "08:00", "end_time": "12:00"}, TIME="1"),
            element({"start_time": "12:00", "end_time": "18:00"}, TIME="1"),
        )
    )
    assert [told(table) for table in picture.tables] == [{tuple(range(7)): [(0, "-"), (8, "1"), (18, "-")]}]


def test_each_situation_that_looks_different_has_its_table() -> None:
    picture = picture_of(
        tariff(
            element({"max_power": 16}, ENERGY="0.20"),
            element({"max_power": 32}, ENERGY="0.35"),
            element(ENERGY="0.50", FLAT="1.00"),
        )
    )
    assert [(t.dimension, [str(s.kw) for s in t.situations], t.is_everywhere) for t in picture.tables] == [
        ("FLAT", ["11", "22", "50"], True),
        ("ENERGY", ["11"], False),
        ("ENERGY", ["22"], False),
        ("ENERGY", ["50"], False),
    ]


@pytest.mark.parametrize(
    ("restrictions", "name", "values"),
    [
        ({"min_kwh": 10, "max_kwh": 20}, "kwh", [["0", "20"], ["10"]]),
        ({"min_duration": 1800}, "seconds", [["0"], ["1800"]]),
        ({"min_current": 32}, "amperes", [["16.0"], ["72.7"]]),
        ({"min_power": 0}, "kw", [["11"]]),
        ({"min_power": 400}, "kw", [["11"], ["400"]]),
    ],
)
def test_situations_lie_on_both_sides_of_thresholds(
    restrictions: dict[str, Any], name: str, values: list[list[str]]
) -> None:
    picture = picture_of(tariff(element(restrictions, TIME="2"), element(TIME="1")))
    assert [[str(getattr(s, name)) for s in table.situations] for table in picture.tables] == values


def test_a_flat_is_looked_at_when_charging_begins() -> None:
    picture = picture_of(tariff(element({"min_duration": 3600}, FLAT="9"), element(FLAT="1", PARKING_TIME="2")))
    assert [(t.dimension, told(t)[tuple(range(7))]) for t in picture.tables] == [
        ("FLAT", [(0, "1")]),
        ("PARKING_TIME", [(0, "2")]),
    ]


def test_many_thresholds_are_looked_at_one_by_one() -> None:
    steps = [element({"max_kwh": n, "max_duration": n * 60, "max_power": n * 9}, ENERGY=f"0.{n}") for n in range(1, 8)]
    picture = picture_of(tariff(*steps, element(ENERGY="0.9")))
    usual = picture.tables[0].situations[0]
    for table in picture.tables:
        for s in table.situations:
            apart = [s.kwh != usual.kwh, s.seconds != usual.seconds, s.kw != usual.kw]
            assert sum(apart) <= 1


def test_a_week_with_dates_is_the_one_in_which_the_first_begins() -> None:
    dated = element({"start_date": "2026-03-05", "end_date": "2026-03-06"}, ENERGY="0.10")
    picture = picture_of(tariff(dated, element(ENERGY="0.40")))
    assert (picture.monday, picture.day, picture.has_dates) == (date(2026, 3, 2), date(2026, 3, 5), True)
    assert told(picture.tables[0]) == {(0, 1, 2, 4, 5, 6): [(0, "0.40")], (3,): [(0, "0.10")]}
    assert cost_after(picture, 11, 19636) == 6, "60 kWh on the day of the element"
    ended = picture_of(tariff(element({"end_date": "2025-06-01"}, ENERGY="0.10")))
    assert ended.day == date(2025, 5, 31)


def test_a_charge_begins_within_the_validity() -> None:
    weekend = {"start_date_time": "2026-01-01T00:00:00Z", "end_date_time": "2026-01-03T00:00:00Z"}
    picture = picture_of(tariff(element(ENERGY="0.40"), **weekend))
    assert picture.day == date(2026, 1, 1)


def test_the_cost_over_a_charge() -> None:
    """50 kW fill 60 kWh in 72 min; 0.40 each, 0.50 to begin with; parking costs 6.00 an hour from the third on."""
    picture = picture_of(
        tariff(
            element({"min_duration": 7200}, step=600, PARKING_TIME="6.00"),
            element(FLAT="0.50", ENERGY="0.40"),
            min_price={"excl_vat": 2},
            max_price={"excl_vat": 30},
        )
    )
    assert (picture.min_price, picture.max_price) == (2, 30)
    assert picture.step_sizes == (("PARKING_TIME", 600),)
    assert cost_after(picture, 50, 1) == 2, "min_price"
    assert curve(picture, 50).full.seconds == 4320
    assert curve(picture, 50).full.cost == Decimal("24.50")
    assert cost_after(picture, 50, 7200) == Decimal("24.50")
    assert cost_after(picture, 50, 7201) == Decimal("25.50"), "the first ten minutes"
    assert curve(picture, 50).points[-1].cost == 30, "max_price"
    taken = [(t.point.seconds, t.elements) for t in curve(picture, 50).takeovers]
    assert taken == [(0, (1,)), (7200, (0,))]
    assert {c.points[-1].seconds for c in picture.curves} == {19636 + 7200}


def test_steps_of_energy_are_seen() -> None:
    picture = picture_of(tariff(element(step=1000, ENERGY="1.00")))
    costs = [point.cost for point in curve(picture, 11).points]
    assert set(map(str, costs)) == {str(n) for n in range(1, 61)} | {f"{n}.00" for n in range(1, 61)} or all(
        cost == cost.to_integral_value() for cost in costs
    )
    assert len({*costs}) == 60


def test_power_and_current_go_together_in_the_curves() -> None:
    picture = picture_of(
        tariff(
            element({"min_current": 100}, ENERGY="0.60"),
            element({"min_power": 50}, ENERGY="0.50"),
            element(ENERGY="0.40"),
        )
    )
    assert [(str(c.kw), str(c.amperes), c.full.cost) for c in picture.curves] == [
        ("11", "16.0", Decimal(24)),
        ("50", "72.7", Decimal(30)),
        ("150", "218.2", Decimal(36)),
    ]


def test_an_older_version_tells_power_by_the_mean() -> None:
    picture = picture_of(
        tariff(element({"min_power": 40}, ENERGY="0.50"), element(ENERGY="0.40"), version="2.1.1"), version="2.1.1"
    )
    assert [c.full.cost for c in picture.curves] == [24, 30, 30]


def test_prices_with_taxes_are_drawn_with_taxes() -> None:
    read = tariff(
        element(ENERGY="0.50"),
        version="2.3.0",
        tax_included="YES",
        max_price={"before_taxes": 8, "after_taxes": 10},
        min_price={"before_taxes": 1},
    )
    picture = picture_of(read, version="2.3.0", time_zone="America/Toronto")
    assert (picture.includes_taxes, picture.min_price, picture.max_price) == (True, None, 10)
    assert picture.time_zone == "America/Toronto"
    assert curve(picture, 11).full.cost == 10


def test_what_has_no_price_has_no_curve() -> None:
    reserved = picture_of(tariff(element({"reservation": "RESERVATION"}, TIME="1")))
    assert reserved.tables == ()
    assert (reserved.has_reservations, [point.cost for point in reserved.curves[0].points][-1]) == (True, 0)
    assert reserved.curves[0].takeovers == ()


def test_a_tariff_without_elements_has_no_curves() -> None:
    empty = picture_of(Tariff("T", "EUR", ()))
    assert (empty.tables, empty.curves) == ((), ())
