"""The annotated report: the issuer's own PDF with every finding boxed and explained where it stands."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdf.generic import DictionaryObject

from ..audit import Audit
from ..checks import amount
from ..errors import ReportError
from ..readers.boxes import Box
from ..readers.glyphs import view
from ..wording import cell_label
from . import pdf_notes as n
from .finding_scope import broken_by_finding, in_language
from .free_room import Paper
from .page_marks import Mark, marks, worked_out
from .pdf_increment import annotated
from .workbook import replace
from .workbook_words import known, say

FILE = "annotated.pdf"
_SIDE = 30.0  # points that a note keeps from the page's edges
_WITHIN = 1.3  # points that a box keeps from the rules of its cell
_SHOWN = 3  # corrections that a note tells


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
    return replace(target / FILE, annotated(data, notes(audit, data, known(language)), path.name))


def notes(audit: Audit, data: bytes, language: str) -> dict[int, list[DictionaryObject]]:
    """The annotations by page, from 0, those of each page from the first finding to the last."""
    findings = in_language(audit, language)
    made: dict[int, list[DictionaryObject]] = {}
    with pdfium.PdfDocument(data) as pdf:
        placed = marks(audit, pdf, language)
        lost = [number for number in range(1, len(findings) + 1) if all(m.number != number for m in placed)]
        pages = sorted({mark.page for mark in placed} | ({1} if lost else set()))
        for page in pages:
            here = [mark for mark in placed if mark.page == page]
            made[page - 1] = _page(audit, pdf[page - 1], findings, here, lost if page == 1 else [], language)
    return made


def _page(
    audit: Audit,
    page: pdfium.PdfPage,
    findings: Sequence[Any],
    here: Sequence[Mark],
    lost: Sequence[int],
    language: str,
) -> list[DictionaryObject]:
    shown, paper = view(page), Paper(page)
    broken = broken_by_finding(audit)
    made, taken = [], list[Box]()
    for mark in here:
        finding = findings[mark.number - 1]
        box = _drawn(mark, taken, paper)
        taken.append(mark.box)
        badge = str(mark.number) if len(findings) > 1 and _has_corner(paper, box, mark.number) else ""
        about = {
            "subject": finding.id,
            "name": f"{finding.id} {' '.join(mark.names)}",
            "contents": "\n".join([f"{_head(mark.number, findings, language)}{finding.title}", *mark.says]),
        }
        look = n.LOOKS[finding.kind, finding.severity]
        width = 1.0 if mark.many or _in_prose(mark) else 1.6
        made.append(n.square(shown, box, look, width, badge, about))
    for mark in here:
        paper.take(mark.box)
    for number in sorted({mark.number for mark in here} | set(lost)):
        finding = findings[number - 1]
        own = [mark for mark in here if mark.number == number]
        says = list(dict.fromkeys(words for mark in own for words in mark.says))
        besides = [say("note_here", language, formulas=" · ".join(says))] if says else []
        if not own:
            besides = [say("note_nowhere", language)]
        width = paper.width - 2 * _SIDE
        title = f"{_head(number, findings, language)}{finding.title}"
        about = {
            "subject": finding.id,
            "name": f"{finding.id} note",
            "contents": _explained(audit, finding, title, broken[number - 1], language),
        }
        look = n.LOOKS[finding.kind, finding.severity]
        for lines in (n.note_lines(title, besides, width), n.note_lines(title, [], width)):
            high = n.note_height(lines)
            near = [(mark.box[1] + mark.box[3]) / 2 for mark in own]
            top = paper.strip(_SIDE, _SIDE + width, high, near)
            if top is not None:
                box = (_SIDE, top, _SIDE + width, top + high)
                made.append(n.note(shown, box, look, lines, about))
                paper.take(box)
                break
        else:
            made.append(n.pin(shown, _SIDE / 2, _SIDE / 2 + 16 * (number - 1), look, about))
    return made


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


def _head(number: int, findings: Sequence[Any], language: str) -> str:
    """Which finding it is, where there are several."""
    if len(findings) == 1:
        return ""
    return say("note_number", language, number=number, count=len(findings))


def _explained(audit: Audit, finding: Any, title: str, broken: Sequence[Any], language: str) -> str:
    """The whole finding in words: what does not agree, and what would reconcile it."""
    lines = [title]
    if broken:
        lines += ["", say("note_breaks", language)]
        lines += dict.fromkeys(f"  {worked_out(audit, one, language)}" for one in broken)
    offered = [entry for entry in json.loads(finding.explanation) if entry["cells"]]
    if offered and finding.kind == "published":
        lines += ["", say("note_corrections", language)]
    for letter, entry in zip("abc", offered[:_SHOWN] if finding.kind == "published" else (), strict=False):
        changes = ", ".join(
            f"{_named(audit, cell['cell'])} {_figure(cell['printed'], language)}"
            f" → {_figure(cell['value'], language)}"
            for cell in entry["cells"]
        )
        lines.append(f"{letter}) {changes}")
        lines += [f"    {say('note_for', language, reason=reason)}" for reason in entry["for"]]
        lines += [f"    {say('note_against', language, reason=reason)}" for reason in entry["against"]]
        if entry["decided_by"]:
            lines.append(f"    {say('note_settled', language, document=entry['decided_by'])}")
    if finding.kind == "extraction":
        lines += [text for entry in json.loads(finding.explanation) for text in entry["against"]]
    return "\n".join(lines)


def _named(audit: Audit, cell: str) -> str:
    if not cell.startswith("claim:"):
        return cell_label(cell, audit.report.form)
    claims = audit.claims
    quotes = claims.loc[claims["start"] == int(cell.partition(":")[2]), "quote"]
    return f"“{quotes.iloc[0]}”" if len(quotes) else ""


def _figure(value: object, language: str) -> str:
    if isinstance(value, int | float):
        return amount(value)
    return str(value) if value else say("blank", language)
