"""The prose as sentences: printed lines joined, widths folded, headings found, every place kept.

A sentence runs on over line ends and page breaks; the offsets of what is found in the joined text lead
back to the document's own text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..document import Line
from ..labels import SIMPLIFIED

COMMA = "\ue000"  # a separator of thousands, told apart from the comma that ends a clause
_WIDE = {
    "(": "（",
    ")": "）",
    ";": "；",
    ":": "：",
    "?": "？",
    "!": "！",
    "．": ".",
    "％": "%",
    "○": "〇",
    "－": "-",
}
_DASHES = "‐‑‒–—―−─"
_RADICALS = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00))
_COUNTER = "余|多|件|条|项|次|人|个|篇|份|宗|起|例|万|元"
_HEAD = "|".join(rf"(?<=(?<![\d.，、])\d{{{count}}})" for count in (1, 2, 3))
_THOUSANDS = re.compile(rf"(?<=\d),(?=\d{{3}}(?!\d))|(?:{_HEAD})，(?=\d{{3}}\s*(?:{_COUNTER}))")
_GROUPED = re.compile(
    rf"\d{{1,3}}(?:[ \xa0]\d{{3}}){{1,4}}(?=\s*(?:{_COUNTER}))"
    rf"|(?<!\d)\d(?:[ \xa0]\d){{1,8}}(?=\s*(?:{_COUNTER}|%|年|月|日))"
)
_EDGE = r"[-—–―·•\s]+"
_FURNITURE = re.compile(rf"{_EDGE}\d{{1,3}}{_EDGE}|第?\s*\d{{1,3}}\s*页.{{0,10}}|\d{{1,3}}\s*/\s*\d{{1,3}}")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_HEADING = re.compile(rf"(?P<first>{_NUMERAL})、|（(?P<second>{_NUMERAL})）|\d{{1,2}}[.、](?!\d)|#+\s*")
_INLINE = re.compile(rf"(?:^|(?<=[。；\n]))(?:(?P<first>{_NUMERAL})、|（(?P<second>{_NUMERAL})）)")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_LONGEST_HEADING = 40
_LONGEST_SENTENCE = 1200  # what runs on longer is no sentence; cut, it is read in bounded time


def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(mark): mark for mark in "，（）；：？！"}
    table |= {code: chr(simple) for code, simple in SIMPLIFIED.items()}
    table |= {ord(narrow): wide for narrow, wide in _WIDE.items()} | {ord(dash): "-" for dash in _DASHES}
    for code in (code for codes in _RADICALS for code in codes):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    return table


_FOLD = _folding()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place in the joined text, and the section it stands in (None where none is known)."""

    start: int
    end: int
    section: str | None


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose joined: `text` without blanks and line ends, half-width digits, full-width punctuation.

    `origin[i]` is the offset in the document's text of character i; a paragraph ends in `\\n`.
    `furniture` are lines that hold a page number only, `sentences` the rest in order.
    """

    text: str
    origin: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    furniture: tuple[Line, ...]
    lines: tuple[Line, ...]

    def page(self, offset: int) -> int | None:
        """The page of an offset in the document's text."""
        index = bisect_right(self.lines, offset, key=lambda line: line.start) - 1
        return self.lines[index].page if index >= 0 else None

    def place(self, offset: int) -> int:
        """The place in the joined text of an offset in the document's text."""
        return bisect_right(self.origin, offset) - 1


def fold(text: str) -> str:
    """The text, of the same length, with digits and letters half-width and punctuation full-width."""
    return _THOUSANDS.sub(COMMA, text.translate(_FOLD)).replace(",", "，")


def _is_furniture(text: str, line: Line, before: Line | None, after: Line | None) -> bool:
    """Whether a line is a page number: dressed as one, or bare where a page ends or begins."""
    text = text.strip()
    if _FURNITURE.fullmatch(text):
        return True
    turns = any(other is None or other.page != line.page for other in (before, after))
    return line.page is not None and turns and re.fullmatch(r"\d{1,3}", text) is not None


