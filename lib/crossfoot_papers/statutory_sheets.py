"""The sheets of the three statutory tables: as printed, each figure with its source, sums worked out live."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossfoot.checks import Identity, amount
from crossfoot.forms import Column, Row, Table, cell_name, split_cell, tables
from crossfoot.texts import worded, words
from crossfoot.texts.names import cell_label
from crossfoot.texts.names import place as place_in_words

from .comparisons import FEW, gloss
from .formulas import CellAddress
from .layout import ITEMS
from .live_sums import Plan, SumCells, colours, of_table, write_claims, write_count, write_sum
from .spreadsheet import (
    Book,
    clean,
    glossed,
    lines_needed,
    link,
    merged,
    printing,
    write_number,
    write_text,
)

_TOP = 4
"""Rows above the printed table: title, whose it is, what breaks now, and air."""
_IN_TABLE = re.compile(r"table (?P<table>\d+) row (?P<row>\d+)")
_IN_LINE = re.compile(r"line (?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class StatutorySheet:
    """One table's sheet: where its cells and sums stand, and what is written around the figures.

    `head` writes headings and labels, `beside` what stands beside or under the figures, `below` the labels
    of the sums below, and returns the row behind them. `claims` are the columns of the claims (see
    live_sums.write_claims); `count` is the last column of the line that counts what breaks.
    """

    table: str
    cells: Callable[[Book], dict[str, CellAddress]]
    sums: Callable[[Book], dict[tuple[str, str], SumCells]]
    head: Callable[[Book, Any, Plan], None]
    beside: Callable[[Book, Any, Plan], None]
    below: Callable[[Book, Any], int]
    claims: Callable[[Book], Sequence[tuple[int, int]]]
    count: int
    frozen: tuple[int, int]


def write(book: Book, sheet: Any, plan: Plan, declared: StatutorySheet) -> None:
    """Fill the sheet of one statutory table."""
    table = declared.table
    _title(book, sheet, table)
    declared.head(book, sheet, plan)
    _figures(book, sheet, plan, table)
    declared.beside(book, sheet, plan)
    found = of_table(plan, table)
    for identity in found:
        write_sum(book, sheet, plan, identity)
    end = declared.below(book, sheet)
    signs = [plan.sums[one.rule, one.scope].sign for one in found]
    signs += write_claims(book, sheet, plan, table, end + 1, declared.claims(book))
    colours(book, sheet, plan, table, signs)
    write_count(book, sheet, plan, table, signs, declared.count)
    sheet.freeze_panes(*declared.frozen)


def shown_words(fact: Any) -> str:
    """What the workbook shows for a cell without a figure: what it prints, with a ? where it is unread."""
    raw = str(fact.raw).strip()
    return f"{raw} ?".strip() if fact.status == "unread" else raw


def _title(book: Book, sheet: Any, table: str) -> None:
    """The sheet's title and whose report it is; the third row waits for `write_count`."""
    report = book.audit.report
    write_text(book, sheet, 0, 0, book.say(f"table.{table}"), "title")
    sheet.set_row(0, 27)
    about = f"{report.issuer or report.source} {report.year or ''}".strip()
    write_text(book, sheet, 1, 0, f"{about} · {clean(report.source)}", "subtitle")
    absent = book.audit.facts.loc[book.audit.facts["table"] == table, "status"].eq("absent").all()
    if absent:
        write_text(book, sheet, 3, 0, book.say("table.absent"), "subtitle")
    printing(book, sheet, landscape=True)


