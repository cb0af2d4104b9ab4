"""Numbers in running text: where they stand, what they are worth, what they count, what kind they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..numerals import chinese_number
from .sentences import COMMA

UNITS = (
    "个百分点|百分点|个工作日|工作日|个自然日|小时|分钟|亿元|千万元|百万元|万元|元|平方米|平方公里|公里|"
    "人次|件次|场次|篇次|期次|个月|件|条|项|次|宗|个|篇|人|名|家|份|起|例|场|期|部|批|类|种|户|张|套|处|台|"
    "字|页|幅|门|轮|版|组|款|位|级|倍|分|秒|支|辆|本|册|集|卷|村|站|块|笔|亩|公顷|吨|所(?![有需涉述列属在作])|"
    "封|单|天|日|周|年|%|‰"
)
MONEY = {"元": 1.0, "万元": 1e4, "百万元": 1e6, "千万元": 1e7, "亿元": 1e8}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = re.compile(rf"\d+(?:{COMMA}\d{{3}})*(?:\.\d+)?|[①-⑳]")
_NUMERAL = re.compile(rf"[{_CHINESE}]+")
_COUNTED = (
    "件|条|项|次|宗|个|篇|人次|名|家|份|起|例|场|期|部|批|户|张|套|处|轮|万元|亿元|元|天|年|个月|小时|类|种"
)
_TAIL = re.compile(
    rf"(?:(?P<first>余|多)(?=[万亿]))?(?P<scale>万|亿|千(?!字))?(?P<more>余|多|来)?(?P<unit>{UNITS})?(?P<after>左右|以上|余|多(?=月))?"
)
_CHINESE_TAIL = re.compile(rf"(?P<more>余|多|来)?(?P<unit>{_COUNTED})(?P<after>左右|以上)?")
_BEFORE = re.compile(r"(?P<word>(?:大约|约)(?=[为占达是]?$)|(?:将近|接近|近|超过|突破|超|逾)$)[为占达是]?$")
_APPROXIMATE = {
    "约": "约", "大约": "约", "左右": "约", "近": "近", "将近": "近", "接近": "近", "超": "超", "超过": "超",
    "突破": "超", "逾": "超", "以上": "余", "余": "余", "来": "余", "多": "多",
}  # fmt: skip
_YEAR = r"(?:19|20)\d{2}"
_DIGITS = "一二三四五六七八九十"
_CLAUSE = r"(?:^|(?<=[。；，：\n]))"
_ZONES = {  # in this order: the first that covers a number decides; numbers in none of them count something
    "contact": (
        r"(?a:(?:https?：//|www\.)[^\s，。；（）“”《》]+|(?<![\w.-])[\w.-]{1,64}@[\w.-]+)",
        r"地址[^，。；（）\d]{0,30}[-\d.转（）号A-Za-z栋幢座楼室层]*",
        rf"(?:邮编|邮政编码|电话|传真|手机|QQ|微信号)(?:（[^（）\d]{{1,8}}）)?[^，。；（）\d]{{0,30}}(?![\d{COMMA}.]+(?:余|多|万)*(?:{UNITS}))[-\d.转（）号]*",
        r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)",
        rf"(?<![\d.])123\d\d(?![\d.{COMMA}]|{UNITS}|余|多|万)",
        r"(?<=[路街道巷弄里村镇园区])\d+号(?![文令])[\d\-A-Za-z号栋幢座楼室层]*",
    ),
    "citation": (
        r"《[^《》\n]{1,80}》|<[^<>\n]{1,60}>",
        r"备\d{6,}号(?:-\d+)?|标识码：?\d+",
        r"[〔\[【（]\d{4}[〕\]】）]第?\d{1,6}号|第?(?<!\d)\d{1,6}号(?:令|文)?|(?<!\d)\d{6,12}/\d{4}-\d{1,9}",
        rf"第（?[\d{_CHINESE}]+）?[条款项号](?!目)(?:第（?[\d{_CHINESE}]+）?[款项])*",
    ),
    "date": (
        rf"{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}(?:T?\d{{1,2}}：\d{{2}}(?:：\d{{2}})?(?:\+\d{{2}}：\d{{2}})?)?",
        rf"{_YEAR}(?:年?[-至到/、和]{_YEAR})?年(?:度)?(?:\d{{1,2}}月(?:份)?(?:\d{{1,2}}日)?)?",
        r"\d{1,2}[-至到]?\d{0,2}月(?:份|底|初|中旬|上旬|下旬)?(?:\d{1,2}日)?",
        r"(?<=[月至到-])\d{1,2}日|\d{1,2}日(?=[起止，])|\d{1,2}：\d{2}(?:：\d{2})?",
        rf"[一二][九〇零][〇零{_DIGITS}]{{2}}年(?:度)?(?:[{_DIGITS}]{{1,3}}月)?(?:[{_DIGITS}]{{1,3}}日)?",
        rf"(?<!个)(?<![\d{_DIGITS}])[{_DIGITS}]{{1,2}}月(?:[{_DIGITS}]{{1,3}}日|份|底|初|以来)",
    ),
    "ordinal": (
        rf"第[\d{_CHINESE}]+(?!时间|线|责任|书记|要务|方|人|课堂|手|[\d{_CHINESE}])",
        rf"（(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})）|{_CLAUSE}\d{{1,2}}[.、）](?!\d)",
        rf"{_CLAUSE}[{_DIGITS}]{{1,3}}(?:、|是(?!一))|其[{_DIGITS}](?=[，、是])|附件\d{{1,2}}",
    ),
    "name": (r"(?<=[A-Za-z])\d+|(?<!\d)\d{1,12}(?=[A-Za-z])",),
}
_PATTERNS = [
    ("citation" if kind == "name" else kind, re.compile(p)) for kind, ps in _ZONES.items() for p in ps
]
_NOT_COUNTED = re.compile(
    r"一(?:次性|件事|条龙|项项|个个|条条|批|类|种|年|家|部|套|天|处|场|轮(?!次)|些)"
    r"|[两三四五六七八九十]+年来|[两二三四五六]项(?:合计|共计|相加|之和)|[三四]类(?:内部|过程)|[二三四]年级"
)
_WORD_BEFORE = re.compile(r"[统唯之专单万同逐每任某另这该上下新进不第各再又首初头几数上成那哪前后]$")
_NOT_ONE = re.compile("(?:无|没有|未有|未发生|未出现|未收到|未产生)$")
_ORDINARY = re.compile(r"第(?:一(?:时间|线|责任|书记|要务|手)|三(?:方|人)|二课堂)")


@dataclass(frozen=True, slots=True)
class Token:
    """One number: `start` to `end` its digits in the joined text, `first` to `last` with its words.

    `unit` is as printed, "" where none; money keeps its own unit, 万 before any other unit is part of the
    value, and its `scale`. `approximate` is 余, 约, 近, 多, 超 or "". `kind` as in the contract.
    """

    start: int
    end: int
    first: int
    last: int
    value: float
    unit: str
    approximate: str
    kind: str
    scale: float = 1.0


def _zones(text: str) -> list[tuple[int, int, str]]:
    """The stretches whose numbers are no counts; where two overlap, the earlier pattern's goes first."""
    return [(m.start(), m.end(), kind) for kind, pattern in _PATTERNS for m in pattern.finditer(text)]


