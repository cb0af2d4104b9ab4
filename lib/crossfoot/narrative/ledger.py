"""What the narrative's claims say against the tables, against each other, and against themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd

from ..checks import CHECK_COLUMNS, SETTLED, amount
from ..document import Document, Line
from ..forms import split_cell
from ..texts import Pair, words
from ..texts.names import cell_names
from .claims import Mention, Reading, read, restate, scope
from .figures import Figures, Stated, figures
from .marking import Marked
from .parts import part_checks
from .phrases import CASES
from .shares import share_checks
from .statements import statement_checks
from .tokens import MONEY
from .years import speaks_of

LEDGER_COLUMNS = [*CHECK_COLUMNS, "severity", "claims", "equals"]
ABOUT = 0.1  # 约 N is taken to mean N give or take a tenth
_RECEIVED_WITH_CARRIED_IN = ("requests:new/total", "requests:carried_in/total")
_DEALT_WITH_AND_CARRIED_OUT = ("requests:handled/total", "requests:carried_out/total")
_NOT_RESULTS = tuple((f"requests:{row}/total",) for row in ("new", "carried_in", "handled", "carried_out"))
_DISMISSED = "dismissed, beside those upheld"
_WITHIN = re.compile("(?:含|包括|其中)[^，。；]{0,12}(?:结转|转接|转来)")
_WITHOUT_CARRIED_IN = re.compile(
    "(?:除去?|除了|不含|不包括|不包含|不计)[^，。；#]{0,6}(?:结转|转入|转来|遗留)"
)
_WITH_CARRIED_IN = re.compile("（(?:含|包括|包含)[^）]{0,8}(?:结转|转结|转入|转来|遗留)")
_AND_SETTLED = re.compile("(?:申请)?，?(?:已|均|全部|都)+(?:已|依法|按期|按时)*(?:办结|答复|办理完毕)")
_BEGINS = re.compile("(?:^|[；。])[^，。；]*$")
_COMPARES = re.compile(
    "同比|环比|相比|对比|增长|增加|上升|提高|减少|下降|降低|回落|持平|翻番|[较比与](?:上|前|去|20)|历年|近[两三四五]年"
)
_MOST_LIKELY = 3  # of more than so many equal cells none explains a slip


def checks(
    claims: pd.DataFrame,
    facts: pd.DataFrame,
    document: Document,
    form: str,
    prose: Sequence[Line] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Every comparison that the narrative allows, with the columns LEDGER_COLUMNS.

    `narrative`: a claim (left) against its cells (right); `narrative_sum`: a total against the parts that
    the prose lists; `share`, `growth`: a percentage or change against what it is of; `statement`: a
    sentence without a figure; `period`: the year of figures against the report's. `claims` are the start
    offsets of the claims used, `equals` the cell that a wrong claim does equal, `severity` what a break is.
    余, 多 and 超 are lower bounds, 近 an upper one, 约 allows a tenth. `prose` are the lines
    that the claims were read from, by default all.
    """
    reading = read(document, tuple(document.lines if prose is None else prose), form, year)
    table = figures(facts, form)
    stated = _as_claimed(reading, claims)
    wholes = _with_carried_in(stated, table, reading)
    stated = tuple(_as_their_wholes(stated, wholes))
    meant = tuple(_as_held(mention, table, wholes) for mention in stated)
    rows = [
        *(_narrative(mention, table) for mention in stated if mention.subject),
        *part_checks(meant, table, reading),
        *share_checks(meant, table, reading),
        *statement_checks(reading, table, form),
        *_year_checks(stated, table, reading),
    ]
    _soften(rows, stated, table, reading)
    settled = [_settled(row, table) for row in rows]
    return pd.DataFrame(settled, columns=LEDGER_COLUMNS)


