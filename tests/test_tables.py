"""Statutory tables found in grids: what a cell's place and label must and must not decide."""

from crossfoot.document import Cell, Document, Grid, Line
from crossfoot.forms import tables
from crossfoot.readers.running_text import running_lines
from crossfoot.tables import place

HEADER = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
REQUESTS = tables("2019")["requests"]


def grid(rows, page=None, ragged=False, top=0):
    """A grid from rows of (text, column, columns it spans)."""
    cells = [
        Cell(text, float(at), float(top + i), float(at + span), float(top + i + 1), f"r{i}c{at}")
        for i, row in enumerate(rows)
        for text, at, span in row
    ]
    return Grid(tuple(cells), page, 0.0, ragged)


def line(label, figures, at=0, label_span=3, start=3):
    return [(label, at, label_span - at), *((text, start + i, 1) for i, text in enumerate(figures))]


def requests_rows(values=None):
    """Every row of the form with its figures: `values` by row code, else the row's own number."""
    rows = [[("申请人情况", 0, 3), *((label, 3 + i, 1) for i, label in enumerate(HEADER))]]
    for number, row in enumerate(REQUESTS.rows[:21]):
        figures = (values or {}).get(row.code, [str(100 * number + i) for i in range(7)])
        rows.append(line(row.label, figures))
    for code in ("handled", "carried_out"):
        rows.append(line(REQUESTS.row(code).label, (values or {}).get(code, [f"9{i}" for i in range(7)])))
    return rows


def raws(placement, row):
    return [placement.readings[f"requests:{row}/{column.code}"].raw for column in REQUESTS.columns]


def test_every_figure_lands_in_its_row_and_column():
    placement = place([grid(requests_rows())], "2019")
    assert raws(placement, "new") == [str(i) for i in range(7)]
    assert raws(placement, "other") == [str(2000 + i) for i in range(7)]
    assert raws(placement, "carried_out") == [f"9{i}" for i in range(7)]
    assert not placement.leftovers and not placement.unclear


def test_a_table_broken_over_pages_without_a_second_header_goes_on():
    rows = requests_rows()
    placement = place([grid(rows[:9], page=1), grid(rows[9:], page=2)], "2019")
    assert raws(placement, "handled") == [f"9{i}" for i in range(7)]
    assert placement.readings["requests:carried_out/total"].page == 2


def test_a_label_that_a_page_break_cuts_in_two_is_one_row():
    rows = requests_rows()
    label = "5.要求行政机关确认或重新出具已获取信息"
    index = next(i for i, row in enumerate(rows) if row[0][0] == label)
    head = line(label[:11], ["7"] * 7)
    tail = line(label[11:], [""] * 7)
    placement = place([grid([*rows[:index], head], 1), grid([tail, *rows[index + 1 :]], 2)], "2019")
    assert raws(placement, "not_processed.reconfirm") == ["7"] * 7
    assert raws(placement, "other") == [str(2000 + i) for i in range(7)]


def test_an_unknown_extra_row_is_left_over_and_moves_no_other():
    rows = requests_rows()
    rows.insert(5, line("（零）网上公示的情形", ["6"] * 7))
    placement = place([grid(rows)], "2019")
    assert len(placement.leftovers) == 7
    assert "网上公示" in placement.leftovers[0].reason.words[0]
    assert raws(placement, "denied.state_secret") == [str(400 + i) for i in range(7)]


def test_a_figure_across_two_columns_is_not_guessed():
    rows = requests_rows()
    rows[1] = [("一、本年新收政府信息公开申请数量", 0, 3), ("5", 3, 2), *(("0", 5 + i, 1) for i in range(5))]
    placement = place([grid(rows)], "2019")
    assert "requests:new/natural_person" in placement.unclear
    assert "requests:new/enterprise" not in placement.readings
    assert placement.readings["requests:new/total"].raw == "0"


