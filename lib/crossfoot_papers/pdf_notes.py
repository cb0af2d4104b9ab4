"""Annotations of a PDF with their appearance: boxes around cells, and notes that are read on the page."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from crossfoot.charts.canvas import fitted, wrapped
from crossfoot.fonts import drawable, font, quiet
from crossfoot.readers.boxes import Box
from crossfoot.readers.glyphs import View

with quiet():
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import TextPath

AUTHOR = "Crossfoot"
_PRINT = 4  # the flag that an annotation is printed with its page
_BAR, _INSET, _LEAD = 4.0, 7.0, 1.36
_BOLD = 0.035  # of the size: the package's font has one weight, its outline drawn makes the other
_EM = 256  # units of an outline to the size of its text
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class NoteStyle:
    """How a finding is drawn: colour, and the dashes of its line (none: solid). They differ in grey, too."""

    colour: Colour
    dashes: tuple[float, ...] = ()


STYLES = {
    ("published", "error"): NoteStyle((0.835, 0.369, 0.0)),
    ("published", "query"): NoteStyle((0.0, 0.447, 0.698), (4.0, 2.0)),
    ("published", "note"): NoteStyle((0.35, 0.35, 0.35), (1.5, 1.5)),
    ("extraction", "error"): NoteStyle((0.55, 0.2, 0.5), (6.0, 1.5, 1.5, 1.5)),
    ("extraction", "query"): NoteStyle((0.55, 0.2, 0.5), (6.0, 1.5, 1.5, 1.5)),
    ("extraction", "note"): NoteStyle((0.55, 0.2, 0.5), (6.0, 1.5, 1.5, 1.5)),
}


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of a note: its words, size in points, whether it is heavy, and how dark (0 black)."""

    words: str
    size: float
    heavy: bool = False
    grey: float = 0.15


def square(
    view: View, box: Box, style: NoteStyle, about: dict[str, str], width: float, tint: float, badge: str = ""
) -> DictionaryObject:
    """A box as shown, tinted, with a number in its corner where `badge` has one."""
    wide, high = box[2] - box[0], box[3] - box[1]
    red, green, blue = style.colour
    dashes = " ".join(f"{one:g}" for one in style.dashes)
    edge = width / 2
    ops = [
        "q /T gs",
        f"{red:g} {green:g} {blue:g} rg 0 0 {wide:.2f} {high:.2f} re f Q",
        f"q {red:g} {green:g} {blue:g} RG {width:g} w [{dashes}] 0 d",
        f"{edge:.2f} {edge:.2f} {wide - width:.2f} {high - width:.2f} re S Q",
    ]
    if badge:
        ops += _badge(badge, high, style.colour)
    note = _annotation("/Square", view, box, ops, about, tint)
    note[NameObject("/C")] = _numbers(style.colour)
    border = {NameObject("/W"): FloatObject(width), NameObject("/S"): NameObject("/D" if dashes else "/S")}
    if dashes:
        border[NameObject("/D")] = _numbers(style.dashes)
    note[NameObject("/BS")] = DictionaryObject(border)
    return note


def note(
    view: View, box: Box, style: NoteStyle, lines: Sequence[NoteLine], about: dict[str, str]
) -> DictionaryObject:
    """A note that is read on the page: a white ground with a bar in the finding's colour."""
    wide, high = box[2] - box[0], box[3] - box[1]
    colour = " ".join(f"{part:g}" for part in style.colour)
    ops = [
        f"q 1 1 1 rg {colour} RG 0.8 w 0.4 0.4 {wide - 0.8:.2f} {high - 0.8:.2f} re B Q",
        f"q {colour} rg 0 0 {_BAR:g} {high:.2f} re f Q",
    ]
    y = high - 4.0
    for line in lines:
        y -= line.size * _LEAD
        grey = (line.grey,) * 3
        ops += _text_operators(line.words, _BAR + _INSET, y + 0.32 * line.size, line.size, grey, line.heavy)
    made = _annotation("/FreeText", view, box, ops, about)
    made[NameObject("/DA")] = TextStringObject("/Helv 9 Tf 0.1 g")
    made[NameObject("/C")] = ArrayObject()
    return made


