"""Percentages and changes of the prose, recomputed within what their printed digits allow."""

import math
import re
from collections.abc import Iterator, Sequence

from ..checks import amount
from ..texts import Pair, same, words
from .claims import Mention, Reading, scope
from .counting import topic_at
from .figures import Figures
from .phrases import COUNTED, cells, lexicon
from .years import PREVIOUS, other_year

_NAMED_SHARE = re.compile(
    r"(?:^|[，。；：%]|其中)(?:其中)?(?P<label>[^，。；：（）、%]{2,20}?)(?:所)?占"
    r"(?:全部|总|申请|答复|办结|受理|数|量|件|比例|比重|比|的)*(?:为|达到|达|是)*$"
)
_SHARED_LABELS = {
    "natural persons", "organisations", "enterprises", "granted", "partly granted",
    "granted and partly granted", "denied", "unavailable", "not processed",
}  # fmt: skip
_WHOLES = (("new",), ("handled",), ("new", "carried_in"))
_SHARE = re.compile(
    r"（|[，、（]?(?:约|大约)?占(?:比|[^，。；（）\d]{0,16}的?)?(?:比例|比重)?(?:约|为|达到|达|近|是|：)*$"
)
_OF_THE_WHOLE = re.compile(
    r"占(?:全部|总|的|申请|政府信息公开|依申请公开|公开|已|答复|办结|办理|受理|收到|收|受|处理|数|量|件"
    r"|比例|比重|比|约|为|达到|达|近|是|：)*$"
)
_OF_REQUESTS = re.compile("申请|办结|答复|受理|收到|办理")
_SPEAKS_OF_SHARE = re.compile(r"占[^，。；]{0,16}$")
_CHANGE = re.compile(
    r"(?:同比|较|比|与)[^，。；]{0,10}?(?P<way>增长|增加|上升|提高|升高|多|增|下降|减少|降低|回落|降|减|少)(?:了|约|为|达)*$"
)
_AND_SO = re.compile(
    r"[，、（](?:即|也就是|同比)?(?P<way>增长|增加|上升|提高|增幅|升幅|涨幅|下降|减少|降低|降幅|减幅)(?:率|幅度)?(?:了|约|为|达|达到|：)*"
)
_LAST_YEARS = re.compile(
    r"(?:上一?年|去年|(?P<year>20\d\d)年)度?(?:同期)?(?:数量|的|为|是|共|收到|受理|新收|有|：|（)*$"
)
_UP = ("增长", "增加", "上升", "提高", "升高", "多", "增", "增幅", "升幅", "涨幅")
_JOINED = re.compile(r"[、，和及][^，。；：（）]{0,30}")
_NEAR = 60  # numbers before and after a percentage among which its total may stand
_TOTALS = (
    ("requests:new/total",),
    ("requests:handled/total",),
    ("requests:new/total", "requests:carried_in/total"),
)


def share_checks(mentions: Sequence[Mention], table: Figures, reading: Reading) -> Iterator[dict]:
    """`share` and `growth`: each percentage that says what it is of, each change against another year.

    A share breaks only where no total of the prose or the table gives it. A change states nothing where
    the other year's figure does not stand in the document.
    """
    text = reading.prose.text
    changes: set[int] = set()
    settled = False  # whether the figure just before is a change whose two years are stated
    for index, mention in enumerate(mentions):
        if mention.token.kind != "claim":
            continue
        again = (
            _AND_SO.fullmatch(text, mentions[index - 1].token.last, mention.token.first) if settled else None
        )
        settled = False
        near = mentions[max(0, index - _NEAR) : index + _NEAR]
        earlier = [m for m in near if m.start < mention.start and m.sentence == mention.sentence]
        earlier = [m for m in earlier if _is_count(m)]
        start = reading.prose.sentences[mention.sentence].start
        percent = mention.token.unit == "%"
        change = _CHANGE.search(text, start, mention.token.first)
        change = change or again
        if change:
            changes.add(mention.start)
            told = [m for m in earlier if m.start not in changes]
            row = _growth(mention, told, near, change["way"] in _UP, reading)
            settled = row["status"] != "not_stated"
            yield row
        elif percent and earlier and _says_share(text, earlier[-1], mention):
            yield _share(mention, earlier[-1], near, table, reading)
        elif percent and _SPEAKS_OF_SHARE.search(text, start, mention.token.first):
            yield _named(mention, table, reading)


