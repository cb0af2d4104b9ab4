"""What sentences are read by: the wordings of phrases.toml and the concepts of lexicon.toml.

Their grammar is in those files. A wording is compiled when a sentence is first held against it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from ..forms import tables
from ..texts import Pair, words
from .vocabulary import Vocabulary, vocabulary_of

COUNTED = "#"
ENTRIES = ("topic", "limit", "phrase", "statement", "concept")
CASES = frozenset(["件", "条", "项", "次", "宗", "个", "份", "起", "例", "件次"]) | {""}
_MONEY = frozenset(["元", "万元", "百万元", "千万元", "亿元"])
_FORWARD = "(?:{label}){n}"
_BRACKETED = "(?:不予公开|无法提供|不予处理|其他处理)[^，。；#（）]{0,4}（(?:{label})）{n}"
_SHARED = (
    r"(?:{label})(?:，)?占(?:比|[^，。；#（）%]{0,12}的)?(?:约|为|达)?\d+(?:\.\d+)?%（(?:共|计|即)*(?P<n>#)）"
)
_BACKWARD = (
    "(?P<n>#)(?:申请|政府信息|信息|公开|的|案件|件)*"
    "(?:为|属于|属|因|是|被|依法|获|系|已|均|将|作|予以)*(?:{label}){end}"
)
_SHAPES = ((_FORWARD, ""), (_BRACKETED, "（"), (_SHARED, "占"), (_BACKWARD, ""))  # each with a sign it has


@dataclass(frozen=True)
class Wording:
    """A pattern, compiled when it is first held against a sentence, and a sign that its matches have."""

    source: str
    sign: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(self.source)


@dataclass(frozen=True)
class Phrase:
    """One phrase: its wordings, and the cells it names in each form ("" where a form has none)."""

    id: str
    wordings: tuple[Wording, ...]
    subject: Mapping[str, str]
    readings: tuple[str, ...]
    topic: str
    lifted: str
    units: frozenset[str]
    severity: str
    refers: bool
    only: float | None
    examples: tuple[tuple[str, Mapping[str, str]], ...]
    counter: tuple[str, ...]
    form: str

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where one of the wordings stands in a marked sentence."""
        for wording in self.wordings:
            if wording.sign in text:
                yield from wording.pattern.finditer(text)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """What, found in the sentence, takes the phrase out."""
        return re.compile(self.lifted) if self.lifted else None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence without a figure: the cells that must sum to 0 if it is true ("" where none can tell).

    With `yields` it says nothing where its section gives the figure of these cells itself.
    """

    id: str
    pattern: re.Pattern[str]
    zero: str
    topic: str
    unless: re.Pattern[str] | None
    yields: bool
    note: Pair
    examples: tuple[tuple[str, str], ...]
    counter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """Words that keep a number from counting its cell, or (`keep`) leave open whether it does."""

    id: str
    pattern: re.Pattern[str]
    where: str
    note: Pair
    unless: re.Pattern[str] | None
    issuer: re.Pattern[str] | None
    keep: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """What figures can be about; `rows` are the rows of `disputes` that it stands for."""

    id: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All of phrases.toml and the vocabulary of lexicon.toml, told apart by identity.

    `cues` finds the words of every topic, its group number naming the topic; `any_matter` is what a verb of
    dealing with something makes another matter, whatever that is.
    """

    phrases: tuple[Phrase, ...]
    statements: tuple[Statement, ...]
    limits: tuple[Limit, ...]
    topics: tuple[Topic, ...]
    cues: re.Pattern[str]
    any_matter: re.Pattern[str]
    vocabulary: Vocabulary = field(repr=False)


def _expander(words: Mapping[str, str]):
    """A function that puts the words into a pattern; names of groups are numbered to be unique."""

    def expand(pattern: str) -> str:
        for _ in range(6):
            filled = re.sub(r"\{([A-Za-z]\w*)\}", lambda m: words.get(m[1], m[0]), pattern)
            if filled == pattern:
                break
            pattern = filled
        number = iter(range(1000))
        return re.sub(r"\(\?P<(last|next)>", lambda m: f"(?P<{m[1]}{next(number)}>", pattern)

    return expand


_used: ContextVar[Lexicon | None] = ContextVar("lexicon", default=None)


def lexicon() -> Lexicon:
    """The lexicon that sentences are read by: the library's own, unless `using` puts another in its place."""
    used = _used.get()
    return own_lexicon() if used is None else used


@contextmanager
def using(chosen: Lexicon) -> Iterator[None]:
    """Within it sentences are read by this lexicon."""
    token = _used.set(chosen)
    try:
        yield
    finally:
        _used.reset(token)


