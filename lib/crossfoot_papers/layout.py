"""The statutory tables as the form prints them: headings merged in both directions, and where cells stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from crossfoot.forms import Column, Row, Table, cell_name
from crossfoot.forms import tables as statutory
from crossfoot.texts import Pair, same, words
from crossfoot.texts.names import column_name, group_name, group_of, row_name

# The item of article 20 of the OGI Regulations under which the form lists each row of section 二.
ITEMS = {
    "rules": "一", "normative": "一", "licensing": "五", "other_services": "五", "penalty": "六",
    "coercion": "六", "fees": "八", "procurement": "九",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that covers `rows` by `columns`; `scope` is col, colgroup, row or rowgroup.

    `code` is the row's or column's code, "" for one that has none; `tall` is set upright, as in print.
    """

    id: str
    text: Pair
    scope: str
    rows: int = 1
    columns: int = 1
    code: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell's place: its name, the ids of its headings, and how many columns it covers."""

    cell: str
    heads: tuple[str, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One printed row: headings, then cells. `scope` is what a check of the row is about."""

    heads: tuple[Heading, ...]
    slots: tuple[CellPlace, ...]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Heading rows and the lines under them."""

    top: tuple[tuple[Heading, ...], ...]
    lines: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as printed, with `labels` columns of row headings before the cells.

    `feet` are the scopes of the checks of its columns, each with how many columns it covers.
    """

    code: str
    title: Pair
    labels: int
    blocks: tuple[TableBlock, ...]
    feet: tuple[tuple[str, int], ...] = ()


def printed_tables(facts: pd.DataFrame, form: str) -> dict[str, PrintedTable]:
    """Every statutory table of the form with the rows that the facts have, in the order of the form."""
    found: dict[str, PrintedTable] = {}
    for code, table in statutory(form).items():
        present = set(facts.loc[facts["table"] == code, "row"])
        rows = [row for row in table.ordered_rows(present) if row.code in present]
        more = set(facts.loc[facts["table"] == code, "column"])
        match code:
            case "requests":
                found[code] = _requests(table, rows, table.ordered_columns(more), form)
            case "disputes":
                found[code] = _disputes(table, rows, form)
            case "disclosure":
                found[code] = _disclosure(table, rows, form)
            case _:
                raise KeyError(code)
    return found


def _runs(rows: Sequence[Row], key) -> Iterable[list[Row]]:
    """The rows in stretches of the same key."""
    run: list[Row] = []
    for row in rows:
        if run and key(row) != key(run[-1]):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _requests(table: Table, rows: Sequence[Row], shown: Sequence[Column], form: str) -> PrintedTable:
    """Table 三: one column of labels for results, one for their kinds, one for reasons."""
    code = table.code
    columns = [c.code for c in shown]
    heads = {c: Heading(f"{code}-{c}", column_name(c, form, code), "col", code=c) for c in columns}
    first, last = heads[columns[0]], heads[columns[-1]]
    top = (
        (
            Heading(f"{code}-rule", words("printed.identity"), "colgroup", 3, 3),
            Heading(f"{code}-applicants", words("printed.applicants"), "colgroup", 1, len(columns)),
        ),
        (
            Heading(first.id, first.text, "col", 2, code=first.code),
            Heading(f"{code}-legal", words("printed.legal_persons"), "colgroup", 1, len(columns) - 2),
            Heading(last.id, last.text, "col", 2, code=last.code),
        ),
        tuple(heads[c] for c in columns[1:-1]),
    )
    lines = []
    results = [row for row in rows if row.group]
    for row in rows:
        label = row.label, row_name(row.code, form, code)[1]
        left: list[Heading] = []
        over: list[str] = []
        depth = 3
        if row.group:
            depth = 2
            over.append(f"{code}-results")
            if row is results[0]:
                left.append(
                    Heading(
                        over[0], words("printed.results"), "rowgroup", len(results), tall=len(results) > 4
                    )
                )
        if row.group.startswith("（"):
            depth = 1
            kind = [other for other in rows if other.group == row.group]
            over.append(f"{code}-{group_of(row.before or row.code)}-kind")
            if row is kind[0]:
                left.append(
                    Heading(
                        over[-1],
                        (row.group, group_name(group_of(row.before or row.code), form, code)[1]),
                        "rowgroup",
                        len(kind),
                    )
                )
        left.append(Heading(f"{code}-{row.code}", label, "row", 1, depth, row.code))
        own = (*over, f"{code}-{row.code}")
        slots = tuple(CellPlace(cell_name(code, row.code, c), (heads[c].id, *own)) for c in columns)
        lines.append(PrintedRow(tuple(left), slots, row.code))
    feet = tuple((c, 1) for c in columns)
    return PrintedTable(code, words("table.requests"), 3, (TableBlock(top, tuple(lines)),), feet)


def _disputes(table: Table, rows: Sequence[Row], form: str) -> PrintedTable:
    """Table 四: the rows stand side by side, each with all its outcomes, in one line."""
    code = table.code
    columns = [c.code for c in table.columns]
    wide = len(columns)
    first: list[Heading] = []
    second: list[Heading] = []
    third: list[Heading] = []
    slots: list[CellPlace] = []
    for run in _runs(rows, lambda row: row.group):
        if run[0].group:
            first.append(Heading(f"{code}-suits", words("printed.lawsuits"), "colgroup", 1, wide * len(run)))
        for row in run:
            head = Heading(
                f"{code}-{row.code}", row_name(row.code, form, code), "colgroup", 1, wide, code=row.code
            )
            if row.group:
                second.append(head)
            else:
                first.append(Heading(head.id, head.text, "colgroup", 2, wide, code=row.code))
            for column in columns:
                own = Heading(
                    f"{code}-{row.code}-{column}", column_name(column, form, code), "col", code=column
                )
                third.append(own)
                over = (head.id, own.id) if not row.group else (f"{code}-suits", head.id, own.id)
                slots.append(CellPlace(cell_name(code, row.code, column), over))
    block = TableBlock((tuple(first), tuple(second), tuple(third)), (PrintedRow((), tuple(slots)),))
    feet = tuple((row.code, wide) for row in rows)
    return PrintedTable(code, words("table.disputes"), 0, (block,), feet)


def _disclosure(table: Table, rows: Sequence[Row], form: str) -> PrintedTable:
    """Table 二: a block for each item of article 20, with its own column headings."""
    code = table.code
    width = max((len(row.columns) for row in rows), default=1)
    blocks = []
    for run in _runs(rows, lambda row: (ITEMS.get(row.code, ""), row.columns)):
        item, columns = ITEMS.get(run[0].code, ""), run[0].columns
        mark = f"{code}-{run[0].code}"
        spans = [1] * (len(columns) - 1) + [width - len(columns) + 1]
        title = words("printed.article", item=item) if item else same("")
        top = (
            (Heading(f"{mark}-item", title, "colgroup", 1, width + 1),),
            (
                Heading(f"{mark}-content", words("printed.content"), "col"),
                *(
                    Heading(f"{mark}-{c}", column_name(c, form, code), "col", 1, span, c)
                    for c, span in zip(columns, spans, strict=True)
                ),
            ),
        )
        lines = tuple(
            PrintedRow(
                (Heading(f"{code}-{row.code}", row_name(row.code, form, code), "row", code=row.code),),
                tuple(
                    CellPlace(
                        cell_name(code, row.code, c),
                        (f"{mark}-item", f"{mark}-{c}", f"{code}-{row.code}"),
                        span,
                    )
                    for c, span in zip(columns, spans, strict=True)
                ),
                row.code,
            )
            for row in run
        )
        blocks.append(TableBlock(top, lines))
    return PrintedTable(code, words("table.disclosure"), 1, tuple(blocks))
