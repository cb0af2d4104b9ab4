import pytest

from crossfoot.forms import tables
from crossfoot.labels import align, key, similarity, unexplained

WORDINGS = [(row.label, *row.aliases) for row in tables("2019")["requests"].rows]
CODES = [row.code for row in tables("2019")["requests"].rows]


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("（三）不予公开", "不予公开"),
        ("一、本年新收政府信息\n公开申请数量", "本年新收政府信息公开申请数量"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ("总 计", "总计"),
        ("（七）总计", "总计"),
    ],
)
def test_labels_are_compared_by_their_bare_letters(printed, bare):
    assert key(printed) == bare


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("2.其他法律行政止公开", "denied.other_law"),
        ("3.涉及“三安全一稳定”", "denied.public_security"),
        ("1.信访举报投诉类申请", "not_processed.petition"),
        ("5.要求行政机关确认或重 新出具\n已获取信息", "not_processed.reconfirm"),
        ("1.申请人逾期不补正，行政机关不再处理", "other.not_corrected"),
        ("2.申请人逾期未按收费通知要求缴纳费用", "other.fee_unpaid"),
        ("(二) 部分公开(区分处理的, 只计这一情形, 不计其他情形)", "partly_granted"),
    ],
)
def test_a_varied_label_fits_its_own_row_best(printed, code):
    fits = [similarity(printed, words) for words in WORDINGS]
    assert CODES[fits.index(max(fits))] == code


def test_every_label_of_the_form_aligns_with_itself():
    printed = [row.label for row in tables("2021")["requests"].rows]
    assert align(printed, [(label,) for label in printed]) == list(range(len(printed)))


def test_an_unknown_extra_row_and_a_missing_one_move_no_other():
    printed = [row.label for row in tables("2019")["requests"].rows]
    del printed[4]
    printed.insert(2, "（零）网上公示的情形")
    chosen = align(printed, WORDINGS)
    assert chosen[2] is None
    assert chosen[:2] + chosen[3:] == [i for i in range(len(WORDINGS)) if i != 4]


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_label_of_the_form_is_chinese_so_that_no_other_cell_is_asked(form):
    """tables/bands.py keeps figures away from the comparison: see Banded.worded."""
    labels = [
        words
        for table in tables(form).values()
        for part in (*table.rows, *table.columns)
        for words in (part.label, *part.aliases)
    ]
    assert all("\u4e00" <= letter <= "\u9fff" for words in labels for letter in key(words))


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("一、本年新收", "new"),
        ("二、上年結轉政府信息公開申請數量", "carried_in"),
        ("二、上年结转", "carried_in"),
        ("4.保護第三方", "denied.third_party"),
        ("3.危及“三安全一稳定”（国家安全、公共安全、经济安全、社会稳定）", "denied.public_security"),
        ("8.属于行政查询事项（工商、不动产登记资料等，含(2)类）", "denied.administrative_query"),
        ("（六）其它处理", "other"),
        ("四、结转下年度", "carried_out"),
    ],
)
def test_a_wording_met_in_real_reports_is_its_own_row(printed, code):
    assert align([printed], WORDINGS) == [CODES.index(code)]


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_no_other_wording_fits_a_row_as_well_as_its_own(form):
    for table in tables(form).values():
        wordings = [(row.label, *row.aliases) for row in table.rows]
        for own, words in enumerate(wordings):
            for printed in words:
                others = [similarity(printed, other) for i, other in enumerate(wordings) if i != own]
                assert max(others) < similarity(printed, words) == 100, printed


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("规章（设区的市、自治州人民政府应提供（含部门）数据）", "规章"),
        ("3.其他（申请人撤回等", "3.其他"),
        ("（三）不予公开", "(三)不予公开"),
        ("（二）部分公开（区分处理的）", "(二)部分公开"),
    ],
)
def test_an_explanation_in_brackets_is_told_from_a_number_in_brackets(printed, left):
    assert unexplained(printed) == left