def _settled(row: dict, table: Figures) -> dict:
    """The comparison with its final status: every row of the ledger, of whatever rule, passes here once.

    A rule proposes `holds`, `breaks` or `not_stated` with its two sides; `needs` are the cells that any of
    its readings takes, besides those that it used. A break is one only where all of them were read
    beyond doubt: else another reading might hold, and the comparison is `unread`. What states nothing has
    neither sides nor a difference.
    """
    status, formula = row["status"], {}
    needed = dict.fromkeys((*row["cells"].split(), *row.get("needs", ())))
    if status != "holds" and (lacking := table.unread(needed)):
        status = "unread"
        formula = {"formula": words("formula.unread", cells=cell_names(lacking, table.form))}
    stated = status in SETTLED
    left, right = (row["left"], row["right"]) if stated else (float("nan"), float("nan"))
    sides = {"left": left, "right": right, "difference": round(left - right, 6)}
    return row | {"status": status, **sides, **formula, "equals": row.get("equals", "")}


def _soften(rows: list[dict], mentions: Sequence[Mention], table: Figures, reading: Reading) -> None:
    """Takes back or softens breaks that the wording leaves open.

    A figure that may be of another body (`keep` of a limit) states nothing where it differs. Where one
    claim of the same cells holds, another that breaks may speak of less: that is a query.
    """
    held = {row["cells"] for row in rows if row["rule"] == "narrative" and row["status"] == "holds"}
    at = {str(mention.start): mention for mention in mentions}
    for row in rows:
        if row["rule"] != "narrative" or row["status"] != "breaks":
            continue
        mention = at[row["claims"]]
        if row["cells"] in held:
            row["severity"] = "query"
        if mention.note[1]:
            _leave_open(row, mention.note)
        elif (
            _leaves_out_carried_in(mention.token.value, mention, table)
            and (_is_of_the_new(mentions, held) or _settles_carried_in(mentions, reading))
            and not _WITH_CARRIED_IN.match(reading.prose.text, mention.token.last)
        ):
            _leave_open(row, words("formula.of_the_new"))
        elif _is_one_of_several(mention, mentions, row["right"]):
            _leave_open(row, words("formula.one_of_several"))
        elif _counts_the_dismissed(mention, mentions, row["right"]):
            _leave_open(row, words("formula.dismissed"))


def _is_one_of_several(mention: Mention, mentions: Sequence[Mention], whole: float) -> bool:
    """Whether a claim of what was dealt with and the figures after it in its sentence add up to the whole.

    按时办结63件，6件逾期未补正，3件撤销 of 72: it speaks of a part, and the others of the rest.
    """
    if mention.subject != _DEALT_WITH_AND_CARRIED_OUT[:1]:
        return False
    beside = [m for m in mentions if m.sentence == mention.sentence and m is not mention]
    return any(
        _adds_up(mention, (m for m in beside if (m.start > mention.start) == later), whole)
        for later in (True, False)
    )


def _adds_up(mention: Mention, others: Iterable[Mention], whole: float) -> bool:
    """Whether a claim and the first of some others, those of its unit that are results, come to the whole."""
    total = mention.token.value
    for other in others:
        if other.token.unit != mention.token.unit or other.subject in _NOT_RESULTS:
            continue
        total += other.token.value
        if total >= whole:
            break
    return total == whole


def _counts_the_dismissed(mention: Mention, mentions: Sequence[Mention], upheld: float) -> bool:
    """Whether the table may have those dismissed among those upheld, which the prose tells apart."""
    if mention.phrase == _DISMISSED:
        return True
    beside = (m for m in mentions if m.phrase == _DISMISSED and m.sentence == mention.sentence)
    return mention.phrase == "upheld" and any(m.token.value + mention.token.value == upheld for m in beside)


def _leave_open(row: dict, why: Pair) -> None:
    """Makes a broken comparison one that states nothing, and says why."""
    formula = words("formula.doubtful", sum=amount(row["left"]), right=row["right"], why=why)
    row |= {"status": "not_stated", "formula": formula}


def _is_of_the_new(mentions: Sequence[Mention], held: set[str]) -> bool:
    """Whether the prose splits what was received, and nothing else, into dealt with and carried out."""
    carried_in = any(mention.subject == _RECEIVED_WITH_CARRIED_IN[1:] for mention in mentions)
    return {"requests:new/total", "requests:carried_out/total"} <= held and not carried_in


def _settles_carried_in(mentions: Sequence[Mention], reading: Reading) -> bool:
    """Whether the prose says apart of what was carried in that it was dealt with (上年结转3件，均已办结)."""
    text = reading.prose.text
    return any(
        _AND_SETTLED.match(text, mention.token.last) is not None
        and _BEGINS.search(text[reading.prose.sentences[mention.sentence].start : mention.token.first])
        for mention in mentions
        if mention.subject == _RECEIVED_WITH_CARRIED_IN[1:]
    )


