"""The checks that break in each finding, and checks, rules and cells in the words of the papers."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossfoot.checks import Identity, amount, identities, printed, rules
from crossfoot.completeness import rule_of, scope_title
from crossfoot.forms import split_cell, tables
from crossfoot.texts import say
from crossfoot.texts.names import cell_label, english, label
from crossfoot.working import Working

FEW = 2
"""A side of a sum with at most this many cells is written cell by cell."""
_MANY = 8
"""A side with more figures than this is written as its sum."""
_WITHIN_PROSE = ("narrative_sum", "share", "growth")  # they compare numbers of the prose with each other
_START = re.compile(r"@(\d+)$")


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """A check that breaks: as in Working.checks, with the claim's offset where it is about the prose.

    `sides` are its cells, those of either side of an identity apart; one side for a check of the prose
    against tables, none for one of the prose with itself.
    """

    rule: str
    scope: str
    left: float
    right: float
    formula: str
    sides: tuple[tuple[str, ...], ...]
    start: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell that it used."""
        return tuple(name for side in self.sides for name in side)


def broken_by_finding(audit: Working) -> list[list[BrokenCheck]]:
    """For each finding, in the order of the findings, the broken checks that it explains."""
    sums = {(i.rule, i.scope): i for i in identities(audit.facts, audit.report.form)}
    broken = [
        _broken(check, sums.get((check.rule, check.scope)))
        for check in audit.checks[audit.checks["status"] == "breaks"].itertuples()
    ]
    named = [f" {checks} " if isinstance(checks, str) else "" for checks in audit.findings["checks"]]
    return [[one for one in broken if f" {one.rule}:{one.scope} " in checks] for checks in named]


def worked_out(audit: Working, one: BrokenCheck, language: str) -> str:
    """A broken check in a line with its figures: 自然人: 75 + – ≠ 75 + 1."""
    form = audit.report.form
    table = table_of(" ".join(one.cells))
    if len(one.sides) == 2:
        held = printed(audit.facts)
        left, right = (
            _written([held[name].value for name in side], total)
            for side, total in zip(one.sides, (one.left, one.right), strict=True)
        )
        sign = "≰" if one.rule == "bounds" else "≠"
        name = scope_name(one.rule, one.scope, table, form)
        return say("annotation.worked", language, name=name, what=f"{left} {sign} {right}")
    name = say(f"rule.{one.rule}", language)
    if one.rule == "narrative" and one.cells:
        where = cells_in_words(one.cells, form, 2)
        return say("annotation.narrative", language, left=one.left, right=one.right, cells=where)
    if one.rule == "statement" or math.isnan(one.left) or math.isnan(one.right):
        return say("annotation.worked", language, name=name, what=one.formula)
    apart = f"{amount(one.left)} ≠ {amount(round(one.right, 4))}"
    return say("annotation.worked", language, name=name, what=apart)


def claim_start(scope: str) -> int | None:
    """The offset of the claim or statement that a scope names; None where it names none."""
    match = _START.search(scope)
    return int(match[1]) if match else None


def cell_words(audit: Working, cell: str) -> str:
    """A cell as the form prints it; a claim, `claim:START`, by its clause."""
    if not cell.startswith("claim:"):
        return cell_label(cell, audit.report.form)
    claims = audit.claims
    quotes = claims.loc[claims["start"] == int(cell.partition(":")[2]), "quote"]
    return f"“{quotes.iloc[0]}”" if len(quotes) else say("claim.statement", audit.language)


def rule_name(rule: str, table: str, language: str, scope: str = "") -> str:
    """What a rule says: in the words of rules.toml, or, for those of the prose, in our own."""
    own = rule_of(rule, scope)
    for one in (own,) if own is not None else rules():
        if one.id == rule and one.table == (table or one.table):
            return one.label_zh if language == "zh" else one.label
    return say(f"says.{rule}", language)


def basis(rule: str, table: str, scope: str) -> str:
    """The official source of a rule about a table; nothing for those that compare the prose."""
    own = rule_of(rule, scope)
    if own is not None:
        return own.basis
    return next((one.basis for one in rules() if one.id == rule and one.table == (table or one.table)), "")


def scope_name(rule: str, scope: str, table: str, form: str) -> str:
    """What a check is about, as the form prints it: its column, row or cell; a claim stays as it is."""
    if ":" in scope and "@" not in scope:
        return cell_label(scope, form)
    if rule in ("rows_missing", "not_a_figure"):
        return scope_title(scope, form)[0]
    if table in tables(form):
        place = tables(form)[table]
        by_column = {one.per for one in rules() if one.id == rule and one.table == table} == {"column"}
        codes = {
            item.code
            for item in (
                (*place.columns, *place.subtotal_columns) if by_column else (*place.rows, *place.subtotals)
            )
        }
        if scope in codes:
            return label(scope, form, table, "column" if by_column else "row")
    return scope


def cells_in_words(names: str | tuple[str, ...], form: str, most: int = 6) -> str:
    """Cells as the form prints them, joined by ＋; beyond `most` their number."""
    every = names.replace("+", " ").split() if isinstance(names, str) else list(names)
    words = [cell_label(name, form) for name in every[:most]]
    return "＋".join(words) + (f" …（{len(every)}）" if len(every) > most else "")


def gloss(table: str, axis: str, code: str, language: str) -> str:
    """The English name of a row or column, for papers in English; else nothing."""
    return english(table, axis, code) if language == "en" else ""


def table_of(cells: str) -> str:
    """The table of the first of those cells; nothing where there is none."""
    return split_cell(cells.split()[0])[0] if cells.strip() else ""


def _broken(check: Any, identity: Identity | None) -> BrokenCheck:
    cells = tuple(str(check.cells).split()) if isinstance(check.cells, str) else ()
    sides = (identity.left, identity.right) if identity else () if check.rule in _WITHIN_PROSE else (cells,)
    return BrokenCheck(
        check.rule,
        check.scope,
        float(check.left),
        float(check.right),
        check.formula,
        sides,
        claim_start(check.scope),
    )


def _written(figures: Sequence[float | None], total: float) -> str:
    """A side of a sum: few figures one by one, – for a blank; of many those that add something."""
    if len(figures) > FEW:
        figures = [figure for figure in figures if figure] or [0.0]
    if len(figures) > _MANY:
        return f"Σ {amount(total)}"
    return " + ".join("–" if figure is None else amount(figure) for figure in figures)
