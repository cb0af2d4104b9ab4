import base64
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import made_up_report
import pandas as pd
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from matrices import matrix
from samples import REPORTS, sample

from crossfoot.audit import audit, audit_document
from crossfoot.readers import scan
from crossfoot.verdicts import VERDICT_COLUMNS
from crossfoot_papers import evidence_page
from crossfoot_papers.page_content import page_content

RAW = Path(__file__).parents[1] / "data" / "raw"
HOSTILE = (
    '<script>window.pwned=1</script><img src=x onerror="window.pwned=2"> \'"&amp; {{ 7*7 }} '
    "{% raw %} ${1} </template></p></svg><!-- --> \N{RIGHT-TO-LEFT OVERRIDE}件"
)


@pytest.fixture(scope="module")
def pdf():
    return audit(RAW / "zhifu-2019.pdf")


@pytest.fixture(scope="module")
def page(pdf):
    return lxml.html.document_fromstring(evidence_page.render(pdf, RAW / "zhifu-2019.pdf"))


def spoken(element, language):
    """The element's text in one language, as a reader sees it, without signs and helper words."""
    words = []

    def walk(node):
        if not isinstance(node.tag, str):
            return
        classes = (node.get("class") or "").split()
        if "sr" in classes or ("t" in classes and node.get("lang") != language):
            return
        words.append(node.text or "")
        for child in node:
            walk(child)
            words.append(child.tail or "")

    walk(element)
    return re.sub(r"\s+", " ", "".join(words)).strip()


def select(element, selector):
    """The elements under `element` that a CSS selector of tags, classes and attributes names, in order."""
    paths = []
    for one in selector.split(","):
        path = "."
        for step in one.split():
            match = re.fullmatch(r"(\w*)((?:\.[\w-]+)*)((?:\[[\w-]+\])*)", step)
            classes = "".join(
                f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
                for name in match[2].split(".")[1:]
            )
            path += f"//{match[1] or '*'}{classes}{match[3].replace('[', '[@')}"
        paths.append(path)
    return element.xpath(" | ".join(paths))


def picks(page):
    return json.loads(page.get_element_by_id("picks").text)


def cells_of(page, ids):
    """The names of the cells with those element ids."""
    return {page.get_element_by_id(one).get("data-cell") for one in ids}


def widths(table):
    """How many columns each row of a table fills, cells that reach down from rows above included."""
    found = []
    for group in select(table, "thead, tbody, tfoot"):
        reaching: dict[int, int] = {}
        for row in select(group, "tr"):
            taken = set(reaching)
            reaching = {column: rows - 1 for column, rows in reaching.items() if rows > 1}
            for cell in select(row, "th, td"):
                for _ in range(int(cell.get("colspan", 1))):
                    column = next(i for i in range(99) if i not in taken)
                    taken.add(column)
                    if int(cell.get("rowspan", 1)) > 1:
                        reaching[column] = int(cell.get("rowspan")) - 1
            assert taken == set(range(len(taken)))
            found.append(len(taken))
        assert not reaching, "a heading reaches beyond its group"
    return found


