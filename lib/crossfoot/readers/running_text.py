"""The lines of a document without page geometry: a running count stands for the vertical place.

Line number n (from 0) covers `top = n` to `bottom = n + 1`. A table row has the line that its cells
stand on, so a table's area and a prose line are told apart by whether they overlap vertically.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from ..document import Cell, Grid, Line, Piece
from ..numerals import NARROW, read_cell

OBJECT = "\ufffc"
"""What stands in a cell for a picture or the like: something is displayed that is not text."""

SYMBOL_FONT = re.compile(r"wingdings|webdings|marlett|dingbats", re.I)
"""Fonts that show pictures where others show letters and digits."""

_WORDS = re.compile("[\u4e00-\u9fff]{2}")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f]")
_MOST_COMPARED = 3000
_SPACE = re.compile(rf"(?<=\d)[{NARROW}](?=\d)|[^\S\n]+")
_FIGURE_FIRST = re.compile(
    r"\s*[约近共]?\s*[-+]?[0-9０-９][0-9０-９,，.．]*\s*[余多]?(?:[万亿]?元|[件项条个])?\s*[(（\[【〔]"
)


def visible(text: str) -> str:
    """The text with runs of white space (no-break and ideographic ones too) as one space, line breaks
    kept, zero-width signs dropped, and nothing blank at either end. A narrow space that groups the digits
    of a number is kept as it is."""
    lines = (_SPACE.sub(_kept, line).strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(lines).strip()


def _kept(space: re.Match[str]) -> str:
    return space[0] if space[0] in NARROW else " "


def one_line(text: str) -> str:
    """The visible text on one line, its line breaks as spaces."""
    return " ".join(filter(None, visible(text).split("\n")))


def begins_with_figure(text: str) -> bool:
    """Whether a text is a figure with a remark, however long: a cell of a table and no paragraph."""
    return _FIGURE_FIRST.match(text) is not None or read_cell(text).status == "number"


def in_words(text: str) -> str:
    """A cell's text, in which a picture beside words, such as a label's bullet, is only a space."""
    return text.replace(OBJECT, " ").strip() if _WORDS.search(text) else text


def nameless(text: str) -> str:
    """The text with every letter as the sign for one that is printed and not named."""
    return re.sub(r"[^\s\ufffc]", "\ufffd", text)


def running_lines(texts: Iterable[str], grids: Iterable[Grid] = ()) -> tuple[str, tuple[Line, ...]]:
    """The texts as one text, each on a line of its own, and those lines with their offsets in it.

    A line that is a row of one of the `grids` prints the cells that begin there, apart by tabs: what is
    between two tabs stands in the columns of its cell.
    """
    texts = list(texts)
    begin: dict[int, list[Cell]] = {}
    for cell in (cell for grid in grids for cell in grid.cells):
        begin.setdefault(int(cell.top), []).append(cell)
    lines, start = [], 0
    for number, text in enumerate(texts):
        cells = sorted(begin.get(number, ()), key=lambda cell: cell.x0)
        parts = text.split("\t")
        places = zip(parts, ((cell.x0, cell.x1) for cell in cells), strict=False)
        same = len(parts) == len(cells)
        lines.append(line_at(number, start, start + len(text), places if same else ()))
        start += len(text) + 1
    return "\n".join(texts), tuple(lines)


def line_at(number: int, start: int, end: int, parts: Iterable[tuple[str, tuple[float, float]]] = ()) -> Line:
    """The line with this number, counted from 0; its `parts` apart by one sign each, with their columns."""
    pieces, at = [], start
    for text, (x0, x1) in parts:
        if text.strip():
            pieces.append(Piece(at, at + len(text), x0, float(number), x1, float(number + 1)))
        at += len(text) + 1
    return Line(start, end, None, (0.0, float(number), 1.0, float(number + 1)), tuple(pieces))


def moved(grids: tuple[Grid, ...], lines: Sequence[str], onto: Sequence[str]) -> tuple[Grid, ...]:
    """The grids with their vertical places counted in the lines `onto` instead of `lines`.

    The witnesses differ where a page is broken; then equal lines are matched, and a line without a match
    stays beside its neighbour.
    """
    if lines == onto:
        return grids
    places = _matched(lines, onto)
    return tuple(
        Grid(
            tuple(
                Cell(c.text, c.x0, places[int(c.top)], c.x1, places[int(c.bottom) - 1] + 1, c.where)
                for c in grid.cells
            ),
            grid.page,
            grid.tolerance,
            grid.ragged,
        )
        for grid in grids
    )


def _matched(lines: Sequence[str], onto: Sequence[str]) -> list[float]:
    """For each line its number among `onto`, rising; where it has none, its neighbour's with a fraction."""
    start = 0
    while start < min(len(lines), len(onto)) and lines[start] == onto[start]:
        start += 1
    end = 0
    while end < min(len(lines), len(onto)) - start and lines[-1 - end] == onto[-1 - end]:
        end += 1
    blocks = [(0, 0, start), (len(lines) - end, len(onto) - end, end)]
    here, there = lines[start : len(lines) - end], onto[start : len(onto) - end]
    if len(here) + len(there) <= _MOST_COMPARED:
        matcher = SequenceMatcher(None, here, there, autojunk=False)
        blocks[1:1] = [(start + a, start + b, size) for a, b, size in matcher.get_matching_blocks()]
    exact = {a + i: float(b + i) for a, b, size in blocks for i in range(size)}
    places: list[float] = []
    for number in range(len(lines)):
        if number in exact:
            places.append(exact[number])
        else:
            places.append((places[-1] if places else 0.0) + 2**-16)
    return places
