"""The first reader of a PDF's tables: tabula-java through tabula-py, in this process.

Lattice mode, as JSON: only that output carries each cell's own box, so that a merged cell never shifts a
figure into another column. It names no page, so each page is asked for by itself.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tabula

from .. import java
from ..document import Cell, Grid
from ..errors import ReportError
from .boxes import TOLERANCE, place

READER = "tabula"
_SLIVER = 3.0  # points: what tabula makes of a doubled rule or of the edge of a shading


def grids(path: Path, number: int, *, ruled: bool = True) -> tuple[Grid, ...]:
    """The tables that tabula finds on a page (1-based), from top to bottom.

    Cells of no size (what a merged cell covers) and slivers are dropped; lines within a cell are apart by
    `\\n`. With `ruled` false the page draws no rules, and tabula guesses rows and columns from the gaps
    (its stream mode). Raises ReportError where tabula cannot read the file, JavaError where Java does not
    start.
    """
    java.start()
    try:
        found: Any = tabula.read_pdf(
            str(path),
            pages=number,
            lattice=ruled,
            stream=not ruled,
            guess=not ruled,
            output_format="json",
            silent=True,
        )
    except Exception as error:  # a Java exception, or the subprocess's failure: all mean the same to the user
        raise ReportError(
            f"tabula cannot read it ({error.__class__.__name__})",
            file=path.name,
            page=number,
            advice="Print the report to a new PDF and audit that",
        ) from error
    tables = [_trimmed(_cells(table["data"])) for table in found or ()]
    kept = [cells for cells in tables if len({round(cell.x0) for cell in cells}) > 1]
    return tuple(
        Grid(tuple(cells), number, TOLERANCE) for cells in sorted(kept, key=lambda c: (c[0].top, c[0].x0))
    )


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
            text = item["text"].replace("\r\n", "\n").replace("\r", "\n").strip()
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
