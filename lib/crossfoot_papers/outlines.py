"""Text as filled outlines, in the operators of a PDF's page: it needs no font there."""

from collections.abc import Iterator, Sequence

from crossfoot.fonts import drawable, font, quiet

with quiet():
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import TextPath

_BOLD = 0.035  # of the size: the package's font has one weight, its outline drawn makes the other
_EM = 256  # units of an outline to the size of its text


def text_operators(
    words: str, x: float, y: float, size: float, colour: Sequence[float], heavy: bool
) -> list[str]:
    """The words as filled outlines: they need no font, and look alike in every viewer."""
    drawn = list(_outline(drawable(words)))
    if not drawn:
        return []
    fill = " ".join(f"{part:g}" for part in colour)
    scale = size / _EM
    return [
        f"q {fill} rg {fill} RG {_BOLD * _EM:g} w {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm",
        *drawn,
        "B Q" if heavy else "f Q",
    ]


def _outline(words: str) -> Iterator[str]:
    """The outlines of a line of text, its size being _EM."""
    if not words.strip():
        return
    at = (0.0, 0.0)
    outline = TextPath((0, 0), words, size=_EM, prop=font(_EM))
    for points, code in outline.iter_segments(simplify=False, curves=True):
        pairs = [(float(points[i]), float(points[i + 1])) for i in range(0, len(points), 2)]
        match code:
            case Outline.MOVETO:
                yield f"{_at(pairs[0])} m"
            case Outline.LINETO:
                yield f"{_at(pairs[0])} l"
            case Outline.CURVE3:
                control, end = pairs
                first, second = (
                    (p[0] + 2 / 3 * (control[0] - p[0]), p[1] + 2 / 3 * (control[1] - p[1]))
                    for p in (at, end)
                )
                yield f"{_at(first)} {_at(second)} {_at(end)} c"
            case Outline.CURVE4:
                yield f"{' '.join(map(_at, pairs))} c"
            case Outline.CLOSEPOLY:
                yield "h"
            case _:
                raise ValueError(f"unknown piece of an outline: {code}")
        at = pairs[-1]


def _at(point: tuple[float, float]) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
