"""Consistent reports made up from a seed, and known errors planted in them, for the benchmark."""

import random
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from crossfoot.facts import FACT_COLUMNS
from crossfoot.forms import cell_name, tables
from crossfoot.numerals import read_cell

APPLICANTS = ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org")
# How often a cell of that column has cases at all, and how many against natural persons: most reports are
# of natural persons and companies, and the other columns nearly empty.
_SHARE = (1.0, 0.35, 0.03, 0.03, 0.08, 0.06)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted error: the slip's kind, the true values of the cells changed, and what is printed now.

    `truth` maps each cell to its true value; `facts` are the facts as printed with the error.
    """

    slip: str
    truth: dict[str, int]
    facts: pd.DataFrame


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


def _small(rng: random.Random, mean: float) -> int:
    """A count with that mean, skewed as case numbers are: many small ones, few large."""
    return int(rng.expovariate(1 / mean) + 0.5) if mean > 0 else 0


def report(seed: int, form: str) -> pd.DataFrame:
    """The facts of a consistent report: tables 三 and 四 add up; sizes from a village office to a province.

    Half of them print zeros and half leave them blank, as reports do; sums that are printed are right.
    """
    rng = random.Random(f"{form} {seed}")
    size = rng.choice([3, 8, 20, 60, 150, 400, 900])
    requests = tables(form)["requests"]
    single = form == "2019" or rng.random() < 0.5
    results = [
        row.code
        for row in requests.rows
        if row.code not in ("new", "carried_in", "handled", "carried_out")
        and (not row.code.startswith("other") or (row.code == "other") == single)
    ]
    used = [code for code in results if rng.random() < 0.45] or ["granted"]
    weights = {code: rng.paretovariate(1.1) for code in used}
    figures = {code: [0] * 6 for code in (*results, "new", "carried_in", "handled", "carried_out")}
    for column, share in enumerate(_SHARE):
        if column and rng.random() > share * 2:
            continue
        for code in used:
            figures[code][column] = _small(rng, size * share * weights[code] / sum(weights.values()))
        if column == 0:
            figures[used[0]][0] += 1  # a report of no request at all has nothing to go wrong
        handled = figures["handled"][column] = sum(figures[code][column] for code in results)
        out = figures["carried_out"][column] = min(_small(rng, handled * 0.06), handled)
        came = figures["carried_in"][column] = min(_small(rng, handled * 0.05), handled + out)
        figures["new"][column] = handled + out - came
    cells = {
        cell_name("requests", code, column): value
        for code, values in figures.items()
        for column, value in zip((*APPLICANTS, "total"), [*values, sum(values)], strict=True)
    }
    for row in tables(form)["disputes"].rows:
        outcomes = [_small(rng, size * share * rng.random()) for share in (0.08, 0.015, 0.02, 0.02)]
        for outcome, value in zip(row.columns, [*outcomes, sum(outcomes)], strict=True):
            cells[cell_name("disputes", row.code, outcome)] = value
    zeros = rng.random() < 0.5
    return facts_of({name: str(value) if value or zeros else "" for name, value in cells.items()}, form)


def _digit(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    other = rng.choice([d for d in "0123456789" if d != text[place] and not (place == 0 and d == "0")])
    return text[:place] + other + text[place + 1 :]


def misprint(rng: random.Random, slip: str, true: int, beside: int, apart: int) -> int | None:
    """What that kind of slip prints for a true value; None where it cannot befall this value.

    `beside` is the value of the neighbouring cell, `apart` another addend of the same sum. `left_blank`
    gives 0 here: the caller prints nothing.
    """
    text = str(true)
    match slip:
        case "digit_changed":
            made = int(_digit(rng, text))
        case "digits_swapped":
            places = [i for i in range(len(text) - 1) if text[i] != text[i + 1] and (i or text[1] != "0")]
            if not places:
                return None
            i = rng.choice(places)
            made = int(text[:i] + text[i + 1] + text[i] + text[i + 2 :])
        case "digit_dropped":
            if len(text) < 2:
                return None
            i = rng.randrange(len(text))
            made = int(text[:i] + text[i + 1 :])
        case "digit_doubled":
            if true == 0:
                return None
            i = rng.randrange(len(text))
            made = int(text[: i + 1] + text[i:])
        case "off_by_one":
            made = true + rng.choice([-1, 1])
        case "neighbour_cell":
            made = beside
        case "addend_left_out":
            made = true - apart
        case "left_blank":
            made = 0
        case _:
            raise ValueError(f"unknown slip {slip!r}")
    return made if made >= 0 and made != true else None


SLIPS = ("digit_changed", "digits_swapped", "digit_dropped", "digit_doubled", "off_by_one", "neighbour_cell",
         "left_blank", "addend_left_out", "next_row")  # fmt: skip
_ON_NOUGHT = ("digit_changed", "off_by_one")


def plant(facts: pd.DataFrame, slip: str, table: str, seed: int, errors: int = 1) -> Planted | None:
    """The facts with so many errors of one kind in cells of that table; None where they have no place for it.

    `table` "both" draws over all cells of 三 and 四, each cell as likely as any other. A total is never left
    blank: it would state nothing (CONTRACT.md), and so is no error.
    """
    rng = random.Random(f"{slip} {table} {seed} {errors}")
    names = list(facts["table"] + ":" + facts["row"] + "/" + facts["column"])
    values = {n: 0 if pd.isna(v) else int(v) for n, v in zip(names, facts["value"], strict=True)}
    drawn = ["requests", "disputes"] if table == "both" else [table]
    own = [facts[facts["table"] == code] for code in drawn]
    figures = {n for n, status in zip(names, facts["status"], strict=True) if status == "number"}
    truth: dict[str, int] = {}
    printed: dict[str, int | None] = {}
    for _ in range(errors):
        (cells,) = rng.choices(own, [len(one) for one in own]) if len(own) > 1 else own
        rows, columns = list(cells["row"].unique()), list(cells["column"].unique())
        for change in _tries(rng, slip, cells["table"].iloc[0], rows, columns, values, figures):
            if not any(name in truth for name in change):
                truth |= {name: values[name] for name in change}
                printed |= change
                break
        else:
            return None
    return Planted(slip, truth, with_values(facts, printed))


def _tries(
    rng: random.Random,
    slip: str,
    table: str,
    rows: list[str],
    columns: list[str],
    values: Mapping[str, int],
    printed: Container[str],
) -> Iterator[dict[str, int | None]]:
    """Changes of that kind at random places, until 400 were tried."""
    for _ in range(400):
        row, column = rng.choice(rows), rng.choice(columns)
        name = cell_name(table, row, column)
        true = values[name]
        # A slip needs a figure to befall; zeros are the most, but it is figures that people copy wrong.
        if name not in printed or (true == 0 and (slip not in _ON_NOUGHT or rng.random() < 0.8)):
            continue
        is_total = column == "total" or row == "handled"
        if slip == "next_row":
            below = rows.index(row) + 1
            if below >= len(rows) or is_total or values[cell_name(table, rows[below], column)] == true:
                continue
            yield {
                name: values[cell_name(table, rows[below], column)],
                cell_name(table, rows[below], column): true,
            }
            continue
        if (slip == "left_blank" and is_total) or (slip == "addend_left_out" and not is_total):
            continue
        beside = columns.index(column) + rng.choice([-1, 1])
        if not 0 <= beside < len(columns):
            continue
        others = [c for c in columns if c != column and values[cell_name(table, row, c)]]
        apart = values[cell_name(table, row, rng.choice(others))] if others else 0
        made = misprint(rng, slip, true, values[cell_name(table, row, columns[beside])], apart)
        if made is not None:
            yield {name: None if slip == "left_blank" else made}
