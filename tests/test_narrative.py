"""The prose as claims: what counts what, what every number is, and where it stands."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from process_time import within

from crossfoot.document import Document, Line
from crossfoot.forms import tables
from crossfoot.narrative.claims import CLAIM_COLUMNS, claims, read
from crossfoot.narrative.figures import figures
from crossfoot.narrative.phrases import cells
from crossfoot.narrative.statements import statement_checks

READ = tomllib.loads(Path(__file__).with_name("narrative_sentences.toml").read_text(encoding="utf-8"))
SENTENCES, STATEMENTS = READ["sentence"], READ["statement"]
ORGS = ("enterprise", "research", "public_interest", "legal_service", "other_org")
SHORT = {
    "litigation": "disputes:direct/total+disputes:after_review/total",
    "orgs": "+".join(f"requests:new/{column}" for column in ORGS),
}


def document(text: str, pages: tuple[int, ...] = ()) -> Document:
    lines, at = [], 0
    for number, line in enumerate(text.split("\n")):
        lines.append(Line(at, at + len(line), pages[number] if pages else None))
        at += len(line) + 1
    return Document("report.txt", "", 1, text, tuple(lines))


def table_of(text: str, form: str = "2021", year: int = 2023, pages: tuple[int, ...] = ()):
    report = document(text, pages)
    found = claims(report, report.lines, form, year)
    return found.assign(note=[note[1] for note in found["note"]])


def full(name: str, form: str) -> str:
    """The cells that a short name of the sentence file means, as a claim's subject names them."""
    parts = []
    for part in name.split("+"):
        part = SHORT.get(part, part)
        if part.startswith("D:"):
            part = "disputes:" + part[2:]
        elif ":" not in part:
            part = f"requests:{part}/total"
        parts.append("+".join(cells(part, form)))
    return "+".join(parts)


def denied(text: str) -> list[dict]:
    """What the sentences without a figure say of a report whose every cell is 0."""
    every = [
        {"table": table.code, "row": row.code, "column": column, "value": 0.0, "unit": "件"}
        | {"status": "number", "raw": "0"}
        for table in tables("2021").values()
        for row in table.rows
        if "2021" in row.forms
        for column in row.columns
    ]
    report = document(text)
    return list(
        statement_checks(read(report, report.lines, "2021", 2023), figures(pd.DataFrame(every)), "2021")
    )


@pytest.mark.parametrize("case", SENTENCES, ids=[case["text"][:24] for case in SENTENCES])
def test_sentences_count_what_they_say_and_nothing_else(case):
    form = case.get("form", "2021")
    heading = f"{case['heading']}\n" if "heading" in case else ""
    if "issuer" in case:
        heading = f"{case['issuer']}2023年政府信息公开工作年度报告\n{heading}"
    found = table_of(heading + case["text"], form, 2019 if form == "2019" else 2023)
    found = found[found["subject"].notna()]
    got = sorted(zip((f"{v:g}" for v in found["value"]), found["subject"], strict=True))
    wanted = sorted(
        (figure, full(name, form)) for figure, names in case["counts"].items() for name in names.split("|")
    )
    assert got == wanted


@pytest.mark.parametrize("case", STATEMENTS, ids=[case["text"][:24] for case in STATEMENTS])
def test_sentences_without_a_figure_deny_what_they_say(case):
    told = [row["cells"].replace(" ", "+") for row in denied(case["text"]) if row["cells"]]
    assert told == ["+".join(cells(case["zero"], "2021"))] * bool(case["zero"])


def test_there_are_enough_sentences():
    assert len(SENTENCES) >= 60


def test_claims_have_the_contract_columns_and_point_into_the_text():
    text = "一、总体情况\n（二）依申请公开情况\n2023年，全县共收到政府信息公开申请１，２３４件，占33.9%。"
    found = table_of(text)
    assert list(found.columns) == CLAIM_COLUMNS
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == [
        "一", "二", "2023", "１，２３４", "33.9",
    ]  # fmt: skip
    assert list(found["kind"]) == ["ordinal", "ordinal", "date", "claim", "claim"]
    received = found.iloc[3]
    assert (received["value"], received["unit"], received["section"]) == (1234, "件", "一(二)")
    assert received["quote"] == "全县共收到政府信息公开申请１，２３４件"
    assert found.iloc[4]["unit"] == "%"


