"""What the evidence page quotes of the report: its prose in paragraphs, and pictures of its pages."""

import io
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
from PIL import Image, ImageOps

from crossfoot.document import Document, Line
from crossfoot.errors import ReportError
from crossfoot.narrative.sentences import join
from crossfoot.pages import page_image
from crossfoot.readers.boxes import Box
from crossfoot.readers.page_pictures import pictures

_HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^。；：]{0,40}")
_FIRST = re.compile(r"[一二三四五六七八九十]+、")
_LONG = 120_000
"""Characters of prose that a page shows in full."""
_MANY = 2_000
"""Numbers in the prose that a page shows, all of them."""
_GREYS = 8
_STEPS = [min(grey * _GREYS // 256, _GREYS - 1) for grey in range(256)]
_AIR = 58.0  # points above and below what is shown: a table's headings
_SCALES = (2.0, 1.5, 1.1)  # pixels to the point; the first whose images fit
_ROOM = 1_400_000  # bytes of PNG in all; a third more in the page
_MOST_ROWS = 4
"""Up to so many rows of a page are shown as strips; more, as the region that holds them."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of text; `claim` is the offset of the number that it is, None for words."""

    text: str
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty before the first), its `level` (1 or 2), and the paragraphs under it."""

    heading: tuple[TextPart, ...]
    level: int
    paragraphs: tuple[tuple[TextPart, ...], ...]

    @property
    def claims(self) -> list[int]:
        """The offsets of its numbers, in order."""
        every = (self.heading, *self.paragraphs)
        return [p.claim for paragraph in every for p in paragraph if p.claim is not None]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A part of a page: its box, and its picture as base64 of a PNG."""

    page: int
    box: Box
    png: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of an image: what is seen of the page, and the boxes framed in it."""

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


def quoted(
    document: Document, prose: Sequence[Line], claims: Iterable[tuple[int, int]], compared: set[int]
) -> tuple[list[Section], bool]:
    """The prose by its headings, and whether it was cut to the paragraphs that hold a `compared` number.

    `claims` are start and end offsets of numbers in the document's text; where it was cut, only compared
    ones are told apart. Lines that a page or a line end broke are joined; not a letter is changed.
    """
    joined = join(document.text, prose)
    ends = dict(claims)
    cut = len(joined.text) > _LONG or len(ends) > _MANY
    if cut:
        ends = {start: end for start, end in ends.items() if start in compared}
    sections: list[tuple[tuple[TextPart, ...], int, list[tuple[TextPart, ...]]]] = [((), 1, [])]
    at = 0
    for paragraph in joined.text.split("\n"):
        offsets = joined.origin[at : at + len(paragraph)]
        at += len(paragraph) + 1
        if not offsets:
            continue
        kept = [offset for char, offset in zip(paragraph, offsets, strict=True) if char != " "]
        parts = _text_parts(document.text, kept, ends)
        if _HEADING.fullmatch(paragraph):
            sections.append((parts, 1 if _FIRST.match(paragraph) else 2, []))
        elif not cut or any(part.claim in compared for part in parts):
            sections[-1][2].append(parts)
    found = [Section(heading, level, tuple(body)) for heading, level, body in sections]
    if cut:
        found = [section for section in found if section.paragraphs]
    return [section for section in found if section.heading or section.paragraphs], cut


def page_images(
    source: str | Path, needed: Mapping[int, Iterable[Box]], wanted: Mapping[int, Iterable[Box]]
) -> dict[int, PageImage]:
    """An image for each page (from 1) of a PDF or an image file, whole in width, that shows all its boxes.

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


def crop_around(image: PageImage, box: Box, aside: float = 120.0, above: float = 22.0) -> Crop:
    """The box framed, with what stands around it."""
    x0, top, x1, bottom = image.box
    view = (
        max(x0, box[0] - aside),
        max(top, box[1] - above),
        min(x1, box[2] + aside),
        min(bottom, box[3] + above),
    )
    return Crop(image.page, view, (box,))


def row_crops(image: PageImage, boxes: Iterable[Box], above: float = 3.0) -> list[Crop]:
    """The rows of the page that hold the boxes, each across the page with its boxes framed, from the top.

    With many rows one view of the region that holds them all. `above` is how much more is seen above.
    """
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box[1], box[0])):
        if rows and abs(rows[-1][0][1] - box[1]) < 3:
            rows[-1].append(box)
        else:
            rows.append([box])
    if len(rows) > _MOST_ROWS:
        rows = [[box for row in rows for box in row]]
    x0, first, x1, last = image.box
    return [
        Crop(
            image.page,
            (x0, max(first, min(b[1] for b in row) - above), x1, min(last, max(b[3] for b in row) + 3)),
            tuple(row),
        )
        for row in rows
    ]


