"""What the form has and the report does not print: tables, rows and columns, zeros, figures."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import category

import pandas as pd

from .checks import CHECK_COLUMNS, NOTHING, Rule, rules
from .document import Document
from .extraction_problems import Trouble
from .forms import Table, cell_name, tables
from .labels import key
from .tables import Placement
from .texts import Pair, one_line, words
from .texts.names import cell_title, column_name, row_name, section_number, some_places, spans

_FEWEST = 2  # columns whose words stand in a report that has the table, somewhere
_WORD = 3  # letters of a column's label that other tables do not share: not 总计, nor 其他
_LONG = 4  # letters of a label that no other words contain by chance
_MOST = 6  # places named in a formula, before it counts the rest
_HEADINGS = {
    "disclosure": "主动公开政府信息情况",
    "requests": "政府信息公开申请情况",
    "disputes": "行政诉讼情况",
}
_LATER = re.compile(
    r"[#*\s]*(?:[（(]?[五六][)）]?[、.．]\s*\S.{1,30}|(?:政府信息公开工作)?存在的(?:主要)?问题.{0,12}|其他需要报告.{0,6})"
)
_LONGEST = 45  # letters of a heading
_OURS = ("Co", "Cn", "Cc", "Cs")  # characters that are a font's or a file's fault, and no word


def doubts(
    facts: pd.DataFrame,
    placements: Mapping[str, Placement],
    troubles: Iterable[Trouble],
    document: Document,
    form: str,
) -> frozenset[str]:
    """The tables (by their code) and the cells of which it is not beyond doubt what they print.

    A table with a figure that ended in no cell is in doubt; so is one that was not found and may be a picture
    or an attached file, or whose own words stand somewhere in the report, and the cells of a row whose label
    does. A text that was taken from something else does not tell what else there was: a table is missing from
    it only where its heading is too, and all else is read. So is the last table of a file behind which no
    part of the report follows, with those that should: the file may be cut off.
    """
    lines = [key(document.text[line.start : line.end]) for line in document.lines]
    found: set[str] = set()
    told: set[str] = set()
    missing: list[str] = []
    for trouble in troubles:
        found.update(trouble.cells)
        if trouble.problem in ("leftover", "lost"):
            found.add(trouble.table)
        elif trouble.problem == "no_tables":
            found.update(tables(form))
        elif trouble.problem == "table_missing":
            missing.append(trouble.table)
    found.update(_cut_off(placements, document, form))
    for placement in placements.values():
        found.update(placement.unclear)
        told.update(name for name, reading in placement.readings.items() if reading.by_label)
    placed = {name for placement in placements.values() for name in placement.readings}
    found.update(printed_rows(facts, document, form), placed - told)
    may_be_shown = bool(found) if document.pictured is None else document.pictured
    found.update(t for t in missing if may_be_shown or _words_of(tables(form)[t], lines, document.pictured))
    return frozenset(found)


def _words_of(table: Table, lines: Iterable[str], pictured: bool | None) -> bool:
    """Whether the words of several of a table's columns stand in the report; of a text, also its heading."""
    text = "\n".join(lines)
    named = (
        any(len(key(word)) >= _WORD and key(word) in text for word in (column.label, *column.aliases))
        for column in table.columns
    )
    return sum(named) >= _FEWEST or (pictured is None and _HEADINGS[table.code] in text)


def printed_rows(facts: pd.DataFrame, document: Document, form: str) -> frozenset[str]:
    """The cells of rows that no reader found although a line prints just their label, or it and figures."""
    lines = [key(document.text[line.start : line.end]).rstrip("0123456789") for line in document.lines]
    found: set[str] = set()
    for table, cells in _by_table(facts).items():
        seen = {cell.row for cell in cells if cell.status != "absent"}
        for code in dict.fromkeys(cell.row for cell in cells if cell.row not in seen):
            row = tables(form)[table].row(code)
            labels = tuple(key(word) for word in (row.label, *row.aliases) if len(key(word)) >= _LONG)
            if any(line.endswith(labels) for line in lines):
                found.update(cell.name for cell in cells if cell.row == code)
    return frozenset(found)


