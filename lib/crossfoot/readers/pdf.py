"""PDF with a text layer: the text of every page, and the tables of those that can hold one, read twice.

The two readers, tabula and pdfium, share the file and nothing else that forms a cell.
"""

import gc
import hashlib
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .. import fonts
from ..document import Cell, Document, Grid
from ..errors import NoTextError, ReportError
from . import pdfium_grid, tabula_grid
from .glyphs import Glyph, glyphs
from .page_text import PageText, document_text, page_text
from .rulings import rulings
from .unruled import pdfium_words, ruled_areas, tabula_words
from .unruled.word_places import Unfinished
from .upright import upright

SCAN_ADVICE = "The optional extra `scan` reads pictures of pages: pip install 'crossfoot[scan]'"
_FEWEST = 20  # characters: a document with fewer has no text layer to speak of
_GARBAGE = 0.1  # of the characters: so many without a meaning spoil a text layer
_BRACKETS = "()（）[]【】〔〕"
_TAIL = 4096  # bytes: the end mark stands in them, whatever a mail gateway has added


def read(path: Path, data: bytes) -> Document:
    """The report: its text and lines, and its tables under the readers `tabula` and `pdfium`.

    `seconds` tells how long `text`, `pdfium` and `tabula` took. Only pages that can hold a statutory table
    are searched for one. Raises ReportError where the file is encrypted, damaged or cut off, or where its
    text layer is missing or garbage; JavaError where tabula's Java does not start.
    """
    seconds = {"text": 0.0, "pdfium": 0.0, "tabula": 0.0}
    pages: list[PageText] = []
    second: dict[int, tuple[Grid, ...]] = {}
    redrawn: dict[int, bytes] = {}
    bare: dict[int, tuple[Grid, ...]] = {}
    unfinished: Unfinished | None = None
    with _opened(path.name, data) as document, _uncollected():
        for number in range(1, len(document) + 1):
            with _page(document, number, path.name) as page:
                with _timed(seconds, "text"):
                    found = glyphs(page)
                    pages.append(page_text(number, page.get_height(), found))
                if pages[-1].worded or unfinished or (number - 1 in second and found):
                    with _timed(seconds, "pdfium"):
                        second |= _ruled_tables(page, number, found)
                    # Of a page turned so far tabula places the rules wrongly: every cell comes blank.
                    if page.get_rotation() in (180, 270):
                        redrawn[number] = upright(data, number)
                    ruled = second.get(number, ())
                    if unfinished or ruled_areas.has_tables(pages[-1], ruled):
                        with _timed(seconds, "pdfium"):
                            shown = pdfium_words.tables(pages[-1], found, ruled, unfinished)
                            unfinished = shown.after
                        if shown.grids or unfinished:
                            bare[number] = shown.grids
        _check_text_layer(path.name, pages, document)
        pictured = any(_holds(document[index], (raw.FPDF_PAGEOBJ_IMAGE,)) for index in range(len(document)))
        with _timed(seconds, "tabula"):
            first = tabula_grid.grids(path, second, redrawn=redrawn)
            # Where tabula finds none of the rules, the order of its words bears witness instead.
            missed = [
                n for n in second if ruled_areas.is_ruled(second[n]) and not ruled_areas.is_ruled(first[n])
            ]
            apart = {n: ruled_areas.apart(pages[n - 1], ()) for n in missed}
            apart |= {n: ruled_areas.apart(pages[n - 1], second.get(n, ())) for n in bare}
            in_order = tabula_words.grids(path, apart)
        second |= {n: ruled_areas.together(second.get(n, ()), grids) for n, grids in bare.items() if grids}
        first |= {n: ruled_areas.together(first.get(n, ()), grids) for n, grids in in_order.items() if grids}
    first = {n: tuple(_laid_out(grid, second.get(n, ())) for grid in grids) for n, grids in first.items()}
    tables = {tabula_grid.READER: _in_order(first), pdfium_grid.READER: _in_order(second)}
    whole, lines = document_text(pages, tables[pdfium_grid.READER])
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(path.name, sha256, len(pages), whole, lines, tables, seconds, pictured)


