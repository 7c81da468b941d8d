"""One delivered record, whole: read, priced, verified, with every finding on the way in order of gravity."""

from dataclasses import dataclass
from datetime import datetime

from tariffs.breakdown import Breakdown, Cost
from tariffs.cdr import Cdr, Claim
from tariffs.errors import NotJson
from tariffs.findings import Finding, Severity, by_gravity
from tariffs.ocpi import decode, detect_version, is_session, read_cdr, read_session
from tariffs.pricing import price
from tariffs.quantity import WIDE
from tariffs.tariff import Tariff
from tariffs.verification import verify


@dataclass(frozen=True, slots=True)
class PricingOptions:
    """What the caller says about pricing, for every record alike.

    `tariffs` price what brings none, `override` prices everything; `time_zone` is an IANA name and wins over all
    else; `version` of OCPI is detected unless given; a Session without an end is priced `until` then.
    """

    tariffs: tuple[Tariff, ...] = ()
    override: Tariff | None = None
    time_zone: str | None = None
    version: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One record as a CDR, where it can be read as one."""

    cdr_id: str | None
    version: str | None
    cdr: Cdr | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One record, priced or not; `where` it lies is for people."""

    number: int
    where: str
    cdr_id: str | None
    version: str | None
    cdr: Cdr | None
    breakdown: Breakdown | None
    findings: tuple[Finding, ...]

    @property
    def needs_people(self) -> bool:
        """Whether the record has no price or a finding that waits for a person."""
        is_priced = self.breakdown is not None and self.breakdown.priced
        return not is_priced or any(f.severity.needs_people for f in self.findings)

    @property
    def claim(self) -> Claim | None:
        """What the record claims as `total_cost`."""
        return self.cdr.total_cost if self.cdr is not None else None

    @property
    def difference(self) -> Claim | None:
        """Claimed less computed, each side of taxes by itself."""
        claim, cost = self.claim, self.breakdown.total_cost if self.breakdown is not None else None
        return None if claim is None or cost is None else _less(claim, cost)


def read_text(raw: bytes, options: PricingOptions) -> ReadRecord:
    """Read the JSON of a CDR, or of a Session as the CDR it would be so far; never raises for bad data."""
    try:
        value = decode(raw)
    except NotJson as problem:
        return unreadable(str(problem))
    return read_value(value, options)


def read_value(value: object, options: PricingOptions) -> ReadRecord:
    """Read a decoded CDR, or a Session as the CDR it would be so far; never raises for bad data."""
    version = options.version or detect_version(value)
    if is_session(value):
        read = read_session(value, version=version, until=options.until)
    else:
        read = read_cdr(value, version=version)
    if read.cdr is None:
        return ReadRecord(None, version, None, read.findings)
    return ReadRecord(_id_of(value, read.cdr), version, read.cdr, read.findings)


def unreadable(problem: str) -> ReadRecord:
    """What is no JSON object at all."""
    return ReadRecord(None, None, None, (Finding("malformed-record", Severity.WAITS, "$", problem),))


def answer_of(number: int, where: str, read: ReadRecord, options: PricingOptions) -> Answer:
    """Price and verify what was read; of two equal findings one is kept."""
    if read.cdr is None:
        return Answer(number, where, None, read.version, None, None, read.findings)
    breakdown = price(read.cdr, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    findings = by_gravity([*read.findings, *breakdown.findings, *verify(read.cdr, breakdown)])
    return Answer(number, where, read.cdr_id, read.version, read.cdr, breakdown, findings)


def _id_of(value: object, cdr: Cdr) -> str | None:
    """The id of a CDR, read leniently: a number is one as well."""
    if cdr.id is None and isinstance(value, dict) and type(value.get("id")) is int:
        return str(value["id"])[:64]
    return cdr.id


def _less(claim: Claim, cost: Cost) -> Claim:
    sides = [
        None if a is None or b is None else WIDE.subtract(a, b)
        for a, b in ((claim.excl_vat, cost.excl_vat), (claim.incl_vat, cost.incl_vat))
    ]
    return Claim(sides[0], sides[1])
