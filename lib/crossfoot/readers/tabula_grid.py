"""The first reader of a PDF's tables: tabula-java through tabula-py, in this process.

As JSON: only that output carries each cell's own box, so that a merged cell never shifts a figure into
another column. tabula-py's `read_pdf` names no page in it and opens the file for every call; so lattice mode
asks the engine that tabula-py holds page by page, the file open once, which gives what `read_pdf` gives page
by page in half the time.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import jpype
from tabula.backend import TabulaVm

from .. import java
from ..document import Cell, Grid
from ..errors import ReportError
from .boxes import TOLERANCE, place
from .radicals import unified

READER = "tabula"
_SLIVER = 3.0  # points: what tabula makes of a doubled rule or of the edge of a shading
_NONE: Mapping[int, bytes] = {}

Tables = list[dict[str, Any]]


def grids(
    path: Path, numbers: Iterable[int], *, redrawn: Mapping[int, bytes] = _NONE
) -> dict[int, tuple[Grid, ...]]:
    """The tables that tabula finds on those pages (1-based), by page, from top to bottom.

    Cells of no size (what a merged cell covers) and slivers are dropped; lines within a cell are apart by
    `\\n`. A page in `redrawn` is read from that PDF of its own instead. Raises ReportError where tabula
    cannot read the file, JavaError where Java does not start.
    """
    java.start()
    pages = list(numbers)
    with reading(path):
        found = _lattice(path, [n for n in pages if n not in redrawn])
        for number in (n for n in pages if n in redrawn):
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "page.pdf"
                copy.write_bytes(redrawn[number])
                found[number] = _lattice(copy, [1])[1]
    return {number: _grids(found[number], number) for number in pages}


@contextmanager
def reading(path: Path) -> Iterator[None]:
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


def _lattice(path: Path, pages: list[int]) -> dict[int, Tables]:
    if not pages:
        return {}
    engine = TabulaVm(java_options=[], silent=True).tabula
    document = jpype.JPackage("org").apache.pdfbox.pdmodel.PDDocument.load(
        jpype.JPackage("java").io.File(str(path))
    )
    try:
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
    finally:
        document.close()


def _grids(found: Tables, number: int) -> tuple[Grid, ...]:
    tables = [_trimmed(_cells(table["data"])) for table in found]
    kept = [cells for cells in tables if len({round(cell.x0) for cell in cells}) > 1]
    kept.sort(key=lambda cells: (cells[0].top, cells[0].x0))
    return tuple(Grid(tuple(cells), number, TOLERANCE) for cells in kept)


def _cells(data: Iterable[Iterable[dict[str, Any]]]) -> list[Cell]:
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
