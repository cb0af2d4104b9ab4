"""The narrative ledger: every number of the prose, and the cells it counts where the form has the figure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from .document import Document, Line
from .marking import Marked, clause, governing, mark
from .masthead import masthead
from .phrases import Limit, Phrase, Topic, cells, lexicon
from .sentences import Prose, join
from .tokens import Token, tokens

CLAIM_COLUMNS = [
    "section", "quote", "start", "end", "value", "unit", "approximate", "subject", "kind", "note", "page",
]  # fmt: skip
_DISPUTES = ("review", "direct", "after_review", "litigation")
_YEARS = re.compile(
    r"(?P<aside>(?:较|比|与|和|同)(?:20\d\d年|去年|上一?年)度?|同比|环比"
    r"|(?:20\d\d|去|上一?)年(?:度)?+[^，。；#]{0,6}(?:结转|转入|遗留)|(?:结转|顺延|延期|转)[^，。；#]{0,5}20\d\d年)"
    r"|(?P<named>20\d\d)年|(?P<before>去年|上一?年(?:度)?|前年)|(?P<now>今年|本年|全年|年内|报告期)"
)
_CONTEXT = re.compile("信息公开|依申请|政务公开")
_REACH = 300  # characters before a review or lawsuit within which the text must speak of information


@dataclass(frozen=True, slots=True)
class Mention:
    """One number of the prose with all that is known of it.

    `subject` are the cells it counts; `readings` other sums of cells that its wording allows; `meant` the
    cells that it would count were it of this year. `severity` is what a break of it is; `sentence` numbers
    the sentences; `place` is where it stands in the joined text.
    """

    token: Token
    section: str | None
    quote: str
    start: int
    end: int
    page: int | None
    sentence: int
    subject: tuple[str, ...] = ()
    readings: tuple[tuple[str, ...], ...] = ()
    meant: tuple[str, ...] = ()
    severity: str = "error"
    note: str = ""
    phrase: str = ""

    @property
    def place(self) -> int:
        """Where the number stands in the joined text."""
        return self.token.start


@dataclass(frozen=True, slots=True)
class Reading:
    """The prose of a report as read: joined text, sentences as phrases see them, every number."""

    prose: Prose
    marked: tuple[Marked, ...]
    mentions: tuple[Mention, ...]


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
    issuer, titled = masthead(document)
    return _read(document.text, prose, form, year if year is not None else titled, issuer or "")


@lru_cache(maxsize=4)
def _read(text: str, lines: tuple[Line, ...], form: str, year: int | None, issuer: str) -> Reading:
    prose = join(text, lines)
    found = tokens(prose.text)
    starts = [token.start for token in found]
    marked, mentions = [], []
    state = _State(form, year, issuer)
    for number, sentence in enumerate(prose.sentences):
        inside = found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        ready = mark(prose, sentence, inside)
        marked.append(ready)
        counted = state.read(ready, prose.text[max(0, sentence.start - _REACH) : sentence.start])
        for token in inside:
            known = counted.get(token, _Counted(note=_note_of(token)))
            mentions.append(_mention(prose, token, number, text, known))
    mentions.extend(_page_number(text, line, prose) for line in prose.furniture)
    return Reading(prose, tuple(marked), tuple(sorted(mentions, key=lambda mention: mention.start)))


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was found out about one counted number."""

    subject: tuple[str, ...] = ()
    readings: tuple[tuple[str, ...], ...] = ()
    meant: tuple[str, ...] = ()
    severity: str = "error"
    note: str = ""
    phrase: str = ""


