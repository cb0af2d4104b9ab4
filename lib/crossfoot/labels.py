"""How printed labels are matched to the form's: leniently, and never by position alone."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from .numerals import plain

ENOUGH = 72.0
"""The similarity, of 100, from which a printed label may be one of the form's."""

_MUCH = 15.0  # so much better a label fits one row than another that it cannot be the other
_OWN, _LONG = 97.0, 6  # a fit without a misprint, and letters enough that no other row is worded so
_HAN = "[一二三四五六七八九十]+"
_ENUMERATOR = re.compile(rf"^(?:[(（]?{_HAN}[)）]|{_HAN}[、.,:]|[(（]?\d{{1,2}}[)）、.,:]+)")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*(?:[)\]〕】]|$)")
_ROW_NUMBERS, _COLUMN_NUMBERS = ("序号", "行次", "行号", "编号"), ("栏次", "栏号")
_NESTED = 4  # brackets inside brackets
# Letters of traditional characters that reports print, and what the forms write.
SIMPLIFIED = str.maketrans(
    "請開處發復議訴訟規範結轉辦數總計單機關業與為個條項無類維糾審決應據書網電話傳郵屬於護權認過從實經約萬億兩餘達長減較協銷駁確違責組織團體術構務縣區鎮鄉廳門級繼續東"
    "當補聯絡盡時間現來國費額號歲歷裡優導獲撤給還別並佔畢滿員調質營報遞證頒訂製執罰強對許訪舉複內穩會採購繳納勝敗終順遺徵眾財標準運讀佈劃擬雙歸檢熱線諮詢黨廢這沒後覆",
    "请开处发复议诉讼规范结转办数总计单机关业与为个条项无类维纠审决应据书网电话传邮属于护权认过从实经约万亿两余达长减较协销驳确违责组织团体术构务县区镇乡厅门级继续东"
    "当补联络尽时间现来国费额号岁历里优导获撤给还别并占毕满员调质营报递证颁订制执罚强对许访举复内稳会采购缴纳胜败终顺遗征众财标准运读布划拟双归检热线咨询党废这没后复",
)
_SIMPLE = SIMPLIFIED | {ord("它"): "他"}  # 其它 for 其他


@lru_cache(maxsize=4096)
def key(label: str) -> str:
    """The label's bare letters: no spaces, brackets, punctuation or leading numbers."""
    text = re.sub(r"\s+", "", plain(label))
    previous = None
    while previous != text:
        previous, text = text, _ENUMERATOR.sub("", text)
    # ① and ⒈ number a row, ² marks a note: letters to Python, and none of the label's
    bare = "".join(c for c in text if unicodedata.category(c) not in ("No", "Nl"))
    return _NOT_LETTERS.sub("", bare).translate(_SIMPLE)


@lru_cache(maxsize=4096)
def keys(label: str) -> tuple[str, ...]:
    """The label's bare letters with what it explains in brackets, and without where that leaves any."""
    return tuple(dict.fromkeys(found for found in (key(label), key(unexplained(label))) if found))


def numbers_rows(text: str) -> bool:
    """Whether a heading says that below it rows are numbered."""
    return key(text) in _ROW_NUMBERS


def numbers_columns(text: str) -> bool:
    """Whether a label says that beside it columns are numbered, as statistical tables do."""
    return key(text).endswith(_COLUMN_NUMBERS)


def unexplained(text: str) -> str:
    """The text without what it explains in brackets; （三） and the like in front are a number and stay."""
    folded = unicodedata.normalize("NFKC", text)
    if not re.search(r"[(\[〔【]", folded):
        return text
    number = re.match(r"\s*\([^()]{1,3}\)", folded)
    start = number.end() if number else 0
    rest = folded[start:]
    for _ in range(_NESTED):
        rest = _BRACKETS.sub("", rest)
    return folded[:start] + rest


@lru_cache(maxsize=65536)
def similarity(printed: str, labels: tuple[str, ...]) -> float:
    """How well a printed label fits the best of `labels`, 0 to 100, what it explains in brackets or not."""
    return max(
        (fuzz.ratio(bare, key(label)) for bare in keys(printed) if bare for label in labels), default=0.0
    )


@lru_cache(maxsize=16384)
def best(printed: str, wordings: tuple[tuple[str, ...], ...]) -> tuple[float, int]:
    """How well a printed label fits the best of several labels' wordings, 0 to 100, and which it is."""
    fits = [similarity(printed, labels) for labels in wordings]
    return max(fits), fits.index(max(fits))


def align(printed: Sequence[str], wanted: Sequence[tuple[str, ...]]) -> list[int | None]:
    """For each printed label the index in `wanted` that it stands for, or None.

    `wanted` holds, in the order of the form, the wordings of each row. The order is kept: the result is
    the assignment with the greatest total similarity in which both run downwards, so that a misprint, a
    missing row or an unknown extra row moves no other row. Only fits of ENOUGH or better count, and none
    where the label fits another row much better: 上年结转… is never 本年新收…, however alike they read. A
    label out of order that is just one row's own wording is that row.
    """
    n, m = len(printed), len(wanted)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    gain = [[0.0] * m for _ in range(n)]
    fits = [[similarity(label, words) for words in wanted] for label in printed]
    for i in range(n):
        least = max(ENOUGH, max(fits[i], default=0.0) - _MUCH)
        for j in range(m):
            gain[i][j] = fits[i][j] - ENOUGH + 20.0 if fits[i][j] >= least else 0.0
            best[i + 1][j + 1] = max(
                best[i][j + 1], best[i + 1][j], best[i][j] + gain[i][j] if gain[i][j] else 0.0
            )
    result: list[int | None] = [None] * n
    i, j = n, m
    while i and j:
        if gain[i - 1][j - 1] and best[i][j] == best[i - 1][j - 1] + gain[i - 1][j - 1]:
            result[i - 1] = j - 1
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    for i, label in enumerate(printed):
        if result[i] is None and len(key(label)) >= _LONG:
            own = [j for j in range(m) if fits[i][j] >= _OWN and j not in result]
            others = [k for k in range(n) if k != i and own and fits[k][own[0]] >= _OWN]
            if len(own) == 1 and not others:
                result[i] = own[0]
    return result
