"""The tables of all reports, from what is finished: by year, in the files' order, always the same bytes."""

import os
import shutil
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crossfoot.across import Neighbours, Year, compare, year_of
from crossfoot.atomic_write import writing
from crossfoot.issuers import link
from crossfoot.schema import columns, worded_columns
from crossfoot.texts import worded

from . import files
from .store import HELD, INDEX, Journal, coded, keyed, nullable, schema, unpacked, write_table
from .worker import TABLES

REPORTS, MEASURES = "reports.parquet", "measures.parquet"
_FATE = ["sha256", "status", "reason", "problem"]
_MEASURED = [name for name in INDEX if name == "peak" or name.startswith("seconds_")]
_COUNTED = [name for name in INDEX if name not in (*_FATE, "version", *_MEASURED)]
_FINDINGS = ["errors", "queries", "notes", "extraction"]
_PLACE = ["sha256", "issuer", "year", "form", "part", "row", *_FINDINGS]
_GROUP_ROWS = 50_000
_GROUP_ACROSS = 5_000  # these come a dozen at a time, to as many files at once as there are years
_OPEN_PARTS = 36
_UNKNOWN = "unknown"
_FILE = "reports.parquet"


def write(
    target: Path,
    journal: Journal,
    found: Sequence[files.Found],
    hashes: Mapping[str, str],
    unreadable: Mapping[str, str],
) -> tuple[dict[str, int], int]:
    """Write the tables of the files `found`, unless they are there already, just so.

    Returns how many files have each status, and how many findings there are in all.

    `hashes` are the files' contents by path, `unreadable` says why a file has none.
    """
    index = journal.index()
    last = {mark: number for number, mark in enumerate(index["sha256"].to_pylist())}  # of what was retried
    first: dict[str, str] = {}
    rows: list[int | None] = []
    fates: list[tuple] = []
    for one in found:
        mark = hashes.get(one.path)
        number = None if mark is None else last[mark]
        if one.aside:
            fate: tuple = (None, "set_aside", "", "not a kind of file that holds a report")
        elif mark is None or number is None:
            fate = (None, "refused", "", unreadable[one.path])
        elif first.setdefault(mark, one.path) != one.path:
            fate = (mark, "duplicate", "", f"the same content as {first[mark]}")
        else:
            fate = tuple(index[name][number].as_py() for name in _FATE)
        rows.append(number)
        fates.append(fate)
    made_by = {"crossfoot": journal.version, "tables": files.tables_version()}
    counted = index.select(_COUNTED).take(pa.array(rows, pa.int64()))
    reports = _reports(found, fates, counted)
    reports = reports.replace_schema_metadata(nullable(reports.schema).metadata | _encoded(made_by))
    if not _there(target, reports):
        audited = [last[mark] for mark, status, *_ in fates if status == "audited"]
        kept = index.take(pa.array(audited, pa.int64()))
        order = kept.select(_PLACE).to_pylist()
        order.sort(key=lambda place: (place["year"] is None, place["year"] or 0))  # by path within a year
        parts = Parts(journal.parts())
        _write_tables(target, parts, order, across(parts, order))
        measures = kept.select(["sha256", *_MEASURED])
        write_table(target / MEASURES, measures.cast(nullable(measures.schema)))
        write_table(target / REPORTS, reports)
    findings = sum(pq.read_metadata(path).num_rows for path in (target / "findings").rglob("*.parquet"))
    return dict(Counter(status for _, status, *_ in fates)), findings


def table_schema(name: str) -> pa.Schema:
    """The schema of a table of all reports: that of an audit behind the report's hash and its year."""
    return nullable(coded(keyed(schema(name).empty_table(), "", None), name).schema)


def _reports(found: Sequence[files.Found], fates: Sequence[tuple], counted: pa.Table) -> pa.Table:
    """One row per file: path and size, its fate, and what is counted of it."""
    columns: dict[str, pa.Array] = {
        "path": pa.array([one.path for one in found], pa.string()),
        "size": pa.array([one.size for one in found], pa.int64()),
    }
    for number, name in enumerate(_FATE):
        columns[name] = pa.array([fate[number] for fate in fates], pa.string())
    return pa.table(columns | {name: counted[name] for name in counted.column_names})


def _encoded(words: Mapping[str, str]) -> dict[bytes, bytes]:
    return {key.encode(): value.encode() for key, value in words.items()}


def _there(target: Path, reports: pa.Table) -> bool:
    """Whether the tables there were made of just these reports, and are all there."""
    path = target / REPORTS
    if not path.is_file() or not all((target / name).is_dir() for name in TABLES):
        return False
    try:
        return pq.read_table(path).equals(reports, check_metadata=True)
    except (OSError, pa.ArrowInvalid):
        return False


