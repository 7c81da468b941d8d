"""One run of one month, the rooms in order: gather, judge, draft, keep, write. As often as you like.

A run ends in drafts: no number is drawn and nothing is posted (`clearing.posting` does that).
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from importlib import metadata
from pathlib import Path

from clearing import month_folder
from clearing.book_file import read_terms
from clearing.errors import Refused
from clearing.facts import gather
from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.parties import Gap, Terms
from clearing.reconciliation.charge import End
from clearing.reconciliation.month import judge_month
from clearing.settlement.gaps import find_gaps
from clearing.settlement.outcome import InputFile, MonthOutcome
from clearing.settlement.reporting import report
from clearing.store import BookStore, StoredRun
from clearing.store.codec import decode_outcome, encode_outcome

Progress = Callable[[str], None]
BOOK_FILE = "evclear.toml"


def quiet(message: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class MonthResult:
    """A month after a run or a posting. `exit_code` is 3 while findings wait for people, else 0 (contract, 1)."""

    outcome: MonthOutcome
    folder: Path
    open_findings: int
    remarks: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """What evclear.toml lacks before the month can be posted."""

    @property
    def exit_code(self) -> int:
        """What the command line ends with."""
        return 3 if self.open_findings else 0


def run_month(
    book: Path, month: str | BillingMonth, as_of: date | None = None, say: Progress = quiet, jobs: int = 1
) -> MonthResult:
    """Price, verify, reconcile and draft a month; repeat as often as you like. `jobs` processes price and draw.

    `as_of` is the day of the run and the issue date; default: last day of the month + the largest `waiting_days`.
    A posted month changes nothing. Raise Refused for an unusable evclear.toml, for another `as_of` of a posted month
    and for a month before the first; BookLocked while another run works in the book.
    """
    wanted = month if isinstance(month, BillingMonth) else BillingMonth.parse(month)
    terms = read_terms(book / BOOK_FILE)
    with BookStore.open(book) as store, store.lock():
        if wanted in store.posted_months():
            return posted_result(store, book, wanted, as_of, say)
        day = as_of or terms.default_as_of(wanted)
        outcome, remarks = draft(store, terms, wanted, day, say, jobs)
        store.save_terms(terms.content_hash, (book / BOOK_FILE).read_text(encoding="utf-8"))
        run = StoredRun(wanted, day, input_digest(store, terms), terms.content_hash, encode_outcome(outcome))
        store.save_run(run, outcome.findings)
        folder = month_folder.write(book, outcome, say, jobs)
        gaps = find_gaps(outcome, terms)
        return MonthResult(outcome, folder, count_open(outcome, outcome.decided), remarks, gaps)


def draft(
    store: BookStore, terms: Terms, month: BillingMonth, as_of: date, say: Progress, jobs: int = 1
) -> tuple[MonthOutcome, tuple[str, ...]]:
    """Judge a month and draft its documents; nothing is written."""
    facts = gather(store, terms, month, as_of, say, jobs)
    first = facts.calendar.open_month
    if first is not None and month < first:
        raise Refused(f"{month} lies before {first}, the first open month of this book; run {first}")
    remarks = []
    if first is not None and month > first:
        remarks.append(f"{first} is not posted yet: this is a preview of {month} without what will roll over")
    say("judging")
    judged = judge_month(facts.given)
    say("drafting")
    outcome = report(judged, terms, month, as_of)
    decided = sorted({f.id for f in outcome.findings} & set(facts.given.decisions))
    return replace(
        outcome,
        inputs=tuple(
            InputFile(str(f.side), f.kind, f.path, f.sha256, f.size, f.records) for f in store.files()
        ),
        versions=versions(),
        decided=tuple(decided),
        emsp_delivered=facts.emsp_delivered,
        open_month=first,
    ), tuple(remarks)


def input_digest(store: BookStore, terms: Terms) -> str:
    """Return what a run depends on: records, decisions, posted months and evclear.toml."""
    return hashlib.sha256(f"{store.state_digest()} {terms.content_hash}".encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that a month's bytes depend on."""
    return {name: metadata.version(name) for name in ("evclear", "babel", "reportlab", "tzdata")}


def count_open(outcome: MonthOutcome, decided: Iterable[str]) -> int:
    """Return how many findings S and Q nobody has decided."""
    return len({f.id for f in outcome.findings if f.severity in ("S", "Q")} - set(decided))


def posted_result(
    store: BookStore, book: Path, month: BillingMonth, as_of: date | None, say: Progress
) -> MonthResult:
    """Return a posted month as it stands; its folder is drawn again where it is not whole."""
    run = store.load_run(month)
    assert run is not None, month
    if as_of is not None and as_of != run.as_of:
        raise Refused(f"{month} is posted as of {run.as_of}; it cannot be run as of {as_of}")
    outcome = decode_outcome(run.outcome)
    folder = month_folder.ensure(book, outcome, say)
    waiting = sum(pair.ends[End.WAITING].records for pair in outcome.pairs)
    went_on = f"{waiting} records went on to {month.next}" if waiting else "no record went on"
    remark = f"{month} was posted as of {run.as_of}; nothing changes, {went_on}"
    return MonthResult(outcome, folder, count_open(outcome, store.decisions()), (remark,))


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its status today and the records that it speaks of, as they were delivered."""

    finding: MonthFinding
    status: str
    records: tuple[tuple[str, bytes], ...]
    """Where each record was read, and its bytes; the CPO's first."""


def load_month(book: Path, month: BillingMonth) -> MonthOutcome:
    """Return a month as its last run left it; raise Refused for a month that was never run."""
    with BookStore.open(book) as store:
        run = store.load_run(month)
        if run is None:
            raise Refused(f"{month} was never run; first: evclear run {month}")
        return decode_outcome(run.outcome)


def load_findings(book: Path, month: BillingMonth) -> tuple[list[MonthFinding], dict[str, str]]:
    """Return a month's findings as its last run made them, and every decision up to today (finding id → verdict)."""
    with BookStore.open(book) as store:
        if not store.has_run(month):
            raise Refused(f"{month} was never run; first: evclear run {month}")
        return store.findings(month), {f: decision.verdict for f, decision in store.decisions().items()}


def show_finding(book: Path, finding_id: str) -> ShownFinding:
    """Return a finding with the delivered bytes of its records; raise Refused for an unknown id."""
    with BookStore.open(book) as store:
        found = store.find_finding(finding_id)
        if not found:
            raise Refused(f"no run knows a finding {finding_id}; evclear findings list MONTH shows the ids")
        finding = found[-1][1]
        decision = store.decisions().get(finding_id)
        status = "noted" if finding.severity not in ("S", "Q") else "open"
        if decision is not None:
            status = f"decided: {decision.verdict} by {decision.by}, {decision.reason}"
        places = [where for where in (finding.where, finding.where_other) if where is not None]
        ids = [record_id for record_id in (finding.cpo_cdr_id, finding.emsp_cdr_id) if record_id is not None]
        records = tuple((place, store.bytes_at(place, ids)) for place in places)
        return ShownFinding(finding, status, records)
