"""Findings: the root causes of all checks that break, each with its ranked explanations."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..checks import Identity, rules
from ..forms import split_cell, tables
from ..texts import Pair, joined, known, same, worded, words
from ..texts.names import label
from ..troubles import Trouble
from .blanks import filling
from .evidence import Statement, rule_name
from .explanations import Case, Explanation, case, explain
from .localise import Correction, Group, exchanges, localise
from .misprints import Root, roots
from .slips import exchanged

FINDING_COLUMNS = ["id", "title", "severity", "kind", "checks", "explanation"]
_SEVERITIES = ("error", "query", "note")
_TROUBLE_SEVERITY = {"readers_differ": "query", "doubtful": "query"}
_PLACES = 4
"""How many places a title names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding before a language is chosen; columns of FINDING_COLUMNS, `checks` and `explanations` apart.

    `problem` is that of the trouble that it tells of, "" where the report itself is wrong. `basis` is what
    its id is made of (no words: they change with the language), `place` where it stands.
    """

    title: Pair
    severity: str
    kind: str
    checks: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    basis: tuple[str, ...]
    place: tuple
    problem: str = ""


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
) -> dict[str, Finding]:
    """The root causes by their id, worst first.

    `sums` are the form's own checks (checks.check), `told` those of the prose and across years, with the
    columns `claims`, `equals` and `severity` besides; `troubles` are what could not be read or was read
    in two ways. Every broken check is in a finding. `id` is made of the kind and the rules and cells that
    broke, so it stays when something else changes; `checks` are `rule:scope`. Nothing in `facts` is changed.
    """
    one = case(facts, told, claims, form)
    broken = sums[sums["status"] == "breaks"]
    values = {f"{r.rule}:{r.scope}": (r.left, r.right) for r in broken.itertuples()}
    open_told = [s for s in one.stated if s.status == "breaks"]
    every: list[Finding] = []
    groups = localise(one.sums, one.cells)
    lone = [c.changes[0] for group in groups for c in group.corrections if len(c.changes) == 1]
    paired = exchanged(lone, one.sheet)
    for group in groups:
        finding, mended = _of_group(one, group, open_told, values, paired)
        open_told = [s for s in open_told if s.key not in mended]
        every.append(finding)
    every += _of_bounds(one, broken, every)
    every += [_of_root(one, root) for root in roots(one, open_told)]
    every += [_of_trouble(one, trouble, number) for number, trouble in enumerate(troubles)]
    every.sort(key=lambda f: (f.kind != "published", _SEVERITIES.index(f.severity), -len(f.checks), f.place))
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


def _worst(severities: Iterable[str]) -> str:
    return min(severities, key=_SEVERITIES.index)


def _severity(rule: str) -> str:
    return _worst(r.severity for r in rules() if r.id == rule)


def _key(identity: Identity) -> str:
    return f"{identity.rule}:{identity.scope}"


def _places(named: Sequence[tuple[str, float, float]]) -> Pair:
    """Where it breaks, with the two sides."""
    places = [words("title.place", label=place, left=left, right=right) for place, left, right in named]
    shown = joined(places[:_PLACES])
    return words("title.and_more", places=shown, count=len(places) - _PLACES) if places[_PLACES:] else shown


def _of_group(
    one: Case,
    group: Group,
    told: Sequence[Statement],
    values: dict[str, tuple[float, float]],
    paired: dict[tuple[str, int], str],
) -> tuple[Finding, set[str]]:
    """The finding of a group of broken identities, and the checks of the prose that some correction mends."""
    incomplete = [] if group.complete else [words("evidence.incomplete")]
    corrections = dict.fromkeys(c.changes for c in group.corrections)
    if group.corrections:
        corrections |= dict.fromkeys(c.changes for c in _exchanges(one, group))
    explanations = [explain(one, changes, against=incomplete, paired=paired) for changes in corrections]
    explanations.sort(key=lambda e: e.rank)
    mended = {key for e in explanations for key in e.mends}
    kept = [s for s in told if s.key in mended]
    by_rule: dict[str, list[tuple[str, float, float]]] = {}
    for identity in group.broken:
        by_rule.setdefault(identity.rule, []).append((one.scope_label(identity), *values[_key(identity)]))
    title = joined(
        (words(f"title.{rule}", places=_places(named)) for rule, named in by_rule.items()),
        words("list.semicolon"),
    )
    fill = filling(one.sums, one.cells, group.broken).mends
    if fill is not None:
        title = words("title.blanks_suffice" if fill else "title.blanks_cannot", title=title)
    if not explanations:
        explanations = [_silent(words("evidence.no_correction"), *incomplete)]
    finding = Finding(
        title,
        _worst([*(_severity(rule) for rule in by_rule), *(s.severity for s in kept)]),
        "published",
        tuple([_key(i) for i in group.broken] + [s.key for s in kept]),
        tuple(explanations),
        tuple(f"{i.rule} {' '.join(i.cells)}" for i in group.broken),
        (0, min(one.sheet.order[cell] for cell in group.broken[0].cells)),
    )
    return finding, {s.key for s in kept}


def _exchanges(one: Case, group: Group) -> Iterable[Correction]:
    """The exchanges of two neighbours' figures that mend the group."""
    sheet = one.sheet
    near = set()
    for name in {cell for identity in group.broken for cell in identity.cells}:
        table, row, column = sheet.place[name]
        for spot in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            other = sheet.at.get((table, *spot))
            if other:
                near.add(
                    (
                        min(name, other, key=sheet.order.__getitem__),
                        max(name, other, key=sheet.order.__getitem__),
                    )
                )
    return exchanges(one.sums, one.cells, group.broken, sorted(near))


