"""Claims against tables, parts, shares and statements; the samples' prose errors and no others."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from test_narrative import document

from crossfoot import readers
from crossfoot.forms import tables
from crossfoot.narrative.claims import claims
from crossfoot.narrative.ledger import LEDGER_COLUMNS, checks
from crossfoot.numerals import read_cell

SHARED = Path(__file__).parents[2] / "shared"


def facts_of(printed: dict[str, str], form: str = "2021") -> pd.DataFrame:
    """Facts of a form that prints the given cells and leaves the rest blank."""
    rows = []
    for table in tables(form).values():
        for row in table.rows:
            for code in row.columns:
                raw = printed.get(f"{table.code}:{row.code}/{code}", "")
                unit = table.column(code).unit
                numeral = read_cell(raw, unit)
                value = float("nan") if numeral.value is None else numeral.value
                rows.append((table.code, row.code, code, value, unit, numeral.status, raw))
    columns = ["table", "row", "column", "value", "unit", "status", "raw"]
    return pd.DataFrame(rows, columns=columns)


def ledger_of(text: str, printed: dict[str, str], form: str = "2021") -> pd.DataFrame:
    year = 2019 if form == "2019" else 2023
    report = document(text)
    stated = claims(report, report.lines, form, year)
    return checks(stated, facts_of(printed, form), report, form, report.lines, year)


def outcomes(frame: pd.DataFrame, rule: str) -> list[tuple]:
    rows = frame[frame["rule"] == rule]
    return list(zip(rows["left"], rows["right"], rows["status"], strict=True))


R = {name: f"requests:{name}/total" for name in ("new", "carried_in", "granted", "handled", "carried_out")}


def test_a_claim_that_equals_its_cell_holds_and_one_that_does_not_breaks():
    printed = {R["new"]: "94", R["handled"]: "94"}
    frame = ledger_of("收到政府信息公开申请94件，办结96件。", printed)
    assert list(frame.columns) == LEDGER_COLUMNS
    assert outcomes(frame, "narrative") == [(94, 94, "holds"), (96, 94, "breaks")]
    assert frame.loc[frame["status"] == "breaks", "difference"].tolist() == [2]


def test_a_blank_addend_counts_nothing_and_a_blank_total_is_the_sum_of_its_row():
    printed = {
        "requests:granted/natural_person": "258", "requests:granted/enterprise": "14",
        "requests:partly_granted/natural_person": "3",
    }  # fmt: skip
    frame = ledger_of("（二）依申请公开\n予以公开和部分公开258件，不予公开0件。", printed)
    first, second = frame.to_dict("records")
    assert (first["right"], first["status"]) == (275, "breaks")
    assert first["equals"] == "requests:granted/natural_person"
    assert "total is blank" in first["formula"][1]
    assert second["status"] == "not_stated"


@pytest.mark.parametrize(
    ("said", "status"),
    [("2900余件", "holds"), ("近3000件", "holds"), ("约2800件", "holds"), ("超2950件", "breaks"),
     ("近2900件", "breaks"), ("约2000件", "breaks")],
)  # fmt: skip
def test_approximate_claims_are_bounds(said, status):
    frame = ledger_of(f"共收到政府信息公开申请{said}。", {R["new"]: "2936"})
    assert frame["status"].tolist() == [status]


def test_a_part_of_what_is_printed_as_one_row_is_not_held_against_the_row():
    printed = {R["new"]: "9", "requests:other/total": "6"}
    facts = facts_of(printed, "2021")
    facts.loc[facts["row"].str.startswith("other."), "status"] = "absent"
    report = document("收到政府信息公开申请9件，其他处理6件，其中申请人无正当理由逾期不补正4件。")
    frame = checks(claims(report, report.lines, "2021", 2023), facts, report, "2021", report.lines, 2023)
    assert frame.loc[frame["rule"] == "narrative", "status"].tolist() == ["holds", "holds", "not_stated"]


def test_a_sum_of_parts_names_the_cells_as_the_report_has_them():
    printed = {R["handled"]: "9", R["granted"]: "3", "requests:other/total": "6"}
    facts = facts_of(printed, "2021")
    facts.loc[facts["row"].str.startswith("other."), "status"] = "absent"
    report = document("（二）依申请公开\n办结9件，其中予以公开3件，其他处理6件。")
    frame = checks(claims(report, report.lines, "2021", 2023), facts, report, "2021", report.lines, 2023)
    (parts,) = frame[frame["rule"] == "narrative_sum"].to_dict("records")
    assert parts["status"] == "holds"
    assert parts["cells"] == f"{R['handled']} {R['granted']} requests:other/total"


def test_parts_are_parts_of_what_they_were_found_to_count():
    printed = {R["new"]: "11", R["handled"]: "9", "requests:new/natural_person": "9"}
    printed |= {"requests:new/enterprise": "2", "requests:handled/natural_person": "8"}
    printed |= {"requests:handled/enterprise": "1"}
    said = "（二）依申请公开\n收到政府信息公开申请11件，办结9件，结转2件，其中自然人8件、企业1件。"
    frame = ledger_of(said, printed)
    assert outcomes(frame, "narrative_sum") == [(9, 9, "holds")]


def test_a_claim_is_no_break_while_a_cell_that_another_reading_takes_is_unread():
    printed = {R["new"]: "23", R["carried_in"]: "a3", R["handled"]: "26"}
    frame = ledger_of("全年办理政府信息公开申请25件。", printed)
    assert frame["status"].tolist() == ["unread"]
    assert "could not be read" in frame["formula"].iloc[0][1]
    read = ledger_of("全年办理政府信息公开申请25件。", printed | {R["carried_in"]: "3"})
    assert read["status"].tolist() == ["breaks"]


def test_a_blank_total_is_not_the_sum_of_a_row_with_an_unread_cell():
    printed = {"requests:new/natural_person": "5", "requests:new/enterprise": "a3"}
    frame = ledger_of("收到政府信息公开申请8件。", printed)
    assert frame["status"].tolist() == ["unread"]


def test_a_total_is_not_held_against_one_part_of_it_or_beside_what_was_not_read():
    printed = {R["new"]: "13", R["carried_out"]: "4", R["granted"]: "6"}
    said = "收到政府信息公开申请13件，结转下年度4件。"
    assert "breaks" not in set(ledger_of(said, {R["new"]: "13", R["carried_out"]: "4"})["status"])
    said = "收到政府信息公开申请13件，予以公开6件，结转下年度4件。"
    assert outcomes(ledger_of(said, printed), "narrative_sum") == [(13, 10, "breaks")]
    unread = printed | {"requests:denied.state_secret/total": "3x"}
    assert outcomes(ledger_of(said, unread), "narrative_sum")[0][2] == "not_stated"


def test_money_is_compared_in_the_cells_unit():
    frame = ledger_of("全年行政事业性收费0.773亿元。", {"disclosure:fees/amount": "7730.28"})
    assert frame["status"].tolist() == ["holds"]


@pytest.mark.parametrize(
    ("said", "status"), [("65.43", "holds"), ("65.4", "holds"), ("65.33", "breaks"), ("66", "breaks")]
)
def test_a_figure_in_tens_of_thousands_holds_within_its_printed_digits(said, status):
    frame = ledger_of(f"全年作出行政许可决定{said}万件。", {"disclosure:licensing/decisions": "654321"})
    assert [row[2] for row in outcomes(frame, "narrative")] == [status]


@pytest.mark.parametrize(("pending", "status"), [("3", "holds"), ("5", "holds"), ("4", "breaks")])
def test_pending_behind_reviews_and_suits_may_be_of_both(pending, status):
    printed = {
        f"disputes:{row}/{column}": value
        for row, *values in (("review", "9", "2"), ("direct", "6", "3"))
        for column, value in zip(("total", "pending"), values, strict=True)
    }
    said = f"因政府信息公开被申请行政复议9件、提起行政诉讼6件，共15件，其中尚未审结{pending}件。"
    assert outcomes(ledger_of(said, printed), "narrative")[-1][2] == status


def test_another_reading_that_the_wording_allows_holds():
    printed = {R["new"]: "23", R["carried_in"]: "3", R["handled"]: "26"}
    frame = ledger_of("全年办理政府信息公开申请23件。", printed)
    assert frame["status"].tolist() == ["holds"]
    frame = ledger_of("共收到政府信息公开申请26件。", printed)
    assert frame[["status", "severity"]].values.tolist() == [["breaks", "query"]]
    assert frame["equals"].tolist() == ["requests:new/total+requests:carried_in/total"]


def test_parts_are_summed_only_where_they_cover_the_table():
    printed = {R["handled"]: "10", R["granted"]: "6", "requests:denied.state_secret/total": "4"}
    heading = "（二）依申请公开\n"
    whole = ledger_of(heading + "答复10件，予以公开6件，不予公开3件。", printed)
    assert outcomes(whole, "narrative_sum") == [(10, 9, "breaks")]
    partial = ledger_of(heading + "答复10件，予以公开6件，部分公开1件。", printed)
    assert [status for *_, status in outcomes(partial, "narrative_sum")] == ["not_stated"]


def test_received_may_have_its_results_for_parts_with_what_was_carried_in():
    printed = {
        R["new"]: "8",
        R["carried_in"]: "2",
        R["handled"]: "9",
        R["granted"]: "9",
        R["carried_out"]: "1",
    }
    frame = ledger_of("收到政府信息公开申请8件，予以公开9件，结转下年度1件。", printed)
    assert outcomes(frame, "narrative_sum") == [(10, 10, "holds")]


def test_a_list_without_cells_holds_or_states_nothing():
    held = ledger_of("发布信息20条，其中：动态12条；公文8条。", {})
    assert outcomes(held, "narrative_sum") == [(20, 20, "holds")]
    other = ledger_of("发布信息20条，其中：动态12条；公文6条。", {})
    assert [status for *_, status in outcomes(other, "narrative_sum")] == ["not_stated"]


@pytest.mark.parametrize(
    ("share", "status"), [("34.2", "holds"), ("34", "holds"), ("34.1", "breaks"), ("3.42", "breaks")]
)
def test_a_share_holds_within_its_printed_digits(share, status):
    printed = {R["handled"]: "805", R["granted"]: "275"}
    frame = ledger_of(f"（二）依申请公开\n答复805件，予以公开275件，占{share}%。", printed)
    assert frame.loc[frame["rule"] == "share", "status"].tolist() == [status]


@pytest.mark.parametrize(("share", "status"), [("35.2%", "holds"), ("53.2%", "breaks"), ("增长53%", None)])
def test_a_percentage_alone_in_brackets_is_a_share(share, status):
    printed = {R["handled"]: "1021", R["granted"]: "359"}
    frame = ledger_of(f"答复政府信息公开申请1021件，予以公开359件（{share}）。", printed)
    assert frame.loc[frame["rule"] == "share", "status"].tolist() == ([status] if status else [])


def test_a_share_of_something_not_in_the_report_states_nothing():
    frame = ledger_of("收到政府信息公开申请26件，占全市申请量的2.1%。", {R["new"]: "26"})
    assert frame.loc[frame["rule"] == "share", "status"].tolist() == ["not_stated"]


@pytest.mark.parametrize(
    ("said", "status"),
    [("增长30%", "holds"), ("增长25%", "breaks"), ("增加6件", "holds"), ("减少6件", "breaks")],
)
def test_growth_against_a_stated_year(said, status):
    text = f"2022年共收到政府信息公开申请20件。2023年共收到政府信息公开申请26件，同比{said}。"
    frame = ledger_of(text, {R["new"]: "26"})
    assert frame.loc[frame["rule"] == "growth", "status"].tolist() == [status]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("较上年（90件）增长15.6%", "holds"),
        ("较2022年（90件）增长16.5%", "breaks"),
        ("予以公开20件，较上年（90件）减少70件", "not_stated"),
    ],
)
def test_growth_against_a_figure_called_last_years(said, status):
    printed = {R["new"]: "104", R["granted"]: "20"}
    frame = ledger_of(f"收到政府信息公开申请104件，{said}。", printed)
    assert frame.loc[frame["rule"] == "growth", "status"].tolist() == [status]


def test_a_share_may_be_of_the_figures_that_its_clause_lists():
    printed = {R["handled"]: "260", R["granted"]: "98", "requests:partly_granted/total": "30"}
    for share, status in (("49.2%", "holds"), ("48.2%", "breaks")):
        text = f"办结政府信息公开申请260件，其中予以公开98件、部分公开30件，占总办结数的{share}。"
        assert outcomes(ledger_of(text, printed), "share")[0][2] == status


STANDS = "（二）依申请公开\n"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("2022年共收到政府信息公开申请20件，办结18件，结转2023年2件。", 2022),
        ("2022年，我局共收到政府信息公开申请26件。", 2022),
        ("2024年共收到政府信息公开申请20件。", 2024),
        ("2022年，我局全年收到政府信息公开申请26件。", 2022),
        ("2022年度全年共收到政府信息公开申请26件。", 2022),
        ("2022年，我局共收到政府信息公开申请26件，上年结转2件。全年共办结25件，结转下年度3件。", 2022),
        ("2022年，我局共收到政府信息公开申请26件，全年共办结25件。", 2022),
    ],
)
def test_a_neighbouring_years_figure_that_stands_as_this_years_is_a_query(said, named):
    printed = {R["new"]: "26", R["carried_in"]: "2", R["handled"]: "25", R["carried_out"]: "3"}
    frame = ledger_of(STANDS + said, printed)
    asked = frame[frame["status"] == "breaks"]
    assert asked[["rule", "left", "right", "severity"]].values.tolist() == [["period", named, 2023, "query"]]
    assert ("misprint" in asked["formula"].iloc[0][1]) == ("26" in said)


@pytest.mark.parametrize(
    "said",
    [
        "上年收到政府信息公开申请20件。",
        "2022年收到政府信息公开申请20件，2023年收到26件。",
        "2023年收到政府信息公开申请26件，2022年为20件。",
        "2022年收到政府信息公开申请20件，今年26件。",
        "收到政府信息公开申请26件，较2022年的20件有所增加。",
        "收到政府信息公开申请26件。2022年收到政府信息公开申请20件。",
        "2022年共收到政府信息公开申请20件。2023年全区共26件。",
        "收到政府信息公开申请26件，2022年结转3件。",
        "与2022年收到政府信息公开申请20件相比，略有上升。",
        "2019年共收到政府信息公开申请20件。",
        "2022年开展培训20次。",
        "贯彻2022年政务公开工作要点，全年共收到政府信息公开申请26件。",
        "2022年收到政府信息公开申请20件。全年收到政府信息公开申请26件。",
    ],
)
def test_a_comparison_with_another_year_is_no_query(said):
    assert "period" not in set(ledger_of(STANDS + said, {R["new"]: "26"})["rule"])


def test_growth_against_a_year_that_is_not_stated():
    frame = ledger_of("共收到政府信息公开申请26件，同比增长30%。", {R["new"]: "26"})
    assert frame.loc[frame["rule"] == "growth", "status"].tolist() == ["not_stated"]


D = "disputes:review/"
STATEMENTS = [
    ("全年未收到政府信息公开申请。", {R["new"]: "0"}, ["holds"]),
    ("全年未收到政府信息公开申请。", {R["new"]: "2"}, ["breaks"]),
    ("未发生因政府信息公开引发的行政复议。", {f"{D}total": "1"}, ["breaks"]),
    ("信息公开行政复议7件，均获维持。", {f"{D}total": "7", f"{D}upheld": "7"}, ["not_stated"]),
    (
        "信息公开行政复议7件，均获维持。",
        {f"{D}total": "7", f"{D}upheld": "5", f"{D}pending": "2"},
        ["breaks"],
    ),
    ("收到政府信息公开申请5件，已全部办结。", {R["new"]: "5", R["carried_out"]: "1"}, ["breaks"]),
    ("收到政府信息公开申请5件，均按期答复。", {R["new"]: "5", R["carried_out"]: "1"}, ["not_stated"]),
    ("承办政协提案12件，已全部办结。", {R["carried_out"]: "1"}, []),
    ("信息公开行政诉讼2件，保持零败诉。", {"disputes:direct/corrected": "1"}, ["breaks"]),
]


@pytest.mark.parametrize(("text", "printed", "status"), STATEMENTS, ids=[s[0] for s in STATEMENTS])
def test_statements_against_the_tables(text, printed, status):
    frame = ledger_of(text, printed)
    told = frame[frame["rule"] == "statement"]
    assert told["status"].tolist() == status
    assert (told["severity"] == "query").all()


def test_a_figure_after_still_pending_is_no_statement_that_all_are():
    frame = ledger_of("因信息公开被申请行政复议6件，维持4件，尚未审结2件。", {"disputes:review/upheld": "4"})
    assert frame[frame["rule"] == "statement"].empty


def test_applicants_may_divide_any_total_that_the_section_states():
    printed = {R["new"]: "30", R["handled"]: "29", "requests:handled/natural_person": "21"}
    frame = ledger_of("收到政府信息公开申请30件，办结29件。自然人申请21件。", printed)
    assert (21, 21, "holds") in outcomes(frame, "narrative")


def test_a_statement_in_brackets_is_of_what_stands_before_them():
    text = "因信息公开被提起行政诉讼3件：直接起诉2件（均维持）、复议后起诉1件（尚未审结）。"
    printed = {"disputes:direct/upheld": "2", "disputes:after_review/pending": "1"}
    assert set(ledger_of(text, printed).query("rule == 'statement'")["status"]) <= {"holds", "not_stated"}


BODIES = [  # issuer, what it says, the figures that it may be held to
    ("某市甲区人民政府", "区政府办公室受理政府信息公开申请17件。", []),
    ("某市甲区人民政府", "区政府办代表区政府受理政府信息公开申请17件，其中自然人16件。", []),
    ("某市甲区人民政府", "区政府办受理政府信息公开申请17件。其中，自然人16件、企业1件。", []),
    ("某市甲区人民政府", "全区收到政府信息公开申请96件，区政府办公室受理政府信息公开申请17件。", [96]),
    ("某市甲区人民政府", "区发展和改革局收到政府信息公开申请5件，乙镇收到政府信息公开申请3件。", []),
    ("某市甲区人民政府", "全区收到政府信息公开申请96件（区政府8件、区级部门18件、镇街70件）。", [96]),
    ("某市甲区人民政府", "区政府收到政府信息公开申请17件。", []),
    ("某市甲区人民政府", "区政府收到政府信息公开申请96件。", [96]),
    ("某市甲区人民政府", "区本级收到政府信息公开申请17件，区级部门收到政府信息公开申请79件。", []),
    ("某市甲区人民政府", "区政府办公室加强指导，各部门依法办理，全区收到政府信息公开申请96件。", [96]),
    ("某县甲镇人民政府", "甲镇收到政府信息公开申请96件。", [96]),
    ("某县甲镇人民政府", "甲镇人民政府收到政府信息公开申请96件。", [96]),
    ("某市公安局", "共收到政府信息公开申请96件，其中乙山分局27件、丙河分局收到政府信息公开申请8件。", [96]),
    ("某市公安局乙山分局", "某市公安局乙山分局共收到政府信息公开申请96件。", [96]),
    ("某市公安局乙山分局", "乙山分局共收到政府信息公开申请96件。", [96]),
    ("某市公安局乙山分局", "全市公安机关共收到政府信息公开申请700件，我局收到政府信息公开申请96件。", [96]),
    ("某市人民政府办公厅", "市政府办公厅代表市政府受理政府信息公开申请96件。", [96]),
    ("某县水利局", "全县共收到政府信息公开申请700件。", []),
    ("", "区政府办代表区政府受理政府信息公开申请17件。", []),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "said", "held"), BODIES, ids=[said for _, said, _ in BODIES])
def test_another_bodys_figures_are_not_held_against_the_table(issuer, said, held):
    printed = {R["new"]: "96", "requests:new/natural_person": "90", "requests:new/enterprise": "6"}
    frame = ledger_of(f"{issuer}2023年政府信息公开工作年度报告\n（二）依申请公开\n{said}", printed)
    assert "breaks" not in set(frame["status"])
    assert [left for left, _, status in outcomes(frame, "narrative") if status == "holds"] == held


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("某市甲区人民政府", "区政府办公室加强指导，各部门依法办理，全区收到政府信息公开申请69件。"),
        ("某县甲镇人民政府", "甲镇收到政府信息公开申请69件。"),
        ("某市公安局乙山分局", "乙山分局共收到政府信息公开申请69件。"),
        ("某市人民政府办公厅", "市政府办公厅代表市政府受理政府信息公开申请69件。"),
    ],
)
def test_a_bodys_own_figure_under_its_name_is_held_against_the_table(issuer, said):
    frame = ledger_of(f"{issuer}2023年政府信息公开工作年度报告\n（二）依申请公开\n{said}", {R["new"]: "96"})
    assert outcomes(frame, "narrative") == [(69, 96, "breaks")]


def test_scopes_are_unique_and_figures_finite_where_stated():
    frame = ledger_of(
        "收到政府信息公开申请5件，予以公开5件，占100%，均已办结。", {R["new"]: "5", R["granted"]: "5"}
    )
    assert not frame.duplicated(["rule", "scope"]).any()
    assert frame.loc[frame["status"] != "not_stated", ["left", "right", "difference"]].notna().all().all()


def sample(name: str, suffix: str, form: str) -> pd.DataFrame:
    """The ledger of a sample's prose against its transcribed facts."""
    source, transcript = SHARED / "samples" / f"{name}.{suffix}", SHARED / "samples" / f"{name}.facts.csv"
    if not source.exists():
        pytest.skip(f"{source.name} is not in {SHARED.name}/samples")
    report = readers.read(source)
    with transcript.open(encoding="utf-8") as lines:
        printed = {f"{t}:{r}/{c}": raw for t, r, c, raw in list(csv.reader(lines))[1:]}
    year = int(name[-4:])
    text = report.text
    begin, end = (
        text.index("一、总体情况"),
        text.index("二、主动公开政府信息情况", text.index("一、总体情况")),
    )
    prose = [line for line in report.lines if begin <= line.start < end]
    stated = claims(report, prose, form, year)
    return checks(stated, facts_of(printed, form), report, form, prose, year)


