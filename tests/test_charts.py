"""The pictures: drawn from the tables they show, under computed headlines, nothing over another."""

import warnings
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import matrix
from samples import REPORTS, sample
from seed_report import FORM, seed_facts

from crossfoot import audit, charts, datapackage, tidy
from crossfoot.charts import canvas, disputes, flows, outcomes, table_three, told, words
from crossfoot.checks import check
from crossfoot.document import Document
from crossfoot.forms import tables as statutory
from crossfoot_synthetic.figures import facts_of

ABOUT = {"issuer": "某区人民政府", "year": 2019, "form": FORM, "source": "some-report.pdf"}
RAW = Path(__file__).parents[1] / "data" / "raw"
CLAIMS = ["section", "quote", "start", "value", "unit", "subject"]
CODES = ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org", "total")


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def tables_of(facts, form=FORM, claims=(), narrative=()):
    """The tables of an audit, from facts, claims and (offset, right, difference, status) of the prose."""
    sums = check(facts, form)
    prose = tidy.claim_tables([], pd.DataFrame(columns=["rule"]), Document("", "", 1, "", ()))
    checks, terms = tidy.check_tables(facts, sums, prose, form)[0]
    told = pd.DataFrame(list(claims), columns=CLAIMS)
    told = told.assign(claim=pd.Series([f"#{start}" for start in told["start"]], dtype="str"))
    cells = [
        {"claim": claim, "reading": 0, "cell": cell}
        for claim, subject in zip(told["claim"], told["subject"], strict=True)
        for cell in subject or ()
    ]
    own = [
        {
            "check": f"narrative:{start}",
            "rule": "narrative",
            "right": right,
            "difference": off,
            "status": status,
        }
        for start, right, off, status in narrative
    ]
    of_claims = [{"check": f"narrative:{n[0]}", "side": "left", "claim": f"#{n[0]}"} for n in narrative]
    tables = {
        "facts": facts,
        "claims": told,
        "claim_cells": pd.DataFrame(cells, columns=["claim", "reading", "cell"]),
        "checks": pd.concat([checks.astype({"status": "str"}), pd.DataFrame(own)], ignore_index=True),
        "check_terms": pd.concat([terms, pd.DataFrame(of_claims)], ignore_index=True),
    }
    counts = tidy.count_table(tables, {}, ["checks"])
    return {**tables, "counts": counts}


def printed(form=FORM, **rows):
    """Facts with those rows of table 三 printed (`__` for the dot of a code), all else blank."""
    cells = {}
    for code, values in rows.items():
        for column, value in zip(CODES, values, strict=True):
            cells[f"requests:{code.replace('__', '.')}/{column}"] = "" if value is None else str(value)
    return facts_of(cells, form)


def crowded():
    """A report of form 2021: large figures, a long remark, every kind of break, and a row too few."""
    cells = {
        "new": (12345, 678, 9, 10, 11, 12, 13066),
        "carried_in": (234, "—", 0, 0, 0, 0, 234),
        "granted": (5000, 300, 3, 5, 6, 7, 5321),
        "partly_granted": ("55（含自然失效29件）", 1, 0, 0, 0, 0, 56),
        "denied__third_party": (100, 0, 0, 0, 0, 0, 99),
        "denied__state_secret": (11, 12, 13, 14, 15, 16, 81),
        "denied__other_law": (21, 0, 0, 0, 0, 0, 21),
        "denied__enforcement_file": (31, 0, 0, 0, 0, 0, 31),
        "denied__internal_affairs": (41, 0, 0, 0, 0, 0, 41),
        "unavailable__not_held": (6000, 300, 3, 4, 4, 4, 6315),
        "other__not_corrected": (30, 0, 0, 0, 0, 0, 30),
        "handled": (12230, 677, 9, 10, 11, 12, 12949),
        "carried_out": (300, 1, 0, 0, 0, 0, 301),
    }
    facts = printed("2021", **cells)
    for row, values in (("review", (120, 3, 1, 2, 126)), ("direct", (10, 0, 0, 1, 12))):
        at = (facts["table"] == "disputes") & (facts["row"] == row)
        facts.loc[at, "value"] = [float(value) for value in values]
        facts.loc[at, "status"] = "number"
        facts.loc[at, "raw"] = [str(value) for value in values]
    facts.loc[facts["row"] == "denied.administrative_query", "status"] = "absent"
    facts.loc[(facts["row"] == "granted") & (facts["column"] == "total"), ["agreed", "status"]] = (
        False,
        "unread",
    )
    return facts


