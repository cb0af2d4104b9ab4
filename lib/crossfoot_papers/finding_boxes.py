"""What of each finding is boxed on the report's pages: its cells, sums of cells, numbers in the prose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from crossfoot.audit import Audit
from crossfoot.document import Document, Line
from crossfoot.readers.boxes import TOLERANCE, Box
from crossfoot.readers.glyphs import Glyph, glyphs, line_text, rows
from crossfoot.texts import worded

from .comparisons import FEW
from .findings import ShownFinding
from .quotations import box_of, box_on_page
from .spreadsheet import display_width

_AIR = 1.8  # points around a number, less where its neighbours stand nearer


@dataclass(frozen=True, slots=True)
class FindingBox:
    """One box of a finding: `number` counts the findings from 1, `page` the pages.

    `box` is in points from the page's upper left corner as shown. `names` are the cells inside, or
    `claim:START` for a number of the prose. `says` are the comparisons that it enters, worked out. `many`
    says that it holds the parts of a sum, where `names` are many.
    """

    number: int
    page: int
    box: Box
    names: tuple[str, ...]
    says: tuple[str, ...]
    many: bool = False


def finding_boxes(
    audit: Audit, findings: Sequence[ShownFinding], pdf: pdfium.PdfDocument, language: str
) -> list[FindingBox]:
    """The boxes of every finding, in the order of findings and pages; none for what stands on no page."""
    positions = _Positions(_cells(audit), _claims(audit, findings, pdf))
    boxes = []
    for finding in findings:
        held: dict[tuple[int, Box], tuple[tuple[str, ...], list[str], bool]] = {}
        for page, box, names, says, many in _wanted(audit, finding, positions, language):
            _, words, _ = held.setdefault((page, box), (names, [], many))
            if says and says not in words:
                words.append(says)
        boxes += [
            FindingBox(finding.number, page, box, names, tuple(words), many)
            for (page, box), (names, words, many) in held.items()
        ]
    return sorted(boxes, key=lambda one: (one.number, one.page, one.box[1], one.box[0]))


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


@dataclass(frozen=True, slots=True)
class _Positions:
    """Where everything stands: cells by name, claims by offset."""

    cells: dict[str, tuple[int, Box]]
    claims: dict[int, tuple[int, Box]]


def _wanted(
    audit: Audit, finding: ShownFinding, positions: _Positions, language: str
) -> Iterable[tuple[int, Box, tuple[str, ...], str, bool]]:
    """Page, box, names, the comparison worked out, and whether they are parts of a sum."""
    for one in finding.broken:
        says = one.worked_out(language, audit.report.form)
        if one.start is not None and one.start in positions.claims:
            yield *positions.claims[one.start], (f"claim:{one.start}",), says, False
        for group in one.groups:
            if len(group) <= FEW:
                for name in group:
                    if name in positions.cells:
                        yield *positions.cells[name], (name,), says, False
            else:
                for page, box, names in _runs(group, positions.cells):
                    yield page, box, names, says, len(names) > 1
    for change in (change for one in finding.explanations for change in one.changes):
        if change.claim is not None and change.claim in positions.claims:
            yield *positions.claims[change.claim], (f"claim:{change.claim}",), "", False
        elif finding.kind == "extraction" and change.cell in positions.cells:
            yield *positions.cells[change.cell], (change.cell,), "", False
    problem = audit.problem_of(finding.id)
    spot = box_of(problem.where) if problem else None
    if problem and problem.page and spot:
        yield int(problem.page), spot, problem.cells, worded(problem.words, language), False


def _cells(audit: Audit) -> dict[str, tuple[int, Box]]:
    found = {}
    for row in audit.facts.to_dict("records"):
        box = box_on_page(row)
        if box is not None:
            found[row["cell"]] = int(row["page"]), box
    return found


def _claims(
    audit: Audit, findings: Iterable[ShownFinding], pdf: pdfium.PdfDocument
) -> dict[int, tuple[int, Box]]:
    """Where each number and sentence that a finding is about stands, by its offset."""
    assert audit.document is not None
    ends = dict(zip(audit.claims["start"].tolist(), audit.claims["end"].tolist(), strict=True))
    text = audit.document.text
    wanted: set[int] = set()
    for finding in findings:
        for one in finding.broken:
            if one.start is None:
                continue
            wanted.add(one.start)
            if text.startswith(one.said, one.start):  # a sentence is longer than any number in it
                ends[one.start] = max(ends.get(one.start, 0), one.start + len(one.said))
        wanted |= {c.claim for way in finding.explanations for c in way.changes if c.claim is not None}
    spans = [(start, ends[start]) for start in sorted(wanted) if start in ends]
    return {start: place for (start, _), place in number_boxes(audit.document, pdf, spans).items()}


def _runs(
    side: Sequence[str], cells: dict[str, tuple[int, Box]]
) -> Iterable[tuple[int, Box, tuple[str, ...]]]:
    """The cells of a side in runs of neighbours, each with the box around it."""
    run: list[str] = []
    for name in side:
        if name not in cells:
            continue
        if run and not _touch(cells[run[-1]], cells[name]):
            yield _around(run, cells)
            run = []
        run.append(name)
    if run:
        yield _around(run, cells)


def _around(run: Sequence[str], cells: dict[str, tuple[int, Box]]) -> tuple[int, Box, tuple[str, ...]]:
    boxes = [cells[name][1] for name in run]
    box = (
        min(one[0] for one in boxes),
        min(one[1] for one in boxes),
        max(one[2] for one in boxes),
        max(one[3] for one in boxes),
    )
    return cells[run[0]][0], box, tuple(run)


def _touch(one: tuple[int, Box], other: tuple[int, Box]) -> bool:
    """Whether two cells are neighbours on one page, along a row or down a column."""
    (page, a), (same, b) = one, other
    beside = abs(a[2] - b[0]) <= TOLERANCE and abs(a[1] - b[1]) <= TOLERANCE
    below = abs(a[3] - b[1]) <= TOLERANCE and abs(a[0] - b[0]) <= TOLERANCE
    return page == same and (beside or below)


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
