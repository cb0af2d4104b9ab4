"""What is finished, on disk: part files of some dozens of reports each, written beside and then renamed.

A part holds one row per report: its particulars, and its audit's tables as Arrow streams. It is there
whole or not at all, and is never changed; so whatever is killed at whatever moment, the parts say just what
is done.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crossfoot.across import KEY
from crossfoot.atomic_write import writing
from crossfoot.checks import STATUSES
from crossfoot.errors import CrossfootError
from crossfoot.schema import allowed
from crossfoot.schema import schema as dictionary

from .worker import TABLES, Outcome

COUNTS = ("cells", "cells_read", "cells_agreed", "compared", *STATUSES, "errors", "queries", "notes",
          "extraction")  # fmt: skip
"""What is counted of each report: the form's cells, those that print a figure, those that two readers gave
alike; checks by status; findings by severity, those of kind extraction apart."""
_KINDS = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
REPORT = {"issuer": pa.string(), "year": pa.int64(), "form": pa.string(), "pages": pa.int64()}
STAGES = ("text", "pdfium", "tabula", "rest", "pack")
_PART_SECONDS = 10.0
_TEXT = ("sha256", "version", "status", "reason", "problem")
HELD = "table_"
"""What a part's columns that hold a table are called, before the table's name."""
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in _TEXT),
        *REPORT.items(),
        *((name, pa.int64()) for name in COUNTS),
        *((f"seconds_{stage}", pa.float64()) for stage in STAGES),
        ("peak", pa.int64()),
        *((HELD + name, pa.binary()) for name in TABLES),
    ]
)
INDEX = [name for name in _SCHEMA.names if not name.startswith(HELD)]
"""A part's columns but for the tables: small enough to hold for every report."""


class Journal:
    """The parts of one output folder, and the outcomes that have not become a part yet (at most some dozens).

    Only one run may write to a folder: `locked` sees to that.
    """

    def __init__(self, folder: Path, version: str, part_rows: int) -> None:
        self._part_rows = part_rows
        self.folder, self.version = folder / "parts", version
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in self.folder.glob(".*.new"):
                left.unlink()
        self._waiting: list[Outcome] = []
        self._since = time.monotonic()

    def parts(self) -> list[Path]:
        """The part files, oldest first."""
        return sorted(self.folder.glob("*.parquet"))

    def index(self) -> pa.Table:
        """One row per finished report of this version: columns INDEX and, for its place, part and row."""
        found = [
            _placed(number, pq.read_table(path, columns=INDEX)) for number, path in enumerate(self.parts())
        ]
        whole = pa.concat_tables(found) if found else _placed(0, _SCHEMA.empty_table().select(INDEX))
        return whole.filter(pa.compute.equal(whole["version"], self.version))

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; it is on disk after `part_rows` of them or `_PART_SECONDS`."""
        self._waiting.append(outcome)
        if len(self._waiting) >= self._part_rows or time.monotonic() - self._since >= _PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one part."""
        if self._waiting:
            last = int(self.parts()[-1].stem) if self.parts() else 0
            write_table(self.folder / f"{last + 1:08d}.parquet", _table(self._waiting, self.version))
        self._waiting = []
        self._since = time.monotonic()


def _placed(part: int, table: pa.Table) -> pa.Table:
    rows = len(table)
    return table.append_column("part", pa.array([part] * rows, pa.int64())).append_column(
        "row", pa.array(range(rows), pa.int64())
    )


