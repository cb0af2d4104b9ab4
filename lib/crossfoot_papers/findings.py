"""The findings as the papers show them, and the page's verdict on the report in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossfoot.audit import Audit
from crossfoot.checks import amount
from crossfoot.diagnosis.findings import slip_label
from crossfoot.forms import split_cell, tables
from crossfoot.schema import records
from crossfoot.texts import Pair, joined, one_line, same, words
from crossfoot.texts.names import cell_label, cell_title, row_name, section_number, severity_name

from .comparisons import Comparison, claim_name, comparisons, counted_by

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER = (
    "balance", "dispute_total", "results_total", "row_total", "group_total",
    "narrative", "narrative_sum", "share", "growth", "statement",
)  # fmt: skip
_NAMED = 3
_SEVERITIES = ("error", "query", "note")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One figure of a correction, before and after; `value` is None where no figure is proposed.

    `cell` is "" for a number in the prose, whose offset `claim` is; that is None for a statement in words.
    `called` is its short name: the cell as the form prints it, or the clause.
    """

    name: Pair
    called: Pair
    printed: Pair
    value: str | None
    cell: str = ""
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for and against a correction, which slip it would be, and what would settle it."""

    slip: Pair
    speaks_for: tuple[Pair, ...]
    against: tuple[Pair, ...]
    decided_by: Pair

    def without(self, said: set[Pair]) -> "Grounds":
        """The same without these sentences."""
        speaks_for, against = (
            tuple(one for one in sentences if one not in said)
            for sentences in (self.speaks_for, self.against)
        )
        return Grounds(self.slip, speaks_for, against, self.decided_by)


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One explanation: `letter` names it, `changes` are its cells."""

    letter: str
    changes: tuple[ShownChange, ...]
    reason: Grounds


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding; `comparisons` are its broken checks, totals first; `cells` and `claims` all in them.

    `explanations` are all corrections, best first, and what else is said of it. Of these `corrections`
    propose a figure, `details` only say what was read or written; both without what only repeats a broken
    check.
    `decided` is an analyst's verdict in words, if any.
    """

    id: str
    number: int
    severity: str
    kind: str
    lead: Pair
    title: Pair
    comparisons: tuple[Comparison, ...]
    cells: tuple[str, ...]
    claims: tuple[int, ...]
    explanations: tuple[ShownCorrection, ...]
    corrections: tuple[ShownCorrection, ...]
    details: tuple[ShownCorrection, ...]
    where: Pair
    decided: Pair | None
    settled: str

    @property
    def grade(self) -> Pair:
        """How severe it is, in words."""
        return severity_name(self.severity, self.kind)

    @property
    def broken(self) -> list[Comparison]:
        """Its broken checks in the order of the checks."""
        return sorted(self.comparisons, key=lambda one: int(one.id[1:]))


def shown_findings(audit: Audit, every: Iterable[Comparison] | None = None) -> list[ShownFinding]:
    """The audit's findings by their number; `every` are its comparisons, or those that break."""
    sources = _Sources(audit, comparisons(audit, "breaks") if every is None else every)
    return [_finding(sources, row) for row in sources.rows("findings")]


def verdict(audit: Audit, findings: Sequence[ShownFinding]) -> Pair:
    """The verdict on the report: what its worst finding says, or that all holds."""
    open_ones = [finding for finding in findings if finding.settled != "dismissed"]
    published = [finding for finding in open_ones if finding.kind == "published"]
    if published:
        first = published[0]
        said = [w.left for w in first.comparisons if w.rule == "narrative" and w.left]
        opening = first.lead
        if said and first.comparisons[0].rule != "narrative":
            opening = words("verdict.also", lead=opening, said=said[0].total)
        of_the_form = audit.count("checks", kind="form", status="breaks")
        if (
            audit.count("checks", status="breaks") == of_the_form
            and not any(finding.severity == "error" for finding in published)
            and _holds_something(audit)
        ):
            opening = words("verdict.asked", lead=opening)
        more = audit.count("standing", kind="published") - 1
        key = "verdict.more_one" if more == 1 else "verdict.more"
        return words(key, lead=opening, count=more) if more else opening
    if open_ones:
        return words("verdict.unread", lead=open_ones[0].lead)
    if findings:
        return words("verdict.dismissed")
    if not _holds_something(audit):
        return words("verdict.nothing")
    return words("verdict.clean", count=audit.count("checks", status="holds"))


def _holds_something(audit: Audit) -> bool:
    """Whether a comparison holds that asks more than whether one cell's figure is possible."""
    return audit.count("checks", status="holds") > audit.count("checks", kind="range", status="holds")


