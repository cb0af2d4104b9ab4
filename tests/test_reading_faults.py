"""How the benchmark of reading faults plants and counts: it sees what is said, and what is not."""

import random
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from benchmark_modules import benchmark

from crossfoot.audit import audit_document
from crossfoot.document import Cell, Document, Grid

reading_faults, faulty, outcomes = map(benchmark, ("reading_faults", "faulty_readings", "fault_outcomes"))
NEIGHBOURS = ["dropped", "swapped", "digit_changed"]


@pytest.fixture(scope="module")
def web_page():
    return next(iter(reading_faults.sources(["html"], 1, seed=3, real=False)))


def blind(document):
    """An audit that never says that it could not read something."""
    result = audit_document(document)
    told = result.findings[result.findings["kind"] == "published"]
    facts = result.facts.assign(status=result.facts["status"].astype("str").replace("unread", "number"))
    said = dict(result.tables) | {"facts": facts, "findings": told}
    return SimpleNamespace(**said, document=result.document, problems=())


def counted(source, auditor, kinds=NEIGHBOURS, monkeypatch=None):
    monkeypatch.setattr(reading_faults, "FAULTS", {kind: faulty.FAULTS[kind] for kind in kinds})
    rows, details = reading_faults.measure([source], 2, 1, auditor)
    return rows[reading_faults.COUNTS].sum(), details


def test_what_two_readers_read_differently_is_noticed_and_named(web_page, monkeypatch):
    sums, _ = counted(web_page, audit_document, monkeypatch=monkeypatch)
    assert sums["planted"] == sums["changed"] == sums["noticed"] == sums["named"] == 12
    assert sums["silent"] == sums["crashed"] == 0


def test_a_blind_auditor_is_caught(web_page, monkeypatch):
    sums, details = counted(web_page, blind, monkeypatch=monkeypatch)
    assert sums["noticed"] == sums["named"] == 0 < sums["changed"]
    assert sums["silent"] + sums["published_errors"] > 0
    assert len(details) == sums["changed"] - sums["made_good"]


def test_an_auditor_that_fails_is_counted_and_not_hidden(web_page, monkeypatch):
    untouched = web_page.document

    def failing(document):
        assert all(grids == untouched.grids[reader] for reader, grids in document.grids.items())
        return audit_document(document)

    sums, _ = counted(web_page, failing, ["dropped"], monkeypatch)
    assert sums["crashed"] == sums["planted"] == 4


def test_the_same_seed_gives_the_same_counts(web_page, monkeypatch):
    (one, _), (other, _) = (counted(web_page, blind, ["copied"], monkeypatch) for _ in range(2))
    pd.testing.assert_series_equal(one, other)


def test_every_format_is_read_with_its_statutory_cells():
    formats = [kind for kind in reading_faults.RENDERED if kind != "pdf"]
    for source in reading_faults.sources(formats, 1, seed=3, real=False):
        for reader, grids in source.document.grids.items():
            alone = audit_document(replace(source.document, grids={reader: grids}))
            there = {spot.name for spot in faulty.spots(alone, reader)}
            assert len(there) > 180, (source.name, reader)


# Faults, one by one --------------------------------------------------------------------------------------

ROWS = (("1", "12", "3"), ("", "40", "0"))


@pytest.fixture
def sheet():
    """Two rows of three cells behind their labels, below a heading."""
    texts = [("头", "甲", "乙", "丙"), *(("栏", *row) for row in ROWS)]
    cells = [
        Cell(text, x, y, x + 1, y + 1, f"{y} {x}")
        for y, row in enumerate(texts)
        for x, text in enumerate(row)
    ]
    document = Document("made", "", 1, "", (), {"one": (Grid(tuple(cells), None),)})
    found = [
        faulty.Spot(f"requests:{'ab'[int(cell.top) - 1]}/{int(cell.x0)}", 0, number, cell)
        for number, cell in enumerate(cells)
        if cell.x0 and cell.top
    ]
    return faulty.Sheet(document, "one", found)


def read_with(sheet, kind, at, seed=0):
    """The rows as read with that fault at the cell; a row or column that is gone is left out."""
    spot = next(spot for spot in sheet.spots if spot.text == at)
    fault = faulty.FAULTS[kind](random.Random(seed), sheet, spot)
    cells = faulty.with_fault(sheet.document, "one", fault).grids["one"][0].cells
    rows = {}
    for cell in cells:
        rows.setdefault(cell.top, []).append(cell.text)
    return list(rows.values())


@pytest.mark.parametrize(
    ("kind", "at", "good"),
    [
        ("dropped", "12", {("1", "", "3", "", "40", "0")}),
        ("copied", "40", {("1", "40", "3", "", "40", "0"), ("1", "12", "3", "40", "40", "0"),
                          ("1", "12", "3", "", "40", "40")}),
        ("moved", "40", {("1", "12", "3", "40", "", "0")}),
        ("swapped", "1", {("12", "1", "3", "", "40", "0"), ("", "12", "3", "1", "40", "0")}),
        ("joined", "3", {("1", "123", "", "", "40", "0"), ("1", "", "123", "", "40", "0")}),
        ("joined_spaced", "3", {("1", "12 3", "", "", "40", "0"), ("1", "", "12 3", "", "40", "0")}),
        ("split", "40", {("1", "12", "3", "", "4", "0")}),
        ("row_shifted", "12", {("", "1", "12", "", "40", "0"), ("12", "3", "", "", "40", "0")}),
        ("column_emptied", "12", {("1", "", "3", "", "", "0")}),
    ],
)  # fmt: skip
def test_a_fault_is_what_it_is_called(sheet, kind, at, good):
    for seed in range(8):
        made = read_with(sheet, kind, at, seed)
        assert [row[0] for row in made] == ["头", "栏", "栏"]
        assert tuple(text for row in made[1:] for text in row[1:]) in good


