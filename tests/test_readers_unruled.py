"""Tables that draw no rules, in PDF and in text: read where places or order tell, named where they do not."""

import made_up_report
import pytest
from pdf_drawing import Page, pdf

from crossfoot import readers
from crossfoot.audit import audit
from crossfoot.forms import tables
from crossfoot.readers import pdf as reader
from crossfoot.tables import place

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
EDGES = [250, 295, 340, 385, 430, 475, 520]
FORM = tables("2021")["requests"]
SINGLE = [row for row in FORM.rows if not row.code.startswith("other.")]


def figures(number, columns=7):
    """Seven figures that no other row has, and that no column has twice."""
    return [str(100 * (number + 1) + i) for i in range(columns)]


def draw_row(page, top, label, texts, size=9.0):
    """A label of one line or more and its figures, on the height of the label's middle."""
    lines = label.split("\n")
    for number, line in enumerate(lines):
        page.text(60, top + 1.2 * size * number, line, size)
    middle = top + 1.2 * size * (len(lines) - 1) / 2
    for x, text in zip(EDGES, texts, strict=True):
        page.text(x + 12 - 2.5 * len(text), middle, text, size)
    return top + 1.2 * size * len(lines) + 4


def draw_head(page, top):
    for x, label in zip(EDGES, HEADS, strict=True):
        half = (len(label) + 1) // 2 if len(label) > 4 else len(label)
        page.text(x, top, label[:half], 9.0)
        page.text(x, top + 10.8, label[half:], 9.0)
    return top + 26


def unruled(printed, break_after=None, wrap=12):
    """A PDF of table 三 without a rule; `printed` gives each row's seven texts, by code."""
    pages = [Page()]
    top = draw_head(pages[0], 90)
    for number, row in enumerate(SINGLE):
        if number == break_after:
            pages.append(Page())
            top = 80
        label = "\n".join(row.label[i : i + wrap] for i in range(0, len(row.label), wrap))
        top = draw_row(pages[-1], top, label, printed(number, row.code))
    pages[-1].text(60, top + 20, "五、存在的主要问题及改进情况", 12.0)
    return pdf(*pages)


def read(tmp_path, data):
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    return reader.read(path, data)


def raws(document, name):
    placement = place(document.grids[name], "2021")
    return {cell: reading.raw for cell, reading in placement.readings.items()}


def expected(printed):
    return {
        f"requests:{row.code}/{column.code}": text
        for number, row in enumerate(SINGLE)
        for column, text in zip(FORM.columns, printed(number, row.code), strict=True)
    }


@pytest.mark.parametrize("break_after", [None, 1, 11, 19])
def test_both_readers_read_every_figure_of_a_table_without_rules(tmp_path, break_after):
    document = read(tmp_path, unruled(lambda number, _: figures(number), break_after))
    for name in ("tabula", "pdfium"):
        found = raws(document, name)
        assert {cell: found[cell] for cell in expected(lambda n, _: figures(n))} == expected(
            lambda n, _: figures(n)
        )


def test_blank_cells_stay_blank_and_shift_no_figure(tmp_path):
    def printed(number, code):
        full = code in ("new", "handled")
        return [t if full or (i + number) % 3 == 0 else "" for i, t in enumerate(figures(number))]

    document = read(tmp_path, unruled(printed))
    assert raws(document, "pdfium").items() >= expected(printed).items()
    second = raws(document, "tabula")
    assert second and all(expected(printed)[cell] == raw for cell, raw in second.items())


def test_a_row_without_any_figure_is_blank_and_not_absent(tmp_path):
    def printed(number, code):
        return [""] * 7 if code == "not_processed.repeated" else figures(number)

    found = raws(read(tmp_path, unruled(printed)), "pdfium")
    assert found["requests:not_processed.repeated/total"] == ""
    assert (
        found["requests:not_processed.publication/total"]
        == expected(printed)["requests:not_processed.publication/total"]
    )


def test_a_figure_between_two_columns_is_not_guessed(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:2]):
        top = draw_row(page, top, row.label, figures(number))
    page.text(60, top, SINGLE[2].label, 9.0)
    page.text((EDGES[1] + EDGES[2]) / 2 + 9, top, "555555", 9.0)
    document = read(tmp_path, pdf(page))
    placement = place(document.grids["pdfium"], "2021")
    for column in ("enterprise", "research"):
        assert f"requests:granted/{column}" in placement.unclear
        assert f"requests:granted/{column}" not in placement.readings


