"""The findings in words for the terminal."""

import subprocess
import sys
from pathlib import Path

import pytest

from crossfoot import audit
from crossfoot.package import schema
from crossfoot.summary import summarise

RAW = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_of_the_prose_is_named_by_its_clause(language, tmp_path):
    text = RAW.read_text(encoding="utf-8")
    assert text.count("结转下年度继续处理 2 件") == 1
    path = tmp_path / "report.txt"
    path.write_text(text.replace("结转下年度继续处理 2 件", "结转下年度继续处理 3 件"), encoding="utf-8")
    result = audit(path, language=language)
    shown = summarise(result.report, {name: getattr(result, name) for name in schema()}, language)
    (line,) = [line for line in shown.splitlines() if "3 → 2" in line]
    assert "结转下年度继续处理3件" in line and "claim:" not in shown


def test_a_reader_who_has_enough_is_no_failure():
    code = "import sys; from crossfoot.cli import main; sys.exit(main(['audit', sys.argv[1]]))"
    audited = subprocess.Popen(
        [sys.executable, "-c", code, RAW], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    audited.stdout.close()
    assert (audited.stderr.read(), audited.wait(120)) == (b"", 0)
