"""What statutory rows, columns and cells are called: in Chinese as the form prints them, and in English."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ..forms import Row, split_cell, tables
from . import Pair, joined, same, words

_NUMBER = re.compile(r"^(?:[一二三四]、|（[一二三四五六七]）|\d+\.)")
_LINE = re.compile(r"line (\d+)(?: column (\d+))?")
_TABLE = re.compile(r"table (\d+) row (\d+) column (\d+)")
_REMARK = re.compile(r"（[^）]*）$")


@cache
def _labels() -> dict[str, Any]:
    return tomllib.loads(files("crossfoot.texts").joinpath("labels.toml").read_text(encoding="utf-8"))


@cache
def label(code: str, form: str, table: str, axis: str) -> str:
    """What the form prints for a row or column, without its number and what it adds in brackets."""
    place = tables(form)[table]
    printed = (place.row(code) if axis == "row" else place.column(code)).label
    return _REMARK.sub("", _NUMBER.sub("", printed))


def cell_label(name: str, form: str) -> str:
    """Row and column of a cell as the form prints them: 予以公开·自然人; another name as it is."""
    try:
        table, row, column = split_cell(name)
        return f"{label(row, form, table, 'row')}·{label(column, form, table, 'column')}"
    except (KeyError, ValueError):
        return name


def printed_label(row: Row) -> str:
    """The row's label with its number, shortened where it is too long for one line."""
    return _labels()["short"].get(row.code, row.label)


def english(table: str, axis: str, code: str) -> str:
    """The English name of a row or column; raises KeyError for a code that labels.toml lacks."""
    return _labels()[table][axis][code]


@cache
def row_name(code: str, form: str, table: str = "requests") -> Pair:
    """A row as the form prints it without its number (shortened where long), and in English."""
    held = _labels()
    short = held["called"].get(code) or held["short"].get(code)
    zh = _NUMBER.sub("", short) if short else label(code, form, table, "row")
    return zh, english(table, "row", code)


@cache
def column_name(code: str, form: str, table: str = "requests") -> Pair:
    """A column as the form prints it, and in English."""
    return label(code, form, table, "column"), english(table, "column", code)


def group_of(code: str) -> str:
    """What stands before the dot of a row's code: the heading it belongs to, or the row itself."""
    return code.partition(".")[0]


def group_name(group: str, form: str, table: str = "requests") -> Pair:
    """The name of a heading of rows (不予公开, Denied), or of the row that is its own."""
    names = _labels()[table].get("group", {}).get(group)
    return (names[0], names[1]) if names else row_name(group, form, table)


def cell_title(name: str, form: str) -> Pair:
    """Row and column of a cell in both languages; another name stays as it is."""
    try:
        table, row, column = split_cell(name)
        return joined([row_name(row, form, table), column_name(column, form, table)], ("·", " · "))
    except (KeyError, ValueError):
        return same(name)


def cells_title(names: Iterable[str], form: str, most: int) -> Pair:
    """The first few of those cells as a list, and how many there are in all where there are more."""
    every = list(names)
    shown = joined(cell_title(name, form) for name in every[:most])
    return words("list.cells", what=shown, count=len(every)) if len(every) > most else shown


def spans(names: Iterable[str], every: Iterable[str], form: str) -> list[Pair]:
    """What some cells of one table are called: whole columns, then whole rows, then one by one.

    `every` are all cells of that table that the report has, in the order of the form.
    """
    wanted = set(names)
    places: list[Pair] = []
    left = set(wanted)
    for at, name_of, called in ((2, column_name, "missing.column"), (1, row_name, "missing.row")):
        lines: dict[str, list[str]] = {}
        for name in every:
            lines.setdefault(split_cell(name)[at], []).append(name)
        for code, cells in lines.items():
            if len(cells) > 1 and wanted.issuperset(cells) and not left.isdisjoint(cells):
                places.append(words(called, name=name_of(code, form, split_cell(cells[0])[0])))
                left.difference_update(cells)
    return places + [cell_title(name, form) for name in every if name in left]


def some_places(places: Sequence[Pair], most: int) -> Pair:
    """The first few places as a list, and how many more there are."""
    shown = joined(places[:most], words("list.join"))
    more = len(places) - most
    return words("title.and_more", places=shown, count=more) if more > 0 else shown


def cell_names(names: Iterable[str], form: str) -> Pair:
    """The cells as the form prints them, and in English by their names."""
    every = list(names)
    return "、".join(cell_label(name, form) for name in every), " ".join(every)


def place(where: str, page: object) -> Pair:
    """Where a cell stands, in words: its page, or its line, or its place in a web page's tables."""
    if page is not None and page == page and str(page).isdigit():
        return words("place.page", page=int(str(page)))
    if match := _TABLE.fullmatch(where):
        return words("place.in_table", table=match[1], row=match[2], column=match[3])
    if match := _LINE.fullmatch(where):
        key = "place.line_column" if match[2] else "place.line"
        return words(key, line=match[1], column=match[2])
    return same(where)


def severity_name(severity: str, kind: str) -> Pair:
    """How severe a finding is; of one in our reading what is to be done: the report is not at fault."""
    return words(f"doubt.{severity}" if kind == "extraction" else f"severity.{severity}")


def section_number(section: str) -> Pair:
    """A section of the report by its Chinese numeral, and by the figure."""
    return section, str("零一二三四五六七八九".find(section))
