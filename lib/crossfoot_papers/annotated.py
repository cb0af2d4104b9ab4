"""The annotated report: the issuer's own PDF with every finding boxed and explained where it stands."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from pypdf.generic import DictionaryObject

from crossfoot import fonts
from crossfoot.atomic_write import replace
from crossfoot.audit import Audit, accepted
from crossfoot.document import Document, Line
from crossfoot.errors import ReportError
from crossfoot.readers.boxes import TOLERANCE, Box
from crossfoot.readers.glyphs import Glyph, View, glyphs, line_text, rows, view
from crossfoot.schema import records
from crossfoot.texts import LANGUAGES, say, worded

from . import pdf_annotations as n
from .comparisons import FEW
from .findings import ShownChange, ShownFinding, shown_findings
from .quotations import box_of, box_on_page
from .spreadsheet import display_width

FILE = "annotated.pdf"
_PIN = 15.0  # points from the page's corner where a note is pinned for which it has no room
_STRONG, _FAINT = 0.36, 0.14  # how dense the colour is over a number of the prose, and over a cell
_AIR = 1.8  # points around a number, less where its neighbours stand nearer
_WITHIN = 1.3  # points that a box keeps from the rules of its cell
_SIDE = 30.0  # points that a note keeps from the page's edges
_SHOWN = 3  # corrections that a note tells
_INK = 225  # of 255: darker is printed
_SPECKS = 1  # pixels of a line that a scan may leave on empty paper


def write(audit: Audit, source: str | Path, folder: str | Path, language: str = "en") -> Path | None:
    """Write the source with its findings annotated (annotated.pdf) into `folder`; return its path.

    None where the source is no PDF. Each finding has, on every page where it stands, a note that is read
    on the page (FreeText, where there is empty room for it) and boxes around its cells, sums and numbers
    (Square), whose contents say what does not agree; author Crossfoot, subject the finding's id, name the
    id and the cells inside. The source's bytes are the beginning of the file; without findings, all of
    it. `language` is "en" or "zh". The same audit gives the same bytes; the file appears whole or not at
    all. Raises ReportError where `source` is not the file that was audited, KeyError for another
    language, OSError where nothing can be read or written.
    """
    path = Path(source)
    data = path.read_bytes()
    if b"%PDF-" not in data[:1024]:
        return None
    if hashlib.sha256(data).hexdigest() != audit.report.sha256:
        raise ReportError("is not the file that was audited", file=path.name, advice="Audit it again")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return replace(target / FILE, n.with_annotations(data, notes(audit, data, language), path.name))


def notes(audit: Audit, data: bytes, language: str) -> dict[int, list[DictionaryObject]]:
    """The annotations by page, from 0: the boxes, then the notes, each from the first finding to the last."""
    accepted("language", language, LANGUAGES)
    findings = shown_findings(audit)
    made: dict[int, list[DictionaryObject]] = {}
    fonts.prepare_pdfium()
    with pdfium.PdfDocument(data) as pdf:
        placed = finding_boxes(audit, findings, pdf, language)
        texts = [_FindingText(one, audit.report.form, len(findings), language) for one in findings]
        lost = [one for one in texts if all(box.number != one.number for box in placed)]
        for number in sorted({box.page for box in placed} | ({1} if lost else set())):
            page = pdf[number - 1]
            here = [box for box in placed if box.page == number]
            there = {box.number for box in here}
            noted = [one for one in texts if one.number in there or (number == 1 and one in lost)]
            shown, space = view(page), _FreeSpace(page)
            made[number - 1] = [*_boxes(shown, space, here, texts), *_notes(shown, space, here, noted)]
            page.close()
    return made


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


@dataclass(frozen=True, slots=True)
class _FindingText:
    """One finding in a language, of `count`."""

    finding: ShownFinding
    form: str
    count: int
    language: str

    @property
    def id(self) -> str:
        """The finding's id."""
        return self.finding.id

    @property
    def number(self) -> int:
        """The finding's number."""
        return self.finding.number

    @property
    def style(self) -> n.NoteStyle:
        """How it is drawn."""
        return n.STYLES[self.finding.kind, self.finding.severity]

    @property
    def title(self) -> str:
        """Its title, with its number where there are several."""
        head = say("annotation.number", self.language, number=self.number) if self.count > 1 else ""
        return f"{head}{worded(self.finding.title, self.language)}"

    def whole(self) -> str:
        """All of it: what does not agree, and what would reconcile it."""
        return "\n".join([self.title, *self._breaks(), *self._corrections()])

    def _breaks(self) -> Iterable[str]:
        broken = self.finding.broken
        if broken:
            yield from ("", say("annotation.breaks", self.language))
        yield from dict.fromkeys(f"  {one.worked_out(self.language, self.form)}" for one in broken)

    def _corrections(self) -> Iterable[str]:
        every = self.finding.explanations
        if self.finding.kind == "extraction":
            yield from (worded(words, self.language) for one in every for words in one.reason.against)
            return
        offered = [one for one in every if one.changes][:_SHOWN]
        if offered:
            yield from ("", say("correction.heading", self.language))
        for letter, one in zip("abc", offered, strict=False):
            yield f"{letter}) {', '.join(self._change(change) for change in one.changes)}"
            said = [("correction.said_for", words) for words in one.reason.speaks_for]
            said += [("correction.said_against", words) for words in one.reason.against]
            if one.reason.decided_by[0]:
                said.append(("correction.said_settled", one.reason.decided_by))
            yield from (f"    {say(key, self.language, words=words)}" for key, words in said)

    def _change(self, change: ShownChange) -> str:
        value = "" if change.value is None else f" → {change.value}"
        called, printed = (worded(pair, self.language) for pair in (change.called, change.printed))
        return f"{called} {printed}{value}"


