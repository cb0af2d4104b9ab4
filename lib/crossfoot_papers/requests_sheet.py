"""Table 三 as printed, with its sums worked out beside and below it."""

from typing import Any

from crossfoot.checks import Identity, identities
from crossfoot.forms import Column, Row, cell_name, tables
from crossfoot.texts import words
from crossfoot.texts.names import cell_label

from . import formulas as f
from . import live_checks as live
from . import statutory_sheet as s
from .book import Book, glossed, merged, write_text
from .scopes import gloss

TABLE = "requests"
_WIDTHS = (4.5, 15, 46)
_BESIDE = (1.5, 9.5, 9.5, 7.5, 7.5, 17, 24)
_WIDE = 9.5
_LABELS, _FIGURES = (0, 2), 3
_HEAD = s.TITLE_ROWS
_FIRST = _HEAD + 3
_PER_COLUMN = ("balance", "results_total")
_PROSE = ((0, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 9))


def rows(book: Book) -> list[Row]:
    """The rows that this report's table has, in print order."""
    facts = book.audit.facts
    codes = facts.loc[facts["table"] == TABLE, "row"].unique()
    return [tables(book.audit.report.form)[TABLE].row(code) for code in codes]


def shown(book: Book) -> list[Column]:
    """The columns that this report's table has, in print order."""
    facts = book.audit.facts
    codes = set(facts.loc[facts["table"] == TABLE, "column"])
    return tables(book.audit.report.form)[TABLE].ordered_columns(codes)


def _beside(book: Book) -> range:
    """The columns right of the table: sum, difference, sign, gap, source, and what is printed otherwise."""
    first = _FIGURES + len(shown(book)) + 1
    return range(first, first + len(_BESIDE) - 1)


def _group_sums(book: Book) -> list[Identity]:
    """The sub-totals that the report prints, each with its parts."""
    every = identities(book.audit.facts, book.audit.report.form)
    return [identity for identity in every if identity.rule == "group_total"]


def spots(book: Book) -> dict[str, f.Spot]:
    """Where each cell of the table stands."""
    home = book.sheet_name(TABLE)
    columns = shown(book)
    return {
        cell_name(TABLE, row.code, column.code): f.Spot(home, _FIRST + i, _FIGURES + j)
        for i, row in enumerate(rows(book))
        for j, column in enumerate(columns)
    }


def lines(book: Book) -> dict[tuple[str, str], s.Lines]:
    """Where each identity of the table is worked out: rows to the right, columns below."""
    home = book.sheet_name(TABLE)
    found = {}
    for i, row in enumerate(rows(book)):
        at = [f.Spot(home, _FIRST + i, column) for column in _beside(book)[:4]]
        found["row_total", row.code] = s.Lines(at[0], None, *at[1:])
    below = _FIRST + len(rows(book)) + 2
    for rule in _PER_COLUMN:
        for j, column in enumerate(shown(book)):
            one = [f.Spot(home, below + step, _FIGURES + j) for step in range(5)]
            found[rule, column.code] = s.Lines(
                one[0], one[1], one[2], one[3], one[4] if rule == "results_total" else None
            )
        below += 4
    for i, identity in enumerate(_group_sums(book), below + 3):
        one = [f.Spot(home, i, _FIGURES + step) for step in range(5)]
        found[identity.rule, identity.scope] = s.Lines(*one)
    return found


def write(book: Book, sheet: Any, desk: s.Desk) -> None:
    """Fill the sheet."""
    home = book.sheet_name(TABLE)
    for column, width in enumerate((*_WIDTHS, *(_WIDE,) * len(shown(book)), *_BESIDE)):
        sheet.set_column(column, column, width)
    s.top(book, sheet, TABLE)
    _head(book, sheet)
    _labels(book, sheet)
    s.figures(book, sheet, desk, TABLE)
    for i, row in enumerate(rows(book)):
        names = [cell_name(TABLE, row.code, column.code) for column in shown(book)]
        s.source(book, sheet, desk, names, _FIRST + i, (_beside(book)[4], _beside(book)[5]))
    found = s.of_table(desk, TABLE)
    for identity in found:
        live.check_lines(book, sheet, desk, identity)
    end = _below(book, sheet)
    signs = [desk.lines[i.rule, i.scope].sign for i in found]
    signs += live.prose(book, sheet, desk, TABLE, end + 1, (*_PROSE, (10, _beside(book)[-1])))
    live.colours(book, sheet, desk, TABLE, signs)
    live.now(book, sheet, home, signs, live.breaking(TABLE, desk), 2)
    sheet.freeze_panes(_FIRST, _FIGURES)


