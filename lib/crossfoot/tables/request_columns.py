"""Where the columns of table 三 stand in a grid, and which of them each cell beside a label stands in.

Columns are identified by the header 自然人 … 总计, or by a full row; a text may keep none of them in place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..document import Cell
from ..forms import Table
from ..labels import similarity
from .bands import Banded, overlap, prints_figure
from .placement import Range, Standing, standing

_YEAR = re.compile(r"(20\d\d)\s*年")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where columns stand, by their number: not every header has all, nor the form's order.

    `named` are those that a header of the form's wording names; the others stand in their place. `grid` is
    the one that says so.
    """

    ranges: Mapping[int, Range] = field(default_factory=dict)
    named: frozenset[int] = frozenset()
    grid: Banded | None = None

    def beneath(self, head: "Columns") -> "Columns":
        """These columns, named as those of the page before where they stand in the very same places."""
        same = self.ranges.keys() == head.ranges.keys() and all(
            overlap(*reach, *head.ranges[i]) >= 0.5 for i, reach in self.ranges.items()
        )
        return replace(self, named=head.named) if same and not self.named else self


def request_columns(grid: Banded, label: Cell, labels: list[tuple[Banded, Cell]], table: Table) -> Columns:
    """Where the columns stand at this row, by their number; empty where the grid itself does not say.

    By the nearest header above, in whatever order it names them, else by a row of this grid that has just
    seven cells beside its label. A header may lack a column where its rows lack it too.
    """
    own = [cell for g, cell in labels if g is grid]
    heads = [c for c in grid.worded if c.top < label.top and _is_first(c, table)]
    if heads:
        level = [c for c in heads if overlap(c.top, c.bottom, heads[-1].top, heads[-1].bottom) >= 0.5]
        person = level[0] if len(level) == 1 else _of_the_year(grid, level)
        return _headed(grid, label, own, person, table) if person is not None else Columns()
    if not grid.grid.ragged:
        for cell in own:
            beside = grid.beside(cell)
            if len(beside) == len(table.columns):
                return Columns({i: (c.x0, c.x1) for i, c in enumerate(beside)}, grid=grid)
    return Columns()


def _is_first(cell: Cell, table: Table) -> bool:
    """Whether a cell heads the first column."""
    return similarity(cell.text, (table.columns[0].label, *table.columns[0].aliases)) >= 85


def _of_the_year(grid: Banded, heads: list[Cell]) -> Cell | None:
    """Of several heads side by side the one under the latest year; None where what is above tells no year."""
    years: dict[int, Cell] = {}
    for head in heads:
        above = [c for c in grid.cells if c.bottom <= head.top + 0.01 and c.x0 <= head.x0 and head.x1 <= c.x1]
        stated = [int(year) for c in above for year in _YEAR.findall(c.text)]
        if not stated:
            return None
        years[max(stated)] = head
    return years[max(years)] if len(years) == len(heads) else None


def _headed(grid: Banded, label: Cell, own: list[Cell], person: Cell, table: Table) -> Columns:
    """Where the columns stand by the header that 自然人 stands in."""
    floor = min((c.top for c in own if c.top > person.top), default=label.top)
    ceiling = max((c.bottom for c in own if c.bottom <= person.top), default=float("-inf"))
    block = [c for c in grid.worded if ceiling <= c.top < floor and c is not person]
    again = [c.x0 for c in block if c.x0 > person.x0 and _is_first(c, table)]
    block = [c for c in block if c.x0 < min(again, default=float("inf"))]
    block.sort(key=lambda c: (c.x0, -c.top))
    found = {0: person}
    last = len(table.columns) - 1
    for index, column in enumerate(table.columns[1:], start=1):
        words = (column.label, *column.aliases)
        fitting = [c for c in block if similarity(c.text, words) >= 80 and c not in found.values()]
        after = [c for c in fitting if c.x0 > max(f.x0 for f in found.values())]
        at_end = after[-1:] if index == last else after  # 合计 may be the organisations' own sum
        chosen = next(iter(at_end or ([] if grid.grid.ragged else fitting)), None)
        if chosen is not None:
            found[index] = chosen
    for index, column in enumerate(table.subtotal_columns, start=last + 1) if len(found) > last else ():
        between = [c for c in block if person.x0 < c.x0 < found[last].x0 and c not in found.values()]
        lowest = max((c.bottom for c in found.values()), default=0.0) - grid.grid.tolerance - 0.01
        own = [
            c
            for c in between
            if similarity(c.text, (column.label, *column.aliases)) >= 85 and c.bottom >= lowest
        ]
        if len(own) == 1:
            found[index] = own[0]
    found = dict(sorted(found.items(), key=lambda entry: entry[1].x0))
    reaches = {index: (c.x0, c.x1) for index, c in found.items()}
    beside = grid.beside(label)
    lacking = len(found) == len(beside) and (len(found) == last or not grid.grid.ragged)
    if len(found) > last or (lacking and len(found) >= last - 1):
        return Columns(reaches, frozenset(reaches), grid)
    if grid.grid.ragged or len(beside) <= last or len(found) < 4:
        return Columns()
    # labels that no form has, between ones that stand in their place
    placed = all(overlap(*reach, beside[i].x0, beside[i].x1) >= 0.5 for i, reach in reaches.items())
    if not placed or len(beside) != last + 1:
        return Columns()
    return Columns({i: (c.x0, c.x1) for i, c in enumerate(beside)}, frozenset(reaches), grid)


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
