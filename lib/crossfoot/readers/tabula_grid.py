"""The first reader of a PDF's tables: tabula-java through tabula-py, in this process.

Lattice mode, as JSON: only that output carries each cell's own box, so that a merged cell never shifts a
figure into another column. It names no page, so each page is asked for by itself.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tabula

from .. import java
from ..document import Cell, Grid
from ..errors import ReportError
from .boxes import TOLERANCE, place
from .upright import upright

READER = "tabula"
_SLIVER = 3.0  # points: what tabula makes of a doubled rule or of the edge of a shading


def grids(path: Path, number: int, *, ruled: bool = True, turned: bool = False) -> tuple[Grid, ...]:
    """The tables that tabula finds on a page (1-based), from top to bottom.

    Cells of no size (what a merged cell covers) and slivers are dropped; lines within a cell are apart by
    `\\n`. With `ruled` false the page draws no rules, and tabula guesses rows and columns from the gaps
    (its stream mode). With `turned` it reads a copy drawn upright: of a page that is shown turned by two or
    three quarters tabula places the rules wrongly and finds every cell blank. Raises ReportError where
    tabula cannot read the file, JavaError where Java does not start.
    """
    if not turned:
        found = _tables(path, path.name, number, number, ruled)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "upright.pdf"
            copy.write_bytes(upright(path.read_bytes(), number))
            found = _tables(copy, path.name, 1, number, ruled)
    tables = [_trimmed(_cells(table["data"])) for table in found]
    kept = [cells for cells in tables if len({round(cell.x0) for cell in cells}) > 1]
    return tuple(
        Grid(tuple(cells), number, TOLERANCE) for cells in sorted(kept, key=lambda c: (c[0].top, c[0].x0))
    )


def _tables(path: Path, name: str, page: int, number: int, ruled: bool) -> list[dict[str, Any]]:
    java.start()
    try:
        found: Any = tabula.read_pdf(
            str(path),
            pages=page,
            lattice=ruled,
            stream=not ruled,
            guess=not ruled,
            output_format="json",
            silent=True,
        )
    except Exception as error:  # a Java exception, of whatever kind: all mean the same to the user
        raise ReportError(
            f"tabula cannot read it ({error.__class__.__name__})",
            file=name,
            page=number,
            advice="Print the report to a new PDF and audit that",
        ) from error
    return list(found or ())


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
