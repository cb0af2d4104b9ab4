"""Sub-totals of table 三 (小计), which no form has: which group of rows each of them sums."""

from collections.abc import Sequence

from ..forms import Row, Table
from ..labels import best, key
from .bands import overlap
from .request_rows import RequestRow

SUM_WORDS = ("小计", "合计")


def wanted_rows(table: Table) -> list[Row]:
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


def is_bare(row: RequestRow) -> bool:
    """Whether a label says that the row is a sum, and not of what."""
    return key(row.text) in SUM_WORDS


def full_labels(rows: Sequence[RequestRow], chosen: Sequence[Row | None], table: Table) -> list[str]:
    """The label of each row, that of a bare 小计 with the name of its group; "" where nothing tells it.

    `chosen` are the rows of the form that the others stand for. The group is the one whose heading stands
    left of the label, else that of the rows above it; or of those below, in a report whose first such sum
    stands above its parts. 合计 without a group may be （七）总计, where the report has no other.
    """
    found = []
    bare = [is_bare(row) for row in rows]
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