def standfirst(audit: Audit, findings: Sequence[ShownFinding]) -> Pair:
    """What the verdict means, in a sentence or two. What an analyst dismissed does not count."""
    findings = [finding for finding in findings if finding.settled != "dismissed"]
    of_each = {one: audit.count("standing", kind="published", severity=one) for one in _SEVERITIES}
    counts = [
        words(f"one.{severity}" if count == 1 else f"many.{severity}", count=count)
        for severity, count in of_each.items()
        if count
    ]
    parts = []
    if counts:
        kinds = {
            one.kind for finding in findings if finding.severity == "error" for one in finding.comparisons
        }
        lacking = "standfirst.incomplete" if kinds <= {"form"} else "standfirst.wrong"
        parts.append(words(lacking if of_each["error"] else "standfirst.minor", problems=joined(counts)))
    if troubles := audit.count("standing", kind="extraction"):
        key = "standfirst.extraction" if counts else "standfirst.unread"
        met = words("one.trouble") if troubles == 1 else words("many.trouble", count=troubles)
        parts.append(words(key, problems=met))
    unread = audit.count("checks", status="unread")
    if unread and _holds_something(audit) and not audit.count("checks", status="breaks"):
        parts.append(words("standfirst.unmade", unread=unread))
    if not findings:
        parts.append(words("standfirst.clean", count=audit.count("unnoticed", kind="cell")))
    return joined(parts, ("", " "))


def report_title(issuer: str | None, year: int | None, source: str) -> Pair:
    """Who reports, and for which year."""
    who = issuer or source
    return words("page.of_year", issuer=who, year=str(year)) if year else same(who)


