"""PDF with a text layer: the text of every page, and the tables of those that can hold one, read twice.

The two readers, tabula and pdfium, share the file and nothing else that forms a cell. What of a page is ruled
into cells, each reads by the rules; what is not, by the words (unruled).
"""

import gc
import hashlib
import io
import re
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
from . import pdf_pdfium, pdf_tabula
from .boxes import Box
from .glyphs import Glyph, glyphs, view
from .page_text import PageText, document_text, is_page_number, page_text
from .rulings import rulings
from .unruled.word_places import Unfinished
from .unruled.words import APPLICANTS

SCAN_ADVICE = "The optional extra `scan` reads pictures of pages: pip install 'crossfoot[scan]'"
_FEWEST = 20  # characters: a document with fewer has no text layer to speak of
_GARBAGE = 0.1  # of the characters: so many without a meaning spoil a text layer
_BRACKETS = "()（）[]【】〔〕"
_TAIL = 4096  # bytes: the end mark stands in them, whatever a mail gateway has added
_HEAD = re.compile("自然人|公民|申请人情况|信息内容|结果维持|结果.*结果.*结果")
_FIGURES = re.compile(r"(\s([-+]?[\d.,]+|[-—/]+)){5}\s*$")
_ROW = re.compile(r"[\u4e00-\u9fff”）)](\s+[-+]?[\d.,]+){2,}\s*$")  # a label and its figures in one cell
_FEWEST_COLUMNS = 2  # of a ruled table that is one; fewer are a frame, or lines between rows


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
                        redrawn[number] = _upright(data, number)
                    ruled = second.get(number, ())
                    if unfinished or shows_unruled(pages[-1], ruled):
                        with _timed(seconds, "pdfium"):
                            areas = _apart(pages[-1], ruled)
                            shown = pdf_pdfium.unruled_tables(number, found, areas, unfinished)
                            unfinished = shown.after
                        if shown.grids or unfinished:
                            bare[number] = shown.grids
        _check_text_layer(path.name, pages, document)
        pictured = any(_holds(document[index], (raw.FPDF_PAGEOBJ_IMAGE,)) for index in range(len(document)))
        with _timed(seconds, "tabula"):
            first = pdf_tabula.ruled_tables(path, second, redrawn=redrawn)
            # Where tabula finds none of the rules, the order of its words bears witness instead.
            missed = [n for n in second if _is_ruled(second[n]) and not _is_ruled(first[n])]
            apart = {n: _apart(pages[n - 1], ()) for n in missed}
            apart |= {n: _apart(pages[n - 1], second.get(n, ())) for n in bare}
            in_order = pdf_tabula.unruled_tables(path, apart)
        second |= {n: _together(second.get(n, ()), grids) for n, grids in bare.items() if grids}
        first |= {n: _together(first.get(n, ()), grids) for n, grids in in_order.items() if grids}
    first = {n: tuple(_laid_out(grid, second.get(n, ())) for grid in grids) for n, grids in first.items()}
    tables = {pdf_tabula.READER: _in_order(first), pdf_pdfium.READER: _in_order(second)}
    whole, lines = document_text(pages, tables[pdf_pdfium.READER])
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
    return {number: pdf_pdfium.ruled_tables(number, drawn, found)}


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
        # pdfium repairs what it can and then shows fewer pages than were published.
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


def shows_unruled(page: PageText, ruled: Sequence[Grid]) -> bool:
    """Whether the page has heads of statutory tables, or rows of figures, outside of its ruled tables."""
    areas = [_heights(grid) for grid in ruled if _sound(grid)]
    for text, (_, top, _, bottom) in page.lines:
        if _HEAD.search(text) or _FIGURES.search(text):
            middle = (top + bottom) / 2
            if not any(a <= middle <= b for a, b in areas):
                return True
    return False


def _is_ruled(grids: Sequence[Grid]) -> bool:
    """Whether one of the tables of a page is ruled into cells."""
    return any(map(_sound, grids))


def _sound(grid: Grid) -> bool:
    """Whether rules part the columns: a frame, or lines between rows, leave several figures in a cell."""
    if len({round(cell.x0) for cell in grid.cells}) < _FEWEST_COLUMNS:
        return False
    return not any(_several(cell.text) for cell in grid.cells)


def _several(text: str) -> bool:
    return _ROW.search(text) is not None or sum(head in text for head in APPLICANTS[:5]) > 1


def _apart(page: PageText, ruled: Sequence[Grid]) -> list[Box]:
    """The areas of the page that hold no table without rules: ruled tables, and page numbers."""
    areas = [(0.0, *_heights(grid)) for grid in ruled if _sound(grid)]
    numbers = [box for text, box in page.lines if is_page_number(text, box, page)]
    return [*((x, top, x, bottom) for x, top, bottom in areas), *numbers]


def _together(ruled: Sequence[Grid], unruled: Sequence[Grid]) -> tuple[Grid, ...]:
    """The tables of a page in order; those whose rules part no columns are left out."""
    kept = [grid for grid in ruled if _sound(grid)]
    return tuple(sorted([*kept, *unruled], key=lambda grid: _heights(grid)[0]))


def _heights(grid: Grid) -> tuple[float, float]:
    return min(cell.top for cell in grid.cells), max(cell.bottom for cell in grid.cells)


def _upright(data: bytes, number: int) -> bytes:
    """The page (1-based) of the PDF as a one-page PDF that looks the same and has no rotation."""
    source, target = pdfium.PdfDocument(data), pdfium.PdfDocument.new()
    try:
        target.import_pages(source, [number - 1])
        page = target[0]
        shown = view(page)
        width, height = page.get_size()
        # Where page space's origin and its two unit steps come to lie, counted upwards from the lower left.
        x0, y0 = shown.point(0.0, 0.0)
        x1, y1 = shown.point(1.0, 0.0)
        x2, y2 = shown.point(0.0, 1.0)
        matrix = raw.FS_MATRIX(x1 - x0, y0 - y1, x2 - x0, y0 - y2, x0, height - y0)
        page.set_rotation(0)
        page.set_mediabox(0, 0, width, height)
        page.set_cropbox(0, 0, width, height)
        raw.FPDFPage_TransFormWithClip(page.raw, matrix, None)
        page.close()
        written = io.BytesIO()
        target.save(written)
        return written.getvalue()
    finally:
        target.close()
        source.close()
