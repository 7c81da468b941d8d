"""What every section of an explanation looks at: the CDR and how the engine priced it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tariffs.breakdown import Breakdown
from tariffs.cdr import Cdr
from tariffs.charge import Charge
from tariffs.explanation.clauses import clauses
from tariffs.explanation.values import Amount, Instant
from tariffs.selection import Selection


@dataclass(frozen=True, slots=True)
class Scene:
    """A CDR with the workings of its price; `chosen` and `charge` are None where it lacks what every price needs."""

    cdr: Cdr
    breakdown: Breakdown
    chosen: Selection | None
    charge: Charge | None

    @property
    def is_worked_out(self) -> bool:
        """Whether costs were made; where tariffs leave their taxes open, no total may be known all the same."""
        return self.charge is not None and not self.charge.is_refused

    @property
    def currency(self) -> str:
        """The currency of the CDR, as sent."""
        return self.cdr.currency or ""

    @property
    def version(self) -> str:
        """The OCPI version of the CDR."""
        return self.cdr.ocpi_version

    def cite(self, *places: str) -> tuple[str, ...]:
        """The clauses of OCPI for some places."""
        return clauses(self.version, *places)

    def amount(self, value: Decimal | Fraction) -> Amount:
        """An amount in the currency of the CDR."""
        return Amount(Fraction(value), self.currency)

    def instant(self, utc: datetime) -> Instant:
        """An instant, told in the zone of the price."""
        return Instant(utc, self.breakdown.time_zone)