def _ends(text: str) -> bool:
    """Whether a paragraph ends with this line: a full stop, or a heading that has its line to itself."""
    if text.endswith(("。", "！", "？")):
        return True
    head = _HEADING.match(text)
    return head is not None and len(text) <= _LONGEST_HEADING and not re.search("[。，；：！？]", text)


def _glued(line: str) -> Iterator[tuple[int, int, bool]]:
    """The runs of a line without its blanks; whether a blank before must stay, to part two numbers."""
    glue = {i for m in _GROUPED.finditer(line) for i in range(*m.span())}
    last = -1
    for run in re.finditer(r"[^\s\u200b\ufeff]+", line):
        parts = last >= 0 and line[last].isdigit() and line[run.start()].isdigit() and last + 1 not in glue
        yield run.start(), run.end(), parts
        last = run.end() - 1


def _is_cut(text: str, before: Line, after: str) -> bool:
    """Whether a line end stands inside a number: words before its digits, and its unit after them."""
    first = re.search(r"[^\d\s.，、：]\d{1,6}(?P<point>\.\d+)?$", fold(text[before.start : before.end]))
    if first is None:
        return False
    unit = "%" if first["point"] else rf"{_COUNTER}|%|年"
    return re.match(rf"(?!(?:19|20)\d\d年)\d{{1,6}}(?:\.\d+)?(?:{unit})", fold(after)) is not None


def join(text: str, lines: Sequence[Line]) -> Prose:
    """The given lines of a text as joined prose; lines left out between two of them end a paragraph."""
    kept = [line for line in lines if text[line.start : line.end].strip()]
    chars: list[str] = []
    origin: list[int] = []
    furniture: list[Line] = []
    reached, ended, held = 0, True, 0
    before: Line | None = None
    for index, line in enumerate(kept):
        raw = text[line.start : line.end]
        around = (kept[index - 1] if index else None, kept[index + 1] if index + 1 < len(kept) else None)
        if _is_furniture(fold(raw), line, *around):
            furniture.append(line)
            skipped = text[reached : line.start].strip()
            reached = max(reached, line.end)
            ended = ended or bool(skipped)
            continue
        folded = fold(raw)
        stripped = re.sub(r"\s+", "", folded)
        apart = ended or bool(text[reached : line.start].strip()) or _HEADING.match(stripped) is not None
        if chars:
            if apart:
                chars.append("\n")
            elif (
                chars[-1].isdigit() and stripped[:1].isdigit() and not (before and _is_cut(text, before, raw))
            ):
                chars.append(" ")
            origin.extend([held] * (len(chars) - len(origin)))
        for start, end, parted in _glued(folded):
            if parted:
                chars.append(" ")
                origin.append(line.start + start)
            chars.extend(folded[start:end])
            origin.extend(range(line.start + start, line.start + end))
        held, reached, ended, before = line.end, line.end, _ends(stripped), line
    joined = "".join(chars)
    return Prose(joined, tuple(origin), tuple(_sentences(joined)), tuple(furniture), tuple(lines))


def _sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order, each with the section its last heading opens."""
    heads = [(m.start(), m["first"], m["second"]) for m in _INLINE.finditer(text)]
    first, second, at = "", "", 0
    for start, end in _stretches(text):
        while at < len(heads) and heads[at][0] <= start:
            _, opened, under = heads[at]
            first, second = (opened, "") if opened else (first, under)
            at += 1
        section = (f"{first}({second})" if second else first) if first else None
        yield Sentence(start, end, section)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence; one without an end is cut after a comma, at worst anywhere."""
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while end - start > _LONGEST_SENTENCE:
            stop = start + _LONGEST_SENTENCE
            stops = (text.rfind(mark, start + 1, stop) for mark in "；，、 ")
            cut = next((at + 1 for at in stops if at >= 0), stop)
            yield start, cut
            start = cut
        yield start, end