def _head(book: Book, sheet: Any) -> None:
    columns = shown(book)
    last = _FIGURES + len(columns) - 1
    language = book.language
    identity, applicants, bodies = (
        words(f"printed.{name}") for name in ("identity", "applicants", "legal_persons")
    )
    merged(book, sheet, (_HEAD, 0), (_HEAD + 2, 2), identity[0], "head")
    glosses = [pair[1] if language == "en" else "" for pair in (applicants, bodies)]
    glossed(book, sheet, (_HEAD, _FIGURES), (_HEAD, last - 1), applicants[0], glosses[0], "head")
    glossed(book, sheet, (_HEAD + 1, _FIGURES + 1), (_HEAD + 1, last - 1), bodies[0], glosses[1], "head")
    for j, column in enumerate(columns):
        start = {0: _HEAD + 1, len(columns) - 1: _HEAD}.get(j, _HEAD + 2)
        place = (start, _FIGURES + j), (_HEAD + 2, _FIGURES + j)
        glossed(book, sheet, *place, column.label, gloss(TABLE, "column", column.code, language), "head")
    keys = (
        "column.sum",
        "head.difference",
        "printed.checked",
        "column.gap",
        "column.source",
        "column.printed",
    )
    for at, key in zip(_beside(book), keys, strict=True):
        merged(book, sheet, (_HEAD, at), (_HEAD + 2, at), book.say(key), "head")
    for row, height in enumerate((30, 30, 46), _HEAD):
        sheet.set_row(row, height)


def _labels(book: Book, sheet: Any) -> None:
    """Row labels with the headings that stand left of them, merged as the form prints them."""
    every = rows(book)
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
            english = gloss(TABLE, "row", row.code, book.language)
            glossed(book, sheet, (_FIRST + i, first), (_FIRST + i, 2), row.label, english, "label")
            room = sum(_WIDTHS[first:3])
            sheet.set_row(_FIRST + i, s.height([(f"{row.label}{s.narrowed(english)}", room)]))
        at = end + 1


def _below(book: Book, sheet: Any) -> int:
    """The labels of the sums below the table; returns the row behind them."""
    row = _FIRST + len(rows(book)) + 1
    merged(book, sheet, (row, 0), (row, _FIGURES + len(shown(book)) - 1), book.say("live.heading"), "heading")
    sheet.set_row(row, 22)
    for rule in _PER_COLUMN:
        keys = (f"left.{rule}", f"right.{rule}", "head.difference", "printed.checked")
        for step, key in enumerate(keys, row + 1):
            merged(book, sheet, (step, _LABELS[0]), (step, _LABELS[1]), book.say(key), "side")
            sheet.set_row(step, 19)
        row += 4
    merged(
        book,
        sheet,
        (row + 1, _LABELS[0]),
        (row + 1, _LABELS[1]),
        book.say("column.gap_results_total"),
        "side",
    )
    sums = _group_sums(book)
    for step, identity in enumerate(sums, row + 3):
        place = cell_label(identity.scope, book.audit.report.form)
        merged(book, sheet, (step, _LABELS[0]), (step, _LABELS[1]), place, "side")
    if sums:
        for at, key in enumerate(
            ("left.group_total", "right.group_total", "head.difference", "printed.checked")
        ):
            write_text(book, sheet, row + 2, _FIGURES + at, book.say(key), "head")
        sheet.set_row(row + 2, 30)
    return row + 2 + (len(sums) + 1 if sums else 0)
