"""What placing yields: readings of statutory cells, and everything printed that found no cell.

Here a row is placed too: which column each of its cells stands in, and what that leaves unclear.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..document import Cell, Grid
from ..texts import Pair, joined, one_line, words
from .bands import overlap

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader saw in one statutory cell; `cell` is its name `table:row/column`.

    `unit` is the one that the column's heading prints (单位：元), "" where it prints none. `by_label` says
    that a label of the form's wording names its row and a header of the form's wording its column; False:
    it is told by its place in the form's order, or by a count of cells, alone.
    """

    cell: str
    raw: str
    page: int | None
    where: str
    box: tuple[float, float, float, float]
    confidence: float | None = None
    unit: str = ""
    by_label: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something could not be placed, in words; `printed` is what they quote of the report."""

    words: Pair
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something printed inside a statutory table that ended in no cell, and why; `box` is its area."""

    table: str
    text: str
    page: int | None
    where: str
    reason: Reason
    box: tuple[float, float, float, float]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the area."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    def covers(self, other: "Leftover") -> bool:
        """Whether the other, as another reader saw it, is the same print in the same place."""
        x, y = other.middle
        inside = self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]
        same = "".join(self.text.split()) == "".join(other.text.split())
        return inside and same and self.page == other.page


@dataclass
class Placement:
    """All that one reader's grids say of the statutory tables.

    `readings` by cell name; `unclear` are cells whose figure could not be told from a neighbour's, by
    name, with the reason; `lacking` are cells of a row that is there in which nothing stands at all;
    `areas` are the grids that hold statutory tables, with the table's code.
    """

    readings: dict[str, Reading] = field(default_factory=dict)
    unclear: dict[str, Reason] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    leftovers: list[Leftover] = field(default_factory=list)
    areas: list[tuple[str, Grid]] = field(default_factory=list)

    def read(self, name: str, cell: Cell, page: int | None, by_label: bool = True) -> None:
        """Record that the cell of that name prints what `cell` prints, and whether labels say so."""
        box = (cell.x0, cell.top, cell.x1, cell.bottom)
        self.readings[name] = Reading(
            name, cell.text.strip(), page, cell.where, box, cell.confidence, by_label=by_label
        )

    def leave(self, table: str, cell: Cell, page: int | None, reason: Reason) -> None:
        """Record that `cell` prints something in the area of `table` that belongs to no cell of it."""
        box = (cell.x0, cell.top, cell.x1, cell.bottom)
        self.leftovers.append(Leftover(table, cell.text.strip(), page, cell.where, reason, box))


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


def because(key: str, **quoted: str) -> Reason:
    """The reason of that text, with what it quotes of the report."""
    return Reason(words(key, **{name: one_line(raw) for name, raw in quoted.items()}), tuple(quoted.values()))


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
