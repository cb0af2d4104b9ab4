"""Radicals as the ideographs that are meant: some PDF writers name 行 (U+884C) by its radical (U+2F8F).

A font draws both with one glyph, and the way back from the glyph to the character then has two answers.
Chrome's printouts are full of them; what is printed is the word, so the word is read.
"""

import unicodedata

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


def unified(text: str) -> str:
    """The text with ideographs in place of radicals; its length stays."""
    return text.translate(_UNIFIED)
