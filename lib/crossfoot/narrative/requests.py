"""What words about requests name: the rows of table 三 but for their results, and its columns."""

import re
from collections.abc import Sequence

from .items import Clauses, Item, Parse, labels_of
from .phrases import CASES
from .results import is_among_results, result, sum_of
from .vocabulary import REQUESTS, RESULTS, Word

_NEW, _CARRIED_IN = "requests:new/total", "requests:carried_in/total"
_HANDLED, _CARRIED_OUT = "requests:handled/total", "requests:carried_out/total"
_BOTH = f"{_NEW}+{_CARRIED_IN}"
_DONE = ("receive", "answer", "handle")
_JOINING = re.compile("[和及与、]")
_ALL_KINDS = re.compile("和|及|与|或|、")
_HOLDS_CARRIED_IN = re.compile("（(?:其中)?(?:含|包括|包含)[^（）#]{0,10}(?:结转|转入|遗留)")
_COMES_FROM = ("转来", "转入", "转至", "转到", "转接", "延续")  # from whom or where, if no year is named
_SAME = 3  # characters between a verb of carrying and the year after it
_NEAR = 12  # characters between the year and the verb after it
_SPREAD = 16  # characters between 新收 and the 上年结转 that is joined to it


def request(s: Clauses, item: Item) -> Parse | None:
    """A number of requests: received, dealt with, carried in or out, by result or by applicant."""
    about = s.about.topic == "requests" or s.has(("request",), item.end)
    if not about or any(w.id in ("not_yet", "unsorted_ruling") for w in item.before):
        return None
    if s.unit(item) not in CASES or _goes_on_elsewhere(s, item):
        return None
    labelled = labels_of(w for w in item.before if w.id != "rest")
    if not labelled and item.shared and not labels_of(item.after):
        return None
    side = item.before if labelled else item.after
    return (
        _carried(s, item, side)
        or _still_open(s, item, side)
        or result(s, item, side)
        or _rest(s, item)
        or _applicants(s, item, side)
        or _dealt_with(s, item, side)
    )


def _goes_on_elsewhere(s: Clauses, item: Item) -> bool:
    """Whether an item without a noun goes on with what is not understood, or is another matter."""
    if any(w.id in REQUESTS for w in item.words):
        return False
    for other in reversed(s.items[: item.index]):
        if "；" in s.text[other.place : item.place]:
            return False
        nouns = [w for w in other.words if w.kind == "thing"]
        if nouns:
            parse = s.parses.get(other.index)
            own = nouns[-1].id == "application" and s.covered(other.start, nouns[-1].start)
            foreign = nouns[-1].concept.form == "none" or (nouns[-1].id == "application" and not own)
            return foreign and (parse is None or not parse.subject)
    return False


# ------------------------------------------------------------------------------- carried over, still open


