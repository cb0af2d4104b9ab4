"""The second reader of a PDF's tables: the page's own rules and characters, through pdfium.

It shares nothing with tabula but the file: other code reads the page, and other code forms the cells. Chosen
over pdfplumber, which is as exact but takes several times as long, and over camelot and PyMuPDF, which need
more or are not permissively licensed. Tables without rules are read by the places of their words.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from ..document import Cell, Grid
from .boxes import TOLERANCE, Box, place
from .glyphs import NUMERIC, TOUCHING, Glyph, line_text, rows
from .lattice import tables
from .rulings import Rulings
from .unruled import word_places
from .unruled.word_places import PageTables, Unfinished
from .unruled.words import Word

READER = "pdfium"
_GlyphLine = Sequence[Glyph]
_PADDING = 6.0  # points: word processors leave no more between a rule and the text, unless told to
_SAME_EDGE = 0.3  # points
_LEAST = 0.25  # of the type's height: so far short of its room a centred line of words may fall at each end
_SAME_SIZE = 0.15  # of the height: lines of one figure are of one type
_NEXT_LINE = 1.2  # of the height: the next line begins no further below
_GAP = 0.35  # of the type's size: a wider gap parts two words


@dataclass(slots=True)
class _Shelf:
    """The cells whose upper edge is one and the same height, by where they begin."""

    top: float
    starts: list[float]
    cells: list[int]


def ruled_tables(number: int, rulings: Rulings, page_glyphs: Sequence[Glyph]) -> tuple[Grid, ...]:
    """The ruled tables of a page, from top to bottom; `number` is the page's, 1-based.

    Every cell that rules enclose is given, printed in or not; a cell's text is what its characters print,
    lines apart by `\\n`, except within a figure that goes on because its line is full. A character belongs
    to the smallest cell that its middle lies in, a number that overflows its cell whole to the cell that its
    own middle lies in.
    """
    found = [_RuledTable(cells) for cells in tables(rulings)]
    smallest_first = sorted(found, key=lambda table: table.area)
    for run in _runs(page_glyphs):
        x = (run[0].x0 + run[-1].x1) / 2
        y = (run[0].top + run[0].bottom) / 2
        for table in smallest_first:
            cell = table.cell_at(x, y)
            if cell is not None:
                table.glyphs[cell].extend(run)
                break
    return tuple(table.grid(number) for table in found)


def unruled_tables(
    number: int, page_glyphs: Sequence[Glyph], areas: Sequence[Box], before: Unfinished | None
) -> PageTables:
    """The tables of a page, read from the places of the words outside of those areas (see word_places)."""
    kept = [w for w in _words(page_glyphs) if not any(a[1] <= w.middle <= a[3] for a in areas)]
    return word_places.tables(number, kept, before)


class _RuledTable:
    """The cells of one table, with the glyphs that fell into each."""

    def __init__(self, cells: list[Box]) -> None:
        self.cells = cells
        self.glyphs: list[list[Glyph]] = [[] for _ in cells]
        self.left, self.top = min(c[0] for c in cells), min(c[1] for c in cells)
        self.right, self.bottom = max(c[2] for c in cells), max(c[3] for c in cells)
        self.area = (self.right - self.left) * (self.bottom - self.top)
        shelves: dict[float, _Shelf] = {}
        for index, cell in enumerate(cells):  # cells come sorted by top, then left
            shelf = shelves.setdefault(cell[1], _Shelf(cell[1], [], []))
            shelf.starts.append(cell[0])
            shelf.cells.append(index)
        self._shelves = list(shelves.values())
        self._tops = [shelf.top for shelf in self._shelves]

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell that a point lies in."""
        if not (self.left <= x <= self.right and self.top <= y <= self.bottom):
            return None
        for shelf in reversed(self._shelves[: bisect_right(self._tops, y)]):
            position = bisect_right(shelf.starts, x) - 1
            if position >= 0:
                index = shelf.cells[position]
                if x <= self.cells[index][2] and y <= self.cells[index][3]:
                    return index
        return None

    def grid(self, number: int) -> Grid:
        """The table as the readers hand it on."""
        lines = [rows(glyphs) for glyphs in self.glyphs]
        wrapped = any(_figures_meet(*pair) for own in lines for pair in pairwise(own))
        padding = _padding(self.cells, lines) if wrapped else 0.0
        cells = tuple(
            Cell(_text(own, box[2] - box[0] - 2 * padding), *box, place(box))
            for box, own in zip(self.cells, lines, strict=True)
        )
        return Grid(cells, number, TOLERANCE)


