"""What one cell prints, the whole way through an audit, in every format: a figure, or said to be unread."""

import html
import re
import zipfile

import openpyxl
import pytest
from made_up_report import as_html, as_pdf, as_text, figures, prose, rows, save_docx
from matrices import matrix

from crossfoot.audit import audit
from crossfoot_papers import evidence_page, workbook

pytest.importorskip("typst", reason="the test extra is not installed")

CELL = "requests:granted/natural_person"
PRINTED = figures()
VALUE = PRINTED[CELL]
FORMATS = ("txt", "md", "html", "docx", "pdf")
REMARK = "（" + "其中含上年结转件，已依法办理" * 15 + "）"


def saved(folder, suffix, text):
    made, said = rows(PRINTED | {CELL: text}), prose(PRINTED)
    path = folder / f"report.{suffix}"
    match suffix:
        case "txt":
            path.write_text(as_text(made, said), encoding="utf-8")
        case "md":
            tabbed = as_text({code: [] for code in made}, said).split("\n\n")
            for code, heading in enumerate(made, start=3):
                table = [f"| {' | '.join(cells)} |".replace("\n", "<br>") for cells in made[heading]]
                table.insert(1, "|---" * len(made[heading][0]) + "|")
                place = next(i for i, part in enumerate(tabbed) if part.startswith("二三四"[code - 3] + "、"))
                tabbed[place] += "\n\n" + "\n".join(table)
            path.write_text("\n\n".join(tabbed), encoding="utf-8")
        case "html":
            page = as_html(made, said)
            path.write_text(page.replace(html.escape(text), html.escape(text).replace("\n", "<br>")), "utf-8")
        case "docx":
            save_docx(path, made, said)
        case "pdf":
            path.write_bytes(as_pdf(made, said))
        case _:
            raise AssertionError(suffix)
    return path


def checked(path):
    """The audit, after what holds of every one: no other cell is touched, and nothing breaks."""
    result = audit(path)
    facts = result.facts
    others = {name: raw for name, raw in zip(facts["cell"], facts["raw"], strict=True) if name != CELL}
    assert others == {name: raw for name, raw in PRINTED.items() if name != CELL}
    assert not result.checks["status"].eq("breaks").any()
    assert not (result.findings["kind"] == "published").any()
    return result, facts[facts["cell"] == CELL].iloc[0]


def readers_of(result):
    """The readers that saw the cell."""
    return "+".join(result.readings.loc[result.readings["cell"] == CELL, "reader"])


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("text", matrix(["12 13", "3\n5", "Ⅻ", "²³", "3/4", "0,5", "12.3.4"], kept=2))
def test_what_is_not_one_figure_is_unread_named_and_decides_nothing(tmp_path, suffix, text):
    if suffix == "txt":
        text = text.replace("\n", "  ")
    result, fact = checked(saved(tmp_path, suffix, text))
    assert (fact["status"], fact["value"] == fact["value"]) == ("unread", False)
    assert "".join(fact["raw"].split()) == "".join(text.split())
    assert [t.problem for t in result.problems if CELL in t.cells] == ["unreadable"]
    terms = result.check_terms
    bound = result.checks[result.checks["check"].isin(terms.loc[terms["cell"] == CELL, "check"])]
    assert len(bound) >= 2 and not bound["status"].isin(["holds", "breaks"]).any()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("more", matrix(["", REMARK, "①", "²", "（1）", "\n（含1件）", "*", "件"], kept=2))
def test_a_figure_stays_one_whatever_stands_behind_it(tmp_path, suffix, more):
    if suffix in ("txt",):
        more = more.replace("\n", " ")
    result, fact = checked(saved(tmp_path, suffix, VALUE + more))
    assert (fact["status"], fact["value"]) == ("number", float(VALUE))
    assert not result.problems and result.findings.empty


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "docx"])
def test_a_remark_may_be_as_long_as_its_author_likes(tmp_path, suffix):
    for remark in (REMARK, f"（{'其中含上年结转1件。' * 80}）"):
        result, fact = checked(saved(tmp_path, suffix, VALUE + remark))
        assert (fact["status"], fact["value"]) == ("number", float(VALUE))
        assert not result.problems and result.findings.empty


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "docx"])
def test_figures_of_other_scripts_are_no_figures_of_ours(tmp_path, suffix):
    assert checked(saved(tmp_path, suffix, "٣"))[1]["status"] == "unread"


