"""The evidence page's content as plain records: everything worked out, nothing yet marked up."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot import __version__, manifest
from crossfoot.errors import ManifestError
from crossfoot.forms import cell_name
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import cell_title
from crossfoot.troubles import Trouble
from crossfoot.working import Working

from . import verdict
from .cells import CellView, ClaimView, cells, claim_views
from .found import Finding, found
from .layout import Printed, printed_tables
from .plates import Box, Plate, plates
from .quoting import Section, quoted
from .worked import Work
from .works import by_key, claim_name, works

_WAYS = 4
"""How many corrections of the worst finding stand under the verdict."""

_PAIRS = 12
"""How many groups of unnoticed pairs are listed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class View:
    """All that the page says. Tables are by their code, cells by name, claims by offset, plates by page.

    `missing` are tables of which no row was read, `bound` is the number of checks that bind a cell;
    `unbound` are the cells that nothing binds, `pairs` those that could be wrong together unnoticed, in
    groups of one set of checks.
    """

    title: Pair
    verdict: Pair
    standfirst: Pair
    ways: list[tuple[str, Pair, Pair, str]]
    tally: list[tuple[Pair, list[tuple[str, Pair]]]]
    findings: list[Finding]
    works: list[Work]
    keyed: dict[str, Work]
    cells: dict[str, CellView]
    claims: dict[int, ClaimView]
    printed: dict[str, Printed]
    sections: list[Section]
    cut: bool
    missing: set[str]
    plates: dict[int, Plate]
    bound: dict[str, int]
    unbound: list[Pair]
    pairs: list[tuple[Pair, Pair]]
    pair_count: int
    extraction: list[dict[str, Any]]
    readers: list[str]
    troubles: list[tuple[Pair, Pair]]
    provenance: list[tuple[Pair, Pair]]


def view(audit: Working, source: str | Path) -> View:
    """The page's content for an audit of the file `source`. Raises OSError where it cannot be read."""
    report = audit.report
    every = works(audit)
    findings = found(audit, every)
    own = cells(audit, every)
    names = {int(row["start"]): claim_name(row) for row in audit.claims.to_dict("records")}
    claims = claim_views(audit, every, names)
    compared = {start for start, claim in claims.items() if claim.state in ("agrees", "differs", "open")}
    spans = zip(audit.claims["start"].astype(int), audit.claims["end"].astype(int), strict=True)
    sections, cut = quoted(audit.document, audit.prose, spans, compared)
    if cut:
        used = compared.union(*(work.claims for work in every), *(finding.claims for finding in findings))
        claims = {start: claim for start, claim in claims.items() if start in used}
    reach = audit.coverage
    bound = {
        cell_name(row["table"], row["row"], row["column"]): int(row["checks"])
        for row in reach.to_dict("records")
    }
    unbound = [cell_title(name, report.form) for name, count in bound.items() if not count]
    pairs, pair_count = _pairs(audit.unnoticed, by_key(every), report.form)
    return View(
        title=verdict.title_of(report.issuer, report.year, report.source),
        verdict=verdict.sentence(findings, every),
        standfirst=verdict.standfirst(findings, every, len(unbound)),
        ways=_ways(findings),
        tally=_tally(every, own.values()),
        findings=findings,
        works=every,
        keyed=by_key(every),
        cells=own,
        claims=claims,
        printed=printed_tables(audit.facts, report.form),
        sections=sections,
        cut=cut,
        missing={
            str(code) for code, rows in audit.facts.groupby("table") if rows["status"].eq("absent").all()
        },
        plates=plates(
            source,
            _boxes(own.values()),
            _boxes(claim for start, claim in claims.items() if start in compared),
        ),
        bound=bound,
        unbound=unbound,
        pairs=pairs,
        pair_count=pair_count,
        extraction=audit.extraction.to_dict("records"),
        readers=list(audit.document.grids),
        troubles=[_trouble(trouble) for trouble in audit.troubles],
        provenance=_provenance(audit, Path(source)),
    )


