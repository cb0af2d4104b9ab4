"""Findings: the root causes of all checks that break, each with its ranked explanations."""

import hashlib
import json
from collections.abc import Iterable, Mapping

import pandas as pd

from ..forms import cell_name, split_cell, tables
from ..texts import Pair, joined, known, one_line, same, worded, words
from ..texts.names import section_number, some_places, spans
from ..troubles import Trouble
from .explanations import Case, Explanation, case
from .finding import MOST_NAMED, SEVERITIES, Finding
from .gaps import of_gaps
from .localise import localise
from .misprints import roots
from .prose_findings import of_root
from .slips import exchanged
from .sum_findings import of_bounds, of_group

FINDING_COLUMNS = ["id", "title", "severity", "kind", "checks", "explanation"]
_TROUBLE_SEVERITY = dict.fromkeys(("readers_differ", "doubtful", "contested_title", "reader_failed"), "query")


def findings(
    facts: pd.DataFrame,
    sums: pd.DataFrame,
    told: pd.DataFrame,
    claims: pd.DataFrame,
    form: str,
    troubles: Iterable[Trouble] = (),
    language: str = "en",
) -> pd.DataFrame:
    """One row per root cause, worst first, with columns FINDING_COLUMNS (CONTRACT.md), in that language."""
    return table(found(facts, sums, told, claims, form, troubles), language)


def found(
    facts: pd.DataFrame,
    sums: pd.DataFrame,
    told: pd.DataFrame,
    claims: pd.DataFrame,
    form: str,
    troubles: Iterable[Trouble] = (),
    gaps: pd.DataFrame | None = None,
) -> dict[str, Finding]:
    """The root causes by their id, worst first.

    `sums` are the form's own checks (checks.check), `told` those of the prose and across years, with the
    columns `claims`, `equals` and `severity` besides; `gaps` those of what is missing (completeness.check);
    `troubles` are what could not be read or was read
    in two ways. Every broken check is in a finding. `id` is made of the kind and the rules and cells that
    broke, so it stays when something else changes; `checks` are `rule:scope`. Nothing in `facts` is changed.
    """
    unread = sums[sums["status"] == "unread"]
    one = case(facts, told, claims, form, set(zip(unread["rule"], unread["scope"], strict=True)))
    broken = sums[sums["status"] == "breaks"]
    values = {f"{r.rule}:{r.scope}": (r.left, r.right) for r in broken.itertuples()}
    open_told = [s for s in one.stated if s.status == "breaks"]
    every: list[Finding] = []
    groups = localise(one.sums, one.cells)
    lone = [c.changes[0] for group in groups for c in group.corrections if len(c.changes) == 1]
    paired = exchanged(lone, one.sheet)
    for group in groups:
        finding, mended = of_group(one, group, open_told, values, paired)
        open_told = [s for s in open_told if s.key not in mended]
        every.append(finding)
    every += of_bounds(one, broken)
    every += [of_root(one, root) for root in roots(one, open_told)]
    if gaps is not None:
        every += of_gaps(
            gaps[gaps["status"] == "breaks"], dict(zip(_named(facts), facts["raw"], strict=True)), form
        )
    there = facts[facts["status"] != "absent"]
    raws = dict(zip(_named(there), there["raw"], strict=True))
    every += [_of_trouble(one, trouble, number, raws) for number, trouble in enumerate(troubles)]
    every.sort(key=lambda f: (f.kind != "published", SEVERITIES.index(f.severity), -len(f.checks), f.place))
    return _marked(every)


def _marked(every: Iterable[Finding]) -> dict[str, Finding]:
    """The findings by their ids; of several with one basis the later ones are numbered."""
    seen: dict[str, int] = {}
    marked = {}
    for finding in every:
        basis = "\n".join([finding.kind, *sorted(set(finding.basis))])
        mark = hashlib.sha256(basis.encode()).hexdigest()[:10]
        seen[mark] = seen.get(mark, 0) + 1
        marked[mark if seen[mark] == 1 else f"{mark}-{seen[mark]}"] = finding
    return marked


def table(found: Mapping[str, Finding], language: str) -> pd.DataFrame:
    """The findings as rows with columns FINDING_COLUMNS, worded in "en" or "zh"."""
    rows = [
        {
            "id": mark,
            "title": worded(finding.title, language),
            "severity": finding.severity,
            "kind": finding.kind,
            "checks": " ".join(finding.checks),
            "explanation": json.dumps(
                [explanation.record(language) for explanation in finding.explanations], ensure_ascii=False
            ),
        }
        for mark, finding in found.items()
    ]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _named(facts: pd.DataFrame) -> Iterable[str]:
    return map(cell_name, facts["table"], facts["row"], facts["column"])


def _of_trouble(one: Case, trouble: Trouble, number: int, raws: Mapping[str, str]) -> Finding:
    """The finding of something that could not be read, or was read in two ways.

    `raws` is what was read of the cells that the report has: what is not read beyond doubt is shown as
    doubtful and not as blank.
    """
    printed = [(name, _shown(one, name, raws.get(name, "")), None) for name in trouble.cells]
    told = words("title.on_page", words=trouble.words, page=trouble.page) if trouble.page else trouble.words
    reading = Explanation(tuple(printed), (), (), (told,), same(""), ())
    return Finding(
        _title(trouble, list(raws), one.form),
        _TROUBLE_SEVERITY.get(trouble.problem, "error"),
        "extraction",
        (),
        (reading,),
        (trouble.problem, *trouble.cells) if trouble.cells else trouble.basis,
        (2, number),
        trouble.problem,
    )


def _shown(one: Case, name: str, raw: str) -> float | str | None:
    if name in one.cells and one.cells[name].status == "unread":
        return f"{one_line(raw)} ?".strip()
    return one.sheet.printed.get(name)


def _title(trouble: Trouble, every: Iterable[str], form: str) -> Pair:
    """What could not be read, how much of it, and where: whole rows and columns by name, the rest counted."""
    key = f"title.{trouble.problem}"
    code = trouble.table or (split_cell(trouble.cells[0])[0] if trouble.cells else "")
    if not known(key) or not code:
        return trouble.words
    table = words("place.table", section=section_number(tables(form)[code].section))
    if not trouble.cells:
        if trouble.count > 1:
            return words(f"{key}s", table=table, count=trouble.count)
        return words(key, table=table, detail=trouble.words)
    own = [name for name in every if split_cell(name)[0] == code]
    count = len(set(trouble.cells))
    whole = count > 1 and set(trouble.cells).issuperset(own)
    places = [words("title.every")] if whole else spans(trouble.cells, own, form)
    cells = words("one.cell") if count == 1 else words("many.cell", count=count)
    return words(key, table=table, cells=cells, places=some_places(places, MOST_NAMED))


def slip_label(code: str) -> Pair:
    """What a kind of slip is called; kinds joined by + are called one after the other."""
    return joined(words(f"slip.{part}") for part in code.split("+") if part)
