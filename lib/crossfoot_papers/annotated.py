"""The annotated report: the issuer's own PDF with every finding boxed and explained where it stands."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pypdfium2 as pdfium
from pypdf.generic import DictionaryObject

from crossfoot.errors import ReportError
from crossfoot.readers.boxes import Box
from crossfoot.readers.glyphs import View, view
from crossfoot.texts import say
from crossfoot.whole_files import replace
from crossfoot.working import Working

from . import pdf_notes as n
from .finding_text import FindingText
from .free_room import Paper
from .note_places import arranged
from .page_marks import Mark, marks
from .pdf_increment import annotated

FILE = "annotated.pdf"
_PIN = 15.0  # points from the page's corner where a note is pinned for which it has no room
_STRONG, _FAINT = 0.36, 0.14  # how dense the colour is over a number of the prose, and over a cell
_WITHIN = 1.3  # points that a box keeps from the rules of its cell


def write(audit: Working, source: str | Path, folder: str | Path, language: str = "en") -> Path | None:
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
    return replace(target / FILE, annotated(data, notes(audit, data, language), path.name))


def notes(audit: Working, data: bytes, language: str) -> dict[int, list[DictionaryObject]]:
    """The annotations by page, from 0: the boxes, then the notes, each from the first finding to the last."""
    audit = audit.worded(language)
    findings = list(audit.findings.itertuples(index=False))
    made: dict[int, list[DictionaryObject]] = {}
    with pdfium.PdfDocument(data) as pdf:
        placed = marks(audit, pdf, language)
        told = [
            FindingText(audit, finding, number, len(findings), language)
            for number, finding in enumerate(findings, 1)
        ]
        lost = [one for one in told if all(mark.number != one.number for mark in placed)]
        for number in sorted({mark.page for mark in placed} | ({1} if lost else set())):
            page = pdf[number - 1]
            here = [mark for mark in placed if mark.page == number]
            there = {mark.number for mark in here}
            noted = [one for one in told if one.number in there or (number == 1 and one in lost)]
            shown, paper = view(page), Paper(page)
            made[number - 1] = [*_boxes(shown, paper, here, told), *_notes(shown, paper, here, noted)]
            page.close()
    return made


def _boxes(
    shown: View, paper: Paper, here: Sequence[Mark], told: Sequence[FindingText]
) -> Iterable[DictionaryObject]:
    """The boxes of a page, numbered where there are several findings and a corner is empty."""
    taken: list[Box] = []
    for mark in here:
        one = told[mark.number - 1]
        box = _drawn(mark, taken, paper)
        taken.append(mark.box)
        badge = str(mark.number) if len(told) > 1 and _has_corner(paper, box, mark.number) else ""
        words = "\n".join([one.title, *mark.says])
        about = {"subject": one.id, "name": f"{one.id} {' '.join(mark.names)}", "contents": words}
        width, tint = (1.0, _STRONG) if _in_prose(mark) else (1.0 if mark.many else 1.6, _FAINT)
        yield n.square(shown, box, one.look, about, width, tint, badge)


def _notes(
    shown: View, paper: Paper, here: Sequence[Mark], noted: Sequence[FindingText]
) -> Iterable[DictionaryObject]:
    """The notes that are read on a page, or pinned to its corner where it has no room."""
    for mark in here:
        paper.take(mark.box)
    wanted = []
    for one in noted:
        own = [mark for mark in here if mark.number == one.number]
        says = list(dict.fromkeys(words for mark in own for words in mark.says))
        besides = [say("annotation.here", one.language, formulas=" · ".join(says))] if says else []
        near = [(mark.box[1] + mark.box[3]) / 2 for mark in own]
        wanted.append((one.title, besides if own else [say("annotation.nowhere", one.language)], near))
    for one, place in zip(noted, arranged(paper, wanted), strict=True):
        about = {"subject": one.id, "name": f"{one.id} note", "contents": one.whole()}
        if place is None:
            yield n.pin(shown, _PIN, _PIN + 16 * (one.number - 1), one.look, about)
        else:
            yield n.note(shown, place.box, one.look, place.lines, about)


def _drawn(mark: Mark, taken: Sequence[Box], paper: Paper) -> Box:
    """The box as it is drawn: within the rules of a cell, around a number; inside of earlier ones."""
    x0, top, x1, bottom = mark.box
    inner = (0.0 if _in_prose(mark) else _WITHIN) + 1.8 * sum(one == mark.box for one in taken)
    if mark.many:
        inner = _WITHIN / 2
    inner = min(inner, (x1 - x0) / 4, (bottom - top) / 4)
    return (
        max(0.0, x0 + inner),
        max(0.0, top + inner),
        min(float(paper.width), x1 - inner),
        min(float(paper.height), bottom - inner),
    )


def _in_prose(mark: Mark) -> bool:
    """Whether the box is around a number of the prose, not around cells."""
    return bool(mark.names) and mark.names[0].startswith("claim:")


def _has_corner(paper: Paper, box: Box, number: int) -> bool:
    """Whether the box has room in its corner for the finding's number."""
    wide = 7.5 if number < 10 else 10.5
    return paper.is_free((box[0] + 0.5, box[1] + 0.5, box[0] + wide, box[1] + 7.5))
