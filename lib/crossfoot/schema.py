"""The data dictionary: which columns every table has, of which type, and how a frame is made to fit it."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from .forms import FORMS, Column, Row, tables

_TYPES = {"number": "float64", "integer": "Int64", "boolean": "bool"}


@cache
def schema() -> dict[str, dict]:
    """The tables by name, in order, as schema.toml has them."""
    raw = tomllib.loads(files("crossfoot").joinpath("schema.toml").read_text(encoding="utf-8"))
    return {table["name"]: table for table in raw["table"]}


@cache
def codes(name: str) -> tuple[str, ...]:
    """Every code of both forms, in their order: `name` is tables, rows or columns."""
    every = [table for form in FORMS for table in tables(form).values()]
    match name:
        case "tables":
            found = [table.code for table in every]
        case "rows":
            found = [row.code for table in every for row in table.ordered_rows(_codes(table.subtotals))]
        case "columns":
            found = [c.code for table in every for c in table.ordered_columns(_codes(table.subtotal_columns))]
        case _:
            raise KeyError(name)
    return tuple(dict.fromkeys(found))


def _codes(lines: Iterable[Row] | Iterable[Column]) -> set[str]:
    return {line.code for line in lines}


def columns(table: str) -> list[str]:
    """The names of a table's columns, in order."""
    return [field["name"] for field in schema()[table]["field"]]


def worded_columns(table: str) -> list[str]:
    """Those of them that hold words."""
    return [field["name"] for field in schema()[table]["field"] if field.get("words")]


def allowed(field: Mapping) -> tuple[str, ...]:
    """The codes that a field may hold; empty for one that holds anything."""
    listed = field.get("codes", ())
    return codes(listed) if isinstance(listed, str) else tuple(listed)


def framed(table: str, rows: Iterable[Sequence]) -> pd.DataFrame:
    """Rows as the table of that name, its columns in order and of their types; words are left as they are.

    As `fitted` does it, but column by column from plain values: thousands of audits would wait for it. Raises
    ValueError for a code that the dictionary does not have.
    """
    fields = schema()[table]["field"]
    every = list(zip(*rows, strict=True)) or [()] * len(fields)
    return pd.DataFrame(
        {f["name"]: _typed(table, f, values) for f, values in zip(fields, every, strict=True)}, copy=False
    )


def _typed(table: str, field: Mapping, values: Sequence[Any]) -> Any:
    """A column's values as an array of its type."""
    match field["type"]:
        case "number":
            return np.array(values, "float64")
        case "boolean":
            return np.array(values, "bool")
        case "integer":
            missing = [value is None or value is pd.NA for value in values]
            whole = [0 if gone else value for value, gone in zip(values, missing, strict=True)]
            return pd.arrays.IntegerArray(np.array(whole, "int64"), np.array(missing, "bool"))
    numbered = _numbered(table, field["name"])
    if numbered is not None:
        places, kind = numbered
        try:
            return pd.Categorical.from_codes([places[value] for value in values], dtype=kind)
        except KeyError as error:
            raise ValueError(f"{table}.{field['name']}: {error} is not a code of it") from None
    if field.get("words") and not all(isinstance(value, str) for value in values):
        made = np.empty(len(values), object)
        made[:] = values
        return made
    return pd.array(["" if value is None or value is pd.NA else value for value in values], dtype="str")


@cache
def _numbered(table: str, column: str) -> tuple[dict[str, int], pd.CategoricalDtype] | None:
    """The places of a column's codes in their list, and their type; None where it holds no codes."""
    known = next(allowed(field) for field in schema()[table]["field"] if field["name"] == column)
    if not known:
        return None
    return {code: place for place, code in enumerate(known)}, pd.CategoricalDtype(list(known))


def fitted(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns of the table in order and of their types; words are left as they are.

    A closed list of codes becomes a categorical, text that is missing the empty string. Raises ValueError for
    a code that the dictionary does not have.
    """
    made = {}
    for field in schema()[table]["field"]:
        column = frame[field["name"]]
        known = allowed(field)
        if field["type"] != "string":
            made[field["name"]] = column.astype(_TYPES[field["type"]])
        elif known:
            strange = set(column) - set(known)
            if strange:
                raise ValueError(f"{table}.{field['name']}: {sorted(map(str, strange))} are not codes of it")
            made[field["name"]] = pd.Series(pd.Categorical(column, categories=list(known)), index=frame.index)
        elif field.get("words") and not column.map(lambda value: isinstance(value, str)).all():
            made[field["name"]] = column.astype(object)
        else:
            made[field["name"]] = column.where(column.notna(), "").astype("str")
    return pd.DataFrame(made, index=frame.index)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as mappings by column, with Python's own values; pd.NA where an integer is missing."""
    columns = (frame[name].to_numpy().tolist() for name in frame.columns)
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def dictionary() -> str:
    """The data dictionary as Markdown: every table and column, with units and what missing means."""
    parts = []
    for name, table in schema().items():
        parts.append(f"## `{name}.csv`: {table['title'].lower()}\n\n{table['description']}")
        if table["key"]:
            parts.append(f" Key: {', '.join(f'`{column}`' for column in table['key'])}.")
        parts.append("\n\n| column | type | meaning |\n|---|---|---|\n")
        parts.extend(f"| `{f['name']}` | {f['type']} | {f['description']} |\n" for f in table["field"])
        parts.append("\n")
    return "".join(parts)
