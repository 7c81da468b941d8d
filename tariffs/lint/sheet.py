"""What the rules look at: the JSON of a tariff or a CDR beside the values read from it.

Where the values lose what lint needs (a key that is null, a code in lower case) the JSON says it. A tariff in which
something is malformed has no values: then only the rules about its JSON speak.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tariffs.cdr import Cdr
from tariffs.tariff import PriceComponent, Restrictions, Tariff, TariffElement

Json = Mapping[str, object]

ELEMENT_FIELDS = frozenset(("price_components", "restrictions"))
RESTRICTION_FIELDS = frozenset(
    (
        *("start_time", "end_time", "start_date", "end_date", "min_kwh", "max_kwh", "min_current", "max_current"),
        *("min_power", "max_power", "min_duration", "max_duration", "day_of_week", "reservation", "booking"),
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a tariff with its place and its JSON."""

    index: int
    path: str
    element: TariffElement
    raw: Json

    @property
    def restrictions(self) -> Restrictions:
        """Its restrictions."""
        return self.element.restrictions

    @property
    def is_for_charging(self) -> bool:
        """Whether it prices charging, not a reservation or a booking."""
        return self.restrictions.reservation is None and "booking" not in self.restrictions.unknown

    @property
    def has_strange_keys(self) -> bool:
        """Whether something in it may have been meant as a restriction and is not heeded."""
        stated = self.raw.get("restrictions")
        inner = stated.keys() if isinstance(stated, dict) else ()
        return bool(set(self.raw) - ELEMENT_FIELDS or set(inner) - RESTRICTION_FIELDS)

    def components(self) -> Iterator[tuple[str, PriceComponent]]:
        """Its price components with their paths."""
        for index, component in enumerate(self.element.components):
            yield f"{self.path}.price_components[{index}]", component


@dataclass(frozen=True, slots=True)
class Sheet:
    """One OCPI object as decoded JSON, with its version and the day for which it is judged, if any."""

    raw: Json
    version: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class TariffSheet(Sheet):
    """A tariff to be looked at; `tariff` is None where it cannot be read."""

    tariff: Tariff | None

    def parts(self) -> Iterator[Part]:
        """The elements with their places; none where the tariff cannot be read."""
        stated = self.raw.get("elements")
        raws = stated if isinstance(stated, list) else []
        elements = () if self.tariff is None else self.tariff.elements
        for index, (element, raw) in enumerate(zip(elements, raws, strict=False)):
            yield Part(index, f"$.elements[{index}]", element, raw)

    def components(self) -> Iterator[tuple[str, Part, PriceComponent]]:
        """All price components with their paths and elements."""
        for part in self.parts():
            for path, component in part.components():
                yield path, part, component


@dataclass(frozen=True, slots=True)
class CdrSheet(Sheet):
    """A CDR to be looked at, with what pricing and its self-checks found, as (code, path, message)."""

    cdr: Cdr
    checked: tuple[tuple[str, str, str], ...]

    @property
    def is_usable(self) -> bool:
        """Whether everything in it could be read."""
        return not self.cdr.unreadable
