"""HTML pages, as saved or as published, read by two witnesses: a tree (`lxml`) and a stream (`tokens`).

The document's text is what a browser shows: one line for each block or table row, a row's cells joined by
tabs. Data tables are the innermost ones with columns; what lies around them is layout. Cells are placed
as browsers place them and stand at column numbers, and vertically at the line of their row.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from ..document import Cell, Document, Grid
from ..errors import ReportError
from . import html_tokens, html_tree
from .flow import running_lines
from .markup import TooDeep

_HAS_TAGS = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|tr|td|div|p|br|span|meta)\b[^<>]*>", re.I
)
_IS_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b", re.I | re.S
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{64,}")
_TABLE = re.compile(r"(<table\b.*?</table\s*>)", re.I | re.S)
_MOST_COMPARED = 3000


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the page says it has, which need not be true; None where it says none."""
    match = _DECLARED.search(data[:8192])
    return match[1].decode("ascii", "replace") if match else None


def is_html(text: str) -> bool:
    """Whether the text is a page or a piece of one, not a text that shows a tag here and there."""
    sample = text[:200_000]
    if _IS_PAGE.match(sample[:20_000]):
        return True
    first = sample.lstrip()[:1]
    return first == "<" and len(_HAS_TAGS.findall(sample)) > 2


def has_tables(text: str) -> bool:
    """Whether a text that is no page holds tables written as HTML, as converters to Markdown leave them."""
    return _TABLE.search(text) is not None


def from_markdown(text: str) -> str:
    """The text as a page: its line ends as line breaks, its tables as they are."""
    parts = _TABLE.split(text)
    return "".join(part if i % 2 else part.replace("\n", "<br>\n") for i, part in enumerate(parts))


def without_embedded_files(text: str) -> str:
    """The page without the pictures and fonts that saving it put inside."""
    return _EMBEDDED.sub("", text)


def read(source: str, sha256: str, text: str) -> Document:
    """The page's visible text and, under `lxml` and `tokens`, its data tables in order.

    Raises ReportError where the page nests deeper than it can be read.
    """
    try:
        printed, grids = html_tree.read(text)
        other_lines, other_grids = html_tokens.read(text)
    except TooDeep as error:
        raise ReportError(
            "nests its elements too deep to be read",
            file=source,
            advice="Open it in a browser and save it again, or print it to PDF",
        ) from error
    content, lines = running_lines(printed)
    return Document(
        source,
        sha256,
        1,
        content,
        lines,
        {html_tree.READER: grids, html_tokens.READER: _moved(other_grids, other_lines, printed)},
    )


def _moved(grids: tuple[Grid, ...], lines: Sequence[str], onto: Sequence[str]) -> tuple[Grid, ...]:
    """The grids with their vertical places counted in the lines `onto` instead of `lines`.

    The witnesses differ where a page is broken; then equal lines are matched, and a line without a match
    stays beside its neighbour.
    """
    if lines == onto:
        return grids
    places = _matched(lines, onto)
    return tuple(
        Grid(
            tuple(
                Cell(c.text, c.x0, places[int(c.top)], c.x1, places[int(c.bottom) - 1] + 1, c.where)
                for c in grid.cells
            ),
            grid.page,
            grid.tolerance,
            grid.ragged,
        )
        for grid in grids
    )


def _matched(lines: Sequence[str], onto: Sequence[str]) -> list[float]:
    """For each line its number among `onto`, rising; where it has none, its neighbour's with a fraction."""
    start = 0
    while start < min(len(lines), len(onto)) and lines[start] == onto[start]:
        start += 1
    end = 0
    while end < min(len(lines), len(onto)) - start and lines[-1 - end] == onto[-1 - end]:
        end += 1
    blocks = [(0, 0, start), (len(lines) - end, len(onto) - end, end)]
    here, there = lines[start : len(lines) - end], onto[start : len(onto) - end]
    if len(here) + len(there) <= _MOST_COMPARED:
        matcher = SequenceMatcher(None, here, there, autojunk=False)
        blocks[1:1] = [(start + a, start + b, size) for a, b, size in matcher.get_matching_blocks()]
    exact = {a + i: float(b + i) for a, b, size in blocks for i in range(size)}
    places: list[float] = []
    for number in range(len(lines)):
        if number in exact:
            places.append(exact[number])
        else:
            places.append((places[-1] if places else 0.0) + 2**-16)
    return places
