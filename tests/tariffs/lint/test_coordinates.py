"""Coordinates are looked at in every version, and one cause makes one finding."""

from pathlib import Path
from typing import Any

import pytest

from tariffs.lint import lint_cdr
from tariffs.ocpi import decode

CLEAN: Any = decode((Path(__file__).resolve().parents[3] / "fixtures" / "lint" / "clean" / "cdr.json").read_bytes())


def found(coordinates: Any, country: str = "DEU") -> list[tuple[str, str]]:
    place = {**CLEAN["cdr_location"], "coordinates": coordinates, "country": country}
    return [(f.code, f.path) for f in lint_cdr({**CLEAN, "cdr_location": place}) if f.code.startswith("coordinates")]


@pytest.mark.parametrize(
    ("latitude", "longitude", "country", "codes"),
    [
        ("50.92720", "11.58920", "DEU", []),
        ("11.58920", "50.92720", "DEU", ["coordinates-swapped"]),
        ("139.69171", "35.68950", "JPN", ["coordinates-swapped"]),
        ("50.92720", "190.00000", "DEU", ["coordinates-out-of-range"]),
        ("48.85661", "2.35222", "DEU", ["coordinates-not-in-country"]),
        ("28.12350", "-15.43630", "ESP", []),
        ("48.85661", "2.35222", "XXX", []),
        ("50.9272", "11.589200000", "DEU", ["coordinates-form", "coordinates-form"]),
    ],
)
def test_one_cause_makes_one_finding(latitude: str, longitude: str, country: str, codes: list[str]) -> None:
    assert [code for code, _ in found({"latitude": latitude, "longitude": longitude}, country)] == codes


def test_what_is_not_there_is_not_judged() -> None:
    for coordinates in (None, {}, {"latitude": "50.92720"}, [], "50.92720"):
        assert found(coordinates) == []


def test_in_2_1_1_the_place_has_another_name() -> None:
    place = {**CLEAN["cdr_location"], "coordinates": {"latitude": "11.58920", "longitude": "50.92720"}}
    obj = {**CLEAN, "location": place, "stop_date_time": CLEAN["end_date_time"], "total_cost": 1}
    for key in ("cdr_location", "end_date_time"):
        del obj[key]
    told = [f.path for f in lint_cdr(obj) if f.code == "coordinates-swapped"]
    assert told == ["$.location.coordinates"]
