"""A folder of reports audited, from its files to the tables of all: whatever was finished before stays."""

import io
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from . import cluster, files, tables
from .store import Journal, locked
from .worker import PASSING, Limits

_REDRAW, _REPEAT = 0.2, 15.0  # seconds between two lines that tell how far the run is


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended: all files, those by status, how many this run audited, and the findings in `out`."""

    files: int
    statuses: Mapping[str, int]
    audited_now: int
    findings: int


def run(
    folder: str | Path,
    out: str | Path,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    retry: bool = False,
    audit: str = "crossfoot.audit:audit",
    part_rows: int = 64,
    quiet: bool = False,
) -> Summary:
    """Audit every report below `folder` and write the tables of all below `out`.

    `out` receives the tables of an audit (worker.TABLES), each as Parquet in a folder per year: their columns
    and codes are those of crossfoot's schema.toml, behind the report's sha256 and year, which belong to every
    key; words are English. Checks and findings across years stand beside those of single reports
    (across.parquet). reports.parquet has one row per file, measures.parquet what differs from run to run.
    Finished reports (same content, same files.version) are not audited again,
    but for those that failed by circumstances of the run (worker.PASSING); with `retry` whatever failed is.
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
        progress = _Progress(reports, 0, quiet)
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
        statuses, findings = tables.write(target, journal, found, inputs.hashes, inputs.unreadable)
        return Summary(len(found), statuses, progress.finished, findings)


class _Progress:
    """How far the run is: done of all, rate, failures, time left; a line that is redrawn, or one every 15 s.

    `before` of `total` were finished before this run; `quiet` tells nothing."""

    def __init__(self, total: int, before: int, quiet: bool = False) -> None:
        self.total, self.before, self.finished, self.failed = total, before, 0, 0
        self._stream: TextIO = io.StringIO() if quiet else sys.stderr
        self._redraws = self._stream.isatty()
        self._start = time.monotonic()
        self._shown = float("-inf") if self._redraws else self._start

    def add(self, failed: bool) -> None:
        """One more file is finished."""
        self.finished += 1
        self.failed += failed
        now = time.monotonic()
        if now - self._shown >= (_REDRAW if self._redraws else _REPEAT):
            self._shown = now
            self._write()

    def close(self) -> None:
        """Tell how it ended."""
        self._write()
        if self._redraws:
            self._stream.write("\n")
            self._stream.flush()

    def _write(self) -> None:
        seconds = max(time.monotonic() - self._start, 1e-9)
        rate = self.finished / seconds
        left = self.total - self.before - self.finished
        line = f"[{self.before + self.finished}/{self.total}] {rate:.1f} reports/s, {self.failed} failed"
        if left and rate:
            line += f", {_clock(left / rate)} left"
        else:
            line += f", {_clock(seconds)}"
        self._stream.write(f"\r\x1b[K{line}" if self._redraws else f"{line}\n")
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@dataclass(slots=True)
class _Inputs:
    """The files as they are hashed, one after the other: nothing is read before it is its turn."""

    root: Path
    found: list[files.Found]
    done: set[str]
    hashes: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def todo(self, progress: _Progress) -> Iterator[tuple[str, str]]:
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


def _audit(
    inputs: _Inputs,
    journal: Journal,
    progress: _Progress,
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