class Parts:
    """The tables of single reports, from parts that are kept open while they are in turn."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._open: OrderedDict[tuple[int, str], pa.ChunkedArray] = OrderedDict()

    def table(self, name: str, part: int, row: int) -> pa.Table | None:
        """The table of that name of the report in that place; None where it has none."""
        key = (part, name)
        if key not in self._open:
            self._open[key] = pq.read_table(self._paths[part], columns=[HELD + name])[HELD + name]
            if len(self._open) > _OPEN_PARTS:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        content = self._open[key][row].as_py()
        return None if content is None else unpacked(content)


def across(parts: Parts, places: Iterable[Mapping]) -> Iterator[Neighbours]:
    """The rows of each table between neighbouring years of one issuer, pair by pair.

    `places` as _write_tables takes them. Only one issuer's reports are in memory at a time.
    """
    known = [place for place in places if place["issuer"] and place["year"] is not None]
    linked = link(place["issuer"] for place in known)
    groups: dict[str, list[Mapping]] = {}
    for place in known:
        groups.setdefault(linked[place["issuer"]], []).append(place)
    for name, group in groups.items():
        numbers = {place["year"] for place in group}
        near = [place for place in group if {place["year"] - 1, place["year"] + 1} & numbers]
        years = [year for place in near if (year := _year(parts, place)) is not None]
        yield from compare(years, name)


def _year(parts: Parts, place: Mapping) -> Year | None:
    names = ("facts", "checks", "check_terms")
    facts, checks, terms = (parts.table(name, place["part"], place["row"]) for name in names)
    if facts is None or checks is None or terms is None:
        return None
    told = checks.filter(pa.compute.equal(checks["rule"], "narrative"))["check"]
    terms = terms.filter(pa.compute.is_in(terms["check"], told.combine_chunks()))  # most are of sums
    return year_of(place, facts.to_pandas(), checks.to_pandas(), terms.to_pandas())


def _write_tables(
    folder: Path,
    parts: Parts,
    places: Sequence[Mapping],
    across: Iterable[Neighbours],
) -> None:
    """Write the tables of the reports at `places` below `folder`, anew as a whole.

    A place is a mapping with _PLACE, in the order the rows shall have. `across` gives the rows that do not
    stand in one report.
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
                if table is not None and len(table):
                    rows.add(keyed(table, place["sha256"], year))
            rows.close()
    _write_across(beside, across, {place["sha256"]: sum(place[n] for n in _FINDINGS) for place in places})
    with writing(folder):
        for name in TABLES:
            old = folder / f".{name}.old"
            shutil.rmtree(old, ignore_errors=True)
            if (folder / name).exists():
                os.replace(folder / name, old)
            os.replace(beside / name, folder / name)
            shutil.rmtree(old, ignore_errors=True)
        beside.rmdir()


class _Rows:
    """A Parquet file that fills as rows come, in groups of about so many: no more than one is in memory."""

    def __init__(self, path: Path, name: str, group: int) -> None:
        self._name, self._group = name, group
        self._schema = table_schema(name)
        self._path = path
        with writing(path):
            self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[pa.Table] = []
        self._count = 0

    def add(self, table: pa.Table) -> None:
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
            whole = coded(pa.concat_tables(self._waiting).combine_chunks(), self._name)
            self._writer.write_table(whole.cast(self._schema))
        self._waiting, self._count = [], 0


def _place(folder: Path, name: str, year: int | None) -> Path:
    # not `year=2019`: from such names pandas would guess the column's type, and fails where one is missing
    target = folder / name / (_UNKNOWN if year is None else str(year))
    with writing(target):
        target.mkdir(exist_ok=True)
    return target


def _write_across(folder: Path, across: Iterable[Neighbours], own: Mapping[str, int]) -> None:
    """Write the rows across years beside those of the reports; `own` counts the findings that these have."""
    files: dict[tuple[str, int], _Rows] = {}
    for pair in across:
        for name in (name for name, rows in pair.rows.items() if rows):
            if (name, pair.year) not in files:
                place = _place(folder, name, pair.year) / "across.parquet"
                files[name, pair.year] = _Rows(place, name, _GROUP_ACROSS)
            values = dict(zip(columns(name), zip(*pair.rows[name], strict=True), strict=True))
            for column in worded_columns(name):
                values[column] = tuple(worded(words, "en") for words in values[column])
            if name == "findings":  # the report's own come first
                values["number"] = tuple(number + own[pair.sha256] for number in values["number"])
            made = [pa.array(values[field.name], field.type, from_pandas=True) for field in schema(name)]
            table = pa.Table.from_arrays(made, schema=schema(name))
            files[name, pair.year].add(keyed(table, pair.sha256, pair.year))
    for one in files.values():
        one.close()
