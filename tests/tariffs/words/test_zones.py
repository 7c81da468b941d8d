"""The words about time zones (pricing rule 11), and where each zone comes from."""

from decimal import Decimal
from typing import Any

import pytest
from charges import line

from tariffs.cdr import CdrLocation
from tariffs.zones import ZoneSource, _same_zone, zone_of

HALLE, DENVER, MADRID = ("51.48", "11.97"), ("39.74", "-104.99"), ("40.4", "-3.7")
SEVERAL = "Q time-zone-unknown $.cdr_location: {} has several time zones and the coordinates do not tell which"
NOWHERE = (
    "Q time-zone-unknown $.cdr_location: "
    "neither a zone, nor a country of one zone, nor coordinates: local time is unknown"
)
ELSEWHERE = (
    "W coordinates-not-in-country $.cdr_location.coordinates: the coordinates do not lie in {}; the country counts"
)
SWAPPED = (
    "I coordinates-swapped $.cdr_location.coordinates: "
    "the coordinates lie in {} only with latitude and longitude swapped"
)
NO_ZONE = "W time-zone-not-iana $.cdr_location: {} names {!r}, which is no IANA time zone; passed over"
MARS = "Mars/Olympus"

# id: (country, (latitude, longitude), zone of the record, known beside it, zone, source, what is said)
CASES: dict[str, Any] = {
    "stated": ("NLD", None, "Europe/Paris", {"stated": "UTC"}, "UTC", ZoneSource.STATED, []),
    "in the record": (
        *("NLD", None, "Europe/Paris", {"published": "Europe/Rome", "configured": "UTC"}),
        *("Europe/Paris", ZoneSource.CDR_LOCATION, []),
    ),
    "no zone in the record": (
        *("NLD", None, MARS, {"published": "Europe/Rome"}),
        *("Europe/Rome", ZoneSource.LOCATIONS, [NO_ZONE.format("cdr_location.time_zone", MARS)]),
    ),
    "no zone anywhere it is named": (
        *("DEU", HALLE[::-1], MARS, {"published": "x", "configured": "UTC"}),
        *("Europe/Berlin", ZoneSource.COUNTRY),
        [
            *(NO_ZONE.format("cdr_location.time_zone", MARS), NO_ZONE.format("the Locations data", "x")),
            SWAPPED.format("DE"),
        ],
    ),
    "by country": ("NLD", None, None, {"configured": "UTC"}, "Europe/Amsterdam", ZoneSource.COUNTRY, []),
    "by country, coordinates elsewhere": (
        *("NLD", HALLE, None, {}, "Europe/Amsterdam", ZoneSource.COUNTRY),
        [ELSEWHERE.format("NL")],
    ),
    "by coordinates": ("USA", DENVER, None, {}, "America/Denver", ZoneSource.COORDINATES, []),
    "by coordinates alone": (None, MADRID, None, {}, "Europe/Madrid", ZoneSource.COORDINATES, []),
    "by swapped coordinates": (
        *("ESP", MADRID[::-1], None, {}, "Europe/Madrid", ZoneSource.COORDINATES),
        [SWAPPED.format("ES")],
    ),
    "several zones": ("ESP", None, None, {}, None, None, [SEVERAL.format("ES")]),
    "several zones, coordinates elsewhere": (
        *("ESP", HALLE, None, {}, None, None),
        [ELSEWHERE.format("ES"), SEVERAL.format("ES")],
    ),
    "several zones, one configured": ("ESP", None, None, {"configured": "Europe/Rome"}, "Europe/Rome",
                                      ZoneSource.CONFIGURED, []),
    "several zones, coordinates elsewhere, one configured": (
        *("ESP", HALLE, None, {"configured": "Europe/Rome"}, "Europe/Rome", ZoneSource.CONFIGURED),
        [ELSEWHERE.format("ES")],
    ),
    "several zones, none configured": (
        *("ESP", None, None, {"configured": MARS}, None, None),
        [NO_ZONE.format("the zone configured for the CPO", MARS), SEVERAL.format("ES")],
    ),
    "nothing at all": (None, None, None, {}, None, None, [NOWHERE]),
    "half a place": (None, ("51.48", None), None, {}, None, None, [NOWHERE]),
    "the other half": (None, (None, "11.97"), None, {}, None, None, [NOWHERE]),
    "the south pole": (None, ("-90", "0"), None, {}, "Antarctica/McMurdo", ZoneSource.COORDINATES, []),
    "south of the pole": (None, ("-90.1", "0"), None, {}, None, None, [NOWHERE]),
    "the date line": (None, ("-16.8", "180"), None, {}, "Pacific/Fiji", ZoneSource.COORDINATES, []),
    "beyond the date line": (None, ("-16.8", "180.1"), None, {}, None, None, [NOWHERE]),
    "the open sea": (None, ("0", "-30"), None, {}, None, None, [NOWHERE]),
    "the Azores in words": ("PRT", ("37.74", "-25.67"), None, {}, "Atlantic/Azores", ZoneSource.COORDINATES, []),
    "French overseas": ("FRA", ("-20.9", "55.5"), None, {}, "Indian/Reunion", ZoneSource.COORDINATES, []),
    "France itself": ("FRA", ("48.85", "2.35"), None, {}, "Europe/Paris", ZoneSource.COUNTRY, []),
    "not French": ("FRA", DENVER, None, {}, "Europe/Paris", ZoneSource.COUNTRY, [ELSEWHERE.format("FR")]),
}  # fmt: skip


@pytest.mark.parametrize(("country", "at", "own", "known", "zone", "source", "said"), CASES.values(), ids=CASES)
def test_zone(
    country: str | None, at: Any, own: str | None, known: Any, zone: str | None, source: ZoneSource | None, said: Any
) -> None:
    latitude, longitude = [None if value is None else Decimal(value) for value in at or (None, None)]
    choice = zone_of(CdrLocation(country=country, latitude=latitude, longitude=longitude, time_zone=own), **known)
    assert ((choice.zone and choice.zone.key), choice.source) == (zone, source)
    assert [line(f) for f in choice.findings] == said


def test_an_old_spelling_is_the_zone_of_equal_rules_in_the_country() -> None:
    assert _same_zone("Asia/Calcutta", {"Asia/Kolkata", "Asia/Tokyo"}) == "Asia/Kolkata"
    assert _same_zone("Asia/Calcutta", {"Asia/Tokyo"}) is None
    assert _same_zone("Asia/Kolkata", {"Asia/Tokyo", "Asia/Kolkata"}) == "Asia/Kolkata"
    assert _same_zone("Europe/Paris", {"Europe/Berlin"}) is None  # of equal rules, but of another country
