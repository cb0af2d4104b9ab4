"""The picture of a page made even, the ruling lines in it, and the print in its ruled cells, cut into lines.

A page is set straight, its noise and shading taken away, its ink made black. Print is not sought in cells:
every speck of ink in one, apart from dust and remains of rules, is in one of its lines.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np

from .boxes import Box, around
from .rulings import Rulings, Segment

# The page made even.
_FAINT = 36  # of 255: so much darker than the paper is a rule's grey, twice what JPEG and scanners add
_INK = 70  # of 255: so much darker than the paper is print
_STEEPEST = 3.0  # degrees: how far a scanned page may lean and be set straight
_LEAST_TURN = 0.04  # degrees: less moves nothing by a pixel
_BLACK = 200.0  # of 255: how dark the print of a good scan is
_PALEST = 24  # of 255: what differs less from the paper and its grain is not print
_GRAINY, _COARSE = 7.0, 15.0  # of 255: paper that varies more is smoothed; beyond trust
_PEPPER_APART, _PEPPER_SIZE = 2.0, 1.2  # points: how far apart and how small specks of pepper are
_PEPPER = 0.001  # such specks to the square point
_PATCH = 15.0  # points: most of what lies that near to a pixel is paper, even in bold print
_DARK_PAPER = 110  # of 255: print on darker shading is light
# Its rules.
_SHORTEST = 11.0  # points: a row's height at the least; longer than most characters' strokes
_THICKEST = 4.5  # points: what is thicker is shading or a bar
_WIDEST_STROKE = 60.0  # points: rules without a longer one among them are strokes of bold or large print
_LONG = 30.0  # points: a shorter rule must meet others, or it is a stroke of a character near a rule
_MEETING = 2.0  # points: ends so near to a rule meet it
_DOUBLE, _ONE_LINE = 3.0, 0.8  # points: between the halves of a double line, and the pieces of one
_BRIDGED = 0.8  # points: breaks in a rule that the scanner made
_MOST_PAIRS = 4_000_000  # of rules; a page that has more is a drawing, and has too many cells besides
# The print in its cells.
_SPECK = 1.6  # points: what is smaller both ways is dust; the shortest dash of a 9 point type has 2.5
_EDGE = 2.0  # points: what lies wholly so near to a cell's side is the rest of a rule
_FLAT, _FLAT_EDGE = 1.6, 3.0  # points: so is what is that flat, and so near; a minus stands in the middle
_MARGIN = 0.25  # of a line's height: paper around it; with less or more digits are read less surely
_LOW, _SHORT = 0.35, 0.8  # of that height: a point, comma or minus is lower and shorter
_USUAL = 10.0  # points: the height of a line's ink, where no cell tells
_TALL, _THIN, _APART = 1.7, 0.6, 1.3  # of that height: two lines; a part of one; too far apart for one
_STACK, _NARROW = 3, 1.6  # lines at the least, and of that height: how wide print runs that reads downwards


class Noise(NamedTuple):
    """What a bad scan adds: pepper, black specks, or grain, by how much (of 255) half of the paper varies."""

    pepper: bool
    grain: float

    @property
    def misleading(self) -> bool:
        """Whether what noise adds to a figure may be taken for a digit."""
        return self.pepper or self.grain > _COARSE


class PixelBox(NamedTuple):
    """An upright rectangle of pixels."""

    x0: int
    top: int
    x1: int
    bottom: int


class PrintLine(NamedTuple):
    """A line of print on the page, and the table and cell that it stands in (None in prose).

    Upright print, one character under the other, is one line; `bands` are its characters, from and to.
    `marks` counts its pieces of ink that are no larger than a point, comma or minus.
    """

    box: PixelBox
    cell: tuple[int, int] | None
    marks: int = 0
    bands: tuple[tuple[int, int], ...] = ()


def darkness(pixels: np.ndarray, scale: float) -> np.ndarray:
    """How much darker than the paper around it each pixel is, 0 to 255.

    Shading counts as paper; on dark shading it is how much lighter, so that light print counts as print.
    """
    step = max(round(scale), 1)
    small = cv2.resize(pixels, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(small, _odd(_PATCH * scale / step))
    paper = cv2.resize(paper, pixels.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(paper < _DARK_PAPER, cv2.subtract(pixels, paper), cv2.subtract(paper, pixels))


def contrasted(dark: np.ndarray) -> np.ndarray:
    """The same without the paper's own grain, and pale print made black."""
    grain, spread = _grain(dark)
    dark = cv2.subtract(dark, np.full_like(dark, round(grain + 2 * spread)))
    inked = dark[dark >= _PALEST]
    black = float(np.percentile(inked, 80)) if inked.size else 255.0
    return cv2.convertScaleAbs(dark, alpha=_BLACK / black) if black < _BLACK else dark


