"""The statutory tables of a report, found in a reader's grids by what they say."""

from collections.abc import Sequence

from ..document import Document, Grid
from ..forms import tables
from .bands import Banded
from .disclosure import place_disclosure
from .disputes import place_disputes
from .placement import Leftover, Placement, Reading
from .requests import place_requests

__all__ = ["Leftover", "Placement", "Reading", "place"]


def place(grids: Sequence[Grid], form: str, document: Document | None = None) -> Placement:
    """What one reader's grids say of the form's three tables.

    Tables are found by their labels: neither headings nor section numbers are needed. Nothing printed
    inside a table is lost: it ends in `readings`, or in `unclear` and `leftovers`. `document` has the lines
    between the grids, where a text may have split off a heading.
    """
    placement = Placement()
    banded = [Banded(grid, index) for index, grid in enumerate(grids)]
    form_tables = tables(form)
    place_disclosure(banded, form_tables["disclosure"], placement)
    place_requests(banded, form_tables["requests"], placement)
    place_disputes(banded, form_tables["disputes"], placement, document)
    return placement
