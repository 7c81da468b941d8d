"""The payment block of a document or statement: to whom, to which account, how much, until when, for what."""

from collections.abc import Sequence
from functools import lru_cache

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.barcode.qrencoder import QR8bitByte
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from clearing.documents.page import ACCENT, LINE, SOFT, WIDTH, gap, iban, style, text, text_pair
from clearing.documents.tables import heading
from clearing.documents.wording import Wording, is_gap
from clearing.parties import Company
from tariffs.money import Money

_QR_SIDE = 28 * mm
_LABEL, _VALUE = 34 * mm, 100 * mm


def payment_block(
    say: Wording, payee: Company, amount: Money, due: str, purpose: str, notice: str = "", payable: bool = True
) -> Flowable:
    """Return the block; `amount` is what is paid, never negative. A QR code only where it can be paid as it stands."""
    rows: list[Flowable] = [heading(say("payment"))]
    if notice:
        rows.append(text(notice, style(8, bold=True)))
    account = iban(payee)
    rows += [
        _row(say("beneficiary"), text(payee.name)),
        _row(say("iban"), text(account, style(9, bold=True)) if account else gap(say("iban-missing"))),
        *([] if is_gap(payee.bic) else [_row(say("bic"), text(str(payee.bic)))]),
        _row(say("amount"), text(say.amount(amount), style(9, bold=True))),
        _row(say("due-date"), text(due, style(9, bold=True))),
        _row(say("purpose"), text(purpose)),
    ]
    code: list[Flowable] = []
    if payable and account and amount.currency == "EUR" and 0 < amount.minor < 100_000_000_000:
        code = [_qr_code(payee, amount, purpose), text(say("qr"), style(6, colour=SOFT, align="center"))]
    return boxed(rows, code)


def boxed(rows: Sequence[Flowable], beside: Sequence[Flowable] = ()) -> Flowable:
    """Return rows in a frame, something else to their right."""
    frame = TableStyle(
        [
            ("BOX", (0, 0), (-1, -1), 0.8, LINE),
            ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ]
    )
    width = 36 * mm
    return Table([[list(rows), list(beside) or ""]], colWidths=[WIDTH - width, width], style=frame)


def _row(label: str, value: Flowable) -> Flowable:
    return text_pair(text(label, style(8, colour=SOFT)), value, _LABEL, _VALUE)


def _qr_code(payee: Company, amount: Money, purpose: str) -> Drawing:
    """Return an EPC069-12 code, version 002, UTF-8: banking apps read payee, account, amount and reference from it."""
    lines = [
        "BCD", "002", "1", "SCT", "" if is_gap(payee.bic) else str(payee.bic), payee.name[:70],
        "".join(str(payee.iban).split()), f"EUR{amount}", "", "", purpose[:140],
    ]  # fmt: skip
    return _drawn("\n".join(lines).encode("utf-8", "replace"))


@lru_cache(maxsize=4)
def _drawn(content: bytes) -> Drawing:
    """Return the code as a drawing; kept, as a story is laid out twice and a code is the slowest part of it."""
    widget = QrCodeWidget("", barLevel="M", barBorder=0, barWidth=_QR_SIDE, barHeight=_QR_SIDE)
    widget.addData(QR8bitByte(content))
    drawing = Drawing(_QR_SIDE, _QR_SIDE + 6)
    drawing.hAlign = "CENTER"
    drawing.add(widget.draw())  # type: ignore[no-untyped-call]
    return drawing
