"""What a clause without a figure denies, by what its words mean (lexicon.toml): cells that must be 0."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .items import About
from .vocabulary import (
    DECISIONS,
    DISPUTES,
    REQUESTS,
    RESULTS,
    Vocabulary,
    Word,
    gaps_of,
    is_covered,
    words_of,
)

_CLAUSE = re.compile("[^，；。：（）]+")
_RULINGS = ("upheld", "corrected", "other", "pending")
_ORGANISATIONS = ("enterprise", "research", "public_interest", "legal_service", "other_org")
_BARE = ("无", "没有")
_LONE = re.compile("#[件宗起]?，$")
_REASON = re.compile("(?:因|针对|就|对|有关|涉及?|与)[^，；。]*$")
_OF_CARRIED = re.compile("[^#，]*(?:结转|转入|转来|遗留)[^#]*#[^#]*")  # 上年结转2件，均已办结: of these


@dataclass(frozen=True, slots=True)
class Denial:
    """A clause's place in the marked sentence and the cells, as phrases.toml writes them, that it says are 0.

    `said` is where it begins to say so. With `yields` it says nothing where its section gives a figure of
    these cells itself.
    """

    start: int
    end: int
    zero: tuple[str, ...]
    said: int
    yields: bool = False

    @property
    def is_of_disputes(self) -> bool:
        """Whether it is about reviews or lawsuits."""
        return all(name.startswith("disputes:") for name in self.zero)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause, from its last number on, with its words and those of the sentence before it."""

    text: str
    start: int
    end: int
    own: tuple[Word, ...]
    earlier: tuple[Word, ...]
    covered: bool
    form: str
    about: About
    known: Vocabulary

    def has(self, clue: str) -> bool:
        """Whether a word of that clue stands in the clause."""
        return self.known.hints(clue, self.text[self.start : self.end])

    @property
    def is_counted(self) -> bool:
        """Whether the clause ends in a figure: then it is no statement without one."""
        return self.text[self.end - 1 : self.end] == "#" or self.text.startswith("#", self.end)


def denials(
    text: str, year: int | None, form: str, about: tuple[str, tuple[str, ...]], known: Vocabulary
) -> Iterator[Denial]:
    """What the clauses of a marked sentence deny, in order."""
    words = words_of(text, year, known)
    gaps = gaps_of(text, words)
    for match in _CLAUSE.finditer(text):
        start, end = match.span()
        start = text.rfind("#", start, end) + 1 or start
        own = tuple(w for w in words if start <= w.start and w.end <= end)
        earlier = tuple(w for w in words if w.end <= start)
        covered = is_covered(gaps, start, end)
        clause = _Clause(text, start, end, own, earlier, covered, form, About(*about), known)
        denial = next((w for w in own if w.kind == "denial"), None)
        if denial is not None and (zero := _none(clause, denial)):
            yield Denial(start, end, zero, said=start if denial.id == "zero" else denial.start)
        elif zero := _all(clause):
            yields = not zero[0].startswith("requests:new/")  # who asked is said of all, whatever is counted
            yield Denial(start, end, zero, said=start, yields=yields)


# --------------------------------------------------------------------------------------- there is none of it


def _none(clause: _Clause, denial: Word) -> tuple[str, ...]:
    """未, 无, 没有 and what there is none of: the nouns after it, each with what the clause says of it."""
    text = clause.text
    if re.search("未经|尚未|还未", text[max(0, denial.start - 1) : denial.end + 1]):
        return ()
    said = [w for w in clause.own if denial.id == "zero" or w.start >= denial.start]
    things = [w for w in said if w.kind == "thing"]
    named = (_none_of(clause, denial, said, word) for word in things)
    zero = (*_no_disputes(clause, denial, things), *(cell for cell in named if cell))
    disputed = any(w.id in DISPUTES for w in things)
    if zero or disputed or clause.about.topic not in ("requests", ""):
        return zero
    if any(w.id == "carry" for w in said):
        row = "carried_in" if any(w.id == "last" for w in clause.own) else "carried_out"
        return (f"requests:{row}/total",)
    return ()


def _no_disputes(clause: _Clause, denial: Word, things: Sequence[Word]) -> tuple[str, ...]:
    """That there were no reviews or lawsuits, or that none was lost."""
    said = clause.text[clause.start if denial.id == "zero" else denial.start : clause.end]
    lost = clause.known.hints("lost", said)
    if any(w.id in DECISIONS for w in things) and lost:
        return ()  # 无行政处罚被复议纠正
    rows = _rows([w for w in things if w.id in DISPUTES])
    if not rows and lost:
        rows = _rows([w for w in clause.own if w.id in DISPUTES]) or clause.about.rows
        if "败诉" in said:
            rows = tuple(row for row in rows or ("direct", "after_review") if row != "review")
    return tuple(f"disputes:{row}/{'corrected' if lost else 'total'}" for row in rows)