def _cut_off(placements: Mapping[str, Placement], document: Document, form: str) -> list[str]:
    """The tables behind which neither another table nor a later part of the report was read."""
    areas = [
        (grid.page or 0, max(c.bottom for c in grid.cells))
        for p in placements.values()
        for _, grid in p.areas
    ]
    closed = any(
        line.box is not None
        and ((line.page or 0), line.box[1] + 0.5) >= max(areas, default=(0, 0.0))
        and line.end - line.start < _LONGEST
        and _LATER.fullmatch(document.text[line.start : line.end].strip())
        for line in document.lines
    )
    read = [
        table for table in tables(form) if any(t == table for p in placements.values() for t, _ in p.areas)
    ]
    order = list(tables(form))
    return [] if closed or not read else order[order.index(read[-1]) :]


def check(facts: pd.DataFrame, form: str, doubted: Collection[str]) -> pd.DataFrame:
    """One row for each rule about what is there, with columns CHECK_COLUMNS; its figures are missing.

    `scope` is the table's code, with `.blanks`, `.lines` or `.handled` behind it, or the cell that prints a
    word. `cells` are those that are missing, blank or no figure. What is in doubt is `unread`: `doubted`
    holds tables and cells.
    """
    printed = _by_table(facts)
    rows: list[dict] = []
    for rule in rules():
        if rule.per in _KINDS and form in rule.forms:
            rows.extend(_KINDS[rule.per](rule, printed.get(rule.table, []), form, doubted))
    return pd.DataFrame(rows, columns=CHECK_COLUMNS)


class _Cell(NamedTuple):
    """What a fact says that these rules ask for."""

    row: str
    column: str
    name: str
    status: str
    raw: str
    agreed: bool


def _by_table(facts: pd.DataFrame) -> dict[str, list[_Cell]]:
    """The facts of each table, in their order."""
    found: dict[str, list[_Cell]] = {}
    columns = (facts[name].tolist() for name in ("table", "row", "column", "status", "raw", "agreed"))
    for table, row, column, *rest in zip(*columns, strict=True):
        found.setdefault(table, []).append(_Cell(row, column, cell_name(table, row, column), *rest))
    return found


def _row(rule: Rule, scope: str, cells: Iterable[str], doubt: bool, holds: Pair, breaks: Pair) -> dict:
    missing = tuple(cells)
    status = "unread" if doubt else "breaks" if missing else "holds"
    said = words("formula.doubt") if doubt else breaks if missing else holds
    figures = dict.fromkeys(("left", "right", "difference"), float("nan"))
    return {
        "rule": rule.id, "scope": scope, **figures, "status": status, "cells": " ".join(missing),
        "formula": said,
    }  # fmt: skip


def _is_gone(cells: Sequence[_Cell]) -> bool:
    return all(cell.status in ("absent", "blank") for cell in cells)


def _whole(rule: Rule, cells: Sequence[_Cell], form: str, doubted: Collection[str]) -> Iterable[dict]:
    """Whether the table is there and prints anything."""
    gone = _is_gone(cells)
    names = [cell.name for cell in cells] if gone else []
    absent = all(cell.status == "absent" for cell in cells)
    doubt = gone and (rule.table in doubted or not set(names).isdisjoint(doubted))
    said = words("missing.table" if absent else "missing.figures", table=_table(rule.table, form))
    yield _row(
        rule, rule.table, names, doubt, words("missing.no_table", table=_table(rule.table, form)), said
    )


