"""The made-up reports are consistent, the planted errors are what they say, and both come again."""

import random

import pandas as pd
import pytest

from crossfoot.checks import check
from crossfoot.narrative import ledger
from crossfoot.narrative.claims import claims
from crossfoot_synthetic.figures import facts_of, report, with_values
from crossfoot_synthetic.planting import SLIPS, misprint, narrative, plant


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_made_up_reports_add_up(form: str) -> None:
    for seed in range(12):
        statuses = check(report(seed, form), form)["status"]
        assert not (statuses == "breaks").any(), seed
        assert (statuses == "holds").sum() > 10, seed


def test_the_same_seed_makes_the_same_report() -> None:
    pd.testing.assert_frame_equal(report(3, "2021"), report(3, "2021"))
    assert not report(3, "2021").equals(report(4, "2021"))


@pytest.mark.parametrize("slip", SLIPS)
def test_planted_errors_change_just_the_cells_they_name(slip: str) -> None:
    made = 0
    for seed in range(8):
        sound = report(seed, "2021")
        planted = plant(sound, slip, "requests", seed)
        if planted is None:
            continue
        made += 1
        reconciled = with_values(planted.facts, planted.truth)["value"].fillna(0)
        assert reconciled.equals(sound["value"].fillna(0))
        assert not planted.facts["value"].fillna(0).equals(sound["value"].fillna(0))
    assert made >= 4


@pytest.mark.parametrize(
    ("slip", "true", "possible"),
    [
        ("digits_swapped", 103, {13, 130}),
        ("digit_dropped", 103, {3, 13, 10}),
        ("digit_doubled", 12, {112, 122}),
        ("off_by_one", 7, {6, 8}),
        ("neighbour_cell", 7, {4}),
        ("addend_left_out", 7, {5}),
        ("left_blank", 7, {0}),
    ],
)
def test_a_misprint_is_what_its_slip_makes(slip: str, true: int, possible: set[int]) -> None:
    made = {misprint(random.Random(seed), slip, true, 4, 2) for seed in range(30)} - {None}
    assert made and made <= possible


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(KeyError, match="requests:newest/total"):
        facts_of({"requests:newest/total": "1"}, "2019")


def told_of(seed: int, form: str, slip: str | None) -> tuple[pd.DataFrame, int | None]:
    facts = report(seed, form)
    prose = narrative(facts, form, slip, seed)
    assert prose is not None
    document = prose.document
    stated = claims(document, document.lines, form, prose.year)
    return ledger.checks(stated, facts, document, form, document.lines, prose.year), prose.start


@pytest.mark.parametrize("seed", range(6))
def test_the_prose_states_the_tables_and_a_misprint_shows(seed: int) -> None:
    form = ("2019", "2021")[seed % 2]
    told, _ = told_of(seed, form, None)
    assert not (told["status"] == "breaks").any() and (told["status"] == "holds").sum() >= 8
    told, start = told_of(seed, form, "off_by_one")
    broken = told[told["status"] == "breaks"]
    assert str(start) in " ".join(broken["claims"]).split()
