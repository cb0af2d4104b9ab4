"""The findings as a page shows them: plain words, the sums that break, and the corrections side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossfoot.checks import amount
from crossfoot.diagnosis.explanations import Explanation
from crossfoot.diagnosis.findings import slip_label
from crossfoot.forms import split_cell, tables
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import cell_title, section_number, severity_name
from crossfoot.verdicts import settled
from crossfoot.working import Working

from . import verdict
from .worked import Work
from .works import by_key, claim_name

_CLAIM = "claim:"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a correction, before and after; `value` is None where no figure is proposed.

    `cell` is "" for a number in the prose, whose offset `claim` is.
    """

    name: Pair
    printed: Pair
    value: str | None
    cell: str = ""
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for and against a correction, which slip it would be, and what would settle it."""

    slip: Pair
    speaks_for: tuple[Pair, ...]
    against: tuple[Pair, ...]
    decided_by: Pair


@dataclass(frozen=True, slots=True)
class Correction:
    """One explanation: `letter` names it, `changes` are its cells; the rest as in the findings table."""

    letter: str
    changes: tuple[Change, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `works` are its broken checks, totals first, `cells` and `claims` all that enter them.

    `corrections` propose a figure, `details` are explanations that only say what was read or written.
    `pages` are those that its cells stand on; `decided` is an analyst's verdict in words, if any.
    """

    id: str
    number: int
    severity: str
    kind: str
    lead: Pair
    title: Pair
    works: tuple[Work, ...]
    cells: tuple[str, ...]
    claims: tuple[int, ...]
    corrections: tuple[Correction, ...]
    details: tuple[Correction, ...]
    where: Pair
    decided: Pair | None
    settled: str

    @property
    def grade(self) -> Pair:
        """How severe it is, in words."""
        return severity_name(self.severity, self.kind)


def found(audit: Working, every: list[Work]) -> list[Finding]:
    """The audit's findings, worst first; those that an analyst settled go last."""
    keyed = by_key(every)
    claims = {int(row["start"]): row for row in audit.claims.to_dict("records")}
    rows = settled(audit.findings, audit.verdicts).to_dict("records")
    rows.sort(key=lambda row: not pd.isna(row["verdict"]))
    return [_finding(audit, keyed, claims, number, row) for number, row in enumerate(rows, 1)]


def _finding(
    audit: Working,
    keyed: Mapping[str, Work],
    claims: Mapping[int, dict],
    number: int,
    row: Mapping[str, Any],
) -> Finding:
    form = audit.report.form
    told = audit.wording.findings[str(row["id"])]
    broken = tuple(
        sorted(
            (keyed[key] for key in _keys(str(row["checks"]), keyed)),
            key=lambda work: (bool(work.claims), not work.key.endswith(":total")),
        )
    )
    given = [
        Correction(
            _LETTERS[i % 26] + (str(i // 26) if i >= 26 else ""),
            tuple(_change(cell, claims, form) for cell in one.record("en")["cells"]),
            _reason(one, broken),
        )
        for i, one in enumerate(told.explanations)
    ]
    corrections = tuple(c for c in given if any(change.value is not None for change in c.changes))
    details = tuple(c for c in given if c not in corrections and _says_more(c, told.title))
    named = [change.cell for c in details for change in c.changes if change.cell]
    cells = tuple(dict.fromkeys([*(cell for work in broken for cell in work.cells), *named]))
    marked = tuple(dict.fromkeys(start for work in broken for start in work.claims if start in claims))
    return Finding(
        id=str(row["id"]),
        number=number,
        severity=str(row["severity"]),
        kind=str(row["kind"]),
        lead=verdict.lead(broken, claims, form, told.title)
        if row["kind"] == "published"
        else verdict.trouble(told.title),
        title=told.title,
        works=broken,
        cells=cells,
        claims=marked,
        corrections=corrections,
        details=details,
        where=_where(audit.facts, cells, [claims[start] for start in marked], form),
        decided=_decided(row),
        settled="" if pd.isna(row["verdict"]) else str(row["verdict"]),
    )


def _reason(one: Explanation, broken: tuple[Work, ...]) -> Reason:
    """Its reason, without what only repeats a check that the finding shows."""
    repeated = {work.formula for work in broken}
    speaks_for, against = (
        tuple(said for said in sentences if said not in repeated)
        for sentences in (one.speaks_for, one.against)
    )
    return Reason(slip_label("+".join(dict.fromkeys(one.slip))), speaks_for, against, one.decided_by)


def _says_more(one: Correction, title: Pair) -> bool:
    """Whether an explanation says anything beside what the finding's title does."""
    said = {*one.reason.speaks_for, *one.reason.against} - {title}
    return bool(one.changes or said or one.reason.decided_by[0])


def _keys(joined_keys: str, keyed: Mapping[str, Work]) -> list[str]:
    """The checks of a finding, as `rule:scope` joined by spaces; a scope may itself hold a space."""
    keys: list[str] = []
    held = ""
    for part in joined_keys.split(" "):
        held = f"{held} {part}" if held else part
        if held in keyed:
            keys.append(held)
            held = ""
    return keys


def _change(cell: Mapping[str, Any], claims: Mapping[int, dict], form: str) -> Change:
    name, value = str(cell["cell"]), cell["value"]
    shown = None if value is None else _figure(value)
    if name.startswith(_CLAIM):
        start = int(name.removeprefix(_CLAIM))
        title = claim_name(claims[start]) if start in claims else words("claim.statement")
        return Change(title, _printed(cell["printed"]), shown, "", start if start in claims else None)
    return Change(cell_title(name, form), _printed(cell["printed"]), shown, name)


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