def _carried(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """A number of requests carried in or out, or received and carried in as one."""
    carries = [w for w in side if w.id == "carry"]
    if not carries or not s.adjacent(item, carries[-1]):
        return None
    carry = carries[-1]
    if any(w.id == "answer" and w.start > carry.end for w in item.before):
        return None
    time = _year_of(s, item, side, carry)
    start = min(item.place, carry.start, time.start if time else carry.start)
    if time is None and carry.text in _COMES_FROM:
        return None
    if time is None:
        return Parse(_CARRIED_OUT, (_CARRIED_IN,), start, (carry,), topic="requests")
    if time.id == "other_year":
        return None
    received = [w for w in side if w.id == "receive" and w.end <= start]
    between = s.text[received[-1].end : start] if received else ""
    if time.id == "last" and received and _JOINING.search(between) and len(between) <= _SPREAD:
        words = (received[-1], time, carry)
        return Parse(_BOTH, (), received[-1].start, words, topic="requests")
    subject = _CARRIED_IN if time.id == "last" else _CARRIED_OUT
    return Parse(subject, (), start, (time, carry), topic="requests")


def _year_of(s: Clauses, item: Item, side: Sequence[Word], carry: Word) -> Word | None:
    """The year that a verb of carrying goes with: right after it, else before it, else after the number."""
    times = [w for w in side if w.id in ("last", "next", "other_year")]
    if not times and side is item.before and not item.shared:
        times = [w for w in item.after if w.id == "next" and s.covered(item.place + 1, w.start)]
    after = [w for w in times if w.start >= carry.end and w.start - carry.end <= _SAME]
    before = [w for w in times if w.end <= carry.start and carry.start - w.end <= _NEAR]
    behind = [w for w in times if w.start > item.place >= carry.end]
    return next(iter([*after, *reversed(before), *behind]), None)


def _still_open(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """A number of requests not yet answered: of last year's (2022年未办结的3件) they were carried in."""
    found = [w for w in side if w.id == "open"]
    if not found or not s.adjacent(item, found[-1]):
        return None
    earlier = [w for w in side if w.id == "last" and w.end <= found[-1].start]
    subject = _CARRIED_IN if earlier else _CARRIED_OUT
    words = (*earlier[-1:], found[-1])
    return Parse(subject, (), min(found[-1].start, item.place), words, topic="requests")


def _rest(s: Clauses, item: Item) -> Parse | None:
    """What remains (其余3件): of the results if it was answered, else of what is still open."""
    found = [w for w in item.before if w.id == "rest"]
    if not found or not s.covered(found[-1].end, item.place):
        return None
    word = found[-1]
    if s.text[word.start - 1 : word.start] == "等":
        return None
    end = s.clause_end(item)
    later = {w.id for w in s.words if item.place < w.start and w.end <= end}
    if later & {"open", "carry"}:
        return Parse(_CARRIED_OUT, (), word.start, (word,), topic="requests")
    if "answer" in later:
        listed = _rows_before(s, item)
        left = tuple(row for row in RESULTS if row not in listed)
        if len(left) == len(RESULTS):
            return Parse(_HANDLED, (), word.start, (word,), topic="requests")
        return sum_of(s, left, word.start, (word,), (_HANDLED,))
    if word.text in ("其他", "其它") and is_among_results(s, item) and not labels_of(item.after):
        readings = ("requests:other.else/total",) if s.form == "2021" else ()
        return sum_of(s, ("other*",), word.start, (word,), readings)
    return None


def _rows_before(s: Clauses, item: Item) -> set[str]:
    """The rows of table 三 that the sentence counts before an item."""
    found: set[str] = set()
    for other in s.items[: item.index]:
        parse = s.parses.get(other.index)
        if parse is not None and parse.topic == "requests":
            rows = [name.partition(":")[2].partition("/")[0] for name in parse.subject.split("+")]
            found |= {"other*" if row.startswith("other.") else row for row in rows}
    return found


# ------------------------------------------------------------------------------------------- applicants


def _applicants(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """A number of requests of one kind of applicant."""
    found = [w for w in side if w.kind == "applicant"]
    if not found or any(w.kind == "act" for w in side) or not s.adjacent(item, found[-1]):
        return None
    if len(found) > 1 and _ALL_KINDS.fullmatch(s.text, found[-2].end, found[-1].start):
        return None  # 公民、法人和其他组织: all there are
    own = found[-1]
    if own.id == "other_org" and not any(w.id in ("enterprise", "research") for w in s.words):
        return None  # beside 法人 it is not the form's 其他
    subject = "+".join(f"requests:{{row}}/{column}" for column in own.concept.columns)
    return Parse(subject, (), min(item.place, own.start), (own,), topic="requests")


# ------------------------------------------------------------------------------- received and dealt with


def _dealt_with(s: Clauses, item: Item, side: Sequence[Word]) -> Parse | None:
    """A number of requests received, dealt with or answered."""
    nouns = [w for w in item.words if w.id in REQUESTS]
    act = _act_of(item, side, nouns)
    if act is None:
        return _named_again(s, item, nouns)
    noun = nouns[-1] if nouns else None
    if not _is_of_requests(s, item, side, act, noun):
        return None
    start = min(item.place, act.start, noun.start if noun else act.start)
    words = tuple(sorted({act, *([noun] if noun else [])}, key=lambda w: w.start))
    people = [w for w in side if w.kind == "applicant"]
    asked = [w for w in people if act.end <= w.start and w.end <= item.place]
    if asked and act.id == "receive" and len({w.id for w in asked}) == 1:
        subject = "+".join(f"requests:new/{column}" for column in asked[0].concept.columns)
        return Parse(subject, (), start, (*words, asked[0]), topic="requests")
    explicit = noun is not None and noun.id == "request"
    if people and not (explicit and len(asked) > 1):
        return None
    subject, readings = _named_by(act, explicit, _holds_carried_in(s, item))
    return Parse(subject, readings, start, words, topic="requests")


def _act_of(item: Item, side: Sequence[Word], nouns: list[Word]) -> Word | None:
    """The verb of receiving or dealing with that the number goes with."""
    acts = [w for w in side if w.id in _DONE]
    if not acts and nouns and not item.shared:
        acts = [w for w in item.after if w.id in _DONE]
    if not acts:
        return None
    return acts[-1] if acts[-1].end <= item.place else acts[0]


def _is_of_requests(s: Clauses, item: Item, side: Sequence[Word], act: Word, noun: Word | None) -> bool:
    """Whether verb, noun and number stand together, with nobody and nothing unknown between them."""
    explicit = noun is not None and noun.id == "request"
    if noun is not None and noun.end <= item.place:
        reached = noun if noun.start > act.start or not explicit else act
        if not s.covered(reached.end, item.place):
            return False
        if not explicit and not s.covered(min(act.end, noun.start), noun.start):
            return False
    elif not s.adjacent(item, act):
        return False
    if noun is None and act.end <= item.place and not s.covered(item.start, act.start):
        return False
    if noun is not None and noun.start > item.place and not s.covered(item.place + 1, noun.start):
        return False
    if act.start > item.place and act.id != "answer" and not s.covered(item.place + 1, item.end):
        return False
    part = side is item.after and any(w.id == "among" for w in item.before)
    return not part or _rest_is_open(s, item)


def _named_by(act: Word, explicit: bool, with_carried_in: bool) -> tuple[str, tuple[str, ...]]:
    """What a verb with 申请 counts, and the other readings."""
    match act.id:
        case "receive":
            return _NEW, () if explicit and not with_carried_in else (_BOTH,)
        case "answer":
            return _HANDLED, ()
        case "handle":
            return (_BOTH, (_HANDLED,)) if with_carried_in else (_HANDLED, (_NEW, _BOTH))
        case _:
            raise ValueError(f"unknown verb {act.id!r}")


def _named_again(s: Clauses, item: Item, nouns: list[Word]) -> Parse | None:
    """A figure named again, of which the next are parts (提出申请的12件中，予以公开5件)."""
    if not nouns or item.shared or not s.text.startswith("中", item.end - 1):
        return None
    if not s.covered(item.start, item.place) or not s.covered(item.place + 1, item.end):
        return None
    return Parse(_NEW, (_HANDLED, _BOTH), item.start, tuple(nouns), topic="requests")


def _rest_is_open(s: Clauses, item: Item) -> bool:
    """Whether the numbers beside an item, up to a semicolon or its own parts, are what is still open."""
    stop = s.text.find("；", item.place)
    end = stop if stop >= 0 else len(s.text)
    for other in s.items[item.index + 1 :]:
        if other.place > end or any(w.id == "among" for w in other.before):
            return True
        found = request(s, other)
        if s.unit(other) in CASES and (found is None or found.subject != _CARRIED_OUT):
            return False
    return True


def _holds_carried_in(s: Clauses, item: Item) -> bool:
    """Whether a bracket right after the number says that it holds what was carried in."""
    following = s.text[item.place + 1 : s.clause_end(item) + 1]
    return _HOLDS_CARRIED_IN.search(following) is not None
