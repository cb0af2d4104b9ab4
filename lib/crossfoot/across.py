"""Across years: what a report carries in against what the last one carried out, and stocks against flows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .checks import (
    CHECK_COLUMNS,
    PLUS,
    SETTLED,
    Identity,
    Printed,
    Rule,
    amount,
    identities,
    printed,
    rules,
    term,
)
from .diagnosis.evidence import decided_by
from .diagnosis.findings import FINDING_COLUMNS
from .forms import cell_name, split_cell, tables
from .issuers import link
from .texts import Pair, joined, same, say, worded, words
from .texts.names import label
from .working import Working

KEY = ["sha256", "year"]
"""What tells whose row it is: the report of the later year."""
_ROWS = ("new", "carried_in", "handled", "carried_out")
_WEIGHED = ("balance", "row_total")


@dataclass(frozen=True, slots=True)
class Year:
    """What one report has to say to its neighbours' years.

    `cells` are those that rules across years use, and those that balance with them; `sums` the report's own
    identities among these; `said` the figures that the narrative gives for single cells.
    """

    sha256: str
    issuer: str
    year: int
    form: str
    cells: Mapping[str, Printed]
    sums: tuple[Identity, ...]
    said: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across two years in one place: `now` and `then` are this year's and last year's cells.

    What is expected of `target`, this year's, is the sum of `then` and `plus` less `minus`.
    """

    rule: Rule
    scope: str
    target: str
    then: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    left: float
    right: float
    status: str
    formula: Pair
    year: int

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.target, *(f"{name}@{self.year - 1}" for name in self.then), *self.plus, *self.minus)


def year_of(report: Mapping, facts: pd.DataFrame, checks: pd.DataFrame) -> Year | None:
    """The year of a report with those particulars, facts and checks; None without an issuer or year."""
    if pd.isna(report["issuer"]) or pd.isna(report["year"]):
        return None
    kept = facts[
        (facts["table"] == "disclosure") | ((facts["table"] == "requests") & facts["row"].isin(_ROWS))
    ]
    cells = printed(kept)
    sums = tuple(s for s in identities(kept, report["form"]) if s.rule in _WEIGHED)
    told = checks[(checks["rule"] == "narrative") & checks["cells"].isin(list(cells))]
    said = dict(zip(told["cells"], told["left"].astype(float), strict=True))
    return Year(report["sha256"], report["issuer"], int(report["year"]), report["form"], cells, sums, said)


