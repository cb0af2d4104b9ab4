"""One row of a statutory table: which column each of its cells stands in, and what that leaves unclear."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..document import Cell
from ..texts import joined, one_line, words
from .bands import overlap
from .placement import Placement, Reason, because

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """A cell with the names of the statutory cells it stands in; `tall` where it covers other rows too.

    `by_label` is as in Reading.
    """

    cell: Cell
    names: tuple[str, ...]
    page: int | None
    tall: bool = False
    by_label: bool = True


def standing(
    cells: Sequence[Cell],
    columns: Mapping[str, Range],
    page: int | None,
    label: Cell | None = None,
    named: Container[str] | None = None,
    order_counts: bool = True,
) -> list[Standing]:
    """Where each cell of a row stands under columns given by name and horizontal range.

    By its place; but where the places do not give each cell one column, and there are just as many
    cells as columns, by its order: web pages often split a header otherwise than the row below it.
    `named` are the columns that a header of the form's wording names, all of them if not given. The order
    tells no less than the places do (`order_counts`) under the grid's own header, but not in a text that
    lost its empty cells, nor under the header of another page.
    """
    height = label.bottom - label.top if label is not None else float("inf")
    under = [
        tuple(
            name
            for name, (x0, x1) in columns.items()
            if x0 < c.x1 and c.x0 < x1 and overlap(x0, x1, c.x0, c.x1) >= 0.5
        )
        for c in cells
    ]
    by_order = len(cells) == len(columns) and sorted(n for names in under for n in names) != sorted(columns)
    if by_order:
        order = sorted(range(len(cells)), key=lambda i: cells[i].x0)
        names = sorted(columns, key=lambda name: columns[name][0])
        for i, name in zip(order, names, strict=True):
            under[i] = (name,)
    return [
        Standing(
            cell,
            names,
            page,
            cell.bottom - cell.top > 1.6 * height,
            (named is None or all(name in named for name in (columns if by_order else names)))
            and (order_counts or not by_order),
        )
        for cell, names in zip(cells, under, strict=True)
    ]


def read_row(names: Iterable[str], row: Sequence[Standing], placement: Placement) -> set[int]:
    """Read the statutory cells of those names from a row; the identities of the grid cells that were used.

    A figure in a cell across several columns or rows, or beside a second figure, makes its cells
    `unclear`; a name under which nothing stands is `lacking`.
    """
    used: set[int] = set()
    for name in names:
        here = [s for s in row if name in s.names]
        spread = [s for s in here if s.cell.text.strip() and (len(s.names) > 1 or s.tall)]
        printed = [s for s in here if s.cell.text.strip()]
        if spread:
            text = spread[0].cell.text.strip()
            placement.unclear[name] = because("read.across", text=text)
        elif len(printed) > 1:
            texts = tuple(s.cell.text.strip() for s in printed)
            quoted = joined((words("read.quote", text=one_line(one)) for one in texts), words("list.and"))
            placement.unclear[name] = Reason(words("read.together", texts=quoted), texts)
        elif here:
            chosen = (printed or here)[0]
            placement.read(name, chosen.cell, chosen.page, chosen.by_label)
            used |= {id(s.cell) for s in here}
        elif name not in placement.unclear:
            placement.lacking.add(name)
    return used
