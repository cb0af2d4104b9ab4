"""One report beside another: the years of one body, and two versions of one report.

Across years: what a report carries in against what the last one carried out, and stocks against flows. Of a
corrected version (更正版): what it fixed, and what it newly broke.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from .checks import PLUS, SETTLED, Identity, Printed, Rule, amount, identities, printed, rules, term
from .diagnosis.evidence import decided_by, rule_name
from .forms import cell_name, split_cell, tables
from .issuers import link
from .schema import framed
from .texts import Pair, joined, same, words
from .texts.names import label

if TYPE_CHECKING:
    from .audit import Audit

KEY = ["sha256", "year"]
"""What tells whose row it is: the report of the later year."""
CHANGE_COLUMNS = ["cell", "before", "after", "value_before", "value_after"]
OUTCOME_COLUMNS = ["finding", "outcome", "severity", "kind", "title"]
_ROWS = ("new", "carried_in", "handled", "carried_out")
_WEIGHED = ("balance", "row_total")
_NOTHING: Pair = ("", "")


class AcrossTables(NamedTuple):
    """Checks and findings across years, with the columns of schema.toml; words in both languages.

    A finding's `number` counts from 1 in its report: those that the report has by itself come before. Of the
    cells that a correction changes, those of the year before have it behind them:
    `requests:carried_out/total@2022`.
    """

    checks: pd.DataFrame
    check_terms: pd.DataFrame
    findings: pd.DataFrame
    finding_checks: pd.DataFrame
    corrections: pd.DataFrame
    evidence: pd.DataFrame

    def of(self, sha256: str) -> "AcrossTables":
        """The rows of one report, without KEY: the same tables as its own audit has."""
        own = (frame[frame[KEY[0]] == sha256].drop(columns=KEY).reset_index(drop=True) for frame in self)
        return AcrossTables(*own)


class Neighbours(NamedTuple):
    """Two neighbouring years of one issuer: the later report and its year, and the rows of each table."""

    sha256: str
    year: int
    rows: dict[str, list[tuple]]


class Stated(NamedTuple):
    """What compare_years needs of an audit."""

    report: Any
    facts: pd.DataFrame
    checks: pd.DataFrame
    check_terms: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Year:
    """What one report has to say to its neighbours' years.

    `cells` are those that rules across years use, and those that balance with them; `sums` the report's own
    identities among these; `said` the figures that the narrative gives for single cells, `checks` the keys
    of all its own checks.
    """

    sha256: str
    issuer: str
    year: int
    form: str
    cells: Mapping[str, Printed]
    sums: tuple[Identity, ...]
    said: Mapping[str, float]
    checks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across two years in one place: `key` is its name among the later report's checks.

    What is expected of `target`, this year's, is the sum of `then`, last year's, and `plus` less `minus`.
    """

    key: str
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


def year_of(
    report: Mapping, facts: pd.DataFrame, checks: pd.DataFrame, check_terms: pd.DataFrame
) -> Year | None:
    """The year of a report with those particulars and tables; None without an issuer or year."""
    if pd.isna(report["issuer"]) or pd.isna(report["year"]):
        return None
    kept = facts[
        (facts["table"] == "disclosure") | ((facts["table"] == "requests") & facts["row"].isin(_ROWS))
    ]
    cells = printed(kept)
    sums = tuple(s for s in identities(kept, report["form"]) if s.rule in _WEIGHED)
    told = checks[checks["rule"] == "narrative"]
    counted = check_terms[(check_terms["cell"] != "") & check_terms["check"].isin(told["check"])]
    of_check = counted.groupby("check", sort=False)["cell"].agg(list).to_dict()
    said: dict[str, float] = {}
    for check, left in zip(told["check"], told["left"].tolist(), strict=True):
        match of_check.get(check):
            case [cell] if cell in cells:
                said[cell] = left
    own = (report["sha256"], report["issuer"], int(report["year"]), report["form"])
    return Year(*own, cells, sums, said, frozenset(checks["check"]))


def compare_years(audits: Iterable[Any]) -> AcrossTables:
    """Checks and findings across the neighbouring years of one issuer, of any number of audits.

    `audits` are audits, or whatever else has the report and the tables of Stated. KEY, which names the
    report of the later year, is in front of the columns. Reports without a neighbour, or whose issuers are
    not surely one, give no rows.
    """
    every = (year_of(dict(one.report), one.facts, one.checks, one.check_terms) for one in audits)
    years = [year for year in every if year is not None]
    linked = link(year.issuer for year in years)
    groups: dict[str, list[Year]] = {}
    for year in years:
        groups.setdefault(linked[year.issuer], []).append(year)
    found = [one for name in sorted(groups) for one in compare(groups[name], name)]
    made = []
    for name in AcrossTables._fields:
        frame = framed(name, [row for one in found for row in one.rows[name]])
        whose = [one for one in found for _ in one.rows[name]]
        frame.insert(0, KEY[0], pd.Series([one.sha256 for one in whose], dtype="str"))
        frame.insert(1, KEY[1], pd.Series([one.year for one in whose], dtype="Int64"))
        made.append(frame)
    return AcrossTables(*made)


