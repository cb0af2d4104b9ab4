from pathlib import Path

import pandas as pd
import pytest

from crossfoot.charts import CHARTS
from crossfoot.cli import main

RAW = Path(__file__).parents[1] / "data" / "raw"


def test_a_report_with_errors_is_a_result_and_exits_0(capsys, tmp_path):
    assert main(["audit", str(RAW / "zhifu-2019.txt"), "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "1 finding" in shown and "75 → 76" in shown
    assert (tmp_path / "zhifu-2019" / "findings.csv").is_file()


def test_papers_and_pictures_are_written_in_whatever_language(capsys, tmp_path):
    for language in ("en", "zh"):
        folder = tmp_path / language
        assert main(["audit", str(RAW / "zhifu-2019.txt"), "--out", str(folder), "--lang", language]) == 0
        written = {path.name for path in (folder / "zhifu-2019").iterdir()}
        assert {"index.html", "workpaper.xlsx", "charts"} <= written
        pictures = {path.name for path in (folder / "zhifu-2019" / "charts").iterdir()}
        assert pictures == {f"{name}.{kind}" for name in CHARTS for kind in ("svg", "png")}
    capsys.readouterr()
    english, chinese = (
        pd.read_csv(tmp_path / language / "zhifu-2019" / "findings.csv") for language in ("en", "zh")
    )
    assert list(english["id"]) == list(chinese["id"])
    assert (
        "第一项＋第二项≠第三项＋第四项" in chinese["title"][0] and "figures in blank" in english["title"][0]
    )


def test_the_summary_of_written_tables_is_the_same(capsys, tmp_path):
    main(["audit", str(RAW / "zhifu-2019.txt"), "--out", str(tmp_path)])
    audited = capsys.readouterr().out
    assert main(["summary", str(tmp_path / "zhifu-2019")]) == 0
    assert capsys.readouterr().out == audited


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02" * 50])
def test_what_cannot_be_audited_is_one_clear_line_and_exits_1(capsys, tmp_path, content):
    path = tmp_path / "report.pdf"
    if content is not None:
        path.write_bytes(content)
    assert main(["audit", str(path)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "report.pdf" in error and "Traceback" not in error


def test_one_bad_report_does_not_stop_the_others(capsys, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    assert main(["audit", str(bad), str(RAW / "zhifu-2019.txt")]) == 1
    assert "75 → 76" in capsys.readouterr().out


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    assert {"audit", "summary"} <= set(capsys.readouterr().out.split())


def test_the_summary_is_in_the_language_asked_for(capsys):
    assert main(["audit", str(RAW / "zhifu-2019.txt"), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "1 个问题" in shown and "本年新收政府信息公开申请数量·总计 94 → 96" in shown
    assert "settled by" not in shown and "requests:new" not in shown
