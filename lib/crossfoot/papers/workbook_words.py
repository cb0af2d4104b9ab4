"""The words of the working paper and the annotated report, in English or Chinese (workbook_texts.toml)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from ..checks import amount, rules
from ..diagnosis.wording import LANGUAGES, cell_label, label
from ..forms import split_cell, tables


@cache
def _held() -> dict[str, Any]:
    place = files("crossfoot").joinpath("papers/workbook_texts.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))


@cache
def _english() -> dict[str, Any]:
    return tomllib.loads(files("crossfoot").joinpath("english.toml").read_text(encoding="utf-8"))


def say(key: str, language: str, **given: object) -> str:
    """The text of that key with `given` in its places, numbers as people write them.

    Raises KeyError for an unknown key or language, or where the text wants a name that is not given.
    """
    shown = {name: amount(v) if isinstance(v, int | float) else v for name, v in given.items()}
    return _held()["text"][key][language].format(**shown)


def known(language: str) -> str:
    """The language; raises KeyError where papers are not written in it."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return language


def blocks() -> list[dict[str, Any]]:
    """The blocks of table 二 in print order: `heading` and the codes of its `rows`."""
    return _held()["disclosure"]


def gloss(table: str, axis: str, code: str, language: str) -> str:
    """The English name of a row or column, for papers in English; else nothing."""
    return _english()[table][axis][code] if language == "en" else ""


def rule_name(rule: str, table: str, language: str) -> str:
    """What a rule says: in the words of rules.toml, or, for those of the prose, in our own."""
    for one in rules():
        if one.id == rule and one.table == (table or one.table):
            return one.label_zh if language == "zh" else one.label
    return say(f"rule_{rule}", language)


def basis(rule: str) -> str:
    """The official source of a rule; nothing for those that compare the prose."""
    return next((one.basis for one in rules() if one.id == rule), "")


def scope_name(rule: str, scope: str, table: str, form: str) -> str:
    """What a check is about, as the form prints it: its column, row or cell; a claim stays as it is."""
    if ":" in scope and "@" not in scope:
        return cell_label(scope, form)
    if table in tables(form):
        place = tables(form)[table]
        by_column = {one.per for one in rules() if one.id == rule and one.table == table} == {"column"}
        codes = {item.code for item in (place.columns if by_column else place.rows)}
        if scope in codes:
            return label(scope, form, table, "column" if by_column else "row")
    return scope


def cells_in_words(names: str | tuple[str, ...], form: str, most: int = 6) -> str:
    """Cells as the form prints them, joined by ＋; beyond `most` their number."""
    every = names.replace("+", " ").split() if isinstance(names, str) else list(names)
    words = [cell_label(name, form) for name in every[:most]]
    return "＋".join(words) + (f" …（{len(every)}）" if len(every) > most else "")


def table_of(cells: str) -> str:
    """The table of the first of those cells; nothing where there is none."""
    return split_cell(cells.split()[0])[0] if cells.strip() else ""
