"""The DOCX readers: merged cells, changes, wrappers, and packages that are not what they say."""

import io
import random
import zipfile
from pathlib import Path
from types import FunctionType

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from made_up_report import figures, prose, rows, save_docx
from process_time import within

from crossfoot.audit import audit
from crossfoot.document import Document, Grid
from crossfoot.errors import ReportError
from crossfoot.readers import read

WITNESSES = ("docx-xml", "python-docx")
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def saved(tmp_path: Path, word: WordDocument, name: str = "a.docx") -> Document:
    word.save(str(tmp_path / name))
    return read(tmp_path / name)


def from_xml(tmp_path: Path, body: str) -> Document:
    """The report whose body is this XML, everything else as python-docx makes it."""
    word = docx.Document()
    inside = parse_xml(f"<w:body {nsdecls('w')} {MC}>{body}</w:body>")
    for item in reversed(list(inside)):
        word.element.body.insert(0, item)
    return saved(tmp_path, word)


def lines(document: Document) -> list[str]:
    return [document.text[line.start : line.end] for line in document.lines]


def places(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    """(text, row, column, rows, columns) of each cell, rows counted within the table."""
    top = min(cell.top for cell in grid.cells)
    return [
        (c.text, int(c.top - top), int(c.x0), int(c.bottom - c.top), int(c.x1 - c.x0)) for c in grid.cells
    ]


def only_table(document: Document) -> list[tuple[str, int, int, int, int]]:
    assert document.grids["docx-xml"] == document.grids["python-docx"]
    assert len(document.grids["docx-xml"]) == 1
    return places(document.grids["docx-xml"][0])


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_merged_cells_both_ways(tmp_path):
    word = docx.Document()
    word.add_paragraph("三、收到和处理政府信息公开申请情况")
    grid = word.add_table(4, 4)
    for row in range(4):
        for column in range(4):
            grid.cell(row, column).text = f"{row}{column}" if row != 2 else ""
    for row, column, last_row, last_column in ((0, 0, 1, 1), (0, 2, 0, 3), (2, 0, 3, 0)):
        first, last = grid.cell(row, column), grid.cell(last_row, last_column)
        for y in range(row, last_row + 1):
            for x in range(column, last_column + 1):
                grid.cell(y, x).text = ""
        first.merge(last).text = "并"
    document = saved(tmp_path, word)
    assert only_table(document) == [
        ("并", 0, 0, 2, 2),
        ("并", 0, 2, 1, 2),
        ("12", 1, 2, 1, 1),
        ("13", 1, 3, 1, 1),
        ("并", 2, 0, 2, 1),
        ("", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
        ("", 2, 3, 1, 1),
        ("31", 3, 1, 1, 1),
        ("32", 3, 2, 1, 1),
        ("33", 3, 3, 1, 1),
    ]
    assert lines(document) == [
        "三、收到和处理政府信息公开申请情况",
        "并\t并",
        "12\t13",
        "并\t\t\t",
        "31\t32\t33",
    ]
    assert document.grids["docx-xml"][0].cells[2].where == "table 1 row 2 column 3"
    for placed in document.grids["docx-xml"][0].cells:
        line = document.lines[int(placed.top)]
        assert placed.text in document.text[line.start : line.end]


def test_old_horizontal_merge_and_cells_before_the_row(tmp_path):
    body = table(
        cell("甲", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("1"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("2") + cell("3"),
    )
    assert only_table(from_xml(tmp_path, body)) == [
        ("甲", 0, 0, 1, 2),
        ("1", 0, 2, 1, 1),
        ("2", 1, 1, 1, 1),
        ("3", 1, 2, 1, 1),
    ]


def test_figures_split_into_runs_stay_whole(tmp_path):
    word = docx.Document()
    grid = word.add_table(1, 3)
    paragraph = grid.cell(0, 0).paragraphs[0]
    paragraph.add_run("2")
    paragraph.add_run("6").bold = True
    grid.cell(0, 1).text = "结果\n维持"
    grid.cell(0, 2).text = "一、"
    grid.cell(0, 2).add_paragraph("新收\u00a0")
    assert [item[0] for item in only_table(saved(tmp_path, word))] == ["26", "结果\n维持", "一、\n新收"]


def test_changes_are_accepted(tmp_path):
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f'<w:p><w:ins w:id="1" w:author="a">{run.format("新收")}</w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>25</w:delText></w:r></w:del>'
        f'<w:ins w:id="3" w:author="a">{run.format("26")}</w:ins>{run.format("件")}</w:p>'
    )
    body += table(
        cell("甲") + cell("").replace("<w:r>", '<w:ins w:id="4"><w:r>').replace("</w:r>", "</w:r></w:ins>"),
        '<w:trPr><w:del w:id="5" w:author="a"/></w:trPr>' + cell("删") + cell("7"),
        '<w:trPr><w:ins w:id="6" w:author="a"/></w:trPr>' + cell("乙") + cell("3"),
    ).replace("<w:t></w:t>", "<w:t>8</w:t>")
    document = from_xml(tmp_path, body)
    assert lines(document) == ["新收26件", "甲\t8", "乙\t3"]
    assert [item[0] for item in only_table(document)] == ["甲", "8", "乙", "3"]


def test_wrappers_are_seen_through_and_hidden_text_is_not_seen(tmp_path):
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run.format('控件')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p>{run.format('第')}<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE 7"
        f"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{run.format('3')}"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:fldSimple w:instr='DATE'>{run.format('4')}</w:fldSimple>"
        f"<w:hyperlink>{run.format('页')}</w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>"
        "<w:r><w:footnoteReference w:id='7'/></w:r></w:p>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent>"
        f"<w:p>{run.format('框')}</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p>{run.format('框')}</w:p>"
        f"</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>{run.format('文')}</w:p>"
    )
    body += table(f"<w:sdt><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>" + cell("1"))
    document = from_xml(tmp_path, body)
    assert lines(document) == ["控件", "第34页", "文", "框", "甲\t1"]
    assert [item[0] for item in only_table(document)] == ["甲", "1"]


def test_only_the_innermost_tables_with_columns_are_data(tmp_path):
    word = docx.Document()
    outer = word.add_table(1, 2)
    outer.cell(0, 0).text = "左"
    right = outer.cell(0, 1)
    right.text = "共26件。"
    data = right.add_table(1, 2)
    data.cell(0, 0).text = "甲"
    data.cell(0, 1).text = ""
    data.cell(0, 1).add_table(1, 1).cell(0, 0).text = "26"
    document = saved(tmp_path, word)
    assert lines(document) == ["左", "共26件。", "甲\t26"]
    assert [item[0] for item in only_table(document)] == ["甲", "26"]


def test_witnesses_agree_on_random_merges(tmp_path):
    chance = random.Random(2021)
    for _ in range(25):
        word = docx.Document()
        height, width = chance.randint(2, 7), chance.randint(2, 7)
        grid = word.add_table(height, width)
        for row in range(height):
            for column in range(width):
                grid.cell(row, column).text = str(row * width + column)
        for _ in range(chance.randint(0, 3)):
            first = grid.cell(chance.randrange(height), chance.randrange(width))
            last = grid.cell(chance.randrange(height), chance.randrange(width))
            try:
                first.merge(last)
            except docx.exceptions.PythonDocxError:
                continue  # the areas overlap in a way no table can have
        document = saved(tmp_path, word)
        assert document.grids["docx-xml"] == document.grids["python-docx"]


def test_a_library_that_fails_leaves_the_first_witness(tmp_path):
    body = table(cell("甲") + cell("1"), cell("乙", '<w:gridSpan w:val="2"/><w:vMerge/>') + cell("2"))
    document = from_xml(tmp_path, body)
    assert [item[0] for item in places(document.grids["docx-xml"][0])][:2] == ["甲", "1"]


def rewritten(tmp_path: Path, parts: dict[str, bytes], name: str = "a.docx") -> Path:
    """A good package with these parts put in place of its own."""
    good = io.BytesIO()
    word = docx.Document()
    word.add_paragraph("政府信息")
    word.save(good)
    path = tmp_path / name
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, parts.get(part, old.read(part)))
        for part in parts.keys() - set(old.namelist()):
            new.writestr(part, parts[part])
    return path


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt"])
def test_content_decides_not_the_suffix(tmp_path, name):
    assert read(rewritten(tmp_path, {}, name)).text == "政府信息"


@pytest.mark.parametrize("part", ["word/document.xml", "word/media/image1.bin"])
def test_zip_bomb_is_not_opened(tmp_path, part):
    path = rewritten(tmp_path, {part: b" " * 200_000_000})
    with within(2), pytest.raises(ReportError, match=r"a\.docx: would unpack to 20\d MB"):
        read(path)


def test_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path):
    path = rewritten(tmp_path, {"word/document.xml": b" " * 50_000_000})
    data = path.read_bytes()
    size = (50_000_000).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))
    with within(2), pytest.raises(ReportError, match="damaged"):
        read(path)


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    entities = '<!ENTITY a "lol"><!ENTITY b "' + "&a;" * 1000 + f'"><!ENTITY x SYSTEM "{secret.as_uri()}">'
    content = (
        f"<!DOCTYPE w [{entities}]><w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&b;&x;</w:t></w:r></w:p>"
    )
    path = rewritten(tmp_path, {"word/document.xml": f"{content}</w:body></w:document>".encode()})
    with pytest.raises(ReportError, match="document type"):
        read(path)


