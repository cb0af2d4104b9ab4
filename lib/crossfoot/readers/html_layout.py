"""The data tables of an HTML tree, laid out the way browsers do."""

from dataclasses import dataclass
from typing import Any

import lxml.etree

from .flow import OBJECT, visible
from .markup import MOST_COLUMNS

CELLS = ("td", "th")
_GROUPS = ("thead", "tbody", "tfoot")
Node = Any  # lxml.html.HtmlElement, which has no types


@dataclass(frozen=True, slots=True)
class Laid:
    """A data table laid out: how many rows it has, and its cells with their places."""

    rows: int
    cells: list["Placed"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its first row and column, and how many of each it covers."""

    node: Node
    row: int
    column: int
    rows: int
    columns: int


def data_tables(root: Node) -> dict[Node, Laid]:
    """The innermost tables that have columns: a row with several cells, several of the cells filled.

    A table around such a table is layout; one inside with a single column is part of the cell it is in.
    """
    found: dict[Node, Laid] = {}
    holding: set[Node] = set()
    for table in reversed(list(root.iter("table"))):  # those inside come first
        if any(inner in holding for inner in table.iterdescendants("table")):
            holding.add(table)
            continue
        rows = _rows(table)
        filled = sum(_has_text(cell) for row in rows for cell in row.cells)
        if filled > 1 and any(len(row.cells) > 1 for row in rows):
            holding.add(table)
            placed = _placed(rows)
            if all(cell.column + cell.columns <= MOST_COLUMNS for cell in placed):
                found[table] = Laid(len(rows), placed)
    return found


def _has_text(node: Node) -> bool:
    return any(visible(text.replace(OBJECT, "")) for text in node.itertext())


@dataclass(frozen=True, slots=True)
class _Row:
    """One row's cells, and which row group it is in: a cell never reaches beyond its group."""

    group: int
    kind: str
    cells: list[Node]


def _rows(table: Node) -> list[_Row]:
    """The rows of the table, the first head before and the first foot after all others, as displayed."""
    rows: list[_Row] = []
    group, kind, open_row = 0, "", False
    walker = lxml.etree.iterwalk(table, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            if node.tag in _GROUPS:
                group, kind = group + 1, ""
            open_row = open_row and node.tag != "tr" and node.tag not in _GROUPS
            continue
        if node.tag in _GROUPS:
            group, kind, open_row = group + 1, node.tag, False
        if node.tag == "tr" or (node.tag in CELLS and not open_row):
            rows.append(_Row(group, kind, []))
            open_row = True
        if node.tag in CELLS:
            rows[-1].cells.append(node)
        if node is not table and node.tag in (*CELLS, "table", "caption"):
            walker.skip_subtree()
    head = next((row.group for row in rows if row.kind == "thead"), None)
    foot = next((row.group for row in rows if row.kind == "tfoot"), None)
    return sorted(rows, key=lambda row: 0 if row.group == head else 2 if row.group == foot else 1)


def _placed(rows: list[_Row]) -> list[Placed]:
    """The cells with their places: each in the first column of its row that no cell from above covers."""
    placed = []
    covered: list[int] = []  # for each column, the first row that is free again
    ends = {row.group: number + 1 for number, row in enumerate(rows)}
    for number, row in enumerate(rows):
        height = ends[row.group] - number
        column = 0
        for node in row.cells:
            while column < len(covered) and covered[column] > number:
                column += 1
            columns = max(1, _span(node.get("colspan"), 1))
            rows_down = _span(node.get("rowspan"), 1)
            rows_down = height if rows_down == 0 else min(rows_down, height)
            placed.append(Placed(node, number, column, rows_down, columns))
            covered.extend([0] * (column + columns - len(covered)))
            for spanned in range(column, column + columns):
                covered[spanned] = max(covered[spanned], number + rows_down)
            column += columns
            if column > MOST_COLUMNS:
                return placed
    return placed


def _span(value: str | None, otherwise: int) -> int:
    digits = ""
    for sign in (value or "").strip().removeprefix("+"):
        if sign not in "0123456789" or len(digits) > 5:
            break
        digits += sign
    return min(int(digits), 65534) if digits else otherwise
