"""A tariff drawn: its prices over the week, what a charge costs while it goes on, and its elements in a list.

The same tariff gives the same bytes. A PDF has a page after the other and may hold several tariffs; an SVG has the
pages of one tariff below each other.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import count
from xml.sax.saxutils import escape

from reportlab.graphics import renderPDF
from reportlab.graphics.renderSVG import drawToString
from reportlab.graphics.shapes import Drawing, Group
from reportlab.pdfgen.canvas import Canvas

from clearing.documents.picture_labels import PictureWording
from clearing.documents.sketch import CONTENT, INK, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, SOFT, Sketch, fitted, wrapped
from clearing.documents.tariff_curves import draw_curves
from clearing.documents.tariff_week import draw_week, height, prices_of
from clearing.documents.typeface import BOLD, REGULAR, plain, register
from clearing.documents.wording import wording
from tariffs.picture import TariffPicture, WeekTable
from tariffs.tariff import Tariff, TariffElement, Taxes

_BOTTOM = PAGE_HEIGHT - 36
_MOST_TABLES = 24
_ELEMENT_ROW = 9.0
_FAMILIES = {
    REGULAR: "'DejaVu Sans Condensed', 'DejaVu Sans', 'Arial Narrow', Arial, sans-serif",
    BOLD: "'DejaVu Sans Condensed', 'DejaVu Sans', 'Arial Narrow', Arial, sans-serif; font-weight: bold",
}


def tariff_pdf(pictures: Sequence[TariffPicture], language: str) -> bytes:
    """Return a PDF of tariffs; `language` is German for `de`, else English."""
    register()
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # a name, whatever the stubs say
        lang=wording(language).language,
    )
    say = PictureWording(wording(language))
    titles = [_title(picture.tariff, say) for picture in pictures]
    canvas.setTitle(plain(", ".join(titles)))
    canvas.setCreator("evclear")
    for picture, title in zip(pictures, titles, strict=True):
        for number, sketch in enumerate(_pages(picture, say)):
            if not number:
                canvas.bookmarkPage(title)
                canvas.addOutlineEntry(plain(title), title, 0)
            renderPDF.draw(sketch.drawing, canvas, 0, 0)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def tariff_svg(picture: TariffPicture, language: str) -> bytes:
    """Return an SVG of a tariff, its pages below each other; letters are those of the reader's own fonts."""
    say = PictureWording(wording(language))
    pages = _pages(picture, say)
    whole = Drawing(PAGE_WIDTH, PAGE_HEIGHT * len(pages))
    for number, sketch in enumerate(pages, 1):
        group = Group(*sketch.drawing.contents)
        group.translate(0, PAGE_HEIGHT * (len(pages) - number))
        whole.add(group)
    text: str = drawToString(whole)
    for font, family in sorted(_FAMILIES.items(), reverse=True):
        text = text.replace(f"font-family: {font};", f"font-family: {family};")
    title = escape(plain(_title(picture.tariff, say)))
    text = text.replace("<title>...</title>", f"<title>{title}</title>", 1).replace("<desc>...</desc>", "", 1)
    return text.encode("utf-8")


def _title(tariff: Tariff, say: PictureWording) -> str:
    return say("title", id=tariff.id or say("no-id"))


def _pages(picture: TariffPicture, say: PictureWording) -> list[Sketch]:
    """The pages: as many as the week needs, then one for the charge and the elements."""
    sheets: list[list[WeekTable]] = [[]]
    y = room = _start_of_week()
    for table in picture.tables[:_MOST_TABLES]:
        if y + height(table) > _BOTTOM and sheets[-1]:
            sheets.append([])
            y = room
        sheets[-1].append(table)
        y += height(table)
    pages = len(sheets) + 1
    drawn = [_week_page(picture, tables, say, number, pages) for number, tables in zip(count(1), sheets, strict=False)]
    return [*drawn, _charge_page(picture, say, pages)]


def _start_of_week() -> float:
    return 132.0


def _week_page(
    picture: TariffPicture, tables: Sequence[WeekTable], say: PictureWording, number: int, pages: int
) -> Sketch:
    sketch = Sketch()
    y = _head(sketch, picture, say, say("week"), _about_week(picture, say), number, pages)
    for table in tables:
        prices = prices_of(picture.tables, table.dimension)
        draw_week(sketch, y, table, say, picture.tariff.currency, prices, hours=picture.looks_at_clock)
        y += height(table)
    if not picture.tables:
        sketch.text(MARGIN, y + 8, say("no-tables"), 8.5)
    notes = [say("shades"), *([say("dates")] if picture.has_dates else [])]
    notes += [say("reservations")] if picture.has_reservations else []
    left = len(picture.tables) - _MOST_TABLES
    notes += [say("more-tables", count=str(left))] if left > 0 else []
    for row, line in enumerate(wrapped("  ".join(notes), CONTENT - 60, 8)[:2]):
        sketch.text(MARGIN, _BOTTOM + 12 + row * 10, line, 7.5, colour=SOFT)
    return sketch


