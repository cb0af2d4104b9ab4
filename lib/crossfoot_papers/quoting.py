"""The report's prose in paragraphs, as printed, with each of its numbers apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crossfoot.document import Document, Line
from crossfoot.narrative.sentences import join

_HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^。；：]{0,40}")
_FIRST = re.compile(r"[一二三四五六七八九十]+、")
_LONG = 120_000
"""Characters of prose that a page shows in full."""

_MANY = 2_000
"""Numbers in the prose that a page shows, all of them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `claim` is the offset of the number that it is, None for words."""

    text: str
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty before the first), its `level` (1 or 2), and the paragraphs under it."""

    heading: tuple[Piece, ...]
    level: int
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def claims(self) -> list[int]:
        """The offsets of its numbers, in order."""
        every = (self.heading, *self.paragraphs)
        return [p.claim for paragraph in every for p in paragraph if p.claim is not None]


def quoted(
    document: Document, prose: Sequence[Line], claims: Iterable[tuple[int, int]], compared: set[int]
) -> tuple[list[Section], bool]:
    """The prose by its headings, and whether it was cut to the paragraphs that hold a `compared` number.

    `claims` are start and end offsets of numbers in the document's text; where it was cut, only compared
    ones are told apart. Lines that a page or a line end broke are joined; not a letter is changed.
    """
    joined = join(document.text, prose)
    ends = dict(claims)
    cut = len(joined.text) > _LONG or len(ends) > _MANY
    if cut:
        ends = {start: end for start, end in ends.items() if start in compared}
    sections: list[tuple[tuple[Piece, ...], int, list[tuple[Piece, ...]]]] = [((), 1, [])]
    at = 0
    for paragraph in joined.text.split("\n"):
        offsets = joined.origin[at : at + len(paragraph)]
        at += len(paragraph) + 1
        if not offsets:
            continue
        kept = [offset for char, offset in zip(paragraph, offsets, strict=True) if char != " "]
        pieces = _pieces(document.text, kept, ends)
        if _HEADING.fullmatch(paragraph):
            sections.append((pieces, 1 if _FIRST.match(paragraph) else 2, []))
        elif not cut or any(piece.claim in compared for piece in pieces):
            sections[-1][2].append(pieces)
    found = [Section(heading, level, tuple(body)) for heading, level, body in sections]
    if cut:
        found = [section for section in found if section.paragraphs]
    return [section for section in found if section.heading or section.paragraphs], cut


def _pieces(text: str, offsets: Sequence[int], ends: Mapping[int, int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    words: list[str] = []
    number: list[str] = []
    claim, end, last = None, -1, None
    for offset in offsets:
        if claim is not None and offset >= end:
            pieces.append(Piece("".join(number), claim))
            claim, number = None, []
        if claim is None and offset in ends:
            if words:
                pieces.append(Piece("".join(words)))
            words, claim, end = [], offset, ends[offset]
        into = words if claim is None else number
        if last is not None and offset > last + 1 and _parted(text[last], text[offset]):
            into.append(" ")
        into.append(text[offset])
        last = offset
    if claim is not None:
        pieces.append(Piece("".join(number), claim))
    if words:
        pieces.append(Piece("".join(words)))
    return tuple(pieces)


def _parted(before: str, after: str) -> bool:
    """Whether a blank between two characters is one that a reader sees: between letters or digits."""
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
