"""Text and Markdown: tables whose cells are set apart by tabs or pipes.

The document's text is the file's own, line ends as `\\n` (what Python's `read_text` returns); offsets
count in it. A form feed ends a line and a page; there are as many pages as form feeds, plus one. Lines
and cells bear no page. A row's cells stand at their index as column number, and a grid is ragged: text
keeps neither merged cells nor, after a page break, a row's leading cells. Only where merged cells are
written out for every place they cover (text_spread.py) do columns hold.

Lines of comma-separated values count as rows. Where nothing sets cells apart, as in text copied out of a
PDF, unruled/text_words.py reads the tables.

A blank line ends a grid, so a table in several blocks is several neighbouring grids in order; only rows
that each stand alone between blank lines are gathered. zhifu-2019's table of disputes is two grids: the
stray Markdown heading 行政复议, 行政诉讼, then the two header lines with the line of figures.
"""

import re
from dataclasses import replace

from ..document import Cell, Document, Grid, Line, Piece
from ..numerals import prints_number
from .flow import line_at
from .text_rows import Row, text_rows
from .text_spread import is_spread, merged
from .text_tables import text_tables
from .unruled import text_words

READER = "text"
_LINE_END = re.compile(r"[\n\f]")
_FIGURES = re.compile(r"[-+－＋−]?\d+")
_CHINESE = re.compile("[㐀-鿿]")


def read(source: str, sha256: str, text: str) -> Document:
    """The text with its lines and, under the reader `text`, its tables in order."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _lines(text)
    printed = [text[line.start : line.end] for line in lines]
    tables = text_tables(text_rows(printed))
    lines = _placed(lines, printed, tables)
    found = [_grid(table) for table in tables]
    found += text_words.tables(printed, found)
    grids = tuple(sorted(found, key=lambda grid: grid.cells[0].top))
    return Document(source, sha256, text.count("\f") + 1, text, lines, {READER: grids})


def _lines(text: str) -> tuple[Line, ...]:
    lines, start = [], 0
    for number, match in enumerate(_LINE_END.finditer(text)):
        lines.append(line_at(number, start, match.start()))
        start = match.end()
    return (*lines, line_at(len(lines), start, len(text)))


def _placed(lines: tuple[Line, ...], printed: list[str], tables: list[list[Row]]) -> tuple[Line, ...]:
    """The lines with, of each that is a row of a table, the columns in which its parts stand."""
    rows = {row.number: row.cells for table in tables for row in table}
    return tuple(
        replace(line, pieces=_pieces(number, line.start, printed[number], rows[number]))
        if number in rows
        else line
        for number, line in enumerate(lines)
    )


def _pieces(number: int, start: int, text: str, cells: tuple[str, ...]) -> tuple[Piece, ...]:
    """The cells of a line that print figures, one that Markdown spells otherwise from its first figure on."""
    found, at = [], 0
    for column, cell in enumerate(cells):
        if not prints_number(cell):
            continue
        first = text.find(cell, at)
        last = first + len(cell) if first >= 0 else at
        for figures in _FIGURES.findall(cell) if first < 0 else ():
            here = text.find(figures, last)
            if here >= 0:
                first, last = here if first < 0 else first, here + len(figures)
        if first >= at:
            at = last
            place = (float(column), float(number), float(column + 1), float(number + 1))
            found.append(Piece(start + first, start + last, *place))
    return tuple(found)


def _grid(table: list[Row]) -> Grid:
    rows = [(row.number, row.cells) for row in table if row.cells]
    width = max(len(cells) for _, cells in rows)
    # A label that nothing follows has lost its empty cells to an editor that strips ends of lines.
    rows = [(n, (*c, *[""] * (width - len(c))) if _only_labels(c) else c) for n, c in rows]
    if is_spread(rows):
        return Grid(merged(rows), None)
    cells = (
        Cell(
            text,
            float(index),
            float(number),
            float(index + 1),
            float(number + 1),
            f"line {number + 1} column {index + 1}",
        )
        for number, row in rows
        for index, text in enumerate(row)
    )
    return Grid(tuple(cells), None, ragged=True)


def _only_labels(cells: tuple[str, ...]) -> bool:
    return bool(cells[-1]) and all(_CHINESE.search(cell) for cell in cells if cell)
