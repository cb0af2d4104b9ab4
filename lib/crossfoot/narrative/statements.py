"""Sentences without a figure that the tables can contradict: 均获维持, 未发生, 全部办结."""

import re
from collections.abc import Iterator, Sequence

from ..texts import Pair, words
from .claims import Reading, scope
from .counting import REACH, is_about, topic_at
from .denials import denials
from .figures import Figures
from .marking import Marked, governing
from .phrases import Statement, cells, lexicon
from .years import other_year

_MAY_DENY = re.compile("未|无|没|零|均|全部|都|所有|皆|维持|审结|主体")
_SAID = {"holds": "formula.denied", "breaks": "formula.belied", "not_stated": "formula.open"}


def statement_checks(
    reading: Reading, table: Figures, form: str, statements: Sequence[Statement] | None = None
) -> Iterator[dict]:
    """`statement`: what a sentence denies (left, 0) against the cells that must be 0 for it (right).

    A break is a query: words may mean less than they say. Where the cells are blank, or no cell can tell,
    nothing is stated. `statements` are those looked for, by default all of phrases.toml.
    """
    for number, marked in enumerate(reading.marked):
        start = marked.sentence.start
        found: list[tuple[int, int]] = []
        before = reading.prose.text[max(0, start - REACH) : start]
        for statement in lexicon().statements if statements is None else statements:
            match = statement.pattern.search(marked.text)
            if match is None or (statement.unless and statement.unless.search(marked.text)):
                continue
            topic, rows = topic_at(marked, match.end(), reading.topics[number])
            if not _is_said(statement, topic, rows, before + marked.text):
                continue
            if other_year(marked.text[: match.start()], reading.year):
                continue
            found.append(match.span())
            named = _rows_of(marked, match) or rows
            zero = cells(statement.zero, form, named)
            openly = statement.yields and _is_told(reading, marked, zero, table)
            yield _row(reading, marked, match[0], statement.note, zero, table, openly)
        if statements is None:
            yield from _denials(reading, number, table, form, found, before)


def _denials(
    reading: Reading, number: int, table: Figures, form: str, found: Sequence[tuple[int, int]], before: str
) -> Iterator[dict]:
    """What the grammar makes of a sentence's clauses, besides those that a fixed wording has read."""
    marked = reading.marked[number]
    if not _MAY_DENY.search(marked.text):
        return
    topic = reading.topics[number]
    for one in denials(marked.text, reading.year, form, topic, lexicon().vocabulary):
        if any(start < one.end and one.start < end for start, end in found):
            continue
        if one.is_of_disputes and not re.search("信息公开|依申请|政务公开", before + marked.text):
            continue
        zero = tuple(dict.fromkeys(name for part in one.zero for name in cells(part, form)))
        if zero and not other_year(marked.text[: one.start], reading.year):
            openly = one.yields and _is_told(reading, marked, zero, table)
            yield _row(reading, marked, marked.text[one.said : one.end], ("", ""), zero, table, openly)


def _is_said(statement: Statement, topic: str, rows: tuple[str, ...], around: str) -> bool:
    """Whether the sentence is about what the statement is about."""
    if statement.topic:
        return is_about(statement.topic, topic, rows, around)
    if statement.zero.startswith("disputes:"):
        return re.search("信息公开|依申请|政务公开", around) is not None
    return True


def _is_told(reading: Reading, marked: Marked, zero: tuple[str, ...], table: Figures) -> bool:
    """Whether the same section gives a figure of these cells, other than 0, as the table has it."""
    return any(
        mention.section == marked.sentence.section
        and mention.token.value > 0
        and set(mention.subject) <= set(zero)
        and table.total(mention.subject).value == mention.token.value
        for mention in reading.mentions
        if mention.subject
    )


def _rows_of(marked: Marked, match: re.Match[str]) -> tuple[str, ...]:
    """All rows of `disputes` that the words before a statement name, from the last semicolon on.

    In brackets it speaks of the last only; one kind of lawsuit takes the place of lawsuits of any kind.
    """
    before = marked.text[: match.start()]
    segment = before.rfind("；") + 1
    if before.rfind("（") > before.rfind("）"):
        return governing(marked, match.start())[1]
    named: list[tuple[str, ...]] = []
    for cue in marked.cues:
        if segment <= cue.start < match.start():
            rows = governing(marked, cue.start + 1)[1]
            named = [*(other for other in named if not set(rows) < set(other)), rows]
    return tuple(dict.fromkeys(row for rows in named for row in rows))


def _row(
    reading: Reading,
    marked: Marked,
    said: str,
    note: Pair,
    zero: tuple[str, ...],
    table: Figures,
    openly: bool = False,
) -> dict:
    sentence = marked.sentence
    at = reading.prose.text.find(said, sentence.start, sentence.end)
    offset = reading.prose.origin[at if at >= 0 else sentence.start]
    found = table.total(zero) if zero and not openly else None
    stated = found is not None and found.value is not None
    told = words("note.openly") if openly else note if found is None else found.text
    value = found.value if found is not None and found.value is not None else float("nan")
    status = ("holds" if value == 0 else "breaks") if stated else "not_stated"
    return {
        "rule": "statement",
        "scope": scope(sentence.section, said, offset),
        "left": 0.0 if stated else float("nan"),
        "right": value,
        "status": status,
        "cells": " ".join(found.cells) if found is not None else "",
        "formula": words(_SAID[status], sum=said, why=told),
        "severity": "query",
        "claims": "",
    }
