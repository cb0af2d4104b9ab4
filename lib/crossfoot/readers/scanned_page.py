"""The picture of a page as lines of text and ruled tables, by the models that the package rapidocr ships.

Figures are small and stand alone, and a search for lines of text on a whole page misses some. So there is no
search in a ruled cell: its ink is cut out, line by line, and recognised. A cell is blank only if there is no
ink in it.

rapidocr (PP-OCR, Apache-2.0) finds lines of text on a page. The characters of a line are recognised here, on
its model: that keeps each character's own probability, where rapidocr tells only their mean, which hides one
doubtful digit among sure ones. Nothing is downloaded: both models are named by their path.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnxruntime
import rapidocr

from ..document import DOUBTFUL, Cell, Grid
from ..errors import ReportError
from .boxes import TOLERANCE, Box, around, place
from .lattice import tables
from .page_pictures import PagePicture
from .page_text import PageText
from .scan_image import (
    PixelBox,
    PrintLine,
    cell_pieces,
    contrasted,
    crop,
    darkness,
    denoised,
    ink,
    lean,
    noise,
    pixel_box,
    ruling_lines,
    turned,
    without_specks,
)

UNREADABLE = "\ufffd"
"""What stands for print that the recogniser made nothing of, with confidence 0: never a blank."""

_GAP, _WORD_GAP = 1.5, 0.5  # of the height: what parts two Chinese characters, and others
_FIGURE = re.compile(r"[\d.,:·\-–—−/]+")
_PASSED_OVER = 0.5  # the confidence of a figure some mark of which was not read
_NOISY = 0.9  # the greatest confidence on a page whose noise may be taken for digits
_MOST_CELLS = 3000  # of a page; the three statutory tables together have some 400
# Of the models.
_HEIGHT = 48  # pixels: of a line
_NARROWEST = 96  # pixels: a lone digit with less around it is read less surely
_WIDEST = 6000  # pixels: 125 Chinese characters, more than fit across a page
_LONGEST_SIDE = 1280  # pixels: of a page in which lines are sought; more finds nothing more


class Recognised(NamedTuple):
    """The text of a line and the probability, 0 to 1, of its least sure character (no space), 0 if none."""

    text: str
    confidence: float


def read_page(picture: PagePicture, name: str) -> tuple[PageText, tuple[Grid, ...]]:
    """The page's lines and its ruled tables; places are points on the page set straight.

    A cell's confidence is that of its least sure character, less on a noisy page; a cell without ink has
    none. Raises ReportError, naming the file and the page, where it is ruled into more cells than any table.
    """
    number, scale = picture.number, picture.scale
    angle = lean(picture.pixels, scale)
    grain = noise(picture.pixels, scale)
    clean = denoised(picture.pixels, grain)
    pixels = turned(clean, angle)
    flat = darkness(pixels, scale)
    dark = contrasted(flat)
    # What takes the noise away takes the thinnest rules with it, so they are sought in the page as scanned.
    cleaned = clean is not picture.pixels
    sharp = contrasted(darkness(turned(picture.pixels, angle), scale)) if cleaned else dark
    rulings, mask = ruling_lines(sharp, scale)
    found = tables(rulings)
    if sum(map(len, found)) > _MOST_CELLS:
        raise ReportError("is ruled into more cells than any table of the form", file=name, page=number)
    print_ = without_specks(ink(dark, mask), scale)
    edges = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    as_it_is = np.where(edges, cv2.add(pixels, flat), pixels)
    shown = [np.where(edges, 255, 255 - dark).astype(np.uint8), as_it_is]
    pieces = list(cell_pieces(found, print_, scale)) + _prose_pieces(found, pixels, scale)
    texts = [_recognised(piece, shown) for piece in pieces]
    if grain.misleading:
        texts = [read._replace(confidence=min(read.confidence, _NOISY)) for read in texts]
    grids = _grids(found, pieces, texts, number)
    lines = _lines(pieces, texts, scale)
    characters = sum(len(text) for text, _ in lines)
    chinese = sum("\u4e00" <= char <= "\u9fff" for text, _ in lines for char in text)
    height = pixels.shape[0] / scale
    return PageText(number, height, tuple(lines), characters, 0, chinese, bool(grids)), grids


def _recognised(piece: PrintLine, shown: Sequence[np.ndarray]) -> Recognised:
    """What a line prints, by the first picture of the page that shows it clearly, else by the clearest.

    A figure with more small marks in print than as read is doubtful: a pale minus or point is passed over
    without a trace in the probabilities of its neighbours.
    """
    best = Recognised("", 0.0)
    for pixels in shown:
        read = recognise(crop(pixels, piece))
        signs = sum(not char.isdigit() for char in read.text)
        if _FIGURE.fullmatch(read.text) and signs < piece.marks:
            read = read._replace(confidence=min(read.confidence, _PASSED_OVER))
        best = max(best, read, key=lambda entry: entry.confidence)
        if best.confidence >= DOUBTFUL:
            break
    return best


def _prose_pieces(found: Sequence[Sequence[Box]], pixels: np.ndarray, scale: float) -> list[PrintLine]:
    """The lines of text that stand in no cell."""
    in_cell = np.zeros(pixels.shape, bool)
    for cells in found:
        for cell in cells:
            box = pixel_box(cell, scale, pixels.shape)
            in_cell[box.top : box.bottom, box.x0 : box.x1] = True
    boxes = find_lines(pixels)
    return [PrintLine(b, None) for b in boxes if in_cell[b.top : b.bottom, b.x0 : b.x1].mean() < 0.5]


def _grids(
    found: Sequence[Sequence[Box]], pieces: Sequence[PrintLine], texts: Sequence[Recognised], number: int
) -> tuple[Grid, ...]:
    inside: dict[tuple[int, int], list[Recognised]] = {}
    for piece, read in zip(pieces, texts, strict=True):
        if piece.cell is not None:
            inside.setdefault(piece.cell, []).append(read)
    grids = []
    for table, boxes in enumerate(found):
        cells = []
        for index, box in enumerate(boxes):
            lines = inside.get((table, index), [])
            text = "\n".join(line.text or UNREADABLE for line in lines)
            cells.append(Cell(text, *box, place(box), min((line.confidence for line in lines), default=None)))
        grids.append(Grid(tuple(cells), number, TOLERANCE))
    return tuple(grids)


def _lines(pieces: Sequence[PrintLine], texts: Sequence[Recognised], scale: float) -> list[tuple[str, Box]]:
    """The page's lines from top to bottom: pieces that stand side by side are one line."""
    rows: list[list[tuple[Box, str]]] = []
    order = sorted(
        zip(pieces, texts, strict=True), key=lambda p: (p[0].box.top + p[0].box.bottom, p[0].box.x0)
    )
    for piece, text in order:
        x0, top, x1, bottom = piece.box
        box = (x0 / scale, top / scale, x1 / scale, bottom / scale)
        words = text.text or (UNREADABLE if piece.cell is not None else "")
        if not words:
            continue
        if rows:
            last = rows[-1][-1][0]
            apart = abs(box[1] + box[3] - last[1] - last[3]) / 2
            if apart < 0.45 * min(box[3] - box[1], last[3] - last[1]):
                rows[-1].append((box, words))
                continue
        rows.append([(box, words)])
    return [_line(sorted(row)) for row in rows]