def _grain(dark: np.ndarray) -> tuple[float, float]:
    """The usual darkness of the paper itself, and by how much it varies (as a standard deviation)."""
    half, most = np.percentile(dark[::3, ::3], [50, 75])
    return float(half), float(most - half) / 0.67


def noise(pixels: np.ndarray, scale: float) -> Noise:
    """The noise of a page."""
    smooth = cv2.medianBlur(pixels, 5)
    dark = darkness(pixels, scale)
    black = (dark >= _INK).astype(np.uint8)
    reach = _odd(_PEPPER_APART * scale)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(black, np.ones((reach, reach), np.uint8)))
    size = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) - reach + 1
    specks = int((size <= _PEPPER_SIZE * scale).sum())
    paper = cv2.absdiff(smooth, pixels)[dark < _FAINT]
    grain = 2 * float(np.median(paper)) if paper.size else 0.0
    return Noise(specks > _PEPPER * pixels.size / scale**2, grain)


def denoised(pixels: np.ndarray, found: Noise) -> np.ndarray:
    """The page without its noise; itself where there is little, for thin strokes suffer."""
    if found.pepper:
        return cv2.medianBlur(pixels, 3)
    return cv2.GaussianBlur(pixels, (3, 3), 0) if found.grain > _GRAINY else pixels


def turned(pixels: np.ndarray, angle: float) -> np.ndarray:
    """The page turned about its middle, counter-clockwise in degrees; itself where that moves nothing."""
    if abs(angle) < _LEAST_TURN:
        return pixels
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = float(np.percentile(pixels, 90))
    return cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,))


def lean(pixels: np.ndarray, scale: float) -> float:
    """By how many degrees (counter-clockwise) to turn the page, for its rows of ink to be sharpest."""
    shrink = min(1.0, 1.4 / scale)
    small = cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    dark = (contrasted(darkness(small, scale * shrink)) >= _FAINT).astype(np.float32)
    height, width = dark.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        turned: Any = cv2.warpAffine(dark, turn, (width, height), flags=cv2.INTER_LINEAR)
        return float((np.diff(turned.sum(axis=1)) ** 2).sum())

    best, step = 0.0, 0.25
    candidates = np.arange(-_STEEPEST, _STEEPEST + step / 2, step)
    while step >= 0.01:
        best = max((float(angle) for angle in candidates), key=lambda a: (sharpness(a), -abs(a)))
        candidates = best + np.linspace(-step, step, 7)
        step /= 3
    return best if sharpness(best) > 1.02 * sharpness(0.0) else 0.0


def _odd(size: float) -> int:
    """The odd number next to a size, 3 at the least."""
    return 2 * max(round(size / 2), 1) + 1


def ruling_lines(dark: np.ndarray, scale: float) -> tuple[Rulings, np.ndarray]:
    """The rules of a straightened page, in points, and the mask of the pixels that they cover.

    `dark` is what `contrasted` gives.
    """
    faint = (dark >= _FAINT).astype(np.uint8)
    masks = [_runs(faint, scale, across) for across in (True, False)]
    both = masks[0] | masks[1]
    reach = _odd(1.5 * scale)
    _, joined = cv2.connectedComponents(cv2.dilate(both, np.ones((reach, reach), np.uint8)), connectivity=8)
    _, runs, stats, _ = cv2.connectedComponentsWithStats(masks[0], connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH] >= _WIDEST_STROKE * scale
    long[0] = False
    ruled = np.zeros(joined.max() + 1, bool)
    ruled[joined[long[runs]]] = True
    ruled[0] = False
    kept = ruled[joined].astype(np.uint8)
    level, lines = _segments(masks[0] & kept, scale, True)
    upright, posts = _segments(masks[1] & kept, scale, False)
    anchored = _anchored(Rulings(list(level), list(upright)))
    # A stroke of a character is not a rule, and must not be wiped out as one.
    covered = np.isin(lines, [level[rule] for rule in anchored.level])
    covered |= np.isin(posts, [upright[rule] for rule in anchored.upright])
    return Rulings(_undoubled(anchored.level), _undoubled(anchored.upright)), covered


def ink(dark: np.ndarray, rules: np.ndarray) -> np.ndarray:
    """The pixels that print something: dark ones, and the paler ones that hang together with them."""
    edge = cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8))
    faint = ((dark >= _FAINT) & (edge == 0)).astype(np.uint8)
    _, labels = cv2.connectedComponents(faint, connectivity=8)
    sure = np.zeros(labels.max() + 1, bool)
    sure[labels[(dark >= _INK) & (edge == 0)]] = True
    sure[0] = False
    return sure[labels].astype(np.uint8)


