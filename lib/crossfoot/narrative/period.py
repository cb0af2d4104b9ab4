"""Figures that the prose gives as of a neighbouring year, where this year's are expected."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..texts import words
from .claims import Mention, Reading, scope
from .counting import speaks_of
from .figures import Figures
from .marking import Marked
from .phrases import CASES

_COMPARES = re.compile(
    "同比|环比|相比|对比|增长|增加|上升|提高|减少|下降|降低|回落|持平|翻番|[较比与](?:上|前|去|20)|历年|近[两三四五]年"
)


def year_checks(mentions: Sequence[Mention], table: Figures, reading: Reading) -> Iterator[dict]:
    """`period`: a sentence that gives the form's figures as of the year before or after the report's.

    A query, one for each such sentence: the year may be a misprint, or the sentence a copy of last year's.
    None where the sentence compares, where it or its paragraph speaks of this year too, or where this
    year's figure of the same cells is stated anywhere.
    """
    year = reading.year
    told = [m for m in mentions if m.year is not None and year is not None and abs(m.year - year) == 1]
    stated = {m.subject for m in mentions if m.subject}
    for number, group in groupby(told, key=lambda mention: mention.sentence):
        found = list(group)
        marked = reading.marked[number]
        if _COMPARES.search(marked.text) or any(m.meant in stated for m in found):
            continue
        if speaks_of(marked.text, year) or _is_beside_this_year(marked, mentions, reading):
            continue
        yield _row(found, table, year)


def _is_beside_this_year(marked: Marked, mentions: Sequence[Mention], reading: Reading) -> bool:
    """Whether another sentence of the paragraph gives a figure of this year that the table may have."""
    text = reading.prose.text
    first = text.rfind("\n", 0, marked.sentence.start) + 1
    last = text.find("\n", marked.sentence.end)
    around = [m for m in mentions if first <= m.token.start and (last < 0 or m.token.start < last)]
    return any(
        speaks_of(text[reading.marked[m.sentence].sentence.start : m.token.first], reading.year)
        for m in around
        if m.token.kind == "claim"
        and m.token.unit in CASES
        and reading.marked[m.sentence] is not marked
        and (m.subject or m.note == words("note.not_understood"))
    )


def _row(found: Sequence[Mention], table: Figures, year: int | None) -> dict:
    first = found[0]
    held = [(m, table.total(m.meant).value) for m in found]
    equal = all(value == m.token.value for m, value in held)
    key = "formula.other_year_equal" if equal else "formula.other_year"
    return {
        "rule": "period",
        "scope": scope(first.section, f"{first.year}年", first.start),
        "left": float(first.year or 0),
        "right": float(year or 0),
        "status": "breaks",
        "cells": "",
        "formula": words(key, named=str(first.year), year=str(year)),
        "severity": "query",
        "claims": " ".join(str(m.start) for m in found),
    }
