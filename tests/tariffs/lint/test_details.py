"""What the cases of fixtures/lint leave out: the other side of a rule, and where a rule stays silent."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tariffs.lint import lint_cdr, lint_tariff, region
from tariffs.ocpi import decode

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "lint"


def tariff(**more: Any) -> dict[str, Any]:
    parts = [{"type": "ENERGY", "price": 1, "step_size": 1}]
    return {"id": "T", "currency": "EUR", "elements": [{"price_components": parts}], **more}


def element(restrictions: dict[str, Any]) -> dict[str, Any]:
    return {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}], "restrictions": restrictions}


def spots(obj: dict[str, Any], code: str) -> list[tuple[str, str]]:
    lint = lint_cdr if "charging_periods" in obj else lint_tariff
    return [(f.path, f.message) for f in lint(decode(json.dumps(obj))) if f.code == code]


def clean_cdr(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "clean" / "cdr.json").read_text("utf-8"))
    return {**found, **more}


# id: (validity of the tariff, dates of its element, what is said)
OUTSIDE: dict[str, Any] = {
    "begins when the tariff is over": (
        {"end_date_time": "2026-04-01T00:00:00Z"},
        {"start_date": "2026-04-03"},
        [
            (
                "$.elements[0].restrictions.start_date",
                "the element begins on 2026-04-03, when the tariff is no longer in force",
            )
        ],
    ),
    "begins on the day after the last, which time zones leave open": (
        {"end_date_time": "2026-04-01T00:00:00Z"},
        {"start_date": "2026-04-02"},
        [],
    ),
    "ends before the tariff begins": (
        {"start_date_time": "2026-04-01T00:00:00Z"},
        {"end_date": "2026-03-31"},
        [
            (
                "$.elements[0].restrictions.end_date",
                "the element ends before 2026-03-31, when the tariff is not yet in force",
            )
        ],
    ),
    "ends on the first day": ({"start_date_time": "2026-04-01T00:00:00Z"}, {"end_date": "2026-04-01"}, []),
    "lies within": (
        {"start_date_time": "2026-04-01T00:00:00Z", "end_date_time": "2026-05-01T00:00:00Z"},
        {"start_date": "2026-04-10", "end_date": "2026-04-20"},
        [],
    ),
    "the last day of the calendar": ({"end_date_time": "9999-12-31T00:00:00Z"}, {"start_date": "9999-12-31"}, []),
    "the first day of the calendar": ({"start_date_time": "0001-01-01T00:00:00Z"}, {"end_date": "0001-01-02"}, []),
}


@pytest.mark.parametrize(("validity", "dates", "said"), OUTSIDE.values(), ids=OUTSIDE)
def test_an_element_outside_the_validity_of_its_tariff(validity: Any, dates: Any, said: Any) -> None:
    assert spots(tariff(elements=[element(dates)], **validity), "element-outside-validity") == said


def test_a_limit_below_0_is_said_once_though_both_sides_are() -> None:
    limit = {"excl_vat": -1, "incl_vat": -1}
    assert spots(tariff(min_price=limit), "limit-of-zero") == [("$.min_price", "the limit is negative: -1")]
    assert spots(tariff(min_price={"excl_vat": 0}), "limit-of-zero") == []


def test_keys_are_looked_at_wherever_lists_may_hold_something_else() -> None:
    """A price component that is no object has its own finding; the key beside it is still seen."""
    obj = tariff(elements=[{"price_components": [7, {"type": "ENERGY", "price": 1, "stepsize": 1}]}])
    said = "OCPI has no field stepsize here; step_size may be meant"
    assert spots(obj, "misspelt-field") == [("$.elements[0].price_components[1].stepsize", said)]


def test_a_key_of_which_the_right_spelling_stands_beside_it_is_not_taken_for_it() -> None:
    assert spots(tariff(Currency="EUR"), "misspelt-field") == []


def test_a_field_that_is_deeper_in_the_record_than_its_shape_is_let_pass() -> None:
    """`id` is a text; what somebody put inside of it has no shape to be judged by."""
    assert spots(tariff(id={"currencyy": "EUR"}), "misspelt-field") == []


def test_where_there_are_too_many_pieces_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows by the minute: lint gives up rather than to take minutes, and never calls a price unreachable then."""
    elements = [element({"start_time": f"{hour:02}:00", "end_time": f"{hour:02}:59"}) for hour in range(24)]
    obj = tariff(elements=[*elements, element({"min_kwh": 1}), element({"min_kwh": 2})])
    assert [path for path, _ in spots(obj, "unreachable-element")] == ["$.elements[25]"]
    monkeypatch.setattr(region, "_MOST_PIECES", 0)
    assert spots(obj, "unreachable-element") == []


