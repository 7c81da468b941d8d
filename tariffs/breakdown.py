"""The answer to "what did this charge cost?": totals, lines, billed quantities, and the findings on the way.

Amounts are exact (`Decimal`, unrounded) in `currency`; None means unknown, never zero.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from tariffs.findings import Finding
from tariffs.quantity import SECONDS_PER_HOUR, WIDE


@dataclass(frozen=True, slots=True)
class Cost:
    """An unrounded amount before and after VAT; a side that cannot be known is None."""

    excl_vat: Decimal | None
    incl_vat: Decimal | None


UNKNOWN_COST = Cost(None, None)


@dataclass(frozen=True, slots=True)
class BilledQuantities:
    """Quantities after step_size: kWh and minutes."""

    energy_kwh: Decimal
    time_min: Decimal
    parking_min: Decimal
    reservation_min: Decimal


@dataclass(frozen=True, slots=True)
class CostLine:
    """One dimension priced in one charging period, or a price limit; enough to recalculate it by hand."""

    period: int
    dimension: str
    quantity: Decimal
    unit: str
    price: Decimal
    vat: Decimal | None
    cost: Cost
    tariff_id: str
    element: int
    why: str

    @property
    def includes_taxes(self) -> bool:
        """Whether quantity times price makes the amount after taxes (OCPI 2.3.0, tax_included YES)."""
        if self.cost.excl_vat is None or self.cost.excl_vat == self.cost.incl_vat:
            return self.cost.excl_vat is None
        product = WIDE.multiply(self.quantity, self.price)
        return self.cost.incl_vat == (WIDE.divide(product, SECONDS_PER_HOUR) if self.unit == "s" else product)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a tariff makes of a CDR. `total_cost` of a credit CDR is negative, its parts are not (OCPI mod_cdrs)."""

    currency: str | None
    time_zone: str | None
    tariff_ids: tuple[str, ...]
    total_cost: Cost
    total_energy_cost: Cost = UNKNOWN_COST
    total_time_cost: Cost = UNKNOWN_COST
    total_parking_cost: Cost = UNKNOWN_COST
    total_fixed_cost: Cost = UNKNOWN_COST
    total_reservation_cost: Cost = UNKNOWN_COST
    billed: BilledQuantities | None = None
    lines: tuple[CostLine, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    time_zone_source: str | None = None
    """Where `time_zone` comes from: a `tariffs.zones.ZoneSource`, None where no zone was needed or known."""

    @property
    def priced(self) -> bool:
        """Whether a price could be made; where taxes are not stated, on one side of them only."""
        return self.total_cost.excl_vat is not None or self.total_cost.incl_vat is not None