def _lines(rule: Rule, cells: Sequence[_Cell], form: str, doubted: Collection[str]) -> Iterable[dict]:
    """Whether every row and column of the form is there; `over` are the rows that the rule is about."""
    if _is_gone(cells):
        return
    others = {row for one in rules() if one.id == rule.id and one.table == rule.table for row in one.over}
    present = [cell for cell in cells if cell.status != "absent"]
    there, headed = {cell.row for cell in present}, {cell.column for cell in present}
    asked = {cell.row for cell in cells if (cell.row in rule.over if rule.over else cell.row not in others)}
    rows = dict.fromkeys(cell.row for cell in cells if cell.row in asked and cell.row not in there)
    columns = dict.fromkeys(c.column for c in cells if not rule.over and c.column not in headed)
    names = [c.name for c in cells if c.row in asked and (c.row in rows or c.column in columns)]
    places = [words("missing.row", name=row_name(row, form, rule.table)) for row in rows]
    places += [words("missing.column", name=column_name(column, form, rule.table)) for column in columns]
    doubt = bool(places) and (rule.table in doubted or not set(names).isdisjoint(doubted))
    scope = f"{rule.table}.{rule.over[0]}" if rule.over else f"{rule.table}.lines"
    said = words("missing.lines", table=_table(rule.table, form), places=some_places(places, _MOST))
    yield _row(rule, scope, names, doubt, words("missing.no_line", table=_table(rule.table, form)), said)


def _blanks(rule: Rule, cells: Sequence[_Cell], form: str, doubted: Collection[str]) -> Iterable[dict]:
    """Whether the cells print 0 where there is nothing to count."""
    if _is_gone(cells):
        return
    blank = [cell.name for cell in cells if cell.status == "blank" and cell.name not in doubted]
    doubt = bool(blank) and rule.table in doubted
    there = [cell.name for cell in cells if cell.status != "absent"]
    given = {"table": _table(rule.table, form), "count": len(blank)}
    said = words("missing.blanks", cells=some_places(spans(blank, there, form), _MOST), **given)
    scope = f"{rule.table}.blanks"
    yield _row(rule, scope, blank, doubt, words("missing.no_blank", table=_table(rule.table, form)), said)


def _figures(rule: Rule, cells: Sequence[_Cell], form: str, doubted: Collection[str]) -> Iterable[dict]:
    """Whether the cells print figures: a row for each that prints a word, or one that none does."""
    found = False
    for cell in cells:
        worded = cell.status == "text" and cell.agreed and _is_word(cell.raw)
        if worded and cell.name not in doubted and rule.table not in doubted:
            found = True
            said = words("missing.word", cell=cell_title(cell.name, form), text=one_line(cell.raw))
            yield _row(rule, cell.name, [cell.name], False, said, said)
    if not found and any(cell.status != "absent" for cell in cells):
        table = _table(rule.table, form)
        yield _row(rule, rule.table, (), False, words("missing.no_word", table=table), words("formula.doubt"))


_KINDS = {"table": _whole, "lines": _lines, "blanks": _blanks, "words": _figures}
"""What `per` says of a rule of this kind: what it compares."""


def rule_of(rule: str, scope: str) -> Rule | None:
    """The entry of rules.toml that a check is by, told by its scope; None for a rule of another kind."""
    table, _, kind = scope.partition(":")[0].partition(".")
    per = "words" if rule == "not_a_figure" else {"": "table", "blanks": "blanks"}.get(kind, "lines")
    over = (kind,) if per == "lines" and kind != "lines" else ()
    wanted = (rule, table, per, over)
    return next((one for one in rules() if (one.id, one.table, one.per, one.over) == wanted), None)


def scope_title(scope: str, form: str) -> Pair:
    """What a check is about: the table, or the cell that prints a word."""
    return cell_title(scope, form) if ":" in scope else _table(scope.partition(".")[0], form)


def _is_word(raw: str) -> bool:
    """Whether a cell prints something that is no figure at all, and no sign or word for none."""
    text = "".join(raw.split())
    if not text or text in NOTHING or any(ch.isnumeric() or category(ch) in _OURS for ch in text):
        return False
    return "\ufffd" not in text


def _table(code: str, form: str) -> Pair:
    return words("place.table", section=section_number(tables(form)[code].section))
