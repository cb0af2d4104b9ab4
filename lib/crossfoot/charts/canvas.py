"""A sheet to draw on, measured in points from its upper left corner, with text that never leaves its room.

Why not ordinary axes: `outcomes` and `flows` were also drawn with barh, tick labels, annotate and constrained
layout. Bars, hatches and repeated bytes were as good, and nothing overlapped. But a tick label has one size
and weight, so the English is as loud as the Chinese and nothing is bold; labels begin at the sheet's edge;
and a long source runs off it, since none of this shrinks or wraps. The two took 146 lines, not 154,
and up to half as long again to draw; `outcomes` alone under `sheet` took 78 rather than 66.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from .. import texts
from ..fonts import drawable, font
from ..texts import Pair
from .words import both

# Okabe and Ito's palette, safe for every kind of colour vision; what breaks is also told by shape and words.
BREAK, BREAK_TEXT, BREAK_TINT = "#D55E00", "#B34700", "#FDEBDD"
BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
INK, SLATE, SOFT, FAINT = "#1A1A1A", "#3F3F3F", "#595959", "#8C8C8C"
RULE, PALE = "#C8C8C8", "#F2F2F2"

WIDTH, MARGIN = 760.0, 22.0
TITLE, SUBTITLE, BODY, SMALL = 17.0, 11.0, 9.5, 7.8
BOLD = 0.018

_NEVER_FIRST = "，。；：、）》”’！？,.;:)%"
_NEVER_LAST = "（《“‘("


@dataclass(frozen=True, slots=True)
class Canvas:
    """One figure with one frameless axes over all of it; y counts downwards."""

    figure: Any
    axes: Any
    width: float
    height: float

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = BODY,
        color: str = INK,
        align: str = "left",
        bold: bool = False,
        room: float | None = None,
    ) -> float:
        """Write one line centred on the height `y` and return its width; `room` shrinks it to fit."""
        words = drawable(words)
        if not words:
            return 0.0
        size = fitted(words, size, room) if room else size
        baseline = self.height - y - 0.36 * size
        # The package ships one weight; the same glyphs beside themselves make the other.
        for shift in (-BOLD * size, BOLD * size) if bold else (0.0,):
            self.axes.text(
                x + shift, baseline, words, color=color, font=font(size), ha=align, parse_math=False
            )
        return measure(words, size)

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        fill: str = "none",
        edge: str = "none",
        line: float = 0.0,
        hatch: str = "",
    ) -> None:
        """A rectangle from its upper left corner; a hatch takes the colour of `edge`."""
        self.axes.add_patch(
            Rectangle(
                (x, self.height - y - high),
                wide,
                high,
                facecolor=fill,
                edgecolor=edge,
                linewidth=line,
                hatch=hatch or None,
            )
        )

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str = RULE, wide: float = 0.6) -> None:
        """A straight line."""
        ends = [x0, x1], [self.height - y0, self.height - y1]
        self.axes.add_line(Line2D(*ends, color=color, linewidth=wide, solid_capstyle="butt"))

    def dot(
        self, x: float, y: float, radius: float, fill: str, edge: str = "none", line: float = 0.0
    ) -> None:
        """A circle around its centre."""
        self.axes.add_patch(
            Circle((x, self.height - y), radius, facecolor=fill, edgecolor=edge, linewidth=line)
        )

    def diamond(self, x: float, y: float, radius: float, fill: str) -> None:
        """A square on its tip, around its centre."""
        turned = Affine2D().rotate_deg(45).translate(x, self.height - y)
        side = Rectangle(
            (-radius * 0.8, -radius * 0.8), radius * 1.6, radius * 1.6, facecolor=fill, linewidth=0
        )
        side.set_transform(turned + self.axes.transData)
        self.axes.add_patch(side)

    def tick(self, x: float, y: float, size: float, color: str, wide: float = 0.9) -> None:
        """A check mark around its centre."""
        self.line(x - size / 2, y, x - size / 8, y + size / 3, color, wide)
        self.line(x - size / 8, y + size / 3, x + size / 2, y - size / 3, color, wide)


@cache
def measure(words: str, size: float) -> float:
    """Width of one line of text in points."""
    return text_to_path.get_text_width_height_descent(drawable(words), font(size), ismath=False)[0]


def fitted(words: str, size: float, room: float, least: float = 4.5) -> float:
    """The size at which the words keep within `room` points: `size`, or as little less as it needs."""
    wide = measure(words, size)
    return size if wide <= room else max(least, size * room / wide)


def wrapped(words: str, size: float, room: float) -> list[str]:
    """The words in lines of at most `room` points: Chinese breaks anywhere, Latin words stay whole."""
    lines = [""]
    for piece in re.findall(r"[^\W\u2e80-\uffef]+(?:[-'./%]\w+)*|\s|.", drawable(words)):
        line = lines[-1]
        if line and measure(line + piece, size) > room and piece not in _NEVER_FIRST:
            kept = line[-1] if line[-1] in _NEVER_LAST else ""
            lines[-1] = line[: len(line) - len(kept)].rstrip()
            lines.append(kept + piece.lstrip())
        else:
            lines[-1] = line + piece
    return lines


def sheet(headline: Pair, body: float, about: Mapping, where: Pair, notes: str = "") -> tuple[Canvas, float]:
    """A canvas with its headline (Chinese, English) above and its source below, and where the body begins.

    `body` is the body's height in points; `about` has the keys of Audit.report; `where` names the table.
    """
    room = WIDTH - 2 * MARGIN
    chinese, english = wrapped(headline[0], TITLE, room), wrapped(headline[1], SUBTITLE, room)
    remarks = wrapped(notes, SMALL, room) if notes else []
    top = 16.0 + len(chinese) * TITLE * 1.4 + len(english) * SUBTITLE * 1.4 + 12.0
    height = top + body + 14.0 + (len(remarks) + 1) * SMALL * 1.5 + 10.0
    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor="white")
    figure.set_label("\n".join(headline))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    axes.axis("off")
    canvas = Canvas(figure, axes, WIDTH, height)
    y = 16.0
    for lines, size, color, bold in ((chinese, TITLE, INK, True), (english, SUBTITLE, SOFT, False)):
        for words in lines:
            y += size * 0.7
            canvas.text(MARGIN, y, words, size, color, bold=bold)
            y += size * 0.7
    y = top + body + 14.0
    for words in [*remarks, _source(about, where)]:
        canvas.text(MARGIN, y, words, SMALL, SOFT, room=room)
        y += SMALL * 1.5
    return canvas, top


def _source(about: Mapping, where: Pair) -> str:
    issuer, year = about["issuer"] or about["source"], about["year"]
    of_year = f" {year} 年" if year else ""
    of, place = both(texts.words("chart.source")), both(where)
    return f"{of}：{issuer}{of_year}政府信息公开工作年度报告，{place}（{about['source']}）"
