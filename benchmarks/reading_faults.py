"""Whether a wrong reading is noticed, by planting faults in one reader's result: docs/reading_faults.csv.

Run as `python benchmarks/reading_faults.py [--each N] [--reports N] [--seed S] [--formats pdf html …]
[--details FILE] [--out DIR]`. Each document is read once; then a fault is planted in the cells of one of its
readers, and the document is audited again. Writes its section of docs/readers.md too. Seeded: the same
options give the same tables. Real reports are taken from ../shared/samples, where these are available.
"""

import argparse
import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pandas as pd
from fault_outcomes import Outcome, differing, judged, said  # beside this file
from faulty_readings import FAULTS, WORDS, Fault, Sheet, Spot, planted, spots, with_fault

from crossfoot import Audit, readers
from crossfoot.audit import audit_document
from crossfoot.document import Document
from crossfoot_synthetic import corpus
from crossfoot_synthetic.rendering import FORMATS, Layout

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
REAL = (
    "hongze-2023.pdf",
    "shanghai-office-2019.html",
    "shuyang-fgj-2023.html",
    "kewei-2024.md",
    "shuyang-xian-2025.txt",
)
RAW = ("zhifu-2019.pdf", "zhifu-2019.txt")
COUNTS = [
    "planted", "changed", "noticed", "named", "made_good", "silent", "published_errors", "published_others",
    "crashed",
]  # fmt: skip
SECTION = "## Reading faults"
_HEAD = """\
{section}

Faults planted in what one reader saw, {planted} in all, {each} of each kind and reader where there is room
for so many; the text of the document stays as it was read. Made by `benchmarks/reading_faults.py`, the same
every time, on {real} and on {made} made-up reports in each format.{missing}

- `changed`: audited with that reader alone, a cell has another value or status than without the fault.
- `noticed`: the audit with all readers has a finding of kind `extraction` that it has not without the fault,
  or says of such a cell that it is unread.
- `named`: it does so of every cell that came out wrong, by the cell's name or by its table and figure.
- `made good`: nothing is said, and nothing came out wrong: the other reader alone gives the cells, and the
  table of readings says so.
- `silently wrong`: a cell came out wrong, and no finding of any kind is new.
- `published`: a finding blames the report for a break that is not there without the fault.

"""


# The documents -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """One document as read, under the name and format it is counted by."""

    name: str
    format: str
    document: Document


def _markdown(layout: Layout) -> bytes:
    """The report as text with its tables between pipes."""
    lines: list[str] = []
    for line in FORMATS[".txt"](layout).decode().split("\n"):
        cells = line.split("\t")
        if len(cells) > 1:
            above = lines[-1].startswith("|") if lines else False
            lines.append("| " + " | ".join(cells) + " |")
            if not above:
                lines.append("|" + "---|" * len(cells))
        else:
            lines.append(line)
    return "\n".join(lines).encode()


def _commas(layout: Layout) -> bytes:
    """The report as text with its tables' cells apart by commas."""
    lines = []
    for line in FORMATS[".txt"](layout).decode().split("\n"):
        cells = line.split("\t")
        if len(cells) > 1:
            row = io.StringIO()
            csv.writer(row, lineterminator="").writerow(cells)
            line = row.getvalue()
        lines.append(line)
    return "\n".join(lines).encode()


RENDERED: dict[str, Callable[[Layout], bytes]] = {
    **{suffix.removeprefix("."): render for suffix, render in FORMATS.items()},
    "md": _markdown,
    "csv": _commas,
}


def sources(formats: Iterable[str], reports: int, seed: int, real: bool = True) -> Iterator[Source]:
    """The samples and raw reports of those formats, then so many sound made-up reports in each format."""
    wanted = list(formats)
    if real:
        for path in [*(SAMPLES / name for name in REAL), *(ROOT / "data" / "raw" / name for name in RAW)]:
            if path.suffix[1:] in wanted and path.is_file():
                yield Source(path.name, path.suffix[1:], readers.read(path))
    # an issuer has at most six years: every seventh report is of another one
    made = list(islice(corpus.reports(7 * reports, seed, errors=0.0), 0, None, 7))
    with tempfile.TemporaryDirectory() as folder:
        for kind in wanted:
            for number, report in enumerate(made):
                path = Path(folder) / f"made-up-{number + 1}.{kind}"
                path.write_bytes(RENDERED[kind](corpus.layout(report)))
                yield Source(path.name, kind, readers.read(path))


# The benchmark -------------------------------------------------------------------------------------------

Auditor = Callable[[Document], Audit]


