"""Tables without rules, by where their words stand: columns under a head, rows on one height.

A column is as wide as its label in the head and every figure that stands under it; a figure that stands
under two, or under none, is given as a cell that says so. A row's label is what stands left of its figures,
over as many lines as make it one of the form's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ...document import Grid
from ...labels import ENOUGH, best
from .columns import Reach, grid
from .heads import Label, applicants, broken_head, disclosure_heads, outcomes
from .page_words import PageWords
from .rows import SURE, WRAPPED, Row, rows
from .wordings import APPLICANTS, OUTCOMES, row_wordings
from .words import Word, around, is_figure

_FEWEST_ROWS = 3  # with a figure in every column, that tell the columns of a table without a head
_CLOSE = 4.0  # of the type's height: the figures of table 四 stand no further below its head


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a page leaves to the next: the columns of table 三, and the words of a head that it breaks off.

    `torn` says that its last row has figures but not the whole of its label.
    """

    reaches: tuple[Reach, ...] = ()
    words: tuple[Word, ...] = ()
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a page from top to bottom, and what it leaves to the next, or None."""

    grids: tuple[Grid, ...]
    after: Unfinished | None


class Head(NamedTuple):
    """The head of a table: its height, the table's code and its labels."""

    top: float
    kind: str
    labels: list[Label]


def tables(number: int, words: Iterable[Word], before: Unfinished | None = None) -> Found:
    """The tables among the words of page `number`, which follows one that left `before`."""
    before = before or Unfinished()
    page = PageWords(number, _with_head(before.words, list(words)))
    heads = _heads(page)
    ends = [*(head.top - page.size for head in heads), float("inf")]
    found: list[Grid] = []
    after: Unfinished | None = None
    if before.reaches:
        rest, after = _requests(page, [], before.reaches, float("-inf"), ends[0], before.torn)
        found += rest
        after = None if heads else after
    for (_, kind, labels), end in zip(heads, ends[1:], strict=True):
        floor = max(label.box[3] for label in labels)
        if kind == "disclosure":
            found += _disclosure(page, labels, floor, end, before.torn)
        elif kind == "requests":
            reaches = tuple((label.box[0], label.box[2]) for label in labels)
            headed, after = _requests(page, labels, reaches, floor, end, before.torn)
            found += headed
        else:
            found += _disputes(page, labels, floor, end)
            after = None
    by_kind = {head.kind: head for head in heads}
    disputes = by_kind.get("disputes", Head(float("inf"), "disputes", []))
    if not ("requests" in by_kind or before.reaches):
        headless, after = _headless(page, found, disputes.top, before.torn)
        found += headless
    if not any(cell.text == OUTCOMES[0] for grid in found for cell in grid.cells):
        broken = broken_head(page, disputes.labels)
        after = Unfinished(words=broken) if broken else after
    return Found(tuple(found), after)


def _with_head(head: Sequence[Word], words: Sequence[Word]) -> Sequence[Word]:
    """The words of a page, under those of a head that the page before breaks off."""
    if not (head and words):
        return words
    lift = max(w.bottom for w in head) - min(w.top for w in words)
    return [*(w._replace(top=w.top - lift, bottom=w.bottom - lift) for w in head), *words]


def _heads(page: PageWords) -> list[Head]:
    """The heads on the page from top to bottom."""
    found = [Head(labels[0].box[1], "disclosure", labels) for labels in disclosure_heads(page)]
    for kind, labels in (("requests", applicants(page)), ("disputes", outcomes(page))):
        if labels:
            found.append(Head(min(label.box[1] for label in labels), kind, labels))
    return sorted(found, key=lambda head: head.top)


def _requests(
    page: PageWords, labels: list[Label], reaches: tuple[Reach, ...], floor: float, end: float, torn: bool
) -> tuple[list[Grid], Unfinished | None]:
    """Table 三, or the rest of it, between two heights; and what is left to the next page."""
    wordings = row_wordings("requests")
    found = rows(page, reaches[0][0] - page.size / 2, floor, end, wordings, torn)
    fits = [best(row.label, wordings) for row in found]
    known = [fit >= ENOUGH for fit, _ in fits]
    if not any(known):
        return [], Unfinished(reaches) if labels else None
    finish = len(wordings) - 1
    ends = [i for i, (fit, row) in enumerate(fits) if fit >= SURE and row == finish]
    count = ends[0] + 1 if ends else _last(known)
    # a last row whose label goes on over the page's end
    open_row = not ends and len(found) == count + 1 and bool(found[count].label and found[count].figures)
    made = grid(page.number, "requests", labels, reaches, found[: count + open_row])
    return [made], None if ends else Unfinished(reaches, torn=open_row)


def _headless(
    page: PageWords, above: Sequence[Grid], end: float, torn: bool
) -> tuple[list[Grid], Unfinished | None]:
    """Table 三 where its head is not on the page: by rows that have a figure in each of the columns."""
    floor = max((c.bottom for g in above for c in g.cells if c.bottom < end), default=float("-inf"))
    lines = page.lines(w for w in page.between(floor, end) if is_figure(w.text))
    whole = [line for line in lines if len(line) == len(APPLICANTS)]
    if len(whole) < _FEWEST_ROWS:
        return [], None
    reaches = tuple((x0, x1) for x0, _, x1, _ in map(around, zip(*whole, strict=True)))
    if any(left[1] >= right[0] for left, right in pairwise(reaches)):
        return [], None
    return _requests(page, [], reaches, floor, end, torn)


def _disputes(page: PageWords, labels: list[Label], floor: float, end: float) -> list[Grid]:
    """Table 四: the figures right below its head, anything else ends it."""
    figures: list[Word] = []
    for line in page.lines(page.between(floor, end)):
        near = line[0].top - floor < _CLOSE * page.size
        if figures:
            near = line[0].middle - figures[-1].middle < WRAPPED * page.size
        if not near or not all(is_figure(w.text) for w in line):
            break
        figures += line
    if not figures:
        return []
    reaches = [(label.box[0], label.box[2]) for label in labels]
    return [grid(page.number, "disputes", labels, reaches, [Row("", around(figures), figures)])]


def _disclosure(page: PageWords, labels: list[Label], floor: float, end: float, torn: bool) -> list[Grid]:
    """A block of table 二: the rows below its head, as far as one is the form's."""
    head, columns = labels[0], labels[1:]
    wordings = row_wordings("disclosure")
    reaches = [(label.box[0], label.box[2]) for label in columns]
    if len(columns) == 1:
        reaches = [(head.box[2], max(w.x1 for w in page.words))]
    found = rows(page, (head.box[2] + columns[0].box[0]) / 2, floor, end, wordings, torn)
    found = found[: _last(best(row.label, wordings)[0] >= SURE for row in found)]
    return [grid(page.number, "disclosure", labels, reaches, found)] if found else []


def _last(known: Iterable[bool]) -> int:
    """How many there are up to the last that is true."""
    return max((number for number, one in enumerate(known, start=1) if one), default=0)
