"""Breaks of the prose without a broken claim behind them: its own sums, shares and words, and other years."""

from collections.abc import Iterable

from ..checks import Identity, amount, is_stated, unstated
from ..texts import words
from . import slips
from .claim_corrections import claim_change, claim_correction, is_percent, limits, value_of
from .evidence import Statement, weigh
from .explanations import Case, Explanation, explain
from .localise import agreeing


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
        found.append(explain(one, [(own[0], int(target))], against=against if not evidence.mends else ()))
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
