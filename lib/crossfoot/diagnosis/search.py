"""The search for corrections: sets of cells that would reconcile what breaks, group by group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..checks import Identity, Printed, is_stated, unstated


@dataclass(slots=True)
class System:
    """The identities as numbers: cells and identities by index, in the order of the form."""

    names: list[str]
    values: list[float]
    fixed: set[int]
    identities: list[Identity]
    members: list[list[tuple[int, int]]]
    holders: list[list[tuple[int, int]]]
    residual: list[float]
    gaps: list[int]
    gap_of: list[tuple[int, ...]]
    near: list[int] = field(default_factory=list)


def system(identities: Iterable[Identity], cells: Mapping[str, Printed], fixed: Iterable[str] = ()) -> System:
    """The sums that bind, or that a correction can make bind; `fixed` cells stay as printed."""
    return _system(tuple(identities), tuple(cells.items()), tuple(fixed))


@lru_cache(maxsize=4)  # each finding of a report asks
def _system(
    identities: tuple[Identity, ...], printed: tuple[tuple[str, Printed], ...], fixed: tuple[str, ...]
) -> System:
    cells = dict(printed)
    sums = [identity for identity in identities if not identity.bound]
    missing = unstated(sums, cells)
    omits = {
        i.rule for i in sums if any(cells[t].void for t in i.total) and any(cells[c].value for c in i.cells)
    }
    used = {cell for identity in sums for cell in identity.cells}
    names = [name for name in cells if name in used]
    index = {name: number for number, name in enumerate(names)}
    found = System(names, [cells[n].value or 0 for n in names], {index[n] for n in fixed if n in index},
                   [], [], [[] for _ in names], [], [], [() for _ in names])  # fmt: skip
    found.fixed |= {n for n, name in enumerate(names) if cells[name].value is None and not cells[name].void}
    for identity in sums:
        if any(cells[c].value is None and not cells[c].void for c in identity.cells):
            continue
        empty = not any(cells[c].value for c in identity.cells)
        binds = is_stated(identity, cells, missing) or (empty and identity.rule not in omits)
        gaps = (
            set()
            if binds
            else {c for c in identity.cells if c in missing or (c in identity.total and cells[c].void)}
        )
        number = len(found.identities)
        found.identities.append(identity)
        found.members.append(
            [(index[c], 1) for c in identity.left] + [(index[c], -1) for c in identity.right]
        )
        found.residual.append(round(sum(sign * found.values[c] for c, sign in found.members[-1]), 6))
        found.gaps.append(len(gaps))
        for cell, sign in found.members[-1]:
            found.holders[cell].append((number, sign))
            if names[cell] in gaps:
                found.gap_of[cell] += (number,)
    for number, members in enumerate(found.members):
        near = 1 << number
        for cell, _ in members:
            if cell not in found.fixed:
                for other, _ in found.holders[cell]:
                    near |= 1 << other
        found.near.append(near)
    return found


class Search:
    """A depth-first search over changes, with iterative deepening; `nodes` counts the changes tried."""

    def __init__(self, base: System, targets: Sequence[int], budget: int) -> None:
        self.base, self.budget, self.nodes = base, budget, 0
        wanted = set(targets)
        # What is broken elsewhere is another root cause: it may keep its residual, but not change it.
        self.residual = [r if n in wanted or base.gaps[n] else 0 for n, r in enumerate(base.residual)]
        self.gaps = list(base.gaps)
        self.changed: dict[int, int] = {}
        self.found: dict[frozenset[tuple[int, int]], None] = {}
        self.seen: set[frozenset[tuple[int, int]]] = set()

    def run(self, depth: int) -> list[frozenset[tuple[int, int]]]:
        """The corrections of just that many changes."""
        self.found, self.seen = {}, set()
        self._step(self._broken(), depth)
        return [moves for moves in self.found if len(moves) == depth]

    def _broken(self) -> int:
        mask = 0
        for number, residual in enumerate(self.residual):
            if residual and not self.gaps[number]:
                mask |= 1 << number
        return mask

    def apart(self, broken: int) -> list[int]:
        """Broken identities no two of which share a cell: each needs a change of its own."""
        found, near = [], self.base.near
        while broken:
            number = (broken & -broken).bit_length() - 1
            broken &= ~near[number]
            found.append(number)
        return found

    def _numbers(self, broken: int) -> list[int]:
        numbers = []
        while broken:
            low = broken & -broken
            numbers.append(low.bit_length() - 1)
            broken ^= low
        return numbers

    def _moves(self, number: int) -> Iterable[tuple[int, int]]:
        residual = self.residual[number]
        for cell, sign in self.base.members[number]:
            if cell in self.changed or cell in self.base.fixed:
                continue
            printed = self.base.values[cell]
            value = max(round(printed - sign * residual, 6), 0)
            if value != printed and value == int(value):
                yield cell, int(value)

    def _apply(self, cell: int, value: int, broken: int) -> int:
        delta = value - self.base.values[cell]
        self.changed[cell] = value
        for number in self.base.gap_of[cell]:
            self.gaps[number] -= 1
        for number, sign in self.base.holders[cell]:
            left = round(self.residual[number] + sign * delta, 6)
            self.residual[number] = left
            if left and not self.gaps[number]:
                broken |= 1 << number
            else:
                broken &= ~(1 << number)
        return broken

    def _undo(self, cell: int) -> None:
        delta = self.changed.pop(cell) - self.base.values[cell]
        for number in self.base.gap_of[cell]:
            self.gaps[number] += 1
        for number, sign in self.base.holders[cell]:
            self.residual[number] = round(self.residual[number] - sign * delta, 6)

    def _last(self, broken: int) -> None:
        """The single changes that reconcile all that is broken: one cell must hold every broken identity."""
        numbers = self._numbers(broken)
        first = min(numbers, key=lambda n: len(self.base.members[n]))
        for cell, value in self._moves(first):
            self.nodes += 1
            delta = value - self.base.values[cell]
            reconciled = 0
            for number, sign in self.base.holders[cell]:
                filled = self.gaps[number] - (number in self.base.gap_of[cell])
                if not filled:
                    if round(self.residual[number] + sign * delta, 6):
                        break
                    reconciled += broken >> number & 1
            else:
                if reconciled == len(numbers):
                    self.found[frozenset([*self.changed.items(), (cell, value)])] = None

    def _step(self, broken: int, left: int) -> None:
        if not broken:
            self.found[frozenset(self.changed.items())] = None
            return
        if left == 0 or self.nodes > self.budget:
            return
        if left == 1:
            self._last(broken)
            return
        state = frozenset(self.changed.items())
        if state in self.seen:
            return
        self.seen.add(state)
        # Where as many changes are left as identities lie apart, each of these gets just one, by all of its
        # residual: then it is enough to branch on one of them.
        apart = self.apart(broken)
        numbers = (
            [min(apart, key=lambda n: len(self.base.members[n]))]
            if len(apart) == left
            else self._numbers(broken)
        )
        tried = set()
        for number in numbers:
            for cell, value in list(self._moves(number)):
                if (cell, value) in tried:
                    continue
                tried.add((cell, value))
                self.nodes += 1
                after = self._apply(cell, value, broken)
                if len(self.apart(after)) < left:
                    self._step(after, left - 1)
                self._undo(cell)


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


def reconciles(base: System, piece: Moves, broken: Iterable[int]) -> frozenset[int]:
    cells = {cell for cell, _ in piece}
    return frozenset(n for n in broken if any(cell in cells for cell, _ in base.members[n]))


def grouped(base: System, broken: list[int], solutions: list[Moves]) -> list[tuple[list[int], list[Moves]]]:
    """The broken identities that some solution joins, each with the parts that reconcile them."""
    root = {number: number for number in broken}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    reconciled: dict[Moves, frozenset[int]] = {}
    split = []
    for solution in solutions:
        parts = pieces(base, solution)
        for piece in parts:
            reconciled[piece] = reconciles(base, piece, broken)
            first, *rest = sorted(reconciled[piece])
            for other in rest:
                low, high = sorted((find(first), find(other)))
                root[high] = low
        split.append(parts)
    groups = []
    for head in sorted({find(number) for number in broken}):
        members = [number for number in broken if find(number) == head]
        unique: dict[Moves, None] = {}
        for parts in split:
            own = [moves for piece in parts if find(min(reconciled[piece])) == head for moves in piece]
            unique[frozenset(own)] = None
        groups.append((members, list(unique)))
    return groups
