"""The heads of the statutory tables among the words of a page: their labels, whole or in pieces."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from ..boxes import across
from .words import (
    APPLICANT_WORDINGS,
    CONTENT,
    NEAR,
    OUTCOMES,
    Label,
    PageWords,
    Word,
    around,
    column_wordings,
    is_figure,
    letters,
)

_BROAD = 2.2  # of the type's height: lines of one label stand no further apart
_HEAD = 9.0  # of the type's height: how deep the head of a table is at most
_HEAD_WORDS = 40  # at most, of table 四's head
_MOST_WORDS = 400  # from a label's word to its next one: no page has as many on a few lines


def applicants(page: PageWords) -> list[Label]:
    """The seven labels of table 三's head from left to right; empty where the page has not all."""
    persons = [label for name in APPLICANT_WORDINGS[0] for label in _spelled(page, name)]
    reach = _HEAD * page.size
    by_height = [
        [sorted(_spelled(page, name), key=_top) for name in names] if persons else []
        for names in APPLICANT_WORDINGS[1:]
    ]
    for person in persons:
        found, top = [person], _top(person)
        for wordings in by_height:
            every = (_near(labels, top, reach, found[-1].box[2] - 0.1 * page.size) for labels in wordings)
            near = next((labels for labels in every if labels), [])
            if not near:
                break
            found.append(min(near, key=lambda label: (label.box[0], abs(_top(label) - top))))
        if len(found) == len(APPLICANT_WORDINGS):
            return found
    return []


def _top(label: Label) -> float:
    return label.box[1]


def _near(labels: list[Label], top: float, reach: float, left: float) -> list[Label]:
    """The labels, in order of their height, that stand about as high and not left of `left`."""
    first = bisect_right(labels, top - reach, key=_top)
    last = bisect_left(labels, top + reach, key=_top)
    return [label for label in labels[first:last] if label.box[0] >= left]


def outcomes(page: PageWords) -> list[Label]:
    """The fifteen labels of table 四's head from left to right; empty where the page has not all."""
    upheld = _spelled(page, OUTCOMES[0])
    if len(upheld) != 3:
        return []
    top = min(label.box[1] for label in upheld) - 3 * page.size
    bottom = max(label.box[3] for label in upheld) + 3 * page.size
    found = [
        (index, label)
        for index, name in enumerate(OUTCOMES)
        for label in _spelled(page, name)
        if top <= label.box[1] and label.box[3] <= bottom
    ]
    found.sort(key=lambda entry: entry[1].box[0])
    return [label for _, label in found] if [i for i, _ in found] == [*range(5)] * 3 else []


def disclosure_heads(page: PageWords) -> Iterator[list[Label]]:
    """信息内容 with the labels of columns right of it, for each time it stands on the page."""
    for head in _spelled(page, CONTENT):
        middle = (head.box[1] + head.box[3]) / 2
        labels: list[Label] = []
        for name in column_wordings():
            for label in _spelled(page, name, until_bracket=True):
                beside = (
                    label.box[0] > head.box[2]
                    and label.box[1] - page.size < middle < label.box[3] + page.size
                )
                if beside and not any(across(label.box, other.box) for other in labels):
                    labels.append(label)
        if labels:
            yield [head, *sorted(labels, key=lambda label: label.box[0])]


def broken_head(page: PageWords, whole: Sequence[Label]) -> tuple[Word, ...]:
    """The words of table 四's head at the foot of the page, where its figures are not below it."""
    upheld = _spelled(page, OUTCOMES[0])
    if not upheld:
        return ()
    top = min(label.box[1] for label in upheld) - page.size / 2
    words = tuple(page.between(top, float("inf")))
    floor = max((label.box[3] for label in whole), default=float("inf"))
    below = any(w.top > floor for w in words) or any(is_figure(w.text) for w in words)
    return () if below or len(words) > _HEAD_WORDS else words


def _spelled(page: PageWords, name: str, until_bracket: bool = False) -> list[Label]:
    """Where the words of a label stand: one word, or its pieces beside and below each other."""
    found = []
    for index, word in enumerate(page.words):
        pieces = _continued(page, [word], letters(name), index)
        if pieces:
            text = "".join(piece.text for piece in pieces)
            found.append(Label(text, around(pieces)))
        elif until_bracket and letters(word.text).startswith(letters(name)):
            found.append(Label(word.text, around([word])))
    return found


def _continued(page: PageWords, pieces: list[Word], rest: str, index: int) -> list[Word] | None:
    text = letters(pieces[-1].text)
    if not text or not rest.startswith(text):
        return None
    rest = rest[len(text) :]
    if not rest:
        return pieces
    last = pieces[-1]
    for later in range(index + 1, min(index + 1 + _MOST_WORDS, len(page.words))):
        word = page.words[later]
        if word.middle > last.middle + _BROAD * page.size:
            return None
        below = word.middle > last.middle + NEAR * page.size and across(word.box, around(pieces))
        beside = abs(word.middle - last.middle) <= NEAR * page.size and 0 <= word.x0 - last.x1 < 3 * page.size
        if below or beside:
            whole = _continued(page, [*pieces, word], rest, later)
            if whole:
                return whole
    return None