class _State:
    """What carries over from sentence to sentence: the topic of the section, the claims to be divided."""

    def __init__(self, form: str, year: int | None, issuer: str) -> None:
        self.form, self.year, self.issuer = form, year, issuer
        self.section: str | None = None
        self.topic: tuple[Topic | None, tuple[str, ...]] = (None, ())
        self.divided: list[tuple[str, ...]] = []

    def read(self, marked: Marked, before: str) -> dict[Token, _Counted]:
        """The counted numbers of the next sentence with what they count."""
        if marked.sentence.section != self.section:
            self.section, self.topic, self.divided = marked.sentence.section, (None, ()), []
        found: dict[Token, _Counted] = {}
        choices = self._choices(marked, before) if marked.counted else {}
        recent: list[tuple[str, ...]] = []
        for index, token in enumerate(marked.counted):
            match_of = choices.get(index, [])
            found[token] = self._count(marked, index, match_of, recent or self.divided)
            rows = _totals(found[token].subject)
            if rows:
                recent.append(rows)
        self.divided = recent or (self.divided if "其中" in marked.text[:6] else [])
        cue, rows = governing(marked, len(marked.text))
        if cue is not None and (cue.topic.id != "foreign" or marked.counted):
            self.topic = (cue.topic, rows)
        return found

    def _topic_at(self, marked: Marked, place: int) -> tuple[str, tuple[str, ...]]:
        cue, rows = governing(marked, place)
        if cue is not None:
            return cue.topic.id, rows
        topic, rows = self.topic
        return (topic.id if topic else ""), rows

    def _choices(self, marked: Marked, before: str) -> dict[int, list[tuple[Phrase, re.Match[str]]]]:
        """For each counted number, the phrases that fit it, the longest wording first."""
        index_of = {place: index for index, place in enumerate(marked.places)}
        found: dict[int, list[tuple[Phrase, re.Match[str]]]] = {}
        for phrase in lexicon().phrases:
            for pattern in phrase.patterns:
                for match in pattern.finditer(marked.text):
                    index = index_of[match.start("n")]
                    if self._fits(phrase, match, marked, index, before):
                        found.setdefault(index, []).append((phrase, match))
        for fitting in found.values():
            fitting.reverse()  # of two that are equally long the later in the file goes first
            fitting.sort(key=lambda one: one[1].start() - one[1].end())
        return found

    def _fits(self, phrase: Phrase, match: re.Match[str], marked: Marked, index: int, before: str) -> bool:
        if marked.counted[index].unit not in phrase.units or not phrase.subject[self.form]:
            return False
        if phrase.unless and phrase.unless.search(marked.text):
            return False
        if not self._years_agree(match):
            return False
        if not phrase.topic:
            return True
        topic, rows = self._topic_at(marked, match.end())
        if phrase.topic in _DISPUTES or phrase.topic == "disputes":
            about = _CONTEXT.search(before) or _CONTEXT.search(marked.text)
            return bool(rows and about) and (phrase.topic == "disputes" or topic in _DISPUTES)
        return topic == phrase.topic

    def _years_agree(self, match: re.Match[str]) -> bool:
        """Whether the years that a wording names, if any, are the one before and the one after."""
        for name, text in match.groupdict().items():
            wanted = {"last": -1, "next": 1}.get(name.rstrip("0123456789"))
            if text and wanted is not None and self.year is not None and int(text) != self.year + wanted:
                return False
        return True

    def _count(
        self,
        marked: Marked,
        index: int,
        fitting: list[tuple[Phrase, re.Match[str]]],
        divided: list[tuple[str, ...]],
    ) -> _Counted:
        """What one number counts: the longest wording that fits and names cells, unless a limit forbids."""
        place = marked.places[index]
        start = min([place, *(match.start() for _, match in fitting[:1])])
        limits = self._limits(marked, start, place)
        for phrase, match in fitting:
            _, rows = self._topic_at(marked, match.end())
            subject, readings = self._cells(phrase, rows, divided)
            if not subject:
                continue
            dropping = [limit for limit in limits if not limit.keep]
            if dropping:
                return _Counted(note=dropping[0].note, phrase=phrase.id)
            other_year = self._other_year(marked, match.start(), place)
            if other_year and not any(
                text for name, text in match.groupdict().items() if name.startswith(("last", "next"))
            ):
                return _Counted(meant=subject, note=other_year, phrase=phrase.id)
            severity = "query" if limits else phrase.severity
            note = "; ".join(limit.note for limit in limits)
            return _Counted(subject, readings, subject, severity, note, phrase.id)
        told = [limit for limit in limits if limit.where != "clause" and not limit.keep]
        if told:
            return _Counted(note=told[0].note)
        return _Counted(note=self._why_none(marked, place))

    def _cells(
        self, phrase: Phrase, rows: tuple[str, ...], divided: list[tuple[str, ...]]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The phrase's cells and other readings; a phrase that divides takes the rows of what it divides."""
        subject = phrase.subject[self.form]
        if "{row}" in subject:
            if not divided:
                return (), ()
            sums = [cells(subject, self.form, parent) for parent in reversed(divided)]
            return sums[0], tuple(sums[1:])
        readings = tuple(cells(reading, self.form, rows) for reading in phrase.readings)
        return cells(subject, self.form, rows), readings

    def _limits(self, marked: Marked, start: int, place: int) -> list[Limit]:
        """The limits whose words stand where they count for the number at a place."""
        text = marked.text
        opened = max(text.rfind(stop, 0, place) for stop in "，；：（）、#") + 1
        segment = text.rfind("；", 0, place) + 1
        scopes = {"clause": text[min(opened, start) : place], "segment": text[segment:place]}
        scopes["touching"] = scopes["clause"]
        return [
            limit
            for limit in lexicon().limits
            if limit.pattern.search(scopes[limit.where])
            and not (limit.unless and limit.unless.search(scopes[limit.where]))
            and (limit.issuer is None or limit.issuer.search(self.issuer))
        ]

    def _other_year(self, marked: Marked, start: int, place: int) -> str:
        """A note where the last year named before the number is not the report's, else ""."""
        named = [m for m in _YEARS.finditer(marked.text, 0, place) if not m["aside"]]
        if not named or named[-1]["now"]:
            return ""
        last = named[-1]
        if last["before"]:
            return "the previous year's figure"
        if self.year is None or int(last["named"]) == self.year:
            return ""
        previous = int(last["named"]) == self.year - 1
        return "the previous year's figure" if previous else f"a figure of {last['named']}"

    def _why_none(self, marked: Marked, place: int) -> str:
        cue, _ = governing(marked, place)
        opened = max(marked.text.rfind(stop, 0, place) for stop in "，；。#")
        if cue is not None and cue.topic.id == "foreign" and cue.start > opened:
            return f"about {marked.text[cue.start : cue.end]}, which has no table"
        return "no cell of the form counts this"


def _totals(subject: Iterable[str]) -> tuple[str, ...]:
    """The rows of `requests` whose totals a subject sums; empty for any other subject."""
    rows = []
    for name in subject:
        table, _, rest = name.partition(":")
        row, _, column = rest.partition("/")
        if table != "requests" or column != "total":
            return ()
        rows.append(row)
    return tuple(rows)


def _note_of(token: Token) -> str:
    """Why a number that is no count of cases has no cell."""
    if token.kind != "claim":
        return ""
    return "a share, a rate or a change, not a count" if token.unit.startswith(("%", "‰")) else ""


def _mention(prose: Prose, token: Token, sentence: int, text: str, known: _Counted) -> Mention:
    start, end = clause(prose, token.start)
    quote = "".join(
        prose.text[at] if prose.text[at] == " " else text[prose.origin[at]] for at in range(start, end)
    )
    origin = prose.origin[token.start]
    return Mention(
        token,
        prose.sentences[sentence].section,
        quote,
        origin,
        prose.origin[token.end - 1] + 1,
        prose.page(origin),
        sentence,
        known.subject,
        known.readings,
        known.meant,
        known.severity,
        known.note,
        known.phrase,
    )


def _page_number(text: str, line: Line, prose: Prose) -> Mention:
    """The number of a line that holds a page number only."""
    raw = text[line.start : line.end]
    digits = re.search(r"\d+", raw)
    assert digits is not None  # it is what made the line a page number
    start, end = line.start + digits.start(), line.start + digits.end()
    token = Token(prose.place(start), prose.place(end), 0, 0, float(digits[0]), "", "", "ordinal")
    return Mention(token, None, raw.strip(), start, end, line.page, -1, note="a page number")


def restate(mention: Mention, value: float) -> Mention:
    """The mention with the value that a claims table gives it."""
    return (
        mention
        if mention.token.value == value
        else replace(mention, token=replace(mention.token, value=value))
    )