def test_regions_are_cut_exactly() -> None:
    def box(*spans: tuple[int, int]) -> region.Region:
        return tuple(((Decimal(low), Decimal(high)),) for low, high in spans)

    whole, corner = box((0, 4), (0, 4)), box((2, 4), (2, 4))
    assert region.minus(whole, corner) == [box((0, 2), (0, 4)), box((2, 4), (0, 2))]
    assert region.minus(whole, box((4, 5), (0, 4))) == [whole]
    assert region.uncovered(whole, [corner, box((0, 4), (0, 2))]) == [box((0, 2), (2, 4))]
    assert region.uncovered(whole, [whole, corner]) == []
    assert region.uncovered(((), whole[0]), []) == []


# id: (parts before taxes, total, whether the sum is said to differ); energy and time are used, parking is not
SUMS: dict[str, Any] = {
    "more than the total": ({"fixed": 1, "energy": 5, "time": 1}, 6, True),
    "less than the total": ({"fixed": 1, "energy": 5, "time": 1}, 8, True),
    "less, and a fee may be left out": ({"energy": 5, "time": 1}, 8, False),
    "less, and a part that was used is left out": ({"fixed": 1, "energy": 5}, 8, False),
    "more, whatever is left out": ({"energy": 9}, 8, True),
    "more, and the total is a cap of the tariff": ({"fixed": 1, "energy": 5, "time": 10}, 15, False),
    "half a cent of each is nothing": ({"fixed": 1, "energy": 5, "time": 1}, "7.02", False),
}


@pytest.mark.parametrize(("parts", "total", "differs"), SUMS.values(), ids=SUMS)
def test_parts_against_the_total(parts: Any, total: Any, differs: bool) -> None:
    volumes = [{"type": kind, "volume": 1} for kind in ("ENERGY", "TIME")]
    obj = clean_cdr(
        charging_periods=[{"start_date_time": "2026-10-07T08:00:00Z", "dimensions": volumes}],
        tariffs=[tariff(max_price={"excl_vat": 15})],
        total_cost={"excl_vat": total},
    )
    for name in ("fixed", "energy", "time", "parking", "reservation"):
        obj.pop(f"total_{name}_cost", None)
    obj |= {f"total_{name}_cost": {"excl_vat": amount} for name, amount in parts.items()}
    assert bool(spots(obj, "parts-differ-from-total")) == differs


@pytest.mark.parametrize(("kind", "said"), [("RESERVATION_EXPIRES", False), ("RESERVATION_TIME", False), (None, True)])
def test_a_cost_of_a_reservation_needs_the_time_of_one(kind: str | None, said: bool) -> None:
    volumes = [{"type": kind or "ENERGY", "volume": 1}]
    obj = clean_cdr(
        charging_periods=[{"start_date_time": "2026-10-07T08:00:00Z", "dimensions": volumes}],
        total_reservation_cost={"excl_vat": 2},
    )
    path = ["$.total_reservation_cost"] if said else []
    assert [at for at, _ in spots(obj, "cost-without-volume") if "reservation" in at] == path


@pytest.mark.parametrize("stated", [{}, []], ids=["an object", "a list"])
def test_restrictions_without_any(stated: Any) -> None:
    obj = tariff()
    obj["elements"][0]["restrictions"] = stated
    said = "the restrictions are empty; the element always applies"
    assert spots(obj, "empty-restrictions") == [("$.elements[0].restrictions", said)]


def test_weekdays_without_any() -> None:
    obj = tariff()
    obj["elements"][0]["restrictions"] = {"day_of_week": [], "min_kwh": 1}
    said = "the list of weekdays is empty; taken as every day"
    assert spots(obj, "empty-restrictions") == [("$.elements[0].restrictions.day_of_week", said)]
