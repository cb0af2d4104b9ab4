"""What holds, what breaks, and what says nothing: blanks are told from zeros."""

import pandas as pd
import pytest

from crossfoot.checks import check, identities, rules
from crossfoot.forms import tables
from crossfoot.numerals import read_cell


def facts(form="2019", **printed):
    """A report's facts from what some rows print, `requests__new="75 19 . . . . 94"`, `.` for blank."""
    rows = []
    for table in tables(form).values():
        for row in table.rows:
            if "requests" in table.code and row.code.startswith("other") != (row.code == "other"):
                continue
            texts = printed.get(f"{table.code}__{row.code.replace('.', '_')}", "").split()
            for i, column in enumerate(row.columns):
                raw = "" if i >= len(texts) or texts[i] == "." else texts[i]
                numeral = read_cell(raw, table.column(column).unit)
                rows.append((table.code, row.code, column, numeral.value, numeral.status, raw))
    return pd.DataFrame(rows, columns=["table", "row", "column", "value", "status", "raw"])


def status(checked, rule, scope):
    (found,) = checked[(checked["rule"] == rule) & (checked["scope"] == scope)].to_dict("records")
    return found


def test_balance_breaks_by_the_difference_and_says_what_blank_counts_as():
    checked = check(facts(requests__new="75", requests__handled="75", requests__carried_out="1"), "2019")
    found = status(checked, "balance", "natural_person")
    assert (found["status"], found["left"], found["right"], found["difference"]) == ("breaks", 75, 76, -1)
    assert "0 (blank carried_in)" in found["formula"][1]


def test_a_blank_total_states_nothing():
    checked = check(facts(requests__new="75 19"), "2019")
    assert status(checked, "row_total", "new")["status"] == "not_stated"
    assert status(checked, "balance", "natural_person")["status"] == "not_stated"


def test_all_blank_states_nothing_and_all_zero_holds():
    checked = check(facts(disputes__review="0 0 0 0 0"), "2019")
    assert status(checked, "dispute_total", "review")["status"] == "holds"
    assert status(checked, "dispute_total", "direct")["status"] == "not_stated"


def test_result_rows_without_totals_leave_the_total_column_unstated():
    rows = {"requests__granted": "5", "requests__handled": "5 . . . . . 5"}
    checked = check(facts(**rows), "2019")
    assert status(checked, "results_total", "natural_person")["status"] == "holds"
    assert status(checked, "results_total", "total")["status"] == "not_stated"


def test_a_figure_that_cannot_be_read_states_nothing():
    checked = check(facts(disputes__review="3/4 0 0 0 3"), "2019")
    found = status(checked, "dispute_total", "review")
    assert found["status"] == "unread"
    assert found["formula"][1].startswith("0 corrected + 0 other + 0 pending + ? upheld = 3 total")
    assert "blank" not in found["formula"][1] and "未能读作数字" in found["formula"][0]
    assert "disputes:review/upheld" in found["formula"][1]


def test_dispute_total_of_zero_against_outcomes_breaks():
    checked = check(facts(disputes__review="10 1 0 0 0"), "2019")
    assert status(checked, "dispute_total", "review")["difference"] == 11


@pytest.mark.parametrize(
    ("row", "cell", "expected"),
    [
        ({"requests__new": "-1"}, "requests:new/natural_person", "breaks"),
        ({"requests__new": "1.5"}, "requests:new/natural_person", "breaks"),
        ({"disclosure__licensing": "5 -14 3"}, "disclosure:licensing/change", "holds"),
        ({"disclosure__procurement": "5 1.5元"}, "disclosure:procurement/amount", "holds"),
    ],
)
def test_bounds(row, cell, expected):
    assert status(check(facts(**row), "2019"), "bounds", cell)["status"] == expected


