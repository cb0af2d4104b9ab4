"""The findings of an audit as a short text for the terminal."""

import json
from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from .checks import amount
from .diagnosis.wording import cell_label, text
from .verdicts import settled, stale

_SHOWN = 3
"""How many corrections of a finding are listed; the rest are counted."""

Say = Callable[..., str]


def summarise(report: Mapping, tables: Mapping[str, pd.DataFrame], language: str = "en") -> str:
    """The findings in a few lines: what is wrong, where, and which corrections would reconcile it.

    Findings that a verdict settles come last. `report` has the keys of Audit.report, `tables` holds at least
    `checks`, `findings` and `verdicts`; titles and reasons are in the language they were written in, the rest
    in `language`, "en" or "zh".
    """
    say: Say = partial(_say, language=language)
    checks, findings = tables["checks"], tables["findings"]
    count = {status: int((checks["status"] == status).sum()) for status in ("holds", "breaks", "not_stated")}
    who = f"{report['issuer'] or report['source']} {report['year'] or ''}".strip()
    about = {"who": who, "source": report["source"], "form": report["form"]}
    found = say("one_finding") if len(findings) == 1 else say("findings", count=len(findings))
    lines = [say("head", **about, findings=found, checks=say("checks", count=len(checks)), **count)]
    decided = settled(findings, tables["verdicts"])
    is_open = decided["verdict"].isna()
    for number, finding in enumerate(decided[is_open].itertuples(), 1):
        marks = {"severity": say(finding.severity), "kind": say(finding.kind)}
        lines.append("\n" + say("finding", number=number, title=finding.title, **marks))
        broken = set(str(finding.checks).split()) if isinstance(finding.checks, str) else set()
        for check in checks[checks["status"] == "breaks"].itertuples():
            if f"{check.rule}:{check.scope}" in broken:
                lines.append(f"     {check.rule}: {check.formula}")
        explanation = json.loads(finding.explanation)
        if finding.kind == "extraction":
            lines.extend(_readings(explanation))
        else:
            form = report["form"] if language == "zh" else None
            lines.extend(_corrections(explanation, say, form))
    if not is_open.all():
        lines.append("\n" + say("settled"))
        for one in decided[~is_open].itertuples():
            given = {"who": one.who, "when": one.when, "comment": one.comment}
            lines.append(f" - {one.title}\n   {say('verdict', verdict=say(one.verdict), **given)}")
    for one in stale(findings, tables["verdicts"]).itertuples():
        lines.append("\n" + say("stale", id=one.finding, verdict=say(one.verdict), who=one.who))
    return "\n".join(lines)


def _say(key: str, language: str, **given: object) -> str:
    return text(f"summary_{key}", language, **given)


def _readings(explanation: list[dict]) -> list[str]:
    """What each reader saw, and on which page: a trouble in reading has no correction."""
    return [f"   {words}" for entry in explanation for words in entry["against"]]


def _corrections(explanation: list[dict], say: Say, form: str | None) -> list[str]:
    """The corrections with their evidence; cells by their printed labels where `form` is given."""
    lines = []
    offered = [entry for entry in explanation if entry["cells"]]
    if offered:
        lines.append(f"   {say('corrections')}")
    for letter, entry in zip("abcdefgh", offered[:_SHOWN], strict=False):
        cells = ", ".join(
            f"{cell_label(c['cell'], form) if form else c['cell']} "
            f"{_figure(c['printed'], say)} → {_figure(c['value'], say)}"
            for c in entry["cells"]
        )
        lines.append(f"   {letter}) {cells}")
        lines.extend(f"        {say(side, words=w)}" for side in ("for", "against") for w in entry[side])
        if entry["decided_by"]:
            lines.append(f"        {say('settled_by', words=entry['decided_by'])}")
    if len(offered) > _SHOWN:
        lines.append(f"   {say('more', count=len(offered) - _SHOWN)}")
    return lines


def _figure(value: object, say: Say) -> str:
    if isinstance(value, int | float):
        return amount(value)
    return str(value) if value else say("blank")
