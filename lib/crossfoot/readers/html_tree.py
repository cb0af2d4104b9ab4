"""The HTML reader `lxml`: the page as a tree, its tables laid out the way browsers do."""

import re
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from ..document import Cell, Grid
from .flow import one_line, visible
from .html_repair import repair
from .markup import BLOCKS, LONGEST_CELL, MOST_COLUMNS, TooDeep

READER = "lxml"
_ENDS = re.compile(r"</(?:html|body)\b[^<>]*>", re.I)
_CELLS = ("td", "th")
_GROUPS = ("thead", "tbody", "tfoot")
Node = Any  # lxml.html.HtmlElement, which has no types


@dataclass(frozen=True, slots=True)
class _Laid:
    """A data table laid out: how many rows it has, and its cells with their places."""

    rows: int
    cells: list["_Placed"]


@dataclass(frozen=True, slots=True)
class _Placed:
    node: Node
    row: int
    column: int
    rows: int
    columns: int


def read(content: str) -> tuple[list[str], tuple[Grid, ...]]:
    """The visible lines of the page, and its tables with vertical places counted in those lines.

    Raises TooDeep. Nothing is fetched, no entity beyond HTML's own is expanded, no script runs.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    # A page pasted into a page ends twice; libxml2 stops at the first end, browsers at none.
    whole = _ENDS.sub("", content)
    try:
        root = lxml.html.document_fromstring(whole.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:  # nothing but comments and declarations
        return [], ()
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TooDeep
    repair(root)
    page = _Page(_data_tables(root))
    page.add(root)
    return page.lines, tuple(page.grids)


def _data_tables(root: Node) -> dict[Node, _Laid]:
    """The innermost tables that have columns: a row with several cells, several of the cells filled.

    A table around such a table is layout; one inside with a single column is part of the cell it is in.
    """
    found: dict[Node, _Laid] = {}
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
                found[table] = _Laid(len(rows), placed)
    return found


def _has_text(node: Node) -> bool:
    return any(visible(text) for text in node.itertext())


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
        if node.tag == "tr" or (node.tag in _CELLS and not open_row):
            rows.append(_Row(group, kind, []))
            open_row = True
        if node.tag in _CELLS:
            rows[-1].cells.append(node)
        if node is not table and node.tag in (*_CELLS, "table", "caption"):
            walker.skip_subtree()
    head = next((row.group for row in rows if row.kind == "thead"), None)
    foot = next((row.group for row in rows if row.kind == "tfoot"), None)
    return sorted(rows, key=lambda row: 0 if row.group == head else 2 if row.group == foot else 1)


def _placed(rows: list[_Row]) -> list[_Placed]:
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
            placed.append(_Placed(node, number, column, rows_down, columns))
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


class _Page:
    """The lines and tables of a page as they come up while it is walked."""

    def __init__(self, data: dict[Node, _Laid]) -> None:
        self.lines: list[str] = []
        self.grids: list[Grid] = []
        self._data = data
        self._words: list[str] = []

    def add(self, root: Node, without_cells: bool = False) -> None:
        """Adds what is visible under `root`: a line for each block, and each data table at its place."""
        preformatted = 0
        walker = lxml.etree.iterwalk(root, events=("start", "end"))
        for event, node in walker:
            if node.tag == "br" or node.tag in BLOCKS:
                self._end_line()
            if event == "end":
                preformatted -= node.tag == "pre"
                if node is not root:
                    self._say(node.tail, preformatted > 0)
            elif node is not root and node in self._data:
                self._add_table(node)
                walker.skip_subtree()
            elif node is not root and without_cells and node.tag in _CELLS:
                walker.skip_subtree()
            else:
                preformatted += node.tag == "pre"
                self._say(node.text, preformatted > 0)
        self._end_line()

    def _say(self, text: str | None, preformatted: bool) -> None:
        first, *rest = (text or "").split("\n") if preformatted else [text or ""]
        self._words.append(first)
        for line in rest:
            self._end_line()
            self._words.append(line)

    def _end_line(self) -> None:
        line = one_line("".join(self._words))
        self._words.clear()
        if line:
            self.lines.append(line)

    def _add_table(self, table: Node) -> None:
        self.add(table, without_cells=True)  # the caption, and text that stands in no cell
        laid = self._data[table]
        texts = {cell: _text(cell.node) for cell in laid.cells}
        rows: list[list[_Placed]] = [[] for _ in range(laid.rows)]
        for cell in laid.cells:
            rows[cell.row].append(cell)
        tops: list[int] = []
        for row in rows:
            tops.append(len(self.lines))
            short = [texts[cell] for cell in row if len(texts[cell]) <= LONGEST_CELL]
            self.lines.append("\t".join(map(one_line, short)))
            for cell in row:
                if len(texts[cell]) > LONGEST_CELL:
                    self.add(cell.node)
        name = f"table {len(self.grids) + 1}"
        cells = (
            Cell(
                texts[cell],
                float(cell.column),
                float(tops[cell.row]),
                float(cell.column + cell.columns),
                float(tops[cell.row + cell.rows - 1] + 1),
                f"{name} row {cell.row + 1} column {cell.column + 1}",
            )
            for cell in laid.cells
            if len(texts[cell]) <= LONGEST_CELL
        )
        self.grids.append(Grid(tuple(cells), None))


def _text(cell: Node) -> str:
    inside = _Page({})
    inside.add(cell)
    return "\n".join(inside.lines)
