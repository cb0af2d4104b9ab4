"""docs/scale.md, from docs/scale.csv: every figure on the page is measured, or computed here from measures.

Run as `python benchmarks/scale_page.py [FILE]` to write the page of measures that are there already.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
GOAL = 100_000
FLAT = 2_000
OURS = ("crossfoot, in a run of hundreds", "crossfoot, in a run of thousands")
_STAGES = (
    ("text", "characters of every page, and its text in reading order"),
    ("pdfium", "tables, second reader"),
    ("tabula", "tables, first reader, in Java"),
    ("rest", "cells, facts, claims, checks, findings"),
    ("pack", "tables as Arrow, for the way back"),
)
_PAGE = """\
# A province's worth

What `crossfoot corpus` costs, measured by `benchmarks/corpus.py` on made-up reports (two cores; PDF, HTML,
Word and text, both forms, neighbouring years, 20 poisonous files in each run), and what follows for
{goal:,} reports. All measures: [scale.csv](scale.csv); each part is one run. Machines differ: what holds
elsewhere are the ratios.

## Speed

Processor seconds per text-layer PDF, warm, each reader on one core, on the same files. Ours is everything:
two readers, facts, claims, checks and explanations; the others only extract tables. A run of 2,000 or more
for each worker uses Java's second compiler, which repays there what it costs.

{speed}

Two workers do {workers:.2f} times the reports per second of one.

## Cost of one report, by stage

Seconds per PDF of about four pages, two workers on two cores, warm:

{stages}

A report in HTML, Word or text takes {others:.3f} s in all.

## Growth

{growth}

From report 100 on time per PDF is flat: the last ones of the run of {flat_size:,} take {flat:.2f} of the time
of those near report 100, and {level:.2f} of a worker's memory, which is Java's heap and full early. A run of
2,000 or more for each worker uses the second compiler, which slows a worker's first 300 reports and saves a
fifth of the time of each later one: there time falls, and never grows. The driver holds {window} reports for
each worker and up to 64 finished ones, whatever the number of files; the rest of its memory is one row per
file, and a row group of the tables while they are written.

In the run of {most:,} reports {planted} errors were planted: {found} were found, {invented} were invented,
{lost} files were lost, and all {poisoned} poisonous files are named as such, with the reason.

## A plan for {goal:,} reports

{plan}

The reports take {seconds:.3f} s of one core each, and the driver, Dask's scheduler with it, {driver:.1f} ms
of its own for each: so one driver keeps about {saturated} workers busy, and more would wait for it. The
tables of all are made at the end by the driver alone, in {tables:.1f} min. A worker needs a core,
{memory:.1f} GB of memory for its child and itself, and the folder of reports under the same path.

On disk: {parts:.1f} GB of parts (what makes the run go on where it stopped; they can be deleted at the end)
and {shown:.1f} GB of Parquet. The reports themselves are larger: at 0.5 MB each, {input:.0f} GB to read once
over the network.

What would break first, in this order:

1. **Reports that hang.** Each costs its whole limit, 120 s unless `--seconds` says less. If 1 of 1,000 does,
   that is {hanging:.1f} h of one core beside the {whole:.1f} h of all others.
2. **The driver**, at some {saturated} workers. Then split the folder, by province or year, into runs of their
   own: nothing but the comparison of neighbouring years needs one table, and it needs one issuer only.
3. **Scans.** A PDF of pictures is refused in milliseconds, and named, unless the extra `scan` is installed on
   every worker; recognition then takes seconds per page, and the plan above no longer holds.
4. **The folder.** It is listed and hashed by the driver; on a slow network file system that, and not the
   audit, sets the pace.

