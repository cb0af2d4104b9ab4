"""Across years: what a report carries in against what the last one carried out, and stocks against flows."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from .across_findings import found_across
from .checks import CHECK_COLUMNS, PLUS, SETTLED, Rule, identities, printed, rules, term
from .diagnosis.findings import FINDING_COLUMNS
from .forms import cell_name, split_cell, tables
from .issuers import link
from .texts import Pair, joined, same, worded, words
from .texts.names import label
from .working import Working
from .years import Check, Year

KEY = ["sha256", "year"]
"""What tells whose row it is: the report of the later year."""
_ROWS = ("new", "carried_in", "handled", "carried_out")
_WEIGHED = ("balance", "row_total")


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
        rows = [key | _row(check, language) for check in checks]
        found.append((rows, [key | finding for finding in found_across(old, new, checks, issuer, language)]))
    return found


def _row(check: Check, language: str) -> dict:
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
        "formula": worded(check.formula, language),
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
