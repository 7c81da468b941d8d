"""What the store keeps beside the records themselves, as values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clearing.months import BillingMonth
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file that a side delivered; `path` is relative to the book, with `/`, and `sha256` names the evidence."""

    side: Side
    kind: str
    path: str
    sha256: str
    size: int
    records: int
    received: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRun:
    """The last run of a month: what it depended on, and its outcome as bytes that only its author understands."""

    month: BillingMonth
    as_of: date
    input_digest: str
    terms_hash: str
    outcome: bytes
    posted: bool = False


ENDS = ("billed", "credited", "refused", "repeated", "elsewhere", "used", "closed")
"""How a record can leave the open ones; what waits has no end. `used` and `closed` are ends of e-MSP records."""


@dataclass(frozen=True, slots=True)
class ChargeEnd:
    """How a record ended in the month that is posted. An e-MSP record that a billed charge used up ends as `used`."""

    record_number: int
    end: str
    billed: Decimal | None = None
    document: str | None = None
    document_date: date | None = None
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class SettledCharge:
    """A record of a posted month, with its end there."""

    record: ChargeRecord
    month: BillingMonth
    end: str
    billed: Decimal | None
    document: str | None
    document_date: date | None
    partner: int | None


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """A document with its number; `value` is the whole document as its author wrote it, to be drawn again."""

    number: str
    issuer: str
    kind: str
    month: BillingMonth
    cpo: PartyId
    emsp: PartyId
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    issue_date: date
    due_date: date
    file: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a finding: `accept` or `reject`; `at` is an ISO instant that the caller states."""

    finding_id: str
    verdict: str
    reason: str
    by: str
    at: str
