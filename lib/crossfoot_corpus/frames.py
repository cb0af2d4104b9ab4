"""The tables of an audit as Arrow: one schema per table, from schema.toml, so that all reports' fit."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import pyarrow as pa

from crossfoot.checks import STATUSES

_KINDS = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
KEY = "sha256"


@cache
def tables() -> dict[str, list[dict]]:
    """The fields of every table that is kept of an audit, by its name, as schema.toml has them."""
    raw = tomllib.loads(files("crossfoot_corpus").joinpath("schema.toml").read_text(encoding="utf-8"))
    return {table["name"]: table["field"] for table in raw["table"]}


@cache
def schema(name: str) -> pa.Schema:
    """The Arrow schema of a table of the contract, without the report's key."""
    return pa.schema([(field["name"], _KINDS[field["type"]]) for field in tables()[name]])


def nullable(fields: pa.Schema) -> pa.Schema:
    """The schema with what makes pandas read whole numbers as Int64, whether one is missing or none."""
    whole = pd.DataFrame({f.name: pd.array([], "Int64") for f in fields if pa.types.is_integer(f.type)})
    return fields.with_metadata(pa.Schema.from_pandas(whole, preserve_index=False).metadata)


def packed(frame: pd.DataFrame, name: str) -> bytes:
    """The table as an Arrow stream."""
    fields = schema(name)
    columns = [_array(frame[field.name], field.type) for field in fields]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, fields) as stream:
        stream.write_batch(pa.record_batch(columns, schema=fields))
    return sink.getvalue().to_pybytes()


def _array(column: pd.Series, kind: pa.DataType) -> pa.Array:
    found = pa.array(column, kind, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def unpacked(content: bytes) -> pa.Table:
    """The table that `packed` wrote."""
    return pa.ipc.open_stream(content).read_all()


def keyed(table: pa.Table, sha256: str, year: int | None) -> pa.Table:
    """The table between the report's hash, by which rows of many reports stay apart, and its year."""
    marked = table.add_column(0, KEY, pa.array([sha256] * len(table), pa.string()))
    return marked.append_column("year", pa.array([year] * len(table), pa.int64()))


COUNTS = ("cells", "cells_read", "cells_agreed", "compared", *STATUSES, "errors", "queries", "notes",
          "extraction")  # fmt: skip
"""What is counted of each report: the form's cells, those that print a figure, those that two readers gave
alike; checks by status; findings by severity, those of kind extraction apart."""


def counted(result: Any) -> dict[str, int]:
    """The COUNTS of an audit."""
    facts, found, checks = result.facts, result.findings, result.checks["status"].tolist()
    kinds = found["kind"].tolist()
    own = [s for s, kind in zip(found["severity"].tolist(), kinds, strict=True) if kind == "published"]
    alike = zip(facts["agreed"].tolist(), facts["readers"].tolist(), strict=True)
    numbers = (
        len(facts),
        facts["status"].tolist().count("number"),
        sum(agreed and "+" in readers for agreed, readers in alike),
        len(checks),
        *(checks.count(status) for status in STATUSES),
        *(own.count(severity) for severity in ("error", "query", "note")),
        kinds.count("extraction"),
    )
    return dict(zip(COUNTS, numbers, strict=True))
