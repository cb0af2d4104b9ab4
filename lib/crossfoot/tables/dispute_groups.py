"""Which of the three procedures each five columns of table 四 belong to: named by a heading above them."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from ..document import Cell, Document
from ..forms import Table
from ..labels import best, key
from .bands import Banded, overlap
from .request_rows import is_figure

_ABOVE = 3  # lines: what a text splits off from a table stands directly above it
_APART = re.compile(r"[\s|｜]+")


def groups(
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


def group(text: str, table: Table) -> int | None:
    """The number of the row of table 四 that a text names, or None."""
    fit, number = best(text, tuple((row.label, f"{row.group}{row.label}") for row in table.rows))
    return number if fit >= 80 else None


def in_order(named: Sequence[int | None]) -> list[int] | None:
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
        number = group(cell.text, table)
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
            number = group(part, table)
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
