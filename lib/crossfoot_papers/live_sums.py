"""What is worked out live: sums of the statutory tables, what the prose says of them, and their colours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from crossfoot.checks import Identity, amount
from crossfoot.forms import split_cell
from crossfoot.narrative.figures import Figures, figures
from crossfoot.narrative.tokens import MONEY

from . import formulas as f
from .comparisons import FEW, Comparison, cells_in_words, counted_by
from .spreadsheet import Book, lines_needed, merged, signs, write_live


@dataclass(frozen=True, slots=True)
class SumCells:
    """Where an identity is worked out: the sum of its left side, of its right side (None where that is
    one printed cell), their difference, the sign, and the flag of a blank total (None where none is needed).
    """

    left: f.CellAddress
    right: f.CellAddress | None
    difference: f.CellAddress
    sign: f.CellAddress
    gap: f.CellAddress | None


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A number of the prose that is checked against cells of the tables, and where its sheet has it.

    `formulas` are those of `table` (what the tables say), `difference` and `sign`; `values` what the claim
    says in the cells' unit, and what the three formulas give for the figures as printed.
    """

    quote: str
    unit: str
    page: str
    cells: tuple[str, ...]
    claimed: f.CellAddress
    table: f.CellAddress
    difference: f.CellAddress
    sign: f.CellAddress
    formulas: tuple[str, str, str]
    values: tuple[float, float | None, float | None, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything goes in the workbook, known before anything is written.

    `cells` are the addresses of the statutory cells by name, `sums` those of the identities by rule and
    scope, `claims` the claims checked against cells by their offset, `facts` the rows of the sheet of
    facts. `identities` are those of the report, `signs` what each check shows as printed. `entered` is
    filled in writing: for each statutory cell the signs of the checks that it enters on its own sheet, and
    whether it is one of few in them.
    """

    cells: Mapping[str, f.CellAddress]
    sums: Mapping[tuple[str, str], SumCells]
    claims: Mapping[int, ClaimCheck]
    facts: Mapping[str, f.CellAddress]
    identities: Sequence[Identity]
    signs: Mapping[tuple[str, str], str]
    entered: dict[str, list[tuple[f.CellAddress, bool]]] = field(default_factory=dict)


def claim_checks(
    book: Book, cells: Mapping[str, f.CellAddress], address: Callable[[str, int], f.CellAddress]
) -> dict[int, ClaimCheck]:
    """The claims that a narrative check compares with cells of the tables, by their offset.

    `cells` are the addresses of the tables' cells; `address` gives the cell of the sheet of claims under a
    heading for a claim's number, from 0.
    """
    named = book.audit.facts.astype(dict.fromkeys(("table", "row", "column"), "str"))
    stated, counted = figures(named), counted_by(book.audit)
    by_start = {
        one.start: one
        for one in book.comparisons
        if one.rule == "narrative" and one.cells and all(name in cells for name in one.cells)
    }
    claims = book.audit.claims
    every = zip(claims["start"].tolist(), claims.itertuples(), strict=True)
    return {
        start: _claim_check(
            book,
            cells,
            stated,
            claim,
            [address(f"head.{name}", number) for name in ("value", "table_says", "difference", "now")],
            by_start[start],
            counted.get(str(claim.claim), ()),
        )
        for number, (start, claim) in enumerate(every)
        if start in by_start
    }


def of_table(plan: Plan, table: str) -> list[Identity]:
    """The identities of the report that are about that table, and have their places on its sheet."""
    return [
        identity
        for identity in plan.identities
        if split_cell(identity.cells[0])[0] == table and (identity.rule, identity.scope) in plan.sums
    ]


def write_sum(book: Book, sheet: Any, plan: Plan, identity: Identity) -> None:
    """One identity worked out live in its places."""
    place = plan.sums[identity.rule, identity.scope]
    home = place.sign.sheet
    left_areas, right_areas = (
        f.areas([plan.cells[name] for name in side], home) for side in (identity.left, identity.right)
    )
    left, right = (_sum(book, side) for side in (identity.left, identity.right))
    left_cell = f.ref(place.left, home)
    right_cell = f.ref(place.right, home) if place.right else f.sum_of(right_areas)
    write_live(book, sheet, place.left, f"={f.sum_read(left_areas)}", left, "sum")
    if place.right:
        write_live(book, sheet, place.right, f"={f.sum_read(right_areas)}", right, "sum")
    gaps = [
        plan.sums[other.rule, other.scope].gap
        for other in of_table(plan, split_cell(identity.cells[0])[0])
        if other is not identity and _may_lack(identity, other)
    ]
    sign = f.status(
        left_cell,
        right_cell,
        left_areas + right_areas,
        [f.ref(plan.cells[name], home) for name in identity.total],
        f.areas([one for one in gaps if one is not None], home),
        identity.bound == "at_most",
    )
    shown = plan.signs[identity.rule, identity.scope]
    apart = None if shown == f.OPEN or left is None or right is None else round(left - right, 6)
    write_live(book, sheet, place.sign, sign, shown, "sign")
    difference = f.difference(f.ref(place.sign, home), left_cell, right_cell)
    write_live(book, sheet, place.difference, difference, apart, "sum")
    for one in (place.left, place.right, place.difference):
        if one:
            _style_when(book, sheet, one, f'={f.ref(place.sign, home)}="{f.OPEN}"', "faint")
    if place.gap:
        total = f.ref(plan.cells[identity.total[0]], home)
        empty = f.gap(total, left_areas)
        write_live(book, sheet, place.gap, empty, f.gap_value(identity, book.cells), "flag")
    for side in (identity.left, identity.right):
        for name in side:
            plan.entered.setdefault(name, []).append((place.sign, len(side) <= FEW))


def write_claims(
    book: Book, sheet: Any, plan: Plan, table: str, row: int, columns: Sequence[tuple[int, int]]
) -> list[f.CellAddress]:
    """The claims about the table, from `row` on, each against its cells; returns where their signs stand.

    `columns` are the first and last columns of quote, prose, unit, table, difference, sign, page, cells.
    """
    home = book.sheet_name(table)
    claims = _claims_of(plan, table)
    if not claims:
        return []
    merged(book, sheet, (row, 0), (row, columns[-1][1]), book.say("live.prose_heading"), "heading")
    sheet.set_row(row, 22)
    keys = (
        "head.quote", "live.prose", "head.unit", "live.table", "head.difference", "printed.checked",
        "head.page", "head.subject",
    )  # fmt: skip
    for (first, last), key in zip(columns, keys, strict=True):
        merged(book, sheet, (row + 1, first), (row + 1, last), book.say(key), "head")
    sheet.set_row(row + 1, 30)
    found = []
    for number, one in enumerate(claims, row + 2):
        quote, claimed, unit, table_says, difference, sign, page, cells = columns
        merged(book, sheet, (number, quote[0]), (number, quote[1]), one.quote, "label")
        _repeat(book, sheet, f.CellAddress(home, number, claimed[0]), one.claimed, one.values[0], "sum")
        merged(book, sheet, (number, unit[0]), (number, unit[1]), one.unit, "word")
        _repeat(book, sheet, f.CellAddress(home, number, table_says[0]), one.table, one.values[1], "sum")
        _repeat(book, sheet, f.CellAddress(home, number, difference[0]), one.difference, one.values[2], "sum")
        at = f.CellAddress(home, number, sign[0])
        _repeat(book, sheet, at, one.sign, one.values[3], "sign")
        merged(book, sheet, (number, page[0]), (number, page[1]), one.page, "word")
        words = cells_in_words(one.cells, book.audit.report.form)
        merged(book, sheet, (number, cells[0]), (number, cells[1]), words, "label")
        sheet.set_row(number, 4 + 14.5 * max(lines_needed(one.quote, 56), lines_needed(words, 44)))
        found.append(at)
        for name in one.cells:
            plan.entered.setdefault(name, []).append((at, len(one.cells) <= FEW))
    return found


def colours(book: Book, sheet: Any, plan: Plan, table: str, found: Sequence[f.CellAddress]) -> None:
    """Make cells turn with the checks that they enter, and show those that are changed by hand."""
    home = book.sheet_name(table)
    signs(book, sheet, f.areas(found, home))
    for name, at in plan.cells.items():
        if split_cell(name)[0] != table:
            continue
        _style_when(book, sheet, at, _changed(f.ref(at, home), book.facts[name]), "changed")
        for strong, style in ((True, "enters"), (False, "part")):
            entered = [s for s, few in plan.entered.get(name, ()) if few is strong and s.sheet == home]
            if entered:
                broken = ",".join(f'{f.ref(one, home)}="{f.BREAKS}"' for one in entered)
                _style_when(book, sheet, at, f"=OR({broken})", style, last=strong)


def write_count(
    book: Book, sheet: Any, plan: Plan, table: str, found: Sequence[f.CellAddress], last: int
) -> None:
    """What breaks on the sheet as it stands, counted live over the signs, up to the column `last`."""
    home = book.sheet_name(table)
    breaks = sum(plan.signs[i.rule, i.scope] == f.BREAKS for i in of_table(plan, table))
    breaks += sum(one.values[3] == f.BREAKS for one in _claims_of(plan, table))
    counts = "+".join(f'COUNTIF({area},"{f.BREAKS}")' for area in f.areas(found, home)) or "0"
    broken, fine = book.say("live.now_breaks"), book.say("live.now_holds")
    formula = f'=IF({counts}>0,"{broken}"&({counts}),"{fine}")'
    merged(book, sheet, (2, 0), (2, last), "", "now")
    sheet.set_row(2, 20)
    shown = f"{broken}{breaks}" if breaks else fine
    write_live(book, sheet, f.CellAddress(home, 2, 0), formula, shown, "now")
    for sign, style in ((f.BREAKS, "breaks"), (f.HOLDS, "holds")):
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": book.style(style)}
        sheet.conditional_format(2, 0, 2, 0, rule)


def _claims_of(plan: Plan, table: str) -> list[ClaimCheck]:
    return [one for one in plan.claims.values() if split_cell(one.cells[0])[0] == table]


def _claim_check(
    book: Book,
    cells: Mapping[str, f.CellAddress],
    stated: Figures,
    claim: Any,
    own: Sequence[f.CellAddress],
    check: Comparison,
    subject: tuple[str, ...],
) -> ClaimCheck:
    """The check of a claim; `subject` are the cells that it counts."""
    names = check.cells
    claimed, table, difference, sign = own
    home = claimed.sheet
    unit = stated.units.get(names[0], "")  # how many of the cells' units one of the claim's is
    scale = MONEY[claim.unit] / MONEY[unit] if claim.unit in MONEY and unit in MONEY else 1.0
    total = _sum_of(book, subject, names, cells, stated)
    said, shown = float(claim.value) * scale, f.SIGNS[check.status]
    apart = None if shown == f.OPEN or total.value is None else round(said - total.value, 6)
    left = f"({f.ref(claimed, home)}{'' if scale == 1 else f'*{scale:.15g}'})"
    right = f.ref(table, home)
    return ClaimCheck(
        quote=str(claim.quote),
        unit=claim.unit,
        page="" if pd.isna(claim.page) else book.say("place.page", page=int(claim.page)),
        cells=names,
        claimed=claimed,
        table=table,
        difference=difference,
        sign=sign,
        formulas=(
            f"={total.formula}",
            f.difference(f.ref(sign, home), left, right),
            f.claim(left, right, total.entering, claim.approximate, _slack(book, claim, scale)),
        ),
        values=(said, total.value, apart, shown),
    )


class _ClaimSum(NamedTuple):
    """The cells that a claim counts as a formula, and their sum as printed.

    Where none of them holds a figure, or one could not be read, there is no sum, and not 0.
    """

    formula: str
    entering: tuple[str, ...]
    value: float | None


def _sum_of(
    book: Book,
    subject: tuple[str, ...],
    names: Sequence[str],
    cells: Mapping[str, f.CellAddress],
    stated: Figures,
) -> _ClaimSum:
    """What the tables say for a claim; a blank total is replaced by its row's figures, as in figures.py."""
    home = book.sheet_name("claims")
    if stated.total(subject).cells != tuple(names):
        subject = tuple(names)  # the check took another reading of the sentence
    terms, entering, value = [], [], 0.0
    counted: list[str] = []
    for name in stated.names(subject):
        own = f.ref(cells[name], home)
        others = [other for other in _others(name, stated) if other in cells]
        counted += [name, *others]
        if others:
            ranges = f.areas([cells[other] for other in others], home)
            terms.append(f"IF(COUNT({own})=1,{own},{f.sum_of(ranges)})")
            entering += [own, *ranges]
        else:
            terms.append(f"SUM({own})")
            entering.append(own)
        value += stated.value(name) or 0.0
    held = [book.cells[name] for name in counted]
    silent = all(cell.value is None for cell in held) or any(c.value is None and not c.void for c in held)
    formula = f.unless_silent("+".join(terms), entering)
    return _ClaimSum(formula, tuple(entering), None if silent else round(value, 6))


def _others(name: str, stated: Figures) -> list[str]:
    """The other cells of a total's row; none for a cell that is no total."""
    if not name.endswith("/total"):
        return []
    start = name.removesuffix("total")
    return [other for other in stated.cells if other.startswith(start) and other != name]


def _slack(book: Book, claim: Any, scale: float) -> float:
    """How far rounding may have moved an amount of money, in the cells' unit."""
    if claim.unit not in MONEY:
        return 0.0
    assert book.audit.document is not None
    _, _, decimals = book.audit.document.text[claim.start : claim.end].partition(".")
    return 0.5 * 10 ** -len(decimals) * scale


def _sum(book: Book, names: Sequence[str]) -> float | None:
    """The sum of the cells as printed; None where one could not be read."""
    cells = [book.cells[name] for name in names]
    if any(cell.value is None and not cell.void for cell in cells):
        return None
    return round(sum(cell.value or 0.0 for cell in cells), 6)


def _may_lack(identity: Identity, other: Identity) -> bool:
    """Whether the other's printed total, if it is blank, leaves this identity without a figure."""
    return not other.bound and any(total in identity.cells for total in other.total)


def _changed(cell: str, fact: Any) -> str:
    """Whether the cell no longer holds what is printed."""
    if fact.status == "number":
        return f"=NOT(AND(COUNT({cell})=1,SUM({cell})={amount(float(fact.value))}))"
    if fact.status in ("blank", "absent"):
        return f"=NOT(ISBLANK({cell}))"
    return f"=NOT(ISTEXT({cell}))"


def _repeat(book: Book, sheet: Any, at: f.CellAddress, other: f.CellAddress, value: Any, style: str) -> None:
    """Show what another cell of the workbook holds."""
    write_live(book, sheet, at, f"={f.ref(other, at.sheet)}", value, style)


def _style_when(
    book: Book, sheet: Any, at: f.CellAddress, formula: str, style: str, last: bool = False
) -> None:
    """Give the cell a style while the formula is true; `last` keeps later ones from applying as well."""
    rule = {"type": "formula", "criteria": formula, "format": book.style(style), "stop_if_true": last}
    sheet.conditional_format(at.row, at.column, at.row, at.column, rule)
