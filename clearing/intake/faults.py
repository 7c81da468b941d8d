"""What the reading of one record finds: fields that cannot be used, parties that cannot be told, an end before a start.

All malformed fields of a record make one finding: people mend a record once (contract, section 3.11).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from clearing.parties import PartyId, Side, parse_party_id
from clearing.records import Where
from tariffs.findings import Finding, Severity

MALFORMED = "malformed-record"
INCOMPLETE = "incomplete-record"
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: its side, its place, and the day of receipt where one was stated."""

    side: Side
    where: Where
    received: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be used: its JSON path, and what was expected and found."""

    path: str
    message: str


def missing(known: Sequence[Fault], *fields: tuple[str, object]) -> list[Fault]:
    """Return a fault for each (path, value) that is not there; a field with a fault already has none more."""
    return [
        Fault(path, "is missing")
        for path, value in fields
        if value in (None, "") and not any(path == fault.path or path.startswith(fault.path + ".") for fault in known)
    ]


def party_of(
    country_code: str | None, party: str | None, path: str, known: Sequence[Fault]
) -> tuple[PartyId | None, list[Fault]]:
    """Return the party of a country_code and a party_id at a path, or what keeps it from being told."""
    if country_code and party:
        told = _party(country_code, party)
        if told is not None:
            return told, []
        words = f"expected a country of 2 letters and a party of 3 characters, found {country_code!r} and {party!r}"
        return None, [Fault(f"{path}.party_id", words)]
    return None, missing(known, (f"{path}.country_code", country_code), (f"{path}.party_id", party))


@lru_cache(maxsize=4096)
def _party(country_code: str, party: str) -> PartyId | None:
    if len(country_code) != 2 or len(party) != 3:
        return None
    try:
        return parse_party_id(country_code + party)
    except ValueError:
        return None


def malformed(faults: Sequence[Fault]) -> tuple[Finding, ...]:
    """Return the one finding for all faults of a record that keep it from being used."""
    return _merged(MALFORMED, Severity.WAITS, faults)


def incomplete(faults: Sequence[Fault]) -> tuple[Finding, ...]:
    """Return the one finding for all optional fields that a record lacks."""
    return _merged(INCOMPLETE, Severity.BILLED_AND_LISTED, faults)


def _merged(code: str, severity: Severity, faults: Sequence[Fault]) -> tuple[Finding, ...]:
    if not faults:
        return ()
    told = dict.fromkeys(f"{fault.path} {fault.message}" for fault in faults)
    return (Finding(code, severity, faults[0].path, "; ".join(told)),)


def ends_before_start(start: datetime | None, end: datetime | None, path: str) -> tuple[Finding, ...]:
    """Return the finding on a charge that ends before it starts."""
    if start is None or end is None or end >= start:
        return ()
    told = f"expected an end after the start {start:%Y-%m-%dT%H:%M:%SZ}, found {end:%Y-%m-%dT%H:%M:%SZ}"
    return (Finding("ends-before-start", Severity.RECORD_REFUSED, path, told),)


def by_gravity(problems: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a record, what refuses it first."""
    return tuple(sorted(problems, key=lambda problem: _GRAVITY[problem.severity]))