def compare(years: Iterable[Year], issuer: str) -> list[Neighbours]:
    """The rows of each neighbouring pair of one issuer's years, in their order.

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
        rows: dict[str, list[tuple]] = {name: [] for name in AcrossTables._fields}
        for check in checks:
            rows["checks"].append(_row(check))
            rows["check_terms"] += _terms(check, old, new)
        _add_findings(rows, old, new, checks, issuer)
        found.append(Neighbours(new.sha256, new.year, rows))
    return found


def changed_cells(before: "Audit", after: "Audit") -> pd.DataFrame:
    """The cells that print something else in the second version, in the order of the form.

    Columns CHANGE_COLUMNS: `before` and `after` as printed ("" where nothing), the values in the cell's unit;
    a cell that only one version's form has is missing in the other.
    """
    old, new = before.facts.set_index("cell"), after.facts.set_index("cell")
    order = old.index.append(new.index.difference(old.index, sort=False))
    old, new = old.reindex(order), new.reindex(order)
    found = pd.DataFrame(
        {
            "cell": order,
            "before": old["raw"].array,
            "after": new["raw"].array,
            "value_before": old["value"].array,
            "value_after": new["value"].array,
        },
        columns=CHANGE_COLUMNS,
    )
    same_value = found["value_before"].eq(found["value_after"])
    neither = found["value_before"].isna() & found["value_after"].isna() & found["before"].eq(found["after"])
    return found[~(same_value | neither)].reset_index(drop=True)


def outcomes(before: "Audit", after: "Audit") -> pd.DataFrame:
    """Every finding of either version with what became of it: `fixed`, `remains` or `new`.

    Columns OUTCOME_COLUMNS, new ones first, then those that remain, then the fixed. A finding is the same
    when its name is: the same rules broken in the same cells.
    """
    old, new = before.findings.set_index("finding"), after.findings.set_index("finding")
    order = [("new", new.loc[~new.index.isin(old.index)])]
    order += [
        ("remains", new.loc[new.index.isin(old.index)]),
        ("fixed", old.loc[~old.index.isin(new.index)]),
    ]
    frames = [frame.reset_index().assign(outcome=outcome) for outcome, frame in order]
    return pd.concat(frames, ignore_index=True)[OUTCOME_COLUMNS]


def _row(check: Check) -> tuple:
    settled = check.status in SETTLED
    left, right = (check.left, check.right) if settled else (float("nan"),) * 2
    called = rule_name(check.rule.id)
    if called == same(check.rule.id):
        called = (check.rule.label_zh, check.rule.label)
    return (
        check.key, check.rule.id, check.scope, check.rule.severity, called, left, right,
        round(left - right, 6), check.status, _NOTHING if settled else check.formula, check.formula,
    )  # fmt: skip


def _terms(check: Check, old: Year, new: Year) -> Iterable[tuple]:
    sides = (
        ("left", "term", 1.0, (check.target,), new),
        ("right", "before", 1.0, check.then, old),
        ("right", "term", 1.0, check.plus, new),
        ("right", "term", -1.0, check.minus, new),
    )
    for side, role, factor, names, year in sides:
        report = old.sha256 if year is old else ""
        for name in names:
            cell = year.cells[name]
            value = float("nan") if cell.value is None else cell.value
            yield check.key, side, role, factor, name, "", "", report, value, cell.status


def _checks(old: Year, new: Year) -> list[Check]:
    """Every rule across years in every place where both reports have its cells."""
    found = []
    taken = set(new.checks)
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
            base, number = f"{rule.id}:{place}", 1
            key = base
            while key in taken:
                number += 1
                key = f"{base}#{number}"
            taken.add(key)
            found.append(_check(key, rule, place, target, then, plus, minus, old, new))
    return found


def _names(rule: Rule, codes: Iterable[str], place: str) -> tuple[str, ...]:
    if rule.per == "column":
        return tuple(cell_name(rule.table, code, place) for code in codes)
    return tuple(cell_name(rule.table, place, code) for code in codes)


def _check(
    key: str,
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
    return Check(key, rule, scope, target, then, plus, minus, left, right, status, formula, new.year)


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


def _add_findings(
    rows: dict[str, list[tuple]], old: Year, new: Year, checks: Sequence[Check], issuer: str
) -> None:
    """Adds one finding for all carry-overs that break, and one for each stock.

    A stock has every single cell that could be wrong as a correction; a carry-over this year's cells or
    last year's, and, before both, an applicant put in another class, which would be no error at all.
    """
    broken = [check for check in checks if check.status == "breaks"]
    carried = [check for check in broken if check.rule.per == "column"]
    groups = ([carried] if carried else []) + [[check] for check in broken if check.rule.per == "row"]
    for number, group in enumerate(groups, 1):
        rule = group[0].rule
        options = _options(old, new, group, checks)
        places = [
            words("title.place", label=_place(check, new.form), left=check.left, right=check.right)
            for check in group
        ]
        basis = "\n".join(["published", issuer, *(f"{c.rule.id} {' '.join(c.cells)}" for c in group)])
        mark = hashlib.sha256(basis.encode()).hexdigest()[:10]
        severity = "query" if options and options[0].slip == "reclassified" else rule.severity
        title = words(f"title.{rule.id}", places=joined(places))
        rows["findings"].append((mark, number, severity, "published", title))
        rows["finding_checks"] += [(mark, check.key) for check in group]
        for order, one in enumerate(options, 1):
            for cell, was, value in one.cells:
                rows["corrections"].append((mark, order, cell, "", was, value, one.slip, one.decided_by))
            for side, reasons in (("for", one.speaks_for), ("against", one.against)):
                rows["evidence"] += [(mark, order, side, "", text) for text in reasons]


class Option(NamedTuple):
    """A correction: its cells, each with what is printed and what it would be, and what speaks for it."""

    cells: list[tuple[str, float, float]]
    slip: str
    speaks_for: list[Pair]
    against: list[Pair]
    decided_by: Pair


def _place(check: Check, form: str) -> str:
    return label(check.scope, form, check.rule.table, check.rule.per)


def _options(old: Year, new: Year, group: Sequence[Check], checks: Sequence[Check]) -> list[Option]:
    """What would explain the breaks of one rule, best first."""
    if group[0].rule.per == "row":
        return [_option([change], new) for change in _stock_changes(group[0], old, new)]
    mine = [(c.target, c.right, new) for c in group]
    theirs = [(name, c.left, old) for c in group for name in c.then]
    options = [_option(mine, new), _option(theirs, new)]
    options.sort(key=lambda one: len(one.against) - len(one.speaks_for))
    moved = _reclassified(group, checks, new)
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


def _reclassified(group: Sequence[Check], checks: Sequence[Check], new: Year) -> Option | None:
    """The same total, and two applicants' columns off by the same figure: one was put in another class."""
    total = next((c for c in checks if c.rule is group[0].rule and c.scope == "total"), None)
    if total is None or total.status != "holds" or len(group) != 2:
        return None
    less, more = sorted(group, key=lambda check: check.left - check.right)
    figure = more.left - more.right
    if less.left - less.right != -figure:
        return None
    reason = words(
        "across.reclassified",
        total=amount(total.left),
        figure=amount(figure),
        taken=_place(less, new.form),
        given=_place(more, new.form),
    )
    cells = [_changed(check.target, check.right, new, new.year) for check in group]
    return Option(cells, "reclassified", [reason], [], decided_by([group[0].target]))


