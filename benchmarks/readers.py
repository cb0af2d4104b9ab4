"""Cells read right, wrong and lost by four ways of reading a PDF's tables: docs/readers.{md,csv}.

Run as `python benchmarks/readers.py [--rounds N] [--out DIR]`; needs the optional extra `bench`, and the real
report in ../shared/samples. Counts are the same every time; times are not.
"""

import argparse
import csv
import gc
import os
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from crossfoot import audit, java, readers
from crossfoot.forms import Row, cell_name, tables
from crossfoot.labels import align, similarity
from crossfoot.numerals import read_cell

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT.parent / "shared" / "samples" / "hongze-2023.pdf"
SEED = ROOT / "data" / "raw" / "zhifu-2019.pdf"
OUTCOMES = ["right", "wrong", "lost", "reported"]
OURS = "Crossfoot, both readers"
YARDSTICK = "pdfplumber"
FAULTS = "## Reading faults"
"""The section of the page that reading_faults.py writes."""

Frame = list[list[str]]
Printed = dict[str, str]

_HEAD = """\
# How the tables of a PDF are read

Every cell of sections 三 and 四, blank ones included, of two reports, one of each form:
{files}.
Made by `benchmarks/readers.py` with {versions}.

{rows}

- `right`: the cell's own figure, or blank, stands at its row and column. `wrong`: something else stands
  there. `lost silently`: a figure is printed and nothing stands there, or the whole row is gone, and nothing
  says so. `reported`: not read right, but a finding of kind `extraction` names the cell.
- `time`: as a share of what pdfplumber takes for the same file; the median of {rounds} rounds in one process,
  after {warm} rounds to get warm, the ways in turn within a round; in brackets the middle half of the rounds.
  It is processor time, of the process and its children, all cores together, since other work ran beside it.
  pdfplumber took {seconds} s. All of them are given every page; Crossfoot alone reads the text too.
- Truth: for {sample} the transcription by hand that comes with it, for {seed} the text that the PDF was
  typeset from.

## How the others' tables are matched

As a user would take them, with every doubt in their favour:

- What is called is what each one's documentation shows: {calls}.
  All tables of all pages are taken.
- A table's column names count as its first row, since a table that goes on overleaf has no header; pandas'
  `Unnamed: 3` counts as blank. What pandas makes of equal names (`0`, `0.1`, `0.2`) stays as it is.
- Section 三: rows are told by their labels, as leniently as our own reader does, in the form's order. The
  seven columns are those seven neighbouring ones of the table under which most cells come out right. They
  are the same for all rows of one table, for that is what a table says: a figure that slid into the next
  column stands in the wrong one.
- Section 四: the row with the most figures in the table that names 行政复议 and 行政诉讼, its cells in order
  from the column on at which most come out right.
- Figures are compared as numbers: `49.0` is 49. Two figures in one cell are not one.
"""


@dataclass(frozen=True)
class Way:
    """One way to read a PDF: how it is called, and what gives its tables."""

    name: str
    call: str
    read: Callable[[Path], list[Frame]]


def tabula_default(path: Path) -> list[Frame]:
    """tabula-py as its documentation shows it."""
    import tabula

    return [_of_frame(frame) for frame in tabula.read_pdf(str(path), pages="all", silent=True)]


def tabula_lattice(path: Path) -> list[Frame]:
    """tabula-py told that the tables are ruled."""
    import tabula

    return [_of_frame(frame) for frame in tabula.read_pdf(str(path), pages="all", lattice=True, silent=True)]


def pdfplumber_tables(path: Path) -> list[Frame]:
    """pdfplumber's tables, page by page."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return [[[cell or "" for cell in row] for row in t] for p in pdf.pages for t in p.extract_tables()]


def camelot_tables(path: Path) -> list[Frame]:
    """camelot's tables."""
    import camelot

    return [table.df.astype(str).to_numpy().tolist() for table in camelot.read_pdf(str(path), pages="all")]


WAYS = (
    Way("tabula-py", '`tabula.read_pdf(path, pages="all")`', tabula_default),
    Way("tabula-py, lattice", '`tabula.read_pdf(path, pages="all", lattice=True)`', tabula_lattice),
    Way(YARDSTICK, "`page.extract_tables()`", pdfplumber_tables),
    Way("camelot", '`camelot.read_pdf(path, pages="all")`', camelot_tables),
)
PACKAGES = ("tabula-py", "pdfplumber", "camelot-py")


def _of_frame(frame: pd.DataFrame) -> Frame:
    names = ["" if str(name).startswith("Unnamed: ") else str(name) for name in frame.columns]
    return [names, *frame.astype(object).where(frame.notna(), "").astype(str).to_numpy().tolist()]


