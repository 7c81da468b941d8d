"""The same explanation as values for programs: every number a text with all its digits, sentences beside data."""

import json
from typing import Any

from told_charges import ENERGY, FREE, TIME, charge, element, explained, restricted, tariff

from tariffs.explanation import as_values


def _steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for step in steps for one in (step, *_steps(step["steps"]))]


def _one(value: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [step for step in _steps(value["steps"]) if step["kind"] == kind]
    return found


def test_the_head() -> None:
    value = as_values(explained(charge(), restricted(start_time="08:00")), "de")
    assert {k: v for k, v in value.items() if k not in ("heading", "answer", "steps", "decisions")} == {
        "cdr_id": "C",
        "ocpi_version": "2.2.1",
        "currency": "EUR",
        "language": "de",
        "priced": True,
        "time_zone": "Europe/Berlin",
        "time_zone_source": "country",
        "tariff_ids": ["T"],
    }
    assert value["answer"][0]["kind"] == "answer.both"
    assert value["answer"][0]["values"]["excl"] == {"value": "3", "currency": "EUR"}
    assert {"id", "rule", "text"} == set(value["decisions"][0])


def test_values_of_a_reason() -> None:
    value = as_values(
        explained(charge(), restricted(start_time="21:00", day_of_week=["SUNDAY"], start_date="2026-10-08"))
    )
    (window, day, weekday) = _one(value, "choice.passed")["values"]["reasons"]
    assert window["values"] == {
        "seen": {"second_of_day": 36_000},
        "start": {"second_of_day": 75_600},
        "end": {"second_of_day": 86_400},
    }
    assert day["values"] == {"seen": "2026-10-07", "limit": "2026-10-08"}
    assert weekday["values"] == {"seen": ["WEDNESDAY"], "days": ["SUNDAY"]}
    assert weekday["text"] == "it is Wednesday, and the price is for Sunday"
    assert _one(value, "choice.passed")["values"]["elements"] == [1]


def test_values_of_a_period_and_a_choice() -> None:
    value = as_values(explained(charge(TIME="0.5"), tariff(element({**TIME, "vat": "19.0"}))))
    assert _one(value, "period.heading")["values"] == {
        "period": 1,
        "start": {"utc": "2026-10-07T08:00:00Z", "time_zone": None},
        "end": {"utc": "2026-10-07T10:00:00Z", "time_zone": None},
        "length": {"value": "7200", "unit": "s"},
    }
    chosen = _one(value, "choice.taken-with-vat")
    assert chosen["values"] == {
        "dimension": "dimension.TIME",
        "element": 1,
        "tariff": "T",
        "price": {"value": "6", "currency": "EUR", "per": "h"},
        "vat": {"value": "19", "unit": "%"},
    }
    assert chosen["clauses"] == [
        "OCPI 2.2.1 mod_tariffs, Tariff.elements",
        "OCPI 2.2.1 mod_tariffs, PriceComponent.price",
    ]


def test_a_formula_as_data() -> None:
    value = as_values(explained(charge(TIME="0.0278"), tariff(element({**TIME, "price": "0.50"}))))
    (formula,) = _one(value, "cost.product-net")["formulas"]
    assert formula == {
        "text": "100 s x 0.50 EUR/h / 3600 = 50/3600 EUR (about 0.013889 EUR)",
        "terms": [
            {"value": "100", "unit": "s"},
            {"operator": "x", "value": "0.5", "currency": "EUR", "per": "h"},
            {"operator": "/", "value": "3600", "unit": ""},
        ],
        "result": {"value": "1/72", "currency": "EUR"},
    }


def test_it_can_be_written_as_json() -> None:
    value = as_values(explained(charge(), tariff(FREE, element(ENERGY))))
    assert json.loads(json.dumps(value), parse_float=None) == value
    assert _one(value, "cost.line")["values"]["period"] == 1
