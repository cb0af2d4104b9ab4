"""Printed numerals as numbers: full-width digits, separators, Chinese numerals, units, signs, remarks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import cn2an

NARROW = "\u2005\u2006\u2009\u200a\u202f"
"""Spaces narrower than a digit: they group the digits of one number (千分空), and part no words."""

_DASHES = "-‐‑‒–—―−─－"
_SCALE = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8, "万": 1e4, "亿": 1e8}
_MONEY = ("元", "万元")
_UNIT = (
    r"(?:人民币)?(?P<unit>亿元|百万元|千元|万元|元|亿|万|件次|件|项|条|个|份|宗|次|起|例|人次|人)?(?:人民币)?"
)
_ARABIC = r"(?P<number>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
_SIGN = r"(?P<sign>[+\-↑↓]|(?:增加?|减少?|下降) ?)?"
_TOTAL = r"(?:共计?|合计|总计|计)? ?:? ?[¥￥]? ?"
_CELL = re.compile(rf"{_TOTAL}{_SIGN}{_ARABIC} ?{_UNIT} ?(?P<rest>.*)", re.DOTALL)
_HAN = "零〇一二三四五六七八九十百千万亿两"
_HAN_CELL = re.compile(rf"{_TOTAL}(?P<number>[{_HAN}]+) ?{_UNIT} ?(?P<rest>.*)", re.DOTALL)
_CHINESE = re.compile(rf"^[{_HAN}]+$")
_COUNTED = re.compile(
    rf"[{_HAN}][余多几]?(?:[亿万千]?元|[件项条个份宗次起例人])|[壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
)
_ROUND = re.compile(r"[oOοΟоО○◯]+")  # as often a zero as it is a letter or a ring
_GROUPED = re.compile(
    rf"(?<![\d.,])([1-9]\d{{0,2}})((?P<space>[{NARROW}])\d{{3}}(?:(?P=space)\d{{3}})*)(?!\d)"
)
_ASIDE = re.compile(r"[,;:。]? ?(?:其中|包括|包含|不含|含|备注|注)")
_BRACKETS = dict(zip("([【〔", ")]】〕", strict=True))
_MARKS = "*※†‡§¶"
_MARKING = ("<circle>", "<super>", "<sub>", "<compat> 0028")  # ①, ², ₂, ⑴: what is set around or off a digit
_MOST_DIGITS = 15
"""Of a figure: a float holds no more, and no count or amount of a report has as many."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a printed cell says.

    `value` is a number where `status` is `number`, else None; `unit` is the unit printed with it, or "";
    `remark` is what stands beside the number, e.g. （含自然失效29件）, or the mark of a note. `status`:
    `number`, `blank` (nothing printed), `dash` (-, — or /), `text` (words that are plainly no figure, such as
    无), `unread` (something that may hold a figure, and is not one figure beyond doubt).
    """

    value: float | None
    status: str
    unit: str = ""
    remark: str = ""


_UNREAD = Numeral(None, "unread")


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
    """The text with full-width digits, letters, points and brackets as ASCII, and every dash as `-`.

    What is no digit stays what it is: ①, ², ½, Ⅻ and ㎡ hold a number and are none of a figure's digits.
    """
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=65536)
def _plain(char: str) -> str:
    if char in _DASHES:
        return "-"
    kind = unicodedata.category(char)
    if (
        kind in ("No", "Nl")
        or char in NARROW
        or unicodedata.decomposition(char).startswith(("<super>", "<sub>"))
    ):
        return char
    folded = unicodedata.normalize("NFKC", char)
    if kind != "Nd" and any(c.isnumeric() for c in folded) and not char.isnumeric():
        return char  # ㏠ is 1日 in one sign
    return "".join("-" if c in _DASHES else c for c in folded)


def is_mark(char: str) -> bool:
    """Whether the character, behind a figure, marks a note: ①, ², ⑴, *; it is no digit of the figure."""
    return char in _MARKS or (
        unicodedata.category(char) == "No" and unicodedata.decomposition(char).startswith(_MARKING)
    )


@lru_cache(maxsize=65536)
def read_cell(raw: str, unit: str = "") -> Numeral:
    """What the cell prints, its value in `unit` (the column's own; amounts are converted to 元 or 万元).

    White space inside a number parts two figures: whoever reads a layout that proves otherwise hands the
    number over in one piece. Only narrow spaces between groups of three digits are its own. A remark in
    brackets, or one that begins as such (其中, 含), and the mark of a note are kept apart. What may hold a
    figure and does not read as just one is `unread`, never a guess.
    """
    if any(c in "\u202d\u202e" for c in raw):  # printed in another order than written
        return _UNREAD
    seen = "".join(c for c in raw if unicodedata.category(c) != "Cf")
    if any(unicodedata.category(c) in ("Co", "Cn", "Cs") or c in "\ufffc\ufffd" for c in seen):
        return _UNREAD  # printed, and nobody says what it is
    text = plain(seen)
    text = _GROUPED.sub(lambda m: m[0].replace(m["space"], ""), text)
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        return Numeral(None, "blank")
    if re.fullmatch(r"[-/ ]+", text):
        return Numeral(None, "dash")
    match = _CELL.fullmatch(text)
    if match is not None and _is_remark(match["rest"]):
        if sum(c.isdigit() for c in match["number"]) > _MOST_DIGITS:
            return _UNREAD
        value = float(match["number"].replace(",", ""))
        if (match["sign"] or "").strip() in ("-", "↓", "减", "减少", "下降"):
            value = -value if value else 0.0
        return _in_unit(value, match, unit)
    match = _HAN_CELL.fullmatch(text)
    if match is not None and _is_remark(match["rest"]):
        number = _certain(match["number"])
        return _UNREAD if number is None else _in_unit(float(number), match, unit)
    return _UNREAD if _may_hold_a_figure(text) else Numeral(None, "text")


def _in_unit(value: float, match: re.Match[str], unit: str) -> Numeral:
    """The number in the column's unit; unread where the printed unit measures something else."""
    printed = match["unit"] or ""
    if printed in _SCALE and unit in _MONEY:
        value = round(value * _SCALE[printed] / _SCALE[unit], 6)
    elif printed in ("万", "亿"):
        value = round(value * _SCALE[printed], 6)
    elif printed in _SCALE and unit:
        return _UNREAD
    return Numeral(value, "number", printed, match["rest"].replace(" ", ""))


def _is_remark(rest: str) -> bool:
    """Whether what stands behind a figure is no part of it, and holds no figure of its own beside it."""
    while rest:
        if is_mark(rest[0]) or rest[0] == " ":
            rest = rest[1:]
        elif rest[0] in _BRACKETS:
            end = _end_of_bracket(rest)
            if not end:
                return False
            rest = rest[end:]
        else:
            break
    if not rest or rest in "。;" or _ASIDE.match(rest):
        return True
    return len(rest) > 1 and rest[0] in ",;:。" and not any(c.isnumeric() for c in rest)


def _end_of_bracket(text: str) -> int:
    """Behind which character the bracket that the text begins with ends; 0 where it does not."""
    closing: list[str] = []
    for index, char in enumerate(text):
        if char in _BRACKETS:
            closing.append(_BRACKETS[char])
        elif closing and char == closing[-1]:
            closing.pop()
            if not closing:
                return index + 1
    return 0


def _certain(text: str) -> int | None:
    """The value of a Chinese numeral that is nothing else; None of a dash (一), a list (三五), a slip."""
    if set(text) == {"一"}:  # a stroke is as often a dash as it is the numeral one
        return None
    if not re.search("[十百千万亿]", text):
        spelt = len(text) == 1 or (text[0] not in "零〇" and re.search("[零〇]", text))
        return chinese_number(text) if spelt and "两" not in text else None
    try:
        value = chinese_number(text)
    except ValueError:
        return None
    return value if _usual(cn2an.an2cn(value)) == _usual(text) else None


def _usual(text: str) -> str:
    """The numeral in the spelling that two ways to write it share."""
    spelt = text.replace("两", "二").replace("〇", "零")
    return spelt.removeprefix("一") if spelt.startswith("一十") else spelt


def _may_hold_a_figure(text: str) -> bool:
    """Whether words, or signs, may hold a figure: a digit of any script, a Chinese numeral, a ring for 0."""
    if any(unicodedata.category(c) in ("Nd", "No", "Nl", "Mn", "Me", "Cc") for c in text):
        return True
    if any("0" <= c <= "9" for c in unicodedata.normalize("NFKC", text)):
        return True
    return bool(_COUNTED.search(text) or re.fullmatch(rf"[{_HAN} ]+", text) or _ROUND.fullmatch(text))


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