def _text(lines: Sequence[_GlyphLine], room: float) -> str:
    """What the lines of a cell print; a line may be as wide as `room`."""
    text = "".join(line_text(line, in_cell=True) for line in lines[:1])
    for above, below in pairwise(lines):
        text += "" if _figures_meet(above, below) and _is_full(above, below, room) else "\n"
        text += line_text(below, in_cell=True)
    return text


def _figures_meet(above: _GlyphLine, below: _GlyphLine) -> bool:
    """Whether a line ends, and the next begins, as a figure does."""
    return above[-1].char in NUMERIC and below[0].char in NUMERIC


def _is_full(above: _GlyphLine, below: _GlyphLine, room: float) -> bool:
    """Whether a figure goes on in the next line since its next digit has no room in this one."""
    last, first = above[-1], below[0]
    tall = last.descent - last.ascent
    if abs(tall - (first.descent - first.ascent)) > _SAME_SIZE * tall:
        return False
    if first.ascent - last.descent > _NEXT_LINE * tall:
        return False
    width = last.right - above[0].left
    digits = list(takewhile(lambda glyph: glyph.char in NUMERIC, below))
    longer = digits[-1].right - first.left > width + _SAME_SIZE * tall
    return not longer and width + first.right - first.left > room


def _padding(boxes: Sequence[Box], lines: Sequence[Sequence[_GlyphLine]]) -> float:
    """What is kept free at either side of a cell of this table, as far as what it prints can tell.

    Words that begin at one edge in lines of several lengths show it. Otherwise the fullest line shows
    hardly less than it.
    """
    nearest, shown = _PADDING, float("inf")
    for (x0, _, x1, _), own in zip(boxes, lines, strict=True):
        edges = [(line[0].left - x0, x1 - line[-1].right) for line in own]
        nearest = min([nearest, *map(min, edges)])
        if len(own) > 1 and any(glyph.char > "\u2e80" for line in own for glyph in line):
            lefts, rights = zip(*edges, strict=True)
            tall = own[0][0].descent - own[0][0].ascent
            if max(lefts) - min(lefts) < _SAME_EDGE and max(rights) - min(rights) > tall:
                shown = min(shown, *lefts)
    if shown > nearest + _SAME_EDGE:
        sizes = sorted(glyph.descent - glyph.ascent for own in lines for line in own for glyph in line)
        nearest -= _LEAST * sizes[len(sizes) // 2]
    return max(nearest, 0.0)


def _runs(page_glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """The glyphs, one by one, but the digits of one number together."""
    digits = [glyph for glyph in page_glyphs if glyph.char in NUMERIC]
    for row in rows(digits):
        run = [row[0]]
        for glyph in row[1:]:
            gap = glyph.left - run[-1].right
            if glyph.piece == run[-1].piece and gap <= TOUCHING * (glyph.descent - glyph.ascent):
                run.append(glyph)
            else:
                yield run
                run = [glyph]
        yield run
    for glyph in page_glyphs:
        if glyph.char not in NUMERIC:
            yield [glyph]


def _words(found: Sequence[Glyph]) -> list[Word]:
    """What the glyphs print, parted where a gap is wider than between letters."""
    parted: list[Word] = []
    for row in rows(found):
        run = row[:1]
        for glyph in row[1:]:
            before = run[-1]
            if glyph.left - before.right > _GAP * min(_em(before), _em(glyph)):
                parted.append(_word(run))
                run = []
            run.append(glyph)
        parted.append(_word(run))
    return parted


def _em(glyph: Glyph) -> float:
    """The size of the type: a Chinese letter is as wide; other bodies are higher by their line's leading."""
    return glyph.right - glyph.left if glyph.char > "\u2e80" else 0.8 * (glyph.descent - glyph.ascent)


def _word(run: Sequence[Glyph]) -> Word:
    return Word(
        line_text(run, in_cell=True),
        run[0].left,
        min(glyph.ascent for glyph in run),
        run[-1].right,
        max(glyph.descent for glyph in run),
    )
