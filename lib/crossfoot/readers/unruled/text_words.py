"""Tables in text whose cells nothing sets apart.

Where spaces keep the columns they are read from the places of their words, else from the order of their
words, as text is copied out of a PDF.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain

from ...document import Cell, Grid
from . import word_order, word_places
from .words import APPLICANTS, CONTENT, Word, around, is_figure

_APART = re.compile(r"\S+(?: \S+)*")  # two spaces and more are a gap between columns
_LONGEST_LABEL = 60
_FEWEST = 14  # figures of table 三: by fewer, both ways of counting may seem right
_PAGE_NUMBER = re.compile(r"[-—–]+\s*\d{1,3}\s*[-—–]+|第\s*\d{1,3}\s*页.*")


def tables(printed: Sequence[str], grids: Sequence[Grid]) -> list[Grid]:
    """The statutory tables among the lines that stand in none of the `grids` already found."""
    found = _aligned(_loose(printed, grids))
    words = _words(_loose(printed, [*grids, *found]))
    return [*found, *map(_numbered, word_order.tables(words))]


def _loose(printed: Sequence[str], grids: Sequence[Grid]) -> Iterator[tuple[int, str]]:
    """The lines, with their numbers, that stand in none of the grids and are not a page number."""
    taken = [(min(c.top for c in g.cells), max(c.bottom for c in g.cells)) for g in grids]
    for number, line in enumerate(printed):
        inside = any(top < number + 0.5 < bottom for top, bottom in taken)
        if not (inside or _PAGE_NUMBER.fullmatch(line.strip())):
            yield number, line


def _aligned(lines: Iterable[tuple[int, str]]) -> list[Grid]:
    """The tables that spaces alone keep in columns, as `pdftotext -layout` leaves them.

    A Chinese letter is twice as wide as a figure in type of one width, but some converters count it as one.
    That way is right in which every figure of table 三 stands under just one column; where both are, and
    differ, or none is, the spaces tell nothing.
    """
    kept = list(lines)
    ways = [word_places.tables(1, _placed(kept, wide)).grids for wide in (2, 1)]
    sound = [grids for grids in ways if _is_sound(grids)]
    if len({tuple(cell.text for grid in grids for cell in grid.cells) for grids in sound}) != 1:
        return []
    return [Grid(tuple(map(_on_lines, grid.cells)), None) for grid in sound[0]]


def _placed(lines: Iterable[tuple[int, str]], wide: int) -> Iterator[Word]:
    """The words, apart by two spaces, a Chinese letter so many figures wide, lines two units high."""
    for number, line in lines:
        if "  " in line.strip() or (len(line) < _LONGEST_LABEL and "。" not in line):
            ends = list(accumulate(chain.from_iterable(_widths(s, wide) for s in line), initial=0.0))
            for match in _APART.finditer(line.replace("\u3000", "  ")):
                yield Word(match[0], ends[match.start()], 2.0 * number, ends[match.end()], 2.0 * number + 2)


def _is_sound(grids: Iterable[Grid]) -> bool:
    """Whether table 三 is among the grids, and each of its figures under one column."""
    for grid in grids:
        heads = [c for c in grid.cells if c.text in APPLICANTS]
        if heads:
            reaches = {(c.x0, c.x1) for c in heads}
            figures = [c for c in grid.cells if is_figure(c.text)]
            return len(figures) >= _FEWEST and all((c.x0, c.x1) in reaches for c in figures)
    return False


def _on_lines(cell: Cell) -> Cell:
    where = f"line {int((cell.top + cell.bottom) / 4) + 1}"
    return Cell(cell.text, cell.x0, cell.top / 2, cell.x1, cell.bottom / 2, where)


def _widths(sign: str, wide: int) -> tuple[float, ...]:
    """The width of a sign; of an ideographic space, which counts as two spaces, both halves."""
    if sign == "\u3000":
        return wide / 2, wide / 2
    return (float(wide if unicodedata.east_asian_width(sign) in "WF" else 1),)


def _words(lines: Iterable[tuple[int, str]]) -> Iterator[Word]:
    """The words of the lines; heights are line numbers, and rise within a line word by word."""
    for number, line in lines:
        words = line.split()
        for index, word in enumerate(words):
            top, bottom = number + index / len(words), number + (index + 1) / len(words)
            yield Word(word, float(index), top, float(index + 1), bottom)


def _numbered(table: word_order.RunTable) -> Grid:
    """The table as a grid whose columns are numbered; figures that tell no columns in one cell over all.

    Heights are the words' own: line numbers, with a fraction for the place in the line.
    """
    cells: list[Cell] = []
    width = len(table.columns)
    offset = 0 if table.kind == "disputes" else 1
    if table.head:
        _, top, _, bottom = around(table.head)
        first = table.rows[0]
        bottom = min(bottom, min(w.top for w in (first.label or first.figures)))
        heads = ([CONTENT] if table.kind == "disclosure" else [""] * offset) + list(table.columns)
        for index, text in enumerate(heads):
            cells.append(_cell(text, index, 1, top, bottom))
    for row in table.rows:
        _, top, _, bottom = around((*row.label, *row.figures))
        if offset:
            cells.append(_cell(row.text, 0, 1, top, bottom))
        if row.whole:
            cells += [_cell(w.text, offset + i, 1, top, bottom) for i, w in enumerate(row.figures)]
        else:
            cells.append(_cell(" ".join(w.text for w in row.figures), offset, width, top, bottom))
            cells += [_cell("", offset + i, 1, top, bottom) for i in range(width)]
    return Grid(tuple(cells), None)


def _cell(text: str, column: int, wide: int, top: float, bottom: float) -> Cell:
    where = f"line {int(top) + 1} column {column + 1}"
    return Cell(text, float(column), top, float(column + wide), bottom, where)
