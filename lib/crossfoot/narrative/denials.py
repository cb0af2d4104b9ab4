"""What a clause without a figure denies, by what its words mean (lexicon.toml): cells that must be 0."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .grammar import Word, is_covered, words_of

_CLAUSE = re.compile("[^，；。：（）]+")
_DISPUTES = ("review", "litigation", "direct", "after_review", "dispute")
_DECISIONS = ("licensing", "penalty", "coercion")
_LOST = re.compile("败诉|纠错|纠正|撤销|确认违法")
_RULINGS = ("upheld", "corrected", "other", "pending")
_RESULTS = ("granted", "partly_granted", "denied.*", "unavailable.*", "not_processed.*", "other*")
_ORGANISATIONS = ("enterprise", "research", "public_interest", "legal_service", "other_org")
_REASON = re.compile("(?:因|针对|就|对|有关|涉及?|与)[^，；。]*$")
_SETTLED = re.compile("办结|办理完[毕结成]|处理完[毕成]|答复完毕|办复|妥善处理|^[^按依照规]*答复")
_TIMELY = re.compile("按时|按期|及时|如期|期限|时限|时间|期内")  # all that fell due: more may be carried out
_OF_CARRIED = re.compile("[^#，]*(?:结转|转入|转来|遗留)[^#]*#[^#]*")  # 上年结转2件，均已办结: of these
_OF_SOME = re.compile("除|其余|其他|其它|余下|剩余|另|部分|到期|应办")


@dataclass(frozen=True, slots=True)
class Denial:
    """A clause's place in the marked sentence and the cells, as phrases.toml writes them, that it says are 0.

    With `yields` it says nothing where its section gives a figure of these cells itself.
    """

    start: int
    end: int
    zero: tuple[str, ...]
    yields: bool = False

    @property
    def is_of_disputes(self) -> bool:
        """Whether it is about reviews or lawsuits."""
        return all(name.startswith("disputes:") for name in self.zero)


def denials(text: str, year: int | None, form: str, about: tuple[str, tuple[str, ...]]) -> Iterator[Denial]:
    """What the clauses of a marked sentence deny, in order."""
    words = words_of(text, year)
    for clause in _CLAUSE.finditer(text):
        start, end = clause.span()
        start = text.rfind("#", start, end) + 1 or start
        own = [w for w in words if start <= w.start and w.end <= end]
        earlier = [w for w in words if w.end <= start]
        zero = _none(text, own, form, about) if any(w.kind == "denial" for w in own) else ()
        if zero:
            yield Denial(start, end, zero)
            continue
        zero = _all(text, start, end, own, earlier, form, about)
        if zero:
            yield Denial(start, end, zero, yields=True)


def _none(text: str, own: Sequence[Word], form: str, about: tuple[str, tuple[str, ...]]) -> tuple[str, ...]:
    """未, 无, 没有 and what there is none of: the nouns after it, each with what the clause says of it."""
    denial = next(w for w in own if w.kind == "denial")
    said = own if denial.id == "zero" else [w for w in own if w.start >= denial.start]
    things = [w for w in said if w.kind == "thing"]
    disputes = [w for w in things if w.id in _DISPUTES]
    end = own[-1].end
    lost = _LOST.search(text, denial.start, end) is not None
    zero: list[str] = []
    rows = dict.fromkeys(row for w in disputes for row in w.concept.rows)
    if not rows and lost:
        rows = dict.fromkeys(_rows(own, [], about))
        if "败诉" in text[denial.start : end]:
            rows = dict.fromkeys(row for row in rows or ("direct", "after_review") if row != "review")
    zero += [f"disputes:{row}/{'corrected' if lost else 'total'}" for row in rows]
    if re.search("未经|尚未|还未", text[max(0, denial.start - 1) : denial.end + 1]):
        return ()
    made = any(w.id == "make" for w in said) or denial.text in ("未制定", "未制发", "无", "没有")
    for w in things:
        if w.id in ("normative", "rules") and made and not any(o.id == "elsewhere" for o in said):
            zero.append(f"disclosure:{w.id}/made")
        elif w.id in _DECISIONS and not any(o.id in ("request", "application") for o in things):
            zero.append(f"disclosure:{w.id}/decisions")
        elif w.id == "fees" and form != "2019":
            zero.append("disclosure:fees/amount")
        elif (
            w.id == "request"
            and not _REASON.search(text[denial.start : w.start])
            and _is_received(said, denial)
        ):
            zero.append("requests:new/total")
    carries = [w for w in said if w.id == "carry"] or (
        [denial] if denial.text in ("未结转", "未转结") else []
    )
    if carries and not zero and about[0] in ("requests", "") and not disputes:
        before = any(w.id == "last" for w in own)
        zero.append(f"requests:{'carried_in' if before else 'carried_out'}/total")
    return tuple(zero)


def _is_received(said: Sequence[Word], denial: Word) -> bool:
    """Whether what is denied is that requests came, and not something that may be done with one."""
    acts = [w for w in said if w.kind == "act" and w.id != "receive"]
    received = any(w.id == "receive" for w in said) or denial.text in (
        "未收到",
        "没有收到",
        "未接到",
        "未受理",
        "无收到",
    )
    return received and not acts


def _all(
    text: str,
    start: int,
    end: int,
    own: Sequence[Word],
    earlier: Sequence[Word],
    form: str,
    about: tuple[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """均, 全部 and what is so of every one; after a lone figure (2件，结果维持) it is so of all of them."""
    every = any(w.kind == "all" for w in own)
    alone = re.search("#[件宗起]?，$", text[:start]) is not None and is_covered(text, own, start, end)
    if _OF_SOME.search(text[start:end]) or not (every or alone):
        return ()
    rulings = [w for w in own if w.kind == "ruling"]
    if rulings and len({w.id for w in rulings}) == 1 and not _is_counted(text, end):
        told = [w for w in earlier if w.kind == "ruling"]
        rows = _rows(own, earlier, about)
        if told or not rows or any(w.id == "unsorted_ruling" for w in own):
            return ()
        column = rulings[0].concept.column
        return tuple(f"disputes:{row}/{other}" for row in rows for other in _RULINGS if other != column)
    if about[0] not in ("requests", "") and not any(w.id == "request" for w in (*earlier, *own)):
        return ()
    nouns = [w for w in (*earlier, *own) if w.kind == "thing"]
    if nouns and nouns[-1].id not in ("request", "application"):
        return ()
    people = [w for w in own if w.kind == "applicant"]
    if [w.id for w in people] == ["natural_person"] and not _is_counted(text, end):
        return tuple(f"requests:new/{column}" for column in _ORGANISATIONS)
    results = [w for w in own if w.kind == "result"]
    if every and len(results) == 1 and not _is_counted(text, end) and about[0] == "requests":
        own_row = results[0].concept.rows[0].partition(".")[0]
        return tuple(f"requests:{row}/total" for row in _RESULTS if row.rstrip("*.") != own_row)
    timely = _TIMELY.search(text, start, end) is not None
    before = max(text.rfind("；", 0, start), text.rfind("#", 0, max(0, text.rfind("#", 0, start))))
    if _OF_CARRIED.fullmatch(text[before + 1 : start]):
        return ()
    nouns_there = any(w.id in ("request", "application") for w in nouns) or about[0] == "requests"
    if (
        every
        and not timely
        and nouns_there
        and _SETTLED.search(text[start:end])
        and not _is_counted(text, end)
    ):
        return ("requests:carried_out/total",)
    return ()


def _is_counted(text: str, end: int) -> bool:
    """Whether the clause ends in a figure: then it is no statement without one."""
    return text[end - 1 : end] == "#" or text.startswith("#", end)


def _rows(
    own: Sequence[Word], earlier: Sequence[Word], about: tuple[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The rows of table 四 that a clause is about: its own nouns, the last before it, or the section's."""
    named = [w for w in own if w.id in _DISPUTES] or [w for w in earlier if w.id in _DISPUTES][-1:]
    return tuple(dict.fromkeys(row for w in named for row in w.concept.rows)) or about[1]
