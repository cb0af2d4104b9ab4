"""Where on a page its notes go: in empty room near what they are about, the first finding's highest."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossfoot.readers.boxes import Box

from .free_room import Paper
from .pdf_notes import Line, note_height, note_lines

_SIDE = 30.0  # points that a note keeps from the page's edges


@dataclass(frozen=True, slots=True)
class Place:
    """A note's lines, and the box on the page that has room for them."""

    lines: list[Line]
    box: Box


def arranged(paper: Paper, notes: Sequence[tuple[str, list[str], list[float]]]) -> list[Place | None]:
    """A place for each note (title, what is said besides, heights that it should be near), in their order.

    What is said besides is left out where only the title has room; None where not even that.
    """
    found = [_placed(paper, *note) for note in notes]
    boxes = sorted((place.box for place in found if place), key=lambda box: box[1])
    if len({round(box[3] - box[1], 3) for box in boxes}) != 1:
        return found
    downwards = iter(boxes)  # all of one height: any note fits where any other does
    return [Place(place.lines, next(downwards)) if place else None for place in found]


def _placed(paper: Paper, title: str, besides: list[str], near: list[float]) -> Place | None:
    width = paper.width - 2 * _SIDE
    for lines in (note_lines(title, besides, width), note_lines(title, [], width)):
        high = note_height(lines)
        top = paper.strip(_SIDE, _SIDE + width, high, near)
        if top is not None:
            box = (_SIDE, top, _SIDE + width, top + high)
            paper.take(box)
            return Place(lines, box)
    return None
