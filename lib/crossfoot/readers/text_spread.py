"""Tables in text whose merged cells were written out once for every column and row that they cover."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from ..document import Cell
from ..forms import FORMS, tables
from ..labels import best, key

_OVER = ("申请人情况", "法人或其他组织", "行政诉讼", "信息内容", "数据项目")
_OURS = 80.0
_LABEL = re.compile(r"[㐀-鿿].*[㐀-鿿]", re.DOTALL)


def is_spread(rows: Sequence[tuple[int, tuple[str, ...]]]) -> bool:
    """Whether merged cells were written out: rows of one length, and a heading beside its own repetition.

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
    rows = [row for form in FORMS for table in tables(form).values() for row in table.rows]
    columns = [column for form in FORMS for column in tables(form)["disclosure"].columns]
    return (
        *_OVER,
        *dict.fromkeys(text for column in columns for text in (column.label, *column.aliases)),
        *dict.fromkeys(text for row in rows for text in (row.group, row.label, *row.aliases) if text),
    )


@cache
def _columns() -> frozenset[str]:
    """The bare letters of every heading of a single column."""
    columns = [column for form in FORMS for table in tables(form).values() for column in table.columns]
    return frozenset(key(words) for column in columns for words in (column.label, *column.aliases))


def merged(rows: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[Cell, ...]:
    """The cells of such a table, each label that repeats beside or below itself as the one cell it was.

    Equal figures, or words under two columns of the form, are cells of their own, unless one label stands
    over just them: then they are one figure in a merged cell too.
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
    """Whether two places of a row are one merged cell written out."""
    if cells[left] != cells[right] or not cells[left]:
        return False
    parted = left in heads and right in heads and heads[left] is not heads[right]
    if parted and not _is_heading(cells[left]):
        return False
    return _is_label(cells[left]) or (left in over and over[left] is over.get(right))


def _is_label(text: str) -> bool:
    return _LABEL.search(text) is not None
