"""Pages as pictures: of a PDF drawn by pdfium, of an image file decoded; all grey and of one resolution."""

import io
import warnings
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from .. import fonts
from ..errors import ReportError

RESOLUTION = 200.0  # dots per inch; at 150 thin rules fade, and beyond 200 nothing more is read
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
_PAPER_WIDTH = 595.0  # points, A4: the shorter side of a picture that does not say how large it is
_PLAUSIBLE = (300.0, 1800.0)  # points: a page's shorter side; a screen's 96 or 72 dpi says nothing
_MOST_PIXELS = 12_000_000  # of a page as read: A3 at 200 dpi has 7.7 million
_MOST_DECODED = 150_000_000  # of a picture as stored: A3 at 600 dpi has 70 million
_RESCAN = "Scan it at 200 to 300 dpi"
_MOST_PAGES = 100  # some 5 s each


class PagePicture(NamedTuple):
    """A page (1-based `number`) as grey pixels (height × width, 0 black), `scale` pixels to the point."""

    number: int
    pixels: np.ndarray
    scale: float


def pictures(name: str, data: bytes, pages: Collection[int] | None = None) -> Iterator[PagePicture]:
    """The pages of a PDF or an image file, one at a time; `pages` are those wanted, all where None.

    Raises ReportError where the file cannot be opened, has too many pages, or a page is beyond any paper.
    """
    return _drawn(name, data, pages) if b"%PDF-" in data[:1024] else _decoded(name, data, pages)


def _drawn(name: str, data: bytes, pages: Collection[int] | None) -> Iterator[PagePicture]:
    fonts.prepare_pdfium()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        problem = "is encrypted or damaged and cannot be opened as a PDF"
        raise ReportError(problem, file=name, advice="Fetch the report again") from error
    try:
        for number in _wanted(name, len(document), pages):
            try:
                page = document[number - 1]
                scale = _fitting(page.get_width(), page.get_height())
                drawn = page.render(scale=scale, grayscale=True, may_draw_forms=False)
                pixels = drawn.to_numpy().reshape(drawn.height, drawn.width).copy()
                page.close()
            except (pdfium.PdfiumError, ValueError) as error:
                problem = "the page is damaged and cannot be drawn"
                raise ReportError(problem, file=name, page=number, advice="Fetch it again") from error
            yield PagePicture(number, pixels, scale)
    finally:
        document.close()


def _decoded(name: str, data: bytes, pages: Collection[int] | None) -> Iterator[PagePicture]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oddities of the file's tags, and large pictures: looked at below
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                for number in _wanted(name, getattr(image, "n_frames", 1), pages):
                    image.seek(number - 1)
                    if image.width * image.height > _MOST_DECODED:
                        problem = f"has {image.width} × {image.height} pixels, too many for a page"
                        raise ReportError(problem, file=name, page=number, advice=_RESCAN)
                    yield _resampled(number, image)
        except ReportError:
            raise
        except Image.DecompressionBombError as error:
            raise ReportError("has too many pixels for a page", file=name, advice=_RESCAN) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            kind = "not a picture" if isinstance(error, UnidentifiedImageError) else "a damaged picture"
            raise ReportError(f"is {kind}", file=name, advice="Scan or fetch it again") from error


def _resampled(number: int, image: Image.Image) -> PagePicture:
    upright = ImageOps.exif_transpose(image)
    if "A" in upright.getbands() or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    grey = upright.convert("L")
    dots = _dots_per_point(image.info.get("dpi"), min(grey.size))
    width, height = grey.width / dots, grey.height / dots
    scale = _fitting(width, height)
    if abs(scale / dots - 1) > 0.02:
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        grey = grey.resize(size, Image.Resampling.LANCZOS if scale > dots else Image.Resampling.BOX)
        dots = scale
    return PagePicture(number, np.array(grey), dots)


def _dots_per_point(stated: Any, shorter: int) -> float:
    """The picture's pixels to the point: as it states where that gives a page's size, else as for A4."""
    try:
        dots = float(stated[0]) / 72
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dots = 0.0
    if dots > 1.4 and _PLAUSIBLE[0] <= shorter / dots <= _PLAUSIBLE[1]:
        return dots
    return shorter / _PAPER_WIDTH


def _fitting(width: float, height: float) -> float:
    """The pixels to the point that a page of that size in points is read with."""
    most = (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5
    return min(RESOLUTION / 72, most)


def _wanted(name: str, count: int, pages: Collection[int] | None) -> list[int]:
    numbers = [number for number in range(1, count + 1) if pages is None or number in pages]
    if len(numbers) > _MOST_PAGES:
        raise ReportError(
            f"has {len(numbers)} scanned pages, more than the {_MOST_PAGES} that a report can have",
            file=name,
            advice="Give the report's own pages as one file",
        )
    return numbers
