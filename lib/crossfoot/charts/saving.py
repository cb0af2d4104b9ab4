"""Figures as SVG and PNG: the same figure gives the same bytes."""

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from matplotlib import style
from PIL import Image

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
    stream, small = io.BytesIO(), io.BytesIO()
    with style.context(["default", _SETTINGS]):
        figure.savefig(stream, format="png", dpi=PNG_DPI)
    image = Image.open(stream).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        small, format="PNG", optimize=True
    )
    return small.getvalue()


def headline(figure: Any) -> str:
    """The figure's headline: Chinese, line end, English."""
    return str(figure.get_label())


def save(figure: Any, stem: str | Path) -> list[Path]:
    """Write `stem`.svg and `stem`.png and return their paths; each appears whole or not at all."""
    target = Path(stem)
    target.parent.mkdir(parents=True, exist_ok=True)
    return [
        _replace(target.with_name(f"{target.name}.svg"), svg(figure).encode()),
        _replace(target.with_name(f"{target.name}.png"), png(figure)),
    ]


def _replace(path: Path, content: bytes) -> Path:
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
    return path


def show(figure: Any) -> None:
    """Display the figure in a notebook: SVG, a PNG for where SVG is not trusted, and its headline as text."""
    from IPython.display import display

    display(
        {"image/svg+xml": svg(figure), "image/png": png(figure), "text/plain": headline(figure)}, raw=True
    )
