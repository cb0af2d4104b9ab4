import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossfoot.numerals import chinese_number, plain, read_cell


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("0", "件", 0),
        ("１２", "件", 12),
        ("1,234", "件", 1234),
        ("1，234", "件", 1234),
        ("12\u2009345\u2009678", "件", 12_345_678),
        ("1\u202f234", "件", 1234),
        (" 12\u00a0\n", "件", 12),
        ("12\u200b34", "件", 1234),
        ("十二", "件", 12),
        ("一百零五", "件", 105),
        ("二〇", "件", 20),
        ("十二万元", "万元", 12),
        ("3件", "件", 3),
        ("12\n件", "件", 12),
        ("共 5 件", "件", 5),
        ("合计：12", "件", 12),
        ("-14", "项", -14),
        ("－14", "项", -14),
        ("减14", "项", -14),
        ("+7", "项", 7),
        ("1.2036 亿元", "元", 120_360_000),
        ("251000元", "元", 251_000),
        ("7730.28", "万元", 7730.28),
        ("12万元", "万元", 12),
        ("120000元", "万元", 12),
        ("1.2万", "件", 12_000),
        ("9" * 15, "件", 999_999_999_999_999),
    ],
)
def test_a_figure_is_read_in_the_columns_unit(raw, unit, value):
    numeral = read_cell(raw, unit)
    assert (numeral.status, numeral.value) == ("number", value)


@pytest.mark.parametrize(
    ("raw", "status"),
    [("", "blank"), (" \u00a0\n", "blank"), ("-", "dash"), ("—", "dash"), ("/", "dash"), ("- -", "dash")],
)
def test_different_silences_stay_different(raw, status):
    numeral = read_cell(raw)
    assert (numeral.status, numeral.value) == (status, None)


@pytest.mark.parametrize("raw", ["无", "不涉及", "abc", "N/A", "NaN", "inf", "空", "∞", "一并公开", "*"])
def test_words_that_are_no_figure_are_text(raw):
    assert read_cell(raw).status == "text"


SPACES = [" ", "  ", "\n", "\t", "\u00a0", "\u3000", "\u2002", "\u2007", "\u2009", "\u202f", "\r\n", " \n "]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize(
    "figures", [("12", "13"), ("3", "5"), ("0", "0"), ("1,234", "5"), ("三", "五"), ("-", "5")]
)
def test_two_figures_in_one_cell_are_never_one(figures, space):
    assert read_cell(space.join(figures), "件").status == "unread"


@pytest.mark.parametrize(
    "raw", ["5 350", "5\u00a0350", "5\n350", "0\u2009350", "1\u2009234 567", "1\u202f234\u20095"]
)
def test_only_narrow_spaces_between_groups_of_three_digits_are_a_numbers_own(raw):
    assert read_cell(raw).status == "unread"


UNSURE = [
    "5、6", "3/4", "一", "一一", "三五", "约5", "12余件", "十余件", "5 0O", "O", "12.3.4", "十百", "三百五",
    "百",
    "Ⅻ", "²³", "½", "5½", "①", "①960", "㈠", "1e5", "0x1F", "٣", "१२", "12⒈", "㏠", "12㎡", "12%", "壹拾贰",
    "9" * 16, "1234,567", "0,123", "1,23", "12,", "12.", "(12)", "~~7~~12", "20（1）5（2）",
    "55（含29件", "12\n-",
    "\ufffd", "\uf081", "7\uf081", "无\ufffd", "1\u0336", "\u202e12", "12\x00",
]  # fmt: skip


@pytest.mark.parametrize("raw", UNSURE)
def test_what_may_hold_a_figure_and_is_not_just_one_is_unread_and_never_guessed(raw):
    numeral = read_cell(raw, "件")
    assert (numeral.status, numeral.value) == ("unread", None)


def test_an_amount_in_a_column_of_counts_is_no_count():
    assert read_cell("12万元", "件").status == "unread"
    assert read_cell("12元", "件").status == "unread"


@pytest.mark.parametrize(
    ("raw", "value", "remark"),
    [
        ("55（含自然失效29件）", 55, "(含自然失效29件)"),
        ("55\n（含29件）", 55, "(含29件)"),
        ("20（1）", 20, "(1)"),
        ("12\n其中自然失效3件", 12, "其中自然失效3件"),
        ("3，均已办结", 3, ",均已办结"),
        ("960①", 960, "①"),
        ("960 ②", 960, "②"),
        ("960²", 960, "²"),
        ("960⑴", 960, "⑴"),
        ("960₂", 960, "₂"),
        ("960*", 960, "*"),
        ("960件※", 960, "※"),
        ("960[1][2]", 960, "[1][2]"),
        ("十二①", 12, "①"),
    ],
)
def test_a_remark_and_a_mark_are_kept_beside_the_number(raw, value, remark):
    numeral = read_cell(raw, "件")
    assert (numeral.value, numeral.remark) == (value, remark)


def test_a_remark_may_be_long():
    assert read_cell("55（" + "其中含上年结转件，已依法办理" * 40 + "）").value == 55


CHARACTERS = (
    "0123456789０９٣²①⑴⒈½Ⅻ㈠一三十百万零两,.，．-+—/（）()[]件元亿约含其中eExO"
    " \n\t\u00a0\u2009\u202f\u3000\ufffd\uf081"
)


@given(st.text(st.sampled_from(CHARACTERS), max_size=9))
def test_a_value_has_just_the_digits_of_the_one_figure_that_is_printed(raw):
    value = read_cell(raw, "件").value
    printed = re.sub(r"[（(\[].*|[含其].*", "", raw, flags=re.DOTALL)
    runs = re.findall(r"[0-9０９][0-9０９,.，．\u2009\u202f]*|[.．][0-9０９]+", printed)
    if value is None or not runs:
        return
    assert len(runs) == 1
    digits = re.sub("[,，\u2009\u202f]", "", runs[0]).translate(str.maketrans("０９．", "09."))
    scale = 1e4 if "万" in printed else 1e8 if "亿" in printed else 1
    assert abs(value) == pytest.approx(float(digits) * scale)


@given(st.integers(0, 9999), st.sampled_from(SPACES), st.integers(0, 99))
def test_no_two_figures_make_one(first, space, second):
    assert read_cell(f"{first}{space}{second}").value is None


@given(st.integers(0, 10**15 - 1), st.sampled_from(["{}", "{:,}", " {} ", "{}件", "{}①", "{}（含1件）"]))
def test_every_whole_figure_is_read(number, shape):
    assert read_cell(shape.format(number), "件").value == number


@given(st.integers(1, 99_999))
def test_a_chinese_numeral_as_it_is_written_is_read(number):
    import cn2an

    written = cn2an.an2cn(number)
    assert read_cell(written).value == (None if written == "一" else number)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("１２，（Ａ）", "12,(A)"), ("𝟏𝟐", "12"), ("—－−", "---"), ("①²Ⅻ½⑴⒈㈠₂", "①²Ⅻ½⑴⒈㈠₂"), ("㏠㎡", "㏠㎡")],
)
def test_widths_are_folded_and_marks_are_not(text, folded):
    assert plain(text) == folded


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("两千九百", 2900), ("二〇一九", 2019), ("一百零五", 105), ("三万", 30000)],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == value


def test_words_are_no_chinese_numeral():
    with pytest.raises(ValueError, match="not a Chinese numeral"):
        chinese_number("统一")
