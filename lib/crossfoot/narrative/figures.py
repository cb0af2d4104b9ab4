"""What the tables state for a sum of cells: the sum, the figures behind it, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ..checks import PLUS, Printed, amount, printed, term
from ..forms import split_cell
from ..texts import Pair, joined, words
from ..texts.names import cell_label, cell_names

_OTHER = ("other.not_corrected", "other.fee_unpaid", "other.else")


@dataclass(frozen=True, slots=True)
class Stated:
    """A sum of cells: `value` (None where nothing is stated, then `text` says why), the cells used.

    `addends` are its figures with their cells, several where a row stands for its blank total; `blank` are
    cells that count 0, `unread` says that the cells used could not be read; `form` words all of them.
    """

    value: float | None
    cells: tuple[str, ...]
    form: str
    addends: tuple[tuple[tuple[float, ...], str, bool], ...] = ()
    blank: tuple[str, ...] = ()
    unread: bool = False

    @property
    def text(self) -> Pair:
        """The sum in words."""
        if self.value is None:
            key = "formula.unread" if self.unread else "formula.void"
            return words(key, cells=cell_names(self.cells, self.form))
        told = [_told(figures, short(name, self.form), row) for figures, name, row in self.addends]
        if len(self.blank) == 1:
            told.append(words("formula.blank", name=short(self.blank[0], self.form)))
        elif self.blank:
            told.append(words("formula.blanks", count=len(self.blank)))
        return joined(told, PLUS)


def _told(figures: tuple[float, ...], name: Pair, row: bool) -> Pair:
    if not row:
        return term(figures[0], name)
    return words("formula.row", figures=" + ".join(map(amount, figures)), name=name)


@dataclass(frozen=True, slots=True)
class Figures:
    """The facts of a report as sums of them are asked for; `units` are the cells' own, `form` words them."""

    cells: Mapping[str, Printed]
    units: Mapping[str, str]
    form: str

    def names(self, subject: tuple[str, ...]) -> tuple[str, ...]:
        """The subject with （六）其他处理 as the report prints it: one row, or its parts.

        A part of what is printed as one row stays itself: the row is no figure of its part.
        """
        named: dict[str, None] = {}
        for name in subject:
            named |= dict.fromkeys(self._printed_as(name, subject))
        return tuple(named)

    def _printed_as(self, name: str, subject: tuple[str, ...]) -> tuple[str, ...]:
        table, row, column = split_cell(name)
        if table != "requests" or row.partition(".")[0] != "other" or self._is_there(name):
            return (name,)
        parts = tuple(f"requests:{part}/{column}" for part in _OTHER)
        if row == "other":
            return parts if any(map(self._is_there, parts)) else (name,)
        whole = f"requests:other/{column}"
        return (whole,) if self._is_there(whole) and set(parts) <= set(subject) else (name,)

    def _is_there(self, name: str) -> bool:
        return name in self.cells and self.cells[name].status != "absent"

    def value(self, name: str) -> float | None:
        """What a cell states; a blank total states the sum of its row's other columns."""
        cell = self.cells.get(name)
        return cell.value if cell is not None and cell.value is not None else self.total((name,)).value

    def total(self, subject: tuple[str, ...]) -> Stated:
        """The sum of cells as the report states it.

        A blank addend counts 0. A blank total is replaced by the sum of its row's other columns, where any
        of these has a figure; the text says both. Nothing is stated where all are blank or one is unread.
        """
        value, used, blank = 0.0, [], []
        addends: list[tuple[tuple[float, ...], str, bool]] = []
        for name in self.names(subject):
            cell = self.cells.get(name)
            if cell is not None and cell.value is not None:
                value += cell.value
                used.append(name)
                addends.append(((cell.value,), name, False))
                continue
            if cell is not None and not cell.void:
                return Stated(None, (name,), self.form, unread=True)
            parts = self._row_of(name)
            if lacking := self.unread(self._beside(name)):
                return Stated(None, lacking, self.form, unread=True)
            if parts:
                value += sum(parts.values())
                used += parts
                addends.append((tuple(parts.values()), name, True))
            else:
                used.append(name)
                blank.append(name)
        if not addends:
            return Stated(None, tuple(used), self.form)
        return Stated(round(value, 6), tuple(used), self.form, tuple(addends), tuple(blank))

    def _row_of(self, name: str) -> dict[str, float]:
        """The figures in the other columns of a total's row; empty for a cell that is not a total."""
        figures = ((other, self.cells[other].value) for other in self._beside(name))
        return {other: value for other, value in figures if value is not None}

    def _beside(self, name: str) -> tuple[str, ...]:
        """The other cells of a total's row; empty for a cell that is not a total."""
        if not name.endswith("/total"):
            return ()
        start = name.removesuffix("total")
        return tuple(other for other in self.cells if other.startswith(start) and other != name)

    def unread(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the cells that could not be read; of a blank total also those that stand for it."""
        found: dict[str, None] = {}
        for name in names:
            cell = self.cells.get(name)
            if cell is not None and cell.value is None and not cell.void:
                found[name] = None
            elif cell is not None and cell.value is None:
                found |= dict.fromkeys(self.unread(self._beside(name)))
        return tuple(found)


def figures(facts: pd.DataFrame, form: str = "2021") -> Figures:
    """The facts ready to be summed; `form` words their cells in Chinese."""
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    return Figures(printed(facts), dict(zip(names, facts["unit"], strict=True)), form)


@cache
def short(name: str, form: str) -> Pair:
    """A cell as the form words it, and by row and column; the column only where it is not the total."""
    return cell_label(name, form).removesuffix("·总计"), name.partition(":")[2].removesuffix("/total")
