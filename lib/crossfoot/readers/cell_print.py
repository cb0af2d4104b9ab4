"""The print in the ruled cells of a page's picture, cut into lines.

Nothing is sought: every speck of ink in a cell, dust and the rests of rules apart, is in one of its lines.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from .boxes import Box
from .recognition import PixelBox

_SPECK = 1.6  # points: what is smaller both ways is dust; the shortest dash of a 9 point type has 2.5
_EDGE = 2.0  # points: what lies wholly so near to a cell's side is the rest of a rule
_FLAT, _FLAT_EDGE = 1.6, 3.0  # points: so is what is that flat, and so near; a minus stands in the middle
_MARGIN = 0.25  # of a line's height: paper around it; with less or more digits are read less surely
_LOW, _SHORT = 0.35, 0.8  # of that height: a point, comma or minus is lower and shorter
_USUAL = 10.0  # points: the height of a line's ink, where no cell tells
_TALL, _THIN, _APART = 1.7, 0.6, 1.3  # of that height: two lines; a part of one; too far apart for one
_STACK, _NARROW = 3, 1.6  # lines at the least, and of that height: how wide print runs that reads downwards


class Piece(NamedTuple):
    """A line of print on the page, and the table and cell that it stands in (None in prose).

    Upright print, one character under the other, is one line; `bands` are its characters, from and to.
    `marks` counts its pieces of ink that are no larger than a point, comma or minus.
    """

    box: PixelBox
    cell: tuple[int, int] | None
    marks: int = 0
    bands: tuple[tuple[int, int], ...] = ()


def without_specks(print_: np.ndarray, scale: float) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(print_, connectivity=8)
    extent = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = extent >= _SPECK * scale
    kept[0] = False
    return kept[labels].astype(np.uint8)


def cell_pieces(found: Sequence[Sequence[Box]], print_: np.ndarray, scale: float) -> Iterator[Piece]:
    """The lines of print in the cells; those of a table inside another's cell are the inner one's."""
    left = print_.copy()
    areas = [pixel_box(around(cells), scale, left.shape) for cells in found]
    order = sorted(range(len(found)), key=lambda i: (areas[i].x1 - areas[i].x0, i))
    raw: list[tuple[tuple[int, int], PixelBox, np.ndarray, list[tuple[int, int]]]] = []
    for table in order:
        for index, cell in enumerate(found[table]):
            box = pixel_box(cell, scale, left.shape)
            inner = _without_edges(left[box.top : box.bottom, box.x0 : box.x1], scale)
            if inner.any():
                raw.append(((table, index), box, inner, _bands(inner)))
        area = areas[table]
        left[area.top : area.bottom, area.x0 : area.x1] = 0
    heights = [b - a for *_, bands in raw for a, b in bands if b - a >= 0.5 * _USUAL * scale]
    usual = float(np.median(heights)) if heights else _USUAL * scale
    for cell_index, box, inner, bands in sorted(raw, key=lambda entry: entry[0]):
        lines = _as_lines(bands, inner, usual)
        across = [np.flatnonzero(inner[a:b].any(axis=0))[[0, -1]] + (0, 1) for a, b in lines]
        boxes = [
            PixelBox(box.x0 + int(x0), box.top + a, box.x0 + int(x1), box.top + b)
            for (a, b), (x0, x1) in zip(lines, across, strict=True)
        ]
        whole = _around_pixels(boxes)
        if len(boxes) >= _STACK and whole.x1 - whole.x0 <= _NARROW * usual:
            yield Piece(whole, cell_index, 0, tuple((b.top, b.bottom) for b in boxes))
        else:
            for (a, b), line in zip(lines, boxes, strict=True):
                yield Piece(line, cell_index, _marks(inner[a:b]))


def _without_edges(part: np.ndarray, scale: float) -> np.ndarray:
    """A cell's ink without what lies wholly along one of its sides, the thinner the farther from it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    if count == 1:
        return part
    height, width = part.shape
    x, y, wide, tall = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3]
    near = np.where((tall <= _FLAT * scale) & (wide >= 2 * tall), _FLAT_EDGE, _EDGE) * scale
    edge = (y + tall <= near) | (y >= height - near)
    near = np.where((wide <= _FLAT * scale) & (tall >= 2 * wide), _FLAT_EDGE, _EDGE) * scale
    edge |= (x + wide <= near) | (x >= width - near)
    edge[0] = True
    return (~edge)[labels].astype(np.uint8)


def _bands(inner: np.ndarray) -> list[tuple[int, int]]:
    """The rows of ink, from and to, that rows without ink part."""
    inked = np.concatenate(([0], inner.any(axis=1).astype(np.int8), [0]))
    turns = np.flatnonzero(np.diff(inked))
    return [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True)]


def _as_lines(bands: Sequence[tuple[int, int]], inner: np.ndarray, usual: float) -> list[tuple[int, int]]:
    """The bands as lines of print: strokes of one line (as of 三) joined, lines that touch parted."""
    joined: list[tuple[int, int]] = []
    for top, bottom in bands:
        if joined:
            before = joined[-1]
            part = min(bottom - top, before[1] - before[0]) < _THIN * usual
            if part and bottom - before[0] <= _APART * usual:
                joined[-1] = (before[0], bottom)
                continue
        joined.append((top, bottom))
    lines: list[tuple[int, int]] = []
    for top, bottom in joined:
        count = round((bottom - top) / (1.15 * usual)) if bottom - top > _TALL * usual else 1
        weight = inner[top:bottom].sum(axis=1)
        cuts = [top]
        for number in range(1, count):
            about, reach = (bottom - top) * number / count, usual * 0.35
            low, high = int(about - reach), int(about + reach) + 1
            cuts.append(top + low + int(weight[low:high].argmin()))
        cuts.append(bottom)
        lines += [(a, b) for a, b in pairwise(cuts) if inner[a:b].any()]
    return lines


def _marks(line: np.ndarray) -> int:
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(line), connectivity=8)
    low = stats[1:, cv2.CC_STAT_HEIGHT] < _LOW * line.shape[0]
    return int((low & (stats[1:, cv2.CC_STAT_WIDTH] < _SHORT * line.shape[0])).sum())


def crop(shown: np.ndarray, piece: Piece) -> np.ndarray:
    """The picture of one line of print; a cell's with paper around it, upright print laid level."""
    x0, top, x1, bottom = piece.box
    part = shown[top:bottom, x0:x1]
    if piece.cell is None:
        return part
    if piece.bands:
        tall = max(b - a for a, b in piece.bands)
        part = np.hstack([_padded(shown[a:b, x0:x1], (tall - (b - a), 0, 1, 1)) for a, b in piece.bands])
    margin = max(round(_MARGIN * part.shape[0]), 2)
    return _padded(part, (margin, margin, margin, margin))


def _padded(part: np.ndarray, paper: tuple[int, int, int, int]) -> np.ndarray:
    """The picture with paper above, below, left and right of it, in pixels."""
    shade = float(np.percentile(part, 80))
    return cv2.copyMakeBorder(part, *paper, cv2.BORDER_CONSTANT, value=(shade,))


def around(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def pixel_box(box: Box, scale: float, shape: tuple[int, ...]) -> PixelBox:
    height, width = shape[:2]
    x0, top = max(round(box[0] * scale), 0), max(round(box[1] * scale), 0)
    x1, bottom = min(round(box[2] * scale), width), min(round(box[3] * scale), height)
    return PixelBox(x0, top, max(x1, x0), max(bottom, top))


def _around_pixels(boxes: Sequence[PixelBox]) -> PixelBox:
    return PixelBox(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )
