"""Pricing rule 11: the zone of a charge and where it comes from."""

from decimal import Decimal
from typing import Any

import pytest

from tariffs import UnknownTimeZone, price
from tariffs.cdr import CdrLocation
from tariffs.zones import ZoneSource, zone_of

HALLE, GRAN_CANARIA, AZORES, REUNION = ("51.48", "11.97"), ("28.1", "-15.4"), ("37.74", "-25.67"), ("-20.9", "55.5")
LISBON, MADRID, DENVER = ("38.72", "-9.14"), ("40.4", "-3.7"), ("39.74", "-104.99")

# id: (country, (latitude, longitude), zone, finding)
CASES: dict[str, Any] = {
    "one zone": ("NLD", None, "Europe/Amsterdam", None),
    "two zones of equal rules": ("DEU", None, "Europe/Berlin", None),
    "alpha-2 in any case": ("be", None, "Europe/Brussels", None),
    "coordinates agree": ("DEU", HALLE, "Europe/Berlin", None),
    "coordinates swapped": ("DEU", HALLE[::-1], "Europe/Berlin", "coordinates-swapped"),
    "coordinates elsewhere": ("NLD", HALLE, "Europe/Amsterdam", "coordinates-not-in-country"),
    "Canaries": ("ESP", GRAN_CANARIA, "Atlantic/Canary", None),
    "Spanish mainland": ("ESP", MADRID, "Europe/Madrid", None),
    "Azores": ("PRT", AZORES, "Atlantic/Azores", None),
    "Lisbon swapped": ("PRT", LISBON[::-1], "Europe/Lisbon", "coordinates-swapped"),
    "French overseas": ("FRA", REUNION, "Indian/Reunion", None),
    "several zones, no coordinates": ("ESP", None, None, "time-zone-unknown"),
    "several zones, coordinates elsewhere": ("ESP", HALLE, None, "coordinates-not-in-country"),
    "United States": ("USA", DENVER, "America/Denver", None),
    "no country": (None, HALLE, "Europe/Berlin", None),
    "no such country": ("XYZ", HALLE, "Europe/Berlin", None),
    "nothing": (None, None, None, "time-zone-unknown"),
    "impossible coordinates": (None, ("151", "11"), None, "time-zone-unknown"),
}


@pytest.mark.parametrize(("country", "at", "zone", "code"), CASES.values(), ids=CASES)
def test_by_place(country: str | None, at: Any, zone: str | None, code: str | None) -> None:
    latitude, longitude = (None, None) if at is None else (Decimal(at[0]), Decimal(at[1]))
    choice = zone_of(CdrLocation(country=country, latitude=latitude, longitude=longitude))
    assert (choice.zone.key if choice.zone else None) == zone
    assert [f.code for f in choice.findings][:1] == ([code] if code else [])


def test_what_the_caller_states_wins_then_the_record_then_the_locations_data() -> None:
    location = CdrLocation(country="NLD", time_zone="Europe/Paris")
    assert zone_of(location, stated="UTC", published="Europe/Rome").zone.key == "UTC"  # type: ignore[union-attr]
    assert zone_of(location, published="Europe/Rome").zone.key == "Europe/Paris"  # type: ignore[union-attr]
    assert zone_of(CdrLocation(), published="Europe/Rome").zone.key == "Europe/Rome"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "CET-1CEST"])
def test_a_wrong_name_is_passed_over_in_a_record_and_raised_to_the_caller(name: str) -> None:
    choice = zone_of(CdrLocation(country="NLD"), published=name)
    assert (choice.zone.key, choice.findings[0].code) == ("Europe/Amsterdam", "time-zone-not-iana")  # type: ignore[union-attr]
    with pytest.raises(UnknownTimeZone):
        zone_of(CdrLocation(), stated=name)


# id: (what is known of the zone, source)
SOURCES: dict[str, Any] = {
    "stated": ({"time_zone": "UTC", "location_time_zone": "Europe/Rome"}, "NLD", "UTC", ZoneSource.STATED),
    "locations": ({"location_time_zone": "Europe/Rome"}, "NLD", "Europe/Rome", ZoneSource.LOCATIONS),
    "country": ({"operator_time_zone": "Europe/Rome"}, "NLD", "Europe/Amsterdam", ZoneSource.COUNTRY),
    "configured": ({"operator_time_zone": "Europe/Rome"}, "ESP", "Europe/Rome", ZoneSource.CONFIGURED),
    "configured wrongly": ({"operator_time_zone": "Mars/Olympus"}, "ESP", None, None),
    "nowhere": ({}, "ESP", None, None),
}


@pytest.mark.parametrize(("known", "country", "zone", "source"), SOURCES.values(), ids=SOURCES)
def test_the_price_says_where_its_zone_comes_from(
    known: Any, country: str, zone: str | None, source: ZoneSource | None, making: Any
) -> None:
    night = ([making.component("ENERGY", "1")], {"start_time": "22:00", "end_time": "06:00"})
    cdr = making.cdr(("10:00", {"ENERGY": 1}), end="11:00", cdr_location={"country": country})
    breakdown = making.priced(cdr, making.tariff(night), **{"time_zone": None, **known})
    assert (breakdown.time_zone, breakdown.time_zone_source) == (zone, source)
    assert breakdown.priced == (zone is not None)


def test_the_zone_of_the_place_inside_the_cdr_and_of_its_coordinates() -> None:
    known, coordinates = CdrLocation(time_zone="Europe/Paris"), CdrLocation(None, latitude=Decimal("51.48"))
    assert zone_of(known).source is ZoneSource.CDR_LOCATION
    assert zone_of(coordinates).source is None
    at = CdrLocation(latitude=Decimal(HALLE[0]), longitude=Decimal(HALLE[1]))
    assert zone_of(at).source is ZoneSource.COORDINATES
    assert all(source.words for source in ZoneSource)


def test_of_an_unreadable_cdr_the_stated_zone_is_still_told(making: Any) -> None:
    breakdown = making.priced({"id": "C"}, time_zone="UTC")
    assert (breakdown.time_zone, breakdown.time_zone_source) == ("UTC", "stated")


def test_never_silently_utc(making: Any) -> None:
    night = ([making.component("ENERGY", "1")], {"start_time": "22:00", "end_time": "06:00"})
    cdr = making.cdr(("10:00", {"ENERGY": 1}), end="11:00")
    breakdown = making.priced(cdr, making.tariff(night), time_zone=None)
    assert [(f.code, f.severity) for f in breakdown.findings] == [("time-zone-unknown", "Q")]
    assert not breakdown.priced


def test_no_zone_and_no_finding_where_the_clock_does_not_matter(making: Any) -> None:
    cdr = making.cdr(("10:00", {"ENERGY": 1}), end="11:00")
    breakdown = making.priced(cdr, making.tariff(making.component("ENERGY", "1")), time_zone=None)
    assert (making.total(breakdown), breakdown.time_zone, breakdown.findings) == ("1", None, ())


def test_the_zone_of_the_place_decides(making: Any) -> None:
    evening = ([making.component("ENERGY", "2")], {"start_time": "20:00"})
    tariff = making.tariff(evening, making.component("ENERGY", "1"))
    place = {"country": "ESP", "coordinates": {"latitude": GRAN_CANARIA[0], "longitude": GRAN_CANARIA[1]}}
    cdr = making.cdr(("18:30", {"ENERGY": 1}), end="18:45", cdr_location=place)
    assert making.total(making.priced(cdr, tariff, time_zone=None)) == "1"
    assert making.total(making.priced(cdr, tariff, time_zone="Europe/Madrid")) == "2"
    assert price.__doc__
