"""How often an error in a file is found, from the file on: docs/planted_errors.{md,csv}.

Run as `python benchmarks/planted_errors.py [--reports N] [--seed S] [--formats pdf html …] [--details FILE]
[--out DIR]`. Sound made-up reports are written in every format, as they are and with one error planted, and
audited as any other file; localisation.py does the same to figures that are read already. Seeded: the same
options give the same tables.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
from localisation import within  # beside this file

from crossfoot import Audit, audit
from crossfoot_synthetic import corpus
from crossfoot_synthetic.corpus import Made
from crossfoot_synthetic.prose import COUNTS as FIGURES
from crossfoot_synthetic.rendering import FORMATS

ROOT = Path(__file__).parents[1]
PLACES = {"requests": "section 三", "disputes": "section 四", "prose": "the narrative"}
DECIDED = ("holds", "breaks", "not_stated")
READ = ("number", "blank", "dash")
RANKS = {"first": 1, "among_three": 3, "listed": 10_000}
COUNTS = ["planted", "found", "first", "among_three", "listed", "also_extraction"]
SOUND = [
    "sound", "sound_findings", "sound_holds", "sound_not_stated", "sound_breaks", "sound_undecided",
    "sound_unread",
]  # fmt: skip
AMISS = ("sound_findings", "sound_breaks", "sound_undecided", "sound_unread")
_HEAD = """\
# Errors planted in files

{reports} sound made-up reports of both forms, each written as {formats}; in each one error is planted, as a
person makes it (`crossfoot_synthetic.planting`), and the file is audited as any other. Made by
`benchmarks/planted_errors.py`, the same every time. Beside it stands what [localisation](localisation.md)
measures on figures that need no reading.

- `found`: a finding of kind `published` has a broken check that uses the misprinted cell or figure.
- `first`, `among three`, `listed`: the true correction, exactly, is the best explanation, among the best
  three, among all.
- `with an extraction finding`: the audit says besides that something could not be read.

"""
_SOUND = """
The same reports without the error:

- `findings`: of any kind and severity. `holds` to `undecided`: checks by their status, `undecided` those that
  neither hold nor break though figures are printed (`unread`). `unread cells`: those that are neither a
  number nor blank nor a dash.

"""


def pairs(reports: int, seed: int) -> Iterator[tuple[Made, Made]]:
    """So many sound reports, each with its twin that has one error: in 三, in 四 and in the prose in turn.

    A report in which nothing can be misprinted, since nothing was received, is passed over.
    """
    places = list(PLACES)
    made = 0
    for number, sound in enumerate(corpus.reports(2 * reports, seed, errors=0.0)):
        rng = random.Random(f"planted errors {seed} {number}")
        order = [places[(made + turn) % len(places)] for turn in range(len(places))]
        tries = (corpus.with_error(rng, sound, kind) for kind in order)
        wrong = next((twin for twin in tries if twin is not None), None)
        if wrong is not None:
            yield sound, wrong
            made += 1
        if made == reports:
            return


def truth(made: Made, result: Audit) -> dict[str, float]:
    """The true value of what is misprinted, by its cell or claim.

    Empty where the prose's figure is not among the claims that count its cells.
    """
    if made.truth.figure is None:
        return {name: float(value) for name, value in made.truth.cells.items()}
    slip, prefixes = made.truth.figure, FIGURES[made.truth.figure.figure]
    held = result.claim_cells[result.claim_cells["reading"] == 0]
    counted = held["cell"].str.startswith(prefixes).groupby(held["claim"]).all()
    for claim in result.claims.itertuples():
        if claim.value == slip.printed and counted.get(claim.claim, False):
            return {claim.claim: float(slip.true)}
    return {}


def is_found(true: dict[str, float], result: Audit) -> bool:
    """Whether a published finding has a broken check of a misprinted cell or figure."""
    published = result.findings.loc[result.findings["kind"] == "published", "finding"]
    named = result.finding_checks[result.finding_checks["finding"].isin(published)]
    broken = result.checks.loc[result.checks["status"] == "breaks", "check"]
    terms = result.check_terms[result.check_terms["check"].isin(set(named["check"]) & set(broken))]
    return bool((terms["cell"].isin(true) | terms["claim"].isin(true)).any())


def offered(result: Audit) -> list[list[dict[str, float]]]:
    """The corrections of each published finding, best first, as values by cell or claim."""
    rows = result.corrections.assign(
        changed=result.corrections["cell"].where(
            result.corrections["cell"] != "", result.corrections["claim"]
        )
    )
    own = dict(list(rows.groupby("finding")))
    return [
        [dict(zip(one["changed"], one["value"], strict=True)) for _, one in own[mark].groupby("correction")]
        for mark in result.findings.loc[result.findings["kind"] == "published", "finding"]
        if mark in own
    ]


def outcome(made: Made, result: Audit) -> Counter:
    """The counts of one report with an error."""
    true = truth(made, result)
    corrections = offered(result)
    found = bool(true) and is_found(true, result)
    extraction = (result.findings["kind"] == "extraction").any()
    counts = Counter(planted=1, found=int(found), also_extraction=int(extraction))
    counts.update({name: int(found and within(corrections, true, best)) for name, best in RANKS.items()})
    return counts


def sound_counts(result: Audit) -> Counter:
    """The counts of one report without an error."""
    status = result.checks["status"].astype(str)
    return Counter(
        sound=1,
        sound_findings=len(result.findings),
        sound_holds=int((status == "holds").sum()),
        sound_not_stated=int((status == "not_stated").sum()),
        sound_breaks=int((status == "breaks").sum()),
        sound_undecided=int((~status.isin(DECIDED)).sum()),
        sound_unread=int((~result.facts["status"].astype(str).isin(READ)).sum()),
    )


def measure(
    reports: int, seed: int, formats: Iterable[str], auditor: Callable[[Path], Audit] = audit
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row of counts per format and place of the error, and one row for each report that came out amiss.

    Amiss are an error not found, or one with an extraction finding; a sound report with any finding, with
    a check that is undecided, or with an unread cell.
    """
    made = list(pairs(reports, seed))
    rows, details = [], []
    with tempfile.TemporaryDirectory() as folder:
        for kind in formats:
            counts: dict[str, Counter] = {place: Counter() for place in PLACES}
            for number, (sound, wrong) in enumerate(made):
                if number % 50 == 0:
                    print(f"{kind}: {number} of {len(made)}", file=sys.stderr, flush=True)
                place = wrong.truth.kind
                for report, count in ((sound, sound_counts), (wrong, lambda r, w=wrong: outcome(w, r))):
                    path = Path(folder) / f"report.{kind}"
                    path.write_bytes(FORMATS[f".{kind}"](corpus.layout(report)))
                    result = auditor(path)
                    one = count(result)
                    counts[place].update(one)
                    if _is_amiss(one):
                        told = result.findings.head(4)
                        details.append(
                            {
                                "format": kind,
                                "report": number,
                                "seed": report.seed,
                                "planted": report.truth.kind,
                                "slip": report.truth.slip,
                                "cells": " ".join(report.truth.cells) or str(report.truth.figure or ""),
                                "counts": " ".join(f"{k}={v}" for k, v in one.items() if v),
                                "findings": " | ".join(
                                    f"{f.kind} {f.severity} {f.title[:160]}" for f in told.itertuples()
                                ),
                            }
                        )
            rows += [
                {"format": kind, "place": place} | {name: count[name] for name in COUNTS + SOUND}
                for place, count in counts.items()
            ]
    return pd.DataFrame(rows, columns=["format", "place", *COUNTS, *SOUND]), pd.DataFrame(details)


