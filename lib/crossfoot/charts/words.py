"""The names that charts give rows, columns and sums of cells, in Chinese and English."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from ..checks import amount
from ..forms import Row, split_cell
from ..forms import tables as statutory

Pair = tuple[str, str]
"""The same words in Chinese and in English."""

Tables = Mapping[str, pd.DataFrame]
"""The tables of an audit by name, as `crossfoot.package.read` returns them."""


@cache
def _english() -> dict[str, Any]:
    return tomllib.loads(files("crossfoot").joinpath("english.toml").read_text(encoding="utf-8"))


def english(table: str, axis: str, code: str) -> str:
    """The English name of a row or column; raises KeyError for a code that english.toml lacks."""
    return _english()[table][axis][code]


def column_name(code: str, form: str, table: str = "requests") -> Pair:
    """The name of a column, as the form prints it and in English."""
    return statutory(form)[table].column(code).label, english(table, "column", code)


def row_name(code: str, form: str, table: str = "requests") -> Pair:
    """The name of a row without its number, as the form prints it (shortened where long) and in English."""
    printed = printed_label(statutory(form)[table].row(code))
    return re.sub(r"^[一二三四]、|^（[一二三四五六七]）|^\d+\.", "", printed), english(table, "row", code)


def printed_label(row: Row) -> str:
    """The row's label with its number, shortened where it is too long for one line."""
    return _english()["short"].get(row.code, row.label)


def group_of(code: str) -> str:
    """What stands before the dot of a row's code: the heading it belongs to, or the row itself."""
    return code.partition(".")[0]


def group_name(group: str, form: str) -> Pair:
    """The name of a heading of results (不予公开 Denied), or of the row that is its own."""
    names = _english()["requests"]["group"].get(group)
    return (names[0], names[1]) if names else row_name(group, form)


def sum_name(cells: Iterable[str], form: str) -> Pair:
    """The name of a sum of cells: rows joined by ＋, each with its column unless that is 总计.

    All the rows of a heading together bear the heading's name. A cell that the form does not have
    keeps its code.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        table, row, column = split_cell(cell)
        places.setdefault((table, column), []).append(row)
    parts = [
        _with_column(name, table, column, form)
        for (table, column), rows in places.items()
        for name in _row_names(table, rows, form)
    ]
    return "＋".join(zh for zh, _ in parts), " + ".join(en for _, en in parts)


def _row_names(table: str, rows: list[str], form: str) -> list[Pair]:
    names: list[Pair] = []
    whole = {}
    if table == "requests":
        every = [row.code for row in statutory(form)[table].rows if "." in row.code]
        for group in dict.fromkeys(group_of(code) for code in every):
            codes = {code for code in every if group_of(code) == group}
            if codes <= set(rows):
                whole[group] = group_name(group, form)
    for row in rows:
        group = group_of(row)
        if group in whole and row != group:
            if whole[group] not in names:
                names.append(whole[group])
        else:
            names.append(row_name(row, form, table))
    return names


def _with_column(name: Pair, table: str, column: str, form: str) -> Pair:
    if column == "total":
        return name
    zh, en = column_name(column, form, table)
    return f"{name[0]}·{zh}", f"{name[1]}, {en}"


def written(value: Any) -> str:
    """A figure as people write it, – where there is none."""
    return "–" if pd.isna(value) else amount(float(value))


def counted(number: float, noun: str) -> str:
    """So many of them, in English."""
    return f"{amount(number)} {noun}" if number == 1 else f"{amount(number)} {noun}s"


def total_of(facts: pd.DataFrame, table: str, row: str, column: str) -> Any:
    """The figure of one cell; NaN where none is printed, or the report has no such cell."""
    found = facts[(facts["table"] == table) & (facts["row"] == row) & (facts["column"] == column)]
    return found["value"].iloc[0] if len(found) else float("nan")
