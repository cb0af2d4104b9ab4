"""Checks: what the form's own identities and bounds say of the facts of one report."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd

from .forms import cell_name, split_cell, tables
from .numerals import amount
from .texts import Pair, joined, same, words
from .texts.names import cell_names, label, printed_label

CHECK_COLUMNS = ["rule", "scope", "left", "right", "difference", "status", "cells", "formula"]
"""What a comparison comes to; `formula` holds its words in both languages."""

STATUSES = ("holds", "breaks", "unread", "not_stated")
"""What comes of a comparison; `unread` where a figure that it needs was not read beyond doubt."""
SETTLED = STATUSES[:2]

PLUS = (" ＋ ", " + ")
NOTHING = ("无", "零", "没有")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as rules.toml words it; see the grammar there."""

    id: str
    label: str
    label_zh: str
    basis: str
    severity: str
    table: str
    per: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("2019", "2021")
    bound: str = ""
    before: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """One rule in one place: the cells of `left` sum to what the cells of `right` sum to.

    With `bound` "at_most" the left sum is at most the right one. `scope` is the column or row it is
    about, or the cell that is the sum. `total` are those of its cells that are printed totals: where one is
    blank nothing is stated. `made_by` is the rule itself: several bear one id.
    """

    rule: str
    scope: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    total: tuple[str, ...]
    bound: str = ""
    made_by: Rule | None = field(default=None, compare=False, repr=False)

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell of the identity, left before right."""
        return self.left + self.right


_NAMED = 6  # cells that a formula names, before it counts them


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell contributes to a sum: `value` (None where it prints no number) and its `status`.

    `void` says that it prints nothing that could be a figure (blank, a dash, 无, no such row), so that
    it counts as 0; a cell that is neither void nor a number could not be read.
    """

    value: float | None
    status: str
    void: bool


@cache
def own_rules() -> tuple[Rule, ...]:
    """The rules of rules.toml, in file order."""
    raw = tomllib.loads(files("crossfoot").joinpath("rules.toml").read_text(encoding="utf-8"))
    return tuple(_rule(entry) for entry in raw["rule"])


_used: ContextVar[tuple[Rule, ...] | None] = ContextVar("rules", default=None)


def rules() -> tuple[Rule, ...]:
    """The rules that are checked: those of rules.toml, unless `using` puts others in their place."""
    used = _used.get()
    return own_rules() if used is None else used


@contextmanager
def using(chosen: tuple[Rule, ...]) -> Iterator[None]:
    """Within it these rules are checked."""
    token = _used.set(chosen)
    try:
        yield
    finally:
        _used.reset(token)


def _rule(entry: dict[str, Any]) -> Rule:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Rule(**fields)


def printed(facts: pd.DataFrame) -> dict[str, Printed]:
    """Each cell name of `facts` with what it contributes to a sum, in the order of the form."""
    names = ("table", "row", "column", "value", "status", "raw")
    columns = (facts[name].tolist() for name in names)
    return {
        cell_name(table, row, column): Printed(
            value if status == "number" else None,
            status,
            status in ("blank", "dash", "absent") or (status == "text" and str(raw).strip() in NOTHING),
        )
        for table, row, column, value, status, raw in zip(*columns, strict=True)
    }


def _expand(patterns: Iterable[str], present: Iterable[str]) -> list[str]:
    """The codes of `present` that a rule's patterns name, in the order of the form."""
    return [
        code
        for code in present
        if any(code == p or (p.endswith("*") and code.startswith(p[:-1])) for p in patterns)
    ]


def identities(facts: pd.DataFrame, form: str) -> list[Identity]:
    """Every sum that the form requires of this report's cells, rule by rule in the order of rules.toml."""
    columns = (facts[name].tolist() for name in ("table", "row", "column"))
    return list(_identities(tuple(zip(*columns, strict=True)), form, rules()))


