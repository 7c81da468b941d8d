"""Tables of the summary pages: one look for all, figures to the right, the header again on every page."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, KeepInFrame, LongTable, Spacer, Table, TableStyle

from clearing.documents.page import ACCENT, HEIGHT, INK, LINE, PALE, SOFT, TINT, WIDTH, style, text
from clearing.documents.typeface import BOLD, REGULAR

Cell = str | Flowable
Command = tuple[Any, ...]

_PADDING: list[Command] = [
    (f"{side}PADDING", (0, 0), (-1, -1), points)
    for side, points in (("LEFT", 4), ("RIGHT", 4), ("TOP", 2), ("BOTTOM", 3))
]


def figures(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    words: int,
    totals: Sequence[Sequence[Cell]] = (),
    more: Sequence[Command] = (),
) -> Flowable:
    """Return a table whose first `words` columns are words and whose others are figures; `totals` end it in bold.

    Cells of figures are plain texts drawn as they are; words come as paragraphs, which wrap.
    """
    looks = [style(7, bold=True, colour=ACCENT, align="left" if n < words else "right") for n in range(len(header))]
    head: list[Cell] = [text(title, look) for title, look in zip(header, looks, strict=True)]
    last = -len(totals)
    commands: list[Command] = [
        *_PADDING,
        ("FONT", (0, 0), (-1, -1), REGULAR, 8, 10),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (words, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, ACCENT),
        ("ROWBACKGROUNDS", (0, 1), (-1, last - 1), (None, PALE)),
        ("LINEBELOW", (0, -1), (-1, -1), 0.5, LINE),
    ]
    if totals:
        commands += [
            ("FONT", (0, last), (-1, -1), BOLD, 8, 10),
            ("LINEABOVE", (0, last), (-1, last), 0.8, ACCENT),
        ]
    data: list[list[Cell]] = [head, *(list(row) for row in rows), *(list(row) for row in totals)]
    kind = LongTable if len(data) > 40 else Table
    return kind(data, colWidths=list(widths), repeatRows=1, style=TableStyle([*commands, *more]))


def band(cells: Sequence[Sequence[Flowable]], widths: Sequence[float]) -> Flowable:
    """Return a tinted band of blocks side by side: what a reader must see first."""
    commands: list[Command] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
    ]
    return Table([[list(block) for block in cells]], colWidths=list(widths), style=TableStyle(commands))


def columns(blocks: Sequence[Sequence[Flowable]]) -> Flowable:
    """Return blocks side by side in equal columns, without a frame; one too high for a page is made smaller."""
    commands: list[Command] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    width = WIDTH / len(blocks)
    cells = [KeepInFrame(width - 8, HEIGHT // 2, list(block), mode="shrink") for block in blocks]
    return Table([cells], colWidths=[width] * len(blocks), style=TableStyle(commands))


def name_in_band(name: str) -> Flowable:
    """Return a company's name for the band: a long one in small letters, so that the band stays one."""
    return text(name, style(9 if len(name) <= 70 else 6, bold=True))


def heading(words: str) -> Flowable:
    """Return the heading of a section."""
    return text(words, style(9, bold=True, colour=ACCENT))


def caption(words: str) -> Flowable:
    """Return a small label above a value."""
    return text(words, style(7, colour=SOFT))


def space(points: int) -> Flowable:
    """Return empty room between two sections."""
    return Spacer(1, points)
