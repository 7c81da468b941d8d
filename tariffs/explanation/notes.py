"""What a person should know beside the price: every finding in words, and what to do where there is no price."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tariffs.explanation.catalogue import MESSAGES
from tariffs.explanation.values import Amount, Message, Name, Reasons, Step, Value, Word
from tariffs.findings import Finding

_DECIDED: Final = {
    "time-zone-unknown": "time-zone-by-place",
    "unknown-restriction": "unknown-restriction-is-absent",
    "restriction-unverifiable": "load-not-stated",
    "period-straddles-limit": "load-not-stated",
    "threshold-near-miss": "kwh-thresholds-are-literal",
    "period-spans-price-change": "price-at-the-start-of-the-period",
    "window-is-whole-day": "equal-times-are-the-whole-day",
    "weekday-and-window-over-midnight": "weekday-of-the-moment",
    "later-flat-not-charged": "first-flat-of-a-charge",
    "booking-element-not-priced": "bookings-are-not-priced",
    "reservation-outcome-assumed": "reservation-outcome-by-signs",
    "energy-fed-back": "negative-energy-stays",
    "limit-vat-scaled": "limit-scales-the-vat",
    "limits-of-several-tariffs": "limits-of-the-first-tariff",
}
"""Findings about what OCPI leaves open, with the decision that was taken."""

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
    if finding.severity.needs_people:
        advice = f"todo.{finding.code}" if f"todo.{finding.code}" in MESSAGES else "todo.other"
        steps = (Step(Message.of(advice)),)
    decisions = (_DECIDED[finding.code],) if finding.code in _DECIDED else ()
    if "tax_included" in finding.message and finding.code == "incomplete-record":
        decisions = ("tax-included-missing-is-no",)
    return Step(Message.of(kind, **values), decisions=decisions, steps=steps)
