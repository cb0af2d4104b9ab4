"""The statutory forms as data: which tables, rows and columns a report of each form has, and their labels."""

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FORMS = ("2019", "2021")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a statutory table; `unit` is what its cells count in."""

    code: str
    label: str
    unit: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a statutory table; `columns` are the codes of the columns it has, in print order.

    `before` is, for a sub-total, the first of the rows that it sums.
    """

    code: str
    label: str
    columns: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    group: str = ""
    forms: tuple[str, ...] = FORMS
    replaces: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table of one form.

    `subtotals` and `subtotal_columns` are no part of the form: sums of some of its rows or columns that a
    report may print of its own accord.
    """

    code: str
    section: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    subtotals: tuple[Row, ...] = ()
    subtotal_columns: tuple[Column, ...] = ()

    def row(self, code: str) -> Row:
        """The row of that code, a sub-total's too; raises KeyError for one that is neither."""
        return _by_code((*self.rows, *self.subtotals), code)

    def column(self, code: str) -> Column:
        """The column of that code, a sub-total's too; raises KeyError for one that is neither."""
        return _by_code((*self.columns, *self.subtotal_columns), code)

    def ordered_rows(self, present: Container[str]) -> list[Row]:
        """The rows of the form, with those sub-totals that are present where their parts begin."""
        found: list[Row] = []
        for row in self.rows:
            found += [s for s in self.subtotals if s.code in present and row.code == s.before]
            found.append(row)
        return found

    def ordered_columns(self, present: Container[str]) -> list[Column]:
        """The columns of the form, with those sub-totals that are present before the total."""
        own = [column for column in self.subtotal_columns if column.code in present]
        return [*self.columns[:-1], *own, self.columns[-1]]

    def printed_columns(self, row: Row, present: Container[str]) -> list[str]:
        """The codes of the columns that a row has, with those sub-totals that are present."""
        own = {column.code for column in self.subtotal_columns if column.code in present}
        return [c.code for c in self.ordered_columns(own) if c.code in own or c.code in row.columns]


def _by_code(items, code):
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)


@cache
def tables(form: str) -> dict[str, Table]:
    """The statutory tables of a form by code, in print order: disclosure, requests, disputes.

    The rows of `requests` include both printings of （六）其他处理 (one row, or three): which of them
    a report has is the report's own (`Row.replaces`). Raises KeyError for an unknown form.
    Source: 国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号.
    """
    if form not in FORMS:
        raise KeyError(form)
    raw = tomllib.loads(files("crossfoot").joinpath("forms.toml").read_text(encoding="utf-8"))
    found = {}
    for table in raw["table"]:
        if form not in table["forms"]:
            continue
        columns, more = (
            tuple(Column(c["code"], c["label"], c["unit"], tuple(c.get("aliases", ()))) for c in entries)
            for entries in (table["column"], table.get("subtotal_column", ()))
        )
        every = tuple(c.code for c in columns)
        rows, sums = (
            tuple(
                Row(
                    r["code"],
                    r["label"],
                    tuple(r.get("columns", every)),
                    tuple(r.get("aliases", ())),
                    r.get("group", ""),
                    tuple(r.get("forms", FORMS)),
                    tuple(r.get("replaces", ())),
                    r.get("before", ""),
                )
                for r in entries
            )
            for entries in (table["row"], table.get("subtotal_row", ()))
        )
        found[table["code"]] = Table(table["code"], table["section"], rows, columns, sums, more)
    return found


def cell_name(table: str, row: str, column: str) -> str:
    """The name every table, rule and chart gives a cell: `table:row/column`."""
    return f"{table}:{row}/{column}"


def split_cell(name: str) -> tuple[str, str, str]:
    """Table, row and column of a cell name; raises ValueError where it is not one."""
    table, _, rest = name.partition(":")
    row, _, column = rest.partition("/")
    if not (table and row and column):
        raise ValueError(f"not a cell name: {name!r}")
    return table, row, column
