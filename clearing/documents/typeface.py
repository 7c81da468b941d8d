"""The one embedded font family of every page, and text made fit to be drawn with it.

Every document embeds what it uses of DejaVu Sans Condensed (Latin, Greek, Cyrillic, Armenian, Georgian …): a reader
needs no font of its own, and no page names a font that is not in the file. Its figures all have one width, so columns
of amounts line up.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
_FOLDER = Path(__file__).parent / "fonts"
_UNDRAWABLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control characters, lone surrogates, unassigned: they are shown as U+FFFD instead of breaking a file or vanishing."""
_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F}
"""Marks that turn the direction of text: a name must not reorder the figures beside it."""


@cache
def register() -> None:
    """Register the family with reportlab, once per process, and take streams as bytes: a fifth smaller than ASCII."""
    rl_config.useA85 = 0
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf"), asciiReadable=True))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return `text` as one line that can be drawn: white space single, what cannot be drawn visible as U+FFFD.

    >>> plain("Volt\\x00 &\\n Söhne")
    'Volt\ufffd & Söhne'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return "".join(_drawable(character) for character in " ".join(text.split()))


def _drawable(character: str) -> str:
    if unicodedata.category(character) in _UNDRAWABLE or ord(character) in _DIRECTION:
        return "\ufffd"
    return character


@lru_cache(maxsize=65536)
def width(text: str, font: str, size: int) -> float:
    """Return how wide a text is, in points; as reportlab counts it, which looks up each letter in Python."""
    return 0.001 * size * sum(map(_letters(font).__getitem__, text))


class _Letters(dict[str, float]):
    """The widths of a font's letters, each asked for once."""

    def __init__(self, font: TTFont) -> None:
        super().__init__()
        self._face = font.face

    def __missing__(self, letter: str) -> float:
        found: float = self._face.charWidths.get(ord(letter), self._face.defaultWidth)
        self[letter] = found
        return found


@cache
def _letters(font: str) -> _Letters:
    register()
    found = pdfmetrics.getFont(font)
    assert isinstance(found, TTFont), font
    return _Letters(found)


def broken(text: str, font: str, size: int, room: float, most: int = 40) -> tuple[str, ...]:
    """Cut a text into lines that fit `room`, losing no character (up to `most` lines, then a "…").

    After a space where a line has one in its second half, else anywhere: ids have none.

    >>> broken("DE*ABC*E0001", REGULAR, 7, 1000)
    ('DE*ABC*E0001',)
    """
    if width(text, font, size) <= room:
        return (text,)
    lines, start = [], 0
    for end in range(1, len(text) + 1):
        if end - start > 1 and width(text[start:end], font, size) > room:
            blank = text.rfind(" ", (start + end) // 2, end - 1)
            cut = blank + 1 if blank > 0 else end - 1
            lines.append(text[start:cut])
            start = cut
    lines.append(text[start:])
    return tuple(lines) if len(lines) <= most else (*lines[: most - 1], lines[most - 1][:-2] + "…")
