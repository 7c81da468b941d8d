"""Set-off between companies: what the documents of a month make owing each way, and what is left to pay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from clearing.invoicing.invoice import DocumentState, Invoice
from clearing.parties import Company
from clearing.settlement.ledger import Entry, Posting
from clearing.settlement.statement import Statement, StatementLine
from tariffs.money import Money


def statements(documents: Iterable[Invoice]) -> list[Statement]:
    """Draft one statement per pair of companies and currency with a document that set-off pays (contract, 3.10)."""
    groups: defaultdict[str, list[Invoice]] = defaultdict(list)
    for document in documents:
        if document.settled_in is not None:
            groups[document.settled_in].append(document)
    return [_statement(groups[name]) for name in sorted(groups)]


def _statement(documents: Sequence[Invoice]) -> Statement:
    lead = documents[0]
    first, second = sorted((lead.seller, lead.buyer), key=lambda company: company.ids[0])
    nothing = Money.zero(lead.currency)
    owed_to_first = sum((_owed(d) for d in documents if d.payee == first), nothing)
    owed_to_second = sum((_owed(d) for d in documents if d.payee == second), nothing)
    net = owed_to_first - owed_to_second
    payer, payee = (second, first) if net.minor > 0 else (first, second)
    copies = [d for d in documents if d.state is DocumentState.CONTROL_COPY]
    return Statement(
        first=first,
        second=second,
        month=lead.month,
        currency=lead.currency,
        state=DocumentState.CONTROL_COPY if copies else lead.state,
        issue_date=max(d.issue_date for d in documents),
        lines=tuple(_line(d) for d in documents),
        opening=nothing,
        owed_to_first=owed_to_first,
        owed_to_second=owed_to_second,
        carried_forward=nothing,
        payer=payer if net else None,
        payee=payee if net else None,
        amount=net if net.minor > 0 else -net,
        due_date=max(d.due_date for d in documents),
        language=first.language if first.language == second.language else "en",
    )


def _owed(document: Invoice) -> Money:
    return -document.gross if document.kind.is_credit_note else document.gross


def _line(document: Invoice) -> StatementLine:
    name = f"{document.file_stem}.pdf"
    return StatementLine(
        document=document.number or name,
        file=name,
        kind=document.kind,
        creditor=document.payee.name,
        debtor=document.payer.name,
        owed=_owed(document),
        due_date=document.due_date,
    )


def postings(documents: Iterable[Invoice], netted: Iterable[Statement]) -> list[Posting]:
    """Return the ledger postings of posted documents and of the statements that set them off.

    What the CPO's company books as receivable, the e-MSP's books as payable; a statement moves both to the net
    position of the pair. Control copies make no posting (contract, section 3.8).
    """
    posted = [d for d in documents if d.state is DocumentState.POSTED]
    made = [_posting(d) for d in posted]
    for statement in netted:
        members = [d for d in posted if d.settled_in == statement.reference]
        if members:
            made.append(_set_off(statement, members))
    return made


def _legs(document: Invoice, sign: int, accounts: tuple[str, str]) -> tuple[Entry, Entry]:
    creditor, debtor = _key(document.payee), _key(document.payer)
    minor = sign * _owed(document).minor
    return Entry(creditor, debtor, accounts[0], minor), Entry(debtor, creditor, accounts[1], -minor)


def _posting(document: Invoice) -> Posting:
    assert document.number is not None, document.file_stem
    return Posting(document.number, document.currency, _legs(document, 1, ("receivable", "payable")))


def _set_off(statement: Statement, members: Sequence[Invoice]) -> Posting:
    entries: list[Entry] = []
    for document in members:
        entries += _legs(document, -1, ("receivable", "payable"))
        entries += _legs(document, 1, ("net-position", "net-position"))
    return Posting(statement.reference, statement.currency, tuple(entries))


def _key(company: Company) -> str:
    return company.ids[0]
