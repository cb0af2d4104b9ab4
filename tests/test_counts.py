"""Terminal, page, workbook and pictures say the same number for the same words, as in the table counts."""

import re
import shutil
import sys
from pathlib import Path

import lxml.html
import openpyxl
import pytest
from matrices import matrix
from samples import REPORTS, sample

from crossfoot import ArgumentError, audit, datapackage, load
from crossfoot.charts import told
from crossfoot.texts import say, words
from crossfoot_cli.summary import summarise
from crossfoot_papers import annotated, evidence_page, workbook
from crossfoot_papers.page_content import page_content

RAW = Path(__file__).parents[1] / "data" / "raw"
VERDICT = (
    '[[verdict]]\nfinding = "{}"\nverdict = "dismissed"\ncomment = "asked"\nwho = "A. Wang"\n'
    "when = 2026-11-24\n"
)
OWN_RULES = """
version = 1
off = ["balance"]
[[rule]]
id = "denied_within"
label = "what is denied is at most what is handled"
label_zh = "不予公开不超过总计"
basis = "an analyst"
severity = "query"
table = "requests"
per = "column"
left = ["denied.*"]
right = ["handled"]
bound = "at_most"
"""


def cover(path, language="en"):
    """Every text of the workbook's cover."""
    sheet = openpyxl.load_workbook(path, data_only=True)[say("sheet.cover", language)]
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


@pytest.mark.parametrize("report", matrix(["zhifu-2019.txt", *REPORTS]))
def test_terminal_page_workbook_and_picture_say_one_number(report, tmp_path):
    path = RAW / report if report.startswith("zhifu") else sample(report)
    result = audit(path)
    holds, breaks, unread = (
        result.count("checks", status=status) for status in ("holds", "breaks", "unread")
    )
    ranges = result.count("checks", kind="range", status="holds")
    head = summarise(result).split("\n")[0]
    assert f": {holds} hold ({ranges} of them ask only" in head and f", {breaks} break, {unread} not" in head
    page = lxml.html.document_fromstring(evidence_page.render(result, path)).text_content()
    said = say("checks.how", "en", count=result.count("checks"), holds=holds, breaks=breaks, unread=unread,
               open=result.count("checks", status="not_stated"))  # fmt: skip
    assert said in page and say("checks.bounds", "en", count=ranges) in page
    tallied = page_content(result, path).tally
    for status, count in (("holds", holds), ("breaks", breaks), ("unread", unread)):
        shown = [one[1] for _, parts in tallied for kind, one in parts if kind == status]
        assert sum(int(re.sub(r"\D", "", one)) for one in shown) == count
    text = cover(workbook.write(result, tmp_path))
    if result.count("standing", kind="published"):
        assert f"{breaks} of {breaks + holds} checks that could be made break" in text
    drawn = told.plotted(result.tables, result.report)["status"].value_counts()
    for status in ("holds", "breaks", "unread", "not_stated"):
        assert drawn.get(status, 0) == result.count("checks", rule="narrative", status=status)


def test_a_dismissed_finding_is_counted_apart_everywhere(tmp_path):
    path = Path(shutil.copy(RAW / "zhifu-2019.txt", tmp_path))
    finding = audit(path).findings["finding"].iloc[0]
    path.with_name("zhifu-2019.verdicts.toml").write_text(VERDICT.format(finding), encoding="utf-8")
    result = audit(path)
    assert (result.count("findings"), result.count("standing")) == (1, 0)
    assert "0 findings (a person dismissed 1 more)" in summarise(result)
    assert page_content(result, path).verdict == words("verdict.dismissed")
    text = cover(workbook.write(result, tmp_path))
    assert "Findings that a person dismissed: 1." in text and "finding in the report" not in text