def broken(frame: pd.DataFrame) -> list[tuple]:
    rows = frame[frame["status"] == "breaks"]
    return list(zip(rows["rule"], rows["left"], rows["right"], rows["severity"], rows["equals"], strict=True))


def test_shanghai_has_exactly_its_known_errors():
    frame = sample("shanghai-office-2019", "html", "2019")
    assert broken(frame) == [
        ("narrative", 258, 275, "error", "requests:granted/natural_person"),
        ("narrative", 265, 337, "error", "requests:unavailable.not_held/total"),
        ("narrative_sum", 805, 716, "error", ""),
        ("share", 33.9, 34.2, "error", ""),
        ("share", 4.34, 4.35, "note", ""),
        ("statement", 0, 3, "query", ""),
    ]
    shares = frame[(frame["rule"] == "share") & (frame["status"] == "holds")]
    assert shares["left"].tolist() == [32.9, 19.6]


@pytest.mark.parametrize(
    ("name", "suffix", "held"), [("hongze-2023", "pdf", [21]), ("shuyang-fgj-2023", "html", [26])]
)
def test_samples_whose_prose_is_right(name, suffix, held):
    frame = sample(name, suffix, "2021")
    assert broken(frame) == []
    assert frame.loc[(frame["rule"] == "narrative") & (frame["status"] == "holds"), "left"].tolist() == held


