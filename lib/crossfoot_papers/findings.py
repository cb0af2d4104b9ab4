"""The findings as the evidence page shows them, and its verdict on the report in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossfoot.checks import amount
from crossfoot.diagnosis.explanations import Explanation
from crossfoot.diagnosis.findings import slip_label
from crossfoot.forms import split_cell, tables
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import cell_title, row_name, section_number, severity_name
from crossfoot.verdicts import settled
from crossfoot.working import Working

from .comparisons import Comparison, by_key, claim_name

_CLAIM = "claim:"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER = (
    "balance", "dispute_total", "results_total", "row_total", "group_total",
    "narrative", "narrative_sum", "share", "growth", "statement",
)  # fmt: skip
_NAMED = 3
OF_THE_FORM = ("rows_missing", "not_a_figure")
"""What the form asks for beside its sums: a break says that something is missing, not that figures differ."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One cell of a correction, before and after; `value` is None where no figure is proposed.

    `cell` is "" for a number in the prose, whose offset `claim` is.
    """

    name: Pair
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


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One explanation: `letter` names it, `changes` are its cells; the rest as in the findings table."""

    letter: str
    changes: tuple[ShownChange, ...]
    reason: Grounds


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding; `comparisons` are its broken checks, totals first; `cells` and `claims` all in them.

    `corrections` propose a figure, `details` are explanations that only say what was read or written.
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
    corrections: tuple[ShownCorrection, ...]
    details: tuple[ShownCorrection, ...]
    where: Pair
    decided: Pair | None
    settled: str

    @property
    def grade(self) -> Pair:
        """How severe it is, in words."""
        return severity_name(self.severity, self.kind)


def shown_findings(audit: Working, every: list[Comparison]) -> list[ShownFinding]:
    """The audit's findings, worst first; those that an analyst settled go last."""
    keyed = by_key(every)
    claims = {int(row["start"]): row for row in audit.claims.to_dict("records")}
    rows = settled(audit.findings, audit.verdicts).to_dict("records")
    rows.sort(key=lambda row: not pd.isna(row["verdict"]))
    return [_finding(audit, keyed, claims, number, row) for number, row in enumerate(rows, 1)]


def verdict(findings: Sequence[ShownFinding], comparisons: Sequence[Comparison]) -> Pair:
    """The verdict on the report: what its worst finding says, or that all holds."""
    open_ones = [finding for finding in findings if finding.settled != "dismissed"]
    published = [finding for finding in open_ones if finding.kind == "published"]
    if published:
        first = published[0]
        said = [w.left for w in first.comparisons if w.rule == "narrative" and w.left]
        opening = first.lead
        if said and first.comparisons[0].rule != "narrative":
            opening = words("verdict.also", lead=opening, said=said[0].total)
        if (
            all(w.rule in OF_THE_FORM or w.status != "breaks" for w in comparisons)
            and not any(finding.severity == "error" for finding in published)
            and any(w.status == "holds" and not w.is_range for w in comparisons)
        ):
            opening = words("verdict.asked", lead=opening)
        more = len(published) - 1
        key = "verdict.more_one" if more == 1 else "verdict.more"
        return words(key, lead=opening, count=more) if more else opening
    if open_ones:
        return words("verdict.unread", lead=open_ones[0].lead)
    if findings:
        return words("verdict.dismissed")
    stated = sum(one.status == "holds" and not one.is_range for one in comparisons)
    return words("verdict.clean", count=stated) if stated else words("verdict.nothing")


