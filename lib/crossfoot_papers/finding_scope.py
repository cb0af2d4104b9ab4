"""What each finding is about: the broken checks that it explains, and the cells and claims in them."""

import re
from dataclasses import dataclass
from typing import Any

from crossfoot.checks import Identity, identities
from crossfoot.texts import say
from crossfoot.texts.names import cell_label
from crossfoot.working import Working

FEW = 2
"""A side of a sum with so many cells or fewer is told cell by cell."""
_WITHIN_PROSE = ("narrative_sum", "share", "growth")  # they compare numbers of the prose with each other
_START = re.compile(r"@(\d+)$")


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that breaks: as in Working.checks, with the claim's offset where it is about the prose.

    `sides` are its cells, those of either side of an identity apart; one side for a check of the prose
    against tables, none for one of the prose with itself.
    """

    rule: str
    scope: str
    left: float
    right: float
    difference: float
    formula: str
    sides: tuple[tuple[str, ...], ...]
    start: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell that it used."""
        return tuple(name for side in self.sides for name in side)


def claim_start(scope: str) -> int | None:
    """The offset of the claim or statement that a scope names; None where it names none."""
    match = _START.search(scope)
    return int(match[1]) if match else None


def broken_by_finding(audit: Working) -> list[list[Broken]]:
    """For each finding, in the order of the findings, the broken checks that it explains."""
    sums = {(i.rule, i.scope): i for i in identities(audit.facts, audit.report.form)}
    broken = [
        _broken(check, sums.get((check.rule, check.scope)))
        for check in audit.checks[audit.checks["status"] == "breaks"].itertuples()
    ]
    named = [f" {checks} " if isinstance(checks, str) else "" for checks in audit.findings["checks"]]
    return [[one for one in broken if f" {one.rule}:{one.scope} " in checks] for checks in named]


def _broken(check: Any, identity: Identity | None) -> Broken:
    cells = tuple(str(check.cells).split()) if isinstance(check.cells, str) else ()
    sides = (identity.left, identity.right) if identity else () if check.rule in _WITHIN_PROSE else (cells,)
    return Broken(
        check.rule,
        check.scope,
        float(check.left),
        float(check.right),
        float(check.difference),
        check.formula,
        sides,
        claim_start(check.scope),
    )


def cell_words(audit: Working, cell: str) -> str:
    """A cell as the form prints it; a claim, `claim:START`, by its clause."""
    if not cell.startswith("claim:"):
        return cell_label(cell, audit.report.form)
    claims = audit.claims
    quotes = claims.loc[claims["start"] == int(cell.partition(":")[2]), "quote"]
    return f"“{quotes.iloc[0]}”" if len(quotes) else say("claim.statement", audit.language)
