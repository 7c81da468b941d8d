"""The week of a tariff as timetables: one row for days that are alike, darker where it is dearer."""

from collections.abc import Sequence
from decimal import Decimal

from reportlab.lib.colors import Color

from clearing.documents.picture_labels import PictureWording
from clearing.documents.sketch import CONTENT, INK, LINE, MARGIN, SOFT, WHITE, Sketch, fitted, shade
from clearing.documents.typeface import BOLD, REGULAR, width
from tariffs.picture import Band, Situation, WeekTable
from tariffs.restrictions import DAY

_LABEL = 62.0
_ROW = 17.0
_HEAD = 27.0
_GAP = 13.0


def height(table: WeekTable) -> float:
    """Return how high a table is drawn, with the gap below it."""
    return _HEAD + _ROW * len(table.rows) + _GAP


def prices_of(tables: Sequence[WeekTable], dimension: str) -> tuple[Decimal, ...]:
    """Return all prices of a dimension but 0, from low to high."""
    rows = (row for table in tables if table.dimension == dimension for row in table.rows)
    return tuple(sorted({band.price for row in rows for band in row.bands if band.price}))


def draw_week(
    sketch: Sketch,
    y: float,
    table: WeekTable,
    say: PictureWording,
    currency: str,
    prices: Sequence[Decimal],
    *,
    hours: bool,
) -> None:
    """Draw one table with its heading from `y` down; `prices` are all of its dimension, from low to high."""
    heading = say(table.dimension, currency=currency)
    sketch.text(MARGIN, y + 8, heading, 8.5, bold=True)
    if not table.is_everywhere:
        left = MARGIN + width(heading, BOLD, 9) + 6
        told = _cases(table.situations, say, MARGIN + CONTENT - left)
        sketch.text(left, y + 8, told, 7.5, colour=SOFT)
    left, wide = MARGIN + _LABEL, CONTENT - _LABEL
    for hour in range(0, 25, 1 if hours else 24):
        x = left + wide * hour / 24
        sketch.line([(x, y + _HEAD - 4), (x, y + _HEAD)], colour=LINE, thick=0.4)
        if hour % 2 == 0:
            sketch.text(x, y + _HEAD - 6, str(hour), 6, anchor="middle", colour=SOFT)
    top = y + _HEAD
    for row in table.rows:
        days = say.days(row.days)
        size = next((size for size in (8, 7, 6) if width(days, REGULAR, size) <= _LABEL - 4), 5)
        sketch.text(MARGIN, top + 11, fitted(days, _LABEL - 4, size), size)
        for band in row.bands:
            x, across = left + wide * band.start / DAY, wide * (band.end - band.start) / DAY
            sketch.box(x, top, across, _ROW, _fill(band, prices), edge=LINE)
            _write_price(sketch, x, top, across, band, say)
        top += _ROW
    sketch.box(left, y + _HEAD, wide, _ROW * len(table.rows), None, edge=INK)


def _fill(band: Band, prices: Sequence[Decimal]) -> Color:
    """White where it is free, else a grey by the rank of the price: shades tell dearer, figures tell how much."""
    if band.price is None or not band.price:
        return WHITE
    return shade(20 + 80 * (prices.index(band.price) + 1) // len(prices))


def _write_price(sketch: Sketch, x: float, top: float, across: float, band: Band, say: PictureWording) -> None:
    words = "–" if band.price is None else say.price(band.price)
    for size in (8, 7, 6, 5):
        if width(words, REGULAR, size) <= across - 2:
            sketch.text(x + across / 2, top + _ROW / 2 + size * 0.36, words, size, anchor="middle")
            return


def _cases(situations: Sequence[Situation], say: PictureWording, room: float) -> str:
    """The situations of a table in words, as many as there is room for, and how many more there are."""
    told = [words for words in dict.fromkeys(_case(situation, say) for situation in situations) if words]
    for most in range(len(told), 0, -1):
        words, more = "; ".join(told[:most]), _more(len(told) - most, say)
        if most == 1 or width(words + more, REGULAR, 8) <= room:
            return fitted(words, room - width(more, REGULAR, 8), 8) + more
    return ""


def _more(left: int, say: PictureWording) -> str:
    return say("more-cases", count=str(left)) if left else ""


def _case(situation: Situation, say: PictureWording) -> str:
    words = []
    if situation.kw is not None:
        words.append(say("at-kw", value=say.number(situation.kw)))
    if situation.amperes is not None:
        words.append(say("at-amperes", value=say.number(situation.amperes)))
    if situation.kwh is not None:
        words.append(say("after-kwh", value=say.number(situation.kwh)) if situation.kwh else say("first-kwh"))
    if situation.seconds is not None:
        since = situation.seconds
        words.append(say("after-seconds", value=say.duration(since)) if since else say("first-second"))
    return ", ".join(words)
