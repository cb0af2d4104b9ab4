"""The fonts that pdfium puts in the place of those a report does not embed."""

import threading

import pypdfium2
import pytest
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.ttLib import TTFont
from pdf_drawing import Page, pdf

from crossfoot import fonts

SIZE, LEFT = 9.0, 60


def drawn(path, character):
    """The width and height of the character in that font, in points."""
    font = TTFont(path)
    glyphs = font.getGlyphSet()
    name = font.getBestCmap()[ord(character)]
    pen = ControlBoundsPen(glyphs)
    glyphs[name].draw(pen)
    left, bottom, right, top = (SIZE * edge / font["head"].unitsPerEm for edge in pen.bounds)
    return right - left, top - bottom


@pytest.mark.parametrize("character", "予公")
def test_a_font_that_is_not_embedded_has_the_boxes_of_ours(character):
    page = Page()
    page.text(LEFT, 90, character, SIZE)
    fonts.prepare_pdfium()
    with pypdfium2.PdfDocument(pdf(page)) as document:
        left, bottom, right, top = document[0].get_textpage().get_charbox(0)
    ours = [drawn(path, character) for path in sorted(fonts.path().parent.glob("*.otf"))]
    assert any((right - left, top - bottom) == pytest.approx(size, abs=0.15) for size in ours)


def test_documents_that_are_open_are_not_lost(monkeypatch):
    restarted = []
    monkeypatch.setattr(fonts, "_prepared", threading.Event())
    monkeypatch.setattr(pypdfium2.raw, "FPDF_DestroyLibrary", lambda: None)
    monkeypatch.setattr(pypdfium2.raw, "FPDF_InitLibraryWithConfig", restarted.append)
    with pypdfium2.PdfDocument(pdf(Page())):
        fonts.prepare_pdfium()
    assert not restarted
    fonts.prepare_pdfium()
    fonts.prepare_pdfium()
    assert len(restarted) == 1
