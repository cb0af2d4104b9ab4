"""The findings of an audit as a short text for the terminal."""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from crossfoot.audit import Audit
from crossfoot.checks import STATUSES, amount
from crossfoot.schema import records
from crossfoot.texts import same, say, worded
from crossfoot.texts.names import cell_label, cell_title
from crossfoot.tidy import check_name

_SHOWN = 3
"""How many corrections of a finding are listed; the rest are counted."""

_LONG = 400
"""How many characters of what readers saw are shown."""

Say = Callable[..., str]


def summarise(result: Audit, language: str = "") -> str:
    """The findings in a few lines: what is wrong, where, and which corrections would reconcile it.

    Titles and reasons are in the language of the audit, the rest in `language`, by default the same. Findings
    that a verdict settles come last.
    """
    language, report = language or result.language, result.report
    tell: Say = partial(say, language=language)

    def coded(head: str, code: str) -> str:
        """A code of the tables: in English as it is, as whoever looks further has it before him there."""
        return code if language == "en" else tell(f"{head}.{code}")

    count = {status: result.count("checks", status=status) for status in STATUSES}
    total, made = result.count("standing"), result.count("checks")
    who = f"{report.issuer or report.source} {report.year or ''}".strip()
    found = tell("one.finding") if total == 1 else tell("many.finding", count=total)
    if dismissed := result.count("findings") - total:
        found = tell("summary.dismissed", findings=found, count=dismissed)
    about = {"who": who, "source": report.source, "form": report.form, "findings": found}
    single = result.count("checks", kind="range", status="holds")
    ranges = tell("summary.ranges", count=single) if single else ""
    lines = [tell("summary.head", **about, checks=tell("many.check", count=made), **count, ranges=ranges)]
    if said := worded(result.understood, language):
        lines.append(said)
    decided = result.verdicts[result.verdicts["finding"].ne("")].set_index("finding")
    is_open = ~result.findings["finding"].isin(decided.index)
    for finding in records(result.findings[is_open]):
        mark, title, kind = finding["finding"], finding["title"], finding["kind"]
        grade = "doubt" if kind == "extraction" else "severity"
        severity = finding["severity"] if language == "en" else tell(f"{grade}.{finding['severity']}")
        marks = {"severity": severity, "kind": coded("kind", kind)}
        lines.append("\n" + tell("summary.finding", number=finding["number"], title=title, **marks))
        own = result.finding_checks[result.finding_checks["finding"] == mark]["check"]
        for check in records(result.checks[result.checks["check"].isin(own)]):
            if check["formula"] != title:
                compares = "range" if ":" in check["scope"] else "sum"
                rule = worded(check_name(check["rule"], compares, same(check["label"])), language)
                lines.append("     " + tell("summary.broken", rule=rule, formula=check["formula"]))
        evidence = result.evidence[result.evidence["finding"] == mark]
        if kind == "extraction":
            lines.extend(_readings(evidence, title))
        else:
            lines.extend(_corrections(result, mark, evidence, tell, language))
    if not is_open.all():
        lines.append("\n" + tell("summary.settled"))
        for finding in records(result.findings[~is_open]):
            one = decided.loc[finding["finding"]]
            verdict = tell(f"decided.{one['verdict']}")
            given = {"who": one["by"], "when": one["date"], "comment": one["comment"]}
            lines.append(f" - {finding['title']}\n   {tell('decided.by', verdict=verdict, **given)}")
    stale = decided[~decided.index.isin(result.findings["finding"])]
    for mark, code, who in zip(stale.index, stale["verdict"], stale["by"], strict=True):
        lines.append("\n" + tell("summary.stale", id=mark, verdict=tell(f"decided.{code}"), who=who))
    own = result.verdicts[result.verdicts["claim"].ne("")]
    by_person = result.claims.loc[result.claims["by"].eq("person"), "claim"]
    for one in records(own[~own["claim"].isin(by_person)]):
        given = {"claim": one["claim"], "verdict": tell(f"decided.{one['verdict']}"), "who": one["by"]}
        lines.append("\n" + tell("summary.stale_claim", **given))
    return "\n".join(lines)


def _readings(evidence: pd.DataFrame, title: str) -> list[str]:
    """What each reader saw, and on which page: a trouble in reading has no correction.

    What its title says is not said again, and a long list is cut: the papers have it whole.
    """
    told = (words for words in evidence.loc[evidence["side"] == "against", "text"] if words != title)
    return [f"   {words if len(words) <= _LONG else words[:_LONG] + ' …'}" for words in told]


def _corrections(result: Audit, finding: str, evidence: pd.DataFrame, tell: Say, language: str) -> list[str]:
    """The corrections of a finding, each with its evidence."""
    own = result.corrections[result.corrections["finding"] == finding]
    lines = [f"   {tell('correction.heading')}"] if len(own) else []
    offered = own["correction"].nunique()
    for letter, (number, cells) in zip("abcdefgh", list(own.groupby("correction"))[:_SHOWN], strict=False):
        changes = tell("list.join").join(
            f"{name} {printed} → {tell('correction.reword') if pd.isna(value) else _figure(value, tell)}"
            for name, printed, value in _changes(cells, result, tell, language)
        )
        lines.append(f"   {letter}) {changes}")
        said = evidence[evidence["correction"] == number]
        for side in ("for", "against"):
            told = said.loc[said["side"] == side, "text"]
            lines.extend(f"        {tell(f'correction.said_{side}', words=words)}" for words in told)
        if decided := cells["decided_by"].iloc[0]:
            lines.append(f"        {tell('correction.said_settled', words=decided)}")
    if offered > _SHOWN:
        lines.append(f"   {tell('summary.more', count=offered - _SHOWN)}")
    return lines


def _changes(
    cells: pd.DataFrame, result: Audit, tell: Say, language: str
) -> Iterator[tuple[str, str, float]]:
    """What each changed figure is called, what is printed, and what it would be.

    A figure of the prose is called by its clause, a cell by its name, in Chinese as the form has it; of a
    statement its words are printed.
    """
    quotes = dict(zip(result.claims["claim"], result.claims["quote"], strict=True))
    said = dict(zip(result.statements["statement"], result.statements["quote"], strict=True))
    form = result.report.form
    for cell, claim, printed, value in zip(
        *(cells[name] for name in ("cell", "claim", "printed", "value")), strict=True
    ):
        if claim in quotes:
            yield tell("place.claim", quote=quotes[claim]), _figure(printed, tell), value
        elif claim:
            yield tell("claim.statement"), said.get(claim, ""), value
        else:
            name = cell_title(cell, form)[1] if language == "en" else cell_label(cell, form)
            yield name, _figure(printed, tell), value


def _figure(value: float, tell: Say) -> str:
    return tell("cell.blank") if pd.isna(value) else amount(value)
