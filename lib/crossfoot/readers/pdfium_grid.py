"""The second reader of a PDF's tables: the page's own rules and characters, through pdfium.

It shares nothing with tabula but the file: other code reads the page, and other code forms the cells. Chosen
over pdfplumber, which is as exact but takes several times as long, and over camelot and PyMuPDF, which need
more or are not permissively licensed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..document import Cell, Grid
from .boxes import TOLERANCE, Box, place
from .glyphs import NUMERIC, Glyph, printed, rows
from .lattice import tables
from .rulings import Rulings

READER = "pdfium"
_TOUCHING = 0.2  # of the height: digits of one number stand no further apart


def grids(number: int, rulings: Rulings, page_glyphs: Sequence[Glyph]) -> tuple[Grid, ...]:
    """The ruled tables of a page, from top to bottom; `number` is the page's, 1-based.

    Every cell that rules enclose is given, printed in or not; a cell's text is what its characters print,
    lines apart by `\\n`. A character belongs to the smallest cell that its middle lies in, a number that
    overflows its cell whole to the cell that its own middle lies in.
    """
    found = [_Table(cells) for cells in tables(rulings)]
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


@dataclass(slots=True)
class _Shelf:
    """The cells whose upper edge is one and the same height, by where they begin."""

    top: float
    starts: list[float]
    cells: list[int]


class _Table:
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
        cells = tuple(
            Cell(printed(glyphs), *box, place(box))
            for box, glyphs in zip(self.cells, self.glyphs, strict=True)
        )
        return Grid(cells, number, TOLERANCE)


def _runs(page_glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """The glyphs, one by one, but the digits of one number together."""
    digits = [glyph for glyph in page_glyphs if glyph.char in NUMERIC]
    for row in rows(digits):
        run = [row[0]]
        for glyph in row[1:]:
            gap = glyph.left - run[-1].right
            if glyph.piece == run[-1].piece and gap <= _TOUCHING * (glyph.descent - glyph.ascent):
                run.append(glyph)
            else:
                yield run
                run = [glyph]
        yield run
    for glyph in page_glyphs:
        if glyph.char not in NUMERIC:
            yield [glyph]
