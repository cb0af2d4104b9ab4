"""Sheets that are lists: a title, a frozen head with filters, rows high enough for their text."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range

from .book import Book, lines_needed, printing, write_text

HEAD, FIRST = 3, 4
"""The row of the head and the first row below it, from 0."""
_LINE = 14.5  # points
_HIGHEST = 400.0  # points; a spreadsheet's row has at most 409


def listing(
    book: Book,
    sheet: Any,
    code: str,
    heads: Sequence[str],
    widths: Sequence[float],
    count: int,
    landscape: bool = False,
    frozen: int = 0,
) -> None:
    """Set a list's sheet up: widths, title, head with filters over `count` rows, what stays when scrolled."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    title_of(book, sheet, code)
    for column, key in enumerate(heads):
        write_text(book, sheet, HEAD, column, book.say(key), "head")
    sheet.set_row(HEAD, 32)
    sheet.freeze_panes(FIRST, frozen)
    if count:
        sheet.autofilter(HEAD, 0, HEAD + count, len(heads) - 1)
    printing(book, sheet, landscape, (HEAD, HEAD))


def title_of(book: Book, sheet: Any, code: str) -> None:
    """The sheet's name, what it holds, and whose report it is about."""
    report = book.audit.report
    write_text(book, sheet, 0, 0, book.sheet_name(code), "title")
    sheet.set_row(0, 26)
    about = f"{report.issuer or report.source} {report.year or ''}".strip()
    write_text(book, sheet, 1, 0, f"{about} · {book.say(f'about.{code}')}", "subtitle")


def tall(sheet: Any, row: int, texts: Iterable[tuple[object, float]]) -> None:
    """Make the row high enough for each text in a column of that width."""
    lines = max((lines_needed(t, width) for t, width in texts if not pd.isna(t)), default=1)
    sheet.set_row(row, min(_HIGHEST, 4 + _LINE * lines))


def column_range(first: int, last: int, column: int) -> str:
    """A part of one column as a range."""
    return xl_range(first, column, last, column)
