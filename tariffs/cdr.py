"""A CDR as its sender sealed it: our canonical record of one charge, whatever protocol it came in by.

Units: energy in kWh, durations in hours as the protocols state them, instants in UTC. A value of None means that
the sender did not state it; nothing here is invented. Field names follow OCPI 2.2.1, mod_cdrs.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tariffs.tariff import Tariff


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """One tax within a claim, such as VAT, or GST beside QST (OCPI 2.3.0, TaxAmount); `percentage` is optional."""

    name: str | None
    amount: Decimal
    percentage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """An amount of money its sender claims; either side of VAT may be unknown. Currency: that of the CDR."""

    excl_vat: Decimal | None
    incl_vat: Decimal | None = None
    taxes: tuple[TaxAmount, ...] = ()
    """Each tax by itself where the sender states several (OCPI 2.3.0, Price.taxes); `incl_vat` holds their sum."""


@dataclass(frozen=True, slots=True)
class CdrToken:
    """Who charged: the token and the contract behind it (OCPI 2.2.1, mod_cdrs, CdrToken class)."""

    country_code: str | None = None
    party_id: str | None = None
    uid: str | None = None
    type: str | None = None
    contract_id: str | None = None


@dataclass(frozen=True, slots=True)
class CdrLocation:
    """Where: the site and the EVSE (OCPI 2.2.1, mod_cdrs, CdrLocation class). `country` is alpha-3 as sent."""

    id: str | None = None
    name: str | None = None
    address: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    evse_uid: str | None = None
    evse_id: str | None = None
    connector_id: str | None = None
    connector_power_type: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class CdrDimension:
    """One measured volume of a charging period: kWh, hours, kW or A, by `type`."""

    type: str
    volume: Decimal


@dataclass(frozen=True, slots=True)
class ChargingPeriod:
    """A stretch of a charge in which nothing that matters to cost changes (OCPI 2.2.1, mod_cdrs, ChargingPeriod)."""

    start: datetime | None
    dimensions: tuple[CdrDimension, ...]
    tariff_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cdr:
    """The sealed description of one concluded charge (or of its credit)."""

    ocpi_version: str
    id: str | None = None
    country_code: str | None = None
    party_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    session_id: str | None = None
    token: CdrToken = CdrToken()
    auth_method: str | None = None
    authorization_reference: str | None = None
    location: CdrLocation = CdrLocation()
    meter_id: str | None = None
    currency: str | None = None
    tariffs: tuple[Tariff, ...] = ()
    periods: tuple[ChargingPeriod, ...] = ()
    total_cost: Claim | None = None
    total_fixed_cost: Claim | None = None
    total_energy_cost: Claim | None = None
    total_time_cost: Claim | None = None
    total_parking_cost: Claim | None = None
    total_reservation_cost: Claim | None = None
    total_energy: Decimal | None = None
    total_time: Decimal | None = None
    total_parking_time: Decimal | None = None
    metered_energy: Decimal | None = None
    """What the signed meter readings say was charged, as exact as they are (its decimals); never priced."""
    credit: bool = False
    credit_reference_id: str | None = None
    home_charging_compensation: bool = False
    invoice_reference_id: str | None = None
    remark: str | None = None
    last_updated: datetime | None = None
    unreadable: tuple[str, ...] = ()
    """Fields that were sent in no readable form; where a price needs one of them ("loads": power and current of the
    periods, "tariffs": those in the CDR) none is made."""
    placeholders: tuple[str, ...] = ()
    """Instants that carry OCPI's placeholder 1970-01-01T00:00:00Z for "unknown"."""
    unpriced_dimensions: frozenset[str] = frozenset()
    """Dimensions that its version of OCPI has and that never price: FLAT in 2.1.1 (pricing rule 4)."""
    knows_vat: bool = True
    """False where its version has no VAT (2.1.1): a tariff given beside it that states none leaves VAT open."""
    wire_names: tuple[tuple[str, str], ...] = ()
    """What its version calls a field that is named otherwise here, for the paths of findings."""
    is_session: bool = False
    """True for a Session: what is known while a charge goes on; its price is provisional."""
