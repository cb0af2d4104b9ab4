"""What a number's phrase says: its words by what they mean (lexicon.toml), and the cells they name together.

Each number has an item: the words before it back to the last stop or number, and those after it up to
the next. Its label stands before it (予以公开5件) or, where nothing before it labels, after it (5件予以公开).
What an item leaves out it takes from its neighbours: the noun or verb from the item before (废止12份), the
noun from one after it (共制发27件，现行有效的规范性文件共33件), the outcome from the next where numbers come
first (6件行政复议、26件行政诉讼获维持). A word that the lexicon does not have, between a label and its
number, leaves the number not understood.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_STOPS = "，；：。（）"
_SOFT = "、"
_BRACKET = re.compile("（[^（）#]*）")
_YEAR = re.compile(r"(20\d\d)年?度?(?!\d)")
_WORD = re.compile(r"[\w%]")
_REQUESTS = ("request", "application")
_DISPUTES = ("review", "litigation", "direct", "after_review", "dispute")
_DOCUMENTS = ("normative", "rules")
_DECISIONS = ("licensing", "penalty", "coercion")
_STOCKS = ("licensing", "penalty", "coercion", "other_services", "fees")  # form 2019 counts their items too
_DISCLOSURE = (*_DOCUMENTS, *_DECISIONS, "other_services", "fees", "procurement")
_RESULTS = (
    "granted", "partly_granted", "denied.*", "unavailable.*", "not_processed.*", "other*",
)  # fmt: skip
_LABELS = ("act", "thing", "result", "ruling", "applicant")
_GROUPS = {"denied": "denied.*", "unavailable": "unavailable.*", "not_processed": "not_processed.*"}
_COLUMN_OF = {
    "make": "made",
    "repeal": "repealed",
    "in_force": "in_force",
    "publish": "published",
    "public_total": "public_total",
}
_ALSO = {  # what the form has no row for, and where else bodies put it
    "withdrawn": ("requests:other*/total",),
    "absent": (
        "requests:unavailable.*/total",
        "requests:unavailable.needs_compiling/total",
        "requests:other*/total",
    ),
    "public_already": ("requests:granted/total+requests:partly_granted/total", "requests:other*/total"),
}
_BODIES = re.compile("部门|单位|[乡镇]|街道|[^府政办]局|委员会")
_PLACES = re.compile("网|平台|专栏|栏目|公众号|目录|公报")
_CASES = frozenset(["件", "条", "项", "次", "宗", "个", "份", "起", "例", "件次", ""])
_NUMBERED = frozenset(["件", "份", "部", "个", "篇", "项", ""])
_DECIDED = frozenset(["件", "项", "宗", "起", "例", "次", ""])


@dataclass(frozen=True, slots=True)
class Concept:
    """A meaning with the words for it: see lexicon.toml."""

    id: str
    kind: str
    rows: tuple[str, ...] = ()
    column: str = ""
    columns: tuple[str, ...] = ()
    form: str = ""


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
class Item:
    """A number's words: those before it, those after it, and whether these lead on to the next number."""

    index: int
    place: int
    start: int
    end: int
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    shared: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Parse:
    """What a number counts: `subject` and other `readings` as phrases.toml writes cells, and by which words.

    `start` is where its label begins. `matter` is what it counts where the form has no cell of it; `doubt`, a
    text of notes.toml, why it may count something else: then it states nothing where it differs.
    """

    subject: str
    readings: tuple[str, ...] = ()
    severity: str = "query"
    start: int = 0
    words: tuple[Word, ...] = ()
    refers: bool = False
    matter: str = ""
    topic: str = ""
    doubt: str = ""

    def is_of_a_ruling(self, subject: Sequence[str]) -> bool:
        """Whether it counts one outcome of the rows of table 四 whose totals are the subject."""
        own = self.subject.split("+") if self.topic == "disputes" else []
        rows = {name.rpartition("/")[0] + "/total" for name in own}
        return bool(own) and not own[0].endswith("/total") and rows == set(subject)

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of the number, though its neighbours are understood."""
        return not self.subject and not self.matter


@cache
def vocabulary() -> dict[str, tuple[tuple[str, Concept], ...]]:
    """The words of lexicon.toml by their first character, the longest first."""
    raw = tomllib.loads(files("crossfoot.narrative").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Concept]] = {}
    for entry in raw["concept"]:
        concept = Concept(
            entry["id"],
            entry["kind"],
            tuple(entry.get("rows", ())),
            entry.get("column", ""),
            tuple(entry.get("columns", ())),
            entry.get("form", ""),
        )
        for word in entry["words"]:
            found.setdefault(word[0], {}).setdefault(word, concept)
    return {
        first: tuple(sorted(words.items(), key=lambda one: -len(one[0]))) for first, words in found.items()
    }


_UNKNOWN = 10  # what a character that no word has costs, in words
_TIMES = {-1: Concept("last", "time"), 0: Concept("this", "time"), 1: Concept("next", "time")}
_OTHER_TIME = Concept("other_year", "time")


def words_of(text: str, year: int | None) -> tuple[Word, ...]:
    """The words of a sentence that the lexicon knows, and its years, in order.

    Of the ways to part it into words the one that leaves the fewest characters over, then the fewest words.
    """
    known = vocabulary()
    best: list[tuple[int, Word | None]] = [(0, None)] * (len(text) + 1)
    for at in range(len(text) - 1, -1, -1):
        best[at] = best[at + 1][0] + _UNKNOWN, None
        named = _YEAR.match(text, at) if text[at] == "2" else None
        if named:
            away = int(named[1]) - year if year is not None else 0
            word = Word(at, named.end(), named[0], _TIMES.get(away, _OTHER_TIME))
            best[at] = min(best[at], (best[named.end()][0] + 1, word), key=lambda one: one[0])
        for spelled, concept in known.get(text[at], ()):
            end = at + len(spelled)
            if text.startswith(spelled, at) and best[end][0] + 1 < best[at][0]:
                best[at] = best[end][0] + 1, Word(at, end, spelled, concept)
    found, at = [], 0
    while at < len(text):
        chosen = best[at][1]
        if chosen is not None:
            found.append(chosen)
        at = chosen.end if chosen is not None else at + 1
    return tuple(found)


def items_of(text: str, places: Sequence[int], words: Sequence[Word]) -> tuple[Item, ...]:
    """The items of a sentence, one for each number."""
    masked = _BRACKET.sub(lambda match: " " * len(match[0]), text)
    found: list[Item] = []
    labelled = True
    for index, place in enumerate(places):
        stop = max(masked.rfind(sign, 0, place) for sign in _STOPS)
        start = max(stop, places[index - 1] if index else -1) + 1
        listed = masked.find(_SOFT, start, place)
        if index and start == places[index - 1] + 1 and not labelled and listed >= 0:
            start = listed + 1  # 6件行政复议、26件: what follows a number without a label is that number's
        ends = [at for at in (masked.find(sign, place + 1) for sign in _STOPS + _SOFT) if at >= 0]
        end = min([*ends, len(masked)])
        following = places[index + 1] if index + 1 < len(places) else len(text)
        shared = following < end
        end = min(end, following)
        inside = [word for word in words if masked[word.start] != " "]
        labelled = any(w.kind in _LABELS for w in inside if start <= w.start and w.end <= place)
        found.append(
            Item(
                index,
                place,
                start,
                end,
                tuple(w for w in inside if start <= w.start and w.end <= place),
                tuple(w for w in inside if place < w.start and w.end <= end),
                shared,
                end < len(masked) and masked[end] in _SOFT + "和",
            )
        )
    return tuple(found)


def is_covered(text: str, words: Iterable[Word], start: int, end: int) -> bool:
    """Whether every character between two places is of a known word, a stop or a blank."""
    known = bytearray(len(text))
    for word in words:
        known[word.start : word.end] = b"\x01" * (word.end - word.start)
    aside = [match.span() for match in _BRACKET.finditer(text, start, end)]
    return not any(
        _WORD.match(text[at]) and not known[at] and not any(a <= at < b for a, b in aside)
        for at in range(start, end)
    )


class Sentence:
    """A sentence read item by item; `about` is the topic it begins with, and `told` the rows of table 四."""

    def __init__(
        self,
        text: str,
        places: Sequence[int],
        units: Sequence[str],
        year: int | None,
        form: str,
        about: tuple[str, tuple[str, ...]] = ("", ()),
    ) -> None:
        self.text, self.units, self.form, self.about = text, units, form, about
        self.words = words_of(text, year)
        self.items = items_of(text, places, self.words)
        self.parses: dict[int, Parse | None] = {}

    def parse(self, index: int) -> Parse | None:
        """What the number counts; None where it is not understood."""
        if index not in self.parses:
            self.parses[index] = self._read(self.items[index])
        return self.parses[index]

    # ------------------------------------------------------------------------------------ the item

    def _read(self, item: Item) -> Parse | None:
        near = [w for w in item.before if w.id == "compared"]
        if near and self._covered(near[-1].end, item.place):
            return None
        if any(w.id == "body" for w in item.before) or self._is_dealt_out(item):
            return None
        if any(w.id == "listed" for w in item.before):
            return Parse("")
        head = self._head(item)
        if head is not None and head.id in _DISCLOSURE:
            return self._disclosure(item, head)
        if head is None and (found := self._documents(item)) is not None:
            return found
        if head is not None and head.concept.form == "none":
            return self._elsewhere(item, head)
        if (head is not None and head.id in _DISPUTES) or self._rulings(item):
            return self._dispute(item, head)
        return self._request(item)

    def _is_dealt_out(self, item: Item) -> bool:
        """Whether one label stands before several numbers (新收和上年结转申请23件、4件)."""
        beside = self.items[max(0, item.index - 1) : item.index + 2]
        bare = [one for one in beside if not one.before and not one.after and not one.shared]
        return any(one.index and self.text[one.place - 1] in "、和及" for one in bare)

    def _head(self, item: Item) -> Word | None:
        """The thing that the item counts: the last before its number, or the first after it."""
        before = [w for w in item.before if w.kind == "thing"]
        after = [w for w in item.after if w.kind == "thing"]
        if before and not (
            before[-1].concept.form == "none" and any(w.kind == "result" for w in item.before)
        ):
            return before[-1]
        if self._labels(item.before) or item.shared:
            # 收到26件政府信息公开申请: the noun directly after the number is its own
            after = [w for w in after if self._covered(item.place + 1, w.start)]
        return after[0] if after else None

    @staticmethod
    def _labels(words: Iterable[Word]) -> list[Word]:
        return [w for w in words if w.kind in _LABELS or w.id == "rest"]

    def _covered(self, start: int, end: int) -> bool:
        return is_covered(self.text, self.words, start, end)

    def _sentence_has(self, ids: Iterable[str], before: int) -> bool:
        wanted = set(ids)
        return any(w.id in wanted and w.start < before for w in self.words)

    # ----------------------------------------------------------------------- documents and decisions

    def _documents(self, item: Item) -> Parse | None:
        """A number whose act is one of documents, its noun left out: taken from an item beside it."""
        acts = [w for w in (*item.before, *item.after) if w.id in ("make", "repeal", "in_force")]
        if not acts or any(w.kind in ("thing", "result", "applicant") for w in item.before):
            return None
        for other in reversed(self.items[: item.index]):
            parse = self.parses.get(other.index)
            if parse is not None and parse.topic in _DOCUMENTS:
                return self._document(item, parse.topic, acts[-1], acts[-1])
            if parse is None or parse.topic:
                break
        for other in self.items[item.index + 1 :]:
            if "；" in self.text[item.place : other.place]:
                break
            heads = [w for w in (*other.before, *other.after) if w.kind == "thing"]
            if heads:
                own = heads[0].id in _DOCUMENTS and len({w.id for w in acts}) == 1
                return self._document(item, heads[0].id, acts[-1], acts[-1]) if own else None
            if not any(w.id in ("make", "repeal", "in_force") for w in other.before):
                break
        return None

    def _disclosure(self, item: Item, head: Word) -> Parse | None:
        if any(w.id in ("not_yet", "unsorted_ruling") for w in (*item.before, *item.after)):
            return None
        if head.start < item.place and not self._covered(head.end, item.place):
            return None
        if head.start > item.place and not self._covered(item.place + 1, head.start):
            return None
        acts = [w for w in item.before if w.kind == "act"] or [w for w in item.after if w.kind == "act"]
        if head.id in _DOCUMENTS:
            act = next((w for w in reversed(acts) if w.id in _COLUMN_OF), None)
            if act is None:
                act = self._act_before(item, _COLUMN_OF)
            if act is None or _BODIES.search(self.text[min(act.end, head.start) : head.start]):
                return None
            return self._document(item, head.id, act, min(act, head, key=lambda w: w.start))
        if head.id in ("fees", "procurement", "other_services") or self.units[item.index] == "项":
            return self._stock(item, head, acts)
        return self._decisions(item, head, acts)

    def _act_before(self, item: Item, ids: Iterable[str]) -> Word | None:
        """The act of the item just before in a list, where this one has a noun and no act."""
        if not item.index or any(w.id == "among" for w in item.before):
            return None
        other = self.items[item.index - 1]
        between = self.text[other.place + 1 : item.start]
        if between.strip(_SOFT + "，和及") or self.parse(other.index) is None:
            return None
        return next((w for w in reversed(other.before) if w.id in set(ids)), None)

    def _document(self, item: Item, kind: str, act: Word, first: Word) -> Parse | None:
        openly = act.id in ("publish", "public_total")
        if self.units[item.index] not in (_CASES | _NUMBERED if openly else _NUMBERED) or _PLACES.search(
            self.text[item.start : item.place]
        ):
            return None
        column = _COLUMN_OF[act.id]
        readings: tuple[str, ...] = ()
        if self.form == "2021" and column == "published":
            column, readings = "made", (f"disclosure:{kind}/in_force",)
        if self.form == "2021" and column == "public_total":
            column, readings = "in_force", (f"disclosure:{kind}/made",)
        if self.form == "2019" and column in ("repealed", "in_force"):
            return None
        words = tuple(sorted({act, first}, key=lambda w: w.start))
        start = min(first.start, item.place)
        doubt = "perhaps_published" if openly and self.form == "2021" else ""
        return Parse(f"disclosure:{kind}/{column}", readings, "query", start, words, topic=kind, doubt=doubt)

    def _stock(self, item: Item, head: Word, acts: list[Word]) -> Parse | None:
        """Fees and procurement, and the items that form 2019 counts of what a body does."""
        unit, old, kind = self.units[item.index], self.form == "2019", head.id
        subject, doubt = "", ""
        readings: tuple[str, ...] = ()
        if "元" in unit:
            subject = "disclosure:fees/amount" if kind == "fees" and not old else subject
            subject = "disclosure:procurement/amount" if kind == "procurement" and old else subject
        elif kind == "procurement":
            subject = "disclosure:procurement/items" if old and not self._is_published(item) else ""
        elif old and unit == "项" and kind in _STOCKS and not any(w.id != "publish" for w in acts):
            before, change = (f"disclosure:{kind}/{column}" for column in ("items_before", "change"))
            subject, readings, doubt = f"{before}+{change}", (before,), "perhaps_published"
        elif kind in _DECISIONS:
            return self._decisions(item, head, acts)
        if not subject:
            return None
        start = min(item.place, head.start)
        return Parse(subject, readings, "query", start, (head,), topic=kind, doubt=doubt)

    def _decisions(self, item: Item, head: Word, acts: list[Word]) -> Parse | None:
        if self.units[item.index] not in (*_DECIDED, *(["条"] if head.text.endswith("决定") else [])):
            return None
        own = [w for w in acts if w.id in ("decide", "handle", "answer")]
        openly = [w for w in acts if w.id == "publish"]
        if (
            not own
            and not openly
            and (act := self._act_before(item, ("decide", "handle", "answer", "publish")))
        ):
            (own if act.id != "publish" else openly).append(act)
        if head.end <= item.place and not self._covered(head.end, item.place):
            return None
        if any("公开" not in w.text for w in openly) and not own:
            return None  # 公示, 归集: what was put on a list
        if not own and (
            self._sentence_has(_REQUESTS, item.place) or self.text[head.end : head.end + 1] == "类"
        ):
            return None  # what requests ask for
        words = (*(own or openly)[-1:], head)
        doubt = "" if own else "perhaps_published"
        start = min(item.place, *(w.start for w in words))
        return Parse(f"disclosure:{head.id}/decisions", (), "query", start, words, topic=head.id, doubt=doubt)

    def _elsewhere(self, item: Item, head: Word) -> Parse | None:
        """A number of things that the form does not count, where nothing else in the item is."""
        region = (*item.before, *item.after) if head in item.after else item.before
        if any(w.kind in ("result", "ruling", "applicant") or w.id in _REQUESTS for w in region):
            return None
        if self._in_results(item):
            return Parse("")
        if head.id == "anything" and not self._is_published(item):
            return None
        if any(w.id in _DISCLOSURE for w in region):
            return Parse("")  # 行政许可公开信息5913条: published or decided, that is not said
        beside = self._covered(head.end, item.place) if head in item.before else True
        return Parse("", (), "query", head.start, (head,), matter=head.text) if beside else None

    def _is_published(self, item: Item) -> bool:
        """Whether the item, or the sentence before it, speaks of what was published and of no request."""
        acts = any(w.id in ("publish", "make") for w in self.words if w.start < item.end)
        return acts and not self._sentence_has(_REQUESTS, item.place)

    # ------------------------------------------------------------------------------- reviews, lawsuits

    def _rulings(self, item: Item) -> bool:
        labelled = self._labels(item.before)
        words = item.before if labelled else item.after
        return any(w.kind == "ruling" for w in words) and not any(w.kind == "result" for w in words)

    def _dispute(self, item: Item, head: Word | None) -> Parse | None:
        every = (*item.before, *item.after)
        if any(w.kind == "bar" for w in every) or any(w.id in ("carry", "open") for w in item.before):
            return None
        if self.units[item.index] not in _CASES or self._is_of_all(item):
            return None
        things = [w for w in item.before if w.id in _DISPUTES] or [w for w in item.after if w.id in _DISPUTES]
        rows = tuple(dict.fromkeys(row for w in self._joined(things) for row in w.concept.rows))
        inherited = not rows
        if inherited:
            earlier = [w for w in self.words if w.id in _DISPUTES and w.start < item.start]
            rows = earlier[-1].concept.rows if earlier else self.about[1]
        if not rows:
            return None
        labelled = self._labels(item.before)
        side = item.before if labelled else item.after
        rulings = [w for w in side if w.kind == "ruling"]
        if not rulings and not labelled and item.joined:
            rulings = self._ruling_after(item)
        if not rulings and things and things[-1] in item.before:
            rulings = [w for w in item.after if w.kind == "ruling"] if not item.shared else []
        if len(rulings) > 1 and not all(w.id == rulings[0].id for w in rulings):
            return None
        if rulings:
            word = rulings[-1]
            if word in item.before and not self._covered(word.end, item.place):
                return None
            if word in item.after and not self._covered(item.place + 1, word.start):
                return None
            subject = "+".join(f"disputes:{row}/{word.concept.column}" for row in rows)
            start = min([item.place, word.start, *(w.start for w in things)])
            return Parse(subject, (), "query", start, (*things, word), topic="disputes")
        if inherited or not things:
            return None
        first, last = things[0], things[-1]
        if last in item.before and not self._covered(last.end, item.place):
            return None
        if first in item.after and not self._covered(item.place + 1, first.start):
            return None
        if any(w.id in ("receive", "handle", "answer") for w in item.before):
            return None  # a body that hears reviews counts others than its own
        subject = "+".join(f"disputes:{row}/total" for row in rows)
        return Parse(subject, (), "query", min(item.place, first.start), tuple(things), topic="disputes")

    def _is_of_all(self, item: Item) -> bool:
        """Whether the next number says how many of these are about information (其中信息公开类6件)."""
        following = self.items[item.index + 1 : item.index + 2]
        return any(
            re.search("其中[^，；。]{0,8}信息公开", self.text[item.place : other.place])
            for other in following
        )

    def _joined(self, things: list[Word]) -> list[Word]:
        """The last thing and those that 和 or 、 join to it."""
        found = things[-1:]
        for earlier in reversed(things[:-1]):
            between = self.text[earlier.end : found[0].start]
            if between.strip("、和及与或以被提起") or "#" in between:
                break
            found.insert(0, earlier)
        return found

    def _ruling_after(self, item: Item) -> list[Word]:
        """The ruling of the next item, where both put their numbers first (6件复议、26件诉讼获维持)."""
        if item.index + 1 >= len(self.items):
            return []
        other = self.items[item.index + 1]
        if other.before and self._labels(other.before):
            return []
        found = [w for w in other.after if w.kind == "ruling"]
        return [Word(item.place + 1, item.place + 1, w.text, w.concept) for w in found]

    # ---------------------------------------------------------------------------------------- requests

    def _request(self, item: Item) -> Parse | None:
        about = self.about[0] == "requests" or self._sentence_has(("request",), item.end)
        if not about or any(w.id in ("not_yet", "unsorted_ruling") for w in item.before):
            return None
        if self.units[item.index] not in _CASES or self._goes_on_elsewhere(item):
            return None
        labelled = self._labels([w for w in item.before if w.id != "rest"])
        side = item.before if labelled else item.after
        if not labelled and item.shared and not self._labels(item.after):
            return None
        return (
            self._carried(item, side)
            or self._still_open(item, side)
            or self._results(item, side)
            or self._rest(item)
            or self._applicants(item, side)
            or self._acts(item, side)
        )

    def _goes_on_elsewhere(self, item: Item) -> bool:
        """Whether an item without a noun goes on with what is not understood, or is another matter."""
        if any(w.id in _REQUESTS for w in (*item.before, *item.after)):
            return False
        for other in reversed(self.items[: item.index]):
            if "；" in self.text[other.place : item.place]:
                return False
            nouns = [w for w in (*other.before, *other.after) if w.kind == "thing"]
            if nouns:
                parse = self.parses.get(other.index)
                own = nouns[-1].id == "application" and self._covered(other.start, nouns[-1].start)
                foreign = nouns[-1].concept.form == "none" or (nouns[-1].id == "application" and not own)
                return foreign and (parse is None or not parse.subject)
        return False

    def _adjacent(self, item: Item, word: Word) -> bool:
        """Whether only known words stand between a word and its number."""
        if word.end <= item.place:
            return self._covered(word.end, item.place)
        return self._covered(item.place + 1, word.start)

    def _carried(self, item: Item, side: Sequence[Word]) -> Parse | None:
        carries = [w for w in side if w.id == "carry"]
        if not carries:
            return None
        carry = carries[-1]
        if not self._adjacent(item, carry) or any(
            w.id == "answer" and w.start > carry.end for w in item.before
        ):
            return None
        times = [w for w in side if w.id in ("last", "next", "other_year")]
        if not times and side is item.before and not item.shared:
            times = [w for w in item.after if w.id == "next" and self._covered(item.place + 1, w.start)]
        after = [w for w in times if w.start >= carry.end and w.start - carry.end <= 3]
        before = [w for w in times if w.end <= carry.start and carry.start - w.end <= 12]
        behind = [w for w in times if w.start > item.place >= carry.end]
        time = next(iter([*after, *reversed(before), *behind]), None)
        if time is not None and time.id == "other_year":
            return None
        start = min(item.place, carry.start, time.start if time else carry.start)
        if time is None:
            words = ("requests:carried_out/total", ("requests:carried_in/total",))
            return Parse(*words, "query", start, (carry,), topic="requests")
        received = [w for w in side if w.id == "receive" and w.end <= start]
        between = self.text[received[-1].end : start] if received else ""
        if time.id == "last" and received and re.search("[和及与、]", between) and len(between) <= 16:
            subject = "requests:new/total+requests:carried_in/total"
            return Parse(
                subject, (), "query", received[-1].start, (received[-1], time, carry), topic="requests"
            )
        row = "carried_in" if time.id == "last" else "carried_out"
        return Parse(f"requests:{row}/total", (), "query", start, (time, carry), topic="requests")

    def _still_open(self, item: Item, side: Sequence[Word]) -> Parse | None:
        found = [w for w in side if w.id == "open"]
        if not found or not self._adjacent(item, found[-1]):
            return None
        earlier = [w for w in side if w.id == "last" and w.end <= found[-1].start]
        row = "carried_in" if earlier else "carried_out"  # 2022年未办结的3件, in the report on 2023
        start = min(found[-1].start, item.place)
        words = (*earlier[-1:], found[-1])
        return Parse(f"requests:{row}/total", (), "query", start, words, topic="requests")

    def _results(self, item: Item, side: Sequence[Word]) -> Parse | None:
        found = [w for w in side if w.kind == "result"]
        if not found:
            return self._bare_grant(item, side)
        last = found[-1] if found[-1].end <= item.place else found[0]
        if not self._adjacent(item, last) or re.search("等其[他它]", self.text[last.end : item.place]):
            return None
        narrowed = self._narrowed(last, item)
        if narrowed is not None:
            return self._sum_of(narrowed, min(item.place, last.start), (last,)) if narrowed else None
        group = self._joined_results(found) if last is found[-1] else [last]
        rows = [row for w in group for row in w.concept.rows]
        reasons = [w for w in found if w not in group]
        own = _GROUPS.get(last.id)
        reason = next((w for w in reversed(reasons) if own and w.concept.rows[0].startswith(last.id)), None)
        if reason is not None and len(group) == 1 and "等" not in self.text[reason.end : last.start]:
            rows = list(reason.concept.rows)
            group = [reason, last]
        if self.form == "2019":
            rows = ["other*" if row.startswith("other.") else row for row in rows]
        subject = "+".join(f"requests:{row}/total" for row in dict.fromkeys(rows))
        readings, doubt = _ALSO.get(last.id, ()), "perhaps_elsewhere" if last.id in _ALSO else ""
        start = min(item.place, *(w.start for w in group))
        return Parse(subject, readings, "query", start, tuple(group), topic="requests", doubt=doubt)

    def _narrowed(self, label: Word, item: Item) -> tuple[str, ...] | None:
        """The rows that a bracket between a label and its number makes of it (无法提供（本机关不掌握）8件).

        None where there is no such bracket, or it only explains; empty where it is not understood.
        """
        aside = _BRACKET.search(self.text, label.end, max(label.end, item.place))
        if aside is None or aside[0].startswith(("（含", "（包括", "（包含", "（即", "（指", "（以下")):
            both = aside is not None and label.id == "granted" and "部分公开" in aside[0]
            return ("granted", "partly_granted") if both else None
        named = [w for w in self.words if aside.start() < w.start < aside.end() and w.kind == "result"]
        if label.id == "granted" and [w.id for w in named] == ["partly_granted"]:
            return "granted", "partly_granted"
        if len(named) == 1 and named[0].concept.rows[0].startswith(label.id.replace("other_result", "other")):
            return named[0].concept.rows
        return ()

    def _sum_of(self, rows: Iterable[str], start: int, words: tuple[Word, ...]) -> Parse:
        kept = ["other*" if self.form == "2019" and row.startswith("other.") else row for row in rows]
        subject = "+".join(f"requests:{row}/total" for row in dict.fromkeys(kept))
        return Parse(subject, (), "query", start, words, topic="requests")

    def _bare_grant(self, item: Item, side: Sequence[Word]) -> Parse | None:
        """公开 alone, beside another result: what was granted."""
        found = [w for w in side if w.text in ("公开", "依法公开")]
        start, end = (item.start, item.place) if side is item.before else (item.place + 1, item.end)
        if not found or any(w.kind == "thing" for w in side) or not self._covered(start, end):
            return None
        beside = self.items[max(0, item.index - 1) : item.index + 2]
        if not any(w.kind == "result" for other in beside for w in (*other.before, *other.after)):
            return None
        start = min(item.place, found[-1].start)
        return Parse("requests:granted/total", (), "query", start, (found[-1],), topic="requests")

    def _joined_results(self, found: list[Word]) -> list[Word]:
        group = found[-1:]
        for earlier in reversed(found[:-1]):
            if self.text[earlier.end : group[0].start].strip() not in (
                "和",
                "及",
                "与",
                "以及",
                "或",
                "、",
                "并",
            ):
                break
            group.insert(0, earlier)
        return group

    def _in_results(self, item: Item) -> bool:
        """Whether the item stands in a list of results, with one just before or after it."""
        beside = self.items[max(0, item.index - 1) : item.index + 2]
        return any(
            other is not item and any(w.kind == "result" for w in (*other.before, *other.after))
            for other in beside
        )

    def _rest(self, item: Item) -> Parse | None:
        found = [w for w in item.before if w.id == "rest"]
        if not found or not self._covered(found[-1].end, item.place):
            return None
        word = found[-1]
        if self.text[word.start - 1 : word.start] == "等":
            return None
        later = [w for w in self.words if item.place < w.start and w.end <= self._clause_end(item)]
        if any(w.id == "open" or w.id == "carry" for w in later):
            return Parse("requests:carried_out/total", (), "query", word.start, (word,), topic="requests")
        listed = self._listed_rows(item)
        if any(w.id == "answer" for w in later):
            left = tuple(row for row in _RESULTS if row not in listed)
            readings: tuple[str, ...] = ("requests:handled/total",) if len(left) < len(_RESULTS) else ()
            subject = "+".join(f"requests:{row}/total" for row in left)
            if not readings:
                subject = "requests:handled/total"
            return Parse(subject, readings, "query", word.start, (word,), topic="requests")
        if word.text in ("其他", "其它") and self._in_results(item) and not self._labels(item.after):
            readings = ("requests:other.else/total",) if self.form == "2021" else ()
            return Parse("requests:other*/total", readings, "query", word.start, (word,), topic="requests")
        return None

    def _applicants(self, item: Item, side: Sequence[Word]) -> Parse | None:
        """A figure of one kind of applicant, or of two that are joined."""
        found = [w for w in side if w.kind == "applicant"]
        if not found or any(w.kind == "act" for w in side) or not self._adjacent(item, found[-1]):
            return None
        own = [found[-1]]
        if len(found) > 1 and re.fullmatch("和|及|与|或|、", self.text[found[-2].end : found[-1].start]):
            return None  # 公民、法人和其他组织: all there are
        columns = own[0].concept.columns
        if own[0].id == "other_org" and not any(w.id in ("enterprise", "research") for w in self.words):
            return None  # beside 法人 it is not the form's 其他
        subject = "+".join(f"requests:{{row}}/{column}" for column in columns)
        return Parse(subject, (), "query", min(item.place, own[0].start), tuple(own), topic="requests")

    def _clause_end(self, item: Item) -> int:
        ends = [at for at in (self.text.find(sign, item.place) for sign in "，；。）") if at >= 0]
        return min([*ends, len(self.text)])

    def _listed_rows(self, item: Item) -> set[str]:
        """The results that the sentence counts before an item."""
        found: set[str] = set()
        for other in self.items[: item.index]:
            parse = self.parses.get(other.index)
            if parse is not None and parse.topic == "requests":
                for name in parse.subject.split("+"):
                    row = name.partition(":")[2].partition("/")[0]
                    found.add("other*" if row.startswith("other.") else row)
        return found

    def _acts(self, item: Item, side: Sequence[Word]) -> Parse | None:
        acts = [w for w in side if w.id in ("receive", "answer", "handle")]
        nouns = [w for w in (*item.before, *item.after) if w.id in _REQUESTS]
        if not acts and nouns and not item.shared:
            acts = [w for w in item.after if w.id in ("receive", "answer", "handle")]
        if not acts:
            return self._all_of_them(item)
        act = acts[-1] if acts[-1].end <= item.place else acts[0]
        noun = nouns[-1] if nouns else None
        explicit = noun is not None and noun.id == "request"
        if noun is not None and noun.end <= item.place:
            reached = noun if noun.start > act.start or not explicit else act
            if not self._covered(reached.end, item.place):
                return None
            if not explicit and not self._covered(min(act.end, noun.start), noun.start):
                return None
        elif not self._adjacent(item, act):
            return None
        if noun is None and act.end <= item.place and not self._covered(item.start, act.start):
            return None  # somebody, or some matter, that the lexicon does not know
        if noun is not None and noun.start > item.place and not self._covered(item.place + 1, noun.start):
            return None
        if side is item.after and any(w.id == "among" for w in item.before) and not self._are_told(item):
            return None
        start = min(item.place, act.start, noun.start if noun else act.start)
        words = tuple(sorted({act, *([noun] if noun else [])}, key=lambda w: w.start))
        if act.start > item.place and act.id != "answer" and not self._covered(item.place + 1, item.end):
            return None
        asked = [w for w in side if w.kind == "applicant" and act.end <= w.start and w.end <= item.place]
        if asked and act.id == "receive" and len({w.id for w in asked}) == 1:
            subject = "+".join(f"requests:new/{column}" for column in asked[0].concept.columns)
            return Parse(subject, (), "query", start, (*words, asked[0]), topic="requests")
        if any(w.kind == "applicant" for w in side) and not (explicit and len(asked) > 1):
            return None
        readings: tuple[str, ...]
        match act.id:
            case "receive":
                subject, readings = "requests:new/total", ("requests:new/total+requests:carried_in/total",)
                readings = readings if not explicit or self._with_carried_in(item) else ()
            case "handle" if self._with_carried_in(item):
                subject, readings = (
                    "requests:new/total+requests:carried_in/total",
                    ("requests:handled/total",),
                )
            case "answer":
                subject, readings = "requests:handled/total", ()
            case _:
                subject = "requests:handled/total"
                readings = ("requests:new/total", "requests:new/total+requests:carried_in/total")
        refers = noun is not None and noun.start > item.place and act.start > noun.start
        return Parse(subject, readings, "query", start, words, refers, topic="requests")

    def _all_of_them(self, item: Item) -> Parse | None:
        """A figure named again, of which the next are parts (提出申请的12件中，予以公开5件)."""
        if not self.text.startswith("中", item.end - 1) or item.shared:
            return None
        nouns = [w for w in (*item.before, *item.after) if w.id in _REQUESTS]
        if (
            not nouns
            or not self._covered(item.start, item.place)
            or not self._covered(item.place + 1, item.end)
        ):
            return None
        readings = ("requests:handled/total", "requests:new/total+requests:carried_in/total")
        return Parse(
            "requests:new/total", readings, "query", item.start, tuple(nouns), True, topic="requests"
        )

    def _are_told(self, item: Item) -> bool:
        """Whether the numbers beside an item, up to a semicolon or its own parts, are what is still open."""
        stop = self.text.find("；", item.place)
        end = stop if stop >= 0 else len(self.text)
        for other in self.items[item.index + 1 :]:
            if other.place > end or any(w.id == "among" for w in other.before):
                return True
            parse = self.parse(other.index)
            of_all = self.units[other.index] not in _CASES
            if not of_all and (parse is None or parse.subject != "requests:carried_out/total"):
                return False
        return True

    def _with_carried_in(self, item: Item) -> bool:
        """Whether a bracket right after the number says that it holds what was carried in."""
        following = self.text[item.place + 1 : self._clause_end(item) + 1]
        return re.search("（(?:其中)?(?:含|包括|包含)[^（）#]{0,10}(?:结转|转入|遗留)", following) is not None
