"""The characters of a PDF page with their places, and the lines that they print.

pdfium (Apache-2.0, through pypdfium2) reads the page; places are points from the upper left corner of the
page as a viewer shows it, so turned pages and displaced crop boxes need no further thought.
"""

import ctypes
import math
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .boxes import Box
from .decoding import unified

Edges = tuple[np.ndarray, ...]  # x0, top, x1, bottom of many boxes
NUMERIC = frozenset("0123456789.,０１２３４５６７８９．，")  # what numbers are made of
TOUCHING = 0.2  # of the height: digits of one number stand no further apart
_SAME_LINE = 0.45  # of the smaller height: how far apart the middles of one line's characters may lie
_STACKED = 0.15  # of the height: characters whose middles are that near, one above the other, are two lines
_WORD_GAP = 0.5  # of the height: a wider gap is a space, printed or not
_SPACED = 0.1  # of the height: nor so far where a space is written between them
_BREAK = 1.5  # of the height: what parts two Chinese characters, which are often spread to fill a line
_QUARTER = math.pi / 2
_LEANING = 0.1  # radians: a page scanned askew leans less, a watermark more
_SMALL = 0.9  # of a figure's height: a note's mark has no more
_OFF = 0.2  # of a figure's ink: so far above its foot a note's mark ends
_FLAT = 0.3  # of the usual height: a body as low as that is the mere ink of a stroke
_OVERPRINT = 0.2  # of the height: the same character that near itself is a bold face made by printing twice
_ADDRESS = ctypes.c_void_p
_UNMAPPED = "\ufffd"  # what stands for a character that is printed but not named


class Glyph(NamedTuple):
    """One printed character: its ink (`x0`, `top`, `x1`, `bottom`) and its body.

    The body (`left`, `ascent`, `right`, `descent`) is what its font gives it around the ink; it is of one
    height all along a line.

    `spaced` says that white space stands before it, `piece`, for a figure, which text object of the page
    drew it (the object's address: equal or not, nothing more), `unmapped` that the font does not say which
    character it is.
    """

    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    left: float
    ascent: float
    right: float
    descent: float
    spaced: bool
    piece: int
    unmapped: bool

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the ink."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


