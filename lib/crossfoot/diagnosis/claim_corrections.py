"""Corrections of claims: what the prose says, what it would have to say, and what limits that."""

from collections.abc import Iterable, Sequence

from ..texts import Pair, words
from . import slips
from .evidence import Statement, decided_by
from .explanations import Case, Explanation

# What is changed (a claim `claim:start`, or a cell), what it prints, and what it would have to.
Change = tuple[str, float | str | None, float | None]


def claim_change(one: Case, start: int, value: float | None) -> Change:
    """The claim that begins there, with the value that it would have to state."""
    claim = one.said.claims.get(start)
    return (f"claim:{start}", None if claim is None else claim["value"], value)


def claim_correction(
    cells: Sequence[Change],
    slip: slips.Kind,
    good: Iterable[Pair],
    bad: Iterable[Pair],
    score: int,
) -> Explanation:
    """Those changes as an explanation, with what speaks for and against it; of equals `score` decides."""
    moved = sum(abs(v - p) for _, p, v in cells if isinstance(p, int | float) and isinstance(v, int | float))
    return Explanation(
        tuple(cells),
        (slip.id,),
        tuple(good),
        tuple(bad),
        decided_by([name for name, *_ in cells]),
        (len(cells), -score, slip.cost, moved, 1, tuple(name for name, *_ in cells)),
    )


def limits(one: Case, checks: Sequence[Statement]) -> list[Pair]:
    """What the notes on the claims say of their scope, where that makes the check a query."""
    notes = {
        (str(claim.get("note_zh") or claim["note"]), str(claim["note"])): None
        for check in checks
        if check.severity != "error"
        for start in check.claims
        if (claim := one.said.claims.get(start)) and claim["note"]
    }
    return [words("evidence.limited", note=note) for note in notes]


def value_of(one: Case, start: int) -> float:
    """What the claim that begins there states; not a number where there is none."""
    claim = one.said.claims.get(start)
    return float("nan") if claim is None else float(claim["value"])


def is_percent(one: Case, start: int) -> bool:
    """Whether the claim that begins there is a percentage."""
    claim = one.said.claims.get(start)
    return claim is not None and str(claim["unit"]) in ("%", "％", "百分点")
