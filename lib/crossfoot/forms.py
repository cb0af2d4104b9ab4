"""The statutory forms as data: which tables, rows and columns a report of each form has, and their labels."""

import tomllib
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
    """A row of a statutory table; `columns` are the codes of the columns it has, in print order."""

    code: str
    label: str
    columns: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    group: str = ""
    forms: tuple[str, ...] = FORMS
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table of one form."""

    code: str
    section: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    def row(self, code: str) -> Row:
        """The row of that code; raises KeyError for one that the form does not know."""
        return _by_code(self.rows, code)

    def column(self, code: str) -> Column:
        """The column of that code; raises KeyError for one that the form does not know."""
        return _by_code(self.columns, code)


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
        columns = tuple(
            Column(c["code"], c["label"], c["unit"], tuple(c.get("aliases", ()))) for c in table["column"]
        )
        every = tuple(c.code for c in columns)
        rows = tuple(
            Row(
                r["code"],
                r["label"],
                tuple(r.get("columns", every)),
                tuple(r.get("aliases", ())),
                r.get("group", ""),
                tuple(r.get("forms", FORMS)),
                tuple(r.get("replaces", ())),
            )
            for r in table["row"]
        )
        found[table["code"]] = Table(table["code"], table["section"], rows, columns)
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
