"""Statutory tables in other shapes than the form's: read as they are meant, or named, never shifted."""

import zipfile

import made_up_report
import pytest
from test_tables import HEADER, OUTCOMES, REQUESTS, disputes_rows, grid, line, raws, requests_rows

from crossfoot import readers
from crossfoot.audit import audit
from crossfoot.tables import place


def test_a_row_shifted_to_the_left_is_read_by_its_order():
    rows = requests_rows()
    label, *figures = rows[15]
    # the row lacks a cell left of its label, so that all of it moves one column to the left
    rows[15] = [(label[0], 1, 1), *((text, at - 1, 1) for text, at, _ in figures), ("", 9, 1)]
    placement = place([grid(rows)], "2019")
    assert raws(placement, REQUESTS.rows[14].code) == [text for text, _, _ in figures]
    assert not placement.leftovers and not placement.unclear


def test_a_shifted_row_with_too_many_cells_is_not_guessed():
    rows = requests_rows()
    label, *figures = rows[15]
    rows[15] = [(label[0], 1, 1), *((text, at - 1, 1) for text, at, _ in figures), ("5", 9, 1)]
    placement = place([grid(rows)], "2019")
    code = REQUESTS.rows[14].code
    assert {f"requests:{code}/{c.code}" for c in REQUESTS.columns} <= set(placement.unclear)
    assert not any(f"requests:{code}/" in name for name in placement.readings)


def test_a_column_of_line_numbers_beside_the_labels_shifts_nothing():
    rows = [[("", 0, 3), ("行次", 3, 1), *((label, 4 + i, 1) for i, label in enumerate(HEADER))]]
    for number, row in enumerate(REQUESTS.rows[:6]):
        figures = [str(100 * number + i) for i in range(7)]
        rows.append([*line(row.label, [str(number + 1)]), *((t, 4 + i, 1) for i, t in enumerate(figures))])
    placement = place([grid(rows)], "2019")
    assert raws(placement, "granted") == [str(200 + i) for i in range(7)]


def disputes(values):
    rows = ("review", "direct", "after_review")
    columns = ("upheld", "corrected", "other", "pending", "total")
    names = [f"disputes:{row}/{column}" for row in rows for column in columns]
    return dict(zip(names, values, strict=True))


def read(placement):
    return {name: reading.raw for name, reading in placement.readings.items()}


VALUES = [str(n) for n in range(20, 35)]


def test_a_table_four_of_fifteen_rows_is_read_by_their_order():
    rows = [[("行政复议", 0, 2), (OUTCOMES[0], 2, 1), (VALUES[0], 3, 1)]]
    rows += [[(OUTCOMES[i % 5], 2, 1), (VALUES[i], 3, 1)] for i in range(1, 15)]
    assert read(place([grid(rows)], "2021")) == disputes(VALUES)


def test_a_table_four_of_rows_without_one_label_is_not_read():
    rows = [[("行政复议", 0, 2), (OUTCOMES[0], 2, 1), (VALUES[0], 3, 1)]]
    rows += [[(OUTCOMES[i % 5], 2, 1), (VALUES[i], 3, 1)] for i in range(1, 15) if i != 7]
    assert not read(place([grid(rows)], "2021"))


def test_headings_of_table_four_written_out_in_every_row_count_once():
    rows = disputes_rows([VALUES])
    rows[2] = [(text, i, 1) for i, text in enumerate(OUTCOMES * 3)]
    assert read(place([grid(rows)], "2021")) == disputes(VALUES)


def html_table(rows):
    cells = ["".join(f'<td colspan="{span}">{text}</td>' for text, _, span in row) for row in rows]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def html_report(tmp_path, body):
    path = tmp_path / "report.html"
    title = "某某市教育局2020年政府信息公开工作年度报告"
    path.write_text(f"<html><body><h1>{title}</h1>{body}</body></html>", encoding="utf-8")
    return path


NOUGHTS = {row.code: ["0"] * 7 for row in REQUESTS.rows}


def test_a_table_that_a_page_holds_twice_is_read_once(tmp_path):
    both = html_table(requests_rows(NOUGHTS)) + html_table(disputes_rows([["0"] * 15]))
    plain = audit(html_report(tmp_path, both))
    twice = audit(html_report(tmp_path, f'<div class="pc">{both}</div><div class="mobile">{both}</div>'))
    assert [(t.problem, t.cells) for t in twice.problems] == [(t.problem, t.cells) for t in plain.problems]
    assert len(twice.findings) == len(plain.findings)
    assert twice.facts["value"].equals(plain.facts["value"])
    assert len(twice.claims) == len(plain.claims)


