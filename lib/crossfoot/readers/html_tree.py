"""The HTML reader `lxml`: the page as a tree, its lines and its tables."""

import re

import lxml.etree
import lxml.html

from ..document import Cell, Grid
from .flow import OBJECT, in_words, one_line
from .html_layout import CELLS, Laid, Node, Placed, data_tables
from .html_repair import repair
from .markup import BLOCKS, TooDeep, is_cell

READER = "lxml"
_ENDS = re.compile(r"</(?:html|body)\b[^<>]*>", re.I)


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
    page = _Page(data_tables(root))
    page.add(root)
    return page.lines, tuple(page.grids)


class _Page:
    """The lines and tables of a page as they come up while it is walked."""

    def __init__(self, data: dict[Node, Laid], of_cell: bool = False) -> None:
        self._of_cell = of_cell
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
            elif node is not root and without_cells and node.tag in CELLS:
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

    def _add_table(self, table: Node) -> None:
        self.add(table, without_cells=True)  # the caption, and text that stands in no cell
        laid = self._data[table]
        texts = {cell: _text(cell.node) for cell in laid.cells}
        rows: list[list[Placed]] = [[] for _ in range(laid.rows)]
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


def _text(cell: Node) -> str:
    inside = _Page({}, of_cell=True)
    inside.add(cell)
    return in_words("\n".join(inside.lines))