def _as_claimed(reading: Reading, claims: pd.DataFrame) -> tuple[Mention, ...]:
    """The mentions that the claims table has, with its values and subjects."""
    by = claims["by"] if "by" in claims else ["lexicon"] * len(claims)
    every = zip(claims["start"], claims["value"], claims["subject"], by, strict=True)
    known = {
        start: (value, "" if pd.isna(subject) else subject, who == "person")
        for start, value, subject, who in every
    }
    return tuple(restate(m, *known[m.start]) for m in reading.mentions if m.start in known)


def _with_carried_in(mentions: Sequence[Mention], table: Figures, reading: Reading) -> dict[int, bool]:
    """The claims of what was received, by their offset, that are what was received and carried in.

    None where the sentence leaves out what was carried in (除上年结转的2件外). True where the prose proves
    it: what it says was dealt with and carried out, as the table has them, add up to the claim, and it does
    not state beside the claim what was carried in (收到57件，上年结转4件).
    """
    new, both = table.value(_RECEIVED_WITH_CARRIED_IN[0]), table.total(_RECEIVED_WITH_CARRIED_IN).value
    if new is None or both is None or new == both:
        return {}
    told = {
        (m.section, name)
        for m in mentions
        for name in _DEALT_WITH_AND_CARRIED_OUT
        if m.subject == (name,) and m.token.value == table.value(name)
    }
    sum_of = table.total(_DEALT_WITH_AND_CARRIED_OUT).value
    beside = {
        m.section
        for m in mentions
        if m.subject == _RECEIVED_WITH_CARRIED_IN[1:]
        and m.token.value
        and not _WITHIN.search(reading.marked[m.sentence].text)
    }
    return {
        m.start: sum_of == both
        and m.section not in beside
        and all((m.section, name) in told for name in _DEALT_WITH_AND_CARRIED_OUT)
        for m in mentions
        if m.subject == _RECEIVED_WITH_CARRIED_IN[:1]
        and m.token.value == both
        and not _WITHOUT_CARRIED_IN.search(reading.marked[m.sentence].text)
    }


def _as_their_wholes(mentions: Sequence[Mention], wholes: Mapping[int, bool]) -> Iterator[Mention]:
    """The mentions, those of applicants read as what their section said before them was received."""
    section, whole = None, None
    for mention in mentions:
        if mention.section != section:
            section, whole = mention.section, None
        if mention.subject == _RECEIVED_WITH_CARRIED_IN[:1]:
            whole = mention.start if mention.start in wholes else None
        yield mention if whole is None else _as_part(mention, wholes[whole])


def _as_part(mention: Mention, proven: bool) -> Mention:
    """The mention, read as the claim before it that counts what was carried in, or that claim itself.

    A part of this year's new requests alone holds too; one that is neither is an error only where the
    reading of the whole is proven. A whole that is proven holds so.
    """
    if mention.subject == _RECEIVED_WITH_CARRIED_IN[:1]:
        both = (_RECEIVED_WITH_CARRIED_IN,) if proven else ()
        return mention.counting(readings=(*mention.readings, *both))
    rows = {split_cell(name)[:2] for name in mention.subject}
    if rows != {("requests", "new")}:
        return mention
    carried_in = tuple(name.replace(":new/", ":carried_in/") for name in mention.subject)
    severity = mention.severity if proven else "query"
    readings = (mention.subject, *mention.readings)
    return mention.counting(subject=(*mention.subject, *carried_in), readings=readings, severity=severity)


def _holding(mention: Mention, table: Figures) -> tuple[str, ...] | None:
    """The first of a claim's readings that the tables bear out; None where none of them does."""
    value, slack = _in_cells_unit(mention, table)
    for cells in (mention.subject, *mention.readings):
        sum_of = table.total(cells).value
        if sum_of is not None and _agrees(value, sum_of, mention.token.approximate, slack):
            return cells
    return None


