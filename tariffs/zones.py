"""The time zone of a charge, by rule and with its source (pricing rule 11); never silently UTC.

OCPI 2.2.1 gives a CDR's location no time zone, so it is taken from what the caller states, from the location's own
field (2.1.1), from the Locations data, from the country where all its zones have equal rules, or from the
coordinates; at last comes a zone configured for the CPO. The zone data is that of the `tzdata` package; coordinates
are looked up by `tzfpy`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tariffs.cdr import CdrLocation
from tariffs.countries import alpha_2
from tariffs.errors import UnknownTimeZone
from tariffs.findings import Finding, Severity

_OVERSEAS: Final = {
    "FR": frozenset({"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"}),
    "ES": frozenset[str](),
    "PT": frozenset[str](),
}
"""Countries whose parts lie in other zones; French ones have country codes of their own in the zone data."""

_SAMPLES: Final = tuple(
    datetime(year, month, day, hour, tzinfo=UTC)
    for year in range(2018, 2030)
    for month in range(1, 13)
    for day, hour in ((1, 0), (15, 12), (28, 1), (31 if month in (3, 10) else 28, 1))
)


class ZoneSource(StrEnum):
    """Where the time zone of a charge comes from, in the order in which it is looked for (pricing rule 11)."""

    STATED = "stated"
    """The caller named it: it wins over everything."""
    CDR_LOCATION = "cdr-location"
    """The location inside the CDR has the field (OCPI 2.1.1, Location.time_zone)."""
    LOCATIONS = "locations"
    """The Locations data has it for this location (OCPI 2.2.1, Location.time_zone)."""
    COUNTRY = "country"
    """All zones of the country have equal rules."""
    COORDINATES = "coordinates"
    """The coordinates lie in it."""
    CONFIGURED = "configured"
    """It is set for the CPO, for places that tell nothing better."""

    @property
    def words(self) -> str:
        """How a person says it."""
        return _SOURCES[self]


_SOURCES: Final = {
    ZoneSource.STATED: "as stated",
    ZoneSource.CDR_LOCATION: "by the time_zone of its location",
    ZoneSource.LOCATIONS: "by the Locations data",
    ZoneSource.COUNTRY: "by the country",
    ZoneSource.COORDINATES: "by the coordinates",
    ZoneSource.CONFIGURED: "as configured for the CPO",
}


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """The zone of a charge with where it comes from, or neither, and what was strange on the way."""

    zone: ZoneInfo | None
    source: ZoneSource | None
    findings: tuple[Finding, ...] = ()


def zone_of(
    location: CdrLocation, *, stated: str | None = None, published: str | None = None, configured: str | None = None
) -> ZoneChoice:
    """Return the zone of a location; `stated` wins over all and raises `UnknownTimeZone`.

    `published` is that of the Locations data, `configured` that of the CPO where the place itself tells none.

    >>> choice = zone_of(CdrLocation(country="DEU"))
    >>> choice.zone, str(choice.source)
    (zoneinfo.ZoneInfo(key='Europe/Berlin'), 'country')
    """
    if stated is not None:
        return ZoneChoice(named_zone(stated), ZoneSource.STATED)
    findings: list[Finding] = []
    for name, source, words in (
        (location.time_zone, ZoneSource.CDR_LOCATION, "cdr_location.time_zone"),
        (published, ZoneSource.LOCATIONS, "the Locations data"),
    ):
        zone = None if name is None else _named(name, words, findings)
        if zone is not None:
            return ZoneChoice(zone, source, tuple(findings))
    choice = _by_place(location.country, location.latitude, location.longitude)
    if choice.zone is None and configured is not None:
        zone = _named(configured, "the zone configured for the CPO", findings)
        if zone is not None:
            known = (f for f in choice.findings if f.code != "time-zone-unknown")
            return ZoneChoice(zone, ZoneSource.CONFIGURED, (*findings, *known))
    if findings:
        return ZoneChoice(choice.zone, choice.source, (*findings, *choice.findings))
    return choice


def _named(name: str, words: str, findings: list[Finding]) -> ZoneInfo | None:
    """The zone of a name in the data; one that is none is passed over and listed."""
    try:
        return named_zone(name)
    except UnknownTimeZone:
        told = f"{words} names {name!r}, which is no IANA time zone; passed over"
        findings.append(_finding("time-zone-not-iana", "W", "$.cdr_location", told))
        return None


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo:
    """Return the IANA zone of a name; raise `UnknownTimeZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(f"{name!r} is no IANA time zone") from None


@lru_cache(maxsize=65_536)
def _by_place(country: str | None, latitude: Decimal | None, longitude: Decimal | None) -> ZoneChoice:
    code = alpha_2(country) if country is not None else None
    zones = _zones_by_country().get(code, ()) if code is not None else ()
    straight = _at(latitude, longitude)
    if not zones:
        if straight is None:
            words = "neither a zone, nor a country of one zone, nor coordinates: local time is unknown"
            return ZoneChoice(None, None, (_finding("time-zone-unknown", "Q", "$.cdr_location", words),))
        return ZoneChoice(named_zone(straight), ZoneSource.COORDINATES)
    allowed = set(zones)
    for part in sorted(_OVERSEAS.get(code or "", ())):
        allowed.update(_zones_by_country().get(part, ()))
    is_one_zone = _have_equal_rules(zones)
    name, findings = _agreeing(straight, _at(longitude, latitude), allowed, code or "")
    if name is None or (is_one_zone and name in zones):
        if is_one_zone:
            return ZoneChoice(named_zone(zones[0]), ZoneSource.COUNTRY, findings)
        words = f"{code} has several time zones and the coordinates do not tell which"
        unknown = _finding("time-zone-unknown", "Q", "$.cdr_location", words)
        return ZoneChoice(None, None, (*findings, unknown))
    return ZoneChoice(named_zone(name), ZoneSource.COORDINATES, findings)


def _agreeing(
    straight: str | None, swapped: str | None, allowed: set[str], code: str
) -> tuple[str | None, tuple[Finding, ...]]:
    """The zone of the coordinates as far as it lies in the country; latitude and longitude may be swapped."""
    if straight is None and swapped is None:
        return None, ()
    if straight is not None:
        known = _same_zone(straight, allowed)
        if known is not None:
            return known, ()
    path = "$.cdr_location.coordinates"
    known = _same_zone(swapped, allowed) if swapped is not None else None
    if known is not None:
        words = f"the coordinates lie in {code} only with latitude and longitude swapped"
        return known, (_finding("coordinates-swapped", "I", path, words),)
    words = f"the coordinates do not lie in {code}; the country counts"
    return None, (_finding("coordinates-not-in-country", "W", path, words),)


def _same_zone(name: str, allowed: set[str]) -> str | None:
    """`name` if it is allowed; of a name that `zone.tab` lacks (an old spelling) the allowed zone of equal rules."""
    if name in allowed:
        return name
    if any(name in zones for zones in _zones_by_country().values()):
        return None
    return next((zone for zone in sorted(allowed) if _rules(zone) == _rules(name)), None)


def _at(latitude: Decimal | None, longitude: Decimal | None) -> str | None:
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    import tzfpy  # its data takes a moment to load, and most charges never ask

    name = str(tzfpy.get_tz(longitude, latitude))  # type: ignore[arg-type]  # takes any number
    return name if name and not name.startswith("Etc/") else None


@lru_cache(maxsize=1)
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    """`zone.tab`, whose zones do not cross borders; `zone1970.tab` gives the Netherlands Brussels."""
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, name = line.split("\t")[:3]
            found.setdefault(code, []).append(name)
    return {code: tuple(names) for code, names in found.items()}


@lru_cache(maxsize=512)
def _have_equal_rules(zones: tuple[str, ...]) -> bool:
    return len({_rules(zone) for zone in zones}) == 1


@lru_cache(maxsize=1024)
def _rules(zone: str) -> tuple[object, ...]:
    """The offsets of a zone through the years that CDRs come from."""
    info = named_zone(zone)
    return tuple(sample.astimezone(info).utcoffset() for sample in _SAMPLES)


def _finding(code: str, severity: str, path: str, words: str) -> Finding:
    return Finding(code, Severity(severity), path, words)