def _runs(faint: np.ndarray, scale: float, across: bool) -> np.ndarray:
    """The pixels in straight runs that are long enough for rules, thick bars left out."""

    def along(length: float) -> np.ndarray:
        count = max(round(length * scale), 1)
        return np.ones((1, count) if across else (count, 1), np.uint8)

    closed = cv2.morphologyEx(faint, cv2.MORPH_CLOSE, along(_BRIDGED))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, along(_SHORTEST))
    square = np.ones((_odd(_THICKEST * scale),) * 2, np.uint8)
    return cv2.subtract(runs, cv2.morphologyEx(runs, cv2.MORPH_OPEN, square))


def _segments(mask: np.ndarray, scale: float, across: bool) -> tuple[dict[Segment, int], np.ndarray]:
    """The rules in a mask with the number of each, and which number each pixel belongs to."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = {}
    for index in range(1, count):
        x, y, wide, tall, _ = (int(value) for value in stats[index])
        length, thick = (wide, tall) if across else (tall, wide)
        if length < 0.9 * _SHORTEST * scale or thick > length:
            continue
        part = labels[y : y + tall, x : x + wide] == index
        weight = part.sum(axis=1 if across else 0)
        middle = float((weight * np.arange(len(weight))).sum() / weight.sum()) + 0.5
        start, at = (x, y) if across else (y, x)
        found[Segment((at + middle) / scale, start / scale, (start + length) / scale)] = index
    return found, labels


def _anchored(found: Rulings) -> Rulings:
    """The rules without short ones that do not run from rule to rule.

    One open end is enough for an upright that a page break cut: then others end beside it.
    """
    level, upright = found
    if len(level) * len(upright) > _MOST_PAIRS:
        return found
    while True:
        kept_level = [line for line in level if _is_long(line) or _open_ends(line, upright) == []]
        kept_upright = []
        for post in upright:
            ends = [] if _is_long(post) else _open_ends(post, kept_level)
            beside = [
                o for o in upright if ends and abs(getattr(o, ends[0]) - getattr(post, ends[0])) <= _MEETING
            ]
            if not ends or (len(ends) == 1 and len(beside) > 1):
                kept_upright.append(post)
        if len(kept_level) == len(level) and len(kept_upright) == len(upright):
            return Rulings(level, upright)
        level, upright = kept_level, kept_upright


def _undoubled(rules: list[Segment]) -> list[Segment]:
    """The rules without the fainter half of double lines: where noise breaks it, its ends would pass for a
    table's open side."""
    kept: list[Segment] = []
    for double in _side_by_side(rules, _DOUBLE):
        halves = _side_by_side(double, _ONE_LINE)
        full = max(halves, key=lambda half: sum(rule.end - rule.start for rule in half))
        spans: list[tuple[float, float]] = []
        for rule in sorted(full, key=lambda rule: rule.start):
            if spans and rule.start - spans[-1][1] <= _MEETING:
                spans[-1] = (spans[-1][0], max(spans[-1][1], rule.end))
            else:
                spans.append((rule.start, rule.end))
        kept += full
        for rule in (rule for half in halves if half is not full for rule in half):
            if not any(a - _MEETING <= rule.start and rule.end <= b + _MEETING for a, b in spans):
                kept.append(rule)
    return kept


def _side_by_side(rules: list[Segment], apart: float) -> list[list[Segment]]:
    """The rules in groups that lie within `apart` of the group's first, whatever they cover."""
    groups: list[list[Segment]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= apart:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _is_long(rule: Segment) -> bool:
    return rule.end - rule.start >= _LONG


def _open_ends(rule: Segment, others: list[Segment]) -> list[str]:
    """Which ends of the rule, `start` and `end`, meet none of the others that run across."""
    return [
        side
        for side in ("start", "end")
        if not any(
            abs(other.at - getattr(rule, side)) <= _MEETING
            and other.start - _MEETING <= rule.at <= other.end + _MEETING
            for other in others
        )
    ]


def without_specks(print_: np.ndarray, scale: float) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(print_, connectivity=8)
    extent = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = extent >= _SPECK * scale
    kept[0] = False
    return kept[labels].astype(np.uint8)


def cell_pieces(found: Sequence[Sequence[Box]], print_: np.ndarray, scale: float) -> Iterator[PrintLine]:
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
            yield PrintLine(whole, cell_index, 0, tuple((b.top, b.bottom) for b in boxes))
        else:
            for (a, b), line in zip(lines, boxes, strict=True):
                yield PrintLine(line, cell_index, _marks(inner[a:b]))


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


def crop(shown: np.ndarray, piece: PrintLine) -> np.ndarray:
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
