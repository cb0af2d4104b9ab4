"""The tables of all reports, from what is finished: unless they are there already, just so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from . import compact, files
from .frames import nullable
from .links import across
from .outcome import TABLES
from .store import INDEX, Journal, write_table

REPORTS, MEASURES = "reports.parquet", "measures.parquet"
_FATE = ["sha256", "status", "reason", "problem"]
_MEASURED = [name for name in INDEX if name == "peak" or name.startswith("seconds_")]
_COUNTED = [name for name in INDEX if name not in (*_FATE, "version", *_MEASURED)]
_PLACE = ["sha256", "issuer", "year", "form", "part", "row"]


def write(
    target: Path,
    journal: Journal,
    found: Sequence[files.Found],
    hashes: Mapping[str, str],
    unreadable: Mapping[str, str],
) -> tuple[dict[str, int], int]:
    """Write the tables of the files `found`; returns how many files have each status, and how many
    findings there are in all.

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
        columns = [kept[name].to_pylist() for name in _PLACE]
        order = [dict(zip(_PLACE, row, strict=True)) for row in zip(*columns, strict=True)]
        order.sort(key=lambda place: (place["year"] is None, place["year"] or 0))  # by path within a year
        parts = compact.Parts(journal.parts())
        compact.write(target, parts, order, across(parts, order))
        measures = kept.select(["sha256", *_MEASURED])
        write_table(target / MEASURES, measures.cast(nullable(measures.schema)))
        write_table(target / REPORTS, reports)
    findings = sum(pq.read_metadata(path).num_rows for path in (target / "findings").rglob("*.parquet"))
    return dict(Counter(status for _, status, *_ in fates)), findings


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
