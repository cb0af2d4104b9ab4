"""The font of pictures and pages: Noto Sans CJK SC, from the package mplfonts (SIL Open Font License 1.1)."""

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import CrossfootError

FILE = "NotoSansCJKsc-Regular.otf"

_prepared = threading.Event()
_one_at_a_time = threading.Lock()


@cache
def path() -> Path:
    """The font file; raises CrossfootError where mplfonts is not installed.

    The package is located, not imported: importing it would set matplotlib's defaults.
    """
    spec = find_spec("mplfonts")
    found = [Path(f) / "fonts" / FILE for f in (spec.submodule_search_locations or ())] if spec else []
    for file in found:
        if file.is_file():
            return file
    raise CrossfootError(
        "the font for Chinese is missing", file=FILE, advice="Run `make audit`, which installs mplfonts"
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Only errors of matplotlib are logged meanwhile: for its first import.

    On a fresh machine it says on stderr that it builds its list of fonts; none of those is used here.
    """
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def prepare_pdfium() -> None:
    """Restart pdfium, once in a process, with this font alone; call it before a PDF is opened.

    A report that does not embed its fonts is read by the boxes of the font that stands in, and drawn with
    it. The system's fonts differ from machine to machine, and where none was Chinese a row was lost. While
    documents are open, which a restart would lose, nothing is done, and the next call tries again. Raises
    CrossfootError where the font is missing.
    """
    from pypdfium2 import raw
    from pypdfium2.internal import bases

    with _one_at_a_time:
        if _prepared.is_set() or any(bases.ObjectTracker.values()):
            return
        config = raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=_folders())
        raw.FPDF_DestroyLibrary()
        raw.FPDF_InitLibraryWithConfig(config)
        _prepared.set()


@cache
def _folders() -> Any:
    """The font's folder as pdfium takes it, a list of C strings ended by null; the cache keeps it alive."""
    import ctypes

    text = ctypes.POINTER(ctypes.c_char)
    folder = ctypes.create_string_buffer(str(path().parent).encode())
    return (text * 2)(ctypes.cast(folder, text), text())


def font(size: float) -> Any:
    """The font at `size` points, as matplotlib's FontProperties.

    It is named by its file: by its family name a system's own copy could be drawn instead.
    """
    with quiet():
        from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(path()), size=size)


@cache
def _glyphs() -> frozenset[int]:
    with quiet():
        from matplotlib.font_manager import get_font

    return frozenset(get_font(str(path())).get_charmap())


def drawable(text: str) -> str:
    """`text` on one line, with □ for each character that the font has no glyph for."""
    return "".join(c if c.isprintable() and ord(c) in _glyphs() else "□" for c in " ".join(text.split()))


def chinese(text: str) -> bytes:
    """The font as WOFF with only the Chinese of `text` and its wide punctuation, some 150 bytes each."""
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=[], hinting=False, desubroutinize=True)
    font = subset.load_font(str(path()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={ord(char) for char in text if ord(char) >= 0x2E80})
    subsetter.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()