def tokens(text: str) -> list[Token]:
    """Every number of a joined text (see `sentences.join`), in order.

    Chinese numerals are numbers where they count something or order it; in ordinary words (统一,
    一方面, 进一步, 第三方) they are none.
    """
    zones = _zones(text)
    kinds: list[str] = [""] * len(text)
    for start, end, kind in reversed(zones):
        kinds[start:end] = [kind] * (end - start)
    found = [*_arabic(text, kinds), *_chinese(text, kinds)]
    return _shared_units(text, sorted(found, key=lambda token: token.start))


def _number(printed: str) -> float:
    if printed in _CIRCLED:
        return float(ord(printed) - ord("①") + 1)
    return float(printed.replace(COMMA, ""))


def _arabic(text: str, kinds: list[str]) -> Iterator[Token]:
    for match in _ARABIC.finditer(text):
        start, end = match.span()
        value = _number(match[0])
        kind = kinds[start] or ("ordinal" if match[0] in _CIRCLED else "")
        tail = _TAIL.match(text, end)
        assert tail is not None  # every part of it is optional
        if not kind and not tail["unit"] and re.fullmatch(_YEAR, match[0]):
            kind = "date"
        if kind:
            yield Token(start, end, start, end, value, "", "", kind)
        else:
            yield _counted(text, start, end, value, tail)