def test_shuyang_county_is_right_in_what_it_received_with_what_was_carried_in():
    frame = sample("shuyang-xian-2025", "txt", "2021")
    assert broken(frame) == []
    held = frame[(frame["rule"] == "narrative") & (frame["status"] == "holds")]
    assert held["left"].tolist() == [749, 741, 8, 718, 31]
    assert (749, 749, "holds") in outcomes(frame, "narrative_sum")


IN_ALL = {
    R["new"]: "52", R["carried_in"]: "9", R["handled"]: "57", R["carried_out"]: "4", R["granted"]: "50",
    "requests:denied.state_secret/total": "7",
    "requests:new/natural_person": "45", "requests:carried_in/natural_person": "8",
    "requests:new/enterprise": "7", "requests:carried_in/enterprise": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "breaks"),
    [
        ("收到政府信息公开申请61件，其中自然人53件、企业8件；共办理57件，结转下年度4件。", []),
        ("收到政府信息公开申请61件（自然人53件，企业8件），共办结57件，结转下年度4件。", []),
        ("收到政府信息公开申请61件，办结57件，结转下年度4件。其中，自然人53件（占86.9%），企业8件。", []),
        ("收到政府信息公开申请61件，予以公开50件、不予公开7件，结转下年度4件。", [(61, 52, "query")]),
        ("收到政府信息公开申请61件，上年结转9件；共办理57件，结转下年度4件。", [(61, 52, "query")]),
        ("收到政府信息公开申请61件，其中上年结转9件；共办理57件，结转下年度4件。", []),
        ("收到政府信息公开申请61件，其中自然人53件、企业8件。", [(61, 52, "query")]),
        ("收到政府信息公开申请61件，其中自然人45件。", [(61, 52, "query")]),
        ("收到政府信息公开申请61件，其中自然人35件。", [(61, 52, "query"), (35, 53, "query")]),
        ("收到政府信息公开申请61件，其中自然人35件；共办理57件，结转下年度4件。", [(35, 53, "error")]),
        ("收到政府信息公开申请52件，其中自然人53件；共办理57件，结转下年度4件。", [(53, 45, "error")]),
        ("收到政府信息公开申请61件，其中自然人53件；办结55件，结转下年度4件。",
         [(61, 52, "query"), (55, 57, "error")]),
    ],
)  # fmt: skip
def test_parts_are_read_as_their_whole(said, breaks):
    frame = ledger_of("（二）依申请公开\n" + said, IN_ALL)
    broke = frame[(frame["status"] == "breaks") & (frame["rule"] == "narrative")]
    assert list(zip(broke["left"], broke["right"], broke["severity"], strict=True)) == breaks
    others = frame[frame["rule"] != "narrative"]
    assert set(others["status"]) <= {"holds", "not_stated"}


