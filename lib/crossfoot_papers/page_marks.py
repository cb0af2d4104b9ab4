"""What of each finding is boxed on the report's pages: its cells, sums of cells, numbers in the prose."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium

from crossfoot.checks import amount, printed
from crossfoot.forms import cell_name
from crossfoot.readers.boxes import TOLERANCE, Box
from crossfoot.texts import say, worded
from crossfoot.troubles import Trouble
from crossfoot.working import Working

from .finding_scope import FEW, Broken, broken_by_finding
from .number_places import number_boxes
from .scopes import cells_in_words, scope_name, table_of

_MANY = 8
"""A side with more figures than this is written as its sum."""


@dataclass(frozen=True, slots=True)
class Mark:
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
class _Places:
    """Where everything stands: cells by name, claims by offset."""

    cells: dict[str, tuple[int, Box]]
    claims: dict[int, tuple[int, Box]]


def marks(audit: Working, pdf: pdfium.PdfDocument, language: str) -> list[Mark]:
    """The boxes of every finding, in the order of findings and pages; none for what stands on no page."""
    every = broken_by_finding(audit)
    places = _Places(_cells(audit), _claims(audit, pdf, every))
    found = []
    for number, (finding, broken) in enumerate(zip(audit.findings.itertuples(), every, strict=True), 1):
        held: dict[tuple[int, Box], tuple[tuple[str, ...], list[str], bool]] = {}
        for page, box, names, says, many in _wanted(audit, finding, broken, places, language):
            _, words, _ = held.setdefault((page, box), (names, [], many))
            if says and says not in words:
                words.append(says)
        found += [
            Mark(number, page, box, names, tuple(words), many)
            for (page, box), (names, words, many) in held.items()
        ]
    return sorted(found, key=lambda mark: (mark.number, mark.page, mark.box[1], mark.box[0]))


def _wanted(
    audit: Working, finding: Any, broken: Sequence[Broken], places: _Places, language: str
) -> Iterable[tuple[int, Box, tuple[str, ...], str, bool]]:
    """Page, box, names, the comparison worked out, and whether they are parts of a sum."""
    for one in broken:
        says = worked_out(audit, one, language)
        if one.start is not None and one.start in places.claims:
            yield *places.claims[one.start], (f"claim:{one.start}",), says, False
        for side in one.sides:
            if len(side) <= FEW:
                for name in side:
                    if name in places.cells:
                        yield *places.cells[name], (name,), says, False
            else:
                for page, box, names in _runs(side, places.cells):
                    yield page, box, names, says, len(names) > 1
    for cell in _touched(finding):
        start = int(cell.partition(":")[2]) if cell.startswith("claim:") else None
        if start is not None and start in places.claims:
            yield *places.claims[start], (cell,), "", False
        elif finding.kind == "extraction" and cell in places.cells:
            yield *places.cells[cell], (cell,), "", False
    if finding.kind == "extraction":
        trouble = _trouble(audit, finding)
        spot = _box(trouble.where) if trouble else None
        if trouble and trouble.page and spot:
            yield int(trouble.page), spot, trouble.cells, worded(trouble.words, language), False


def _touched(finding: Any) -> list[str]:
    """The cells and claims that the finding's explanations name."""
    return [cell["cell"] for entry in json.loads(finding.explanation) for cell in entry["cells"]]


def _trouble(audit: Working, finding: Any) -> Trouble | None:
    """What could not be read, of which the finding tells."""
    told = " ".join(text for entry in json.loads(finding.explanation) for text in entry["against"])
    return next((one for one in audit.troubles if worded(one.words, audit.language) in told), None)


def _box(where: str) -> Box | None:
    parts = str(where).split(",")
    try:
        x0, top, x1, bottom = (float(part) for part in parts)
    except ValueError:
        return None
    return x0, top, x1, bottom


def _cells(audit: Working) -> dict[str, tuple[int, Box]]:
    found = {}
    for fact in audit.facts.itertuples():
        box = _box(fact.where)
        if box and fact.page == fact.page and str(fact.page).isdigit():
            found[cell_name(fact.table, fact.row, fact.column)] = (int(fact.page), box)
    return found


def _claims(
    audit: Working, pdf: pdfium.PdfDocument, every: Sequence[Sequence[Broken]]
) -> dict[int, tuple[int, Box]]:
    """Where each number and sentence that a finding is about stands, by its offset."""
    ends = {
        int(start): int(end) for start, end in zip(audit.claims["start"], audit.claims["end"], strict=True)
    }
    text = audit.document.text
    wanted: set[int] = set()
    for one in (one for broken in every for one in broken):
        if one.start is None:
            continue
        wanted.add(one.start)
        words = one.scope.rpartition("@")[0].rpartition(":")[2]
        if text.startswith(words, one.start):  # a sentence is longer than any number in it
            ends[one.start] = max(ends.get(one.start, 0), one.start + len(words))
    for finding in audit.findings.itertuples():
        wanted |= {int(c.partition(":")[2]) for c in _touched(finding) if c.startswith("claim:")}
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


def worked_out(audit: Working, one: Broken, language: str) -> str:
    """A broken check in a line with its figures: 自然人: 75 + – ≠ 75 + 1."""
    form = audit.report.form
    table = table_of(" ".join(one.cells))
    if len(one.sides) == 2:
        held = printed(audit.facts)
        left, right = (
            _written([held[name].value for name in side], total)
            for side, total in zip(one.sides, (one.left, one.right), strict=True)
        )
        sign = "≰" if one.rule == "bounds" else "≠"
        name = scope_name(one.rule, one.scope, table, form)
        return say("annotation.worked", language, name=name, what=f"{left} {sign} {right}")
    name = say(f"rule.{one.rule}", language)
    if one.rule == "narrative" and one.cells:
        where = cells_in_words(one.cells, form, 2)
        return say("annotation.narrative", language, left=one.left, right=one.right, cells=where)
    if one.rule == "statement" or math.isnan(one.left) or math.isnan(one.right):
        return say("annotation.worked", language, name=name, what=one.formula)
    apart = f"{amount(one.left)} ≠ {amount(round(one.right, 4))}"
    return say("annotation.worked", language, name=name, what=apart)


def _written(figures: Sequence[float | None], total: float) -> str:
    """A side of a sum: few figures one by one, – for a blank; of many those that add something."""
    if len(figures) > FEW:
        figures = [figure for figure in figures if figure] or [0.0]
    if len(figures) > _MANY:
        return f"Σ {amount(total)}"
    return " + ".join("–" if figure is None else amount(figure) for figure in figures)