def _option(changes: Sequence[tuple[str, float, Year]], new: Year) -> Option:
    """A correction of one year's cells, with what that report itself says of it."""
    year = changes[0][2]
    true = {name: value for name, value, _ in changes}
    speaks_for: list[Pair] = []
    against: list[Pair] = []
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
            speaks_for.append(words("across.reconciles", target=amount(then_left), **given))
        elif left == right and then_left != then_right:
            both = {"left": amount(then_left), "right": amount(then_right)}
            against.append(words("across.breaks", **both, **given))
    for name, value in true.items():
        if name in year.said and year.said[name] != (year.cells[name].value or 0.0):
            if year.said[name] == value:
                speaks_for.append(words("across.claim_for", year=year.year, value=amount(value)))
        elif name in year.said:
            said = amount(year.said[name])
            against.append(words("across.claim_against", year=year.year, value=said))
    if all(year.cells[name].void for name in true):
        speaks_for.append(words("across.blank", year=year.year))
    cells = [_changed(name, value, year, new.year) for name, value, _ in changes]
    return Option(cells, "", speaks_for, against, decided_by(true))


def _changed(name: str, value: float, year: Year, this: int) -> tuple[str, float, float]:
    was = year.cells[name].value
    shown = name if year.year == this else f"{name}@{year.year}"
    return shown, float("nan") if was is None else was, value


def _sum(names: Iterable[str], year: Year, true: Mapping[str, float]) -> float:
    return round(sum(true.get(name, year.cells[name].value or 0.0) for name in names), 6)
