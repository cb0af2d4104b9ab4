"""One report's figures and checks as its neighbours' years need them."""

from collections.abc import Mapping
from dataclasses import dataclass

from .checks import Identity, Printed, Rule
from .texts import Pair


@dataclass(frozen=True, slots=True)
class Year:
    """What one report has to say to its neighbours' years.

    `cells` are those that rules across years use, and those that balance with them; `sums` the report's own
    identities among these; `said` the figures that the narrative gives for single cells.
    """

    sha256: str
    issuer: str
    year: int
    form: str
    cells: Mapping[str, Printed]
    sums: tuple[Identity, ...]
    said: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across two years in one place: `now` and `then` are this year's and last year's cells.

    What is expected of `target`, this year's, is the sum of `then` and `plus` less `minus`.
    """

    rule: Rule
    scope: str
    target: str
    then: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    left: float
    right: float
    status: str
    formula: Pair
    year: int

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.target, *(f"{name}@{self.year - 1}" for name in self.then), *self.plus, *self.minus)