def trials(
    source: Source, each: int, seed: str, auditor: Auditor = audit_document
) -> Iterator[tuple[str, str, Spot, Fault, Outcome]]:
    """Each fault planted in the document's readers in turn: reader, kind, where, what, and the outcome."""
    document = source.document
    base = said(auditor(document))
    for reader, grids in document.grids.items():
        lone = len(document.grids) == 1
        alone = auditor(replace(document, grids={reader: grids}))
        own = base if lone else said(alone)
        sheet = Sheet(document, reader, spots(alone, reader))
        for kind in FAULTS:
            for spot, fault in planted(sheet, kind, each, seed):
                faulty = with_fault(document, reader, fault)
                try:
                    now = said(auditor(faulty))
                    by_itself = (
                        now if lone else said(auditor(replace(faulty, grids={reader: faulty.grids[reader]})))
                    )
                except Exception as error:  # a fault of ours, which the table is to show
                    print(f"{source.name} {reader} {kind} {spot.name}: {error!r}", file=sys.stderr)
                    yield reader, kind, spot, fault, Outcome(True, crashed=True)
                    continue
                changed = differing(own, by_itself)
                outcome = judged(base, now, changed) if changed else Outcome(False)
                yield reader, kind, spot, fault, outcome


def measure(
    found: Iterable[Source], each: int, seed: int, auditor: Auditor = audit_document
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row of counts per document, reader and fault, and one row for each fault that is not just named."""
    rows, details = [], []
    for source in found:
        print(f"{source.name} …", file=sys.stderr, flush=True)
        counts: dict[tuple[str, str], Counter] = {}
        for reader, kind, spot, fault, outcome in trials(source, each, str(seed), auditor):
            count = counts.setdefault((reader, kind), Counter())
            count["planted"] += 1
            count.update({name: int(getattr(outcome, name)) for name in COUNTS[1:]})
            blames = outcome.published_errors or outcome.published_others
            if outcome.changed and (blames or not (outcome.named or outcome.made_good)):
                details.append(
                    {"document": source.name, "reader": reader, "fault": kind, "at": spot.name}
                    | {name: getattr(outcome, name) for name in COUNTS[2:]}
                    | {
                        "read": "; ".join(
                            "gone" if text is None else repr(text) for text in list(fault.texts.values())[:8]
                        ),
                        "wrong": " ".join(outcome.wrong[:12]),
                        "unnamed": " ".join(outcome.unnamed[:12]),
                    }
                )
        for (reader, kind), count in counts.items():
            key = {"format": source.format, "document": source.name, "reader": reader, "fault": kind}
            rows.append(key | {name: count[name] for name in COUNTS})
    keys = ["format", "document", "reader", "fault"]
    return pd.DataFrame(rows, columns=keys + COUNTS), pd.DataFrame(details)


def section(rows: pd.DataFrame, each: int, reports: int, missing: Sequence[str]) -> str:
    """The section of docs/readers.md."""
    real = [n for n in dict.fromkeys(rows["document"]) if not n.startswith("made-up-")]
    told = f"\nNot available, so not measured: {', '.join(missing)}." if missing else ""
    head = _HEAD.format(
        section=SECTION,
        planted=f"{rows['planted'].sum():,}",
        each=each,
        real=", ".join(real) or "no real report",
        made=reports,
        missing=told,
    )
    lines = [
        "| format | planted | changed a cell | noticed | named | made good | silently wrong "
        "| published errors | published queries and notes | crashed |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    by_format = rows.groupby("format", sort=False)[COUNTS].sum()
    by_format.loc["**all**"] = by_format.sum()
    lines += [f"| {kind} | {' | '.join(map(str, counts))} |" for kind, *counts in by_format.itertuples()]
    formats = list(dict.fromkeys(rows["format"]))
    lines += [
        "",
        "Named, of those that changed a cell:",
        "",
        f"| fault | {' | '.join(formats)} |",
        "|---|" + "--:|" * len(formats),
    ]
    sums = rows.groupby(["fault", "format"])[COUNTS].sum()
    for kind in FAULTS:
        cells = []
        for one in formats:
            if (kind, one) not in sums.index:
                cells.append("")
                continue
            cells.append(f"{sums.at[(kind, one), 'named']} of {sums.at[(kind, one), 'changed']}")
        lines.append(f"| {WORDS[kind]} | {' | '.join(cells)} |")
    return head + "\n".join(lines) + "\n"


def with_section(page: str, text: str) -> str:
    """The page with the section, its last one, in the place of the old one."""
    before, _, _ = page.partition(f"{SECTION}\n")
    return f"{before.rstrip()}\n\n{text}" if before.strip() else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=6, help="faults of each kind in each reader")
    parser.add_argument("--reports", type=int, default=2, help="made-up reports in each format")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--formats", nargs="+", choices=list(RENDERED), default=list(RENDERED))
    parser.add_argument("--details", type=Path, help="a CSV of each fault that was not just named")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    missing = [
        name for name in REAL if Path(name).suffix[1:] in options.formats and not (SAMPLES / name).is_file()
    ]
    for name in missing:
        print(f"../shared/samples/{name} is not available and is left out", file=sys.stderr)
    found = sources(options.formats, options.reports, options.seed)
    rows, details = measure(found, options.each, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    rows.to_csv(options.out / "reading_faults.csv", index=False, lineterminator="\n")
    page = options.out / "readers.md"
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    page.write_text(
        with_section(old, section(rows, options.each, options.reports, missing)), encoding="utf-8"
    )
    if options.details:
        details.to_csv(options.details, index=False, lineterminator="\n")
    print(rows.groupby("format", sort=False)[COUNTS].sum().to_string())
    print(rows.groupby("fault", sort=False)[COUNTS].sum().to_string())


if __name__ == "__main__":
    main()
