"""Across years: carry-overs and stocks that hold, break or say nothing, and what would explain a break."""

import pandas as pd
import pytest

from crossfoot import worded
from crossfoot.across import KEY, Stated, compare_years
from crossfoot.checks import check
from crossfoot.schema import columns, framed
from crossfoot.tidy import ClaimTables, check_tables
from crossfoot_synthetic.figures import facts_of

_ROWS = {"new": 10, "carried_in": 2, "granted": 9, "handled": 9, "carried_out": 3}


def cells(**rows: int | str) -> dict[str, str]:
    """Table 三 of natural persons alone: their column and the total, of consistent rows or those given."""
    figures = {row: str(figure) for row, figure in (_ROWS | rows).items()}
    columns = ("natural_person", "total")
    return {f"requests:{row}/{column}": figure for row, figure in figures.items() for column in columns}


def report(year: int, raw: dict[str, str], issuer: str = "淮安市洪泽区人民政府", name: str = ""):
    """Of an audit only what compare_years reads; its prose says nothing."""
    form = "2019" if year < 2021 else "2021"
    facts = facts_of(raw, form)
    particulars = {"issuer": issuer, "year": year, "form": form, "sha256": name or f"sha of {year}"}
    silent = ClaimTables(*(framed(table, []) for table in ClaimTables._fields))
    made = check_tables(facts, check(facts, form), silent, form)[0]
    return Stated(particulars, facts, *made)


def carry_overs(*reports) -> dict[str, str]:
    checks = compare_years(reports).checks
    found = checks[checks["rule"] == "carry_over"]
    return dict(zip(found["scope"], found["status"], strict=True))


def offered(found, finding) -> list[list[tuple]]:
    """The corrections of a finding, best first: of each its cells, what is printed and what would be."""
    rows = found.corrections[found.corrections["finding"] == finding]
    return [
        list(zip(one["cell"], one["printed"], one["value"], strict=True))
        for _, one in rows.groupby("correction")
    ]


def test_what_goes_over_holds_and_blank_columns_say_nothing():
    statuses = carry_overs(report(2022, cells()), report(2023, cells(carried_in=3)))
    assert statuses.pop("natural_person") == statuses.pop("total") == "holds"
    assert set(statuses.values()) == {"not_stated"} and len(statuses) == 5


def test_a_break_names_both_years_cells_and_offers_both_corrections():
    found = worded(compare_years([report(2023, cells(carried_in=5)), report(2022, cells())]), "en")
    for name, frame in found._asdict().items():
        assert list(frame.columns) == [*KEY, *columns(name)] and set(frame["sha256"]) <= {"sha of 2023"}
    (broken,) = found.checks[found.checks["check"] == "carry_over:total"].to_dict("records")
    assert (broken["left"], broken["right"], broken["difference"], broken["status"]) == (5, 3, 2, "breaks")
    assert broken["formula"] == "5 carried_in in 2023 = 3 carried_out in 2022: 5 against 3, difference 2"
    terms = found.check_terms[found.check_terms["check"] == "carry_over:total"]
    assert terms[["side", "role", "factor", "cell", "report", "value", "status"]].values.tolist() == [
        ["left", "term", 1, "requests:carried_in/total", "", 5, "number"],
        ["right", "before", 1, "requests:carried_out/total", "sha of 2022", 3, "number"],
    ]
    (finding,) = found.findings.to_dict("records")
    assert (finding["severity"], finding["kind"], finding["year"]) == ("error", "published", 2023)
    assert found.finding_checks["check"].tolist() == ["carry_over:natural_person", "carry_over:total"]
    assert sorted(offered(found, finding["finding"])) == [
        [("requests:carried_in/natural_person", 5, 3), ("requests:carried_in/total", 5, 3)],
        [("requests:carried_out/natural_person@2022", 3, 5), ("requests:carried_out/total@2022", 3, 5)],
    ]


def test_the_correction_that_fixes_the_years_own_balance_comes_first():
    # 10 + 5 is not 9 + 3, and would be with the carry-in of the year before
    now = cells(carried_in=4, new=9)
    found = worded(compare_years([report(2022, cells()), report(2023, now)]), "en")
    first, second = offered(found, found.findings["finding"][0])
    changed = {cell for cell, _, _ in first}
    assert changed == {"requests:carried_in/natural_person", "requests:carried_in/total"}
    speaks_for = found.evidence[found.evidence["side"] == "for"]
    assert set(speaks_for["correction"]) == {1} and len(second) == 2
    assert speaks_for["text"].str.startswith("In equals out").any()


