"""Table 三 in a reader's grids: applicants across, results down, often over several pages.

Sub-totals (小计), which no form has, are identified by the group of rows that each of them sums.
"""

from collections.abc import Sequence

from ..document import Cell
from ..forms import Row, Table, cell_name
from ..labels import align, best, key, numbers_columns
from .bands import Banded, overlap
from .placement import Placement, Standing, because, read_row
from .request_columns import Columns, common_way, request_columns, request_figures
from .request_rows import RequestRow, request_rows

_NO_COLUMNS = because("read.no_header")
_TWO_WAYS = because("read.two_ways")
_SUM_WORDS = ("小计", "合计")


def place_requests(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Add to `placement` what the grids say of table 三.

    Rows are identified by their labels, kept in the order of the form; columns by the header 自然人 … 总计,
    which a continuation without a header inherits. A figure that stands in a cell across several columns
    or rows, or beside a second one, is left over and its cells are `unclear`: nothing is guessed.
    """
    wanted = _wanted_rows(table)
    wordings = tuple((row.label, *row.aliases, f"{row.group}{row.label}") for row in wanted)
    first, second = request_rows(grids, (*wordings, _SUM_WORDS), table)
    first, chosen = _told(first, wanted, wordings, table)
    columns, all_columns = Columns(), (*table.columns, *table.subtotal_columns)
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
        codes = [code] if code is not None else []
        every = [cell_name(table.code, c, column.code) for c in codes for column in all_columns]
        names = every[: len(table.columns)]
        for grid, label in row.pieces:
            begins = grid not in labels
            if begins:
                placement.areas.append((table.code, grid.grid))
            labels.setdefault(grid, []).append(label)
            if every or begins:  # what no row of the form stands in may run to thousands of rows
                own = request_columns(grid, label, pieces, table)
                columns = own.beneath(columns) if own.ranges else columns
            names = [every[i] for i in columns.ranges] if every and columns.ranges else names
            ranges = list(columns.ranges.values())
            if not names:
                continue
            if not (ranges or grid.grid.ragged):
                placement.unclear.update(dict.fromkeys(names, _NO_COLUMNS))
                continue
            if grid.grid.ragged and grid not in common:
                common[grid] = common_way(grid, told[grid], ranges, len(names))
            edge = max((other.x1 for other in told.get(grid, ())), default=label.x1)
            here = request_figures(grid, label, columns, common.get(grid), names, edge, table)
            if here is None:
                placement.unclear.update(dict.fromkeys(names, _TWO_WAYS))
            else:
                found.extend(here)
        used |= read_row(names, found, placement)
    for grid, cells in labels.items():
        _leave(grid, cells, used, table, placement)


def _told(
    rows: list[RequestRow], wanted: list[Row], wordings: tuple[tuple[str, ...], ...], table: Table
) -> tuple[list[RequestRow], list[str | None]]:
    """The rows, and the code of the form's row or the sub-total that each stands for.

    A heading of a group is a sub-total only where a figure stands beside it, else it is left out.
    """
    printed = ["" if _is_bare(row) else row.text for row in rows]
    known = [wanted[i] if i is not None else None for i in align(printed, wordings)]
    full = _full_labels(rows, known, table)
    chosen = [wanted[i].code if i is not None else None for i in align(full, wordings)]
    parts = {code for row in table.rows for code in row.replaces}
    sums = {s.code for s in table.subtotals}
    if parts & set(chosen):  # （六）其他处理 over its three rows is their sum
        own = {row.code: s.code for s in table.subtotals for row in table.rows if s.before in row.replaces}
        chosen = [own.get(code, code) if code is not None else None for code in chosen]
    seen: set[str] = set()
    found: list[tuple[RequestRow, str | None]] = []
    for row, code in zip(rows, chosen, strict=True):
        if code in sums and not any(c.text.strip() for grid, label in row.pieces for c in grid.beside(label)):
            continue
        found.append((row, None if code in seen else code))
        if code is not None:
            seen.add(code)
    return [row for row, _ in found], [code for _, code in found]


def _leave(grid: Banded, labels: list[Cell], used: set[int], table: Table, placement: Placement) -> None:
    """Leave over every figure that stands beside a label of the table and was not read."""
    done = set(used)
    for label in labels:
        for cell in grid.beside(label) if not numbers_columns(label.text) else ():
            if id(cell) not in done and any(ch.isdigit() for ch in cell.text):
                done.add(id(cell))
                why = because("read.beside", label=label.text.strip())
                placement.leave(table.code, cell, grid.grid.page, why)


def _wanted_rows(table: Table) -> list[Row]:
    """The rows of the form in order, each sub-total where its parts begin and again where they end.

    Some reports print the sum in the heading of the group, above its parts, others below them.
    """
    found: list[Row] = []
    for row, following in zip(table.rows, [*table.rows[1:], None], strict=True):
        found += [s for s in table.subtotals if s.before == row.code]
        found.append(row)
        if following is None or following.group != row.group:
            found += [s for s in table.subtotals if s.group == row.group]
    return found


def _is_bare(row: RequestRow) -> bool:
    """Whether a label says that the row is a sum, and not of what."""
    return key(row.text) in _SUM_WORDS


def _full_labels(rows: Sequence[RequestRow], chosen: Sequence[Row | None], table: Table) -> list[str]:
    """The label of each row, that of a bare 小计 with the name of its group; "" where nothing tells it.

    `chosen` are the rows of the form that the others stand for. The group is the one whose heading stands
    left of the label, else that of the rows above it; or of those below, in a report whose first such sum
    stands above its parts. 合计 without a group may be （七）总计, where the report has no other.
    """
    found = []
    bare = [_is_bare(row) for row in rows]
    known = [row for row, one in zip(chosen, bare, strict=True) if row is not None and not one]
    above = _groups_before(chosen, table)
    below = _groups_before(list(reversed(chosen)), table)[::-1]
    leads = any(one and above[i] is None and below[i] is not None for i, one in enumerate(bare))
    for i, (row, one) in enumerate(zip(rows, bare, strict=True)):
        own = _left_of(row, table) if one else None
        if one and own is None and (key(row.text) == "小计" or any(r.code == "handled" for r in known)):
            own = (below if leads else above)[i]
            found.append(own.label if own is not None else "")
        else:
            found.append(own.label if own is not None else row.text)
    return found


def _groups_before(rows: Sequence[Row | None], table: Table) -> list[Row | None]:
    """For each row the sub-total of the group that the last known row before it belongs to."""
    sums = {s.group: s for s in table.subtotals}
    found: list[Row | None] = []
    last: Row | None = None
    for row in rows:
        found.append(sums.get(last.group) if last is not None else None)
        last = row if row is not None else last
    return found


def _left_of(row: RequestRow, table: Table) -> Row | None:
    """The sub-total of the group whose heading stands left of a row's label."""
    wordings = tuple((s.group,) for s in table.subtotals)
    for grid, label in row.pieces:
        for cell in grid.worded if not grid.grid.ragged else ():
            if cell.x1 <= label.x0 + grid.grid.tolerance + 0.01 and (
                overlap(cell.top, cell.bottom, label.top, label.bottom) >= 0.5
            ):
                fit, number = best(cell.text, wordings)
                if fit >= 85:
                    return table.subtotals[number]
    return None
