"""The ruling lines that a PDF page draws, however it draws them.

Word strokes lines, WPS fills thin rectangles, a browser fills each cell's border or a frame with a hole, a
dotted border is a row of squares: all become horizontal and vertical segments in points from the upper left
corner of the page as shown. What cannot be seen is not a ruling: white on paper, or transparent.
"""

import ctypes
from collections.abc import Callable
from itertools import chain, pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .boxes import Box
from .glyphs import View, address, by_address, numbers, view

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Chain = list[Any]  # points, with None where a curve parts two

_THICKEST = 3.5  # points: a filled rectangle that is thicker is shading or a bar, not a rule
_STRAIGHT = 1.0  # points: how far a line may lean and still be meant level or upright
_PALE = 250  # of 255: paler in all three colours is white
_DEEPEST = 8  # form objects within form objects; deeper ones are made to harm
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_MOVE, _LINE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO
_kind = by_address(raw.FPDFPageObj_GetType)
_matrix = by_address(raw.FPDFPageObj_GetMatrix)
_fill_colour = by_address(raw.FPDFPageObj_GetFillColor)
_stroke_colour = by_address(raw.FPDFPageObj_GetStrokeColor)
_modes = by_address(raw.FPDFPath_GetDrawMode)
_count_segments = by_address(raw.FPDFPath_CountSegments)
_segment = by_address(raw.FPDFPath_GetPathSegment)
_segment_point = by_address(raw.FPDFPathSegment_GetPoint)
_segment_kind = by_address(raw.FPDFPathSegment_GetType)
_segment_closes = by_address(raw.FPDFPathSegment_GetClose)
_of_page = by_address(raw.FPDFPage_CountObjects), by_address(raw.FPDFPage_GetObject)
_of_form = by_address(raw.FPDFFormObj_CountObjects), by_address(raw.FPDFFormObj_GetObject)


class Segment(NamedTuple):
    """A straight rule: where it lies (y of a level one, x of an upright one), and from where to where."""

    at: float
    start: float
    end: float


class Rulings(NamedTuple):
    """A page's rules, unjoined, as drawn."""

    level: list[Segment]
    upright: list[Segment]


def rulings(page: pdfium.PdfPage) -> Rulings:
    """The page's rulings, in points from the upper left corner of the page as shown."""
    drawing = _Drawing(view(page))
    drawing.read(address(page.raw), _of_page, _IDENTITY, 0)
    found = Rulings([], [])
    for x0, top, x1, bottom in drawing.rules():
        # A dot is both, of a level or an upright row of dots: joining will tell.
        if bottom - top <= _THICKEST:
            found.level.append(Segment((top + bottom) / 2, x0, x1))
        if x1 - x0 <= _THICKEST:
            found.upright.append(Segment((x0 + x1) / 2, top, bottom))
    return found