def _figures(book: Book, sheet: Any, plan: Plan, table: str) -> None:
    """Every cell of the table as printed, each with its source as a tip when it is selected."""
    comments = _comments(book)
    for name, at in plan.cells.items():
        if split_cell(name)[0] != table:
            continue
        fact = book.facts[name]
        match fact.status:
            case "number":
                whole = float(fact.value).is_integer()
                money = fact.unit in ("元", "万元")
                style = ("money" if whole else "cents") if money else "figure"
                write_number(book, sheet, at.row, at.column, fact.value, style)
            case "absent":
                write_text(book, sheet, at.row, at.column, "", "absent")
            case "blank":
                write_text(book, sheet, at.row, at.column, "", "figure")
            case _:
                write_text(book, sheet, at.row, at.column, shown_words(fact), "word")
        tip = {
            "validate": "any",
            "input_title": clean(cell_label(name, book.audit.report.form))[:32],
            "input_message": _tip(book, fact),
        }
        sheet.data_validation(at.row, at.column, at.row, at.column, tip)
        if name in comments:
            text = "\n".join(comments[name])
            size = {"x_scale": 2.2, "y_scale": max(1.0, 0.28 * lines_needed(text, 44))}
            sheet.write_comment(at.row, at.column, text, {"author": "Crossfoot", **size})


def _comments(book: Book) -> dict[str, list[str]]:
    """What the findings say of each cell that is one of few in a broken check."""
    found: dict[str, list[str]] = {}
    for finding in book.findings:
        few = (group for one in finding.comparisons for group in one.groups if len(group) <= FEW)
        for name in sorted({name for group in few for name in group}):
            title = worded(finding.title, book.language)
            found.setdefault(name, []).append(clean(f"{finding.number}. {title}"))
    return found


def _tip(book: Book, fact: Any) -> str:
    if fact.status == "absent":
        return book.say("cell.absent")
    page = "" if pd.isna(fact.page) else book.say("place.page", page=int(fact.page)) + "  "
    return clean(
        book.say(
            "tip.agreed" if fact.agreed else "tip.differ",
            printed=(str(fact.raw).strip() or book.say("cell.blank"))[:90],
            place=f"{page}{worded(place_in_words(book.audit.places[fact.cell], None), book.language)}"[:80],
            readers="+".join(book.readers[fact.cell]) or "–",
        )
    )[:250]


def _source(
    book: Book, sheet: Any, plan: Plan, names: Sequence[str], row: int, columns: tuple[int, int]
) -> None:
    """Where the row stands in the report, leading to its facts, and what is printed in another form."""
    found = [book.facts[name] for name in names]
    places = dict.fromkeys(_place(book, fact) for fact in found if fact.status != "absent")
    places.pop("", None)
    if places:
        link(book, sheet, row, columns[0], plan.facts[names[0]], " ".join(places))
    otherwise = [
        f"{cell_label(name, book.audit.report.form).rpartition('·')[2]}：{str(fact.raw).strip()}"
        for name, fact in zip(names, found, strict=True)
        if fact.status == "number" and str(fact.raw).strip() != amount(float(fact.value))
    ]
    if otherwise:
        write_text(book, sheet, row, columns[1], "; ".join(otherwise), "small")


def _place(book: Book, fact: Any) -> str:
    """Where a fact stands, for people: the page, or the place in a text or web page."""
    if not pd.isna(fact.page):
        return book.say("place.page", page=int(fact.page))
    place = book.audit.places[fact.cell].partition(" column ")[0]
    for pattern, key in ((_IN_TABLE, "place.in_row"), (_IN_LINE, "place.line")):
        if match := pattern.fullmatch(place):
            return book.say(key, **match.groupdict())
    return place


def _name(
    book: Book, sheet: Any, table: str, item: Row | Column, first: tuple[int, int], last: tuple[int, int],
    style: str,
) -> None:  # fmt: skip
    """Write the name of a row or column as the form prints it, with its English name in English papers."""
    english = gloss(table, "row" if isinstance(item, Row) else "column", item.code, book.language)
    glossed(book, sheet, first, last, item.label, english, style)


