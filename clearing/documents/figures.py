"""The figures of a document: that they add up before it is drawn, and with which sign they are printed."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

from clearing.invoicing.invoice import Invoice
from clearing.settlement.statement import Statement
from tariffs.money import EXACT, Money


class DoesNotAddUp(ValueError):
    """The figures of a document contradict each other: it is not drawn."""


def total(values: Iterable[Decimal]) -> Decimal:
    """Add up without ever rounding on the way."""
    return reduce(EXACT.add, values, Decimal(0))


def sign(invoice: Invoice) -> int:
    """Return -1 for a credit note: negative as a value, it is printed positive under its title."""
    return -1 if invoice.kind.is_credit_note else 1


def on_paper(invoice: Invoice, money: Money) -> Money:
    """Return an amount with the sign it is printed with."""
    return -money if invoice.kind.is_credit_note else money


def prove(invoice: Invoice) -> None:
    """Refuse a document whose lines, annex, VAT and totals do not add up to the last digit."""
    net = invoice.net.decimal
    sums = {
        "the lines": (total(line.net.decimal for line in invoice.lines), net),
        "the annex": (EXACT.add(total(charge.net for charge in invoice.annex), invoice.remainder), net),
        "net and VAT": (EXACT.add(net, invoice.vat.decimal), invoice.gross.decimal),
    }
    if not invoice.vat_missing:
        sums["the net by VAT category"] = (total(part.net.decimal for part in invoice.vat_totals), net)
        sums["the VAT by category"] = (total(part.vat.decimal for part in invoice.vat_totals), invoice.vat.decimal)
    _compare(invoice.number or invoice.file_stem, sums)


def prove_statement(statement: Statement) -> None:
    """Refuse a statement whose documents do not add up to its sums each way, or those to what is to pay."""
    first, second = statement.first.name, statement.second.name
    sums = {
        f"documents owed to {name}": (
            total(line.owed.decimal for line in statement.lines if line.creditor == name),
            owed.decimal,
        )
        for name, owed in ((first, statement.owed_to_first), (second, statement.owed_to_second))
        if first != second
    }
    if not statement.opening and not statement.carried_forward:
        difference = statement.owed_to_first - statement.owed_to_second
        sums["what is to pay"] = (statement.amount.decimal, abs(difference.decimal))
    _compare(statement.reference, sums)


def _compare(document: str, sums: dict[str, tuple[Decimal, Decimal]]) -> None:
    for name, (found, expected) in sums.items():
        if found != expected:
            raise DoesNotAddUp(f"{document}: {name} add up to {found:f}, expected {expected:f}")
