"""What words about the results of requests name: the rows of table 三 from 予以公开 to 其他处理."""

import re
from collections.abc import Iterable, Sequence

from .items import Clauses, Item, Parse
from .vocabulary import BRACKET, Word

_GROUPS = ("denied", "unavailable", "not_processed")
_JOINING = ("和", "及", "与", "以及", "或", "、", "并")
_EXPLAINS = ("（含", "（包括", "（包含", "（即", "（指", "（以下")
_AMONG_OTHERS = re.compile("等其[他它]")
_BOTH_GRANTED = ("granted", "partly_granted")
_ELSEWHERE = {  # what the form has no row for, and where else bodies put it
    "withdrawn": ("requests:other*/total",),
    "absent": (
        "requests:unavailable.*/total",
        "requests:unavailable.needs_compiling/total",
        "requests:other*/total",
    ),
    "public_already": ("requests:granted/total+requests:partly_granted/total", "requests:other*/total"),
}


def result(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """A number of requests with one result, or with several that are joined."""
    found = [w for w in side if w.kind == "result"]
    if not found:
        return _granted_by_one_word(s, item, side)
    last = found[-1] if found[-1].end <= item.place else found[0]
    if not s.adjacent(item, last) or _AMONG_OTHERS.search(s.text, last.end, item.place):
        return None
    narrowed = _in_brackets(s, last, item)
    if narrowed is not None:
        return sum_of(s, narrowed, min(item.place, last.start), (last,)) if narrowed else None
    group = _joined(s, found) if last is found[-1] else [last]
    reason = _reason(s, found, last) if group == [last] else None
    rows = [row for w in ([reason] if reason else group) for row in w.concept.rows]
    group = [reason, last] if reason else group
    readings = _ELSEWHERE.get(last.id, ())
    doubt = "perhaps_elsewhere" if readings else ""
    start = min(item.place, *(w.start for w in group))
    return sum_of(s, rows, start, tuple(group), readings, doubt)


def _reason(s: Clauses, found: Sequence[Word], label: Word) -> Word | None:
    """The reason beside the name of its group (因国家秘密不予公开3件), unless it stands for others too."""
    if label.id not in _GROUPS:
        return None
    own = [w for w in found if w is not label and w.concept.rows[0].startswith(label.id)]
    return own[-1] if own and "等" not in s.text[own[-1].end : label.start] else None


def sum_of(
    s: Clauses,
    rows: Iterable[str],
    start: int,
    words: tuple[Word, ...],
    readings: tuple[str, ...] = (),
    doubt: str = "",
) -> Parse:
    """The totals of rows of table 三 as what a number counts; form 2019 has one row for 其他处理."""
    kept = ["other*" if s.form == "2019" and row.startswith("other.") else row for row in rows]
    subject = "+".join(f"requests:{row}/total" for row in dict.fromkeys(kept))
    return Parse(subject, readings, start, words, topic="requests", doubt=doubt)


def is_among_results(s: Clauses, item: Item) -> bool:
    """Whether the item stands in a list of results, with one just before or after it."""
    return any(other is not item and any(w.kind == "result" for w in other.words) for other in s.beside(item))


def _in_brackets(s: Clauses, label: Word, item: Item) -> tuple[str, ...] | None:
    """The rows that a bracket between a label and its number makes of it (无法提供（本机关不掌握）8件).

    None where there is no such bracket, or it only explains; empty where it is not understood.
    """
    aside = BRACKET.search(s.text, label.end, max(label.end, item.place))
    if aside is None:
        return None
    if aside[0].startswith(_EXPLAINS):
        return _BOTH_GRANTED if label.id == "granted" and "部分公开" in aside[0] else None
    named = [w for w in s.words if aside.start() < w.start < aside.end() and w.kind == "result"]
    if label.id == "granted" and [w.id for w in named] == ["partly_granted"]:
        return _BOTH_GRANTED
    own = label.id.replace("other_result", "other")
    return named[0].concept.rows if len(named) == 1 and named[0].concept.rows[0].startswith(own) else ()


def _granted_by_one_word(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """公开 alone, beside another result: what was granted."""
    found = [w for w in side if w.text in ("公开", "依法公开")]
    start, end = (item.start, item.place) if side is item.before else (item.place + 1, item.end)
    if not found or any(w.kind == "thing" for w in side) or not s.covered(start, end):
        return None
    if not any(w.kind == "result" for other in s.beside(item) for w in other.words):
        return None
    return sum_of(s, ("granted",), min(item.place, found[-1].start), (found[-1],))


def _joined(s: Clauses, found: list[Word]) -> list[Word]:
    """The last result and those that a word joins to it: the number counts all of them."""
    group = found[-1:]
    for earlier in reversed(found[:-1]):
        if s.text[earlier.end : group[0].start].strip() not in _JOINING:
            break
        group.insert(0, earlier)
    return group