@cache
def own_lexicon() -> Lexicon:
    """The library's own phrases, statements, limits, topics and concepts, in the order of their files."""
    return compiled_lexicon(own_entries())


@cache
def own_entries() -> Mapping[str, Any]:
    """The entries of phrases.toml and lexicon.toml as these hold them."""
    folder = files("crossfoot.narrative")
    phrases, concepts = (
        tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in ("phrases.toml", "lexicon.toml")
    )
    return phrases | {"concept": concepts["concept"]}


def compiled_lexicon(raw: Mapping[str, Any]) -> Lexicon:
    """A lexicon of entries as phrases.toml and lexicon.toml hold them.

    Raises KeyError, ValueError and re.error for what is not one; the phrases' own patterns are compiled, and
    may raise re.error, only when they are used.
    """
    expand = _expander(raw["words"])

    def compiled(entry: Mapping, key: str) -> re.Pattern[str] | None:
        return re.compile(expand(entry[key])) if entry.get(key) else None

    def phrase(entry: Mapping) -> Phrase:
        wordings = [Wording(expand(entry["pattern"]))] if "pattern" in entry else []
        wordings += [
            Wording(expand(shape.replace("{label}", entry["label"])), sign)
            for shape, sign in _SHAPES
            if "label" in entry
        ]
        units = entry.get("units")
        return Phrase(
            entry["id"],
            tuple(wordings),
            {form: entry.get("forms", {}).get(form, entry["subject"]) for form in ("2019", "2021")},
            tuple(entry.get("or", ())),
            entry.get("topic", ""),
            expand(entry.get("unless", "")),
            CASES if units is None else _MONEY if units == "money" else frozenset(units) | {""},
            entry.get("severity", "error"),
            entry.get("refers", False),
            entry.get("only"),
            tuple((text, cells) for text, cells in entry.get("examples", ())),
            tuple(entry.get("counter", ())),
            entry.get("form", "2021"),
        )

    def statement(entry: Mapping) -> Statement:
        pattern = re.compile(expand(entry["pattern"]))
        told = tuple((text, cells) for text, cells in entry.get("examples", ()))
        unless, topic, note = compiled(entry, "unless"), entry.get("topic", ""), _note(entry)
        return Statement(
            entry["id"],
            pattern,
            entry["zero"],
            topic,
            unless,
            entry.get("yields", False),
            note,
            told,
            tuple(entry.get("counter", ())),
        )

    limits = tuple(
        Limit(
            entry["id"],
            re.compile(expand(entry["pattern"])),
            entry["where"],
            _note(entry),
            compiled(entry, "unless"),
            compiled(entry, "issuer"),
            entry.get("keep", False),
        )
        for entry in raw["limit"]
    )
    cues = "|".join(f"({_ungrouped(expand(entry['pattern']))})" for entry in raw["topic"])
    return Lexicon(
        tuple(phrase(entry) for entry in raw["phrase"]),
        tuple(statement(entry) for entry in raw["statement"]),
        limits,
        tuple(Topic(entry["id"], tuple(entry.get("rows", ()))) for entry in raw["topic"]),
        re.compile(cues),
        re.compile(expand("{other_matter}").replace("(?=#)", "$")),
        vocabulary_of(raw["concept"]),
    )


def _note(entry: Mapping) -> Pair:
    """The note of a limit or statement; raises KeyError for one that texts/notes.toml does not word."""
    return words(f"note.{entry['note']}") if "note" in entry else ("", "")


def _ungrouped(pattern: str) -> str:
    """The pattern, which may not have groups of its own: they would shift the topics' numbers."""
    if re.search(r"\((?!\?)", pattern):
        raise ValueError(f"a topic's pattern has a capturing group: {pattern!r}")
    return pattern


def cells(subject: str, form: str, rows: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The cells that a subject names in a form, in its order; `rows` fill {row} and {rows}.

    Empty where the subject is empty, or needs rows and has none.
    """
    named: dict[str, None] = {}
    for part in filter(None, subject.split("+")):
        for name in _filled(part, rows):
            named |= dict.fromkeys(_starred(name, form))
    return tuple(named)


def _filled(name: str, rows: tuple[str, ...]) -> Iterator[str]:
    place = re.search(r"\{rows?\}", name)
    if place is None:
        yield name
    else:
        yield from (name.replace(place[0], row) for row in rows)


def _starred(name: str, form: str) -> Iterator[str]:
    """The cells that a name stands for: itself, or with a star every row that begins so; only the form's."""
    table, _, rest = name.partition(":")
    row, _, column = rest.partition("/")
    for known in tables(form)[table].rows:
        wanted = known.code.startswith(row[:-1]) if row.endswith("*") else known.code == row
        if wanted and form in known.forms:
            yield f"{table}:{known.code}/{column}"
