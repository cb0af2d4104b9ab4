"""The words of findings: texts in two languages, and short names of cells as the form prints them."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from ..checks import amount
from ..forms import split_cell, tables

LANGUAGES = ("en", "zh")


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("crossfoot.diagnosis").joinpath("texts.toml").read_text(encoding="utf-8"))


def known(key: str) -> bool:
    """Whether texts.toml has that text."""
    return key in _texts()


def text(key: str, language: str, **given: object) -> str:
    """The text of that key (texts.toml) with `given` in its places; numbers as people write them.

    Raises KeyError for an unknown key or language, or where the text wants a name that is not given.
    """
    shown = {name: amount(v) if isinstance(v, int | float) else v for name, v in given.items()}
    return _texts()[key][language].format(**shown)


@cache
def label(code: str, form: str, table: str, axis: str) -> str:
    """What the form prints for a row or column, without its number and what it adds in brackets."""
    place = tables(form)[table]
    printed = (place.row(code) if axis == "row" else place.column(code)).label
    return re.sub(r"^[一二三四]、|^（[一二三四五六七]）|^\d+\.|（[^）]*）$", "", printed)


def cell_label(name: str, form: str) -> str:
    """Row and column of a cell as the form prints them: 予以公开·自然人; another name as it is."""
    try:
        table, row, column = split_cell(name)
        return f"{label(row, form, table, 'row')}·{label(column, form, table, 'column')}"
    except (KeyError, ValueError):
        return name