def test_parts_of_what_was_received_and_carried_in_must_add_up_to_it():
    said = "（二）依申请公开\n收到政府信息公开申请61件，其中自然人45件、企业8件。"
    assert outcomes(ledger_of(said, IN_ALL), "narrative_sum") == [(61, 53, "breaks")]


@pytest.mark.parametrize(("settled", "status"), [("63", "not_stated"), ("62", "breaks"), ("72", "holds")])
def test_what_was_settled_may_be_a_part_of_what_was_dealt_with(settled, status):
    said = f"收到申请72件，按时办结{settled}件，6件逾期未补正，3件撤销。"
    printed = {R["new"]: "72", R["handled"]: "72", "requests:other.not_corrected/total": "6"}
    frame = ledger_of("（二）依申请公开\n" + said, printed)
    of_it = (frame["rule"] == "narrative") & frame["scope"].str.contains(f":{settled}@")
    assert frame.loc[of_it, "status"].tolist()[-1] == status


@pytest.mark.parametrize(
    ("said", "breaks"),
    [
        ("转下一年度办理答复的有4件", []), ("结转下年度待办理并答复的4件", []),
        ("延至2024年度办理答复4件", []), ("4件转下一年度办理答复", []),
        ("转下一年度办理答复的有5件", [(5, 4)]), ("办理答复9件", []), ("办理答复8件", [(8, 9)]),
    ],
)  # fmt: skip
def test_what_is_carried_out_is_not_what_was_answered(said, breaks):
    printed = {R["new"]: "13", R["handled"]: "9", R["carried_out"]: "4"}
    frame = ledger_of(f"（二）依申请公开\n收到政府信息公开申请13件，{said}。", printed)
    broke = frame[frame["status"] == "breaks"]
    assert list(zip(broke["left"], broke["right"], strict=True)) == breaks


