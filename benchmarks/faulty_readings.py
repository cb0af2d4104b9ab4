"""Faults of reading: what a reader saw of a table, with one thing read wrongly as readers do."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from crossfoot import Audit
from crossfoot.document import Cell, Document
from crossfoot.numerals import plain


@dataclass(frozen=True, slots=True)
class Spot:
    """A statutory cell as one reader saw it: its name, and which cell of which grid it is."""

    name: str
    grid: int
    number: int
    cell: Cell

    @property
    def table(self) -> str:
        return self.name.partition(":")[0]

    @property
    def text(self) -> str:
        return self.cell.text.strip()

    @property
    def is_figure(self) -> bool:
        """Whether it prints digits and nothing else."""
        return re.fullmatch(r"\d+", plain(self.text)) is not None


@dataclass(frozen=True, slots=True)
class Fault:
    """Cells of one reader's grids that it read wrongly: by (grid, number) their text, or None where lost."""

    texts: Mapping[tuple[int, int], str | None]


def spots(alone: Audit, reader: str) -> list[Spot]:
    """The statutory cells that the reader saw; `alone` is the audit with that reader only."""
    assert alone.document is not None
    wanted = {}
    for row in alone.readings.itertuples():
        page = None if pd.isna(row.page) else int(row.page)
        wanted[page, row.x0, row.top, row.x1, row.bottom] = row.cell
    return [
        Spot(wanted[place], g, n, cell)
        for g, grid in enumerate(alone.document.grids[reader])
        for n, cell in enumerate(grid.cells)
        if (place := (grid.page, *_rounded(cell))) in wanted
    ]


def _rounded(cell: Cell) -> tuple[float, ...]:
    """The place of a cell as the table of readings has it."""
    return tuple(round(edge, 2) for edge in (cell.x0, cell.top, cell.x1, cell.bottom))


def with_fault(document: Document, reader: str, fault: Fault) -> Document:
    """The document as read with that fault."""
    grids = []
    for g, grid in enumerate(document.grids[reader]):
        cells = []
        for n, cell in enumerate(grid.cells):
            text = fault.texts.get((g, n), cell.text)
            if text is not None:
                cells.append(cell if text == cell.text else replace(cell, text=text))
        if cells:
            grids.append(replace(grid, cells=tuple(cells)))
    return replace(document, grids=document.grids | {reader: tuple(grids)})


@dataclass(frozen=True)
class Sheet:
    """What one reader saw, for faults to be drawn from."""

    document: Document
    reader: str
    spots: Sequence[Spot]

    def beside(self, spot: Spot, down: bool) -> list[Spot]:
        """The nearest statutory cells before and behind it, in its row or, with `down`, in its column."""
        found = []
        for side in (-1, 1):
            apart = [
                (_gap(spot.cell, other.cell, down) * side, other)
                for other in self.spots
                if other.grid == spot.grid
                and other.table == spot.table
                and other is not spot
                and _in_line(spot.cell, other.cell, down)
            ]
            nearest = min((gap for gap, _ in apart if gap > 0), default=None)
            found += [other for gap, other in apart if gap == nearest][:1]
        return found

    def row(self, spot: Spot) -> list[Spot]:
        """The statutory cells of its row and table, from left to right."""
        row = [s for s in self.spots if (s.grid, s.table) == (spot.grid, spot.table)]
        return sorted((s for s in row if _in_line(spot.cell, s.cell, False)), key=lambda s: s.cell.x0)

    def within(self, spot: Spot, down: bool) -> list[tuple[int, int]]:
        """All cells of its grid that reach no further up and down, or with `down` sideways, than it does."""
        grid = self.document.grids[self.reader][spot.grid]
        slack = grid.tolerance
        first, last = _reach(spot.cell, down)
        ends = [(n, *_reach(cell, down)) for n, cell in enumerate(grid.cells)]
        return [(spot.grid, n) for n, start, end in ends if start >= first - slack and end <= last + slack]


def _reach(cell: Cell, across: bool) -> tuple[float, float]:
    return (cell.x0, cell.x1) if across else (cell.top, cell.bottom)


def _in_line(one: Cell, other: Cell, down: bool) -> bool:
    """Whether the two stand in one row, or with `down` in one column: the middle of each within the other."""
    (a, b), (c, d) = _reach(one, down), _reach(other, down)
    return a < (c + d) / 2 < b and c < (a + b) / 2 < d


def _gap(one: Cell, other: Cell, down: bool) -> float:
    (a, b), (c, d) = _reach(one, not down), _reach(other, not down)
    return (c + d) / 2 - (a + b) / 2


def _at(spot: Spot) -> tuple[int, int]:
    return spot.grid, spot.number


