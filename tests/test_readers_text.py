"""The text reader: which lines are tables, and where their cells stand."""

import random
import time
from pathlib import Path

import pytest

from crossfoot.document import Document, Grid
from crossfoot.errors import ReportError
from crossfoot.readers import read

ZHIFU = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt"


def from_text(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "report.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read(path)


def rows(grid: Grid) -> list[list[str]]:
    """The grid's cells by line, each at its index."""
    lines: dict[float, list[str]] = {}
    for cell in grid.cells:
        line = lines.setdefault(cell.top, [])
        assert cell.x0 == len(line), "cells stand at their index"
        line.append(cell.text)
    return list(lines.values())


def tables(document: Document) -> list[list[list[str]]]:
    return [rows(grid) for grid in document.grids["text"]]


def test_zhifu_keeps_every_row_at_its_tab_index():
    document = read(ZHIFU)
    text = ZHIFU.read_text(encoding="utf-8")
    assert document.text == text
    printed = text.split("\n")
    tabbed = [line for line in printed if "\t" in line and not line.startswith("---")]
    read_rows = [row for table in tables(document) for row in table]
    assert read_rows == [[cell.strip() for cell in line.split("\t")] for line in tabbed]
    for grid in document.grids["text"]:
        assert grid.ragged and grid.page is None and grid.tolerance == 0
        for cell in grid.cells:
            assert cell.where == f"line {int(cell.top) + 1} column {int(cell.x0) + 1}"
            line = document.lines[int(cell.top)]
            assert line.box == (0, cell.top, 1, cell.bottom)
            assert cell.text in document.text[line.start : line.end]


def test_zhifu_has_its_tables_in_five_blocks():
    lines = [(int(grid.cells[0].top) + 1, int(grid.cells[-1].top) + 1) for grid in read(ZHIFU).grids["text"]]
    assert lines == [(90, 107), (111, 114), (116, 140), (144, 144), (147, 149)]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_are_one_character(tmp_path, end):
    document = from_text(tmp_path, end.join(["总体情况", "甲\t1\t2", "乙\t3\t4", "公开12件。"]))
    assert document.text == "总体情况\n甲\t1\t2\n乙\t3\t4\n公开12件。"
    assert tables(document) == [[["甲", "1", "2"], ["乙", "3", "4"]]]


def test_form_feed_ends_a_page_and_a_table(tmp_path):
    document = from_text(tmp_path, "甲\t1\t2\n乙\t3\t4\n\f\n甲\t1\t2\n丙\t5\t6\n\f公开")
    assert document.pages == 3
    assert len(tables(document)) == 2
    assert [document.text[line.start : line.end] for line in document.lines][-1] == "公开"


def test_markdown_table(tmp_path):
    text = r"""
## 二、主动公开政府信息情况

| 信息内容 | 本年制发件数 | 说明\|备注 |
|:---|---:|:-:|
| **规章** | 0 | - |
| 规范性文件<br>（含） | **12** | &nbsp; |
| 行政事业性收费 | \-14 |

正文 | 一处。
"""
    assert tables(from_text(tmp_path, text, name="report.md")) == [
        [
            ["信息内容", "本年制发件数", "说明|备注"],
            ["规章", "0", "-"],
            ["规范性文件\n（含）", "12", ""],
            ["行政事业性收费", "-14"],
        ]
    ]


def test_pipes_without_ends_and_short_rules(tmp_path):
    text = "政府信息 | 件数\n-|-\n规章 | -\n规范性文件 | 3"
    assert tables(from_text(tmp_path, text)) == [[["政府信息", "件数"], ["规章", "-"], ["规范性文件", "3"]]]


def test_empty_first_and_last_pipe_cells_stay(tmp_path):
    text = "| | 自然人 | 总计 |\n|---|---|---|\n| | 2 | |\n| 申请 | | |"
    assert tables(from_text(tmp_path, text)) == [[["", "自然人", "总计"], ["", "2", ""], ["申请", "", ""]]]


def test_drawn_rules_hold_no_cells(tmp_path):
    signs = "+----+----+\n| 规章 | 3 |\n+----+----+\n| 申请 | 4 |\n+----+----+"
    text = signs + "\n\n┌──┬──┐\n│规章│5│\n├──┼──┤\n│申请│6│\n└──┴──┘"
    assert [row for table in tables(from_text(tmp_path, text)) for row in table] == [
        ["规章", "3"],
        ["申请", "4"],
        ["规章", "5"],
        ["申请", "6"],
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "2019年，全区共收到政府信息公开申请\t96件，予以公开53件。",
        "\t一是加强组织领导\n\t二是加强政府信息公开\n\t三是加强监督",
        "\t\t政府信息公开工作年度报告\n\t\t某某区人民政府",
        "一是政务公开意识有待提升。\t个别单位对政务公开工作重视不够、认识不到位，认为政务公开是宣传部门的工作职能，共2次。\t完",
        "收到申请96件\n------\n公开",
    ],
)
def test_prose_with_tabs_is_no_table(tmp_path, prose):
    assert tables(from_text(tmp_path, f"政府信息公开\n\n{prose}\n\n公开")) == []


