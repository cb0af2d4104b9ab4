"""A folder of reports audited, from its files to the tables of all: whatever was finished before stays."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from . import cluster, files, results
from .outcome import PASSING
from .progress import Progress
from .store import Journal, locked
from .work import Limits


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended: all files, those by status, how many this run audited, and the findings in `out`."""

    files: int
    statuses: Mapping[str, int]
    audited_now: int
    findings: int


@dataclass(slots=True)
class _Inputs:
    """The files as they are hashed, one after the other: nothing is read before it is its turn."""

    root: Path
    found: list[files.Found]
    done: set[str]
    hashes: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def todo(self, progress: Progress) -> Iterator[tuple[str, str]]:
        """Path and hash of each file that is not finished, each content once."""
        seen = set(self.done)
        for one in self.found:
            if one.aside:
                continue
            path = self.root / one.path
            try:
                mark = self.hashes[one.path] = files.sha256(path)
            except OSError as error:
                self.unreadable[one.path] = f"cannot be read ({error.strerror or error})"
                continue
            if mark in seen:
                progress.before += 1
            else:
                seen.add(mark)
                yield str(path), mark


def run(
    folder: str | Path,
    out: str | Path,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    retry: bool = False,
    audit: str = "crossfoot.working:audit",
    part_rows: int = 64,
    quiet: bool = False,
) -> Summary:
    """Audit every report below `folder` and write the tables of all below `out`.

    `out` receives facts, claims, checks and findings, each as Parquet in a folder per year with the report's
    sha256 in front and its year behind, reports.parquet with one row per file, and measures.parquet with
    what differs from run to run. Finished reports (same content, same files.version) are not audited again,
    but for those that failed by circumstances of the run (outcome.PASSING); with `retry` whatever failed is.
    `scheduler` is the address of an existing cluster, which must see the folder under the same path; else an
    embedded one has `workers` processes (one for each processor). Raises CrossfootError where folder, out or
    cluster is not usable; an interrupted run keeps what is finished.
    With `quiet` no progress is told.
    """
    root, target = Path(folder).resolve(), Path(out).resolve()
    found = [one for one in files.find(root) if not (root / one.path).is_relative_to(target)]
    version = files.version()
    with locked(target):
        journal = Journal(target, version, part_rows)
        index = journal.index()
        again = pa.compute.equal(index["status"], "failed")
        if not retry:
            again = pa.compute.is_in(index["reason"], pa.array(PASSING))
        done = set(index.filter(pa.compute.invert(again))["sha256"].to_pylist())
        reports = sum(not one.aside for one in found)
        progress = Progress(reports, 0, quiet)
        inputs = _Inputs(root, found, done)
        try:
            _audit(
                inputs,
                journal,
                progress,
                scheduler,
                workers or os.cpu_count() or 1,
                limits or Limits(),
                audit,
            )
        finally:
            journal.flush()
        progress.close()
        statuses, findings = results.write(target, journal, found, inputs.hashes, inputs.unreadable)
        return Summary(len(found), statuses, progress.finished, findings)


def _audit(
    inputs: _Inputs,
    journal: Journal,
    progress: Progress,
    scheduler: str | None,
    workers: int,
    limits: Limits,
    audit: str,
) -> None:
    todo = inputs.todo(progress)
    first = next(todo, None)
    if first is None:  # nothing to do needs no cluster
        return

    def items() -> Iterator[tuple[str, str]]:
        yield first
        yield from todo

    expected = progress.total - len(inputs.done)
    with cluster.connected(scheduler, workers) as client:
        for outcome in cluster.outcomes(client, items(), limits, audit, expected):
            journal.add(outcome)
            progress.add(outcome.status == "failed")