HTML = [
    ("{}<sup>1</sup>", "number"),
    ("<b><i>{}</i></b><u><sup>1</sup></u>", "number"), ("{}件<sup>1</sup>", "number"),
    ("{}<sub>1</sub>", "number"), ("{}<span style='vertical-align: super'>1</span>", "number"),
    ("{}<span style='display:block'>5</span>", "unread"), ("{}<img src='5.png'>", "unread"),
    ("{}<img src='a.gif' width='1' height='1'>", "number"), ("<img src='5.png'>", "unread"),
    ("<svg><text>5</text></svg>", "unread"), ("<font face='Wingdings'>1</font>", "unread"),
    ("<span style='font-family:Webdings'>{}</span>", "unread"), ("\uf031", "unread"), ("{}<p></p>", "number"),
    ("<font>{}</font>", "number"), ("{}&nbsp;&nbsp;", "number"), ("{}<br>5", "unread"),
    ("{}<input value=5>", "unread"),    ("<p>{}</p><p>5</p>", "unread"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "status"), HTML, ids=[inside for inside, _ in HTML])
def test_so_in_web_pages(tmp_path, inside, status):
    path = tmp_path / "report.html"
    page = as_html(rows(PRINTED | {CELL: "@"}), prose(PRINTED))
    path.write_text(page.replace("@", inside.format(VALUE)), "utf-8")
    result, fact = checked(path)
    assert (fact["status"], readers_of(result)) == (status, "lxml+tokens")
    assert [t.problem for t in result.problems if CELL in t.cells] == ["unreadable"] * (status == "unread")


RUN = "<w:r><w:t>{}</w:t></w:r>"
WORD = [
    (RUN + "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>", "number"),
    (RUN + "<w:r><w:rPr><w:vertAlign w:val='subscript'/></w:rPr><w:t>1</w:t></w:r>", "number"),
    (RUN + "<w:r><w:rPr><w:position w:val='12'/></w:rPr><w:t>1</w:t></w:r>", "number"),
    (RUN + RUN.format("件") + "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>",
     "number"),
    (RUN + RUN.format(""), "number"),
    (RUN + "<w:r><w:br/><w:t>5</w:t></w:r>", "unread"),
    (RUN + "<w:r><w:tab/><w:t>5</w:t></w:r>", "unread"),
    (RUN + "</w:p><w:p>" + RUN.format(5), "unread"),
    ("<w:r><w:sym w:font='Wingdings' w:char='F08C'/></w:r>", "unread"),
    (RUN + "<w:r><w:sym w:font='Symbol' w:char='F031'/></w:r>", "unread"),
    ("<w:r><w:rPr><w:rFonts w:ascii='Wingdings' w:hAnsi='Wingdings'/></w:rPr><w:t>{}</w:t></w:r>", "unread"),
    ("<w:r><w:drawing/></w:r>", "unread"),
    ("<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'><m:r><m:t>5</m:t></m:r></m:oMath>",
     "unread"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "status"), matrix(WORD, kept=4), ids=range(len(WORD)))
def test_so_in_word_files(tmp_path, inside, status):
    path = saved(tmp_path, "docx", "@")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    document = parts["word/document.xml"].decode()
    made = re.sub(r"<w:r><w:t>@</w:t></w:r>", lambda _: inside.format(VALUE), document)
    assert made != document
    with zipfile.ZipFile(path, "w") as package:
        for name, data in (parts | {"word/document.xml": made.encode()}).items():
            package.writestr(name, data)
    result, fact = checked(path)
    assert (fact["status"], readers_of(result)) == (status, "docx-xml+python-docx")
    assert [t.problem for t in result.problems if CELL in t.cells] == ["unreadable"] * (status == "unread")


def test_what_no_reader_could_tell_is_no_blank_in_any_paper(tmp_path):
    result = audit(saved(tmp_path, "html", "3\n5"))
    facts = result.facts
    facts["raw"] = facts["raw"].mask(facts["status"].eq("unread"), "")
    page = evidence_page.render(result, tmp_path / "report.html")
    (shown,) = re.findall(rf'data-cell="{CELL}"[^>]*>([^<]*)', page)
    assert shown.strip() == "?"
    book = openpyxl.load_workbook(workbook.write(result, tmp_path))
    (row,) = (row for row in book["Facts"].iter_rows() if row[14].value == CELL)
    assert row[5].value == "could not be read beyond doubt"
    assert "?" in {cell.value for line in book["表三 Requests"].iter_rows() for cell in line}
