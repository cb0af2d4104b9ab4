"""Places on a PDF page: points from the upper left corner of the page as a viewer shows it."""

from collections.abc import Sequence

Box = tuple[float, float, float, float]  # x0, top, x1, bottom

TOLERANCE = 3.0  # points: edges that miss each other by less were meant to meet


def place(box: Box) -> str:
    """A place as the tables give it: `x0,top,x1,bottom`, one decimal."""
    x0, top, x1, bottom = box
    return f"{x0:.1f},{top:.1f},{x1:.1f},{bottom:.1f}"


def across(one: Box, other: Box) -> bool:
    """Whether two areas share any of their width."""
    return min(one[2], other[2]) > max(one[0], other[0])


def around(boxes: Sequence[Box]) -> Box:
    """The area that the boxes cover together."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
