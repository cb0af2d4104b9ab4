"""The sheets of findings, checks, facts and reading: what the audit says, and how it stands now."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from crossfoot.checks import Rule, rules
from crossfoot.forms import cell_name, split_cell
from crossfoot.texts import worded
from crossfoot.texts.names import label, place

from . import formulas as f
from .book import Book, link, printing, signs, write_live, write_number, write_text
from .finding_scope import broken_by_finding, claim_start
from .list_sheets import FIRST, column_range, listing, tall, title_of
from .scopes import basis, cells_in_words, rule_name, scope_name, table_of
from .statutory_sheet import Desk, shown_words

CHECK_NOW, FACT_CHANGED = 8, 13
"""The columns of Checks and Facts that the cover counts."""


def checks(book: Book, sheet: Any, desk: Desk) -> list[str]:
    """One row for each check: as audited, and, where it is live, as it stands now. Returns the live signs."""
    heads = (
        "head.rule", "head.scope", "head.left", "head.right", "head.difference", "head.finding",
        "head.audited", "head.go", "head.now", "head.formula", "head.basis", "head.cells",
    )  # fmt: skip
    widths = (40, 30, 8, 8, 10, 8, 11, 6, 7, 60, 26, 30)
    listing(book, sheet, "checks", heads, widths, len(book.audit.checks), landscape=True)
    form, home = book.audit.report.form, book.sheet_name("checks")
    found = []
    numbers: dict[tuple[str, str], list[str]] = {}
    for number, broken in enumerate(broken_by_finding(book.audit), 1):
        for one in broken:
            numbers.setdefault((one.rule, one.scope), []).append(str(number))
    for at, check in enumerate(book.audit.checks.itertuples(), FIRST):
        table = table_of(check.cells)
        write_text(book, sheet, at, 0, rule_name(check.rule, table, book.language, check.scope), "cell")
        write_text(book, sheet, at, 1, scope_name(check.rule, check.scope, table, form), "cell")
        for column, value in enumerate((check.left, check.right, check.difference), 2):
            write_number(book, sheet, at, column, value)
        write_text(book, sheet, at, 5, " ".join(numbers.get((check.rule, check.scope), ())), "centre")
        write_text(book, sheet, at, 6, book.say(f"status.{check.status}"), "cell")
        live, target = _live(check, desk, home, form)
        if target is not None:
            link(book, sheet, at, 7, target, "→", "go")
        else:
            write_text(book, sheet, at, 7, "", "cell")
        if live:
            sign = f.SIGNS[check.status]
            write_live(book, sheet, f.Spot(home, at, CHECK_NOW), live, sign, "centre")
            found.append(sign)
        else:
            write_text(book, sheet, at, CHECK_NOW, "·", "centre")
        write_text(book, sheet, at, 9, check.formula, "cell")
        write_text(book, sheet, at, 10, basis(check.rule, table, check.scope), "clipped")
        write_text(book, sheet, at, 11, check.cells, "clipped")
        tall(sheet, at, [(check.formula, 60), (rule_name(check.rule, table, book.language, check.scope), 40)])
    if len(book.audit.checks):
        last = FIRST + len(book.audit.checks) - 1
        signs(book, sheet, [column_range(FIRST, last, CHECK_NOW)])
        word = {"type": "cell", "criteria": "==", "value": f'"{book.say("status.breaks")}"'}
        sheet.conditional_format(column_range(FIRST, last, 6), {**word, "format": book.look("breaks")})
    return found


def _live(check: Any, desk: Desk, home: str, form: str) -> tuple[str, f.Spot | None]:
    """The formula that gives a check's sign now, and where to look; none for what is not worked out live."""
    key = (check.rule, check.scope)
    if key in desk.lines:
        return f"={f.ref(desk.lines[key].sign, home)}", desk.lines[key].sign
    start = claim_start(str(check.scope))
    if check.rule == "narrative" and start is not None and start in desk.told:
        return f"={f.ref(desk.told[start].sign, home)}", desk.told[start].sign
    if check.rule == "not_a_figure" and check.scope in desk.spots:
        spot = desk.spots[check.scope]
        return f.figure(f.ref(spot, home)), spot
    bounded = _bound(check.scope, form) if check.scope in desk.spots else None
    if bounded is not None:
        spot = desk.spots[check.scope]
        return f.bound(f.ref(spot, home), bounded.bound), spot
    return "", None


def _bound(name: str, form: str) -> Rule | None:
    table, _, column = split_cell(name)
    return next(
        (
            rule
            for rule in rules()
            if rule.per == "cell"
            and rule.table == table
            and form in rule.forms
            and (not rule.over or column in rule.over)
        ),
        None,
    )


