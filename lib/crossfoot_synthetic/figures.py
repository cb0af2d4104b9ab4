"""Consistent figures of one made-up issuer, year after year: its carry-outs and stocks go on."""

import random
from collections.abc import Mapping

from crossfoot.forms import cell_name, tables

from .planting import APPLICANTS

Cells = dict[str, int]
# How much of the requests comes from whom, as planting.py has it.
_SHARE = (1.0, 0.35, 0.03, 0.03, 0.08, 0.06)
_STOCK = {"rules": 1, "normative": 12}


def form_of(year: int) -> str:
    """The form that the State Council's office prescribes for that year."""
    return "2019" if year < 2021 else "2021"


def _count(rng: random.Random, mean: float) -> int:
    return int(rng.expovariate(1 / mean) + 0.5) if mean > 0 else 0


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
    edges = ("new", "carried_in", "handled", "carried_out")
    results = [
        row.code
        for row in tables(form)["requests"].rows
        if row.code not in edges and (not row.code.startswith("other") or (row.code == "other") == single)
    ]
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
    for code in (*results, *edges):
        row = [cells[cell_name("requests", code, column)] for column in APPLICANTS]
        cells[cell_name("requests", code, "total")] = sum(row)
    return cells


def _disputes(rng: random.Random, form: str, size: int) -> Cells:
    cells: Cells = {}
    for row in tables(form)["disputes"].rows:
        outcomes = [_count(rng, size * share * rng.random()) for share in (0.08, 0.015, 0.02, 0.02)]
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
