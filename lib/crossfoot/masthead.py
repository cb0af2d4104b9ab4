"""Who reports, on which year, and on which form, by the title and the tables' own wording.

Also where a second report begins in the same file, so that none of its figures is taken for the first's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from .document import Document, Grid, Line
from .extraction_problems import Trouble
from .forms import tables
from .labels import best, similarity
from .texts import joined, one_line, words
from .texts import same as same_text

_CORE = re.compile(
    r"(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?"
    r"(?:年度工作报告|工作年度报告|年度情况报告|情况年度报告|年度报告|年报|工作报告)"
)
_YEAR = re.compile(r"(20\d\d|二[〇○Ｏ零][〇○零一二三四五六七八九]{2})年?度?")
_AFTER = re.compile(
    r"^[-—]{0,2}[（(\[【]?(?P<year>20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年?度?[）)\]】]?"
)
_STOPS = re.compile(r"[，。,:：；;|｜\t>》《<]")
_NAME = re.compile(r"[\u4e00-\u9fff（）()·]+$")
_NOT_ISSUER = re.compile(
    r"^(?:(?:文件|信息)?名称|标题|题名|关于|公布|印发|发布|编制)|(?:的|关于|年度?|度)$|[《》<>|]"
)
_PUBLISHER = re.compile(r"(?:发布机构|发文机关|发布单位|公开主体|制发机关)[:：|\s]*([\u4e00-\u9fff]{4,30})")
_PERIOD = re.compile(r"(20\d\d)年1月1日[^。；]{0,12}12月31日")
_SECTION = re.compile(
    r"[#*]*(?:[（(]?[一1][)）]?[、.．]?|第一部分[:：、]?)?"
    r"(?:总体情况|总体工作情况|概述|工作概述|概况|基本情况|主动公开(?:政府信息)?(?:工作)?情况)[:：。*]*"
)
_TABLE = re.compile("信息内容|本年新收|结果维持|第二十条第")
_STATED = re.compile(r"(20\d\d)年")
_LINK = re.compile(r"[【\[]?(?:上一篇|下一篇|上一条|下一条|相关(?:链接|阅读|文章|信息)|往年)")
_DATE = re.compile(
    r"[\[(（]?(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)?(?:\d{1,2}:\d\d(?::\d\d)?)?[\])）]?|[·•>》|]+"
)
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "Ｏ": "0"}
_HEAD, _BODY = (
    5_000,
    50_000,
)  # letters above the report that may name its publisher, and of it that may name its year
_BEFORE, _BEHIND = 60, 20  # letters around the words 政府信息公开…年度报告 that may belong to the title
_LONGEST, _PART = 90, 45  # letters of a title, and of each of the lines that it runs over
_REQUESTS = tables("2021")["requests"]
_FIRST_ROW, _LAST_ROW = (
    (row.label, *row.aliases) for row in (_REQUESTS.row("new"), _REQUESTS.row("carried_out"))
)
_LONGEST_LATER = 60  # letters of the title of a second report
_Spot = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Title:
    """A report's title as a text states it: year, issuer (None where it names none), and where it ends.

    `alone` says that it names nothing before or beside the year. `line` and `last` number the document's
    printed lines that it runs over.
    """

    year: int
    issuer: str | None
    end: int
    alone: bool
    line: int = 0
    last: int = 0


def _title_in(text: str) -> Title | None:
    """The first title in a text without spaces; None where it has none. In time linear in the text."""
    for core in _CORE.finditer(text):
        start = max(0, core.start() - _BEFORE)
        window = _STOPS.split(text[start : core.start()])[-1]
        years = [*_YEAR.finditer(window)]
        if years:
            before, between = window[: years[-1].start()], window[years[-1].end() :]
            end, year = core.end(), years[-1][1]
        else:
            behind = _AFTER.match(text[core.end() : core.end() + _BEHIND])
            if behind is None:
                continue
            before, between = window, ""
            end, year = core.end() + behind.end(), behind["year"]
        names = (_issuer(between), _issuer(before))
        issuer = next((name for name in names if name), None)
        number = int("".join(_DIGITS.get(c, c) for c in year))
        return Title(number, issuer, end, not (before.strip("关于#*") or between))
    return None


def masthead(document: Document) -> tuple[str | None, int | None]:
    """Issuer and year as the report's title states them; None where it states none.

    The title may run over several lines (issuer above, `2019 年政府信息公开工作年度报告` below). It is the
    one that stands nearest above the report's first section or table, not one of a menu of other years'
    reports. Without a title the year is the one that the text names most often, the earlier of two in a tie.
    """
    issuer, year, _ = _read(document)
    return issuer, year


def contested(document: Document) -> Trouble | None:
    """A trouble where titles of two years or bodies compete, and nothing in the text says which it is."""
    return _read(document)[2]


def first_report(document: Document) -> tuple[Document, Trouble | None]:
    """The document up to where a second report begins, and a trouble that says so; else the document itself.

    A second report is one whose title stands between the last row of a table 三 and the first row of
    another. Text, lines and tables from that title on are left out; `pages` stays.
    """
    for grids in document.grids.values():
        spots = _between_reports(grids)
        title = spots and _title_between(document, *spots)
        if title:
            begins = document.text[title.start : title.end].strip()
            told = words("read.second_report", title=one_line(begins))
            where = "" if title.box is None or title.page else f"line {round(title.box[1]) + 1}"
            return _until(document, title), Trouble("second_report", (), told, (), title.page, where)
    return document, None


def _read(document: Document) -> tuple[str | None, int | None, Trouble | None]:
    text = document.text.translate(_WIDE)
    lines = [re.sub(r"\s+", "", text[line.start : line.end]) for line in document.lines]
    lines = [line for line in lines if line]
    start = _begins(lines)
    every = _titles(lines)
    above = [title for title in every if title.last < start] or every
    publisher = _PUBLISHER.search("\n".join(lines[:start])[:_HEAD])
    if not above:
        said = _said("".join(lines))
        return publisher[1] if publisher else None, min(said) if said else None, None
    menus = _in_menus(above, lines)
    own = [title for title in above if title not in menus]
    begins = start if start < len(lines) else above[-1].last + 1
    body = "".join(line for line in lines[begins:] if not _CORE.search(line[:_LONGEST]))[:_BODY]
    period = {int(year) for year in _PERIOD.findall(body)}
    said = period if len(period) == 1 else _said(body)
    fitting = [title for title in above if said == {title.year}]
    near = -1 if start < len(lines) else 0
    chosen = own[near] if own else (fitting or above)[near]
    rivals = [t for t in (own or above) if t.year != chosen.year] if said != {chosen.year} else []
    same = [title for title in (own or [chosen]) if title.year == chosen.year]
    named = [title.issuer for title in reversed(same) if title.issuer]
    issuer = chosen.issuer or (named[0] if named else publisher[1] if publisher else None)
    others = [name for name in named if issuer and not _alike(name, issuer)]
    if not (rivals or others):
        return issuer, chosen.year, None
    told = dict.fromkeys([*(f"{t.issuer or ''}{t.year}" for t in rivals), *others])
    listed = joined((same_text(name) for name in told), words("list.and"))
    took = f"{issuer or ''}{chosen.year}"
    trouble = Trouble("contested_title", (), words("read.contested_title", chosen=took, others=listed))
    return issuer, chosen.year, trouble


def _begins(lines: Sequence[str]) -> int:
    """The number of the line with which the report's first section begins, else its first table."""
    for pattern in (_SECTION.fullmatch, _TABLE.search):
        for number, line in enumerate(lines):
            if len(line) < _LONGEST and pattern(line):
                return number
    return len(lines)


