"""Table 四 as printed, in one row of fifteen figures, with the sums below it."""

from typing import Any

from crossfoot.forms import cell_name, tables
from crossfoot.texts import words

from . import formulas as f
from . import live_checks as live
from . import statutory_sheet as s
from .book import Book, glossed, merged, write_text
from .scopes import gloss

TABLE = "disputes"
_FIGURES = 1
_HEAD = s.TITLE_ROWS
_ROW = _HEAD + 3
_PROSE = ((0, 4), (5, 6), (7, 7), (8, 9), (10, 10), (11, 11), (12, 12), (13, 15))


def _groups(book: Book) -> list[tuple[str, int]]:
    """The rows of the form, which stand side by side here, each with its first column."""
    table = tables(book.audit.report.form)[TABLE]
    width = len(table.columns)
    return [(row.code, _FIGURES + width * i) for i, row in enumerate(table.rows)]


def spots(book: Book) -> dict[str, f.Spot]:
    """Where each cell of the table stands."""
    home = book.sheet_name(TABLE)
    columns = tables(book.audit.report.form)[TABLE].columns
    return {
        cell_name(TABLE, code, column.code): f.Spot(home, _ROW, first + j)
        for code, first in _groups(book)
        for j, column in enumerate(columns)
    }


def lines(book: Book) -> dict[tuple[str, str], s.Lines]:
    """Where each total is worked out: below its five figures."""
    home = book.sheet_name(TABLE)
    found = {}
    for code, first in _groups(book):
        left, right, apart, sign = (f.Spot(home, _ROW + 2 + step, first) for step in range(4))
        found["dispute_total", code] = s.Lines(left, right, apart, sign, None)
    return found


def write(book: Book, sheet: Any, desk: s.Desk) -> None:
    """Fill the sheet."""
    home = book.sheet_name(TABLE)
    groups = _groups(book)
    width = len(tables(book.audit.report.form)[TABLE].columns)
    sheet.set_column(0, 0, 30)
    sheet.set_column(_FIGURES, _FIGURES + width * len(groups) - 1, 9.5)
    s.top(book, sheet, TABLE)
    _head(book, sheet)
    s.figures(book, sheet, desk, TABLE)
    sheet.set_row(_ROW, 26)
    keys = (
        "",
        "",
        "left.dispute_total",
        "right.dispute_total",
        "head.difference",
        "printed.checked",
        "column.source",
    )
    for step, key in enumerate(keys, _ROW):
        if key:
            write_text(book, sheet, step, 0, book.say(key), "side")
    for code, first in groups:
        for step in range(_ROW + 2, _ROW + 6):
            merged(book, sheet, (step, first), (step, first + width - 1), "", "sum")
        columns = [column.code for column in tables(book.audit.report.form)[TABLE].columns]
        names = [cell_name(TABLE, code, column) for column in columns]
        s.source(book, sheet, desk, names, _ROW + 6, (first, first + 1))
    found = s.of_table(desk, TABLE)
    for identity in found:
        live.check_lines(book, sheet, desk, identity)
    signs = [desk.lines[i.rule, i.scope].sign for i in found]
    signs += live.prose(book, sheet, desk, TABLE, _ROW + 8, _PROSE)
    live.colours(book, sheet, desk, TABLE, signs)
    live.now(book, sheet, home, signs, live.breaking(TABLE, desk), 4)
    sheet.freeze_panes(_ROW, _FIGURES)


def _head(book: Book, sheet: Any) -> None:
    """The header of three storeys: 行政复议 beside 行政诉讼, which is divided once more."""
    table = tables(book.audit.report.form)[TABLE]
    width = len(table.columns)
    grouped = [(row, first) for row, (_, first) in zip(table.rows, _groups(book), strict=True)]
    for row, first in grouped:
        english = gloss(TABLE, "row", row.code, book.language)
        level = _HEAD + 1 if row.group else _HEAD
        glossed(book, sheet, (level, first), (level, first + width - 1), row.label, english, "head")
        for j, column in enumerate(table.columns):
            top = _HEAD + 2 if row.group else _HEAD + 1
            place = (top, first + j), (_HEAD + 2, first + j)
            english = gloss(TABLE, "column", column.code, book.language)
            glossed(book, sheet, *place, column.label, english, "head")
    for group in dict.fromkeys(row.group for row, _ in grouped if row.group):
        firsts = [first for row, first in grouped if row.group == group]
        english = words("printed.lawsuits")[1] if book.language == "en" else ""
        glossed(book, sheet, (_HEAD, firsts[0]), (_HEAD, firsts[-1] + width - 1), group, english, "head")
    for step, height in enumerate((32, 32, 36), _HEAD):
        sheet.set_row(step, height)
