"""pdfium with the font that this project brings, whatever fonts a machine has.

A report that does not embed its fonts is read by the boxes of the font that stands in, and drawn with it.
The system's fonts differ from machine to machine, and where none was Chinese a row was lost.
"""

import ctypes

import pypdfium2.raw as raw
from pypdfium2.internal import bases

from .. import fonts

_Text = ctypes.POINTER(ctypes.c_char)
_FOLDER = ctypes.create_string_buffer(str(fonts.path().parent).encode())
_FOLDERS = (_Text * 2)(ctypes.cast(_FOLDER, _Text), _Text())  # pdfium keeps them, so they stay alive here


def bring() -> None:
    """Start pdfium anew with that font alone; not where somebody has documents open, which would be lost.

    Raises CrossfootError where the font is missing.
    """
    if not any(bases.ObjectTracker.values()):
        raw.FPDF_DestroyLibrary()
        raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=_FOLDERS))
