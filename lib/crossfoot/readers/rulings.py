"""The ruling lines that a PDF page draws, however it draws them.

Word strokes lines, WPS fills thin rectangles, a browser fills each cell's border or a frame with a hole, a
dotted border is a row of squares: all become horizontal and vertical segments in points from the upper left
corner of the page as shown. What cannot be seen is no ruling: white on paper, or transparent.
"""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .boxes import Box
from .glyphs import View, view

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

_THICKEST = 3.5  # points: a filled rectangle that is thicker is shading or a bar, not a rule
_STRAIGHT = 1.0  # points: how far a line may lean and still be meant level or upright
_PALE = 250  # of 255: paler in all three colours is white
_DEEPEST = 8  # form objects within form objects; deeper ones are made to harm
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


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
    shown = view(page)
    rules: list[Box] = []
    pale: list[Box] = []
    shades: list[Box] = []
    for item, matrix in _objects(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _IDENTITY, 0):
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE:
            box = _image_box(item, matrix, shown)
            if _thin(box):
                rules.append(box)
        else:
            _read_path(item, matrix, shown, rules, pale, shades)
    rules += [box for box in pale if any(_touch(box, shade) for shade in shades)]
    found = Rulings([], [])
    for x0, top, x1, bottom in rules:
        wide, tall = x1 - x0, bottom - top
        dot = max(wide, tall) <= _THICKEST  # of a level or an upright row of dots: joining will tell
        if tall <= _THICKEST and (dot or wide >= tall):
            found.level.append(Segment((top + bottom) / 2, x0, x1))
        if wide <= _THICKEST and (dot or tall >= wide):
            found.upright.append(Segment((x0 + x1) / 2, top, bottom))
    return found


def _objects(holder, count, get, matrix: Matrix, depth: int) -> Iterator[tuple[object, Matrix]]:
    for index in range(count(holder)):
        item = get(holder, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield item, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _times(_matrix(item), matrix)
            yield from _objects(
                item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1
            )


def _matrix(item) -> Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _image_box(item, matrix: Matrix, shown: View) -> Box:
    corners = [_apply(_times(_matrix(item), matrix), x, y) for x, y in ((0, 0), (1, 1))]
    return shown.box(*corners[0], *corners[1])


def _read_path(
    item, outer: Matrix, shown: View, rules: list[Box], pale: list[Box], shades: list[Box]
) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not (fill.value or stroke.value):
        return
    subpaths = list(_subpaths(item, _times(_matrix(item), outer), shown))
    if fill.value:
        paint = _ink(item, raw.FPDFPageObj_GetFillColor)
        boxes = [_bounds(points) for points, straight in subpaths if straight and len(points) > 1]
        frame = _frame(boxes)
        for box in frame or boxes:
            if not _thin(box):
                if paint == "ink":
                    shades.append(box)
            elif paint == "ink":
                rules.append(box)
            elif paint == "white":
                pale.append(box)
    if stroke.value:
        width = ctypes.c_float()
        raw.FPDFPageObj_GetStrokeWidth(item, width)
        paint = _ink(item, raw.FPDFPageObj_GetStrokeColor)
        if paint == "none":
            return
        for points, _ in subpaths:
            for a, b in pairwise(points):
                if a is None or b is None:
                    continue
                box = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
                if min(box[2] - box[0], box[3] - box[1]) <= _STRAIGHT:
                    (rules if paint == "ink" else pale).append(box)


def _subpaths(item, matrix: Matrix, shown: View) -> Iterator[tuple[list, bool]]:
    """Each subpath as its points (None where a curve breaks the chain), and whether it is all straight."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point | None] = []
    straight = True
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = shown.point(*_apply(matrix, x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if points:
                yield points, straight
            points, straight = [point], True
        elif kind == raw.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            points += [None, point]
            straight = False
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if points:
        yield points, straight


def _ink(item, colour) -> str:
    """`ink`, `white` or `none`: how the object's colour shows on paper; a pattern is ink."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour(item, red, green, blue, alpha):
        return "ink"
    if alpha.value < 8:
        return "none"
    return "white" if min(red.value, green.value, blue.value) >= _PALE else "ink"


def _bounds(points: list[Point]) -> Box:
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
