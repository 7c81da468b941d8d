"""What a person should know beside the price: every finding in words, and what to do where there is no price."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tariffs.explanation.catalogue import MESSAGES
from tariffs.explanation.values import Amount, Message, Name, Reasons, Step, Value, Word
from tariffs.findings import Finding, Severity

_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}
_STOPS: Final = frozenset({Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS})


def by_gravity(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return every finding once, the gravest first."""
    once = {(f.code, f.path, f.message): f for f in findings}
    return tuple(sorted(once.values(), key=lambda f: _GRAVITY[f.severity]))


def findings_section(findings: Sequence[Finding], currency: str) -> Step | None:
    """Tell the findings; those that stop a price say what to do."""
    if not findings:
        return None
    return Step(Message.of("section.findings"), steps=tuple(_finding(f, currency) for f in findings))


def _finding(finding: Finding, currency: str) -> Step:
    known = f"finding.{finding.code}" if f"finding.{finding.code}" in MESSAGES else "finding.other"
    values: dict[str, Value] = {
        "severity": Word(f"severity.{finding.severity.value}"),
        "code": Name(finding.code),
        "path": Name(finding.path),
        "words": Reasons((Message.of(known, message=Name(finding.message)),)),
    }
    kind = "finding.line"
    if finding.money is not None and finding.money.is_finite():
        kind = "finding.line-with-money"
        values["money"] = Amount(Fraction(finding.money), currency)
    steps: tuple[Step, ...] = ()
    if finding.severity in _STOPS:
        advice = f"todo.{finding.code}" if f"todo.{finding.code}" in MESSAGES else "todo.other"
        steps = (Step(Message.of(advice)),)
    return Step(Message.of(kind, **values), steps=steps)
