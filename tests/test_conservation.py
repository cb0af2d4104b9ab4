"""Every number printed inside a table ends in one fact, or is named."""

import pandas as pd
import pytest

from crossfoot.conservation import conserve, divide
from crossfoot.document import Cell, Document, Grid, Line
from crossfoot.tables import Placement
from crossfoot.texts import same
from crossfoot.troubles import Trouble


def document(*texts):
    lines, start = [], 0
    for n, text in enumerate(texts):
        lines.append(Line(start, start + len(text), 1, (0.0, 10.0 * n, 100.0, 10.0 * n + 10)))
        start += len(text) + 1
    return Document("r.pdf", "", 1, "\n".join(texts), tuple(lines))


def facts(*raws):
    return pd.DataFrame({"table": "requests", "raw": list(raws), "page": 1})


def counts(frame):
    (row,) = frame.to_dict("records")
    return row["printed"], row["in_facts"], row["left_over"], row["lost"]


def test_lines_inside_a_tables_area_are_not_prose():
    placement = Placement()
    placement.areas.append(("requests", Grid((Cell("", 0, 10, 100, 20, ""),), 1)))
    inside, prose = divide(document("共收到96件", "1.属于国家秘密 1 0", "结转2件"), {"a": placement})
    assert [line.start for line in inside["requests"]] == [7]
    assert len(prose) == 2


def test_labels_with_numbers_are_not_figures():
    report = document("1.属于国家秘密 1 0 12", "3. 补正后申请内容仍不明确 5", "第二十条第（一）项")
    table, lost = conserve(report, {"requests": report.lines}, facts("1", "0", "12", "5"), [])
    assert counts(table) == (4, 4, 0, 0) and not lost


def test_a_number_that_ended_in_no_cell_is_named_with_its_line():
    report = document("2.没有现成信息需要另行制作 3 0 3")
    table, lost = conserve(report, {"requests": report.lines}, facts("0", "3"), [])
    assert counts(table) == (3, 2, 0, 1)
    assert "'3'" in lost[0].detail and "没有现成信息" in lost[0].detail and lost[0].page == 1


def test_a_named_leftover_is_not_lost():
    report = document("（零）网上公示 7")
    named = Trouble("leftover", (), same("a reads 7 beside a label"), ("7", "（零）网上公示"))
    table, lost = conserve(report, {"requests": report.lines}, facts(""), [named])
    assert counts(table) == (1, 0, 1, 0) and not lost


def test_figures_printed_without_a_gap_are_not_lost():
    report = document("（七）总计 21 00")
    table, lost = conserve(report, {"requests": report.lines}, facts("21", "0", "0"), [])
    assert counts(table)[3] == 0 and not lost


@pytest.mark.parametrize("raw", ["1.2036 亿元", "55（含自然失效29件）", "1,234"])
def test_units_and_remarks_go_with_their_number(raw):
    report = document(f"政府集中采购 {raw}")
    assert counts(conserve(report, {"requests": report.lines}, facts(raw), [])[0])[3] == 0
