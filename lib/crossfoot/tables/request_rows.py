"""The rows of table 三 in a reader's grids: labels, whole or broken by a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Cell
from ..forms import Table
from ..labels import ENOUGH, best, key, similarity
from .bands import Banded, is_figure, prints_figure

_ROW = 5  # cells beside a label, at least, where it is not worded as just one row is
_OWN = 4  # letters of such a wording
_SURE = 90.0  # of a fit that nothing else need bear out


@dataclass(frozen=True, eq=False)
class RequestRow:
    """A label that may be a row of the form, in one piece or broken by a page: each with its grid."""

    pieces: tuple[tuple[Banded, Cell], ...]

    @property
    def text(self) -> str:
        """The whole label."""
        return "".join(label.text for _, label in self.pieces)


def request_rows(
    grids: Sequence[Banded], wordings: tuple[tuple[str, ...], ...], table: Table
) -> tuple[list[RequestRow], list[RequestRow]]:
    """The rows that may be of the first table 三, in reading order, and those of any other.

    A file may hold two reports. `wordings` are those of each row of the form, the first row's first.
    """
    rows = _join_broken(_candidates(grids, wordings, table), wordings)
    starts = [i for i, row in enumerate(rows) if similarity(row.text, wordings[0]) >= 90]
    return (rows[: starts[1]], rows[starts[1] :]) if len(starts) > 1 else (rows, [])


def _candidates(
    grids: Sequence[Banded], wordings: tuple[tuple[str, ...], ...], table: Table
) -> list[RequestRow]:
    """The labels that may be rows of table 三, in reading order, of the grids that hold a piece of it.

    A grid holds a piece if two labels are the form's, or one is and the grid has the header, follows a piece
    or has just a row's figures beside it; 总计 and 其他, which head columns too, tell nothing.
    """
    person = table.columns[0]
    headed = (*table.columns, *table.subtotal_columns)
    columns = {key(words) for column in headed for words in (column.label, *column.aliases)}
    heading = tuple(words for column in headed for words in (column.label, *column.aliases))
    found: list[RequestRow] = []
    last: int | None = None
    for grid in grids:
        rows, fits, whole, total = [], 0, False, False
        heads = [c for c in grid.worded if similarity(c.text, (person.label, *person.aliases)) >= 85]
        known: set[int] = set()
        for cell in grid.cells:
            if is_figure(cell):
                continue
            fit, _ = best(cell.text, wordings)
            beside = grid.beside(cell)
            row_like = len(beside) >= _ROW and all(map(is_figure, beside))
            if _is_heading(beside, (*wordings, heading)):
                continue
            if fit >= ENOUGH and beside and (len(key(cell.text)) >= _OWN or _leads(cell, beside, heads)):
                known.add(id(cell))
            elif not row_like:
                continue
            rows.append(RequestRow(((grid, cell),)))
            own = fit >= 80 and key(cell.text) not in columns
            fits += own
            full = row_like and len(beside) == len(table.columns) and fit >= _SURE
            whole, total = whole or (own and full), total or full
        # what stands right of a row's label is a word among its figures, and no label
        pairs = [(row.pieces[0][1], c) for row in rows for c in grid.beside(row.pieces[0][1])]
        words = {
            id(c)
            for label, c in pairs
            if id(label) in known and (id(c) not in known or _parted(label, c, heads, grid))
        }
        rows = [row for row in rows if id(row.pieces[0][1]) not in words]
        header = bool(heads)
        follows = last is not None and grid.index - last <= 2
        if (fits and (fits >= 2 or header or whole or follows)) or (total and follows):
            labels = {id(cell) for row in rows for _, cell in row.pieces}
            deepest = [row for row in rows if not any(id(c) in labels for c in grid.beside(row.pieces[0][1]))]
            tail = None if header or not found else _tail(grid, min(row.pieces[0][1].top for row in deepest))
            if tail is not None:
                found[-1] = RequestRow((*found[-1].pieces, (grid, tail)))
            found.extend(deepest)
            last = grid.index
    return found


def _is_heading(beside: Sequence[Cell], wordings: tuple[tuple[str, ...], ...]) -> bool:
    """Whether what stands beside a cell are labels of rows or columns: then all of them head columns."""
    printed = [cell.text for cell in beside if cell.text.strip()]
    return bool(printed) and all(best(text, wordings)[0] >= _SURE for text in printed)


def _parted(label: Cell, other: Cell, heads: Sequence[Cell], grid: Banded) -> bool:
    """Whether a label ends left of the columns and another cell beside it stands under them."""
    if grid.grid.ragged:
        return False
    slack = grid.grid.tolerance + 0.01
    return any(
        head.top < label.top and label.x1 <= head.x0 + slack and other.x0 >= head.x0 - slack for head in heads
    )


def _leads(label: Cell, beside: Sequence[Cell], heads: Sequence[Cell]) -> bool:
    """Whether a label of few letters, such as 总计, has a row's cells beside it.

    Half of them are figures, or a header above begins right of the label.
    """
    figures = sum(map(is_figure, beside))
    under = any(head.top < label.top and head.x0 >= label.x1 - 0.01 for head in heads)
    return len(beside) >= _ROW and (2 * figures >= len(beside) or under)


def _tail(grid: Banded, top: float) -> Cell | None:
    """The leftmost cell of a row above `top` that has figures but no label: the rest of a broken row.

    A header such as 数据1 has none.
    """
    above = [c for c in grid.cells if c.bottom <= top + grid.grid.tolerance + 0.01]
    figure = next((c for c in above if prints_figure(c)), None)
    if figure is None:
        return None
    left = [c for c in above if figure in grid.beside(c)]
    return min(left, key=lambda c: c.x0, default=None)


def _join_broken(rows: list[RequestRow], wordings: tuple[tuple[str, ...], ...]) -> list[RequestRow]:
    """The rows with a label that a page break cut in two made one again."""

    def fit(row: RequestRow) -> float:
        return best(row.text, wordings)[0]

    joined: list[RequestRow] = []
    for row in rows:
        if (
            joined
            and joined[-1].pieces[-1][0] is not row.pieces[0][0]
            and min(fit(row), fit(joined[-1])) < ENOUGH
        ):
            whole = RequestRow(joined[-1].pieces + row.pieces)
            if fit(whole) > max(fit(row), fit(joined[-1])):
                joined[-1] = whole
                continue
        joined.append(row)
    return joined