def test_rows_whose_empty_cells_were_stripped_stay_in_the_table(tmp_path):
    text = (
        "三、收到和处理政府信息公开申请情况\n申请情况\t自然人\t总计\n1.属于国家秘密\n2.重复申请\t3\t3\n"
        "四、结转下年度继续办理\n四、政府信息公开行政复议、行政诉讼情况\n2023年收到3件"
    )
    assert tables(from_text(tmp_path, text)) == [
        [
            ["申请情况", "自然人", "总计"],
            ["1.属于国家秘密", "", ""],
            ["2.重复申请", "3", "3"],
            ["四、结转下年度继续办理", "", ""],
        ]
    ]


def test_rows_between_blank_lines_are_one_table(tmp_path):
    text = "三、申请情况\n\n信息\t自然人\t总计\n\n新收\t3\t3\n\n1.属于国家秘密\n\n总计\t3\t3"
    text += "\n\n四、复议情况\n\n其\t1\t2\n他\t3\t4"
    assert tables(from_text(tmp_path, text)) == [
        [["信息", "自然人", "总计"], ["新收", "3", "3"], ["1.属于国家秘密", "", ""], ["总计", "3", "3"]],
        [["其", "1", "2"], ["他", "3", "4"]],
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings(tmp_path, encoding):
    text = "政府信息公开工作年度报告\n规章\t3\t4\n总计\t5\t6\n"
    if encoding == "utf-16-be":
        text = "\ufeff" + text
    document = from_text(tmp_path, text, encoding)
    assert document.text == text.lstrip("\ufeff")
    assert tables(document) == [[["规章", "3", "4"], ["总计", "5", "6"]]]


def test_a_cut_or_damaged_file_shows_where(tmp_path):
    path = tmp_path / "cut.txt"
    path.write_bytes(("政府信息公开申请情况" * 50).encode()[:-1])
    assert read(path).text.endswith("情\ufffd")
    path.write_bytes(("政府信息公开" * 50).encode("gb18030") + b"\xff" + "申请".encode("gb18030"))
    assert "\ufffd" in read(path).text


@pytest.mark.parametrize("name", ["report.txt", "report.pdf", "report.docx", "report.html", "report"])
@pytest.mark.parametrize("content", [b"", b"  \n\n\t", b"\0" * 5000, random.Random(3).randbytes(50_000)])
def test_empty_files_and_garbage_are_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReportError, match=name) as caught:
        read(path)
    assert caught.value.advice


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(ReportError, match=r"none\.txt: does not exist"):
        read(tmp_path / "none.txt")
    with pytest.raises(ReportError, match="is not a file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("start", "says"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.docx or PDF"), (b"{\\rtf1", r"\.docx or PDF")],
)
def test_old_office_files_say_what_to_do(tmp_path, start, says):
    path = tmp_path / "report.doc"
    path.write_bytes(start + b"\0" * 600)
    with pytest.raises(ReportError, match=says):
        read(path)


