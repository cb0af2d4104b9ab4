"""Findings about the form's own checks: sums that break, and figures outside of what is possible."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ..checks import Identity
from ..texts import Pair, joined, same, words
from .blanks import filling
from .evidence import Statement
from .explanations import Case, Explanation, explain
from .finding import Finding, broken_places, severity, worst
from .localise import Correction, Group, exchanges


def of_group(
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
        (words(f"title.{rule}", places=broken_places(named)) for rule, named in by_rule.items()),
        words("list.semicolon"),
    )
    fill = filling(one.sums, one.cells, group.broken).mends
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


def of_bounds(one: Case, broken: pd.DataFrame) -> Iterable[Finding]:
    """The findings of cells outside of what is possible."""
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
            severity(str(check.rule)) if len(cells) == 1 else "query",
            "published",
            (key,),
            tuple(sorted(options, key=lambda e: e.rank)),
            (f"{check.rule} {check.cells}",),
            (0, one.sheet.order[cells[0]]),
        )


def _key(identity: Identity) -> str:
    return f"{identity.rule}:{identity.scope}"