def _about_week(picture: TariffPicture, say: PictureWording) -> str:
    if picture.has_dates:
        return say("week-of", day=say.wording.day(picture.monday), zone=picture.time_zone)
    return say("week-any") if picture.looks_at_clock else say("week-always")


def _charge_page(picture: TariffPicture, say: PictureWording, pages: int) -> Sketch:
    sketch = Sketch()
    about = say(
        "charge-of",
        kwh=say.number(picture.battery_kwh),
        day=f"{say.days([picture.day.weekday()])} {say.wording.day(picture.day)}",
        zone=picture.time_zone,
    )
    y = _head(sketch, picture, say, say("charge"), about, pages, pages)
    y = draw_curves(sketch, y, picture, say)
    _list_elements(sketch, y + 12, picture.tariff.elements, say)
    return sketch


def _head(
    sketch: Sketch, picture: TariffPicture, say: PictureWording, heading: str, about: str, page: int, pages: int
) -> float:
    """Draw who, what money, since when and with which taxes; then what this page is about."""
    tariff = picture.tariff
    sketch.text(MARGIN, 48, fitted(_title(tariff, say), CONTENT, 15, bold=True), 15, bold=True)
    party = f"{tariff.country_code or ''}*{tariff.party_id or ''}".strip("*")
    facts = [
        *([say("party", party=party)] if party else []),
        say("currency", currency=tariff.currency),
        _validity(tariff, say),
        *([say("type", type=tariff.type)] if tariff.type else []),
    ]
    sketch.text(MARGIN, 63, fitted(" · ".join(facts), CONTENT, 8), 8)
    sketch.text(MARGIN, 75, fitted(_tax_note(picture, say), CONTENT, 8), 8)
    sketch.line([(MARGIN, 83), (MARGIN + CONTENT, 83)], thick=1)
    sketch.text(MARGIN, 101, heading, 11, bold=True)
    for number, line in enumerate(wrapped(about, CONTENT, 8)[:2]):
        sketch.text(MARGIN, 113 + number * 10, line, 7.5, colour=SOFT)
    words = say("page", page=str(page), pages=str(pages))
    sketch.text(MARGIN + CONTENT, _BOTTOM + 12, words, 7.5, anchor="end", colour=SOFT)
    return _start_of_week()


def _validity(tariff: Tariff, say: PictureWording) -> str:
    start = None if tariff.start is None else f"{say.wording.moment(tariff.start)} UTC"
    end = None if tariff.end is None else f"{say.wording.moment(tariff.end)} UTC"
    if start and end:
        return say("valid", from_=start, to=end)
    if start:
        return say("valid-from", from_=start)
    return say("valid-to", to=end) if end else say("valid-always")


def _tax_note(picture: TariffPicture, say: PictureWording) -> str:
    taxes = picture.tariff.taxes
    if taxes is Taxes.ADDED and not picture.vat_rates:
        return say("added-none")
    return say(taxes, rates=", ".join(say.wording.percent(rate) for rate in picture.vat_rates))


def _list_elements(sketch: Sketch, y: float, elements: Sequence[TariffElement], say: PictureWording) -> None:
    """List the elements in two columns, each in as many lines as it needs, as far as there is room."""
    sketch.text(MARGIN, y, say("elements"), 8.5, bold=True)
    top, column = y + 12, (CONTENT - 14) / 2
    x, at = MARGIN, top
    for number, element in enumerate(elements, 1):
        words = "; ".join(say.component(component) for component in element.components)
        limits = say.restrictions(element.restrictions)
        lines = wrapped(f"{words} | {limits}" if limits else words, column - 18, 7)
        if at + len(lines) * _ELEMENT_ROW > _BOTTOM - 2 and at > top:
            if x > MARGIN:
                left = say("more-elements", count=str(len(elements) - number + 1))
                sketch.text(x + 18, at, left, 7, colour=SOFT)
                return
            x, at = MARGIN + column + 14, top
        sketch.text(x + 12, at, str(number), 7, bold=True, anchor="end", colour=INK)
        for line in lines:
            sketch.text(x + 18, at, line, 7)
            at += _ELEMENT_ROW
