"""Table 二 in a reader's grids: blocks one under the other, each with its own header 信息内容 …"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..document import Cell
from ..forms import Row, Table, cell_name
from ..labels import best, similarity
from ..numerals import plain
from .bands import Banded
from .placement import Placement, Standing, because, read_row, standing

_UNIT = re.compile(r"(?:单位:?|\()(?:人民币)?(亿元|万元|元)\)?")
_HEAD = ("信息内容",)


def place_disclosure(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Add to `placement` what the grids say of table 二.

    A row is identified by its label; its columns by the header cells above it that carry the columns' labels,
    or, where no header fits, by their order if there are just as many cells as columns. The first row
    of a label counts; what stands beside a second one is left over.
    """
    wordings = tuple((row.label, *row.aliases) for row in table.rows)
    above: tuple[Banded, Cell] | None = None  # the last header, which a page break may part from its row
    for grid in grids:
        heads = [c for c in grid.worded if similarity(c.text, _HEAD) >= 85]
        before, above = above, ((grid, heads[-1]) if heads else above)
        rows = [(label, row) for label in grid.worded if (row := _row(label, wordings, table)) is not None]
        if not rows or not (heads or len(rows) > 1 or placement.areas):
            continue
        labelled = [(label, row, _cells(grid, label, row)) for label, row in rows]
        labelled = [entry for entry in labelled if entry[2]]
        if labelled:
            placement.areas.append((table.code, grid.grid))
        for label, row, beside in labelled:
            if any(cell_name(table.code, row.code, code) in placement.readings for code in row.columns):
                for cell in beside:
                    if any(ch.isdigit() for ch in cell.text):
                        placement.leave(
                            table.code,
                            cell,
                            grid.grid.page,
                            because("read.second_row", label=label.text.strip()),
                        )
                continue
            own = next(((grid, h) for h in reversed(heads) if h.top < label.top), None)
            head = own or (before if before and before[0].index == grid.index - 1 else None)
            columns = _columns(*head, row, table) if head is not None else {}
            _place(grid, beside, row, columns, own is not None, table, placement)


def _cells(grid: Banded, label: Cell, row: Row) -> list[Cell]:
    """The cells beside a label; of a ragged row only the printed ones, if they are as many as its columns."""
    beside = grid.beside(label)
    printed = [cell for cell in beside if cell.text.strip()]
    return printed if grid.grid.ragged and len(printed) == len(row.columns) else beside


def _row(cell: Cell, wordings: tuple[tuple[str, ...], ...], table: Table) -> Row | None:
    """The row that the cell is the label of, or None."""
    fit, number = best(cell.text, wordings)
    return table.rows[number] if fit >= 80 else None


def _columns(grid: Banded, head: Cell, row: Row, table: Table) -> dict[str, Cell]:
    """The header cells of the row's columns, by column code; only those that their label tells."""
    found: dict[str, Cell] = {}
    for cell in grid.beside(head):
        fits = []
        for code in row.columns:
            column = table.column(code)
            wordings = (column.label, *column.aliases)
            bare = _UNIT.sub("", re.sub(r"\s+", "", plain(cell.text)))
            fits.append((max(similarity(text, wordings) for text in (cell.text, bare)), code))
        fit, code = max(fits)
        if fit >= 80 and code not in found:
            found[code] = cell
    return found


def _place(
    grid: Banded,
    beside: list[Cell],
    row: Row,
    heads: dict[str, Cell],
    own: bool,
    table: Table,
    placement: Placement,
) -> None:
    """Read one row's cells into `placement`, and leave over the figures under no column of the form.

    `own` says that the heads stand in the row's own grid.
    """
    page = grid.grid.page
    names = [cell_name(table.code, row.code, code) for code in row.columns]
    if not heads and len(beside) == len(names):
        found = [
            Standing(cell, (name,), page, by_label=False) for cell, name in zip(beside, names, strict=True)
        ]
    else:
        columns = {cell_name(table.code, row.code, code): (h.x0, h.x1) for code, h in heads.items()}
        found = standing(beside, columns, page, order_counts=own and not grid.grid.ragged)
    used = read_row(names, found, placement)
    for name, code in zip(names, row.columns, strict=True):
        stated = _UNIT.search(re.sub(r"\s+", "", plain(heads[code].text))) if code in heads else None
        if stated and name in placement.readings:
            placement.readings[name] = replace(placement.readings[name], unit=stated[1])
    for cell in beside:
        if id(cell) not in used and any(ch.isdigit() for ch in cell.text):
            placement.leave(table.code, cell, page, because("read.no_column"))
