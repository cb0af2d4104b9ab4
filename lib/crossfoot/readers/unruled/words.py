"""Words with the areas they cover, the lines that they stand on, and how the forms word rows and columns."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from ... import forms
from ...labels import best, key
from ...numerals import is_mark, plain
from ..boxes import Box

NEAR = 0.5  # of the type's height: what stands on one line
Wordings = tuple[tuple[str, ...], ...]
APPLICANT_WORDINGS = tuple(
    (column.label, *column.aliases) for column in forms.tables("2021")["requests"].columns
)
APPLICANTS = tuple(column.label for column in forms.tables("2021")["requests"].columns)
OUTCOMES = tuple(column.label for column in forms.tables("2021")["disputes"].columns)
CONTENT = "信息内容"
_FIGURE = re.compile(
    r"[-+增减↑↓]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[件项条个]|[万亿]?元)?(?:\([^()]*\)|\[[^\[\]]*\])?|-+|/|无"
)
_LETTERS = re.compile(r"[\W_]+")


class Word(NamedTuple):
    """What is printed without a gap, and the area it covers."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def box(self) -> Box:
        """The area it covers."""
        return self.x0, self.top, self.x1, self.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a head, put together from its words."""

    text: str
    box: Box


def around(words: Iterable[Word]) -> Box:
    """The area that the words cover together."""
    words = list(words)
    return (
        min(w.x0 for w in words),
        min(w.top for w in words),
        max(w.x1 for w in words),
        max(w.bottom for w in words),
    )


@lru_cache(maxsize=65536)
def is_figure(text: str) -> bool:
    """Whether a word is what stands in a cell for figures: a number, a dash or 无."""
    bare = re.sub(r"\s+", "", plain(text))
    while len(bare) > 1 and is_mark(bare[-1]):  # 960①
        bare = bare[:-1]
    return bool(_FIGURE.fullmatch(bare))


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """The text's bare letters and digits, leading numbers kept."""
    return _LETTERS.sub("", unicodedata.normalize("NFKC", text))


class PageWords:
    """The words of page `number` by height.

    `size` is that of their type: how high most of their figures are, or, where there are none, most words.
    """

    def __init__(self, number: int, words: Iterable[Word]) -> None:
        self.number = number
        self.words = sorted(words, key=lambda w: (w.middle, w.x0))
        heights = sorted(w.bottom - w.top for w in self.words if is_figure(w.text)) or [
            w.bottom - w.top for w in self.words
        ]
        self.size = max(heights[len(heights) // 2], 0.01) if heights else 1.0
        self._middles = [w.middle for w in self.words]

    def between(self, top: float, bottom: float) -> list[Word]:
        """The words whose middle is between two heights."""
        return self.words[bisect_left(self._middles, top) : bisect_left(self._middles, bottom)]

    def lines(self, words: Iterable[Word], near: float = NEAR) -> list[list[Word]]:
        """The words, given by height, as lines from left to right; `near` is in heights of the type."""
        lines: list[list[Word]] = []
        for word in words:
            if lines and word.middle - lines[-1][0].middle <= near * self.size:
                lines[-1].append(word)
            else:
                lines.append([word])
        return [sorted(line, key=lambda w: w.x0) for line in lines]


@cache
def row_wordings(table: str) -> Wordings:
    """How the forms word the rows of a table, also with their group in front; those of both forms."""
    found: dict[str, tuple[str, ...]] = {}
    for form in forms.FORMS:
        for row in forms.tables(form)[table].rows:
            found[row.code] = (row.label, *row.aliases, *([row.group + row.label] if row.group else ()))
    return tuple(found.values())


@cache
def column_wordings() -> tuple[str, ...]:
    """The bare letters of every wording of a column of table 二, the longest first."""
    words = {
        letters(re.sub(r"[（(].*[)）]$", "", wording))
        for form in forms.FORMS
        for column in forms.tables(form)["disclosure"].columns
        for wording in (column.label, *column.aliases)
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def label_of(texts: Sequence[str], wordings: Wordings) -> tuple[float, str]:
    """The end of a run of words that fits a row's label best, how well (0 to 100), the shortest of equals.

    Before a row's own label stand the headings of its group, and the table's head before its first.
    """
    found = (0.0, "")
    for start in range(len(texts) - 1, max(len(texts) - 16, -1), -1):
        text = "".join(texts[start:])
        if len(key(text)) < 2:
            continue
        fit = best(text, wordings)[0]
        if fit > found[0] + 0.01:
            found = fit, text
    return found