def standfirst(findings: Sequence[ShownFinding], comparisons: Sequence[Comparison], unbound: int) -> Pair:
    """What the verdict means, in a sentence or two; `unbound` cells are bound by no check.

    What an analyst dismissed does not count.
    """
    findings = [finding for finding in findings if finding.settled != "dismissed"]
    published = [finding.severity for finding in findings if finding.kind == "published"]
    counts = [
        words(f"one.{severity}" if count == 1 else f"many.{severity}", count=count)
        for severity in ("error", "query", "note")
        if (count := published.count(severity))
    ]
    parts = []
    if counts:
        rules = {
            one.rule for finding in findings if finding.severity == "error" for one in finding.comparisons
        }
        lacking = "standfirst.incomplete" if rules.issubset(OF_THE_FORM) else "standfirst.wrong"
        parts.append(words(lacking if "error" in published else "standfirst.minor", problems=joined(counts)))
    if troubles := len(findings) - len(published):
        key = "standfirst.extraction" if published else "standfirst.unread"
        met = words("one.trouble") if troubles == 1 else words("many.trouble", count=troubles)
        parts.append(words(key, problems=met))
    made = [one.status for one in comparisons if not one.is_range]
    if (unread := made.count("unread")) and "holds" in made and "breaks" not in made:
        parts.append(words("standfirst.unmade", unread=unread))
    if not findings:
        parts.append(words("standfirst.clean", count=unbound))
    return joined(parts, ("", " "))


def report_title(issuer: str | None, year: int | None, source: str) -> Pair:
    """Who reports, and for which year."""
    who = issuer or source
    return words("page.of_year", issuer=who, year=str(year)) if year else same(who)


