"""Slips of the pen: each kind's own example and counterexample, and the slips of several cells."""

import pytest
from seed_report import FORM, seed_facts

from crossfoot.checks import identities
from crossfoot.diagnosis.slips import explain, kinds, sheet, single

PAIRED = ("next_row", "next_column", "follows", "other_cell")
COLUMNS = ("natural_person", "enterprise", "total")


def named(kind_id: str, printed: int, true: int) -> str:
    """The kind found for an example of slips.toml, with the surroundings that its kind is about."""
    beside = (printed,) if kind_id == "neighbour_cell" and printed == 4 else ()
    addends = (4, 8) if kind_id == "addend_left_out" else (212,) if kind_id == "total_not_updated" else ()
    if kind_id == "total_not_updated":
        addends = (100, 412)
    return single(None if printed < 0 and kind_id != "sign" else printed, true, beside, addends).id


@pytest.mark.parametrize("kind", [k for k in kinds().values() if k.id not in PAIRED], ids=lambda k: k.id)
def test_each_kind_explains_its_example_and_not_its_counterexample(kind) -> None:
    assert named(kind.id, *kind.example) == kind.id
    if kind.counterexample[0] != kind.counterexample[1]:
        assert named(kind.id, *kind.counterexample) != kind.id


def test_the_cheapest_kind_gives_the_name() -> None:
    assert single(75, 76).id == "off_by_one"
    assert single(75, 57).id == "digits_swapped"
    assert single(9, 8, beside=[9]).id == "neighbour_cell"


def figures(**rows: tuple) -> dict[str, float | None]:
    return {
        f"requests:{row}/{column}": value
        for row, values in rows.items()
        for column, value in zip(COLUMNS, values, strict=True)
    }


def test_figures_exchanged_between_neighbours_are_one_slip() -> None:
    report = sheet(figures(new=(5, None, 5), carried_in=(None, 2, 2)))
    down = (("requests:new/natural_person", 0), ("requests:carried_in/natural_person", 5))
    along = (("requests:new/natural_person", 0), ("requests:new/enterprise", 5))
    assert explain(down, report) == (("next_row", "next_row"), kinds()["next_row"].cost)
    assert explain(along, report) == (("next_column", "next_column"), kinds()["next_column"].cost)


def test_a_total_that_follows_is_no_slip_of_its_own() -> None:
    facts = seed_facts()
    sums = [i for i in identities(facts, FORM) if (i.rule, i.scope) == ("row_total", "new")]
    report = sheet(dict.fromkeys(sums[0].cells) | figures(new=(75, 19, 94)))
    new = "requests:new"
    changes = ((f"{new}/natural_person", 76), (f"{new}/enterprise", 20), (f"{new}/total", 96))
    assert explain(changes, report, sums)[0] == ("off_by_one", "off_by_one", "follows")