class _Drawing:
    """What is drawn on a page: `ink` are its rules, `shades` what is too thick for one, `pale` white rules.

    White shows only on a shade, so that paths without ink wait in `white`, unread, until there is one.
    """

    def __init__(self, shown: View) -> None:
        self.shown = shown
        self.ink: list[Box] = []
        self.pale: list[Box] = []
        self.shades: list[Box] = []
        self.white: list[tuple[int, Matrix]] = []
        self.modes, self.at_modes = numbers(ctypes.c_int, 2)
        self.colour, self.at_colour = numbers(ctypes.c_uint, 4)
        self.point, self.at_point = numbers(ctypes.c_float, 2)
        self.matrix = raw.FS_MATRIX()

    def rules(self) -> list[Box]:
        """The rules that can be seen."""
        if not self.shades:
            return self.ink
        for item, outer in self.white:
            self.read_path(item, outer, *self.paints(item))
        return self.ink + [box for box in self.pale if any(_touch(box, shade) for shade in self.shades)]

    def read(self, holder, objects: tuple[Callable, Callable], outer: Matrix, depth: int) -> None:
        """Read the objects of the page, or of a form object, whose place on the page `outer` gives."""
        count, get = objects
        for index in range(count(holder)):
            item = get(holder, index)
            kind = _kind(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                paints = self.paints(item)
                if "ink" in paints:
                    self.read_path(item, outer, *paints)
                elif "white" in paints:
                    self.white.append((item, outer))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                box = self.image_box(item, outer)
                if _thin(box):
                    self.ink.append(box)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                self.read(item, _of_form, self.placed(item, outer), depth + 1)

    def placed(self, item: int, outer: Matrix) -> Matrix:
        """The matrix that takes the object's points to the page."""
        m = self.matrix
        if not _matrix(item, ctypes.addressof(m)):
            return outer
        own = m.a, m.b, m.c, m.d, m.e, m.f
        return own if outer is _IDENTITY else _times(own, outer)

    def paints(self, item: int) -> tuple[str, str]:
        """How the path's area and its line show on paper: `ink`, `white` or `none`."""
        filled, stroked = self.modes
        _modes(item, *self.at_modes)
        return (
            self.paint(item, _fill_colour) if filled.value else "none",
            self.paint(item, _stroke_colour) if stroked.value else "none",
        )

    def paint(self, item: int, colour: Callable) -> str:
        """How a colour of the object shows on paper; a pattern is ink."""
        red, green, blue, alpha = self.colour
        if not colour(item, *self.at_colour):
            return "ink"
        if alpha.value < 8:
            return "none"
        return "white" if red.value >= _PALE <= green.value and blue.value >= _PALE else "ink"

    def read_path(self, item: int, outer: Matrix, fill: str, stroke: str) -> None:
        """Read a path whose area and line show so (see paints)."""
        subpaths = self.subpaths(item, self.placed(item, outer))
        if fill != "none":
            boxes = [_bounds(points) for points in subpaths if len(points) > 1 and None not in points]
            for box in _frame(boxes) or boxes:
                if _thin(box):
                    (self.ink if fill == "ink" else self.pale).append(box)
                elif fill == "ink":
                    self.shades.append(box)
        if stroke != "none":
            rules = self.ink if stroke == "ink" else self.pale
            for a, b in chain.from_iterable(map(pairwise, subpaths)):
                if a is None or b is None:
                    continue
                (x0, top), (x1, bottom) = a, b
                if x1 < x0:
                    x0, x1 = x1, x0
                if bottom < top:
                    top, bottom = bottom, top
                if x1 - x0 <= _STRAIGHT or bottom - top <= _STRAIGHT:
                    rules.append((x0, top, x1, bottom))

    def subpaths(self, item: int, matrix: Matrix) -> list[Chain]:
        """The points of each subpath."""
        a, b, c, d, e, f = matrix
        (x, y), (at_x, at_y), place = self.point, self.at_point, self.shown.point
        found: list[Chain] = []
        for index in range(_count_segments(item)):
            segment = _segment(item, index)
            _segment_point(segment, at_x, at_y)
            point = place(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = _segment_kind(segment)
            if kind == _MOVE or not found:
                found.append([point])
            elif kind == _LINE:
                found[-1].append(point)
            else:
                found[-1] += [None, point]
            if _segment_closes(segment):
                found[-1].append(found[-1][0])
        return found

    def image_box(self, item: int, outer: Matrix) -> Box:
        """The area of a picture."""
        a, b, c, d, e, f = self.placed(item, outer)
        return self.shown.box(e, f, a + c + e, b + d + f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _bounds(points: Chain) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _thin(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= _THICKEST


def _frame(boxes: list[Box]) -> list[Box]:
    """The four sides of a frame drawn as a filled rectangle with a hole; empty where it is none."""
    if len(boxes) != 2:
        return []
    (a0, a1, a2, a3), (b0, b1, b2, b3) = sorted(boxes, key=lambda b: (b[0] - b[2]) * (b[3] - b[1]))
    sides = [(a0, a1, b0, a3), (a0, a1, a2, b1), (b2, a1, a2, a3), (a0, b3, a2, a3)]
    widths = [b0 - a0, b1 - a1, a2 - b2, a3 - b3]
    if not all(0 <= w <= _THICKEST for w in widths) or _thin((b0, b1, b2, b3)):
        return []
    return [side for side, width in zip(sides, widths, strict=True) if width > 0]


def _touch(box: Box, shade: Box) -> bool:
    return (
        box[0] <= shade[2] + 1
        and box[2] >= shade[0] - 1
        and box[1] <= shade[3] + 1
        and box[3] >= shade[1] - 1
    )
