"""The DOCX reader `docx-xml`: paragraphs and tables straight from the elements of the document."""

from dataclasses import dataclass
from typing import Any

from ..document import Cell, Grid
from .docx_package import W
from .flow import OBJECT, in_words, one_line, visible

READER = "docx-xml"
_MOST_COLUMNS = 200
_TEXT = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(slots=True)
class _Placed:
    node: Any
    row: int
    column: int
    columns: int
    last_row: int


def read(body: Any) -> tuple[list[str], tuple[Grid, ...]]:
    """The lines of the document, and its tables with vertical places counted in those lines."""
    lines: list[str] = []
    grids: list[Grid] = []
    _add(body, _data_tables(body), lines, grids)
    return lines, tuple(grids)


def _add(container: Any, data: dict[Any, list[_Placed]], lines: list[str], grids: list[Grid]) -> None:
    for node in container:
        if node.tag == f"{W}p":
            lines.extend(filter(None, map(one_line, _paragraph(node).split("\n"))))
        elif node in data:
            _add_table(data[node], lines, grids)
        elif node.tag == f"{W}tbl":
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


def _data_tables(body: Any) -> dict[Any, list[_Placed]]:
    """The tables that have columns and several cells filled, and none inside that has; their cells."""
    found: dict[Any, list[_Placed]] = {}
    holding: set[Any] = set()
    for table in reversed(list(body.iter(f"{W}tbl"))):  # those inside come first
        placed = _placed(table)
        if any(inner in holding for inner in table.iterdescendants(f"{W}tbl")):
            holding.add(table)
        elif (
            any(cell.column for cell in placed)
            and sum(1 for cell in placed if _text(cell.node).replace(OBJECT, "")) > 1
        ):
            holding.add(table)
            found[table] = placed
    return found


def _placed(table: Any) -> list[_Placed]:
    placed: list[_Placed] = []
    above: dict[int, _Placed] = {}  # first column → the cell of the row above that begins there
    for number, row in enumerate(table.iterchildren(f"{W}tr")):
        column = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        current: dict[int, _Placed] = {}
        for node in row.iterchildren(f"{W}tc"):
            columns = max(1, _number(node.find(f"{W}tcPr/{W}gridSpan"), 1))
            merge = node.find(f"{W}tcPr/{W}vMerge")
            cell = above.get(column)
            if merge is not None and merge.get(f"{W}val") != "restart" and cell is not None:
                cell.last_row = number
            else:
                cell = _Placed(node, number, column, columns, number)
                placed.append(cell)
            current[column] = cell
            column += columns
        above = current
    return placed


def _number(node: Any, otherwise: int) -> int:
    value = node.get(f"{W}val", "") if node is not None else ""
    return min(int(value), _MOST_COLUMNS) if value.isascii() and value.isdigit() else otherwise


def _add_table(placed: list[_Placed], lines: list[str], grids: list[Grid]) -> None:
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
