"""Who deals with whom, and on what terms: companies, their party ids, agreements and VAT rules, as values.

They are read from `evclear.toml` by `clearing.book_file`; every other room only ever sees these values.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

from clearing.months import BillingMonth

PartyId = NewType("PartyId", str)
"""`DE*ABC`: country code and party id as in the records, upper case. A legal entity is not a party id."""

FILL_IN = "FILL IN"
"""The value that `evclear init` writes where a person must: a gap, not an error."""

BOOK_FILE = "evclear.toml"
"""The file that makes a folder a book."""


class Role(StrEnum):
    """What a company is in the market; one company may be both."""

    CPO = "cpo"
    EMSP = "emsp"


class Side(StrEnum):
    """Whose record it is: who submitted it."""

    CPO = "cpo"
    EMSP = "emsp"


def party_id(country_code: str, party: str) -> PartyId:
    """Return the party id of a country code and an OCPI party_id, both case-insensitive (OCPI types, CiString)."""
    return PartyId(f"{country_code.upper()}*{party.upper()}")


def parse_party_id(text: str) -> PartyId:
    """Read `DE*ABC`, `DE-ABC` or `DEABC`; raise ValueError for anything else.

    >>> parse_party_id("de-abc")
    'DE*ABC'
    """
    letters = text.strip().upper().replace("*", "").replace("-", "")
    if len(letters) != 5 or not letters.isascii() or not letters.isalnum() or not letters[:2].isalpha():
        raise ValueError(f"{text!r} is no party id; expected a country and a party, such as DE*ABC")
    return party_id(letters[:2], letters[2:])


def file_name(party: PartyId | None) -> str:
    """Return the party as it stands in file names: `DE-ABC`, or `UNKNOWN`."""
    return party.replace("*", "-") if party else "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a person must fill in before a document can be posted: `line` of evclear.toml, and what to write."""

    line: int
    message: str
    key: str = ""
    """The key whose value is FILL IN, where the gap is one."""

    def __str__(self) -> str:
        return f"{BOOK_FILE}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class DealerCertificate:
    """Proof that a company deals in electricity (Germany: USt 1 TH); valid on days in [start, end)."""

    start: date
    end: date

    def covers(self, day: date) -> bool:
        """Whether the certificate is valid on a delivery day."""
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Company:
    """A legal entity, with the party ids it acts under. `line` is where it stands in evclear.toml."""

    name: str
    ids: tuple[PartyId, ...]
    roles: frozenset[Role]
    country: str
    address: tuple[str, ...]
    vat_id: str | None = None
    resells: bool = False
    dealer_certificate: DealerCertificate | None = None
    iban: str | None = None
    bic: str | None = None
    email: str | None = None
    language: str = "en"
    number_format: str = "{party}-{kind}{year}-{n:05}"
    line: int = 0
    gaps: tuple[Gap, ...] = field(default=(), compare=False, repr=False)
    """What is FILL IN in this company's table."""


class Billing(StrEnum):
    """Who issues the document: the CPO, or the e-MSP for the CPO (OCPI 2.3.0: reverse billing)."""

    DIRECT = "direct"
    SELF_BILLED = "self-billed"


class PriceBasis(StrEnum):
    """What is billed of an agreed charge: the CPO's claim, our own price, or the smaller of both."""

    CLAIMED = "claimed"
    COMPUTED = "computed"
    LOWER = "lower"


class Rounding(StrEnum):
    """Where money is rounded, once, halves away from zero."""

    CHARGE_HALF_UP = "charge-half-up"
    DOCUMENT_HALF_UP = "document-half-up"


