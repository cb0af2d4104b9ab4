"""The rows of a table by where their words stand: figures on one height, and the label left of them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...labels import ENOUGH, best, key
from ..boxes import Box, across
from .page_words import NEAR, PageWords
from .wordings import Wordings, row_wordings
from .words import Word, around, is_figure

SURE = 85.0
_WHOLE = 97.0
_NUMBERED = re.compile(r"[(（]?[\d一二三四五六七①-⑨]+[)）.．、]|[①-⑨]")
_LEVEL = 0.3  # of the type's height: how far apart a row's figures stand, all of one type
_MOST_LINES = 7  # of a label
_TALL = 8.0  # of the type's height: the highest label, where its figures stand at its top
WRAPPED = 1.6  # of the type's height: figures too long for their column go on no further below


class Row(NamedTuple):
    """A row's label ("" where it has none), the area of its own height, and its figures."""

    label: str
    box: Box
    figures: list[Word]


def rows(page: PageWords, edge: float, floor: float, end: float, wordings: Wordings, torn: bool) -> list[Row]:
    """The rows between two heights, their figures right of `edge`.

    `torn` says that the page before ends in a row whose label may go on here.
    """
    here = page.between(floor, end)
    lines = _unwrapped(page, page.lines([w for w in here if is_figure(w.text) and w.x1 > edge], _LEVEL))
    heights = [sum(w.middle for w in line) / len(line) for line in lines]
    left = [w for w in here if w.x0 < edge and not is_figure(w.text)]
    taken: set[Word] = set()
    found: list[Row] = []
    last: list[Word] = []
    for number, (height, line) in enumerate(zip(heights, lines, strict=True)):
        above = heights[number - 1] if number else floor - page.size
        below = heights[number + 1] if number + 1 < len(heights) else end + page.size
        label = _label(page, left, height, above, below, wordings)
        taken.update(label)
        wrapped = number and height - heights[number - 1] < WRAPPED * page.size
        if wrapped and label and label == last:
            text, box, above_it = found.pop()
            found.append(Row(text, (box[0], box[1], box[2], height + 0.5 * page.size), [*above_it, *line]))
            continue
        last = label
        # figures without a label are handed on, so that they are missed in no silence
        found.append(Row("".join(w.text for w in label), _row_box(page, label or line, height), line))
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
        # a group's heading, left of its rows' labels, is no row
        near = sorted(boxes, key=lambda box: abs(box[1] + box[3] - top - bottom))[:2]
        if near and not any(across((x0, top, x1, bottom), box) for box in near):
            continue
        found.append(Row(text, _row_box(page, label, (top + bottom) / 2), []))
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
        if fit >= SURE:
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
