"""The solver against an integer programme, on the three known reports and on what must stay silent."""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import printed_figures
from scipy.optimize import Bounds, LinearConstraint, milp
from seed_report import seed_facts

from crossfoot.checks import check, identities, printed
from crossfoot.diagnosis.localise import agreeing, localise
from crossfoot.diagnosis.search import system
from crossfoot_synthetic.figures import facts_of, with_values

COLUMNS = ("natural_person", "enterprise", "total")
ROWS = ("new", "carried_in", "granted", "unavailable.not_held", "handled", "carried_out")
FORM = "2019"


def table(figures: Mapping[str, tuple]) -> pd.DataFrame:
    """Facts of a requests table that has just these rows and three columns; None is blank."""
    raw = {
        f"requests:{row}/{column}": "" if value is None else str(value)
        for row, values in figures.items()
        for column, value in zip(COLUMNS, values, strict=True)
    }
    facts = facts_of(raw, FORM)
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    return facts[names.isin(raw)].reset_index(drop=True)


def supports_by_programme(facts: pd.DataFrame) -> set[frozenset[str]]:
    """Every smallest set of cells whose change reconciles all, by HiGHS with a cut for each set found."""
    base = system(identities(facts, FORM), printed(facts))
    n, big = len(base.names), 1000.0
    rows, low, high = [], [], []

    def add(coefficients: dict[int, float], lower: float, upper: float) -> None:
        row = np.zeros(3 * n)
        for place, value in coefficients.items():
            row[place] = value
        rows.append(row)
        low.append(lower)
        high.append(upper)

    # x = printed + plus - minus, changed = 1 where either is not 0 (and then it is one of them, at least 1).
    for cell in range(n):
        add({cell: 1, n + cell: 1, 2 * n + cell: -big}, -np.inf, 0)
        add({cell: 1, n + cell: 1, 2 * n + cell: -1}, 0, np.inf)
    for number, members in enumerate(base.members):
        coefficients: dict[int, float] = {}
        for cell, sign in members:
            coefficients[cell], coefficients[n + cell] = sign, -sign
        gaps = [cell for cell in range(n) if number in base.gap_of[cell]]
        slack = big * len(gaps)
        for gap in gaps:
            coefficients[2 * n + gap] = 0.0
        up = dict(coefficients) | {2 * n + g: big for g in gaps}
        down = dict(coefficients) | {2 * n + g: -big for g in gaps}
        add(up, -np.inf, -base.residual[number] + slack)
        add(down, -base.residual[number] - slack, np.inf)
    upper = np.concatenate([np.full(n, big), np.array(base.values, float), np.ones(n)])
    found: set[frozenset[str]] = set()
    size = None
    while True:
        result = milp(
            np.concatenate([np.full(2 * n, 1e-7), np.ones(n)]),
            integrality=np.ones(3 * n),
            bounds=Bounds(np.zeros(3 * n), upper),
            constraints=LinearConstraint(np.array(rows), np.array(low), np.array(high)),
        )
        if not result.success:
            return found
        # plus and minus of one cell may cancel; then nothing changed and the set is not a smallest one.
        chosen = [c for c in range(n) if round(result.x[c] - result.x[n + c])]
        marked = [c for c in range(n) if round(result.x[2 * n + c])]
        if size is None:
            size = len(marked)
        if len(marked) > size:
            return found
        if chosen == marked:
            found.add(frozenset(base.names[c] for c in chosen))
        add({2 * n + c: 1.0 for c in marked}, -np.inf, len(marked) - 1)


@st.composite
def broken_tables(draw) -> pd.DataFrame:
    """A consistent small table with some cells blank where they are 0, and one to three errors."""
    figure = st.integers(0, 4)
    cells = {row: [draw(figure), draw(figure)] for row in ROWS if row not in ("handled", "carried_out")}
    cells["handled"] = [a + b for a, b in zip(cells["granted"], cells["unavailable.not_held"], strict=True)]
    received = [a + b for a, b in zip(cells["new"], cells["carried_in"], strict=True)]
    cells["carried_out"] = [max(r - h, 0) for r, h in zip(received, cells["handled"], strict=True)]
    cells["new"] = [
        h + o - i for h, o, i in zip(cells["handled"], cells["carried_out"], cells["carried_in"], strict=True)
    ]
    figures: dict[str, list] = {row: [*values, sum(values)] for row, values in cells.items()}
    for _ in range(draw(st.integers(1, 3))):
        row, column = draw(st.sampled_from(ROWS)), draw(st.integers(0, 2))
        figures[row][column] = max((figures[row][column] or 0) + draw(st.sampled_from([-3, -1, 1, 2, 7])), 0)
    for row, column in itertools.product(ROWS, range(3)):
        if figures[row][column] == 0 and draw(st.booleans()):
            figures[row][column] = None
    return table({row: tuple(values) for row, values in figures.items()})


