"""The years that words name, and whether a figure after them is of the report's own."""

import re

from ..texts import Pair, words
from .marking import ASIDE
from .phrases import COUNTED

PREVIOUS = words("note.previous")
_YEARS = re.compile(
    r"(?P<aside>(?:较|比|与|和|同)(?:20\d\d年|去年|上一?年)度?|因(?:20\d\d|去|上一?)年(?:度)?[^，。；#]{0,14}(?:引发|引起|提起|产生)|(?:是|为|相当于)(?:20\d\d年|去年|上一?年)度?的|同比|环比|结转自?(?:去|上一?)年度?"
    r"|(?:20\d\d|去|上一?)年(?:度)?+[^，。；#]{0,16}(?:结转|转结|接转|转入|转来|遗留|未办结)|(?:结转|顺延|延期|转)[^，。；#]{0,5}20\d\d年)"
    r"|(?P<named>20\d\d)年(?:度?，?[^，。；#]{0,8}(?:全年|年内))?|(?P<before>去年|上一?年(?:度)?|前年)"
    r"|(?P<now>今年|本年|报告期)|(?P<whole>全年|年内)"
)
_COMPARED = re.compile(
    "#[^，。；#]{0,4}[，、）][^。；#]{0,8}(?:增长|增加|上升|减少|下降|降低|持平|多|少)[^，。；]{0,12}[，；]"
)


def other_year(before: str, year: int | None) -> Pair | None:
    """A note where the last year that the words before a number name is not the report's, else None."""
    last = last_year(before)
    if last is None or last["now"] or last["whole"]:
        return None
    if _COMPARED.search(before, last.end()) and COUNTED in before[: last.start()]:
        return None  # the year before was named beside this year's figure, and the comparison is over
    if last["before"]:
        return PREVIOUS
    if year is None or int(last["named"]) == year:
        return None
    return PREVIOUS if int(last["named"]) == year - 1 else words("note.of_year", year=last["named"])


def may_be_over(before: str, year: int | None) -> bool:
    """Whether another year was named in an earlier clause of a sentence that began with the report's own.

    2024年收到申请12件，上年未办结3件，答复13件: the last figure may be of this year again.
    """
    plain = ASIDE.sub("", before)
    named = [match for match in _YEARS.finditer(plain) if not match["aside"]]
    own = any(match["now"] or match["named"] == str(year) for match in named[:-1])
    return own and re.search("[，；]", plain[named[-1].end() :]) is not None


def speaks_of(text: str, year: int | None) -> bool:
    """Whether the words name that year of the report, by its number or as 今年, otherwise than to compare.

    全年 does not: it is the whole of whatever year was named before.
    """
    return any(
        match["now"] or match["named"] == str(year) for match in _YEARS.finditer(text) if not match["aside"]
    )


def last_year(before: str) -> re.Match[str] | None:
    """The last year that the words name otherwise than to compare with it, outside of brackets."""
    named = [match for match in _YEARS.finditer(ASIDE.sub("", before)) if not match["aside"]]
    return named[-1] if named else None
