"""What the tables state for a sum of cells: the sum, the figures behind it, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..checks import Printed, amount, printed
from ..forms import split_cell

_OTHER = ("other.not_corrected", "other.fee_unpaid", "other.else")


@dataclass(frozen=True, slots=True)
class Stated:
    """A sum of cells: `value` (None where nothing is stated, then `text` says why), the cells used."""

    value: float | None
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The facts of a report as sums of them are asked for; `units` are the cells' own."""

    cells: Mapping[str, Printed]
    units: Mapping[str, str]

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
        value, used, words, blank = 0.0, [], [], []
        for name in self.names(subject):
            cell = self.cells.get(name)
            if cell is not None and cell.value is not None:
                value += cell.value
                used.append(name)
                words.append(f"{amount(cell.value)} {short(name)}")
                continue
            if cell is not None and not cell.void:
                return Stated(None, (name,), f"{name} could not be read")
            parts = self._row_of(name)
            if parts:
                value += sum(parts.values())
                used += parts
                figures = " + ".join(amount(part) for part in parts.values())
                words.append(f"({figures}) {short(name)}, whose total is blank")
            else:
                used.append(name)
                blank.append(name)
        if not words:
            return Stated(None, tuple(used), f"blank: {' '.join(used)}")
        if len(blank) == 1:
            words.append(f"0 (blank {short(blank[0])})")
        elif blank:
            words.append(f"0 ({len(blank)} blank cells)")
        return Stated(round(value, 6), tuple(used), " + ".join(words))

    def _row_of(self, name: str) -> dict[str, float]:
        """The figures in the other columns of a total's row; empty for a cell that is no total."""
        if not name.endswith("/total"):
            return {}
        start = name.removesuffix("total")
        return {
            other: cell.value
            for other, cell in self.cells.items()
            if other.startswith(start) and other != name and cell.value is not None
        }


def figures(facts: pd.DataFrame) -> Figures:
    """The facts ready to be summed."""
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    return Figures(printed(facts), dict(zip(names, facts["unit"], strict=True)))


def short(name: str) -> str:
    """Row and column of a cell name, the column only where it is not the total."""
    place = name.partition(":")[2]
    return place.removesuffix("/total")