@settings(max_examples=40, deadline=None, derandomize=True)
@given(broken_tables())
def test_enumerates_what_the_integer_programme_finds(facts: pd.DataFrame) -> None:
    groups = localise(identities(facts, FORM), printed(facts))
    ours: set[frozenset[str]] = {frozenset()}
    for group in groups:
        assert group.complete
        ours = {s | {c for c, _ in k.changes} for s in ours for k in group.corrections}
    if groups:
        size = sum(len(group.corrections[0].changes) for group in groups)
        ours = {
            s for s in ours if len(s) == size
        }  # two groups' choices may want one cell; such a pair is none
        assert ours == supports_by_programme(facts)
    else:
        assert not (check(facts, FORM)["status"] == "breaks").any()


def broken_sums(facts: pd.DataFrame) -> set[tuple]:
    checks = check(facts, FORM)
    return set(zip(*(checks.loc[checks["status"] == "breaks", c] for c in ("rule", "scope")), strict=True))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(broken_tables())
def test_after_each_correction_only_other_root_causes_break(facts: pd.DataFrame) -> None:
    for group in localise(identities(facts, FORM), printed(facts), extra=1):
        others = broken_sums(facts) - {(i.rule, i.scope) for i in group.broken}
        for correction in (*group.corrections, *group.larger):
            assert broken_sums(with_values(facts, dict(correction.changes))) <= others


def test_the_seed_report_has_exactly_three_corrections_of_three_cells() -> None:
    facts = seed_facts()
    (group,) = localise(identities(facts, FORM), printed(facts))
    assert [(i.rule, i.scope) for i in group.broken] == [("balance", c) for c in COLUMNS]
    assert group.complete
    assert [c.changes for c in group.corrections] == [
        tuple((f"requests:{row}/{column}", value) for column, value in zip(COLUMNS, values, strict=True))
        for row, values in {"new": (76, 20, 96), "carried_in": (1, 1, 2), "carried_out": (0, 0, 0)}.items()
    ]


def test_two_rows_of_section_four_are_two_root_causes() -> None:
    facts = facts_of(printed_figures("hongze-2023.pdf"), "2021")
    groups = localise(identities(facts, "2021"), printed(facts))
    assert [[i.scope for i in group.broken] for group in groups] == [["review"], ["after_review"]]
    assert [[c.changes for c in group.corrections] for group in groups] == [
        [(("disputes:review/total", 11),)],
        [(("disputes:after_review/upheld", 0),), (("disputes:after_review/total", 5),)],
    ]


def test_a_table_without_its_totals_is_silent() -> None:
    facts = facts_of(printed_figures("shanghai-office-2019.html"), "2019")
    assert localise(identities(facts, "2019"), printed(facts)) == []


def test_errors_that_nothing_ties_together_are_apart() -> None:
    facts = with_values(seed_facts(), {"disputes:direct/total": 8})
    groups = localise(identities(facts, FORM), printed(facts))
    assert [[i.rule for i in group.broken] for group in groups] == [["balance"] * 3, ["dispute_total"]]
    assert [c.changes for c in groups[1].corrections] == [
        ((f"disputes:direct/{column}", value),)
        for column, value in {"upheld": 5, "corrected": 3, "other": 1, "pending": 2, "total": 7}.items()
    ]


def test_free_values_are_listed_by_their_ends_only() -> None:
    # Results of 6 and 6 against 2 handled, which the balance wants: no cell alone can give up 10.
    facts = table(
        {
            "new": (2, None, None),
            "granted": (6, None, None),
            "unavailable.not_held": (6, None, None),
            "handled": (2, None, None),
        }
    )
    (group,) = localise(identities(facts, FORM), printed(facts))
    ends = {c.changes for c in group.corrections}
    first, second = "requests:granted/natural_person", "requests:unavailable.not_held/natural_person"
    assert ends == {
        ((first, 0), (second, 2)),
        ((first, 2), (second, 0)),
        (("requests:new/natural_person", 12), ("requests:handled/natural_person", 12)),
    }


def test_an_exhausted_budget_is_said() -> None:
    facts = seed_facts()
    (group, *_) = localise(identities(facts, FORM), printed(facts), budget=1)
    assert not group.complete


def test_agreeing_finds_the_table_side_of_a_break_with_the_prose() -> None:
    facts = seed_facts()
    sums, cells = identities(facts, FORM), printed(facts)
    assert agreeing(sums, cells, ["disputes:review/total"], 9, 1) == ()
    found = agreeing(sums, cells, ["disputes:review/total"], 9, 2)
    assert [dict(c.changes) for c in found] == [
        {f"disputes:review/{column}": value, "disputes:review/total": 9}
        for column, value in {"upheld": 9, "corrected": 1, "other": 1, "pending": 1}.items()
    ]
