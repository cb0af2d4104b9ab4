"""The tables of all reports, from the parts: by year, in the files' order, the same bytes every time."""

import os
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crossfoot.atomic_write import writing

from .frames import keyed, nullable, schema, unpacked
from .outcome import TABLES

_GROUP_ROWS = 50_000
_GROUP_ACROSS = 5_000  # these come a dozen at a time, to as many files at once as there are years
_OPEN_PARTS = 24
_UNKNOWN = "unknown"
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


class _Rows:
    """A Parquet file that fills as rows come, in groups of about so many: no more than one is in memory."""

    def __init__(self, path: Path, name: str, group: int) -> None:
        self._group = group
        self._schema = table_schema(name)
        self._path = path
        with writing(path):
            self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[pa.Table] = []
        self._count = 0

    def add(self, rows: pa.Table | list[dict]) -> None:
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, self._schema)
        self._waiting.append(table)
        self._count += len(table)
        if self._count >= self._group:
            self._flush()

    def close(self) -> None:
        if self._waiting:
            self._flush()
        with writing(self._path):
            self._writer.close()

    def _flush(self) -> None:
        with writing(self._path):
            self._writer.write_table(pa.concat_tables(self._waiting).combine_chunks())
        self._waiting, self._count = [], 0


def write(
    folder: Path,
    parts: Parts,
    places: Sequence[Mapping],
    across: Iterable[tuple[list[dict], list[dict]]],
) -> None:
    """Write facts, claims, checks and findings of the reports at `places` below `folder`, anew as a whole.

    A place is a mapping with sha256, year, part and row, in the order the rows shall have. `across` gives
    rows of checks and of findings that do not stand in one report, each with its year.
    """
    beside = folder / ".tables.new"
    shutil.rmtree(beside, ignore_errors=True)
    by_year: dict[int | None, list[Mapping]] = {}
    for place in places:
        by_year.setdefault(place["year"], []).append(place)
    for name in TABLES:
        with writing(folder):
            (beside / name).mkdir(parents=True)
        for year in sorted(by_year, key=lambda y: (y is None, y or 0)) or [None]:
            rows = _Rows(_place(beside, name, year) / _FILE, name, _GROUP_ROWS)
            for place in by_year.get(year, ()):
                table = parts.table(name, place["part"], place["row"])
                if table is not None:
                    rows.add(keyed(table, place["sha256"], year))
            rows.close()
    _write_across(beside, across)
    with writing(folder):
        for name in TABLES:
            old = folder / f".{name}.old"
            shutil.rmtree(old, ignore_errors=True)
            if (folder / name).exists():
                os.replace(folder / name, old)
            os.replace(beside / name, folder / name)
            shutil.rmtree(old, ignore_errors=True)
        beside.rmdir()


def _place(folder: Path, name: str, year: int | None) -> Path:
    # not `year=2019`: from such names pandas would guess the column's type, and fails where one is missing
    target = folder / name / (_UNKNOWN if year is None else str(year))
    with writing(target):
        target.mkdir(exist_ok=True)
    return target


def _write_across(folder: Path, across: Iterable[tuple[list[dict], list[dict]]]) -> None:
    files: dict[tuple[str, int], _Rows] = {}
    for both in across:
        for name, rows in zip(("checks", "findings"), both, strict=True):
            if rows:
                year = rows[0]["year"]  # the same in all: they are of one pair of years
                if (name, year) not in files:
                    place = _place(folder, name, year) / "across.parquet"
                    files[name, year] = _Rows(place, name, _GROUP_ACROSS)
                files[name, year].add(rows)
    for one in files.values():
        one.close()


def table_schema(name: str) -> pa.Schema:
    """The schema of a table of all reports: the contract's between the report's hash and its year."""
    return nullable(keyed(schema(name).empty_table(), "", None).schema)
