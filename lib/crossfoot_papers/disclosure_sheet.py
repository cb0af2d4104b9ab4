"""Table 二 as printed, block by block, with what is newly published against all that is public."""

from typing import Any

from crossfoot.forms import Row, cell_name, tables
from crossfoot.texts import words

from . import formulas as f
from . import live_checks as live
from . import statutory_sheet as s
from .book import Book, glossed, merged
from .layout import ITEMS
from .scopes import gloss

TABLE = "disclosure"
_WIDE = 3
"""Columns of figures; the last of a row that has fewer is merged over the rest."""
_LEFT, _RIGHT, _DIFFERENCE, _SIGN, _SOURCE, _PRINTED = 5, 6, 7, 8, 9, 10
_WIDTHS = (34, 20, 20, 20, 1.5, 13, 13, 10, 8, 17, 30)
_PROSE = ((0, 0), (1, 1), (2, 2), (3, 3), (5, 5), (6, 6), (7, 7), (8, 10))


def _blocks(book: Book) -> list[tuple[str, list[tuple[Row, int]], int]]:
    """Each block with its heading, its rows with where they stand, and the row of its heading."""
    known = {row.code: row for row in tables(book.audit.report.form)[TABLE].rows}
    found, at = [], s.TITLE_ROWS
    for item in dict.fromkeys(ITEMS.values()):
        inside = [known[code] for code, under in ITEMS.items() if under == item and code in known]
        if inside:
            found.append(
                (
                    words("printed.article", item=item)[0],
                    [(row, at + 2 + i) for i, row in enumerate(inside)],
                    at,
                )
            )
            at += 2 + len(inside)
    return found


def spots(book: Book) -> dict[str, f.Spot]:
    """Where each cell of the table stands."""
    home = book.sheet_name(TABLE)
    return {
        cell_name(TABLE, row.code, code): f.Spot(home, at, 1 + j)
        for _, inside, _ in _blocks(book)
        for row, at in inside
        for j, code in enumerate(row.columns)
    }


def lines(book: Book) -> dict[tuple[str, str], s.Lines]:
    """Where the bounds between two cells of a row are worked out: to its right."""
    home = book.sheet_name(TABLE)
    found = {}
    for _, inside, _ in _blocks(book):
        for row, at in inside:
            left, right, apart, sign = (
                f.Spot(home, at, column) for column in (_LEFT, _RIGHT, _DIFFERENCE, _SIGN)
            )
            found["bounds", row.code] = s.Lines(left, right, apart, sign, None)
    return found


def write(book: Book, sheet: Any, desk: s.Desk) -> None:
    """Fill the sheet."""
    home = book.sheet_name(TABLE)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    s.top(book, sheet, TABLE)
    found = s.of_table(desk, TABLE)
    _printed(book, sheet, bool(found))
    s.figures(book, sheet, desk, TABLE)
    end = s.TITLE_ROWS
    for _, inside, _ in _blocks(book):
        for row, at in inside:
            names = [cell_name(TABLE, row.code, code) for code in row.columns]
            s.source(book, sheet, desk, names, at, (_SOURCE, _PRINTED))
            end = at + 1
    for identity in found:
        live.check_lines(book, sheet, desk, identity)
    signs = [desk.lines[i.rule, i.scope].sign for i in found]
    signs += live.prose(book, sheet, desk, TABLE, end + 1, _PROSE)
    live.colours(book, sheet, desk, TABLE, signs)
    live.now(book, sheet, home, signs, live.breaking(TABLE, desk), 1)
    sheet.freeze_panes(s.TITLE_ROWS, 1)


def _printed(book: Book, sheet: Any, checked: bool) -> None:
    table = tables(book.audit.report.form)[TABLE]
    for heading, inside, top in _blocks(book):
        merged(book, sheet, (top, 0), (top, _WIDE), heading, "head")
        merged(book, sheet, (top + 1, 0), (top + 1, 0), words("printed.content")[0], "head")
        columns = inside[0][0].columns
        for j, code in enumerate(columns):
            last = _WIDE if j == len(columns) - 1 else 1 + j
            english = gloss(TABLE, "column", code, book.language)
            place = (top + 1, 1 + j), (top + 1, last)
            glossed(book, sheet, *place, table.column(code).label, english, "head")
        sheet.set_row(top, 20)
        sheet.set_row(top + 1, 33 if book.language == "en" else 20)
        for row, at in inside:
            english = gloss(TABLE, "row", row.code, book.language)
            glossed(book, sheet, (at, 0), (at, 0), row.label, english, "label")
            sheet.set_row(at, s.height([(f"{row.label}{s.narrowed(english)}", _WIDTHS[0])], 21))
            if len(row.columns) < _WIDE:
                merged(book, sheet, (at, len(row.columns)), (at, _WIDE), "", "figure")
    if checked:
        keys = ("left.bounds", "right.bounds", "head.difference", "printed.checked")
        for column, key in zip((_LEFT, _RIGHT, _DIFFERENCE, _SIGN), keys, strict=True):
            merged(book, sheet, (s.TITLE_ROWS, column), (s.TITLE_ROWS + 1, column), book.say(key), "head")
    for column, key in ((_SOURCE, "column.source"), (_PRINTED, "column.printed")):
        merged(book, sheet, (s.TITLE_ROWS, column), (s.TITLE_ROWS + 1, column), book.say(key), "head")
