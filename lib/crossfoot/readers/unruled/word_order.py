"""Tables without rules, by the order of their words alone: a label, then its figures, then the next label.

So text is copied out of a PDF or a web page, and so a PDF's own content stands in its file. A row is read
where it has just as many figures as its table has columns; with fewer there is no telling which are blank.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from rapidfuzz import fuzz

from ...labels import ENOUGH
from .words import (
    APPLICANTS,
    CONTENT,
    OUTCOMES,
    Word,
    column_wordings,
    is_figure,
    label_of,
    letters,
    row_wordings,
)

_LONGEST_TEXT = 400  # letters before a row's figures: a paragraph stands there, or no table at all
_SENTENCE = re.compile("[。；]")
_NO_RUN: tuple[list[Word], list[Word]] = ([], [])
_SURE = 85.0
_HEADS = (  # 总计 comes where it begins, above the applicants' names, or behind them
    "自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他",
    "自然人法人或其他组织商业企业科研机构社会公益组织法律服务机构其他总计",
    "自然人商业企业科研机构社会公益组织法律服务机构其他总计",
)
_BY_ROWS = "申请人情况总计自然人法人或其他组织商业企业科研机构社会公益组织法律服务机构其他"
"""The form's own head cell by cell, row by row: 总计 begins beside 申请人情况, and ends below all others."""
_LONGEST_LABEL = 20  # letters of a row of table 二 that no form has
_LAST_ROW = ("结转下年度继续办理",)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row as it comes: its label and its figures, and whether these are as many as the columns."""

    label: tuple[Word, ...]
    text: str
    figures: tuple[Word, ...]
    whole: bool


@dataclass(slots=True)
class RunTable:
    """A table's columns, the words of its head, and its rows in order; `kind` is the table's code."""

    kind: str
    columns: tuple[str, ...]
    head: tuple[Word, ...]
    rows: list[RunRow] = field(default_factory=list)


def tables(words: Iterable[Word]) -> list[RunTable]:
    """The tables among the words, in order."""
    found: list[RunTable] = []
    current: RunTable | None = None
    runs = [*_runs(words)]
    for (texts, figures), (following, _) in zip_longest(runs, runs[1:], fillvalue=_NO_RUN):
        head = _head(texts)
        if head is not None:
            current = head
            found.append(current)
        row = _row(current, texts, figures, following[:1]) if current is not None else None
        if row is None or current is None:
            current = None
        else:
            current.rows.append(row)
    return [table for table in found if table.rows]


def _runs(words: Iterable[Word]) -> Iterable[tuple[list[Word], list[Word]]]:
    """The words as runs: some text, then the figures that follow it."""
    texts: list[Word] = []
    figures: list[Word] = []
    for word in words:
        if is_figure(word.text):
            figures.append(word)
            continue
        if figures:
            yield texts, figures
            texts, figures = [], []
        if _SENTENCE.search(word.text):
            texts = []
        else:
            texts.append(word)
    if figures:
        yield texts, figures


def _head(texts: Sequence[Word]) -> RunTable | None:
    """The table whose head stands in that text, if one does: the last one."""
    joined = letters("".join(word.text for word in texts))
    if len(joined) < _LONGEST_TEXT and _holds(joined, "".join(OUTCOMES) * 3):
        return RunTable("disputes", OUTCOMES * 3, tuple(texts))
    if CONTENT in joined:
        before = next(i for i in range(len(texts) - 1, -1, -1) if CONTENT in _from(texts, i))
        columns = _columns(_from(texts, before))
        return RunTable("disclosure", columns, tuple(texts[before:])) if columns else None
    if 0 <= joined.rfind(APPLICANTS[-1]) < joined.rfind(APPLICANTS[0]) and _BY_ROWS not in joined:
        return None  # a head of another order than the form's
    misprinted = max(fuzz.partial_ratio(head, joined) for head in _HEADS) >= _SURE
    if len(joined) < _LONGEST_TEXT and (misprinted or _holds(joined, "".join(APPLICANTS))):
        return RunTable("requests", APPLICANTS, tuple(texts))
    return None


def _holds(text: str, head: str) -> bool:
    """Whether the text has all letters of a head, in whatever order the lines of its cells come."""
    return not Counter(head) - Counter(text)


def _from(texts: Sequence[Word], start: int) -> str:
    return letters("".join(word.text for word in texts[start:]))


def _columns(text: str) -> tuple[str, ...]:
    """The labels of columns of table 二 that follow each other in the text."""
    return tuple(re.findall("|".join(map(re.escape, column_wordings())), text))


def _row(
    table: RunTable, texts: Sequence[Word], figures: Sequence[Word], following: Sequence[Word]
) -> RunRow | None:
    """The row of the table that has those figures; None where that is not a row of it.

    In text sorted by height a long label's figures stand in its middle: its rest is in `following`.
    """
    if table.kind == "disputes":
        return RunRow((), "", tuple(figures), len(figures) == len(table.columns)) if not table.rows else None
    if sum(len(word.text) for word in texts) > _LONGEST_TEXT:
        return None
    wordings = row_wordings(table.kind)
    fit, text = label_of([word.text for word in texts], wordings)
    if fit < ENOUGH and following:
        whole = label_of([word.text for word in (*texts, *following)], wordings)
        if whole[0] >= ENOUGH and len(whole[1]) > len(following[0].text):
            fit, text, texts = *whole, [*texts, *following]
    if fit < ENOUGH:
        if table.rows and label_of([table.rows[-1].text], (_LAST_ROW,))[0] >= ENOUGH:
            return None
        text = "".join(word.text for word in texts[-3:])
        if table.kind == "disclosure" and len(text) > _LONGEST_LABEL:
            return None
    if not texts:
        return None
    own, length = [], 0
    for word in reversed(texts):
        if length >= len(text):
            break
        own.append(word)
        length += len(word.text)
    return RunRow(tuple(reversed(own)), text, tuple(figures), len(figures) == len(table.columns))
