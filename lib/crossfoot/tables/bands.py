"""Grids as rows and columns: where the cells of a table stand to one another, and which print figures."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..document import Cell, Grid
from ..labels import key
from ..numerals import read_cell

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NONE = re.compile("无|没有|空|略")


@dataclass(frozen=True, eq=False)
class Banded:
    """A grid with its cells in reading order; `index` is its place among the reader's grids."""

    grid: Grid
    index: int

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that have an area, from top to bottom and from left to right."""
        slack = max(self.grid.tolerance, 0.01)
        solid = [c for c in self.grid.cells if c.x1 - c.x0 > slack and c.bottom - c.top > slack]
        tops = clusters((c.top for c in solid), self.grid.tolerance)
        return tuple(sorted(solid, key=lambda c: (nearest(tops, c.top), c.x0)))

    @cached_property
    def worded(self) -> tuple[Cell, ...]:
        """The cells that print Chinese: no other can be a label of the form."""
        return tuple(cell for cell in self.cells if _CHINESE.search(key(cell.text)))

    @cached_property
    def _from_left(self) -> list[Cell]:
        return sorted(self.cells, key=lambda c: (c.x0, c.top))

    @cached_property
    def _strip(self) -> float:
        """How high a strip is: as most cells, or higher where tall cells would lie in very many."""
        heights = sorted(c.bottom - c.top for c in self.cells)
        return max(heights[len(heights) // 2], sum(heights) / (20 * len(heights))) if heights else 1.0

    @cached_property
    def _strips(self) -> dict[int, list[int]]:
        """The numbers in `_from_left` of the cells that reach into each strip of the grid's height."""
        found: dict[int, list[int]] = {}
        for number, cell in enumerate(self._from_left):
            for strip in self._reached(cell):
                found.setdefault(strip, []).append(number)
        return found

    def _reached(self, cell: Cell) -> range:
        return range(int(cell.top // self._strip), int(cell.bottom // self._strip) + 1)

    @cached_property
    def _beside(self) -> dict[int, list[Cell]]:
        return {}

    def beside(self, cell: Cell) -> list[Cell]:
        """The cells right of `cell` that share its height, from left to right."""
        if id(cell) not in self._beside:
            edge = cell.x1 - max(self.grid.tolerance, 0.01)
            near = {n for strip in self._reached(cell) for n in self._strips.get(strip, ())}
            self._beside[id(cell)] = [
                other
                for other in map(self._from_left.__getitem__, sorted(near))
                if other.x0 >= edge
                and other.top < cell.bottom
                and other.bottom > cell.top
                and overlap(cell.top, cell.bottom, other.top, other.bottom) >= 0.5
                and other is not cell
            ]
        return self._beside[id(cell)]


def clusters(values: Iterable[float], tolerance: float) -> list[float]:
    """The distinct values, those within `tolerance` of their neighbour taken as one (the first)."""
    found: list[float] = []
    last = None
    for value in sorted(values):
        if last is None or value - last > tolerance + 1e-6:
            found.append(value)
        last = value
    return found


def nearest(values: list[float], value: float) -> float:
    """The cluster, of those in order, that the value belongs to: the last one that is not above it."""
    position = bisect_right(values, value + 1e-6)
    return values[position - 1] if position else value


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """How much of the shorter of two ranges they share, 0 to 1."""
    if a1 <= b0 or b1 <= a0:  # of most pairs in a table
        return 0.0
    shorter = min(a1 - a0, b1 - b0)
    return (min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0


def is_figure(cell: Cell) -> bool:
    """Whether a cell prints what stands under the columns: a number, nothing, or a word for none."""
    text = cell.text.strip()
    return not _CHINESE.search(text) or bool(_NONE.fullmatch(text)) or read_cell(text).value is not None


def prints_figure(cell: Cell) -> bool:
    """Whether a cell prints a number that may stand under the columns."""
    return any(ch.isdigit() for ch in cell.text) and is_figure(cell)
