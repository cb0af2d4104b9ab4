"""The lines of a document without page geometry: a running count stands for the vertical place.

Line number n (from 0) covers `top = n` to `bottom = n + 1`. A table row has the line that its cells
stand on, so a table's area and a prose line are told apart by whether they overlap vertically.
"""

import re
from collections.abc import Iterable

from ..document import Line

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f]")
_SPACE = re.compile(r"[^\S\n]+")


def visible(text: str) -> str:
    """The text with runs of white space (no-break and ideographic ones too) as one space, line breaks
    kept, zero-width signs dropped, and nothing blank at either end."""
    lines = (_SPACE.sub(" ", line).strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(lines).strip()


def one_line(text: str) -> str:
    """The visible text on one line, its line breaks as spaces."""
    return " ".join(visible(text).split())


def running_lines(texts: Iterable[str]) -> tuple[str, tuple[Line, ...]]:
    """The texts as one text, each on a line of its own, and those lines with their offsets in it."""
    texts = list(texts)
    lines, start = [], 0
    for number, text in enumerate(texts):
        lines.append(line_at(number, start, start + len(text)))
        start += len(text) + 1
    return "\n".join(texts), tuple(lines)


def line_at(number: int, start: int, end: int) -> Line:
    """The line with this number, counted from 0."""
    return Line(start, end, None, (0.0, float(number), 1.0, float(number + 1)))