def _table(outcomes: Iterable[Outcome], version: str) -> pa.Table:
    rows = []
    for one in sorted(outcomes, key=lambda outcome: outcome.sha256):
        rows.append(
            {name: getattr(one, name) for name in _TEXT}
            | {"version": version, "peak": one.peak}
            | {name: one.report.get(name) for name in REPORT}
            | {name: one.counts.get(name) for name in COUNTS}
            | {f"seconds_{stage}": one.seconds.get(stage) for stage in STAGES}
            | {HELD + name: one.tables.get(name) for name in TABLES}
        )
    return pa.Table.from_pylist(rows, _SCHEMA)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file beside its place, then rename it: it is there whole, or as it was."""
    beside = path.with_name(f".{path.name}.new")
    with writing(path):
        pq.write_table(table, beside, compression="zstd")
        os.replace(beside, path)


@cache
def schema(name: str) -> pa.Schema:
    """The Arrow schema of an audit's table, without the report's key; codes are strings in it."""
    return pa.schema([(field["name"], _KINDS[field["type"]]) for field in dictionary()[name]["field"]])


@cache
def codes(name: str) -> dict[str, pa.Array]:
    """The columns of a table that hold codes, each with its closed list of them."""
    lists = {field["name"]: allowed(field) for field in dictionary()[name]["field"]}
    return {column: pa.array(known, pa.string()) for column, known in lists.items() if known}


def coded(table: pa.Table, name: str) -> pa.Table:
    """The table with its codes as a dictionary that holds all of the list: pandas' categoricals."""
    for column, known in codes(name).items():
        number = table.column_names.index(column)
        indices = pa.compute.index_in(table[column].combine_chunks(), known).cast(pa.int16())
        table = table.set_column(number, column, pa.DictionaryArray.from_arrays(indices, known))
    return table


def nullable(fields: pa.Schema) -> pa.Schema:
    """The schema with what makes pandas read whole numbers as Int64, whether one is missing or none."""
    whole = pd.DataFrame({f.name: pd.array([], "Int64") for f in fields if pa.types.is_integer(f.type)})
    return fields.with_metadata(pa.Schema.from_pandas(whole, preserve_index=False).metadata)


def packed(frame: pd.DataFrame, name: str) -> bytes:
    """The table as an Arrow stream."""
    if frame.empty:
        return _nothing(name)
    known = codes(name)
    columns = [_array(frame[f.name], f.type, known.get(f.name)) for f in schema(name)]
    return _stream(pa.record_batch(columns, schema=schema(name)))


@cache
def _nothing(name: str) -> bytes:
    """A table without rows: most reports have no findings."""
    return _stream(pa.RecordBatch.from_pylist([], schema(name)))


def _stream(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return sink.getvalue().to_pybytes()


def _array(column: pd.Series, kind: pa.DataType, known: pa.Array | None) -> pa.Array:
    if known is not None:
        return pa.DictionaryArray.from_arrays(column.cat.codes.to_numpy(), known).dictionary_decode()
    if pa.types.is_integer(kind):
        return pa.array(column.array, kind)
    return pa.array(column.to_numpy(), kind, from_pandas=True)


def unpacked(content: bytes) -> pa.Table:
    """The table that `packed` wrote."""
    return pa.ipc.open_stream(content).read_all()


def keyed(table: pa.Table, sha256: str, year: int | None) -> pa.Table:
    """The table behind the report's hash, by which rows of many reports stay apart, and its year."""
    marked = table.add_column(0, KEY[0], pa.array([sha256] * len(table), pa.string()))
    return marked.add_column(1, KEY[1], pa.array([year] * len(table), pa.int64()))


def counted(result: Any) -> dict[str, int]:
    """The COUNTS of an audit."""
    facts, found, checks = result.facts, result.findings, result.checks["status"].tolist()
    kinds = found["kind"].tolist()
    own = [s for s, kind in zip(found["severity"].tolist(), kinds, strict=True) if kind == "published"]
    numbers = (
        len(facts),
        facts["status"].tolist().count("number"),
        sum(result.extraction["two_readers"].tolist()),
        len(checks),
        *(checks.count(status) for status in STATUSES),
        *(own.count(severity) for severity in ("error", "query", "note")),
        kinds.count("extraction"),
    )
    return dict(zip(COUNTS, numbers, strict=True))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder for this run alone; another one that is alive keeps it. Raises CrossfootError then."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stream = open(folder / ".lock", "w", encoding="ascii")  # noqa: SIM115
    with stream:
        _lock(stream, folder)
        yield


def _lock(stream: IO[str], folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # not on Windows: there two runs into one folder are not told apart
        return
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CrossfootError(
            "another run is writing to it", file=str(folder), advice="Wait for it, or give another --out"
        ) from None
