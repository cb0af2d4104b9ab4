"""Tables in text whose merged cells were written out once for every column and row that they cover."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..document import Cell

_LABEL = re.compile(r"[㐀-鿿].*[㐀-鿿]", re.DOTALL)


def is_spread(rows: Sequence[tuple[int, tuple[str, ...]]]) -> bool:
    """Whether merged cells were written out: rows of one length, and a label beside its own repetition.

    A row is its line number with its cells. Such a table has kept its columns.
    """
    even = len({len(cells) for _, cells in rows}) == 1
    return even and any(
        left == right and _is_label(left) for _, cells in rows for left, right in pairwise(cells)
    )


def merged(rows: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[Cell, ...]:
    """The cells of such a table, each label that repeats beside or below itself as the one cell it was.

    Equal figures are cells of their own, unless one label stands over just them: then they are one figure
    in a merged cell too.
    """
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    over: dict[int, Cell] = {}  # column → the lowest label above
    for row, (line, cells) in enumerate(rows):
        labels = []
        for column, text in enumerate(cells):
            if (row, column) in taken:
                continue
            right, last = column + 1, row
            while right < len(cells) and (row, right) not in taken and _same(cells, column, right, over):
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
    return tuple(found)


def _same(cells: tuple[str, ...], left: int, right: int, over: Mapping[int, Cell]) -> bool:
    """Whether two places of a row are one merged cell written out."""
    if cells[left] != cells[right] or not cells[left]:
        return False
    return _is_label(cells[left]) or (left in over and over[left] is over.get(right))


def _is_label(text: str) -> bool:
    return _LABEL.search(text) is not None
