"""Pricing rules 7, 10, 25, 30 and 31: misspelt keys, drift, every boundary inside a period, what is never priced."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr, read_tariff

VERSIONS = ("2.1.1", "2.2.1", "2.3.0")
NIGHT = {"start_time": "22:00", "end_time": "06:00"}
MISSPELT: dict[str, tuple[dict[str, Any], str, str]] = {
    "restriction": ({"restriction": NIGHT}, "restriction", "$.tariffs[0].elements[0].restriction"),
    "Restrictions": ({"Restrictions": NIGHT}, "Restrictions", "$.tariffs[0].elements[0].Restrictions"),
    "dayOfWeek": (
        {"restrictions": {"dayOfWeek": ["SUNDAY"]}},
        "dayOfWeek",
        "$.tariffs[0].elements[0].restrictions.dayOfWeek",
    ),
    "startTime": (
        {"restrictions": {"startTime": "22:00"}},
        "startTime",
        "$.tariffs[0].elements[0].restrictions.startTime",
    ),
    "of no version": (
        {"restrictions": {"weather": "sunny"}},
        "weather",
        "$.tariffs[0].elements[0].restrictions.weather",
    ),
}


def _findings(obj: dict[str, Any], version: str | None = None, *given: dict[str, Any]) -> dict[str, Any]:
    read = read_cdr(decode(json.dumps(obj)), version=version)
    assert read.cdr is not None
    tariffs = [read_tariff(decode(json.dumps(t)), version=version).tariff for t in given]
    found = price(read.cdr, tariffs=[t for t in tariffs if t is not None], time_zone="UTC")
    return {f.code: f for f in (*read.findings, *found.findings, *verify(read.cdr, found))}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_restriction_is_a_finding_with_its_money(making: Any, name: str, version: str) -> None:
    element, key, path = MISSPELT[name]
    made = making.tariff(making.component("ENERGY", "0.90"), making.component("ENERGY", "0.20"), tax_included="NO")
    made["elements"][0].update(element)
    found = _findings(making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[made]), version)
    assert (found["unknown-field"].path, str(found["unknown-field"].severity)) == (path, "I")
    assert ("may be meant" in found["unknown-field"].message) == (name != "of no version")
    assert (str(found["unknown-restriction"].severity), found["unknown-restriction"].money) == ("W", 7)
    assert key in found["unknown-restriction"].message


@pytest.mark.parametrize("value", [None, [], {}], ids=str)
def test_an_empty_misspelt_restriction_restricts_nothing(making: Any, value: Any) -> None:
    made = making.tariff(making.component("ENERGY", "0.90"))
    made["elements"][0]["restriction"] = value
    assert "unknown-restriction" not in _findings(making.cdr(("10:00", {"ENERGY": 1}), end="11:00", tariffs=[made]))


def test_the_tariff_of_the_cdr_counts_and_its_drift_from_the_given_one_is_said(making: Any) -> None:
    sent = [making.tariff(making.component("ENERGY", amount), id=name) for name, amount in (("A", "0.30"), ("B", "1"))]
    given = [making.tariff(making.component("ENERGY", amount), id=name) for name, amount in (("a", "0.50"), ("B", "1"))]
    named = (("10:00", {"ENERGY": 10, "tariff_id": "A"}), ("11:00", {"ENERGY": 1, "tariff_id": "B"}))
    for periods in (named, (("10:00", {"ENERGY": 10}),)):
        brought = sent if periods is named else sent[:1]
        found = _findings(making.cdr(*periods, end="12:00", tariffs=brought), None, *given)
        assert (str(found["tariff-not-as-given"].severity), found["tariff-not-as-given"].money) == ("W", -2)
    same = _findings(making.cdr(*named, end="12:00", tariffs=sent), None, *sent)
    assert "tariff-not-as-given" not in same
    beside = making.cdr(named[1], end="12:00", tariffs=sent[:1])
    assert "tariff-not-as-given" not in _findings(beside, None, *given)


def test_what_a_tariff_given_twice_would_make_is_of_its_own_periods_only(making: Any) -> None:
    """The other content stands in for that tariff alone, not for the tariffs of all periods."""
    old = making.tariff(making.component("ENERGY", "1"), id="A", last_updated="2026-01-01T00:00:00Z")
    new = making.tariff(making.component("ENERGY", "3"), id="A", last_updated="2026-06-01T00:00:00Z")
    other = making.tariff(making.component("ENERGY", "7"), id="B")
    periods = (("10:00", {"ENERGY": 10, "tariff_id": "A"}), ("11:00", {"ENERGY": 10, "tariff_id": "B"}))
    found = _findings(making.cdr(*periods, end="12:00", tariffs=[old, new, other]))
    assert found["tariff-given-twice"].money == 20


def test_time_after_a_booked_slot_is_not_priced_and_said(making: Any) -> None:
    made = making.tariff(making.component("TIME", "6"))
    found = _findings(
        making.cdr(("10:00", {"TIME": 1, "RESERVATION_OVERTIME": "0.5"}), end="11:30", tariffs=[made], total_time=1)
    )
    assert str(found["reservation-overtime-not-priced"].severity) == "W"
    assert "unknown-dimension" not in found


def test_a_preauthorization_is_known_and_never_priced(making: Any) -> None:
    made = making.tariff(
        making.component("ENERGY", "1", vat=0), tax_included="NO", preauthorize_amount=50, country_code="DE"
    )
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[made])
    read = read_cdr(decode(json.dumps(obj)), version="2.3.0")
    assert read.cdr is not None
    assert price(read.cdr).total_cost.excl_vat == 10
    assert "unknown-field" not in {f.code for f in read.findings}


# One boundary each, then two of different kinds: restrictions of the dear element, bounds of the truth, money at stake.
SPANS: dict[str, tuple[dict[str, Any], tuple[str, str, str] | None]] = {
    "clock in the middle": ({"start_time": "17:00", "end_time": "20:00"}, ("10", "40", "30")),
    "midnight by weekday": ({"day_of_week": ["THURSDAY"]}, ("10", "40", "30")),
    "midnight by date": ({"start_date": "2026-10-08"}, ("10", "40", "30")),
    "duration": ({"min_duration": 3600, "max_duration": 3700}, ("10", "40", "30")),
    "energy": ({"min_kwh": 20, "max_kwh": 21}, ("10", "40", "30")),
    "energy and clock": ({"min_kwh": 20, "start_time": "17:00", "end_time": "18:00"}, ("10", "40", "30")),
    "energy and duration": ({"min_kwh": 49, "min_duration": 3600, "max_duration": 3601}, ("10", "40", "30")),
    "clock, duration and energy": (
        {"min_kwh": 1, "max_kwh": 2, "min_duration": 7200, "max_duration": 7201, "start_time": "18:00"},
        ("10", "40", "30"),
    ),
    "clock and duration that never meet": ({"start_time": "17:00", "end_time": "17:30", "min_duration": 30000}, None),
    "energy beyond the period": ({"min_kwh": 50}, None),
    "a clock boundary at its end": ({"start_time": "01:00", "end_time": "02:00"}, None),
}


@pytest.mark.parametrize(("limits", "expected"), SPANS.values(), ids=SPANS)
def test_every_boundary_inside_a_period_is_looked_at(making: Any, limits: Any, expected: Any) -> None:
    """50 kWh from Wednesday 16:00 to Thursday 01:00, 0.80 where the restrictions are met, else 0.20."""
    dear = ([making.component("ENERGY", "0.80")], limits)
    made = making.tariff(dear, making.component("ENERGY", "0.20"))
    obj = making.cdr(("16:00", {"ENERGY": 50}), end="2026-10-08T01:00:00Z", tariffs=[made])
    found = _findings(obj).get("period-spans-price-change")
    if expected is None:
        assert found is None
        return
    lower, upper, stake = expected
    assert found is not None
    assert f"between {lower} and {upper}" in found.message
    assert found.money == Decimal(stake)


@pytest.mark.parametrize("stated", [True, False])
def test_a_charge_at_home_is_priced_as_usual_and_said(making: Any, stated: bool) -> None:
    made = making.tariff(making.component("ENERGY", "1"))
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[made], home_charging_compensation=stated)
    assert making.total(making.priced(obj)) == "10"
    told = _findings(obj).get("home-charging-compensation")
    assert (told is not None and told.severity == "I") == stated
