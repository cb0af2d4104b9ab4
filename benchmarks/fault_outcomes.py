"""How a fault of reading came out: what an audit says with it that it does not say without it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from crossfoot import Audit
from crossfoot.facts import read_alike
from crossfoot.numerals import plain, read_cell

READ = ("number", "blank", "dash", "text", "absent")
"""Statuses that say what is printed; any other says that it is not known."""


@dataclass(frozen=True)
class Said:
    """What an audit says: its facts by cell, what its extraction findings name, and what it publishes.

    A fact is its value, status, print and the readers that gave it. `named` counts the names of cells,
    `quoted` the figures by their table, and `troubles` the kinds of trouble with their table, where neither
    is named. `breaks` holds for each published finding its id, its severity, and its broken checks with both
    their sides.
    """

    facts: Mapping[str, tuple[float, str, str, str]]
    named: Counter = field(default_factory=Counter)
    quoted: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)
    findings: frozenset[str] = frozenset()
    breaks: tuple[tuple[str, str, frozenset[tuple]], ...] = ()


def said(result: Audit) -> Said:
    """What the audit says."""
    found = Said(_facts(result))
    for problem in result.problems:
        found.named.update(problem.cells)
        table = problem.table or (problem.cells[0].partition(":")[0] if problem.cells else "")
        found.quoted.update((table, figure) for raw in problem.printed for figure in _figures(raw))
        if not problem.cells and not problem.printed:
            found.troubles[problem.problem, problem.table] += 1
    sides = {c.check: (_side(c.left), _side(c.right)) for c in result.checks.itertuples()}
    broken: dict[str, list[tuple]] = {}
    for row in result.finding_checks.itertuples():
        broken.setdefault(row.finding, []).append((row.check, *sides.get(row.check, ())))
    published = tuple(
        (finding.finding, str(finding.severity), frozenset(broken.get(finding.finding, ())))
        for finding in result.findings.itertuples()
        if finding.kind == "published"
    )
    return replace(found, findings=frozenset(result.findings["finding"]), breaks=published)


def _facts(result: Audit) -> dict[str, tuple[float, str, str, str]]:
    """The facts by cell, with the readers that gave just that, joined by +."""
    facts = result.facts
    raws = dict(zip(facts["cell"], facts["raw"], strict=True))
    readers: dict[str, list[str]] = {}
    for row in result.readings.itertuples():
        if read_alike(row.raw, raws[row.cell]):
            readers.setdefault(row.cell, []).append(row.reader)
    columns = (facts["cell"], facts["value"], facts["status"].astype(str), facts["raw"])
    return {
        cell: (value, status, raw, "+".join(readers.get(cell, ())))
        for cell, value, status, raw in zip(*columns, strict=True)
    }


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
