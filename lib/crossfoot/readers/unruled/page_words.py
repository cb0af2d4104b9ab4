"""The words of one page, from top to bottom, and the lines that they stand on."""

from bisect import bisect_left
from collections.abc import Iterable

from .words import Word, is_figure

NEAR = 0.5  # of the type's height: what stands on one line


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
