"""What a month's documents and statements still lack in evclear.toml: drafts show it, posting refuses and names it."""

from collections.abc import Iterator

from clearing.invoicing.invoice import DocumentState, VatTreatment
from clearing.invoicing.tax import document_gaps
from clearing.parties import Gap, Terms
from clearing.settlement.outcome import MonthOutcome


def find_gaps(outcome: MonthOutcome, terms: Terms) -> tuple[Gap, ...]:
    """Return, by line, whatever a document or statement of the month lacks that this book would number."""
    return tuple(sorted(set(_gaps(outcome, terms)), key=lambda gap: (gap.line, gap.message)))


def _gaps(outcome: MonthOutcome, terms: Terms) -> Iterator[Gap]:
    for document in outcome.documents:
        if document.state is DocumentState.CONTROL_COPY:
            continue
        agreement = max(terms.agreements_of(document.cpo, document.emsp), key=lambda a: a.valid_from)
        treatments: list[VatTreatment | None] = [total.treatment for total in document.vat_totals]
        if document.vat_missing:
            treatments = [t for t in treatments if t is not None and t.category] + [None]
        payee = document.payee if document.settled_in is None else None
        yield from document_gaps(document.seller, document.buyer, payee, treatments, agreement)
    for statement in outcome.statements:
        if statement.state is not DocumentState.CONTROL_COPY and statement.payee is not None:
            payee = terms.company(statement.payee.ids[0]) or statement.payee
            if payee.iban is None:
                gap = next((g for g in payee.gaps if g.key == "iban"), None)
                message = f"iban of {payee.ids[0]} is missing; statement {statement.name} is paid there"
                yield gap or Gap(payee.line, message, "iban")