def told_tables(*statuses):
    """The seed's facts and its prose: a clause of three numbers, one without a cell, one that differs."""
    clause = "不予公开8件（其中保护第三方合法权益3件、行政执法案卷3件）"
    denied = [f"requests:{r.code}/total" for r in statutory(FORM)["requests"].rows if "denied" in r.code]
    claims = [
        ("一(二)", "2019年", 5, 2019.0, "", None),
        ("一(二)", "共收到申请96件", 10, 96.0, "件", ["requests:new/total"]),
        ("一(二)", clause, 20, 8.0, "件", denied),
        ("一(二)", clause, 34, 3.0, "件", ["requests:denied.third_party/total"]),
        ("一(二)", clause, 44, 3.0, "件", ["requests:denied.enforcement_file/total"]),
        ("一(二)", "培训200余人次", 60, 200.0, "人次", None),
        ("一(二)", "重复申请0件", 70, 0.0, "件", ["requests:not_processed.repeated/total"]),
    ]
    narrative = [
        (10, 94.0, 2.0, "breaks"),
        (20, 8.0, 0.0, "holds"),
        (34, 3.0, 0.0, "holds"),
        (44, 3.0, 0.0, "holds"),
        (70, float("nan"), float("nan"), "not_stated"),
    ]
    if statuses:
        narrative = [(*one[:3], new) for one, new in zip(narrative, statuses, strict=True) if new]
    return tables_of(seed_facts(), claims=claims, narrative=narrative)


def test_a_sum_of_a_whole_heading_bears_the_heading_s_name():
    rows = [row.code for row in statutory(FORM)["requests"].rows if row.code.startswith("unavailable.")]
    cells = [f"requests:{code}/total" for code in rows]
    assert words.sum_name(cells, FORM) == ("无法提供", "Unavailable")
    assert words.sum_name(cells[:2], FORM)[1] == "Not held here + Would need compiling"
    assert words.sum_name(["requests:granted/enterprise"], FORM) == (
        "予以公开·商业企业",
        "Granted, Companies",
    )


def test_table_three_shows_what_is_printed_and_where_it_breaks():
    facts = seed_facts()
    shown = table_three.plotted(tables_of(facts), ABOUT)
    requests = facts[facts["table"] == "requests"]
    for row, column, raw in zip(requests["row"], requests["column"], requests["raw"], strict=True):
        assert shown.loc[row, column] == raw
    assert list(shown.loc["balance", ["natural_person", "enterprise", "total"]]) == [
        "75 + – ≠ 75 + 1",
        "19 + – ≠ 19 + 1",
        "94 + – ≠ 94 + 2",
    ]
    assert shown.map(lambda said: "≠" in said).to_numpy().sum() == 3
    assert shown.loc["results_total", "total"] == shown.loc["granted", "row_total"] == "holds"
    assert shown.loc["balance", "research"] == shown.loc["denied.deliberative", "row_total"] == ""


def test_table_three_tells_absent_from_blank_and_where_readers_differ():
    shown = table_three.plotted(tables_of(crowded(), "2021"), ABOUT | {"form": "2021"})
    assert set(shown.loc["denied.administrative_query", list(CODES)]) == {"absent"}
    assert shown.loc["denied.public_security", "total"] == ""
    assert shown.loc["granted", "total"] == "5321 ?"
    assert shown.loc["denied.third_party", "row_total"] == "100 ≠ 99"
    assert shown.loc["new", "row_total"] == "Σ 13065 ≠ 13066"


BALANCED = {"new": (5, *[None] * 5, 5), "granted": (5, *[None] * 5, 5), "handled": (5, *[None] * 5, 5)}


@pytest.mark.parametrize(
    ("rows", "chinese", "english"),
    [
        (BALANCED, "表三收支相平：收到 5 件，去向也是 5 件", "Table 三 balances: 5 requests"),
        ({}, "表三未填足以核对收支的数字", "does not state enough"),
        (
            BALANCED | {"new": (5, *[None] * 5, 6)},
            "表三有 1 列不平：收到 6 件，去向只有 5 件；另有 1 处合计不符",
            "does not balance in 1 column: 6 requests came in, 5 are accounted for; 1 other sum off",
        ),
        (
            BALANCED | {"new": (6, *[None] * 5, 5), "granted": (5, *[None] * 5, 5)},
            "表三有 1 列不平：自然人收到 6 件，去向只有 5 件；另有 1 处合计不符",
            "in 1 column (Individuals)",
        ),
        (
            BALANCED | {"granted": (4, *[None] * 5, 5)},
            "表三有 2 处合计不符：“自然人”各项之和 4，总计却是 5",
            'the parts of "Individuals" make 4, its total says 5',
        ),
    ],
)
def test_table_three_says_its_finding(rows, chinese, english):
    said = table_three.headline(tables_of(printed(**rows)), ABOUT)
    assert said[0] == chinese
    assert english in said[1]