def _is_amiss(count: Counter) -> bool:
    if count["planted"]:
        return not count["found"] or count["also_extraction"] > 0
    return any(count[name] for name in AMISS)


def markdown(rows: pd.DataFrame) -> str:
    """The published page."""
    formats = list(dict.fromkeys(rows["format"]))
    reports = int(rows.groupby("format")["planted"].sum().max()) if len(rows) else 0
    lines = [
        "| format | error in | planted | found | first | among three | listed | with an extraction finding |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in [*rows.itertuples(), *_totals(rows).itertuples()]:
        shares = " | ".join(
            f"{getattr(row, name) / row.planted:.1%}" if row.planted else "" for name in COUNTS[1:5]
        )
        place = PLACES.get(row.place, f"**{row.place}**")
        lines.append(f"| {row.format} | {place} | {row.planted} | {shares} | {row.also_extraction} |")
    names = ["reports", "findings", "holds", "not stated", "breaks", "undecided", "unread cells"]
    sound = [f"| format | {' | '.join(names)} |", "|---|" + "--:|" * len(names)]
    for kind, *counts in rows.groupby("format", sort=False)[SOUND].sum().itertuples():
        sound.append(f"| {kind} | {' | '.join(map(str, counts))} |")
    head = _HEAD.format(reports=reports, formats=", ".join(formats))
    return head + "\n".join(lines) + "\n" + _SOUND + "\n".join(sound) + "\n"


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby("format", sort=False)[COUNTS].sum().reset_index().assign(place="all")


def main() -> None:
    formats = [suffix.removeprefix(".") for suffix in FORMATS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200, help="made-up reports, each in every format")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--formats", nargs="+", choices=formats, default=formats)
    parser.add_argument("--details", type=Path, help="a CSV of each report that is not as it should be")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    rows, details = measure(options.reports, options.seed, options.formats)
    options.out.mkdir(parents=True, exist_ok=True)
    rows.to_csv(options.out / "planted_errors.csv", index=False, lineterminator="\n")
    (options.out / "planted_errors.md").write_text(markdown(rows), encoding="utf-8")
    if options.details:
        details.to_csv(options.details, index=False, lineterminator="\n")
    print(rows.to_string(index=False))


if __name__ == "__main__":
    main()