# How one way's tables compare with what is printed -------------------------------------------------------


def judged(true: str, read: str) -> str:
    """The outcome of one cell that prints `true` and is read as `read`."""
    expected, seen = read_cell(true), read_cell(read)
    if (expected.status, expected.value) == (seen.status, seen.value):
        return "right"
    return "lost" if seen.status == "blank" else "wrong"


def outcomes(frames: Sequence[Frame], truth: Printed, form: str) -> dict[str, str]:
    """Each cell's outcome; a cell of a row that no table has is lost."""
    found = dict.fromkeys(truth, "lost")
    for frame in frames:
        found |= _requests(frame, truth, form)
    best: dict[str, str] = {}
    for frame in frames:
        here = _disputes(frame, truth, form)
        best = max(best, here, key=_right)
    return found | best


def _right(judgements: dict[str, str]) -> int:
    return sum(outcome == "right" for outcome in judgements.values())


def _requests(frame: Frame, truth: Printed, form: str) -> dict[str, str]:
    table = tables(form)["requests"]
    rows = [row for row in table.rows if cell_name("requests", row.code, "total") in truth]
    wordings = [(row.label, *row.aliases) for row in rows]
    heads = {word for column in table.columns for word in (column.label, *column.aliases)}
    labels = [_label(cells, wordings, heads) for cells in frame]
    chosen = align(labels, wordings)
    placed = [(cells, rows[n]) for cells, n in zip(frame, chosen, strict=True) if n is not None]
    if len(placed) < 2 and not any("自然" in cell for cells in frame for cell in cells):
        return {}
    codes = [column.code for column in table.columns]
    width = max(map(len, frame))
    tries = (_window(placed, codes, start, truth) for start in range(max(1, width - len(codes) + 1)))
    return max(tries, key=_right)


def _label(cells: list[str], wordings: Sequence[tuple[str, ...]], heads: set[str]) -> str:
    """The cell that is most like a label of the form; 总计 and 其他, bare, head columns."""
    labels = [cell for cell in cells if "".join(cell.split()) not in heads]
    return max(labels, key=lambda cell: max(similarity(cell, words) for words in wordings), default="")


def _window(
    placed: Sequence[tuple[list[str], Row]], codes: Sequence[str], start: int, truth: Printed
) -> dict[str, str]:
    """The outcomes where the table's columns from `start` on are the form's."""
    found = {}
    for cells, row in placed:
        here = [*cells[start : start + len(codes)], *[""] * len(codes)]
        for code, cell in zip(codes, here, strict=False):
            name = cell_name("requests", row.code, code)
            found[name] = judged(truth[name], cell)
    return found


def _disputes(frame: Frame, truth: Printed, form: str) -> dict[str, str]:
    words = "".join("".join(cells) for cells in frame)
    if "行政复议" not in words or "行政诉讼" not in words or len(frame[0]) < 6:
        return {}
    table = tables(form)["disputes"]
    names = [cell_name("disputes", row.code, column.code) for row in table.rows for column in table.columns]
    figures = max(frame, key=lambda cells: sum(any(c.isdigit() for c in cell) for cell in cells))
    tries = []
    for start in range(max(1, len(figures) - len(names) + 1)):
        cells = [*figures[start : start + len(names)], *[""] * len(names)]
        tries.append({n: judged(truth[n], cell) for n, cell in zip(names, cells, strict=False)})
    return max(tries, key=_right)


def our_outcomes(path: Path, truth: Printed) -> dict[str, str]:
    """Each cell's outcome in our audit; what is not right but named in a finding is reported."""
    result = audit(path)
    facts = result.facts[result.facts["table"] != "disclosure"]
    told = {cell for problem in result.problems for cell in problem.cells}
    raw = dict(zip(facts["cell"], facts["raw"], strict=True))
    found = {name: judged(true, raw[name]) if name in raw else "lost" for name, true in truth.items()}
    return {n: "reported" if outcome != "right" and n in told else outcome for n, outcome in found.items()}


# Truth ---------------------------------------------------------------------------------------------------


def transcribed(path: Path) -> Printed:
    """What the sample prints, as transcribed by hand."""
    with path.with_suffix(".facts.csv").open(encoding="utf-8", newline="") as stream:
        return {cell_name(r["table"], r["row"], r["column"]): r["printed"] for r in csv.DictReader(stream)}


def of_text(path: Path) -> Printed:
    """What the text prints that the PDF was set from."""
    facts = audit(path.with_suffix(".txt")).facts
    facts = facts[facts["table"] != "disclosure"]
    return dict(zip(facts["cell"], facts["raw"], strict=True))


