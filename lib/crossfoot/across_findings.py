"""Findings across years: which report may be wrong, or whether an applicant was only put in another class."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from .checks import amount
from .diagnosis.evidence import decided_by
from .texts import joined, say, worded, words
from .texts.names import label
from .years import Check, Year


def found_across(old: Year, new: Year, checks: Sequence[Check], issuer: str, language: str) -> Iterable[dict]:
    """One finding for all carry-overs that break, and one for each stock, with the columns of
    FINDING_COLUMNS.

    A stock has every single cell that could be wrong as an explanation; a carry-over this year's cells or
    last year's, and, before both, an applicant put in another class, which would be no error at all.
    """
    broken = [check for check in checks if check.status == "breaks"]
    carried = [check for check in broken if check.rule.per == "column"]
    groups = ([carried] if carried else []) + [[check] for check in broken if check.rule.per == "row"]
    for group in groups:
        rule = group[0].rule
        options = _options(old, new, group, checks, language)
        places = [
            words("title.place", label=_place(check, new.form), left=check.left, right=check.right)
            for check in group
        ]
        basis = "\n".join(["published", issuer, *(f"{c.rule.id} {' '.join(c.cells)}" for c in group)])
        reclassified = bool(options) and options[0]["slip"] == "reclassified"
        yield {
            "id": hashlib.sha256(basis.encode()).hexdigest()[:10],
            "title": say(f"title.{rule.id}", language, places=joined(places)),
            "severity": "query" if reclassified else rule.severity,
            "kind": "published",
            "checks": " ".join(f"{check.rule.id}:{check.scope}" for check in group),
            "explanation": json.dumps(options, ensure_ascii=False),
        }


def _place(check: Check, form: str) -> str:
    return label(check.scope, form, check.rule.table, check.rule.per)


def _options(
    old: Year, new: Year, group: Sequence[Check], checks: Sequence[Check], language: str
) -> list[dict]:
    """What would explain the breaks of one rule, best first."""
    if group[0].rule.per == "row":
        return [_option([change], new, language) for change in _stock_changes(group[0], old, new)]
    mine = [(c.target, c.right, new) for c in group]
    theirs = [(name, c.left, old) for c in group for name in c.then]
    options = [_option(mine, new, language), _option(theirs, new, language)]
    options.sort(key=lambda one: len(one["against"]) - len(one["for"]))
    moved = _reclassified(group, checks, new, language)
    return [moved, *options] if moved else options


def _stock_changes(check: Check, old: Year, new: Year) -> Iterable[tuple[str, float, Year]]:
    """Each single cell of the check with the value that would make it hold, if a count can be that."""
    off = check.left - check.right
    signs = [
        (check.target, new, -1),
        *((n, new, 1) for n in check.plus),
        *((n, new, -1) for n in check.minus),
    ]
    signs += [(name, old, 1) for name in check.then]
    for name, year, sign in signs:
        value = (year.cells[name].value or 0.0) + sign * off
        if value >= 0 or name.endswith("/change"):
            yield name, value, year


def _reclassified(group: Sequence[Check], checks: Sequence[Check], new: Year, language: str) -> dict | None:
    """The same total, and two applicants' columns off by the same figure: one was put in another class."""
    total = next((c for c in checks if c.rule is group[0].rule and c.scope == "total"), None)
    if total is None or total.status != "holds" or len(group) != 2:
        return None
    less, more = sorted(group, key=lambda check: check.left - check.right)
    figure = more.left - more.right
    if less.left - less.right != -figure:
        return None
    reason = say(
        "across.reclassified",
        language,
        total=amount(total.left),
        figure=amount(figure),
        taken=_place(less, new.form),
        given=_place(more, new.form),
    )
    cells = [_changed(check.target, check.right, new, new.year) for check in group]
    return {"cells": cells, "slip": "reclassified", "for": [reason], "against": [],
            "decided_by": worded(decided_by([group[0].target]), language)}  # fmt: skip


def _option(changes: Sequence[tuple[str, float, Year]], new: Year, language: str) -> dict:
    """A correction of one year's cells, with what that report itself says of it."""
    year = changes[0][2]
    true = {name: value for name, value, _ in changes}
    speaks_for, against = [], []
    for identity in year.sums:
        if not any(name in true for name in identity.cells) or identity.bound:
            continue
        left, right = (_sum(side, year, {}) for side in (identity.left, identity.right))
        then_left, then_right = (_sum(side, year, true) for side in (identity.left, identity.right))
        axis = "column" if identity.rule == "balance" else "row"
        given = {
            "rule": words(f"rule.{identity.rule}"),
            "place": label(identity.scope, year.form, "requests", axis),
        }
        if left != right and then_left == then_right:
            speaks_for.append(say("across.mends", language, target=amount(then_left), **given))
        elif left == right and then_left != then_right:
            both = {"left": amount(then_left), "right": amount(then_right)}
            against.append(say("across.breaks", language, **both, **given))
    for name, value in true.items():
        if name in year.said and year.said[name] != (year.cells[name].value or 0.0):
            if year.said[name] == value:
                speaks_for.append(say("across.claim_for", language, year=year.year, value=amount(value)))
        elif name in year.said:
            said = amount(year.said[name])
            against.append(say("across.claim_against", language, year=year.year, value=said))
    if all(year.cells[name].void for name in true):
        speaks_for.append(say("across.blank", language, year=year.year))
    return {
        "cells": [_changed(name, value, year, new.year) for name, value, _ in changes],
        "slip": "",
        "for": speaks_for,
        "against": against,
        "decided_by": worded(decided_by(true), language),
    }


def _changed(name: str, value: float, year: Year, this: int) -> dict:
    was = year.cells[name].value
    return {
        "cell": name if year.year == this else f"{name}@{year.year}",
        "printed": None if was is None else _plain(was),
        "value": _plain(value),
    }


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _sum(names: Iterable[str], year: Year, true: Mapping[str, float]) -> float:
    return round(sum(true.get(name, year.cells[name].value or 0.0) for name in names), 6)
