"""All that the evidence page says, as plain records: worked out, not yet marked up."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot import __version__, manifest
from crossfoot.audit import Audit
from crossfoot.checks import SETTLED, amount
from crossfoot.document import Line
from crossfoot.errors import ManifestError
from crossfoot.extraction_problems import Trouble
from crossfoot.readers.boxes import Box
from crossfoot.schema import records
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import cell_title, place

from .comparisons import NUMBERS, Comparison, claim_name, comparisons, counted_by, readers_of
from .findings import ShownFinding, report_title, shown_findings, standfirst, verdict
from .layout import PrintedTable, printed_tables
from .quotations import PageImage, Section, box_on_page, page_images, quoted

_WAYS = 4
"""How many corrections of the worst finding stand under the verdict."""
_PAIRS = 12
"""How many groups of unnoticed pairs are listed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A statutory cell. `figure` is what it prints, in one line, `?` where that is unknown; `box` its
    place on `page`, if it has one.

    `comparisons` are the checks that bind it, `silent` those that state nothing, `ranges` counts the
    bounds that hold; `seen_by` is how many readers gave it; `claims` are the offsets of the numbers in
    the prose that count it.
    """

    id: str
    name: str
    title: Pair
    figure: str
    status: str
    value: str
    place: Pair
    readers: Pair
    agreed: bool
    seen_by: int
    comparisons: tuple[Comparison, ...]
    silent: tuple[Comparison, ...]
    ranges: int
    claims: tuple[int, ...]
    page: int | None
    box: Box | None

    @property
    def how(self) -> str:
        """How it was read: agree (by two readers), single, doubt; "" where none saw it."""
        if not self.agreed or self.status == "unread":
            return "doubt"
        return "agree" if self.seen_by > 1 else "single" if self.seen_by else ""

    @property
    def broken(self) -> bool:
        """Whether it enters a check that breaks."""
        return any(one.status == "breaks" for one in self.comparisons)


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A number of the prose. `state`: agrees, differs, open (the table is blank), outside, other."""

    id: str
    state: str
    name: Pair
    quote: str
    note: Pair
    cells: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    page: int | None
    box: Box | None


@dataclass(frozen=True, slots=True)
class PageContent:
    """All that the page says. Tables are by their code, cells by name, claims by offset, images by page.

    `count` is Audit.count, which every number of the page comes from. `missing` are tables of which no row
    was read, `bound` is the number of checks that bind a cell; `unbound` are the cells that nothing binds,
    `pairs` those that could be wrong together unnoticed, in groups of one set of checks.
    """

    title: Pair
    verdict: Pair
    standfirst: Pair
    ways: list[tuple[str, Pair, Pair, str]]
    tally: list[tuple[Pair, list[tuple[str, Pair]]]]
    findings: list[ShownFinding]
    comparisons: list[Comparison]
    cells: dict[str, ShownCell]
    claims: dict[int, ShownClaim]
    printed: dict[str, PrintedTable]
    sections: list[Section]
    cut: bool
    missing: set[str]
    understood: Pair
    images: dict[int, PageImage]
    bound: dict[str, int]
    unbound: list[Pair]
    pairs: list[tuple[Pair, Pair]]
    count: Callable[..., int]
    extraction: list[dict[str, Any]]
    readers: list[str]
    troubles: list[tuple[Pair, Pair]]
    provenance: list[tuple[Pair, Pair]]


