"""The findings of an audit as a short text for the terminal."""

import json
from collections.abc import Mapping

import pandas as pd

from .checks import amount
from .verdicts import settled, stale

_SHOWN = 3
"""How many corrections of a finding are listed; the rest are counted."""


def summarise(report: Mapping, tables: Mapping[str, pd.DataFrame]) -> str:
    """The findings in a few lines: what is wrong, where, and which corrections would reconcile it.

    Findings that a verdict settles come last. `report` has the keys of Audit.report, `tables` holds at least
    `checks`, `findings` and `verdicts`.
    """
    checks, findings = tables["checks"], tables["findings"]
    count = checks["status"].value_counts()
    who = f"{report['issuer'] or report['source']} {report['year'] or ''}".strip()
    counted = ", ".join(
        f"{count.get(status, 0)} {words}"
        for status, words in (("holds", "hold"), ("breaks", "break"), ("not_stated", "not stated"))
    )
    lines = [
        f"{who} ({report['source']}, form {report['form']}): {_plural(len(findings), 'finding')}; "
        f"{_plural(len(checks), 'check')}: {counted}"
    ]
    decided = settled(findings, tables["verdicts"])
    is_open = decided["verdict"].isna()
    for number, finding in enumerate(decided[is_open].itertuples(), 1):
        lines.append(f"\n{number}. [{finding.severity}, {finding.kind}] {finding.title}")
        broken = set(str(finding.checks).split()) if isinstance(finding.checks, str) else set()
        for check in checks[checks["status"] == "breaks"].itertuples():
            if f"{check.rule}:{check.scope}" in broken:
                lines.append(f"     {check.rule}: {check.formula}")
        explanation = json.loads(finding.explanation)
        lines.extend(_readings(explanation) if finding.kind == "extraction" else _corrections(explanation))
    if not is_open.all():
        lines.append("\nsettled:")
        for finding in decided[~is_open].itertuples():
            lines.append(f" - {finding.title}")
            lines.append(f"   {finding.verdict} by {finding.who} on {finding.when}: {finding.comment}")
    for verdict in stale(findings, tables["verdicts"]).itertuples():
        lines.append(
            f"\nno finding has the id {verdict.finding} any more ({verdict.verdict} by {verdict.who})"
        )
    return "\n".join(lines)


def _readings(explanation: list[dict]) -> list[str]:
    """What each reader saw, and on which page: a trouble in reading has no correction."""
    return [f"   {text}" for entry in explanation for text in entry["against"]]


def _corrections(explanation: list[dict]) -> list[str]:
    lines = []
    offered = [entry for entry in explanation if entry["cells"]]
    if offered:
        lines.append("   what would reconcile it, likeliest first:")
    for letter, entry in zip("abcdefgh", offered[:_SHOWN], strict=False):
        cells = ", ".join(
            f"{c['cell']} {_figure(c['printed'])} → {_figure(c['value'])}" for c in entry["cells"]
        )
        lines.append(f"   {letter}) {cells}")
        lines.extend(f"        for: {text}" for text in entry["for"])
        lines.extend(f"        against: {text}" for text in entry["against"])
        if entry["decided_by"]:
            lines.append(f"        settled by: {entry['decided_by']}")
    if len(offered) > _SHOWN:
        lines.append(f"   and {len(offered) - _SHOWN} more in findings.csv")
    return lines


def _figure(value: object) -> str:
    if isinstance(value, int | float):
        return amount(value)
    return str(value) if value else "blank"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