def pin(view: View, x: float, y: float, style: NoteStyle, about: dict[str, str]) -> DictionaryObject:
    """A small mark in a page's margin that holds a note for which the page has no room."""
    colour = " ".join(f"{part:g}" for part in style.colour)
    ops = [f"q {colour} rg 0 0 12 12 re f Q", *_text_operators("!", 4.3, 2.6, 10.0, (1.0, 1.0, 1.0), True)]
    made = _annotation("/Text", view, (x, y, x + 12, y + 12), ops, about)
    made[NameObject("/Name")] = NameObject("/Note")
    made[NameObject("/C")] = _numbers(style.colour)
    return made


def note_lines(title: str, besides: Sequence[str], width: float) -> list[NoteLine]:
    """The lines of a note that is `width` points wide: the title, heavy, and what is said besides."""
    room = width - _BAR - 2 * _INSET
    size = fitted(title, 9.5, room, 0.0)  # a little smaller rather than a last line of one word
    size = size if size >= 8.4 else 9.5
    lines = [NoteLine(words, size, True, 0.1) for words in wrapped(title, size, room + 0.5)]
    for text in besides:
        lines += [NoteLine(words, 8.0) for words in wrapped(text, 8.0, room)]
    return lines


def note_height(lines: Sequence[NoteLine]) -> float:
    """How high a note with those lines is."""
    return 2 * 4.0 + sum(line.size * _LEAD for line in lines)


def _badge(number: str, high: float, colour: Colour) -> list[str]:
    """A number on a coloured ground in the upper left corner."""
    side = 7.5 if len(number) == 1 else 10.5
    fill = " ".join(f"{part:g}" for part in colour)
    return [
        f"q {fill} rg 0 {high - 7.5:.2f} {side:g} 7.5 re f Q",
        *_text_operators(number, (side - 3.4 * len(number)) / 2, high - 5.9, 6.0, (1.0, 1.0, 1.0), True),
    ]


def _annotation(
    kind: str, view: View, box: Box, ops: Sequence[str], about: dict[str, str], tint: float = 0.0
) -> DictionaryObject:
    """An annotation with its drawing, which stands upright however the page is turned."""
    wide, high = box[2] - box[0], box[3] - box[1]
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[view.turns]
    state = DictionaryObject(
        {NameObject("/ca"): FloatObject(f"{tint:.2f}"), NameObject("/BM"): NameObject("/Multiply")}
    )
    drawing = StreamObject()
    drawing.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _numbers((0.0, 0.0, wide, high)),
            NameObject("/Matrix"): _numbers((cos, sin, -sin, cos, 0, 0)),
            NameObject("/Resources"): DictionaryObject(
                {NameObject("/ExtGState"): DictionaryObject({NameObject("/T"): state})}
            ),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    drawing._data = zlib.compress("\n".join(ops).encode("ascii"), 9)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): _numbers(_in_page_space(view, box)),
            NameObject("/F"): NumberObject(_PRINT),
            NameObject("/T"): TextStringObject(AUTHOR),
            NameObject("/Subj"): TextStringObject(about["subject"]),
            NameObject("/NM"): TextStringObject(about["name"]),
            NameObject("/Contents"): TextStringObject(about["contents"]),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): drawing}),
        }
    )


def _in_page_space(view: View, box: Box) -> tuple[float, float, float, float]:
    """A box as shown, from the upper left corner, as the page itself counts: x0, y0, x1, y1 upwards."""
    corners = [_back(view, *point) for point in ((box[0], box[1]), (box[2], box[3]))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _back(view: View, x: float, y: float) -> tuple[float, float]:
    match view.turns:
        case 1:
            return view.left + y, view.bottom + x
        case 2:
            return view.right - x, view.bottom + y
        case 3:
            return view.right - y, view.top - x
        case _:
            return view.left + x, view.top - y


def _numbers(values: Sequence[float]) -> ArrayObject:
    return ArrayObject(FloatObject(f"{value:.2f}") for value in values)


def _text_operators(
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
