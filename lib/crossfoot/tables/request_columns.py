"""Where the columns of table 三 stand in a grid: under the header 自然人 … 总计, or by a full row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..document import Cell
from ..forms import Table
from ..labels import similarity
from .bands import Banded, overlap
from .row import Range


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


_YEAR = re.compile(r"(20\d\d)\s*年")


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
