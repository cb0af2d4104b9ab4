"""Whether some filling of a report's blank cells would mend a break, or provably none does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import Identity, Printed
from .search import System, system


@dataclass(frozen=True, slots=True)
class Filling:
    """`mends` is True with one filling that does it, False where it is proven that none does, None where
    neither is settled."""

    mends: bool | None
    cells: tuple[tuple[str, int], ...] = ()


def filling(
    identities: Iterable[Identity], cells: Mapping[str, Printed], broken: Sequence[Identity]
) -> Filling:
    """A filling of blank cells, with no printed figure changed, after which all that binds holds.

    What breaks elsewhere keeps its residual. Proven where the sums that bind, taken as linear equations
    in figures that are not negative, have no solution. Blank totals that are filled in make their own
    sums bind too (see localise.py).
    """
    base = system(identities, cells)
    targets = {base.identities.index(identity) for identity in broken}
    void = [n for n, name in enumerate(base.names) if cells[name].void and n not in base.fixed]
    residual = [r if n in targets or base.gaps[n] else 0 for n, r in enumerate(base.residual)]
    binding = [n for n in range(len(base.identities)) if not base.gaps[n]]
    if any(_stuck(base, number, residual[number], set(void)) for number in targets):
        return Filling(False)
    found = _solve(base, binding, residual, void)
    if found is None:
        return Filling(False)
    if not _valid(base, residual, found):
        found = _solve(base, list(range(len(base.identities))), residual, void)
        if found is None or not _valid(base, residual, found):
            return Filling(None)
    return Filling(True, tuple((base.names[cell], int(value)) for cell, value in sorted(found.items())))


def _stuck(base: System, number: int, residual: float, void: set[int]) -> bool:
    """Whether no blank cell stands on the side of the sum that is too small."""
    short = -1 if residual > 0 else 1
    return not any(cell in void and sign == short for cell, sign in base.members[number])


def _valid(base: System, residual: Sequence[float], filled: Mapping[int, float]) -> bool:
    """Whether the figures are whole and every sum that binds once they are filled in holds."""
    if any(value != int(value) for value in filled.values()):
        return False
    for number, members in enumerate(base.members):
        gaps = sum(number in base.gap_of[cell] for cell in filled)
        change = sum(sign * filled.get(cell, 0) for cell, sign in members)
        if gaps == base.gaps[number] and round(residual[number] + change, 6):
            return False
    return True


def _solve(
    base: System, numbers: Sequence[int], residual: Sequence[float], void: Sequence[int]
) -> dict[int, float] | None:
    """Figures for blank cells that satisfy those sums; None where there are none.

    The first phase of the simplex method, with Bland's rule, so that it ends and is the same everywhere.
    """
    place = {cell: column for column, cell in enumerate(void)}
    rows = np.zeros((len(numbers), len(void)))
    right = np.zeros(len(numbers))
    for row, number in enumerate(numbers):
        for cell, sign in base.members[number]:
            if cell in place:
                rows[row, place[cell]] = sign
        right[row] = -residual[number]
    rows[right < 0] *= -1
    right = np.abs(right)
    count = len(numbers)
    table = np.hstack([rows, np.eye(count), right[:, None]])
    basis = list(range(len(void), len(void) + count))
    price = np.concatenate([-rows.sum(axis=0), np.zeros(count), [-right.sum()]])
    while True:
        entering = next((c for c in range(len(void)) if price[c] < -1e-9), None)
        if entering is None:
            break
        ratios = [
            (table[r, -1] / table[r, entering], basis[r], r)
            for r in range(count)
            if table[r, entering] > 1e-9
        ]
        if not ratios:
            break
        leaving = min(ratios)[2]
        table[leaving] /= table[leaving, entering]
        for r in range(count):
            if r != leaving and table[r, entering]:
                table[r] -= table[r, entering] * table[leaving]
        price -= price[entering] * table[leaving]
        basis[leaving] = entering
    if -price[-1] > 1e-6:
        return None
    return {
        void[column]: round(float(table[row, -1]), 6)
        for row, column in enumerate(basis)
        if column < len(void) and table[row, -1] > 1e-9
    }
