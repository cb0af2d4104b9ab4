"""The working paper: a spreadsheet works out what the audit found, before and after a figure is typed."""

import os
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import made_up_report
import openpyxl
import pytest
from samples import REPORTS, sample

from crossfoot.audit import audit
from crossfoot.checks import check
from crossfoot.errors import ArgumentError
from crossfoot.numerals import read_cell
from crossfoot.texts import say
from crossfoot_papers import formulas, workbook

RAW = Path(__file__).parents[1] / "data" / "raw"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not available to recalculate with")


@pytest.fixture(scope="module")
def seed():
    return audit(RAW / "zhifu-2019.pdf")


@pytest.fixture(scope="module")
def paper(seed, tmp_path_factory):
    return workbook.write(seed, tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Recalculates workbooks, each after some cells were typed into it, and opens them with their values."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not available to recalculate with")
    home = tmp_path_factory.mktemp("office")

    def recalculated(*jobs):
        work = home / str(len(list(home.iterdir())))
        work.mkdir()
        names = [f"{number}.xlsx" for number in range(len(jobs))]
        for name, (path, typed) in zip(names, jobs, strict=True):
            book = openpyxl.load_workbook(path)  # forgets every value that a formula had
            for (sheet, address), value in typed.items():
                book[sheet][address] = value
            book.save(work / name)
        subprocess.run(
            [
                OFFICE, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", work / "out",
                *(work / name for name in names),
            ],
            check=True, capture_output=True, timeout=300, env=os.environ | {"SAL_USE_VCLPLUGIN": "svp"},
        )  # fmt: skip
        return [openpyxl.load_workbook(work / "out" / name, data_only=True) for name in names]

    return recalculated


def signs(book, result, language="en"):
    """The sign of each check as the sheet of checks shows it now, in the order of the checks."""
    sheet = book[say("sheet.checks", language)]
    return [sheet.cell(row, 9).value for row in range(5, 5 + len(result.checks))]


def live(result, shown):
    """Each check that is worked out live, with its sign."""
    return [(one, sign) for one, sign in zip(result.checks.itertuples(), shown, strict=True) if sign != "·"]