def _titles(lines: Sequence[str]) -> list[Title]:
    """The titles among the lines, each on one to three of them; in sentences only if there is no other."""
    found: list[Title] = []
    alone = [_title_in(line) if _is_short(line, _LONGEST) else None for line in lines]
    number = 0
    while number < len(lines):
        title = alone[number]
        last = number
        while title is None and last < min(number + 2, len(lines) - 1):
            last += 1
            parts = lines[number : last + 1]
            if alone[last] is not None or not all(_is_short(part, _PART) for part in parts):
                break
            title = _title_in("".join(parts))
        if title is None:
            number += 1
            continue
        issuer = title.issuer
        if issuer is None and title.alone and number and alone[number - 1] is None:
            issuer = _issuer(lines[number - 1]) if _is_short(lines[number - 1], _PART) else None
        found.append(replace(title, issuer=issuer, line=number, last=last))
        number = last + 1
    if found:
        return found
    within = ((number, _title_in(line)) for number, line in enumerate(lines))
    return [replace(title, line=n, last=n) for n, title in within if title is not None]


def _is_short(line: str, most: int) -> bool:
    """Whether a line may be a title, or a part of one: no sentence."""
    return len(line) <= most and not re.search("[，。；]", line)


def _in_menus(titles: Sequence[Title], lines: Sequence[str]) -> list[Title]:
    """The titles that stand in a list of several years' reports, or behind 上一篇 and the like."""
    runs: list[list[Title]] = []
    for title in titles:
        between = lines[runs[-1][-1].last + 1 : title.line] if runs else []
        if runs and all(_DATE.fullmatch(line) for line in between):
            runs[-1].append(title)
        else:
            runs.append([title])
    listed = [title for run in runs if len({title.year for title in run}) > 1 for title in run]
    linked = [title for title in titles if _LINK.match(lines[title.line]) or _several(lines[title.line])]
    return [*listed, *linked]