def test_a_sentence_runs_on_over_lines_and_a_page_number():
    text = "（二）依申请公开情况\n全年收到政府信息公开申请 3 件，本机关不\n- 1 -\n\n掌握相关政府信息 2\n件。"
    found = table_of(text, pages=(1, 1, 1, 2, 2, 2))
    by_value = {row["value"]: row for row in found.to_dict("records") if row["kind"] == "claim"}
    assert by_value[2]["subject"] == "requests:unavailable.not_held/total"
    assert by_value[2]["page"] == 2
    assert found[found["note"] == "a page number"]["value"].tolist() == [1]


KINDS = [
    ("2019年1月31日印发", ["date", "date", "date"]),
    ("二〇二三年十二月", ["date", "date"]),
    ("《条例》（国令第711号）第20条", ["citation", "citation"]),
    ("国办公开办函〔2019〕60号", ["citation", "citation"]),
    ("电话：0517-87222589，邮编：223100", ["contact", "contact", "contact"]),
    ("网址https://www.example.gov.cn/a/202301/12.html，洪泽湖大道90号", ["contact"] * 3),
    ("12345工单、12366纳税服务热线，12316来电", ["contact"] * 3),
    ("新增栏目12345个", ["claim"]),
    ("传真申请3件，咨询电话2,315个，传真：6212345", ["claim", "claim", "contact"]),
    ("近三年来，两项合计5件", ["claim"]),
    ("某ICP备05012345号-1 网站标识码：3200000001", ["citation"] * 3),
    ("一是加强领导。二是统一平台，第二十条", ["ordinal", "ordinal", "citation"]),
    ("进一步统一思想，一方面第一时间联系第三方，三掌握、三到位", []),
    ("“三审三校”制度和“五公开”要求", []),
    ("开展培训十余次，编发公报24期", ["claim", "claim"]),
]


@pytest.mark.parametrize(("text", "kinds"), KINDS, ids=[text for text, _ in KINDS])
def test_kinds_of_numbers(text, kinds):
    assert table_of(text)["kind"].tolist() == kinds


VALUES = [
    ("发布信息2900余条", 2900, "条", "余"),
    ("发布信息近3万条", 30000, "条", "近"),
    ("粉丝突破550万", 5_500_000, "", "超"),
    ("发布信息两千九百余条", 2900, "条", "余"),
    ("采购金额1.2036亿元", 1.2036, "亿元", ""),
    ("培训200余人次", 200, "人次", "余"),
    ("约 1 136 条", 1136, "条", "约"),
    ("满意率百分之九十五", 95, "%", ""),
    ("答复率百分之百", 100, "%", ""),
    ("公开率约为57%", 57, "%", "约"),
    ("来信8封", 8, "封", ""),
    ("占比３３．９％", 33.9, "%", ""),
    ("收到百余件", 100, "件", "余"),
]


@pytest.mark.parametrize(("text", "value", "unit", "approximate"), VALUES, ids=[v[0] for v in VALUES])
def test_values_units_and_bounds(text, value, unit, approximate):
    (row,) = table_of(text).to_dict("records")
    assert (row["value"], row["unit"], row["approximate"]) == (value, unit, approximate)


def test_a_number_that_a_line_end_cuts_is_one_number():
    found = table_of("（二）依申请公开情况\n共收到政府信息公开申请1\n36件，已办结7\n8件。")
    assert found.loc[found["kind"] == "claim", "value"].tolist() == [136, 78]


def test_a_share_or_a_count_cut_after_a_quotation_mark_or_by_a_page_is_one_number():
    found = table_of(
        "收到申请136件，“不予公开”3\n0件，占22.0\n6%，办结13\n— 2 —\n6件。", pages=(1, 1, 1, 1, 2)
    )
    assert found.loc[found["kind"] == "claim", "value"].tolist() == [136, 30, 22.06, 136]