def test_a_second_table_in_the_same_file_is_left_over():
    rows = requests_rows()
    placement = place([grid(rows, 1), grid(requests_rows({"new": ["5"] * 7}), 2)], "2019")
    assert raws(placement, "new") == [str(i) for i in range(7)]
    assert len(placement.leftovers) == 23 * 7


def test_a_ragged_row_is_read_only_where_one_way_fits():
    header = [("", 0, 1), ("", 1, 1), *((label, 2 + i, 1) for i, label in enumerate(HEADER))]
    behind = [
        ("（七）总计", 0, 1),
        *((t, 1 + i, 1) for i, t in enumerate(["8", "", "", "", "", "", "8", "", ""])),
    ]
    under = [
        ("四、结转下年度继续办理", 0, 1),
        ("", 1, 1),
        *((t, 2 + i, 1) for i, t in enumerate(["1", "", "", "", "", "", "2"])),
    ]
    either = [
        ("一、本年新收政府信息公开申请数量", 0, 1),
        ("", 1, 1),
        *((t, 2 + i, 1) for i, t in enumerate(["", "3", "", "", "", "", ""])),
    ]
    placement = place([grid([header, either, behind, under], ragged=True)], "2019")
    assert placement.readings["requests:handled/natural_person"].raw == "8"
    assert placement.readings["requests:handled/total"].raw == "8"
    assert placement.readings["requests:carried_out/total"].raw == "2"
    assert "requests:new/enterprise" in placement.unclear
    assert "requests:new/natural_person" not in placement.readings


def test_three_rows_of_other_results_are_read_beside_their_heading():
    form = tables("2021")["requests"]
    rows = [[("", 0, 3), *((label, 3 + i, 1) for i, label in enumerate(HEADER))]]
    rows.append(line(form.row("new").label, ["1"] * 7))
    cells = list(grid(rows).cells)
    cells.append(Cell("（六）其他处理", 1.0, 2.0, 2.0, 5.0, ""))
    for i, code in enumerate(("other.not_corrected", "other.fee_unpaid", "other.else")):
        cells.append(Cell(form.row(code).label, 2.0, 2.0 + i, 3.0, 3.0 + i, ""))
        cells.extend(Cell(str(i + 4), 3.0 + j, 2.0 + i, 4.0 + j, 3.0 + i, "") for j in range(7))
    placement = place([Grid(tuple(cells), None)], "2021")
    assert [placement.readings[f"requests:{c}/total"].raw for c in ("other.not_corrected", "other.else")] == [
        "4",
        "6",
    ]
    assert "requests:other/total" not in placement.readings


OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总 计"]


def disputes_rows(figures):
    return [
        [("行政复议", 0, 5), ("行政诉讼", 5, 10)],
        [
            *((text, i, 1) for i, text in enumerate(OUTCOMES)),
            ("未经复议直接起诉", 5, 5),
            ("复议后起诉", 10, 5),
        ],
        [(text, 5 + i, 1) for i, text in enumerate(OUTCOMES * 2)],
        *([(text, i, 1) for i, text in enumerate(row)] for row in figures),
    ]


def test_the_fifteen_figures_of_disputes_stand_in_order():
    placement = place([grid(disputes_rows([[str(i) for i in range(15)]]))], "2021")
    assert placement.readings["disputes:review/total"].raw == "4"
    assert placement.readings["disputes:direct/upheld"].raw == "5"
    assert placement.readings["disputes:after_review/total"].raw == "14"


def test_figures_on_the_next_page_and_in_a_second_row_are_seen():
    rows = disputes_rows([[str(i) for i in range(15)], ["7"] * 15])
    placement = place([grid(rows[:3], 1), grid(rows[3:], 2)], "2021")
    assert placement.readings["disputes:review/upheld"].page == 2
    assert [leftover.text for leftover in placement.leftovers] == ["7"] * 15


def test_a_row_of_disputes_without_any_figure_is_blank_and_not_missing():
    placement = place([grid(disputes_rows([[""] * 15]))], "2021")
    assert len(placement.readings) == 15
    assert {reading.raw for reading in placement.readings.values()} == {""}