def compare_years(audits: Sequence[Working], language: str = "en") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Checks and findings across the neighbouring years of one issuer, of any number of reports.

    Columns are KEY, which names the report of the later year, then CHECK_COLUMNS and FINDING_COLUMNS. Cells
    of the year before have its year behind them: `requests:carried_out/total@2022`. Reports without a
    neighbour, or whose issuers are not surely one, give no rows. Titles and explanations are in `language`,
    en or zh.
    """
    years = [year for a in audits if (year := year_of(dict(a.report), a.facts, a.checks)) is not None]
    linked = link(year.issuer for year in years)
    groups: dict[str, list[Year]] = {}
    for year in years:
        groups.setdefault(linked[year.issuer], []).append(year)
    checks: list[dict] = []
    findings: list[dict] = []
    for name in sorted(groups):
        for rows, found in compare(groups[name], name, language):
            checks += rows
            findings += found
    return pd.DataFrame(checks, columns=[*KEY, *CHECK_COLUMNS]), pd.DataFrame(
        findings, columns=[*KEY, *FINDING_COLUMNS]
    )


def compare(years: Iterable[Year], issuer: str, language: str = "en") -> list[tuple[list[dict], list[dict]]]:
    """Rows of checks and of findings for each neighbouring pair of one issuer's years, in their order.

    Where a year has several reports (a corrected one beside the first), the pair that agrees best is
    compared.
    """
    by_year: dict[int, list[Year]] = {}
    for year in sorted(years, key=lambda one: one.sha256):
        by_year.setdefault(year.year, []).append(year)
    found = []
    for number in sorted(by_year):
        pairs = [(old, new) for new in by_year[number] for old in by_year.get(number - 1, ())]
        if not pairs:
            continue
        compared = [(pair, _checks(*pair)) for pair in pairs]
        (old, new), checks = min(compared, key=lambda entry: sum(c.status == "breaks" for c in entry[1]))
        key = {"sha256": new.sha256, "year": new.year}
        rows = [key | _row(check) for check in checks]
        found.append((rows, [key | finding for finding in found_across(old, new, checks, issuer, language)]))
    return found


def _row(check: Check) -> dict:
    stated = check.status in SETTLED
    left, right = (check.left, check.right) if stated else (float("nan"),) * 2
    return {
        "rule": check.rule.id,
        "scope": check.scope,
        "left": left,
        "right": right,
        "difference": round(left - right, 6),
        "status": check.status,
        "cells": " ".join(check.cells),
        "formula": check.formula,
    }


def _checks(old: Year, new: Year) -> list[Check]:
    """Every rule across years in every place where both reports have its cells."""
    found = []
    for rule in rules():
        if not rule.before or not {old.form, new.form} <= set(rule.forms):
            continue
        table = tables(new.form)[rule.table]
        places = rule.over or tuple(c.code for c in table.columns if rule.per == "column")
        for place in places:
            sides = (_names(rule, codes, place) for codes in (rule.left, rule.before, rule.right, rule.minus))
            (target,), then, plus, minus = sides
            if target not in new.cells or any(name not in old.cells for name in then):
                continue
            found.append(_check(rule, place, target, then, plus, minus, old, new))
    return found


def _names(rule: Rule, codes: Iterable[str], place: str) -> tuple[str, ...]:
    if rule.per == "column":
        return tuple(cell_name(rule.table, code, place) for code in codes)
    return tuple(cell_name(rule.table, place, code) for code in codes)


def _check(
    rule: Rule,
    scope: str,
    target: str,
    then: tuple[str, ...],
    plus: tuple[str, ...],
    minus: tuple[str, ...],
    old: Year,
    new: Year,
) -> Check:
    left = new.cells[target].value or 0.0
    right = sum(old.cells[name].value or 0.0 for name in then)
    right += sum(new.cells[name].value or 0.0 for name in plus)
    right -= sum(new.cells[name].value or 0.0 for name in minus)
    right = round(right, 6)
    own = ((target, new), *((name, old) for name in then), *((name, new) for name in (*plus, *minus)))
    stated = all(_stated(name, year) for name, year in own)
    # a stock that is left blank is not a stock of nothing; a flow that is left blank counts as 0
    kept = target.rpartition("/")[2]
    stocks = [year.cells[n] for n, year in own if rule.per == "row" and n.rpartition("/")[2] == kept]
    stated = stated and not any(cell.void for cell in stocks)
    stated = stated and not all(year.cells[name].void for name, year in own)
    unread = any(year.cells[n].value is None and not year.cells[n].void for n, year in own)
    status = "unread" if unread else "not_stated" if not stated else "holds" if left == right else "breaks"
    shown = [_shown(name, old, old.year) for name in then] + [_shown(name, new) for name in plus]
    taken = [_shown(name, new) for name in minus]
    total = joined([joined(shown, PLUS), *taken], same(" - "))
    formula = joined([_shown(target, new, new.year), total], same(" = "))
    if status == "breaks":
        formula = words("formula.breaks", sum=formula, left=left, right=right, difference=left - right)
    elif not stated:
        formula = words("formula.across_open", sum=formula)
    return Check(rule, scope, target, then, plus, minus, left, right, status, formula, new.year)


def _stated(name: str, year: Year) -> bool:
    """Whether the report says what is in the cell; a void one says 0, unless its row says otherwise."""
    cell = year.cells[name]
    if cell.status == "absent" or (cell.value is None and not cell.void):
        return False
    if cell.value is not None:
        return True
    row = name.rpartition("/")[0]
    if not row.startswith("requests:"):
        return True
    figures = {
        n.rpartition("/")[2]: c.value or 0.0 for n, c in year.cells.items() if n.rpartition("/")[0] == row
    }
    return figures.pop("total", 0.0) == sum(figures.values())


def _shown(name: str, year: Year, when: int | None = None) -> Pair:
    """A cell's figure with its name, of another year than the rest where `when` says so."""
    cell = year.cells[name]
    table, row, column = split_cell(name)
    by_row = table == "requests"
    called = label(*((row, year.form, table, "row") if by_row else (column, year.form, table, "column")))
    title: Pair = (called, row if by_row else column)
    if when is not None:
        title = words("formula.year", name=title, year=str(when))
    return words("formula.blank", name=title) if cell.value is None else term(cell.value, title)


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
            speaks_for.append(say("across.reconciles", language, target=amount(then_left), **given))
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
