"""Printed text in pictures, by the models that the package rapidocr ships (PP-OCR, Apache-2.0).

rapidocr finds lines of text on a page. The characters of a line are recognised here, on its model: that
keeps each character's own probability, where rapidocr tells only their mean, which hides one doubtful digit
among sure ones. Nothing is downloaded: both models are named by their path.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnxruntime
import rapidocr

_HEIGHT = 48  # pixels: the model's
_NARROWEST = 96  # pixels: a lone digit with less around it is read less surely
_WIDEST = 6000  # pixels: 125 Chinese characters, more than fit across a page
_LONGEST_SIDE = 1280  # pixels: of a page in which lines are sought; more finds nothing more


class Recognised(NamedTuple):
    """The text of a line and the probability, 0 to 1, of its least sure character (no space), 0 if none."""

    text: str
    confidence: float


class PixelBox(NamedTuple):
    """An upright rectangle of pixels."""

    x0: int
    top: int
    x1: int
    bottom: int


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
