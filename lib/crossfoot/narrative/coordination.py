"""What a number counts that several labels share, or that is of one kind of applicant only.

属于行政执法案卷或行政查询事项66件 counts both, and so does 其余59件为部分公开、不予公开; of
自然人申请中，予以公开5件 the 5 are of natural persons. No fixed wording of one label counts such a number.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .disputes import rows_of
from .items import STOPS, Clauses, Item, Parse, labels_of
from .results import sum_of
from .vocabulary import DISPUTES, Word

_UNTOLD = Parse("", several=True)
_JOINS = re.compile("(?:和|及|与|以及|或|或者|、)$")
_LINKS = re.compile("(?:的|类|等|情形)*(?:和|及|与|以及|或|或者|、)(?:属于|因|被|为)*")
_OPEN_END = ("等", "其他", "其它")
_OF_APPLICANT = re.compile(
    "(?:类|申请人|提出|提交)*的?(?:政府|信息|公开)*(?:申请(?:的?#(?:申请)?中?)?|#(?:政府|信息|公开)*申请中)[，：中]*"
)


def shared(s: Clauses, item: Item) -> Parse | None:
    """What a number of several labels counts, if that can be told; None where it has one label."""
    labelled = [w for w in labels_of(item.before) if w.id != "rest"]
    found = _listed_before(s, item) if labelled else _listed_after(s, item)
    if found is None:
        return None
    labels, whole = found
    kinds = {w.kind for w in labels}
    if not whole or len(kinds) > 1:
        return _UNTOLD
    if kinds == {"result"}:
        rows = [row for w in labels for row in w.concept.rows]
        start = min(item.place, labels[0].start)
        return replace(sum_of(s, rows, start, tuple(labels)), several=True)
    about = _rows(s, item)
    if kinds == {"ruling"} and about:
        columns = dict.fromkeys(w.concept.column for w in labels)
        subject = "+".join(f"disputes:{row}/{column}" for row in about for column in columns)
        start = min(item.place, labels[0].start)
        return Parse(subject, (), start, tuple(labels), topic="disputes", several=True)
    return _UNTOLD


def _rows(s: Clauses, item: Item) -> tuple[str, ...]:
    earlier = [w for w in s.words if w.id in DISPUTES and w.start < item.place]
    return rows_of(earlier[-1:]) or s.about.rows


def _listed_before(s: Clauses, item: Item) -> tuple[list[Word], bool] | None:
    """The labels joined before a number, and whether all that is joined was understood."""
    labels = [w for w in item.before if w.kind in ("result", "ruling")]
    if not labels or not s.covered(labels[-1].end, item.place):
        return None
    group = labels[-1:]
    while True:
        before = s.text[item.start : group[0].start]
        before = re.sub("(?:属于|因|被|为|是)+$", "", before)
        if not _JOINS.search(before):
            break
        earlier = [w for w in labels if w.end <= group[0].start and w not in group]
        link = s.text[earlier[-1].end : group[0].start] if earlier else ""
        if not earlier or not _LINKS.fullmatch(link):
            named = re.split("[和及与或、]", before)[-2:]
            return (group, False) if any(named) else None
        group.insert(0, earlier[-1])
    after = s.text[group[-1].end : item.place]
    if len(group) > 1:
        return group, not after.startswith(_OPEN_END)
    return (group, False) if re.match("(?:及|和|与|或|、)?(?:等)?其[他它](?!处理)", after) else None


def _listed_after(s: Clauses, item: Item) -> tuple[list[Word], bool] | None:
    """The labels listed after a number up to the next stop or number, and whether they are all there are."""
    ends = [at for at in (s.text.find(sign, item.place + 1) for sign in STOPS + "#") if at >= 0]
    end = min([*ends, len(s.text)])
    own = [w for w in s.words if item.place < w.start and w.end <= end and w.kind in ("result", "ruling")]
    if len(own) < 2 or (end < len(s.text) and s.text[end] == "#" and s.text[end - 1] in "、和及"):
        return None
    links = [s.text[one.end : two.start] for one, two in pairwise(own)]
    if any("，" in link for link in links) or not any(set(link) & set("和及与或、") for link in links):
        return None  # 属内部管理信息未予公开: a reason and its result
    told = all(_LINKS.fullmatch(link) for link in links)
    return own, told and not s.text[own[-1].end : end].startswith(_OPEN_END)


def of_one_applicant(s: Clauses, item: Item, subject: Sequence[str]) -> tuple[str, ...]:
    """The cells of one kind of applicant where totals are told of its requests alone; empty elsewhere."""
    rows = [name.rpartition("/") for name in subject]
    if not rows or any(not row.startswith("requests:") or column != "total" for row, _, column in rows):
        return ()
    start = max(s.text.rfind(sign, 0, item.place) for sign in "；。") + 1
    people = [w for w in s.words if w.kind == "applicant" and start <= w.start < item.place]
    if not people or "#" in s.text[start : people[0].start] or len({w.id for w in people}) > 1:
        return ()
    if any(w.id in ("request", "receive") for w in s.words if start <= w.start < people[0].start):
        return ()
    own = _OF_APPLICANT.match(s.text, people[0].end)
    if own is None or own.end() > item.place:
        return ()
    if own.end() < item.start and not any(w.kind == "result" for w in item.words):
        return ()
    return tuple(f"{row}/{column}" for row, _, _ in rows for column in people[0].concept.columns)