def test_every_request_settled_is_a_query_beside_one_carried_out():
    printed = {R["new"]: "13", R["handled"]: "12", R["carried_out"]: "1"}
    said = "收到政府信息公开申请13件，所有申请均已按要求办理完成。转下一年度办理答复的有1件。"
    frame = ledger_of("（二）依申请公开\n" + said, printed)
    assert [(rule, severity) for rule, *_, severity, _ in broken(frame)] == [("statement", "query")]


ZHIFU = {
    R["new"]: "94", R["granted"]: "49", "requests:partly_granted/total": "4",
    "requests:denied.third_party/total": "3", "requests:denied.enforcement_file/total": "3",
    "requests:denied.administrative_query/total": "2", "requests:unavailable.not_held/total": "27",
    "requests:unavailable.still_unclear/total": "1", "requests:other/total": "5", R["handled"]: "94",
    R["carried_out"]: "2",
}  # fmt: skip


def test_zhifu_breaks_at_both_mentions_of_96_and_nowhere_else():
    source = SHARED / "raw" / "zhifu-2019.txt"
    if not source.exists():
        pytest.skip(f"{source.name} is not in {SHARED.name}/raw")
    report = document(source.read_text(encoding="utf-8"))
    prose = [line for line in report.lines if "\t" not in report.text[line.start : line.end]]
    stated = claims(report, prose, "2019", 2019)
    frame = checks(stated, facts_of(ZHIFU, "2019"), report, "2019", prose, 2019)
    assert broken(frame) == [("narrative", 96, 94, "error", "")] * 2
    held = frame[(frame["rule"] == "narrative") & (frame["status"] == "holds")]
    assert held["left"].tolist() == [53, 8, 3, 3, 2, 27, 1, 5, 2]
    assert outcomes(frame, "narrative_sum") == [(96, 96, "holds"), (8, 8, "holds")]
    others = stated[(stated["kind"] == "claim") & stated["subject"].isna()]
    assert (others["note"] != "").all()
    assert others["value"].tolist() == [80, 2900, 20, 200, 2, 580, 6, 12, 10, 8]
    assert stated.loc[stated["value"] == 96, "section"].tolist() == ["一(二)"] * 2


