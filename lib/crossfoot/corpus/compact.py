"""The tables of all reports, from the parts: by year, in the files' order, the same bytes every time."""

import os
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .frames import keyed, schema, unpacked
from .outcome import TABLES

_GROUP_ROWS = 50_000
_OPEN_PARTS = 24
_UNKNOWN = "__HIVE_DEFAULT_PARTITION__"  # what readers of partitioned tables take for a missing value
_FILE = "reports.parquet"


class Parts:
    """The tables of single reports, from parts that are kept open while they are in turn."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._open: OrderedDict[tuple[int, str], pa.ChunkedArray] = OrderedDict()

    def table(self, name: str, part: int, row: int) -> pa.Table | None:
        """The table of that name of the report in that place; None where it has none."""
        key = (part, name)
        if key not in self._open:
            self._open[key] = pq.read_table(self._paths[part], columns=[name])[name]
            if len(self._open) > _OPEN_PARTS:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        content = self._open[key][row].as_py()
        return None if content is None else unpacked(content)


def write(
    folder: Path, parts: Parts, places: Iterable[Mapping], more: Mapping[str, Mapping[int, pa.Table]]
) -> None:
    """Write facts, claims, checks and findings of the reports at `places` below `folder`, anew as a whole.

    A place is a mapping with sha256, year, part and row, in the order the rows shall have. `more` holds, by
    table and year, what does not stand in one report: what was found across years.
    """
    beside = folder / ".tables.new"
    shutil.rmtree(beside, ignore_errors=True)
    by_year: dict[int | None, list[Mapping]] = {}
    for place in places:
        by_year.setdefault(place["year"], []).append(place)
    for name in TABLES:
        (beside / name).mkdir(parents=True)
        for year in sorted(by_year, key=lambda y: (y is None, y or 0)):
            target = beside / name / f"year={_UNKNOWN if year is None else year}"
            target.mkdir()
            rows = (_report(parts, name, place) for place in by_year[year])
            _write_grouped(target / _FILE, name, (table for table in rows if table is not None))
            if year is not None and year in more.get(name, {}):
                pq.write_table(more[name][year], target / "across.parquet", compression="zstd")
    for name in TABLES:
        old = folder / f".{name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if (folder / name).exists():
            os.replace(folder / name, old)
        os.replace(beside / name, folder / name)
        shutil.rmtree(old, ignore_errors=True)
    beside.rmdir()


def _report(parts: Parts, name: str, place: Mapping) -> pa.Table | None:
    table = parts.table(name, place["part"], place["row"])
    return None if table is None else keyed(table, place["sha256"])


def _write_grouped(path: Path, name: str, tables: Iterator[pa.Table]) -> None:
    """One file of row groups of some 50,000 rows; no more than one group is in memory."""
    with pq.ParquetWriter(path, table_schema(name), compression="zstd") as writer:
        waiting: list[pa.Table] = []
        rows = 0
        for table in tables:
            waiting.append(table)
            rows += len(table)
            if rows >= _GROUP_ROWS:
                writer.write_table(pa.concat_tables(waiting).combine_chunks())
                waiting, rows = [], 0
        if waiting:
            writer.write_table(pa.concat_tables(waiting).combine_chunks())


def table_schema(name: str) -> pa.Schema:
    """The schema of a table of all reports: the contract's, behind the report's hash."""
    return keyed(schema(name).empty_table(), "").schema