def test_a_changed_digit_is_one_digit(sheet):
    for seed in range(8):
        made = read_with(sheet, "digit_changed", "40", seed)[2][2]
        assert len(made) == 2 and sum(a != b for a, b in zip(made, "40", strict=True)) == 1


def test_a_row_goes_with_its_label_and_a_column_with_its_heading(sheet):
    assert read_with(sheet, "row_lost", "40") == [["头", "甲", "乙", "丙"], ["栏", "1", "12", "3"]]
    assert read_with(sheet, "column_removed", "12") == [["头", "甲", "丙"], ["栏", "1", "3"], ["栏", "", "0"]]


def test_a_lone_figure_has_nothing_to_be_joined_or_split_with(sheet):
    alone = replace(sheet, spots=[spot for spot in sheet.spots if spot.text == "40"])
    for kind in ("joined", "split", "copied", "swapped"):
        assert faulty.FAULTS[kind](random.Random(1), alone, alone.spots[0]) is None


# Judgement -----------------------------------------------------------------------------------------------

A, B = "requests:new/enterprise", "requests:new/research"
BASE = outcomes.Said({A: (3.0, "number", "3", "x+y"), B: (float("nan"), "blank", "", "x+y")})


def now(a=None, b=None, **what):
    return replace(BASE, facts=BASE.facts | ({A: a} if a else {}) | ({B: b} if b else {}), **what)


def test_a_wrong_cell_that_nothing_names_is_silent():
    wrong = now((8.0, "number", "8", "x+y"))
    assert outcomes.judged(BASE, wrong, {A}).silent
    elsewhere = replace(wrong, named=Counter({B: 1}))
    judged = outcomes.judged(BASE, elsewhere, {A})
    assert judged.noticed and not judged.named and not judged.silent and judged.unnamed == (A,)


@pytest.mark.parametrize(
    "what",
    [
        {"named": Counter({A: 1})},
        {"quoted": Counter({("requests", "8"): 1})},
        {"quoted": Counter({("requests", "3"): 1})},
        {"troubles": Counter({("table_missing", "requests"): 1})},
    ],
)
def test_a_cell_is_named_by_itself_by_its_figure_or_with_its_whole_table(what):
    assert outcomes.judged(BASE, now((8.0, "number", "8", "x+y"), **what), {A}).named


def test_a_figure_of_another_table_or_of_before_names_nothing():
    other = now((8.0, "number", "8", "x+y"), quoted=Counter({("disputes", "8"): 1}))
    assert not outcomes.judged(BASE, other, {A}).named
    before = replace(BASE, named=Counter({A: 1}))
    same = now((8.0, "number", "8", "x+y"), named=Counter({A: 1}))
    assert outcomes.judged(before, same, {A}).silent


def test_a_cell_that_is_unread_is_named_and_not_wrong():
    judged = outcomes.judged(BASE, now((float("nan"), "unread", "8", "x")), {A})
    assert judged.noticed and judged.named and not judged.wrong


def test_what_the_other_reader_gives_is_made_good_only_where_the_readers_say_so():
    assert outcomes.judged(BASE, now((3.0, "number", "3", "y")), {A}).made_good
    assert not outcomes.judged(BASE, now((3.0, "number", "3", "x+y")), {A}).made_good


def test_a_break_that_the_fault_makes_is_published_and_one_of_the_report_is_not():
    own = ("f1", "error", frozenset({("row_total:new", 3.0, 4.0)}))
    base = replace(BASE, breaks=(own,), findings=frozenset({"f1"}))
    assert not outcomes.judged(base, replace(base, named=Counter({A: 1})), {A}).published_errors
    more = ("f2", "error", own[2] | {("balance:enterprise", 8.0, 3.0)})
    for severity, blamed in (("error", (True, False)), ("query", (False, True))):
        found = replace(base, breaks=((more[0], severity, more[2]),), findings=frozenset({"f2"}))
        judged = outcomes.judged(base, found, {A})
        assert (judged.published_errors, judged.published_others) == blamed


# The page ------------------------------------------------------------------------------------------------


def test_the_section_takes_the_place_of_the_old_one_and_keeps_the_page():
    rows = pd.DataFrame(
        [("html", "made-up-1.html", "lxml", "dropped", 2, 2, 2, 1, 0, 0, 0, 0, 0)],
        columns=["format", "document", "reader", "fault", *reading_faults.COUNTS],
    )
    text = reading_faults.section(rows, 2, 1, ["gone.pdf"])
    assert "1 of 2" in text and "gone.pdf" in text
    once = reading_faults.with_section("# Page\n\nMore.\n", text)
    assert once.startswith("# Page\n\nMore.\n\n## Reading faults\n")
    assert reading_faults.with_section(once, text) == once


def test_the_benchmark_of_readers_keeps_the_section():
    assert benchmark("readers").FAULTS == reading_faults.SECTION
