"""Printed numerals as numbers: full-width digits, separators, Chinese numerals, units, signs, remarks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import cn2an

_DASHES = "-‐‑‒–—―−─－"
_SCALE = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8, "万": 1e4, "亿": 1e8}
_UNIT = (
    r"(?:人民币)?(?P<unit>亿元|百万元|千元|万元|元|亿|万|件次|件|项|条|个|份|宗|次|起|例|人次|人)?(?:人民币)?"
)
_ARABIC = r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
_SIGN = r"(?P<sign>[+\-↑↓]|增加?|减少?|下降)?"
_CELL = re.compile(rf"^(?:共计?|合计|总计|计)?[：:]?[¥￥]?{_SIGN}{_ARABIC}{_UNIT}(?P<rest>.*)$", re.DOTALL)
_REMARK = re.compile(r"^[(\[【〔].*[)\]】〕]$|^[,;:。][^\d]+$", re.DOTALL)
_CHINESE = re.compile(r"^[零〇一二三四五六七八九十百千万亿两]+$")


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a printed cell says.

    `value` is a number where `status` is `number`, else None; `unit` is the unit printed with it, or "";
    `remark` is what stands beside the number, e.g. （含自然失效29件）. `status`: `number`, `blank`
    (nothing printed), `dash` (-, — or /), `text` (words, such as 无, or a number that cannot be read).
    """

    value: float | None
    status: str
    unit: str = ""
    remark: str = ""


def chinese_number(text: str) -> int:
    """The value of a Chinese numeral such as 十二 or 两千九百; raises ValueError where it is none."""
    if not _CHINESE.match(text):
        raise ValueError(f"not a Chinese numeral: {text!r}")
    if not re.search("[十百千万亿]", text):
        digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
        return int("".join(str(digits[c]) for c in text))
    try:
        return int(cn2an.cn2an(text.replace("〇", "零"), "smart"))
    except ValueError:
        raise ValueError(f"not a Chinese numeral: {text!r}") from None


@lru_cache(maxsize=65536)  # reports print the same labels and small figures over and over
def plain(text: str) -> str:
    """The text with full-width digits, letters, points and brackets as ASCII, and every dash as `-`."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join("-" if c in _DASHES else c for c in folded)


@lru_cache(maxsize=65536)
def read_cell(raw: str, unit: str = "") -> Numeral:
    """What the cell prints, its value in `unit` (the column's own; amounts are converted to 元 or 万元).

    Spaces and line breaks inside a number are dropped. A remark in brackets is kept apart. What does not
    read as one number is `text`, never a guess.
    """
    text = re.sub(r"\s+", "", plain(raw)).replace("\u200b", "").replace("\ufeff", "")
    if not text:
        return Numeral(None, "blank")
    if re.fullmatch(r"[-/]+", text):
        return Numeral(None, "dash")
    if text == "一":  # a lone stroke is as often a dash as it is the numeral one
        return Numeral(None, "text")
    if _CHINESE.match(words := text.rstrip("件项条个")):
        try:
            return Numeral(float(chinese_number(words)), "number")
        except ValueError:
            return Numeral(None, "text")
    match = _CELL.match(text)
    if match is None or (match["rest"] and not _REMARK.match(match["rest"])):
        return Numeral(None, "text")
    value = float(match["number"].replace(",", ""))
    if match["sign"] in ("-", "↓", "减", "减少", "下降"):
        value = -value if value else 0.0
    printed = match["unit"] or ""
    if printed in _SCALE and unit in ("元", "万元"):
        value = round(value * _SCALE[printed] / _SCALE[unit], 6)
    elif printed in ("万", "亿"):
        value *= _SCALE[printed]
    return Numeral(value, "number", printed, match["rest"])


def amount(value: float) -> str:
    """The figure as people write it: no needless decimals."""
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"


_TOKEN = re.compile(
    r"(?:(?<![\w.])[-+－＋−])?\d+(?:[,，]\d{3}(?!\d))*(?:[.．]\d+)?"
    r"|(?<!\S)[零〇一二三四五六七八九十百千万亿两]+(?=[件项条个]?(?!\S))"
)


def number_tokens(text: str) -> list[tuple[int, int]]:
    """The places of the numbers that a text prints, from and to, from left to right.

    A number is a run of digits with its sign, thousands separators and decimals; or a Chinese numeral that
    stands alone.
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def prints_number(text: str) -> bool:
    """Whether the text prints a number."""
    return _TOKEN.search(text) is not None
