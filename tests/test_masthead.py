import pytest

from crossfoot.document import Cell, Document, Grid, Line
from crossfoot.masthead import form_of, masthead


def document(text):
    lines, start = [], 0
    for part in text.split("\n"):
        lines.append(Line(start, start + len(part), None))
        start += len(part) + 1
    return Document("r.txt", "", 1, text, tuple(lines))


@pytest.mark.parametrize(
    ("text", "issuer", "year"),
    [
        ("烟台市芝罘区人民政府\n2019 年政府信息公开工作年度报告\n一、总体情况", "烟台市芝罘区人民政府", 2019),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019),
        ("沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局", "沭阳县发展和改革局", 2023),
        ("某某县民政局2022年度政府信息公开\n工作年度报告", "某某县民政局", 2022),
        ("11/24/26, 3:46 AM 某某县水利局2023年政府信息公开年度报告", "某某县水利局", 2023),
        ("首页政务公开\n某某区市场监督管理局2024年政府信息公开工作年度报告", "某某区市场监督管理局", 2024),
        ("- 1 -\n2021年政府信息公开工作年度报告", None, 2021),
        ("没有标题。2020年，我局收到申请。2020年答复。2019年结转。", None, 2020),
        ("什么也没有", None, None),
    ],
)
def test_issuer_and_year_stand_in_the_title(text, issuer, year):
    assert masthead(document(text)) == (issuer, year)


def grid(*texts):
    return Grid(tuple(Cell(t, i, 0, i + 1, 1, "") for i, t in enumerate(texts)), None)


@pytest.mark.parametrize(
    ("texts", "year", "form"),
    [
        (("本年新制作数量", "对外公开总数量"), 2022, "2019"),
        (("本年制发件数", "现行有效件数"), 2021, "2021"),
        (("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",), None, "2021"),
        ((), 2020, "2019"),
        ((), 2024, "2021"),
    ],
)
def test_the_form_is_told_by_its_wording_before_its_year(texts, year, form):
    assert form_of([grid(*texts)], year) == form
