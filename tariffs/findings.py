"""What can be wrong with a tariff or a CDR, as a value: name, severity, place, words, money at stake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How much a finding stops; the order of the members is the order of gravity."""

    FILE_REFUSED = "F"
    RECORD_REFUSED = "S"
    WAITS = "Q"
    BILLED_AND_LISTED = "W"
    INFORMATION = "I"

    @property
    def needs_people(self) -> bool:
        """Whether nothing goes on until a person has looked."""
        return self in (Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at in one record.

    `path` is a JSON path such as `$.charging_periods[2].dimensions[0].volume`; `money` is the money at stake
    excluding VAT in the currency of the CDR, signed, or None where no amount can be told.
    """

    code: str
    severity: Severity
    path: str
    message: str
    money: Decimal | None = None


_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}


def by_gravity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return every finding once, the gravest first, else in their order."""
    once = {(f.code, f.path, f.message): f for f in findings}
    return tuple(sorted(once.values(), key=lambda f: _GRAVITY[f.severity]))


def renamed(findings: Iterable[Finding], names: Sequence[tuple[str, str]]) -> list[Finding]:
    """Return findings with the field names of another version of OCPI: (as it is called here, as it is called there).

    >>> finding = Finding("malformed-record", Severity.WAITS, "$.total_energy", "a text where OCPI has a number")
    >>> [f.path for f in renamed([finding], [("total_energy", "kwh")])]
    ['$.kwh']
    """
    found = list(findings)
    for index, finding in enumerate(found):
        for name, wire in names:
            if finding.path == f"$.{name}" or finding.path.startswith(f"$.{name}."):
                found[index] = replace(finding, path=f"$.{wire}{finding.path.removeprefix(f'$.{name}')}")
    return found