def values_of(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_the_tables_stand_as_printed_figures_as_numbers_and_blanks_blank(seed, paper):
    book, places = openpyxl.load_workbook(paper), workbook.places(seed)
    for fact in seed.facts.itertuples():
        sheet, address = places[f"{fact.table}:{fact.row}/{fact.column}"]
        cell = book[sheet][address]
        if fact.status == "number":
            assert cell.data_type == "n" and cell.value == fact.value
        else:
            assert fact.status == "blank" and cell.value is None
    requests = book[say("sheet.requests", "en")]
    heads = {str(area): requests.cell(area.min_row, area.min_col).value for area in requests.merged_cells}
    assert "申请人情况" in str(heads["D5:I5"]) and "法人或其他组织" in str(heads["E6:I6"])
    assert str(heads["A10:A29"]).replace("\n", "") == "三、本年度办理结果"
    assert heads["B12:B19"] == "（三）不予公开"
    disputes = book[say("sheet.disputes", "en")]
    assert {"B5:F5", "G5:P5", "G6:K6", "L6:P6"} <= {str(area) for area in disputes.merged_cells}


def test_every_identity_is_a_formula_and_its_stored_value_is_what_the_audit_found(seed, paper):
    formulas_of, stored = openpyxl.load_workbook(paper), openpyxl.load_workbook(paper, data_only=True)
    shown = signs(formulas_of, seed)
    assert all(sign == "·" or str(sign).startswith("=") for sign in shown)
    for one, sign in live(seed, signs(stored, seed)):
        assert sign == formulas.SIGNS[one.status], one
    fixed = {one.rule for one, sign in zip(seed.checks.itertuples(), shown, strict=True) if sign == "·"}
    assert fixed == {"narrative_sum", "rows_missing", "not_a_figure"}


@needs_office
def test_the_balance_breaks_and_turns_when_the_corrected_figures_are_typed(seed, paper, office):
    places = workbook.places(seed)
    columns = ("natural_person", "enterprise", "total")
    balance = [one.rule == "balance" and one.scope in columns for one in seed.checks.itertuples()]
    typed = {
        places[f"requests:new/{column}"]: value for column, value in zip(columns, (76, 20, 96), strict=True)
    }
    before, after = office((paper, {}), (paper, typed))
    shown = [sign for sign, wanted in zip(signs(before, seed), balance, strict=True) if wanted]
    assert shown == ["✗", "✗", "✗"]
    sheet = before[say("sheet.requests", "en")]
    differences = [
        [cell.value for cell in row if isinstance(cell.value, int | float) and cell.value < 0]
        for row in sheet.iter_rows()
    ]
    assert [-1, -1, -2] in differences
    assert "✗" not in signs(after, seed)
    assert after[say("sheet.requests", "en")]["A3"].value.startswith("✓")
    facts = after[say("sheet.facts", "en")]
    changed = [row[14].value for row in facts.iter_rows(min_row=5) if row[13].value == "changed"]
    assert changed == [f"requests:new/{column}" for column in columns]


@needs_office
def test_recalculated_every_cell_has_the_value_that_it_was_written_with(seed, office, tmp_path):
    results = {"zh": seed, **{name: audit(sample(name)) for name in REPORTS}}
    paths = [
        workbook.write(result, tmp_path / name, "zh" if name == "zh" else "en")
        for name, result in results.items()
    ]
    for name, path, again in zip(results, paths, office(*((path, {}) for path in paths)), strict=True):
        result, language = results[name], "zh" if name == "zh" else "en"
        for one, sign in live(result, signs(again, result, language)):
            assert sign == formulas.SIGNS[one.status], one
        for title, rows in values_of(path).items():
            for row, cells in enumerate(rows, 1):
                for column, value in enumerate(cells, 1):
                    new = again[title].cell(row, column).value
                    assert (new or "") == (value or "") or new == pytest.approx(value), (title, row, column)


TYPED = [0, 1, 2, 5, 94, 96, -1, 1.5, None, None, "-", "—", "/", "无", "零", "若干"]


def typed_at_random(result, number):
    """Figures, blanks, dashes, 无 and words in a third of the cells; the facts as they then are."""
    choice, places = random.Random(number), workbook.places(result)
    facts, typed = result.facts.astype({"status": "str"}), {}
    for index, fact in facts.iterrows():
        if choice.random() < 0.35:
            value = choice.choice(TYPED)
            raw = "" if value is None else str(value)
            typed[places[fact["cell"]]] = value
            numeral = read_cell("无" if raw == "零" else raw, fact["unit"])  # 零 is a word to a spreadsheet
            number_read = float("nan") if numeral.value is None else numeral.value
            facts.loc[index, ["value", "status", "raw"]] = [number_read, numeral.status, raw]
    return typed, facts


@needs_office
def test_whatever_is_typed_the_signs_are_what_checks_says_of_it(seed, paper, office):
    made = [typed_at_random(seed, number) for number in range(4)]
    for (_, facts), book in zip(made, office(*((paper, typed) for typed, _ in made)), strict=True):
        wanted = check(facts, seed.report.form).set_index(["rule", "scope"])["status"]
        compared = {
            (one.rule, one.scope): sign
            for one, sign in live(seed, signs(book, seed))
            if (one.rule, one.scope) in wanted.index
        }
        assert len(compared) > 80
        assert compared == {key: formulas.SIGNS[wanted[key]] for key in compared}


@needs_office
def test_a_corrected_number_of_the_prose_turns_its_check(seed, paper, office):
    claims = say("sheet.claims", "en")
    rows = [5 + n for n, value in enumerate(seed.claims["value"]) if value == 96]
    (after,) = office((paper, {(claims, f"D{row}"): 94 for row in rows}))
    told = [s for one, s in live(seed, signs(after, seed)) if one.rule == "narrative"]
    assert set(told) == {"✓"}


def test_lists_have_filters_frozen_heads_and_all_rows(seed, paper):
    book = openpyxl.load_workbook(paper)
    for code, table in (("claims", seed.claims), ("checks", seed.checks), ("facts", seed.facts)):
        sheet = book[say(f"sheet.{code}", "en")]
        assert sheet.auto_filter.ref.endswith(str(4 + len(table)))
        assert sheet.freeze_panes and sheet.print_title_rows == "$4:$4"
        assert sheet.max_row == 4 + len(table)
    for sheet in book:
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter.left.text.strip().startswith(seed.report.source)


def test_a_finding_has_a_row_for_each_correction_and_its_cells_a_comment(seed, paper):
    book = openpyxl.load_workbook(paper)
    rows = list(book[say("sheet.findings", "en")].iter_rows(min_row=5, values_only=True))
    assert len(rows) == 3 and {row[11] for row in rows} == {seed.findings["finding"].iloc[0]}
    assert "75 → 76" in rows[0][5] and "blank → 1" in rows[1][5]
    sheet, address = workbook.places(seed)["requests:new/total"]
    assert "94 against 96" in book[sheet][address].comment.text
    assert book[sheet]["D10"].comment is None


def test_every_figure_tells_its_source(seed, paper):
    book = openpyxl.load_workbook(paper)
    tips = {}
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            tips[sheet.title, str(rule.sqref)] = rule.prompt
    for name, place in workbook.places(seed).items():
        assert "tabula+pdfium" in tips[place], name
    sheet, address = workbook.places(seed)["disclosure:procurement/amount"]
    assert "1.2036 亿元" in tips[sheet, address] and "p. 7" in tips[sheet, address]
    assert book[sheet][address].value == 120360000


HOSTILE = """=cmd|'/c calc'!A0
某某区人民政府
2019年政府信息公开工作年度报告
一、总体情况
（一）依申请公开
=HYPERLINK("x")收到政府信息公开申请12件，+SUM(A1)予以公开3件，@SUM(A1)不予公开2件。
三、收到和处理政府信息公开申请情况
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计
一、本年新收政府信息公开申请数量\t=1+1\t-2+3\t@A1\t+5\t\t\t12
二、上年结转政府信息公开申请数量\t-\t—\t/\t无\t\t\t0
"""


def test_what_a_report_writes_never_becomes_a_formula(tmp_path):
    source = tmp_path / "=evil+1.txt"
    source.write_text(HOSTILE, encoding="utf-8")
    result = audit(source)
    words = [str(text) for text in result.facts["raw"]] + [str(text) for text in result.claims["quote"]]
    assert any(word.startswith("=HYPERLINK") for word in words)
    assert any(word.startswith("=1") for word in words) and any(word.startswith("@") for word in words)
    path = workbook.write(result, tmp_path / "out")
    book = openpyxl.load_workbook(path)
    texts = []
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                assert "HYPERLINK" not in cell.value and "cmd" not in cell.value
            elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t", "\r")):
                assert cell.data_type == "s" and cell.style is not None and cell.quotePrefix
                texts.append(cell.value)
    assert any(text.startswith("=HYPERLINK") for text in texts)
    cover = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "=evil+1.txt" in cover


@needs_office
def test_hostile_text_is_still_text_after_recalculation(tmp_path, office):
    source = tmp_path / "=evil+1.txt"
    source.write_text(HOSTILE, encoding="utf-8")
    result = audit(source)
    (again,) = office((workbook.write(result, tmp_path / "out"), {}))
    found = [cell.value for sheet in again for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(value, str) and value.startswith("=HYPERLINK") for value in found)
    assert not any(isinstance(value, str) and value.startswith("#") for value in found)


def test_the_same_audit_gives_the_same_bytes_without_a_date(seed, paper, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    again = workbook.write(seed, tmp_path)
    assert again.read_bytes() == paper.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["workpaper.xlsx"]
    with zipfile.ZipFile(paper) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = archive.read("docProps/core.xml").decode()
    assert "1980-01-01T00:00:00Z" in about and about.count("T00:00:00Z") == 2


def test_a_failed_write_leaves_the_old_paper(seed, tmp_path, monkeypatch):
    path = workbook.write(seed, tmp_path)
    old = path.read_bytes()

    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="no space"):
        workbook.write(seed, tmp_path, "zh")
    assert path.read_bytes() == old and len(list(tmp_path.iterdir())) == 1


def test_it_speaks_chinese_and_refuses_what_it_does_not_speak(seed, tmp_path):
    book = openpyxl.load_workbook(workbook.write(seed, tmp_path, "zh"))
    assert book.sheetnames[:4] == ["封面", "表二 主动公开", "表三 依申请公开", "表四 复议诉讼"]
    words = [cell.value for row in book["审核发现"].iter_rows(min_row=5) for cell in row]
    assert any("第一项＋第二项≠第三项＋第四项" in str(word) for word in words)
    with pytest.raises(ArgumentError):
        workbook.write(seed, tmp_path, "fr")


def made_up(folder, column, text, label="国家秘密"):
    """The audit of a sound report of the form of 2021 with something else in a cell of that row."""
    figures = made_up_report.figures()
    made = made_up_report.rows(figures)
    next(row for row in made["requests"] if label in row[0])[column] = text
    path = folder / "report.html"
    path.write_text(made_up_report.as_html(made, made_up_report.prose(figures)), encoding="utf-8")
    return audit(path)


def test_what_was_not_read_is_no_0_and_no_blank_in_the_workbook(tmp_path):
    result = made_up(tmp_path, 1, "3 5")
    stored = openpyxl.load_workbook(workbook.write(result, tmp_path, "en"), data_only=True)
    cover, found, sheet = (stored[say(f"sheet.{name}", "en")] for name in ("cover", "findings", "requests"))
    said = " ".join(str(cell.value) for row in cover.iter_rows(max_row=16) for cell in row if cell.value)
    assert "Our reading of the report met 1 problem: look at the source" in said
    assert "2 checks could not be made" in said and "look at the original" in said and "error" not in said
    assert found["F5"].value == "属于国家秘密·自然人 3 5 ?"
    row = next(r for r in range(8, 40) if "属于国家秘密" in str(sheet.cell(r, 3).value))
    assert [sheet.cell(row, column).value or "" for column in (12, 13, 14)] == ["", "", "–"]
    assert sheet.cell(row + 1, 12).value is not None


def test_a_claim_about_a_cell_that_was_not_read_is_held_against_nothing(tmp_path):
    result = made_up(tmp_path, 7, "3 5", "本年新收")
    stored = openpyxl.load_workbook(workbook.write(result, tmp_path, "en"), data_only=True)
    claims = stored[say("sheet.claims", "en")]
    rows = [row for row in claims.iter_rows(min_row=5) if "本年新收" in str(row[7].value)]
    assert rows and all([cell.value or "" for cell in row[8:11]] == ["", "", "–"] for row in rows)
    requests = [
        [cell.value for cell in row] for row in stored[say("sheet.requests", "en")].iter_rows(min_row=40)
    ]
    (told,) = [row for row in requests if row[0] and "共收到政府信息公开申请" in str(row[0])]
    assert 0 not in told


def test_a_word_for_a_figure_breaks_live_as_it_was_audited_and_has_its_own_source(tmp_path):
    result = made_up(tmp_path, 1, "abc")
    path = workbook.write(result, tmp_path, "en")
    stored, typed = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    (at,) = [
        n
        for n, one in enumerate(result.checks.itertuples(), 5)
        if one.rule == "not_a_figure" and ":" in one.scope
    ]
    sheet = say("sheet.checks", "en")
    assert stored[sheet].cell(at, 9).value == "✗"
    assert "COUNTA(" in typed[sheet].cell(at, 9).value and '"✗","✓"' in typed[sheet].cell(at, 9).value
    assert stored[sheet].cell(at, 11).value.endswith("表三")
