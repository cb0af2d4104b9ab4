"""How often planted errors are found and the true correction ranked first: docs/localisation.{md,csv}.

Run as `python benchmarks/localisation.py [--reports N] [--out DIR]`. Seeded: the same N gives the same
tables on every machine. Timings are printed, not written.
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossfoot.checks import check
from crossfoot.diagnosis.findings import Finding, found
from crossfoot.document import Document
from crossfoot.narrative import ledger
from crossfoot.narrative.claims import claims
from crossfoot_synthetic.figures import report
from crossfoot_synthetic.planting import SLIPS, Narrative, narrative, plant

PROSE_SLIPS = (
    "digit_changed",
    "digits_swapped",
    "digit_dropped",
    "digit_doubled",
    "off_by_one",
    "neighbour_cell",
)
COUNTS = ["detected", "first", "among_three", "listed"]
TITLES = {
    "requests": "section 三",
    "disputes": "section 四",
    "disputes_apart": "two sums of section 四",
    "disputes_together": "one sum of section 四",
    "both": "sections 三 and 四, drawn over all their cells",
    "prose": "the narrative",
}


_HEAD = """\
# How far to trust an explanation

Errors of a known kind, planted in made-up consistent reports ({reports} for each kind of slip; a slip that
has no place in a report is not counted). Made by `benchmarks/localisation.py`, the same every time.

- `detected`: a check breaks, and a finding says so.
- `first`, `among three`: the true correction, exactly, is the best explanation, or among the best three;
  where the errors fall apart into several findings, in each of them.
- `listed`: it is among the explanations at all.
- With prose: a true narrative stands beside the tables and is read as any other.

Two errors in one sum of section 四 cannot be told from one: they may cancel, and one changed cell reconciles
both. A figure alone in a row and a column whose totals are blank states nothing (`not_stated`), so no slip is
planted in blank cells; the coverage map lists such cells.