def _named(mention: Mention, table: Figures, reading: Reading) -> dict:
    """A percentage without a figure of its own (自然人申请占98%); a break is a query: no whole is named."""
    printed = mention.token.value
    slack = max(_half(mention), 0.1 * printed if mention.token.approximate else 0.0) + 1e-9
    ratios = list(_named_ratios(mention, table, reading))
    if not ratios:
        return _row("share", mention, (), None, None, words("formula.no_whole"))
    ratio, top, base, used = min(ratios, key=lambda one: abs(one[0] - printed))
    right = printed if abs(ratio - printed) <= slack else _rounded(ratio, mention.decimals)
    told = same(f"{amount(top)} / {amount(base)} = {ratio:.{mention.decimals + 1}f}%")
    row = _row("share", mention, (), printed, right, told)
    return row | {"severity": "query", "cells": " ".join(used)}


def _says_share(text: str, part: Mention, share: Mention) -> bool:
    """Whether the words between a figure and a percentage make it a share: 占比, or brackets around it."""
    between = _SHARE.fullmatch(text, part.token.last, share.token.first)
    return between is not None and (between[0] != "（" or text.startswith("）", share.token.last))


def _is_count(mention: Mention) -> bool:
    return mention.token.kind == "claim" and mention.token.unit not in ("%", "‰", "百分点", "个百分点")


def _half(mention: Mention) -> float:
    """Half of the last digit that the claim prints: how far rounding may have moved it."""
    return 0.5 * 10.0**-mention.decimals


def _share(
    mention: Mention, part: Mention, mentions: Sequence[Mention], table: Figures, reading: Reading
) -> dict:
    printed, half = mention.token.value, _half(mention)
    tops = [(part.token.value, str(part.start)), *_together(part, mention, mentions, reading)]
    if part.subject:
        cell = table.total(part.subject).value
        if cell is not None and cell != part.token.value:
            tops.append((cell, ""))
    bases = _bases(mention, part, mentions, table)
    ratios = [
        (100 * top / base, top, base, f"{start} {source}".strip())
        for base, source in bases
        for top, start in tops
        if base > 0
    ]
    slack = max(half, 0.1 * printed if mention.token.approximate else 0.0) + 1e-9
    fitting = [ratio for ratio in ratios if abs(ratio[0] - printed) <= slack]
    if fitting:
        ratio, top, base, used = fitting[0]
        told = same(f"{amount(top)} / {amount(base)} = {ratio:.{mention.decimals + 1}f}%")
        return _row("share", mention, (part,), printed, printed, told, used=used)
    text = reading.prose.text
    bare = text[part.token.last : mention.token.first] == "（"
    whole = bare or _OF_THE_WHOLE.search(text, part.token.last, mention.token.first)
    own = part.subject and not part.subject[0].startswith("disclosure:")
    if (
        own
        and part.subject[0].startswith("disputes:")
        and _OF_REQUESTS.search(text, part.token.last, mention.token.first)
    ):
        own = ()
    if not own or not ratios or not whole or part.subject in _TOTALS:
        return _row("share", mention, (part,), None, None, words("formula.no_total"))
    ratio, top, base, used = min(ratios, key=lambda one: abs(one[0] - printed))
    right = _rounded(ratio, mention.decimals)
    cut = math.isclose(printed, math.floor(ratio * 10**mention.decimals) / 10**mention.decimals)
    told = words(
        "formula.share_cut" if cut else "formula.share_breaks",
        ratio=f"{amount(top)} / {amount(base)} = {right:.{mention.decimals}f}%",
        printed=f"{amount(printed)}%",
    )
    row = _row("share", mention, (part,), printed, right, told, used=used)
    return row | {"severity": "note" if cut else "error", "cells": " ".join(part.subject)}


