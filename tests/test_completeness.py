"""What the form has and the report does not print is said; what was not read beyond doubt is not."""

import made_up_report
import pytest
from matrices import matrix

from crossfoot.audit import audit
from crossfoot.completeness import check, doubts
from crossfoot.document import Document
from crossfoot.extraction_problems import Trouble
from crossfoot.forms import tables
from crossfoot.tables import Placement

SUFFIXES = ("txt", "html", "docx")


def saved(tmp_path, made, suffix, extra=""):
    path = tmp_path / f"report.{suffix}"
    said = made_up_report.prose(made_up_report.figures())
    match suffix:
        case "docx":
            made_up_report.save_docx(path, made, said)
        case "txt":
            path.write_text(made_up_report.as_text(made, said), encoding="utf-8")
        case _:
            path.write_text(made_up_report.as_html(made, said, extra=extra), encoding="utf-8")
    return path


def changed(**tables_):
    made = made_up_report.rows(made_up_report.figures())
    return {
        code: tables_[code](rows) if code in tables_ else rows
        for code, rows in made.items()
        if tables_.get(code) is not None or code not in tables_
    }


def of(result, rule):
    """The findings with the checks that each explains, where the check's name has `rule` in it."""
    every = result.findings.merge(result.finding_checks, on="finding")
    return every[every["check"].str.contains(rule)]


def without(label):
    return lambda rows: [row for row in rows if label not in row[0]]


def blank(rows):
    heads = {column.label for t in tables("2021").values() for column in t.columns}
    heads |= {"信息内容", "项目", *made_up_report.OUTCOMES}
    figure = any(rows[0][0] == words for words in made_up_report.OUTCOMES)
    return [
        [cell if cell in heads or (n == 0 and not figure) else "" for n, cell in enumerate(row)]
        for row in rows
    ]


CASES = [
    ({"requests": without("总计")}, {("error", "rows_missing:requests.handled")}),
    ({"requests": without("1.属于国家秘密")}, {("query", "rows_missing:requests.lines")}),
    ({"requests": lambda r: [row[:4] + row[5:] for row in r]}, {("query", "rows_missing:requests.lines")}),
    ({"requests": blank}, {("error", "rows_missing:requests")}),
    ({"disclosure": blank}, {("error", "rows_missing:disclosure")}),
    ({"disputes": blank}, {("error", "rows_missing:disputes")}),
    ({"disputes": None}, {("error", "rows_missing:disputes")}),
    ({"disclosure": None}, {("error", "rows_missing:disclosure")}),
]  # fmt: skip


@pytest.mark.parametrize("suffix", matrix(SUFFIXES))
@pytest.mark.parametrize(("change", "expected"), CASES)
def test_what_is_missing_is_said_once_and_in_both_languages(tmp_path, change, expected, suffix):
    made = changed(**change)
    english = audit(saved(tmp_path, made, suffix))
    own = of(english, "rows_missing")
    assert set(zip(own["severity"], own["check"], strict=True)) == expected
    assert set(own["kind"]) == {"published"} and not english.problems
    assert own["finding"].is_unique and own["finding"].isin(english.findings["finding"]).all()
    chinese = of(english.worded("zh"), "rows_missing")
    assert list(chinese["finding"]) == list(own["finding"])
    assert chinese["title"].str.contains("表[二三四]").all()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_whole_report_lacks_nothing(tmp_path, suffix):
    result = audit(saved(tmp_path, changed(), suffix))
    own = result.checks[result.checks["rule"].isin(["rows_missing", "not_a_figure"])]
    assert set(own["status"]) == {"holds"} and own["left"].isna().all()
    assert result.findings.empty


@pytest.mark.parametrize("suffix", matrix(SUFFIXES))
@pytest.mark.parametrize("word", ["abc", "不涉及", "N/A", "*", "空", "∞"])
def test_a_word_among_the_figures_is_asked_about(tmp_path, word, suffix):
    figures = made_up_report.figures()
    cells = ("requests:denied.third_party/research", "requests:denied.third_party/other_org")
    made = changed(requests=lambda _: made_up_report.rows(figures | dict.fromkeys(cells, word))["requests"])
    found = of(audit(saved(tmp_path, made, suffix)), "not_a_figure")
    assert list(found["check"]) == [f"not_a_figure:{cell}" for cell in cells]
    (finding,) = found.drop_duplicates("finding").to_dict("records")
    assert (finding["severity"], finding["kind"]) == ("query", "published")
    assert f"“{word}”" in finding["title"]


@pytest.mark.parametrize("sign", ["无", "—", "/", "零"])
def test_signs_and_words_for_none_are_no_words(tmp_path, sign):
    figures = made_up_report.figures() | {"requests:denied.third_party/research": sign}
    made = changed(requests=lambda _: made_up_report.rows(figures)["requests"])
    assert audit(saved(tmp_path, made, "html")).findings.empty


@pytest.mark.parametrize(("form", "count"), [("2019", 0), ("2021", 1)])
def test_blanks_for_zeros_are_asked_about_once_and_in_the_later_form_only(tmp_path, form, count):
    made = changed(requests=lambda rows: [["" if cell == "0" else cell for cell in row] for row in rows])
    if form == "2019":
        heads = {
            "本年制发件数": "本年新制作数量",
            "本年废止件数": "本年新公开数量",
            "现行有效件数": "对外公开总数量",
        }
        made["disclosure"] = [[heads.get(cell, cell) for cell in row] for row in made["disclosure"]]
    blanks = of(audit(saved(tmp_path, made, "html")), "blanks").drop_duplicates("finding")
    assert len(blanks) == count and set(blanks["severity"]) <= {"query"}
    if count:
        assert "the column Research" in blanks["title"].iloc[0]


def test_a_table_that_may_be_a_picture_is_not_said_to_be_missing(tmp_path):
    made = changed(disputes=None)
    picture = audit(saved(tmp_path, made, "html", extra="<h2>一、总体情况</h2><img src='table.png'>"))
    logo = audit(saved(tmp_path, made, "html", extra="<img src='logo.png'>"))
    assert [t.problem for t in picture.problems] == ["table_missing"]
    assert of(picture, "rows_missing").empty
    assert not logo.problems and not of(logo, "rows_missing:disputes").empty


def test_a_text_with_the_heading_and_no_table_does_not_tell(tmp_path):
    made = changed(disputes=None)
    path = saved(tmp_path, made, "txt")
    whole = path.read_text(encoding="utf-8")
    path.write_text(
        whole.replace("五、存在", "四、政府信息公开行政复议、行政诉讼情况\n\n五、存在"), encoding="utf-8"
    )
    result = audit(path)
    assert [t.problem for t in result.problems] == ["table_missing"]
    assert of(result, "rows_missing").empty


def test_what_is_in_doubt_is_neither_missing_nor_blank():
    troubles = [Trouble("leftover", (), ("", ""), table="requests")]
    troubles.append(Trouble("unreadable", ("disputes:review/total",), ("", "")))
    from test_checks import facts

    frame = facts("2021", requests__new="1 . . . . . 1", disputes__review="1 0 0 0 .").assign(agreed=True)
    doubted = doubts(frame, {"text": Placement()}, troubles, Document("r", "", 1, "", ()), "2021")
    assert doubted == {"requests", "disputes:review/total"}
    found = check(frame, "2021", doubted)
    status = {(r.rule, r.scope): r.status for r in found.itertuples()}
    assert status["rows_missing", "requests.blanks"] == "unread"
    (blanks,) = found[found["scope"] == "disputes.blanks"].itertuples()
    assert "disputes:review/total" not in blanks.cells.split() and "disputes:direct/total" in blanks.cells
