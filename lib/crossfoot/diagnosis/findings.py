"""Findings: the root causes of all checks that break, each with its ranked explanations."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ..checks import Identity, rules
from ..forms import split_cell, tables
from ..troubles import Trouble
from .blanks import filling
from .evidence import Statement
from .explanations import Case, Explanation, case, explain
from .localise import Correction, Group, exchanges, localise
from .misprints import Root, roots
from .slips import exchanged, kinds
from .wording import known, label

FINDING_COLUMNS = ["id", "title", "severity", "kind", "checks", "explanation"]
_SEVERITIES = ("error", "query", "note")
_TROUBLE_SEVERITY = {"readers_differ": "query", "doubtful": "query"}
_PLACES = 4
"""How many places a title names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding before it is written; `basis` is what its id is made of, `place` where it stands."""

    title: str
    severity: str
    kind: str
    checks: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    basis: tuple[str, ...]
    place: tuple


def findings(
    facts: pd.DataFrame,
    sums: pd.DataFrame,
    told: pd.DataFrame,
    claims: pd.DataFrame,
    form: str,
    troubles: Iterable[Trouble] = (),
    language: str = "en",
) -> pd.DataFrame:
    """One row per root cause, worst first, with columns FINDING_COLUMNS (CONTRACT.md).

    `sums` are the form's own checks (checks.check), `told` those of the prose and across years, with the
    columns `claims`, `equals` and `severity` besides; `troubles` are what could not be read or was read
    in two ways. Every broken check is in a finding. `id` is made of the kind and the rules and cells that
    broke, so it stays when something else changes; `checks` are `rule:scope`, joined by spaces. Nothing
    in `facts` is changed. `language` is "en" or "zh".
    """
    one = case(facts, told, claims, form, language)
    broken = sums[sums["status"] == "breaks"]
    values = {f"{r.rule}:{r.scope}": (r.left, r.right) for r in broken.itertuples()}
    open_told = [s for s in one.stated if s.status == "breaks"]
    found: list[_Finding] = []
    groups = localise(one.sums, one.cells)
    lone = [c.changes[0] for group in groups for c in group.corrections if len(c.changes) == 1]
    paired = exchanged(lone, one.sheet)
    for group in groups:
        finding, mended = _of_group(one, group, open_told, values, paired)
        open_told = [s for s in open_told if s.key not in mended]
        found.append(finding)
    found += _of_bounds(one, broken, found)
    found += [_of_root(one, root) for root in roots(one, open_told)]
    found += [_of_trouble(one, trouble, number) for number, trouble in enumerate(troubles)]
    found.sort(key=lambda f: (f.kind != "published", _SEVERITIES.index(f.severity), -len(f.checks), f.place))
    return pd.DataFrame(_rows(found), columns=FINDING_COLUMNS)


def _rows(found: Sequence[_Finding]) -> Iterable[dict]:
    seen: dict[str, int] = {}
    for finding in found:
        basis = "\n".join([finding.kind, *sorted(set(finding.basis))])
        mark = hashlib.sha256(basis.encode()).hexdigest()[:10]
        seen[mark] = seen.get(mark, 0) + 1
        records = [explanation.record() for explanation in finding.explanations]
        yield {
            "id": mark if seen[mark] == 1 else f"{mark}-{seen[mark]}",
            "title": finding.title,
            "severity": finding.severity,
            "kind": finding.kind,
            "checks": " ".join(finding.checks),
            "explanation": json.dumps(records, ensure_ascii=False),
        }


def _worst(severities: Iterable[str]) -> str:
    return min(severities, key=_SEVERITIES.index)


def _severity(rule: str) -> str:
    return _worst(r.severity for r in rules() if r.id == rule)


def _key(identity: Identity) -> str:
    return f"{identity.rule}:{identity.scope}"


def _scope_label(one: Case, identity: Identity) -> str:
    """The column or row that the identity is about, as the form prints it."""
    table = split_cell(identity.cells[0])[0]
    columns = {column.code for column in tables(one.form)[table].columns}
    by_column = identity.scope in columns and all(c.endswith(f"/{identity.scope}") for c in identity.cells)
    return label(identity.scope, one.form, table, "column" if by_column else "row")


def _places(one: Case, named: Sequence[tuple[str, float, float]]) -> str:
    """Where it breaks, with the two sides."""
    words = [one.text("place", label=place, left=left, right=right) for place, left, right in named]
    shown = ", ".join(words[:_PLACES])
    if len(words) > _PLACES:
        return one.text("and_more", places=shown, count=len(words) - _PLACES)
    return shown


def _of_group(
    one: Case,
    group: Group,
    told: Sequence[Statement],
    values: dict[str, tuple[float, float]],
    paired: dict[tuple[str, int], str],
) -> tuple[_Finding, set[str]]:
    """The finding of a group of broken identities, and the checks of the prose that some correction mends."""
    incomplete = [] if group.complete else [one.text("incomplete")]
    corrections = dict.fromkeys(c.changes for c in group.corrections)
    if group.corrections:
        corrections |= dict.fromkeys(c.changes for c in _exchanges(one, group))
    explanations = [explain(one, changes, against=incomplete, paired=paired) for changes in corrections]
    explanations.sort(key=lambda e: e.rank)
    joined = {key for e in explanations for key in e.mends}
    kept = [s for s in told if s.key in joined]
    by_rule: dict[str, list[tuple[str, float, float]]] = {}
    for identity in group.broken:
        by_rule.setdefault(identity.rule, []).append((_scope_label(one, identity), *values[_key(identity)]))
    title = "; ".join(one.text(rule, places=_places(one, named)) for rule, named in by_rule.items())
    fill = filling(one.sums, one.cells, group.broken).mends
    if fill is not None:
        title = one.text("blanks_suffice" if fill else "blanks_cannot", title=title)
    if not explanations:
        explanations = [_silent(one.text("no_correction"), *incomplete)]
    finding = _Finding(
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


def _silent(*against: str) -> Explanation:
    return Explanation((), (), (), tuple(against), "", ())


def _of_bounds(one: Case, broken: pd.DataFrame, found: list[_Finding]) -> Iterable[_Finding]:
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
            options.append(explain(one, [(cells[0], large)], [one.text("not_above", value=check.right)]))
            options.append(explain(one, [(cells[1], small)], [one.text("not_below", value=check.left)]))
        place = one.label(cells[0])
        yield _Finding(
            one.text("bounds", places=one.text("place", label=place, left=check.left, right=check.right)),
            _severity(str(check.rule)) if len(cells) == 1 else "query",
            "published",
            (key,),
            tuple(sorted(options, key=lambda e: e.rank)),
            (f"{check.rule} {check.cells}",),
            (0, one.sheet.order[cells[0]]),
        )


def _rows_of(one: Case, cells: Sequence[str]) -> str:
    """The rows of those cells as the form prints them, the first few by name."""
    named = dict.fromkeys(split_cell(cell)[:2] for cell in cells)
    words = [label(row, one.form, table, "row") for table, row in named]
    shown = "＋".join(words[:_PLACES])
    return one.text("and_more", places=shown, count=len(words) - _PLACES) if words[_PLACES:] else shown


def _of_root(one: Case, root: Root) -> _Finding:
    """The finding of a break of the prose."""
    first = root.checks[0]
    every = (*root.checks, *root.follow)
    start = min((start for check in root.checks for start in check.claims), default=-1)
    claim = one.said.claims.get(start)
    own = [cell for cell in first.cells if cell in one.cells]
    if first.rule == "narrative" and own:
        table = tables(one.form)[split_cell(own[0])[0]]
        title = one.text(
            "narrative",
            value=first.left,
            unit=(claim and claim["unit"]) or "",
            section=table.section,
            right=first.right,
            labels=_rows_of(one, own),
        )
    elif first.rule == "statement":
        title = one.text("statement", quote=one.said.quote(start, one.language) if claim else first.formula)
    elif known(first.rule) and first.rule in ("narrative_sum", "share", "growth"):
        title = one.text(first.rule, left=first.left, right=round(first.right, 4))
    elif known(first.rule) and own:
        places = _places(one, [(one.label(own[0]), first.left, first.right)])
        title = one.text(first.rule, places=places)
    else:
        title = one.text("other_rule", rule=first.rule, left=first.left, right=first.right)
    return _Finding(
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


def _of_trouble(one: Case, trouble: Trouble, number: int) -> _Finding:
    """The finding of something that could not be read, or was read in two ways."""
    key = trouble.problem if known(trouble.problem) else "trouble"
    names = ", ".join(one.label(cell) for cell in trouble.cells) or trouble.detail
    printed = [(name, one.sheet.printed.get(name), None) for name in trouble.cells]
    words = f"{trouble.detail} ({one.text('page', page=trouble.page)})" if trouble.page else trouble.detail
    reading = Explanation(tuple(printed), (), (), (words,), "", ())
    return _Finding(
        one.text(key, cells=names, detail=trouble.detail, problem=trouble.problem),
        _TROUBLE_SEVERITY.get(trouble.problem, "error"),
        "extraction",
        (),
        (reading,),
        (trouble.problem, *trouble.cells) if trouble.cells else (trouble.problem, trouble.detail),
        (2, number),
    )


def slip_label(code: str, language: str = "en") -> str:
    """What a kind of slip is called; kinds joined by + are called one after the other."""
    return ", ".join(getattr(kinds()[part], language) for part in code.split("+") if part)
