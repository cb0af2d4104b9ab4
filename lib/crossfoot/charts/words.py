"""The names that charts give rows, columns and sums of cells, in Chinese and English."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..checks import NOTHING, amount
from ..forms import split_cell
from ..forms import tables as statutory
from ..texts import Pair, words
from ..texts.names import column_name, group_name, group_of, row_name

Tables = Mapping[str, pd.DataFrame]
"""The tables of an audit by name, as `crossfoot.datapackage.read` returns them."""


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


def count(tables: Tables, what: str, **codes: str) -> int:
    """One number of the table of counts, as Audit.count."""
    counts = tables["counts"]
    scope = " ".join(f"{name}={code}" for name, code in codes.items())
    return int(counts.loc[counts["what"].eq(what) & counts["scope"].eq(scope), "count"].sum())


def counted(number: float, one: str, many: str) -> Pair:
    """So many of them: the text `one` or, of more or less, the text `many`."""
    return words(one) if number == 1 else words(many, count=number)


def both(pair: Pair) -> str:
    """Both languages in one line."""
    return f"{pair[0]} {pair[1]}"


def doubted(facts: pd.DataFrame) -> pd.Series:
    """Which cells print something that is not read beyond doubt as a figure: they are no blanks."""
    worded = facts["status"].eq("text") & ~facts["raw"].fillna("").astype("str").str.strip().isin(NOTHING)
    return facts["status"].eq("unread") | worded


def total_of(facts: pd.DataFrame, table: str, row: str, column: str) -> Any:
    """The figure of one cell; NaN where none is printed, or the report has no such cell."""
    found = facts[(facts["table"] == table) & (facts["row"] == row) & (facts["column"] == column)]
    return found["value"].iloc[0] if len(found) else float("nan")