def test_more_published_than_there_is_breaks_its_bound():
    checked = check(facts(disclosure__normative="4 13 12"), "2019")
    assert status(checked, "bounds", "normative")["status"] == "breaks"
    checked = check(facts(disclosure__normative="4 4 12"), "2019")
    assert status(checked, "bounds", "normative")["status"] == "holds"


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_identity_names_cells_that_the_form_has(form):
    frame = facts(form)
    cells = {f"{t}:{r}/{c}" for t, r, c in zip(frame["table"], frame["row"], frame["column"], strict=True)}
    found = identities(frame, form)
    assert {i.rule for i in found} >= {"balance", "results_total", "row_total", "dispute_total"}
    for identity in found:
        assert identity.left and identity.right
        assert set(identity.cells) <= cells


def test_rules_say_where_they_come_from():
    assert all(
        rule.basis and rule.label_zh and rule.severity in {"error", "query", "note"} for rule in rules()
    )


def test_a_cell_that_was_not_read_is_no_blank_and_decides_no_check():
    sound = facts(requests__new="1 . . . . . 1", requests__handled="1 . . . . . 1")
    cell = (sound["table"] == "requests") & (sound["row"] == "new") & (sound["column"] == "enterprise")
    read = {row.scope: row.status for row in check(sound, "2019").itertuples() if row.rule == "row_total"}
    assert read["new"] == "holds"
    sound.loc[cell, ["status", "raw"]] = ["unread", "12 13"]
    checked = check(sound, "2019")
    bound = checked[["requests:new/enterprise" in cells.split() for cells in checked["cells"]]]
    assert len(bound) >= 2 and not bound["status"].isin(["holds", "breaks"]).any()


def with_subtotals(values, organisations=False):
    """The facts of `values` (row code → figures from the left), with a 小计 column if told so."""
    frame = facts()
    rows = frame[frame["table"] == "requests"].to_dict("records")
    columns = [row["column"] for row in rows[:7]]
    columns = [*columns[:6], "organisations", "total"] if organisations else columns
    made = []
    for code in dict.fromkeys([*values, *(row["row"] for row in rows)]):
        printed = values.get(code, "").split()
        for column, raw in zip(columns, [*printed, *[""] * 8], strict=False):
            numeral = read_cell(raw)
            made.append(("requests", code, column, numeral.value, numeral.status, raw))
    others = frame[frame["table"] != "requests"]
    return pd.concat([pd.DataFrame(made, columns=frame.columns), others], ignore_index=True)


def test_a_printed_subtotal_is_held_against_its_parts_and_counted_once():
    values = {"denied": "5 0 0 0 0 0 5", "denied.third_party": "2", "denied.deliberative": "3"}
    values |= {"granted": "1", "handled": "6"}
    checked = check(with_subtotals(values), "2019")
    assert status(checked, "group_total", "requests:denied/natural_person")["status"] == "holds"
    assert status(checked, "row_total", "denied")["status"] == "holds"
    assert status(checked, "results_total", "natural_person")["status"] == "holds"
    broken = check(with_subtotals(values | {"denied": "4 0 0 0 0 0 4"}), "2019")
    found = status(broken, "group_total", "requests:denied/natural_person")
    assert (found["status"], found["left"], found["right"]) == ("breaks", 5, 4)
    assert "不予公开小计" not in found["formula"][0] and "小计 4" in found["formula"][0]


def test_a_subtotal_of_the_organisations_is_held_against_its_five_and_counted_once():
    values = {"new": "1 2 3 0 0 0 5 6", "granted": "1 2 3 0 0 0 4 6"}
    checked = check(with_subtotals(values, organisations=True), "2019")
    assert status(checked, "group_total", "requests:new/organisations")["status"] == "holds"
    assert status(checked, "row_total", "new")["status"] == "holds"
    found = status(checked, "group_total", "requests:granted/organisations")
    assert (found["status"], found["difference"]) == ("breaks", 1)


def test_a_report_without_subtotals_has_no_check_of_them():
    assert "group_total" not in set(check(facts(), "2019")["rule"])
