"""The numbers of the prose on their sheet, those that count cells checked live against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossfoot.checks import amount
from crossfoot.narrative.figures import Figures, figures
from crossfoot.narrative.tokens import MONEY

from . import formulas as f
from .book import Book, link, signs, write_live, write_number, write_text
from .finding_scope import claim_start
from .list_sheets import FIRST, column_range, listing, tall
from .scopes import cells_in_words

_WIDTHS = (5, 9, 52, 9, 6, 7, 8, 38, 9, 9, 7, 40, 6, 8)
_HEADS = (
    "head.number", "head.section", "head.quote", "head.value", "head.unit", "head.approximate",
    "head.kind", "head.subject", "head.table_says", "head.difference", "head.now", "head.note",
    "head.page", "head.offset",
)  # fmt: skip
_VALUE, _TABLE, _DIFFERENCE, _SIGN = 3, 8, 9, 10


@dataclass(frozen=True, slots=True)
class Told:
    """A claim that is checked against cells: its check's scope, and where that stands on the sheet."""

    scope: str
    quote: str
    cells: tuple[str, ...]
    claimed: f.Spot
    table: f.Spot
    difference: f.Spot
    sign: f.Spot
    values: tuple[float, float | None, float | None, str]
    unit: str
    page: str


@dataclass(frozen=True, slots=True)
class _Sum:
    """The cells that a claim counts as a formula, and their sum as printed.

    Where none of them holds a figure, or one could not be read, there is no sum, and not 0.
    """

    formula: str
    entering: tuple[str, ...]
    value: float | None


def told(book: Book, spots: Mapping[str, f.Spot]) -> dict[int, Told]:
    """The claims that a narrative check compares with cells of the tables, by their offset."""
    home = book.sheet_name("claims")
    checks, stated = book.audit.checks, figures(book.audit.facts)
    by_start = {}
    for check in checks[checks["rule"] == "narrative"].itertuples():
        cells = tuple(str(check.cells).split())
        if cells and all(name in spots for name in cells):
            by_start[claim_start(str(check.scope))] = (check, cells)
    found = {}
    for number, claim in enumerate(book.audit.claims.itertuples()):
        if claim.start not in by_start:
            continue
        check, cells = by_start[claim.start]
        row = FIRST + number
        said = float(claim.value) * _scale(claim, cells, stated)
        value = _sum_of(book, claim, cells, spots, stated).value
        sign = f.SIGNS[check.status]
        apart = None if sign == f.OPEN or value is None else round(said - value, 6)
        found[int(claim.start)] = Told(
            check.scope,
            str(claim.quote),
            cells,
            f.Spot(home, row, _VALUE),
            f.Spot(home, row, _TABLE),
            f.Spot(home, row, _DIFFERENCE),
            f.Spot(home, row, _SIGN),
            (said, value, apart, sign),
            "" if pd.isna(claim.unit) else str(claim.unit),
            "" if pd.isna(claim.page) else book.say("place.page", page=int(claim.page)),
        )
    return found


def _sum_of(
    book: Book, claim: Any, cells: Sequence[str], spots: Mapping[str, f.Spot], stated: Figures
) -> _Sum:
    """What the tables say for a claim; a blank total is replaced by its row's figures, as in figures.py."""
    home = book.sheet_name("claims")
    subject = () if pd.isna(claim.subject) else tuple(str(claim.subject).split("+"))
    if stated.total(subject).cells != tuple(cells):
        subject = tuple(cells)  # the check took another reading of the sentence
    terms, entering, value = [], [], 0.0
    own_cells: list[str] = []
    for name in stated.names(subject):
        own = f.ref(spots[name], home)
        others = [other for other in _others(name, stated) if other in spots]
        parts = [spots[other] for other in others]
        own_cells += [name, *others]
        if parts:
            ranges = f.areas(parts, home)
            terms.append(f"IF(COUNT({own})=1,{own},{f.sum_of(ranges)})")
            entering += [own, *ranges]
        else:
            terms.append(f"SUM({own})")
            entering.append(own)
        value += stated.value(name) or 0.0
    held = [book.cells[name] for name in own_cells]
    silent = all(cell.value is None for cell in held) or any(c.value is None and not c.void for c in held)
    return _Sum(
        f.unless_silent("+".join(terms), entering), tuple(entering), None if silent else round(value, 6)
    )


