"""What the pages of a PDF print, line by line, and what that says about them.

Lines are formed from the characters' places, from top to bottom, whatever order the file draws them in.
Page numbers in the margin (`- 3 -`, `第 3 页`) are left out; nothing else is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .. import forms
from ..document import Grid, Line, Piece
from ..numerals import prints_number
from .boxes import Box
from .glyphs import Glyph, line_text, rows

_TOUCHING = 0.2  # of the height: glyphs of one number stand no further apart
_MARGIN = 0.1  # of the page's height, above and below, where page numbers stand
_PAGE_NUMBER = re.compile(
    r"(?P<before>[-—–－―~·.\s]*第?\s*)(?P<number>\d{1,4})"
    r"(?P<after>\s*页?([/,，共\s]*\d{1,4}\s*页?)?[-—–－―~·.\s]*)"
)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's lines with their boxes, and counts of its characters.

    `unmapped` characters are those that the font does not name, `chinese` those of the CJK block.
    `worded` says that the page uses words of the statutory tables. `height` is the page's, in points.
    `pieces` are each line's parts that print figures, with offsets in the line.
    """

    number: int
    height: float
    lines: tuple[tuple[str, Box], ...]
    characters: int
    unmapped: int
    chinese: int
    worded: bool
    pieces: tuple[tuple[Piece, ...], ...] = ()


def page_text(number: int, height: float, page_glyphs: Sequence[Glyph]) -> PageText:
    """The page that the glyphs print; `number` is 1-based."""
    lines = rows(page_glyphs)
    printed = [(line_text(row), _around(row)) for row in lines]
    # A label on two lines is whole only in the order that the file draws it in.
    drawn = _letters("".join(glyph.char for glyph in page_glyphs))
    shown = _letters("".join(text for text, _ in printed))
    worded = any(word in drawn or word in shown for word in _form_words())
    return PageText(
        number,
        height,
        tuple(printed),
        len(page_glyphs),
        sum(glyph.unmapped for glyph in page_glyphs),
        sum("\u4e00" <= glyph.char <= "\u9fff" for glyph in page_glyphs),
        worded,
        tuple(_pieces(text, row) for (text, _), row in zip(printed, lines, strict=True)),
    )


def _pieces(text: str, row: Sequence[Glyph]) -> tuple[Piece, ...]:
    """The parts of a line that print figures: glyphs that touch, each with its place in `text`."""
    runs: list[list[tuple[int, Glyph]]] = []
    at = -1
    for glyph in row:
        at = text.index(glyph.char, at + 1)
        last = runs[-1][-1] if runs else None
        gap = _TOUCHING * (glyph.descent - glyph.ascent)
        if last is not None and last[0] == at - 1 and glyph.left - last[1].right <= gap:
            runs[-1].append((at, glyph))
        else:
            runs.append([(at, glyph)])
    return tuple(
        Piece(run[0][0], run[-1][0] + 1, *_around([glyph for _, glyph in run]))
        for run in runs
        if prints_number(text[run[0][0] : run[-1][0] + 1])
    )


def document_text(pages: Sequence[PageText], tables: Sequence[Grid]) -> tuple[str, tuple[Line, ...]]:
    """The document's text, one printed line a line, and the lines with their places.

    A number in the margin that stands in one of the `tables` is not a page number.
    """
    lines: list[Line] = []
    texts: list[str] = []
    start = 0
    for page in pages:
        areas = [_area(grid) for grid in tables if grid.page == page.number]
        for index, (text, box) in enumerate(page.lines):
            if is_page_number(text, box, page) and not any(_within(box, area) for area in areas):
                continue
            pieces = page.pieces[index] if page.pieces else ()
            moved = tuple(Piece(start + p.start, start + p.end, *p[2:]) for p in pieces)
            lines.append(Line(start, start + len(text), page.number, box, moved))
            texts.append(text)
            start += len(text) + 1
    return "\n".join(texts), tuple(lines)


def is_page_number(text: str, box: Box, page: PageText) -> bool:
    """Whether a line in the margin is the page's number and nothing else."""
    middle = (box[1] + box[3]) / 2
    if _MARGIN * page.height < middle < (1 - _MARGIN) * page.height:
        return False
    match = _PAGE_NUMBER.fullmatch(" ".join(text.split()))  # many blanks would be parted in many ways
    if match is None:
        return False
    dressed = match["before"].strip(" .·") or match["after"].strip(" .·")
    return bool(dressed) or int(match["number"]) == page.number


@cache
def _form_words() -> tuple[str, ...]:
    words: set[str] = set()
    for form in forms.FORMS:
        for table in forms.tables(form).values():
            for row in table.rows:
                words |= {row.label, row.group, *row.aliases}
            for column in table.columns:
                words |= {column.label, *column.aliases}
    return tuple(sorted(word for word in map(_letters, words) if len(word) >= 4))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _around(row: Sequence[Glyph]) -> Box:
    return (
        min(glyph.x0 for glyph in row),
        min(glyph.top for glyph in row),
        max(glyph.x1 for glyph in row),
        max(glyph.bottom for glyph in row),
    )


def _area(grid: Grid) -> Box:
    return (
        min(cell.x0 for cell in grid.cells),
        min(cell.top for cell in grid.cells),
        max(cell.x1 for cell in grid.cells),
        max(cell.bottom for cell in grid.cells),
    )


def _within(box: Box, area: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]
