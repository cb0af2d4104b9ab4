"""Tables without rules for the reader `tabula`: its engine's characters in the order of the page's content.

tabula's own guess at such tables (its stream mode) cuts labels into lines and runs narrow columns together,
so only its characters are used. Their order tells which figure is whose (word_order.py), where the second
reader goes by the places of words (word_places.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import jpype

from ... import java
from ...document import Cell, Grid
from ..boxes import Box, place
from ..radicals import unified
from ..tabula_grid import reading
from . import word_order
from .wordings import CONTENT
from .words import Word, around

_PAGE = 10_000.0  # points: higher than any page, so that a page's words stand below those of the one before
_GAP = 0.4  # of the height: a wider gap parts two words
_LINE = 0.4  # of the height: characters of one line


def grids(path: Path, pages: Mapping[int, Sequence[Box]]) -> dict[int, tuple[Grid, ...]]:
    """The tables on those pages (1-based) by the order of their words, by page.

    `pages` gives for each page the areas that are none of its tables: page numbers, and tables with rules.
    Raises ReportError where tabula cannot read the file, JavaError where Java does not start.
    """
    if not pages:
        return {}
    java.start()
    with reading(path):
        found = _words(path, pages)
    made: dict[int, list[Grid]] = {number: [] for number in pages}
    for run in _neighbours(pages):
        kept = (
            w._replace(top=w.top + n * _PAGE, bottom=w.bottom + n * _PAGE)
            for n in run
            for w in found[n]
            if not any(area[1] <= w.middle <= area[3] for area in pages[n])
        )
        tables = word_order.tables(kept)
        for table in tables:
            # a head printed again on the next page begins a table that goes on with the same columns
            same = [other for other in tables if other.kind == table.kind == "requests"]
            for number, grid in _grids(table, _reaches([table]) or _reaches(same)):
                made[number].append(grid)
    return {number: tuple(grids) for number, grids in made.items()}


def _neighbours(pages: Iterable[int]) -> list[list[int]]:
    """The pages in runs of numbers that follow each other: a table goes on over those."""
    runs: list[list[int]] = []
    for number in sorted(pages):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _words(path: Path, pages: Iterable[int]) -> dict[int, list[Word]]:
    document = jpype.JPackage("org").apache.pdfbox.pdmodel.PDDocument.load(
        jpype.JPackage("java").io.File(str(path))
    )
    try:
        found = {}
        for page in pages:
            stripper = jpype.JPackage("technology").tabula.TextStripper(document, page)
            stripper.process()
            found[page] = _joined(
                Word(str(e.getText()), e.getLeft(), e.getTop(), e.getRight(), e.getBottom())
                for e in stripper.getTextElements()
            )
        return found
    finally:
        document.close()


def _joined(characters: Iterable[Word]) -> list[Word]:
    """The words that the characters make in the order in which they come."""
    words: list[Word] = []
    spaced = True
    for letter in characters:
        text = unified(letter.text).strip()
        if not text:
            spaced = True
            continue
        wide, tall = letter.x1 - letter.x0, letter.bottom - letter.top
        tall = wide if text > "\u2e80" else max(wide, tall)
        if (
            not spaced
            and abs(letter.bottom - words[-1].bottom) <= _LINE * tall
            and -_GAP * tall <= letter.x0 - words[-1].x1 <= _GAP * tall
        ):
            words[-1] = Word(words[-1].text + text, *around((words[-1], letter)))
        else:
            words.append(letter._replace(text=text))
        spaced = False
    return words


def _grids(table: word_order.Table, reaches: Sequence[tuple[float, float]]) -> Iterator[tuple[int, Grid]]:
    """The table by page, with the places of its figures; nothing where these do not stand in columns.

    Columns are where the figures of whole rows stand. A row with fewer figures is read where each stands in
    just one of them.
    """
    if not reaches:
        return
    edge = reaches[0][0]
    by_page: dict[int, list[Cell]] = {}
    for row in table.rows:
        under = _under(reaches, row.figures)
        if under is None:
            continue
        x0, top, x1, bottom = around(row.figures)
        number = int(top // _PAGE)
        top, bottom = top - number * _PAGE, bottom - number * _PAGE
        if not by_page and table.head:
            for text, (x0, x1) in zip(table.columns, reaches, strict=True):
                by_page.setdefault(number, []).append(_cell(text, (x0, top - 2.0, x1, top - 1.0)))
            if table.kind == "disclosure":
                by_page[number].append(_cell(CONTENT, (edge - 2.0, top - 2.0, edge - 1.0, top - 1.0)))
        cells = by_page.setdefault(number, [])
        if row.text:
            left = min(edge - 2.0, min(w.x0 for w in row.label))
            cells.append(_cell(row.text, (left, top, edge - 1.0, bottom)))
        shown = dict(zip(under, row.figures, strict=True))
        for index, (x0, x1) in enumerate(reaches):
            cells.append(_cell(shown[index].text if index in shown else "", (x0, top, x1, bottom)))
    for number, cells in by_page.items():
        yield number, Grid(tuple(sorted(cells, key=lambda c: (c.top, c.x0))), number)


def _reaches(tables: Iterable[word_order.Table]) -> list[tuple[float, float]]:
    """Where the columns stand by the rows that have a figure in each; empty where there is no such row."""
    whole = [row.figures for table in tables for row in table.rows if row.whole]
    if not whole:
        return []
    boxes = [around(figures) for figures in zip(*whole, strict=True)]
    if any(left[2] > right[0] for left, right in pairwise(boxes)):
        return []
    return [(x0, x1) for x0, _, x1, _ in boxes]


def _under(reaches: Sequence[tuple[float, float]], figures: Sequence[Word]) -> list[int] | None:
    """The number of each figure's column; None where one stands in no column, or two in one."""
    found = []
    for word in figures:
        under = [i for i, (x0, x1) in enumerate(reaches) if min(x1, word.x1) > max(x0, word.x0)]
        found += under if len(under) == 1 else [-1]
    return found if -1 not in found and found == sorted(set(found)) else None


def _cell(text: str, box: Box) -> Cell:
    return Cell(text, *box, place(box))