@lru_cache(maxsize=64)  # reports of a form differ in few rows, and each asks several times
def _identities(
    cells: tuple[tuple[str, str, str], ...], form: str, chosen: tuple[Rule, ...]
) -> tuple[Identity, ...]:
    found = []
    for rule in chosen:
        if rule.per not in ("row", "column") or rule.before or form not in rule.forms:
            continue
        rows = list(dict.fromkeys(row for table, row, _ in cells if table == rule.table))
        columns = list(dict.fromkeys(column for table, _, column in cells if table == rule.table))
        by_column = rule.per == "column"
        across, along = (columns, rows) if by_column else (rows, columns)
        for place in across:
            if rule.over and place not in rule.over:
                continue
            left, right, total = (
                tuple(
                    cell_name(rule.table, code, place) if by_column else cell_name(rule.table, place, code)
                    for code in _expand(side, along)
                )
                for side in (rule.left, rule.right, rule.total)
            )
            if left and right:  # a sub-total that this report does not print states nothing
                scope = right[0] if rule.scope == "cell" else place
                found.append(Identity(rule.id, scope, left, right, total, rule.bound, rule))
    return tuple(found)


def unstated(identities: Iterable[Identity], cells: Mapping[str, Printed]) -> set[str]:
    """The void cells that are printed totals of something: their figure is missing, it is not 0.

    上海 2019, for one, leaves 总计 empty in every result row although the row has figures.
    """
    return {
        total
        for identity in identities
        if not identity.bound
        for total in identity.total
        if total in identity.right
        and cells[total].void
        and any(cells[cell].value for cell in identity.left if not cells[cell].void)
    }


def is_stated(identity: Identity, cells: Mapping[str, Printed], unstated_cells: set[str]) -> bool:
    """Whether the report states enough for the identity to hold or break."""
    if all(cells[cell].void for cell in identity.cells):
        return False
    if any(cells[total].void for total in identity.total):
        return False
    return not any(
        cell in unstated_cells or (cells[cell].value is None and not cells[cell].void)
        for cell in identity.cells
    )


def term(value: float, name: Pair) -> Pair:
    """A figure of a sum with what it is called."""
    return f"{name[0]} {amount(value)}", f"{amount(value)} {name[1]}"


def _side(names: tuple[str, ...], cells: Mapping[str, Printed], scope: str, form: str) -> Pair:
    """A sum in words: its figures with their names (in English codes), and how many void cells count as 0.

    A cell that is not read as a figure is a ?, and never counted as 0.
    """
    figures = [
        term(cells[n].value or 0.0, _short(n, scope, form)) for n in names if cells[n].value is not None
    ]
    void = [n for n in names if cells[n].void]
    unread = [n for n in names if cells[n].value is None and not cells[n].void]
    if len(unread) == 1:
        figures.append(words("formula.unknown", name=_short(unread[0], scope, form)))
    elif unread:
        figures.append(words("formula.unknowns", count=len(unread)))
    if len(void) == 1:
        figures.append(words("formula.blank", name=_short(void[0], scope, form)))
    elif void:
        figures.append(words("formula.blanks", count=len(void)))
    return joined(figures, PLUS)


@cache
def _short(name: str, scope: str, form: str) -> Pair:
    """The part of a cell name that its check's scope does not already say."""
    table, row, column = split_cell(name)
    if ":" in scope:  # the sum of one cell: the rest of its row, or of its column
        _, row_of, column_of = split_cell(scope)
        across = name != scope and row == row_of
        place = tables(form)[table]
        sums_row = name == scope and column_of in {c.code for c in place.subtotal_columns}
        scope = row if across or sums_row else column
    if row == scope:
        return label(column, form, table, "column"), column
    return printed_label(tables(form)[table].row(row)), row


def _sum(names: tuple[str, ...], cells: Mapping[str, Printed]) -> float:
    return round(sum(cells[n].value or 0.0 for n in names), 6)


def _silence(identity: Identity, cells: Mapping[str, Printed], missing: set[str], form: str) -> Pair:
    """Why the identity states nothing."""
    unread = [n for n in identity.cells if cells[n].value is None and not cells[n].void]
    if unread:
        return words("formula.not_read", cells=_few(unread, form))
    if all(cells[n].void for n in identity.cells):
        return words("formula.all_blank")
    gaps = [n for n in identity.cells if n in missing or (n in identity.total and cells[n].void)]
    return words("formula.no_figure", cells=_few(gaps, form))


