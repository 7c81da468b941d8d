"""Posting: the last run of a month becomes final. Numbers, documents, ledger and ends in one transaction.

A document whose number this book does not draw is a control copy: it counts in set-off, makes no ledger posting, and
gaps in its data never stop anything (contract, sections 3.7 and 3.8).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from clearing import month_folder
from clearing.book_file import read_terms
from clearing.documents.month_report import document_file
from clearing.errors import Refused
from clearing.facts import calendar_of
from clearing.invoicing.invoice import DocumentState, Invoice
from clearing.months import BillingMonth
from clearing.parties import Terms, file_name
from clearing.reconciliation.charge import End
from clearing.run import BOOK_FILE, MonthResult, Progress, count_open, input_digest, posted_result, quiet
from clearing.settlement.gaps import find_gaps
from clearing.settlement.netting import postings, statements
from clearing.settlement.outcome import MonthOutcome, PairReport
from clearing.store import BookStore, ChargeEnd, PostedDocument, PostingTransaction, StoredRun
from clearing.store.codec import decode_outcome, encode_document, encode_outcome


def post_month(book: Path, month: str | BillingMonth, say: Progress = quiet, jobs: int = 1) -> MonthResult:
    """Post exactly the last run of a month: draw the numbers, post, close the month. `jobs` processes draw papers.

    Raise Refused without a run, after a change, out of order, or with a gap, naming each; then nothing is drawn.
    A month that is posted already changes nothing.
    """
    wanted = month if isinstance(month, BillingMonth) else BillingMonth.parse(month)
    terms = read_terms(book / BOOK_FILE)
    with BookStore.open(book) as store, store.lock():
        if wanted in store.posted_months():
            return posted_result(store, book, wanted, None, say)
        run, drafted = _last_run(store, terms, wanted)
        _refuse_gaps(drafted, terms)
        with store.posting() as transaction:
            outcome = _with_numbers(drafted, transaction)
            _post(transaction, run, outcome)
        folder = month_folder.write(book, outcome, say, jobs)
        return MonthResult(outcome, folder, count_open(outcome, store.decisions()))


def _last_run(store: BookStore, terms: Terms, month: BillingMonth) -> tuple[StoredRun, MonthOutcome]:
    """Return the run to post and what it made, or say why it cannot be posted."""
    run = store.load_run(month)
    is_current = run is not None and run.input_digest == input_digest(store, terms)
    drafted = decode_outcome(run.outcome) if run is not None and is_current else None
    # As nothing changed since the run, neither did the month that is next; finding it anew takes every open record.
    first = (drafted.open_month if drafted is not None else None) or calendar_of(store, terms).open_month
    if first is not None and month != first:
        raise Refused(f"{month} is out of order: {first} is the next month to post")
    if run is None:
        raise Refused(f"{month} was never run; first: evclear run {month}")
    if drafted is None:
        raise Refused(
            f"records, decisions or evclear.toml changed since the last run of {month}; again: evclear run {month}"
        )
    return run, drafted


def _refuse_gaps(outcome: MonthOutcome, terms: Terms) -> None:
    gaps = find_gaps(outcome, terms)
    if gaps:
        lines = "\n".join(str(gap) for gap in gaps)
        raise Refused(f"{outcome.month} cannot be posted, no number was drawn; fill in and run again:\n{lines}")


def _with_numbers(drafted: MonthOutcome, transaction: PostingTransaction) -> MonthOutcome:
    """Draw the numbers in their order and make every draft final."""
    final: dict[str, Invoice] = {}
    for document in drafted.documents:
        if document.state is DocumentState.CONTROL_COPY:
            final[document.file_stem] = document
            continue
        year = document.issue_date.year
        kind = "G" if document.kind.is_self_billed else ""
        issuer = document.issuer
        n = transaction.draw_number(issuer.ids[0], kind, year)
        number = issuer.number_format.format(party=file_name(issuer.ids[0]), kind=kind, year=year, n=n)
        final[document.file_stem] = replace(document, number=number, state=DocumentState.POSTED)
    pairs = tuple(
        replace(pair, document=final[pair.document.file_stem]) if pair.document is not None else pair
        for pair in drafted.pairs
    )
    netted = statements(pair.document for pair in pairs if pair.document is not None)
    return replace(drafted, posted=True, pairs=pairs, statements=tuple(netted))


def _post(transaction: PostingTransaction, run: StoredRun, outcome: MonthOutcome) -> None:
    transaction.post(
        replace(run, outcome=encode_outcome(outcome), posted=True),
        outcome.findings,
        [_posted(d, outcome) for d in outcome.documents if d.state is DocumentState.POSTED],
        postings(outcome.documents, outcome.statements),
        list(_ends(outcome)),
    )


def _posted(document: Invoice, outcome: MonthOutcome) -> PostedDocument:
    assert document.number is not None, document.file_stem
    return PostedDocument(
        number=document.number,
        issuer=document.issuer.ids[0],
        kind=str(document.kind),
        month=document.month,
        cpo=document.cpo,
        emsp=document.emsp,
        currency=document.currency,
        net_minor=document.net.minor,
        vat_minor=document.vat.minor,
        gross_minor=document.gross.minor,
        issue_date=document.issue_date,
        due_date=document.due_date,
        file=document_file(outcome, document),
        value=encode_document(document),
    )


def _ends(outcome: MonthOutcome) -> Iterator[ChargeEnd]:
    """Yield how every record ended that never comes up again; what waits rolls into the next month."""
    for pair in outcome.pairs:
        yield from _ends_of(pair)
    for number, cpo_record in outcome.used.items():
        yield ChargeEnd(number, "used", partner=cpo_record)
    for number in outcome.closed:
        yield ChargeEnd(number, "closed")


def _ends_of(pair: PairReport) -> Iterator[ChargeEnd]:
    document = pair.document
    for row in pair.charges:
        if row.end is End.WAITING:
            continue
        billed = row.end is End.BILLED and document is not None
        yield ChargeEnd(
            record_number=row.number,
            end=str(row.end),
            billed=row.billed,
            document=(document.number or f"{document.file_stem}.pdf") if billed and document is not None else None,
            document_date=document.issue_date if billed and document is not None else None,
            partner=row.partner,
        )
