"""Findings: the root causes of all checks that break, each with its ranked explanations."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..checks import Identity, rules
from ..completeness import rule_of, scope_title
from ..extraction_problems import Trouble
from ..forms import cell_name, split_cell, tables
from ..texts import Pair, joined, known, one_line, same, words
from ..texts.names import cell_title, label, section_number, some_places, spans
from .evidence import Statement, rule_name
from .explanations import Case, Explanation, case, explain
from .localise import Correction, Group, exchanges, filling, localise
from .misprints import Root, roots
from .slips import exchanged

SEVERITIES = ("error", "query", "note")
MOST_NAMED = 4  # places in a title, before it counts the rest


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding before a language is chosen: what its row says, `checks` and `explanations` one by one.

    `trouble` is what could not be read where it tells of that, None where the report itself is wrong. `basis`
    is what its id is made of (no words: they change with the language), `place` where it stands.
    """

    title: Pair
    severity: str
    kind: str
    checks: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    basis: tuple[str, ...]
    place: tuple
    trouble: Trouble | None = None


def worst(severities: Iterable[str]) -> str:
    """The gravest of them."""
    return min(severities, key=SEVERITIES.index)


def severity(rule: str) -> str:
    """How severe a break of the rule is."""
    return worst(r.severity for r in rules() if r.id == rule)


def broken_places(named: Sequence[tuple[str, float, float]]) -> Pair:
    """Where it breaks, with the two sides."""
    places = [words("title.place", label=place, left=left, right=right) for place, left, right in named]
    return some(joined(places[:MOST_NAMED]), len(places))


def some(shown: Pair, count: int) -> Pair:
    """The places or rows shown, and how many of the `count` are not."""
    more = count - MOST_NAMED
    return words("title.and_more", places=shown, count=more) if more > 0 else shown


_TROUBLE_SEVERITY = dict.fromkeys(("readers_differ", "doubtful", "contested_title", "reader_failed"), "query")


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
    sides = zip(broken["left"].tolist(), broken["right"].tolist(), strict=True)
    values = dict(zip((broken["rule"] + ":" + broken["scope"]).tolist(), sides, strict=True))
    open_told = [s for s in one.stated if s.status == "breaks"]
    every: list[Finding] = []
    groups = localise(one.sums, one.cells)
    lone = [c.changes[0] for group in groups for c in group.corrections if len(c.changes) == 1]
    paired = exchanged(lone, one.sheet)
    for group in groups:
        finding, reconciled = of_group(one, group, open_told, values, paired)
        open_told = [s for s in open_told if s.key not in reconciled]
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
        trouble,
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


def of_group(
    one: Case,
    group: Group,
    told: Sequence[Statement],
    values: dict[str, tuple[float, float]],
    paired: dict[tuple[str, int], str],
) -> tuple[Finding, set[str]]:
    """The finding of a group of broken identities, and the prose's checks that some correction reconciles."""
    incomplete = [] if group.complete else [words("evidence.incomplete")]
    corrections = dict.fromkeys(c.changes for c in group.corrections)
    if group.corrections:
        corrections |= dict.fromkeys(c.changes for c in _exchanges(one, group))
    explanations = [explain(one, changes, against=incomplete, paired=paired) for changes in corrections]
    explanations.sort(key=lambda e: e.rank)
    reconciled = {key for e in explanations for key in e.reconciles}
    kept = [s for s in told if s.key in reconciled]
    by_rule: dict[str, list[tuple[str, float, float]]] = {}
    for identity in group.broken:
        by_rule.setdefault(identity.rule, []).append((one.scope_label(identity), *values[_key(identity)]))
    title = joined(
        (words(f"title.{rule}", places=broken_places(named)) for rule, named in by_rule.items()),
        words("list.semicolon"),
    )
    fill = filling(one.sums, one.cells, group.broken).reconciles
    if fill is not None:
        title = words("title.blanks_suffice" if fill else "title.blanks_cannot", title=title)
    if not explanations:
        explanations = [_silent(words("evidence.no_correction"), *incomplete)]
    finding = Finding(
        title,
        worst([*(severity(rule) for rule in by_rule), *(s.severity for s in kept)]),
        "published",
        tuple([_key(i) for i in group.broken] + [s.key for s in kept]),
        tuple(explanations),
        tuple(f"{i.rule} {' '.join(i.cells)}" for i in group.broken),
        (0, min(one.sheet.order[cell] for cell in group.broken[0].cells)),
    )
    return finding, {s.key for s in kept}