class _Sources:
    """The tables of an audit that its findings are told from, in both languages, by finding."""

    def __init__(self, audit: Audit, every: Iterable[Comparison]) -> None:
        assert audit.bilingual is not None
        self.audit, self.form, self._tables = audit, audit.report.form, audit.bilingual
        self.comparisons = {one.key: one for one in every}
        self.facts = {row["cell"]: row for row in self.rows("facts")}
        self.claims = {row["claim"]: row for row in self.rows("claims")}
        self.by_start = {int(row["start"]): row for row in self.claims.values()}
        self.counted = counted_by(audit)
        self.statements = {row["statement"]: row["quote"] for row in self.rows("statements")}
        self.verdicts = {row["finding"]: row for row in self.rows("verdicts") if row["finding"]}
        self.corrections, self.evidence, self.checks = (
            self._by_finding(name) for name in ("corrections", "evidence", "finding_checks")
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        return records(self._tables[table])

    def _by_finding(self, table: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows(table):
            found.setdefault(row["finding"], []).append(row)
        return found


def _finding(sources: _Sources, row: Mapping[str, Any]) -> ShownFinding:
    mark, title, kind = str(row["finding"]), row["title"], str(row["kind"])
    broken = tuple(
        sorted(
            (sources.comparisons[one["check"]] for one in sources.checks.get(mark, ())),
            key=lambda one: (bool(one.claims), one.scope != "total"),
        )
    )
    given = _explanations(sources, mark)
    repeated = {one.formula for one in broken}
    shown = [ShownCorrection(one.letter, one.changes, one.reason.without(repeated)) for one in given]
    corrections = tuple(c for c in shown if any(change.value is not None for change in c.changes))
    details = tuple(c for c in shown if c not in corrections and _says_more(c, title))
    named = [change.cell for c in details for change in c.changes if change.cell]
    cells = tuple(dict.fromkeys([*(cell for one in broken for cell in one.cells), *named]))
    marked = tuple(dict.fromkeys(start for one in broken for start in one.claims))
    verdict = sources.verdicts.get(mark)
    return ShownFinding(
        id=mark,
        number=int(row["number"]),
        severity=str(row["severity"]),
        kind=kind,
        lead=_lead(sources, broken, title) if kind == "published" else _as_sentence(title),
        title=title,
        comparisons=broken,
        cells=cells,
        claims=marked,
        explanations=tuple(given),
        corrections=corrections,
        details=details,
        where=_where(sources, cells, marked),
        decided=_decided(verdict) if verdict is not None else None,
        settled=str(verdict["verdict"]) if verdict is not None else "",
    )


def _explanations(sources: _Sources, finding: str) -> list[ShownCorrection]:
    """The finding's corrections, best first, and then what is said without one."""
    changed: dict[int, list[dict[str, Any]]] = {}
    for row in sources.corrections.get(finding, ()):
        changed.setdefault(int(row["correction"]), []).append(row)
    said: dict[int, list[dict[str, Any]]] = {}
    for row in sources.evidence.get(finding, ()):
        said.setdefault(int(row["correction"]), []).append(row)
    problem = sources.audit.problem_of(finding)
    found: list[ShownCorrection] = []
    for number in sorted({*changed, *said}, key=lambda one: one or len(changed) + 1):
        rows = changed.get(number, [])
        changes = [_change(sources, row) for row in rows]
        if problem is not None:
            changes = [_as_read(sources, name) for name in problem.cells]
        speaks_for, against = (
            tuple(row["text"] for row in said.get(number, ()) if row["side"] == side)
            for side in ("for", "against")
        )
        slip, decided_by = (rows[0]["slip"], rows[0]["decided_by"]) if rows else ("", same(""))
        reason = Grounds(slip_label(slip), speaks_for, against, decided_by)
        found.append(ShownCorrection(_letter(len(found)), tuple(changes), reason))
    return found


def _letter(number: int) -> str:
    return _LETTERS[number % 26] + (str(number // 26) if number >= 26 else "")


def _says_more(one: ShownCorrection, title: Pair) -> bool:
    """Whether an explanation says anything beside what the finding's title does."""
    said = {*one.reason.speaks_for, *one.reason.against} - {title}
    return bool(one.changes or said or one.reason.decided_by[0])


def _change(sources: _Sources, row: Mapping[str, Any]) -> ShownChange:
    """A changed figure; of a statement its words are what is printed."""
    value = None if pd.isna(row["value"]) else amount(float(row["value"]))
    printed = words("cell.blank") if pd.isna(row["printed"]) else same(amount(float(row["printed"])))
    if row["cell"]:
        cell, _, year = row["cell"].partition("@")  # of another year's report
        name, called = cell_title(cell, sources.form), same(cell_label(cell, sources.form))
        if year:
            name, called = (words("formula.year", name=one, year=year) for one in (name, called))
        return ShownChange(name, called, printed, value, row["cell"])
    claim = sources.claims.get(row["claim"])
    if claim is not None:
        called = same(f"“{claim['quote']}”")
        return ShownChange(claim_name(claim), called, printed, value, "", int(claim["start"]))
    if row["claim"] in sources.statements:
        printed = same(sources.statements[row["claim"]])
    return ShownChange(words("claim.statement"), words("claim.statement"), printed, value)


def _as_read(sources: _Sources, name: str) -> ShownChange:
    """A cell that could not be read, or was read in two ways, with what is printed as far as known."""
    fact = sources.facts.get(name)
    printed = words("cell.blank")
    if fact is not None and fact["status"] == "unread":
        printed = same(f"{one_line(fact['raw'])} ?".strip())
    elif fact is not None and not pd.isna(fact["value"]):
        printed = same(amount(float(fact["value"])))
    return ShownChange(
        cell_title(name, sources.form), same(cell_label(name, sources.form)), printed, None, name
    )


def _where(sources: _Sources, cells: tuple[str, ...], claims: Iterable[int]) -> Pair:
    """The tables and sections concerned, with their pages."""
    places: list[Pair] = []
    for code, table in tables(sources.form).items():
        named = [cell for cell in cells if cell.startswith(f"{code}:")]
        if named:
            own = (sources.facts[cell]["page"] for cell in named if cell in sources.facts)
            pages = {int(page) for page in own if not pd.isna(page)}
            places.append(_with_pages(words("place.table", section=section_number(table.section)), pages))
    sections: dict[str, set[int]] = {}
    for claim in (sources.by_start[start] for start in claims):
        pages = sections.setdefault(claim["section"], set())
        if not pd.isna(claim["page"]):
            pages.add(int(claim["page"]))
    places += [
        _with_pages(words("place.prose", section=section), pages) for section, pages in sections.items()
    ]
    return joined(places)


def _with_pages(name: Pair, pages: set[int]) -> Pair:
    if not pages:
        return name
    listed = joined([same(str(page)) for page in sorted(pages)])
    on = words("place.pages" if len(pages) > 1 else "place.page", pages=listed, page=listed)
    return f"{name[0]}（{on[0]}）", f"{name[1]} ({on[1]})"


def _decided(row: Mapping[str, Any]) -> Pair:
    word = words(f"decided.{row['verdict']}")
    return words("decided.by", verdict=word, who=row["by"], when=row["date"], comment=row["comment"])


def _lead(sources: _Sources, broken: Sequence[Comparison], title: Pair) -> Pair:
    """A finding's heaviest break in plain words; its `title` where no text of `lead` words it."""
    worded = [one for one in broken if one.rule in _ORDER and one.difference]
    if not worded:
        return title
    main = min(worded, key=lambda one: (_ORDER.index(one.rule), one.scope != "total"))
    left, right = main.values
    size = amount(round(abs(left - right), 6))
    gap = words("gap.apart", size=size)
    if main.rule == "balance":
        gap = words("gap.more" if right > left else "gap.fewer", size=size)
    claim = sources.by_start[main.claims[0]] if main.claims else None
    unit = claim["unit"] if claim is not None else ""
    return words(
        f"lead.{main.rule}",
        left=left,
        right=right if main.rule not in ("share", "growth") else round(right, 4),
        gap=gap,
        of=same("") if main.scope == "total" else words("lead.of_column", place=main.name),
        unit=f" {unit}" if unit else "",
        place=_place(sources, main, claim),
        quote=main.said,
    )


def _as_sentence(title: Pair) -> Pair:
    """A problem in reading in plain words: its title, as a sentence begins."""
    return title[0], title[1][:1].upper() + title[1][1:]


def _place(sources: _Sources, one: Comparison, claim: Mapping[str, Any] | None) -> Pair:
    """The row or column of a sum; of a number in the prose the rows that it counts."""
    if claim is None:
        return one.name
    rows = dict.fromkeys(split_cell(cell)[:2] for cell in sources.counted.get(claim["claim"], one.cells))
    names = [row_name(row, sources.form, table) for table, row in rows]
    zh, en = joined(names[:_NAMED], ("＋", " + "))
    return (zh, en) if len(names) <= _NAMED else (f"{zh}等", f"{en} …")