def test_a_block_of_disclosure_is_read_by_its_own_header():
    rows = [
        [("第二十条第（五）项", 0, 4)],
        [("信息内容", 0, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 1), ("处理决定数量", 3, 1)],
        [("行政许可", 0, 1), ("205", 1, 1), ("117", 2, 1), ("1233", 3, 1)],
        [("第二十条第（八）项", 0, 4)],
        [("信息内容", 0, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 2)],
        [("行政事业性收费", 0, 1), ("84", 1, 1), ("-14", 2, 2)],
    ]
    placement = place([grid(rows)], "2019")
    assert placement.readings["disclosure:licensing/decisions"].raw == "1233"
    assert placement.readings["disclosure:fees/change"].raw == "-14"
    assert not placement.leftovers


def test_a_header_split_otherwise_than_its_rows_is_read_by_order():
    rows = [
        [("信息内容", 0, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 2), ("处理决定数量", 4, 1)],
        [("行政许可", 0, 1), ("1", 1, 2), ("2", 3, 1), ("3", 4, 1)],
        [("其他对外管理服务事项", 0, 1), ("4", 1, 2), ("5", 3, 1), ("6", 4, 1)],
    ]
    placement = place([grid(rows)], "2019")
    read = {name.partition(":")[2]: reading.raw for name, reading in placement.readings.items()}
    assert read["licensing/change"] == "2" and read["other_services/items_before"] == "4"
    assert not placement.unclear and not placement.leftovers


def test_text_that_keeps_only_each_rows_own_cells_is_read_by_their_count():
    header = [
        [("申请人情况", 0, 1), ("总计", 1, 1)],
        [("自然人", 0, 1), ("法人或其他组织", 1, 1)],
        [(label, i, 1) for i, label in enumerate(HEADER[1:6])],
    ]
    rows = [
        [("一、本年新收政府信息公开申请数量", 0, 1), *((str(i), 1 + i, 1) for i in range(7))],
        [("三、本年度办理结果", 0, 1), ("（一）予以公开", 1, 1), *((str(i), 2 + i, 1) for i in range(7))],
        [("2.重复申请", 0, 1), *(("" if i else "4", 1 + i, 1) for i in range(7))],
    ]
    placement = place([grid([*header, *rows], ragged=True)], "2019")
    assert raws(placement, "new") == raws(placement, "granted") == [str(i) for i in range(7)]
    assert placement.readings["requests:not_processed.repeated/natural_person"].raw == "4"


def test_disputes_whose_text_lost_its_columns_are_read_in_order():
    rows = [
        [("行政复议", 0, 1), ("行政诉讼", 1, 1)],
        [*((text, i, 1) for i, text in enumerate([*OUTCOMES, "未经复议直接起诉", "复议后起诉"]))],
        [(text, i, 1) for i, text in enumerate(OUTCOMES * 2)],
        [(str(i), i, 1) for i in range(15)],
    ]
    placement = place([grid(rows, ragged=True)], "2021")
    assert placement.readings["disputes:direct/upheld"].raw == "5"
    assert placement.readings["disputes:after_review/total"].raw == "14"


def test_a_table_four_is_no_piece_of_table_three():
    placement = place([grid(requests_rows(), 1), grid(disputes_rows([["0"] * 15]), 1)], "2019")
    assert [code for code, _ in placement.areas] == ["requests", "disputes"]


def dispute_piece(heads, figures):
    """A piece of table 四: a heading, the five outcomes for each of `heads`, and the figures."""
    labels = [column.label for column in tables("2021")["disputes"].columns] * len(heads)
    return [
        [(label, 5 * i, 5) for i, label in enumerate(heads)],
        [(label, i, 1) for i, label in enumerate(labels)],
        [(text, i, 1) for i, text in enumerate(figures)],
    ]


