"""The HTML reader `lxml`: the page as a tree, its lines, and its data tables laid out the way browsers do.

The tree is put right where libxml2 builds another one than browsers do, or holds what is not seen.
"""

import re
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from ..document import Cell, Grid
from .html_elements import (
    BLOCKS,
    MOST_COLUMNS,
    UNSEEN,
    TooDeep,
    has_own_line,
    is_cell,
    is_hidden,
    is_picture,
    is_set_off,
    is_struck,
    is_symbols,
    typed_text,
)
from .running_text import OBJECT, in_words, nameless, one_line, visible

READER = "lxml"
_ENDS = re.compile(r"</(?:html|body)\b[^<>]*>", re.I)
_CELLS = ("td", "th")
_GROUPS = ("thead", "tbody", "tfoot")
_Node = Any  # lxml.html.HtmlElement, which has no types
# The parts of a table, each of which holds those of a higher level only.
_LEVEL = {"thead": 0, "tbody": 0, "tfoot": 0, "tr": 1, "td": 2, "th": 2}


@dataclass(frozen=True, slots=True)
class _Laid:
    """A data table laid out: how many rows it has, and its cells with their places."""

    rows: int
    cells: list["_Placed"]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with its first row and column, and how many of each it covers."""

    node: _Node
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class _TreeRow:
    """One row's cells, and which row group it is in: a cell never reaches beyond its group."""

    group: int
    kind: str
    cells: list[_Node]


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
    _repair(root)
    page = _PageLines(_data_tables(root))
    page.add(root)
    return page.lines, tuple(page.grids)


class _PageLines:
    """The lines and tables of a page as they come up while it is walked."""

    def __init__(self, data: dict[_Node, _Laid], of_cell: bool = False) -> None:
        self._of_cell = of_cell
        self.lines: list[str] = []
        self.grids: list[Grid] = []
        self._data = data
        self._words: list[str] = []

    def add(self, root: _Node, without_cells: bool = False) -> None:
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
        words = "".join(self._words)
        line = one_line(words if self._of_cell else words.replace(OBJECT, ""))
        self._words.clear()
        if line:
            self.lines.append(line)

    def _add_table(self, table: _Node) -> None:
        self.add(table, without_cells=True)  # the caption, and text that stands in no cell
        laid = self._data[table]
        texts = {cell: _text(cell.node) for cell in laid.cells}
        rows: list[list[_Placed]] = [[] for _ in range(laid.rows)]
        for cell in laid.cells:
            rows[cell.row].append(cell)
        tops: list[int] = []
        for row in rows:
            tops.append(len(self.lines))
            short = [texts[cell] for cell in row if is_cell(texts[cell])]
            self.lines.append("\t".join(map(one_line, short)))
            for cell in row:
                if not is_cell(texts[cell]):
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
            if is_cell(texts[cell])
        )
        self.grids.append(Grid(tuple(cells), None))


def _text(cell: _Node) -> str:
    inside = _PageLines({}, of_cell=True)
    inside.add(cell)
    return in_words("\n".join(inside.lines))


def _data_tables(root: _Node) -> dict[_Node, _Laid]:
    """The innermost tables that have columns: a row with several cells, several of the cells filled.

    A table around such a table is layout; one inside with a single column is part of the cell it is in.
    """
    found: dict[_Node, _Laid] = {}
    holding: set[_Node] = set()
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


def _has_text(node: _Node) -> bool:
    return any(visible(text.replace(OBJECT, "")) for text in node.itertext())


def _rows(table: _Node) -> list[_TreeRow]:
    """The rows of the table, the first head before and the first foot after all others, as displayed."""
    rows: list[_TreeRow] = []
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
            rows.append(_TreeRow(group, kind, []))
            open_row = True
        if node.tag in _CELLS:
            rows[-1].cells.append(node)
        if node is not table and node.tag in (*_CELLS, "table", "caption"):
            walker.skip_subtree()
    head = next((row.group for row in rows if row.kind == "thead"), None)
    foot = next((row.group for row in rows if row.kind == "tfoot"), None)
    return sorted(rows, key=lambda row: 0 if row.group == head else 2 if row.group == foot else 1)


def _placed(rows: list[_TreeRow]) -> list[_Placed]:
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


def _repair(root: _Node) -> None:
    """Changes the tree in place: what no browser displays is dropped, cells and rows become siblings."""
    _part_cells(root)
    _drop_unseen(root)
    for cell in root.iter("td", "th"):
        _mark_figures(cell)


def _drop_unseen(root: _Node) -> None:
    for node in list(root.iter()):
        if node is root:
            continue
        seen = isinstance(node.tag, str) and node.tag not in UNSEEN
        if isinstance(node.tag, str) and is_picture(node.tag, node.attrib) and _in_cell(node):
            node.tail = OBJECT + (node.tail or "")
        if not seen or is_hidden(node.get("style"), node.get("hidden")):
            node.drop_tree()
        elif node.tag == "input":
            node.tail = typed_text(node.get("type"), node.get("value")) + (node.tail or "")
        elif node.tag not in BLOCKS and has_own_line(node.tag, node.get("style")):
            node.tag = "div"


def _in_cell(node: _Node) -> bool:
    return next(node.iterancestors("td", "th"), None) is not None


def _mark_figures(cell: _Node) -> None:
    """Keeps apart from a cell's figure what is not a digit of it: `[1]` is a note's mark, `~~7~~` struck out.

    What is set in a font of symbols is printed, and is not what it is written as.
    """
    said = False  # whether anything stands before the element
    walker = lxml.etree.iterwalk(cell, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            said = said or (node is not cell and bool((node.tail or "").strip()))
            continue
        style = node.get("style")
        if node.tag == "table":  # its cells are marked on their own
            walker.skip_subtree()
        elif is_symbols(node.get("face"), style):
            _hide(node)
        if node is not cell and is_set_off(node.tag, style) and said and node.text_content().strip():
            _wrap(node, "[", "]")
        elif node is not cell and is_struck(node.tag, style) and node.text_content().strip():
            _wrap(node, "~~", "~~")
        said = said or bool((node.text or "").strip())


def _hide(node: _Node) -> None:
    """Replaces every letter in the element by the sign for a character without a name."""
    for inner in node.iter():
        inner.text = nameless(inner.text or "")
        if inner is not node:
            inner.tail = nameless(inner.tail or "")


def _wrap(node: _Node, start: str, end: str) -> None:
    node.text = start + (node.text or "")
    if len(node):
        node[-1].tail = (node[-1].tail or "") + end
    else:
        node.text += end


def _part_cells(root: _Node) -> None:
    """Moves cells, rows and row groups out of those that an unclosed `<b>` or `<p>` kept open."""
    last: dict[_Node, _Node] = {}  # element → what was last put behind it
    for node in list(root.iter(*_LEVEL)):
        around = None  # the outermost part of the same table that cannot hold this one
        for above in node.iterancestors("table", *_LEVEL):
            if above.tag == "table" or _LEVEL[above.tag] < _LEVEL[node.tag]:
                break
            around = above
        if around is not None:
            last.get(around, around).addnext(node)
            last[around] = node