def test_each_check_is_called_by_its_own_rule_where_several_share_an_id(tmp_path):
    result = audit(RAW / "zhifu-2019.txt")
    labels = result.checks.set_index("check")["label"]
    assert labels["bounds:normative"] == "“Part within the total” of Normative documents"
    assert labels["bounds:disclosure:normative/published"].startswith("“Range” of Normative documents")
    book = openpyxl.load_workbook(workbook.write(result, tmp_path), data_only=True)
    rows = {row[11].value: row for row in book[say("sheet.checks", "en")].iter_rows(min_row=5)}
    pair = rows["disclosure:normative/published disclosure:normative/public_total"]
    assert (pair[0].value, pair[10].value) == (
        "newly published is part of all that is published",
        "国办公开办函〔2019〕60号，表二第（一）项",
    )
    assert rows["disclosure:procurement/amount"][0].value == "an amount is not negative"
    assert rows["disclosure:licensing/change"][0].value == "an increase or decrease is whole"
    page = evidence_page.render(result, RAW / "zhifu-2019.txt")
    assert "Part within the total" in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_papers_and_pictures_know_an_analyst_s_own_rules(tmp_path, language):
    from crossfoot_cli.commands import main

    path = Path(shutil.copy(RAW / "zhifu-2019.txt", tmp_path))
    path.with_name("rules.toml").write_text(OWN_RULES, encoding="utf-8")
    assert main(["audit", str(path), "--out", str(tmp_path / "out"), "--lang", language]) == 0
    page = (tmp_path / "out" / "zhifu-2019" / "index.html").read_text(encoding="utf-8")
    assert "what is denied is at most what is handled" in page and "balance:total" not in page


def test_an_audit_in_the_other_language_is_the_same_audit(tmp_path):
    english, chinese = (audit(RAW / "zhifu-2019.txt", language=language) for language in ("en", "zh"))
    again = english.worded("zh")
    for name in english.tables:
        assert again[name].equals(chinese[name]), name
    assert english.worded("en") is english and again.language == "zh"
    with pytest.raises(ArgumentError):
        english.worded("fr")
    assert summarise(again) == summarise(chinese)
    datapackage.write(english, tmp_path)
    loaded = load(tmp_path)
    assert summarise(loaded) == summarise(english)
    with pytest.raises(ArgumentError, match="was loaded from a folder"):
        loaded.worded("zh")


def test_what_could_not_be_read_belongs_to_its_finding():
    result = audit(sample("shuyang-xian-2025.txt"))
    told = [result.problem_of(finding) for finding in result.findings["finding"]]
    assert result.problems and {one for one in told if one} == set(result.problems)
    published = result.findings.loc[result.findings["kind"] == "published", "finding"]
    assert all(result.problem_of(finding) is None for finding in published)


def test_papers_tell_what_breaks_between_years(tmp_path):
    from crossfoot_synthetic import corpus

    truths = corpus.write(tmp_path, 10, seed=7, years=range(2019, 2024), errors=0.9, suffixes=(".pdf",))
    (name,) = [name for name, truth in truths.items() if truth.kind == "reclassified"]
    own = truths[name]
    (before,) = [
        other
        for other, truth in truths.items()
        if truth.year == own.year - 1 and truth.issuer.endswith(own.issuer)
    ]
    result = audit(tmp_path / name, others=[audit(tmp_path / before)])
    assert result.count("checks", kind="years", status="breaks") == 2
    content = page_content(result, tmp_path / name)
    assert words("tally.years") in [name for name, _ in content.tally]
    assert result.findings["title"].iloc[-1] in cover(workbook.write(result, tmp_path))
    names = [change.name for one in content.findings[-1].corrections for change in one.changes]
    assert any(en.endswith(f"in {own.year - 1}") for _, en in names)
    assert annotated.write(result, tmp_path / name, tmp_path) is not None


def test_what_costs_and_is_not_asked_for_is_not_made(monkeypatch):
    made = []
    monkeypatch.setattr(sys.modules["crossfoot.audit"], "coverage", lambda *given: made.append("coverage"))
    monkeypatch.setattr(sys.modules["crossfoot.tidy"], "unnoticed", lambda *given: made.append("unnoticed"))
    result = audit(RAW / "zhifu-2019.txt")
    assert summarise(result) and repr(result) and not made
