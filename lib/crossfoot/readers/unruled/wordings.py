"""How the forms word rows and columns, and which run of words is a row's label."""

import re
from collections.abc import Sequence
from functools import cache

from ... import forms
from ...labels import best, key
from .words import letters

Wordings = tuple[tuple[str, ...], ...]

APPLICANT_WORDINGS = tuple(
    (column.label, *column.aliases) for column in forms.tables("2021")["requests"].columns
)
APPLICANTS = tuple(column.label for column in forms.tables("2021")["requests"].columns)
OUTCOMES = tuple(column.label for column in forms.tables("2021")["disputes"].columns)
CONTENT = "信息内容"


@cache
def row_wordings(table: str) -> Wordings:
    """How the forms word the rows of a table, also with their group in front; those of both forms."""
    found: dict[str, tuple[str, ...]] = {}
    for form in forms.FORMS:
        for row in forms.tables(form)[table].rows:
            found[row.code] = (row.label, *row.aliases, *([row.group + row.label] if row.group else ()))
    return tuple(found.values())


@cache
def column_wordings() -> tuple[str, ...]:
    """The bare letters of every wording of a column of table 二, the longest first."""
    words = {
        letters(re.sub(r"[（(].*[)）]$", "", wording))
        for form in forms.FORMS
        for column in forms.tables(form)["disclosure"].columns
        for wording in (column.label, *column.aliases)
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def label_of(texts: Sequence[str], wordings: Wordings) -> tuple[float, str]:
    """The end of a run of words that fits a row's label best, how well (0 to 100), the shortest of equals.

    Before a row's own label stand the headings of its group, and the table's head before its first.
    """
    found = (0.0, "")
    for start in range(len(texts) - 1, max(len(texts) - 16, -1), -1):
        text = "".join(texts[start:])
        if len(key(text)) < 2:
            continue
        fit = best(text, wordings)[0]
        if fit > found[0] + 0.01:
            found = fit, text
    return found
