"""Statutory tables without rules, by where their words stand: columns under a head, rows on one height.

A column is as wide as its label in the head and every figure that stands under it; a figure that stands
under two, or under none, is given as a cell that says so. A row's label is what stands left of its figures,
over as many lines as make it one of the form's.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..document import Cell, Grid
from ..labels import ENOUGH, best, key
from .boxes import Box, place
from .words import (
    APPLICANTS,
    CONTENT,
    OUTCOMES,
    Word,
    Wordings,
    around,
    column_wordings,
    is_figure,
    letters,
    row_wordings,
)

_WHOLE = 97.0
_NUMBERED = re.compile(r"[(（]?[\d一二三四五六七①-⑨]+[)）.．、]|[①-⑨]")
_SURE = 85.0
_NEAR = 0.5  # of the type's height: what stands on one line
_LEVEL = 0.3  # of the type's height: how far apart a row's figures stand, all of one type
_BROAD = 2.2  # of the type's height: lines of one label stand no further apart
_HEAD = 9.0  # of the type's height: how deep the head of a table is at most
_MOST_LINES = 7  # of a label
_FEWEST_ROWS = 3  # with a figure in every column, that tell the columns of a table without a head
_HEAD_WORDS = 40  # at most, of table 四's head
_CLOSE = 4.0  # of the type's height: the figures of table 四 stand no further below its head
_TALL = 8.0  # of the type's height: the highest label, where its figures stand at its top
_WRAPPED = 1.6  # of the type's height: figures too long for their column go on no further below


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a head, put together from its words."""

    text: str
    box: Box

    @property
    def centre(self) -> float:
        """The middle of its width."""
        return (self.box[0] + self.box[2]) / 2


@dataclass(frozen=True, slots=True)
class Columns:
    """What a page leaves to the next: the columns of table 三, and the words of a head that it breaks off.

    `torn` says that its last row has figures but not the whole of its label.
    """

    reaches: tuple[tuple[float, float], ...] = ()
    words: tuple[Word, ...] = ()
    torn: bool = False


