"""Table 四 in a reader's grids: one row of figures under a two-storey header of three times five columns.

Which of the three procedures each five columns belong to is named by a heading above them.
"""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import groupby, pairwise

from ..document import Cell, Document
from ..forms import Table, cell_name
from ..labels import best, key, similarity
from .bands import Banded, is_figure, overlap
from .placement import Placement, Range, because, read_row, standing

_STOREYS = 2  # of the lines on which the fifteen heads stand
_WORD = 6  # letters: what stands for a figure, such as 不涉及, has no more
_ABOVE = 3  # lines: what a text splits off from a table stands directly above it
_APART = re.compile(r"[\s|｜]+")


def place_disputes(
    grids: Sequence[Banded], table: Table, placement: Placement, document: Document | None = None
) -> None:
    """Add to `placement` what the grids say of table 四.

    The columns are identified by the labels 结果维持 … 总计, five for each of 行政复议, 未经复议直接起诉 and
    复议后起诉, whose headings name them; without headings they follow each other from left to right as in
    the form. The figures are the row below. A table turned by a quarter, with the three as rows, is read by
    its row labels, and one with all fifteen as rows by their order; one cut in two or three, one below the
    other or each a table of its own, piece by piece. `document` has the lines above a table.
    """
    for position, grid in enumerate(grids):
        heads = _heads(grid, table)
        if len(heads) == len(table.rows) * len(table.columns):
            placement.areas.append((table.code, grid.grid))
            floor = max(c.bottom for c in heads)
            below, page = _below(grid, floor), grid.grid.page
            body = _printed(below)
            named = _groups(grid, heads, len(table.columns), _before(grids, position), document, table)
            reach = _reach(heads, grid)
            if not body and position + 1 < len(grids) and grids[position + 1].index == grid.index + 1:
                following = grids[position + 1]
                body = _printed(_below(following, float("-inf")))
                if body:
                    grid, page = following, following.grid.page
                    placement.areas.append((table.code, grid.grid))
            body = body or below  # a report without any dispute leaves the whole row blank
            whose = _in_order(named)
            if whose is None:
                _untold(body, page, table, placement)
                return
            names = _cells(whose, table)
            told = {name for i, name in enumerate(names) if named[i // len(table.columns)] is not None}
            _place(body, dict(zip(names, reach, strict=True)), page, table, placement, told)
            return
        if len(heads) == len(table.columns) and _place_turned(grid, heads, table, placement):
            return
        if not heads and _place_upright(grid, table, placement):
            return
    _place_pieces(grids, table, placement, document)


def _before(grids: Sequence[Banded], position: int) -> Banded | None:
    """The grid right before the one at that position."""
    return grids[position - 1] if position else None


def _cells(whose: Sequence[int], table: Table) -> list[str]:
    """The names of the cells of the rows of those numbers, in order."""
    return [cell_name(table.code, table.rows[w].code, column.code) for w in whose for column in table.columns]


def _untold(rows: Iterable[list[Cell]], page: int | None, table: Table, placement: Placement) -> None:
    """Say of every cell of the table that no heading tells whose it is, and leave over the figures."""
    every, why = _cells(range(len(table.rows)), table), because("read.no_header")
    placement.unclear.update(dict.fromkeys(every, why))
    for row in rows:
        for cell in row:
            if any(ch.isdigit() for ch in cell.text):
                placement.leave(table.code, cell, page, why)


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
    if grid.grid.ragged and found:
        heights = sorted({c.top for _, c in found})
        between = [c for c in grid.cells if heights[0] < c.top < heights[-1] and c.text.strip()]
        if len(heights) > _STOREYS or any(map(is_figure, between)):
            return []  # sets of heads one below the other
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


def _place_pieces(
    grids: Sequence[Banded], table: Table, placement: Placement, document: Document | None
) -> None:
    """Read a table 四 in pieces, each with its own heads, by their headings or in the order of the form."""
    width = len(table.columns)
    pieces = [(grid, run) for grid in grids for run in _runs(grid, table)]
    ends = [sum(len(run) for _, run in pieces[: i + 1]) for i in range(len(pieces))]
    if width * len(table.rows) not in ends:
        return
    pieces = pieces[: ends.index(width * len(table.rows)) + 1]
    told: list[int | None] = []
    laid = []
    for grid, run in pieces:
        below = _own_rows(grid, run, [r for g, r in pieces if g is grid and r is not run])
        earlier = next((g for g in reversed(grids) if g.index < grid.index), None)
        told += _groups(grid, run, width, earlier, document, table)
        laid.append((_printed(below)[:1] or below[:1], [(c.x0, c.x1) for c in run], grid.grid.page))
        placement.areas.append((table.code, grid.grid))
    whose = _in_order(told)
    if whose is None:
        for rows, _, page in laid:
            _untold(rows, page, table, placement)
        return
    names = _cells(whose, table)
    named = {name for i, name in enumerate(names) if told[i // width] is not None}
    for rows, reach, page in laid:
        here, names = names[: len(reach)], names[len(reach) :]
        _place(rows, dict(zip(here, reach, strict=True)), page, table, placement, named)


def _own_rows(grid: Banded, run: list[Cell], others: list[list[Cell]]) -> list[list[Cell]]:
    """The rows of cells below a set of heads and above the next one: not what stands under another set that
    begins lower, beside this one."""
    floor = max(c.bottom for c in run)
    beside = [] if grid.grid.ragged else [other for other in others if not _shares(run, other)]
    next_top = min(
        (c.top for other in others if other not in beside for c in other if c.top >= floor),
        default=float("inf"),
    )
    heads = {id(c) for other in beside for c in other}
    rows = [
        [
            c
            for c in row
            if id(c) not in heads and (_shares(run, [c]) or not any(_shares(o, [c]) for o in beside))
        ]
        for row in _below(grid, floor)
        if row[0].top < next_top
    ]
    return [row for row in rows if row]


def _shares(some: Sequence[Cell], others: Sequence[Cell]) -> bool:
    """Whether cells stand above or below others."""
    left, right = min(c.x0 for c in some), max(c.x1 for c in some)
    return overlap(left, right, min(c.x0 for c in others), max(c.x1 for c in others)) >= 0.5


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
    """Those of the rows that print anything but a note: many words, and nothing beside them."""
    found = []
    for row in rows:
        printed = [c for c in row if c.text.strip()]
        note = len(printed) == 1 and not is_figure(printed[0]) and len(key(printed[0].text)) > _WORD
        if printed and not note:
            found.append(row)
    return found


def _place(
    rows: list[list[Cell]],
    columns: dict[str, Range],
    page: int | None,
    table: Table,
    placement: Placement,
    named: Container[str] | None = None,
) -> None:
    """Read the first row under the heads into `placement`; leave over the figures of any other.

    `named` are the columns whose set of five has a heading, all of them if not given.
    """
    for row in rows[:1]:
        used = read_row(columns, standing(row, columns, page, named=named), placement)
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
    width = len(table.columns)
    if kinds != [*range(width)] * len(table.rows):
        return False
    if len({cell.x0 for cell in labels}) > 1 or any(len(grid.beside(cell)) != 1 for cell in labels):
        return False
    placement.areas.append((table.code, grid.grid))
    told = [_left_of(grid, labels[i : i + width], table) for i in range(0, len(labels), width)]
    whose = _in_order(told)
    if whose is None:
        _untold([grid.beside(label) for label in labels], grid.grid.page, table, placement)
        return True
    for i, (name, label) in enumerate(zip(_cells(whose, table), labels, strict=True)):
        placement.read(name, grid.beside(label)[0], grid.grid.page, told[i // width] is not None)
    return True


def _left_of(grid: Banded, labels: Sequence[Cell], table: Table) -> int | None:
    """The row that the heading left of these labels, or right above them, names."""
    top, bottom = min(c.top for c in labels), max(c.bottom for c in labels)
    high = labels[0].bottom - labels[0].top
    near = [
        _group(c.text, table)
        for c in grid.worded
        if c not in labels and top - high * 1.5 < c.top < bottom and c.x0 <= labels[0].x0
    ]
    named = {number for number in near if number is not None}
    return named.pop() if len(named) == 1 else None


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


def _groups(
    grid: Banded,
    block: Sequence[Cell],
    width: int,
    before: Banded | None,
    document: Document | None,
    table: Table,
) -> list[int | None]:
    """The number of the row that each `width` heads of `block` belong to; None where no heading says so.

    By the heading that stands over them in this grid, or in the one `before`, else in the order in which
    the headings are mentioned beside the heads, in the lines directly above them, or in those of the heads.
    """
    pieces = [block[i : i + width] for i in range(0, len(block), width)]
    own: list[int | None] = [None] * len(pieces)
    if not grid.grid.ragged:
        for cells in (grid.worded, before.worded if before is not None else ()):
            heads = [_over(piece, cells, cells is grid.worded, table) for piece in pieces]
            if None not in heads and len(set(heads)) == len(heads):
                return heads
            own = heads if cells is grid.worded else own
    top, floor = min(c.top for c in block), max(c.bottom for c in block)
    higher = (c for c in grid.cells if c.bottom <= top + grid.grid.tolerance and c.text.strip())
    over = [c.bottom for c in higher if is_figure(c)]
    ceiling = max(over, default=float("-inf"))  # what stands above other figures is theirs
    beside = _by_height(c for c in grid.worded if ceiling <= c.top < floor)
    above = [] if before is None else _by_height(before.worded)
    ended = before is not None and before.grid.page == grid.grid.page
    after = max(c.bottom for c in before.cells) if before is not None and ended else float("-inf")
    lines = _lines(document, grid.grid.page, after, top)
    if not lines and grid.grid.page is not None and not ended:  # a page break behind the heading
        same = before is not None and before.grid.page == grid.grid.page - 1
        foot = max(c.bottom for c in before.cells) if before is not None and same else float("-inf")
        lines = _lines(document, grid.grid.page - 1, foot, float("inf"))
    lines = lines[-_ABOVE:]
    among = [] if grid.grid.ragged else _lines(document, grid.grid.page, top, floor)
    for texts in (beside, [*above, *beside], [*lines, *beside], [*lines, *among]):
        named = _mentioned(texts, table)
        if len(named) == len(pieces):
            return list(named)
    return own


def _group(text: str, table: Table) -> int | None:
    """The number of the row of table 四 that a text names, or None."""
    fit, number = best(text, tuple((row.label, f"{row.group}{row.label}") for row in table.rows))
    return number if fit >= 80 else None


def _in_order(named: Sequence[int | None]) -> list[int] | None:
    """The rows that the headings name, or those of the form's order; None where a heading contradicts it
    and not every set has one."""
    complete = [number for number in named if number is not None]
    if len(complete) == len(set(complete)) == len(named):
        return complete
    agree = all(number in (None, place) for place, number in enumerate(named))
    return [*range(len(named))] if agree else None


def _over(piece: Sequence[Cell], cells: Iterable[Cell], same_grid: bool, table: Table) -> int | None:
    """The row that the lowest heading over these heads names; None where none or several do."""
    left, right = min(c.x0 for c in piece), max(c.x1 for c in piece)
    top = min(c.top for c in piece)
    found: list[tuple[float, int]] = []
    for cell in cells:
        if (same_grid and cell.top >= top) or overlap(left, right, cell.x0, cell.x1) < 0.5:
            continue
        number = _group(cell.text, table)
        if number is not None:
            found.append((cell.top, number))
    lowest = max((at for at, _ in found), default=0.0)
    named = {number for at, number in found if at == lowest}
    return named.pop() if len(named) == 1 else None


def _mentioned(rows: Iterable[Sequence[str]], table: Table) -> tuple[int, ...]:
    """The rows of the table that rows of texts name, in the order in which they first do.

    A row of the table that stands apart comes behind those of a group whose heading stands before it: the
    headings of the group's own rows stand a storey lower. Where that heading stands higher it may be on
    either side, and nothing is told.
    """
    seen: dict[int | str, int] = {}
    for height, texts in enumerate(rows):
        for part in (part for text in texts for part in (text, *_APART.split(text.strip()))):
            number = _group(part, table)
            heading = next(
                (row.group for row in table.rows if row.group and key(row.group) == key(part)), None
            )
            for found in (number, heading):
                if found is not None:
                    seen.setdefault(found, height)
    order = list(seen)
    named = [found for found in order if isinstance(found, int)]
    for number in named if len(named) > 1 else ():
        for heading in (found for found in order if isinstance(found, str)):
            if table.rows[number].group != heading and seen[heading] < seen[number]:
                return ()

    def place(number: int) -> tuple[int, int]:
        heading = table.rows[number].group
        return (order.index(heading) if heading in seen else order.index(number)), order.index(number)

    return tuple(sorted(named, key=place))


def _by_height(cells: Iterable[Cell]) -> list[list[str]]:
    """What cells say, those that begin at one height together."""
    return [[c.text for c in row] for _, row in groupby(cells, key=lambda c: c.top)]


def _lines(document: Document | None, page: int | None, top: float, bottom: float) -> list[list[str]]:
    """The printed lines between two heights, in reading order."""
    if document is None:
        return []
    found = [
        (line.box[1], document.text[line.start : line.end])
        for line in document.lines
        if line.box is not None and line.page == page and top < (line.box[1] + line.box[3]) / 2 < bottom
    ]
    return [[text] for _, text in sorted(entry for entry in found if entry[1].strip())]