def page_content(audit: Audit, source: str | Path) -> PageContent:
    """The page's content for an audit of the file `source`. Raises OSError where it cannot be read."""
    report, document = audit.report, audit.document
    assert document is not None
    every = comparisons(audit)
    findings = sorted(shown_findings(audit, every), key=lambda one: bool(one.settled))
    own = _shown_cells(audit, every)
    claims = _shown_claims(audit, every)
    compared = {start for start, claim in claims.items() if claim.state in ("agrees", "differs", "open")}
    spans = zip(audit.claims["start"].tolist(), audit.claims["end"].tolist(), strict=True)
    sections, cut = quoted(document, audit.prose, spans, compared)
    if cut:
        used = compared.union(*(one.claims for one in every), *(finding.claims for finding in findings))
        claims = {start: claim for start, claim in claims.items() if start in used}
    bound = dict(zip(audit.coverage["cell"], audit.coverage["checks"].tolist(), strict=True))
    gone = audit.facts["status"].eq("absent").groupby(audit.facts["table"], observed=True).all()
    return PageContent(
        title=report_title(report.issuer, report.year, report.source),
        verdict=verdict(audit, findings),
        standfirst=standfirst(audit, findings),
        ways=_ways(findings),
        tally=_tally(audit),
        findings=findings,
        comparisons=every,
        cells=own,
        claims=claims,
        printed=printed_tables(audit.facts, report.form),
        sections=sections,
        understood=audit.understood,
        cut=cut,
        missing=set(gone.index[gone]),
        images=page_images(
            source,
            _boxes(own.values()),
            _boxes(claim for start, claim in claims.items() if start in compared),
        ),
        bound=bound,
        unbound=[cell_title(name, report.form) for name, count in bound.items() if not count],
        pairs=_pairs(audit),
        count=audit.count,
        extraction=records(audit.extraction),
        readers=list(document.grids),
        troubles=[_trouble(trouble) for trouble in audit.problems],
        provenance=_provenance(audit, Path(source)),
    )


def _shown_cells(audit: Audit, comparisons: Iterable[Comparison]) -> dict[str, ShownCell]:
    """Every cell of the facts by name, in their order."""
    binding: dict[str, list[Comparison]] = {}
    for one in comparisons:
        for name in dict.fromkeys(one.cells):
            binding.setdefault(name, []).append(one)
    readers = readers_of(audit)
    found = {}
    for number, row in enumerate(records(audit.facts)):
        name = row["cell"]
        own = binding.get(name, [])
        ranges = [w for w in own if w.is_range and w.status == "holds"]
        stated = [w for w in own if w.status in SETTLED and w not in ranges]
        stated.sort(key=lambda w: w.status != "breaks")
        value = row["value"]
        found[name] = ShownCell(
            id=f"c{number}",
            name=name,
            title=cell_title(name, audit.report.form),
            figure=re.sub(r"\s+", " ", row["raw"]).strip() or ("?" if row["status"] == "unread" else ""),
            status=row["status"],
            value="" if pd.isna(value) else f"{amount(float(value))} {row['unit']}",
            place=place(audit.places[name], row["page"]),
            readers=_readers(readers[name], bool(row["agreed"])),
            agreed=bool(row["agreed"]),
            seen_by=len(readers[name]),
            comparisons=tuple(stated),
            silent=tuple(w for w in own if w.status not in SETTLED),
            ranges=len(ranges),
            claims=tuple(dict.fromkeys(w.claims[0] for w in own if w.rule == "narrative" and w.claims)),
            page=None if pd.isna(row["page"]) else int(row["page"]),
            box=box_on_page(row),
        )
    return found


def _shown_claims(audit: Audit, comparisons: Iterable[Comparison]) -> dict[int, ShownClaim]:
    """Every number of the prose by its offset."""
    assert audit.bilingual is not None and audit.document is not None
    using: dict[int, list[Comparison]] = {}
    for one in comparisons:
        for start in one.claims:
            using.setdefault(start, []).append(one)
    lines, counted = audit.document.lines, counted_by(audit)
    starts = [line.start for line in lines]
    found = {}
    for row in records(audit.bilingual["claims"]):
        start = int(row["start"])
        own = using.get(start, [])
        page = None if pd.isna(row["page"]) else int(row["page"])
        line = _line(lines, starts, start)
        found[start] = ShownClaim(
            id=f"n{start}",
            state=_state(start, row["kind"], own),
            name=claim_name(row),
            quote=row["quote"].strip(),
            note=_note(row, own),
            cells=counted.get(row["claim"], ()),
            comparisons=tuple(sorted(own, key=lambda one: one.status != "breaks")),
            page=page,
            box=line.box if page is not None and line is not None else None,
        )
    return found


def _ways(findings: list[ShownFinding]) -> list[tuple[str, Pair, Pair, str]]:
    """The corrections of the worst finding by their telling cell: letter, name, printed, proposed."""
    ways = []
    for correction in findings[0].corrections[:_WAYS] if findings and not findings[0].settled else ():
        proposed = [change for change in correction.changes if change.value is not None]
        totals = [change for change in proposed if change.cell.endswith("/total")]
        main = (totals or proposed)[0]
        ways.append((correction.letter, main.name, main.printed, str(main.value)))
    return ways


