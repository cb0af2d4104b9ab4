"""What the counted numbers of a sentence count: phrases chosen, topics and years heeded, limits set."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..texts import Pair, joined, words
from .coordination import of_one_applicant
from .grammar import parse
from .items import About, Clauses, Parse, clauses_of
from .marking import ASIDE, Marked, governing
from .phrases import CASES, COUNTED, Limit, Phrase, cells, lexicon
from .tokens import Token
from .vocabulary import DISPUTES
from .years import last_year, may_be_over, other_year

_CARRIED_PART = words("note.carried_part")
REACH = 300  # characters before a review or lawsuit within which the text must speak of information
_JOINED_TO = re.compile("(?:公开|提供|处理)(?:和|及|与|以及|或|、)$")
_SHARES_ITS_FIGURE = {  # 新收和上年结转3件、上年结转和本年新收45件: what stands before counts in it too
    "requests:carried_in/total": re.compile("(?:收到|新收|受理|接收|申请)(?:的)?(?:和|及|与|以及|、)$"),
    "requests:new/total": re.compile("结转(?:的)?(?:申请)?(?:和|及|与|以及|、)(?:本年度?|今年|当年|全年)?$"),
}
_DEALT_WITH = "requests:handled/total"
_TO_NEXT_YEAR = re.compile(
    "(?:结转|转结|顺延|延期|延至|延续|跨年|转)[^，。；：、#（）]{0,8}(?:下|次|明|20\\d\\d)[^，。；：、#（）]{0,8}$"
)
_SEGMENT = 150  # characters before a number within which a word can limit it
_LIFTED_IN = {"clause": "list"}  # 线上、线下共收到: the words that 、 joins to a clause can lift its limit
_DIVIDED = 24  # figures of a section that a later one may divide
_NAMED_SO = re.compile("申请公开(?:信件|邮件)")  # here a request, not the way it came
_GOES_ON = re.compile("，?(?:其中|上述|以上|这些|前述|包括)")
_PERHAPS_PREVIOUS = Limit(
    "perhaps of the year before", re.compile(""), "clause", words("note.perhaps_previous"), None, None, True
)
_OTHER_BODY = tuple(words(f"note.{id}") for id in ("narrower", "perhaps_narrower", "perhaps_wider"))
_DIVIDES = re.compile("[，：]?(?:其中|包括|分别为|均为|全部为)")
_IN_AND_OUT = {"carried_in", "carried_out"}
_OPENS = re.compile("[，：（]?其中")
_PART = re.compile("其中|包括|包含|（含")
_OF_NO_CELL = re.compile(  # the form counts requests, cases, documents, decisions, items and money
    "(?:人|篇|期|场)次|[篇期场天日周年字页幅款台辆版倍村亩吨]|小时|分钟|个月|(?:个)?工作日|平方米|(?:平方)?公里|公顷"
)
_CONTEXT = re.compile("信息公开|依申请|政务公开|被(?:申请|提起)(?:行政)?(?:复议|诉讼)")


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found out about one counted number.

    `subject` are the cells it counts; `readings` other sums of cells that its wording allows; `meant` the
    cells that it would count were it of this year, `year` the other year that its words name by number.
    `severity` is what a break of it is. `phrase` is the wording that decided or "grammar", `words` what of
    the text each of its words was, with the meaning: a concept of lexicon.toml, or the wording.
    """

    subject: tuple[str, ...] = ()
    readings: tuple[tuple[str, ...], ...] = ()
    meant: tuple[str, ...] = ()
    severity: str = "error"
    note: Pair = ("", "")
    phrase: str = ""
    year: int | None = None
    words: tuple[tuple[str, str], ...] = ()


NOTHING = Counted()


