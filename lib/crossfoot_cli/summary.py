"""The findings of an audit as a short text for the terminal."""

import json
from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from crossfoot.checks import STATUSES, amount
from crossfoot.texts import say
from crossfoot.texts.names import cell_label, cell_title
from crossfoot.verdicts import settled, stale

_SHOWN = 3
"""How many corrections of a finding are listed; the rest are counted."""

_LONG = 400
"""How many characters of what readers saw are shown."""

Say = Callable[..., str]


def summarise(report: Mapping, tables: Mapping[str, pd.DataFrame], language: str = "en") -> str:
    """The findings in a few lines: what is wrong, where, and which corrections would reconcile it.

    Findings that a verdict settles come last. `report` has the keys of Audit.report, `tables` holds at least
    `claims`, `checks`, `findings` and `verdicts`; titles and reasons are in the language they were written
    in, the rest in `language`, "en" or "zh".
    """
    tell: Say = partial(say, language=language)

    def coded(head: str, code: str) -> str:
        """A code of the tables: in English as it is, as whoever looks further has it before him there."""
        return code if language == "en" else tell(f"{head}.{code}")

    def named(cell: str) -> str:
        """A figure of the prose by its clause; a cell by its name, in Chinese as the form has it."""
        kind, _, start = cell.partition(":")
        if kind == "claim":
            quote = quotes.get(int(start))
            return tell("claim.statement") if quote is None else tell("place.claim", quote=quote)
        return cell_title(cell, report["form"])[1] if language == "en" else cell_label(cell, report["form"])

    quotes = dict(zip(tables["claims"]["start"], tables["claims"]["quote"], strict=True))
    checks, findings = tables["checks"], tables["findings"]
    count = {status: int((checks["status"] == status).sum()) for status in STATUSES}
    who = f"{report['issuer'] or report['source']} {report['year'] or ''}".strip()
    about = {"who": who, "source": report["source"], "form": report["form"]}
    found = tell("one.finding") if len(findings) == 1 else tell("many.finding", count=len(findings))
    lines = [
        tell("summary.head", **about, findings=found, checks=tell("many.check", count=len(checks)), **count)
    ]
    decided = settled(findings, tables["verdicts"])
    is_open = decided["verdict"].isna()
    for number, finding in enumerate(decided[is_open].itertuples(), 1):
        grade = "doubt" if finding.kind == "extraction" else "severity"
        severity = finding.severity if language == "en" else tell(f"{grade}.{finding.severity}")
        marks = {"severity": severity, "kind": coded("kind", str(finding.kind))}
        lines.append("\n" + tell("summary.finding", number=number, title=finding.title, **marks))
        broken = set(str(finding.checks).split()) if isinstance(finding.checks, str) else set()
        for check in checks[checks["status"] == "breaks"].itertuples():
            if f"{check.rule}:{check.scope}" in broken and str(check.formula) != finding.title:
                given = {"rule": tell(f"rule.{check.rule}"), "formula": check.formula}
                lines.append("     " + tell("summary.broken", **given))
        explanation = json.loads(str(finding.explanation))
        if finding.kind == "extraction":
            lines.extend(_readings(explanation, str(finding.title)))
        else:
            lines.extend(_corrections(explanation, tell, named))
    if not is_open.all():
        lines.append("\n" + tell("summary.settled"))
        for one in decided[~is_open].itertuples():
            given = {"who": one.who, "when": one.when, "comment": one.comment}
            verdict = tell(f"decided.{one.verdict}")
            lines.append(f" - {one.title}\n   {tell('decided.by', verdict=verdict, **given)}")
    for one in stale(findings, tables["verdicts"]).itertuples():
        verdict = tell(f"decided.{one.verdict}")
        lines.append("\n" + tell("summary.stale", id=one.finding, verdict=verdict, who=one.who))
    return "\n".join(lines)


def _readings(explanation: list[dict], title: str) -> list[str]:
    """What each reader saw, and on which page: a trouble in reading has no correction.

    What its title says is not said again, and a long list is cut: the papers have it whole.
    """
    told = (words for entry in explanation for words in entry["against"] if words != title)
    return [f"   {words if len(words) <= _LONG else words[:_LONG] + ' …'}" for words in told]


def _corrections(explanation: list[dict], tell: Say, name_of: Callable[[str], str]) -> list[str]:
    """The corrections with their evidence; `name_of` is what to call a cell or claim."""
    lines = []
    offered = [entry for entry in explanation if entry["cells"]]
    if offered:
        lines.append(f"   {tell('correction.heading')}")
    for letter, entry in zip("abcdefgh", offered[:_SHOWN], strict=False):
        cells = tell("list.join").join(
            f"{name_of(c['cell'])} {_figure(c['printed'], tell)} → "
            f"{tell('correction.reword') if c['value'] is None else _figure(c['value'], tell)}"
            for c in entry["cells"]
        )
        lines.append(f"   {letter}) {cells}")
        lines.extend(
            f"        {tell(f'correction.said_{side}', words=w)}"
            for side in ("for", "against")
            for w in entry[side]
        )
        if entry["decided_by"]:
            lines.append(f"        {tell('correction.said_settled', words=entry['decided_by'])}")
    if len(offered) > _SHOWN:
        lines.append(f"   {tell('summary.more', count=len(offered) - _SHOWN)}")
    return lines


def _figure(value: object, tell: Say) -> str:
    if isinstance(value, int | float):
        return amount(value)
    return str(value) if value else tell("cell.blank")
