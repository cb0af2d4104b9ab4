"""HTML pages, as saved or as published, read by two witnesses: a tree (`lxml`) and a stream (`tokens`).

The document's text is what a browser shows: one line for each block or table row, a row's cells joined by
tabs. Data tables are the innermost ones with columns; what lies around them is layout. Cells are placed
as browsers place them and stand at column numbers, and vertically at the line of their row. A table that the
page holds twice, cell for cell, as for wide and for narrow screens, is given once.
"""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes

from ..document import Document, Grid
from ..errors import ReportError
from . import html_lxml, html_tokens
from .html_elements import TooDeep
from .running_text import moved, running_lines
from .unruled import text_words
from .unruled.words import APPLICANTS, letters

_HAS_TAGS = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|tr|td|div|p|br|span|meta)\b[^<>]*>", re.I
)
_BLANK = re.compile(r"\s*")
_DECLARATION = re.compile(r"<\?xml[^>]*>", re.I)
_IS_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|meta)\b", re.I)
_ARCHIVE = re.compile(rb"(?=.*^MIME-Version:).*^Content-Type:\s*multipart/related", re.I | re.S | re.M)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{64,}")
_TABLE_MARK = re.compile(r"<table\b|(?P<end></table\s*>)", re.I)
_BEGINS = ("总体情况", "主动公开政府信息情况")
_PICTURE = re.compile(
    r"<(?:img|object|embed|iframe|canvas)\b|href\s*=\s*[\"']?[^\"'>\s]{1,400}\.(?:docx?|pdf|xlsx?|wps|et|zip|rar|jpe?g|png)\b",
    re.I,
)
_FEWEST_REPEATED = 20
"""Cells printed in: smaller tables may be the same and yet two, such as pieces of table 四 with zeros."""


def from_archive(data: bytes) -> bytes:
    """The page inside a web archive (.mht, or what Word calls a single file web page); else `data` itself."""
    if not _ARCHIVE.match(data[:4096]):
        return data
    for part in message_from_bytes(data).walk():
        if part.get_content_type() == "text/html" and isinstance(
            page := part.get_payload(decode=True), bytes
        ):
            return page
    return data


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the page says it has, which need not be true; None where it says none."""
    match = _DECLARED.search(data[:8192])
    return match[1].decode("ascii", "replace") if match else None


def is_html(text: str) -> bool:
    """Whether the text is a page or a piece of one, not a text that shows a tag here and there."""
    sample = text[:200_000]
    if _IS_PAGE.match(sample, _start(sample)):
        return True
    first = sample.lstrip()[:1]
    return first == "<" and len(_HAS_TAGS.findall(sample)) > 2


def _start(text: str) -> int:
    """Where the text begins behind blanks, an XML declaration and comments; one that never ends stays."""
    place = _blank_until(text, 0)
    if declaration := _DECLARATION.match(text, place):
        place = _blank_until(text, declaration.end())
    while text.startswith("<!--", place) and (end := text.find("-->", place + 4)) >= 0:
        place = _blank_until(text, end + 3)
    return place


def _blank_until(text: str, place: int) -> int:
    blank = _BLANK.match(text, place)
    return blank.end() if blank else place


def has_tables(text: str) -> bool:
    """Whether a text that is not a page holds tables written as HTML, as converters to Markdown leave."""
    return next(_tables(text), None) is not None


def from_markdown(text: str) -> str:
    """The text as a page: its line ends as line breaks, its tables as they are."""
    parts, place = [], 0
    for start, end in _tables(text):
        parts += [text[place:start].replace("\n", "<br>\n"), text[start:end]]
        place = end
    return "".join([*parts, text[place:].replace("\n", "<br>\n")])


def _tables(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each table from its first tag to the next end tag; found in one pass."""
    start = None
    for mark in _TABLE_MARK.finditer(text):
        if mark["end"] is None:
            start = mark.start() if start is None else start
        elif start is not None:
            yield start, mark.end()
            start = None


def without_embedded_files(text: str) -> str:
    """The page without the pictures and fonts that saving it put inside."""
    return _EMBEDDED.sub("", text)


def read(source: str, sha256: str, text: str) -> Document:
    """The page's visible text and, under `lxml` and `tokens`, its data tables in order.

    Raises ReportError where the page nests deeper than it can be read.
    """
    try:
        printed, grids = html_lxml.read(text)
        other_lines, other_grids = html_tokens.read(text)
    except TooDeep as error:
        raise ReportError(
            "nests its elements too deep to be read",
            file=source,
            advice="Open it in a browser and save it again, or print it to PDF",
        ) from error
    ruled, grids = grids, _with_loose(grids, printed)
    other_grids = moved(_with_loose(other_grids, other_lines), other_lines, printed)
    again, other_again = _repeated(grids), _repeated(other_grids)
    shown = _without(printed, again)
    content, lines = running_lines(shown, [grid for grid in ruled if grid not in again])
    readers = {
        html_lxml.READER: tuple(grid for grid in grids if grid not in again),
        html_tokens.READER: tuple(grid for grid in other_grids if grid not in other_again),
    }
    return Document(source, sha256, 1, content, lines, readers, pictured=_is_pictured(text))


def _is_pictured(text: str) -> bool:
    """Whether a picture or a link to a file stands within the report or behind it: not in the page's head."""
    begins = min((at for at in map(text.find, _BEGINS) if at >= 0), default=0)
    return _PICTURE.search(text, begins) is not None


def _with_loose(grids: tuple[Grid, ...], printed: list[str]) -> tuple[Grid, ...]:
    """The tables, and where no `table` element holds table 三, those that the page's lines make up."""
    if any(letters(cell.text) == APPLICANTS[0] for grid in grids for cell in grid.cells):
        return grids
    return (*grids, *text_words.tables(printed, grids))


def _repeated(grids: Sequence[Grid]) -> list[Grid]:
    """The tables that print, cell for cell, what a table before them prints."""
    seen = set()
    found = []
    for grid in grids:
        print_ = tuple(_cells(grid))
        if sum(1 for text, *_ in print_ if text) < _FEWEST_REPEATED:
            continue
        if print_ in seen:
            found.append(grid)
        seen.add(print_)
    return found


def _cells(grid: Grid) -> Iterator[tuple[str, float, float, float, float]]:
    first = min((cell.top for cell in grid.cells), default=0.0)
    return ((c.text, c.x0, c.top - first, c.x1, c.bottom - first) for c in grid.cells)


def _without(lines: Sequence[str], grids: Sequence[Grid]) -> list[str]:
    """The lines, those of the tables left empty."""
    spans = [(min(c.top for c in g.cells), max(c.bottom for c in g.cells)) for g in grids]
    return ["" if any(a <= n < b for a, b in spans) else line for n, line in enumerate(lines)]