class Page:
    """The words of a page, and the tables that are found among them, from top to bottom."""

    def __init__(self, number: int, words: Iterable[Word], before: Columns | None = None) -> None:
        self.number = number
        self.words = sorted(words, key=lambda w: (w.middle, w.x0))
        if before and before.words and self.words:
            lift = max(w.bottom for w in before.words) - min(w.top for w in self.words)
            above = [w._replace(top=w.top - lift, bottom=w.bottom - lift) for w in before.words]
            self.words = sorted([*above, *self.words], key=lambda w: (w.middle, w.x0))
        heights = sorted(w.bottom - w.top for w in self.words if is_figure(w.text)) or [
            w.bottom - w.top for w in self.words
        ]
        self.size = max(heights[len(heights) // 2], 0.01) if heights else 1.0
        self._middles = [w.middle for w in self.words]
        self.after: Columns | None = None
        self._before = before
        self._torn = False
        self.grids: list[Grid] = self._grids()

    def _grids(self) -> list[Grid]:
        anchors: list[tuple[float, str, list[Label]]] = []
        anchors += [(labels[0].box[1], "disclosure", labels) for labels in self._disclosure_heads()]
        applicants = self._applicants()
        if applicants:
            anchors.append((min(label.box[1] for label in applicants), "requests", applicants))
        outcomes = self._outcomes()
        if outcomes:
            anchors.append((min(label.box[1] for label in outcomes), "disputes", outcomes))
        anchors.sort(key=lambda anchor: anchor[0])
        ends = [*(anchor[0] - self.size for anchor in anchors[1:]), float("inf")][: len(anchors)]
        found: list[Grid] = []
        if self._before and self._before.reaches:
            end = anchors[0][0] - self.size if anchors else float("inf")
            grid, last = self._requests([], self._before.reaches, float("-inf"), end)
            found += [grid] if grid else []
            self.after = None if last or anchors else Columns(self._before.reaches, torn=self._torn)
        for (_, kind, labels), end in zip(anchors, ends, strict=True):
            floor = max(label.box[3] for label in labels)
            if kind == "disclosure":
                found += self._disclosure(labels, floor, end)
            elif kind == "requests":
                reaches = tuple((label.box[0], label.box[2]) for label in labels)
                grid, last = self._requests(labels, reaches, floor, end)
                found += [grid] if grid else []
                self.after = None if last else Columns(reaches, torn=self._torn)
            else:
                found += self._disputes(labels, floor, end)
                self.after = None
        if not (applicants or (self._before and self._before.reaches)):
            found += self._headless(
                found, min([a[0] for a in anchors if a[1] == "disputes"], default=float("inf"))
            )
        broken = self._broken_head(outcomes, found)
        if broken:
            self.after = Columns(words=broken)
        return found

    def _broken_head(self, outcomes: Sequence[Label], found: Sequence[Grid]) -> tuple[Word, ...]:
        """The words of table 四's head at the foot of the page, where its figures are not below it."""
        upheld = self._spelled(OUTCOMES[0])
        if not upheld or any(c.text == OUTCOMES[0] for grid in found for c in grid.cells):
            return ()
        top = min(label.box[1] for label in upheld) - self.size / 2
        words = tuple(self._between(top, float("inf")))
        floor = max((label.box[3] for label in outcomes), default=float("inf"))
        below = any(w.top > floor for w in words) or any(is_figure(w.text) for w in words)
        return () if below or len(words) > _HEAD_WORDS else words

    def _headless(self, above: Sequence[Grid], end: float) -> list[Grid]:
        """Table 三 where its head is not on the page: by rows that have a figure in each of the columns."""
        floor = max((c.bottom for g in above for c in g.cells if c.bottom < end), default=float("-inf"))
        lines = self._lines(w for w in self._between(floor, end) if is_figure(w.text))
        whole = [line for line in lines if len(line) == len(APPLICANTS)]
        if len(whole) < _FEWEST_ROWS:
            return []
        reaches = tuple((x0, x1) for x0, _, x1, _ in map(around, zip(*whole, strict=True)))
        if any(left[1] >= right[0] for left, right in pairwise(reaches)):
            return []
        grid, last = self._requests([], reaches, floor, end)
        self.after = Columns(reaches, torn=self._torn) if grid and not last else self.after
        return [grid] if grid else []

    # heads ------------------------------------------------------------------------------------------

    def _applicants(self) -> list[Label]:
        """The seven labels of table 三's head from left to right; empty where the page has not all."""
        for person in self._spelled(APPLICANTS[0]):
            found = [person]
            for name in APPLICANTS[1:]:
                near = [
                    label
                    for label in self._spelled(name)
                    if label.box[0] >= found[-1].box[2] - 0.1 * self.size
                    and abs(label.box[1] - person.box[1]) < _HEAD * self.size
                ]
                if not near:
                    break
                found.append(min(near, key=lambda label: (label.box[0], abs(label.box[1] - person.box[1]))))
            if len(found) == len(APPLICANTS):
                return found
        return []

    def _outcomes(self) -> list[Label]:
        """The fifteen labels of table 四's head from left to right; empty where the page has not all."""
        upheld = self._spelled(OUTCOMES[0])
        if len(upheld) != 3:
            return []
        top = min(label.box[1] for label in upheld) - 3 * self.size
        bottom = max(label.box[3] for label in upheld) + 3 * self.size
        found = [
            (index, label)
            for index, name in enumerate(OUTCOMES)
            for label in self._spelled(name)
            if top <= label.box[1] and label.box[3] <= bottom
        ]
        found.sort(key=lambda entry: entry[1].box[0])
        return [label for _, label in found] if [i for i, _ in found] == [*range(5)] * 3 else []

    def _disclosure_heads(self) -> Iterator[list[Label]]:
        """信息内容 with the labels of columns right of it, for each time it stands on the page."""
        for head in self._spelled(CONTENT):
            middle = (head.box[1] + head.box[3]) / 2
            labels: list[Label] = []
            for name in column_wordings():
                for label in self._spelled(name, until_bracket=True):
                    beside = (
                        label.box[0] > head.box[2]
                        and label.box[1] - self.size < middle < label.box[3] + self.size
                    )
                    if beside and not any(_across(label.box, other.box) for other in labels):
                        labels.append(label)
            if labels:
                yield [head, *sorted(labels, key=lambda label: label.box[0])]

    def _spelled(self, name: str, until_bracket: bool = False) -> list[Label]:
        """Where the words of a label stand: one word, or its pieces beside and below each other."""
        found = []
        for index, word in enumerate(self.words):
            pieces = self._continued([word], letters(name), index)
            if pieces:
                text = "".join(piece.text for piece in pieces)
                found.append(Label(text, around(pieces)))
            elif until_bracket and letters(word.text).startswith(letters(name)):
                found.append(Label(word.text, around([word])))
        return found

    def _continued(self, pieces: list[Word], rest: str, index: int) -> list[Word] | None:
        text = letters(pieces[-1].text)
        if not text or not rest.startswith(text):
            return None
        rest = rest[len(text) :]
        if not rest:
            return pieces
        last = pieces[-1]
        for later in range(index + 1, len(self.words)):
            word = self.words[later]
            if word.middle > last.middle + _BROAD * self.size:
                return None
            below = word.middle > last.middle + _NEAR * self.size and _across(_box(word), around(pieces))
            beside = (
                abs(word.middle - last.middle) <= _NEAR * self.size and 0 <= word.x0 - last.x1 < 3 * self.size
            )
            if below or beside:
                whole = self._continued([*pieces, word], rest, later)
                if whole:
                    return whole
        return None

    # rows -------------------------------------------------------------------------------------------

    def _between(self, top: float, bottom: float) -> list[Word]:
        return self.words[bisect_left(self._middles, top) : bisect_left(self._middles, bottom)]

    def _lines(self, words: Iterable[Word], near: float = _NEAR) -> list[list[Word]]:
        lines: list[list[Word]] = []
        for word in words:
            if lines and word.middle - lines[-1][0].middle <= near * self.size:
                lines[-1].append(word)
            else:
                lines.append([word])
        return [sorted(line, key=lambda w: w.x0) for line in lines]

    def _rows(
        self, edge: float, floor: float, end: float, wordings: Wordings
    ) -> list[tuple[str, Box, list[Word]]]:
        """The rows between two heights: label, its box (of the row's own height), figures right of `edge`."""
        here = self._between(floor, end)
        lines = self._unwrapped(self._lines([w for w in here if is_figure(w.text) and w.x1 > edge], _LEVEL))
        heights = [sum(w.middle for w in line) / len(line) for line in lines]
        left = [w for w in here if w.x0 < edge and not is_figure(w.text)]
        taken: set[Word] = set()
        rows: list[tuple[str, Box, list[Word]]] = []
        last: list[Word] = []
        for number, (height, line) in enumerate(zip(heights, lines, strict=True)):
            above = heights[number - 1] if number else floor - self.size
            below = heights[number + 1] if number + 1 < len(heights) else end + self.size
            label = self._label(left, height, above, below, wordings)
            taken.update(label)
            wrapped = number and height - heights[number - 1] < _WRAPPED * self.size
            if wrapped and label and label == last:
                text, box, above_it = rows.pop()
                rows.append((text, (box[0], box[1], box[2], height + 0.5 * self.size), [*above_it, *line]))
                continue
            last = label
            # figures without a label are handed on, so that they are missed in no silence
            rows.append(("".join(w.text for w in label), self._row_box(label or line, height), line))
        boxes = [box for _, box, _ in rows]
        for label in self._unused([w for w in left if w not in taken], wordings):
            x0, top, x1, bottom = around(label)
            if any(top < height < bottom for height in heights):
                continue  # figures that found no label stand beside it
            whole = best("".join(w.text for w in label), wordings)[0] >= _WHOLE
            numbered = _NUMBERED.match(label[0].text) or wordings is not row_wordings("requests")
            first = self._before and self._before.torn and not any(box[1] < top for box in boxes)
            if not (first or (numbered and whole)):
                continue  # a part of a label, whose figures stand elsewhere
            # a group's heading, left of its rows' labels, is no row
            near = sorted(boxes, key=lambda box: abs(box[1] + box[3] - top - bottom))[:2]
            if near and not any(_across((x0, top, x1, bottom), box) for box in near):
                continue
            rows.append(("".join(w.text for w in label), self._row_box(label, (top + bottom) / 2), []))
        return sorted(rows, key=lambda row: row[1][1])

    def _unwrapped(self, lines: list[list[Word]]) -> list[list[Word]]:
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
            pairs = [[w for w in bottom if _across(_box(w), _box(above))] for above in top]
            apart = not any(_across(_box(w), _box(v)) for w in middle for v in top)
            if max(steps) < 0.8 * self.size and len(top) == len(bottom) and all(pairs) and apart:
                found[-3:] = [[*middle, *top, *bottom]]
        return found

    def _row_box(self, label: Sequence[Word], height: float) -> Box:
        x0, _, x1, _ = around(label)
        return x0, height - 0.5 * self.size, x1, height + 0.5 * self.size

    def _label(
        self, left: Sequence[Word], height: float, above: float, below: float, wordings: Wordings
    ) -> list[Word]:
        """The words left of the figures at that height that make a row's label, over several lines or one."""
        near = [
            w
            for w in left
            if above + _NEAR * self.size < w.middle < below - _NEAR * self.size
            and abs(w.middle - height) < _TALL * self.size
        ]
        lines = self._lines(near)
        found: list[Word] = []
        most = (0.0, 0)
        for first in range(len(lines)):
            for last in range(first, min(first + _MOST_LINES, len(lines))):
                middle = (lines[first][0].middle + lines[last][0].middle) / 2
                edges = (lines[first][0].middle, lines[last][0].middle)
                at_edge = min(abs(edge - height) for edge in edges) <= _NEAR * self.size
                if not (at_edge or abs(middle - height) <= 0.7 * self.size):
                    continue
                words = _leaf(lines[first : last + 1])
                text = "".join(w.text for w in words)
                fit = round(best(text, wordings)[0], 3), len(text)
                if fit > most:
                    found, most = words, fit
        if most[0] >= ENOUGH:
            return found
        return next(([line[-1]] for line in lines if abs(line[0].middle - height) <= _NEAR * self.size), [])

    def _unused(self, words: Sequence[Word], wordings: Wordings) -> Iterator[list[Word]]:
        """Labels of rows that print no figure, of words that no other row's label is made of."""
        lines = self._lines(words)
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

    # tables -----------------------------------------------------------------------------------------

    def _requests(
        self, labels: list[Label], reaches: Sequence[tuple[float, float]], floor: float, end: float
    ) -> tuple[Grid | None, bool]:
        """Table 三, or the rest of it, and whether its last row is among it."""
        wordings = row_wordings("requests")
        rows = self._rows(reaches[0][0] - self.size / 2, floor, end, wordings)
        fits = [best(text, wordings) for text, _, _ in rows]
        known = [fit >= ENOUGH for fit, _ in fits]
        if not any(known):
            return None, not labels
        finish = len(wordings) - 1
        ends = [i for i, (fit, row) in enumerate(fits) if fit >= _SURE and row == finish]
        count = ends[0] + 1 if ends else _last(known)
        # a last row whose label goes on over the page's end
        self._torn = not ends and len(rows) == count + 1 and all(rows[count][::2])
        rows = rows[: count + self._torn]
        return self._grid("requests", labels, reaches, rows), bool(ends)

    def _disputes(self, labels: list[Label], floor: float, end: float) -> list[Grid]:
        reaches = [(label.box[0], label.box[2]) for label in labels]
        figures: list[Word] = []
        for line in self._lines(self._between(floor, end)):
            near = line[0].top - floor < _CLOSE * self.size
            if figures:
                near = line[0].middle - figures[-1].middle < _WRAPPED * self.size
            if not near or not all(is_figure(w.text) for w in line):
                break  # anything else below the head ends the table
            figures += line
        if not figures:
            return []
        x0, top, x1, bottom = around(figures)
        return [self._grid("disputes", labels, reaches, [("", (x0, top, x1, bottom), figures)])]

    def _disclosure(self, labels: list[Label], floor: float, end: float) -> list[Grid]:
        head, columns = labels[0], labels[1:]
        wordings = row_wordings("disclosure")
        reaches = [(label.box[0], label.box[2]) for label in columns]
        if len(columns) == 1:
            reaches = [(head.box[2], max(w.x1 for w in self.words))]
        rows = self._rows((head.box[2] + columns[0].box[0]) / 2, floor, end, wordings)
        rows = rows[: _last(best(text, wordings)[0] >= _SURE for text, _, _ in rows)]
        return [self._grid("disclosure", labels, reaches, rows)] if rows else []

    def _grid(
        self,
        kind: str,
        labels: Sequence[Label],
        reaches: Sequence[tuple[float, float]],
        rows: Sequence[tuple[str, Box, list[Word]]],
    ) -> Grid:
        columns = _widened(reaches, [word for _, _, words in rows for word in words])
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
        return Grid(tuple(sorted(cells, key=lambda c: (c.top, c.x0))), self.number)


def _last(known: Iterable[bool]) -> int:
    """How many there are up to the last that is true."""
    return max((number for number, one in enumerate(known, start=1) if one), default=0)


def _cell(text: str, box: Box) -> Cell:
    return Cell(text, *box, place(box))


def _box(word: Word) -> Box:
    return word.x0, word.top, word.x1, word.bottom


def _across(one: Box, other: Box) -> bool:
    """Whether two areas share any of their width."""
    return min(one[2], other[2]) > max(one[0], other[0])


def _leaf(lines: Sequence[Sequence[Word]]) -> list[Word]:
    """The rightmost words of the lines, one below the other; a group's heading stands left of them."""
    last = [line[-1] for line in lines]
    widest = max(last, key=lambda w: w.x1 - w.x0)
    rightmost = max(last, key=lambda w: w.x1)
    x0, x1 = min(widest.x0, rightmost.x0), max(widest.x1, rightmost.x1)
    if not _across(_box(widest), _box(rightmost)):
        x0, x1 = rightmost.x0, rightmost.x1
    return [w for w in last if min(w.x1, x1) > max(w.x0, x0)]


def _spans(
    columns: Sequence[tuple[float, float]], words: Iterable[Word]
) -> Iterator[tuple[str, float, float]]:
    """A row's cells: text and width. A figure that is not under just one column spans those it may be of."""
    shown: dict[int, list[str]] = {}
    doubtful: set[int] = set()
    for word in sorted(words, key=lambda w: (w.top, w.x0)):
        under = [i for i, (a, b) in enumerate(columns) if min(b, word.x1) > max(a, word.x0)]
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


def _widened(reaches: Sequence[tuple[float, float]], words: Iterable[Word]) -> list[tuple[float, float]]:
    """The columns, each widened by the figures that stand under it alone; never into its neighbour."""
    found = [list(reach) for reach in reaches]
    for word in words:
        under = [i for i, (a, b) in enumerate(reaches) if min(b, word.x1) > max(a, word.x0)]
        if len(under) == 1:
            column = found[under[0]]
            column[0], column[1] = min(column[0], word.x0), max(column[1], word.x1)
    for left, right in pairwise(found):
        if left[1] > right[0]:
            left[1] = right[0] = (left[1] + right[0]) / 2
    return [(a, b) for a, b in found]