def test_flows_put_the_total_first_and_leave_silent_columns_out():
    shown = flows.plotted(tables_of(seed_facts()), ABOUT)
    assert list(shown.index) == ["total", "natural_person", "enterprise"]
    assert list(shown["gap"]) == [-2, -1, -1]
    assert shown["carried_in"].isna().all()
    assert flows.headline(shown, FORM)[0] == "总计：收到 94 件，有去向的却有 96 件，多 2 件"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (BALANCED, "总计：收到的 5 件，件件有去向"),
        (BALANCED | {"new": (5, *[None] * 5, 8)}, "总计：收到 8 件，有去向的只有 5 件，少 3 件"),
        ({}, "表三未填足以核对收支的数字"),
    ],
)
def test_flows_say_their_finding(rows, said):
    assert flows.headline(flows.plotted(tables_of(printed(**rows)), ABOUT), FORM)[0] == said


def test_told_draws_each_number_that_has_a_cell_and_quotes_its_own_words():
    shown = told.plotted(told_tables(), ABOUT)
    assert list(shown["told"]) == [96, 8, 3, 3, 0]
    assert list(shown["before"]) == [
        "共收到申请",
        "不予公开",
        "其中保护第三方合法权益",
        "行政执法案卷",
        "重复申请",
    ]
    assert list(shown["cells"])[1:3] == ["不予公开", "保护第三方合法权益"]
    assert list(shown["difference"].dropna()) == [2, 0, 0, 0]
    assert list(shown["status"]) == ["breaks", *["holds"] * 3, "not_stated"]
    said = told.headline(shown, told_tables())[0]
    assert said == "文中可与表格核对的 4 个数字，1 个不符：文中 96，表中“本年新收申请数量”94"


def test_told_without_a_difference_or_without_a_number_says_so():
    for statuses, said in (
        (("", "holds", "holds", "holds", "not_stated"), "文中可与表格核对的 3 个数字，全部相符"),
        (("", "", "", "", ""), "文中没有可与表格核对的数字"),
    ):
        tables = told_tables(*statuses)
        assert told.headline(told.plotted(tables, ABOUT), tables)[0] == said


def test_a_number_in_chinese_characters_keeps_its_clause():
    claims = [("一", "全年收到申请十二件", 3, 12.0, "件", ["requests:new/total"])]
    shown = told.plotted(tables_of(seed_facts(), claims=claims), ABOUT)
    assert (shown.loc[0, "before"], shown.loc[0, "number"]) == ("全年收到申请十二件：", "12")
    assert shown.loc[0, "status"] == "not_stated"


def test_outcomes_are_shares_of_all_results():
    shown = outcomes.plotted(tables_of(seed_facts()), ABOUT)
    assert shown.groupby("outcome")["count"].sum().to_dict() == {
        "granted": 49, "partly_granted": 4, "denied": 8, "unavailable": 28, "not_processed": 0, "other": 5,
    }  # fmt: skip
    assert shown.loc[shown["outcome"] == "not_processed", "count"].isna().all()
    assert shown["share"].sum() == pytest.approx(100, abs=0.5)
    assert outcomes.headline(shown)[0] == "办结 94 件，53 件（56%）全部或部分公开"


def test_outcomes_add_up_the_applicants_where_the_total_is_blank():
    shown = outcomes.plotted(tables_of(printed(granted=(258, 12, None, None, 1, 1, None))), ABOUT)
    granted = shown[shown["outcome"] == "granted"].iloc[0]
    assert (granted["count"], granted["source"]) == (272, "summed")
    assert outcomes.headline(outcomes.plotted(tables_of(printed()), ABOUT))[0] == "表三没有列出办理结果"


