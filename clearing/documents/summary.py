"""The summary pages of a tax document: who owes whom how much, for what, under which VAT, and how it is paid."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from clearing.documents.figures import on_paper, sign, total
from clearing.documents.labels import VAT_CATEGORIES
from clearing.documents.page import ACCENT, WIDTH, address, gap, prose, style, text
from clearing.documents.payment import boxed, payment_block
from clearing.documents.tables import Cell, band, caption, columns, figures, heading, name_in_band, space
from clearing.documents.wording import Wording, decimal_places, is_gap
from clearing.invoicing.invoice import DocumentState, Invoice, InvoiceLine, VatTotal
from clearing.invoicing.tax import BUYERS_ID_PRINTED, SELLERS_ID_PRINTED
from clearing.parties import Company

_CORRECTIONS_SHOWN = 12


def summary(invoice: Invoice, say: Wording) -> list[Flowable]:
    """Return the content of the summary pages."""
    return [
        text(title(invoice, say), style(16, bold=True, colour=ACCENT)),
        space(1),
        text(subject(invoice, say), style(9)),
        space(6),
        _who_owes_whom(invoice, say),
        space(8),
        columns([_party(invoice, say, "seller"), _party(invoice, say, "buyer")]),
        space(8),
        _sites(invoice, say),
        space(8),
        KeepTogether([_vat(invoice, say), *_sentences(invoice, say)]),
        space(8),
        KeepTogether([_payment(invoice, say)]),
    ]


def title(invoice: Invoice, say: Wording) -> str:
    """Return the title with its number; a draft and a control copy have none."""
    return f"{say(invoice.kind)} {invoice.number or say(invoice.state)}"


def subject(invoice: Invoice, say: Wording) -> str:
    """Return what the document is about in one line."""
    return say("subject", month=say.month(invoice.month), cpo=invoice.cpo, emsp=invoice.emsp)


def particulars(invoice: Invoice, say: Wording) -> tuple[tuple[str, str], ...]:
    """Return the block beside the address window: number, dates, delivery period, and what the buyer wants printed."""
    references = invoice.references
    number = invoice.number or say(f"number-{invoice.state}")
    period = say("period", first=say.day(invoice.month.first_day), last=say.day(invoice.month.last_day))
    wanted = [
        (say(name), value)
        for name in ("purchase_order", "buyer_reference", "contract_number", "cost_centre")
        if (value := getattr(references, name))
    ]
    return (
        (say("number"), number),
        (say("issue-date"), say.day(invoice.issue_date)),
        (say("due-date"), say.day(invoice.due_date)),
        (say("billing-month"), say.month(invoice.month)),
        (say("delivery-period"), period),
        (say("time-zone"), invoice.time_zone),
        *((label, say("fill-in") if is_gap(value) else value) for label, value in wanted),
    )


def _who_owes_whom(invoice: Invoice, say: Wording) -> Flowable:
    headline = "amount-credited" if invoice.kind.is_credit_note else "amount-due"
    if invoice.settled_in:
        headline = "gross-total"
    amount = (
        gap(say("vat-missing"), 9)
        if invoice.vat_missing
        else text(say.amount(on_paper(invoice, invoice.gross)), style(15, bold=True))
    )
    return band(
        [
            [caption(say(headline)), amount, *([caption(say("settled-short"))] if invoice.settled_in else [])],
            [caption(say("due-date")), text(say.day(invoice.due_date), style(9, bold=True))],
            [caption(say("payer")), name_in_band(invoice.payer.name)],
            [caption(say("payee")), name_in_band(invoice.payee.name)],
        ],
        [WIDTH * 31 // 100, WIDTH * 17 // 100, WIDTH * 26 // 100, WIDTH * 26 // 100],
    )


def _party(invoice: Invoice, say: Wording, side: str) -> list[Flowable]:
    seller = side == "seller"
    company = invoice.seller if seller else invoice.buyer
    role = say(side) + (f", {say('issues')}" if company is invoice.issuer else "")
    categories = {part.treatment.category for part in invoice.vat_totals}
    party = f"{say('party-id')}: {invoice.cpo if seller else invoice.emsp}"
    return [
        caption(role),
        text(company.name, style(9, bold=True)),
        *(gap(say("fill-in")) if is_gap(line) else text(line) for line in address(company, say)),
        _vat_id(company, say, bool(categories & (SELLERS_ID_PRINTED if seller else BUYERS_ID_PRINTED))),
        text(party),
        *([] if is_gap(company.email) else [text(str(company.email))]),
    ]


def _vat_id(company: Company, say: Wording, required: bool) -> Flowable:
    if is_gap(company.vat_id):
        awaited = required or company.vat_id or any(written.key == "vat_id" for written in company.gaps)
        return gap(say("vat-id-missing")) if awaited else text(say("vat-id-none"))
    return text(f"{say('vat-id')}: {company.vat_id}")


def _sites(invoice: Invoice, say: Wording) -> Flowable:
    places = min(6, max([2, *(decimal_places(line.kwh) for line in invoice.lines)]))

    def row(line: InvoiceLine) -> list[Cell]:
        unknown = invoice.vat_missing and line.vat.category not in VAT_CATEGORIES
        percent = say("missing") if unknown else say.percent(line.vat.percent)
        net = say.money(on_paper(invoice, line.net))
        kwh = say.figure(sign(invoice) * line.kwh, places)
        return [text(line.site), text(line.place), str(line.charges), kwh, percent, net]

    sums: list[Cell] = [
        text(say("sum"), style(8, bold=True)),
        "",
        str(sum(line.charges for line in invoice.lines)),
        say.figure(total(sign(invoice) * line.kwh for line in invoice.lines), places),
        "",
        say.money(on_paper(invoice, invoice.net)),
    ]
    header = ["site", "place", "charges", "kwh", "vat-percent"]
    titles = [*(say(key) for key in header), say("net-in", currency=invoice.currency)]
    widths = [42 * mm, 48 * mm, 22 * mm, 24 * mm, 14 * mm]
    return figures(titles, [row(line) for line in invoice.lines], [*widths, WIDTH - sum(widths)], 2, [sums])


def _vat(invoice: Invoice, say: Wording) -> Flowable:
    def row(part: VatTotal) -> list[Cell]:
        net = say.money(on_paper(invoice, part.net))
        if invoice.vat_missing and part.treatment.category not in VAT_CATEGORIES:
            return [gap(say("vat-missing")), net, say("missing"), ""]
        return [text(say.vat(part.treatment)), net, say.money(on_paper(invoice, part.vat)), ""]

    rows = [row(part) for part in invoice.vat_totals]
    bold = style(8, bold=True)
    sums = [(say("net-total"), invoice.net), (say("vat-total"), invoice.vat), (say("gross-total"), invoice.gross)]
    totals: list[list[Cell]] = [
        [text(label, bold), "", "", say("missing") if unknown else say.amount(on_paper(invoice, money))]
        for (label, money), unknown in zip(sums, (False, invoice.vat_missing, invoice.vat_missing), strict=True)
    ]
    currency = invoice.currency
    header = [say("vat-category"), say("net-in", currency=currency), say("vat-in", currency=currency), ""]
    widths = [WIDTH - 106 * mm, 34 * mm, 34 * mm, 38 * mm]
    larger = [("FONTSIZE", (1, -1), (-1, -1), 10), ("LINEABOVE", (0, -1), (-1, -1), 0.8, ACCENT)]
    return figures(header, rows, widths, 1, totals, larger)


def _sentences(invoice: Invoice, say: Wording) -> list[Flowable]:
    """Return the sentences that the law or the reader needs: why this VAT, who issues it, what it corrects."""
    found: list[Flowable] = []
    treatments = dict.fromkeys(part.treatment.sentence for part in invoice.vat_totals)
    found += [prose(say.vat_sentence(key), style(8, bold=True)) for key in treatments if key]
    if invoice.kind.is_self_billed:
        found.append(prose(say("self-billing", buyer=invoice.buyer.name, seller=invoice.seller.name)))
    if invoice.kind.is_credit_note:
        found.append(text(say("credit-sense")))
    late = sum(charge.other_month for charge in invoice.annex)
    if late:
        found.append(text(say("late-charges", count=str(late))))
    found += _corrections(invoice, say)
    return [space(5), *found] if found else []


def _corrections(invoice: Invoice, say: Wording) -> list[Flowable]:
    corrected = list(dict.fromkeys(charge.corrects for charge in invoice.annex if charge.corrects))
    if not corrected:
        return []
    shown: list[Flowable] = [prose(f"{say('corrects')}: {'; '.join(corrected[:_CORRECTIONS_SHOWN])}")]
    if len(corrected) > _CORRECTIONS_SHOWN:
        shown.append(text(say("corrects-more", count=str(len(corrected) - _CORRECTIONS_SHOWN))))
    return shown


def _payment(invoice: Invoice, say: Wording) -> Flowable:
    if invoice.settled_in:
        sentence = say("settled", statement=invoice.settled_in)
        return boxed([heading(say("payment")), text(sentence, style(9, bold=True))])
    if invoice.vat_missing:
        return boxed([heading(say("payment")), gap(say("vat-missing"))])
    return payment_block(
        say,
        invoice.payee,
        on_paper(invoice, invoice.gross),
        say.day(invoice.due_date),
        invoice.number or say(f"number-{invoice.state}"),
        notice=say("payment-control-copy") if invoice.state is DocumentState.CONTROL_COPY else "",
        payable=invoice.state is DocumentState.POSTED and not invoice.kind.is_credit_note,
    )
