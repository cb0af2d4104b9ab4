"""The coverage map: what it counts is what really breaks when a cell changes."""

from pathlib import Path

import pandas as pd
import pytest
from seed_report import FORM, seed_facts

from crossfoot.audit import audit
from crossfoot.checks import CHECK_COLUMNS, check
from crossfoot.diagnosis.coverage import COVERAGE_COLUMNS, UNNOTICED_COLUMNS, coverage, unnoticed
from crossfoot_synthetic.figures import report, with_values

NOTHING_TOLD = pd.DataFrame(columns=CHECK_COLUMNS)


def changed_checks(before: pd.DataFrame, facts: pd.DataFrame, form: str) -> int:
    """How many of the stated sums have another difference than before."""
    after = check(facts, form)
    stated = (before["status"] != "not_stated") & (before["rule"] != "bounds")
    return int((before.loc[stated, "difference"] != after.loc[stated, "difference"]).sum())


@pytest.mark.parametrize("seed", [0, 1])
def test_counts_the_sums_that_a_change_disturbs(seed: int) -> None:
    facts = report(seed, FORM)
    before = check(facts, FORM)
    found = coverage(facts, NOTHING_TOLD, FORM)
    assert list(found.columns) == COVERAGE_COLUMNS and len(found) == len(facts)
    printed = found[(found["status"] == "number")].iloc[::5]
    for cell in printed.itertuples():
        name = f"{cell.table}:{cell.row}/{cell.column}"
        value = int(facts["value"][cell.Index])
        assert changed_checks(before, with_values(facts, {name: value + 1}), FORM) == cell.sums, name


def test_claims_bind_their_cells() -> None:
    told = pd.DataFrame(
        [
            ("narrative", "a", 94.0, 94.0, 0.0, "holds", "requests:new/total", "", "10"),
            ("narrative", "b", 40.0, 49.0, -9.0, "holds", "requests:granted/total", "", "20"),
        ],
        columns=[*CHECK_COLUMNS, "claims"],
    )
    found = coverage(seed_facts(), told, FORM).set_index(["row", "column"])
    assert found.loc[("new", "total"), ["sums", "claims", "checks"]].tolist() == [2, 1, 3]
    assert found.loc[("granted", "total"), "claims"] == 0, "a bound (40余) does not fix the cell"


def test_pairs_of_one_sum_can_be_wrong_unnoticed() -> None:
    facts = seed_facts()
    found = unnoticed(facts, NOTHING_TOLD, FORM)
    assert list(found.columns) == UNNOTICED_COLUMNS
    pairs = found[(found["kind"] == "pair") & found["checks"].eq("dispute_total:direct")]
    assert len(pairs) == 10
    assert pairs["change"].value_counts().to_dict() == {"opposite": 6, "same": 4}
    before = (check(facts, FORM)["status"] == "breaks").sum()
    unseen = with_values(facts, {"disputes:direct/upheld": 5, "disputes:direct/corrected": 1})
    assert (check(unseen, FORM)["status"] == "breaks").sum() == before


def test_a_cell_that_nothing_binds_is_named() -> None:
    found = unnoticed(seed_facts(), NOTHING_TOLD, FORM)
    cells = set(found.loc[found["kind"] == "cell", "cells"])
    assert "requests:carried_in/research" in cells
    assert "requests:new/natural_person" not in cells


def test_an_audit_maps_its_own_cells_prose_included() -> None:
    result = audit(Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt")
    cells = result.coverage.set_index("cell")
    assert list(cells.index) == list(result.facts["cell"])
    # row, balance and both sentences that say 96
    assert cells.loc["requests:new/total", ["sums", "claims"]].tolist() == [2, 2]
    assert cells.loc[cells.index.str.startswith("disclosure:"), "checks"].eq(0).all()
    alone = result.unnoticed[result.unnoticed["kind"] == "cell"]
    assert len(alone) == cells["checks"].eq(0).sum()
