"""Which column of table 三 each cell beside a label stands in, also where text keeps no columns."""

from collections.abc import Sequence

from ..document import Cell
from ..forms import Table
from ..labels import similarity
from .bands import Banded
from .request_columns import Columns
from .request_rows import prints_figure
from .row import Range, Standing, standing


def request_figures(
    grid: Banded,
    label: Cell,
    columns: Columns,
    common: str | None,
    names: list[str],
    edge: float,
    table: Table,
) -> list[Standing] | None:
    """Where the cells beside a label stand; None where two ways to lay a row differ.

    A figure left of `edge`, where other rows have labels, shows that the row is shifted. Where only the count
    of a text's cells gives the columns, the total is yet told by a header of its own above it.
    """
    beside, ranges = grid.beside(label), list(columns.ranges.values())
    named = {name for name, i in zip(names, columns.ranges, strict=False) if i in columns.named}
    if not grid.grid.ragged:
        places = dict(zip(names, ranges, strict=True))
        slack = grid.grid.tolerance + 0.01
        if any(c.x0 < edge - slack and c.x1 < ranges[0][1] - slack for c in beside if prints_figure(c)):
            while beside and not beside[-1].text.strip():
                beside = beside[:-1]
            if len(beside) != len(names):
                return None
        return standing(beside, places, grid.grid.page, label, named, columns.grid is grid)
    ways = _ways(label, beside, ranges, len(names))
    if common is not None:
        laid = ways[common]
        short = bool(beside and ranges) and max(c.x1 for c in beside) < ranges[-1][1]
        if short and common == "header" and _figures_of(ways.get("label", laid)) != _figures_of(laid):
            return None
    else:
        figures = {_figures_of(way) for way in ways.values()}
        if len(figures) != 1:
            return None
        common, laid = next(iter(ways.items()))
    last = len(table.columns) - 1
    if common == "count":
        named = {names[last]} if last < len(names) and _is_headed(grid, laid[last][0], table) else set()
    return [Standing(cell, (names[i],), grid.grid.page, by_label=names[i] in named) for cell, i in laid]


def _is_headed(grid: Banded, cell: Cell, table: Table) -> bool:
    """Whether the nearest words above a cell, in its own column, are those of the form's last column."""
    above = [c for c in grid.worded if c.x0 == cell.x0 and c.bottom <= cell.top]
    wordings = (table.columns[-1].label, *table.columns[-1].aliases)
    return bool(above) and similarity(max(above, key=lambda c: c.top).text, wordings) >= 85


def common_way(grid: Banded, labels: Sequence[Cell], ranges: list[Range], width: int) -> str | None:
    """The way that fits every row of a ragged grid, under the header before behind the label; else None."""
    ways = [_ways(label, grid.beside(label), ranges, width) for label in labels]
    return next((way for way in ("header", "label", "count") if all(way in fits for fits in ways)), None)


def _figures_of(way: list[tuple[Cell, int]]) -> tuple[tuple[int, int], ...]:
    """Which printed cell stands in which column."""
    return tuple((id(c), i) for c, i in way if c.text.strip())


def _ways(
    label: Cell, beside: list[Cell], ranges: list[Range], width: int
) -> dict[str, list[tuple[Cell, int]]]:
    """How a ragged row can lie under the columns: `header` (where it stands), `label` (behind its label),
    `count` (there are just as many cells, or just as many figures, as columns).

    Each way gives the row's cells with the number of their column. Text that lost its cells' borders
    keeps a row's figures in order but not in place; only a way that leaves no figure outside counts.
    """
    ways = {}
    starts = (("header", ranges[0][0]), ("label", label.x1)) if ranges else ()
    for way, start in starts:
        at = [(cell, int(cell.x0 - start)) for cell in beside]
        if start >= label.x1 and all(0 <= i < width for cell, i in at if cell.text.strip()):
            ways[way] = [(cell, i) for cell, i in at if 0 <= i < width]
    for cells in (beside, [cell for cell in beside if cell.text.strip()]):
        if len(cells) == width:
            ways.setdefault("count", [(cell, i) for i, cell in enumerate(cells)])
    return ways