def _several(line: str) -> bool:
    """Whether a line names reports of several years."""
    return len(_CORE.findall(line)) > 1 and len(_said(line)) > 1


def _said(text: str) -> set[int]:
    """The year that the text names most often; several in a tie."""
    counted = Counter(int(year) for year in _STATED.findall(text))
    most = max(counted.values(), default=0)
    return {year for year, count in counted.items() if count == most}


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one body's: a shorter form of it, or spelt alike."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(letter in rest for letter in short) or fuzz.ratio(one, other) >= 80


def _issuer(text: str) -> str | None:
    """The text if it can be a body's name."""
    run = _NAME.search(text)
    name = _NOT_ISSUER.sub("", run[0]) if run else ""
    return name if 3 <= len(name) <= 30 and re.search(r"[\u4e00-\u9fff]{3}", name) else None


def form_of(grids: Iterable[Grid], year: int | None) -> str:
    """The form the report uses, by the wording of its table 二, else of （六）, else by its year.

    A later report that still uses the form of 2019 is of that form.
    """
    cells = [cell.text for grid in grids for cell in grid.cells if cell.text.strip()]

    def hits(labels: Iterable[tuple[str, ...]]) -> int:
        wanted = tuple(labels)
        return sum(best(text, wanted)[0] >= 90 for text in cells)

    old, new = ({c.label for c in tables(form)["disclosure"].columns} for form in ("2019", "2021"))
    scores = hits((label,) for label in sorted(old - new)), hits((label,) for label in sorted(new - old))
    if scores[0] != scores[1]:
        return "2019" if scores[0] > scores[1] else "2021"
    rows = [row for row in tables("2021")["requests"].rows if row.forms == ("2021",)][:2]
    if hits((row.label,) for row in rows):
        return "2021"
    return "2019" if year is not None and year < 2021 else "2021"


def _between_reports(grids: Iterable[Grid]) -> tuple[_Spot, _Spot] | None:
    """Where the last row of a table 三 ends and the first row of another one begins; None with one alone."""
    begun, ended = False, None
    for grid in grids:
        for cell in sorted(grid.cells, key=lambda cell: cell.top):
            if not begun:
                begun = similarity(cell.text, _FIRST_ROW) >= 90
            elif similarity(cell.text, _LAST_ROW) >= 90:
                ended = (grid.page or 0, cell.bottom)
            elif ended and similarity(cell.text, _FIRST_ROW) >= 90:
                return ended, (grid.page or 0, cell.top)
    return None


def _title_between(document: Document, after: _Spot, before: _Spot) -> Line | None:
    """The line between two places that the last title there begins with, an issuer's line above included."""
    lines = [line for line in document.lines if document.text[line.start : line.end].strip()]
    texts = [re.sub(r"\s+", "", document.text[line.start : line.end]) for line in lines]
    found = None
    for index, line in enumerate(lines):
        if line.box is None or not after <= (line.page or 0, line.box[1]) < before:
            continue
        for heading in (texts[index], "".join(texts[index : index + 2])):
            title = _title_in(heading) if len(heading) <= _LONGEST_LATER else None
            if title and len(heading) - title.end <= 6:
                alone = index and title.alone
                found = lines[index - 1] if alone and re.fullmatch(r"\w{3,30}", texts[index - 1]) else line
                break
    return found


def _until(document: Document, end: Line) -> Document:
    assert end.box is not None
    spot = (end.page or 0, end.box[1])
    grids = {
        reader: tuple(g for g in found if (g.page or 0, min(c.top for c in g.cells)) < spot)
        for reader, found in document.grids.items()
    }
    lines = tuple(line for line in document.lines if line.start < end.start)
    return replace(document, text=document.text[: end.start], lines=lines, grids=grids)