def _finding(
    audit: Working,
    keyed: Mapping[str, Comparison],
    claims: Mapping[int, dict],
    number: int,
    row: Mapping[str, Any],
) -> ShownFinding:
    form = audit.report.form
    wording = audit.wording.findings[str(row["id"])]
    broken = tuple(
        sorted(
            (keyed[key] for key in _keys(str(row["checks"]), keyed)),
            key=lambda one: (bool(one.claims), not one.key.endswith(":total")),
        )
    )
    given = [
        ShownCorrection(
            _LETTERS[i % 26] + (str(i // 26) if i >= 26 else ""),
            tuple(_change(cell, claims, form) for cell in one.record("en")["cells"]),
            _reason(one, broken),
        )
        for i, one in enumerate(wording.explanations)
    ]
    corrections = tuple(c for c in given if any(change.value is not None for change in c.changes))
    details = tuple(c for c in given if c not in corrections and _says_more(c, wording.title))
    named = [change.cell for c in details for change in c.changes if change.cell]
    cells = tuple(dict.fromkeys([*(cell for one in broken for cell in one.cells), *named]))
    marked = tuple(dict.fromkeys(start for one in broken for start in one.claims if start in claims))
    return ShownFinding(
        id=str(row["id"]),
        number=number,
        severity=str(row["severity"]),
        kind=str(row["kind"]),
        lead=_lead(broken, claims, form, wording.title)
        if row["kind"] == "published"
        else _as_sentence(wording.title),
        title=wording.title,
        comparisons=broken,
        cells=cells,
        claims=marked,
        corrections=corrections,
        details=details,
        where=_where(audit.facts, cells, [claims[start] for start in marked], form),
        decided=_decided(row),
        settled="" if pd.isna(row["verdict"]) else str(row["verdict"]),
    )


def _reason(one: Explanation, broken: tuple[Comparison, ...]) -> Grounds:
    """Its reason, without what only repeats a check that the finding shows."""
    repeated = {one.formula for one in broken}
    speaks_for, against = (
        tuple(said for said in sentences if said not in repeated)
        for sentences in (one.speaks_for, one.against)
    )
    return Grounds(slip_label("+".join(dict.fromkeys(one.slip))), speaks_for, against, one.decided_by)


def _says_more(one: ShownCorrection, title: Pair) -> bool:
    """Whether an explanation says anything beside what the finding's title does."""
    said = {*one.reason.speaks_for, *one.reason.against} - {title}
    return bool(one.changes or said or one.reason.decided_by[0])


def _keys(joined_keys: str, keyed: Mapping[str, Comparison]) -> list[str]:
    """The checks of a finding, as `rule:scope` joined by spaces; a scope may itself hold a space."""
    keys: list[str] = []
    held = ""
    for part in joined_keys.split(" "):
        held = f"{held} {part}" if held else part
        if held in keyed:
            keys.append(held)
            held = ""
    return keys


def _change(cell: Mapping[str, Any], claims: Mapping[int, dict], form: str) -> ShownChange:
    name, value = str(cell["cell"]), cell["value"]
    shown = None if value is None else _figure(value)
    if name.startswith(_CLAIM):
        start = int(name.removeprefix(_CLAIM))
        title = claim_name(claims[start]) if start in claims else words("claim.statement")
        return ShownChange(title, _printed(cell["printed"]), shown, "", start if start in claims else None)
    return ShownChange(cell_title(name, form), _printed(cell["printed"]), shown, name)


def _printed(value: Any) -> Pair:
    return words("cell.blank") if value is None else same(_figure(value))


def _figure(value: Any) -> str:
    return amount(value) if isinstance(value, int | float) else str(value)


def _where(facts: pd.DataFrame, cells: tuple[str, ...], claims: list[dict], form: str) -> Pair:
    """The tables and sections concerned, with their pages."""
    places: list[Pair] = []
    for code, table in tables(form).items():
        named = {split_cell(cell)[1:] for cell in cells if cell.startswith(f"{code}:")}
        if named:
            rows = facts[facts["table"] == code]
            pages = {
                int(page)
                for row, column, page in zip(rows["row"], rows["column"], rows["page"], strict=True)
                if (row, column) in named and not pd.isna(page)
            }
            places.append(_with_pages(words("place.table", section=section_number(table.section)), pages))
    sections: dict[str, set[int]] = {}
    for claim in claims:
        section = "" if pd.isna(claim["section"]) else str(claim["section"])
        pages = sections.setdefault(section, set())
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


def _decided(row: Mapping[str, Any]) -> Pair | None:
    if pd.isna(row["verdict"]):
        return None
    word = words(f"decided.{row['verdict']}")
    return words("decided.by", verdict=word, who=row["who"], when=row["when"], comment=row["comment"])


def _lead(broken: Sequence[Comparison], claims: Mapping[int, dict], form: str, title: Pair) -> Pair:
    """A finding's heaviest break in plain words; its `title` where no text of `lead` words it."""
    worded = [one for one in broken if one.rule in _ORDER and one.difference]
    if not worded:
        return title
    main = min(worded, key=lambda one: (_ORDER.index(one.rule), one.key.rpartition(":")[2] != "total"))
    left, right = main.values
    size = amount(round(abs(left - right), 6))
    gap = words("gap.apart", size=size)
    if main.rule == "balance":
        gap = words("gap.more" if right > left else "gap.fewer", size=size)
    claim = claims.get(main.claims[0], {}) if main.claims else {}
    unit = "" if pd.isna(claim.get("unit")) else str(claim["unit"])
    return words(
        f"lead.{main.rule}",
        left=left,
        right=right if main.rule not in ("share", "growth") else round(right, 4),
        gap=gap,
        of=same("") if main.key.endswith(":total") else words("lead.of_column", place=main.name),
        unit=f" {unit}" if unit else "",
        place=_place(main, claim, form),
        quote=main.key.partition(":")[2].rpartition("@")[0].rpartition(":")[2],
    )


def _as_sentence(title: Pair) -> Pair:
    """A trouble in reading in plain words: its title, as a sentence begins."""
    return title[0], title[1][:1].upper() + title[1][1:]


def _place(one: Comparison, claim: Mapping, form: str) -> Pair:
    """The row or column of a sum; of a number in the prose the rows that it counts."""
    if not one.claims:
        return one.name
    subject = claim.get("subject")
    counted = str(subject).split("+") if subject is not None and not pd.isna(subject) else one.cells
    rows = dict.fromkeys(split_cell(cell)[:2] for cell in counted)
    names = [row_name(row, form, table) for table, row in rows]
    zh, en = joined(names[:_NAMED], ("＋", " + "))
    return (zh, en) if len(names) <= _NAMED else (f"{zh}等", f"{en} …")
