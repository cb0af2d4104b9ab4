"""Consistent figures of made-up reports: of one report, or of an issuer year after year."""

import random
from collections.abc import Mapping

import pandas as pd

from crossfoot.facts import FACT_COLUMNS
from crossfoot.forms import cell_name, tables
from crossfoot.numerals import read_cell

Cells = dict[str, int]

APPLICANTS = ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org")
# How often a cell of that column has cases at all, and how many against natural persons: most reports are
# of natural persons and companies, and the other columns nearly empty.
_SHARE = (1.0, 0.35, 0.03, 0.03, 0.08, 0.06)
_OUTCOMES = (0.08, 0.015, 0.02, 0.02)  # how many disputes end so, against the requests, at most
_EDGES = ("new", "carried_in", "handled", "carried_out")
_STOCK = {"rules": 1, "normative": 12}


def form_of(year: int) -> str:
    """The form that the State Council's office prescribes for that year."""
    return "2019" if year < 2021 else "2021"


def facts_of(raw: Mapping[str, str], form: str) -> pd.DataFrame:
    """Facts (CONTRACT.md) with those cells printed so; every other cell of the form is blank.

    （六）其他处理 is one row or three, as the names in `raw` have it, else as the form has it.
    Raises KeyError for a name that is no cell of the form.
    """
    rows, left = [], set(raw)
    parted = any(":other." in name for name in raw)
    for table in tables(form).values():
        for row in table.rows:
            if table.code == "requests" and (row.code == "other" or row.code.startswith("other.")):
                single = f"requests:other/{row.columns[-1]}" in raw or (form == "2019" and not parted)
                if single != (row.code == "other"):
                    continue
            for column in row.columns:
                name = cell_name(table.code, row.code, column)
                left.discard(name)
                unit = table.column(column).unit
                numeral = read_cell(raw.get(name, ""), unit)
                rows.append((table.code, row.code, column, numeral.value, unit, numeral.status,
                             raw.get(name, ""), pd.NA, "", "planted", True))  # fmt: skip
    if left:
        raise KeyError(f"no cells of form {form}: {' '.join(sorted(left))}")
    facts = pd.DataFrame(rows, columns=FACT_COLUMNS)
    facts["value"] = facts["value"].astype("float64")
    facts["page"] = facts["page"].astype("Int64")
    return facts


def with_values(facts: pd.DataFrame, changes: Mapping[str, int | None]) -> pd.DataFrame:
    """A copy of the facts with those cells printed with those values, or blank where the value is None."""
    names = list(facts["table"] + ":" + facts["row"] + "/" + facts["column"])
    changed = facts.copy()
    place = {name: number for number, name in enumerate(names)}
    for name, value in changes.items():
        row = place[name]
        changed.loc[row, "value"] = float("nan") if value is None else float(value)
        changed.loc[row, "status"] = "blank" if value is None else "number"
        changed.loc[row, "raw"] = "" if value is None else str(value)
    return changed


def report(seed: int, form: str) -> pd.DataFrame:
    """The facts of a consistent report: tables 三 and 四 add up; sizes from a village office to a province.

    Half of them print zeros and half leave them blank, as reports do; sums that are printed are right.
    """
    rng = random.Random(f"{form} {seed}")
    size = rng.choice([3, 8, 20, 60, 150, 400, 900])
    results = _results(form, form == "2019" or rng.random() < 0.5)
    used = [code for code in results if rng.random() < 0.45] or ["granted"]
    weights = {code: rng.paretovariate(1.1) for code in used}
    figures = {code: [0] * 6 for code in (*results, *_EDGES)}
    for column, share in enumerate(_SHARE):
        if column and rng.random() > share * 2:
            continue
        for code in used:
            figures[code][column] = _count(rng, size * share * weights[code] / sum(weights.values()))
        if column == 0:
            figures[used[0]][0] += 1  # a report of no request at all has nothing to go wrong
        handled = figures["handled"][column] = sum(figures[code][column] for code in results)
        out = figures["carried_out"][column] = min(_count(rng, handled * 0.06), handled)
        came = figures["carried_in"][column] = min(_count(rng, handled * 0.05), handled + out)
        figures["new"][column] = handled + out - came
    cells = {
        cell_name("requests", code, column): value
        for code, values in figures.items()
        for column, value in zip((*APPLICANTS, "total"), [*values, sum(values)], strict=True)
    }
    cells |= _disputes(rng, form, size)
    zeros = rng.random() < 0.5
    return facts_of({name: str(value) if value or zeros else "" for name, value in cells.items()}, form)


