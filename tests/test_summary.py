"""The findings in words for the terminal."""

import re
import subprocess
import sys
from pathlib import Path

import made_up_report
import pytest

from crossfoot import audit
from crossfoot_cli.summary import summarise

RAW = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_of_the_prose_is_named_by_its_clause(language, tmp_path):
    text = RAW.read_text(encoding="utf-8")
    assert text.count("结转下年度继续处理 2 件") == 1
    path = tmp_path / "report.txt"
    path.write_text(text.replace("结转下年度继续处理 2 件", "结转下年度继续处理 3 件"), encoding="utf-8")
    result = audit(path, language=language)
    shown = summarise(result)
    (line,) = [line for line in shown.splitlines() if "3 → 2" in line]
    assert "结转下年度继续处理3件" in line and "claim:" not in shown


def test_a_reader_who_has_enough_is_no_failure():
    code = "import sys; from crossfoot_cli.commands import main; sys.exit(main(['audit', sys.argv[1]]))"
    audited = subprocess.Popen(
        [sys.executable, "-c", code, RAW], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    audited.stdout.close()
    assert (audited.stderr.read(), audited.wait(120)) == (b"", 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_speaks_in_words_and_says_nothing_twice(language, tmp_path):
    figures = made_up_report.figures()
    made = made_up_report.rows(figures)
    for row in made["requests"]:
        row[0] = ""  # only the order of the rows names them
    made["disputes"][-1] = ["" for _ in made["disputes"][-1]]
    path = tmp_path / "report.html"
    path.write_text(made_up_report.as_html(made, made_up_report.prose(figures)), encoding="utf-8")
    result = audit(path, language=language)
    shown = summarise(result)
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    assert len(set(lines)) == len(lines) and max(map(len, lines)) < 500
    assert not re.search(r"\b(?:by_order|rows_missing|requests[.:]\w)", shown)
    (blank,) = [
        line for line in lines if ("Table 4 is wholly blank" if language == "en" else "表四全部空白") in line
    ]
    assert blank.startswith(("1. [error, published]", "1. 【错误·报告本身】"))
    assert language == "en" or "【须对照原件·读取】" in shown
