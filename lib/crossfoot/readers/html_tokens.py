"""The HTML reader `tokens`: the page as a stream of tags and text, without a tree or a parser library.

The second witness to every table of a page. It shares with the first what markup.py says and no more.
"""

from itertools import chain

from ..document import Cell, Grid
from .flow import OBJECT, one_line
from .html_content import Slot, Table
from .html_stream import page_content
from .markup import MOST_COLUMNS, is_cell

READER = "tokens"


def read(content: str) -> tuple[list[str], tuple[Grid, ...]]:
    """The visible lines of the page, and its tables with vertical places counted in those lines.

    Raises TooDeep. Nothing is fetched and nothing is run.
    """
    lines: list[str] = []
    grids: list[Grid] = []
    _print(page_content(content), lines, grids)
    return lines, tuple(grids)


def _print(content: list[str | Table], lines: list[str], grids: list[Grid]) -> None:
    """Adds what is in `content` to the lines, and its data tables to the grids."""
    words: list[str] = []
    for item in [*content, "\n"]:
        if isinstance(item, str):
            words.append(item)
            if "\n" not in item:
                continue
        printed = map(one_line, "".join(words).replace(OBJECT, "").split("\n"))
        lines.extend(filter(None, printed))
        words.clear()
        if not isinstance(item, str):
            _print(item.loose, lines, grids)
            if not (item.is_data and _print_table(item, lines, grids)):
                for slot in _in_order(item):
                    _print(slot.content, lines, grids)


def _in_order(table: Table) -> list[Slot]:
    return [slot for rows in _displayed(table) for row in rows for slot in row]


def _displayed(table: Table) -> list[list[list[Slot]]]:
    """The row groups as they appear: the first head at the top, the first foot at the bottom."""
    kinds = [kind for kind, _ in table.groups]
    head = [kinds.index("thead")] if "thead" in kinds else []
    foot = [kinds.index("tfoot")] if "tfoot" in kinds else []
    middle = [i for i in range(len(kinds)) if i not in head + foot]
    return [table.groups[i][1] for i in head + middle + foot]


def _print_table(table: Table, lines: list[str], grids: list[Grid]) -> bool:
    """Adds a line for each row, and the grid; false, and nothing added, where it is too wide to be one."""
    squares = _squares(table)
    if squares is None:
        return False
    name = f"table {len(grids) + 1}"
    tops: list[int] = []
    for row in chain.from_iterable(_displayed(table)):
        tops.append(len(lines))
        lines.append("\t".join(one_line(slot.text) for slot in row if is_cell(slot.text)))
        for slot in row:
            if not is_cell(slot.text):
                _print(slot.content, lines, grids)
    cells = (
        Cell(
            slot.text,
            float(left),
            float(tops[row]),
            float(left + slot.colspan),
            float(tops[last] + 1),
            f"{name} row {row + 1} column {left + 1}",
        )
        for slot, row, last, left in squares
        if is_cell(slot.text)
    )
    grids.append(Grid(tuple(cells), None))
    return True


def _squares(table: Table) -> list[tuple[Slot, int, int, int]] | None:
    """Each cell with its first row, last row and first column; None where the table is too wide."""
    squares = []
    number = 0
    for rows in _displayed(table):
        hanging: dict[int, int] = {}  # column → how many more rows of this group a cell above reaches into
        for index, row in enumerate(rows):
            taken = set(hanging)
            hanging = {column: left - 1 for column, left in hanging.items() if left > 1}
            column = 0
            for slot in row:
                while column in taken:
                    column += 1
                if column + slot.colspan > MOST_COLUMNS:
                    return None
                reach = min(slot.rowspan or len(rows), len(rows) - index)
                squares.append((slot, number, number + reach - 1, column))
                for spanned in range(column, column + slot.colspan) if reach > 1 else ():
                    hanging[spanned] = max(reach - 1, hanging.get(spanned, 0))
                column += slot.colspan
            number += 1
    return squares
