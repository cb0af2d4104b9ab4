"""Error localisation: every smallest set of cells whose change reconciles all identities of a report.

The principle is Fellegi and Holt's (JASA 71, 1976): change as few cells as possible, so that every
identity that binds holds. What binds is what `checks.is_stated` says, and besides

- an identity that is not stated for want of figures, once the correction supplies all of them;
- an identity of empty cells (0 = 0), unless the report leaves the totals of that rule out where there are
  figures too: a report that prints its row totals must print the one of a row that it fills in;
- whatever was stated as printed: a correction cannot make an identity void.

What is enumerated, exactly: the sets that are built one change at a time, each change being that of a cell
in an identity that is broken at that time, by the whole of its residual, or down to 0 where the residual
is more than the cell holds. A smallest set whose values the identities determine always has such an order
in these tables: some identity must hold just one of its cells, or the set held a cycle along which it
could shrink. Where the identities leave the values of a smallest set free (two cells of one sum and of
nothing else, neither of which can take the whole residual), only the ends of that family are listed,
where a cell becomes 0. Values are whole and not negative; a cell that could not be read is left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import Identity, Printed
from .search import Moves, Search, System, apart, components, grouped, peeled, reconciles, system

BUDGET = 12_000
DEPTH = 16
MOST = 100
"""How many corrections a group holds at most: those that move the figures least."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One set of changes, cell and new value in the order of the form, and the identities it reconciles."""

    changes: tuple[tuple[str, int], ...]
    reconciles: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The broken identities of one root cause, and every correction of the smallest size.

    `larger` are those of the next sizes, where asked for. `complete` is False where the search stopped at
    its budget or found more than it lists: then `corrections` holds true corrections, but not surely all,
    nor, past the budget, surely the smallest.
    """

    broken: tuple[Identity, ...]
    corrections: tuple[Correction, ...]
    complete: bool = True
    larger: tuple[Correction, ...] = ()


def _correction(base: System, moves: Moves, broken: Iterable[int]) -> Correction:
    return Correction(
        tuple((base.names[cell], value) for cell, value in sorted(moves)),
        tuple(base.identities[number] for number in sorted(reconciles(base, moves, broken))),
    )


def _smallest(base: System, broken: list[int], budget: int) -> tuple[list[Moves], bool, int]:
    """Every correction of the smallest size for those broken identities, whether all, and that size."""
    search = Search(base, broken, budget)
    start = sum(1 << number for number in broken)
    for depth in range(len(search.apart(start)), DEPTH + 1):
        found = search.run(depth)
        if found or search.nodes > budget:
            return found, search.nodes <= budget, depth
    return [], False, DEPTH


def localise(
    identities: Iterable[Identity],
    cells: Mapping[str, Printed],
    *,
    fixed: Iterable[str] = (),
    extra: int = 0,
    budget: int = BUDGET,
) -> list[Group]:
    """The root causes behind the broken identities, in the order of the form, each with its corrections.

    Broken identities belong together where some smallest correction joins them: one changed cell in both,
    or changed cells that a third identity ties to each other. `fixed` cells are not changed. `extra` asks
    for the corrections of so many more cells too. `budget` bounds the changes tried for each connected
    part of the tables; the result is the same on every machine.
    """
    base = system(identities, cells, fixed)
    found = []
    for part in components(base):
        solutions, complete, _ = _smallest(base, part, budget)
        lots = [(part, solutions)]
        if not complete:
            # Too much for one search: what one cell explains by itself, then the rest, or each lot of it
            # alone, which cannot see what would reconcile two lots at once.
            lots, rest = peeled(base, part)
            solutions, whole, _ = _smallest(base, rest, budget // 4) if rest else ([], True, 0)
            if whole:
                lots += [(rest, solutions)] if rest else []
            else:
                lots += [(lot, _smallest(base, lot, budget // 8)[0]) for lot in apart(base, rest)]
        for broken, parts in lots:
            for members, own in grouped(base, broken, parts) if parts else [(broken, [])]:
                larger = _larger(base, members, own, extra, budget) if own and extra else ()
                corrections = sorted(
                    (_correction(base, moves, members) for moves in own), key=lambda c: _order(base, c)
                )
                listed = sorted(
                    sorted(corrections, key=lambda c: _moved(base, c))[:MOST], key=corrections.index
                )
                found.append(
                    Group(
                        tuple(base.identities[n] for n in members),
                        tuple(listed),
                        complete and len(corrections) <= MOST,
                        larger,
                    )
                )
    return sorted(found, key=lambda group: base.identities.index(group.broken[0]))


def _moved(base: System, correction: Correction) -> float:
    place = {name: number for number, name in enumerate(base.names)}
    return sum(abs(value - base.values[place[name]]) for name, value in correction.changes)


def _order(base: System, correction: Correction) -> tuple[tuple[int, int], ...]:
    place = {name: number for number, name in enumerate(base.names)}
    return tuple((place[cell], value) for cell, value in correction.changes)


def _larger(
    base: System, broken: list[int], own: list[Moves], extra: int, budget: int
) -> tuple[Correction, ...]:
    """The corrections of up to `extra` more cells that hold no smaller correction."""
    search = Search(base, broken, budget)
    size, smaller, found = min(len(moves) for moves in own), list(own), []
    for depth in range(size + 1, size + extra + 1):
        fresh = [
            moves for moves in search.run(depth) if not any(set(dict(s)) <= set(dict(moves)) for s in smaller)
        ]
        smaller += fresh
        found += sorted((_correction(base, m, broken) for m in fresh), key=lambda c: _order(base, c))
    return tuple(found)


def agreeing(
    identities: Iterable[Identity],
    cells: Mapping[str, Printed],
    addends: Sequence[str],
    target: float,
    size: int,
    budget: int = BUDGET // 4,
) -> tuple[Correction, ...]:
    """The smallest corrections of at most `size` cells after which `addends` sum to `target`.

    All that holds must still hold, and what breaks keeps its residual. Empty where there is none, where
    `addends` state no sum, or where the budget of changes is used up.
    """
    name = "claim:target"
    wanted = Identity("narrative", name, (name,), tuple(addends), ())
    known = {**cells, name: Printed(target, "number", False)}
    base = system([*identities, wanted], known, [name])
    if not base.identities or base.identities[-1] != wanted or base.gaps[-1] or not base.residual[-1]:
        return ()
    number = len(base.identities) - 1
    search = Search(base, [number], budget)
    for depth in range(1, size + 1):
        found = search.run(depth)
        if found and search.nodes <= budget:
            corrections = [_correction(base, moves, [number]) for moves in found]
            return tuple(sorted(corrections, key=lambda c: _order(base, c)))
    return ()


def exchanges(
    identities: Iterable[Identity],
    cells: Mapping[str, Printed],
    broken: Sequence[Identity],
    pairs: Iterable[tuple[str, str]],
) -> tuple[Correction, ...]:
    """Those pairs of cells whose figures, exchanged, reconcile all of `broken` and break nothing else.

    One slip (a figure put in the next row) can take more changes than a smallest correction has.
    """
    base = system(identities, cells)
    index = {name: number for number, name in enumerate(base.names)}
    targets = {base.identities.index(identity) for identity in broken}
    found = []
    for pair in pairs:
        if not all(name in index and index[name] not in base.fixed for name in pair):
            continue
        a, b = sorted(index[name] for name in pair)
        delta = {a: base.values[b] - base.values[a], b: base.values[a] - base.values[b]}
        moves = frozenset((cell, int(base.values[cell] + d)) for cell, d in delta.items())
        if not delta[a] or any(base.values[cell] != int(base.values[cell]) for cell in delta):
            continue
        held = {n for cell in delta for n, _ in base.holders[cell] if not base.gaps[n]}
        shift = {n: sum(sign * delta.get(cell, 0) for cell, sign in base.members[n]) for n in held | targets}
        if all(not round(s + base.residual[n], 6) if n in targets else not s for n, s in shift.items()):
            found.append(_correction(base, moves, sorted(targets)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Filling:
    """`reconciles` is True with one filling that does it, False where it is proven that none does, None where
    neither is settled."""

    reconciles: bool | None
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
