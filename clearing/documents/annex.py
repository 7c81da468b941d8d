"""The annex: every charge of a document, drawn row by row, adding up to its net to the last digit.

A document may have 100,000 charges. Rows are therefore drawn straight onto the page; how high each row is, and so which
page it stands on, is known before anything is drawn. An id too long for its column goes on in the next line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

from reportlab.lib.rl_accel import fp_str
from reportlab.lib.units import mm
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Flowable

from clearing.documents.figures import on_paper, sign, total
from clearing.documents.page import ACCENT, HEIGHT, INK, PALE, SOFT, WIDTH
from clearing.documents.typeface import BOLD, REGULAR, broken, plain, width
from clearing.documents.wording import Wording, decimal_places
from clearing.invoicing.invoice import AnnexCharge, Invoice
from clearing.parties import Rounding
from tariffs.money import EXACT, minor_digits

SIZE, LEADING, GAP = 7, 9, 1
_HEAD = 20
_TITLE = 34
_FOOT = 4 * (LEADING + 2)
_NOTE_MARK = "↳"
_KEYS = ("no", "cdr", "evse", "site", "ended", "kwh", "net")
_LEFTS = (0, 9.5 * mm, 59 * mm, 88 * mm, 124 * mm)
_ROOMS = (9 * mm, 48.5 * mm, 28 * mm, 35 * mm, 24 * mm)
_RIGHTS = {"kwh": 157 * mm, "net": WIDTH}
_FIGURE_ROOM = {"kwh": 13 * mm, "net": 17 * mm}


@dataclass(frozen=True, slots=True)
class Row:
    """One charge, laid out: its lines per column of words, its figures, and notes below it."""

    words: tuple[tuple[str, ...], ...]
    kwh: str
    net: str
    notes: tuple[str, ...]

    @property
    def lines(self) -> int:
        """How many lines it needs."""
        return max(len(cell) for cell in self.words) + len(self.notes)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the annex: charges [start, end) and the sums before and after them."""

    start: int
    end: int
    before: Decimal
    after: Decimal


class Annex:
    """The annex of one document, cut into pages."""

    def __init__(self, invoice: Invoice, say: Wording) -> None:
        self.invoice = invoice
        self.say = say
        self.sign = sign(invoice)
        self.places = max([minor_digits(invoice.currency), *{decimal_places(c.net) for c in invoice.annex}])
        self.kwh_places = min(4, max([2, *{decimal_places(c.kwh) for c in invoice.annex}]))
        self.leaves = tuple(self._cut())

    @property
    def pages(self) -> list[Callable[[int], Flowable]]:
        """What draws each page, once told its number."""
        return [partial(_Page, self, number) for number in range(len(self.leaves))]

    def row(self, number: int) -> Row:
        """Return a charge as it is printed."""
        charge, say = self.invoice.annex[number], self.say
        words = (str(number + 1), charge.cdr_id, charge.evse, charge.site, say.moment(charge.ended_local))
        cells = tuple(broken(plain(word), REGULAR, SIZE, room) for word, room in zip(words, _ROOMS, strict=True))
        kwh = say.figure(self.sign * charge.kwh, self.kwh_places)
        return Row(cells, kwh, self.net(self.sign * charge.net), self._notes(charge))

    def net(self, value: Decimal) -> str:
        """Return a net amount with the decimals of the annex."""
        return self.say.figure(value, self.places)

    def _notes(self, charge: AnnexCharge) -> tuple[str, ...]:
        notes = []
        if charge.other_month:
            notes.append(self.say("delivered", day=self.say.day(charge.ended_local.date())))
        if charge.corrects:
            notes.append(self.say("gives-back", document=charge.corrects))
        line = plain(f"{_NOTE_MARK} {' · '.join(notes)}")
        return broken(line, REGULAR, SIZE, WIDTH - _LEFTS[1]) if notes else ()

    def _cut(self) -> Iterator[Leaf]:
        start, before, after = 0, Decimal(0), Decimal(0)
        left = HEIGHT - _TITLE - _HEAD - _FOOT
        for number, charge in enumerate(self.invoice.annex):
            height = self._lines(charge) * LEADING + GAP
            if height > left and number > start:
                yield Leaf(start, number, before, after)
                start, before, left = number, after, HEIGHT - _HEAD - LEADING - _FOOT
            left -= height
            after = EXACT.add(after, self.sign * charge.net)
        yield Leaf(start, len(self.invoice.annex), before, after)

    def _lines(self, charge: AnnexCharge) -> int:
        cells = zip((charge.cdr_id, charge.evse, charge.site), _ROOMS[1:], strict=False)
        most = max(len(broken(plain(word), REGULAR, SIZE, room)) for word, room in cells)
        return most + len(self._notes(charge))


