import pytest
from process_time import within

from crossfoot.document import Cell, Document, Grid, Line
from crossfoot.masthead import contested, form_of, masthead


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
        ("某某县水利局２０２３年政府信息公开年度报告", "某某县水利局", 2023),
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


BODY = "\n一、总体情况\n2023年，我局收到申请5件，2022年收到4件。2023年办结。"


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("东河市教育局政府信息公开工作年度报告（2023年度）", "东河市教育局"),
        ("东河市教育局2023年度信息公开年报", "东河市教育局"),
        ("东河市教育局2023年政务公开工作年度报告", "东河市教育局"),
        ("关于2023年度东河市教育局政府信息公开工作年度报告的公示", "东河市教育局"),
        ("关于东河市教育局2023年度政府信息公开工作年度报告的公示", "东河市教育局"),
        ("东河市教育局\n2023年政府信息公开工作年度报告", "东河市教育局"),
        ("东河市教育局2023年\n政府信息公开\n工作年度报告", "东河市教育局"),
        ("东河市教育局二〇二三年政府信息公开工作年度报告", "东河市教育局"),
        ("东河市教育局\n二○二三年度政府信息公开工作年度报告", "东河市教育局"),
        ("名称\t东河市教育局2023年政府信息公开工作年度报告\n发布机构\t东河市教育局", "东河市教育局"),
        ("发布机构：东河市教育局\n2023年政府信息公开工作年度报告", "东河市教育局"),
    ],
)
def test_titles_as_real_reports_word_them(title, issuer):
    made = document(title + BODY)
    assert masthead(made) == (issuer, 2023)
    assert contested(made) is None


MENU = [f"东河市教育局{year}年政府信息公开工作年度报告" for year in (2024, 2022, 2021)]
TITLE = "东河市教育局2023年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "page",
    [
        [*MENU, "当前位置：首页", TITLE, "发布时间：2024-01-20"],
        [*MENU, TITLE],
        [MENU[0], "2025-01-20", MENU[1], "2023-01-18", MENU[2], "首页", TITLE, "来源：本站"],
        [" ".join(MENU), TITLE],
        [f"上一篇：{MENU[0]}", "首页", TITLE],
    ],
)
def test_the_title_that_owns_the_tables_counts_and_no_menu_around_it(page):
    made = document("\n".join(page) + BODY + f"\n上一篇：{MENU[1]}\n下一篇：{MENU[0]}")
    assert masthead(made) == ("东河市教育局", 2023)
    assert contested(made) is None


@pytest.mark.parametrize(
    "page",
    [
        [MENU[0], "首页", TITLE, "一、总体情况", "本年收到申请5件。"],
        ["东河市水利局2023年政府信息公开工作年度报告", "首页", TITLE, "一、总体情况", "2023年收到申请5件。"],
    ],
)
def test_where_two_years_or_bodies_compete_the_audit_asks(page):
    made = document("\n".join(page))
    assert masthead(made) == ("东河市教育局", 2023)
    trouble = contested(made)
    assert trouble is not None and trouble.problem == "contested_title"
    assert ("2024" in trouble.detail) or ("水利局" in trouble.detail)


def test_a_line_of_any_length_is_read_in_linear_time():
    for line in (
        "政" * 40_000,
        "2023年" * 20_000,
        "政府信息公开工作" * 10_000,
        "2023年政府信息公开年报" * 9_000,
    ):
        with within(2):
            masthead(document(f"{line}\n{TITLE}{BODY}"))
