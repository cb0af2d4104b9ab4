"""Table 四 in a reader's grids: one row of figures under a two-storey header of three times five columns."""

from collections.abc import Sequence
from itertools import pairwise

from ..document import Cell
from ..forms import Table, cell_name
from ..labels import similarity
from .bands import Banded, overlap
from .placement import Placement, because
from .row import Range, read_row, standing


def place_disputes(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Add to `placement` what the grids say of table 四.

    The columns are told by the labels 结果维持 … 总计, five for each of 行政复议, 未经复议直接起诉 and
    复议后起诉, which follow each other from left to right; the figures are the row below. A table turned
    by a quarter, with the three as rows, is read by its row labels, and one with all fifteen as rows by their
    order; one cut in two or three, one below the other or each a table of its own, piece by piece.
    """
    for position, grid in enumerate(grids):
        heads = _heads(grid, table)
        if len(heads) == len(table.rows) * len(table.columns):
            placement.areas.append((table.code, grid.grid))
            floor = max(c.bottom for c in heads)
            below, page = _below(grid, floor), grid.grid.page
            body = _printed(below)
            if not body and position + 1 < len(grids) and grids[position + 1].index == grid.index + 1:
                following = grids[position + 1]
                body = _printed(_below(following, float("-inf")))
                if body:
                    grid, page = following, following.grid.page
                    placement.areas.append((table.code, grid.grid))
            body = body or below  # a report without any dispute leaves the whole row blank
            names = [cell_name(table.code, row.code, col.code) for row in table.rows for col in table.columns]
            columns = dict(zip(names, _reach(heads, grid), strict=True))
            _place(body, columns, page, table, placement)
            return
        if len(heads) == len(table.columns) and _place_turned(grid, heads, table, placement):
            return
        if not heads and _place_upright(grid, table, placement):
            return
    _place_pieces(grids, table, placement)


def _heads(grid: Banded, table: Table) -> list[Cell]:
    """The lowest header cells from left to right, where they run 结果维持 … 总计 over and over; else none."""
    width = len(table.columns)
    found: list[tuple[int, Cell]] = []
    for cell in grid.worded:
        fits = [similarity(cell.text, (column.label, *column.aliases)) for column in table.columns]
        if max(fits) >= 85:
            found.append((fits.index(max(fits)), cell))
    # a merged heading may be written out in every row that it covers: its lowest cell counts
    if not grid.grid.ragged:
        if len(found) > 1 and len({c.x0 for _, c in found}) == 1:
            return []  # labels of rows
        tops = {(kind, c.x0, c.x1, c.top) for kind, c in found}
        found = [(kind, c) for kind, c in found if (kind, c.x0, c.x1, c.bottom) not in tops]
    in_turn = [found] if grid.grid.ragged else []
    for order in (sorted(found, key=lambda entry: entry[1].x0), *in_turn):
        if order and order[0][0] == 0 and all((b - a) % width == 1 for (a, _), (b, _) in pairwise(order)):
            return [cell for _, cell in order]
    return []


def _runs(grid: Banded, table: Table) -> list[list[Cell]]:
    """The rows of header cells in a grid that each run 结果维持 … 总计, once or more, from the top."""
    width = len(table.columns)
    rows: list[list[tuple[int, Cell]]] = []
    for cell in sorted(grid.worded, key=lambda c: (c.bottom, c.x0)):
        fits = [similarity(cell.text, (column.label, *column.aliases)) for column in table.columns]
        if max(fits) < 85:
            continue
        if rows and abs(rows[-1][0][1].bottom - cell.bottom) <= grid.grid.tolerance + 0.01:
            rows[-1].append((fits.index(max(fits)), cell))
        else:
            rows.append([(fits.index(max(fits)), cell)])
    return [
        [cell for _, cell in row]
        for row in rows
        if [kind for kind, _ in row] == [*range(width)] * (len(row) // width)
    ]


def _place_pieces(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Read a table 四 in pieces, each with its own heads, in the order of the form."""
    names = [cell_name(table.code, row.code, col.code) for row in table.rows for col in table.columns]
    pieces = [(grid, run) for grid in grids for run in _runs(grid, table)]
    ends = [sum(len(run) for _, run in pieces[: i + 1]) for i in range(len(pieces))]
    if len(names) not in ends:
        return
    pieces = pieces[: ends.index(len(names)) + 1]
    for (grid, run), end in zip(pieces, ends, strict=False):
        floor = max(c.bottom for c in run)
        next_top = min(
            (c.top for g, r in pieces if g is grid for c in r if c.top >= floor), default=float("inf")
        )
        below = [row for row in _below(grid, floor) if row[0].top < next_top]
        columns = dict(zip(names[end - len(run) : end], ((c.x0, c.x1) for c in run), strict=True))
        _place(_printed(below)[:1] or below[:1], columns, grid.grid.page, table, placement)
        placement.areas.append((table.code, grid.grid))


def _reach(heads: list[Cell], grid: Banded) -> list[Range]:
    """Where each head's column stands; heads that a ragged text does not keep in place stand in order."""
    if all(a.x1 <= b.x0 + 1e-6 for a, b in pairwise(heads)) or not grid.grid.ragged:
        return [(head.x0, head.x1) for head in heads]
    return [(float(i), float(i + 1)) for i in range(len(heads))]


def _below(grid: Banded, floor: float) -> list[list[Cell]]:
    """The rows of cells below `floor`, from the top."""
    rows: list[list[Cell]] = []
    for cell in grid.cells:
        if cell.top < floor - grid.grid.tolerance - 0.01:
            continue
        if rows and overlap(rows[-1][0].top, rows[-1][0].bottom, cell.top, cell.bottom) >= 0.5:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return rows


def _printed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Those of the rows that print anything."""
    return [row for row in rows if any(c.text.strip() for c in row)]


def _place(
    rows: list[list[Cell]], columns: dict[str, Range], page: int | None, table: Table, placement: Placement
) -> None:
    """Read the first row under the heads into `placement`; leave over the figures of any other."""
    for row in rows[:1]:
        used = read_row(columns, standing(row, columns, page), placement)
        for cell in row:
            if id(cell) not in used and any(ch.isdigit() for ch in cell.text):
                placement.leave(table.code, cell, page, because("read.no_column"))
    for row in rows[1:]:
        for cell in row:
            if cell.text.strip().isdigit():
                placement.leave(table.code, cell, page, because("read.below"))


def _place_upright(grid: Banded, table: Table, placement: Placement) -> bool:
    """Read a table 四 that has its fifteen columns as rows of one figure each; whether it was one."""
    labels, kinds = [], []
    for cell in grid.worded:
        fits = [similarity(cell.text, (column.label, *column.aliases)) for column in table.columns]
        if max(fits) >= 85:
            labels.append(cell)
            kinds.append(fits.index(max(fits)))
    names = [cell_name(table.code, row.code, col.code) for row in table.rows for col in table.columns]
    if kinds != [*range(len(table.columns))] * len(table.rows):
        return False
    if len({cell.x0 for cell in labels}) > 1 or any(len(grid.beside(cell)) != 1 for cell in labels):
        return False
    placement.areas.append((table.code, grid.grid))
    for name, label in zip(names, labels, strict=True):
        placement.read(name, grid.beside(label)[0], grid.grid.page)
    return True


def _place_turned(grid: Banded, heads: list[Cell], table: Table, placement: Placement) -> bool:
    """Read a table 四 that has its three kinds as rows; whether it was one."""
    found = False
    for row in table.rows:
        label = next(
            (c for c in grid.cells if c.top >= heads[0].top and similarity(c.text, (row.label,)) >= 80), None
        )
        beside = grid.beside(label) if label is not None else []
        if beside:
            names = [cell_name(table.code, row.code, column.code) for column in table.columns]
            columns = dict(zip(names, _reach(heads, grid), strict=True))
            _place([beside], columns, grid.grid.page, table, placement)
            found = True
    if found:
        placement.areas.append((table.code, grid.grid))
    return found
