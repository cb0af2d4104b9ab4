"""The picture of a page made even: set straight, its noise and shading taken away, its ink black."""

from typing import Any, NamedTuple

import cv2
import numpy as np

FAINT = 36  # of 255: so much darker than the paper is a rule's grey, twice what JPEG and scanners add
INK = 70  # of 255: so much darker than the paper is print
_STEEPEST = 3.0  # degrees: how far a scanned page may lean and be set straight
_LEAST_TURN = 0.04  # degrees: less moves nothing by a pixel
_BLACK = 200.0  # of 255: how dark the print of a good scan is
_PALEST = 24  # of 255: what differs less from the paper and its grain is no print
_GRAINY, _COARSE = 7.0, 15.0  # of 255: paper that varies more is smoothed; beyond trust
_APART, _SMALL = 2.0, 1.2  # points: how far apart and how small specks of pepper are
_PEPPER = 0.001  # such specks to the square point
_PATCH = 15.0  # points: most of what lies that near to a pixel is paper, even in bold print
_DARK_PAPER = 110  # of 255: print on darker shading is light


def darkness(pixels: np.ndarray, scale: float) -> np.ndarray:
    """How much darker than the paper around it each pixel is, 0 to 255.

    Shading counts as paper; on dark shading it is how much lighter, so that light print counts as print.
    """
    step = max(round(scale), 1)
    small = cv2.resize(pixels, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(small, odd(_PATCH * scale / step))
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


class Noise(NamedTuple):
    """What a bad scan adds: pepper, black specks, or grain, by how much (of 255) half of the paper varies."""

    pepper: bool
    grain: float

    @property
    def misleading(self) -> bool:
        """Whether what noise adds to a figure may be taken for a digit."""
        return self.pepper or self.grain > _COARSE


def noise(pixels: np.ndarray, scale: float) -> Noise:
    """The noise of a page."""
    smooth = cv2.medianBlur(pixels, 5)
    dark = darkness(pixels, scale)
    black = (dark >= INK).astype(np.uint8)
    reach = odd(_APART * scale)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(black, np.ones((reach, reach), np.uint8)))
    size = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) - reach + 1
    specks = int((size <= _SMALL * scale).sum())
    paper = cv2.absdiff(smooth, pixels)[dark < FAINT]
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
    dark = (contrasted(darkness(small, scale * shrink)) >= FAINT).astype(np.float32)
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


def odd(size: float) -> int:
    """The odd number next to a size, 3 at the least."""
    return 2 * max(round(size / 2), 1) + 1