_TALLY = {
    "sums": ("checks", {"kind": "sum"}, "status", ("holds", "breaks", "unread")),
    "prose": ("checks", {"kind": "prose"}, "status", ("holds", "breaks", "unread")),
    "years": ("checks", {"kind": "years"}, "status", ("holds", "breaks", "unread")),
    "form": ("checks", {"kind": "form"}, "status", ("holds", "breaks", "unread")),
    "ranges": ("checks", {"kind": "range"}, "status", ("holds", "breaks", "unread")),
    "read": ("cells", {}, "read", ("agree", "single", "doubt")),
}
"""What is tallied under the verdict: of which count, and by which of its codes."""


def _tally(audit: Audit) -> list[tuple[Pair, list[tuple[str, Pair]]]]:
    """What was compared and what came of it: a name, and counts with the class that they are shown in."""
    found = []
    for name, (what, given, by, codes) in _TALLY.items():
        counts = {code: audit.count(what, **given, **{by: code}) for code in codes}
        shown = [(code, words(f"tally.{code}", count=count)) for code, count in counts.items() if count]
        if shown:
            found.append((words(f"tally.{name}"), shown))
    return found


def _boxes(views: Iterable[ShownCell | ShownClaim]) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for one in views:
        if one.page is not None and one.box is not None:
            boxes.setdefault(one.page, []).append(one.box)
    return boxes


def _pairs(audit: Audit) -> list[tuple[Pair, Pair]]:
    """The pairs in groups that the same checks bind: the cells, and how they would go wrong together."""
    cells, checks = (
        audit[table].groupby("unnoticed")[column].agg(tuple)
        for table, column in (("unnoticed_cells", "cell"), ("unnoticed_checks", "check"))
    )
    pairs = audit.unnoticed[audit.unnoticed["kind"] == "pair"]
    groups: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for number, change in zip(pairs["unnoticed"].tolist(), pairs["change"], strict=True):
        group = groups.setdefault((checks.get(number, ()), change), [])
        group.extend(name for name in cells[number] if name not in group)
    listed = sorted(groups.items(), key=lambda item: -len(item[1]))[:_PAIRS]
    shown = []
    for (_, change), names in listed:
        few = [cell_title(name, audit.report.form) for name in names[:6]]
        more = [same("…")] if len(names) > 6 else []
        shown.append((joined([*few, *more]), words(f"coverage.{change}")))
    return shown


def _trouble(trouble: Trouble) -> tuple[Pair, Pair]:
    """What kind of trouble it is, and what was read."""
    kind = words(f"trouble.{trouble.problem}")
    if trouble.page is None:
        return kind, trouble.words
    return kind, joined([words("place.page", page=trouble.page), trouble.words], ("：", ": "))


def _provenance(audit: Audit, source: Path) -> list[tuple[Pair, Pair]]:
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


def _readers(names: Sequence[str], agreed: bool) -> Pair:
    if not names:
        return words("panel.no_reader")
    key = "panel.differ" if not agreed else "panel.agreed" if len(names) > 1 else "panel.alone"
    return words(key, readers="＋".join(names))


def _line(lines: Sequence[Line], starts: Sequence[int], offset: int) -> Line | None:
    index = bisect_right(starts, offset) - 1
    return lines[index] if index >= 0 and offset < lines[index].end else None


def _state(start: int, kind: str, comparisons: Sequence[Comparison]) -> str:
    """What its own comparison says; one that is only a part of another's sum is judged by none."""
    own = [w for w in comparisons if w.claims[0] == start]
    own = [w for w in own if w.rule == "narrative"] or own
    statuses = {w.status for w in own}
    if "breaks" in statuses:
        return "differs"
    if "holds" in statuses:
        return "agrees"
    if any(w.rule == "narrative" for w in own):
        return "open"
    return "outside" if kind in NUMBERS else "other"


def _note(claim: Mapping[str, Any], comparisons: Sequence[Comparison]) -> Pair:
    """What kind of number it is, and why no cell counts it."""
    if claim["kind"] not in NUMBERS:
        return words(f"claim.{claim['kind']}")
    if claim["note"][0]:
        return claim["note"]
    return same("") if comparisons else words("note.not_understood")
