"""The narrative ledger: every number of the prose, and the cells it counts where the form has the figure."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from ..document import Document, Line
from ..masthead import masthead
from ..texts import Pair, words
from .counting import NOTHING, REACH, Counted, State
from .marking import Marked, clause, mark
from .phrases import Lexicon, lexicon
from .sentences import Prose, join
from .tokens import Token, tokens

CLAIM_COLUMNS = [
    "section", "quote", "start", "end", "value", "unit", "approximate", "subject", "kind", "note", "page",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One number of the prose with all that is known of it.

    `known` is what it counts; `sentence` numbers the sentences; `decimals` is how many decimals the number
    prints.
    """

    token: Token
    section: str | None
    quote: str
    start: int
    end: int
    page: int | None
    sentence: int
    decimals: int = 0
    known: Counted = NOTHING

    @property
    def subject(self) -> tuple[str, ...]:
        """The cells that it counts."""
        return self.known.subject

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """Other sums of cells that its wording allows."""
        return self.known.readings

    @property
    def meant(self) -> tuple[str, ...]:
        """The cells that it would count were it of this year."""
        return self.known.meant

    @property
    def severity(self) -> str:
        """What a break of it is."""
        return self.known.severity

    @property
    def note(self) -> Pair:
        """Why it counts no cell, or what limits it."""
        return self.known.note

    @property
    def phrase(self) -> str:
        """The id of the fixed wording that decided, or "grammar"."""
        return self.known.phrase

    @property
    def year(self) -> int | None:
        """The other year that its words name by number."""
        return self.known.year

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The words that decided, each with its meaning, in the order of the text."""
        return self.known.words

    def counting(self, **known: Any) -> "Mention":
        """The mention with those fields of what it counts replaced."""
        return replace(self, known=replace(self.known, **known))


@dataclass(frozen=True, slots=True)
class Reading:
    """The prose of a report as read: joined text, sentences as phrases see them, every number.

    `topics` are what each sentence's section is about before it begins: a topic's id or "", and the rows of
    `disputes` that it stands for.
    """

    prose: Prose
    marked: tuple[Marked, ...]
    mentions: tuple[Mention, ...]
    topics: tuple[tuple[str, tuple[str, ...]], ...]
    year: int | None


def claims(document: Document, prose: Sequence[Line], form: str, year: int | None) -> pd.DataFrame:
    """Every number of the prose, one row each, in the order of the text, with the columns CLAIM_COLUMNS.

    `value` is the number in `unit` as printed; `start` and `end` count in `document.text`. `subject` are
    the cells that it counts, joined by +, missing where the form has none; then `note` says why, else what
    limits it. `section` is such as 一(二), missing where no heading tells. Nothing is raised for prose that
    is not understood: such a number has no subject.
    """
    rows = [_row(mention) for mention in read(document, tuple(prose), form, year).mentions]
    frame = pd.DataFrame(rows, columns=CLAIM_COLUMNS)
    frame["page"] = frame["page"].astype("Int64")
    return frame.astype({"start": "int64", "end": "int64", "value": "float64"})


def _row(mention: Mention) -> dict:
    token = mention.token
    return {
        "section": mention.section,
        "quote": mention.quote,
        "start": mention.start,
        "end": mention.end,
        "value": token.value,
        "unit": token.unit,
        "approximate": token.approximate,
        "subject": "+".join(mention.subject) or None,
        "kind": token.kind,
        "note": mention.note,
        "page": mention.page,
    }


def read(document: Document, prose: tuple[Line, ...], form: str, year: int | None) -> Reading:
    """The prose as read, every number with the cells it counts; see `Mention`."""
    issuer, titled = _titled(document.text, document.lines)
    titled = year if year is not None else titled
    return _read(document.text, prose, form, titled, issuer or "", lexicon())


@lru_cache(maxsize=4)
def _titled(text: str, lines: tuple[Line, ...]) -> tuple[str | None, int | None]:
    return masthead(Document("", "", 1, text, lines))


@lru_cache(maxsize=4)
def _read(
    text: str, lines: tuple[Line, ...], form: str, year: int | None, issuer: str, by: Lexicon
) -> Reading:
    prose = join(text, lines)
    found = tokens(prose.text)
    starts = [token.start for token in found]
    marked, mentions, topics = [], [], []
    quotes: dict[tuple[int, int], str] = {}
    state = State(form, year, issuer)
    for number, sentence in enumerate(prose.sentences):
        inside = found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        ready = mark(prose, sentence, inside)
        marked.append(ready)
        state.enter(sentence.section)
        topics.append(state.topic)
        counted = state.read(ready, prose.text[max(0, sentence.start - REACH) : sentence.start])
        for token in inside:
            known = counted.get(token, Counted(note=_note_of(token)))
            around = clause(prose, sentence, token.start)
            if around not in quotes:
                quotes = {around: _quote(prose, text, *around)}
            mentions.append(_mention(prose, token, number, quotes[around], known))
    mentions.extend(_page_number(text, line, prose) for line in prose.furniture)
    mentions.sort(key=lambda mention: mention.start)
    return Reading(prose, tuple(marked), tuple(mentions), tuple(topics), year)


def _note_of(token: Token) -> Pair:
    """Why a number that is no count of cases has no cell."""
    if token.kind != "claim":
        return ("", "")
    return words("note.share") if token.unit.startswith(("%", "‰")) else ("", "")


def _quote(prose: Prose, text: str, start: int, end: int) -> str:
    """A stretch of the joined text as the document prints it, without its blanks and line ends."""
    return "".join(
        prose.text[at] if prose.text[at] == " " else text[prose.origin[at]] for at in range(start, end)
    )


def _mention(prose: Prose, token: Token, sentence: int, quote: str, known: Counted) -> Mention:
    origin = prose.origin[token.start]
    return Mention(
        token,
        prose.sentences[sentence].section,
        quote,
        origin,
        prose.origin[token.end - 1] + 1,
        prose.page(origin),
        sentence,
        len(prose.text[token.start : token.end].partition(".")[2]),
        known,
    )


def _page_number(text: str, line: Line, prose: Prose) -> Mention:
    """The number of a line that holds a page number only."""
    raw = text[line.start : line.end]
    digits = re.search(r"\d+", raw)
    assert digits is not None  # it is what made the line a page number
    start, end = line.start + digits.start(), line.start + digits.end()
    token = Token(prose.place(start), prose.place(end), 0, 0, float(digits[0]), "", "", "ordinal")
    return Mention(
        token, None, raw.strip(), start, end, line.page, -1, known=Counted(note=words("note.page_number"))
    )


def scope(section: str | None, what: str, start: int) -> str:
    """The readable, stable name of a claim or statement: section, what it says, and where."""
    return f"{section or '-'}:{what}@{start}"


def restate(mention: Mention, value: float, subject: str, certain: bool = False) -> Mention:
    """The mention with the value and the subject that a claims table gives it; `certain`: a person did."""
    cells = tuple(filter(None, subject.split("+")))
    if certain:
        stated = replace(mention, token=replace(mention.token, value=value))
        return stated.counting(subject=cells, readings=(), severity="error", note=("", ""))
    if mention.token.value == value and mention.subject == cells:
        return mention
    readings = mention.readings if mention.subject == cells else ()
    stated = replace(mention, token=replace(mention.token, value=value))
    return stated.counting(subject=cells, readings=readings)