def _row_height(book: Book, table: str, row: Row, room: float, least: float = 19) -> float:
    """How high a row must be for its name in that many half-width characters."""
    english = gloss(table, "row", row.code, book.language)
    small = "x" * (3 + 3 * len(english) // 4) if english else ""  # as wide as the small gloss
    return max(least, 4 + 14.5 * lines_needed(f"{row.label}{small}", room))


def _form(book: Book, table: str) -> Table:
    return tables(book.audit.report.form)[table]


# Table 二: block by block, with what is newly published against all that is public.

_WIDE = 3
"""Columns of figures in table 二; the last of a row that has fewer is merged over the rest."""
_LEFT, _RIGHT, _DIFFERENCE, _SIGN, _SOURCE, _PRINTED = 5, 6, 7, 8, 9, 10
_DISCLOSURE_WIDTHS = (34, 20, 20, 20, 1.5, 13, 13, 10, 8, 17, 30)


def _blocks(book: Book) -> list[tuple[str, list[tuple[Row, int]], int]]:
    """Each block with its heading, its rows with where they stand, and the row of its heading."""
    known = {row.code: row for row in _form(book, "disclosure").rows}
    found, at = [], _TOP
    for item in dict.fromkeys(ITEMS.values()):
        inside = [known[code] for code, under in ITEMS.items() if under == item and code in known]
        if inside:
            heading = words("printed.article", item=item)[0]
            found.append((heading, [(row, at + 2 + i) for i, row in enumerate(inside)], at))
            at += 2 + len(inside)
    return found


def _disclosure_rows(book: Book) -> list[tuple[Row, int]]:
    return [row for _, inside, _ in _blocks(book) for row in inside]


def _disclosure_cells(book: Book) -> dict[str, CellAddress]:
    home = book.sheet_name("disclosure")
    return {
        cell_name("disclosure", row.code, code): CellAddress(home, at, 1 + j)
        for row, at in _disclosure_rows(book)
        for j, code in enumerate(row.columns)
    }


def _disclosure_sums(book: Book) -> dict[tuple[str, str], SumCells]:
    """The bounds between two cells of a row are worked out to its right."""
    home = book.sheet_name("disclosure")
    found = {}
    for row, at in _disclosure_rows(book):
        left, right, apart, sign = (
            CellAddress(home, at, column) for column in (_LEFT, _RIGHT, _DIFFERENCE, _SIGN)
        )
        found["bounds", row.code] = SumCells(left, right, apart, sign, None)
    return found


def _disclosure_head(book: Book, sheet: Any, plan: Plan) -> None:
    for column, width in enumerate(_DISCLOSURE_WIDTHS):
        sheet.set_column(column, column, width)
    table = _form(book, "disclosure")
    for heading, inside, top in _blocks(book):
        merged(book, sheet, (top, 0), (top, _WIDE), heading, "head")
        merged(book, sheet, (top + 1, 0), (top + 1, 0), words("printed.content")[0], "head")
        columns = inside[0][0].columns
        for j, code in enumerate(columns):
            last = _WIDE if j == len(columns) - 1 else 1 + j
            place = (top + 1, 1 + j), (top + 1, last)
            _name(book, sheet, "disclosure", table.column(code), *place, "head")
        sheet.set_row(top, 20)
        sheet.set_row(top + 1, 33 if book.language == "en" else 20)
        for row, at in inside:
            _name(book, sheet, "disclosure", row, (at, 0), (at, 0), "label")
            sheet.set_row(at, _row_height(book, "disclosure", row, _DISCLOSURE_WIDTHS[0], 21))
            if len(row.columns) < _WIDE:
                merged(book, sheet, (at, len(row.columns)), (at, _WIDE), "", "figure")
    keys = {_SOURCE: "column.source", _PRINTED: "column.printed"}
    if of_table(plan, "disclosure"):
        sums = {_LEFT: "left.bounds", _RIGHT: "right.bounds"}
        keys = sums | {_DIFFERENCE: "head.difference", _SIGN: "printed.checked"} | keys
    for column, key in keys.items():
        merged(book, sheet, (_TOP, column), (_TOP + 1, column), book.say(key), "head")


def _disclosure_beside(book: Book, sheet: Any, plan: Plan) -> None:
    for row, at in _disclosure_rows(book):
        names = [cell_name("disclosure", row.code, code) for code in row.columns]
        _source(book, sheet, plan, names, at, (_SOURCE, _PRINTED))


def _disclosure_below(book: Book, sheet: Any) -> int:
    return max((at + 1 for _, at in _disclosure_rows(book)), default=_TOP)


DISCLOSURE = StatutorySheet(
    "disclosure",
    _disclosure_cells,
    _disclosure_sums,
    _disclosure_head,
    _disclosure_beside,
    _disclosure_below,
    claims=lambda book: ((0, 0), (1, 1), (2, 2), (3, 3), (5, 5), (6, 6), (7, 7), (8, 10)),
    count=1,
    frozen=(_TOP, 1),
)


# Table 三: its sums beside and below it.

_LABEL_WIDTHS = (4.5, 15, 46)
_BESIDE_WIDTHS = (1.5, 9.5, 9.5, 7.5, 7.5, 17, 24)
_FIRST, _FIGURES = _TOP + 3, 3
"""The first row and column of figures of table 三."""
_PER_COLUMN = ("balance", "results_total")
_REQUESTS_CLAIMS = ((0, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 9))


def _requests_rows(book: Book) -> list[Row]:
    """The rows that this report's table has, in print order."""
    facts = book.audit.facts
    codes = facts.loc[facts["table"] == "requests", "row"].unique()
    return [_form(book, "requests").row(code) for code in codes]


def _requests_columns(book: Book) -> list[Column]:
    """The columns that this report's table has, in print order."""
    facts = book.audit.facts
    codes = set(facts.loc[facts["table"] == "requests", "column"])
    return _form(book, "requests").ordered_columns(codes)


def _beside(book: Book) -> range:
    """The columns right of the table: sum, difference, sign, gap, source, and what is printed otherwise."""
    first = _FIGURES + len(_requests_columns(book)) + 1
    return range(first, first + len(_BESIDE_WIDTHS) - 1)


def _group_sums(book: Book) -> list[Identity]:
    """The sub-totals that the report prints, each with its parts."""
    return [identity for identity in book.identities if identity.rule == "group_total"]


def _requests_cells(book: Book) -> dict[str, CellAddress]:
    home = book.sheet_name("requests")
    columns = _requests_columns(book)
    return {
        cell_name("requests", row.code, column.code): CellAddress(home, _FIRST + i, _FIGURES + j)
        for i, row in enumerate(_requests_rows(book))
        for j, column in enumerate(columns)
    }


def _requests_sums(book: Book) -> dict[tuple[str, str], SumCells]:
    """Rows are worked out to the right, columns below."""
    home = book.sheet_name("requests")
    found = {}
    for i, row in enumerate(_requests_rows(book)):
        at = [CellAddress(home, _FIRST + i, column) for column in _beside(book)[:4]]
        found["row_total", row.code] = SumCells(at[0], None, *at[1:])
    below = _FIRST + len(_requests_rows(book)) + 2
    for rule in _PER_COLUMN:
        for j, column in enumerate(_requests_columns(book)):
            at = [CellAddress(home, below + step, _FIGURES + j) for step in range(5)]
            gap = at[4] if rule == "results_total" else None
            found[rule, column.code] = SumCells(at[0], at[1], at[2], at[3], gap)
        below += 4
    for i, identity in enumerate(_group_sums(book), below + 3):
        at = [CellAddress(home, i, _FIGURES + step) for step in range(5)]
        found[identity.rule, identity.scope] = SumCells(*at)
    return found


def _requests_head(book: Book, sheet: Any, plan: Plan) -> None:
    columns = _requests_columns(book)
    widths = (*_LABEL_WIDTHS, *(9.5,) * len(columns), *_BESIDE_WIDTHS)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    last = _FIGURES + len(columns) - 1
    identity, applicants, bodies = (
        words(f"printed.{name}") for name in ("identity", "applicants", "legal_persons")
    )
    merged(book, sheet, (_TOP, 0), (_TOP + 2, 2), identity[0], "head")
    glosses = [pair[1] if book.language == "en" else "" for pair in (applicants, bodies)]
    glossed(book, sheet, (_TOP, _FIGURES), (_TOP, last - 1), applicants[0], glosses[0], "head")
    glossed(book, sheet, (_TOP + 1, _FIGURES + 1), (_TOP + 1, last - 1), bodies[0], glosses[1], "head")
    for j, column in enumerate(columns):
        start = {0: _TOP + 1, len(columns) - 1: _TOP}.get(j, _TOP + 2)
        place = (start, _FIGURES + j), (_TOP + 2, _FIGURES + j)
        _name(book, sheet, "requests", column, *place, "head")
    keys = (
        "column.sum", "head.difference", "printed.checked", "column.gap", "column.source", "column.printed",
    )  # fmt: skip
    for at, key in zip(_beside(book), keys, strict=True):
        merged(book, sheet, (_TOP, at), (_TOP + 2, at), book.say(key), "head")
    for at, height in enumerate((30, 30, 46), _TOP):
        sheet.set_row(at, height)
    _requests_labels(book, sheet)


def _requests_labels(book: Book, sheet: Any) -> None:
    """Row labels with the headings that stand left of them, merged as the form prints them."""
    every = _requests_rows(book)
    inside = [i for i, row in enumerate(every) if row.group]
    whole = next((row.group for row in every if row.group.startswith("三")), "")
    if inside:
        place = (_FIRST + inside[0], 0), (_FIRST + inside[-1], 0)
        merged(book, sheet, *place, "\n".join(whole), "upright")
    at = 0
    while at < len(every):
        group = every[at].group
        end = at
        if group and group != whole:
            while end + 1 < len(every) and every[end + 1].group == group:
                end += 1
            merged(book, sheet, (_FIRST + at, 1), (_FIRST + end, 1), group, "label")
        for i in range(at, end + 1):
            row = every[i]
            first = 0 if not group else 1 if group == whole else 2
            _name(book, sheet, "requests", row, (_FIRST + i, first), (_FIRST + i, 2), "label")
            sheet.set_row(_FIRST + i, _row_height(book, "requests", row, sum(_LABEL_WIDTHS[first:3])))
        at = end + 1


def _requests_beside(book: Book, sheet: Any, plan: Plan) -> None:
    for i, row in enumerate(_requests_rows(book)):
        names = [cell_name("requests", row.code, column.code) for column in _requests_columns(book)]
        _source(book, sheet, plan, names, _FIRST + i, (_beside(book)[4], _beside(book)[5]))


def _requests_below(book: Book, sheet: Any) -> int:
    """The labels of the sums below the table; returns the row behind them."""
    row = _FIRST + len(_requests_rows(book)) + 1
    last = _FIGURES + len(_requests_columns(book)) - 1
    merged(book, sheet, (row, 0), (row, last), book.say("live.heading"), "heading")
    sheet.set_row(row, 22)
    for rule in _PER_COLUMN:
        keys = (f"left.{rule}", f"right.{rule}", "head.difference", "printed.checked")
        for step, key in enumerate(keys, row + 1):
            merged(book, sheet, (step, 0), (step, 2), book.say(key), "side")
            sheet.set_row(step, 19)
        row += 4
    merged(book, sheet, (row + 1, 0), (row + 1, 2), book.say("column.gap_results_total"), "side")
    sums = _group_sums(book)
    for step, identity in enumerate(sums, row + 3):
        place = cell_label(identity.scope, book.audit.report.form)
        merged(book, sheet, (step, 0), (step, 2), place, "side")
    if sums:
        keys = ("left.group_total", "right.group_total", "head.difference", "printed.checked")
        for column, key in enumerate(keys, _FIGURES):
            write_text(book, sheet, row + 2, column, book.say(key), "head")
        sheet.set_row(row + 2, 30)
    return row + 2 + (len(sums) + 1 if sums else 0)


REQUESTS = StatutorySheet(
    "requests",
    _requests_cells,
    _requests_sums,
    _requests_head,
    _requests_beside,
    _requests_below,
    claims=lambda book: (*_REQUESTS_CLAIMS, (10, _beside(book)[-1])),
    count=2,
    frozen=(_FIRST, _FIGURES),
)


# Table 四: one row of fifteen figures, with the sums below it.

_ROW = _TOP + 3
"""The row of figures of table 四; they begin in the second column."""


def _disputes_groups(book: Book) -> list[tuple[Row, int]]:
    """The rows of the form, which stand side by side here, each with its first column."""
    table = _form(book, "disputes")
    return [(row, 1 + len(table.columns) * i) for i, row in enumerate(table.rows)]


def _disputes_cells(book: Book) -> dict[str, CellAddress]:
    home = book.sheet_name("disputes")
    columns = _form(book, "disputes").columns
    return {
        cell_name("disputes", row.code, column.code): CellAddress(home, _ROW, first + j)
        for row, first in _disputes_groups(book)
        for j, column in enumerate(columns)
    }


def _disputes_sums(book: Book) -> dict[tuple[str, str], SumCells]:
    """Each total is worked out below its five figures."""
    home = book.sheet_name("disputes")
    found = {}
    for row, first in _disputes_groups(book):
        left, right, apart, sign = (CellAddress(home, _ROW + 2 + step, first) for step in range(4))
        found["dispute_total", row.code] = SumCells(left, right, apart, sign, None)
    return found


def _disputes_head(book: Book, sheet: Any, plan: Plan) -> None:
    """The header of three storeys: 行政复议 beside 行政诉讼, which is divided once more."""
    groups, columns = _disputes_groups(book), _form(book, "disputes").columns
    width = len(columns)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, width * len(groups), 9.5)
    for row, first in groups:
        level = _TOP + 1 if row.group else _TOP
        _name(book, sheet, "disputes", row, (level, first), (level, first + width - 1), "head")
        for j, column in enumerate(columns):
            top = _TOP + 2 if row.group else _TOP + 1
            _name(book, sheet, "disputes", column, (top, first + j), (_TOP + 2, first + j), "head")
    for group in dict.fromkeys(row.group for row, _ in groups if row.group):
        firsts = [first for row, first in groups if row.group == group]
        english = words("printed.lawsuits")[1] if book.language == "en" else ""
        glossed(book, sheet, (_TOP, firsts[0]), (_TOP, firsts[-1] + width - 1), group, english, "head")
    for step, height in enumerate((32, 32, 36), _TOP):
        sheet.set_row(step, height)


