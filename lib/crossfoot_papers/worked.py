"""A comparison worked out: its figures on both sides of the sign, and how it is written in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from crossfoot.texts import Pair


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a sum: as written, what it is called, and its cell, or its claim's offset."""

    figure: str
    name: Pair
    cell: str = ""
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `terms` shown, the `total` of all, and notes on the rest (`besides`).

    `whole` says that no term was left out.
    """

    terms: tuple[Term, ...]
    total: str
    besides: tuple[Pair, ...] = ()
    whole: bool = True

    @property
    def short(self) -> str:
        """The side in a few characters: 75 + –, or Σ 94."""
        figures = [term.figure for term in self.terms]
        return " + ".join(figures) if len(figures) <= 2 and self.whole else f"Σ {self.total}"


@dataclass(frozen=True, slots=True)
class Work:
    """A check worked out. `key` is `rule:scope`; `name` what it is about; `says` what it demands.

    `cells` are all that enter it, `claims` the offsets of the numbers in the prose; `sides` tells on which
    side of the sign a cell stands, `values` are the two sums (NaN where nothing is stated). `left` and
    `right` are None where the comparison is no sum of figures: then `formula` has it in words.
    """

    id: str
    key: str
    rule: str
    status: str
    name: Pair
    says: Pair
    basis: str
    sign: str
    difference: str
    formula: Pair
    cells: tuple[str, ...]
    claims: tuple[int, ...]
    sides: Mapping[str, str]
    values: tuple[float, float]
    left: Side | None = None
    right: Side | None = None

    @property
    def is_range(self) -> bool:
        """Whether it only asks whether one cell's figure is possible."""
        return self.rule == "bounds" and len(self.cells) == 1

    @property
    def short(self) -> str:
        """The comparison in a few characters."""
        if self.left is None or self.right is None:
            return ""
        return f"{self.left.short} {self.sign} {self.right.short}"