def _exchanges(one: Case, group: Group) -> Iterable[Correction]:
    """The exchanges of two neighbours' figures that reconcile the group."""
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


def of_bounds(one: Case, broken: pd.DataFrame) -> Iterable[Finding]:
    """The findings of cells outside of what is possible."""
    sums = {_key(identity) for identity in one.sums if not identity.bound}
    columns = (broken[name].tolist() for name in ("rule", "scope", "cells", "left", "right"))
    for rule, scope, named, left, right in zip(*columns, strict=True):
        key = f"{rule}:{scope}"
        if key in sums:
            continue
        cells = named.split()
        options = []
        if len(cells) == 1:
            near = int(right)
            mirrored = [] if left == int(left) and -left == near else [int(-left)]
            for value in dict.fromkeys([near, *(v for v in mirrored if v > 0 and left < 0)]):
                options.append(explain(one, [(cells[0], value)]))
        else:
            above, below = words("evidence.not_above", value=right), words("evidence.not_below", value=left)
            options.append(explain(one, [(cells[0], int(right))], [above]))
            options.append(explain(one, [(cells[1], int(left))], [below]))
        place = words("title.place", label=one.label(cells[0]), left=left, right=right)
        yield Finding(
            words("title.bounds", places=place),
            severity(rule) if len(cells) == 1 else "query",
            "published",
            (key,),
            tuple(sorted(options, key=lambda e: e.rank)),
            (f"{rule} {named}",),
            (0, one.sheet.order[cells[0]]),
        )


def _key(identity: Identity) -> str:
    return f"{identity.rule}:{identity.scope}"


def of_root(one: Case, root: Root) -> Finding:
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
    elif first.rule == "period":
        title = words("title.period", left=first.left, right=first.right, quote=one.said.quote(start))
    elif first.rule in ("narrative_sum", "share", "growth"):
        name = "change" if first.rule == "growth" and "%@" not in first.key else first.rule
        title = words(f"title.{name}", left=first.left, right=round(first.right, 4))
    elif known(f"title.{first.rule}") and own:
        shown = broken_places([(one.label(own[0]), first.left, first.right)])
        title = words(f"title.{first.rule}", places=shown)
    else:
        title = words("title.other_rule", rule=rule_name(first.rule), left=first.left, right=first.right)
    return Finding(
        title,
        worst(check.severity for check in root.checks),
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


def _rows_of(one: Case, cells: Sequence[str]) -> Pair:
    """The rows of those cells as the form prints them, the first few by name."""
    named = dict.fromkeys(split_cell(cell)[:2] for cell in cells)
    rows = [label(row, one.form, table, "row") for table, row in named]
    return some(same("＋".join(rows[:MOST_NAMED])), len(rows))


def of_gaps(broken: pd.DataFrame, raws: Mapping[str, object], form: str) -> Iterable[Finding]:
    """A finding for each table with something missing, one kind each; all words of a table are one.

    `broken` are the rows of completeness.check that break, `raws` what the cells print, by name.
    """
    rows = broken.to_dict("records")
    for number, row in enumerate(row for row in rows if row["rule"] == "rows_missing"):
        said = row["formula"]
        yield _finding(said, [row], _severity(row), number)
    worded: dict[str, list[dict]] = {}
    for row in rows:
        if row["rule"] == "not_a_figure":
            worded.setdefault(row["scope"].partition(":")[0], []).append(row)
    for number, (table, own) in enumerate(worded.items(), len(rows)):
        named = [
            words(
                "title.word_in", cell=cell_title(row["scope"], form), text=one_line(str(raws[row["scope"]]))
            )
            for row in own
        ]
        places = some(joined(named[:MOST_NAMED]), len(named))
        yield _finding(
            words("title.words", table=scope_title(table, form), places=places),
            own,
            _severity(own[0]),
            number,
        )


def _severity(row: Mapping) -> str:
    rule = rule_of(str(row["rule"]), str(row["scope"]))
    assert rule is not None
    return rule.severity


def _finding(title: Pair, rows: list[dict], severity: str, number: int) -> Finding:
    said = tuple(row["formula"] for row in rows)
    return Finding(
        title,
        severity,
        "published",
        tuple(f"{row['rule']}:{row['scope']}" for row in rows),
        (Explanation((), (), (), said if len(rows) > 1 else (), same(""), ()),),
        tuple(f"{row['rule']} {row['scope']}" for row in rows),
        (3, number),
    )
