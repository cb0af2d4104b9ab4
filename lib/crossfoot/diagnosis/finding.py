"""What a finding is: a root cause, how severe, and where it breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..checks import rules
from ..texts import Pair, joined, words
from .explanations import Explanation

SEVERITIES = ("error", "query", "note")
MOST_NAMED = 4  # places in a title, before it counts the rest


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding before a language is chosen: what its row says, `checks` and `explanations` one by one.

    `problem` is that of the trouble that it tells of, "" where the report itself is wrong. `basis` is what
    its id is made of (no words: they change with the language), `place` where it stands.
    """

    title: Pair
    severity: str
    kind: str
    checks: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    basis: tuple[str, ...]
    place: tuple
    problem: str = ""


def worst(severities: Iterable[str]) -> str:
    """The gravest of them."""
    return min(severities, key=SEVERITIES.index)


def severity(rule: str) -> str:
    """How severe a break of the rule is."""
    return worst(r.severity for r in rules() if r.id == rule)


def broken_places(named: Sequence[tuple[str, float, float]]) -> Pair:
    """Where it breaks, with the two sides."""
    places = [words("title.place", label=place, left=left, right=right) for place, left, right in named]
    return some(joined(places[:MOST_NAMED]), len(places))


def some(shown: Pair, count: int) -> Pair:
    """The places or rows shown, and how many of the `count` are not."""
    more = count - MOST_NAMED
    return words("title.and_more", places=shown, count=more) if more > 0 else shown