class _Page(Flowable):
    """One page of the annex as a flowable that fills it."""

    def __init__(self, annex: Annex, index: int, page_number: int) -> None:
        super().__init__()
        self.annex, self.index, self.page_number = annex, index, page_number
        self.leaf = annex.leaves[index]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Take a whole page, whatever is left of this one: the next annex page then begins a new one."""
        return available_width, HEIGHT

    def draw(self) -> None:
        """Draw title, header, rows and the sums."""
        y = HEIGHT
        if self.index == 0:
            y = self._draw_title(y)
        y = self._draw_header(y)
        words = _Words(self.canv)
        words.setFont(REGULAR, SIZE)
        words.setFillColor(INK)
        if self.index:
            say = self.annex.say("carried-over", page=str(self.page_number - 1))
            y = self._sum_line(words, y, say, self.annex.net(self.leaf.before))
        for number in range(self.leaf.start, self.leaf.end):
            y = self._draw_row(words, y, number)
        self._draw_end(words, y - GAP)
        self.canv.drawText(words)

    def _draw_title(self, y: float) -> float:
        say, invoice = self.annex.say, self.annex.invoice
        self.canv.setFillColor(ACCENT)
        self.canv.setFont(BOLD, 11)
        self.canv.drawString(0, y - 11, say("annex"))
        self.canv.setFillColor(SOFT)
        self.canv.setFont(REGULAR, SIZE)
        self.canv.drawString(0, y - 23, plain(say("annex-note", zone=invoice.time_zone, currency=invoice.currency)))
        return y - _TITLE

    def _draw_header(self, y: float) -> float:
        say, canvas = self.annex.say, self.canv
        canvas.setFillColor(ACCENT)
        canvas.setFont(BOLD, SIZE)
        for key, left in zip(_KEYS, _LEFTS, strict=False):
            canvas.drawString(left, y - 10, say(key))
        canvas.drawRightString(_RIGHTS["kwh"], y - 10, say("kwh"))
        canvas.drawRightString(_RIGHTS["net"], y - 10, say("net-in", currency=self.annex.invoice.currency))
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(0.8)
        canvas.line(0, y - 14, WIDTH, y - 14)
        return y - _HEAD + 4

    def _draw_row(self, words: PDFTextObject, y: float, number: int) -> float:
        row = self.annex.row(number)
        height = row.lines * LEADING + GAP
        if number % 2:
            self.canv.setFillColor(PALE)
            self.canv.rect(0, y - height, WIDTH, height, stroke=0, fill=1)
        lines = max(len(cell) for cell in row.words)
        for line in range(lines):
            for left, cell in zip(_LEFTS, row.words, strict=True):
                if line < len(cell):
                    words.setTextOrigin(left, y - SIZE - line * LEADING)
                    words.textOut(cell[line])
            if line == 0:
                _figure(words, "kwh", y - SIZE, row.kwh)
                _figure(words, "net", y - SIZE, row.net)
        for line, note in enumerate(row.notes, lines):
            words.setTextOrigin(_LEFTS[1], y - SIZE - line * LEADING)
            words.textOut(note)
        return y - height

    def _draw_end(self, words: PDFTextObject, y: float) -> None:
        annex, say = self.annex, self.annex.say
        self.canv.setStrokeColor(ACCENT)
        self.canv.line(0, y, WIDTH, y)
        words.setFont(BOLD, SIZE)
        if self.leaf.end < len(annex.invoice.annex):
            self._sum_line(words, y - 2, say("carried-forward"), annex.net(self.leaf.after))
            return
        kwh = say.figure(total(annex.sign * charge.kwh for charge in annex.invoice.annex), annex.kwh_places)
        _figure(words, "kwh", y - 2 - SIZE, kwh, BOLD)
        y = self._sum_line(words, y - 2, say("annex-sum"), annex.net(self.leaf.after))
        if annex.invoice.rounding is Rounding.DOCUMENT_HALF_UP:
            y = self._sum_line(words, y, say("rounding"), annex.net(annex.sign * annex.invoice.remainder))
        self._sum_line(words, y, say("annex-net"), say.money(on_paper(annex.invoice, annex.invoice.net)))

    def _sum_line(self, words: PDFTextObject, y: float, label: str, figure: str) -> float:
        words.setTextOrigin(_LEFTS[1], y - SIZE)
        words.textOut(label)
        _figure(words, "net", y - SIZE, figure, BOLD)
        return y - LEADING - 1


class _Words(PDFTextObject):
    """The text of one page: the operators that reportlab would write, found with less work for the usual texts.

    An annex is most of what a month draws; what reportlab's own class does per text takes ten times as long.
    """

    _code: list[str]
    _curSubset: int

    def setTextOrigin(self, x: float, y: float) -> None:
        """Move to a place; columns and lines stand at the same ones on every page."""
        self._x, self._y = x, y
        self._code.append(f"1 0 0 1 {_number(x)} {_number(y)} Tm")

    def textOut(self, text: str) -> None:
        """Draw a text; where it ends is asked by nobody."""
        self._code.append(self._formatText(text))

    def _formatText(self, text: str) -> str:
        # The first subset of an embedded font holds ASCII at its own codes; where it is in use, nothing is to be told.
        if self._curSubset == 0 and text.isascii() and text.isprintable():
            return f"({text.translate(_ESCAPED)}) Tj"
        return str(super()._formatText(text))  # type: ignore[misc]  # the stubs know only what is public


_number = lru_cache(maxsize=4096)(fp_str)
_ESCAPED = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})


def _figure(words: PDFTextObject, column: str, y: float, figure: str, font: str = REGULAR) -> None:
    """Draw a figure to the right edge of its column; one too long for it in a smaller size, never cut."""
    needed = width(figure, font, SIZE)
    if needed <= _FIGURE_ROOM[column]:
        words.setTextOrigin(_RIGHTS[column] - needed, y)
        words.textOut(figure)
        return
    size = SIZE * _FIGURE_ROOM[column] / needed
    words.setFont(font, size)
    words.setTextOrigin(_RIGHTS[column] - _FIGURE_ROOM[column], y)
    words.textOut(figure)
    words.setFont(font, SIZE)
