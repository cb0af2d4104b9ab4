"""All that the evidence page says, as plain records: worked out, not yet marked up."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot import __version__, manifest
from crossfoot.checks import SETTLED, amount
from crossfoot.document import Line
from crossfoot.errors import ManifestError
from crossfoot.extraction_problems import Trouble
from crossfoot.forms import cell_name
from crossfoot.readers.boxes import Box
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import cell_title, place
from crossfoot.working import Working

from .comparisons import Comparison, claim_name, comparisons
from .findings import OF_THE_FORM, ShownFinding, report_title, shown_findings, standfirst, verdict
from .layout import PrintedTable, printed_tables
from .quotations import PageImage, Section, box_of, page_images, quoted

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

    `missing` are tables of which no row was read, `bound` is the number of checks that bind a cell;
    `unbound` are the cells that nothing binds, `pairs` those that could be wrong together unnoticed, in
    groups of one set of checks.
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
    images: dict[int, PageImage]
    bound: dict[str, int]
    unbound: list[Pair]
    pairs: list[tuple[Pair, Pair]]
    pair_count: int
    extraction: list[dict[str, Any]]
    readers: list[str]
    troubles: list[tuple[Pair, Pair]]
    provenance: list[tuple[Pair, Pair]]


def page_content(audit: Working, source: str | Path) -> PageContent:
    """The page's content for an audit of the file `source`. Raises OSError where it cannot be read."""
    report = audit.report
    every = comparisons(audit)
    findings = shown_findings(audit, every)
    own = _shown_cells(audit, every)
    names = {int(row["start"]): claim_name(row) for row in audit.claims.to_dict("records")}
    claims = _shown_claims(audit, every, names)
    compared = {start for start, claim in claims.items() if claim.state in ("agrees", "differs", "open")}
    spans = zip(audit.claims["start"].astype(int), audit.claims["end"].astype(int), strict=True)
    sections, cut = quoted(audit.document, audit.prose, spans, compared)
    if cut:
        used = compared.union(*(one.claims for one in every), *(finding.claims for finding in findings))
        claims = {start: claim for start, claim in claims.items() if start in used}
    reach = audit.coverage
    bound = {
        cell_name(row["table"], row["row"], row["column"]): int(row["checks"])
        for row in reach.to_dict("records")
    }
    unbound = [cell_title(name, report.form) for name, count in bound.items() if not count]
    pairs, pair_count = _pairs(audit.unnoticed, report.form)
    return PageContent(
        title=report_title(report.issuer, report.year, report.source),
        verdict=verdict(findings, every),
        standfirst=standfirst(findings, every, len(unbound)),
        ways=_ways(findings),
        tally=_tally(every, own.values()),
        findings=findings,
        comparisons=every,
        cells=own,
        claims=claims,
        printed=printed_tables(audit.facts, report.form),
        sections=sections,
        cut=cut,
        missing={
            str(code) for code, rows in audit.facts.groupby("table") if rows["status"].eq("absent").all()
        },
        images=page_images(
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


def _shown_cells(audit: Working, comparisons: Iterable[Comparison]) -> dict[str, ShownCell]:
    """Every cell of the facts by name, in their order."""
    binding: dict[str, list[Comparison]] = {}
    for one in comparisons:
        for name in dict.fromkeys(one.cells):
            binding.setdefault(name, []).append(one)
    found = {}
    for number, row in enumerate(audit.facts.to_dict("records")):
        name = cell_name(row["table"], row["row"], row["column"])
        own = binding.get(name, [])
        ranges = [w for w in own if w.is_range and w.status == "holds"]
        stated = [w for w in own if w.status in SETTLED and w not in ranges]
        stated.sort(key=lambda w: w.status != "breaks")
        value = row["value"]
        page = None if pd.isna(row["page"]) else int(row["page"])
        found[name] = ShownCell(
            id=f"c{number}",
            name=name,
            title=cell_title(name, audit.report.form),
            figure=re.sub(r"\s+", " ", str(row["raw"])).strip() or ("?" if row["status"] == "unread" else ""),
            status=str(row["status"]),
            value="" if pd.isna(value) else f"{amount(float(value))} {row['unit']}",
            place=place(str(row["where"]), row["page"]),
            readers=_readers(str(row["readers"]), bool(row["agreed"])),
            agreed=bool(row["agreed"]),
            seen_by=len([reader for reader in str(row["readers"]).split("+") if reader]),
            comparisons=tuple(stated),
            silent=tuple(w for w in own if w.status not in SETTLED),
            ranges=len(ranges),
            claims=tuple(dict.fromkeys(w.claims[0] for w in own if w.rule == "narrative" and w.claims)),
            page=page,
            box=box_of(str(row["where"])) if page is not None else None,
        )
    return found


def _shown_claims(
    audit: Working, comparisons: Iterable[Comparison], names: Mapping[int, Pair]
) -> dict[int, ShownClaim]:
    """Every number of the prose by its offset; `names` are what to call them."""
    using: dict[int, list[Comparison]] = {}
    for one in comparisons:
        for start in one.claims:
            using.setdefault(start, []).append(one)
    starts = [line.start for line in audit.document.lines]
    found = {}
    for row in audit.claims.to_dict("records"):
        start = int(row["start"])
        own = using.get(start, [])
        page = None if pd.isna(row["page"]) else int(row["page"])
        line = _line(audit.document.lines, starts, start)
        found[start] = ShownClaim(
            id=f"n{start}",
            state=_state(start, str(row["kind"]), own),
            name=names[start],
            quote=str(row["quote"]).strip(),
            note=_note(row, own, audit.wording.notes),
            cells=() if pd.isna(row["subject"]) else tuple(str(row["subject"]).split("+")),
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


def _tally(
    comparisons: Iterable[Comparison], own: Iterable[ShownCell]
) -> list[tuple[Pair, list[tuple[str, Pair]]]]:
    """What was compared and what came of it: a name, and counts with the class that they are shown in."""
    table: dict[str, int] = {}
    prose: dict[str, int] = {}
    form: dict[str, int] = {}
    for one in comparisons:
        if not one.is_range or one.status == "breaks":
            count = prose if one.claims or one.rule == "statement" else table
            count = form if one.rule in OF_THE_FORM else count
            count[one.status] = count.get(one.status, 0) + 1
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


def _boxes(views: Iterable[ShownCell | ShownClaim]) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for one in views:
        if one.page is not None and one.box is not None:
            boxes.setdefault(one.page, []).append(one.box)
    return boxes


def _pairs(unnoticed_sets: pd.DataFrame, form: str) -> tuple[list[tuple[Pair, Pair]], int]:
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


def _readers(names: str, agreed: bool) -> Pair:
    if not names:
        return words("panel.no_reader")
    key = "panel.differ" if not agreed else "panel.agreed" if "+" in names else "panel.alone"
    return words(key, readers=names.replace("+", "＋"))


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
    return "outside" if kind == "claim" else "other"


def _note(row: Mapping, comparisons: Sequence[Comparison], notes: Mapping[int, Pair]) -> Pair:
    """What kind of number it is, and why no cell counts it."""
    if row["kind"] != "claim":
        return words(f"claim.{row['kind']}")
    note = "" if pd.isna(row["note"]) else str(row["note"])
    return notes[int(row["start"])] if note else same("") if comparisons else words("note.not_understood")
