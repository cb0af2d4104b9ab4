"""Corrections as ranked explanations: what changes, which slip that is, what speaks for and against it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..checks import Identity, Printed, identities, printed
from ..forms import split_cell, tables
from ..texts import Pair, joined, same, words
from ..texts.names import cell_label, label
from . import slips
from .evidence import Prose, Statement, decided_by, prose, rule_name, statements, weigh


@dataclass(frozen=True, slots=True)
class Case:
    """All that an audit knows of one report before it explains: facts, sums, the prose and its checks."""

    form: str
    cells: dict[str, Printed]
    sums: list[Identity]
    sheet: slips.Sheet
    stated: list[Statement]
    said: Prose
    doubtful: frozenset[str]

    def label(self, name: str) -> str:
        """The cell as the form words it."""
        return cell_label(name, self.form)

    def labels(self, names: Iterable[str]) -> Pair:
        """Those cells as the form words them, as a list."""
        return joined(same(self.label(name)) for name in names)

    def scope_label(self, identity: Identity) -> str:
        """The column or row that the identity is about, as the form words it."""
        if ":" in identity.scope:
            return self.label(identity.scope)
        table = split_cell(identity.cells[0])[0]
        place = tables(self.form)[table]
        columns = {column.code for column in (*place.columns, *place.subtotal_columns)}
        by_column = identity.scope in columns and all(
            cell.endswith(f"/{identity.scope}") for cell in identity.cells
        )
        return label(identity.scope, self.form, table, "column" if by_column else "row")

    def named(self, identity: Identity) -> Pair:
        """The identity by its rule and what it is about."""
        return words("evidence.identity", rule=rule_name(identity.rule), place=self.scope_label(identity))


def case(
    facts: pd.DataFrame,
    told: pd.DataFrame,
    claims: pd.DataFrame,
    form: str,
    unread: Collection[tuple[str, str]] = (),
) -> Case:
    """The case of a report; `told` are the checks of its prose and across years.

    `unread` are the sums, by rule and scope, that say nothing against it. Those of which every cell was read
    are left out: the others say nothing by themselves, and yet which blank totals state nothing.
    """
    cells = printed(facts)
    read = {name for name, cell in cells.items() if cell.value is not None or cell.void}
    differ = [n for n, agreed in zip(cells, facts["agreed"], strict=True) if not agreed]
    return Case(
        form,
        cells,
        [
            i
            for i in identities(facts, form)
            if (i.rule, i.scope) not in unread or not read.issuperset(i.cells)
        ],
        slips.sheet({name: cell.value for name, cell in cells.items()}),
        statements(told),
        prose(claims),
        frozenset(differ),
    )


@dataclass(frozen=True, slots=True)
class Explanation:
    """One correction: cells as (name, printed, value), slip kinds, sentences, and its rank (least first)."""

    cells: tuple[tuple[str, float | str | None, float | None], ...]
    slip: tuple[str, ...]
    speaks_for: tuple[Pair, ...]
    against: tuple[Pair, ...]
    decided_by: Pair
    rank: tuple = field(compare=False)
    reconciles: tuple[str, ...] = ()


def explain(
    one: Case,
    changes: Sequence[tuple[str, int]],
    besides: Iterable[Pair] = (),
    against: Iterable[Pair] = (),
    paired: Mapping[tuple[str, int], str] | None = None,
) -> Explanation:
    """A change of table cells as an explanation; `besides` and `against` are sentences to add.

    `paired` are changes that are half of an exchange of two figures (slips.exchanged).

    Ranked by cells changed, then by what is said for less against, then by how surprising the slip is,
    then by how far the figures move, then by the order of the cells: no two rank alike.
    """
    figures = one.sheet.printed
    touched = dict(changes)
    own = [i for i in one.sums if not i.bound and any(cell in touched for cell in i.cells)]
    evidence = weigh(changes, figures, one.stated, one.said)
    kinds, cost = slips.explain(changes, one.sheet, own, paired)
    support = [*evidence.speaks_for, *besides]
    if all(one.cells[name].void for name in touched):
        support.append(words("evidence.only_blanks"))
    doubtful = [name for name in touched if name in one.doubtful]
    if doubtful:
        support.append(words("evidence.doubtful_reading", cells=one.labels(doubtful)))
    moved = sum(abs(value - (figures[name] or 0)) for name, value in changes)
    place = tuple((one.sheet.order[name], value) for name, value in changes)
    return Explanation(
        tuple((name, figures[name], float(value)) for name, value in changes),
        kinds,
        tuple(support),
        (*evidence.against, *against),
        decided_by(touched),
        (len(changes), -evidence.score - len(doubtful), cost, moved, 0, place),
        evidence.reconciles,
    )