def test_a_table_four_cut_into_pieces_is_read_piece_by_piece():
    figures = [str(i) for i in range(15)]
    first = dispute_piece(["行政复议"], figures[:5])
    second = dispute_piece(["未经复议直接起诉", "复议后起诉"], figures[5:])
    for grids in ([grid(first), grid(second)], [grid([*first, *second])]):
        placement = place(grids, "2021")
        assert [placement.readings[name].raw for name in placement.readings] == figures
        assert not placement.leftovers


def test_a_total_whose_other_cells_say_none_is_its_row_still():
    rows = requests_rows({"new": ["2", *["无"] * 5, "2"], "handled": ["2", *["无"] * 5, "2"]})
    placement = place([grid(rows)], "2019")
    assert raws(placement, "handled") == raws(placement, "new") == ["2", *["无"] * 5, "2"]


def test_a_table_three_without_a_total_column_keeps_its_six_columns():
    rows = [[cell for cell in row if cell[1] < 9] for row in requests_rows()]
    placement = place([grid(rows)], "2019")
    columns = [column.code for column in REQUESTS.columns[:6]]
    assert [placement.readings[f"requests:new/{code}"].raw for code in columns] == [str(i) for i in range(6)]
    assert "requests:new/total" not in placement.readings
    assert not placement.leftovers and not placement.unclear and not placement.lacking


def test_a_unit_in_a_columns_heading_is_kept_with_its_figures():
    rows = [
        [("信息内容", 0, 1), ("本年收费金额（单位：元）", 1, 1)],
        [("行政事业性收费", 0, 1), ("125000", 1, 1)],
        [("第二十条第（一）项", 0, 2)],
        [("信息内容", 0, 1), ("本年制发件数", 1, 1)],
        [("规章", 0, 1), ("0", 1, 1)],
    ]
    placement = place([grid(rows)], "2021")
    assert placement.readings["disclosure:fees/amount"].unit == "元"
    assert placement.readings["disclosure:rules/made"].unit == ""


def by_label(placement):
    return {name for name, reading in placement.readings.items() if reading.by_label}


def test_cells_under_a_header_and_beside_a_label_are_told_by_label():
    rows = [*requests_rows(), *disputes_rows([[str(i) for i in range(15)]])]
    placement = place([grid(rows[:9], 1), grid(rows[9:], 2)], "2019")
    assert len(placement.readings) == 23 * 7 - 2 * 7 + 15 + 2 * 7
    assert by_label(placement) == set(placement.readings)


def test_a_continuation_whose_rows_have_seven_cells_inherits_the_names_of_the_same_places_only():
    rows = requests_rows()
    same = place([grid(rows[:9], 1), grid(rows[9:], 2)], "2019")
    moved = [[cell if not n else (cell[0], cell[1] + 4, 1) for n, cell in enumerate(row)] for row in rows[9:]]
    other = place([grid(rows[:9], 1), grid(moved, 2)], "2019")
    assert "requests:handled/total" in by_label(same)
    assert other.readings["requests:handled/total"].raw == "96"
    assert "requests:handled/total" not in by_label(other)


def test_columns_that_no_header_names_are_not_told_by_label():
    placement = place([grid(requests_rows()[1:])], "2019")
    assert placement.readings["requests:new/total"].raw == "6"
    assert not by_label(placement)


def test_a_column_with_a_heading_that_no_form_has_is_told_by_its_place_alone():
    rows = requests_rows()
    rows[0][3] = ("甲乙丙丁", 5, 1)
    placement = place([grid(rows)], "2019")
    assert placement.readings["requests:new/research"].raw == "2"
    assert "requests:new/research" not in by_label(placement)
    assert "requests:new/total" in by_label(placement)


