"""Slips of the pen: which one turns the true figure into the printed one, and how surprising it is."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..checks import Identity
from ..forms import split_cell

_RARE = 6
"""One in so many is rare."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of slip as slips.toml words it; see the grammar there."""

    id: str
    cost: float
    odd: float
    example: tuple[int, int]
    counterexample: tuple[int, int]


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of slips by id, in the order of slips.toml."""
    raw = tomllib.loads(files("crossfoot.diagnosis").joinpath("slips.toml").read_text(encoding="utf-8"))
    return {
        s["id"]: Kind(
            s["id"],
            s["cost"],
            s.get("odd", s["cost"]),
            tuple(s["example"]),
            tuple(s["counterexample"]),
        )
        for s in raw["slip"]
    }


def _digits(printed: str, true: str) -> Iterable[str]:
    """The slips among the digits that turn `true` into `printed`."""
    if len(printed) == len(true):
        differ = [i for i, (a, b) in enumerate(zip(printed, true, strict=True)) if a != b]
        if len(differ) == 1:
            yield "digit_changed"
        if (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and (printed[differ[0]], printed[differ[1]]) == (true[differ[1]], true[differ[0]])
        ):
            yield "digits_swapped"
    short, long = sorted((printed, true), key=len)
    if len(long) == len(short) + 1 and short != "0":
        places = [i for i in range(len(long)) if long[:i] + long[i + 1 :] == short]
        if places:
            if long == short + "0":
                yield "ten_times"
            if long == true:
                yield "digit_dropped"
            else:
                twice = any(long[i] in long[max(i - 1, 0) : i] + long[i + 1 : i + 2] for i in places)
                yield "digit_doubled" if twice else "digit_added"


def single(
    printed: float | None, true: int, beside: Collection[float] = (), addends: Sequence[float] = ()
) -> Kind:
    """The cheapest kind of slip that prints `printed` (None: nothing) where `true` belongs.

    `beside` are the figures printed in the neighbouring cells, `addends` those that the cell totals
    (none where it is no total). Falls back on `other`.
    """
    fits = ["other"]
    if printed is None:
        fits = ["left_blank"]
    elif printed == -true:
        fits.append("sign")
    elif printed == 0:
        fits.append("zero_printed")
    if printed is not None:
        if true == 0 and printed:
            fits.append("not_to_be_filled")
        if printed and abs(printed - true) == 1:
            fits.append("off_by_one")
        if printed and printed in beside:
            fits.append("neighbour_cell")
        if addends and printed < true:
            fits.append("total_not_updated")
            if true - printed in addends:
                fits.append("addend_left_out")
        if printed > 0 and true > 0 and printed == int(printed):
            fits += _digits(str(int(printed)), str(true))
    return min((kinds()[name] for name in fits), key=lambda kind: kind.cost)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a report prints in each cell (None: nothing), and where in its table the cell stands.

    `order` numbers the cells in the order of the form, `place` is a cell's table, row and column number.
    """

    printed: dict[str, float | None]
    order: dict[str, int]
    place: dict[str, tuple[str, int, int]]
    at: dict[tuple[str, int, int], str]
    odd: frozenset[tuple[str, bool]]

    def is_odd(self, name: str) -> bool:
        """Whether the cell is empty where the table prints zeros, or a zero where it leaves them out."""
        figure = self.printed[name]
        return not figure and (self.place[name][0], figure is None) in self.odd

    def beside(self, name: str) -> set[float]:
        """The figures in the four cells next to that one."""
        table, row, column = self.place[name]
        near = ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
        figures = (self.printed.get(self.at.get((table, *spot), "")) for spot in near)
        return {figure for figure in figures if figure is not None}