def test_a_second_table_that_differs_in_one_figure_is_named(tmp_path):
    changed = NOUGHTS | {"new": ["1", *["0"] * 6]}
    body = html_table(requests_rows(NOUGHTS)) + html_table(requests_rows(changed))
    assert "leftover" in {t.problem for t in audit(html_report(tmp_path, body)).problems}


def test_cells_that_are_no_table_elements_are_read_by_their_order(tmp_path):
    def cells(row):
        return "".join(f"<div>{text}</div>" for text, _, _ in row)

    head = "<div>自然人</div><div>法人或其他组织</div><div>总计</div>" + cells(
        [(t, 0, 1) for t in HEADER[1:-1]]
    )
    body = head + "".join(f"<div>{cells(row)}</div>" for row in requests_rows()[1:])
    document = readers.read(html_report(tmp_path, body))
    for name in ("lxml", "tokens"):
        placement = place(document.grids[name], "2019")
        assert raws(placement, "denied.third_party") == [str(700 + i) for i in range(7)]
        assert raws(placement, "carried_out") == [f"9{i}" for i in range(7)]


@pytest.mark.parametrize(
    ("head", "raw", "value"),
    [
        ("采购总金额（万元）", "356.78", 3567800.0),
        ("采购总金额（单位：元）", "356.78", 356.78),
        ("采购总金额", "1.2亿元", 120000000.0),
    ],
)
def test_the_unit_that_a_heading_prints_in_brackets_counts(tmp_path, head, raw, value):
    rows = [[("信息内容", 0, 1), ("采购项目数量", 1, 1), (head, 2, 1)]]
    rows.append([("政府集中采购", 0, 1), ("3", 1, 1), (raw, 2, 1)])
    other = [[("信息内容", 0, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 1)]]
    other.append([("行政事业性收费", 0, 1), ("3", 1, 1), ("0", 2, 1)])
    facts = audit(html_report(tmp_path, html_table(other) + html_table(rows))).facts
    cell = facts[(facts["row"] == "procurement") & (facts["column"] == "amount")]
    assert cell["value"].tolist() == [value]


def test_one_grid_that_holds_all_tables_loses_no_number(tmp_path):
    requests = requests_rows(NOUGHTS | {"new": [str(i) for i in range(7)]})
    body = html_table([*requests, *disputes_rows([VALUES])])
    result = audit(html_report(tmp_path, body))
    assert "lost" not in {t.problem for t in result.problems}
    assert dict(zip(result.extraction["table"], result.extraction["lost"], strict=True))["disputes"] == 0


def test_rows_in_another_order_keep_their_own_figures():
    rows = requests_rows()
    rows[1], rows[2] = rows[2], rows[1]
    placement = place([grid(rows)], "2019")
    assert raws(placement, "new") == [str(i) for i in range(7)]
    assert raws(placement, "carried_in") == [str(100 + i) for i in range(7)]


def test_columns_in_another_order_are_told_by_their_head():
    rows = requests_rows()
    order = [6, *range(6)]
    rows = [[row[0], *((row[1 + i][0], 3 + at, 1) for at, i in enumerate(order))] for row in rows]
    placement = place([grid(rows)], "2019")
    assert raws(placement, "granted") == [str(200 + i) for i in range(7)]


def test_a_column_that_the_table_lacks_is_absent_and_shifts_no_other():
    rows = [[*row[:3], *((text, at - 1, span) for text, at, span in row[4:])] for row in requests_rows()]
    placement = place([grid(rows)], "2019")
    found = {name: r.raw for name, r in placement.readings.items() if name.startswith("requests:granted/")}
    assert found.pop("requests:granted/total") == "206"
    assert "requests:granted/research" not in found and len(found) == 5
    assert found["requests:granted/public_interest"] == "203"


def test_a_head_that_contradicts_the_order_of_seven_cells_is_not_overruled():
    rows = requests_rows()
    rows[0] = [rows[0][0], *((text, 3 + at, 1) for at, text in enumerate(["甲", *HEADER[:4], "乙", "丙"]))]
    placement = place([grid(rows)], "2019")
    assert not any(name.startswith("requests:new/") for name in placement.readings)
    assert "requests:new/natural_person" in placement.unclear


def test_a_label_that_repeats_its_group_is_known():
    rows = requests_rows()
    for number, row in enumerate(REQUESTS.rows[:21], start=1):
        if row.group.startswith("（"):
            rows[number][0] = (f"{row.group}：{row.label}", 0, 3)
    placement = place([grid(rows)], "2019")
    assert raws(placement, "denied.state_secret") == [str(400 + i) for i in range(7)]
    assert not placement.leftovers