GROWTH = "全区收到政府信息公开申请{now}件，较2022年的100件增加{step}件，增长{rate}%。"


@pytest.mark.parametrize(
    ("step", "rate", "statuses"),
    [(20, 20, ["holds", "holds"]), (20, 25, ["holds", "breaks"]), (25, 20, ["breaks", "holds"])],
)
def test_a_change_that_goes_on_with_its_rate_is_recomputed_too(step, rate, statuses):
    frame = ledger_of(GROWTH.format(now=120, step=step, rate=rate), {R["new"]: "120"})
    assert [status for *_, status in outcomes(frame, "growth")] == statuses


def test_a_change_of_something_else_is_not_held_against_requests():
    said = "收到政府信息公开申请120件（上年100件），主动公开信息9000条，较上年增长6%。"
    assert [status for *_, status in outcomes(ledger_of(said, {R["new"]: "120"}), "growth")] == ["not_stated"]


def test_reviews_as_a_share_of_requests_are_no_share_of_the_reviews():
    printed = {R["handled"]: "274", "disputes:review/total": "17", "disputes:review/upheld": "17"}
    said = "政府信息公开行政复议17件，占申请办结量的6.2%，结果维持17件。"
    assert [status for *_, status in outcomes(ledger_of(said, printed), "share")] == ["not_stated"]
    said = "政府信息公开行政复议17件，其中维持17件，占90%。"
    assert [status for *_, status in outcomes(ledger_of(said, printed), "share")] == ["breaks"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("收到政府信息公开申请9件，办结率100%。", "breaks"),
        ("收到政府信息公开申请9件，结转下年度3件。已到期的办结率100%。", "not_stated"),
        ("收到政府信息公开申请9件，按时办结率100%。", None),
    ],
)
def test_a_rate_of_what_was_due_gives_way_to_the_figure_carried_out(said, status):
    printed = {R["new"]: "9", R["handled"]: "6", R["carried_out"]: "3"}
    found = ledger_of("（二）依申请公开\n" + said, printed)
    assert found.loc[found["rule"] == "statement", "status"].tolist() == ([status] if status else [])