def _laid_out(grid: Grid, measured: Sequence[Grid]) -> Grid:
    """The grid with the signs, gaps and line ends of each cell as they are on the page.

    tabula folds signs (① to 1, ² to 2, Ⅻ to XII), loses a bracket that begins a line, and does not tell
    whether two digits touch or why a line ends. Where pdfium reads the same characters in the same place,
    they are as it read and measured them.
    """
    places: dict[str, list[Cell]] = {}
    for cell in (cell for other in measured for cell in other.cells if any(c.isnumeric() for c in cell.text)):
        places.setdefault(_folded(cell.text), []).append(cell)

    def same(cell: Cell) -> str:
        x, y = (cell.x0 + cell.x1) / 2, (cell.top + cell.bottom) / 2
        alike = places.get(_folded(cell.text), ())
        for other in alike if any(other.text != cell.text for other in alike) else ():
            lost = sum(map(other.text.count, _BRACKETS)) < sum(map(cell.text.count, _BRACKETS))
            if not lost and other.x0 <= x <= other.x1 and other.top <= y <= other.bottom:
                return other.text
        return cell.text

    return replace(grid, cells=tuple(replace(cell, text=same(cell)) for cell in grid.cells))


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not (c.isspace() or c in _BRACKETS))


def _ruled_tables(page: pdfium.PdfPage, number: int, found: Sequence[Glyph]) -> dict[int, tuple[Grid, ...]]:
    """The page's tables by its number; empty where the page does not draw rules both ways.

    Asked of a page that uses the forms' words, or follows one that does: a table's last rows may stand on a
    page without any of its words.
    """
    drawn = rulings(page)
    if len(drawn.level) < 2 or len(drawn.upright) < 2:
        return {}
    return {number: pdfium_grid.grids(number, drawn, found)}


@contextmanager
def _opened(name: str, data: bytes) -> Iterator[pdfium.PdfDocument]:
    again = "Fetch the report again"
    fonts.prepare_pdfium()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            unlock = "Open it with its password and save it without one"
            raise ReportError("is encrypted", file=name, advice=unlock) from error
        if b"%%EOF" not in data[-_TAIL:]:
            raise ReportError("is cut off before its end", file=name, advice=again) from error
        raise ReportError("is damaged and cannot be opened as a PDF", file=name, advice=again) from error
    try:
        # pdfium mends what it can and then shows fewer pages than were published.
        if b"%%EOF" not in data[-_TAIL:]:
            raise ReportError("is cut off before its end", file=name, advice=again)
        if not len(document):
            raise ReportError("has no pages", file=name, advice=again)
        yield document
    finally:
        document.close()


@contextmanager
def _page(document: pdfium.PdfDocument, number: int, name: str) -> Iterator[pdfium.PdfPage]:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise ReportError(
            "the page is damaged", file=name, page=number, advice="Fetch the report again"
        ) from error
    try:
        yield page
    finally:
        page.close()


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] += time.perf_counter() - start


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: characters by the thousand form no cycles, and each collection calls
    into Java once JPype runs, which took two thirds of the time of reading the text."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _check_text_layer(name: str, pages: Sequence[PageText], document: pdfium.PdfDocument) -> None:
    total = sum(page.characters for page in pages)
    unmapped = sum(page.unmapped for page in pages)
    if total < _FEWEST:
        kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
        scanned = any(_holds(document[index], kinds) for index in range(len(document)))
        problem = "is a scan: pictures of pages, without characters" if scanned else "holds no text"
    elif unmapped > _GARBAGE * total:
        problem = (
            f"has a text layer that is garbage: for {unmapped} of its {total} characters "
            "no font says which they are"
        )
    elif not any(page.chinese for page in pages):
        problem = f"has no Chinese among its {total} characters: no such report, or its text layer is garbage"
    else:
        return
    raise NoTextError(problem, file=name, advice=SCAN_ADVICE)


def _holds(page: pdfium.PdfPage, kinds: Sequence[int]) -> bool:
    """Whether the page holds an object of those kinds."""
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, index)) in kinds
        for index in range(raw.FPDFPage_CountObjects(page.raw))
    )


def _in_order(by_page: dict[int, tuple[Grid, ...]]) -> tuple[Grid, ...]:
    return tuple(grid for number in sorted(by_page) for grid in by_page[number])