def test_disputes_hold_their_total_against_their_outcomes():
    tables = tables_of(seed_facts())
    shown = disputes.plotted(tables, ABOUT)
    assert list(shown["sum"]) == [8, 7, 4]
    said = disputes.headline(shown, tables, FORM)[0]
    assert said == "复议 8 件、诉讼 11 件：维持 14 件，纠正 2 件，尚未审结 3 件"
    tables = tables_of(crowded(), "2021")
    broken = disputes.plotted(tables, ABOUT | {"form": "2021"})
    assert broken.loc["direct", "status"] == "breaks"
    said = disputes.headline(broken, tables, "2021")[0]
    assert said == "表四有 1 行不平：未经复议直接起诉各项之和 11，总计却是 12"
    tables = tables_of(printed())
    said = disputes.headline(disputes.plotted(tables, ABOUT), tables, FORM)[0]
    assert said == "表四没有列出复议或诉讼案件"


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(10, 80)), min_size=1, max_size=4).map(
        lambda labels: sorted(labels)
    )
)
def test_labels_never_touch_nor_leave_their_room(labels):
    middles, wide = zip(*labels, strict=True)
    found = disputes.spread(list(middles), list(wide), 0.0, 400.0)
    assert found[0] - wide[0] / 2 >= -1e-6
    assert found[-1] + wide[-1] / 2 <= 400 + 1e-6
    for i in range(len(found) - 1):
        assert found[i] + wide[i] / 2 <= found[i + 1] - wide[i + 1] / 2 + 1e-6


@given(st.text(alphabet="收到政府信息96，件（二）。 abc-d'%", max_size=60))
def test_wrapped_lines_lose_no_letter_and_keep_to_their_room(text):
    lines = canvas.wrapped(text, 10, 80)
    assert "".join("".join(lines).split()) == "".join(text.split())
    # A closing mark may hang over, and a word that is wider than the room cannot be broken.
    for line in lines:
        body = line.rstrip("，。；：、）》”’！？,.;:)% ")
        assert canvas.measure(body, 10) <= 80 or " " not in body.strip()


def overlaps(figure):
    """Pairs of texts of a figure that lie over each other, and texts that leave the sheet."""
    figure.set_dpi(72)
    renderer = charts.rendering.FigureCanvasAgg(figure).get_renderer()
    boxes = {}
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        shrink = 0.2 * box.height
        # Bold text is drawn twice, a hair apart.
        boxes[(text.get_text(), round(box.x0 / 2), round(box.y0))] = (
            box.x0,
            box.y0 + shrink,
            box.x1,
            box.y1 - shrink,
        )
    wide, high = figure.get_size_inches() * 72
    outside = [name for name, (x0, y0, x1, y1) in boxes.items() if x0 < 0 or y0 < 0 or x1 > wide or y1 > high]
    over = [
        (one[0], two[0])
        for (one, a), (two, b) in combinations(boxes.items(), 2)
        if one[0] != two[0]
        and min(a[2], b[2]) - max(a[0], b[0]) > 0.5
        and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
    ]
    return over + outside


@pytest.mark.parametrize("name", charts.CHARTS)
@pytest.mark.parametrize(
    ("facts", "form"),
    [(seed_facts, FORM), (crowded, "2021"), (printed, FORM)],
    ids=["seed", "crowded", "blank"],
)
def test_nothing_is_drawn_over_another(name, facts, form):
    figure = charts.CHARTS[name].figure(tables_of(facts(), form), ABOUT | {"form": form})
    assert overlaps(figure) == []


def test_prose_is_not_drawn_over_its_numbers():
    assert overlaps(told.figure(told_tables(), ABOUT)) == []


@pytest.mark.parametrize("name", charts.CHARTS)
def test_the_same_audit_gives_the_same_bytes(name):
    first, second = (charts.picture(name, told_tables(), ABOUT) for _ in range(2))
    assert first == second
    assert first.png.startswith(b"\x89PNG")
    root = ET.fromstring(first.svg)
    texts = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "text" not in texts, "a glyph depends on the reader's fonts"
    assert "use" in texts
    assert root.find("{http://www.w3.org/2000/svg}title").text == first.headline
    for word in ("Matplotlib", "dc:date", str(Path.home()), "mplfonts"):
        assert word not in first.svg


def test_what_a_report_says_is_drawn_and_never_run():
    about = ABOUT | {"issuer": "<script>$x^2$</script>&\N{FIRE}", "year": None}
    svg = charts.picture("disputes", tables_of(seed_facts()), about).svg
    assert "<script" not in svg
    ET.fromstring(svg)


def test_a_picture_is_saved_whole_and_shown_with_its_headline(tmp_path):
    picture = charts.picture("flows", tables_of(seed_facts()), ABOUT)
    saved = picture.save(tmp_path / "new")
    assert [path.name for path in saved] == ["flows.svg", "flows.png"]
    assert saved[0].read_text(encoding="utf-8") == picture.svg
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["flows.png", "flows.svg"]
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    assert bundle["text/plain"].startswith("总计：收到 94 件")
    with pytest.raises(KeyError):
        picture.save(tmp_path, ["gif"])