def _named_ratios(
    mention: Mention, table: Figures, reading: Reading
) -> Iterator[tuple[float, float, float, tuple[str, ...]]]:
    """The ratios in percent with part, whole and the part's cells; none where the words name no cells.

    Only of what the whole table counts: not of another year, of one body of several, of some requests.
    """
    marked = reading.marked[mention.sentence]
    before = reading.prose.text[marked.sentence.start : mention.token.first]
    named = _NAMED_SHARE.search(before)
    topic, _ = topic_at(marked, len(marked.text), reading.topics[mention.sentence])
    if named is None or topic != "requests" or other_year(before, reading.year):
        return
    segment = before[before.rfind("；") + 1 :]
    if any(limit.pattern.search(segment) for limit in lexicon().limits if limit.where == "segment"):
        return
    subject = _subject_of(named["label"] + COUNTED, table.form)
    for rows in _WHOLES if subject else ():
        counted = table.total(cells(subject, table.form, rows))
        whole = table.total(cells("requests:{row}/total", table.form, rows))
        if counted.value is not None and whole.value:
            yield 100 * counted.value / whole.value, counted.value, whole.value, counted.cells


def _subject_of(label: str, form: str) -> str:
    """The subject of the phrase that a label is, whole; "" where it is none."""
    for phrase in lexicon().phrases:
        if phrase.id in _SHARED_LABELS and phrase.wordings[0].pattern.fullmatch(label):
            return phrase.subject[form]
    return ""


def _together(
    part: Mention, mention: Mention, mentions: Sequence[Mention], reading: Reading
) -> Iterator[tuple[float, str]]:
    """The sums that a share may be of where several figures are listed: 予以公开5件、部分公开2件，占70%."""
    text, listed = reading.prose.text, [part]
    before = [m for m in mentions if m.start < part.start and m.sentence == part.sentence]
    for earlier in reversed(before):
        joined = text[earlier.token.last : listed[0].token.first]
        if earlier.token.kind != "claim" or not _is_count(earlier) or not _JOINED.fullmatch(joined):
            break
        listed.insert(0, earlier)
        yield sum(m.token.value for m in listed), " ".join(str(m.start) for m in listed)


def _bases(
    mention: Mention, part: Mention, mentions: Sequence[Mention], table: Figures
) -> list[tuple[float, str]]:
    """The totals that a share may be of, those of the prose (with their offsets) before the table's."""
    mine = set(part.subject)
    stated = [m for m in mentions if m.section == part.section and _is_count(m) and m.start != part.start]
    if not mine or part.subject[0].startswith("disclosure:"):
        before = [m for m in stated if m.start < part.start and m.token.unit == part.token.unit]
        return [(m.token.value, str(m.start)) for m in before]
    code = part.subject[0].partition(":")[0]
    totals = [m for m in stated if (code == "requests" and m.subject in _TOTALS) or mine < set(m.subject)]
    rows = {name.rpartition("/")[0] for name in mine}
    totals += [m for m in stated if {n.rpartition("/")[0] for n in m.subject} == rows and m not in totals]
    bases = [(m.token.value, str(m.start)) for m in totals]
    if code == "requests":
        results = [m for m in stated if m.subject and set(m.subject).isdisjoint(mine) and m not in totals]
        whole = part.token.value + sum(m.token.value for m in results)
        bases += [(total, "") for total in (table.total(cells).value for cells in _TOTALS) if total]
        bases.append((whole, ""))
    else:
        wholes = {f"{row}/total" for row in rows}
        bases += [(value, "") for value in map(table.value, sorted(wholes)) if value]
    return bases


