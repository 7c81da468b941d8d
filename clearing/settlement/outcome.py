"""How a month stands, as one value: from it report, findings, CSV and PDF are made, now and whenever drawn again."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from clearing.findings import MonthFinding
from clearing.invoicing.invoice import Invoice
from clearing.months import BillingMonth
from clearing.parties import PartyId, file_name
from clearing.reconciliation.charge import End
from clearing.settlement.statement import Statement

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A sum over CPO records: how many, kWh (unknown counts 0) and claimed money excluding VAT."""

    records: int = 0
    kwh: Decimal = NOTHING
    claimed: Decimal = NOTHING

    def plus(self, kwh: Decimal, claimed: Decimal | None) -> "Amounts":
        """Add one record."""
        return Amounts(self.records + 1, self.kwh + kwh, self.claimed + (claimed or NOTHING))


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One CPO record in the charges file. `billed` stands in the document; the others are as stated or priced."""

    number: int
    cpo_cdr_id: str | None
    emsp_cdr_id: str | None
    cpo_session_id: str | None
    evse: str | None
    ended_local: datetime | None
    kwh: Decimal | None
    claimed: Decimal | None
    computed: Decimal | None
    billed: Decimal | None
    end: End
    code: str
    partner: int | None = None
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often a finding stands in a row of the report, and the claims it holds back."""

    code: str
    count: int
    held: Decimal


@dataclass(frozen=True, slots=True)
class PairReport:
    """One row of the report: a pair of parties and a currency; None is a party or currency nobody knows."""

    cpo: PartyId | None
    emsp: PartyId | None
    currency: str | None
    carried_in: Amounts
    delivered: Amounts
    ends: dict[End, Amounts]
    without_claim: int
    claimed_minus_computed: Decimal
    price_difference: Decimal
    rounding_difference: Decimal
    findings: tuple[CodeCount, ...]
    document: Invoice | None
    charges: tuple[ChargeRow, ...]
    remainder: Decimal = NOTHING
    """With `document-half-up`: net minus the sum of what the rows show as billed."""

    @property
    def name(self) -> str:
        """The name of its files: `DE-ABC_NL-XYZ_EUR`."""
        return f"{file_name(self.cpo)}_{file_name(self.emsp)}_{self.currency or 'UNKNOWN'}"


@dataclass(frozen=True, slots=True)
class Stub:
    """Lines to paste into evclear.toml for a pair or party that has no terms yet, with what waits for them."""

    what: str
    charges: int
    claimed: Decimal
    currency: str | None
    lines: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """A delivered file, as the manifest lists it."""

    side: str
    kind: str
    path: str
    sha256: str
    size: int
    records: int


@dataclass(frozen=True, slots=True)
class MonthOutcome:
    """A settled month, drafted or posted."""

    month: BillingMonth
    as_of: date
    posted: bool
    pairs: tuple[PairReport, ...]
    statements: tuple[Statement, ...]
    findings: tuple[MonthFinding, ...]
    stubs: tuple[Stub, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    terms_hash: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    """e-MSP record → the CPO record that used it up."""
    closed: tuple[int, ...] = ()
    """e-MSP records that never come up again."""
    decided: tuple[str, ...] = ()
    """Findings that people had decided when the month was run."""
    emsp_delivered: tuple[tuple[PartyId, PartyId, BillingMonth], ...] = ()
    """Pairs and months of which the e-MSP has ever delivered a record."""
    open_month: BillingMonth | None = None
    """The month that was the next to post when this one was run."""

    @property
    def documents(self) -> list[Invoice]:
        """The documents of the month in the order in which their numbers are drawn: e-MSP, CPO, currency."""
        found = [pair.document for pair in self.pairs if pair.document is not None]
        return sorted(found, key=lambda d: (d.emsp, d.cpo, d.currency))
