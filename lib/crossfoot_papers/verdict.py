"""The verdict in one sentence, and every finding's break in plain words."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from crossfoot.checks import amount
from crossfoot.forms import split_cell
from crossfoot.texts import Pair, joined, same, words
from crossfoot.texts.names import row_name

from .worked import Work

_ORDER = (
    "balance", "dispute_total", "results_total", "row_total", "group_total",
    "narrative", "narrative_sum", "share", "growth", "statement",
)  # fmt: skip
_NAMED = 3
OF_THE_FORM = ("rows_missing", "not_a_figure")
"""What the form asks for beside its sums: a break says that something is missing, not that figures differ."""


class Judged(Protocol):
    """What the verdict looks at in a finding."""

    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def settled(self) -> str: ...
    @property
    def lead(self) -> Pair: ...
    @property
    def works(self) -> tuple[Work, ...]: ...


def lead(broken: Sequence[Work], claims: Mapping[int, dict], form: str, title: Pair) -> Pair:
    """A finding's heaviest break in plain words; its `title` where no text of `lead` words it."""
    worded = [work for work in broken if work.rule in _ORDER and work.difference]
    if not worded:
        return title
    main = min(worded, key=lambda work: (_ORDER.index(work.rule), work.key.rpartition(":")[2] != "total"))
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


def trouble(title: Pair) -> Pair:
    """A trouble in reading in plain words: its title, as a sentence begins."""
    return title[0], title[1][:1].upper() + title[1][1:]


def _place(work: Work, claim: Mapping, form: str) -> Pair:
    """The row or column of a sum; of a number in the prose the rows that it counts."""
    if not work.claims:
        return work.name
    subject = claim.get("subject")
    counted = str(subject).split("+") if subject is not None and not pd.isna(subject) else work.cells
    rows = dict.fromkeys(split_cell(cell)[:2] for cell in counted)
    names = [row_name(row, form, table) for table, row in rows]
    zh, en = joined(names[:_NAMED], ("＋", " + "))
    return (zh, en) if len(names) <= _NAMED else (f"{zh}等", f"{en} …")


def sentence(findings: Sequence[Judged], works: Sequence[Work]) -> Pair:
    """The verdict on the report: what its worst finding says, or that all holds."""
    open_ones = [finding for finding in findings if finding.settled != "dismissed"]
    published = [finding for finding in open_ones if finding.kind == "published"]
    if published:
        first = published[0]
        said = [w.left for w in first.works if w.rule == "narrative" and w.left]
        found = first.lead
        if said and first.works[0].rule != "narrative":
            found = words("verdict.also", lead=found, said=said[0].total)
        if (
            all(w.rule in OF_THE_FORM or w.status != "breaks" for w in works)
            and not any(finding.severity == "error" for finding in published)
            and any(w.status == "holds" and not w.is_range for w in works)
        ):
            found = words("verdict.asked", lead=found)
        more = len(published) - 1
        key = "verdict.more_one" if more == 1 else "verdict.more"
        return words(key, lead=found, count=more) if more else found
    if open_ones:
        return words("verdict.unread", lead=open_ones[0].lead)
    if findings:
        return words("verdict.dismissed")
    stated = sum(work.status == "holds" and not work.is_range for work in works)
    return words("verdict.clean", count=stated) if stated else words("verdict.nothing")


def standfirst(findings: Sequence[Judged], works: Sequence[Work], unbound: int) -> Pair:
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
        rules = {work.rule for finding in findings if finding.severity == "error" for work in finding.works}
        lacking = "standfirst.incomplete" if rules.issubset(OF_THE_FORM) else "standfirst.wrong"
        parts.append(words(lacking if "error" in published else "standfirst.minor", problems=joined(counts)))
    if troubles := len(findings) - len(published):
        key = "standfirst.extraction" if published else "standfirst.unread"
        met = words("one.trouble") if troubles == 1 else words("many.trouble", count=troubles)
        parts.append(words(key, problems=met))
    made = [work.status for work in works if not work.is_range]
    if (unread := made.count("unread")) and "holds" in made and "breaks" not in made:
        parts.append(words("standfirst.unmade", unread=unread))
    if not findings:
        parts.append(words("standfirst.clean", count=unbound))
    return joined(parts, ("", " "))


def title_of(issuer: str | None, year: int | None, source: str) -> Pair:
    """Who reports, and for which year."""
    who = issuer or source
    return words("page.of_year", issuer=who, year=str(year)) if year else same(who)
