"""Text and Markdown: tables whose cells are set apart by tabs or pipes.

The document's text is the file's own, line ends as `\\n` (what Python's `read_text` returns); offsets
count in it. A form feed ends a line and a page; there are as many pages as form feeds, plus one. Lines
and cells bear no page. A row's cells stand at their index as column number, and a grid is ragged: text
keeps neither merged cells nor, after a page break, a row's leading cells. Only where merged cells are
written out once for every column and row that they cover do columns hold.

Lines of comma-separated values count as rows. Where nothing sets cells apart, as in text copied out of a
PDF, unruled/text_words.py reads the tables.

A blank line ends a grid, so a table in several blocks is several neighbouring grids in order; only rows
that each stand alone between blank lines are gathered. zhifu-2019's table of disputes is two grids: the
stray Markdown heading 行政复议, 行政诉讼, then the two header lines with the line of figures.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from ..document import Cell, Document, Grid, Line, Piece
from ..forms import FORMS
from ..forms import tables as form_tables
from ..labels import best, key
from ..numerals import prints_number
from .running_text import line_at
from .text_rows import TextRow, text_rows, text_tables
from .unruled import text_words

READER = "text"
_LINE_END = re.compile(r"[\n\f]")
_FIGURES = re.compile(r"[-+－＋−]?\d+")
_CHINESE = re.compile("[㐀-鿿]")
_OVER = ("申请人情况", "法人或其他组织", "行政诉讼", "信息内容", "数据项目")
_OURS = 80.0
_LABEL = re.compile(r"[㐀-鿿].*[㐀-鿿]", re.DOTALL)


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


def _placed(lines: tuple[Line, ...], printed: list[str], tables: list[list[TextRow]]) -> tuple[Line, ...]:
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


def _grid(table: list[TextRow]) -> Grid:
    rows = [(row.number, row.cells) for row in table if row.cells]
    width = max(len(cells) for _, cells in rows)
    # A label that nothing follows has lost its empty cells to an editor that strips ends of lines.
    rows = [(n, (*c, *[""] * (width - len(c))) if _only_labels(c) else c) for n, c in rows]
    if _is_spread(rows):
        return Grid(_merged(rows), None)
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


def _is_spread(rows: Sequence[tuple[int, tuple[str, ...]]]) -> bool:
    """Whether _merged cells were written out: rows of one length, and a heading beside its own repetition.

    A row is its line number with its cells. Such a table has kept its columns. The heading is one of the
    forms': any other word, such as 不涉及, may well stand in two cells.
    """
    even = len({len(cells) for _, cells in rows}) == 1
    return even and any(
        left == right and _is_heading(left) for _, cells in rows for left, right in pairwise(cells)
    )


def _is_heading(text: str) -> bool:
    return _is_label(text) and best(text, (_headings(),))[0] >= _OURS


@cache
def _headings() -> tuple[str, ...]:
    """What the forms print over several columns: headings, groups of rows, and the rows' own labels.

    In table 二 also a column's label, where the block has fewer columns than the table.
    """
    rows = [row for form in FORMS for table in form_tables(form).values() for row in table.rows]
    columns = [column for form in FORMS for column in form_tables(form)["disclosure"].columns]
    return (
        *_OVER,
        *dict.fromkeys(text for column in columns for text in (column.label, *column.aliases)),
        *dict.fromkeys(text for row in rows for text in (row.group, row.label, *row.aliases) if text),
    )


@cache
def _columns() -> frozenset[str]:
    """The bare letters of every heading of a single column."""
    columns = [column for form in FORMS for table in form_tables(form).values() for column in table.columns]
    return frozenset(key(words) for column in columns for words in (column.label, *column.aliases))


def _merged(rows: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[Cell, ...]:
    """The cells of such a table, each label that repeats beside or below itself as the one cell it was.

    Equal figures, or words under two columns of the form, are cells of their own, unless one label stands
    over just them: then they are one figure in a _merged cell too.
    """
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    over: dict[int, Cell] = {}  # column → the lowest label above
    heads: dict[int, Cell] = {}  # column → the heading of a column of the form above
    for row, (line, cells) in enumerate(rows):
        labels = []
        for column, text in enumerate(cells):
            if (row, column) in taken:
                continue
            right, last = column + 1, row
            while (
                right < len(cells) and (row, right) not in taken and _same(cells, column, right, over, heads)
            ):
                right += 1
            if _is_label(text):
                whole = (text,) * (right - column)
                while last + 1 < len(rows) and rows[last + 1][1][column:right] == whole:
                    last += 1
            taken |= {(y, x) for y in range(row, last + 1) for x in range(column, right)}
            top, bottom = float(line), float(rows[last][0] + 1)
            where = f"line {line + 1} column {column + 1}"
            found.append(Cell(text, float(column), top, float(right), bottom, where))
            if _is_label(text):
                labels.append(found[-1])
        over |= {column: cell for cell in labels for column in range(int(cell.x0), int(cell.x1))}
        own = [cell for cell in labels if key(cell.text) in _columns()]
        heads |= {column: cell for cell in own for column in range(int(cell.x0), int(cell.x1))}
    return tuple(found)


def _same(
    cells: tuple[str, ...], left: int, right: int, over: Mapping[int, Cell], heads: Mapping[int, Cell]
) -> bool:
    """Whether two places of a row are one _merged cell written out."""
    if cells[left] != cells[right] or not cells[left]:
        return False
    parted = left in heads and right in heads and heads[left] is not heads[right]
    if parted and not _is_heading(cells[left]):
        return False
    return _is_label(cells[left]) or (left in over and over[left] is over.get(right))


def _is_label(text: str) -> bool:
    return _LABEL.search(text) is not None