def test_an_absent_row_beside_one_that_could_not_be_told_is_in_doubt_and_breaks_no_sum(tmp_path):
    values = NOUGHTS | {"denied.third_party": ["3", *["0"] * 5, "3"], "granted": ["1", *["0"] * 5, "1"]}
    values |= {"new": ["4", *["0"] * 5, "4"], "handled": ["4", *["0"] * 5, "4"]}
    rows = requests_rows(values)
    rows[8][0] = ("甲乙丙丁戊己", 0, 3)
    result = audit(html_report(tmp_path, html_table(rows)))
    cells = result.facts[result.facts["row"] == "denied.third_party"]
    assert set(cells["status"]) == {"unread"}
    published = result.findings[result.findings["kind"] == "published"]
    assert list(published.merge(result.finding_checks)["check"]) == ["rows_missing:disclosure"]
    assert {t.problem for t in result.problems} >= {"leftover", "unreadable"}


MARKS = [
    ("12<sup>1</sup>", 12.0, "number"),
    ("<span>12</span><sup>注</sup>", 12.0, "number"),
    ("<del>16</del>12", None, "unread"),
    ('<span style="text-decoration:line-through">16</span>12', None, "unread"),
    ("<sup>12</sup>", 12.0, "number"),
]


@pytest.mark.parametrize(("cell", "value", "status"), MARKS)
def test_a_note_is_no_digit_and_a_struck_figure_is_not_guessed(tmp_path, cell, value, status):
    body = html_table(requests_rows(NOUGHTS | {"granted": [cell, *["0"] * 6]}))
    result = audit(html_report(tmp_path, body))
    fact = result.facts[(result.facts["row"] == "granted") & (result.facts["column"] == "natural_person")]
    assert fact["status"].tolist() == [status] and fact["agreed"].all()
    assert fact["value"].dropna().tolist() == ([value] if value is not None else [])
    assert ("unreadable" in {t.problem for t in result.problems}) == (value is None)


@pytest.mark.parametrize(
    ("properties", "status", "value"),
    [("<w:vertAlign w:val='superscript'/>", "number", 12.0), ("<w:strike/>", "unread", None)],
)
def test_so_in_word_files(tmp_path, properties, status, value):
    def runs(text):
        mark = text.endswith("*")
        more = f"<w:r><w:rPr>{properties}</w:rPr><w:t>1</w:t></w:r>" if mark else ""
        return f"<w:tc><w:p><w:r><w:t>{text.rstrip('*')}</w:t></w:r>{more}</w:p></w:tc>"

    rows = requests_rows(NOUGHTS | {"granted": ["12*", *["0"] * 6]})
    body = "".join("<w:tr>" + "".join(runs(text) for text, _, _ in row) + "</w:tr>" for row in rows)
    path = tmp_path / "report.docx"
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body><w:tbl>{body}</w:tbl></w:body></w:document>',
        )
    result = audit(path)
    fact = result.facts[result.facts["cell"] == "requests:granted/natural_person"]
    seen = result.readings.loc[result.readings["cell"].isin(fact["cell"]), "reader"]
    assert fact["status"].tolist() == [status] and seen.tolist() == ["docx-xml", "python-docx"]
    assert fact["value"].dropna().tolist() == ([value] if value is not None else [])


def two_sets(above):
    """Table 三 with two sets of columns side by side, and what is printed above each."""
    doubled = [
        [*row, *((f"9{text}" if text.isdigit() else text, at + 7, 1) for text, at, _ in row[1:])]
        for row in requests_rows()
    ]
    return [[("", 0, 3), (above[0], 3, 7), (above[1], 10, 7)], *doubled]


def test_of_two_sets_of_columns_the_one_under_the_latest_year_is_read():
    older_first = place([grid(two_sets(("2021年", "2022年")))], "2019")
    newer_first = place([grid(two_sets(("2022年", "2021年")))], "2019")
    assert raws(older_first, "granted") == [f"9{200 + i}" for i in range(7)]
    assert raws(newer_first, "granted") == [f"{200 + i}" for i in range(7)]


def test_of_two_sets_of_columns_that_tell_no_year_none_is_guessed():
    placement = place([grid(two_sets(("本年度", "上年度")))], "2019")
    assert not placement.readings
    assert "requests:granted/total" in placement.unclear


