"""Scans: pictures of pages, read by character recognition. An optional extra, `scan`, brings the recogniser.

Nothing of the extra is imported until a page is to be recognised.
"""

import hashlib
import time
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from ..document import Document, Grid
from ..errors import ReportError
from .page_text import PageText, document_text

READER = "ocr"


def installed() -> bool:
    """Whether the extra `scan` is installed; nothing of it is imported."""
    return all(find_spec(module) for module in ("rapidocr", "onnxruntime", "cv2"))


def read(path: Path, data: bytes) -> Document:
    """The report in an image file (PNG, JPEG, TIFF of several pages) or a PDF without a text layer.

    Its tables stand under the reader `ocr`; every cell that prints something has a confidence. Places are
    points on the page as set straight, from its upper left corner. Raises ReportError where the extra is
    not installed, the file cannot be opened, or nothing legible is in it.
    """
    start = time.perf_counter()
    pages, grids = recognised(path.name, data)
    if not any(page.chinese for page in pages):
        problem = "shows no Chinese text that can be recognised"
        raise ReportError(problem, file=path.name, advice="Scan it again, upright and at 200 to 300 dpi")
    text, lines = document_text(pages, grids)
    seconds = {READER: time.perf_counter() - start}
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(path.name, sha256, len(pages), text, lines, {READER: grids}, seconds)


def witness(path: Path, data: bytes, pages: Collection[int]) -> tuple[Grid, ...]:
    """The ruled tables on these pages (1-based) of a PDF or an image file, as the recogniser sees them."""
    return recognised(path.name, data, pages)[1]


def recognised(
    name: str, data: bytes, pages: Collection[int] | None = None
) -> tuple[list[PageText], tuple[Grid, ...]]:
    """The lines of the pages that are asked for (all where None), and their ruled tables, in order."""
    try:
        from .page_pictures import pictures
        from .scanned_page import read_page
    except ImportError as error:
        raise ReportError(
            f"needs character recognition, which is not installed (no module {error.name})",
            file=name,
            advice="Install the optional extra: pip install 'crossfoot[scan]'",
        ) from error
    texts: list[PageText] = []
    grids: list[Grid] = []
    for picture in pictures(name, data, pages):
        text, found = read_page(picture, name)
        texts.append(text)
        grids += found
    return texts, tuple(grids)