@pytest.mark.parametrize("text", ["收到申请7\n8\n件", "共7件\n8件", "办结7\n8、9", "21：7\n8年"])
def test_two_numbers_on_two_lines_stay_two(text):
    found = table_of(text)
    assert {7, 8} <= set(found["value"])


def test_every_arabic_number_is_a_claim_once():
    text = "2023年12月31日，发文〔2023〕5号，收到3件、5件，占37.5%，H5作品2个，12345热线，（1）7×24小时。"
    found = table_of(text)
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == re.findall(
        r"\d+(?:\.\d+)?", text
    )


def test_a_narrower_body_is_noted():
    title = "芝罘区人民政府2023年政府信息公开工作年度报告\n（二）依申请公开\n"
    found = table_of(title + "区政府办公室代表区政府受理政府信息公开申请17件。").set_index("value").loc[17]
    assert found["subject"] is None
    assert "narrower" in found["note"]


def test_numbers_without_a_cell_say_why():
    found = table_of("上年受理政府信息公开申请9件，较上年增加2件，答复留言5件。")
    claims_of = found[found["kind"] == "claim"]
    assert claims_of["subject"].isna().all() and (claims_of["note"] != "").all()


REASONS = [  # what is said, the figure, why no cell counts it
    ("全年共发布各类信息80余条", 80, "about 各类信息, which has no table"),
    ("依申请公开方面，受理民政事项12件", 12, "not understood"),
    ("依申请公开方面，经研究另行处置4件", 4, "not understood"),
    ("全区各部门、街道开展自查5次", 5, "not understood"),
    ("近三年来，我区优化流程4项", 4, "not understood"),
    ("收到政府信息公开申请9件，其中收到申请3件", 3, "a part of the figure before it; not understood of what"),
    ("收到政府信息公开申请9件，其中网络平台收到2件", 2, "a split by channel, which the table lacks"),
    ("政府集中采购项目130项", 130, "no cell of the form counts this"),
    ("指导各镇街办理政府信息公开申请9件", 9, "other bodies' cases, on which this one advised or helped"),
    ("主动公开信息4条，依申请公开信息1条，机构设置类信息2条", 2, "not understood"),
    (
        "主动公开信息4条，依申请公开信息1条，不予公开3条",
        3,
        "documents by whether they are to be published, not answers to requests",
    ),
    ("开展业务培训3次", 3, "about 业务培训, which has no table"),
    ("刊发稿件12篇", 12, "about 稿件, which has no table"),
]


@pytest.mark.parametrize(("text", "value", "note"), REASONS, ids=[text for text, *_ in REASONS])
def test_a_reason_is_given_only_for_what_was_understood(text, value, note):
    found = table_of(text).set_index("value")
    assert found["subject"].isna()[value] and found["note"][value] == note


def test_empty_prose_gives_an_empty_table():
    assert list(table_of("").columns) == CLAIM_COLUMNS


UNREADABLE = {
    "digits": "1 2 3 4 5 " * 1000,
    "list": "依申请，" + "其中予以公开3件、" * 800,
    "long words": "收到" + "政府信息公开" * 1500 + "3件",
    "zeros": "0" * 8000,
    "headings": "（一）" * 2000,
    "title": "甲市乙区人民政府" * 5000,
    "one word": "某" * 40000,
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_prose_that_is_none_is_read_in_bounded_time(text):
    with within(3):
        table_of(text)


ALPHABET = (
    "一二三十百万两零第（）()《》〔〕、，。；：%.,0129年月日件条元人次余约近申请公开政府信息"
    "复议诉讼维持结转上下收到答复不予其中分别占比较 \n-各"
)


@given(st.text(alphabet=ALPHABET, max_size=120))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_prose_is_read_and_every_digit_stands_in_one_claim(text):
    found = table_of(text)
    spans = list(zip(found["start"], found["end"], strict=True))
    assert spans == sorted(spans) and all(a < b for a, b in spans)
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(spans))
    covered = {at for a, b in spans for at in range(a, b)}
    assert {at for at, char in enumerate(text) if char.isdigit()} <= covered