def year_figures(
    rng: random.Random, year: int, size: int, single: bool, before: Mapping[str, int] | None
) -> Cells:
    """Every cell of that year's form with its figure, in whole units; amounts in yuan, or 万元 in form 2021.

    About `size` requests were received. `before` is the year before, whose carry-outs and stocks go on
    here; with `single` （六）其他处理 is one row.
    """
    form = form_of(year)
    cells = _requests(rng, form, size, single, before or {}) | _disputes(rng, form, size)
    if form == "2019":
        return cells | _disclosure_2019(rng, size, before or {})
    return cells | _disclosure_2021(rng, size, before or {})


def _requests(rng: random.Random, form: str, size: int, single: bool, before: Mapping[str, int]) -> Cells:
    results = _results(form, single)
    used = {"granted": 3.0} | {code: rng.paretovariate(1.1) for code in results if rng.random() < 0.45}
    cells: Cells = {}
    for column, share in zip(APPLICANTS, _SHARE, strict=True):
        present = share == 1.0 or rng.random() < share * 2
        figures = {
            code: _count(rng, size * share * used[code] / sum(used.values()))
            if present and code in used
            else 0
            for code in results
        }
        carried_in = before.get(cell_name("requests", "carried_out", column), 0)
        if not before and present:
            carried_in = _count(rng, size * share * 0.05)
        handled = sum(figures.values())
        out = min(_count(rng, handled * 0.06), handled)
        short = max(0, carried_in - handled - out)  # what came in must have been handled
        figures["granted"] += short
        handled += short
        figures |= {"new": handled + out - carried_in, "carried_in": carried_in}
        figures |= {"handled": handled, "carried_out": out}
        cells |= {cell_name("requests", code, column): value for code, value in figures.items()}
    for code in (*results, *_EDGES):
        row = [cells[cell_name("requests", code, column)] for column in APPLICANTS]
        cells[cell_name("requests", code, "total")] = sum(row)
    return cells


def _disputes(rng: random.Random, form: str, size: int) -> Cells:
    cells: Cells = {}
    for row in tables(form)["disputes"].rows:
        outcomes = [_count(rng, size * share * rng.random()) for share in _OUTCOMES]
        for column, value in zip(row.columns, [*outcomes, sum(outcomes)], strict=True):
            cells[cell_name("disputes", row.code, column)] = value
    return cells


def _disclosure_2019(rng: random.Random, size: int, before: Mapping[str, int]) -> Cells:
    cells: Cells = {}
    for row, mean in _STOCK.items():
        made = _count(rng, mean / 4)
        stock = before.get(f"disclosure:{row}/public_total", _count(rng, mean))
        figures = {"made": made, "published": made, "public_total": stock + made}
        cells |= {cell_name("disclosure", row, column): value for column, value in figures.items()}
    for row in ("licensing", "other_services", "penalty", "coercion", "fees"):
        there = before.get(f"disclosure:{row}/items_before", _count(rng, 120))
        there += before.get(f"disclosure:{row}/change", 0)
        change = rng.randint(-min(there, 9), 20)
        cells |= {f"disclosure:{row}/items_before": there, f"disclosure:{row}/change": change}
        if row != "fees":
            cells[f"disclosure:{row}/decisions"] = _count(rng, size * 8)
    cells["disclosure:procurement/items"] = _count(rng, size / 2)
    cells["disclosure:procurement/amount"] = _count(rng, size * 90_000)
    return cells


def _disclosure_2021(rng: random.Random, size: int, before: Mapping[str, int]) -> Cells:
    cells: Cells = {}
    for row, mean in _STOCK.items():
        there = before.get(f"disclosure:{row}/in_force", _count(rng, mean))
        made = _count(rng, mean / 4)
        repealed = min(_count(rng, mean / 5), there + made)
        figures = {"made": made, "repealed": repealed, "in_force": there + made - repealed}
        cells |= {cell_name("disclosure", row, column): value for column, value in figures.items()}
    for row in ("licensing", "penalty", "coercion"):
        cells[f"disclosure:{row}/decisions"] = _count(rng, size * 8)
    cells["disclosure:fees/amount"] = _count(rng, size * 3)
    return cells


def _results(form: str, single: bool) -> list[str]:
    """The rows of table 三 that are results; with `single` （六）其他处理 is one of them, not three."""
    return [
        row.code
        for row in tables(form)["requests"].rows
        if row.code not in _EDGES and (not row.code.startswith("other") or (row.code == "other") == single)
    ]


def _count(rng: random.Random, mean: float) -> int:
    """A count with that mean, skewed as case numbers are: many small ones, few large."""
    return int(rng.expovariate(1 / mean) + 0.5) if mean > 0 else 0
