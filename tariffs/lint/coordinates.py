"""Rules about the coordinates of a CDR's place: where no zone is known otherwise, its local time hangs on them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import CdrSheet
from tariffs.ocpi.reading import printable
from tariffs.zones import zone_of

_DEGREES: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{5,7}", re.ASCII)
_MOST: Final = {"latitude": Decimal(90), "longitude": Decimal(180)}
_PATH: Final = "$.{place}.coordinates"


def _place_name(sheet: CdrSheet) -> str:
    return dict(sheet.cdr.wire_names).get("cdr_location", "cdr_location")


def _beside_their_country(sheet: CdrSheet) -> str | None:
    """What is strange about the place as a whole: the name of the finding that the rule of time zones makes."""
    location = replace(sheet.cdr.location, time_zone=None)
    codes = {finding.code for finding in zone_of(location).findings}
    return next((code for code in ("coordinates-swapped", "coordinates-not-in-country") if code in codes), None)


def coordinates_swapped(sheet: CdrSheet) -> Iterator[Spot]:
    """Latitude and longitude that lie in the country of the place only when they are swapped."""
    if _beside_their_country(sheet) == "coordinates-swapped":
        location = sheet.cdr.location
        words = f"the coordinates lie in {location.country} only with latitude and longitude swapped"
        found = f"latitude {location.latitude}, longitude {location.longitude}"
        yield Spot(_PATH.format(place=_place_name(sheet)), words, "latitude first, from -90 to 90", found)


def coordinates_out_of_range(sheet: CdrSheet) -> Iterator[Spot]:
    """Degrees that no place on Earth has, unless they are only swapped."""
    if _beside_their_country(sheet) == "coordinates-swapped":
        return
    for name, most in _MOST.items():
        value = getattr(sheet.cdr.location, name)
        if value is not None and abs(value) > most:
            path = f"{_PATH.format(place=_place_name(sheet))}.{name}"
            yield Spot(path, f"no place has this {name}", f"-{most} to {most}", printable(f"{value:f}"))


def coordinates_not_in_country(sheet: CdrSheet) -> Iterator[Spot]:
    """Coordinates of another country than the one the place names; the country counts for local time."""
    location = sheet.cdr.location
    values = (location.latitude, location.longitude)
    if any(v is None or abs(v) > most for v, most in zip(values, _MOST.values(), strict=True)):
        return
    if _beside_their_country(sheet) == "coordinates-not-in-country":
        words = f"the coordinates do not lie in {location.country}"
        found = f"latitude {location.latitude}, longitude {location.longitude}"
        yield Spot(_PATH.format(place=_place_name(sheet)), words, f"a place in {location.country}", found)


def coordinates_form(sheet: CdrSheet) -> Iterator[Spot]:
    """Degrees that are no text of decimal degrees with five to seven decimals, about a metre."""
    place = sheet.raw.get(_place_name(sheet))
    coordinates = place.get("coordinates") if isinstance(place, dict) else None
    for name in _MOST:
        value = coordinates.get(name) if isinstance(coordinates, dict) else None
        if isinstance(value, str):
            words = "" if _DEGREES.fullmatch(value) else f"the {name} is no text of decimal degrees"
        else:
            words = f"the {name} is a number, where OCPI has a text" if isinstance(value, int | Decimal) else ""
        if words:
            path = f"{_PATH.format(place=_place_name(sheet))}.{name}"
            yield Spot(path, words, 'a text such as "50.92720"', printable(str(value)))


_GEO: Final = "types and mod_locations, GeoLocation"
CDR_CHECKS: Final[tuple[Check[CdrSheet], ...]] = (
    Check(rule("coordinates-swapped", "W", _GEO, "Send latitude and longitude in their fields."), coordinates_swapped),
    Check(
        rule("coordinates-out-of-range", "W", _GEO, "State the degrees of the place."),
        coordinates_out_of_range,
    ),
    Check(
        rule("coordinates-not-in-country", "W", _GEO, "Mend the coordinates, or the country."),
        coordinates_not_in_country,
    ),
    Check(rule("coordinates-form", "I", _GEO, "Write degrees as a text with 5 to 7 decimals."), coordinates_form),
)
