"""The columns of a table, as wide as their labels and their figures, and the grid that its rows make."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ...document import Cell, Grid
from ..boxes import Box, place
from .heads import Label
from .rows import Row
from .words import Word

Reach = tuple[float, float]  # from where to where a column goes


def grid(
    page: int, kind: str, labels: Sequence[Label], reaches: Sequence[Reach], rows: Sequence[Row]
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


def _spans(columns: Sequence[Reach], words: Iterable[Word]) -> Iterator[tuple[str, float, float]]:
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


def _widened(reaches: Sequence[Reach], words: Iterable[Word]) -> list[Reach]:
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


def _under(reaches: Sequence[Reach], word: Word) -> list[int]:
    """The numbers of the columns that the word stands under, in part or as a whole."""
    return [i for i, (a, b) in enumerate(reaches) if min(b, word.x1) > max(a, word.x0)]
