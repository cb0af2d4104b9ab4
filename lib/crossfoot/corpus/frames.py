"""The tables of an audit as Arrow: one schema per table, from schema.toml, so that all reports' fit."""

from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa

from .. import package
from ..checks import STATUSES

_KINDS = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
KEY = "sha256"


@cache
def schema(name: str) -> pa.Schema:
    """The Arrow schema of a table of the contract, without the report's key."""
    return pa.schema([(field["name"], _KINDS[field["type"]]) for field in package.schema()[name]["field"]])


def packed(frame: pd.DataFrame, name: str) -> bytes:
    """The table as an Arrow stream."""
    fields = schema(name)
    columns = [pa.array(frame[field.name], field.type, from_pandas=True) for field in fields]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, fields) as stream:
        stream.write_batch(pa.record_batch(columns, schema=fields))
    return sink.getvalue().to_pybytes()


def unpacked(content: bytes) -> pa.Table:
    """The table that `packed` wrote."""
    return pa.ipc.open_stream(content).read_all()


def keyed(table: pa.Table, sha256: str) -> pa.Table:
    """The table with the report's hash as its first column: with it, rows of many reports stay apart."""
    return table.add_column(0, KEY, pa.array([sha256] * len(table), pa.string()))


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
