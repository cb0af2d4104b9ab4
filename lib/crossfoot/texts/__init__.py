"""Whatever an audit says in words, in Chinese and in English: all of it from the files of this folder.

Findings, summary, evidence page, working paper, annotated report, charts and the command line take their
words here. Two kinds of words stand elsewhere, each once, beside what they belong to: the labels that the
form itself prints (forms.toml; their English names are here, in labels.toml), and what a rule demands
(rules.toml).

Grammar of the files, one for each topic (labels.toml has its own, in its header)
    [KEY]     en, zh: the text in both languages, as a template of str.format. A key has a dot and stands in
              one file only; what is before the dot says what it is about.
    {name}    a place, the same ones in both languages. What is put there is a Pair (each language takes its
              own side), a number (written as people write it), or anything else, as it is.
tests/test_texts.py holds the files against that, and against the keys that the code uses.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from ..numerals import amount

LANGUAGES = ("en", "zh")

Pair = tuple[str, str]
"""The same words in Chinese and in English."""


class Text(tuple[str, str]):
    """A text of these files in both languages, which knows its key and what stands in its places."""

    key: str
    given: dict[str, object]


@cache
def held() -> dict[str, Pair]:
    """Every text by its key; raises ValueError for a key that stands twice."""
    found: dict[str, Pair] = {}
    for place in sorted(files("crossfoot.texts").iterdir(), key=lambda place: place.name):
        if place.name.endswith(".toml") and place.name != "labels.toml":
            for key, text in _flat(tomllib.loads(place.read_text(encoding="utf-8"))):
                if key in found:
                    raise ValueError(f"{key} stands twice; the second time in {place.name}")
                found[key] = text["zh"], text["en"]
    return found


def _flat(tables: dict[str, Any], before: str = "") -> Iterable[tuple[str, dict[str, str]]]:
    for name, inside in tables.items():
        if all(isinstance(value, dict) for value in inside.values()):
            yield from _flat(inside, f"{before}{name}.")
        else:
            yield f"{before}{name}", inside


def known(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in held()


def words(key: str, **given: object) -> Pair:
    """The text of that key in both languages, with `given` in its places.

    Raises KeyError for an unknown key, or where the text wants a name that is not given.
    """
    zh, en = held()[key]
    chinese: dict[str, object] = {}
    english: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, tuple):
            chinese[name], english[name] = value
        else:
            chinese[name] = english[name] = amount(value) if isinstance(value, int | float) else value
    text = Text((zh.format(**chinese), en.format(**english)))
    text.key, text.given = key, given
    return text


def say(key: str, language: str, **given: object) -> str:
    """The text of that key in one language; raises KeyError as `words` does, and for another language."""
    return worded(words(key, **given), language)


def worded(pair: Pair, language: str) -> str:
    """The words in that language; raises KeyError for a language that is neither "en" nor "zh"."""
    return pair[{"zh": 0, "en": 1}[language]]


def same(text: str) -> Pair:
    """A text that both languages share, such as a quote or a figure."""
    return text, text


def one_line(text: str) -> str:
    """What a report prints, in one line, to be quoted."""
    return " ".join(text.split())


def joined(pairs: Iterable[Pair], separator: Pair | None = None) -> Pair:
    """The pairs as a list in each language, by default with its own comma."""
    every = list(pairs)
    zh, en = separator or words("list.join")
    return zh.join(pair[0] for pair in every), en.join(pair[1] for pair in every)