def _neighbour(
    rng: random.Random, sheet: Sheet, spot: Spot, fits: Callable[[Spot], bool], down: bool = True
) -> Spot | None:
    """A neighbour that fits; half of the time one in the column, if there may be one."""
    ways = [False, True] if down else [False]
    rng.shuffle(ways)
    for way in ways:
        near = [other for other in sheet.beside(spot, way) if fits(other)]
        if near:
            return rng.choice(near)
    return None


def _dropped(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    return Fault({_at(spot): ""})


def _copied(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    other = _neighbour(rng, sheet, spot, lambda o: o.text != spot.text)
    return other and Fault({_at(other): spot.text})


def _moved(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    other = _neighbour(rng, sheet, spot, lambda o: not o.text) or _neighbour(
        rng, sheet, spot, lambda o: o.text != spot.text
    )
    return other and Fault({_at(spot): "", _at(other): spot.text})


def _swapped(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    other = _neighbour(rng, sheet, spot, lambda o: o.text != spot.text)
    return other and Fault({_at(spot): other.text, _at(other): spot.text})


def _joined(rng: random.Random, sheet: Sheet, spot: Spot, between: str = "") -> Fault | None:
    other = _neighbour(rng, sheet, spot, lambda o: o.is_figure, down=False)
    if other is None:
        return None
    first, second = sorted((spot, other), key=lambda s: s.cell.x0)
    holder, emptied = (first, second) if rng.random() < 0.5 else (second, first)
    return Fault({_at(holder): first.text + between + second.text, _at(emptied): ""})


def _joined_spaced(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    return _joined(rng, sheet, spot, " ")


def _split(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    after = [o for o in sheet.beside(spot, False) if o.cell.x0 > spot.cell.x0]
    if len(spot.text) < 2 or not after:
        return None
    cut = rng.randrange(1, len(spot.text))
    return Fault({_at(spot): spot.text[:cut], _at(after[0]): spot.text[cut:]})


def _digit(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    text, place = spot.text, rng.randrange(len(spot.text))
    other = rng.choice([d for d in "0123456789" if d != text[place]])
    return Fault({_at(spot): text[:place] + other + text[place + 1 :]})


def _row_lost(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    return Fault(dict.fromkeys(sheet.within(spot, False)))


def _column_removed(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    return Fault(dict.fromkeys(sheet.within(spot, True)))


def _column_emptied(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    column = [s for s in sheet.spots if s.grid == spot.grid and _in_line(spot.cell, s.cell, True)]
    return Fault({_at(s): "" for s in column})


def _row_shifted(rng: random.Random, sheet: Sheet, spot: Spot) -> Fault | None:
    row = sheet.row(spot)
    texts = [s.text for s in row]
    shifted = ["", *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], ""]
    if shifted == texts:
        return None
    return Fault({_at(s): text for s, text in zip(row, shifted, strict=True)})


FAULTS: dict[str, Callable[[random.Random, Sheet, Spot], Fault | None]] = {
    "dropped": _dropped,
    "copied": _copied,
    "moved": _moved,
    "swapped": _swapped,
    "joined": _joined,
    "joined_spaced": _joined_spaced,
    "split": _split,
    "digit_changed": _digit,
    "row_lost": _row_lost,
    "column_emptied": _column_emptied,
    "column_removed": _column_removed,
    "row_shifted": _row_shifted,
}
WORDS = {
    "dropped": "a figure dropped",
    "copied": "a figure copied into a neighbour",
    "moved": "a figure moved to a neighbour",
    "swapped": "two neighbours swapped",
    "joined": "two figures joined, 12 and 3 as 123",
    "joined_spaced": "two figures in one cell, 12 3",
    "split": "a figure split, 123 as 12 and 3",
    "digit_changed": "a digit changed",
    "row_lost": "a row lost",
    "column_emptied": "a column's figures lost",
    "column_removed": "a column lost, its heading too",
    "row_shifted": "a row shifted by a column",
}


def planted(sheet: Sheet, kind: str, each: int, seed: str) -> Iterator[tuple[Spot, Fault]]:
    """Up to so many different faults of that kind, three in four of them at a figure that is not zero."""
    rng = random.Random(f"{seed} {sheet.document.source} {sheet.reader} {kind}")
    figures = [spot for spot in sheet.spots if spot.is_figure]
    large = [spot for spot in figures if spot.text.strip("0")]
    seen = set()
    for _ in range(each * 20):
        if not figures or len(seen) == each:
            return
        spot = rng.choice(large if large and rng.random() < 0.75 else figures)
        fault = FAULTS[kind](rng, sheet, spot)
        if fault is None or (mark := tuple(sorted(fault.texts.items(), key=lambda item: item[0]))) in seen:
            continue
        seen.add(mark)
        yield spot, fault