def test_a_row_of_text_that_lost_leading_cells_is_not_laid_under_the_header():
    header = [("", 0, 1), ("", 1, 1), *((label, 2 + i, 1) for i, label in enumerate(HEADER))]
    rows = [
        header,
        [("一、本年新收政府信息公开申请数量", 0, 1), ("", 1, 1), *((str(i), 2 + i, 1) for i in range(7))],
        # the line begins with its label, which stands in the second column: all is one to the left
        [("1.属于国家秘密", 0, 1), ("", 1, 1), *(("", 2 + i, 1) for i in range(4)), ("", 6, 1), ("5", 7, 1)],
    ]
    placement = place([grid(rows, ragged=True)], "2019")
    assert placement.readings["requests:new/total"].raw == "6"
    assert not any("state_secret" in name for name in placement.readings)
    assert "requests:denied.state_secret/other_org" in placement.unclear


WORDS = ["不涉及", "约12", "N/A", "∞", "没有发生"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("row", ["new", "denied.state_secret", "other", "handled"])
def test_a_word_among_the_figures_is_no_part_of_the_label(word, row):
    for printed in ([word, *"123456"], [word] * 7, ["1", word, *"23456"]):
        for ragged in (False, True):
            placement = place([grid(requests_rows({row: printed}), ragged=ragged)], "2019")
            assert raws(placement, row) == printed
            assert len(placement.readings) == 23 * 7
            assert not placement.unclear and not placement.leftovers


def test_a_word_that_is_worded_as_a_label_stands_under_its_column():
    placement = place([grid(requests_rows({"granted": ["其他", *"123456"]}))], "2019")
    assert raws(placement, "granted") == ["其他", *"123456"]


@pytest.mark.parametrize("suffix", ["txt", "html", "docx"])
def test_wordings_of_real_reports_are_read_in_every_format(tmp_path, suffix):
    said = "（" + "制定发布的涉及公民、法人权利义务的公文，" * 10 + "）"
    wordings = {
        "规章": "规章（设区的市、自治州人民政府应提供相关数据）", "规范性文件": f"规范性文件{said}",
        "本年废止件数": "本年失效件数", "一、本年新收政府信息公开申请数量": "一、本年新收", "自然人": "公民",
        "二、上年结转政府信息公开申请数量": "二、上年結轉政府信息公開申請數量", "总计": "總計",
        "3.其他": "3.其他（撤回等）",
    }  # fmt: skip
    printed = made_up_report.figures()
    made = {
        code: [[wordings.get(cell, cell) for cell in row] for row in rows]
        for code, rows in made_up_report.rows(printed).items()
    }
    path = tmp_path / f"report.{suffix}"
    said = made_up_report.prose(printed)
    if suffix == "docx":
        made_up_report.save_docx(path, made, said)
    else:
        write = made_up_report.as_text if suffix == "txt" else made_up_report.as_html
        path.write_text(write(made, said), encoding="utf-8")
    facts = audit(path).facts
    assert dict(zip(facts["cell"], facts["raw"], strict=True)) == printed
    assert "absent" not in set(facts["status"])


def test_rows_that_each_are_a_table_with_made_up_heads_are_read_by_their_place_but_for_the_total(tmp_path):
    printed = made_up_report.figures()
    head = (
        "| 类别 | 数据1 | 数据2 | 数据3 | 数据4 | 数据5 | 数据6 | 总计 |\n|---|---|---|---|---|---|---|---|"
    )
    other = "| 项目 | 本年新收件数 | 上年结转件数 | 予以公开 | 部分公开 | 不予公开 | 结转下年度 | 总计 |"
    rows = made_up_report.rows(printed)["requests"][1:]
    parts = [
        f"### {row[0]}\n{other + chr(10) + '|---|---|' if n == 20 else head}\n| {' | '.join(row)} |"
        for n, row in enumerate(rows)
    ]
    outcomes = "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n|---|---|---|---|---|"
    figures = made_up_report.rows(printed)["disputes"][2]
    for n, heading in enumerate(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")):
        parts.append(f"### {heading}\n{outcomes}\n| {' | '.join(figures[5 * n : 5 * n + 5])} |")
    path = tmp_path / "report.md"
    path.write_text(f"{made_up_report.title()}\n\n" + "\n\n".join(parts), encoding="utf-8")
    placement = place(readers.read(path).grids["text"], "2021", readers.read(path))
    read = {name: reading.raw for name, reading in placement.readings.items()}
    assert read == {name: raw for name, raw in printed.items() if not name.startswith("disclosure:")}
    assert not placement.unclear and not placement.leftovers
    by_label = {name for name, reading in placement.readings.items() if reading.by_label}
    assert by_label == {n for n in read if n.startswith("disputes:") or n.endswith("/total")}
