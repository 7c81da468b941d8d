"""Which price components of a tariff can count at all, in what regions, and why the others cannot.

Per dimension the first element that applies sets the price (pricing rule 9), so a component counts in its own region
without those of earlier elements. What a reservation prices is looked at by itself (pricing rule 16).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs.lint.region import KWH, USUAL, Region, region_of, shared, uncovered
from tariffs.tariff import Restrictions, Tariff, TariffElement

CHARGING: Final = "charging"
USED: Final = "a used reservation"
EXPIRED: Final = "an expired reservation"
_OF_RESERVATIONS: Final = {"FLAT": "RESERVATION_FLAT", "TIME": "RESERVATION_TIME"}
_NOTHING_YET: Final = ((Decimal(0), Decimal(1)),)


@dataclass(frozen=True, slots=True)
class Component:
    """One price component: its place (both from 0), the context in which it counts, and the regions where it does.

    `line` is what a breakdown calls its dimension; without regions `why_never` says why it never counts.
    """

    element: int
    place: int
    dimension: str
    context: str
    regions: tuple[Region, ...]
    why_never: str = ""

    @property
    def line(self) -> str:
        """The dimension of its lines in a breakdown."""
        return self.dimension if self.context == CHARGING else _OF_RESERVATIONS.get(self.dimension, self.dimension)

    @property
    def path(self) -> str:
        """Its JSON path in the tariff."""
        return f"$.elements[{self.element}].price_components[{self.place}]"


def components_of(tariff: Tariff, version: str) -> tuple[Component, ...]:
    """Return all price components of a tariff in their order, with where each counts."""
    found: list[Component] = []
    covers: list[tuple[str, str, Region]] = []
    for index, element in enumerate(tariff.elements):
        seen: set[str] = set()
        context, region = _context(element.restrictions), region_of(element.restrictions)
        for place, component in enumerate(element.components):
            kind = component.type
            why = _never(element, region, kind, context, version)
            if kind in seen:
                why = f"the first {kind} of the element counts, this one never does"
            seen.add(kind)
            earlier = [cover for of, dimension, cover in covers if (of, dimension) == (context, kind)]
            regions = () if why else _left(region, earlier, context)
            if not why and not regions:
                why = f"earlier elements price {kind} wherever it would apply"
            found.append(Component(index, place, kind, context or CHARGING, regions, why))
        covers.extend((context, kind, region) for kind in seen if context is not None)
    return tuple(found)


def _context(r: Restrictions) -> str | None:
    """What an element is tried for; None for those of the Bookings module, which are never priced (rule 31)."""
    if "booking" in r.unknown:
        return None
    return {None: CHARGING, "RESERVATION": USED, "RESERVATION_EXPIRES": EXPIRED}.get(r.reservation)


def _never(element: TariffElement, region: Region, kind: str, context: str | None, version: str) -> str:
    """Why a component never counts whatever stands before its element; empty where nothing forbids it."""
    if context is None:
        return "elements of the Bookings module, and reservations that OCPI does not name, are never priced"
    if context != CHARGING and version == "2.1.1":
        return "a CDR of OCPI 2.1.1 cannot tell of a reservation"
    if context != CHARGING and kind not in _OF_RESERVATIONS:
        return f"a reservation has a fee (FLAT) and a price for its TIME, no {kind}"
    if context != CHARGING and not shared((region[KWH],), (_NOTHING_YET,)):
        return "no energy flows during a reservation, and the element asks for some"
    clash = _clash(element.restrictions)
    if clash or not all(region):
        return f"the restrictions of the element exclude each other: {clash or 'no moment of a charge meets them'}"
    return ""


def _clash(r: Restrictions) -> str:
    """The first two limits between which nothing lies."""
    dates = None if r.start_date is None or r.end_date is None else r.start_date >= r.end_date
    if dates:
        return f"start_date {r.start_date} is not before end_date {r.end_date}"
    for name, low, high in (
        *(("kwh", r.min_kwh, r.max_kwh), ("duration", r.min_duration, r.max_duration)),
        *(("power", r.min_power, r.max_power), ("current", r.min_current, r.max_current)),
    ):
        if low is not None and high is not None and low >= high:
            return f"min_{name} {low:f} is not below max_{name} {high:f}"
    return ""


def _left(region: Region, earlier: list[Region], context: str | None) -> tuple[Region, ...]:
    """The parts of a region that no earlier element covers, those without energy fed back first."""
    if context != CHARGING:
        region = (*region[:KWH], _NOTHING_YET, *region[KWH + 1 :])
    parts = uncovered(region, earlier)
    if parts is None:  # too many to tell; the trial shows which element prices
        parts = [region]
    usual = [part for part in (shared(part, USUAL) for part in parts) if part is not None]
    return tuple(dict.fromkeys((*usual, *parts)))
