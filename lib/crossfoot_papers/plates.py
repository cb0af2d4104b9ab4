"""Pictures of the report's pages for one file: few greys, and of each page only the part that is shown."""

import io
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from crossfoot.errors import ReportError
from crossfoot.pages import page_image
from crossfoot.readers.page_pictures import pictures

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the page's upper left corner."""

_GREYS = 8
_STEPS = [min(grey * _GREYS // 256, _GREYS - 1) for grey in range(256)]
_AIR = 58.0  # points above and below what is shown: a table's headings
_SCALES = (2.0, 1.5, 1.1)  # pixels to the point; the first whose plates fit
_ROOM = 1_400_000  # bytes of PNG in all; a third more in the page
_STRIPS = 4
"""Up to so many rows of a page are shown as strips; more, as the region that holds them."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A part of a page: its box, and its picture as base64 of a PNG."""

    page: int
    box: Box
    png: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Window:
    """A view of a plate: what is seen of the page, and the boxes framed in it."""

    page: int
    view: Box
    frames: tuple[Box, ...]

    @property
    def view_box(self) -> str:
        """The view as an SVG viewBox."""
        x0, top, x1, bottom = self.view
        return f"{_short(x0)} {_short(top)} {_short(x1 - x0)} {_short(bottom - top)}"

    @property
    def rectangles(self) -> list[tuple[str, str, str, str]]:
        """The frames as x, y, width, height."""
        return [(_short(a), _short(b), _short(c - a), _short(d - b)) for a, b, c, d in self.frames]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def box_of(where: str) -> Box | None:
    """The box that a fact's `where` states, None where it is a place in words."""
    parts = where.split(",")
    try:
        x0, top, x1, bottom = map(float, parts)
    except ValueError:
        return None
    return x0, top, x1, bottom


def plates(
    source: str | Path, needed: Mapping[int, Iterable[Box]], wanted: Mapping[int, Iterable[Box]]
) -> dict[int, Plate]:
    """A plate for each page (from 1) of a PDF or an image file, whole in width, that shows all its boxes.

    Those of `needed` always, in a scale that keeps them small; those of `wanted` as far as there is room.
    Empty where no page can be drawn. The same file gives the same bytes.
    """
    path = Path(source)
    both = {page: [*needed.get(page, ()), *wanted.get(page, ())] for page in {*needed, *wanted}}
    if not both:
        return {}
    try:
        return _fitting(path, both, needed, wanted)
    except (ReportError, pypdfium2.PdfiumError, IndexError):
        return {}


def _fitting(
    path: Path,
    both: Mapping[int, list[Box]],
    needed: Mapping[int, Iterable[Box]],
    wanted: Mapping[int, Iterable[Box]],
) -> dict[int, Plate]:
    for scale in _SCALES:
        found = _within(path, {page: both[page] for page in needed}, scale)
        room = _ROOM - sum(len(plate.png) * 3 // 4 for plate in found.values())
        if room > 0 or scale == _SCALES[-1]:
            break
    for page in sorted(wanted.keys() - needed.keys()):
        for plate in _within(path, {page: both[page]}, scale).values():
            room -= len(plate.png) * 3 // 4
            if room > 0:
                found[page] = plate
    return dict(sorted(found.items()))


def _within(path: Path, boxes: Mapping[int, Iterable[Box]], scale: float) -> dict[int, Plate]:
    """The plates of those pages, as many as there is room for."""
    found: dict[int, Plate] = {}
    used = 0
    for page in sorted(boxes):
        plate = _plate(path, page, list(boxes[page]), scale)
        used += len(plate.png) * 3 // 4
        if used > 2 * _ROOM:
            break
        found[page] = plate
    return found


def _drawn(path: Path, page: int, scale: float) -> Image.Image:
    """The page in greys, `scale` pixels to the point."""
    with path.open("rb") as stream:
        if b"%PDF-" in stream.read(1024):
            return page_image(path, page, scale).convert("L")
    picture = next(pictures(path.name, path.read_bytes(), {page}))
    grey = Image.fromarray(picture.pixels)
    size = round(grey.width * scale / picture.scale), round(grey.height * scale / picture.scale)
    return grey.resize(size, Image.Resampling.LANCZOS)


def _plate(path: Path, page: int, boxes: list[Box], scale: float) -> Plate:
    grey = _drawn(path, page, scale)
    height = grey.height / scale
    top = max(0.0, min(box[1] for box in boxes) - _AIR)
    bottom = min(height, max(box[3] for box in boxes) + _AIR)
    strip = grey.crop((0, round(top * scale), grey.width, max(round(bottom * scale), round(top * scale) + 1)))
    inked = ImageOps.invert(strip).getbbox() or (0, 0, *strip.size)
    left, right = max(inked[0] - 12, 0), min(inked[2] + 12, strip.width)
    cut = strip.crop((left, 0, right, strip.height))
    few = Image.frombytes("P", cut.size, cut.point(_STEPS).tobytes())
    few.putpalette([value for step in range(_GREYS) for value in (round(255 * step / (_GREYS - 1)),) * 3])
    stream = io.BytesIO()
    few.save(stream, format="PNG", compress_level=6)
    true_top = round(top * scale) / scale
    box = (left / scale, true_top, right / scale, true_top + cut.height / scale)
    return Plate(page, box, b64encode(stream.getvalue()).decode("ascii"))


def around(plate: Plate, box: Box, aside: float = 120.0, above: float = 22.0) -> Window:
    """The box framed, with what stands around it."""
    x0, top, x1, bottom = plate.box
    view = (
        max(x0, box[0] - aside),
        max(top, box[1] - above),
        min(x1, box[2] + aside),
        min(bottom, box[3] + above),
    )
    return Window(plate.page, view, (box,))


def strips(plate: Plate, boxes: Iterable[Box], above: float = 3.0) -> list[Window]:
    """The rows of the page that hold the boxes, each across the page with its boxes framed, from the top.

    With many rows one view of the region that holds them all. `above` is how much more is seen above.
    """
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box[1], box[0])):
        if rows and abs(rows[-1][0][1] - box[1]) < 3:
            rows[-1].append(box)
        else:
            rows.append([box])
    if len(rows) > _STRIPS:
        rows = [[box for row in rows for box in row]]
    x0, first, x1, last = plate.box
    return [
        Window(
            plate.page,
            (x0, max(first, min(b[1] for b in row) - above), x1, min(last, max(b[3] for b in row) + 3)),
            tuple(row),
        )
        for row in rows
    ]
