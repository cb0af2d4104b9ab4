"""How a fault of reading came out: what an audit says with it that it does not say without it."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from crossfoot.numerals import plain, read_cell
from crossfoot.working import Working

READ = ("number", "blank", "dash", "text", "absent")
"""Statuses that say what is printed; any other says that it is not known."""


@dataclass(frozen=True)
class Said:
    """What an audit says: its facts by cell, what its extraction findings name, and what it publishes.

    A fact is its value, status, print and readers. `named` counts the names of cells, `quoted` the figures
    by their table, and `troubles` the kinds of trouble with their table, where neither is named. `breaks`
    holds for each published finding its id, its severity, and its broken checks with both their sides.
    """

    facts: Mapping[str, tuple[float, str, str, str]]
    named: Counter = field(default_factory=Counter)
    quoted: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)
    findings: frozenset[str] = frozenset()
    breaks: tuple[tuple[str, str, frozenset[tuple]], ...] = ()


def said(result: Working) -> Said:
    """What the audit says."""
    facts = result.facts
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    columns = (facts["value"], facts["status"].astype(str), facts["raw"].fillna(""), facts["readers"])
    found = Said(dict(zip(names, zip(*columns, strict=True), strict=True)))
    for trouble in result.troubles:
        found.named.update(trouble.cells)
        table = trouble.table or (trouble.cells[0].partition(":")[0] if trouble.cells else "")
        found.quoted.update((table, figure) for raw in trouble.printed for figure in _figures(raw))
        if not trouble.cells and not trouble.printed:
            found.troubles[trouble.problem, trouble.table] += 1
    sides = {f"{c.rule}:{c.scope}": (_side(c.left), _side(c.right)) for c in result.checks.itertuples()}
    published = []
    for finding in result.findings.itertuples():
        if finding.kind == "published":
            broken = frozenset((key, *sides.get(key, ())) for key in str(finding.checks).split())
            published.append((finding.id, finding.severity, broken))
        else:
            cells = (cell["cell"] for entry in json.loads(finding.explanation) for cell in entry["cells"])
            found.named.update(f"finding {cell}" for cell in cells)
    return replace(found, findings=frozenset(result.findings["id"]), breaks=tuple(published))


def _side(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _figures(raw: str) -> list[str]:
    return re.findall(r"\d+", plain(raw).replace(",", ""))


def differing(one: Said, other: Said) -> set[str]:
    """The cells with another value or status; one that only one of the two audits has differs too."""
    every = one.facts.keys() | other.facts.keys()
    return {name for name in every if _known(one.facts.get(name)) != _known(other.facts.get(name))}


def _known(fact: tuple[float, str, str, str] | None) -> tuple | None:
    return None if fact is None else (_side(fact[0]), fact[1])


@dataclass(frozen=True)
class Outcome:
    """How one fault came out, in the words of the page.

    `wrong` are the cells with a wrong fact, `unnamed` those of them that no finding names.
    """

    changed: bool
    noticed: bool = False
    named: bool = False
    made_good: bool = False
    silent: bool = False
    published_errors: bool = False
    published_others: bool = False
    crashed: bool = False
    wrong: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


def judged(base: Said, now: Said, changed: set[str]) -> Outcome:
    """The outcome of a fault that changed those cells in the faulty reader's own reading.

    `base` and `now` are what the audit with all readers says without the fault and with it.
    """
    cells, figures, troubles = now.named - base.named, now.quoted - base.quoted, now.troubles - base.troubles
    unread = {name for name in changed if name in now.facts and now.facts[name][1] not in READ}
    wrong = differing(base, now) - unread
    noticed = bool(unread or cells or figures or troubles)

    def is_named(name: str) -> bool:
        table = name.partition(":")[0]
        if name in unread or name in cells or f"finding {name}" in cells:
            return True
        if any(of in ("", table) for _, of in troubles):
            return True
        shown = {f for s in (base, now) if name in s.facts for f in _figures(s.facts[name][2])}
        return any((table, figure) in figures or ("", figure) in figures for figure in shown)

    # a blank cell of a row that is gone prints nothing that could be missed
    owed = [name for name in sorted(wrong) if _shows(base, name) or _shows(now, name)]
    unnamed = tuple(name for name in owed if not is_named(name))
    named = noticed and (not unnamed if owed else any(map(is_named, changed)))
    known = {broken for _, _, checks in base.breaks for broken in checks}
    blamed = [
        severity
        for mark, severity, checks in now.breaks
        if (checks - known if checks else mark not in base.findings)
    ]
    readers = [(_readers(now, name), _readers(base, name)) for name in changed if name in base.facts]
    fewer = all(after <= before for after, before in readers)
    fewer = fewer and any(after < before for after, before in readers)
    return Outcome(
        bool(changed),
        noticed,
        named,
        not wrong and not noticed and fewer,
        bool(wrong) and not noticed and not now.findings - base.findings,
        "error" in blamed,
        any(severity != "error" for severity in blamed),
        False,
        tuple(sorted(wrong)),
        unnamed,
    )


def _readers(what: Said, name: str) -> set[str]:
    """The readers that gave the fact of a cell."""
    return set(what.facts[name][3].split("+")) if name in what.facts else set()


def _shows(what: Said, name: str) -> bool:
    return name in what.facts and read_cell(what.facts[name][2]).status not in ("blank", "dash")
