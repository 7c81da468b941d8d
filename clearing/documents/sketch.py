"""One page of a drawing: text, boxes and lines, placed from the top left corner in points.

The same drawing becomes a page of a PDF and a part of an SVG. Lines are told apart by their dashes and boxes by
shades of grey, so that a print in black and white loses nothing.
"""

from collections.abc import Sequence
from typing import Literal

from reportlab.graphics.shapes import Circle, Drawing, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4

from clearing.documents.typeface import BOLD, REGULAR, plain, register, width

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 42.0
CONTENT = PAGE_WIDTH - 2 * MARGIN
INK, SOFT, LINE, WHITE = HexColor(0x1B2530), HexColor(0x4A5866), HexColor(0xB5BFC7), HexColor(0xFFFFFF)
Anchor = Literal["start", "middle", "end"]


class Sketch:
    """A page that is drawn on; `y` grows downwards."""

    def __init__(self) -> None:
        register()
        self.drawing = Drawing(PAGE_WIDTH, PAGE_HEIGHT)
        self.box(0, 0, PAGE_WIDTH, PAGE_HEIGHT, WHITE, edge=None)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 8,
        *,
        bold: bool = False,
        anchor: Anchor = "start",
        colour: Color = INK,
    ) -> None:
        """Write one line of text with its baseline at `y`."""
        font = BOLD if bold else REGULAR
        shape = String(x, PAGE_HEIGHT - y, plain(words), fontName=font, fontSize=size, textAnchor=anchor)
        shape.fillColor = colour
        self.drawing.add(shape)

    def box(
        self, x: float, y: float, wide: float, high: float, fill: Color | None, *, edge: Color | None = LINE
    ) -> None:
        """Draw a rectangle; without an edge or a fill where that is None."""
        shape = Rect(x, PAGE_HEIGHT - y - high, wide, high)
        shape.fillColor, shape.strokeColor, shape.strokeWidth = fill, edge, 0.4
        self.drawing.add(shape)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: Color = INK,
        thick: float = 0.6,
        dashes: Sequence[float] | None = None,
    ) -> None:
        """Draw a line through two or more points."""
        flat = [value for x, y in points for value in (x, PAGE_HEIGHT - y)]
        shape = PolyLine(flat)  # a Line would be closed in SVG, and its dashes doubled
        shape.strokeColor, shape.strokeWidth = colour, thick
        if dashes is not None:
            shape.strokeDashArray = list(dashes)
        self.drawing.add(shape)

    def dot(self, x: float, y: float, radius: float, fill: Color) -> None:
        """Draw a small circle."""
        shape = Circle(x, PAGE_HEIGHT - y, radius)
        shape.fillColor, shape.strokeColor, shape.strokeWidth = fill, INK, 0.6
        self.drawing.add(shape)


def shade(level: int) -> Color:
    """Return a grey for a level from 0 (white) to 100 (a grey on which black text can be read)."""
    part = 255 - level * 90 // 100
    return HexColor(part << 16 | part << 8 | part)


def fitted(words: str, room: float, size: int, *, bold: bool = False) -> str:
    """Return a text cut with "…" where it is wider than its room."""
    font = BOLD if bold else REGULAR
    line = plain(words)
    if width(line, font, size) <= room:
        return line
    while line and width(f"{line}…", font, size) > room:
        line = line[:-1]
    return f"{line}…"


def wrapped(words: str, room: float, size: int) -> list[str]:
    """Return a text in lines that fit a room, broken at spaces, else anywhere."""
    lines, line = [], ""
    for word in plain(words).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, REGULAR, size) <= room or not line:
            line = longer
        else:
            lines.append(line)
            line = word
    return [fitted(one, room, size) for one in (*lines, line)]