class State:
    """Counts sentence by sentence; the section's topic and the claims to be divided carry over."""

    def __init__(self, form: str, year: int | None, issuer: str) -> None:
        self.form, self.year, self.issuer = form, year, issuer
        self.own = _own_names(issuer)
        self.bodies: list[Limit] = []  # that the last counted number was of another body
        self.section: str | None = None
        self.topic: tuple[str, tuple[str, ...]] = ("", ())
        self.divided: list[tuple[str, ...]] = []
        self.counted: dict[tuple[str, ...], float] = {}
        self.stated: dict[float, tuple[tuple[str, ...], ...]] = {}

    def enter(self, section: str | None) -> None:
        """Begins a sentence; a new section begins without a topic."""
        if section != self.section:
            self.section, self.topic, self.divided, self.counted = section, ("", ()), [], {}
            self.stated, self.bodies = {}, []

    def read(self, marked: Marked, before: str) -> dict[Token, Counted]:
        """The counted numbers of the next sentence with what they count."""
        found = self._read_counted(marked, before) if marked.counted else {}
        if marked.counted and not (self.bodies and _GOES_ON.match(marked.text)):
            place = marked.places[-1]
            self.bodies = [one for one in self._limits(marked, place, place) if one.note in _OTHER_BODY]
        self.counted = {known.subject: token.value for token, known in found.items() if known.subject}
        cue, rows = governing(marked, len(marked.text))
        if cue is not None and (cue.topic.id != "foreign" or marked.counted):
            self.topic = (cue.topic.id, rows)
        return found

    def _read_counted(self, marked: Marked, before: str) -> dict[Token, Counted]:
        """What the counted numbers of a sentence that has any count; what later ones may divide is kept."""
        found: dict[Token, Counted] = {}
        choices, clauses = self._choices(marked, before), self._clauses(marked)
        recent: list[tuple[int, tuple[str, ...]]] = []
        for index, token in enumerate(marked.counted):
            divided = _parents(marked, index, self.divided, recent)
            found[token] = self._count(marked, index, choices.get(index, []), divided)
            found[token] = self._by_grammar(found[token], marked, index, clauses, before, divided)
            found[token] = self._of_one_applicant(found[token], clauses, index)
            _read_otherwise(found, token)
            if self._is_part_of_same(marked, index, found) or _divides_carried(marked, index, found):
                found[token] = Counted(note=words("note.part"))
            known = found[token]
            for rows in map(_totals, (*reversed(known.readings), known.subject)):
                if rows and known.subject:
                    recent.append((index, rows))
        _drop_rivals(found)
        for token, known in found.items():
            if known.subject:
                self.stated[token.value] = (*self.stated.get(token.value, ()), known.subject)
        self.divided = [*self.divided, *(rows for _, rows in recent)][-_DIVIDED:]
        return found

    def _clauses(self, marked: Marked) -> Clauses:
        """The sentence parted into words and items, with the issuer's own name as 我."""
        text = marked.text
        if self.own is not None:
            text = self.own.sub(lambda match: "我" * len(match[0]), text)
        units = [token.unit for token in marked.counted]
        about, vocabulary = About(*self.topic), lexicon().vocabulary
        return clauses_of(text, marked.places, units, self.year, self.form, about, vocabulary)

    def _is_part_of_same(self, marked: Marked, index: int, found: dict[Token, Counted]) -> bool:
        """Whether the number counts the cells of one before it of which it is a part (其中教育局收到5件)."""
        token, place = marked.counted[index], marked.places[index]
        subject = found[token].subject
        if not subject:
            return False
        if (
            marked.text.startswith(("其中", "，其中"))
            and self.counted.get(subject, token.value) != token.value
        ):
            return True
        return any(
            found[marked.counted[other]].subject == subject
            and marked.counted[other].value != token.value
            and _PART.search(marked.text, marked.places[other], place) is not None
            for other in range(index)
        )

    def _choices(self, marked: Marked, before: str) -> dict[int, list[tuple[Phrase, re.Match[str]]]]:
        """For each counted number, the phrases that fit it, the longest wording first."""
        index_of = {place: index for index, place in enumerate(marked.places)}
        found: dict[int, list[tuple[Phrase, re.Match[str]]]] = {}
        topics = {"", self.topic[0], *(cue.topic.id for cue in marked.cues)}
        if topics & set(DISPUTES):
            topics |= {"disputes", *DISPUTES}
        for phrase in lexicon().phrases:
            if phrase.topic not in topics:
                continue
            for match in phrase.matches(marked.text):
                index = index_of[match.start("n")]
                if self._fits(phrase, match, marked, index, before):
                    found.setdefault(index, []).append((phrase, match))
        for fitting in found.values():
            fitting.reverse()  # of two that are equally long the later in the file goes first
            fitting.sort(
                key=lambda one: (not one[0].subject[self.form], one[1].start() - one[1].end())
            )  # what the form lacks comes last: it is the reason where nothing else fits
        return found

    def _fits(self, phrase: Phrase, match: re.Match[str], marked: Marked, index: int, before: str) -> bool:
        token = marked.counted[index]
        if token.unit not in phrase.units:
            return False
        if phrase.only is not None and token.value != phrase.only:
            return False
        if phrase.unless and phrase.unless.search(_segment(marked, match, phrase)):
            return False
        if not self._years_agree(match):
            return False
        named_before = phrase.topic == "requests" and match.start() < match.start("n")
        if named_before and _JOINED_TO.search(marked.text[: match.start()]):
            return False  # 不予公开和无法提供3件 counts both
        shared = _SHARES_ITS_FIGURE.get(phrase.subject[self.form])
        if shared is not None and shared.search(marked.text[: match.start()]):
            return False
        if phrase.subject[self.form] == _DEALT_WITH and _TO_NEXT_YEAR.search(marked.text[: match.start()]):
            return False  # 转下一年度办理答复的有1件 is still to be dealt with
        if not phrase.topic:
            return True
        topic, rows = topic_at(marked, match.end(), self.topic)
        return is_about(phrase.topic, topic, rows, before + marked.text)

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
    ) -> Counted:
        """What one number counts: the longest wording that fits and names cells, unless a limit forbids."""
        place = marked.places[index]
        start = min([place, *(match.start() for _, match in fitting[:1])])
        limits = self._limits(marked, start, place)
        if self.bodies and _GOES_ON.match(marked.text):
            limits += self.bodies  # 区政府办受理19件。其中自然人15件
        for phrase, match in fitting:
            _, rows = topic_at(marked, match.end(), self.topic)
            subject, readings = self._cells(phrase, rows, divided)
            cue, _ = governing(marked, match.end())
            if cue is not None and "{rows}" in phrase.subject[self.form] and cue.topic.rows != rows:
                readings += (cells(phrase.subject[self.form], self.form, cue.topic.rows),)
            if not subject:
                continue  # of another form, or nothing that it could divide
            used = tuple((said, phrase.id) for said in match[0].split(COUNTED) if said)
            dropping = [limit for limit in limits if not limit.keep]
            if dropping:
                return Counted(note=dropping[0].note, phrase=phrase.id, words=used)
            elsewhere = other_year(marked.text[:place], self.year)
            if elsewhere and not any(
                text for name, text in match.groupdict().items() if name.startswith(("last", "next"))
            ):
                if may_be_over(marked.text[:place], self.year):
                    limits = [*limits, _PERHAPS_PREVIOUS]
                else:
                    named = last_year(marked.text[:place])
                    year = int(named["named"]) if named and named["named"] else None
                    return Counted(meant=subject, note=elsewhere, phrase=phrase.id, year=year, words=used)
            ambiguous = "{row}" in phrase.subject[self.form] and bool(readings)
            if phrase.refers:
                again = [
                    cells for cells in self.stated.get(marked.counted[index].value, ()) if cells in readings
                ]
                subject, readings = (again[-1], (subject, *readings)) if again else (subject, readings)
            severity = "query" if limits or ambiguous else phrase.severity
            note = joined((limit.note for limit in limits), words("list.semicolon"))
            return Counted(subject, readings, subject, severity, note, phrase.id, words=used)
        if any(not phrase.subject[self.form] for phrase, _ in fitting):
            return Counted(note=words("note.no_cell"))
        return Counted(note=self._why_none(marked, index, limits))

    def _by_grammar(
        self,
        known: Counted,
        marked: Marked,
        index: int,
        clauses: Clauses,
        before: str,
        divided: list[tuple[str, ...]],
    ) -> Counted:
        """What is known of a number, or else what the grammar makes of it."""
        parsed = parse(clauses, index)
        if parsed is None or not self._is_about(parsed, before + marked.text):
            return known
        if known.subject and not parsed.is_of_a_ruling(known.subject) and not parsed.several:
            return known
        if not known.subject and known.phrase:
            return known  # a limit forbids what it would count
        if parsed.several and set(cells(parsed.subject, self.form)) == set(known.subject):
            return known
        if parsed.is_open:
            return Counted(note=words("note.not_understood"))
        if parsed.lacks:
            return Counted(note=words("note.no_cell"))
        used = tuple((marked.text[w.start : w.end] or w.text, w.id) for w in parsed.in_order)
        if not parsed.subject:
            return Counted(note=words("note.foreign", matter=parsed.matter), words=used)
        stated = self._by_parse(parsed, marked, marked.places[index], divided)
        return known if stated is None else replace(stated, phrase="grammar", words=used)

    def _by_parse(
        self, parsed: Parse, marked: Marked, place: int, divided: list[tuple[str, ...]]
    ) -> Counted | None:
        """What a number's parse makes of it, unless a limit or year forbids; None if it has no cell."""
        limits = self._limits(marked, min(parsed.start, place), place)
        if self.bodies and _GOES_ON.match(marked.text):
            limits += self.bodies
        carried = any(word.id == "carry" for word in parsed.words)
        dropping = [
            limit for limit in limits if not (limit.keep or (carried and limit.note == _CARRIED_PART))
        ]
        if dropping:
            return Counted(note=dropping[0].note)
        subject, readings = self._cells_of(parsed, divided)
        if not subject:
            return None
        notes = [limit.note for limit in limits if limit.keep]
        elsewhere = other_year(marked.text[:place], self.year)
        if elsewhere and not any(word.id in ("last", "next") for word in parsed.words):
            if not may_be_over(marked.text[:place], self.year):
                return Counted(meant=subject, note=elsewhere)
            notes.append(words("note.perhaps_previous"))
        notes += [words(f"note.{parsed.doubt}")] if parsed.doubt else []
        return Counted(subject, readings, subject, "query", joined(notes, words("list.semicolon")))

    def _cells_of(
        self, parsed: Parse, divided: list[tuple[str, ...]]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The parse's cells and other readings; one of applicants takes the rows of what it divides."""
        rows = divided[-1] if divided else ()
        if "{row}" in parsed.subject:
            others = (cells(parsed.subject, self.form, other) for other in reversed(divided[:-1]))
        else:
            others = (cells(one, self.form, rows) for one in parsed.readings)
        return cells(parsed.subject, self.form, rows), tuple(filter(None, others))

    @staticmethod
    def _of_one_applicant(known: Counted, clauses: Clauses, index: int) -> Counted:
        """The number as it is, or in the column of the one kind of applicant whose requests are told of."""
        own = of_one_applicant(clauses, clauses.items[index], known.subject)
        return replace(known, subject=own, readings=(), meant=own, severity="query") if own else known

    @staticmethod
    def _is_about(parse: Parse, around: str) -> bool:
        """Whether reviews and lawsuits are those about information."""
        return parse.topic != "disputes" or _CONTEXT.search(around) is not None

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
        readings = (cells(reading, self.form, rows) for reading in phrase.readings)
        return cells(subject, self.form, rows), tuple(filter(None, readings))

    def _limits(self, marked: Marked, start: int, place: int) -> list[Limit]:
        """The limits whose words stand where they count for the number at a place."""
        text = marked.text
        listed = max(text.rfind(stop, 0, place) for stop in "，；：（）#") + 1
        opened = max(listed, text.rfind("、", 0, place) + 1)
        text = _NAMED_SO.sub(lambda match: match[0][:-2] + "申请", text)
        segment = ASIDE.sub("", text[max(text.rfind("；", 0, place) + 1, place - _SEGMENT) : place])
        scopes = {"clause": text[min(opened, start) : place], "segment": segment}
        scopes["list"] = text[min(listed, start) : place]
        if self.own is not None:
            scopes = {where: self.own.sub("我", scope) for where, scope in scopes.items()}
        scopes["touching"] = scopes["clause"]
        before = text[max(text.rfind("；", 0, place), text.rfind("。", 0, place)) + 1 : place]
        alone = COUNTED not in before and "其中" not in before
        return [
            replace(limit, keep=True)
            if (not self.issuer and limit.issuer is not None) or (alone and limit.id == "channel")
            else limit
            for limit in lexicon().limits
            if limit.pattern.search(scopes[limit.where])
            and not (limit.unless and limit.unless.search(scopes[_LIFTED_IN.get(limit.where, limit.where)]))
            and (limit.issuer is None or not self.issuer or limit.issuer.search(self.issuer))
        ]

    def _why_none(self, marked: Marked, index: int, limits: list[Limit]) -> Pair:
        """Why a number that no phrase fits counts no cell: a reason where its words give one.

        A limit is a reason only for a number of cases that is about requests, reviews or lawsuits; what a
        verb alone makes another matter (`other_matter`) is not known. Of all else we do not know what it is.
        """
        place, unit = marked.places[index], marked.counted[index].unit
        cue, _ = governing(marked, place)
        opened = max(marked.text.rfind(stop, 0, place) for stop in "，；。#")
        if cue is not None and cue.topic.id == "foreign" and cue.start > opened:
            matter = marked.text[cue.start : cue.end]
            if not lexicon().any_matter.match(matter):
                return words("note.foreign", matter=matter)
        topic, _ = topic_at(marked, place, self.topic)
        told = [limit for limit in limits if not limit.keep]
        if told and unit in CASES and topic in ("requests", *DISPUTES):
            return told[0].note
        if _OF_NO_CELL.fullmatch(unit):
            return words("note.unit", unit=unit)
        return words("note.not_understood")


def _divides_carried(marked: Marked, index: int, found: dict[Token, Counted]) -> bool:
    """Whether a result is one of what was carried in or out (上年结转13件，其中公开2件): no cell has it."""
    if not index or not _totals(found[marked.counted[index]].subject):
        return False
    whole = marked.counted[index - 1]
    rows = _totals(found[whole].subject)
    between = marked.text[marked.places[index - 1] + 1 : marked.places[index]]
    if rows not in (("carried_in",), ("carried_out",)) or not _OPENS.match(between):
        return False
    return all(one.value <= whole.value for one in marked.counted[index:])


def _parents(
    marked: Marked,
    index: int,
    before: list[tuple[str, ...]],
    recent: list[tuple[int, tuple[str, ...]]],
) -> list[tuple[str, ...]]:
    """The rows that a figure of applicants may divide, the likeliest last.

    What stands in brackets after a figure, or after 其中 after a result, divides that figure. All else
    divides the requests received, and what was carried in or out only for want of any other figure.
    """
    last = recent[-1][0] if recent else -1
    if last >= 0:
        follows = marked.text[marked.places[last] + 1 : marked.places[index]]
        near = "（" in ASIDE.sub("", follows)
        near = near or (not _IN_AND_OUT & set(recent[-1][1]) and _DIVIDES.match(follows) is not None)
    ranked = []
    for number, rows in [*((-1, rows) for rows in before), *recent]:
        if number == last >= 0 and near:
            rank = 3
        elif set(rows) <= _IN_AND_OUT:
            rank = 0
        else:
            rank = 2 if rows == ("new",) else 1
        ranked.append((rank, rows))
    return [rows for _, rows in sorted(ranked, key=lambda one: one[0])]


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


def _own_names(issuer: str) -> re.Pattern[str] | None:
    """What a report may call its own body: the issuer's name, or its end, also with 政府 for 人民政府.

    A government's name needs its place: 市政府 alone may be one body of the city's several.
    """
    stem = issuer.removesuffix("人民政府")
    if stem != issuer or re.search("[省市区县旗州盟镇乡]$|街道$", issuer):
        names = {stem[at:] for at in range(len(stem) - 1)}
        names |= {name + ending for name in names for ending in ("人民政府", "政府")}
    else:
        least = 2 if issuer.endswith(("分局", "总队", "支队", "海关")) else 3
        names = {issuer[at:] for at in range(len(issuer) - least + 1)}
        names |= {name.replace("人民政府", "政府") for name in names}
    if not names:
        return None
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(f"(?<![省市区县旗州级各属])(?:{'|'.join(map(re.escape, longest))})")


def _segment(marked: Marked, match: re.Match[str], phrase: Phrase) -> str:
    """The part of a sentence, between semicolons, in which a wording stands.

    For an outcome it is only what is said of its own reviews or lawsuits, without what stands in brackets.
    """
    text = marked.text
    end = text.find("；", match.end())
    start, end = text.rfind("；", 0, match.start()) + 1, end if end >= 0 else len(text)
    if "{rows}" in phrase.subject["2021"]:
        cue, rows = governing(marked, match.end())
        start = max(start, cue.start if cue else 0)
        others = [one.start for one in marked.cues if one.topic.rows and not set(one.topic.rows) <= set(rows)]
        end = min([end, *(at for at in others if at >= match.end())])
        before, after = text[start : match.start()], text[match.end() : end]
        return ASIDE.sub("", before) + match[0] + ASIDE.sub("", after)
    return text[start:end]


def _read_otherwise(found: dict[Token, Counted], token: Token) -> None:
    """Gives a figure before `token` that counts the same, and need not, the last of its other readings."""
    subject = found[token].subject
    for other, known in found.items():
        if other is token or not subject or known.subject != subject or other.value == token.value:
            continue
        if known.note[1] or found[token].note[1]:
            continue  # of different bodies
        if known.readings:
            *rest, last = known.readings
            found[other] = replace(known, subject=last, readings=(subject, *rest), meant=last)


def _drop_rivals(found: dict[Token, Counted]) -> None:
    """Takes the cells from numbers of one sentence that count the same and differ.

    Beside one figure without a limit, only those with one: theirs is another body.
    """
    values: dict[tuple[str, ...], set[float]] = {}
    whole: dict[tuple[str, ...], set[float]] = {}
    for token, known in found.items():
        values.setdefault(known.subject, set()).add(token.value)
        if not known.note[1]:
            whole.setdefault(known.subject, set()).add(token.value)
    for token, known in found.items():
        rivals = values[known.subject] if known.subject else set()
        if len(rivals) > 1 and {token.value} != whole.get(known.subject):
            found[token] = Counted(note=known.note if known.note[1] else words("note.rivals"))


def topic_at(
    marked: Marked, place: int, inherited: tuple[str, tuple[str, ...]]
) -> tuple[str, tuple[str, ...]]:
    """The id of the topic at a place of a marked sentence, and its rows of `disputes`."""
    cue, rows = governing(marked, place)
    return inherited if cue is None else (cue.topic.id, rows)


def is_about(wanted: str, topic: str, rows: tuple[str, ...], around: str) -> bool:
    """Whether a topic is the wanted one; of reviews and lawsuits only those about information count."""
    if wanted not in (*DISPUTES, "disputes"):
        return topic == wanted
    return topic in DISPUTES and bool(rows) and _CONTEXT.search(around) is not None
