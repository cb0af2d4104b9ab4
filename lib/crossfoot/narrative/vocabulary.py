"""The concepts of lexicon.toml, and a sentence parted into the words that have a meaning there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REQUESTS = ("request", "application")
DISPUTES = ("review", "litigation", "direct", "after_review", "dispute")
DOCUMENTS = ("normative", "rules")
DECISIONS = ("licensing", "penalty", "coercion")
RESULTS = (
    "granted", "partly_granted", "denied.*", "unavailable.*", "not_processed.*", "other*",
)  # fmt: skip
LABELS = ("act", "thing", "result", "ruling", "applicant")
KINDS = frozenset([*LABELS, "time", "relation", "denial", "all", "aside", "bar", "clue"])
_FIELDS = frozenset(["id", "kind", "rows", "column", "columns", "form", "words", "of", "examples", "counter"])
_YEAR = re.compile(r"(20\d\d)年?度?(?!\d)")
_COUNTS = re.compile(r"[\w%]")
BRACKET = re.compile("（[^（）#]*）")
_UNKNOWN = 10  # what a character that no word has costs, in words


@dataclass(frozen=True, slots=True)
class Concept:
    """A meaning: see lexicon.toml for what its fields say."""

    id: str
    kind: str
    rows: tuple[str, ...] = ()
    column: str = ""
    columns: tuple[str, ...] = ()
    form: str = ""


_YEARS = {-1: Concept("last", "time"), 0: Concept("this", "time"), 1: Concept("next", "time")}
_OTHER_YEAR = Concept("other_year", "time")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: where it stands, and what it means."""

    start: int
    end: int
    text: str
    concept: Concept

    @property
    def id(self) -> str:
        """The concept's name."""
        return self.concept.id

    @property
    def kind(self) -> str:
        """What the concept does in a phrase."""
        return self.concept.kind


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the concepts by their first character, the longest first; `clues` by their concept."""

    spelled: Mapping[str, tuple[tuple[str, Concept], ...]]
    clues: Mapping[str, tuple[str, ...]]

    def hints(self, clue: str, text: str) -> bool:
        """Whether a text has a word of that clue, if only within another word."""
        return any(word in text for word in self.clues.get(clue, ()))


def vocabulary_of(entries: Iterable[Mapping[str, Any]]) -> Vocabulary:
    """The vocabulary of entries as lexicon.toml holds them; of two with the same word the later has it.

    Raises KeyError for an entry that lacks a field and ValueError for one of no known kind.
    """
    spelled: dict[str, dict[str, Concept]] = {}
    clues: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        _check(entry)
        rows, columns = tuple(entry.get("rows", ())), tuple(entry.get("columns", ()))
        concept = Concept(
            entry["id"], entry["kind"], rows, entry.get("column", ""), columns, entry.get("form", "")
        )
        if concept.kind == "clue":
            clues[concept.id] = tuple(entry["words"])
        else:
            for word in entry["words"]:
                spelled.setdefault(word[0], {})[word] = concept
    by_length = {
        first: tuple(sorted(words.items(), key=lambda one: -len(one[0]))) for first, words in spelled.items()
    }
    return Vocabulary(by_length, clues)


def _check(entry: Mapping[str, Any]) -> None:
    """Raises ValueError, or KeyError for a field that is missing, unless the entry is a concept."""
    name, words = entry["id"], entry["words"]
    if strange := sorted(set(entry) - _FIELDS):
        raise ValueError(f"concept {name} has {', '.join(strange)}")
    if entry["kind"] not in KINDS:
        raise ValueError(f"the kind of concept {name} is not known: {entry['kind']}")
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"the words of concept {name} are not a list of words")


def words_of(text: str, year: int | None, known: Vocabulary) -> tuple[Word, ...]:
    """The words of a sentence that the vocabulary has, and its years, in order.

    Of the ways to part it into words the one that leaves the fewest characters over, then the fewest words.
    """
    costs = [0] * (len(text) + 1)
    chosen: list[tuple[int, Concept] | None] = [None] * len(text)
    for at in range(len(text) - 1, -1, -1):
        least, word = costs[at + 1] + _UNKNOWN, None
        for spelled, concept in known.spelled.get(text[at], ()):
            end = at + len(spelled)
            if end <= len(text) and costs[end] + 1 < least and text.startswith(spelled, at):
                least, word = costs[end] + 1, (end, concept)
        named = _YEAR.match(text, at) if text[at] == "2" else None
        if named and costs[named.end()] + 1 < least:
            away = int(named[1]) - year if year is not None else 0
            least, word = costs[named.end()] + 1, (named.end(), _YEARS.get(away, _OTHER_YEAR))
        costs[at], chosen[at] = least, word
    found, at = [], 0
    while at < len(text):
        here = chosen[at]
        if here is not None:
            found.append(Word(at, here[0], text[at : here[0]], here[1]))
        at = here[0] if here is not None else at + 1
    return tuple(found)


def gaps_of(text: str, words: Iterable[Word], *, brackets: bool = False) -> tuple[int, ...]:
    """For every place of a text how many characters before it are of no word, stop or blank.

    With `brackets` nothing in brackets without a number counts either.
    """
    known = bytearray(len(text))
    for word in words:
        known[word.start : word.end] = b"\x01" * (word.end - word.start)
    for aside in BRACKET.finditer(text) if brackets else ():
        known[aside.start() : aside.end()] = b"\x01" * (aside.end() - aside.start())
    counts = [0]
    for at, char in enumerate(text):
        counts.append(counts[-1] + (not known[at] and _COUNTS.match(char) is not None))
    return tuple(counts)


def is_covered(gaps: Sequence[int], start: int, end: int) -> bool:
    """Whether every character between two places is counted as known in the gaps of its text."""
    return end <= start or gaps[start] == gaps[end]
