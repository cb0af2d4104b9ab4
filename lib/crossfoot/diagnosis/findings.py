"""Findings: the root causes of all checks that break, each with its ranked explanations."""

import hashlib
import json
from collections.abc import Iterable, Mapping

import pandas as pd

from ..forms import cell_name
from ..texts import Pair, joined, known, same, worded, words
from ..troubles import Trouble
from .explanations import Case, Explanation, case
from .finding import SEVERITIES, Finding
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
        names = (
            cell_name(*spot) for spot in zip(*(facts[c] for c in ("table", "row", "column")), strict=True)
        )
        raws = dict(zip(names, facts["raw"], strict=True))
        every += of_gaps(gaps[gaps["status"] == "breaks"], raws, form)
    every += [_of_trouble(one, trouble, number) for number, trouble in enumerate(troubles)]
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


def _of_trouble(one: Case, trouble: Trouble, number: int) -> Finding:
    """The finding of something that could not be read, or was read in two ways."""
    cells = one.labels(trouble.cells) if trouble.cells else trouble.words
    key = f"title.{trouble.problem}"
    printed = [(name, one.sheet.printed.get(name), None) for name in trouble.cells]
    told = words("title.on_page", words=trouble.words, page=trouble.page) if trouble.page else trouble.words
    reading = Explanation(tuple(printed), (), (), (told,), same(""), ())
    return Finding(
        words(key, cells=cells, detail=trouble.words) if known(key) else trouble.words,
        _TROUBLE_SEVERITY.get(trouble.problem, "error"),
        "extraction",
        (),
        (reading,),
        (trouble.problem, *trouble.cells) if trouble.cells else trouble.basis,
        (2, number),
        trouble.problem,
    )


def slip_label(code: str) -> Pair:
    """What a kind of slip is called; kinds joined by + are called one after the other."""
    return joined(words(f"slip.{part}") for part in code.split("+") if part)
