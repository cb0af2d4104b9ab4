import pytest

from crossfoot.numerals import chinese_number, read_cell


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("0", "件", 0),
        ("１２", "件", 12),
        ("1,234", "件", 1234),
        ("1，234", "件", 1234),
        ("2 6", "件", 26),
        ("12\n34", "件", 1234),
        ("十二", "件", 12),
        ("3件", "件", 3),
        ("共5件", "件", 5),
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
    ],
)
def test_a_figure_is_read_in_the_columns_unit(raw, unit, value):
    numeral = read_cell(raw, unit)
    assert (numeral.status, numeral.value) == ("number", value)


@pytest.mark.parametrize(
    ("raw", "status"),
    [("", "blank"), (" \u00a0\n", "blank"), ("-", "dash"), ("—", "dash"), ("/", "dash"), ("无", "text")],
)
def test_different_silences_stay_different(raw, status):
    numeral = read_cell(raw)
    assert (numeral.status, numeral.value) == (status, None)


@pytest.mark.parametrize("raw", ["5、6", "3/4", "一", "约5", "5 0O", "12.3.4", "十百"])
def test_what_is_not_one_number_is_text_and_never_guessed(raw):
    assert read_cell(raw).status == "text"


def test_a_remark_is_kept_beside_the_number():
    numeral = read_cell("55（含自然失效29件）")
    assert (numeral.value, numeral.remark) == (55, "(含自然失效29件)")


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("两千九百", 2900), ("二〇一九", 2019), ("一百零五", 105), ("三万", 30000)],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == value


def test_words_are_no_chinese_numeral():
    with pytest.raises(ValueError, match="not a Chinese numeral"):
        chinese_number("统一")
