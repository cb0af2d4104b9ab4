"""The coverage map: how many checks bind each cell, and what could be wrong without any of them noticing."""

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from ..checks import identities, is_stated, printed, unstated
from ..forms import split_cell
from .evidence import statements

COVERAGE_COLUMNS = ["table", "row", "column", "status", "sums", "claims", "checks"]
UNNOTICED_COLUMNS = ["kind", "cells", "change", "checks"]

_Signed = dict[str, int]
_Bonds = dict[str, _Signed]


def _bonds(facts: pd.DataFrame, told: pd.DataFrame, form: str) -> tuple[_Bonds, _Bonds]:
    """For each cell the sums and the exact claims that bind it, with the side it stands on (1 or -1)."""
    cells = printed(facts)
    every = [identity for identity in identities(facts, form) if not identity.bound]
    missing = unstated(every, cells)
    sums: _Bonds = {name: {} for name in cells}
    claims: _Bonds = {name: {} for name in cells}
    for identity in every:
        if not is_stated(identity, cells, missing):
            continue
        for side, names in ((1, identity.left), (-1, identity.right)):
            for name in names:
                sums[name][f"{identity.rule}:{identity.scope}"] = side
    for one in statements(told):
        # A bound (余, 约) lets a cell change; what is derived from the prose alone does not see the cell.
        if one.rule == "narrative" and one.status != "not_stated" and _exact(one.left, one.right, one.status):
            for name in (n for n in one.cells if n in claims):
                claims[name][one.key] = 1
    return sums, claims


def _exact(left: float, right: float, status: str) -> bool:
    return status == "breaks" or left == right


def coverage(facts: pd.DataFrame, told: pd.DataFrame, form: str) -> pd.DataFrame:
    """One row per cell of the facts, in their order, with columns COVERAGE_COLUMNS.

    `sums` and `claims` count the form's identities and the exact statements of the prose that would break
    if this cell alone changed, `checks` both; 0 is a cell that could be wrong unnoticed. `told` are the
    checks of the prose (ledger.checks). Checks that state nothing bind nothing.
    """
    sums, claims = _bonds(facts, told, form)
    rows = [
        (*split_cell(name), status, len(sums[name]), len(claims[name]), len(sums[name]) + len(claims[name]))
        for name, status in zip(sums, facts["status"], strict=True)
    ]
    return pd.DataFrame(rows, columns=COVERAGE_COLUMNS)


def unnoticed(facts: pd.DataFrame, told: pd.DataFrame, form: str) -> pd.DataFrame:
    """What could be wrong without any check noticing: one row per cell or pair, columns UNNOTICED_COLUMNS.

    `kind` is `cell` (no check binds it, `change` is `any`) or `pair`: two cells bound by the very same
    checks, which keep silent if both are wrong by the same amount, in `opposite` directions or in the
    `same`. `cells` and `checks` are joined by spaces. Larger sets (the four corners of a rectangle of
    section 三, each row and column wrong by +n and -n) are not listed: there is always some such set.
    """
    sums, claims = _bonds(facts, told, form)
    bonds = {name: sums[name] | claims[name] for name in sums}
    rows = [("cell", name, "any", "") for name, bound in bonds.items() if not bound]
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, bound in bonds.items():
        if bound:
            alike.setdefault(tuple(bound), []).append(name)
    for checks, names in alike.items():
        for a, b in combinations(names, 2):
            rows.extend(_pair(a, b, bonds, checks))
    return pd.DataFrame(rows, columns=UNNOTICED_COLUMNS)


def _pair(a: str, b: str, bonds: _Bonds, checks: Iterable[str]) -> Iterable[tuple]:
    sides = {bonds[a][check] * bonds[b][check] for check in checks}
    if len(sides) == 1:
        yield ("pair", f"{a} {b}", "opposite" if sides == {1} else "same", " ".join(checks))
