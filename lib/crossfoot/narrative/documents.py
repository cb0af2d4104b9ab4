"""What words about documents, decisions, fees and procurement name: the cells of table 二."""

import re
from collections.abc import Iterable

from .items import LIST, NO_CELL, NOT_KNOWN, Clauses, Item, Parse
from .phrases import CASES
from .vocabulary import DECISIONS, DOCUMENTS, REQUESTS, Word

DISCLOSURE = (*DOCUMENTS, *DECISIONS, "other_services", "fees", "procurement")
_SINCE = re.compile("[，；](?:其中)?(?:本年|今年|当年|全年新)")
_STOCKS = (*DECISIONS, "other_services", "fees")  # form 2019 counts their items too
_OF_DOCUMENTS = ("make", "repeal", "in_force")
_COLUMN_OF = {
    "make": "made",
    "repeal": "repealed",
    "in_force": "in_force",
    "publish": "published",
    "public_total": "public_total",
}
_PRICED = {"fees": "2021", "procurement": "2019"}  # what is counted in money, and by which form
_TAKEN = ("decide", "handle", "answer")
_NUMBERED = frozenset(["件", "份", "部", "个", "篇", "项", ""])
_DECIDED = frozenset(["件", "项", "宗", "起", "例", "次", ""])


def disclosed(s: Clauses, item: Item, head: Word) -> Parse | None:
    """A number of what table 二 counts, whose noun is in its item."""
    if any(w.id in ("not_yet", "unsorted_ruling") for w in item.words) or not s.adjacent(item, head):
        return None
    if "累计" in s.text[item.start : item.place] and _SINCE.search(s.text):
        return NOT_KNOWN  # 累计制发352件，本年制发18件
    acts = [w for w in item.before if w.kind == "act"] or [w for w in item.after if w.kind == "act"]
    if head.id in DOCUMENTS:
        act = next((w for w in reversed(acts) if w.id in _COLUMN_OF), None)
        act = act if acts else _act_before(s, item, _COLUMN_OF)
        if act is None or s.known.hints("other_body", s.text[min(act.end, head.start) : head.start]):
            return None
        return _document(s, item, head.id, act, min(act, head, key=lambda w: w.start))
    if head.id not in DECISIONS or s.unit(item) == "项":
        return _stock(s, item, head, acts)
    return _decisions(s, item, head, acts)


def documents_of_a_list(s: Clauses, item: Item) -> Parse | None:
    """A number whose act is one of documents, its noun left out: taken from an item beside it."""
    acts = [w for w in item.words if w.id in _OF_DOCUMENTS]
    if "累计" in s.text[item.start : item.place] and _SINCE.search(s.text):
        return None
    if not acts or any(w.kind in ("thing", "result", "applicant") for w in item.before):
        return None
    for other in reversed(s.items[: item.index]):
        parse = s.parses.get(other.index)
        if parse is not None and parse.topic in DOCUMENTS:
            return _document(s, item, parse.topic, acts[-1], acts[-1])
        if parse is None or parse.topic:
            break
    noun = _noun_after(s, item) if len({w.id for w in acts}) == 1 else None
    return _document(s, item, noun.id, acts[-1], acts[-1]) if noun is not None else None


def _noun_after(s: Clauses, item: Item) -> Word | None:
    """The noun of a list of documents that only a later item has (共制发27件，现行有效的规范性文件共33件)."""
    for other in s.items[item.index + 1 :]:
        if "；" in s.text[item.place : other.place]:
            return None
        heads = [w for w in other.words if w.kind == "thing"]
        if heads:
            return heads[0] if heads[0].id in DOCUMENTS else None
        if not any(w.id in _OF_DOCUMENTS for w in other.before):
            return None
    return None


def _act_before(s: Clauses, item: Item, ids: Iterable[str]) -> Word | None:
    """The act of the item just before in a list, where this one has a noun and no act."""
    if not item.index or any(w.id == "among" for w in item.before):
        return None
    other = s.items[item.index - 1]
    between = s.text[other.place + 1 : item.start]
    if between.strip(LIST + "，和及") or s.parses.get(other.index) is None:
        return None
    return next((w for w in reversed(other.before) if w.id in ids), None)