def _as_held(mention: Mention, table: Figures, wholes: Mapping[int, bool]) -> Mention:
    """The mention with the reading that holds as its subject, in cells that the report has.

    What it is a part of, a share of or divided into goes by that reading.
    """
    if mention.start in wholes:
        return mention.counting(subject=table.names(_RECEIVED_WITH_CARRIED_IN), readings=())
    held = (_holding(mention, table) if mention.readings else None) or mention.subject
    others = tuple(cells for cells in (mention.subject, *mention.readings) if cells != held)
    return mention.counting(subject=table.names(held), readings=others, meant=table.names(mention.meant))


def _narrative(mention: Mention, table: Figures) -> dict:
    """One claim against its cells, or against any other reading that its wording allows."""
    value, _ = _in_cells_unit(mention, table)
    holding = _holding(mention, table)
    held = table.total(mention.subject if holding is None else holding)
    status = "holds" if holding is not None else "not_stated" if held.value is None else "breaks"
    equals, severity = "", mention.severity
    if status == "breaks":
        equals = _equal_cell(value, mention, table)
        if equals == "+".join(_RECEIVED_WITH_CARRIED_IN) or _leaves_out_carried_in(value, mention, table):
            severity = "query"
    return {
        "rule": "narrative",
        "scope": scope(mention.section, amount(mention.token.value), mention.start),
        "left": value,
        "right": held.value,
        "status": status,
        "cells": " ".join(held.cells),
        "needs": _needed(mention, table),
        "formula": _formula(mention, value, held, status, equals, table.form),
        "severity": severity,
        "claims": str(mention.start),
        "equals": equals,
    }


def _needed(mention: Mention, table: Figures) -> tuple[str, ...]:
    """Every cell that the claim or any other reading of it takes, as the report has them.

    What was received, and what was dealt with, may be meant with what was carried in or without it; which,
    where both are possible, is told by what was dealt with and carried out.
    """
    readings = [mention.subject, *mention.readings]
    if mention.subject in (_RECEIVED_WITH_CARRIED_IN[:1], _DEALT_WITH_AND_CARRIED_OUT[:1]):
        readings.append(_RECEIVED_WITH_CARRIED_IN[1:])
    if table.total(_RECEIVED_WITH_CARRIED_IN).value == mention.token.value:
        readings.append(_DEALT_WITH_AND_CARRIED_OUT)
    return tuple(dict.fromkeys(name for cells in readings for name in table.names(cells)))


def _in_cells_unit(mention: Mention, table: Figures) -> tuple[float, float]:
    """The claim's value in the unit of its cells, and how far rounding (money, 1.2万件) may have moved it."""
    token, unit = mention.token, table.units.get(mention.subject[0], "")
    last_digit = 10**-mention.decimals
    if token.unit not in MONEY or unit not in MONEY:
        return token.value, 0.5 * last_digit * token.scale if token.scale > 1 else 0.0
    scale = MONEY[token.unit] / MONEY[unit]
    return round(token.value * scale, 6), 0.5 * last_digit * scale


def _agrees(claimed: float, printed: float, approximate: str, slack: float) -> bool:
    """Whether a claim is true of a figure, given the word that makes it approximate."""
    match approximate:
        case "余" | "多" | "超":
            return printed >= claimed - slack
        case "近":
            return printed <= claimed + slack
        case "约":
            return abs(printed - claimed) <= max(ABOUT * claimed, slack)
        case "":
            return abs(printed - claimed) <= max(slack, 1e-6)
        case _:
            raise ValueError(f"unknown word of approximation {approximate!r}")


def _formula(mention: Mention, value: float, held: Stated, status: str, equals: str, form: str) -> Pair:
    given = {"said": f"{mention.token.approximate}{amount(value)}", "text": held.text}
    if status == "not_stated":
        return words("formula.no_right", **given)
    told = words("formula.told", **given)
    if status == "breaks":
        told = words("formula.told_breaks", sum=told, said=given["said"], right=held.value or 0.0)
        if equals:
            told = words("formula.equals", sum=told, cells=(cell_names(equals.split("+"), form)[0], equals))
    return words("formula.limited", sum=told, note=mention.note) if mention.note[1] else told


