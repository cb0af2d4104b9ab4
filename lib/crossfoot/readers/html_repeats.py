"""Tables that a page holds twice, for wide and for narrow screens: a style sheet shows just one of them."""

from collections.abc import Iterator, Sequence

from ..document import Grid

_FEWEST = 20
"""Cells printed in: smaller tables may be the same and yet two, such as pieces of table 四 with noughts."""


def repeated(grids: Sequence[Grid]) -> list[Grid]:
    """The tables that print, cell for cell, what a table before them prints."""
    seen = set()
    found = []
    for grid in grids:
        print_ = tuple(_cells(grid))
        if sum(1 for text, *_ in print_ if text) < _FEWEST:
            continue
        if print_ in seen:
            found.append(grid)
        seen.add(print_)
    return found


def _cells(grid: Grid) -> Iterator[tuple[str, float, float, float, float]]:
    first = min((cell.top for cell in grid.cells), default=0.0)
    return ((c.text, c.x0, c.top - first, c.x1, c.bottom - first) for c in grid.cells)


def without(lines: Sequence[str], grids: Sequence[Grid]) -> list[str]:
    """The lines, those of the tables left empty."""
    spans = [(min(c.top for c in g.cells), max(c.bottom for c in g.cells)) for g in grids]
    return ["" if any(a <= n < b for a, b in spans) else line for n, line in enumerate(lines)]