def _none_of(clause: _Clause, denial: Word, said: Sequence[Word], word: Word) -> str:
    """The cell of a noun of which there is none; "" where the clause denies something else of it."""
    ids = {w.id for w in said}
    if word.id in ("normative", "rules"):
        made = clause.covered and ("make" in ids or denial.text in _BARE)
        return f"disclosure:{word.id}/made" if made and "elsewhere" not in ids else ""
    if word.id in DECISIONS:
        whole = clause.covered and not ids & {*REQUESTS, "unsorted_ruling", "corrected"}
        return f"disclosure:{word.id}/decisions" if whole else ""
    if word.id == "fees":
        return "disclosure:fees/amount" if clause.covered and clause.form != "2019" else ""
    if word.id != "request" or _REASON.search(clause.text[denial.start : word.start]):
        return ""
    acts = {w.id for w in said if w.kind == "act"}
    return "requests:new/total" if acts == {"receive"} else ""


# -------------------------------------------------------------------------------------- it is so of every one


def _all(clause: _Clause) -> tuple[str, ...]:
    """均, 全部 and what is so of every one; after a lone figure (2件，结果维持) it is so of all of them."""
    every = any(w.kind == "all" for w in clause.own)
    alone = clause.covered and _LONE.search(clause.text, max(0, clause.start - 3), clause.start) is not None
    if clause.is_counted or clause.has("some") or not (every or alone):
        return ()
    rulings = [w for w in clause.own if w.kind == "ruling"]
    if len({w.id for w in rulings}) == 1:
        return _one_ruling(clause, rulings[0])
    nouns = [w for w in (*clause.earlier, *clause.own) if w.kind == "thing"]
    if not _is_of_requests(clause, nouns):
        return ()
    told = bool(nouns) or clause.about.topic == "requests"
    people = [w for w in clause.own if w.kind == "applicant"]
    if told and [w.id for w in people] == ["natural_person"]:
        return tuple(f"requests:new/{column}" for column in _ORGANISATIONS)
    results = [w for w in clause.own if w.kind == "result"]
    if every and len(results) == 1 and clause.about.topic == "requests":
        own_row = results[0].concept.rows[0].partition(".")[0]
        return tuple(f"requests:{row}/total" for row in RESULTS if row.rstrip("*.") != own_row)
    settled = every and told and _is_settled(clause) and not clause.has("timely")
    return ("requests:carried_out/total",) if settled and not _is_of_carried_in(clause) else ()


def _one_ruling(clause: _Clause, ruling: Word) -> tuple[str, ...]:
    """That all reviews or lawsuits have one outcome: the cells of the other outcomes."""
    if any(w.kind == "ruling" for w in clause.earlier) or any(w.id == "unsorted_ruling" for w in clause.own):
        return ()
    others = [column for column in _RULINGS if column != ruling.concept.column]
    return tuple(f"disputes:{row}/{column}" for row in _rows_of(clause) for column in others)


def _is_of_requests(clause: _Clause, nouns: Sequence[Word]) -> bool:
    """Whether the clause goes on with requests."""
    if clause.about.topic not in ("requests", "") and not any(w.id == "request" for w in nouns):
        return False
    if any(w.concept.form == "none" for w in clause.own):
        return False
    other = len(nouns) > 1 and nouns[-2].end == nouns[-1].start and nouns[-2].id not in REQUESTS
    return not nouns or (nouns[-1].id in REQUESTS and not other)  # 行政许可申请 is another's


def _is_settled(clause: _Clause) -> bool:
    """Whether the clause says that something was dealt with to its end, or simply answered."""
    before, answered, _ = clause.text[clause.start : clause.end].partition("答复")
    return clause.has("settled") or bool(answered and not set(before) & set("按依照规"))


def _is_of_carried_in(clause: _Clause) -> bool:
    """Whether the figure just before the clause is of what was carried over."""
    text, start = clause.text, clause.start
    before = max(text.rfind("；", 0, start), text.rfind("#", 0, max(0, text.rfind("#", 0, start))))
    return _OF_CARRIED.fullmatch(text[before + 1 : start]) is not None


def _rows_of(clause: _Clause) -> tuple[str, ...]:
    """The rows of table 四 that a clause is about: its own nouns, the last before it, or the section's."""
    own = [w for w in clause.own if w.id in DISPUTES]
    return _rows(own or [w for w in clause.earlier if w.id in DISPUTES][-1:]) or clause.about.rows


def _rows(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for w in words for row in w.concept.rows))