Consistent reports, {audits} audits: {false} findings."""


@dataclass(frozen=True)
class Trial:
    """One audit of a made-up report, with an error planted or none, and how it came out."""

    place: str
    errors: int
    slip: str
    prose: bool
    detected: bool
    first: bool
    among_three: bool
    listed: bool
    findings: int
    seconds: float


def audited(facts: pd.DataFrame, form: str, said: Narrative | None) -> tuple[list[Finding], bool, float]:
    """The findings, whether a check breaks, and the seconds that the findings took."""
    sums = check(facts, form)
    prose = said or Narrative(Document("planted", "", 1, "", ()), 2023)
    document, lines = prose.document, prose.document.lines
    stated = claims(document, lines, form, prose.year)
    told = ledger.checks(stated, facts, document, form, lines, prose.year)
    before = time.perf_counter()
    causes = list(found(facts, sums, told, stated, form).values())
    seconds = time.perf_counter() - before
    return causes, bool((pd.concat([sums["status"], told["status"]]) == "breaks").any()), seconds


def within(offered: Iterable[Sequence[Mapping[str, float]]], truth: Mapping[str, float], best: int) -> bool:
    """Whether the best so many corrections of each finding together are just the true one.

    `offered` are the corrections of each finding, best first, as values by what they change.
    """
    told: dict[str, float] = {}
    for corrections in offered:
        true: list[Mapping[str, float]] = [{}]
        for values in corrections[:best]:
            if all(truth.get(name) == value for name, value in values.items()):
                true.append(values)
        told |= sorted(true, key=len)[-1]
    return told == truth


def corrections(cause: Finding) -> list[dict[str, float]]:
    """What would reconcile a finding, best first, as values by cell or `claim:START`."""
    return [{name: value for name, _, value in one.cells} for one in cause.explanations]


def trial(place: str, errors: int, slip: str, seed: int, with_prose: bool) -> Trial | None:
    """One trial; None where the report has no place for the slip."""
    form = ("2019", "2021")[seed % 2]
    sound = report(seed, form)
    said = narrative(sound, form) if with_prose else None
    facts, truth = sound, dict[str, float]()
    if place == "prose":
        said = narrative(sound, form, slip, seed)
        if said is None or said.true is None:
            return None
        truth = {f"claim:{said.start}": said.true}
    elif slip != "none":
        planted = plant(sound, slip, place, seed, errors)
        if planted is None:
            return None
        facts, truth = planted.facts, dict(planted.truth)
        if place == "disputes" and errors > 1:
            rows = {name.partition("/")[0] for name in truth}
            place = "disputes_apart" if len(rows) == len(truth) else "disputes_together"
    causes, breaks, seconds = audited(facts, form, said)
    offered = [corrections(cause) for cause in causes]
    first, three, listed = (within(offered, truth, best) for best in (1, 3, 10_000))
    detected = breaks and len(causes) > 0
    return Trial(place, errors, slip, with_prose, detected, first, three, listed, len(causes), seconds)


def trials(reports: int) -> Iterator[Trial]:
    """Every trial of the benchmark, in a fixed order."""
    plans = [
        *itertools.product(("requests", "disputes"), (1, 2), SLIPS, (False, True)),
        *itertools.product(("both",), (2,), SLIPS, (False, True)),
        *itertools.product(("prose",), (1,), PROSE_SLIPS, (True,)),
        *itertools.product(("none",), (0,), ("none",), (False, True)),
    ]
    for place, errors, slip, with_prose in plans:
        for seed in range(reports):
            made = trial(place, errors, slip, seed, with_prose)
            if made is not None:
                yield made


def table(done: pd.DataFrame) -> pd.DataFrame:
    """One row per place, number of errors and slip, with and without prose; shares of the trials."""
    keys = ["place", "errors", "prose", "slip"]
    planted = done[done["slip"] != "none"]
    rows = planted.groupby(keys, sort=False)[COUNTS].mean()
    rows.insert(0, "trials", planted.groupby(keys, sort=False).size())
    every = planted.assign(slip="all").groupby(keys, sort=False)[COUNTS].mean()
    every.insert(0, "trials", planted.groupby(keys[:-1], sort=False).size().to_numpy())
    return pd.concat([rows, every]).sort_index(level=keys[:-1], sort_remaining=False).round(4).reset_index()


def markdown(rows: pd.DataFrame, done: pd.DataFrame, reports: int) -> str:
    """The published page."""
    sound = done[done["slip"] == "none"]
    lines = [_HEAD.format(reports=reports, audits=len(sound), false=int(sound["findings"].sum()))]
    for (place, errors, prose), part in rows.groupby(["place", "errors", "prose"], sort=False):
        what = f"{'one error' if errors == 1 else 'two errors'} in {TITLES[place]}"
        aid = "" if place == "prose" else ", prose beside it" if prose else ", no prose"
        lines += ["", f"## {what[0].upper()}{what[1:]}{aid}", ""]
        lines += ["| slip | trials | detected | first | among three | listed |", "|---|--:|--:|--:|--:|--:|"]
        for row in part.itertuples():
            shares = " | ".join(f"{getattr(row, count):.1%}" for count in COUNTS)
            lines.append(f"| {'**all**' if row.slip == 'all' else row.slip} | {row.trials} | {shares} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=50, help="made-up reports per kind of slip")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs")
    options = parser.parse_args()
    done = pd.DataFrame(trials(options.reports))
    rows = table(done)
    options.out.mkdir(parents=True, exist_ok=True)
    rows.to_csv(options.out / "localisation.csv", index=False, lineterminator="\n")
    (options.out / "localisation.md").write_text(markdown(rows, done, options.reports), encoding="utf-8")
    broken = sorted(done.loc[done["detected"], "seconds"] * 1000)
    print(rows[rows["slip"] == "all"].to_string(index=False))
    sound = done[done["slip"] == "none"]
    print(f"findings on {len(sound)} consistent reports: {sound['findings'].sum()}")
    print(
        f"diagnosis of {len(broken)} broken reports: median {statistics.median(broken):.0f} ms, "
        f"99 of 100 under {broken[int(0.99 * len(broken))]:.0f} ms, worst {broken[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