def _others(name: str, stated: Figures) -> list[str]:
    """The other cells of a total's row; none for a cell that is no total."""
    if not name.endswith("/total"):
        return []
    start = name.removesuffix("total")
    return [other for other in stated.cells if other.startswith(start) and other != name]


def _scale(claim: Any, cells: Sequence[str], stated: Figures) -> float:
    """How many of the cells' units one of the claim's is."""
    unit = stated.units.get(cells[0], "") if cells else ""
    return MONEY[claim.unit] / MONEY[unit] if claim.unit in MONEY and unit in MONEY else 1.0


def _slack(book: Book, claim: Any, scale: float) -> float:
    """How far rounding may have moved an amount of money, in the cells' unit."""
    if claim.unit not in MONEY:
        return 0.0
    _, _, decimals = book.audit.document.text[claim.start : claim.end].partition(".")
    return 0.5 * 10 ** -len(decimals) * scale


def write(book: Book, sheet: Any, spots: Mapping[str, f.Spot], said: Mapping[int, Told]) -> None:
    """Fill the sheet of the prose's numbers."""
    listing(book, sheet, "claims", _HEADS, _WIDTHS, len(book.audit.claims), landscape=True)
    form, home = book.audit.report.form, book.sheet_name("claims")
    stated = figures(book.audit.facts)
    for number, claim in enumerate(book.audit.claims.itertuples()):
        row = FIRST + number
        live = said.get(int(claim.start))
        subject = "" if pd.isna(claim.subject) else cells_in_words(str(claim.subject), form)
        write_number(book, sheet, row, 0, number + 1, "centre")
        write_text(book, sheet, row, 1, claim.section, "cell")
        write_text(book, sheet, row, 2, claim.quote, "cell")
        write_number(book, sheet, row, _VALUE, claim.value, "input" if live else "number")
        write_text(book, sheet, row, 4, claim.unit, "centre")
        write_text(book, sheet, row, 5, claim.approximate, "centre")
        write_text(book, sheet, row, 6, book.say(f"claim.{claim.kind}"), "centre")
        write_text(book, sheet, row, 11, claim.note, "cell")
        write_number(book, sheet, row, 12, claim.page, "centre")
        write_number(book, sheet, row, 13, claim.start, "centre")
        tall(sheet, row, [(claim.quote, 52), (subject, 38), (claim.note, 40)])
        if live is None:
            write_text(book, sheet, row, 7, subject, "cell")
            for column in (_TABLE, _DIFFERENCE, _SIGN):
                write_text(book, sheet, row, column, "", "cell")
            continue
        link(book, sheet, row, 7, spots[live.cells[0]], subject or amount(live.values[1] or 0.0), "listed")
        scale = _scale(claim, live.cells, stated)
        total = _sum_of(book, claim, live.cells, spots, stated)
        claimed = f.ref(live.claimed, home) + ("" if scale == 1 else f"*{scale:.15g}")
        table, sign = f.ref(live.table, home), f.ref(live.sign, home)
        approximate = "" if pd.isna(claim.approximate) else str(claim.approximate)
        rule = f.told(f"({claimed})", table, total.entering, approximate, _slack(book, claim, scale))
        write_live(book, sheet, live.table, f"={total.formula}", live.values[1], "number")
        write_live(
            book, sheet, live.difference, f.difference(sign, f"({claimed})", table), live.values[2], "number"
        )
        write_live(book, sheet, live.sign, rule, live.values[3], "centre")
    if len(book.audit.claims):
        last = FIRST + len(book.audit.claims) - 1
        signs(book, sheet, [column_range(FIRST, last, _SIGN)])