def _disputes_beside(book: Book, sheet: Any, plan: Plan) -> None:
    """The names of the sums below, room for each under its five figures, and the source."""
    sheet.set_row(_ROW, 26)
    keys = (
        "left.dispute_total", "right.dispute_total", "head.difference", "printed.checked", "column.source",
    )  # fmt: skip
    for row, key in enumerate(keys, _ROW + 2):
        write_text(book, sheet, row, 0, book.say(key), "side")
    columns = [column.code for column in _form(book, "disputes").columns]
    for group, first in _disputes_groups(book):
        for row in range(_ROW + 2, _ROW + 6):
            merged(book, sheet, (row, first), (row, first + len(columns) - 1), "", "sum")
        names = [cell_name("disputes", group.code, column) for column in columns]
        _source(book, sheet, plan, names, _ROW + 6, (first, first + 1))


DISPUTES = StatutorySheet(
    "disputes",
    _disputes_cells,
    _disputes_sums,
    _disputes_head,
    _disputes_beside,
    below=lambda book, sheet: _ROW + 7,
    claims=lambda book: ((0, 4), (5, 6), (7, 7), (8, 9), (10, 10), (11, 11), (12, 12), (13, 15)),
    count=4,
    frozen=(_ROW, 1),
)

STATUTORY = (DISCLOSURE, REQUESTS, DISPUTES)
"""The three sheets, in the order of the form."""
