"""The words of the evidence page in Chinese and English, and its names for rows, columns, cells."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from ..checks import amount
from ..diagnosis.wording import label
from ..forms import split_cell, tables

Pair = tuple[str, str]
"""The same words in Chinese and in English."""

_NUMBER = re.compile(r"^(?:[一二三四]、|（[一二三四五六七]）|\d+\.)")
_LINE = re.compile(r"line (\d+)(?: column (\d+))?")
_TABLE = re.compile(r"table (\d+) row (\d+) column (\d+)")


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("crossfoot.papers").joinpath("page_texts.toml").read_text(encoding="utf-8"))


@cache
def _english() -> dict[str, Any]:
    return tomllib.loads(files("crossfoot").joinpath("english.toml").read_text(encoding="utf-8"))


def known(key: str) -> bool:
    """Whether page_texts.toml has that text."""
    found: Any = _texts()
    for part in key.split("."):
        found = found.get(part, {})
    return "zh" in found


def words(key: str, **given: object) -> Pair:
    """The text of that key with `given` in its places: a Pair serves each language its own, a number is
    written as people do. Raises KeyError for an unknown key, or a name that is wanted and not given.
    """
    found: Any = _texts()
    for part in key.split("."):
        found = found[part]
    zh, en = ({name: _in_language(value, i) for name, value in given.items()} for i in (0, 1))
    return found["zh"].format(**zh), found["en"].format(**en)


def _in_language(value: object, index: int) -> object:
    if isinstance(value, tuple):
        value = value[index]
    return amount(value) if isinstance(value, int | float) else value


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(phrase["en"]), phrase["zh"]) for phrase in _texts()["phrase"])


def in_chinese(text: str) -> Pair:
    """What a table says in English, with the phrases that page_texts.toml knows put into Chinese."""
    zh = text
    for pattern, template in _phrases():
        zh = pattern.sub(lambda match, words=template: words.format(*match.groups()), zh)  # type: ignore[misc]
    return zh, text


def same(text: str) -> Pair:
    """A text that both languages share, such as a quote or a formula."""
    return text, text


def section_number(section: str) -> Pair:
    """A section of the report by its Chinese numeral, and by the figure."""
    return section, str("零一二三四五六七八九".find(section))


def joined(pairs: list[Pair], separator: Pair | None = None) -> Pair:
    """The pairs as a list in each language."""
    zh, en = separator or words("list_join")
    return zh.join(p[0] for p in pairs), en.join(p[1] for p in pairs)


def row_name(code: str, form: str, table: str) -> Pair:
    """A row, as the form prints it without its number (shortened where long), and in English."""
    short = _english()["short"].get(code)
    zh = _NUMBER.sub("", short) if short else label(code, form, table, "row")
    return zh, _english()[table]["row"].get(code, code)


def column_name(code: str, form: str, table: str) -> Pair:
    """A column, as the form prints it, and in English."""
    return label(code, form, table, "column"), _english()[table]["column"].get(code, code)


def group_name(row: str, form: str, table: str) -> Pair:
    """The heading left of a row as printed, and in English: （三）不予公开, Denied."""
    printed = tables(form)[table].row(row).group
    names = _english()[table].get("group", {}).get(row.partition(".")[0])
    return printed, names[1] if names else printed


def cell_title(name: str, form: str) -> Pair:
    """Row and column of a cell; another name stays as it is."""
    try:
        table, row, column = split_cell(name)
        return joined([row_name(row, form, table), column_name(column, form, table)], ("·", " · "))
    except (KeyError, ValueError):
        return same(name)


def place(where: str, page: object) -> Pair:
    """Where a cell stands, in words: its page, or its line, or its place in a web page's tables."""
    if page is not None and not pd.isna(page):
        return words("page", page=int(str(page)))
    if match := _TABLE.fullmatch(where):
        return words("where.table", table=match[1], row=match[2], column=match[3])
    if match := _LINE.fullmatch(where):
        key = "where.line_column" if match[2] else "where.line"
        return words(key, line=match[1], column=match[2])
    return same(where)
