"""Whether blank cells could reconcile a break: against a linear programme, and on the known reports."""

import numpy as np
import pandas as pd
import pytest
from samples import printed_figures
from scipy.optimize import linprog
from seed_report import FORM, seed_facts

from crossfoot.checks import check, identities, printed
from crossfoot.diagnosis.localise import filling, localise
from crossfoot.diagnosis.search import system
from crossfoot_synthetic.figures import facts_of, report, with_values
from crossfoot_synthetic.planting import plant


def test_the_seed_report_could_be_mended_by_its_blank_carry_in() -> None:
    facts = seed_facts()
    sums, cells = identities(facts, FORM), printed(facts)
    (group,) = localise(sums, cells)
    found = filling(sums, cells, group.broken)
    assert found.reconciles is True
    after = check(with_values(facts, dict(found.cells)), FORM)
    assert not (after["status"] == "breaks").any()
    assert all(cells[name].void for name, _ in found.cells)


def test_no_filling_mends_a_total_of_nought() -> None:
    facts = facts_of(printed_figures("hongze-2023.pdf"), "2021")
    sums, cells = identities(facts, "2021"), printed(facts)
    assert [filling(sums, cells, g.broken).reconciles for g in localise(sums, cells)] == [False, False]


def feasible(facts: pd.DataFrame, broken: list, form: str) -> bool:
    """Whether the sums that bind have a solution in blank cells, by HiGHS."""
    cells = printed(facts)
    base = system(identities(facts, form), cells)
    void = [n for n, name in enumerate(base.names) if cells[name].void and n not in base.fixed]
    if not void:
        return False
    binding = [n for n in range(len(base.identities)) if not base.gaps[n]]
    matrix = np.zeros((len(binding), len(void)))
    for row, number in enumerate(binding):
        for cell, sign in base.members[number]:
            if cell in void:
                matrix[row, void.index(cell)] = sign
    right = [-base.residual[n] if base.identities[n] in broken else 0 for n in binding]
    return linprog(np.zeros(len(void)), A_eq=matrix, b_eq=right, method="highs").status == 0


@pytest.mark.parametrize("slip", ["digit_dropped", "off_by_one", "left_blank", "next_row"])
def test_proven_impossible_is_what_the_programme_finds_infeasible(slip: str) -> None:
    seen = set()
    for seed in range(12):
        form = ("2019", "2021")[seed % 2]
        planted = plant(report(seed, form), slip, "requests", seed)
        if planted is None:
            continue
        sums, cells = identities(planted.facts, form), printed(planted.facts)
        for group in localise(sums, cells):
            found = filling(sums, cells, group.broken)
            possible = feasible(planted.facts, list(group.broken), form)
            assert (found.reconciles is False) == (not possible), (seed, found)
            seen.add(possible)
            if found.reconciles:
                after = check(with_values(planted.facts, dict(found.cells)), form)
                still = set(zip(after["rule"][after["status"] == "breaks"], after["scope"], strict=False))
                assert not {(i.rule, i.scope) for i in group.broken} & still
    assert seen