def test_the_same_total_in_other_columns_is_offered_as_a_reclassified_applicant():
    old = cells() | {"requests:carried_out/enterprise": "0"}
    now = cells(carried_in=3) | {
        "requests:carried_in/natural_person": "1",
        "requests:carried_in/enterprise": "2",
    }
    found = worded(compare_years([report(2022, old), report(2023, now)]), "en")
    (finding,) = found.findings.to_dict("records")
    assert finding["severity"] == "query" and len(offered(found, finding["finding"])) == 3
    slips = found.corrections.groupby("correction")["slip"].agg(set)
    assert slips.tolist() == [{"reclassified"}, {""}, {""}]
    first = found.evidence[found.evidence["correction"] == 1]
    assert "2 moved from 自然人 to 商业企业" in first["text"].iloc[0]
    # other figures than the same one: no such explanation
    now["requests:carried_in/total"] = "4"
    now["requests:carried_in/enterprise"] = "3"
    found = compare_years([report(2022, old), report(2023, now)])
    assert len(found.corrections) and set(found.corrections["slip"]) == {""}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"requests:carried_in/natural_person": "", "requests:carried_in/total": ""}, "breaks"),
        ({"requests:carried_in/natural_person": "无", "requests:carried_in/total": "—"}, "breaks"),
        ({"requests:carried_in/natural_person": "三十多"}, "unread"),
        ({"requests:carried_in/natural_person": ""}, "not_stated"),
    ],
)
def test_a_blank_counts_as_nothing_carried_in_unless_its_row_says_otherwise(change, status):
    now = cells(carried_in=3) | change
    assert carry_overs(report(2022, cells()), report(2023, now))["natural_person"] == status


def test_only_neighbouring_years_of_one_issuer_are_compared():
    far = [report(2021, cells()), report(2023, cells(carried_in=9))]
    others = [report(2022, cells()), report(2023, cells(carried_in=9), issuer="淮安市清江浦区人民政府")]
    nameless = [report(2022, cells(), issuer=None), report(2023, cells(carried_in=9), issuer=None)]
    for reports in (far, others, nameless):
        assert all(frame.empty for frame in compare_years(reports))
    short = [report(2022, cells()), report(2023, cells(carried_in=9), issuer="洪泽区人民政府")]
    assert not compare_years(short).findings.empty


def test_a_corrected_report_beside_the_first_is_the_one_that_counts():
    first = report(2022, cells(carried_out=1, granted=11, handled=11), name="first version")
    reports = [first, report(2022, cells()), report(2023, cells(carried_in=3))]
    found = compare_years(reports)
    assert found.findings.empty and set(found.check_terms["report"]) == {"", "sha of 2022"}


def stock(year: int, made: str, repealed: str, in_force: str):
    figures = {"made": made, "repealed": repealed, "in_force": in_force}
    return report(year, cells() | {f"disclosure:normative/{column}": raw for column, raw in figures.items()})


@pytest.mark.parametrize(
    ("now", "status", "right"),
    [
        (("4", "1", "15"), "holds", 15),
        (("4", "", "16"), "holds", 16),
        (("4", "1", "16"), "breaks", 15),
        (("4", "1", ""), "not_stated", None),
    ],
)
def test_a_stock_follows_from_the_stock_before_and_the_flow(now, status, right):
    found = compare_years([stock(2022, "0", "0", "12"), stock(2023, *now)])
    row = found.checks[found.checks["check"] == "stock_flow:normative"].iloc[0]
    assert row["status"] == status
    assert pd.isna(row["right"]) if right is None else row["right"] == right
    terms = found.check_terms[found.check_terms["check"] == "stock_flow:normative"]
    assert terms["factor"].tolist() == [1, 1, 1, -1]
    assert terms["side"].tolist() == ["left", "right", "right", "right"]
    if row["status"] in ("holds", "breaks"):
        assert (terms["factor"] * terms["value"].fillna(0))[1:].sum() == row["right"]
    stocks = found.finding_checks[found.finding_checks["check"].str.startswith("stock_flow")]
    assert len(stocks) == (status == "breaks")
    for finding in stocks["finding"]:
        assert [(cell, value) for one in offered(found, finding) for cell, _, value in one] == [
            ("disclosure:normative/in_force", 15),
            ("disclosure:normative/made", 5),
            ("disclosure:normative/repealed", 0),
            ("disclosure:normative/in_force@2022", 13),
        ]


def test_items_of_form_2019_follow_from_last_years_count_and_change():
    def items(year: int, before: int, change: int | str):
        raw = {"disclosure:penalty/items_before": str(before), "disclosure:penalty/change": str(change)}
        return report(year, cells(carried_in=3) | raw)

    # a change that is left blank is none
    for before, change, status in ((4, -2, "holds"), (7, -2, "breaks"), (6, "", "holds"), (7, "", "breaks")):
        checks = compare_years([items(2019, 6, change), items(2020, before, 0)]).checks
        found = checks[(checks["rule"] == "stock_flow") & (checks["scope"] == "penalty")]
        assert list(found["status"]) == [status]


def test_findings_keep_their_id_and_speak_chinese_too():
    reports = [report(2022, cells()), report(2023, cells(carried_in=5))]
    first = worded(compare_years(reports), "en").findings
    again = worded(compare_years(list(reversed(reports))), "zh").findings
    assert list(first["finding"]) == list(again["finding"]) and list(first["number"]) == [1]
    assert again["title"][0].startswith("上年结转")