def test_a_page_number_below_a_blank_row_of_disputes_is_no_figure(tmp_path):
    page = Page()
    for kind in range(3):
        for index, label in enumerate(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]):
            x = 40 + 34 * (5 * kind + index)
            page.text(x, 100, label[:2], 9.0)
            page.text(x, 111, label[2:], 9.0)
    page.text(300, 800, "7", 9.0)
    placement = place(read(tmp_path, pdf(page)).grids["pdfium"], "2021")
    assert not placement.readings


def test_a_watermark_across_a_ruled_table_is_no_part_of_its_cells(tmp_path):
    page = Page()
    columns = [60, 250, 295, 340, 385, 430, 475, 520, 565]
    heights = [80 + 24 * i for i in range(7)]
    for y in heights:
        page.line(columns[0], y, columns[-2], y)
    for x in columns[:-1]:
        page.line(x, heights[0], x, heights[-1])
    rows = [["", *HEADS[:6]], *([row.label, *figures(n)[:6]] for n, row in enumerate(SINGLE[:5]))]
    for y, row in zip(heights, rows, strict=False):
        for x, text in zip(columns, row, strict=False):
            page.text(x + 2, y + 15, text, 7.0)
    page.parts.append("BT /F1 30 Tf 0.8 0.6 -0.6 0.8 120 600 Tm (20222022202220222022) Tj ET")
    plain = Page(parts=page.parts[:-1])
    marked, clean = read(tmp_path, pdf(page)), read(tmp_path, pdf(plain))
    texts = [[cell.text for grid in d.grids["pdfium"] for cell in grid.cells] for d in (marked, clean)]
    assert texts[0] == texts[1] and any(texts[0])


def test_a_frame_and_lines_between_rows_are_no_columns(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    page.frame(55, 80, 565, 400)
    for number, row in enumerate(SINGLE[:6]):
        page.line(55, top - 12, 565, top - 12)
        top = draw_row(page, top, row.label, figures(number))
    document = read(tmp_path, pdf(page))
    for name in ("tabula", "pdfium"):
        found = raws(document, name)
        assert found["requests:granted/total"] == "306" and found["requests:new/natural_person"] == "100"


def test_figures_too_long_for_their_column_go_on_below(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:4]):
        texts = figures(number)
        if number == 2:
            page.text(EDGES[6] + 8, top - 5, "98", 9.0)
            page.text(EDGES[6] + 8, top + 5, "76", 9.0)
            texts[6] = ""
        top = draw_row(page, top, row.label, texts) + 6
    found = raws(read(tmp_path, pdf(page)), "pdfium")
    assert "".join(found["requests:granted/total"].split()) == "9876"
    assert found["requests:granted/natural_person"] == "300"
    assert found["requests:partly_granted/total"] == "406"


def test_a_small_raised_figure_is_the_mark_of_a_note(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:4]):
        if number == 2:
            page.text(EDGES[0] + 12 - 7.5 + 15.2, top - 4, "1", 5.5)
        top = draw_row(page, top, row.label, figures(number))
    found = raws(read(tmp_path, pdf(page)), "pdfium")
    assert found["requests:granted/natural_person"] == "300[1]"
    assert found["requests:granted/enterprise"] == "301"


@pytest.mark.parametrize("upright", ["first", "middle", "last"])
def test_figures_stand_on_any_line_of_their_label(tmp_path, upright):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:10]):
        lines = [row.label[i : i + 6] for i in range(0, len(row.label), 6)]
        for place_, line in enumerate(lines):
            page.text(60, top + 11 * place_, line, 9.0)
        at = {"first": 0, "middle": (len(lines) - 1) / 2, "last": len(lines) - 1}[upright]
        for x, text in zip(EDGES, figures(number), strict=True):
            page.text(x + 12 - 2.5 * len(text), top + 11 * at, text, 9.0)
        top += 11 * len(lines) + 5
    found = raws(read(tmp_path, pdf(page)), "pdfium")
    wanted = expected(lambda n, _: figures(n))
    codes = {row.code for row in SINGLE[:10]}
    assert found == {cell: raw for cell, raw in wanted.items() if cell[9:].split("/")[0] in codes}


