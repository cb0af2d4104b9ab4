"""Table 三 in a reader's grids: applicants across, results down, often over several pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Cell
from ..forms import Table, cell_name
from ..labels import ENOUGH, align, best, key, similarity
from ..numerals import read_cell
from .bands import Banded, overlap
from .placement import Placement, because
from .row import Range, Standing, read_row, standing

_Columns = dict[int, Range]

_NO_COLUMNS = because("read.no_header")
_TWO_WAYS = because("read.two_ways")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_YEAR = re.compile(r"(20\d\d)\s*年")
_NONE = re.compile("无|没有|空|略")


@dataclass(frozen=True, eq=False)
class _Row:
    """A label that may be a row of the form, in one piece or broken by a page: each with its grid."""

    pieces: tuple[tuple[Banded, Cell], ...]

    @property
    def text(self) -> str:
        return "".join(label.text for _, label in self.pieces)


def place_requests(grids: Sequence[Banded], table: Table, placement: Placement) -> None:
    """Add to `placement` what the grids say of table 三.

    Rows are told by their labels, kept in the order of the form; columns by the header 自然人 … 总计,
    which a continuation without a header inherits. A figure that stands in a cell across several columns
    or rows, or beside a second one, is left over and its cells are `unclear`: nothing is guessed.
    """
    wordings = tuple((row.label, *row.aliases, f"{row.group}{row.label}") for row in table.rows)
    rows = _join_broken(_candidates(grids, wordings, table), wordings)
    first, second = _split_second_table(rows, wordings[0])
    chosen = align([row.text for row in first], wordings)
    reaches: _Columns = {}
    used: set[int] = set()
    labels: dict[Banded, list[Cell]] = {}
    told: dict[Banded, list[Cell]] = {}
    for row, code in zip(first, chosen, strict=True):
        for grid, label in row.pieces if code is not None else ():
            told.setdefault(grid, []).append(label)
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
                reaches = _ranges(grid, label, [piece for r in first for piece in r.pieces], table) or reaches
            names = [every[i] for i in reaches] if every and reaches else every
            ranges = list(reaches.values())
            if not names:
                continue
            if not (ranges or grid.grid.ragged):
                placement.unclear.update(dict.fromkeys(names, _NO_COLUMNS))
                continue
            if grid.grid.ragged and grid not in common:
                common[grid] = _common_way(grid, told[grid], ranges, len(names))
            edge = max((other.x1 for other in told.get(grid, ())), default=label.x1)
            here = _standing(grid, label, ranges, common.get(grid), names, edge)
            if here is None:
                placement.unclear.update(dict.fromkeys(names, _TWO_WAYS))
            else:
                found.extend(here)
        used |= read_row(names, found, placement)
    for grid, cells in labels.items():
        _leave(grid, cells, used, table, placement)


def _candidates(grids: Sequence[Banded], wordings: tuple[tuple[str, ...], ...], table: Table) -> list[_Row]:
    """The labels that may be rows of table 三, in reading order, of the grids that hold a piece of it.

    A grid holds a piece if two labels are the form's, or one is and the grid has the header or follows a
    piece; 总计 and 其他, which head columns too, tell nothing.
    """
    columns = {key(words) for column in table.columns for words in (column.label, *column.aliases)}
    found: list[_Row] = []
    last: int | None = None
    for grid in grids:
        rows, fits = [], 0
        for cell in grid.cells:
            if _is_figure(cell):
                continue
            fit, _ = best(cell.text, wordings)
            beside = grid.beside(cell)
            row_like = len(beside) >= 5 and all(map(_is_figure, beside))
            if row_like or (fit >= ENOUGH and len(key(cell.text)) >= 4 and beside):
                rows.append(_Row(((grid, cell),)))
                fits += fit >= 80 and key(cell.text) not in columns
        header = any(similarity(c.text, ("自然人",)) >= 85 for c in grid.worded)
        if fits and (fits >= 2 or header or (last is not None and grid.index - last <= 2)):
            labels = {id(cell) for row in rows for _, cell in row.pieces}
            deepest = [row for row in rows if not any(id(c) in labels for c in grid.beside(row.pieces[0][1]))]
            tail = None if header or not found else _tail(grid, min(row.pieces[0][1].top for row in deepest))
            if tail is not None:
                found[-1] = _Row((*found[-1].pieces, (grid, tail)))
            found.extend(deepest)
            last = grid.index
    return found


def _is_figure(cell: Cell) -> bool:
    """Whether a cell prints what stands under the columns: a number, nothing, or a word for none."""
    text = cell.text.strip()
    return not _CHINESE.search(text) or bool(_NONE.fullmatch(text)) or read_cell(text).value is not None


def _prints_figure(cell: Cell) -> bool:
    return any(ch.isdigit() for ch in cell.text) and _is_figure(cell)


def _tail(grid: Banded, top: float) -> Cell | None:
    """The leftmost cell of a row above `top` that has figures but no label: the rest of a broken row."""
    above = [c for c in grid.cells if c.bottom <= top + grid.grid.tolerance + 0.01]
    figure = next((c for c in above if any(ch.isdigit() for ch in c.text)), None)
    if figure is None:
        return None
    left = [c for c in above if figure in grid.beside(c)]
    return min(left, key=lambda c: c.x0, default=None)


def _join_broken(rows: list[_Row], wordings: tuple[tuple[str, ...], ...]) -> list[_Row]:
    """The rows with a label that a page break cut in two made one again."""

    def fit(row: _Row) -> float:
        return best(row.text, wordings)[0]

    joined: list[_Row] = []
    for row in rows:
        if (
            joined
            and joined[-1].pieces[-1][0] is not row.pieces[0][0]
            and min(fit(row), fit(joined[-1])) < ENOUGH
        ):
            whole = _Row(joined[-1].pieces + row.pieces)
            if fit(whole) > max(fit(row), fit(joined[-1])):
                joined[-1] = whole
                continue
        joined.append(row)
    return joined


def _split_second_table(rows: list[_Row], first: tuple[str, ...]) -> tuple[list[_Row], list[_Row]]:
    """The rows of the first table 三, and those of any other: a file may hold two reports."""
    starts = [i for i, row in enumerate(rows) if similarity(row.text, first) >= 90]
    return (rows[: starts[1]], rows[starts[1] :]) if len(starts) > 1 else (rows, [])


def _ranges(grid: Banded, label: Cell, labels: list[tuple[Banded, Cell]], table: Table) -> _Columns:
    """Where the columns stand at this row, by their number; empty where the grid itself does not say.

    By the nearest header above, in whatever order it names them, else by a row of this grid that has just
    seven cells beside its label. A header may lack a column where its rows lack it too.
    """
    own = [cell for g, cell in labels if g is grid]
    heads = [c for c in grid.worded if c.top < label.top and similarity(c.text, ("自然人",)) >= 85]
    if heads:
        level = [c for c in heads if overlap(c.top, c.bottom, heads[-1].top, heads[-1].bottom) >= 0.5]
        person = level[0] if len(level) == 1 else _of_the_year(grid, level)
        return _headed(grid, label, own, person, table) if person is not None else {}
    if not grid.grid.ragged:
        for cell in own:
            beside = grid.beside(cell)
            if len(beside) == len(table.columns):
                return {i: (c.x0, c.x1) for i, c in enumerate(beside)}
    return {}


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


def _headed(grid: Banded, label: Cell, own: list[Cell], person: Cell, table: Table) -> _Columns:
    """Where the columns stand by the header that 自然人 stands in."""
    floor = min((c.top for c in own if c.top > person.top), default=label.top)
    ceiling = max((c.bottom for c in own if c.bottom <= person.top), default=float("-inf"))
    block = [c for c in grid.worded if ceiling <= c.top < floor and c is not person]
    again = [c.x0 for c in block if c.x0 > person.x0 and similarity(c.text, ("自然人",)) >= 85]
    block = [c for c in block if c.x0 < min(again, default=float("inf"))]
    block.sort(key=lambda c: (c.x0, -c.top))
    found = {0: person}
    for index, column in enumerate(table.columns[1:], start=1):
        words = (column.label, *column.aliases)
        fitting = [c for c in block if similarity(c.text, words) >= 80 and c not in found.values()]
        after = [c for c in fitting if c.x0 > max(f.x0 for f in found.values())]
        chosen = next(iter(after or ([] if grid.grid.ragged else fitting)), None)
        if chosen is not None:
            found[index] = chosen
    reaches = {index: (c.x0, c.x1) for index, c in found.items()}
    beside = grid.beside(label)
    last = len(table.columns) - 1
    lacking = len(found) == len(beside) and (len(found) == last or not grid.grid.ragged)
    if len(found) > last or (lacking and len(found) >= last - 1):
        return reaches
    if grid.grid.ragged or len(beside) <= last or len(found) < 4:
        return {}
    # labels that no form has, between ones that stand in their place
    placed = all(overlap(*reach, beside[i].x0, beside[i].x1) >= 0.5 for i, reach in reaches.items())
    return {i: (c.x0, c.x1) for i, c in enumerate(beside)} if placed and len(beside) == last + 1 else {}


def _standing(
    grid: Banded, label: Cell, ranges: list[Range], common: str | None, names: list[str], edge: float
) -> list[Standing] | None:
    """Where the cells beside a label stand; None where two ways to lay a row differ.

    A figure left of `edge`, where other rows have labels, shows that the row is shifted.
    """
    beside = grid.beside(label)
    if not grid.grid.ragged:
        columns = dict(zip(names, ranges, strict=True))
        slack = grid.grid.tolerance + 0.01
        if any(c.x0 < edge - slack and c.x1 < ranges[0][1] - slack for c in beside if _prints_figure(c)):
            while beside and not beside[-1].text.strip():
                beside = beside[:-1]
            if len(beside) != len(names):
                return None
        return standing(beside, columns, grid.grid.page, label)
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
        laid = next(iter(ways.values()))
    return [Standing(cell, (names[i],), grid.grid.page) for cell, i in laid]


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


def _common_way(grid: Banded, labels: Sequence[Cell], ranges: list[Range], width: int) -> str | None:
    """The way that fits every row of a ragged grid, under the header before behind the label; else None."""
    ways = [_ways(label, grid.beside(label), ranges, width) for label in labels]
    return next((way for way in ("header", "label", "count") if all(way in fits for fits in ways)), None)


def _leave(grid: Banded, labels: list[Cell], used: set[int], table: Table, placement: Placement) -> None:
    """Leave over every figure that stands beside a label of the table and was not read."""
    done = set(used)
    for label in labels:
        for cell in grid.beside(label):
            if id(cell) not in done and any(ch.isdigit() for ch in cell.text):
                done.add(id(cell))
                why = because("read.beside", label=label.text.strip())
                placement.leave(table.code, cell, grid.grid.page, why)
