"""Where the numbers of the prose stand on the pages of a PDF."""

from collections.abc import Sequence

import pypdfium2 as pdfium

from crossfoot.document import Document, Line
from crossfoot.readers.boxes import Box
from crossfoot.readers.glyphs import Glyph, glyphs, line_text, rows

from .book import display_width

_AIR = 1.8  # points around a number, less where its neighbours stand nearer


def number_boxes(
    document: Document, pdf: pdfium.PdfDocument, spans: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, Box]]:
    """For each span of the document's text (start, end) its page and a box around its characters alone.

    Points from the page's upper left corner as a viewer shows it. Where a page has no characters (a scan)
    the box is measured along the line. A span that stands on no page is left out; of one that runs over
    the end of a line the part on its first line counts.
    """
    found: dict[tuple[int, int], tuple[int, Box]] = {}
    printed: dict[int, list[list[Glyph]]] = {}
    for start, end in spans:
        line = next((one for one in document.lines if one.start <= start < one.end), None)
        if line is None or line.page is None or line.box is None:
            continue
        if line.page not in printed:
            page = pdf[line.page - 1]
            try:
                printed[line.page] = rows(glyphs(page))
            finally:
                page.close()
        text = document.text[line.start : line.end]
        part = start - line.start, min(end, line.end) - line.start
        box = _of_glyphs(printed[line.page], text, line.box, part) or _along(line, text, part)
        found[start, end] = line.page, box
    return found


def _of_glyphs(printed: Sequence[Sequence[Glyph]], text: str, box: Box, part: tuple[int, int]) -> Box | None:
    """The box of a part of the line that reads `text` and stands nearest to `box`; None where none does."""
    same = [row for row in printed if line_text(row) == text]
    if not same:
        return None
    row = min(same, key=lambda one: abs(one[0].top - box[1]) + abs(one[0].x0 - box[0]))
    at, inside = 0, []
    for number, glyph in enumerate(row):
        while at < len(text) and text[at] != glyph.char:
            at += 1  # a space that stands for a gap
        if part[0] <= at < part[1]:
            inside.append(number)
        at += 1
    if not inside:
        return None
    held = row[inside[0] : inside[-1] + 1]
    x0, x1 = min(glyph.x0 for glyph in held), max(glyph.x1 for glyph in held)
    before = x0 - row[inside[0] - 1].x1 if inside[0] else _AIR
    behind = row[inside[-1] + 1].x0 - x1 if inside[-1] + 1 < len(row) else _AIR
    return (
        x0 - max(0.0, min(_AIR, before * 0.45)),
        min(glyph.top for glyph in held) - _AIR,
        x1 + max(0.0, min(_AIR, behind * 0.45)),
        max(glyph.bottom for glyph in held) + _AIR,
    )


def _along(line: Line, text: str, part: tuple[int, int]) -> Box:
    """The box of a part of a line, measured by how wide its characters usually are."""
    x0, top, x1, bottom = line.box or (0.0, 0.0, 0.0, 0.0)
    step = (x1 - x0) / max(1, display_width(text))
    before, inside = display_width(text[: part[0]]), display_width(text[part[0] : part[1]])
    return x0 + before * step, top, x0 + (before + inside) * step, bottom
