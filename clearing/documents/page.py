"""The page: paper size, colours, text styles, and what stands around the content of every page.

First pages carry the address window of DIN 5008 (form A) with fold marks; later ones a running title. Every page has
the issuer's data, "page x of y", and, on drafts and control copies, what the paper is not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)
from reportlab.platypus.flowables import PageBreak

from clearing.documents.typeface import BOLD, REGULAR, plain, register
from clearing.documents.wording import Wording, is_gap
from clearing.parties import Company

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT = 20 * mm, PAGE_WIDTH - 15 * mm
WIDTH = RIGHT - LEFT
TOP, BOTTOM = PAGE_HEIGHT - 25 * mm, 31 * mm
HEIGHT = TOP - BOTTOM
FIRST_TOP = PAGE_HEIGHT - 79 * mm

INK, SOFT, ACCENT = HexColor(0x1B2530), HexColor(0x5B6B7A), HexColor(0x0B5563)
LINE, TINT, PALE, ALERT = HexColor(0xC9D3DA), HexColor(0xE8F1F2), HexColor(0xF5F8F9), HexColor(0xB3261E)
Align = Literal["left", "center", "right"]
_LONGEST = 800
_ALIGNMENTS: dict[Align, Literal[0, 1, 2]] = {"left": 0, "center": 1, "right": 2}
WATERMARK = HexColor(0xEFE3E2)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one document shows around its content; `mark` is "draft", "control-copy" or nothing."""

    wording: Wording
    title: str
    subject: str
    issuer: Company
    recipient: Company
    particulars: tuple[tuple[str, str], ...]
    """Label and value of the block beside the address window; a value that starts with a gap mark is shown as one."""
    mark: str = ""
    banner: str = ""


@cache
def style(size: int = 8, bold: bool = False, colour: Color = INK, align: Align = "left") -> ParagraphStyle:
    """Return a text style; long words are cut to fit, so no name runs out of its box."""
    register()
    return ParagraphStyle(
        f"{size}-{bold}-{colour}-{align}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 5 / 4,
        textColor=colour,
        alignment=_ALIGNMENTS[align],
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
    )


def text(words: str, look: ParagraphStyle | None = None) -> Paragraph:
    """Return a paragraph of `words` as they are: what looks like markup in a name is printed, never obeyed.

    A name of more than 800 characters, which no company has, ends in "…": no row may grow higher than a page.
    """
    line = plain(words)
    return Paragraph(escape(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"), look or style())


def prose(words: str, look: ParagraphStyle | None = None) -> Paragraph:
    """Return a paragraph of any length, which may flow over pages."""
    return Paragraph(escape(plain(words)), look or style())


def gap(words: str, size: int = 8) -> Paragraph:
    """Return a paragraph that shows what is missing."""
    return text(f"▲ {words}", style(size, bold=True, colour=ALERT))


def draw(sheet: Sheet, story: Callable[[], list[Flowable]], annex: Sequence[Callable[[int], Flowable]] = ()) -> bytes:
    """Return the PDF: the story on as many pages as it needs, then one page per item of `annex`.

    The story is laid out twice, first to count its pages, so that every page knows "page x of y". An annex page is
    told its own number.
    """
    register()
    first = _lay_out(sheet, story(), 0, BytesIO())
    pages = first + len(annex)
    flowables = story()
    if annex:
        flowables += [NextPageTemplate("annex"), PageBreak()]
        flowables += [page(first + number) for number, page in enumerate(annex, 1)]
    out = BytesIO()
    drawn = _lay_out(sheet, flowables, pages, out)
    if drawn != pages:
        raise AssertionError(f"{sheet.title}: {drawn} pages drawn, {pages} announced")
    return out.getvalue()


def _lay_out(sheet: Sheet, story: list[Flowable], pages: int, out: BytesIO) -> int:
    def frame(top: float) -> list[Frame]:
        return [Frame(LEFT, BOTTOM, WIDTH, top - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)]

    def first(canvas: Canvas, document: BaseDocTemplate) -> None:
        _draw_mark(canvas, sheet)
        _draw_letter_head(canvas, sheet)

    def later(canvas: Canvas, document: BaseDocTemplate) -> None:
        _draw_mark(canvas, sheet)
        _draw_running_title(canvas, sheet)

    def end(canvas: Canvas, document: BaseDocTemplate) -> None:
        _draw_footer(canvas, sheet, document.page, pages)

    document = BaseDocTemplate(
        out,
        pagesize=A4,
        pageTemplates=[
            PageTemplate("first", frame(FIRST_TOP), onPage=first, onPageEnd=end, autoNextPageTemplate="later"),
            PageTemplate("later", frame(TOP), onPage=later, onPageEnd=end),
            PageTemplate("annex", frame(TOP), onPage=later, onPageEnd=end),
        ],
        title=plain(sheet.title),
        author=plain(sheet.issuer.name),
        subject=plain(sheet.subject),
        creator="evclear",
        lang=sheet.wording.language,
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        initialFontSize=8,
    )
    document.build(story)
    return int(document.page)


def _draw_mark(canvas: Canvas, sheet: Sheet) -> None:
    """Write what the paper is not across the page and in a line on top."""
    if not sheet.mark:
        return
    word = sheet.wording(sheet.mark)
    canvas.saveState()
    canvas.setFillColor(WATERMARK)
    canvas.setFont(BOLD, 110 if len(word) < 10 else 60)
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -20, word)
    canvas.restoreState()
    canvas.setFillColor(ALERT)
    canvas.setFont(BOLD, 9)
    canvas.drawCentredString(PAGE_WIDTH / 2, PAGE_HEIGHT - 8 * mm, sheet.banner)


def _draw_footer(canvas: Canvas, sheet: Sheet, page: int, pages: int) -> None:
    """Draw what all pages share once, as a form that every page shows, and the page's number."""
    if page == 1:
        canvas.beginForm("footer")
        _draw_issuer(canvas, sheet)
        canvas.endForm()
    canvas.doForm("footer")
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(SOFT)
    canvas.drawRightString(RIGHT, 8 * mm, sheet.wording("page", page=str(page), pages=str(pages)))


def _draw_issuer(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, 27 * mm, RIGHT, 27 * mm)
    column = WIDTH / 3 - 3 * mm
    for number, lines in enumerate(_issuer_data(sheet)):
        look = style(6, colour=SOFT)
        put(canvas, [text(line, look) for line in lines], LEFT + number * WIDTH / 3, 26 * mm, column, 14 * mm)
    put(canvas, [text(sheet.title, style(7, colour=SOFT))], LEFT, 10.4 * mm, WIDTH * 3 / 4, 4 * mm)


def _issuer_data(sheet: Sheet) -> list[list[str]]:
    issuer, say = sheet.issuer, sheet.wording
    return [
        [issuer.name, *address(issuer)],
        [say("vat-id-missing") if is_gap(issuer.vat_id) else f"{say('vat-id')}: {issuer.vat_id}"],
        [f"{say('party-id')}: {', '.join(issuer.ids)}", *([] if is_gap(issuer.email) else [str(issuer.email)])],
    ]


def _draw_letter_head(canvas: Canvas, sheet: Sheet) -> None:
    """Draw sender, address window and particulars where DIN 5008 form A wants them."""
    issuer, top = sheet.issuer, PAGE_HEIGHT
    put(canvas, [text(issuer.name, style(13, bold=True, colour=ACCENT))], LEFT, top - 11 * mm, WIDTH, 11 * mm)
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.5)
    canvas.line(LEFT, top - 23 * mm, RIGHT, top - 23 * mm)
    sender = " · ".join([issuer.name, *address(issuer)])
    put(canvas, [text(sender, style(6, colour=SOFT))], LEFT, top - 32 * mm, 82 * mm, 11 * mm, bottom=True)
    recipient = [text(sheet.recipient.name, style(9, bold=True)), *_address_lines(sheet)]
    put(canvas, recipient, LEFT, top - 45 * mm, 82 * mm, 28 * mm)
    rows: list[Flowable] = [_particular(label, value) for label, value in sheet.particulars]
    put(canvas, rows, 118 * mm, top - 27 * mm, RIGHT - 118 * mm, 48 * mm)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    for y, length in ((87, 5), (148.5, 7), (192, 5)):
        canvas.line(3 * mm, top - y * mm, (3 + length) * mm, top - y * mm)


