"""The payment block of a document or statement: to whom, to which account, how much, until when, for what."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from clearing.documents.page import ACCENT, INK, LINE, SOFT, WIDTH, gap, iban, style, text, text_pair
from clearing.documents.tables import heading
from clearing.documents.typeface import REGULAR
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
            ("FONT", (0, 0), (-1, -1), REGULAR, 8),
            ("BOX", (0, 0), (-1, -1), 0.8, LINE),
            ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ]
    )
    if not beside:
        return Table([[list(rows)]], colWidths=[WIDTH], style=frame)
    return Table([[list(rows), list(beside)]], colWidths=[WIDTH - 36 * mm, 36 * mm], style=frame)


def _row(label: str, value: Flowable) -> Flowable:
    return text_pair(text(label, style(8, colour=SOFT)), value, _LABEL, _VALUE)


def _qr_code(payee: Company, amount: Money, purpose: str) -> Flowable:
    """Return an EPC069-12 code, version 002, UTF-8: banking apps read payee, account, amount and reference from it."""
    lines = [
        "BCD", "002", "1", "SCT", "" if is_gap(payee.bic) else str(payee.bic), payee.name[:70],
        "".join(str(payee.iban).split()), f"EUR{amount}", "", "", purpose[:140],
    ]  # fmt: skip
    return _Code("\n".join(lines).encode("utf-8", "replace"))


class _Code(Flowable):
    """A QR code drawn as black runs, row by row."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.rows = _modules(content)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Take a square in the middle."""
        self.left = (available_width - _QR_SIDE) / 2
        return available_width, _QR_SIDE + 6

    def draw(self) -> None:
        """Draw each run of dark modules as one rectangle."""
        side = _QR_SIDE / len(self.rows)
        self.canv.setFillColor(INK)
        for number, row in enumerate(self.rows, 1):
            column = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    y = 6 + _QR_SIDE - number * side
                    self.canv.rect(self.left + column * side, y, length * side, side, stroke=0, fill=1)
                column += length


@lru_cache(maxsize=4)
def _modules(content: bytes) -> tuple[tuple[bool, ...], ...]:
    """Return the dark and light modules of a code; kept, as a story is laid out twice and this is its slowest part."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(content))
    code.make()
    return tuple(tuple(bool(module) for module in row) for row in code.modules)