def hostile_report(folder, name="plain.txt"):
    text = (RAW / "zhifu-2019.txt").read_text(encoding="utf-8")
    text = text.replace("共收到政府信息公开申请96件", f"共收到{HOSTILE}政府信息公开申请96件", 1)
    text = text.replace("一、总体情况\n", f"一、总体情况\n\n{HOSTILE}共 80 件。\n", 1)
    text = text.replace("\t4\t1\t\t\t\t\t5", "\t4<script>window.pwned=3</script>\t1\t\t\t\t\t5", 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_verdict_says_what_is_wrong_by_how_much_and_what_would_mend_it(page):
    assert spoken(page.find(".//h1"), "en") == (
        "Table 3 does not balance: 94 requests came in, but 96 are accounted for, 2 more; the prose says 96."
    )
    assert spoken(page.find(".//h1"), "zh") == (
        "表三收支不平：收到 94 件，去向却是 96 件，多出 2 件；正文写的是 96。"
    )
    ways = [spoken(item, "en") for item in select(page, ".ways li")]
    assert ways == [
        "A New this year · Total 94 → 96",
        "B Carried in from last year · Total blank → 2",
        "C Carried out to next year · Total 2 → 0",
    ]
    assert spoken(select(page, ".where")[0], "zh") == "位置 表三（第 7、8 页）、正文一(二)（第 3、4 页）"


def test_corrections_stand_side_by_side_with_what_speaks_for_and_against(page):
    cards = select(page, ".finding .card")
    changes = [
        [
            (spoken(select(r, ".was")[0], "en"), spoken(select(r, ".becomes")[0], "en"))
            for r in select(card, "tbody tr")
        ]
        for card in cards
    ]
    assert changes == [
        [("75", "→ 76"), ("19", "→ 20"), ("94", "→ 96")],
        [("blank", "→ 1"), ("blank", "→ 1"), ("blank", "→ 2")],
        [("1", "→ 0"), ("1", "→ 0"), ("2", "→ 0")],
    ]
    said = [[spoken(d, "zh") for d in select(card, "dd")] for card in cards]
    assert "申请96件" in said[0][0]
    assert said[0][1] == "报告中没有"
    assert "结转下年度继续处理2件" in said[2][1]
    assert said[1][3] == "上一年度报告“四、结转下年度继续办理”"


@pytest.mark.long
def test_choosing_lights_exactly_the_cells_that_enter(pdf, page):
    lit = picks(page)
    content = page_content(pdf, RAW / "zhifu-2019.pdf")
    by_key = {work.key: work.id for work in content.comparisons}
    counted = pdf.check_terms.merge(pdf.claim_cells[["claim", "cell"]], on="claim", suffixes=("_own", ""))
    entering = pd.concat([pdf.check_terms[["check", "cell"]], counted[["check", "cell"]]])
    entering = entering[entering["cell"].ne("")].groupby("check")["cell"].agg(set)
    for check in pdf.checks["check"]:
        assert cells_of(page, lit[by_key[check]]["cells"]) == entering.get(check, set())
    balance = lit[by_key["balance:total"]]["cells"]
    sides = {page.get_element_by_id(one).get("data-cell"): side for one, side in balance.items()}
    assert sides == {
        "requests:new/total": "left",
        "requests:carried_in/total": "left",
        "requests:handled/total": "right",
        "requests:carried_out/total": "right",
    }
    for finding, named in pdf.finding_checks.merge(pdf.findings).groupby("number"):
        union = set().union(*(entering[check] for check in named["check"]))
        assert cells_of(page, lit[f"f{finding}"]["cells"]) == union
    assert lit["f1A"]["values"] == dict(zip(lit["f1A"]["cells"], ["76", "20", "96"], strict=True))


def test_every_choice_has_something_to_show(page):
    lit = picks(page)
    for button in select(page, "[data-pick]"):
        assert button.get("data-pick") in lit
    ids = [element.get("id") for element in page.iter() if isinstance(element.tag, str) and element.get("id")]
    assert {f"t-{button.get('data-pick')}" for button in select(page, "[data-pick]")} <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("report", matrix(["zhifu-2019.txt", *REPORTS]))
def test_tables_are_drawn_as_printed(report):
    path = RAW / report if report.startswith("zhifu") else sample(report)
    result = audit(path)
    page = lxml.html.document_fromstring(evidence_page.render(result, path))
    for table in select(page, "table.statutory"):
        assert len(set(widths(table))) == 1, widths(table)
        known = {cell.get("id") for cell in select(table, "th")}
        for cell in select(table, "td[headers]"):
            assert set(cell.get("headers").split()) <= known
    shown = {b.get("data-cell"): spoken(b, "zh") for b in select(page, "table.statutory [data-cell]")}
    printed = {f.cell: re.sub(r"\s+", " ", f.raw).strip() for f in result.facts.itertuples()}
    assert shown == printed


def test_prose_keeps_every_letter_and_marks_every_number(pdf, page):
    content = page_content(pdf, RAW / "zhifu-2019.pdf")
    marked = [element.get("id") for element in select(page, ".prose .num[id]")]
    assert sorted(marked) == sorted(f"n{start}" for start in pdf.claims["start"])
    states = {claim.id: claim.state for claim in content.claims.values()}
    wrong = pdf.checks[(pdf.checks["rule"] == "narrative") & (pdf.checks["status"] == "breaks")]
    differs = {f"n{scope.rpartition('@')[2]}" for scope in wrong["scope"]}
    assert {name for name, state in states.items() if state == "differs"} == differs
    for sign in select(page, ".prose .sign, .prose .count, .prose .sr"):
        sign.drop_tree() if sign.getparent() is not None else None
    text = re.sub(r"\s+", "", "".join(s.text_content() for s in select(page, ".prose")))
    for line in pdf.document.text.splitlines():
        words = re.sub(r"\s+", "", line)
        if len(words) > 20 and "。" in words:
            assert words in text


@pytest.mark.parametrize("report", ["zhifu-2019.pdf", "hongze-2023.pdf"])
def test_a_cell_is_shown_where_the_page_prints_it(report):
    path = RAW / report if report.startswith("zhifu") else sample(report)
    result = audit(path)
    content = page_content(result, path)
    for fact in result.facts[result.facts["raw"] != ""].itertuples():
        cell = content.cells[fact.cell]
        crop = evidence_page._crop(content, cell)
        assert crop.page == fact.page
        assert crop.frames == (tuple(round(edge, 1) for edge in (fact.x0, fact.top, fact.x1, fact.bottom)),)
        x, y, wide, high = map(float, crop.view_box.split())
        x0, top, x1, bottom = crop.frames[0]
        assert x <= x0 < x1 <= x + wide + 0.1 and y <= top < bottom <= y + high + 0.1
        image = content.images[crop.page]
        assert image.box[0] <= x + 0.1 and x + wide <= image.box[2] + 0.1


def test_sources_without_pages_say_the_place_in_words(tmp_path):
    result = audit(RAW / "zhifu-2019.txt")
    content = page_content(result, RAW / "zhifu-2019.txt")
    assert content.images == {}
    assert re.fullmatch(r"第 \d+ 行第 \d+ 列", content.cells["requests:new/total"].place[0])
    assert re.fullmatch(r"line \d+, column \d+", content.cells["requests:new/total"].place[1])


def test_the_page_asks_for_nothing_and_stays_small(pdf, page, tmp_path):
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = element.get(name)
            assert value is None or value.startswith(("#", "data:")), (element.tag, name, value)
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
    for style in (element.text for element in select(page, "style")):
        assert all(address.startswith("data:") for address in re.findall(r"url\(([^)]*)", style))
        assert "@import" not in style
    path = evidence_page.write(pdf, RAW / "zhifu-2019.pdf", tmp_path)
    assert path.stat().st_size < 3_000_000
    assert str(RAW) not in path.read_text(encoding="utf-8")


def test_the_page_brings_the_chinese_that_it_prints(page):
    [font] = re.findall(r"url\(data:font/woff;base64,([^)]*)\)", select(page, "style")[0].text)
    brought = TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()
    printed = {char for char in page.text_content() if "\u4e00" <= char <= "\u9fff"}
    assert {"烟", "罘"} <= printed <= {chr(code) for code in brought}


def test_the_same_audit_gives_the_same_bytes_in_one_file(pdf, tmp_path):
    first = evidence_page.write(pdf, RAW / "zhifu-2019.pdf", tmp_path / "a")
    second = evidence_page.write(audit(RAW / "zhifu-2019.pdf"), RAW / "zhifu-2019.pdf", tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["index.html"]


@pytest.mark.long
def test_what_was_there_stays_where_writing_fails(pdf, tmp_path, monkeypatch):
    path = evidence_page.write(pdf, RAW / "zhifu-2019.pdf", tmp_path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        evidence_page.write(pdf, RAW / "zhifu-2019.pdf", tmp_path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["index.html"]


def test_a_hostile_report_changes_nothing_but_letters(tmp_path):
    plain = RAW / "zhifu-2019.txt"
    path = hostile_report(tmp_path, 'x"><script>alert(1)</script>.txt'.replace("/", "\u2215"))
    shown = lxml.html.document_fromstring(evidence_page.render(audit(path), path))
    usual = lxml.html.document_fromstring(evidence_page.render(audit(plain), plain))
    for tag in ("script", "img", "style", "iframe", "svg", "meta", "link"):
        assert len(shown.findall(f".//{tag}")) == len(usual.findall(f".//{tag}")), tag
    assert [s.text for s in shown.findall(".//script")[1:-1]] == [shown.get_element_by_id("picks").text]
    assert shown.findall(".//script")[-1].text == usual.findall(".//script")[-1].text
    assert not [
        e for e in shown.iter() if isinstance(e.tag, str) for name in e.attrib if name.startswith("on")
    ]
    prose = re.sub(r"\s+", "", spoken(select(shown, ".prose")[0], "zh"))
    assert "<script>window.pwned=1</script><imgsrc=x" in prose
    assert "{%raw%}" in prose and "*7}}" in prose and "49" not in prose.split("}}")[0][-20:]


def test_dismissed_findings_leave_the_verdict(pdf):
    row = [
        pdf.findings.loc[0, "finding"],
        "",
        "dismissed",
        "the office <b>explained</b> it",
        "A. Wang",
        "2026-11-24",
    ]
    decided = pd.DataFrame([row], columns=VERDICT_COLUMNS, dtype="string")
    content = page_content(audit_document(pdf.document, decided=decided), RAW / "zhifu-2019.pdf")
    assert content.verdict[1] == "Every break that was found has been dismissed by a person"
    assert content.findings[0].decided == (
        "已排除（A. Wang，2026-11-24）：the office <b>explained</b> it",
        "dismissed by A. Wang on 2026-11-24: the office <b>explained</b> it",
    )
    assert content.ways == []


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        ("hongze-2023.pdf", "表四“行政复议”各类结果相加为 11，总计却是 0，相差 11；另有 1 处问题"),
        (
            "shanghai-office-2019.html",
            "正文说 258 件，表中“予以公开＋部分公开”是 275，相差 17；另有 3 处问题",
        ),
        (
            "shuyang-fgj-2023.html",
            "能核对的数字全部相符；须核实：表三有 125 格空白，按格式应填 0：商业企业整列、科研机构整列、"
            "社会公益组织整列、法律服务机构整列、其他整列",
        ),
    ],
)
def test_real_reports_have_their_verdict(report, verdict):
    path = sample(report)
    assert page_content(audit(path), path).verdict[0] == verdict


def test_readings_in_doubt_say_so_in_plain_words(pdf):
    grids = dict(pdf.document.grids)
    grids["pdfium"] = tuple(
        replace(g, cells=tuple(replace(c, text="83") if c.text == "38" else c for c in g.cells))
        for g in grids["pdfium"]
    )
    doubted = page_content(audit_document(replace(pdf.document, grids=grids)), RAW / "zhifu-2019.pdf")
    last = doubted.findings[-1]
    assert (last.kind, last.severity) == ("extraction", "query")
    assert last.lead == (
        "表三有 1 格各次读取不一致：予以公开·自然人",
        "Our readers differ in Table 3 (1 cell): Granted · Individuals",
    )
    assert last.cells == ("requests:granted/natural_person",)
    assert doubted.cells["requests:granted/natural_person"].how == "doubt"
    assert doubted.tally[-1][1][-1] == ("doubt", ("1 格存疑", "1 in doubt"))


def made_up(folder, change):
    """The page's content for a sound report of the form of 2021 after a change of its tables."""
    figures = made_up_report.figures()
    path = folder / "report.html"
    made = change(made_up_report.rows(figures))
    path.write_text(made_up_report.as_html(made, made_up_report.prose(figures)), encoding="utf-8")
    return page_content(audit(path), path)


def printing(label, column, text):
    """Tables whose row of that label prints something else in a column."""

    def change(made):
        row = next(row for row in made["requests"] if label in row[0])
        row[column] = text
        return made

    return change


def zero_left_out(made):
    """Tables that leave a cell blank where 0 should stand."""
    row = next(row for row in made["requests"] if "0" in row[1:-1])
    row[row.index("0", 1)] = ""
    return made


def blank_four(made):
    made["disputes"][-1] = ["" for _ in made["disputes"][-1]]
    return made


def test_what_is_missing_is_no_contradiction_and_no_sum(tmp_path):
    content = made_up(tmp_path, blank_four)
    assert content.verdict == ("表四全部空白", "Table 4 is wholly blank")
    assert content.standfirst[1].startswith("The report lacks what its form requires (1 error).")
    assert "contradicts itself" not in content.standfirst[1] and not content.ways
    tally = {name[1]: dict(parts) for name, parts in content.tally}
    assert "breaks" not in tally["Sums in the tables"]
    assert tally["What the form asks for"]["breaks"] == ("1 处不符", "1 break")
    assert not content.findings[0].details


def test_a_report_with_only_something_to_ask_about_is_not_accused(tmp_path):
    content = made_up(tmp_path, zero_left_out)
    assert [finding.severity for finding in content.findings] == ["query"]
    assert content.verdict[1].startswith("The figures agree with each other as far as they could be checked")
    assert content.standfirst == (
        "没有发现确凿的错误；有 1 处疑问，请人工核实。",
        "No certain error was found; a person should decide about 1 query.",
    )


def test_what_was_not_read_is_counted_apart_and_is_our_problem(tmp_path):
    content = made_up(tmp_path, printing("国家秘密", 1, "3 5"))
    (finding,) = content.findings
    assert (finding.kind, finding.grade) == ("extraction", ("须对照原件", "look at the original"))
    assert finding.lead == (
        "表三有 1 格未能读出：属于国家秘密·自然人",
        "Could not be read in Table 3 (1 cell): State secrets · Individuals",
    )
    assert finding.details[0].changes[0].printed == ("3 5 ?", "3 5 ?")
    assert "1 problem; nothing was found wrong in the report itself." in content.standfirst[1]
    assert "could not be read as a figure: 2; those made hold." in content.standfirst[1]
    sums = dict({name[1]: parts for name, parts in content.tally}["Sums in the tables"])
    assert sums["unread"] == ("2 处未能读作数字", "2 not read")
    unread = [work for work in content.comparisons if work.status == "unread"]
    assert len(unread) == 2 and all("按 0 计" not in work.formula[0] for work in unread)
    sides = [side for work in unread for side in (work.left, work.right)]
    assert not any("blank" in said for side in sides for _, said in side.besides)
    assert any(term.figure == "?" for side in sides for term in side.terms) or any(
        "1 not read as a figure" in said for side in sides for _, said in side.besides
    )


def test_a_report_without_tables_has_a_page_that_says_so(tmp_path):
    path = tmp_path / "none.txt"
    path.write_text("某区人民政府2023年政府信息公开工作年度报告\n\n一、总体情况\n\n收到申请12件。\n", "utf-8")
    page = lxml.html.document_fromstring(evidence_page.render(audit(path), path))
    assert spoken(page.find(".//h1"), "en").startswith("Something in this report could not be read reliably")
    assert not select(page, "table.statutory")
    assert "报告没有这张表" in spoken(page.get_element_by_id("tables"), "zh")


@pytest.mark.long
def test_the_worst_case_keeps_within_the_size(tmp_path):
    text = (RAW / "zhifu-2019.txt").read_text(encoding="utf-8")
    path = tmp_path / "long.txt"
    path.write_text(text + "\n本机关共发布政府信息 12345 条，培训 67 人次。\n" * 9000, encoding="utf-8")
    page = evidence_page.write(audit(path), path, tmp_path)
    assert page.stat().st_size < 3_000_000


@pytest.mark.skipif(not scan.installed(), reason="the extra `scan` is not installed")
def test_a_report_that_is_a_picture_file_shows_its_own_rows(tmp_path):
    with pypdfium2.PdfDocument(RAW / "zhifu-2019.pdf") as pdf:
        page = pdf[7].render(scale=150 / 72).to_pil().convert("L")
    picture = tmp_path / "table-three.png"
    page.save(picture, dpi=(150, 150))
    result = audit(picture)
    shown = lxml.html.fromstring(evidence_page.render(result, picture))
    handled = page_content(result, picture).cells["requests:handled/total"]
    assert (handled.figure, handled.page) == ("94", 1) and handled.box is not None
    assert [image.get("id") for image in shown.iter("image")] == ["plate1"]
    (panel,) = shown.xpath(f"//template[@id='t-{handled.id}']")
    assert panel.xpath(".//*[local-name()='use']/@href") == ["#plate1"]