def test_tables_that_were_written_draw_the_same(tmp_path):
    result = audit(RAW / "zhifu-2019.txt")
    datapackage.write(result, tmp_path)
    read = datapackage.read(tmp_path)
    returned = result.tables
    for chart in charts.CHARTS.values():
        first, second = (chart.figure(tables, result.report) for tables in (returned, read))
        assert charts.svg(first) == charts.svg(second)


@pytest.mark.parametrize("report", matrix(REPORTS))
def test_a_real_report_is_drawn_without_a_collision(report):
    result = audit(sample(report))
    tables = result.tables
    for chart in charts.CHARTS.values():
        assert overlaps(chart.figure(tables, result.report)) == []


def in_doubt(facts, where):
    """The facts with those cells not read beyond doubt."""
    return facts.assign(
        status=facts["status"].mask(where, "unread"), value=facts["value"].mask(where, float("nan"))
    )


def test_what_was_not_read_is_never_drawn_or_told_as_blank(monkeypatch):
    facts = seed_facts()
    handled = facts["row"].eq("handled") & facts["table"].eq("requests")
    every = in_doubt(facts, facts["table"].eq("requests"))
    tables = tables_of(every)
    unread = "表三有数字未能读准，无从核对收支"
    assert table_three.headline(tables, ABOUT)[0] == unread
    assert flows.headline(flows.plotted(tables, ABOUT), FORM, unread=True)[0] == unread
    assert outcomes.headline(outcomes.plotted(tables, ABOUT))[0] == "表三办理结果有数字未能读准，不计占比"
    drawn: list[str] = []
    set_text = canvas.Canvas.text
    monkeypatch.setattr(
        canvas.Canvas,
        "text",
        lambda self, x, y, said, *a, **k: drawn.append(said) or set_text(self, x, y, said, *a, **k),
    )
    for name in ("flows", "outcomes"):
        drawn.clear()
        charts.picture(name, tables, ABOUT)
        said = "".join(drawn)
        assert "未能读准" in said and "空白" not in said and "未填" not in said
    one = outcomes.plotted(tables_of(in_doubt(facts, handled)), ABOUT)
    assert one["source"].ne("unread").all() and one["share"].notna().any()
    granted = facts["row"].eq("granted") & facts["column"].isin(["enterprise", "total"])
    part = outcomes.plotted(tables_of(in_doubt(facts, granted)), ABOUT)
    assert list(part.loc[part["source"] == "unread", "row"]) == ["granted"] and part["share"].isna().all()


def test_a_table_four_that_was_not_found_or_not_read_is_not_one_without_cases():
    facts = seed_facts()
    own = facts["table"].eq("disputes")
    shown = disputes.plotted(tables_of(in_doubt(facts, own)), ABOUT)
    assert disputes.headline(shown, tables_of(in_doubt(facts, own)), FORM)[0] == "表四有数字未能读准"
    gone = facts.assign(
        status=facts["status"].mask(own, "absent"), value=facts["value"].mask(own, float("nan"))
    )
    shown = disputes.plotted(tables_of(gone), ABOUT)
    assert disputes.headline(shown, tables_of(gone), FORM, found=False)[0] == "没有读到表四"


def test_a_balance_of_one_column_is_not_that_of_the_table():
    facts = seed_facts()
    others = facts["table"].eq("requests") & ~facts["column"].eq("research")
    whole = facts["row"].isin(["new", "granted", "handled"]) & facts["column"].eq("research")
    facts = facts.assign(
        value=facts["value"].mask(whole, 3.0),
        status=facts["status"].mask(whole, "number"),
        raw=facts["raw"].mask(whole, "3"),
    )
    facts = in_doubt(facts, others)
    assert (
        table_three.headline(tables_of(facts), ABOUT)[0] == "表三收支相平：科研机构收到 3 件，去向也是 3 件"
    )


def test_claims_of_unread_cells_are_apart_from_those_of_blank_ones():
    tables = told_tables(*["unread"] * 4, "not_stated")
    said = told.headline(told.plotted(tables, ABOUT), tables)[0]
    assert said == "文中数字对应的表内数字未能读准，无从核对"
    notes = told._notes(tables)
    assert "表中未见数字（1）" in notes and "表中数字未能读准（4）" in notes
