"""Across years: carry-overs and stocks that hold, break or say nothing, and what would explain a break."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from crossfoot.across import KEY, compare_years
from crossfoot.checks import CHECK_COLUMNS, check
from crossfoot.diagnosis.findings import FINDING_COLUMNS
from crossfoot_synthetic.figures import facts_of

_ROWS = {"new": 10, "carried_in": 2, "granted": 9, "handled": 9, "carried_out": 3}


def cells(**rows: int | str) -> dict[str, str]:
    """Table 三 of natural persons alone: their column and the total, of consistent rows or those given."""
    figures = {row: str(figure) for row, figure in (_ROWS | rows).items()}
    columns = ("natural_person", "total")
    return {f"requests:{row}/{column}": figure for row, figure in figures.items() for column in columns}


def report(year: int, raw: dict[str, str], issuer: str = "淮安市洪泽区人民政府", name: str = ""):
    """An audit of which only what compare_years reads is there."""
    form = "2019" if year < 2021 else "2021"
    facts = facts_of(raw, form)
    particulars = {"issuer": issuer, "year": year, "form": form, "sha256": name or f"sha of {year}"}
    return SimpleNamespace(report=particulars, facts=facts, checks=check(facts, form))


def carry_overs(*reports) -> dict[str, str]:
    checks, _ = compare_years(reports)
    found = checks[checks["rule"] == "carry_over"]
    return dict(zip(found["scope"], found["status"], strict=True))


def test_what_goes_over_holds_and_blank_columns_say_nothing():
    statuses = carry_overs(report(2022, cells()), report(2023, cells(carried_in=3)))
    assert statuses.pop("natural_person") == statuses.pop("total") == "holds"
    assert set(statuses.values()) == {"not_stated"} and len(statuses) == 5


def test_a_break_names_both_years_cells_and_offers_both_corrections():
    checks, findings = compare_years([report(2023, cells(carried_in=5)), report(2022, cells())])
    assert list(checks.columns) == [*KEY, *CHECK_COLUMNS]
    assert list(findings.columns) == [*KEY, *FINDING_COLUMNS]
    (broken,) = checks[(checks["rule"] == "carry_over") & (checks["scope"] == "total")].to_dict("records")
    assert (broken["left"], broken["right"], broken["difference"], broken["status"]) == (5, 3, 2, "breaks")
    assert broken["cells"] == "requests:carried_in/total requests:carried_out/total@2022"
    assert broken["formula"][1] == "5 carried_in in 2023 = 3 carried_out in 2022: 5 against 3, difference 2"
    (finding,) = findings.to_dict("records")
    assert (finding["severity"], finding["kind"], finding["year"]) == ("error", "published", 2023)
    assert finding["checks"] == "carry_over:natural_person carry_over:total"
    offered = json.loads(finding["explanation"])
    changed = [[(c["cell"], c["printed"], c["value"]) for c in one["cells"]] for one in offered]
    assert sorted(changed) == [
        [("requests:carried_in/natural_person", 5, 3), ("requests:carried_in/total", 5, 3)],
        [("requests:carried_out/natural_person@2022", 3, 5), ("requests:carried_out/total@2022", 3, 5)],
    ]


def test_the_correction_that_mends_the_years_own_balance_comes_first():
    # 10 + 5 is not 9 + 3, and would be with the carry-in of the year before
    now = cells(carried_in=4, new=9)
    _, findings = compare_years([report(2022, cells()), report(2023, now)])
    first, second = json.loads(findings["explanation"][0])
    changed = {cell["cell"] for cell in first["cells"]}
    assert changed == {"requests:carried_in/natural_person", "requests:carried_in/total"}
    assert any(text.startswith("In equals out") for text in first["for"]) and not second["for"]


def test_the_same_total_in_other_columns_is_offered_as_a_reclassified_applicant():
    old = cells() | {"requests:carried_out/enterprise": "0"}
    now = cells(carried_in=3) | {
        "requests:carried_in/natural_person": "1",
        "requests:carried_in/enterprise": "2",
    }
    _, findings = compare_years([report(2022, old), report(2023, now)])
    (finding,) = findings.to_dict("records")
    first, *others = json.loads(finding["explanation"])
    assert finding["severity"] == "query" and len(others) == 2
    assert first["slip"] == "reclassified"
    assert "2 moved from 自然人 to 商业企业" in first["for"][0]
    # other figures than the same one: no such explanation
    now["requests:carried_in/total"] = "4"
    now["requests:carried_in/enterprise"] = "3"
    _, findings = compare_years([report(2022, old), report(2023, now)])
    assert all(e["slip"] != "reclassified" for e in json.loads(findings["explanation"][0]))


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
        checks, findings = compare_years(reports)
        assert checks.empty and findings.empty
    short = [report(2022, cells()), report(2023, cells(carried_in=9), issuer="洪泽区人民政府")]
    assert not compare_years(short)[1].empty


def test_a_corrected_report_beside_the_first_is_the_one_that_counts():
    first = report(2022, cells(carried_out=1, granted=11, handled=11), name="first version")
    reports = [first, report(2022, cells()), report(2023, cells(carried_in=3))]
    assert compare_years(reports)[1].empty


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
    checks, findings = compare_years([stock(2022, "0", "0", "12"), stock(2023, *now)])
    row = checks[(checks["rule"] == "stock_flow") & (checks["scope"] == "normative")].iloc[0]
    assert row["status"] == status
    assert pd.isna(row["right"]) if right is None else row["right"] == right
    stocks = findings[findings["checks"].str.contains("stock_flow")]
    assert len(stocks) == (status == "breaks")
    for finding in stocks.itertuples():
        changed = [(e["cells"][0]["cell"], e["cells"][0]["value"]) for e in json.loads(finding.explanation)]
        assert changed == [
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
        checks, _ = compare_years([items(2019, 6, change), items(2020, before, 0)])
        found = checks[(checks["rule"] == "stock_flow") & (checks["scope"] == "penalty")]
        assert list(found["status"]) == [status]


def test_findings_keep_their_id_and_speak_chinese_too():
    reports = [report(2022, cells()), report(2023, cells(carried_in=5))]
    _, first = compare_years(reports)
    _, again = compare_years(list(reversed(reports)), "zh")
    assert list(first["id"]) == list(again["id"])
    assert again["title"][0].startswith("上年结转")
