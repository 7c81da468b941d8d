"""Where a made-up charge takes place: a country and coordinates from which its time zone can be told again.

A CDR since OCPI 2.2 has no time zone, so a reader tells it from the place (pricing rule 11). The places are those of
the zone data itself: its principal towns, with their coordinates.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.cdr import CdrLocation
from tariffs.countries import alpha_2, alpha_3
from tariffs.errors import UnknownTimeZone
from tariffs.zones import named_zone, zone_of

USUAL_ZONE: Final = "Europe/Berlin"
_LARGEST: Final = {
    **{"AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto"},
    **{"RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent"},
}
"""Where the zone data does not begin with it."""
_FIVE_DECIMALS: Final = Decimal("0.00001")
_SAMPLES: Final = tuple(
    datetime(year, month, day, hour, tzinfo=UTC)
    for year in (2019, 2024, 2026, 2027)
    for month in range(1, 13)
    for day, hour in ((1, 0), (15, 12), (28, 1))
)


@dataclass(frozen=True, slots=True)
class Place:
    """A town: its zone, its country as alpha-2 and alpha-3, and its coordinates as OCPI writes them."""

    zone: ZoneInfo
    country: str
    country_3: str
    city: str
    latitude: str
    longitude: str


def place_in(zone: str) -> Place:
    """Return a town whose clocks follow an IANA zone; raise `UnknownTimeZone` where no town's do.

    >>> place_in("Europe/Berlin").country_3, place_in("UTC").zone.key
    ('DEU', 'Africa/Ouagadougou')
    """
    wanted = named_zone(zone)
    rules = _rules(wanted)
    rows = _towns()
    for place in sorted(rows, key=lambda place: place.zone.key != wanted.key):
        if _rules(place.zone) == rules and _is_told_again(place, rules):
            return place
    raise UnknownTimeZone(f"no town has the time zone {zone!r}, so no CDR can show it; name the zone of a place")


def zone_of_country(country: str | None) -> str:
    """Return the zone of the largest city of a country (alpha-2 or alpha-3); Europe/Berlin where unknown."""
    code = alpha_2(country) if country else None
    first = next((place.zone.key for place in _towns() if place.country == code), USUAL_ZONE)
    return _LARGEST.get(code or "", first)


def _is_told_again(place: Place, rules: tuple[object, ...]) -> bool:
    """Whether pricing finds a zone of the same rules from the country and the coordinates."""
    location = CdrLocation(
        country=place.country_3, latitude=Decimal(place.latitude), longitude=Decimal(place.longitude)
    )
    choice = zone_of(location)
    return choice.zone is not None and not choice.findings and _rules(choice.zone) == rules


@cache
def _rules(zone: ZoneInfo) -> tuple[object, ...]:
    return tuple(sample.astimezone(zone).utcoffset() for sample in _SAMPLES)


@cache
def _towns() -> tuple[Place, ...]:
    """The rows of `zone.tab` whose country ISO 3166-1 has."""
    found = []
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        country, coordinates, name = line.split("\t")[:3] if not line.startswith("#") else ("", "", "")
        three = alpha_3(country)
        if three is not None:
            city = name.rpartition("/")[2].replace("_", " ")
            found.append(Place(named_zone(name), country, three, city, *_degrees(coordinates)))
    return tuple(found)


def _degrees(text: str) -> tuple[str, str]:
    """Turn ISO 6709 as in zone.tab (+5230+01322, or with seconds) into decimal degrees of five decimals."""
    cut = max(text.rfind("+"), text.rfind("-"))
    return _degree(text[:cut], 2), _degree(text[cut:], 3)


def _degree(text: str, digits: int) -> str:
    sign, whole, rest = text[:1], text[1 : 1 + digits], text[1 + digits :]
    seconds = Decimal(rest[:2]) * 60 + Decimal(rest[2:] or 0)
    value = Decimal(whole) + seconds / 3600
    return f"{'-' if sign == '-' else ''}{value.quantize(_FIVE_DECIMALS, ROUND_HALF_UP)}"