def _is_last_years(figure: Mention, now: Mention, change: Mention, reading: Reading) -> bool:
    """Whether a figure without cells, beside a change, is called that of the year before (上年30件)."""
    text = reading.prose.text
    said = _LAST_YEARS.search(text, reading.prose.sentences[change.sentence].start, figure.token.first)
    near = figure.sentence == change.sentence and now.start < figure.start and not figure.subject
    if said is None or not near or figure.token.unit != now.token.unit or figure.token.approximate:
        return False
    between = text[now.token.last : max(figure.token.first, change.token.first)]
    named = said["year"]
    return "；" not in between and (named is None or reading.year is None or int(named) == reading.year - 1)


def _is_of_this_year(figure: Mention, reading: Reading) -> bool:
    """Whether a figure without cells is none of the year before: something else is counted."""
    start = reading.prose.sentences[figure.sentence].start
    return figure.note != PREVIOUS and not _LAST_YEARS.search(reading.prose.text, start, figure.token.first)


def _growth(
    mention: Mention, earlier: list[Mention], mentions: Sequence[Mention], up: bool, reading: Reading
) -> dict:
    """A change in percent or in cases against the year before, where that year's figure is stated."""
    now = next((m for m in reversed(earlier) if m.subject), None)
    if now is not None and any(_is_of_this_year(m, reading) for m in earlier if m.start > now.start):
        now = None  # the change is of that figure
    before = now and next((m for m in mentions if m.note == PREVIOUS and m.meant == now.subject), None)
    if now is not None and before is None and now.subject in _TOTALS:
        before = next((m for m in mentions if _is_last_years(m, now, mention, reading)), None)
    if now is None or before is None or not before.token.value:
        return _row("growth", mention, (), None, None, words("formula.no_other_year"))
    step = now.token.value - before.token.value
    if mention.token.unit == "%":
        actual = 100 * step / before.token.value
        told = f"({amount(now.token.value)} - {amount(before.token.value)}) / {amount(before.token.value)}"
    elif mention.token.unit == now.token.unit:
        actual = step
        told = f"{amount(now.token.value)} - {amount(before.token.value)}"
    else:
        return _row("growth", mention, (now, before), None, None, words("formula.other_change"))
    said = mention.token.value if up else -mention.token.value
    slack = max(
        _half(mention) if mention.token.unit == "%" else 0.0,
        abs(said) * 0.1 * bool(mention.token.approximate),
    )
    right = said if abs(actual - said) <= slack + 1e-9 else _rounded(actual, mention.decimals)
    return _row("growth", mention, (now, before), said, right, same(f"{told} = {amount(round(actual, 4))}"))


def _rounded(value: float, digits: int) -> float:
    """The value rounded half up, as people round."""
    return math.copysign(math.floor(abs(value) * 10**digits + 0.5 + 1e-9) / 10**digits, value)


def _row(
    rule: str,
    mention: Mention,
    others: tuple[Mention, ...],
    left: float | None,
    right: float | None,
    told: Pair,
    used: str = "",
) -> dict:
    stated = left is not None and right is not None
    number = f"{amount(mention.token.value)}{mention.token.unit}"
    starts = dict.fromkeys([str(mention.start), *(str(other.start) for other in others), *used.split()])
    return {
        "rule": rule,
        "scope": scope(mention.section, number, mention.start),
        "left": left if stated else float("nan"),
        "right": right if stated else float("nan"),
        "status": ("holds" if left == right else "breaks") if stated else "not_stated",
        "cells": " ".join(dict.fromkeys(cell for other in others for cell in other.subject))
        if stated
        else "",
        "formula": told if stated else words("formula.silent", said=number, why=told),
        "severity": "error",
        "claims": " ".join(starts),
    }