def _few(names: list[str], form: str) -> Pair:
    """The first few of those cells, and how many there are in all where there are more."""
    shown = cell_names(names[:_NAMED], form)
    return words("list.cells", what=shown, count=len(names)) if len(names) > _NAMED else shown


def _identity_row(
    identity: Identity, cells: Mapping[str, Printed], missing: set[str], form: str
) -> dict[str, Any]:
    left, right = _sum(identity.left, cells), _sum(identity.right, cells)
    difference = round(left - right, 6)
    stated = is_stated(identity, cells, missing)
    holds = difference <= 0 if identity.bound == "at_most" else difference == 0
    sign = same(" ≤ " if identity.bound == "at_most" else " = ")
    formula = joined((_side(s, cells, identity.scope, form) for s in (identity.left, identity.right)), sign)
    if not stated:
        formula = words("formula.open", sum=formula, why=_silence(identity, cells, missing, form))
    elif not holds:
        formula = words("formula.breaks", sum=formula, left=left, right=right, difference=difference)
    return {
        "rule": identity.rule,
        "scope": identity.scope,
        "left": left if stated else float("nan"),
        "right": right if stated else float("nan"),
        "difference": difference if stated else float("nan"),
        "status": _status(identity, cells, stated, holds),
        "cells": " ".join(identity.cells),
        "formula": formula,
    }


def _status(identity: Identity, cells: Mapping[str, Printed], stated: bool, holds: bool) -> str:
    if any(cells[name].value is None and not cells[name].void for name in identity.cells):
        return "unread"
    return ("holds" if holds else "breaks") if stated else "not_stated"


def _bounded(value: float, bound: str) -> float:
    """The nearest value that the bound allows."""
    match bound:
        case "whole_and_not_negative":
            return float(max(0, round(value)))
        case "whole":
            return float(round(value))
        case "not_negative":
            return max(0.0, value)
        case _:
            raise ValueError(f"unknown bound {bound!r} in rules.toml")


def _bound_rows(rule: Rule, cells: Mapping[str, Printed]) -> Iterable[dict]:
    for name, cell in cells.items():
        table, _, rest = name.partition(":")
        if table != rule.table or cell.value is None:
            continue
        if rule.over and rest.rpartition("/")[2] not in rule.over:
            continue
        allowed = _bounded(cell.value, rule.bound)
        yield {
            "rule": rule.id,
            "scope": name,
            "left": cell.value,
            "right": allowed,
            "difference": round(cell.value - allowed, 6),
            "status": "holds" if cell.value == allowed else "breaks",
            "cells": name,
            "formula": _bound_formula(cell.value, (rule.label_zh, rule.label)),
        }


@lru_cache(maxsize=4096)  # most figures are small, and the same in many cells
def _bound_formula(value: float, label: Pair) -> Pair:
    return words("formula.bound", value=value, rule=label)


def check(facts: pd.DataFrame, form: str) -> pd.DataFrame:
    """One row for each identity and bound of the form, with columns CHECK_COLUMNS.

    `left`, `right`, `difference` (left - right) are in the cells' own unit, missing where nothing is
    stated. `status` is one of STATUSES: a blank addend counts as 0 (the formula says so), a blank total
    states nothing, and a cell that was not read beyond doubt leaves the comparison `unread`. In a bound,
    `right` is the nearest value that is allowed. Source: FORMS, 国办公开办函〔2019〕60号 and 〔2021〕30号.
    """
    cells = printed(facts)
    sums = identities(facts, form)
    missing = unstated(sums, cells)
    rows = [_identity_row(identity, cells, missing, form) for identity in sums]
    for rule in rules():
        if rule.per == "cell" and form in rule.forms:
            rows.extend(_bound_rows(rule, cells))
    return pd.DataFrame(rows, columns=CHECK_COLUMNS)
