"""The DOCX reader `python-docx`: the tables as that library lays them out, the second witness."""

from typing import Any

from docx.blkcntnr import BlockItemContainer
from docx.oxml import parse_xml
from docx.table import Table, _Cell

from ..document import Cell, Grid
from .running_text import OBJECT, in_words, one_line, visible

READER = "python-docx"
_Area = tuple[_Cell, int, int, int, int]  # with its first row and column, and those behind its last
_MOST_ROWS = 400  # the library climbs a merged cell row by row, again for each of its rows


def read(body_xml: bytes) -> tuple[list[str], tuple[Grid, ...]]:
    """The lines of the document, and its tables with vertical places counted in those lines.

    `body_xml` is the `w:body` element. A table longer than any of the forms is left to the first witness.
    """
    lines: list[str] = []
    grids: list[Grid] = []
    no_part: Any = None  # texts and spans are all in the elements; nothing is looked up in the package
    _add(BlockItemContainer(parse_xml(body_xml), no_part), lines, grids)
    return lines, tuple(grids)


def _add(container: Any, lines: list[str], grids: list[Grid]) -> None:
    for item in container.iter_inner_content():
        if not isinstance(item, Table):
            lines.extend(filter(None, map(one_line, item.text.split("\n"))))
            continue
        areas = _areas(item)
        if _is_data(areas):
            _add_table(areas, len(item.rows), lines, grids)
        else:
            for cell, *_ in areas:
                _add(cell, lines, grids)


def _areas(table: Table) -> list[_Area]:
    if len(table.rows) > _MOST_ROWS:
        return []
    found: dict[Any, _Area] = {}
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells, start=row.grid_cols_before):
            _, top, left, bottom, right = found.get(cell._tc, (cell, number, column, 0, 0))
            found[cell._tc] = (cell, top, left, max(bottom, number + 1), max(right, column + 1))
    return list(found.values())


def _text(cell: Any) -> str:
    parts = []
    for item in cell.iter_inner_content():
        if isinstance(item, Table):
            parts += [_text(inner) for inner, *_ in _areas(item)]
        else:
            parts.append(item.text)
    return in_words("\n".join(filter(None, visible("\n".join(parts)).split("\n"))))


def _is_data(areas: list[_Area]) -> bool:
    """Whether there are columns and several cells filled, and no table inside of which that is true."""
    return _has_columns(areas) and not any(_holds_data(inner) for cell, *_ in areas for inner in cell.tables)


def _holds_data(table: Table) -> bool:
    areas = _areas(table)
    return _has_columns(areas) or any(_holds_data(inner) for cell, *_ in areas for inner in cell.tables)


def _has_columns(areas: list[_Area]) -> bool:
    return (
        any(left > 0 for _, _, left, _, _ in areas)
        and sum(1 for cell, *_ in areas if _text(cell).replace(OBJECT, "")) > 1
    )


def _add_table(areas: list[_Area], height: int, lines: list[str], grids: list[Grid]) -> None:
    first = len(lines)
    printed: list[list[str]] = [[] for _ in range(height)]
    cells = []
    for cell, top, left, bottom, right in areas:
        text = _text(cell)
        printed[top].append(one_line(text))
        where = f"table {len(grids) + 1} row {top + 1} column {left + 1}"
        cells.append(Cell(text, float(left), float(first + top), float(right), float(first + bottom), where))
    lines.extend(map("\t".join, printed))
    grids.append(Grid(tuple(cells), None))