@pytest.mark.parametrize(("said", "severity"), [("92", "query"), ("93", "error")])
def test_answers_that_leave_out_what_was_carried_in_are_a_query(said, severity):
    printed = {R["new"]: "100", R["carried_in"]: "10", R["handled"]: "102", R["carried_out"]: "8"}
    frame = ledger_of(f"收到政府信息公开申请100件，实际答复{said}件。", printed)
    assert frame.loc[frame["status"] == "breaks", "severity"].tolist() == [severity]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("收到政府信息公开申请100件，实际答复92件，结转下年8件。", "not_stated"),
        ("收到政府信息公开申请100件，上年结转10件，实际答复92件，结转下年8件。", "breaks"),
        ("收到政府信息公开申请100件，实际答复93件，结转下年8件。", "breaks"),
    ],
)
def test_what_was_carried_out_tells_whether_answers_leave_out_what_was_carried_in(said, status):
    printed = {R["new"]: "100", R["carried_in"]: "10", R["handled"]: "102", R["carried_out"]: "8"}
    frame = ledger_of(said, printed)
    assert frame.loc[frame["scope"].str.contains(":9[23]@"), "status"].tolist()[:1] == [status]


def test_a_wider_body_of_which_one_part_is_the_tables_states_nothing():
    text = "某省税务局2023年政府信息公开工作年度报告\n全省各级税务机关收到政府信息公开申请61件，"
    frame = ledger_of(text + "其中省局收到15件，市局收到46件。", {R["new"]: "15"})
    assert "breaks" not in set(frame["status"])


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("自然人申请占80%", "holds"), ("其中自然人占比80.0%", "holds"), ("自然人申请占90%", "breaks"),
        ("企业申请占20%", "holds"), ("信函申请占90%", "not_stated"), ("公众满意率占90%", "not_stated"),
        ("予以公开占50%", "holds"), ("予以公开、部分公开占90%", "not_stated"),
        ("去年自然人申请占90%", "not_stated"),
    ],
)  # fmt: skip
def test_a_share_without_its_figure_is_recomputed_from_the_table(said, status):
    printed = {
        R["new"]: "10", R["handled"]: "10", R["granted"]: "5",
        "requests:new/natural_person": "8", "requests:new/enterprise": "2",
    }  # fmt: skip
    frame = ledger_of(f"收到政府信息公开申请10件，{said}。", printed).query("rule == 'share'")
    assert list(zip(frame["status"], frame["severity"], strict=True)) == [
        (status, "error" if status == "not_stated" else "query")
    ]


def test_parts_of_a_narrower_body_are_not_the_tables():
    text = "某市人民政府2023年政府信息公开工作年度报告\n（二）依申请公开\n全市新收依申请公开12件，办结12件。"
    said = "市政府办公室新收8件，办结7件。答复结果：予以公开5件、无法提供7件。"
    printed = {
        R["new"]: "12",
        R["handled"]: "12",
        R["granted"]: "5",
        "requests:unavailable.not_held/total": "7",
    }
    assert "breaks" not in set(ledger_of(text + said, printed)["status"])


@pytest.mark.parametrize(
    ("upheld", "other", "statuses"),
    [
        ("5", "2", ["holds", "holds"]),
        ("7", "0", ["not_stated", "not_stated"]),
        ("6", "1", ["breaks", "not_stated"]),
    ],
)
def test_those_dismissed_may_stand_among_those_upheld(upheld, other, statuses):
    printed = {"disputes:review/upheld": upheld, "disputes:review/other": other}
    frame = ledger_of("因政府信息公开引发行政复议，其中维持5件，驳回2件。", printed)
    assert frame.loc[frame["rule"] == "narrative", "status"].tolist() == statuses


