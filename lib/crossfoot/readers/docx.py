"""Word documents (.docx), read by two witnesses: the elements themselves (here), and python-docx.

The document's text is what is displayed with tracked changes accepted, without headers, footers and
notes: one line for each paragraph or table row, a row's cells joined by tabs. Cells stand at the columns
of the table's own grid, and vertically at the line of their row. Numbers that Word counts up by itself
(automatic lists) are not part of the text.
"""

from dataclasses import dataclass
from typing import Any

import lxml.etree

from ..document import Cell, Document, Grid
from ..errors import ReportError
from . import docx_body, docx_python
from .docx_body import W
from .running_text import OBJECT, in_words, moved, one_line, running_lines, visible

READER = "docx-xml"

_TABLE = f"{W}tbl"
_PICTURES = tuple(f"{W}{name}" for name in ("drawing", "pict", "object"))
_DEEPEST_TABLE = 20
_MOST_COLUMNS = 200
_TEXT = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(slots=True)
class _WordCell:
    node: Any
    row: int
    column: int
    columns: int
    last_row: int


def read(source: str, sha256: str, data: bytes) -> Document:
    """The document's text and, under `docx-xml` and `python-docx`, its tables in order.

    Raises ReportError where the file is not a whole Word document; see docx_body.body.
    """
    body = docx_body.body(data, source)
    if any(sum(1 for _ in table.iterancestors(_TABLE)) > _DEEPEST_TABLE for table in body.iter(_TABLE)):
        raise ReportError("nests its tables too deep to be read", file=source, advice="Save it as PDF")
    printed, grids = _read(body)
    text, lines = running_lines(printed, grids)
    second, failed = _second(body, printed)
    readers = {READER: grids, docx_python.READER: second}
    pictured = any(True for _ in body.iter(*_PICTURES))
    return Document(source, sha256, 1, text, lines, readers, pictured=pictured, failed=failed)


def _second(body: lxml.etree._Element, onto: list[str]) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The tables of the second reader, or what stopped it."""
    try:
        lines, grids = docx_python.read(lxml.etree.tostring(body))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        if not _is_of_the_library(error):
            raise
        return (), {docx_python.READER: type(error).__name__}
    return moved(grids, lines, onto), {}


def _is_of_the_library(error: Exception) -> bool:
    """Whether python-docx raised it, as it does at merged cells that it does not expect, and not we."""
    trace, module = error.__traceback__, ""
    while trace is not None:
        module, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return module.partition(".")[0] == "docx"


def _read(body: Any) -> tuple[list[str], tuple[Grid, ...]]:
    """The lines of the document, and its tables with vertical places counted in those lines."""
    lines: list[str] = []
    grids: list[Grid] = []
    _add(body, _data_tables(body), lines, grids)
    return lines, tuple(grids)


def _add(container: Any, data: dict[Any, list[_WordCell]], lines: list[str], grids: list[Grid]) -> None:
    for node in container:
        if node.tag == f"{W}p":
            lines.extend(filter(None, map(one_line, _paragraph(node).split("\n"))))
        elif node in data:
            _add_table(data[node], lines, grids)
        elif node.tag == _TABLE:
            for cell in _placed(node):
                _add(cell.node, data, lines, grids)


def _paragraph(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag in _TEXT and node.getparent().tag == f"{W}r":
            parts.append(_TEXT[node.tag])
    return "".join(parts)


def _text(cell: Any) -> str:
    """What the cell prints, tables inside it included, a line for each paragraph."""
    printed = visible("\n".join(_paragraph(node) for node in cell.iter(f"{W}p")))
    return in_words("\n".join(filter(None, printed.split("\n"))))


def _data_tables(body: Any) -> dict[Any, list[_WordCell]]:
    """The tables that have columns and several cells filled, and none inside that has; their cells."""
    found: dict[Any, list[_WordCell]] = {}
    holding: set[Any] = set()
    for table in reversed(list(body.iter(_TABLE))):  # those inside come first
        placed = _placed(table)
        if any(inner in holding for inner in table.iterdescendants(_TABLE)):
            holding.add(table)
        elif (
            any(cell.column for cell in placed)
            and sum(1 for cell in placed if _text(cell.node).replace(OBJECT, "")) > 1
        ):
            holding.add(table)
            found[table] = placed
    return found


def _placed(table: Any) -> list[_WordCell]:
    placed: list[_WordCell] = []
    above: dict[int, _WordCell] = {}  # first column → the cell of the row above that begins there
    for number, row in enumerate(table.iterchildren(f"{W}tr")):
        column = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        current: dict[int, _WordCell] = {}
        for node in row.iterchildren(f"{W}tc"):
            columns = max(1, _number(node.find(f"{W}tcPr/{W}gridSpan"), 1))
            merge = node.find(f"{W}tcPr/{W}vMerge")
            cell = above.get(column)
            if merge is not None and merge.get(f"{W}val") != "restart" and cell is not None:
                cell.last_row = number
            else:
                cell = _WordCell(node, number, column, columns, number)
                placed.append(cell)
            current[column] = cell
            column += columns
        above = current
    return placed


def _number(node: Any, otherwise: int) -> int:
    value = node.get(f"{W}val", "") if node is not None else ""
    return min(int(value), _MOST_COLUMNS) if value.isascii() and value.isdigit() else otherwise


def _add_table(placed: list[_WordCell], lines: list[str], grids: list[Grid]) -> None:
    top = len(lines)
    name = f"table {len(grids) + 1}"
    rows: dict[int, list[str]] = {row: [] for row in range(max(cell.last_row for cell in placed) + 1)}
    cells = []
    for cell in placed:
        text = _text(cell.node)
        rows[cell.row].append(one_line(text))
        cells.append(
            Cell(
                text,
                float(cell.column),
                float(top + cell.row),
                float(cell.column + cell.columns),
                float(top + cell.last_row + 1),
                f"{name} row {cell.row + 1} column {cell.column + 1}",
            )
        )
    lines.extend("\t".join(row) for row in rows.values())
    grids.append(Grid(tuple(cells), None))
