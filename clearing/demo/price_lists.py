"""The tariffs of the made-up CPOs: thirteen kinds, from a bare kWh price to power tiers, with their OCPI 2.2.1 form."""

from dataclasses import dataclass

from clearing.demo.amounts import cents_text, plain
from clearing.demo.json_text import Json, Raw, Record
from clearing.demo.world import OPERATORS

DAY_NAMES = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
WEEKEND = (5, 6)
NIGHT = (22 * 60, 6 * 60)
KWH_TIER_E4 = 20_0000
GRACE_S = 3 * 3600


@dataclass(frozen=True, slots=True)
class Component:
    """A price of one dimension: per kWh, per hour, or once. `vat_permille` is None where no VAT applies."""

    dimension: str
    price_e4: int
    vat_permille: int | None
    step: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """When an element applies; None everywhere but in the fields that restrict."""

    window: tuple[int, int] | None = None
    days: tuple[int, ...] | None = None
    min_kwh_e4: int | None = None
    max_kwh_e4: int | None = None
    max_duration_s: int | None = None
    min_kw: int | None = None
    max_kw: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """Components that share their limits."""

    components: tuple[Component, ...]
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """A tariff of a CPO. `lowest` and `highest` are limits of the total, as cents excluding and including VAT."""

    id: str
    cpo: str
    currency: str
    power: str
    elements: tuple[Element, ...]
    lowest: tuple[int, int] | None = None
    highest: tuple[int, int] | None = None

    def prices(self, dimension: str) -> bool:
        """Whether any element prices a dimension."""
        return any(c.dimension == dimension for element in self.elements for c in element.components)

    def has_limit(self, name: str) -> bool:
        """Whether any element is restricted by a field of `Limits`."""
        return any(e.limits is not None and getattr(e.limits, name) is not None for e in self.elements)


def _elements(kind: str, base: int, vat: int) -> tuple[Element, ...]:
    """Return the elements of a kind; `base` is the kWh price."""
    energy = Component("ENERGY", base, vat)
    if kind == "energy-time":
        return (Element((energy, Component("TIME", 3_6000, vat, 60))),)
    if kind == "start-fee":
        return (Element((Component("FLAT", 5000, vat), energy)),)
    if kind == "mixed-vat":
        return (Element((Component("FLAT", 3500, None), energy)),)
    if kind == "parking":
        free = Element((Component("PARKING_TIME", 0, vat, 60),), Limits(max_duration_s=GRACE_S))
        return (free, Element((energy, Component("PARKING_TIME", 4_2000, vat, 60))))
    if kind == "day-night":
        night = Element((Component("ENERGY", base - 1200, vat),), Limits(window=NIGHT))
        return (night, Element((energy,)))
    if kind == "weekend":
        return (Element((Component("ENERGY", base - 700, vat),), Limits(days=WEEKEND)), Element((energy,)))
    if kind == "step":
        return (Element((Component("ENERGY", base, vat, 1000), Component("TIME", 9000, vat, 900))),)
    if kind == "max-price":
        return (Element((energy, Component("TIME", 1_2000, vat, 60))),)
    if kind == "free":
        return (Element((Component("ENERGY", 0, vat),)),)
    if kind == "kwh-tiers":
        first = Element((energy,), Limits(max_kwh_e4=KWH_TIER_E4))
        return (first, Element((Component("ENERGY", base - 900, vat),), Limits(min_kwh_e4=KWH_TIER_E4)))
    if kind == "dc-tiers":
        slow = Element((energy,), Limits(max_kw=50))
        middle = Element((Component("ENERGY", base + 1000, vat),), Limits(min_kw=50, max_kw=150))
        return (slow, middle, Element((Component("ENERGY", base + 2200, vat),), Limits(min_kw=150)))
    if kind == "dc-fee":
        return (Element((Component("FLAT", 9000, vat), energy, Component("TIME", 1_8000, vat, 60))),)
    return (Element((energy,)),)


