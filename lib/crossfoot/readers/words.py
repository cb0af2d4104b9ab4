"""Words with their places, and which of them are figures: what tables without rules are read from."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from .. import forms
from ..labels import best, key
from ..numerals import plain

Wordings = tuple[tuple[str, ...], ...]

_FIGURE = re.compile(
    r"[-+增减↑↓]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[件项条个]|[万亿]?元)?(?:\([^()]*\)|\[[^\[\]]*\])?|-+|/|无"
)
_LETTERS = re.compile(r"[\W_]+")
APPLICANTS = tuple(column.label for column in forms.tables("2021")["requests"].columns)
OUTCOMES = tuple(column.label for column in forms.tables("2021")["disputes"].columns)
CONTENT = "信息内容"


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


def around(words: Iterable[Word]) -> tuple[float, float, float, float]:
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
    return bool(_FIGURE.fullmatch(re.sub(r"\s+", "", plain(text))))


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """The text's bare letters and digits, leading numbers kept."""
    return _LETTERS.sub("", unicodedata.normalize("NFKC", text))


@cache
def row_wordings(table: str) -> Wordings:
    """How the forms word the rows of a table, those of both forms together."""
    found: dict[str, tuple[str, ...]] = {}
    for form in forms.FORMS:
        for row in forms.tables(form)[table].rows:
            found[row.code] = (row.label, *row.aliases)
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
