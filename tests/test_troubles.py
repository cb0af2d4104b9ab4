from crossfoot.extraction_problems import Trouble, gathered
from crossfoot.texts import same


def trouble(number, problem="unreadable", page=3, detail="no header tells the columns"):
    return Trouble(problem, (f"requests:new/c{number}",), same(detail), (), page)


def test_a_few_troubles_stay_apart_each_with_its_cell():
    few = [trouble(1), trouble(2), trouble(1, page=4)]
    assert gathered(few) == few


def test_many_of_one_kind_on_one_page_are_one_that_names_every_cell():
    many = [trouble(i) for i in range(9)]
    apart = trouble(20, problem="readers_differ")
    found = gathered([*many, apart])
    assert len(found) == 2
    assert found[0].cells == tuple(t.cells[0] for t in many)
    assert all(t.cells[0] in found[0].detail for t in many)
    assert found[1] == apart


def test_figures_outside_of_all_cells_keep_their_own_words():
    left = [
        Trouble("leftover", (), same(f"a reads '{i}' beside 'x'"), (str(i),), 3, table="requests")
        for i in range(5)
    ]
    (found,) = gathered(left)
    assert found.detail == "; ".join(t.detail for t in left)
