"""The words that a page's glyphs print, for the reader `pdfium`: tables without rules by their places."""

from collections.abc import Sequence

from ...document import Grid
from ..glyphs import Glyph, line_text, rows
from ..page_text import PageText
from . import word_places
from .ruled_areas import apart
from .word_places import Found, Unfinished
from .words import Word

_GAP = 0.35  # of the type's size: a wider gap parts two words


def tables(page: PageText, found: Sequence[Glyph], ruled: Sequence[Grid], before: Unfinished | None) -> Found:
    """The tables of a page, read from the places of the words outside of its ruled tables."""
    areas = apart(page, ruled)
    kept = [w for w in _words(found) if not any(a[1] <= w.middle <= a[3] for a in areas)]
    return word_places.tables(page.number, kept, before)


def _words(found: Sequence[Glyph]) -> list[Word]:
    """What the glyphs print, parted where a gap is wider than between letters."""
    parted: list[Word] = []
    for row in rows(found):
        run = row[:1]
        for glyph in row[1:]:
            before = run[-1]
            if glyph.left - before.right > _GAP * min(_em(before), _em(glyph)):
                parted.append(_word(run))
                run = []
            run.append(glyph)
        parted.append(_word(run))
    return parted


def _em(glyph: Glyph) -> float:
    """The size of the type: a Chinese letter is as wide; other bodies are higher by their line's leading."""
    return glyph.right - glyph.left if glyph.char > "\u2e80" else 0.8 * (glyph.descent - glyph.ascent)


def _word(run: Sequence[Glyph]) -> Word:
    return Word(
        line_text(run, in_cell=True),
        run[0].left,
        min(glyph.ascent for glyph in run),
        run[-1].right,
        max(glyph.descent for glyph in run),
    )