def _price_list(cpo: str, kind: str, number: int, base: int, currency: str) -> PriceList:
    operator = OPERATORS[cpo]
    vat = operator.vat_permille

    def with_vat(cents: int) -> tuple[int, int]:
        gross = cents * (1000 + vat)
        return cents, (gross + 500) // 1000

    return PriceList(
        id=f"{cpo[3:]}-{number:02}-{kind.upper()}",
        cpo=cpo,
        currency=currency,
        power="DC" if kind.startswith("dc") else "AC",
        elements=_elements(kind, base, vat),
        lowest=with_vat(400) if kind == "min-price" else None,
        highest=with_vat(1500) if kind == "max-price" else None,
    )


_KINDS = {
    "DE*SWM": (("energy", "day-night", "parking", "dc-tiers"), 4200),
    "AT*ALP": (("energy-time", "start-fee", "kwh-tiers", "min-price", "dc-fee"), 3900),
    "NL*LNN": (("energy", "weekend", "step", "max-price", "dc-fee"), 3750),
    "NL*LNS": (("energy", "day-night", "start-fee"), 3625),
    "BE*CBR": (("energy", "energy-time", "mixed-vat"), 4150),
    "FR*RVL": (("energy", "parking", "free", "min-price", "dc-tiers"), 3800),
    "ES*ISL": (("day-night", "weekend", "energy", "dc-fee"), 3550),
    "CH*BRG": (("energy", "day-night", "step", "dc-tiers"), 4875),
}

PRICE_LISTS = {
    cpo: tuple(
        _price_list(cpo, kind, number, base + 150 * number, "CHF" if cpo == "CH*BRG" else "EUR")
        for number, kind in enumerate(kinds, start=1)
    )
    for cpo, (kinds, base) in _KINDS.items()
}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _restrictions(limits: Limits) -> Record:
    fields: Record = {}
    if limits.window is not None:
        fields["start_time"], fields["end_time"] = _clock(limits.window[0]), _clock(limits.window[1])
    if limits.min_kwh_e4 is not None:
        fields["min_kwh"] = Raw(plain(limits.min_kwh_e4, 4))
    if limits.max_kwh_e4 is not None:
        fields["max_kwh"] = Raw(plain(limits.max_kwh_e4, 4))
    if limits.min_kw is not None:
        fields["min_power"] = limits.min_kw
    if limits.max_kw is not None:
        fields["max_power"] = limits.max_kw
    if limits.max_duration_s is not None:
        fields["max_duration"] = limits.max_duration_s
    if limits.days is not None:
        fields["day_of_week"] = [DAY_NAMES[day] for day in limits.days]
    return fields


def _element_json(element: Element) -> Record:
    components: list[Json] = []
    for component in element.components:
        fields: Record = {"type": component.dimension, "price": Raw(plain(component.price_e4, 4, least=2))}
        if component.vat_permille is not None:
            fields["vat"] = Raw(plain(component.vat_permille, 1, least=1))
        fields["step_size"] = component.step
        components.append(fields)
    written: Record = {"price_components": components}
    if element.limits is not None:
        written["restrictions"] = _restrictions(element.limits)
    return written


def _limit_json(limit: tuple[int, int]) -> Record:
    return {"excl_vat": Raw(cents_text(limit[0])), "incl_vat": Raw(cents_text(limit[1]))}


def tariff_json(price_list: PriceList) -> Record:
    """Return a price list as an OCPI 2.2.1 Tariff object."""
    record: Record = {
        "country_code": price_list.cpo[:2],
        "party_id": price_list.cpo[3:],
        "id": price_list.id,
        "currency": price_list.currency,
        "type": "REGULAR",
    }
    if price_list.lowest is not None:
        record["min_price"] = _limit_json(price_list.lowest)
    if price_list.highest is not None:
        record["max_price"] = _limit_json(price_list.highest)
    record["elements"] = [_element_json(element) for element in price_list.elements]
    record["last_updated"] = "2026-01-05T08:00:00Z"
    return record
