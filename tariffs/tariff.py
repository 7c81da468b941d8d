"""A tariff as its CPO published it (OCPI 2.2.1, mod_tariffs): elements, price components and restrictions.

Prices are per kWh, per hour or per charge, excluding VAT, in the currency of the tariff; `vat` is a percentage;
`step_size` is in Wh for ENERGY and in seconds for TIME and PARKING_TIME.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


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


@dataclass(frozen=True, slots=True)
class TariffElement:
    """Price components that share restrictions."""

    components: tuple[PriceComponent, ...]
    restrictions: Restrictions = Restrictions()


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
