"""Breaks of the prose that no correction of the tables' own sums explains: misprints in the prose.

A claim that differs from its cells is a root; the shares and sums that the prose makes of it follow. What
breaks without such a root (a share that its own figures do not give) is a root of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from ..checks import Identity, amount, is_stated, unstated
from ..texts import Pair, joined, same, words
from . import slips
from .evidence import Statement, decided_by, rule_name, weigh
from .explanations import Case, Explanation, explain
from .localise import agreeing


@dataclass(frozen=True, slots=True)
class Root:
    """What broke from one cause: the checks it is known by, those that follow, and what reconciles them."""

    checks: tuple[Statement, ...]
    follow: tuple[Statement, ...]
    explanations: tuple[Explanation, ...]


def roots(one: Case, broken: Sequence[Statement]) -> list[Root]:
    """The root causes of those broken checks, in the order of the prose.

    A check that needs two claims corrected (a sum of parts) follows from both, and stands in both.
    """
    plain: dict[tuple, list[Statement]] = {}
    for check in broken:
        if check.rule == "narrative" and check.cells:
            plain.setdefault((check.cells, check.left, check.severity), []).append(check)
    right = {start: c[0].right for c in plain.values() for check in c for start in check.claims}
    found, followed = [], set()
    for checks in plain.values():
        starts = {start for check in checks for start in check.claims}
        follow = [
            c for c in broken if c.rule in ("narrative_sum", "share", "growth") and starts & set(c.claims)
        ]
        followed |= {check.key for check in follow}
        found.append(Root(tuple(checks), tuple(follow), _corrections(one, checks, follow, right)))
    rooted = {check.key for checks in plain.values() for check in checks} | followed
    for check in broken:
        if check.key not in rooted:
            found.append(Root((check,), (), tuple(lone_corrections(one, check))))
    return found


def _corrections(
    one: Case, checks: Sequence[Statement], follow: Sequence[Statement], right: dict[int, float]
) -> tuple[Explanation, ...]:
    """The claim put right, with what follows from it; and the table put right, where that takes few cells."""
    value, target = checks[0].left, checks[0].right
    starts = sorted({start for check in checks for start in check.claims})
    cells = [claim_change(one, start, target) for start in starts]
    good: list[Pair] = []
    bad: list[Pair] = []
    score = len(checks)
    for check in checks:
        if check.equals:
            void = any(one.cells[cell].void for cell in check.equals.split("+") if cell in one.cells)
            key = "evidence.equals_blank" if void else "evidence.equals_cell"
            good.append(words(key, value=value, label=_names(one, check.equals)))
    if len(starts) > 1:
        bad.append(words("evidence.printed_twice", count=len(starts)))
    bad += limits(one, checks)
    truth = dict.fromkeys(starts, target)
    for check in (*follow, *_holding(one, starts)):
        after = _again(one, check, truth)
        if after is None:
            continue
        reconciled = after.holds
        if check.rule == "share" and not reconciled:
            share = next((s for s in check.claims if is_percent(one, s)), None)
            if share is not None:
                cells.append(claim_change(one, share, after.right))
        if check.status == "breaks":
            together = {**right, **truth}
            joint = _again(one, check, together)
            others = [start for start in check.claims if start in right and start not in truth]
            if reconciled:
                score += 1
                good.append(words("evidence.mends_too", rule=rule_name(check.rule), formula=after.formula))
            elif joint and others and joint.holds:
                changed = joined(same(f"{amount(value_of(one, s))} → {amount(right[s])}") for s in others)
                good.append(
                    words(
                        "evidence.mends_together",
                        rule=rule_name(check.rule),
                        others=changed,
                        formula=joint.formula,
                    )
                )
        elif not reconciled:
            score -= 1
            bad.append(words("evidence.breaks_too", formula=check.formula))
    equals = any(check.equals for check in checks)
    slip = slips.kinds()["other_cell"] if equals else slips.single(value, round(target))
    claimed = claim_correction(cells, slip, dict.fromkeys(good), dict.fromkeys(bad), score)
    # Shares that follow from the claim are no further slips: the claim's own mentions are counted.
    found = [replace(claimed, rank=(len(starts), *claimed.rank[1:]))]
    # A table that takes more changes than the prose does is no rival to a misprint in the prose.
    table = agreeing(one.sums, one.cells, checks[0].cells, value, max(len(starts), 1))
    found += [explain(one, correction.changes) for correction in table]
    return tuple(sorted(found, key=lambda e: e.rank))


def _names(one: Case, cells: str) -> str:
    """The labels of cells that are joined by +."""
    return "＋".join(one.label(cell) for cell in cells.split("+"))


def _holding(one: Case, starts: Sequence[int]) -> list[Statement]:
    """The checks made of these claims that hold as printed."""
    return [
        c
        for c in one.stated
        if c.status == "holds" and c.rule in ("share", "narrative_sum") and set(starts) & set(c.claims)
    ]


@dataclass(frozen=True, slots=True)
class _Again:
    """A check with corrected figures: two sides, how far they may differ, and the sum in these figures."""

    left: float
    right: float
    slack: float
    formula: str

    @property
    def holds(self) -> bool:
        """Whether the sides agree."""
        return abs(self.left - self.right) <= self.slack


def _again(one: Case, check: Statement, truth: dict[int, float]) -> _Again | None:
    """The check with those claims put right; None where it cannot be told.

    Which claim is the whole, and which the share's numerator, shows in the figures.
    """
    values = {start: value_of(one, start) for start in check.claims}
    if any(value != value for value in values.values()):
        return None
    if check.rule == "narrative_sum":
        for whole in values:
            parts = [start for start in values if start != whole]
            total = sum(values[p] for p in parts)
            if {values[whole], total} == {check.left, check.right}:
                put = {start: truth.get(start, value) for start, value in values.items()}
                listed = " + ".join(amount(put[p]) for p in parts)
                return _Again(sum(put[p] for p in parts), put[whole], 0.0, f"{amount(put[whole])} = {listed}")
        return None
    if check.rule == "share":
        share = next((start for start in values if is_percent(one, start)), None)
        if share is None:
            return None
        base = sum(one.sheet.printed.get(cell) or 0 for cell in check.cells)
        figures = [(values[s], truth.get(s, values[s])) for s in values if s != share] + [(base, base)]
        digits = len(amount(values[share]).partition(".")[2])
        # The ledger may have taken the table's figure for the claim's: either may be what `right` is of.
        pairs = [
            (min(abs(100 * part[n] / whole[n] - check.right) for n in (0, 1)), place, part[1], whole[1])
            for place, (part, whole) in enumerate(permutations(figures, 2))
            if whole[0] and whole[1]
        ]
        error, _, part_after, whole_after = min(pairs, default=(1e9, 0, 0.0, 1.0))
        if error > 0.5 * 10.0**-digits + 0.01:
            return None
        after = 100 * part_after / whole_after
        formula = f"{amount(part_after)} / {amount(whole_after)} = {after:.{digits + 1}f}%"
        return _Again(values[share], round(after, digits), 10.0**-digits / 2, formula)
    return None


def lone_corrections(one: Case, check: Statement) -> Iterable[Explanation]:
    """Corrections of a check that has no broken claim behind it."""
    if check.rule == "narrative_sum":
        yield from _sums(one, check)
    elif check.rule in ("share", "growth"):
        yield from _rates(one, check)
    elif check.rule == "statement" or not any(cell in one.cells for cell in check.cells):
        yield from _words(one, check)
    else:
        yield from _other(one, check)


def _words(one: Case, check: Statement) -> Iterable[Explanation]:
    """A sentence without a figure: its words are wrong, or the figures that it denies."""
    section, _, rest = check.key.partition(":")[2].partition(":")
    said, _, start = rest.rpartition("@")
    quote = (f"claim:{start}", said, None) if said else (f"claim:{section}", None, None)
    bad = [check.formula, *(limits(one, [check]) if check.rule == "statement" else ())]
    yield claim_correction([quote], slips.kinds()["other"], [], bad, 0)
    denied = [(cell, 0) for cell in check.cells if one.sheet.printed.get(cell)]
    summed = {cell for identity in one.sums if not identity.bound for cell in identity.cells}
    if denied and not summed & {cell for cell, _ in denied}:
        yield explain(one, denied)


def _rates(one: Case, check: Statement) -> Iterable[Explanation]:
    """A share or growth that its figures do not give."""
    starts = [start for start in check.claims if is_percent(one, start)] or list(check.claims[:1])
    for start in starts[:1]:
        printed = value_of(one, start)
        value = round(check.right, len(amount(printed).partition(".")[2]))
        cells = [claim_change(one, start, value)]
        slip = slips.kinds()["digit_changed"]
        yield claim_correction(cells, slip, [check.formula], [], 1)


def _sums(one: Case, check: Statement) -> Iterable[Explanation]:
    """Each claim of a sum as the one misprint; what the table says of it counts."""
    found = []
    values = {start: value_of(one, start) for start in check.claims}
    for whole in values:
        parts = [start for start in values if start != whole]
        total = sum(values[p] for p in parts)
        if {values[whole], total} != {check.left, check.right}:
            continue
        for start in values:
            value = total if start == whole else values[start] + values[whole] - total
            if value < 0:
                continue
            agrees = [
                c for c in one.stated if c.rule == "narrative" and c.status == "holds" and start in c.claims
            ]
            bad = [words("evidence.table_agrees", quote=one.said.quote(start))] if agrees else []
            addends = [values[p] for p in parts] if start == whole else []
            slip = slips.single(values[start], round(value), addends=addends)
            found.append(claim_correction([claim_change(one, start, value)], slip, [], bad, -len(agrees)))
        break
    yield from sorted(found, key=lambda e: e.rank)


def _other(one: Case, check: Statement) -> Iterable[Explanation]:
    """A comparison of cells with a figure from elsewhere: carry-over, stock and flow, a bound."""
    own = [cell for cell in check.cells if cell in one.cells]
    total = sum(one.sheet.printed[cell] or 0 for cell in own)
    target = check.left if total == check.right else check.right
    found = []
    for correction in agreeing(one.sums, one.cells, own, target, 4):
        found.append(explain(one, correction.changes))
    if not found and len(own) == 1 and target == int(target):
        evidence = weigh([(own[0], int(target))], one.sheet.printed, one.stated, one.said)
        broken = _broken_by(one, own[0], target)
        against = [words("evidence.breaks_too", formula=one.named(i)) for i in broken]
        found.append(
            explain(one, [(own[0], int(target))], against=against if not evidence.reconciles else ())
        )
    for foreign in [cell for cell in check.cells if cell not in one.cells]:
        if len(check.cells) - len(own) == 1:
            slip = slips.single(target, round(total))
            found.append(claim_correction([(foreign, target, total)], slip, [], [], 0))
    yield from sorted(found, key=lambda e: e.rank)


def _broken_by(one: Case, name: str, value: float) -> list[Identity]:
    """The identities that hold as printed and would not with that value in the cell."""
    missing = unstated(one.sums, one.cells)

    def holds(identity: Identity, changed: dict[str, float]) -> bool:
        left, right = (
            sum(changed.get(cell, one.sheet.printed[cell] or 0) for cell in side)
            for side in (identity.left, identity.right)
        )
        return left <= right if identity.bound else left == right

    return [
        identity
        for identity in one.sums
        if name in identity.cells and is_stated(identity, one.cells, missing)
        if holds(identity, {}) and not holds(identity, {name: value})
    ]


# What is changed (a claim `claim:start`, or a cell), what it prints, and what it would have to.
Change = tuple[str, float | str | None, float | None]


def claim_change(one: Case, start: int, value: float | None) -> Change:
    """The claim that begins there, with the value that it would have to state."""
    claim = one.said.claims.get(start)
    return (f"claim:{start}", None if claim is None else claim["value"], value)


def claim_correction(
    cells: Sequence[Change],
    slip: slips.Kind,
    good: Iterable[Pair],
    bad: Iterable[Pair],
    score: int,
) -> Explanation:
    """Those changes as an explanation, with what speaks for and against it; of equals `score` decides."""
    moved = sum(abs(v - p) for _, p, v in cells if isinstance(p, int | float) and isinstance(v, int | float))
    return Explanation(
        tuple(cells),
        (slip.id,),
        tuple(good),
        tuple(bad),
        decided_by([name for name, *_ in cells]),
        (len(cells), -score, slip.cost, moved, 1, tuple(name for name, *_ in cells)),
    )


def limits(one: Case, checks: Sequence[Statement]) -> list[Pair]:
    """What the notes on the claims say of their scope, where that makes the check a query."""
    notes = {
        claim["note"]: None
        for check in checks
        if check.severity != "error"
        for start in check.claims
        if (claim := one.said.claims.get(start)) and claim["note"][1]
    }
    return [words("evidence.limited", note=note) for note in notes]


def value_of(one: Case, start: int) -> float:
    """What the claim that begins there states; not a number where there is none."""
    claim = one.said.claims.get(start)
    return float("nan") if claim is None else float(claim["value"])


def is_percent(one: Case, start: int) -> bool:
    """Whether the claim that begins there is a percentage."""
    claim = one.said.claims.get(start)
    return claim is not None and str(claim["unit"]) in ("%", "％", "百分点")
