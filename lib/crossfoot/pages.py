"""A report's pages as pictures, with the cells that were read drawn on them."""

from pathlib import Path

import pandas as pd
import pypdfium2
from PIL import Image, ImageDraw, ImageOps

from . import fonts

# Okabe and Ito's colours, told apart by anyone; width tells them apart in grey, too.
_MARKS = {
    "two readers agree": ("#0072B2", 1),
    "one reader only": ("#E69F00", 3),
    "readers differ": ("#D55E00", 5),
}


def page_image(path: str | Path, page: int, scale: float = 1.5, trim: bool = False) -> Image.Image:
    """The page of a PDF (`page` from 1) as a picture of `scale` pixels per point; raises IndexError.

    With `trim` without the page's empty margins.
    """
    fonts.prepare_pdfium()
    with pypdfium2.PdfDocument(path) as pdf:
        if not 1 <= page <= len(pdf):
            raise IndexError(f"{Path(path).name} has no page {page}")
        picture = pdf[page - 1].render(scale=scale).to_pil().convert("RGB")
    return _trimmed(picture) if trim else picture


def _trimmed(picture: Image.Image) -> Image.Image:
    """The picture without its white margins, but for a little air."""
    inked = ImageOps.invert(picture.convert("L")).getbbox() or (0, 0, *picture.size)
    air = 12
    left, top, right, bottom = inked
    left, top = max(left - air, 0), max(top - air, 0)
    return picture.crop((left, top, min(right + air, picture.width), min(bottom + air, picture.height)))


def agreement(facts: pd.DataFrame, readings: pd.DataFrame) -> pd.Series:
    """For each fact, in its order, how its readers agree: a key of the marks on the pages."""
    alone = facts["cell"].map(readings["cell"].value_counts()).fillna(0).lt(2)
    words = pd.Series("two readers agree", index=facts.index, name="agreement")
    return words.mask(alone, "one reader only").mask(~facts["agreed"], "readers differ")


def marked_page(
    path: str | Path,
    page: int,
    facts: pd.DataFrame,
    readings: pd.DataFrame,
    scale: float = 1.5,
    trim: bool = False,
) -> Image.Image:
    """The page with the box of every fact on it: thin blue where two readers agree, thicker orange where
    only one saw the cell, thick red where they differ.

    `facts` and `readings` as an audit has them; facts of other pages, and those without a box, are passed
    over. `scale` and
    `trim` as in page_image.
    """
    picture = page_image(path, page, scale)
    draw = ImageDraw.Draw(picture, "RGBA")
    here = facts[facts["page"].eq(page).fillna(False) & facts["x0"].notna()]
    places = here[["x0", "top", "x1", "bottom"]].itertuples(index=False, name=None)
    for place, mark in zip(places, agreement(here, readings), strict=True):
        colour, width = _MARKS[mark]
        x0, top, x1, bottom = (float(edge) * scale for edge in place)
        box = (x0 + 2, top + 2, x1 - 2, bottom - 2)
        draw.rectangle(box, outline=colour, width=width, fill=f"{colour}26")
    return _trimmed(picture) if trim else picture


def cropped(path: str | Path, page: int, where: str, margin: float = 4.0, scale: float = 3.0) -> Image.Image:
    """The picture of one cell: the box `x0,top,x1,bottom` of a fact, with a margin in points around it."""
    x0, top, x1, bottom = (float(part) for part in where.split(","))
    picture = page_image(path, page, scale)
    box = (x0 - margin, top - margin, x1 + margin, bottom + margin)
    left, upper, right, lower = (round(edge * scale) for edge in box)
    return picture.crop((max(left, 0), max(upper, 0), min(right, picture.width), min(lower, picture.height)))


def row_picture(
    path: str | Path, page: int, row: tuple, cell: tuple, scale: float = 3.0, margin: float = 4.0
) -> Image.Image:
    """The picture of a cell in its row: the row's area with a margin, the cell framed; areas in points."""
    picture = page_image(path, page, scale)
    x0, top, x1, bottom = (float(edge) * scale for edge in cell)
    ImageDraw.Draw(picture).rectangle((x0, top, x1, bottom), outline="#D55E00", width=max(2, round(scale)))
    left, upper, right, lower = (float(edge) for edge in row)
    edges = (left - margin, upper - margin, right + margin, lower + margin)
    box = [round(edge * scale) for edge in edges]
    return picture.crop(
        (max(box[0], 0), max(box[1], 0), min(box[2], picture.width), min(box[3], picture.height))
    )
