"""What did this charge cost? OCPI tariffs applied to CDRs, exactly: values in, values out.

No file of yours, no SQL, no clock, no locale; a billing backend can import it alone. Amounts are exact `Decimal`s and
unrounded, because OCPI gives no rounding rule; the agreement of two parties does. Bad data never raises, it becomes
`Finding`s beside an unknown price.

>>> from decimal import Decimal
>>> from tariffs import price
>>> from tariffs.ocpi import decode, read_cdr
>>> cdr = read_cdr(decode(b'''{
...     "id": "C1", "currency": "EUR",
...     "start_date_time": "2026-10-01T08:00:00Z", "end_date_time": "2026-10-01T09:00:00Z",
...     "tariffs": [{"id": "T", "currency": "EUR", "elements": [
...         {"price_components": [{"type": "ENERGY", "price": 0.45, "vat": 19, "step_size": 1}]}]}],
...     "charging_periods": [{"start_date_time": "2026-10-01T08:00:00Z",
...         "dimensions": [{"type": "ENERGY", "volume": 10.5}]}]}''')).cdr
>>> price(cdr).total_cost
Cost(excl_vat=Decimal('4.725'), incl_vat=Decimal('5.62275'))
"""

from typing import TYPE_CHECKING

from tariffs.breakdown import BilledQuantities, Breakdown, Cost, CostLine
from tariffs.cdr import Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, Claim
from tariffs.errors import CurrencyMismatch, NotJson, TariffsError, UnknownCurrency, UnknownTimeZone
from tariffs.findings import Finding, Severity
from tariffs.money import Money
from tariffs.pricing import price
from tariffs.tariff import PriceComponent, PriceLimit, Restrictions, Tariff, TariffElement
from tariffs.verification import verify

if TYPE_CHECKING:
    from tariffs.explanation import Explanation, explain

__all__ = [
    "BilledQuantities",
    "Breakdown",
    "Cdr",
    "CdrDimension",
    "CdrLocation",
    "CdrToken",
    "ChargingPeriod",
    "Claim",
    "Cost",
    "CostLine",
    "CurrencyMismatch",
    "Explanation",
    "Finding",
    "Money",
    "NotJson",
    "PriceComponent",
    "PriceLimit",
    "Restrictions",
    "Severity",
    "Tariff",
    "TariffElement",
    "TariffsError",
    "UnknownCurrency",
    "UnknownTimeZone",
    "explain",
    "price",
    "verify",
]


def __getattr__(name: str) -> object:
    """Load what explains a price when it is asked for: most who price never ask."""
    if name in ("Explanation", "explain"):
        from tariffs import explanation

        return getattr(explanation, name)
    raise AttributeError(f"module 'tariffs' has no attribute {name!r}")