class _FreeSpace:
    """A page's empty parts, one pixel to a point, as shown; `take` makes a part of it no longer empty."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        picture = page.render(scale=1, may_draw_forms=False, draw_annots=True).to_pil().convert("L")
        self._ink = np.asarray(picture) < _INK
        self.height, self.width = self._ink.shape

    def take(self, box: Box) -> None:
        """Mark a part as printed."""
        x0, top, x1, bottom = _pixels(box)
        self._ink[top:bottom, x0:x1] = True

    def is_free(self, box: Box) -> bool:
        """Whether nothing is printed there, and it is on the page."""
        x0, top, x1, bottom = _pixels(box)
        inside = x0 >= 0 and top >= 0 and x1 <= self.width and bottom <= self.height
        return inside and not self._ink[top:bottom, x0:x1].any()

    def strip(
        self, x0: float, x1: float, high: float, near: Sequence[float], air: float = 6.0
    ) -> float | None:
        """The top of an empty strip `high` points high, between `x0` and `x1`, nearest to the heights `near`.

        None where the page has none with `air` above and below it.
        """
        printed = self._ink[:, int(x0) : int(x1) + 1].sum(axis=1) > _SPECKS
        need = int(high + 2 * air) + 1
        runs, start = [], None
        for y, filled in enumerate([*printed[8:-8], True], 8):
            if not filled and start is None:
                start = y
            elif filled and start is not None:
                if y - start >= need:
                    runs.append((start, y))
                start = None
        tops = [top for first, last in runs for top in (first + air, last - air - high)]
        if not tops:
            return None
        return min(tops, key=lambda top: (min((abs(top + high / 2 - y) for y in near), default=0.0), top))


def _pixels(box: Box) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = box
    return int(x0), int(top), int(x1) + 1, int(bottom) + 1


def _boxes(
    shown: View, space: _FreeSpace, here: Sequence[FindingBox], texts: Sequence[_FindingText]
) -> Iterable[DictionaryObject]:
    """The boxes of a page, numbered where there are several findings and a corner is empty."""
    taken: list[Box] = []
    for one in here:
        finding = texts[one.number - 1]
        drawn = _drawn(one, taken, space)
        taken.append(one.box)
        badge = str(one.number) if len(texts) > 1 and _has_corner(space, drawn, one.number) else ""
        words = "\n".join([finding.title, *one.says])
        about = {"subject": finding.id, "name": f"{finding.id} {' '.join(one.names)}", "contents": words}
        width, tint = (1.0, _STRONG) if _in_prose(one) else (1.0 if one.many else 1.6, _FAINT)
        yield n.square(shown, drawn, finding.style, about, width, tint, badge)


def _drawn(box: FindingBox, taken: Sequence[Box], space: _FreeSpace) -> Box:
    """The box as it is drawn: within the rules of a cell, around a number; inside of earlier ones."""
    x0, top, x1, bottom = box.box
    inner = (0.0 if _in_prose(box) else _WITHIN) + 1.8 * sum(one == box.box for one in taken)
    if box.many:
        inner = _WITHIN / 2
    inner = min(inner, (x1 - x0) / 4, (bottom - top) / 4)
    return (
        max(0.0, x0 + inner),
        max(0.0, top + inner),
        min(float(space.width), x1 - inner),
        min(float(space.height), bottom - inner),
    )


def _in_prose(box: FindingBox) -> bool:
    """Whether the box is around a number of the prose, not around cells."""
    return bool(box.names) and box.names[0].startswith("claim:")


def _has_corner(space: _FreeSpace, box: Box, number: int) -> bool:
    """Whether the box has room in its corner for the finding's number."""
    wide = 7.5 if number < 10 else 10.5
    return space.is_free((box[0] + 0.5, box[1] + 0.5, box[0] + wide, box[1] + 7.5))