def _equal_cell(value: float, mention: Mention, table: Figures) -> str:
    """The cell, or the sum less one part, that a wrong claim equals; "" where none or too many do.

    The rows of the claim's own cells go first, then the rows of the same kind, then the whole table.
    """
    if mention.subject == _RECEIVED_WITH_CARRIED_IN[:1]:
        both = table.total(_RECEIVED_WITH_CARRIED_IN)
        if both.value == value and table.value(_RECEIVED_WITH_CARRIED_IN[1]):
            return "+".join(_RECEIVED_WITH_CARRIED_IN)
    own = table.names(mention.subject)
    rows = {split_cell(name)[:2] for name in own}
    kinds = {(code, row.partition(".")[0]) for code, row in rows}
    circles: list[list[str]] = [[], [], []]
    of_table = [name for name in table.cells if name.startswith(split_cell(own[0])[0] + ":")]
    for name in of_table if value else ():
        if table.value(name) == value:
            code, row, _ = split_cell(name)
            near = 0 if (code, row) in rows else 1 if (code, row.partition(".")[0]) in kinds else 2
            circles[near].append(name)
    for circle in circles:
        if circle:
            return circle[0] if len(circle) <= _MOST_LIKELY else ""
    return next(_less_one(value, own, table), "")


def _leaves_out_carried_in(value: float, mention: Mention, table: Figures) -> bool:
    """Whether a claim of what was dealt with may speak of this year's requests only."""
    if mention.subject != ("requests:handled/total",):
        return False
    handled, carried_in = (table.value(name) for name in (*mention.subject, "requests:carried_in/total"))
    if handled is None or carried_in is None:
        return False
    return carried_in > 0 and value + carried_in == handled


def _less_one(value: float, names: tuple[str, ...], table: Figures) -> Iterator[str]:
    """The sums that leave out one cell with a figure and equal the value."""
    for left_out in names:
        rest = tuple(name for name in names if name != left_out)
        if rest and table.value(left_out) and table.total(rest).value == value:
            yield "+".join(name for name in rest if table.value(name))


def _year_checks(mentions: Sequence[Mention], table: Figures, reading: Reading) -> Iterator[dict]:
    """`period`: a sentence that gives the form's figures as of the year before or after the report's.

    A query, one for each such sentence: the year may be a misprint, or the sentence a copy of last year's.
    None where the sentence compares, where it or its paragraph speaks of this year too, or where this
    year's figure of the same cells is stated anywhere.
    """
    year = reading.year
    told = [m for m in mentions if m.year is not None and year is not None and abs(m.year - year) == 1]
    stated = {m.subject for m in mentions if m.subject}
    for number, group in groupby(told, key=lambda mention: mention.sentence):
        found = list(group)
        marked = reading.marked[number]
        if _COMPARES.search(marked.text) or any(m.meant in stated for m in found):
            continue
        if speaks_of(marked.text, year) or _is_beside_this_year(marked, mentions, reading):
            continue
        yield _year_row(found, table, year)


def _is_beside_this_year(marked: Marked, mentions: Sequence[Mention], reading: Reading) -> bool:
    """Whether another sentence of the paragraph gives a figure of this year that the table may have."""
    text = reading.prose.text
    first = text.rfind("\n", 0, marked.sentence.start) + 1
    last = text.find("\n", marked.sentence.end)
    around = [m for m in mentions if first <= m.token.start and (last < 0 or m.token.start < last)]
    return any(
        speaks_of(text[reading.marked[m.sentence].sentence.start : m.token.first], reading.year)
        for m in around
        if m.token.kind == "claim"
        and m.token.unit in CASES
        and reading.marked[m.sentence] is not marked
        and (m.subject or m.note == words("note.not_understood"))
    )


def _year_row(found: Sequence[Mention], table: Figures, year: int | None) -> dict:
    first = found[0]
    held = [(m, table.total(m.meant).value) for m in found]
    equal = all(value == m.token.value for m, value in held)
    key = "formula.other_year_equal" if equal else "formula.other_year"
    return {
        "rule": "period",
        "scope": scope(first.section, f"{first.year}年", first.start),
        "left": float(first.year or 0),
        "right": float(year or 0),
        "status": "breaks",
        "cells": "",
        "formula": words(key, named=str(first.year), year=str(year)),
        "severity": "query",
        "claims": " ".join(str(m.start) for m in found),
    }
