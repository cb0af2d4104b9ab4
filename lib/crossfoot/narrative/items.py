"""A sentence as items, one for each number: the words before it, the words after it, what labels it.

An item reaches back to the last stop or number before its number, and on to the next one after it. Its label
stands before the number (予以公开5件) or, where nothing before it labels, after it (5件予以公开).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .vocabulary import BRACKET, LABELS, Vocabulary, Word, gaps_of, is_covered, words_of

STOPS = "，；：。（）"
LIST = "、"


class About(NamedTuple):
    """What a section is about before a sentence: a topic's id or "", and the rows of `disputes` it names."""

    topic: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A number's words. `shared`: those after it lead on to the next number; `joined`: a list goes on."""

    index: int
    place: int
    start: int
    end: int
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    shared: bool
    joined: bool

    @property
    def words(self) -> tuple[Word, ...]:
        """All of its words, in order."""
        return (*self.before, *self.after)

    def named(self, *ids: str) -> list[Word]:
        """Its words of those concepts: the ones before the number or, for want of any, after it."""
        return [w for w in self.before if w.id in ids] or [w for w in self.after if w.id in ids]


@dataclass(frozen=True, slots=True)
class Parse:
    """What a number counts: `subject` and other `readings` as phrases.toml writes cells, and by which words.

    `start` is where its label begins. `matter` is what it counts where no form has a cell of it, `lacks`
    that this form has none; `several` that labels share the number; `doubt`, a text of notes.toml, why it
    may count something else: then it states nothing where it differs.
    """

    subject: str
    readings: tuple[str, ...] = ()
    start: int = 0
    words: tuple[Word, ...] = ()
    matter: str = ""
    topic: str = ""
    doubt: str = ""
    lacks: bool = False
    several: bool = False

    def is_of_a_ruling(self, subject: Sequence[str]) -> bool:
        """Whether it counts one outcome of the rows of table 四 whose totals are the subject."""
        own = self.subject.split("+") if self.topic == "disputes" else []
        rows = {name.rpartition("/")[0] + "/total" for name in own}
        return bool(own) and not own[0].endswith("/total") and rows == set(subject)

    @property
    def in_order(self) -> list[Word]:
        """The words that gave the cells, in the order of the text."""
        return sorted(dict.fromkeys(self.words), key=lambda word: word.start)

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of the number, though its neighbours are understood."""
        return not (self.subject or self.matter or self.lacks)


NOT_KNOWN, NO_CELL = Parse(""), Parse("", lacks=True)


@dataclass(frozen=True, slots=True)
class Clauses:
    """A marked sentence with its words and items; `about` is its section's topic, `units` its numbers'.

    `parses` are the items read so far: an item may be read by what those before it count.
    """

    text: str
    form: str
    about: About
    units: tuple[str, ...]
    known: Vocabulary
    words: tuple[Word, ...]
    gaps: tuple[int, ...]
    items: tuple[Item, ...]
    parses: dict[int, Parse | None] = field(default_factory=dict, compare=False)

    def covered(self, start: int, end: int) -> bool:
        """Whether only known words, stops and brackets stand between two places."""
        return is_covered(self.gaps, start, end)

    def adjacent(self, item: Item, word: Word) -> bool:
        """Whether only known words stand between a word and its number."""
        if word.end <= item.place:
            return self.covered(word.end, item.place)
        return self.covered(item.place + 1, word.start)

    def has(self, ids: Iterable[str], before: int) -> bool:
        """Whether a word of one of those concepts begins before a place."""
        return any(w.id in ids and w.start < before for w in self.words)

    def beside(self, item: Item) -> tuple[Item, ...]:
        """The item with those just before and after it."""
        return self.items[max(0, item.index - 1) : item.index + 2]

    def unit(self, item: Item) -> str:
        """The unit of the item's number."""
        return self.units[item.index]

    def clause_end(self, item: Item) -> int:
        """Where the clause of the item's number ends, at a stop or a closing bracket."""
        return _next(self.text, "，；。）", item.place, len(self.text))


def labels_of(words: Iterable[Word]) -> list[Word]:
    """The words that say what a number counts."""
    return [w for w in words if w.kind in LABELS or w.id == "rest"]


def clauses_of(
    text: str,
    places: Sequence[int],
    units: Sequence[str],
    year: int | None,
    form: str,
    about: About,
    known: Vocabulary,
) -> Clauses:
    """A marked sentence with its words and items."""
    words = words_of(text, year, known)
    gaps = gaps_of(text, words, brackets=True)
    return Clauses(text, form, about, tuple(units), known, words, gaps, items_of(text, places, words))


def items_of(text: str, places: Sequence[int], words: Sequence[Word]) -> tuple[Item, ...]:
    """The items of a sentence, one for each number; what stands in brackets without a number is left out."""
    masked = _masked(text)
    inside = [word for word in words if masked[word.start] != " "]
    found: list[Item] = []
    labelled, stop, first = True, -1, 0
    for index, place in enumerate(places):
        last = places[index - 1] if index else -1
        stop = max([stop, *(masked.rfind(sign, last + 1, place) for sign in STOPS)])
        start = max(stop, last) + 1
        listed = masked.find(LIST, start, place)
        if index and start == last + 1 and not labelled and listed >= 0:
            start = listed + 1  # 6件行政复议、26件: what follows a number without a label is that number's
        following = places[index + 1] if index + 1 < len(places) else len(text)
        end = _next(masked, STOPS + LIST, place + 1, following)
        while first < len(inside) and inside[first].start < start:
            first += 1
        own = _until(inside, first, end)
        before = tuple(w for w in own if w.end <= place)
        after = tuple(w for w in own if w.start > place)
        labelled = any(w.kind in LABELS for w in before)
        shared = end == following < len(text)
        joined = end < len(masked) and masked[end] in LIST + "和"
        found.append(Item(index, place, start, end, before, after, shared, joined))
    return tuple(found)


def _until(words: Sequence[Word], first: int, end: int) -> list[Word]:
    """The words from the given one on that end before a place."""
    found = []
    for at in range(first, len(words)):
        if words[at].start >= end:
            break
        if words[at].end <= end:
            found.append(words[at])
    return found


def _masked(text: str) -> str:
    """The text, of the same length, with blanks for brackets that hold no number."""
    return BRACKET.sub(lambda match: " " * len(match[0]), text)


def _next(text: str, signs: str, place: int, stop: int) -> int:
    """The first place from there on of one of the signs; `stop` where there is none before that."""
    return min((at for at in (text.find(sign, place, stop) for sign in signs) if at >= 0), default=stop)