def test_strict_documents_are_read(tmp_path):
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    content = (
        f'<w:document xmlns:w="{strict}"><w:body><w:p><w:r><w:t>政府</w:t></w:r></w:p></w:body></w:document>'
    )
    assert read(rewritten(tmp_path, {"word/document.xml": content.encode()})).text == "政府"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_package_says_so(tmp_path, share):
    path = rewritten(tmp_path, {})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ReportError, match=r"a\.docx: is damaged or cut short"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", b"\xff\xfe\0"])
def test_broken_parts_say_so(tmp_path, content):
    with pytest.raises(ReportError, match=r"a\.docx"):
        read(rewritten(tmp_path, {"word/document.xml": content}))


def test_other_archives_say_what_is_accepted(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ReportError, match="without a Word document inside"):
        read(path)


def test_tables_nested_without_end_are_refused(tmp_path):
    body = "<w:p/>"
    for _ in range(40):
        body = f"<w:tbl><w:tblGrid/><w:tr><w:tc>{body}<w:p/></w:tc>{cell('1')}</w:tr></w:tbl>"
    with pytest.raises(ReportError, match="too deep"):
        from_xml(tmp_path, body)


@pytest.mark.long
def test_a_long_document_in_time(tmp_path):
    rows = [cell("", "<w:vMerge/>") + cell(str(i)) + cell("政府信息") for i in range(10_000)]
    with within(20):
        document = from_xml(tmp_path, "<w:p><w:r><w:t>政府</w:t></w:r></w:p>" * 3 + table(*rows))
    assert len(document.grids["docx-xml"][0].cells) == 20_001


def test_a_second_reader_that_fails_is_said(monkeypatch, tmp_path):
    path = tmp_path / "report.docx"
    save_docx(path, rows(figures()), prose(figures()))
    assert not audit(path).problems

    def unexpected(self):
        raise ValueError("no `tc` element at grid_offset=3")

    raised_there = FunctionType(unexpected.__code__, vars(docx.table))  # as if python-docx had raised it
    monkeypatch.setattr(docx.table._Row, "cells", property(raised_there))
    result = audit(path)
    (finding,) = result.findings.to_dict("records")
    assert (finding["kind"], finding["severity"]) == ("extraction", "query")
    assert "python-docx could not read the file (ValueError)" in finding["title"]
    assert "只有一种读取方式" in result.worded("zh").findings["title"][0]
    assert set(result.readings["reader"]) == {"docx-xml"}


def test_an_error_of_ours_in_the_second_reader_comes_through(monkeypatch, tmp_path):
    path = tmp_path / "report.docx"
    save_docx(path, rows(figures()), prose(figures()))

    def broken(text):
        raise AttributeError("ours")

    monkeypatch.setattr("crossfoot.readers.docx_python.visible", broken)
    with pytest.raises(AttributeError, match="ours"):
        read(path)
