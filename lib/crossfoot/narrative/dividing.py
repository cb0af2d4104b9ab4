"""What a figure of applicants divides: the total that the prose states before it."""

import re
from collections.abc import Iterable

from .marking import ASIDE, Marked

_DIVIDES = re.compile("[，：]?(?:其中|包括|分别为|均为|全部为)")
_IN_AND_OUT = {"carried_in", "carried_out"}


def parents(
    marked: Marked,
    index: int,
    before: list[tuple[str, ...]],
    recent: list[tuple[int, tuple[str, ...]]],
) -> list[tuple[str, ...]]:
    """The rows that a figure of applicants may divide, the likeliest last.

    What stands in brackets after a figure, or after 其中 after a result, divides that figure. All else
    divides the requests received, and what was carried in or out only for want of any other figure.
    """
    last = recent[-1][0] if recent else -1
    if last >= 0:
        follows = marked.text[marked.places[last] + 1 : marked.places[index]]
        near = "（" in ASIDE.sub("", follows)
        near = near or (not _IN_AND_OUT & set(recent[-1][1]) and _DIVIDES.match(follows) is not None)
    ranked = []
    for number, rows in [*((-1, rows) for rows in before), *recent]:
        if number == last >= 0 and near:
            rank = 3
        elif set(rows) <= _IN_AND_OUT:
            rank = 0
        else:
            rank = 2 if rows == ("new",) else 1
        ranked.append((rank, rows))
    return [rows for _, rows in sorted(ranked, key=lambda one: one[0])]


def totals(subject: Iterable[str]) -> tuple[str, ...]:
    """The rows of `requests` whose totals a subject sums; empty for any other subject."""
    rows = []
    for name in subject:
        table, _, rest = name.partition(":")
        row, _, column = rest.partition("/")
        if table != "requests" or column != "total":
            return ()
        rows.append(row)
    return tuple(rows)