# Time ----------------------------------------------------------------------------------------------------


def spent() -> float:
    """Processor seconds of this process and the children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def timed(path: Path, rounds: int, warm: int) -> dict[str, list[tuple[float, float]]]:
    """Processor and wall seconds of each way in each round on one file."""
    calls: dict[str, Callable[[Path], object]] = {way.name: way.read for way in WAYS}
    calls |= {OURS: readers.read, "Crossfoot, the whole audit": audit}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for number in range(warm + rounds):
        for name, call in calls.items():
            gc.collect()
            cpu, wall = spent(), time.perf_counter()
            call(path)
            took = spent() - cpu, time.perf_counter() - wall
            if number >= warm:
                found[name].append(took)
    return found


def ratio(times: dict[str, list[tuple[float, float]]], name: str) -> list[float]:
    """Processor time as a multiple of the yardstick's: lower quartile, median, upper quartile."""
    pairs = zip(times[name], times[YARDSTICK], strict=True)
    return statistics.quantiles([one[0] / other[0] for one, other in pairs], n=4, method="inclusive")


# The page ------------------------------------------------------------------------------------------------


def markdown(counts: pd.DataFrame, times: dict[str, dict], rounds: int, warm: int) -> str:
    """The published page."""
    lines = [
        "| report | read with | right | wrong | lost silently | reported | time |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in counts.itertuples():
        took = "1" if row.way == YARDSTICK else _spread(ratio(times[row.report], row.way))
        cells = (row.right, row.wrong, row.lost, row.reported)
        lines.append(f"| {row.report} | {row.way} | {' | '.join(map(str, cells))} | {took} |")
    for report, measured in times.items():
        whole = "Crossfoot, the whole audit"
        lines.append(f"| {report} | {whole} | | | | | {_spread(ratio(measured, whole))} |")
    files = " and ".join(f"{report} ({n} cells)" for report, n in _cells(counts).items())
    calls = ",\n  ".join(f"{way.name} {way.call}" for way in WAYS)
    medians = (statistics.median(cpu for cpu, _ in measured[YARDSTICK]) for measured in times.values())
    return _HEAD.format(
        files=files,
        versions=", ".join(f"{package} {version(package)}" for package in PACKAGES),
        rows="\n".join(lines),
        rounds=rounds,
        warm=warm,
        seconds=" and ".join(f"{median:.1f}" for median in medians),
        sample=SAMPLE.stem,
        seed=SEED.stem,
        calls=calls,
    )


def _cells(counts: pd.DataFrame) -> dict[str, int]:
    return (
        counts.groupby("report", sort=False)[OUTCOMES]
        .sum()
        .sum(axis=1)
        .div(len(WAYS) + 1)
        .astype(int)
        .to_dict()
    )


def _spread(quartiles: list[float]) -> str:
    low, middle, high = (f"{value:.2f}" for value in quartiles)
    return f"{middle} ({low} to {high})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="rounds that are timed")
    parser.add_argument(
        "--warm", type=int, default=8, help="rounds before them, for the Java runtime to get warm"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    if not SAMPLE.is_file():
        print(f"../shared/samples/{SAMPLE.name} is not available; nothing was measured", file=sys.stderr)
        return 1
    warnings.simplefilter("ignore")
    java.start()  # so that tabula-py finds the runtime that is installed, and in this process
    rows, times = [], {}
    for path, form, truth in ((SAMPLE, "2021", transcribed(SAMPLE)), (SEED, "2019", of_text(SEED))):
        every = {way.name: outcomes(way.read(path), truth, form) for way in WAYS}
        every[OURS] = our_outcomes(path, truth)
        for way, found in every.items():
            count = Counter(found.values())
            rows.append({"report": path.stem, "way": way} | {outcome: count[outcome] for outcome in OUTCOMES})
        times[path.stem] = timed(path, options.rounds, options.warm)
    counts = pd.DataFrame(rows)
    options.out.mkdir(parents=True, exist_ok=True)
    counts.to_csv(options.out / "readers.csv", index=False, lineterminator="\n")
    page = options.out / "readers.md"
    _, mark, faults = (page.read_text(encoding="utf-8") if page.is_file() else "").partition(f"\n{FAULTS}\n")
    page.write_text(markdown(counts, times, options.rounds, options.warm) + mark + faults, encoding="utf-8")
    print(counts.to_string(index=False))
    for report, measured in times.items():
        for way, took in measured.items():
            cpu, wall = (statistics.median(t[n] for t in took) for n in (0, 1))
            print(f"{report}, {way}: median {cpu:.2f} s of processor time, {wall:.2f} s by the clock")
    return 0


if __name__ == "__main__":
    sys.exit(main())