def test_figures_of_a_text_that_only_their_count_places_are_not_told_by_label():
    header = [[(label, i, 1) for i, label in enumerate(HEADER)]]
    rows = [[("", 0, 1), ("（七）总计", 1, 1), ("", 2, 1), *((str(i), 4 + i, 1) for i in range(7))]]
    rows.append([("2.重复申请", 0, 1), ("", 1, 1), ("", 2, 1), *((str(i), 4 + i, 1) for i in range(7))])
    placement = place([grid([*header, *rows], ragged=True)], "2019")
    assert placement.readings["requests:handled/total"].raw == "6"
    assert not by_label(placement)


def test_the_sets_of_table_four_are_told_by_their_own_headings_in_whatever_order():
    rows = disputes_rows([[str(i) for i in range(15)]])
    rows[1][5], rows[1][6] = ("复议后起诉", 5, 5), ("未经复议直接起诉", 10, 5)
    placement = place([grid(rows)], "2021")
    assert placement.readings["disputes:after_review/upheld"].raw == "5"
    assert placement.readings["disputes:direct/total"].raw == "14"
    assert by_label(placement) == set(placement.readings)


def test_sets_of_table_four_without_headings_are_told_by_order_alone():
    placement = place([grid(disputes_rows([[str(i) for i in range(15)]])[2:3])], "2021")
    assert not placement.readings
    heads = [(text, i, 1) for i, text in enumerate(OUTCOMES * 3)]
    placement = place([grid([heads, [(str(i), i, 1) for i in range(15)]])], "2021")
    assert placement.readings["disputes:after_review/total"].raw == "14"
    assert not by_label(placement)


def test_a_heading_of_table_four_that_contradicts_the_order_is_not_overruled():
    rows = disputes_rows([[str(i) for i in range(15)]])
    rows[1][5:] = [("", 5, 5), ("未经复议直接起诉", 10, 5)]
    placement = place([grid(rows)], "2021")
    assert not placement.readings and "disputes:direct/total" in placement.unclear


def test_a_heading_in_the_line_above_a_piece_of_table_four_names_it():
    texts = ["行政诉讼", "未经复议直接起诉", "", "", "行政复议", "", "", "复议后起诉", "", ""]
    text, lines = running_lines(texts)
    heads = [(label, i, 1) for i, label in enumerate(OUTCOMES)]
    grids = [grid([heads, [(str(at + i), i, 1) for i in range(5)]], ragged=True, top=at) for at in (2, 5, 8)]
    document = Document("r.txt", "", 1, text, lines, {"text": tuple(grids)})
    placement = place(grids, "2021", document)
    assert placement.readings["disputes:direct/upheld"].raw == "2"
    assert placement.readings["disputes:review/upheld"].raw == "5"
    assert by_label(placement) == set(placement.readings)
    assert not by_label(place(grids, "2021"))


def test_a_row_of_disclosure_that_a_page_break_parts_from_its_header_is_told_by_label():
    head = [("信息内容", 0, 1), ("本年处理决定数量", 1, 3)]
    rows = [[("第二十条第（五）项", 0, 4)], head, [("行政许可", 0, 1), ("205", 1, 3)]]
    rows += [[("第二十条第（六）项", 0, 4)], head, [("行政处罚", 0, 1), ("7", 1, 3)]]
    rows += [[("行政强制", 0, 1), ("8", 1, 3)]]
    placement = place([grid(rows[:5], 1), grid(rows[5:], 2)], "2021")
    assert placement.readings["disclosure:penalty/decisions"].raw == "7"
    assert by_label(placement) == {f"disclosure:{r}/decisions" for r in ("licensing", "penalty", "coercion")}
    alone = place([grid(rows[:3], 1), grid([[("x", 0, 1)]], 1), grid(rows[5:], 2)], "2021")
    assert by_label(alone) == {"disclosure:licensing/decisions"}


