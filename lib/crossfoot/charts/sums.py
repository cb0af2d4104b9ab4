"""The sums of one report with their verdicts, and how a picture writes them."""

from dataclasses import dataclass

import pandas as pd

from ..checks import amount, printed
from ..forms import split_cell
from ..texts import Pair
from ..texts.names import cell_title, column_name, row_name
from .words import Tables

HOLDS, BREAKS, UNREAD = "holds", "breaks", "unread"
MANY = 3
"""A side with more figures than this is written as its sum."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sum as it was checked: what it is about, its cells and sums on either side, and how they are written.

    `sides` shows the printed figures, – for a cell without one; a side of more than two cells leaves out
    its zeros, and with many figures it shows Σ and their sum.
    """

    rule: str
    scope: str
    status: str
    left: float
    right: float
    cells: tuple[tuple[str, ...], tuple[str, ...]]
    sides: Pair

    @property
    def formula(self) -> str:
        """The sum with its figures: 75 + – ≠ 75 + 1."""
        return f"{self.sides[0]} {'=' if self.status == HOLDS else '≠'} {self.sides[1]}"

    @property
    def shown(self) -> str:
        """What a plotted table says of it: the formula where it breaks, else `holds` or nothing."""
        return self.formula if self.status == BREAKS else HOLDS if self.status == HOLDS else ""


def verdicts(tables: Tables, *rules: str) -> list[Verdict]:
    """The sums of those rules with what `checks` says of each, in the order of `checks`."""
    checks, terms = tables["checks"], tables["check_terms"]
    checks = checks[checks["rule"].isin(rules)]
    terms = terms[terms["check"].isin(checks["check"])]
    entering: dict[tuple[str, str], list[str]] = {}
    for check, side, cell in zip(terms["check"], terms["side"], terms["cell"], strict=True):
        entering.setdefault((check, side), []).append(cell)
    cells = printed(tables["facts"])
    names = ("check", "rule", "scope", "status", "left", "right")
    found = []
    rows = zip(*(checks[name].tolist() for name in names), strict=True)
    for check, rule, scope, status, left_sum, right_sum in rows:
        left, right = (tuple(entering.get((check, side), ())) for side in ("left", "right"))
        sides = _side([cells[name].value for name in left]), _side([cells[name].value for name in right])
        found.append(Verdict(rule, scope, status, left_sum, right_sum, (left, right), sides))
    return found


def _side(values: list[float | None]) -> str:
    given = [value for value in values if value is not None and not pd.isna(value)]
    if len(values) <= 2:
        return " + ".join("–" if value is None or pd.isna(value) else amount(value) for value in values)
    if not given:
        return "–"
    more = [value for value in given if value]
    return " + ".join(map(amount, more)) or "0" if len(more) <= MANY else f"Σ {amount(sum(given))}"


def scope_name(verdict: Verdict, form: str) -> Pair:
    """The name of the row or column that a sum is about."""
    table, row, _ = split_cell(verdict.cells[0][0])
    if ":" in verdict.scope:
        return cell_title(verdict.scope, form)
    if row == verdict.scope:
        return row_name(row, form, table)
    return column_name(verdict.scope, form, table)
