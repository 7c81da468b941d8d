"""Worked examples and peers' test data from outside the repository: each case gives its amounts, in its own version."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tariffs import Breakdown, price
from tariffs.ocpi import decode, read_cdr, read_tariff

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "tariffs"
TOTALS = (
    "total_cost",
    "total_fixed_cost",
    "total_energy_cost",
    "total_time_cost",
    "total_parking_cost",
    "total_reservation_cost",
)


def _cases() -> list[Any]:
    if not (FOLDER / "index.json").exists():
        reason = "the conformance cases are not beside this checkout"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="missing")]
    cases = json.loads((FOLDER / "index.json").read_text("utf-8"))
    wanted = [c for c in cases if c["extension"] is None]  # those use fields that no version of OCPI has
    return [pytest.param(c["name"], id=c["name"]) for c in wanted]


def _priced(name: str, time_zone: str, version: str) -> Breakdown:
    read = read_cdr(decode((FOLDER / name / "cdr.json").read_bytes()))
    tariff = read_tariff(decode((FOLDER / name / "tariff.json").read_bytes())).tariff
    assert read.version == version
    assert read.cdr is not None
    assert tariff is not None
    return price(read.cdr, tariffs=[tariff], time_zone=time_zone)


def _minutes_of_last_line(breakdown: Breakdown, dimension: str) -> Decimal:
    return [line.quantity for line in breakdown.lines if line.dimension == dimension][-1]


@pytest.mark.parametrize("name", _cases())
def test_case(name: str) -> None:
    expected = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
    breakdown = _priced(name, expected["time_zone"], expected["ocpi_version"])
    if expected["ocpi_version"] == "2.1.1":  # it has no VAT, so nothing including it is ever known
        assert {getattr(breakdown, total).incl_vat for total in TOTALS} == {None}
    tolerance = Decimal(expected["tolerance"])
    for total in TOTALS:
        for side, amount in expected.get(total, {}).items():
            if amount is not None:
                computed = getattr(getattr(breakdown, total), side)
                assert computed is not None, (total, side, breakdown.findings)
                assert abs(computed - Decimal(amount)) <= tolerance, (total, side, computed, breakdown.findings)
    billed = breakdown.billed
    assert billed is not None
    quantities = {
        "ENERGY_kWh": lambda: billed.energy_kwh,
        "TIME_min": lambda: billed.time_min,
        "PARKING_TIME_min": lambda: billed.parking_min,
        "ENERGY_last_period_kWh": lambda: _minutes_of_last_line(breakdown, "ENERGY"),
        "TIME_last_period_min": lambda: _minutes_of_last_line(breakdown, "TIME") / 60,
    }
    for quantity, amount in expected.get("billed", {}).items():
        assert quantities[quantity]() == Decimal(amount), quantity