def _notes(
    shown: View, space: _FreeSpace, here: Sequence[FindingBox], noted: Sequence[_FindingText]
) -> Iterable[DictionaryObject]:
    """The notes that are read on a page, or pinned to its corner where it has no room."""
    for box in here:
        space.take(box.box)
    wanted = []
    for one in noted:
        own = [box for box in here if box.number == one.number]
        says = list(dict.fromkeys(words for box in own for words in box.says))
        besides = [say("annotation.here", one.language, formulas=" · ".join(says))] if says else []
        near = [(box.box[1] + box.box[3]) / 2 for box in own]
        wanted.append((one.title, besides if own else [say("annotation.nowhere", one.language)], near))
    for one, place in zip(noted, _arranged(space, wanted), strict=True):
        about = {"subject": one.id, "name": f"{one.id} note", "contents": one.whole()}
        if place is None:
            yield n.pin(shown, _PIN, _PIN + 16 * (one.number - 1), one.style, about)
        else:
            yield n.note(shown, place.box, one.style, place.lines, about)


@dataclass(frozen=True, slots=True)
class _NotePlace:
    """A note's lines, and the box on the page that has room for them."""

    lines: list[n.NoteLine]
    box: Box


def _arranged(
    space: _FreeSpace, notes: Sequence[tuple[str, list[str], list[float]]]
) -> list[_NotePlace | None]:
    """A place for each note (title, what is said besides, heights that it should be near), in their order.

    What is said besides is left out where only the title has room; None where not even that.
    """
    found = [_placed(space, *note) for note in notes]
    boxes = sorted((place.box for place in found if place), key=lambda box: box[1])
    if len({round(box[3] - box[1], 3) for box in boxes}) != 1:
        return found
    downwards = iter(boxes)  # all of one height: any note fits where any other does
    return [_NotePlace(place.lines, next(downwards)) if place else None for place in found]


def _placed(space: _FreeSpace, title: str, besides: list[str], near: list[float]) -> _NotePlace | None:
    width = space.width - 2 * _SIDE
    for lines in (n.note_lines(title, besides, width), n.note_lines(title, [], width)):
        high = n.note_height(lines)
        top = space.strip(_SIDE, _SIDE + width, high, near)
        if top is not None:
            box = (_SIDE, top, _SIDE + width, top + high)
            space.take(box)
            return _NotePlace(lines, box)
    return None


# Where the findings stand.


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
    for row in records(audit.facts):
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