def _line(row: Sequence[tuple[Box, str]]) -> tuple[str, Box]:
    text, end = row[0][1], row[0][0][2]
    for box, words in row[1:]:
        both = text[-1:] > "\u2e80" and words[:1] > "\u2e80"
        gap = (_GAP if both else _WORD_GAP) * (box[3] - box[1])
        text += (" " if box[0] - end > gap else "") + words
        end = box[2]
    return text, around([box for box, _ in row])


def find_lines(pixels: np.ndarray) -> list[PixelBox]:
    """Where lines of text stand on a page of grey pixels, from top to bottom."""
    found = _detector()(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return []
    boxes = []
    for corners in np.asarray(found.boxes):
        (x0, top), (x1, bottom) = corners.min(axis=0), corners.max(axis=0)
        boxes.append(PixelBox(int(x0), int(top), int(x1) + 1, int(bottom) + 1))
    return sorted(boxes, key=lambda box: (box.top, box.x0))


def recognise(crop: np.ndarray) -> Recognised:
    """What the picture of one line prints: grey pixels, dark on light.

    One at a time: in a batch, which is no faster on a processor, a line's padding and with it its
    probabilities would depend on the others.
    """
    session, characters = _recogniser()
    height, width = crop.shape
    wide = min(max(round(_HEIGHT * width / height), 1), _WIDEST)
    small = cv2.resize(crop, (wide, _HEIGHT)).astype(np.float32) / 127.5 - 1
    pixels = np.zeros((1, 3, _HEIGHT, max(_NARROWEST, -(-wide // 32) * 32)), np.float32)
    pixels[0, :, :, :wide] = small
    return _decoded(session.run(None, {session.get_inputs()[0].name: pixels})[0][0], characters)


def _decoded(probabilities: np.ndarray, characters: Sequence[str]) -> Recognised:
    """The text of a line from the probabilities (steps × characters, the first of them none at all)."""
    best = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1)
    text: list[str] = []
    confidence: list[float] = []
    before = 0
    for code, value in zip(best.tolist(), sure.tolist(), strict=True):
        if code and code == before:
            confidence[-1] = max(confidence[-1], value)
        elif code:
            text.append(characters[code])
            confidence.append(value)
        before = code
    # Whether a gap is a space is often unsure, and no figure depends on it.
    printed = [value for char, value in zip(text, confidence, strict=True) if not char.isspace()]
    return Recognised("".join(text).strip(), round(min(printed, default=0.0), 3))


@cache
def _detector() -> Any:
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Det.model_path": str(_model("det")),
            "Rec.model_path": str(_model("rec")),
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST_SIDE,
        }
    )


@cache
def _recogniser() -> tuple[onnxruntime.InferenceSession, list[str]]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # every width would keep its own memory
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(_model("rec")), sess_options=options, providers=["CPUExecutionProvider"]
    )
    named = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *named, " "]


def _model(task: str) -> Path:
    """The model that rapidocr ships for the task; raises FileNotFoundError where it ships none."""
    folder = Path(rapidocr.__file__).parent / "models"
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise FileNotFoundError(f"rapidocr ships no model *_{task}_*.onnx")
    return found[-1]
