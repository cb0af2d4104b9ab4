"""The identities of one report with their verdicts, and how a picture writes them."""

from dataclasses import dataclass

import pandas as pd

from ..checks import Identity, amount, identities, printed
from ..forms import split_cell
from ..texts import Pair
from ..texts.names import cell_title, column_name, row_name
from .words import Tables

HOLDS, BREAKS, UNREAD = "holds", "breaks", "unread"
MANY = 3
"""A side with more figures than this is written as its sum."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An identity as it was checked: its `status`, the two sums, and both sides as they are written.

    `sides` shows the printed figures, – for a cell without one; a side of more than two cells leaves out
    its zeros, and with many figures it shows Σ and their sum.
    """

    identity: Identity
    status: str
    left: float
    right: float
    sides: Pair

    @property
    def formula(self) -> str:
        """The identity with its figures: 75 + – ≠ 75 + 1."""
        return f"{self.sides[0]} {'=' if self.status == HOLDS else '≠'} {self.sides[1]}"

    @property
    def shown(self) -> str:
        """What a plotted table says of it: the formula where it breaks, else `holds` or nothing."""
        return self.formula if self.status == BREAKS else HOLDS if self.status == HOLDS else ""


def verdicts(tables: Tables, form: str, *rules: str) -> list[Verdict]:
    """The identities of those rules with what `checks` says of each, in the order of `checks`' rules.

    Raises KeyError where `checks` lacks one: then the tables are not of one audit.
    """
    facts, checks = tables["facts"], tables["checks"]
    said = {
        (str(rule), str(scope)): (str(status), float(left), float(right))
        for rule, scope, status, left, right in zip(
            *(checks[name] for name in ("rule", "scope", "status", "left", "right")), strict=True
        )
        if rule in rules
    }
    cells = printed(facts)
    found = []
    for identity in identities(facts, form):
        if identity.rule not in rules:
            continue
        status, left_sum, right_sum = said[(identity.rule, identity.scope)]
        left, right = (
            _side([cells[name].value for name in names]) for names in (identity.left, identity.right)
        )
        found.append(Verdict(identity, status, left_sum, right_sum, (left, right)))
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
    """The name of the row or column that an identity is about."""
    table, row, _ = split_cell(verdict.identity.cells[0])
    if ":" in verdict.identity.scope:
        return cell_title(verdict.identity.scope, form)
    if row == verdict.identity.scope:
        return row_name(row, form, table)
    return column_name(verdict.identity.scope, form, table)