def _counted(text: str, start: int, end: int, value: float, tail: re.Match[str]) -> Token:
    """The claim at a place: its unit, its 万, and the words that make it approximate."""
    parts = tail.groupdict()
    unit = parts["unit"] or ""
    scale = parts.get("scale") or ""
    if scale in ("万", "亿") and unit == "元":
        unit = scale + unit
        scale = ""
    times = {"万": 1e4, "亿": 1e8, "千": 1e3}.get(scale, 1.0)
    before = _BEFORE.search(text, max(0, start - 4), start)
    word = parts.get("first") or parts["more"] or parts["after"] or (before["word"] if before else "")
    first = before.start() if before else start
    meant = _APPROXIMATE.get(word, "")
    return Token(start, end, first, tail.end(), round(value * times, 6), unit, meant, "claim", times)


def _chinese(text: str, kinds: list[str]) -> Iterator[Token]:
    for match in _NUMERAL.finditer(text):
        start, end = match.span()
        kind = kinds[start]
        if text[start - 1 : start].isdigit() or _ORDINARY.match(text, max(0, start - 1)):
            continue
        if kind:
            if kind != "citation" or text[start - 1 : start] in ("第", "（"):
                yield from _chinese_of_kind(text, start, end, kind)
            continue
        fraction = re.compile(rf"百分之([{_CHINESE}]+)").match(text, start)
        if fraction:
            value = float(chinese_number(_spelled(fraction[1])))
            yield Token(fraction.start(1), fraction.end(), start, fraction.end(), value, "%", "", "claim")
        tail = _CHINESE_TAIL.match(text, end)
        if fraction or tail is None or _is_word(text, start, end):
            continue
        try:
            value = float(chinese_number(_spelled(match[0])))
        except ValueError:
            continue
        yield _counted(text, start, end, value, tail)


def _spelled(numeral: str) -> str:
    """The numeral with the 一 that people leave out before 百 and 千: 百分之百."""
    return re.sub("^(?=[百千])", "一", numeral)


def _chinese_of_kind(text: str, start: int, end: int, kind: str) -> Iterator[Token]:
    """The numeral in a date, an ordinal or a citation; a zone of contact has none in Chinese."""
    if kind == "contact":
        return
    try:
        value = float(chinese_number(text[start:end]))
    except ValueError:
        return
    yield Token(start, end, start, end, value, "", "", kind)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether the numeral is part of an ordinary word or of a quoted slogan."""
    numeral = text[start:end]
    if numeral[0] in "万亿" or (
        numeral in ("零", "〇") and text[start - 1 : start] not in tuple("为共计请数")
    ):
        return True
    if _WORD_BEFORE.search(text, max(0, start - 1), start) and not re.match("次|期|轮", text[end:]):
        return True
    if text[end : end + 1] == "年" and text[start - 1 : start] == "近":
        return True
    if len(numeral) == 1 and _WORD_BEFORE.search(text, max(0, start - 1), start):
        return True
    if numeral == "一" and _NOT_ONE.search(text, max(0, start - 3), start):
        return True
    opened, closed = text.rfind("“", max(0, start - 20), start), text.rfind("”", max(0, start - 20), start)
    return opened > closed or _NOT_COUNTED.match(text, start) is not None


def _shared_units(text: str, found: list[Token]) -> list[Token]:
    """Numbers of a list that prints its unit once, at the end (分别为 3、5、2 件), each with that unit."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        one, after = shared[index], shared[index + 1]
        listed = text[one.last : after.first] in ("、", "和", "及", "与", "，", "/")
        if listed and one.kind == after.kind == "claim" and not one.unit and after.unit:
            shared[index] = replace(one, unit=after.unit)
    return shared