def facts(book: Book, sheet: Any, desk: Desk) -> None:
    """One row for each cell of the form: where it stands, who read it, and what it is in this workbook."""
    heads = (
        "head.table", "head.row", "head.column", "head.printed_value", "head.unit", "head.status",
        "head.raw", "head.page", "head.where", "head.readers", "head.agreed", "head.go", "head.working",
        "head.changed", "head.cell",
    )  # fmt: skip
    widths = (12, 36, 16, 12, 6, 12, 22, 6, 28, 18, 9, 7, 12, 10, 40)
    listing(book, sheet, "facts", heads, widths, len(book.audit.facts), landscape=True, frozen=3)
    form, home = book.audit.report.form, book.sheet_name("facts")
    for at, fact in enumerate(book.audit.facts.itertuples(), FIRST):
        name = cell_name(fact.table, fact.row, fact.column)
        shown = f.ref(desk.spots[name], home)
        write_text(book, sheet, at, 0, book.sheet_name(fact.table), "cell")
        write_text(book, sheet, at, 1, label(fact.row, form, fact.table, "row"), "cell")
        write_text(book, sheet, at, 2, label(fact.column, form, fact.table, "column"), "cell")
        write_number(book, sheet, at, 3, fact.value)
        write_text(book, sheet, at, 4, fact.unit, "centre")
        write_text(book, sheet, at, 5, book.say(f"cell.{fact.status}"), "cell")
        write_text(book, sheet, at, 6, str(fact.raw), "cell")
        write_number(book, sheet, at, 7, fact.page, "centre")
        write_text(book, sheet, at, 8, worded(place(str(fact.where), None), book.language), "cell")
        write_text(book, sheet, at, 9, fact.readers, "cell")
        write_text(book, sheet, at, 10, book.say("answer.yes" if fact.agreed else "answer.no"), "centre")
        link(book, sheet, at, 11, desk.spots[name], "→", "go")
        held = _held(fact)
        write_live(book, sheet, f.Spot(home, at, 12), f'=IF(ISBLANK({shown}),"",{shown})', held, "number")
        spot = f.Spot(home, at, FACT_CHANGED)
        write_live(book, sheet, spot, _changed(book, fact, shown, at), "", "centre")
        write_text(book, sheet, at, 14, name, "cell")
        tall(sheet, at, [(label(fact.row, form, fact.table, "row"), 36), (fact.raw, 22)])
    if len(book.audit.facts):
        changed = {"type": "cell", "criteria": "==", "value": f'"{book.say("live.changed")}"'}
        last = FIRST + len(book.audit.facts) - 1
        sheet.conditional_format(
            column_range(FIRST, last, FACT_CHANGED), {**changed, "format": book.look("changed")}
        )


def _held(fact: Any) -> Any:
    if fact.status == "number":
        return fact.value
    return "" if fact.status in ("blank", "absent") else shown_words(fact)


def _changed(book: Book, fact: Any, shown: str, row: int) -> str:
    """A formula that says so where the workbook's cell no longer holds what is printed."""
    word = book.say("live.changed")
    if fact.status == "number":
        value = xl_rowcol_to_cell(row, 3)
        return f'=IF(AND(COUNT({shown})=1,SUM({shown})={value}),"","{word}")'
    if fact.status in ("blank", "absent"):
        return f'=IF(ISBLANK({shown}),"","{word}")'
    return f'=IF(ISTEXT({shown}),"","{word}")'


def reading(book: Book, sheet: Any, desk: Desk) -> None:
    """How many cells of each table print what, how well readers agree, and what could not be read."""
    for column, width in enumerate((40, 20, 20, 20, 60)):
        sheet.set_column(column, column, width)
    title_of(book, sheet, "reading")
    counts: Mapping[str, Any] = book.audit.extraction.set_index("table").to_dict("index")
    for column, table in enumerate(counts, 1):
        write_text(book, sheet, 3, column, book.sheet_name(str(table)), "head")
    write_text(book, sheet, 3, 0, "", "head")
    names = [name for name in book.audit.extraction.columns if name != "table"]
    for at, name in enumerate(names, 4):
        write_text(book, sheet, at, 0, book.say(f"count.{name}"), "side")
        for column, count in enumerate(counts.values(), 1):
            write_number(book, sheet, at, column, count[name], "figure")
    at = 5 + len(names)
    write_text(book, sheet, at, 0, book.say("reading.troubles"), "heading")
    if not book.audit.troubles:
        write_text(book, sheet, at + 1, 0, book.say("reading.no_troubles"))
    for row, trouble in enumerate(book.audit.troubles, at + 1):
        write_text(book, sheet, row, 0, book.say(f"trouble.{trouble.problem}"), "cell")
        words = cells_in_words(trouble.cells, book.audit.report.form)
        write_text(book, sheet, row, 1, words, "cell")
        page = None if trouble.page is None or pd.isna(trouble.page) else int(trouble.page)
        write_text(book, sheet, row, 2, book.say("place.page", page=page) if page else "", "cell")
        write_text(book, sheet, row, 3, worded(place(trouble.where, None), book.language), "cell")
        write_text(book, sheet, row, 4, worded(trouble.words, book.language), "cell")
        tall(sheet, row, [(worded(trouble.words, book.language), 60), (words, 20), (trouble.where, 20)])
    printing(book, sheet, landscape=True)
