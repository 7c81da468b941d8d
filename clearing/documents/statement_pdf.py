"""The settlement statement as PDF: what two companies owe each other, set off, and what is left to pay."""

from functools import partial

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from clearing.documents.figures import prove_statement
from clearing.documents.page import ACCENT, WIDTH, Sheet, address, draw, style, text
from clearing.documents.payment import boxed, payment_block
from clearing.documents.tables import Cell, band, caption, columns, figures, heading, name_in_band, space
from clearing.documents.wording import Wording, is_gap, wording
from clearing.invoicing.invoice import DocumentState
from clearing.parties import Company
from clearing.settlement.statement import Statement, StatementLine
from tariffs.money import Money


def statement_pdf(statement: Statement) -> bytes:
    """Return the PDF of a settlement statement."""
    prove_statement(statement)
    say = wording(statement.language)
    mark = "" if statement.state is DocumentState.POSTED else str(statement.state)
    payer = statement.payer or statement.second
    other = statement.second if payer is statement.first else statement.first
    sheet = Sheet(
        wording=say,
        title=f"{say('statement')} {statement.reference}",
        subject=_subject(statement, say),
        issuer=other,
        recipient=payer,
        particulars=(
            (say("reference"), statement.reference),
            (say("issue-date"), say.day(statement.issue_date)),
            (say("billing-month"), say.month(statement.month)),
            (say("due-date"), say.day(statement.due_date)),
        ),
        mark=mark,
        banner=say(f"{mark}-statement-banner") if mark else "",
    )
    return draw(sheet, partial(_story, statement, say))


def _subject(statement: Statement, say: Wording) -> str:
    return say(
        "statement-subject",
        month=say.month(statement.month),
        first=statement.first.ids[0],
        second=statement.second.ids[0],
        currency=statement.currency,
    )


def _story(statement: Statement, say: Wording) -> list[Flowable]:
    return [
        text(f"{say('statement')} {say.month(statement.month)}", style(16, bold=True, colour=ACCENT)),
        space(1),
        text(statement.reference, style(9)),
        space(6),
        _answer(statement, say),
        space(8),
        columns([_company(statement.first, say), _company(statement.second, say)]),
        space(8),
        _documents(statement, say),
        space(10),
        KeepTogether([_position(statement, say), space(5), text(say("statement-note"), style(7))]),
        space(8),
        KeepTogether([_payment(statement, say)]),
    ]


def _answer(statement: Statement, say: Wording) -> Flowable:
    strong, large = style(9, bold=True), style(15, bold=True)
    if statement.payer is None or statement.payee is None:
        return band([[text(say("nothing-to-pay"), large)]], [WIDTH])
    return band(
        [
            [caption(say("to-pay")), text(say.amount(statement.amount), large)],
            [caption(say("due-date")), text(say.day(statement.due_date), strong)],
            [caption(say("payer")), name_in_band(statement.payer.name)],
            [caption(say("payee")), name_in_band(statement.payee.name)],
        ],
        [WIDTH * 31 // 100, WIDTH * 17 // 100, WIDTH * 26 // 100, WIDTH * 26 // 100],
    )


def _company(company: Company, say: Wording) -> list[Flowable]:
    vat_id = say("vat-id-none") if is_gap(company.vat_id) else f"{say('vat-id')}: {company.vat_id}"
    return [
        caption(f"{say('party-id')}: {', '.join(company.ids)}"),
        text(company.name, style(9, bold=True)),
        *(text(line) for line in address(company, say)),
        text(vat_id),
    ]


def _documents(statement: Statement, say: Wording) -> Flowable:
    def row(line: StatementLine) -> list[Cell]:
        return [
            text(line.document),
            text(say(line.kind)),
            text(f"{line.debtor} → {line.creditor}"),
            say.day(line.due_date),
            say.money(line.owed),
        ]

    header = [say("document"), say("kind"), say("owes"), say("due"), say("gross-in", currency=statement.currency)]
    widths = [44 * mm, 30 * mm, WIDTH - 120 * mm, 20 * mm, 26 * mm]
    return figures(header, [row(line) for line in statement.lines], widths, 3)


def _position(statement: Statement, say: Wording) -> Flowable:
    """Return the calculation: owed each way, opening, what is set off, what is carried on, and what is to pay."""
    first, second = statement.owed_to_first, statement.owed_to_second
    rows: list[tuple[str, Money]] = [
        (say("owed-to", company=statement.first.name), first),
        (say("owed-to", company=statement.second.name), second),
        (say("set-off"), min(first, second)),
        (say("opening"), statement.opening),
        (say("carry"), statement.carried_forward),
    ]
    total: list[Cell] = [text(say("to-pay"), style(9, bold=True)), say.amount(statement.amount)]
    header = [say("position"), statement.currency]
    larger = [("FONTSIZE", (1, -1), (-1, -1), 10)]
    cells: list[list[Cell]] = [[text(label), say.money(money)] for label, money in rows]
    return figures(header, cells, [WIDTH - 44 * mm, 44 * mm], 1, [total], larger)


def _payment(statement: Statement, say: Wording) -> Flowable:
    if statement.payer is None or statement.payee is None:
        return boxed([heading(say("payment")), text(say("nothing-to-pay"), style(9, bold=True))])
    due = say.day(statement.due_date)
    sentence = say(
        "pays",
        payer=statement.payer.name,
        amount=say.amount(statement.amount),
        payee=statement.payee.name,
        due=due,
    )
    posted = statement.state is DocumentState.POSTED
    return payment_block(
        say, statement.payee, statement.amount, due, statement.reference, notice=sentence, payable=posted
    )
