"""What of a PDF page is ruled into cells, and whether tables stand beside it that are not."""

import re
from collections.abc import Sequence

from ...document import Grid
from ..boxes import Box
from ..page_text import PageText, is_page_number
from .wordings import APPLICANTS

_HEAD = re.compile("自然人|公民|申请人情况|信息内容|结果维持|结果.*结果.*结果")
_FIGURES = re.compile(r"(\s([-+]?[\d.,]+|[-—/]+)){5}\s*$")
_ROW = re.compile(r"[\u4e00-\u9fff”）)](\s+[-+]?[\d.,]+){2,}\s*$")  # a label and its figures in one cell
_FEWEST_COLUMNS = 2  # of a ruled table that is one; fewer are a frame, or lines between rows


def has_tables(page: PageText, ruled: Sequence[Grid]) -> bool:
    """Whether the page has heads of statutory tables, or rows of figures, outside of its ruled tables."""
    areas = [_heights(grid) for grid in ruled if _sound(grid)]
    for text, (_, top, _, bottom) in page.lines:
        if _HEAD.search(text) or _FIGURES.search(text):
            middle = (top + bottom) / 2
            if not any(a <= middle <= b for a, b in areas):
                return True
    return False


def is_ruled(grids: Sequence[Grid]) -> bool:
    """Whether one of the tables of a page is ruled into cells."""
    return any(map(_sound, grids))


def _sound(grid: Grid) -> bool:
    """Whether rules part the columns: a frame, or lines between rows, leave several figures in a cell."""
    if len({round(cell.x0) for cell in grid.cells}) < _FEWEST_COLUMNS:
        return False
    return not any(_several(cell.text) for cell in grid.cells)


def _several(text: str) -> bool:
    return _ROW.search(text) is not None or sum(head in text for head in APPLICANTS[:5]) > 1


def apart(page: PageText, ruled: Sequence[Grid]) -> list[Box]:
    """The areas of the page that are no table without rules: ruled tables, and page numbers."""
    areas = [(0.0, *_heights(grid)) for grid in ruled if _sound(grid)]
    numbers = [box for text, box in page.lines if is_page_number(text, box, page)]
    return [*((x, top, x, bottom) for x, top, bottom in areas), *numbers]


def together(ruled: Sequence[Grid], unruled: Sequence[Grid]) -> tuple[Grid, ...]:
    """The tables of a page in order; those whose rules part no columns are left out."""
    kept = [grid for grid in ruled if _sound(grid)]
    return tuple(sorted([*kept, *unruled], key=lambda grid: _heights(grid)[0]))


def _heights(grid: Grid) -> tuple[float, float]:
    return min(cell.top for cell in grid.cells), max(cell.bottom for cell in grid.cells)
