"""A page that is shown turned, as a PDF of its own in which it is drawn upright."""

import io

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .glyphs import view


def upright(data: bytes, number: int) -> bytes:
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
