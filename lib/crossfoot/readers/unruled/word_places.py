"""Tables without rules, by where their words stand: columns under a head, rows on one height.

A column is as wide as its label in the head and every figure that stands under it; a figure that stands
under two, or under none, is given as a cell that says so. A row's label is what stands left of its figures,
over as many lines as make it one of the form's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ...document import Cell, Grid
from ...labels import ENOUGH, best, key
from ..boxes import Box, across, place
from .heads import Label, applicants, broken_head, disclosure_heads, outcomes
from .words import APPLICANTS, NEAR, OUTCOMES, PageWords, Word, Wordings, around, is_figure, row_wordings

_FEWEST_ROWS = 3  # with a figure in every column, that tell the columns of a table without a head
_CLOSE = 4.0  # of the type's height: the figures of table 四 stand no further below its head
_SURE = 85.0
_WHOLE = 97.0
_NUMBERED = re.compile(r"[(（]?[\d一二三四五六七①-⑨]+[)）.．、]|[①-⑨]")
_LEVEL = 0.3  # of the type's height: how far apart a row's figures stand, all of one type
_MOST_LINES = 7  # of a label
_TALL = 8.0  # of the type's height: the highest label, where its figures stand at its top
_WRAPPED = 1.6  # of the type's height: figures too long for their column go on no further below
_Reach = tuple[float, float]  # from where to where a column goes


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a page leaves to the next: the columns of table 三, and the words of a head that it breaks off.

    `torn` says that its last row has figures but not the whole of its label.
    """

    reaches: tuple[_Reach, ...] = ()
    words: tuple[Word, ...] = ()
    torn: bool = False


@dataclass(frozen=True, slots=True)
class PageTables:
    """The tables of a page from top to bottom, and what it leaves to the next, or None."""

    grids: tuple[Grid, ...]
    after: Unfinished | None


class _TableHead(NamedTuple):
    """The head of a table: its height, the table's code and its labels."""

    top: float
    kind: str
    labels: list[Label]


class PlacedRow(NamedTuple):
    """A row's label ("" where it has none), the area of its own height, and its figures."""

    label: str
    box: Box
    figures: list[Word]


def tables(number: int, words: Iterable[Word], before: Unfinished | None = None) -> PageTables:
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
    disputes = by_kind.get("disputes", _TableHead(float("inf"), "disputes", []))
    if not ("requests" in by_kind or before.reaches):
        headless, after = _headless(page, found, disputes.top, before.torn)
        found += headless
    if not any(cell.text == OUTCOMES[0] for grid in found for cell in grid.cells):
        broken = broken_head(page, disputes.labels)
        after = Unfinished(words=broken) if broken else after
    return PageTables(tuple(found), after)


def _with_head(head: Sequence[Word], words: Sequence[Word]) -> Sequence[Word]:
    """The words of a page, under those of a head that the page before breaks off."""
    if not (head and words):
        return words
    lift = max(w.bottom for w in head) - min(w.top for w in words)
    return [*(w._replace(top=w.top - lift, bottom=w.bottom - lift) for w in head), *words]


def _heads(page: PageWords) -> list[_TableHead]:
    """The heads on the page from top to bottom."""
    found = [_TableHead(labels[0].box[1], "disclosure", labels) for labels in disclosure_heads(page)]
    for kind, labels in (("requests", applicants(page)), ("disputes", outcomes(page))):
        if labels:
            found.append(_TableHead(min(label.box[1] for label in labels), kind, labels))
    return sorted(found, key=lambda head: head.top)


def _requests(
    page: PageWords, labels: list[Label], reaches: tuple[_Reach, ...], floor: float, end: float, torn: bool
) -> tuple[list[Grid], Unfinished | None]:
    """Table 三, or the rest of it, between two heights; and what is left to the next page."""
    wordings = row_wordings("requests")
    found = _rows(page, reaches[0][0] - page.size / 2, floor, end, wordings, torn)
    fits = [best(row.label, wordings) for row in found]
    known = [fit >= ENOUGH for fit, _ in fits]
    if not any(known):
        return [], Unfinished(reaches) if labels else None
    finish = len(wordings) - 1
    ends = [i for i, (fit, row) in enumerate(fits) if fit >= _SURE and row == finish]
    count = ends[0] + 1 if ends else _last(known)
    # a last row whose label goes on over the page's end
    open_row = not ends and len(found) == count + 1 and bool(found[count].label and found[count].figures)
    made = _grid(page.number, "requests", labels, reaches, found[: count + open_row])
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
            near = line[0].middle - figures[-1].middle < _WRAPPED * page.size
        if not near or not all(is_figure(w.text) for w in line):
            break
        figures += line
    if not figures:
        return []
    reaches = [(label.box[0], label.box[2]) for label in labels]
    return [_grid(page.number, "disputes", labels, reaches, [PlacedRow("", around(figures), figures)])]


