"""A tariff as its CPO published it (OCPI 2.2.1, mod_tariffs): elements, price components and restrictions.

Prices are per kWh, per hour or per charge, in the currency of the tariff; `vat` is a percentage, and `Taxes` says
whether it is in the price; `step_size` is in Wh for ENERGY and in seconds for TIME and PARKING_TIME.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Taxes(StrEnum):
    """How the prices of a tariff relate to taxes (OCPI 2.3.0, TaxIncluded; pricing rule 18)."""

    ADDED = "added"
    """Prices exclude VAT, which each component states; one without `vat` carries none (2.2.1; 2.3.0 NO)."""
    ADDED_UNKNOWN = "added, rates unknown"
    """Prices exclude taxes that the tariff does not state (2.3.0 NO without any `vat`): including them is unknown."""
    INCLUDED = "included"
    """Prices include the VAT that each component states; one without `vat` carries none (2.3.0 YES)."""
    INCLUDED_UNKNOWN = "included, rates unknown"
    """Prices include taxes that the tariff does not state (2.3.0 YES without any `vat`): before them is unknown."""
    NONE = "none"
    """No taxes apply: both sides are equal whatever `vat` says (2.3.0 N/A)."""
    UNSTATED = "unstated"
    """Prices exclude VAT, and nothing can be said about it, not even for an amount of 0 (2.1.1 has no VAT)."""

    @property
    def are_unknown(self) -> bool:
        """Whether the tariff leaves one side of its prices unknown."""
        return self in (Taxes.ADDED_UNKNOWN, Taxes.INCLUDED_UNKNOWN, Taxes.UNSTATED)

    @property
    def are_included(self) -> bool:
        """Whether the prices are those including taxes."""
        return self in (Taxes.INCLUDED, Taxes.INCLUDED_UNKNOWN)


@dataclass(frozen=True, slots=True)
class PriceComponent:
    """The price of one dimension; `type` is ENERGY, TIME, PARKING_TIME or FLAT."""

    type: str
    price: Decimal
    vat: Decimal | None = None
    step_size: int = 0


@dataclass(frozen=True, slots=True)
class Restrictions:
    """When an element applies; None means unrestricted. Times of day are local seconds since midnight."""

    start_time: int | None = None
    end_time: int | None = None
    start_date: date | None = None
    end_date: date | None = None
    min_kwh: Decimal | None = None
    max_kwh: Decimal | None = None
    min_current: Decimal | None = None
    max_current: Decimal | None = None
    min_power: Decimal | None = None
    max_power: Decimal | None = None
    min_duration: Decimal | None = None
    max_duration: Decimal | None = None
    day_of_week: frozenset[int] | None = None
    reservation: str | None = None
    unknown: tuple[str, ...] = ()


UNRESTRICTED: Final = Restrictions()


@dataclass(frozen=True, slots=True)
class TariffElement:
    """Price components that share restrictions."""

    components: tuple[PriceComponent, ...]
    restrictions: Restrictions = UNRESTRICTED


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """A floor or a cap on the whole charge, either side of VAT."""

    excl_vat: Decimal | None
    incl_vat: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff; `elements` are tried in their order. `start` and `end` bound its validity, [start, end)."""

    id: str
    currency: str
    elements: tuple[TariffElement, ...]
    country_code: str | None = None
    party_id: str | None = None
    type: str | None = None
    min_price: PriceLimit | None = None
    max_price: PriceLimit | None = None
    start: datetime | None = None
    end: datetime | None = None
    alt_url: str | None = None
    last_updated: datetime | None = None
    taxes: Taxes = Taxes.ADDED


def same_terms(one: Tariff, other: Tariff) -> bool:
    """Whether two tariffs charge alike: currency, elements, limits, taxes in or out; names and dates do not matter.

    A tariff of OCPI 2.1.1 cannot say VAT: beside one, VAT is no difference.
    """
    if one.taxes.are_included != other.taxes.are_included:
        return False
    if Taxes.UNSTATED in (one.taxes, other.taxes):
        one, other = _without_vat(one), _without_vat(other)
    return (one.currency, one.elements, one.min_price, one.max_price) == (
        other.currency,
        other.elements,
        other.min_price,
        other.max_price,
    )


def _without_vat(tariff: Tariff) -> Tariff:
    elements = [
        TariffElement(tuple(replace(component, vat=None) for component in element.components), element.restrictions)
        for element in tariff.elements
    ]
    return replace(tariff, elements=tuple(elements))
