"""The first reader of a PDF's tables: tabula-java through tabula-py, in this process.

Ruled tables come as JSON: only that output carries each cell's own box, so that a merged cell never shifts a
figure into another column. tabula-py's `read_pdf` names no page in it and opens the file for every call. So
lattice mode asks the engine that tabula-py holds page by page, the file open once: this gives what `read_pdf`
gives page by page in half the time.

tabula's own guess at tables without rules (its stream mode) cuts labels into lines and runs narrow columns
together, so only its characters are used for those. Their order tells which figure is whose
(unruled/word_order.py), where the second reader goes by the places of words (unruled/word_places.py).
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import jpype
from tabula.backend import TabulaVm

from .. import java
from ..document import Cell, Grid
from ..errors import ReportError
from .boxes import TOLERANCE, Box, place
from .decoding import unified
from .unruled import word_order
from .unruled.words import CONTENT, Word, around

READER = "tabula"
_SLIVER = 3.0  # points: what tabula makes of a doubled rule or of the edge of a shading
_NONE: Mapping[int, bytes] = {}
_Reach = tuple[float, float]  # from where to where a column goes
_Tables = list[dict[str, Any]]
_PAGE = 10_000.0  # points: higher than any page, so that a page's words stand below those of the one before
_GAP = 0.4  # of the height: a wider gap parts two words
_LINE = 0.4  # of the height: characters of one line


def ruled_tables(
    path: Path, numbers: Iterable[int], *, redrawn: Mapping[int, bytes] = _NONE
) -> dict[int, tuple[Grid, ...]]:
    """The tables that tabula finds on those pages (1-based), by page, from top to bottom.

    Cells of no size (what a merged cell covers) and slivers are dropped; lines within a cell are apart by
    `\\n`. A page in `redrawn` is read from that PDF of its own instead. Raises ReportError where tabula
    cannot read the file, JavaError where Java does not start.
    """
    java.start()
    pages = list(numbers)
    with _reading(path):
        found = _lattice(path, [n for n in pages if n not in redrawn])
        for number in (n for n in pages if n in redrawn):
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "page.pdf"
                copy.write_bytes(redrawn[number])
                found[number] = _lattice(copy, [1])[1]
    return {number: _ruled(found[number], number) for number in pages}


def unruled_tables(path: Path, pages: Mapping[int, Sequence[Box]]) -> dict[int, tuple[Grid, ...]]:
    """The tables on those pages (1-based) by the order of their words, by page.

    `pages` gives for each page the areas that are none of its tables: page numbers, and tables with rules.
    Raises ReportError where tabula cannot read the file, JavaError where Java does not start.
    """
    if not pages:
        return {}
    java.start()
    with _reading(path):
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
            for number, grid in _unruled(table, _reaches([table]) or _reaches(same)):
                made[number].append(grid)
    return {number: tuple(unruled_tables) for number, unruled_tables in made.items()}


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Raises ReportError for a Java exception of whatever kind: all mean the same to the user.

    Nothing else is the file's fault: an error of ours comes through as itself.
    """
    try:
        yield
    except jpype.JException as error:
        raise ReportError(
            f"tabula cannot read it ({error.__class__.__name__})",
            file=path.name,
            advice="Print the report to a new PDF and audit that",
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file as a document of PDFBox."""
    document = jpype.JPackage("org").apache.pdfbox.pdmodel.PDDocument.load(
        jpype.JPackage("java").io.File(str(path))
    )
    try:
        yield document
    finally:
        document.close()


def _lattice(path: Path, pages: list[int]) -> dict[int, _Tables]:
    if not pages:
        return {}
    engine = TabulaVm(java_options=[], silent=True).tabula
    with _opened(path) as document:
        extractor = engine.ObjectExtractor(document)
        search = engine.extractors.SpreadsheetExtractionAlgorithm()
        every, counts = jpype.JPackage("java").util.ArrayList(), []
        for page in pages:
            tables = search.extract(extractor.extract(page))
            every.addAll(tables)
            counts.append(len(tables))
        written = jpype.JPackage("java").lang.StringBuilder()
        engine.writers.JSONWriter().write(written, every)
        found = iter(json.loads(str(written.toString())))
        return {page: list(islice(found, count)) for page, count in zip(pages, counts, strict=True)}


def _ruled(found: _Tables, number: int) -> tuple[Grid, ...]:
    tables = [_trimmed(_table_cells(table["data"])) for table in found]
    kept = [cells for cells in tables if len({round(cell.x0) for cell in cells}) > 1]
    kept.sort(key=lambda cells: (cells[0].top, cells[0].x0))
    return tuple(Grid(tuple(cells), number, TOLERANCE) for cells in kept)


def _table_cells(data: Iterable[Iterable[dict[str, Any]]]) -> list[Cell]:
    cells = []
    for row in data:
        for item in row:
            if item["width"] < _SLIVER or item["height"] < _SLIVER:
                continue
            box = (
                item["left"],
                item["top"],
                item["left"] + item["width"],
                item["top"] + item["height"],
            )
            text = unified(item["text"]).replace("\r\n", "\n").replace("\r", "\n").strip()
            cells.append(Cell(text, *box, place(box)))
    return sorted(cells, key=lambda cell: (cell.top, cell.x0))


def _trimmed(cells: list[Cell]) -> list[Cell]:
    """The table without the paragraphs above and below it whose shading tabula takes for cells.

    Those are rows of one cell each. One such row next to the table's own is kept if anything is printed in
    it: it is the table's heading.
    """
    bands: list[list[Cell]] = []
    bottom = float("-inf")
    for cell in cells:
        if cell.top > bottom - _SLIVER:
            bands.append([])
        bands[-1].append(cell)
        bottom = max(bottom, cell.bottom)
    shared = [index for index, band in enumerate(bands) if len(band) > 1]
    if not shared:
        return []
    first, last = shared[0], shared[-1] + 1
    if first > 0 and bands[first - 1][0].text:
        first -= 1
    if last < len(bands) and bands[last][0].text:
        last += 1
    return [cell for band in bands[first:last] for cell in band]


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
    with _opened(path) as document:
        found = {}
        for page in pages:
            stripper = jpype.JPackage("technology").tabula.TextStripper(document, page)
            stripper.process()
            found[page] = _joined(
                Word(str(e.getText()), e.getLeft(), e.getTop(), e.getRight(), e.getBottom())
                for e in stripper.getTextElements()
            )
        return found


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


def _unruled(table: word_order.RunTable, reaches: Sequence[_Reach]) -> Iterator[tuple[int, Grid]]:
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


def _reaches(tables: Iterable[word_order.RunTable]) -> list[_Reach]:
    """Where the columns stand by the rows that have a figure in each; empty where there is no such row."""
    whole = [row.figures for table in tables for row in table.rows if row.whole]
    if not whole:
        return []
    boxes = [around(figures) for figures in zip(*whole, strict=True)]
    if any(left[2] > right[0] for left, right in pairwise(boxes)):
        return []
    return [(x0, x1) for x0, _, x1, _ in boxes]


def _under(reaches: Sequence[_Reach], figures: Sequence[Word]) -> list[int] | None:
    """The number of each figure's column; None where one stands in no column, or two in one."""
    found = []
    for word in figures:
        under = [i for i, (x0, x1) in enumerate(reaches) if min(x1, word.x1) > max(x0, word.x0)]
        found += under if len(under) == 1 else [-1]
    return found if -1 not in found and found == sorted(set(found)) else None


def _cell(text: str, box: Box) -> Cell:
    return Cell(text, *box, place(box))
