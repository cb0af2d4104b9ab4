"""Table 三 in a reader's grids: applicants across, results down, often over several pages."""

from collections.abc import Sequence

from ..document import Cell
from ..forms import Table, cell_name
from ..labels import align
from .bands import Banded
from .placement import Placement, because
from .request_columns import Columns, request_columns
from .request_figures import common_way, request_figures
from .request_rows import request_rows
from .row import Standing, read_row

_NO_COLUMNS = because("read.no_header")
_TWO_WAYS = because("read.two_ways")


def place_requests(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Add to `placement` what the grids say of table 三.

    Rows are told by their labels, kept in the order of the form; columns by the header 自然人 … 总计,
    which a continuation without a header inherits. A figure that stands in a cell across several columns
    or rows, or beside a second one, is left over and its cells are `unclear`: nothing is guessed.
    """
    wordings = tuple((row.label, *row.aliases, f"{row.group}{row.label}") for row in table.rows)
    first, second = request_rows(grids, wordings, table)
    chosen = align([row.text for row in first], wordings)
    columns = Columns()
    used: set[int] = set()
    labels: dict[Banded, list[Cell]] = {}
    told: dict[Banded, list[Cell]] = {}
    for row, code in zip(first, chosen, strict=True):
        for grid, label in row.pieces if code is not None else ():
            told.setdefault(grid, []).append(label)
    pieces = [piece for row in first for piece in row.pieces]
    common: dict[Banded, str | None] = {}
    for row, code in zip([*first, *second], [*chosen, *[None] * len(second)], strict=True):
        found: list[Standing] = []
        codes = [table.rows[code].code] if code is not None else []
        every = [cell_name(table.code, c, column.code) for c in codes for column in table.columns]
        names = every
        for grid, label in row.pieces:
            begins = grid not in labels
            if begins:
                placement.areas.append((table.code, grid.grid))
            labels.setdefault(grid, []).append(label)
            if every or begins:  # what no row of the form stands in may run to thousands of rows
                own = request_columns(grid, label, pieces, table)
                columns = own.beneath(columns) if own.ranges else columns
            names = [every[i] for i in columns.ranges] if every and columns.ranges else every
            ranges = list(columns.ranges.values())
            if not names:
                continue
            if not (ranges or grid.grid.ragged):
                placement.unclear.update(dict.fromkeys(names, _NO_COLUMNS))
                continue
            if grid.grid.ragged and grid not in common:
                common[grid] = common_way(grid, told[grid], ranges, len(names))
            edge = max((other.x1 for other in told.get(grid, ())), default=label.x1)
            here = request_figures(grid, label, columns, common.get(grid), names, edge)
            if here is None:
                placement.unclear.update(dict.fromkeys(names, _TWO_WAYS))
            else:
                found.extend(here)
        used |= read_row(names, found, placement)
    for grid, cells in labels.items():
        _leave(grid, cells, used, table, placement)


def _leave(grid: Banded, labels: list[Cell], used: set[int], table: Table, placement: Placement) -> None:
    """Leave over every figure that stands beside a label of the table and was not read."""
    done = set(used)
    for label in labels:
        for cell in grid.beside(label):
            if id(cell) not in done and any(ch.isdigit() for ch in cell.text):
                done.add(id(cell))
                why = because("read.beside", label=label.text.strip())
                placement.leave(table.code, cell, grid.grid.page, why)
