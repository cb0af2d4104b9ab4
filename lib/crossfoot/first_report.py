"""Two reports in one file: where the second begins, so that none of its figures is taken for the first's."""

import re
from collections.abc import Iterable
from dataclasses import replace

from .document import Document, Grid, Line
from .extraction_problems import Trouble
from .forms import tables
from .labels import similarity
from .masthead import title_in
from .texts import one_line, words

_REQUESTS = tables("2021")["requests"]
_FIRST_ROW, _LAST_ROW = (
    (row.label, *row.aliases) for row in (_REQUESTS.row("new"), _REQUESTS.row("carried_out"))
)
_Spot = tuple[int, float]
_LONGEST_TITLE = 60


def first_report(document: Document) -> tuple[Document, Trouble | None]:
    """The document up to where a second report begins, and a trouble that says so; else the document itself.

    A second report is one whose title stands between the last row of a table 三 and the first row of
    another. Text, lines and tables from that title on are left out; `pages` stays.
    """
    for grids in document.grids.values():
        spots = _turn(grids)
        title = spots and _title(document, *spots)
        if title:
            begins = document.text[title.start : title.end].strip()
            told = words("read.second_report", title=one_line(begins))
            where = "" if title.box is None or title.page else f"line {round(title.box[1]) + 1}"
            return _until(document, title), Trouble("second_report", (), told, (), title.page, where)
    return document, None


def _turn(grids: Iterable[Grid]) -> tuple[_Spot, _Spot] | None:
    """Where the last row of a table 三 ends and the first row of another one begins; None with one alone."""
    begun, ended = False, None
    for grid in grids:
        for cell in sorted(grid.cells, key=lambda cell: cell.top):
            if not begun:
                begun = similarity(cell.text, _FIRST_ROW) >= 90
            elif similarity(cell.text, _LAST_ROW) >= 90:
                ended = (grid.page or 0, cell.bottom)
            elif ended and similarity(cell.text, _FIRST_ROW) >= 90:
                return ended, (grid.page or 0, cell.top)
    return None


def _title(document: Document, after: _Spot, before: _Spot) -> Line | None:
    """The line between two places that the last title there begins with, an issuer's line above included."""
    lines = [line for line in document.lines if document.text[line.start : line.end].strip()]
    texts = [re.sub(r"\s+", "", document.text[line.start : line.end]) for line in lines]
    found = None
    for index, line in enumerate(lines):
        if line.box is None or not after <= (line.page or 0, line.box[1]) < before:
            continue
        for heading in (texts[index], "".join(texts[index : index + 2])):
            title = title_in(heading) if len(heading) <= _LONGEST_TITLE else None
            if title and len(heading) - title.end <= 6:
                alone = index and title.alone
                found = lines[index - 1] if alone and re.fullmatch(r"\w{3,30}", texts[index - 1]) else line
                break
    return found


def _until(document: Document, end: Line) -> Document:
    assert end.box is not None
    spot = (end.page or 0, end.box[1])
    grids = {
        reader: tuple(g for g in found if (g.page or 0, min(c.top for c in g.cells)) < spot)
        for reader, found in document.grids.items()
    }
    lines = tuple(line for line in document.lines if line.start < end.start)
    return replace(document, text=document.text[: end.start], lines=lines, grids=grids)
