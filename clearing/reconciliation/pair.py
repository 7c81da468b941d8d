"""One pair of parties and one month, as values: what its judgement depends on and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearing.months import BillingMonth
from clearing.parties import Agreement, PartyId
from clearing.reconciliation.charge import Cause, Charge, Place, Settled, Stray
from clearing.reconciliation.identity import Identities
from clearing.reconciliation.plausibility import Knowledge
from clearing.records import ChargeRecord

Pair = tuple[PartyId | None, PartyId | None]


@dataclass(frozen=True, slots=True)
class PairInput:
    """Everything that the judgement of one pair depends on."""

    pair: Pair
    month: BillingMonth
    charges: Sequence[Charge]
    """Every open CPO record of the pair, later months too: they only take part in the pairing."""
    judged: frozenset[int]
    """Numbers of the records that belong to `month`, of both sides."""
    emsp: Sequence[ChargeRecord]
    places: Mapping[int, Place]
    settled: Sequence[Settled]
    identities: Identities
    known: Knowledge
    emsp_months: frozenset[BillingMonth]
    """Months of which the e-MSP delivered any record for the pair."""
    shadows: Sequence[ChargeRecord] = ()
    """CPO records whose e-MSP cannot be read: by their ids they may still be somebody's partner."""


@dataclass(slots=True)
class PairOutcome:
    """What was found on one pair: its charges with their causes, the e-MSP's strays, and notes on the whole pair."""

    charges: list[Charge] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    pair_causes: list[tuple[Cause, Agreement]] = field(default_factory=list)
    late_comparisons: list[Charge] = field(default_factory=list)
    """Charges billed in a posted month whose e-MSP record came now and differs."""
    told: set[int] = field(default_factory=set)
    """The e-MSP's records whose own fault stands on a charge of this pair."""
    beside: dict[int, int] = field(default_factory=dict)
    """Session → the e-MSP's CDR of the same charge, which is the evidence."""
    partners: dict[int, int] = field(default_factory=dict)
    """CPO record → e-MSP record, also of settled charges."""