def test_a_head_of_table_four_at_the_foot_of_a_page_belongs_to_the_figures_on_the_next(tmp_path):
    pages = [Page(), Page()]
    for kind in range(3):
        for index, label in enumerate(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]):
            x = 40 + 34 * (5 * kind + index)
            pages[0].text(x, 750, label[:2], 9.0)
            pages[0].text(x, 761, label[2:], 9.0)
            pages[1].text(x + 4, 90, str(20 + 5 * kind + index), 9.0)
    pages[1].text(60, 130, "五、存在的主要问题及改进情况", 12.0)
    document = read(tmp_path, pdf(*pages))
    for name in ("tabula", "pdfium"):
        assert sorted(raws(document, name).values()) == [str(n) for n in range(20, 35)]


# text ----------------------------------------------------------------------------------------------------


def lines_of(printed):
    return [(row.label, printed(number, row.code)) for number, row in enumerate(SINGLE)]


def text_report(tmp_path, lines):
    path = tmp_path / "report.txt"
    head = "某某市教育局2022年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
    path.write_text(head + "\n".join(lines) + "\n五、存在的主要问题\n没有。\n", encoding="utf-8")
    return readers.read(path)


@pytest.mark.parametrize(
    ("apart", "within"), [(" ", "\n"), ("\n", "\n")], ids=["a row a line", "a cell a line"]
)
def test_text_with_a_figure_for_every_column_is_read_by_its_order(tmp_path, apart, within):
    head = "申请人情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他"
    rows = [apart.join([label, *texts]) for label, texts in lines_of(lambda n, _: figures(n))]
    document = text_report(tmp_path, [head.replace("\n", within), *rows])
    assert raws(document, "text").items() >= expected(lambda n, _: figures(n)).items()


def test_text_that_lost_its_blank_cells_is_said_and_not_guessed(tmp_path):
    head = " ".join(["自然人", "法人或其他组织", *HEADS[1:]])
    rows = [f"{label} 1 2" for label, _ in lines_of(lambda n, _: figures(n))]
    document = text_report(tmp_path, [head, *rows])
    placement = place(document.grids["text"], "2021")
    assert not placement.readings
    assert set(placement.unclear) == set(expected(lambda n, _: figures(n)))


def test_text_in_columns_of_spaces_keeps_its_blanks(tmp_path):
    def printed(number, code):
        return ["" if (i + number) % 2 else t for i, t in enumerate(figures(number))]

    def line(label, texts):
        width = sum(2 if ch > "\x7f" else 1 for ch in label)
        return label + " " * (110 - width) + "".join(f"{t:<14}" for t in texts)

    head = " " * 110 + "".join(t + " " * (14 - 2 * len(t)) for t in HEADS)
    document = text_report(tmp_path, [head, *(line(label, texts) for label, texts in lines_of(printed))])
    assert raws(document, "text").items() >= expected(printed).items()


def test_comma_separated_values_are_rows(tmp_path):
    rows = [
        ",".join(["", *HEADS]),
        *(",".join([label, *t]) for label, t in lines_of(lambda n, _: figures(n))),
    ]
    document = text_report(tmp_path, rows)
    assert raws(document, "text").items() >= expected(lambda n, _: figures(n)).items()


def test_figures_with_separators_are_not_cut_at_their_commas(tmp_path):
    def printed(number, code):
        return [f"{1000 * (number + 1) + i:,}" for i in range(7)]

    head = " ".join(["自然人", "法人或其他组织", *HEADS[1:]])
    document = text_report(tmp_path, [head, *(" ".join([label, *t]) for label, t in lines_of(printed))])
    assert raws(document, "text").items() >= expected(printed).items()


def test_a_whole_audit_of_an_unruled_report_has_two_readers_and_no_extraction_finding(tmp_path):
    path = tmp_path / "report.pdf"
    sums = dict.fromkeys((row.code for row in SINGLE), ["0"] * 7)
    sums |= {"new": ["1", "2", "3", "4", "5", "6", "21"]}
    sums |= {"granted": sums["new"], "handled": sums["new"]}
    path.write_bytes(unruled(lambda _, code: sums[code]))
    result = audit(path)
    rows = result.facts[result.facts["table"] == "requests"]
    seen = result.readings.groupby("cell")["reader"].agg("+".join)
    assert set(seen[rows["cell"]]) == {"tabula+pdfium"}
    assert not result.problems
    assert set(result.finding_checks["check"]) == {"rows_missing:disclosure", "rows_missing:disputes"}


