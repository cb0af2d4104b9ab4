"""A sentence made ready for phrases: every counted number one sign, and what its words are about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .phrases import COUNTED, Topic, lexicon
from .sentences import Prose, Sentence
from .tokens import Token

_TITLE = re.compile(r"《[^《》]*》")
ASIDE = re.compile("（[^（）]*）")
_QUOTES = re.compile("[“”\"‘’'『』「」]")
_RESPECTIVELY = re.compile(
    r"(?<![^，。；：（）#])(?=[^，。；：（）#]+(?:、|和|及|与)(?!分别(?:为|是|有|达)?#)[^，。；：（）#])"
    r"(?P<labels>[^，。；：（）#]+?)分别(?:为|是|有|达)?(?P<numbers>#(?:(?:、|和|及|与|，)#)+)"
)  # from where a clause starts, and only there: a long list takes no longer than its length
_MATTERS = re.compile(
    r"(?:申请(?:公开)?(?:的)?(?:政府信息|信息)?(?:内容|事项|热点)|，(?:申请)?内容)[^。；#，]{0,10}"
    r"(?:涉及|集中|包括|关注|以)[^。；]*|申请(?:主要|大多|多)?(?:涉及|集中(?:在|于))[^。；]*"
)  # what was asked for: its words say nothing about the figures after them
_LIST_START = re.compile(r"^.*(?:其中|包括|含|，)")
_JOINING = re.compile(r"(?:案件|申请)?(?:、|和|及|与|或|以及|/)(?:被)?(?:提起)?(?:行政)?$")
_LISTED = re.compile("(?:案件|申请)?#(?:、|和|及|与)(?:被)?(?:提起)?(?:行政)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that says what follows is about: its place in the marked sentence and its topic."""

    start: int
    end: int
    topic: Topic


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence as phrases see it: `text` with one sign for each of `counted`, in order, and its cues."""

    sentence: Sentence
    text: str
    counted: tuple[Token, ...]
    places: tuple[int, ...]
    cues: tuple[Cue, ...]


def mark(prose: Prose, sentence: Sentence, inside: Sequence[Token]) -> Marked:
    """The sentence with its counted numbers, units and all, as signs; titles empty, quotation marks gone."""
    counted = tuple(
        token for token in inside if token.kind == "claim" and not token.unit.startswith(("%", "‰"))
    )
    pieces, at = [], sentence.start
    for token in counted:
        pieces += [prose.text[at : token.first].replace(COUNTED, ""), COUNTED]
        at = token.last
    pieces.append(prose.text[at : sentence.end].replace(COUNTED, ""))
    text = _QUOTES.sub("", _TITLE.sub("《》", "".join(pieces))).rstrip("。！？")
    if text.count(COUNTED) != len(counted):  # a counted number inside a title: leave titles as they are
        text = _QUOTES.sub("", "".join(pieces)).rstrip("。！？")
    if "分别" in text:  # else a long list takes long to be found none
        text = _RESPECTIVELY.sub(_dealt, text)
    places = tuple(index for index, char in enumerate(text) if char == COUNTED)
    return Marked(sentence, text, counted, places, cues(text))


def cues(text: str) -> tuple[Cue, ...]:
    """The words of a marked sentence that say what its figures are about, in order."""
    words = lexicon()
    asked = [match.span() for match in _MATTERS.finditer(text)]
    return tuple(
        Cue(match.start(), match.end(), words.topics[match.lastindex - 1])
        for match in words.cues.finditer(text)
        if match.lastindex is not None
        and (
            words.topics[match.lastindex - 1].id not in ("foreign", "disclosure")
            or not any(start < match.start() < end for start, end in asked)
        )
    )


def _dealt(match: re.Match[str]) -> str:
    """`A、B和C分别为#、#、#` as `A#、B#、C#`; as it is where labels and numbers do not pair."""
    numbers = match["numbers"].count(COUNTED)
    head = _LIST_START.match(match["labels"])
    lead = head[0] if head else ""
    listed = match["labels"][len(lead) :].split("、")
    if len(listed) < numbers:
        listed[-1:] = re.split("以及|和|及|与", listed[-1])
    if len(listed) != numbers:
        return match[0]
    return lead + "、".join(f"{label}{COUNTED}" for label in listed)


def governing(marked: Marked, place: int) -> tuple[Cue | None, tuple[str, ...]]:
    """The last cue before a place, and the rows of `disputes` that it names with those joined to it.

    What stands in brackets that are closed before the place does not govern it, where anything else does.
    """
    before = [cue for cue in marked.cues if cue.start < place]
    aside = [match.span() for match in ASIDE.finditer(marked.text, 0, place)]
    outside = [cue for cue in before if not any(start < cue.start < end for start, end in aside)]
    before = outside or before
    if not before:
        return None, ()
    rows = before[-1].topic.rows
    divided = "其中" in marked.text[before[-1].end : place]  # of a list: what follows may divide all of it
    for earlier, later in zip(reversed(before[:-1]), reversed(before), strict=False):
        between = marked.text[earlier.end : later.start]
        listed = divided and _LISTED.fullmatch(between)
        if not earlier.topic.rows or not (_JOINING.fullmatch(between) or listed):
            break
        rows = (*earlier.topic.rows, *rows)
    return before[-1], tuple(dict.fromkeys(rows))


def clause(prose: Prose, sentence: Sentence, place: int) -> tuple[int, int]:
    """Start and end, in the joined text, of the clause of a place in a sentence."""
    start = max(prose.text.rfind(stop, sentence.start, place) for stop in "，；。！？")
    ends = [at for at in (prose.text.find(stop, place, sentence.end) for stop in "，；。！？") if at >= 0]
    return max(start + 1, sentence.start), min(ends, default=sentence.end)
