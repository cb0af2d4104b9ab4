"""The font of pictures and pages: Noto Sans CJK SC, from the package mplfonts (SIL Open Font License 1.1)."""

import io
import logging
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import CrossfootError

FILE = "NotoSansCJKsc-Regular.otf"

# On a fresh machine matplotlib says on stderr that it builds its list of fonts; none of those is used here.
logging.getLogger("matplotlib").setLevel(logging.ERROR)


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


def font(size: float) -> Any:
    """The font at `size` points, as matplotlib's FontProperties.

    It is named by its file: by its family name a system's own copy could be drawn instead.
    """
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(path()), size=size)


@cache
def _glyphs() -> frozenset[int]:
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
