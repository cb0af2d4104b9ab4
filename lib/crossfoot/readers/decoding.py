"""Bytes and code points as the text that is meant, whatever a file says of them or does not say.

Chinese government sites label pages gb2312 that are UTF-8, and the other way round, so what a file
declares is tried last: a byte order mark decides, then strict UTF-8 (which other encodings' Chinese
practically never satisfies), then strict GB18030 (which contains GBK and GB2312).

Some PDF writers name an ideograph, 行 (U+884C), by its radical (U+2F8F): a font draws both with one glyph,
and the way back from the glyph to the character then has two answers. Chrome's printouts are full of them.
What is printed is the word, so the word is read.
"""

import codecs
import re
import unicodedata

from ..errors import ReportError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EXPECTED = re.compile(r"[的年度政府信息公开申请数量情况]")
_CHINESE = re.compile(r"[㐀-鿿]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\ufffe\uffff]")
_DAMAGED_SHARE = 0.002  # a few bytes lost in transfer or at a cut end; more is another encoding
# The radicals supplement, where it has a whole character of today; compatibility mappings exist for 母 and 龟
# only. 户 stands here because the mapping of its Kangxi radical is the traditional 戶.
_WHOLE = dict(
    zip(
        "⺁⺎⺒⺟⺠⺩⺪⺬⺶⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⼾",
        "厂兀巳母民王疋示羊虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟户",
        strict=True,
    )
)
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_UNIFIED = str.maketrans(_KANGXI | _WHOLE)


def decode(data: bytes, file: str, declared: str | None = None) -> str:
    """The text of `data`, without a byte order mark.

    Bytes that are damaged here and there become U+FFFD, which no number contains, so that damage is
    seen and not guessed at. Raises ReportError where nothing reads as text, naming `file`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return _accepted(text, file, damaged=text.count("\ufffd"))
    candidates = ["utf-8", *_wide(data), "gb18030", *_known(declared)]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_chinese(text):
            return _accepted(text, file)
    for encoding in candidates:
        text = data.decode(encoding, errors="replace")
        if _is_chinese(text):
            return _accepted(text, file, damaged=text.count("\ufffd"))
    raise _not_text(file)


def _wide(data: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark betrays itself by the zero bytes of its line ends, digits and tags."""
    sample = data[:4096]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if not low + high or len(data) % 2:
        return ()
    return ("utf-16-le",) if high > low else ("utf-16-be",)


def _known(declared: str | None) -> tuple[str, ...]:
    try:
        return (codecs.lookup(declared).name,) if declared else ()
    except LookupError:
        return ()


def _is_chinese(text: str) -> bool:
    """Whether the text's Chinese is the kind these reports hold, not the rare signs of a wrong decoding."""
    sample = text[:200_000]
    signs = len(_CHINESE.findall(sample))
    return signs > 0 and len(_EXPECTED.findall(sample)) >= max(1, signs // 40)


def _accepted(text: str, file: str, damaged: int = 0) -> str:
    if damaged > max(2, len(text) * _DAMAGED_SHARE) or _CONTROL.search(text):
        kept = _CONTROL.sub("", text)
        if damaged > max(2, len(text) * _DAMAGED_SHARE) or len(text) - len(kept) > len(text) // 1000:
            raise _not_text(file)
        return kept
    return text


def _not_text(file: str) -> ReportError:
    return ReportError(
        "is neither text nor a known document format",
        file=file,
        advice="Accepted are PDF, HTML, DOCX and text (UTF-8, UTF-16 or GB18030)",
    )


def unified(text: str) -> str:
    """The text with ideographs in place of the radicals that name them; its length stays."""
    return text.translate(_UNIFIED)