def test_size_is_bounded_in_time(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes("政府信息公开申请\t12\t13\n".encode() * 1_500_000)
    started = time.perf_counter()
    with pytest.raises(ReportError, match="more than a report can have"):
        read(path)
    document = from_text(tmp_path, "政府信息\t12\t13\n" * 10_000 + "公" * 1_000_000)
    assert time.perf_counter() - started < 20
    assert len(document.grids["text"][0].cells) == 30_000


@pytest.mark.parametrize("line", ["|", "｜", "||", "│", "| |", "\t", "|\t", "| --- |", "\\|", "|&nbsp;|"])
def test_a_line_that_only_parts_cells_holds_none_and_loses_none(tmp_path, line):
    table = "| 申请 | 2 |\n| 公开 | 3 |\n"
    for text in (f"{table}{line}\n| 规章 | 4 |\n", f"{line}\n{table}", line, f"{line}\n{line}"):
        found = [row for table in tables(from_text(tmp_path, f"公开\n{text}")) for row in table]
        printed = [[cell for cell in row if cell] for row in found]
        assert [row for row in printed if len(row) > 1] == [
            row for row in (["申请", "2"], ["公开", "3"], ["规章", "4"]) if row[0] in text and "申请" in text
        ]


def test_a_long_explanation_in_brackets_keeps_its_row(tmp_path):
    said = "（" + "行政机关制定发布的涉及公民权利义务的公文，" * 12 + "）"
    text = f"信息内容\t本年制发件数\t现行有效件数\n规范性文件{said}\t4\t9{said}\n"
    assert tables(from_text(tmp_path, text))[0][1] == [f"规范性文件{said}", "4", f"9{said}"]


def test_a_word_that_stands_in_two_figure_cells_is_no_merged_cell(tmp_path):
    text = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t不涉及\t不涉及\t不涉及\n"
    assert tables(from_text(tmp_path, text))[0][1] == ["规章", "不涉及", "不涉及", "不涉及"]


def test_a_cell_with_two_figures_does_not_undo_a_table_of_comma_separated_values(tmp_path):
    rows = [
        "项目,自然人,商业企业,科研机构,总计",
        "一、本年新收,12 13,9,1,22",
        "二、上年结转,2,1,0,3",
        "四、结转下年度,1,0,0,1",
    ]
    (table,) = tables(from_text(tmp_path, "\n".join(rows) + "\n"))
    assert table[1] == ["一、本年新收", "12 13", "9", "1", "22"]


def test_where_a_rule_without_end_bars_counts_the_columns_a_bar_at_the_end_parts_an_empty_cell(tmp_path):
    text = " | 自然人 | 总计\n---|---|---\n一、本年新收 | 3 | 3\n二、上年结转 | 2 | \n | | \n三 | 4 | 5"
    assert tables(from_text(tmp_path, text)) == [
        [
            ["", "自然人", "总计"],
            ["一、本年新收", "3", "3"],
            ["二、上年结转", "2", ""],
            ["三", "4", "5"],
        ]
    ]


def test_a_column_of_table_two_that_is_written_out_is_one_under_the_columns_of_another_block_too(tmp_path):
    text = (
        "|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|---|---|---|---|\n|规章|0|0|0|\n"
        "|信息内容|本年处理决定数量|本年处理决定数量|本年处理决定数量|\n|行政许可|741|741|741|\n"
    )
    assert tables(from_text(tmp_path, text))[0][2:] == [["信息内容", "本年处理决定数量"], ["行政许可", "741"]]


def test_a_row_of_dashes_further_down_is_no_rule(tmp_path):
    text = "| 行政复议 | |\n|---|---|\n| 结果维持 | 总计 |\n| - | - |\n| 复议后起诉 | |\n"
    assert tables(from_text(tmp_path, text))[0][1:3] == [["结果维持", "总计"], ["-", "-"]]


def test_a_label_with_its_groups_number_in_front_stays_in_its_table_without_figures(tmp_path):
    text = "项目\t自然人\t总计\n（三）3.危及\t1\t1\n（三）不予公开4.保护第三方\n（三）5.三类\t2\t2\n"
    assert [row[0] for row in tables(from_text(tmp_path, text))[0]][2] == "（三）不予公开4.保护第三方"