Not measured: more than two cores, more than one machine, {goal:,} real files. Tests kill workers, scheduler
and driver on a small corpus (`tests/test_corpus.py`).
"""


def measures(path: Path) -> dict[str, dict[str, float]]:
    """The measures of scale.csv by part and name."""
    found: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["part"], {})[row["measure"]] = float(row["value"])
    return found


def page(path: Path) -> str:
    """The page about the measures in that file; raises KeyError where one is missing."""
    from crossfoot_corpus.cluster import WINDOW
    from crossfoot_corpus.worker import TABLES

    part = measures(path)
    sizes = sorted((name for name in part if name.startswith("growth ")), key=lambda n: int(n.split()[1]))
    last, flat = part[sizes[-1]], part[f"growth {FLAT}"]
    seconds, at_the_end = last["PDF, all"], last["tables of all made again"]
    driver = last["driver's processor time"] - at_the_end
    saturated = int(1000 * seconds / driver)
    tables = GOAL * at_the_end / 60_000
    memory = last["peak memory of a worker's child"] + last["memory of a Dask worker beside it"]
    return _PAGE.format(
        goal=GOAL,
        speed=_table(("on", "by", "s per report", "ours is faster, times"), _speed(part["speed"])),
        workers=part["workers"]["two workers against one"],
        stages=_table(("stage", "what", "s"), ((s, what, f"{last[f'PDF, {s}']:.3f}") for s, what in _STAGES)),
        others=last["HTML, DOCX, text: all"],
        growth=_growth({int(name.split()[1]): part[name] for name in sizes}),
        flat_size=FLAT,
        flat=flat["time per PDF, the last against those near report 100"],
        level=flat["peak memory, the last against those near report 100"],
        window=WINDOW,
        most=int(sizes[-1].split()[1]),
        planted=f"{last['errors planted']:.0f}",
        found=f"{last['errors found']:.0f}",
        invented=f"{last['errors invented']:.0f}",
        lost=f"{last['files lost']:.0f}",
        poisoned=f"{last['poisonous files named as such']:.0f}",
        plan=_table(
            ("workers", "hours for the reports", "and the tables"),
            (
                (str(n), f"{GOAL * seconds / n / 3600:.1f}", f"{tables / 60:.1f}")
                for n in sorted({2, 4, 8, saturated})
            ),
        ),
        seconds=seconds,
        driver=driver,
        saturated=saturated,
        tables=tables,
        memory=memory / 1024,
        parts=GOAL * last["parts on disk"] / 2**20,
        shown=GOAL * sum(last.get(f"{name} on disk", 0.0) for name in TABLES) / 2**20,
        input=GOAL * 0.5 / 1024,
        hanging=GOAL / 1000 * 120 / 3600,
        whole=GOAL * seconds / 3600,
    )


def _speed(part: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    for name, value in part.items():
        group, _, reader = name.partition(": ")
        if "times as fast" not in reader:
            theirs = not reader.startswith("crossfoot")
            times = sorted(value / part[f"{group}: {own}"] for own in OURS) if theirs else []
            yield group, reader, f"{value:.3f}", " to ".join(f"{time:.1f}" for time in times)


_GROWN = (
    ("whole run, two workers, s", "whole run", ".0f"),
    ("files per second", "files per second", ".1f"),
    ("driver's memory, half way, MB", "driver's memory after half of the time", ".0f"),
    ("driver's memory at most, MB", "driver's memory at most", ".0f"),
    ("driver's processor time per file, ms", "driver's processor time", ".1f"),
    ("second run with nothing to do, s", "second run, nothing to do", ".1f"),
    ("tables of all, ms per file", "tables of all made again", ".1f"),
    ("parts on disk, kB per report", "parts on disk", ".1f"),
)
_NEAR = (
    ("time per PDF, s", "time per PDF near report {}", ".3f"),
    ("peak memory of a worker's child, MB", "peak memory of a worker's child near report {}", ".0f"),
)


def _growth(by_size: Mapping[int, Mapping[str, float]]) -> str:
    """Two tables: whole runs of several sizes, and reports early and late in the larger ones."""
    rows = [(words, *(format(part[name], how) for part in by_size.values())) for words, name, how in _GROWN]
    whole = _table(("run of so many reports", *(f"{size:,}" for size in by_size)), rows)
    prefix = _NEAR[0][1].format("")
    numbers = [int(name.removeprefix(prefix)) for name in by_size[max(by_size)] if name.startswith(prefix)]
    near = [
        (
            f"run of {size:,}: {words}",
            *(format(part[name.format(n)], how) if name.format(n) in part else "" for n in numbers),
        )
        for size, part in by_size.items()
        if size >= FLAT
        for words, name, how in _NEAR
    ]
    return f"{whole}\n\nNear report number:\n\n{_table(('', *(f'{n:,}' for n in numbers)), near)}"


def _table(head: tuple[str, ...], rows) -> str:
    """A Markdown table; every column but the first holds figures or words as they come."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "scale.csv"
    source.with_suffix(".md").write_text(page(source), encoding="utf-8")