def _ways(findings: list[Finding]) -> list[tuple[str, Pair, Pair, str]]:
    """The corrections of the worst finding by their telling cell: letter, name, printed, proposed."""
    ways = []
    for correction in findings[0].corrections[:_WAYS] if findings and not findings[0].settled else ():
        proposed = [change for change in correction.changes if change.value is not None]
        totals = [change for change in proposed if change.cell.endswith("/total")]
        main = (totals or proposed)[0]
        ways.append((correction.letter, main.name, main.printed, str(main.value)))
    return ways


def _tally(works: Iterable[Work], own: Iterable[CellView]) -> list[tuple[Pair, list[tuple[str, Pair]]]]:
    """What was compared and what came of it: a name, and counts with the class that they are shown in."""
    table: dict[str, int] = {}
    prose: dict[str, int] = {}
    form: dict[str, int] = {}
    for work in works:
        if not work.is_range or work.status == "breaks":
            count = prose if work.claims or work.rule == "statement" else table
            count = form if work.rule in verdict.OF_THE_FORM else count
            count[work.status] = count.get(work.status, 0) + 1
    read: dict[str, int] = {}
    for cell in own:
        if cell.how:
            read[cell.how] = read.get(cell.how, 0) + 1
    shown = [
        (words(f"tally.{name}"), [(s, words(f"tally.{s}", count=counts[s])) for s in kinds if s in counts])
        for name, counts, kinds in (
            ("sums", table, ("holds", "breaks", "unread")),
            ("prose", prose, ("holds", "breaks", "unread")),
            ("form", form, ("holds", "breaks", "unread")),
            ("read", read, ("agree", "single", "doubt")),
        )
    ]
    return [(name, parts) for name, parts in shown if parts]


def _boxes(views: Iterable[CellView | ClaimView]) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for one in views:
        if one.page is not None and one.box is not None:
            boxes.setdefault(one.page, []).append(one.box)
    return boxes


def _pairs(
    unnoticed_sets: pd.DataFrame, keyed: dict[str, Work], form: str
) -> tuple[list[tuple[Pair, Pair]], int]:
    """The pairs in groups that the same checks bind: the cells, and how they would go wrong together."""
    pairs = unnoticed_sets[unnoticed_sets["kind"] == "pair"]
    groups: dict[tuple[str, str], list[str]] = {}
    for names, change, checks in zip(pairs["cells"], pairs["change"], pairs["checks"], strict=True):
        group = groups.setdefault((checks, change), [])
        group.extend(name for name in str(names).split() if name not in group)
    listed = sorted(groups.items(), key=lambda item: -len(item[1]))[:_PAIRS]
    shown = []
    for (_, change), names in listed:
        few = [cell_title(name, form) for name in names[:6]]
        more = [same("…")] if len(names) > 6 else []
        shown.append((joined([*few, *more]), words(f"coverage.{change}")))
    return shown, len(pairs)


def _trouble(trouble: Trouble) -> tuple[Pair, Pair]:
    """What kind of trouble it is, and what was read."""
    kind = words(f"trouble.{trouble.problem}")
    if trouble.page is None:
        return kind, trouble.words
    return kind, joined([words("place.page", page=trouble.page), trouble.words], ("：", ": "))


def _provenance(audit: Working, source: Path) -> list[tuple[Pair, Pair]]:
    """What the report is and where it comes from, as far as known: name and value."""
    report = audit.report
    rows = [
        (words("provenance.file"), same(report.source)),
        (words("provenance.sha256"), same(report.sha256)),
        (words("provenance.pages"), same(str(report.pages))),
        (words("provenance.form"), words(f"form.{report.form}")),
    ]
    try:
        entry = manifest.entries(source.parent).get(source.name)
    except ManifestError:  # none stands beside it: then nothing is recorded
        entry = None
    if entry is not None and entry.sha256 == report.sha256:
        recorded = {"what": entry.what, "origin": entry.origin, "licence": entry.licence}
        rows += [(words(f"provenance.{name}"), same(text)) for name, text in recorded.items() if text]
    rows.append((words("provenance.made_with"), same(f"Crossfoot {__version__}")))
    return rows