def test_results_of_one_government_are_not_held_to_be_the_citys():
    text = "某市人民政府2023年政府信息公开工作年度报告\n（二）依申请公开\n全市收到申请12件，办结12件。"
    said = "市政府收到申请9件，其中予以公开3件、无法提供2件。予以公开5件、无法提供7件。"
    printed = {
        R["new"]: "12",
        R["handled"]: "12",
        R["granted"]: "5",
        "requests:unavailable.not_held/total": "7",
    }
    frame = ledger_of(text + said, printed)
    of_claim = frame["scope"].str.contains(":3@") & (frame["rule"] == "narrative")
    assert frame.loc[of_claim, "status"].tolist() == ["not_stated"]
    assert set(frame.loc[~of_claim, "status"]) <= {"holds", "not_stated"}


TOGETHER = [
    "共收到和上年结转政府信息公开申请{}件，其中自然人{}件，企业5件。",
    "上年结转和本年新收政府信息公开申请共{}件，其中自然人{}件，企业5件。",
    "连同上年结转的申请，全年共收到政府信息公开申请{}件，其中自然人{}件，企业5件。",
    "全年收到政府信息公开申请（含上年结转）{}件，其中自然人{}件，企业5件。",
]
CARRIED_TOO = {
    R["new"]: "23", "requests:new/natural_person": "19", "requests:new/enterprise": "4",
    R["carried_in"]: "4", "requests:carried_in/natural_person": "3", "requests:carried_in/enterprise": "1",
}  # fmt: skip


@pytest.mark.parametrize("text", TOGETHER)
def test_what_was_received_and_carried_in_said_as_one_is_split_as_one(text):
    right = ledger_of(text.format(27, 22), CARRIED_TOO)
    assert set(right["status"]) == {"holds"}
    for planted in ((26, 22), (28, 22), (23, 22), (27, 19), (27, 23)):
        assert "breaks" in set(ledger_of(text.format(*planted), CARRIED_TOO)["status"]), planted


def test_a_figure_beside_what_is_carried_out_may_leave_that_out():
    printed = {R["new"]: "37", R["handled"]: "34", R["carried_out"]: "3"}
    for said, status in ((34, "holds"), (37, "holds"), (35, "breaks"), (31, "breaks"), (40, "breaks")):
        text = f"本机关共受理政府信息公开申请{said}件（另有3件结转下年度办理）。"
        assert outcomes(ledger_of(text, printed), "narrative")[0][2] == status


def test_requests_to_others_are_not_held_against_the_table():
    text = "办理依申请公开34件，指导各镇街办理政府信息公开申请120余件。"
    assert set(ledger_of(text, {R["handled"]: "34"})["status"]) == {"holds"}


def test_what_the_words_say_of_what_was_carried_in_is_not_read_away():
    printed = {R["new"]: "26", R["carried_in"]: "2", R["handled"]: "25", R["carried_out"]: "3"}
    said = "除去上年结转的2件申请，全年共收到政府信息公开申请{}件，办结25件，结转下年3件。"
    assert outcomes(ledger_of(said.format(28), printed), "narrative")[1] == (28, 26, "breaks")
    assert outcomes(ledger_of(said.format(26), printed), "narrative")[1] == (26, 26, "holds")
    said = "收到政府信息公开申请26件，办结{}件（含上年结转），结转下年3件。"
    assert outcomes(ledger_of(said.format(23), printed), "narrative")[1] == (23, 25, "breaks")
    assert outcomes(ledger_of(said.format(25), printed), "narrative")[1] == (25, 25, "holds")


def test_what_was_carried_in_and_dealt_with_apart_is_no_part_of_what_was_dealt_with():
    printed = {R["new"]: "26", R["carried_in"]: "2", R["handled"]: "25", R["carried_out"]: "3"}
    said = "（二）依申请公开\n本年新收政府信息公开申请26件，办结{}件；上年结转2件，均已办结。"
    assert "breaks" not in set(ledger_of(said.format(23), printed)["status"])
    assert "breaks" not in set(ledger_of(said.format(23).replace("；", "。"), printed)["status"])
    assert "breaks" in set(ledger_of(said.format(24), printed)["status"])
    whole = "（二）依申请公开\n收到政府信息公开申请26件，上年结转2件，均已办结。"
    assert outcomes(ledger_of(whole, printed), "statement")[0][2] == "breaks"
    apart = "（二）依申请公开\n收到政府信息公开申请26件，当年办结23件，跨年办结2件。"
    assert "breaks" not in set(ledger_of(apart, printed)["status"])


def test_what_was_received_is_no_break_while_what_was_carried_in_is_unread():
    printed = {R["new"]: "713", R["carried_in"]: "3x", R["handled"]: "718", R["carried_out"]: "31"}
    frame = ledger_of("收到政府信息公开申请749件。", printed)
    assert outcomes(frame, "narrative")[0][2] == "unread"
    read = ledger_of("收到政府信息公开申请749件。", printed | {R["carried_in"]: "4"})
    assert outcomes(read, "narrative") == [(749, 713, "breaks")]


def test_a_share_is_no_break_while_a_figure_that_its_blank_total_stands_for_is_unread():
    printed = {R["new"]: "805", R["handled"]: "805", "requests:granted/enterprise": "14"}
    said = "收到政府信息公开申请805件，予以公开258件，占33.9%。"
    read = printed | {"requests:granted/natural_person": "261"}
    assert outcomes(ledger_of(said, read), "share")[0][2] == "breaks"
    unread = printed | {"requests:granted/natural_person": "2x"}
    assert outcomes(ledger_of(said, unread), "share")[0][2] == "unread"