def _address_lines(sheet: Sheet) -> list[Paragraph]:
    return [
        gap(sheet.wording("fill-in"), 9) if is_gap(line) else text(line, style(9))
        for line in address(sheet.recipient, sheet.wording)
    ]


def _particular(label: str, value: str) -> Flowable:
    return text_pair(text(label, style(8, colour=SOFT)), text(value, style(8)), 31 * mm, RIGHT - 149 * mm)


def _draw_running_title(canvas: Canvas, sheet: Sheet) -> None:
    put(canvas, [text(sheet.title, style(9, bold=True, colour=ACCENT))], LEFT, PAGE_HEIGHT - 15 * mm, WIDTH / 2, 6 * mm)
    look = style(7, colour=SOFT, align="right")
    put(canvas, [text(sheet.subject, look)], LEFT + WIDTH / 2, PAGE_HEIGHT - 15 * mm, WIDTH / 2, 6 * mm)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, PAGE_HEIGHT - 22 * mm, RIGHT, PAGE_HEIGHT - 22 * mm)


def put(
    canvas: Canvas, content: Sequence[Flowable], x: float, top: float, width: float, height: float, bottom: bool = False
) -> None:
    """Draw flowables into a fixed box, from its top (or standing on its bottom); what is too large is made smaller."""
    box = KeepInFrame(width, height, list(content), mode="shrink")
    _, used = box.wrapOn(canvas, width, height)
    box.drawOn(canvas, x, top - (height if bottom else used))


def text_pair(label: Flowable, value: Flowable, label_width: float, value_width: float) -> Flowable:
    """Return a label with its value beside it."""
    return Table([[label, value]], colWidths=[label_width, value_width], style=TableStyle(_PAIR))


_PAIR: list[tuple[Any, ...]] = [
    ("FONT", (0, 0), (-1, -1), REGULAR, 8),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 0.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
]


def address(company: Company, wording: Wording | None = None) -> list[str]:
    """Return the address lines of a company; with a wording also its country, which ends an address abroad."""
    return [*company.address, *([wording.country(company.country)] if wording else [])]


def iban(company: Company) -> str | None:
    """Return a company's IBAN in groups of four, or nothing where it is missing."""
    if company.iban is None or is_gap(company.iban):
        return None
    bare = "".join(company.iban.split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))