def _document(s: Clauses, item: Item, kind: str, act: Word, first: Word) -> Parse | None:
    """A number of normative documents or rules: made, repealed, in force, published."""
    openly = act.id in ("publish", "public_total")
    place = s.text[item.start : item.place]
    if s.unit(item) not in (CASES | _NUMBERED if openly else _NUMBERED) or s.known.hints("shown_at", place):
        return None
    column = _COLUMN_OF[act.id]
    if s.form == "2019" and column in ("repealed", "in_force"):
        return NO_CELL
    readings: tuple[str, ...] = ()
    if s.form == "2021" and openly:
        column, other = ("made", "in_force") if act.id == "publish" else ("in_force", "made")
        readings = (f"disclosure:{kind}/{other}",)
    words = tuple(sorted({act, first}, key=lambda w: w.start))
    doubt = "perhaps_published" if openly and s.form == "2021" else ""
    start = min(first.start, item.place)
    return Parse(f"disclosure:{kind}/{column}", readings, start, words, topic=kind, doubt=doubt)


def _stock(s: Clauses, item: Item, head: Word, acts: list[Word]) -> Parse | None:
    """Fees and procurement, and the items that form 2019 counts of what a body does."""
    unit, old, kind = s.unit(item), s.form == "2019", head.id
    if any(w.id == "waived" for w in item.before):
        return None
    subject, doubt = "", ""
    readings: tuple[str, ...] = ()
    if "元" in unit:
        subject = f"disclosure:{kind}/amount" if _PRICED.get(kind) == s.form else ""
    elif kind == "procurement":
        subject = "disclosure:procurement/items" if old and not is_published(s, item) else ""
    elif old and unit == "项" and kind in _STOCKS and not any(w.id != "publish" for w in acts):
        before, change = (f"disclosure:{kind}/{column}" for column in ("items_before", "change"))
        subject, readings, doubt = f"{before}+{change}", (before,), "perhaps_published"
    elif kind in DECISIONS:
        return _decisions(s, item, head, acts)
    if not subject:
        return NO_CELL if _PRICED.get(kind, s.form) != s.form else None
    start = min(item.place, head.start)
    return Parse(subject, readings, start, (head,), topic=kind, doubt=doubt)


def _decisions(s: Clauses, item: Item, head: Word, acts: list[Word]) -> Parse | None:
    """A number of licences, penalties or measures of coercion that were decided, or perhaps published."""
    if s.unit(item) not in (*_DECIDED, *(["条"] if head.text.endswith("决定") else [])):
        return None
    own = [w for w in acts if w.id in _TAKEN]
    openly = [w for w in acts if w.id == "publish"]
    act = None if own or openly else _act_before(s, item, (*_TAKEN, "publish"))
    if act is not None:
        (openly if act.id == "publish" else own).append(act)
    if s.text.startswith("申请", head.end):
        return None  # what was asked for, not what was decided
    if not own and any("公开" not in w.text for w in openly):
        return None  # 公示, 归集: what was put on a list
    if not own and (s.has(REQUESTS, item.place) or s.text.startswith("类", head.end)):
        return None  # what requests ask for
    words = (*(own or openly)[-1:], head)
    start = min(item.place, *(w.start for w in words))
    taken = own or s.has(_TAKEN, item.place) or not s.has(("publish",), item.place)
    three = taken and all(s.has((kind,), len(s.text)) for kind in DECISIONS)
    doubt = "" if own or three else "perhaps_published"  # a list of all three is of what was decided
    kinds = [w.id for w in _joined_to(s, item, head)]
    subject = "+".join(f"disclosure:{kind}/decisions" for kind in kinds)
    return Parse(subject, (), start, words, topic=head.id, doubt=doubt, several=len(kinds) > 1)


def _joined_to(s: Clauses, item: Item, head: Word) -> list[Word]:
    """The noun of a decision and those that 、 or 和 joins to it (行政处罚、行政强制9150件)."""
    group = [head]
    for w in reversed([w for w in item.before if w.id in DECISIONS and w.end <= head.start]):
        if s.text[w.end : group[0].start] not in ("、", "和", "及", "与"):
            break
        group.insert(0, w)
    return group


def of_no_cell(s: Clauses, item: Item, head: Word) -> Parse | None:
    """A number of things that the form does not count, where nothing else in the item is."""
    region = item.words if head in item.after else item.before
    if any(w.kind in ("result", "ruling", "applicant") or w.id in REQUESTS for w in region):
        return None
    if any(other is not item and any(w.kind == "result" for w in other.words) for other in s.beside(item)):
        return NOT_KNOWN
    if head.id == "anything" and not is_published(s, item):
        return None
    if any(w.id in DISCLOSURE for w in region):
        return NOT_KNOWN  # 行政许可公开信息5913条: published or decided, that is not said
    if head in item.before and not s.covered(head.end, item.place):
        return None
    return Parse("", (), head.start, (head,), matter=head.text)


def is_published(s: Clauses, item: Item) -> bool:
    """Whether the item, or the sentence before it, speaks of what was published and of no request."""
    acts = any(w.id in ("publish", "make") for w in s.words if w.start < item.end)
    return acts and not s.has(REQUESTS, item.place)
