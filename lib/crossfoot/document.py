"""What a reader hands on: the report's text with its pages, and its ruled tables as positioned cells.

Every format ends here, so that all that follows knows of pages, lines and cells but of no format.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

DOUBTFUL = 0.95
"""The confidence below which a person should look at the cell's picture: a finding, never a guess.

Chosen on 3,622 cells of four reports, printed and made into bad scans (72 to 100 dpi, blurred, pale, faxed,
with grain and pepper); no scan from a real machine was available. Of 1,761 cells that were read as printing
something 87 were wrong, all of them below, but twelve only because noise caps a page's confidence; of the
1,674 that were right 286 were below, 228 of them on pages with pepper. On good scans (110 to 200 dpi, level
or leaning, some grain) no figure was wrong and none below.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed table cell, merged cells once, with the area it covers.

    x0, top, x1, bottom are PDF points from the page's upper left corner, or, where the source has no
    page geometry, column and row numbers (a cell of one row and column covers 1 by 1).
    `where` is that place in words a person can use: `x0,top,x1,bottom`, `line 12`, `table 2 row 3 column 4`.
    `confidence` is a recogniser's own, 0 to 1 (see DOUBTFUL); None where the characters were read and not
    recognised.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    where: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """One table on one page, as one reader saw it; `page` is 1-based, None where there are no pages.

    `tolerance` is how far apart two edges may lie and still be one (points, or 0 for row numbers).
    `ragged` says that the source does not keep its columns: text whose rows lost leading cells.
    """

    cells: tuple[Cell, ...]
    page: int | None
    tolerance: float = 0.0
    ragged: bool = False


class Piece(NamedTuple):
    """Where a part of a line stands: its offsets in `Document.text`, and the area it covers.

    The area is in the units of the document's cells: points, or column and line numbers.
    """

    start: int
    end: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: offsets in `Document.text`, page (1-based or None), and the area it covers.

    `pieces` are its parts that print figures, from left to right, where the source says how far right each
    stands; none for running text.
    """

    start: int
    end: int
    page: int | None
    box: tuple[float, float, float, float] | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read.

    `text` is the whole text; every offset of a claim counts in it. `lines` are its lines in order;
    those that belong to a statutory table are told apart later, by the table's place.
    `grids` holds, for each reader by its name, the tables it found, in reading order. Two readers of
    one document are two witnesses. `pictured` says whether the report holds pictures or attached files, which
    may show a table that no reader sees; None where the format does not say.
    `failed` names readers that could not read it, with what stopped them.
    """

    source: str
    sha256: str
    pages: int
    text: str
    lines: tuple[Line, ...]
    grids: dict[str, tuple[Grid, ...]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    pictured: bool | None = None
    failed: dict[str, str] = field(default_factory=dict)
