"""Where a page is empty, so that a note hides nothing that is printed."""

from collections.abc import Sequence

import numpy as np
import pypdfium2 as pdfium

from crossfoot.readers.boxes import Box

_INK = 225  # of 255: darker is printed
_SPECKS = 1  # pixels of a line that a scan may leave on empty paper


class Paper:
    """A page's empty parts, one pixel to a point, as shown; `take` makes a part of it no longer empty."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        picture = page.render(scale=1, may_draw_forms=False, draw_annots=True).to_pil().convert("L")
        self._ink = np.asarray(picture) < _INK
        self.height, self.width = self._ink.shape

    def take(self, box: Box) -> None:
        """Mark a part as printed."""
        x0, top, x1, bottom = _pixels(box)
        self._ink[top:bottom, x0:x1] = True

    def is_free(self, box: Box) -> bool:
        """Whether nothing is printed there, and it is on the page."""
        x0, top, x1, bottom = _pixels(box)
        inside = x0 >= 0 and top >= 0 and x1 <= self.width and bottom <= self.height
        return inside and not self._ink[top:bottom, x0:x1].any()

    def strip(
        self, x0: float, x1: float, high: float, near: Sequence[float], air: float = 6.0
    ) -> float | None:
        """The top of an empty strip `high` points high, between `x0` and `x1`, nearest to the heights `near`.

        None where the page has none with `air` above and below it.
        """
        printed = self._ink[:, int(x0) : int(x1) + 1].sum(axis=1) > _SPECKS
        need = int(high + 2 * air) + 1
        runs, start = [], None
        for y, filled in enumerate([*printed[8:-8], True], 8):
            if not filled and start is None:
                start = y
            elif filled and start is not None:
                if y - start >= need:
                    runs.append((start, y))
                start = None
        tops = [top for first, last in runs for top in (first + air, last - air - high)]
        if not tops:
            return None
        return min(tops, key=lambda top: (min((abs(top + high / 2 - y) for y in near), default=0.0), top))


def _pixels(box: Box) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = box
    return int(x0), int(top), int(x1) + 1, int(bottom) + 1
