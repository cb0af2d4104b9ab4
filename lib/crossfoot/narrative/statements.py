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
_CLAUSE_ENDS = "，；。：（）#"
_OF_LESS = re.compile(  # of a part of the year, of others, of some requests or cases, for another reason
    "季度|[上下]半年|(?<![年\\d])\\d{1,2}月份?|截至(?![^，。；]{0,5}(?:目前|年底|年末|12月))"
    "|本级|各(?:部门|单位|镇|街|乡|县|区|基层|所|村|站)|基层|下属|所属|直属|窗口|事业单位|街镇|乡镇"
    "|一审|二审|再审|上诉|外国|国籍|港澳|微信|微博|上级|转办|群体|集体|执行案件|负责人|赔偿|书面答复"
    "|因(?![^，。；#]*(?:信息公开|依申请|政务公开|政府信息|公开申请))[^，。；#]{2,}(?:引发|引起|导致|被|提起|产生)"
    "|(?:因|由于|应公开)[^，。；#]*(?:超期|未按期|逾期|不及时|未公开)"
)
_CARRIED = re.compile("结转|转结|遗留|顺延")
_OF_A_PART = re.compile(
    "(?:予以公开|部分公开|不予公开|提供|处理|答复|办结|重复申请|结转[^，。；#]{0,8})#[^，。；#]{0,4}，?[^，。；#]{0,4}$"
)
_OF_OTHERS = re.compile("下属|所属|基层|事业单位|村（|窗口")
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
            if _is_of_less(marked.text, match.start(), match.end(), reading.year, statement.zero):
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
        if _is_of_less(marked.text, one.start, one.end, reading.year, one.zero[0]):
            continue
        if zero and not other_year(marked.text[: one.start], reading.year):
            openly = one.yields and _is_told(reading, marked, zero, table)
            yield _row(reading, marked, marked.text[one.said : one.end], ("", ""), zero, table, openly)


def _is_of_less(text: str, start: int, end: int, year: int | None, zero: str) -> bool:
    """Whether a statement's clause speaks of another year, of others, or of some of what the cells count."""
    first = max(text.rfind(sign, 0, start) for sign in _CLAUSE_ENDS) + 1
    ends = [at for at in (text.find(sign, end) for sign in _CLAUSE_ENDS) if at >= 0]
    clause = text[first : min([*ends, len(text)])]
    before = text[text.rfind("；", 0, first) + 1 : first]
    if _OF_OTHERS.search(before) and not re.search("全[省市区县]|[我本]", before):
        return True
    if _OF_LESS.search(clause) or (not _CARRIED.search(clause) and other_year(clause, year)):
        return True
    return "requests:new/" in zero and "total" not in zero and _OF_A_PART.search(text[:first]) is not None


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
