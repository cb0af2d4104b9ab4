"""A narrative for a made-up report, true to its tables or with one figure misprinted."""

import random
from dataclasses import dataclass

import pandas as pd

from crossfoot.document import Document, Line

from .planting import misprint

# What each figure of the prose counts: names of cells, or their beginnings.
COUNTS = {
    "new": ("requests:new/total",),
    "carried_in": ("requests:carried_in/total",),
    "handled": ("requests:handled/total",),
    "granted": ("requests:granted/total", "requests:partly_granted/total"),
    "denied": ("requests:denied.",),
    "unavailable": ("requests:unavailable.",),
    "not_processed": ("requests:not_processed.",),
    "other": ("requests:other",),
    "carried_out": ("requests:carried_out/total",),
    "review": ("disputes:review/total",),
    "lawsuits": ("disputes:direct/total", "disputes:after_review/total"),
}
_TEXT = """一、总体情况
（二）依申请公开情况
{year}年，共收到政府信息公开申请{new}件，上年结转{carried_in}件。全年共办结{handled}件，其中予以公开和部分公开\
{granted}件，不予公开{denied}件，无法提供{unavailable}件，不予处理{not_processed}件，其他处理{other}件；结转下年度继续\
办理{carried_out}件。
信息公开类行政复议{review}件，行政诉讼{lawsuits}件。
"""


@dataclass(frozen=True, slots=True)
class Narrative:
    """The prose of a made-up report as a document without tables; `year` is the report's.

    `start` is the offset of the misprinted figure and `true` what it should be; None where none is.
    """

    document: Document
    year: int
    start: int | None = None
    true: int | None = None


def narrative(facts: pd.DataFrame, form: str, slip: str | None = None, seed: int = 0) -> Narrative | None:
    """The prose that states these facts' sums, with a slip of that kind in one figure if asked for.

    None where no figure has a place for such a slip.
    """
    year = 2019 if form == "2019" else 2023
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    totals = facts["value"].where(facts["column"] == "total", 0.0).fillna(0.0)
    figures = {
        key: int(sum(totals[names.str.startswith(prefix)].sum() for prefix in prefixes))
        for key, prefixes in COUNTS.items()
    }
    wrong, printed = None, dict(figures)
    if slip is not None:
        rng = random.Random(f"prose {slip} {seed}")
        keys = [key for key, value in figures.items() if value]
        rng.shuffle(keys)
        for key in keys:
            others = [value for other, value in figures.items() if other != key and value]
            beside = rng.choice(others) if others else 0
            made = misprint(rng, slip, figures[key], beside, beside)
            if made is not None:
                wrong, printed[key] = key, made
                break
        else:
            return None
    head = _TEXT.split("{" + wrong + "}")[0] if wrong else ""
    text = _TEXT.format(year=year, **printed)
    start = len(head.format(year=year, **printed)) if wrong else None
    return Narrative(_document(text), year, start, figures[wrong] if wrong else None)


def _document(text: str) -> Document:
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(Line(at, at + len(line.rstrip("\n")), None))
        at += len(line)
    return Document("planted", "", 1, text, tuple(lines))