def box_on_page(row: Mapping[str, Any]) -> Box | None:
    """The area of a row of the facts to a tenth of a point; None where it stands on no page."""
    if pd.isna(row["page"]) or pd.isna(row["x0"]):
        return None
    x0, top, x1, bottom = (round(float(row[edge]), 1) for edge in ("x0", "top", "x1", "bottom"))
    return x0, top, x1, bottom


def box_of(where: str) -> Box | None:
    """The box that a problem's `where` states, None where it is a place in words."""
    parts = where.split(",")
    try:
        x0, top, x1, bottom = map(float, parts)
    except ValueError:
        return None
    return x0, top, x1, bottom


def _text_parts(text: str, offsets: Sequence[int], ends: Mapping[int, int]) -> tuple[TextPart, ...]:
    parts: list[TextPart] = []
    words: list[str] = []
    number: list[str] = []
    claim, end, last = None, -1, None
    for offset in offsets:
        if claim is not None and offset >= end:
            parts.append(TextPart("".join(number), claim))
            claim, number = None, []
        if claim is None and offset in ends:
            if words:
                parts.append(TextPart("".join(words)))
            words, claim, end = [], offset, ends[offset]
        into = words if claim is None else number
        if last is not None and offset > last + 1 and _parted(text[last], text[offset]):
            into.append(" ")
        into.append(text[offset])
        last = offset
    if claim is not None:
        parts.append(TextPart("".join(number), claim))
    if words:
        parts.append(TextPart("".join(words)))
    return tuple(parts)


def _parted(before: str, after: str) -> bool:
    """Whether a blank between two characters is one that a reader sees: between letters or digits."""
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _fitting(
    path: Path,
    both: Mapping[int, list[Box]],
    needed: Mapping[int, Iterable[Box]],
    wanted: Mapping[int, Iterable[Box]],
) -> dict[int, PageImage]:
    for scale in _SCALES:
        found = _within(path, {page: both[page] for page in needed}, scale)
        room = _ROOM - sum(len(image.png) * 3 // 4 for image in found.values())
        if room > 0 or scale == _SCALES[-1]:
            break
    for page in sorted(wanted.keys() - needed.keys()):
        for image in _within(path, {page: both[page]}, scale).values():
            room -= len(image.png) * 3 // 4
            if room > 0:
                found[page] = image
    return dict(sorted(found.items()))


def _within(path: Path, boxes: Mapping[int, Iterable[Box]], scale: float) -> dict[int, PageImage]:
    """The images of those pages, as many as there is room for."""
    found: dict[int, PageImage] = {}
    used = 0
    for page in sorted(boxes):
        image = _page_image(path, page, list(boxes[page]), scale)
        used += len(image.png) * 3 // 4
        if used > 2 * _ROOM:
            break
        found[page] = image
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


def _page_image(path: Path, page: int, boxes: list[Box], scale: float) -> PageImage:
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
    return PageImage(page, box, b64encode(stream.getvalue()).decode("ascii"))
