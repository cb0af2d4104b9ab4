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

from .checks import Identity, Printed
from .search import Search, System, system

BUDGET = 12_000
DEPTH = 8


@dataclass(frozen=True, slots=True)
class Correction:
    """One set of changes, cell and new value in the order of the form, and the broken identities it mends."""

    changes: tuple[tuple[str, int], ...]
    mends: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The broken identities of one root cause, and every correction of the smallest size.

    `larger` are those of the next sizes, where asked for. `complete` is False where the search stopped at
    its budget: then `corrections` holds true corrections, but perhaps not all, nor surely the smallest.
    """

    broken: tuple[Identity, ...]
    corrections: tuple[Correction, ...]
    complete: bool = True
    larger: tuple[Correction, ...] = ()


def _components(base: System) -> list[list[int]]:
    """The broken identities by connected part of the tables: parts that share no cell cannot touch."""
    seen: set[int] = set()
    parts = []
    for start in range(len(base.identities)):
        if start in seen:
            continue
        seen.add(start)
        part, queue = [], [start]
        while queue:
            number = queue.pop()
            part.append(number)
            for cell, _ in base.members[number]:
                for other, _ in base.holders[cell]:
                    if other not in seen:
                        seen.add(other)
                        queue.append(other)
        broken = sorted(n for n in part if base.residual[n] and not base.gaps[n])
        if broken:
            parts.append(broken)
    return parts


def _pieces(base: System, moves: frozenset[tuple[int, int]]) -> list[frozenset[tuple[int, int]]]:
    """The moves in connected pieces: two are connected where one identity holds both cells."""
    left, pieces = sorted(moves), []
    while left:
        piece, queue = [], [left.pop(0)]
        while queue:
            move = queue.pop()
            piece.append(move)
            near = {number for number, _ in base.holders[move[0]]}
            joined = [m for m in left if any(number in near for number, _ in base.holders[m[0]])]
            left = [m for m in left if m not in joined]
            queue += joined
        pieces.append(frozenset(piece))
    return pieces


def _mends(base: System, piece: frozenset[tuple[int, int]], broken: Iterable[int]) -> frozenset[int]:
    cells = {cell for cell, _ in piece}
    return frozenset(n for n in broken if any(cell in cells for cell, _ in base.members[n]))


def _group(
    base: System, broken: list[int], solutions: list[frozenset[tuple[int, int]]]
) -> list[tuple[list[int], list[frozenset[tuple[int, int]]]]]:
    """The broken identities that some solution joins, each with the parts of the solutions that mend them."""
    root = {number: number for number in broken}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    pieces: dict[frozenset[tuple[int, int]], frozenset[int]] = {}
    split = []
    for solution in solutions:
        parts = _pieces(base, solution)
        for piece in parts:
            pieces[piece] = _mends(base, piece, broken)
            first, *rest = sorted(pieces[piece])
            for other in rest:
                low, high = sorted((find(first), find(other)))
                root[high] = low
        split.append(parts)
    groups = []
    for head in sorted({find(number) for number in broken}):
        members = [number for number in broken if find(number) == head]
        unique: dict[frozenset[tuple[int, int]], None] = {}
        for parts in split:
            own = [moves for piece in parts if find(min(pieces[piece])) == head for moves in piece]
            unique[frozenset(own)] = None
        groups.append((members, list(unique)))
    return groups


def _correction(base: System, moves: frozenset[tuple[int, int]], broken: Iterable[int]) -> Correction:
    return Correction(
        tuple((base.names[cell], value) for cell, value in sorted(moves)),
        tuple(base.identities[number] for number in sorted(_mends(base, moves, broken))),
    )


def _smallest(
    base: System, broken: list[int], budget: int
) -> tuple[list[frozenset[tuple[int, int]]], bool, int]:
    """Every correction of the smallest size for those broken identities, whether all, and that size."""
    search = Search(base, broken, budget)
    start = sum(1 << number for number in broken)
    for depth in range(search.bound(start), DEPTH + 1):
        found = search.run(depth)
        if found or search.nodes > budget:
            return found, search.nodes <= budget, depth
    return [], False, DEPTH


def _apart(base: System, broken: list[int]) -> list[list[int]]:
    """The broken identities in lots no two of which share a cell."""
    left, lots = list(broken), []
    while left:
        lot, queue = [], [left.pop(0)]
        while queue:
            number = queue.pop()
            lot.append(number)
            joined = [n for n in left if base.near[number] >> n & 1]
            left = [n for n in left if n not in joined]
            queue += joined
        lots.append(sorted(lot))
    return lots


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
    for part in _components(base):
        solutions, complete, _ = _smallest(base, part, budget)
        lots = [(part, solutions)] if solutions else []
        if not complete:
            # Too much for one search: each lot for itself, which cannot see what would mend two at once.
            lots = [(lot, _smallest(base, lot, budget // 4)[0]) for lot in _apart(base, part)]
        for broken, parts in lots:
            for members, own in _group(base, broken, parts) if parts else [(broken, [])]:
                larger = _larger(base, members, own, extra, budget) if own and extra else ()
                corrections = sorted(
                    (_correction(base, moves, members) for moves in own), key=lambda c: _order(base, c)
                )
                found.append(
                    Group(tuple(base.identities[n] for n in members), tuple(corrections), complete, larger)
                )
    return found


def _order(base: System, correction: Correction) -> tuple[tuple[int, int], ...]:
    place = {name: number for number, name in enumerate(base.names)}
    return tuple((place[cell], value) for cell, value in correction.changes)


def _larger(
    base: System, broken: list[int], own: list[frozenset[tuple[int, int]]], extra: int, budget: int
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
