"""What words about reviews and lawsuits name: the cells of table 四."""

import re
from collections.abc import Iterable
from dataclasses import replace

from .items import Clauses, Item, Parse, labels_of
from .phrases import CASES
from .vocabulary import DISPUTES, Word

_OF_INFORMATION = re.compile("其中[^，；。]{0,8}信息公开")


def has_ruling(item: Item) -> bool:
    """Whether what labels the item is what became of a review or lawsuit."""
    words = item.before if labels_of(item.before) else item.after
    return any(w.kind == "ruling" for w in words) and not any(w.kind == "result" for w in words)


def dispute(s: Clauses, item: Item) -> Parse | None:
    """A number of reviews or lawsuits, or of one outcome of them."""
    if any(w.kind == "bar" for w in item.words) or any(w.id in ("carry", "open") for w in item.before):
        return None
    if s.unit(item) not in CASES or _is_of_all(s, item):
        return None
    things = item.named(*DISPUTES)
    own = rows_of(_joined(s, things))
    rows = own or _rows_before(s, item)
    if not rows:
        return None
    if own and things[-1] in item.before and any(w.kind == "all" for w in item.after):
        whole = _total(s, item, things, rows)  # 复议案件18件全部维持: so many in all
        return replace(whole, several=True) if whole is not None else None
    rulings = _rulings(s, item, things)
    if len({w.id for w in rulings}) > 1:
        return None
    if rulings:
        return _ruling(s, item, things, rulings[-1], rows)
    return _total(s, item, things, rows) if own else None


def rows_of(words: Iterable[Word]) -> tuple[str, ...]:
    """The rows of table 四 that words stand for, each once."""
    return tuple(dict.fromkeys(row for w in words for row in w.concept.rows))


def _rows_before(s: Clauses, item: Item) -> tuple[str, ...]:
    """The rows that the sentence, or else its section, is about before an item."""
    earlier = [w for w in s.words if w.id in DISPUTES and w.start < item.start]
    return earlier[-1].concept.rows if earlier else s.about.rows


def _rulings(s: Clauses, item: Item, things: list[Word]) -> list[Word]:
    """The outcomes that may be the number's own."""
    labelled = labels_of(item.before)
    found = [w for w in (item.before if labelled else item.after) if w.kind == "ruling"]
    if not found and not labelled and item.joined:
        found = _ruling_after(s, item)
    if not found and things and things[-1] in item.before and not item.shared:
        found = [w for w in item.after if w.kind == "ruling"]
    return found


def _ruling(s: Clauses, item: Item, things: list[Word], word: Word, rows: tuple[str, ...]) -> Parse | None:
    """A number of one outcome of these rows."""
    if word in item.words and not s.adjacent(item, word):
        return None
    subject = "+".join(f"disputes:{row}/{word.concept.column}" for row in rows)
    start = min([item.place, word.start, *(w.start for w in things)])
    return Parse(subject, (), start, (*things, word), topic="disputes")


def _total(s: Clauses, item: Item, things: list[Word], rows: tuple[str, ...]) -> Parse | None:
    """A number of all reviews or lawsuits of these rows."""
    nearest = things[-1] if things[-1] in item.before else things[0]
    if not s.adjacent(item, nearest):
        return None
    if any(w.id in ("receive", "handle", "answer") for w in item.before):
        return None  # a body that hears reviews counts others than its own
    subject = "+".join(f"disputes:{row}/total" for row in rows)
    start = min(item.place, things[0].start)
    return Parse(subject, (), start, tuple(things), topic="disputes")


def _is_of_all(s: Clauses, item: Item) -> bool:
    """Whether the next number says how many of these are about information (其中信息公开类6件)."""
    following = s.items[item.index + 1 : item.index + 2]
    return any(_OF_INFORMATION.search(s.text, item.place, other.place) for other in following)


def _joined(s: Clauses, things: list[Word]) -> list[Word]:
    """The last thing and those that 和 or 、 join to it."""
    found = things[-1:]
    for earlier in reversed(things[:-1]):
        between = s.text[earlier.end : found[0].start]
        if between.strip("、和及与或以被提起") or "#" in between:
            break
        found.insert(0, earlier)
    return found


def _ruling_after(s: Clauses, item: Item) -> list[Word]:
    """The ruling of the next item, where both put their numbers first (6件复议、26件诉讼获维持)."""
    for other in s.items[item.index + 1 : item.index + 2]:
        if not labels_of(other.before):
            found = [w for w in other.after if w.kind == "ruling"]
            return [Word(item.place + 1, item.place + 1, w.text, w.concept) for w in found]
    return []