def _disclosure(page: PageWords, labels: list[Label], floor: float, end: float, torn: bool) -> list[Grid]:
    """A block of table 二: the rows below its head, as far as one is the form's."""
    head, columns = labels[0], labels[1:]
    wordings = row_wordings("disclosure")
    reaches = [(label.box[0], label.box[2]) for label in columns]
    if len(columns) == 1:
        reaches = [(head.box[2], max(w.x1 for w in page.words))]
    found = _rows(page, (head.box[2] + columns[0].box[0]) / 2, floor, end, wordings, torn)
    found = found[: _last(best(row.label, wordings)[0] >= _SURE for row in found)]
    return [_grid(page.number, "disclosure", labels, reaches, found)] if found else []


def _last(known: Iterable[bool]) -> int:
    """How many there are up to the last that is true."""
    return max((number for number, one in enumerate(known, start=1) if one), default=0)


def _rows(
    page: PageWords, edge: float, floor: float, end: float, wordings: Wordings, torn: bool
) -> list[PlacedRow]:
    """The rows between two heights, their figures right of `edge`.

    `torn` says that the page before ends in a row whose label may go on here.
    """
    here = page.between(floor, end)
    lines = _unwrapped(page, page.lines([w for w in here if is_figure(w.text) and w.x1 > edge], _LEVEL))
    heights = [sum(w.middle for w in line) / len(line) for line in lines]
    left = [w for w in here if w.x0 < edge and not is_figure(w.text)]
    taken: set[Word] = set()
    found: list[PlacedRow] = []
    last: list[Word] = []
    for number, (height, line) in enumerate(zip(heights, lines, strict=True)):
        above = heights[number - 1] if number else floor - page.size
        below = heights[number + 1] if number + 1 < len(heights) else end + page.size
        label = _label(page, left, height, above, below, wordings)
        taken.update(label)
        wrapped = number and height - heights[number - 1] < _WRAPPED * page.size
        if wrapped and label and label == last:
            text, box, above_it = found.pop()
            found.append(
                PlacedRow(text, (box[0], box[1], box[2], height + 0.5 * page.size), [*above_it, *line])
            )
            continue
        last = label
        # figures without a label are handed on, so that they are not lost in silence
        found.append(PlacedRow("".join(w.text for w in label), _row_box(page, label or line, height), line))
    boxes = [row.box for row in found]
    for label in _unused(page, [w for w in left if w not in taken], wordings):
        x0, top, x1, bottom = around(label)
        if any(top < height < bottom for height in heights):
            continue  # figures that found no label stand beside it
        text = "".join(w.text for w in label)
        whole = best(text, wordings)[0] >= _WHOLE
        numbered = _NUMBERED.match(label[0].text) or wordings is not row_wordings("requests")
        first = torn and not any(box[1] < top for box in boxes)
        if not (first or (numbered and whole)):
            continue  # a part of a label, whose figures stand elsewhere
        # a group's heading, left of its rows' labels, is not a row
        near = sorted(boxes, key=lambda box: abs(box[1] + box[3] - top - bottom))[:2]
        if near and not any(across((x0, top, x1, bottom), box) for box in near):
            continue
        found.append(PlacedRow(text, _row_box(page, label, (top + bottom) / 2), []))
    return sorted(found, key=lambda row: row.box[1])


def _unwrapped(page: PageWords, lines: list[list[Word]]) -> list[list[Word]]:
    """The lines of figures, with a row's own where some are too long for their column and go on below.

    Those begin half a line above the others and end half a line below them, which no two rows do.
    """
    found: list[list[Word]] = []
    for line in lines:
        found.append(line)
        if len(found) < 3:
            continue
        top, middle, bottom = found[-3:]
        steps = middle[0].middle - top[0].middle, bottom[0].middle - middle[0].middle
        pairs = [[w for w in bottom if across(w.box, above.box)] for above in top]
        apart = not any(across(w.box, v.box) for w in middle for v in top)
        if max(steps) < 0.8 * page.size and len(top) == len(bottom) and all(pairs) and apart:
            found[-3:] = [[*middle, *top, *bottom]]
    return found


def _row_box(page: PageWords, label: Sequence[Word], height: float) -> Box:
    x0, _, x1, _ = around(label)
    return x0, height - 0.5 * page.size, x1, height + 0.5 * page.size


def _label(
    page: PageWords, left: Sequence[Word], height: float, above: float, below: float, wordings: Wordings
) -> list[Word]:
    """The words left of the figures at that height that make a row's label, over several lines or one."""
    near = [
        w
        for w in left
        if above + NEAR * page.size < w.middle < below - NEAR * page.size
        and abs(w.middle - height) < _TALL * page.size
    ]
    lines = page.lines(near)
    found: list[Word] = []
    most = (0.0, 0)
    for first in range(len(lines)):
        for last in range(first, min(first + _MOST_LINES, len(lines))):
            middle = (lines[first][0].middle + lines[last][0].middle) / 2
            edges = (lines[first][0].middle, lines[last][0].middle)
            at_edge = min(abs(edge - height) for edge in edges) <= NEAR * page.size
            if not (at_edge or abs(middle - height) <= 0.7 * page.size):
                continue
            words = _leaf(lines[first : last + 1])
            if any(_NUMBERED.match(w.text) for w in words[1:]):
                break  # another row's label begins there
            text = "".join(w.text for w in words)
            fit = round(best(text, wordings)[0], 3), len(text)
            if fit > most:
                found, most = words, fit
    if most[0] >= ENOUGH:
        return found
    return next(([line[-1]] for line in lines if abs(line[0].middle - height) <= NEAR * page.size), [])


