"""A report as it is printed: its pages with the cells that were read, its prose with what was compared."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pypdfium2
from PIL import Image, ImageDraw, ImageOps

from . import fonts

if TYPE_CHECKING:
    from .audit import Audit

# Okabe and Ito's colours, told apart by anyone; width tells them apart in grey, too.
_FRAMES = {
    "two readers agree": ("#0072B2", 1),
    "one reader only": ("#E69F00", 3),
    "readers differ": ("#D55E00", 5),
}
_SIGNS = {"holds": "✓", "breaks": "✗", "unread": "?", "not_stated": "?"}
_NUMBERED = r"(?:[一二三四五六]、|[(（][一二三四五六七八九十][)）]|- ?\d+ ?-)"
_HEADING = re.compile(rf"\s*{_NUMBERED}[^\n，。]{{0,30}}\n|\s*\n")


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
    over. `scale` and `trim` as in page_image.
    """
    picture = page_image(path, page, scale)
    draw = ImageDraw.Draw(picture, "RGBA")
    here = facts[facts["page"].eq(page).fillna(False) & facts["x0"].notna()]
    places = here[["x0", "top", "x1", "bottom"]].itertuples(index=False, name=None)
    for place, mark in zip(places, agreement(here, readings), strict=True):
        colour, width = _FRAMES[mark]
        x0, top, x1, bottom = (float(edge) * scale for edge in place)
        box = (x0 + 2, top + 2, x1 - 2, bottom - 2)
        draw.rectangle(box, outline=colour, width=width, fill=f"{colour}26")
    return _trimmed(picture) if trim else picture


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


def claim_status(audit: "Audit") -> dict[int, str]:
    """For each claim that a narrative check compares, by its start offset: one of checks.STATUSES."""
    told = audit.checks.loc[audit.checks["rule"] == "narrative", ["check", "status"]]
    named = audit.check_terms.merge(told, on="check").merge(audit.claims[["claim", "start"]], on="claim")
    return dict(zip(named["start"].tolist(), named["status_y"].astype("str"), strict=True))


def marked_prose(audit: "Audit", section: str) -> str:
    """The prose of a section as Markdown: 96 ✗ differs from its table, 53 ✓ agrees, others are plain.

    The paragraphs that hold a compared number, and those between them; empty where no number is compared.
    """
    status = claim_status(audit)
    starts = [s for s in audit.claims.loc[audit.claims["section"] == section, "start"] if s in status]
    if not starts:
        return ""
    assert audit.document is not None
    text = audit.document.text
    first = text.rfind("。", 0, min(starts)) + 1
    while heading := _HEADING.match(text, first, min(starts)):
        first = heading.end()
    last = text.find("。", max(starts)) + 1 or len(text)
    pieces, at = [], first
    for start, end in zip(audit.claims["start"].tolist(), audit.claims["end"].tolist(), strict=True):
        if first <= start < last and start in status:
            pieces += [text[at:start], f"<b>{text[start:end]} {_SIGNS[status[start]]}</b>"]
            at = end
    joined = "".join([*pieces, text[at:last]])
    return "> " + re.sub(r"(?<![。；])\s*\n\s*", "", joined).replace("\n", "\n> \n> ").strip()


def compared_sections(audit: "Audit") -> list[str]:
    """The sections, in the report's order, whose prose has a number that a check compares."""
    status = claim_status(audit)
    claims = audit.claims[audit.claims["start"].isin(list(status))]
    return list(claims.loc[claims["section"].ne(""), "section"].unique())
