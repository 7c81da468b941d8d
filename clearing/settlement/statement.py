"""The settlement statement: what two companies owe each other on their documents, set off, and what is to pay."""

from dataclasses import dataclass
from datetime import date

from clearing.invoicing.invoice import DocumentKind, DocumentState
from clearing.months import BillingMonth
from clearing.parties import Company, file_name
from tariffs.money import Money


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One document in the statement: `owed` is its gross, always positive, owed by `debtor` to `creditor`."""

    document: str
    """Its number, or its file name where it has none."""
    file: str
    kind: DocumentKind
    creditor: str
    debtor: str
    owed: Money
    due_date: date


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement per pair of companies and currency; `first` and `second` are sorted by their first party ids."""

    first: Company
    second: Company
    month: BillingMonth
    currency: str
    state: DocumentState
    issue_date: date
    lines: tuple[StatementLine, ...]
    opening: Money
    owed_to_first: Money
    owed_to_second: Money
    carried_forward: Money
    payer: Company | None
    payee: Company | None
    amount: Money
    due_date: date
    language: str = "en"

    @property
    def name(self) -> str:
        """Its name and file name without ending: `DE-ABC_NL-XYZ_EUR`."""
        return f"{file_name(self.first.ids[0])}_{file_name(self.second.ids[0])}_{self.currency}"

    @property
    def reference(self) -> str:
        """How other documents name it: month and name."""
        return f"{self.month} {self.name}"