def sheet(printed: Mapping[str, float | None]) -> Sheet:
    """The sheet of those cells, named in the order of the form."""
    rows: dict[str, dict[str, int]] = {}
    columns: dict[str, dict[str, int]] = {}
    place = {}
    for name in printed:
        table, row, column = split_cell(name)
        down, along = rows.setdefault(table, {}), columns.setdefault(table, {})
        place[name] = (table, down.setdefault(row, len(down)), along.setdefault(column, len(along)))
    order = {name: number for number, name in enumerate(printed)}
    at = {spot: name for name, spot in place.items()}
    return Sheet(dict(printed), order, place, at, frozenset(_odd(printed, rows)))


def _odd(printed: Mapping[str, float | None], tables: Iterable[str]) -> Iterable[tuple[str, bool]]:
    """For each table the way of printing nothing that is rare in it: (table, True for an empty cell)."""
    for table in tables:
        without = [figure for name, figure in printed.items() if name.startswith(f"{table}:") and not figure]
        empty = sum(figure is None for figure in without)
        if empty * _RARE <= len(without):
            yield table, True
        if (len(without) - empty) * _RARE <= len(without):
            yield table, False


def exchange(first: tuple[str, int], second: tuple[str, int], report: Sheet) -> str | None:
    """The kind of slip where two neighbouring cells have each other's figure; None where they have not."""
    (a, new_a), (b, new_b) = first, second
    if (report.printed[a] or 0, report.printed[b] or 0) != (new_b, new_a):
        return None
    (table, row, column), (other, down, along) = report.place[a], report.place[b]
    if table != other:
        return None
    return {(1, 0): "next_row", (0, 1): "next_column"}.get((abs(row - down), abs(column - along)))


def exchanged(changes: Iterable[tuple[str, int]], report: Sheet) -> dict[tuple[str, int], str]:
    """The changes that with another of them exchange two neighbours' figures, and the kind of slip."""
    given = set(changes)
    found = {}
    for name, value in given:
        table, row, column = report.place[name]
        for spot in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            other = report.at.get((table, *spot))
            back = (other or "", int(report.printed[name] or 0))
            if other and back in given and (kind := exchange((name, value), back, report)):
                found[name, value] = kind
    return found


def explain(
    changes: Sequence[tuple[str, int]],
    report: Sheet,
    sums: Sequence[Identity] = (),
    paired: Mapping[tuple[str, int], str] | None = None,
) -> tuple[tuple[str, ...], float]:
    """The kind of slip for each change, in order, and what they cost together.

    `sums` are the identities of the cells changed. Two changes that exchange the figures of neighbouring
    cells are one slip, and a total that changes only by what its addends do is none. `paired` are changes
    that are half of such an exchange whose other half reconciles another break.
    """
    true = dict(changes)
    if len(changes) == 2 and (both := exchange(changes[0], changes[1], report)):
        return (both, both), kinds()[both].cost
    named, cost = [], 0.0
    for name, value in changes:
        kind, price = _one(name, value, true, report, sums)
        half = kinds().get((paired or {}).get((name, value), ""))
        if half and half.cost / 2 < price:
            kind, price = half, half.cost / 2
        named.append(kind.id)
        cost += price
    return tuple(named), round(cost, 6)


def _one(
    name: str, value: int, true: Mapping[str, int], report: Sheet, sums: Sequence[Identity]
) -> tuple[Kind, float]:
    """The kind of slip of one change among others, and its cost."""
    addends: list[float] = []
    for identity in (i for i in sums if name in i.total):
        others = identity.left if name in identity.right else identity.right
        moved = [other for other in others if other in true]
        delta = sum(true[other] - (report.printed[other] or 0) for other in moved)
        if moved and delta == value - (report.printed[name] or 0):
            return kinds()["follows"], kinds()["follows"].cost
        addends += [report.printed[other] or 0 for other in others]
    kind = single(report.printed[name], value, report.beside(name), addends)
    if kind.id not in ("left_blank", "zero_printed", "total_not_updated"):
        return kind, kind.cost
    return kind, min(kind.cost, kind.odd if report.is_odd(name) else kind.cost)
