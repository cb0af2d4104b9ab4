"""What placing yields: readings of statutory cells, and everything printed that found no cell."""

from dataclasses import dataclass, field

from ..document import Cell, Grid
from ..texts import Pair, one_line, words


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


def because(key: str, **quoted: str) -> Reason:
    """The reason of that text, with what it quotes of the report."""
    return Reason(words(key, **{name: one_line(raw) for name, raw in quoted.items()}), tuple(quoted.values()))


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