class View(NamedTuple):
    """How a page is shown: its visible box in page space, and by how many quarter turns it is rotated."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of page space as (x0, top, x1, bottom) in points from the upper left corner shown."""
        if not self.turns and x0 <= x1 and y0 <= y1:  # nearly always
            return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
        a, b = self.point(x0, y0), self.point(x1, y1)
        return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])

    def boxes(self, x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray) -> Edges:
        """The same of many rectangles at once."""
        a, b = self.point(x0, y0), self.point(x1, y1)
        return (*np.minimum(a, b), *np.maximum(a, b))

    def point(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A point of page space as shown."""
        if not self.turns:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


def view(page: pdfium.PdfPage) -> View:
    """How a page is shown."""
    left, bottom, right, top = page.get_bbox()
    return View(left, bottom, right, top, page.get_rotation() // 90 % 4)


def glyphs(page: pdfium.PdfPage) -> list[Glyph]:
    """The page's characters in the order of its content stream, white space as a mark on what follows it."""
    shown = view(page)
    text_page = page.get_textpage()
    try:
        return _glyphs(address(text_page.raw), shown)
    finally:
        text_page.close()


def by_address(function: Any) -> Callable[..., Any]:
    """The function of `pypdfium2.raw`, taking and giving addresses (None for null) in place of pointers.

    pypdfium2 hands them pointers of their own types, each of which ctypes looks into at every call; plain
    addresses it passes on, which takes two thirds of the time of reading every character and path of a page.
    """
    kinds = [
        _ADDRESS if hasattr(kind, "contents") else kind for kind in (function.restype, *function.argtypes)
    ]
    # Keeping Python's lock: the calls are too short for another thread to profit.
    return ctypes.PYFUNCTYPE(*kinds)(address(function))


def address(pointer: Any) -> int:
    """The address that a function has, or that a pointer, such as a page's handle, holds; 0 for null."""
    return ctypes.cast(pointer, _ADDRESS).value or 0


def numbers(kind: Any, count: int) -> tuple[list[Any], list[int]]:
    """So many numbers of a ctypes type for pdfium to write (read their `value`), and their addresses."""
    found = [kind() for _ in range(count)]
    return found, [ctypes.addressof(number) for number in found]


_count = by_address(raw.FPDFText_CountChars)
_code = by_address(raw.FPDFText_GetUnicode)
_unmapped = by_address(raw.FPDFText_HasUnicodeMapError)
_is_generated = by_address(raw.FPDFText_IsGenerated)
_angle = by_address(raw.FPDFText_GetCharAngle)
_ink_box = by_address(raw.FPDFText_GetCharBox)
_body_box = by_address(raw.FPDFText_GetLooseCharBox)
_text_object = by_address(raw.FPDFText_GetTextObject)


def _glyphs(text_page: int | None, shown: View) -> list[Glyph]:
    count = _count(text_page)
    # pdfium writes each character's boxes into the next row; all are worked on at once behind it.
    inks, bodies = np.empty((count, 4)), np.empty((count, 4), np.float32)
    ink, body = inks.ctypes.data, bodies.ctypes.data
    chars: list[str] = []
    spaces: list[bool] = []
    pieces: list[int] = []
    spaced = False
    for index in range(count):
        char = _UNMAPPED if _unmapped(text_page, index) == 1 else _character(_code(text_page, index))
        if char.isspace() or not _ink_box(text_page, index, ink, ink + 8, ink + 16, ink + 24):
            spaced = spaced or not _is_generated(text_page, index)
            continue
        lean = _angle(text_page, index) % _QUARTER
        if _LEANING < lean < _QUARTER - _LEANING:  # a watermark, printed across the tables
            continue
        if char > "\x7f" and unicodedata.category(char) == "Cf":  # a soft hyphen, a joiner: nothing printed
            continue
        _body_box(text_page, index, body)
        chars.append(char)
        spaces.append(spaced)
        pieces.append((_text_object(text_page, index) or 0) if char in NUMERIC else 0)
        ink, body, spaced = ink + 32, body + 16, False
    left, right, bottom, top = inks[: len(chars)].T
    printed = shown.boxes(left, bottom, right, top)
    left, top, right, bottom = bodies[: len(chars)].T.astype(float)
    around = shown.boxes(left, bottom, right, top)
    edges = [edge.tolist() for edge in (*printed, *around)]
    unmapped = [char == _UNMAPPED for char in chars]
    found = list(map(Glyph._make, zip(chars, *edges, spaces, pieces, unmapped, strict=True)))
    return _sane(found, printed, around)


@cache
def _character(code: int) -> str:
    """The character of a code point, radicals as the ideographs that are meant."""
    if _nameless(code):
        return _UNMAPPED
    return unified(chr(code)) if 0x2E80 <= code <= 0x2FDF else chr(code)


def _sane(found: list[Glyph], ink: Edges, body: Edges) -> list[Glyph]:
    """The glyphs, with a body of the ink's own size where the font gives one that cannot be true.

    Fonts for vertical writing are known to claim bodies twenty times their size.
    """
    if not found:
        return found
    tall = body[3] - body[1]
    usual = float(np.sort(tall)[len(tall) // 2])
    odd = (tall > 4 * usual) | (tall < _FLAT * usual) | (tall < 0.6 * (ink[3] - ink[1]))
    for index in np.flatnonzero(odd).tolist():
        glyph = found[index]
        if _unbelievable(glyph, usual):
            found[index] = _with_own_body(glyph)
        elif glyph.descent - glyph.ascent < _FLAT * usual:
            found[index] = _raised(
                glyph, found[max(index - 1, 0)], found[min(index + 1, len(found) - 1)], usual
            )
    return found


def _unbelievable(glyph: Glyph, usual: float) -> bool:
    tall, ink = glyph.descent - glyph.ascent, max(glyph.x1 - glyph.x0, glyph.bottom - glyph.top)
    return (tall > 4 * usual and ink < 0.35 * tall) or tall < 0.6 * (glyph.bottom - glyph.top)


def _with_own_body(glyph: Glyph) -> Glyph:
    x, y = glyph.middle
    half = max(glyph.x1 - glyph.x0, glyph.bottom - glyph.top) / 2
    return glyph._replace(left=x - half, ascent=y - half, right=x + half, descent=y + half)


def _raised(glyph: Glyph, before: Glyph, after: Glyph, usual: float) -> Glyph:
    """A stroke (一, a dash) whose body is its own thin ink, with the height of a letter beside it."""
    _, y = glyph.middle
    for beside in (before, after):
        tall = beside.descent - beside.ascent
        if _FLAT * usual < tall < 4 * usual and beside.ascent < y < beside.descent:
            return glyph._replace(ascent=beside.ascent, descent=beside.descent)
    return glyph._replace(ascent=y - usual / 2, descent=y + usual / 2)


def _nameless(code: int) -> bool:
    """Whether a code point names no character: NUL, controls, surrogates, private use, replacement."""
    control = code < 32 and chr(code) not in "\t\n\r\f\v"
    return control or code == 0xFFFD or 0xD800 <= code <= 0xF8FF or code >= 0xF0000


def rows(page_glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The glyphs by printed line, lines from top to bottom, each from left to right.

    What is printed again over itself, as some do for a bold face, is given once.
    """
    found: list[list[Glyph]] = []
    taken: list[float] = []
    middle = height = 0.0
    for glyph in sorted(page_glyphs, key=lambda g: (g.ascent + g.descent, g.x0)):
        ascent, descent = glyph.ascent, glyph.descent
        here, tall = (ascent + descent) / 2, (descent - ascent if descent - ascent > 1.0 else 1.0)
        across = (glyph.left + glyph.right) / 2
        apart = abs(here - middle)
        least = height if height < tall else tall
        if apart < _SAME_LINE * least and not (
            apart > _OVERPRINT * least and _near(taken, across, _STACKED * least)
        ):
            row = found[-1]
            row.append(glyph)
            middle += (here - middle) / len(row)
            height = max(height, tall)
        else:
            found.append([glyph])
            taken = []
            middle, height = here, tall
        insort(taken, across)
    return [_once(sorted(row, key=lambda g: g.left + g.right)) for row in found]


def _once(row: list[Glyph]) -> list[Glyph]:
    kept = row[:1]
    for glyph in row[1:]:
        last, tall = kept[-1], glyph.descent - glyph.ascent
        if glyph.char != last.char or glyph.left - last.left > _OVERPRINT * tall:
            kept.append(glyph)
    return kept


def _near(values: list[float], value: float, reach: float) -> bool:
    first = bisect_left(values, value - reach)
    return first < len(values) and values[first] <= value + reach


def line_text(row: Sequence[Glyph], in_cell: bool = False) -> str:
    """The text of one printed line; a gap counts as a space, except the spread between Chinese characters.

    Between two digits `in_cell` a gap that is wider than within a number counts, and no other: whether a
    space is written there or not. A small raised figure behind a figure is the mark of a note and no digit of
    it: `12[1]`.
    """
    parts: list[str] = []
    figure: Glyph | None = None  # the full-sized one that a mark stands behind, while it is open
    for before, glyph in zip((None, *row), row, strict=False):
        if before is not None and glyph.char in NUMERIC and _is_raised(glyph, figure or before):
            if figure is None:
                figure = before
                parts.append("[")
            parts.append(glyph.char)
            continue
        if figure is not None:
            figure = None
            parts.append("]")
        if before is not None:
            gap = glyph.left - before.right
            tall = min(before.descent - before.ascent, glyph.descent - glyph.ascent)
            wide = _BREAK if _chinese(before.char) and _chinese(glyph.char) else _WORD_GAP
            if in_cell and before.char in NUMERIC and glyph.char in NUMERIC:
                if gap > (_SPACED if glyph.spaced else TOUCHING) * tall:
                    parts.append(" ")
            elif gap > wide * tall or (glyph.spaced and wide == _WORD_GAP):
                parts.append(" ")
        parts.append(glyph.char)
    return "".join(parts) + ("]" if figure is not None else "")


def _is_raised(glyph: Glyph, before: Glyph) -> bool:
    """Whether a figure is a note's mark behind another: smaller, and off its foot."""
    ink = before.bottom - before.top
    return (
        before.char.isdecimal()
        and glyph.char.isdecimal()
        and glyph.descent - glyph.ascent < _SMALL * (before.descent - before.ascent)
        and glyph.bottom < before.bottom - _OFF * ink
        and glyph.left - before.right < ink
    )


@cache
def _chinese(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"
