"""Troubles: what in a table could not be read, was read in two ways, or ended in no cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from .forms import split_cell

_APART = 3
"""Up to so many troubles of one kind on a page are told one by one."""
_TOLD = 200
"""Of more than so many, no form has the cells: what the first ones print says enough."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a table that could not be read, or that two readers read differently.

    `problem` is readers_differ, unreadable, doubtful, leftover, lost, table_missing, no_tables or
    second_report. `cells` are the statutory cells concerned (none for a figure outside of all of them);
    `detail` says what each reader saw; `page`, `where` and `table` say where, as far as known.
    """

    problem: str
    cells: tuple[str, ...]
    detail: str
    page: int | None = None
    where: str = ""
    table: str = ""


def gathered(troubles: Iterable[Trouble]) -> list[Trouble]:
    """The troubles, with many of one kind in one table on one page made one that names them.

    In the order in which each kind first appears. A page whose header is cut off, or a second report in
    the same file, is one trouble and not a hundred.
    """
    groups: dict[tuple, list[Trouble]] = {}
    for trouble in troubles:
        table = trouble.table or (split_cell(trouble.cells[0])[0] if trouble.cells else "")
        groups.setdefault((trouble.problem, table, trouble.page), []).append(trouble)
    found: list[Trouble] = []
    for (problem, table, page), group in groups.items():
        if len(group) <= _APART:
            found.extend(group)
            continue
        cells = tuple(cell for trouble in group for cell in trouble.cells)
        details: dict[str, list[str]] = {}
        for trouble in group:
            details.setdefault(trouble.detail, []).extend(trouble.cells)
        words = [f"{' '.join(names)}: {detail}" if names else detail for detail, names in details.items()]
        more = [f"and {len(words) - _TOLD:,} more"] if len(words) > _TOLD else []
        found.append(Trouble(problem, cells, "; ".join(words[:_TOLD] + more), page, group[0].where, table))
    return found