def test_sets_of_table_four_one_below_the_other_in_a_text_keep_their_own_figures():
    figures = [str(i) for i in range(15)]
    rows = []
    for number, head in enumerate(["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]):
        rows += dispute_piece([head], figures[5 * number : 5 * number + 5])
    placement = place([grid([[(text, at, 1) for text, at, _ in row] for row in rows], ragged=True)], "2021")
    assert [placement.readings[name].raw for name in placement.readings] == figures
    assert by_label(placement) == set(placement.readings) and not placement.leftovers


def test_suits_before_reviews_are_told_by_the_storeys_of_their_headings():
    rows = [
        [("行政诉讼", 0, 1), ("行政复议", 1, 1)],
        [(text, i, 1) for i, text in enumerate(["未经复议直接起诉", "复议后起诉", *OUTCOMES])],
        [(text, i, 1) for i, text in enumerate(OUTCOMES * 2)],
        [(str(i), i, 1) for i in range(15)],
    ]
    placement = place([grid(rows, ragged=True)], "2021")
    assert placement.readings["disputes:direct/upheld"].raw == "0"
    assert placement.readings["disputes:after_review/upheld"].raw == "5"
    assert placement.readings["disputes:review/upheld"].raw == "10"


def test_a_note_below_a_blank_row_of_disputes_is_no_figure_of_it():
    rows = [*disputes_rows([[""] * 15]), [("注：行政诉讼中有2件系上年结转。", 0, 15)]]
    placement = place([grid(rows)], "2021")
    assert [reading.raw for reading in placement.readings.values()] == [""] * 15
    assert not placement.leftovers and not placement.unclear


def test_a_row_that_numbers_the_columns_is_no_row_of_figures():
    rows = requests_rows()
    rows.insert(1, line("栏次", [str(i + 1) for i in range(7)]))
    placement = place([grid(rows)], "2019")
    assert raws(placement, "new") == [str(i) for i in range(7)] and not placement.leftovers


def test_a_heading_that_stands_lower_than_the_next_ones_does_not_tell_its_side():
    text, lines = running_lines(["行政诉讼", "行政复议", "未经复议直接起诉 复议后起诉"])
    heads = [(label, i, 1) for i, label in enumerate(OUTCOMES * 3)]
    figures = [(str(i), i, 1) for i in range(15)]
    document = Document("r.txt", "", 1, text, lines, {"text": (grid([heads, figures], top=3),)})
    placement = place(document.grids["text"], "2021", document)
    assert placement.readings["disputes:review/upheld"].raw == "0"
    assert not by_label(placement)


def test_a_heading_at_the_foot_of_the_page_before_names_a_piece_of_table_four():
    places = [
        (1, 50.0, "（一）行政复议"),
        (1, 80.0, "（二）行政诉讼：未经复议直接起诉"),
        (2, 30.0, "（三）行政诉讼：复议后起诉"),
    ]
    text, lines = "", []
    for page, top, said in places:
        lines.append(Line(len(text), len(text) + len(said), page, (0.0, top, 5.0, top + 5)))
        text += said + "\n"
    heads = [(label, i, 1) for i, label in enumerate(OUTCOMES)]
    made = [(1, 60), (2, 10), (2, 40)]
    grids = [
        grid([heads, [(str(n), i, 1) for i in range(5)]], page, top=at) for n, (page, at) in enumerate(made)
    ]
    document = Document("r.pdf", "", 2, text, tuple(lines), {"pdfium": tuple(grids)})
    placement = place(grids, "2021", document)
    assert placement.readings["disputes:direct/upheld"].raw == "1"
    assert by_label(placement) == set(placement.readings)


def test_sets_of_table_four_one_below_the_other_need_no_number_to_be_told_apart():
    for sign in ("-", ""):
        rows = []
        for number, head in enumerate(["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]):
            rows += dispute_piece([head], [sign] * 5 if number < 2 else ["7", "0", "0", "0", "7"])
        placement = place(
            [grid([[(text, at, 1) for text, at, _ in row] for row in rows], ragged=True)], "2021"
        )
        assert {placement.readings[f"disputes:{r}/total"].raw for r in ("review", "direct")} == {sign}
        assert placement.readings["disputes:after_review/total"].raw == "7"
