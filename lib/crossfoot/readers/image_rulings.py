"""The ruling lines in the picture of a page, and the ink besides them."""

import cv2
import numpy as np

from .page_cleaning import FAINT, INK, odd
from .rulings import Rulings, Segment

_SHORTEST = 11.0  # points: a row's height at the least; longer than most characters' strokes
_THICKEST = 4.5  # points: what is thicker is shading or a bar
_WIDEST_STROKE = 60.0  # points: rules without a longer one among them are strokes of bold or large print
_LONG = 30.0  # points: a shorter rule must meet others, or it is a stroke of a character near a rule
_MEETING = 2.0  # points: ends so near to a rule meet it
_DOUBLE, _ONE_LINE = 3.0, 0.8  # points: between the halves of a double line, and the pieces of one
_BRIDGED = 0.8  # points: breaks in a rule that the scanner made
_MOST_PAIRS = 4_000_000  # of rules; a page that has more is a drawing, and has too many cells besides


def ruling_lines(dark: np.ndarray, scale: float) -> tuple[Rulings, np.ndarray]:
    """The rules of a straightened page, in points, and the mask of the pixels that they cover.

    `dark` is what `contrasted` gives.
    """
    faint = (dark >= FAINT).astype(np.uint8)
    masks = [_runs(faint, scale, across) for across in (True, False)]
    both = masks[0] | masks[1]
    reach = odd(1.5 * scale)
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
    # A stroke of a character is no rule, and must not be wiped out as one.
    covered = np.isin(lines, [level[rule] for rule in anchored.level])
    covered |= np.isin(posts, [upright[rule] for rule in anchored.upright])
    return Rulings(_undoubled(anchored.level), _undoubled(anchored.upright)), covered


def ink(dark: np.ndarray, rules: np.ndarray) -> np.ndarray:
    """The pixels that print something: dark ones, and the paler ones that hang together with them."""
    edge = cv2.dilate(rules.astype(np.uint8), np.ones((3, 3), np.uint8))
    faint = ((dark >= FAINT) & (edge == 0)).astype(np.uint8)
    _, labels = cv2.connectedComponents(faint, connectivity=8)
    sure = np.zeros(labels.max() + 1, bool)
    sure[labels[(dark >= INK) & (edge == 0)]] = True
    sure[0] = False
    return sure[labels].astype(np.uint8)


def _runs(faint: np.ndarray, scale: float, across: bool) -> np.ndarray:
    """The pixels in straight runs that are long enough for rules, thick bars left out."""

    def along(length: float) -> np.ndarray:
        count = max(round(length * scale), 1)
        return np.ones((1, count) if across else (count, 1), np.uint8)

    closed = cv2.morphologyEx(faint, cv2.MORPH_CLOSE, along(_BRIDGED))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, along(_SHORTEST))
    square = np.ones((odd(_THICKEST * scale),) * 2, np.uint8)
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