class OtherSide(StrEnum):
    """Whether a charge waits for the e-MSP's record always, or only when that side delivers at all."""

    REQUIRED = "required"
    IF_DELIVERED = "if-delivered"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two values may lie apart: strictly more than max(absolute, percent of the CPO's value) differs."""

    money: Decimal = Decimal("0.02")
    money_percent: Decimal = Decimal("0.5")
    energy_kwh: Decimal = Decimal("0.05")
    energy_percent: Decimal = Decimal("0.5")
    time_s: Decimal = Decimal("60")


@dataclass(frozen=True, slots=True)
class References:
    """What the buyer wants printed on the document."""

    purchase_order: str | None = None
    buyer_reference: str | None = None
    contract_number: str | None = None
    cost_centre: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a CPO and an e-MSP signed, from a day on. `valid_until` is exclusive. `line`: in evclear.toml."""

    cpo: PartyId
    emsp: PartyId
    valid_from: date
    time_zone: str
    currency: str
    valid_until: date | None = None
    billing: Billing = Billing.DIRECT
    price_basis: PriceBasis = PriceBasis.CLAIMED
    rounding: Rounding = Rounding.CHARGE_HALF_UP
    other_side: OtherSide = OtherSide.REQUIRED
    waiting_days: int = 3
    payment_days: int = 14
    set_off: bool = True
    tolerance: Tolerance = Tolerance()
    references: References = References()
    late_after: int | None = None
    too_late_after: int | None = None
    claim_rounding: str | None = None
    """The rounding profile (`tariffs.rounding`) by which the CPO makes its claims; a claim that is our price rounded
    so is no difference. None: no such profile is agreed."""
    line: int = 0
    gaps: tuple[Gap, ...] = field(default=(), compare=False, repr=False)
    """What is FILL IN in this agreement's table."""

    def local_day(self, instant: datetime) -> date:
        """Return the calendar day of an instant in the agreement's zone."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    def valid_on(self, day: date) -> bool:
        """Whether the agreement is in force on a local day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class VatRule:
    """One row of the book's VAT table: which supply, since when, which category (EN 16931), percent and reason."""

    start: date
    seller: str
    buyer: str
    category: str
    percent: Decimal
    buyer_resells: bool | None = None
    certificates: bool | None = None
    sentence: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class LocationZone:
    """The time zone of a site whose country does not decide it."""

    cpo: PartyId
    id: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything evclear.toml says, by value; `content_hash` names this version of it."""

    role: str
    issues_for: frozenset[PartyId] | None
    companies: tuple[Company, ...]
    agreements: tuple[Agreement, ...]
    locations: tuple[LocationZone, ...]
    vat_rules: tuple[VatRule, ...]
    content_hash: str
    gaps: tuple[Gap, ...] = ()
    _company_of: dict[PartyId, Company] = field(default_factory=dict, compare=False, repr=False)
    _agreements_of: dict[tuple[PartyId, PartyId], list[Agreement]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        self._company_of.update((party, company) for company in self.companies for party in company.ids)
        for agreement in sorted(self.agreements, key=lambda a: a.valid_from):
            self._agreements_of.setdefault((agreement.cpo, agreement.emsp), []).append(agreement)

    def company(self, party: PartyId | None) -> Company | None:
        """Return the company that acts under a party id, or None when evclear.toml does not know it."""
        return self._company_of.get(party) if party else None

    def agreements_of(self, cpo: PartyId | None, emsp: PartyId | None) -> list[Agreement]:
        """Return the agreements of a pair, the earliest first."""
        return self._agreements_of.get((cpo, emsp), []) if cpo and emsp else []

    def agreement_at(self, cpo: PartyId | None, emsp: PartyId | None, instant: datetime | None) -> Agreement | None:
        """Return the first agreement whose own local day of `instant` lies in its validity (contract, section 3.1)."""
        if instant is None:
            return None
        return next((a for a in self.agreements_of(cpo, emsp) if a.valid_on(a.local_day(instant))), None)

    def issues_documents_of(self, company: Company) -> bool:
        """Whether this book draws the document numbers of a company; one id stands for its company."""
        return self.issues_for is None or any(party in self.issues_for for party in company.ids)

    def location_zone(self, cpo: PartyId | None, location_id: str | None) -> str | None:
        """Return the zone that the book states for a site."""
        wanted = location_id.lower() if location_id else None
        return next((loc.time_zone for loc in self.locations if loc.cpo == cpo and loc.id.lower() == wanted), None)

    def default_as_of(self, month: BillingMonth) -> date:
        """Return the last day of the month plus the largest `waiting_days` of the book."""
        return month.plus_days(max((a.waiting_days for a in self.agreements), default=0))