def test_text_sorted_by_height_with_labels_around_their_figures_is_read(tmp_path):
    """As pdfplumber and pdftotext give tables: heads cut into lines, figures in the middle of their label."""
    lines = ["自然 法人或其他组织", "总", "商业 科研 社会公 法律服 其", "人 计", "企业 机构 益组织 务机构 他"]
    for number, row in enumerate(SINGLE):
        cut = len(row.label) // 2 if len(row.label) > 16 else None
        texts = " ".join(figures(number))
        lines += [row.label[:cut], texts, row.label[cut:]] if cut else [f"{row.label} {texts}"]
    document = text_report(tmp_path, lines)
    assert raws(document, "text").items() >= expected(lambda n, _: figures(n)).items()


def test_text_whose_head_has_another_order_is_not_read(tmp_path):
    head = " ".join(["总计", *HEADS[:6]])
    rows = [" ".join([label, *texts]) for label, texts in lines_of(lambda n, _: figures(n))]
    assert not place(text_report(tmp_path, [head, *rows]).grids["text"], "2021").readings


@pytest.mark.parametrize("wide", [1, 2])
def test_spaces_count_by_the_width_that_puts_every_figure_under_a_column(tmp_path, wide):
    def shown(text):
        return sum(wide if ch > "\x7f" else 1 for ch in text)

    def line(label, texts):
        cells = "".join(t + " " * (16 - shown(t)) for t in texts)
        return label + " " * (100 - shown(label)) + cells

    def printed(number, code):
        return ["" if (i + number) % 2 else t for i, t in enumerate(figures(number))]

    document = text_report(tmp_path, [line("", HEADS), *(line(a, b) for a, b in lines_of(printed))])
    assert raws(document, "text").items() >= expected(printed).items()


_STOREYS = {
    "by rows": "行政复议 行政诉讼\n{0} 未经复议直接起诉 复议后起诉\n{0} {0}\n",
    "suits first": "行政诉讼 行政复议\n未经复议直接起诉 复议后起诉 {0}\n{0} {0}\n",
}


@pytest.mark.parametrize("order", _STOREYS)
def test_the_form_copied_cell_by_cell_is_read_by_the_words_of_its_heads(tmp_path, order):
    made = made_up_report.rows(made_up_report.figures())
    head = "申请人情况 总计\n自然人 法人或其他组织\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"
    three = head + "\n".join(" ".join(row) for row in made["requests"][1:])
    outcomes, figures = "结果维持 结果纠正 其他结果 尚未审结 总计", made["disputes"][2]
    printed = figures if order == "by rows" else [*figures[5:], *figures[:5]]
    four = _STOREYS[order].format(outcomes) + " ".join(printed)
    two = "\n".join(" ".join(filter(None, row)) for row in made["disclosure"])
    text = made_up_report.as_text(made, made_up_report.prose(made_up_report.figures()))
    for code, table in (("disclosure", two), ("requests", three), ("disputes", four)):
        text = text.replace("\n".join("\t".join(row) for row in made[code]), table)
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    result = audit(path)
    facts = result.facts
    assert dict(zip(facts["cell"], facts["raw"], strict=True)) == made_up_report.figures()
    assert set(facts["status"]) == {"number"} and result.findings.empty


def test_a_label_with_its_group_in_front_is_not_taken_for_the_next_rows(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:6]):
        label = f"{row.group}{row.label}" if row.code != "partly_granted" else row.label
        top = draw_row(page, top, label, [""] * 7 if row.code == "partly_granted" else figures(number))
    found = raws(read(tmp_path, pdf(page)), "pdfium")
    assert found["requests:granted/natural_person"] == figures(2)[0]
    assert not found["requests:partly_granted/natural_person"]


def test_figures_beside_the_end_of_a_label_are_not_the_next_rows(tmp_path):
    page = Page()
    top = draw_head(page, 90)
    for number, row in enumerate(SINGLE[:4]):
        top = draw_row(page, top, row.label, figures(number))
    page.text(60, top, "1.属于国家", 9.0)
    page.text(EDGES[0] + 9, top, "18", 9.0)
    page.text(60, top + 10.8, "秘密", 9.0)
    page.text(EDGES[0] + 9, top + 10.8, "7", 9.0)  # 187, too long for its column
    page.text(60, top + 21.6, "2.其他法律行政法规禁止公开", 9.0)
    found = raws(read(tmp_path, pdf(page)), "pdfium")
    assert found.get("requests:denied.other_law/natural_person", "") != "7"
