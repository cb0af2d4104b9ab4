"""Words with the areas they cover, and which of them are figures."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ...numerals import is_mark, plain
from ..boxes import Box

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
