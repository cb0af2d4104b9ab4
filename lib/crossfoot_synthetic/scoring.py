"""How an audited corpus of made-up reports compares with what was planted in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot.issuers import link

from .corpus import MANIFEST

_PROSE = ("narrative", "narrative_sum", "share")


@dataclass(frozen=True, slots=True)
class Score:
    """Of the planted errors, those found and those missed; what was found and not planted; lost files.

    `missed`, `invented` and `lost` name the files (and, for what is invented, the check).
    """

    planted: int
    found: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    lost: tuple[str, ...]


def score(folder: str | Path, out: str | Path) -> Score:
    """Compare the tables in `out` (corpus.run) with what MANIFEST says of the reports in `folder`.

    An error counts as found where a finding gathers a broken check of one of its cells, or of its figure in
    the prose. A broken check that uses no planted cell, of this report or of the year before, is invented, as
    is every finding that a report could not be read. A file that no table names is lost.
    """
    truths = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))["files"]
    reports = pd.read_parquet(Path(out) / "reports.parquet").set_index("path")
    breaks = pd.read_parquet(Path(out) / "checks", filters=[("status", "==", "breaks")])
    broken = _by_report(breaks)
    findings = _by_report(pd.read_parquet(Path(out) / "findings"))
    gathered = _by_report(pd.read_parquet(Path(out) / "finding_checks"))
    of_cells = [("check", "in", sorted(set(breaks["check"]))), ("cell", "!=", "")]
    terms = _by_report(pd.read_parquet(Path(out) / "check_terms", filters=of_cells))
    before = _years_before(truths)
    missed, invented, planted = [], [], 0
    for name, truth in truths.items():
        if not truth["issuer"] or name not in reports.index:
            continue
        mark = str(reports.at[name, "sha256"])
        cells = {False: set(truth["cells"]), True: set(before.get(name, {}).get("cells", ()))}
        uses: dict[tuple[str, bool], set[str]] = {}  # by whether the cell is of the year before
        for term in terms.get(mark, ()):
            uses.setdefault((term.check, term.role == "before"), set()).add(term.cell)
        explained = set()
        own = set()
        for check in broken.get(mark, ()):
            used, used_before = (uses.get((check.check, old), set()) & cells[old] for old in (False, True))
            figure = truth["figure"] if check.rule in _PROSE else None
            if used or used_before or figure:
                explained.add(check.check)
            if used or (figure and figure["printed"] in (check.left, check.right)):
                own.add(check.check)
        named = {row.check for row in gathered.get(mark, ())}
        if truth["kind"]:
            planted += 1
            if not own & named:
                missed.append(name)
        invented += [f"{name} {key}" for key in sorted(named - explained)]
        invented += [f"{name} {one.title}" for one in findings.get(mark, ()) if one.kind == "extraction"]
    there = {p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file()}
    lost = sorted(there - set(reports.index) | (set(truths) - set(reports.index)))
    return Score(planted, planted - len(missed), tuple(missed), tuple(invented), tuple(lost))


def _by_report(table: pd.DataFrame) -> dict[str, list[Any]]:
    """The rows of each report."""
    rows: dict[str, list[Any]] = {}
    for row in table.itertuples():
        rows.setdefault(str(row.sha256), []).append(row)
    return rows


def _years_before(truths: Mapping[str, Mapping]) -> dict[str, Mapping]:
    """For each report the one of the same issuer a year earlier."""
    linked = link(truth["issuer"] for truth in truths.values() if truth["issuer"])
    made = {name: (linked[t["issuer"]], t["year"]) for name, t in truths.items() if t["issuer"]}
    by_year = {key: truths[name] for name, key in made.items()}
    return {
        name: by_year[issuer, year - 1]
        for name, (issuer, year) in made.items()
        if (issuer, year - 1) in by_year
    }
