"""What the judgement of a month is about: a charge, the causes found on it, and the end it takes.

A `Cause` is a finding before it is known what becomes of the money; `Charge` is one CPO record with its partner, its
price, its causes and, in the end, exactly one of the six ends of the contract (section 3.5).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clearing.findings import CATALOGUE, rank
from clearing.months import BillingMonth
from clearing.parties import Agreement, PartyId
from clearing.records import ChargeRecord
from tariffs.breakdown import Breakdown
from tariffs.money import EXACT


class End(StrEnum):
    """The six ends of a CPO record in a month (contract, section 3.5)."""

    BILLED = "billed"
    CREDITED = "credited"
    WAITING = "waiting"
    REFUSED = "refused"
    REPEATED = "repeated"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Cause:
    """One finding on a charge or on an e-MSP's record. `at_stake`: CPO's value minus the other, excluding VAT."""

    code: str
    message: str
    what_to_do: str
    expected: str | None = None
    found: str | None = None
    at_stake: Decimal | None = None
    severity: str = ""
    """Left empty it is the catalogue's."""
    about: ChargeRecord | None = None
    """The one record that the finding's id follows from; without it the charge's record and its partner."""
    also: str = ""
    """What else the finding's id follows from, beside code, pair, ids and contents."""
    not_acceptable: str | None = None
    """Why a person cannot accept it, where the code alone does not tell."""

    @property
    def weight(self) -> str:
        """Its severity."""
        return self.severity or CATALOGUE[self.code]

    @property
    def holds(self) -> bool:
        """Whether it keeps the charge out of the document until something happens."""
        return self.weight in ("S", "Q") or self.code == "not-yet-at-emsp"

    @property
    def order(self) -> tuple[int, tuple[int, str]]:
        """S before Q before what waits by itself, then the order of the catalogue (contract, section 3.11)."""
        return ("FSQWI".index(self.weight), rank(self.code))


@dataclass(frozen=True, slots=True)
class Settled:
    """A charge that ended in a posted month, as far as later records may refer to it."""

    record: ChargeRecord
    month: BillingMonth
    end: End
    billed: Decimal | None
    document: str | None
    document_date: date | None
    partner: int | None

    @property
    def reference(self) -> str:
        """How a credit names it: document and charge; a net of zero made no document."""
        return " ".join(part for part in (self.document, self.record.id) if part)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs: its own month, the agreement in force, and whether it is none of our business."""

    month: BillingMonth | None
    agreement: Agreement | None
    elsewhere: Cause | None = None


@dataclass(slots=True)
class Charge:
    """One CPO record on its way to an end; filled by the rooms in the order of `judging.judge_pair`."""

    record: ChargeRecord
    place: Place
    carried: bool
    """Whether it waited in the last posted month."""
    breakdown: Breakdown | None = None
    partner: ChargeRecord | None = None
    causes: list[Cause] = field(default_factory=list)
    end: End | None = None
    code: str = ""
    """The code of the finding that decided or would have, kept after an accept; empty when nothing held it."""
    billed: Decimal | None = None
    """What stands in the document, rounded as the agreement says."""
    basis: Decimal | None = None
    """The same before rounding."""
    corrects: Settled | None = None
    """Of a billed credit: the billed charge that it gives back."""
    original: "Charge | None" = None
    """Of a credit: the open charge that it cancels."""

    @property
    def agreement(self) -> Agreement | None:
        """The agreement that governs it."""
        return self.place.agreement

    @property
    def computed(self) -> Decimal | None:
        """Our own price excluding VAT, unrounded; None when there is none."""
        return self.breakdown.total_cost.excl_vat if self.breakdown else None

    @property
    def claimed(self) -> Decimal | None:
        """The CPO's claim excluding VAT."""
        return self.record.claimed

    @property
    def kwh(self) -> Decimal:
        """Energy for sums: unknown counts 0, a credit counts negatively."""
        energy = self.record.energy_kwh
        if energy is None:
            return Decimal(0)
        return energy.copy_abs().copy_negate() if self.record.credit else energy

    @property
    def settled_by_rule(self) -> bool:
        """Whether its end is known already, so that no further judgement is made."""
        return self.end is not None

    def has(self, *codes: str) -> bool:
        """Whether one of these causes was found."""
        return any(cause.code in codes for cause in self.causes)


@dataclass(frozen=True, slots=True)
class Stray:
    """A cause on an e-MSP's record that no CPO record stands beside."""

    record: ChargeRecord
    cause: Cause
    pair: tuple[PartyId | None, PartyId | None]


def plain(value: Decimal | None, digits: int = 0) -> str | None:
    """Write a number without exponent and trailing zeros, with at least `digits` decimals; never rounds.

    >>> plain(Decimal("12.500"), 2), plain(Decimal("0E+2")), plain(Decimal("1.23456"), 2)
    ('12.50', '0', '1.23456')
    """
    if value is None:
        return None
    text = f"{value.normalize(EXACT):f}" if value else "0"
    whole, _, decimals = text.partition(".")
    decimals = decimals.ljust(digits, "0")
    return f"{whole}.{decimals}" if decimals else whole
