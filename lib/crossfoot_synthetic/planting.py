"""Known errors planted in made-up reports: in cells of the tables, or in a figure of the prose."""

import random
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from crossfoot.document import Document, Line
from crossfoot.forms import cell_name

from . import prose
from .figures import with_values

SLIPS = ("digit_changed", "digits_swapped", "digit_dropped", "digit_doubled", "off_by_one", "neighbour_cell",
         "left_blank", "addend_left_out", "next_row")  # fmt: skip
_ON_NOUGHT = ("digit_changed", "off_by_one")


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted error: the slip's kind, the true values of the cells changed, and what is printed now.

    `truth` maps each cell to its true value; `facts` are the facts as printed with the error.
    """

    slip: str
    truth: dict[str, int]
    facts: pd.DataFrame


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


@dataclass(frozen=True, slots=True)
class Narrative:
    """The prose of a made-up report as a document without tables; `year` is the report's.

    `start` is the offset of the misprinted figure and `true` what it should be; None where none is.
    """

    document: Document
    year: int
    start: int | None = None
    true: int | None = None


def narrative(facts: pd.DataFrame, form: str, slip: str | None = None, seed: int = 0) -> Narrative | None:
    """The prose that states these facts' sums, with a slip of that kind in one figure if asked for.

    None where no figure has a place for such a slip.
    """
    year = 2019 if form == "2019" else 2023
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    told = prose.figures({n: int(v) for n, v in zip(names, facts["value"].fillna(0), strict=True)})
    if slip is None:
        return Narrative(_document(prose.SHORT.format(year=year, **told)), year)
    rng = random.Random(f"prose {slip} {seed}")
    wrong = slipped(rng, slip, told, rng.choice)
    if wrong is None:
        return None
    shown = told | {wrong.figure: wrong.printed}
    before = prose.SHORT.split("{" + wrong.figure + "}")[0]
    start = len(before.format(year=year, **shown))
    return Narrative(_document(prose.SHORT.format(year=year, **shown)), year, start, wrong.true)


def _document(text: str) -> Document:
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(Line(at, at + len(line.rstrip("\n")), None))
        at += len(line)
    return Document("planted", "", 1, text, tuple(lines))


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure misprinted in the prose: which one, what it should be, and what is printed."""

    figure: str
    true: int
    printed: int


def slipped(
    rng: random.Random,
    kind: str,
    told: Mapping[str, int],
    choose: Callable[[Sequence[int]], int] = lambda others: others[0],
) -> Slip | None:
    """A slip of that kind (one of SLIPS) in one figure of the prose; None where none has a place for it.

    `choose` says which of the other figures stands in for it, where the slip is to print another one.
    """
    keys = [key for key, value in told.items() if value]
    rng.shuffle(keys)
    for key in keys:
        others = [value for other, value in told.items() if other != key and value]
        beside = choose(others) if others else 0
        made = misprint(rng, kind, told[key], beside, beside)
        if made is not None:
            return Slip(key, told[key], made)
    return None


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


def _digit(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    other = rng.choice([d for d in "0123456789" if d != text[place] and not (place == 0 and d == "0")])
    return text[:place] + other + text[place + 1 :]
