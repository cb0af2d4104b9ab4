"""The whole way on the report it was made for: what issue by issue must be found, and nothing besides."""

from pathlib import Path

import pandas as pd
import pytest
from samples import REPORTS, sample

from crossfoot.audit import audit
from crossfoot.errors import ArgumentError
from crossfoot.schema import worded_columns

RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.fixture(scope="module")
def pdf():
    return audit(RAW / "zhifu-2019.pdf")


@pytest.fixture(scope="module")
def text():
    return audit(RAW / "zhifu-2019.txt")


def checks(result, rule, status=None):
    found = result.checks[result.checks["rule"] == rule]
    return found if status is None else found[found["status"] == status]


def test_the_report_is_who_it_says_it_is(pdf, text):
    for result, pages in ((pdf, 11), (text, 1)):
        report = dict(result.report)
        assert report["issuer"] == "烟台市芝罘区人民政府"
        assert (report["year"], report["form"], report["pages"]) == (2019, "2019", pages)
    assert pdf.report["source"] == pdf.report.source == "zhifu-2019.pdf"
    with pytest.raises(KeyError):
        pdf.report["title"]


def test_both_readers_and_the_text_give_the_same_facts_cell_by_cell(pdf, text):
    same = ["table", "row", "column", "value", "unit", "status", "raw"]
    pd.testing.assert_frame_equal(pdf.facts[same], text.facts[same])
    assert set(pdf.readings.groupby("cell")["reader"].agg("+".join)) == {"tabula+pdfium"}
    assert set(pdf.readings["cell"]) == set(pdf.facts["cell"])
    assert pdf.facts["agreed"].all()


def test_the_balance_breaks_in_three_columns_and_nothing_else_does(pdf):
    broken = checks(pdf, "balance", "breaks").set_index("scope")
    sides = {scope: (row["left"], row["right"], row["difference"]) for scope, row in broken.iterrows()}
    assert sides == {"natural_person": (75, 76, -1), "enterprise": (19, 20, -1), "total": (94, 96, -2)}
    assert set(checks(pdf, "balance", "not_stated")["scope"]) == {
        "research",
        "public_interest",
        "legal_service",
        "other_org",
    }
    for rule in ("results_total", "row_total", "dispute_total", "bounds", "narrative_sum"):
        assert set(checks(pdf, rule)["status"]) <= {"holds", "not_stated"}
        assert checks(pdf, rule, "holds").shape[0] >= 2


def test_the_narrative_breaks_at_both_places_of_96_and_holds_elsewhere(pdf):
    narrative = checks(pdf, "narrative")
    assert sorted(narrative.loc[narrative["status"] == "breaks", "left"]) == [96, 96]
    assert set(narrative.loc[narrative["status"] == "breaks", "right"]) == {94}
    held = narrative[narrative["status"] == "holds"]
    assert sorted(held["left"]) == [1, 2, 2, 3, 3, 5, 8, 27, 53]
    assert sorted(checks(pdf, "narrative_sum", "holds")["left"]) == [8, 96]


def test_one_finding_with_exactly_three_corrections_of_three_cells(pdf):
    (finding,) = pdf.findings.to_dict("records")
    assert (finding["kind"], finding["severity"]) == ("published", "error")
    assert len(pdf.finding_checks) == 5
    corrections = pdf.corrections.assign(row=pdf.corrections["cell"].str.extract(":(.+)/", expand=False))
    assert set(zip(corrections["correction"], corrections["row"], strict=True)) == {
        (1, "new"),
        (2, "carried_in"),
        (3, "carried_out"),
    }
    values = corrections.groupby("correction")["value"].agg(list)
    assert list(values) == [[76, 20, 96], [1, 1, 2], [0, 0, 0]]

    def reasons(correction, side):
        own = pdf.evidence[pdf.evidence["correction"].eq(correction) & pdf.evidence["side"].eq(side)]
        return own["text"]

    assert reasons(1, "for").str.contains("96").sum() >= 2
    assert reasons(3, "against").str.contains("结转").any()
    assert reasons(1, "against").empty


@pytest.mark.parametrize(
    ("value", "unit", "approximate"),
    [
        (80, "条", "余"),
        (2900, "条", "余"),
        (20, "个", "余"),
        (200, "人次", "余"),
        (580, "条", "余"),
        (8, "篇", ""),
    ],
)
def test_every_other_number_of_the_prose_is_a_claim_with_a_note(pdf, value, unit, approximate):
    claims = pdf.claims[pdf.claims["kind"] == "count"]
    (found,) = claims[(claims["value"] == value) & (claims["unit"] == unit)].to_dict("records")
    assert found["approximate"] == approximate
    assert found["claim"] not in set(pdf.claim_cells["claim"]) and found["note"]


def test_every_claim_leads_back_to_its_number_in_the_text(pdf):
    text = pdf.document.text
    for claim in pdf.claims.itertuples():
        assert any(
            c.isdigit() or c in "零一二两三四五六七八九十百千万" for c in text[claim.start : claim.end]
        )
        assert claim.page == next(
            line.page for line in pdf.document.lines if line.start <= claim.start < line.end
        )


def test_an_audit_speaks_either_language_and_its_findings_keep_their_ids(pdf):
    chinese = pdf.worded("zh")
    assert list(chinese.findings["finding"]) == list(pdf.findings["finding"])
    changed = {"claims": "note", "checks": "formula", "findings": "title"}
    for name, column in changed.items():
        own, other = getattr(pdf, name), getattr(chinese, name)
        said = own[column].notna() & own[column].ne("")
        assert (own.loc[said, column] != other.loc[said, column]).any()
        kept = [c for c in own if c not in worded_columns(name)]
        pd.testing.assert_frame_equal(own[kept], other[kept])
        pd.testing.assert_frame_equal(getattr(chinese.worded("en"), name), own)
    notes = chinese.claims["note"][chinese.claims["note"].ne("")]
    assert not notes.str.contains("[A-Za-z]").any()
    with pytest.raises(ArgumentError):
        pdf.worded("fr")


EXPECTED = {
    "hongze-2023.pdf": {("dispute_total", "review"), ("dispute_total", "after_review")},
    "shuyang-fgj-2023.html": {("rows_missing", "requests.blanks")},
}


@pytest.mark.parametrize("report", REPORTS)
def test_the_samples_have_just_the_errors_that_people_found(report):
    result = audit(sample(report))
    broken = result.checks[result.checks["status"] == "breaks"]
    if report in EXPECTED:
        assert set(zip(broken["rule"], broken["scope"], strict=True)) == EXPECTED[report]
        assert len(result.findings) == len(EXPECTED[report])
        return
    left = {(rule, value) for rule, value in zip(broken["rule"], broken["left"], strict=True)}
    assert left == {
        ("narrative", 258),
        ("narrative", 265),
        ("narrative_sum", 805),
        ("share", 33.9),
        ("share", 4.34),
        ("statement", 0),
    }


def test_arguments_are_checked_before_any_work():
    for given in ({"language": "fr"}, {"witness": "tesseract"}):
        with pytest.raises(ArgumentError, match="is not known"):
            audit("no such file.pdf", **given)


def test_a_prompt_shows_an_audit_in_three_lines(pdf):
    lines = repr(pdf).split("\n")
    assert len(lines) == 3 and len(repr(pdf)) < 400
    assert "烟台市芝罘区人民政府, 2019" in lines[0]
    assert (
        f"{len(pdf.checks)} checks" in lines[1]
        and f"{pdf.checks['status'].eq('breaks').sum()} breaks" in lines[1]
    )
    assert f"{len(pdf.findings)} findings" in lines[2]
