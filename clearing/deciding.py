"""What a person decides on a finding, kept with who and why; the next run acts on it."""

from dataclasses import dataclass
from pathlib import Path

from clearing.errors import Refused
from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.store import BookStore, Decision

ACCEPT, REJECT = "accept", "reject"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: the finding, the month it stands in last, and the findings that it decides with it."""

    month: BillingMonth
    finding: MonthFinding
    along: tuple[MonthFinding, ...] = ()


def decide(book: Path, finding_id: str, verdict: str, reason: str, by: str, at: str = "") -> Decided:
    """Accept or reject what waits (contract, section 3.14); `at` is the instant of the decision as the caller states.

    Raise Refused for an unknown finding, one that cannot be accepted, or a decision without a reason. Accepting one
    of several contents under one id refuses the others.
    """
    if verdict not in (ACCEPT, REJECT):
        raise ValueError(f"{verdict!r} is no verdict; expected accept or reject")
    if not reason.strip():
        raise Refused("a decision needs its reason: --reason TEXT")
    with BookStore.open(book) as store, store.lock():
        month, finding = find(store, finding_id)
        if finding.severity not in ("S", "Q"):
            raise Refused(f"{finding_id} ({finding.code}, {finding.severity}) is a note; there is nothing to decide")
        if verdict == ACCEPT and finding.not_acceptable is not None:
            raise Refused(f"{finding_id} ({finding.code}) cannot be accepted: {finding.not_acceptable}")
        along = _siblings(store, month, finding) if verdict == ACCEPT else []
        store.decide(Decision(finding.id, verdict, reason, by, at))
        for other in along:
            store.decide(Decision(other.id, REJECT, f"{finding.id} was accepted instead: {reason}", by, at))
        return Decided(month, finding, tuple(along))


def find(store: BookStore, finding_id: str) -> tuple[BillingMonth, MonthFinding]:
    """Return a finding and the last month in which it stands; raise Refused for an id that no run knows."""
    found = store.find_finding(finding_id)
    if not found:
        raise Refused(f"no run knows a finding {finding_id}; evclear findings list MONTH shows the ids")
    return found[-1]


def _siblings(store: BookStore, month: BillingMonth, finding: MonthFinding) -> list[MonthFinding]:
    """Return the other contents of the id of a `conflicting-content`."""
    if finding.code != "conflicting-content":
        return []
    return [
        other
        for other in store.findings(month)
        if other.code == finding.code
        and other.id != finding.id
        and (other.cpo, other.cpo_cdr_id, other.emsp_cdr_id) == (finding.cpo, finding.cpo_cdr_id, finding.emsp_cdr_id)
    ]
