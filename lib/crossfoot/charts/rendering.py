"""Figures as SVG and PNG: the same figure gives the same bytes."""

import io
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ..atomic_write import replace
from ..fonts import FILE

_SETTINGS = {
    "svg.hashsalt": "crossfoot",
    "svg.fonttype": "path",
    "text.hinting": "none",
    "hatch.linewidth": 0.7,
    "path.simplify": False,
}
PNG_DPI, COLOURS = 120, 64


def svg(figure: Any) -> str:
    """The figure as SVG, glyphs as outlines, with its headline as title; no date, no version.

    Coordinates are rounded to hundredths of a point: their last digits differ between processors.
    """
    stream = io.StringIO()
    with style.context(["default", _SETTINGS]):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return _compact(stream.getvalue(), headline(figure))


def _compact(text: str, title: str) -> str:
    """The same picture in a third of the bytes, with a title for screen readers."""
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'(<path id="[^"]*" d=")([^"]*)(" transform="scale\()0.015625(\)"/>)', _outline, text)
    text = re.sub(r' (?:d|x|y)="[^"]*"', lambda match: _rounded(match[0]), text)
    text = re.sub(r"translate\([^)]*\)", lambda match: _rounded(match[0]), text)
    text = text.replace(f"{Path(FILE).stem}-", "g")
    text = re.sub(r"\s*\n\s*", "\n", text)
    label = f'role="img">\n<title>{escape(title)}</title>'
    return re.sub(r"(<svg [^>]*)>", lambda match: f"{match[1]} {label}", text, count=1)


def _outline(match: re.Match[str]) -> str:
    """A glyph's outline on a grid of 1/400 of its height, where matplotlib takes 1/6400."""
    points = re.sub(r"-?\d+(?:\.\d+)?", lambda number: f"{float(number[0]) / 16:.0f}", match[2])
    return f"{match[1]}{points}{match[3]}0.25{match[4]}"


def _rounded(numbers: str) -> str:
    short = re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), numbers)
    return re.sub(r"\s+", " ", short)


def png(figure: Any) -> bytes:
    """The figure as a PNG of few colours, at 120 dots per inch."""
    figure.set_dpi(PNG_DPI)
    with style.context(["default", _SETTINGS]):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    pixels = canvas.buffer_rgba()
    image = Image.frombuffer("RGBA", (pixels.shape[1], pixels.shape[0]), pixels, "raw", "RGBA", 0, 1)
    few = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, format="PNG", compress_level=9)
    return stream.getvalue()


def headline(figure: Any) -> str:
    """The figure's headline: Chinese, line end, English."""
    return str(figure.get_label())


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart drawn: its name, its headline in both languages, and itself as SVG and PNG."""

    name: str
    headline: str
    svg: str
    png: bytes

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """For notebooks: SVG, PNG for where SVG is not trusted, and the headline as text."""
        image = b64encode(self.png).decode("ascii")
        return {"image/svg+xml": self.svg, "image/png": image, "text/plain": self.headline}

    def save(self, folder: str | Path, kinds: Iterable[str] = ("svg", "png")) -> list[Path]:
        """Write NAME.svg and NAME.png (or the kinds named) into `folder` and return the paths.

        Each file appears whole or not at all. Raises KeyError for an unknown kind, OSError.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        content = {"svg": self.svg.encode(), "png": self.png}
        return [replace(target / f"{self.name}.{kind}", content[kind]) for kind in kinds]


def render(name: str, figure: Any) -> Picture:
    """The figure as a picture of that name."""
    return Picture(name, headline(figure), svg(figure), png(figure))
