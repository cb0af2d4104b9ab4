"""Which broken identities belong together: by the tables, by single cells, and by their corrections."""

from collections.abc import Iterable, Sequence

from .search import System

Moves = frozenset[tuple[int, int]]
"""Changes as (cell number, new value)."""


def components(base: System) -> list[list[int]]:
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


def apart(base: System, broken: list[int]) -> list[list[int]]:
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


def peeled(base: System, broken: Sequence[int]) -> tuple[list[tuple[list[int], list[Moves]]], list[int]]:
    """The broken identities that just one cell explains, two or more at a time; and the rest."""
    atoms = []
    for cell, holders in enumerate(base.holders):
        bound = [(number, sign) for number, sign in holders if not base.gaps[number]]
        steps = {-sign * base.residual[number] for number, sign in bound}
        step = min(steps, default=0)
        value = base.values[cell] + step
        # Fewer than two would peel a cell off a break that another cell might explain as well.
        if cell in base.fixed or len(steps) != 1 or not step or len(bound) < 2 or base.gap_of[cell]:
            continue
        if value >= 0 and value == int(value) and {number for number, _ in bound} <= set(broken):
            atoms.append((sorted(number for number, _ in bound), (cell, int(value))))
    lone = [
        (numbers, [frozenset([move])])
        for numbers, move in atoms
        if not any(set(numbers) & set(others) for others, other in atoms if other != move)
    ]
    taken = {number for numbers, _ in lone for number in numbers}
    return lone, [number for number in broken if number not in taken]


def pieces(base: System, moves: Moves) -> list[Moves]:
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


def mends(base: System, piece: Moves, broken: Iterable[int]) -> frozenset[int]:
    cells = {cell for cell, _ in piece}
    return frozenset(n for n in broken if any(cell in cells for cell, _ in base.members[n]))


def grouped(base: System, broken: list[int], solutions: list[Moves]) -> list[tuple[list[int], list[Moves]]]:
    """The broken identities that some solution joins, each with the parts of the solutions that mend them."""
    root = {number: number for number in broken}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    mended: dict[Moves, frozenset[int]] = {}
    split = []
    for solution in solutions:
        parts = pieces(base, solution)
        for piece in parts:
            mended[piece] = mends(base, piece, broken)
            first, *rest = sorted(mended[piece])
            for other in rest:
                low, high = sorted((find(first), find(other)))
                root[high] = low
        split.append(parts)
    groups = []
    for head in sorted({find(number) for number in broken}):
        members = [number for number in broken if find(number) == head]
        unique: dict[Moves, None] = {}
        for parts in split:
            own = [moves for piece in parts if find(min(mended[piece])) == head for moves in piece]
            unique[frozenset(own)] = None
        groups.append((members, list(unique)))
    return groups