def _unused(page: PageWords, words: Sequence[Word], wordings: Wordings) -> Iterator[list[Word]]:
    """Labels of rows that print no figure, of words that no other row's label is made of."""
    lines = page.lines(words)
    taken = -1
    for first in range(len(lines)):
        if first <= taken:
            continue
        choices = []
        for last in range(first, min(first + _MOST_LINES, len(lines))):
            label = _leaf(lines[first : last + 1])
            text = "".join(w.text for w in label)
            if len(key(text)) >= 2:
                choices.append((best(text, wordings)[0], first - last, label))
        fit, span, label = max(choices, key=lambda choice: choice[:2], default=(0.0, 0, []))
        if fit >= _SURE:
            taken = first - span
            yield label


def _leaf(lines: Sequence[Sequence[Word]]) -> list[Word]:
    """The rightmost words of the lines, one below the other; a group's heading stands left of them."""
    last = [line[-1] for line in lines]
    widest = max(last, key=lambda w: w.x1 - w.x0)
    rightmost = max(last, key=lambda w: w.x1)
    x0, x1 = min(widest.x0, rightmost.x0), max(widest.x1, rightmost.x1)
    if not across(widest.box, rightmost.box):
        x0, x1 = rightmost.x0, rightmost.x1
    return [w for w in last if min(w.x1, x1) > max(w.x0, x0)]


def _grid(
    page: int, kind: str, labels: Sequence[Label], reaches: Sequence[_Reach], rows: Sequence[PlacedRow]
) -> Grid:
    """The table of that code on the page (1-based): its head's labels, where it has one, over its rows."""
    columns = _widened(reaches, [word for row in rows for word in row.figures])
    cells: list[Cell] = []
    if labels:
        top, bottom = min(lab.box[1] for lab in labels), max(lab.box[3] for lab in labels)
        for column, label in zip(columns, labels[-len(columns) :], strict=True):
            cells.append(_cell(label.text, (column[0], top, column[1], bottom)))
        if kind == "disclosure":
            x0, _, x1, _ = labels[0].box
            cells.append(_cell(labels[0].text, (x0, top, min(x1, columns[0][0]), bottom)))
    for text, (x0, top, x1, bottom), words in rows:
        if text:
            cells.append(_cell(text, (x0, top, min(x1, columns[0][0]), bottom)))
        cells += [_cell(shown, (a, top, b, bottom)) for shown, a, b in _spans(columns, words)]
    return Grid(tuple(sorted(cells, key=lambda c: (c.top, c.x0))), page)


def _cell(text: str, box: Box) -> Cell:
    return Cell(text, *box, place(box))


def _spans(columns: Sequence[_Reach], words: Iterable[Word]) -> Iterator[tuple[str, float, float]]:
    """A row's cells: text and width. A figure that is not under just one column spans those it may be of."""
    shown: dict[int, list[str]] = {}
    doubtful: set[int] = set()
    for word in sorted(words, key=lambda w: (w.top, w.x0)):
        under = _under(columns, word)
        if not under and word.x0 >= columns[-1][1]:
            yield word.text, word.x0, word.x1
            continue
        if len(under) != 1:
            after = next((i for i, (a, _) in enumerate(columns) if a >= word.x1), len(columns) - 1)
            under = under or [max(after - 1, 0), max(after, 1)]
            yield word.text, columns[under[0]][0], columns[min(under[-1], len(columns) - 1)][1]
            doubtful.update(under)
            continue
        shown.setdefault(under[0], []).append(word.text)
    for index, (a, b) in enumerate(columns):
        if index in shown or index not in doubtful:
            yield "\n".join(shown.get(index, ())), a, b


def _widened(reaches: Sequence[_Reach], words: Iterable[Word]) -> list[_Reach]:
    """The columns, each widened by the figures that stand under it alone; never into its neighbour."""
    found = [list(reach) for reach in reaches]
    for word in words:
        under = _under(reaches, word)
        if len(under) == 1:
            column = found[under[0]]
            column[0], column[1] = min(column[0], word.x0), max(column[1], word.x1)
    for left, right in pairwise(found):
        if left[1] > right[0]:
            left[1] = right[0] = (left[1] + right[0]) / 2
    return [(a, b) for a, b in found]


def _under(reaches: Sequence[_Reach], word: Word) -> list[int]:
    """The numbers of the columns that the word stands under, in part or as a whole."""
    return [i for i, (a, b) in enumerate(reaches) if min(b, word.x1) > max(a, word.x0)]
