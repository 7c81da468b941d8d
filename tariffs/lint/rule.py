"""What lint says, as values: a rule of the catalogue, a spot where it was broken, and the finding made of both.

The severity is about publishing the document: Q, nobody can price by it; W, mend it before anyone does; I, worth a
look. The same name in a price may weigh less, because there the bill can still be made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from tariffs.findings import Severity

SheetT = TypeVar("SheetT", contravariant=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `id` is its name and the `code` of its findings, `clause` where OCPI says so, `remedy` what to do."""

    id: str
    severity: Severity
    clause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a rule is broken, in words, with what was expected and what stands there."""

    path: str
    message: str
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to mend in a tariff or a CDR; `path` is a JSON path in the object that was given."""

    code: str
    severity: Severity
    path: str
    message: str
    expected: str | None
    found: str | None
    clause: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Check(Generic[SheetT]):
    """A rule with the function that looks for it."""

    rule: Rule
    look: Callable[[SheetT], Iterator[Spot]]


def rule(id: str, severity: str, clause: str, remedy: str) -> Rule:
    """Return a rule of the catalogue; `clause` is a place in OCPI 2.2.1 unless it names another version."""
    return Rule(id, Severity(severity), clause if "OCPI" in clause else f"OCPI 2.2.1, {clause}", remedy)


def finding_of(broken: Rule, spot: Spot, prefix: str = "$") -> LintFinding:
    """Return the finding of a rule at a spot; `prefix` is where the object of the spot stands."""
    path = prefix + spot.path.removeprefix("$")
    return LintFinding(
        broken.id, broken.severity, path, spot.message, spot.expected, spot.found, broken.clause, broken.remedy
    )
