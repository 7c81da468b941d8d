"""What a side delivered, as values: one record of a charge, with where it was read and what its reading found.

A `ChargeRecord` is ours and not a protocol's: a CDR of any version and a Session become the same value. Energy in
kWh, money excluding VAT in `currency`, instants in UTC; None means that the sender did not state it readably.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from clearing.parties import PartyId, Side
from tariffs.findings import Finding


class Kind(StrEnum):
    """What kind of object a record was."""

    CDR = "cdr"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a record was read: file (relative to the book), position in it, and the bytes kept as evidence."""

    text: str
    """`path:line`, `path#n` or `path:1`, as people see it."""
    file_hash: str
    """sha256 of the delivered file: the name of the evidence."""
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ChargeRecord:
    """One delivered record of one charge.

    `content_hash` names equal values, whatever the key order, spacing, number spelling or `last_updated`
    (contract, section 3.12). `problems` is what the reading found: of them `malformed-record` and
    `ends-before-start` keep the record from being used, the others are listed.
    """

    number: int
    """Running number in the store: the order of arrival."""
    side: Side
    kind: Kind
    where: Where
    content_hash: str
    cpo: PartyId | None
    emsp: PartyId | None
    id: str | None
    """The CDR's id, or the Session's."""
    start: datetime | None
    end: datetime | None
    energy_kwh: Decimal | None
    currency: str | None
    claimed: Decimal | None
    """`total_cost` excluding VAT."""
    claimed_incl_vat: Decimal | None = None
    session_id: str | None = None
    authorization_reference: str | None = None
    token_uid: str | None = None
    token_type: str | None = None
    contract_id: str | None = None
    evse_uid: str | None = None
    evse_id: str | None = None
    location_id: str | None = None
    location_name: str | None = None
    city: str | None = None
    country: str | None = None
    tariff_ids: tuple[str, ...] = ()
    credit: bool = False
    credit_reference_id: str | None = None
    last_updated: datetime | None = None
    received: str | None = None
    """Day of receipt where `ingest --received` stated one (ISO date)."""
    problems: tuple[Finding, ...] = ()
    completed: bool = True
    """False for a Session that is not COMPLETED: it takes no part (contract, section 3.12)."""
    home_charging: bool = False
    """Whether the charge is the compensation of a driver at home (OCPI 2.2.1, home_charging_compensation)."""

    @property
    def usable(self) -> bool:
        """Whether the record itself can be used: neither malformed nor refused by its own reading."""
        return not self.problems or not any(problem.severity in ("Q", "S", "F") for problem in self.problems)


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A line of an e-MSP's token list: who may charge (OCPI 2.2.1, mod_tokens)."""

    emsp: PartyId
    uid: str
    contract_id: str | None
    valid: bool
    last_updated: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedTariff:
    """A tariff as its CPO delivered it for the Tariffs store; `content` is the JSON value it was read from."""

    cpo: PartyId
    id: str
    content: bytes
    last_updated: datetime | None
