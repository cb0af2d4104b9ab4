"""Two witnesses for a figure: what they agree on, what one supplies, where they differ."""

from dataclasses import replace

import pandas as pd

from crossfoot.document import Cell
from crossfoot.facts import merge
from crossfoot.tables import Placement
from crossfoot.tables.placement import because

CELL = "requests:new/natural_person"


def placement(readings=(), unclear=(), lacking=(), leftovers=()):
    made = Placement()
    for name, text in readings:
        made.read(name, Cell(text, 10, 10, 30, 20, "10,10,30,20"), 3, by_label=True)
    made.unclear.update(unclear)
    made.lacking.update(lacking)
    for text, x in leftovers:
        made.leave("requests", Cell(text, x, 10, x + 10, 20, ""), 3, because("read.no_column"))
    return made


def fact(facts, name=CELL):
    table, _, rest = name.partition(":")
    row, _, column = rest.partition("/")
    chosen = facts[(facts["table"] == table) & (facts["row"] == row) & (facts["column"] == column)]
    return chosen.iloc[0]


def test_two_readers_that_agree_are_both_named():
    facts, troubles = merge({"a": placement([(CELL, "12 ")]), "b": placement([(CELL, "１２")])}, "2019")
    found = fact(facts)
    assert (found["value"], found["readers"], found["agreed"], found["page"]) == (12, "a+b", True, 3)
    assert not [t for t in troubles if t.cells]


def test_a_row_that_one_reader_misses_is_supplied_by_the_other():
    facts, _ = merge({"a": placement(), "b": placement([(CELL, "3")])}, "2019")
    assert (fact(facts)["value"], fact(facts)["readers"], fact(facts)["agreed"]) == (3, "b", True)


def test_a_difference_is_shown_with_both_readings():
    facts, troubles = merge({"a": placement([(CELL, "3")]), "b": placement([(CELL, "8")])}, "2019")
    assert not fact(facts)["agreed"]
    (trouble,) = [t for t in troubles if t.problem == "readers_differ"]
    assert trouble.cells == (CELL,) and "'3'" in trouble.detail and "'8'" in trouble.detail


def test_a_reader_that_sees_nothing_differs_from_one_that_sees_a_figure():
    facts, troubles = merge({"a": placement([(CELL, "")]), "b": placement([(CELL, "8")])}, "2019")
    assert (fact(facts)["value"], fact(facts)["agreed"]) == (8, False)
    assert [t.problem for t in troubles if t.cells] == ["readers_differ"]


def test_blank_absent_and_unreadable_are_told_apart():
    other = "requests:new/enterprise"
    facts, troubles = merge(
        {"a": placement([(CELL, "")], unclear=[(other, because("read.no_header"))])}, "2019"
    )
    assert fact(facts)["status"] == "blank"
    assert fact(facts, other)["status"] == "unread"
    assert fact(facts, "requests:granted/total")["status"] == "absent"
    assert [t.problem for t in troubles if t.cells == (other,)] == ["unreadable"]


def test_text_with_digits_is_a_trouble_and_a_plain_word_is_not():
    facts, troubles = merge({"a": placement([(CELL, "3/4"), ("requests:new/total", "无")])}, "2019")
    assert pd.isna(fact(facts)["value"]) and fact(facts)["raw"] == "3/4"
    assert [t.cells for t in troubles if t.cells] == [(CELL,)]


def test_a_leftover_is_settled_only_by_a_reading_in_its_place():
    one = {"a": placement(leftovers=[("7", 15)]), "b": placement([(CELL, "7")])}
    assert not [t for t in merge(one, "2019")[1] if t.problem == "leftover"]
    elsewhere = {"a": placement(leftovers=[("7", 300)]), "b": placement([(CELL, "7")])}
    assert [t.problem for t in merge(elsewhere, "2019")[1] if t.problem == "leftover"] == ["leftover"]


def test_other_results_are_one_row_or_three_as_the_report_prints_them():
    def printed(placed):
        facts = merge({"a": placed}, "2021")[0]
        rows = facts[(facts["table"] == "requests") & facts["row"].str.startswith("other")]
        return dict(zip(rows["row"], rows["status"], strict=True))

    assert set(printed(placement([("requests:other.else/total", "1")]))) == {
        "other.not_corrected",
        "other.fee_unpaid",
        "other.else",
    }
    assert printed(placement([("requests:other/total", "1")])) == {"other": "number"}
    assert set(printed(placement()).values()) == {"absent"} and len(printed(placement())) == 3


def test_recognition_with_little_confidence_is_a_trouble_unless_another_reader_agrees():
    def recognised(confidence):
        made = Placement()
        made.read(CELL, Cell("8", 10, 10, 30, 20, "10,10,30,20", confidence), 3, by_label=True)
        return made

    def doubts(**placements):
        return [t.problem for t in merge(placements, "2019")[1] if t.cells]

    assert doubts(ocr=recognised(0.5)) == ["doubtful"]
    assert doubts(ocr=recognised(0.99)) == []
    assert doubts(ocr=recognised(0.5), pdfium=placement([(CELL, "8")])) == []


def test_a_unit_that_the_heading_states_is_converted_to_the_forms_own():
    made = placement([("disclosure:fees/amount", "125000")])
    made.readings["disclosure:fees/amount"] = replace(made.readings["disclosure:fees/amount"], unit="元")
    facts, _ = merge({"a": made}, "2021")
    found = fact(facts, "disclosure:fees/amount")
    assert (found["value"], found["unit"], found["raw"]) == (12.5, "万元", "125000")


def test_readers_that_count_the_strokes_of_a_dash_otherwise_do_not_differ():
    facts, troubles = merge({"a": placement([(CELL, "——")]), "b": placement([(CELL, "—")])}, "2019")
    assert (fact(facts)["status"], fact(facts)["agreed"]) == ("dash", True)
    assert not [t for t in troubles if t.cells == (CELL,)]


def test_readers_of_which_one_loses_what_is_counted_do_not_differ():
    facts, troubles = merge({"a": placement([(CELL, "12")]), "b": placement([(CELL, "12件")])}, "2019")
    assert fact(facts)["agreed"] and not [t for t in troubles if t.cells == (CELL,)]
    facts, _ = merge({"a": placement([(CELL, "12")]), "b": placement([(CELL, "12万")])}, "2019")
    assert not fact(facts)["agreed"]
