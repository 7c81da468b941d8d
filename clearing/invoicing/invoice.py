"""The tax document as a finished, immutable value: what paper, CSV and ledger are all made from.

Totals stand in the legal order of EN 16931: lines, net, VAT once per category, gross. Amounts of a credit note are
negative here and in CSV and JSON; paper prints them positive under its title.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from clearing.months import BillingMonth
from clearing.parties import Company, PartyId, References, Rounding, file_name
from tariffs.money import Money


class DocumentKind(StrEnum):
    """UNTDID 1001: 380, 389, 381, 261."""

    INVOICE = "invoice"
    SELF_BILLED_INVOICE = "self-billed-invoice"
    CREDIT_NOTE = "credit-note"
    SELF_BILLED_CREDIT_NOTE = "self-billed-credit-note"

    @property
    def is_credit_note(self) -> bool:
        """Whether the document gives money back."""
        return self in (DocumentKind.CREDIT_NOTE, DocumentKind.SELF_BILLED_CREDIT_NOTE)

    @property
    def is_self_billed(self) -> bool:
        """Whether the buyer issues it for the seller."""
        return self in (DocumentKind.SELF_BILLED_INVOICE, DocumentKind.SELF_BILLED_CREDIT_NOTE)


class DocumentState(StrEnum):
    """A draft has no number and says DRAFT across the page; a control copy is never ours to number."""

    DRAFT = "draft"
    POSTED = "posted"
    CONTROL_COPY = "control-copy"


@dataclass(frozen=True, slots=True)
class VatTreatment:
    """How a supply is taxed: EN 16931 category, percent, and the key of the printed reason ("" = none)."""

    category: str
    percent: Decimal
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """All charges of one site under one VAT treatment: kWh, number of charges and their net."""

    site: str
    place: str
    kwh: Decimal
    charges: int
    net: Money
    vat: VatTreatment


@dataclass(frozen=True, slots=True)
class VatTotal:
    """VAT of one category: computed once, on the sum of its lines (EN 16931, BR-CO-17)."""

    treatment: VatTreatment
    net: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class AnnexCharge:
    """One charge of the annex. `net` is printed as it stands (2 or 4 decimals, by `Invoice.rounding`)."""

    cdr_id: str
    evse: str
    site: str
    ended_local: datetime
    kwh: Decimal
    net: Decimal
    corrects: str | None = None
    """Of a credit: document number and charge that it gives back."""
    other_month: bool = False
    """Whether the charge was delivered in an earlier month than the document's."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One document of one CPO, e-MSP, month and currency. `net`, `vat` and `gross` are exact to the minor unit."""

    kind: DocumentKind
    state: DocumentState
    number: str | None
    cpo: PartyId
    emsp: PartyId
    seller: Company
    buyer: Company
    month: BillingMonth
    time_zone: str
    issue_date: date
    due_date: date
    currency: str
    lines: tuple[InvoiceLine, ...]
    vat_totals: tuple[VatTotal, ...]
    annex: tuple[AnnexCharge, ...]
    rounding: Rounding
    remainder: Decimal
    """Only with `document-half-up`: net minus the sum of the annex as printed, a named line of the annex."""
    net: Money
    vat: Money
    gross: Money
    references: References
    settled_in: str | None = None
    """Name of the settlement statement that pays it; then the document has no payment block."""
    language: str = "en"
    vat_missing: bool = False
    """No VAT rule fits: the draft shows the gap, posting refuses."""

    @property
    def issuer(self) -> Company:
        """Who issues the document: the seller, or the buyer of a self-billed one."""
        return self.buyer if self.kind.is_self_billed else self.seller

    @property
    def payer(self) -> Company:
        """Who owes the gross: the buyer, or the seller of a credit note."""
        return self.seller if self.kind.is_credit_note else self.buyer

    @property
    def payee(self) -> Company:
        """Who is owed the gross."""
        return self.buyer if self.kind.is_credit_note else self.seller

    @property
    def file_stem(self) -> str:
        """File name without ending, before it has a number: `DE-ABC_NL-XYZ_EUR`."""
        return f"{file_name(self.cpo)}_{file_name(self.emsp)}_{self.currency}"
