"""How printed labels are matched to the form's: leniently, and never by position alone."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

ENOUGH = 72.0
"""The similarity, of 100, from which a printed label may be one of the form's."""

_HAN = "[一二三四五六七八九十]+"
_ENUMERATOR = re.compile(rf"^(?:[(（]?{_HAN}[)）]|{_HAN}[、.,:]|[(（]?\d{{1,2}}[)）、.,:]+)")
_NOT_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def key(label: str) -> str:
    """The label's bare letters: no spaces, brackets, punctuation or leading numbers."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label))
    previous = None
    while previous != text:
        previous, text = text, _ENUMERATOR.sub("", text)
    return _NOT_LETTERS.sub("", text)


@lru_cache(maxsize=65536)
def similarity(printed: str, labels: tuple[str, ...]) -> float:
    """How well a printed label fits the best of `labels`, 0 to 100."""
    bare = key(printed)
    if not bare:
        return 0.0
    return max(fuzz.ratio(bare, key(label)) for label in labels)


@lru_cache(maxsize=16384)
def best(printed: str, wordings: tuple[tuple[str, ...], ...]) -> tuple[float, int]:
    """How well a printed label fits the best of several labels' wordings, 0 to 100, and which it is."""
    fits = [similarity(printed, labels) for labels in wordings]
    return max(fits), fits.index(max(fits))


def align(printed: Sequence[str], wanted: Sequence[tuple[str, ...]]) -> list[int | None]:
    """For each printed label the index in `wanted` that it stands for, or None.

    `wanted` holds, in the order of the form, the wordings of each row. The order is kept: the result is
    the assignment with the greatest total similarity in which both run downwards, so that a misprint, a
    missing row or an unknown extra row moves no other row. Only fits of ENOUGH or better count.
    """
    n, m = len(printed), len(wanted)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    gain = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            fit = similarity(printed[i], wanted[j])
            gain[i][j] = fit - ENOUGH + 20.0 if fit >= ENOUGH else 0.0
            best[i + 1][j + 1] = max(
                best[i][j + 1], best[i + 1][j], best[i][j] + gain[i][j] if gain[i][j] else 0.0
            )
    result: list[int | None] = [None] * n
    i, j = n, m
    while i and j:
        if gain[i - 1][j - 1] and best[i][j] == best[i - 1][j - 1] + gain[i - 1][j - 1]:
            result[i - 1] = j - 1
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return result