def _silent(*against: Pair) -> Explanation:
    return Explanation((), (), (), tuple(against), same(""), ())


def _of_bounds(one: Case, broken: pd.DataFrame, found: list[Finding]) -> Iterable[Finding]:
    """Cells outside of what is possible, unless a finding's every explanation changes them anyway."""
    sums = {_key(identity) for identity in one.sums if not identity.bound}
    for check in broken.itertuples():
        key = f"{check.rule}:{check.scope}"
        if key in sums:
            continue
        cells = str(check.cells).split()
        options = []
        if len(cells) == 1:
            near = int(check.right)
            mirrored = [] if check.left == int(check.left) and -check.left == near else [int(-check.left)]
            for value in dict.fromkeys([near, *(v for v in mirrored if v > 0 and check.left < 0)]):
                options.append(explain(one, [(cells[0], value)]))
        else:
            small, large = int(check.left), int(check.right)
            options.append(
                explain(one, [(cells[0], large)], [words("evidence.not_above", value=check.right)])
            )
            options.append(explain(one, [(cells[1], small)], [words("evidence.not_below", value=check.left)]))
        place = one.label(cells[0])
        yield Finding(
            words(
                "title.bounds", places=words("title.place", label=place, left=check.left, right=check.right)
            ),
            _severity(str(check.rule)) if len(cells) == 1 else "query",
            "published",
            (key,),
            tuple(sorted(options, key=lambda e: e.rank)),
            (f"{check.rule} {check.cells}",),
            (0, one.sheet.order[cells[0]]),
        )


def _rows_of(one: Case, cells: Sequence[str]) -> Pair:
    """The rows of those cells as the form prints them, the first few by name."""
    named = dict.fromkeys(split_cell(cell)[:2] for cell in cells)
    rows = [label(row, one.form, table, "row") for table, row in named]
    shown = same("＋".join(rows[:_PLACES]))
    return words("title.and_more", places=shown, count=len(rows) - _PLACES) if rows[_PLACES:] else shown


def _of_root(one: Case, root: Root) -> Finding:
    """The finding of a break of the prose."""
    first = root.checks[0]
    every = (*root.checks, *root.follow)
    start = min((start for check in root.checks for start in check.claims), default=-1)
    claim = one.said.claims.get(start)
    own = [cell for cell in first.cells if cell in one.cells]
    if first.rule == "narrative" and own:
        table = tables(one.form)[split_cell(own[0])[0]]
        title = words(
            "title.narrative",
            value=first.left,
            unit=(claim and claim["unit"]) or "",
            section=table.section,
            right=first.right,
            labels=_rows_of(one, own),
        )
    elif first.rule == "statement":
        title = words("title.statement", quote=one.said.quote(start) if claim else first.formula)
    elif first.rule in ("narrative_sum", "share", "growth"):
        name = "change" if first.rule == "growth" and "%@" not in first.key else first.rule
        title = words(f"title.{name}", left=first.left, right=round(first.right, 4))
    elif known(f"title.{first.rule}") and own:
        places = _places([(one.label(own[0]), first.left, first.right)])
        title = words(f"title.{first.rule}", places=places)
    else:
        title = words("title.other_rule", rule=rule_name(first.rule), left=first.left, right=first.right)
    return Finding(
        title,
        _worst(check.severity for check in root.checks),
        "published",
        tuple(check.key for check in every),
        root.explanations,
        tuple(_basis(one, check) for check in root.checks),
        (1, start),
    )


def _basis(one: Case, check: Statement) -> str:
    """What a check of the prose is known by in another run: its cells, or what its claims count and say."""
    if check.cells:
        return f"{check.rule} {' '.join(check.cells)}"
    claims = [one.said.claims.get(start) for start in check.claims]
    words = [str(claim["subject"] or claim["value"]) for claim in claims if claim]
    return f"{check.rule} {' '.join(words)}"


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
