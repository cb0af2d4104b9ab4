import errno
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from crossfoot.charts import CHARTS
from crossfoot.errors import ReportError
from crossfoot_cli.commands import main

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
    assert list(english["finding"]) == list(chinese["finding"])
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


# Whose fault it is ------------------------------------------------------------------------------------------


def audited_with(monkeypatch, error):
    """`crossfoot audit` of two reports, the first of which raises that error when it is audited."""
    module = sys.modules["crossfoot.audit"]
    sound = module.audit

    def broken(path, **options):
        if path.name == "zhifu-2019.pdf":
            raise error
        return sound(path, **options)

    monkeypatch.setattr(module, "audit", broken)
    return main(["audit", str(RAW / "zhifu-2019.pdf"), str(RAW / "zhifu-2019.txt")])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("sum"), ("a bug of Crossfoot", "please report it", "KeyError at commands.py", "'sum'")),
        (AttributeError("no\nsuch"), ("a bug of Crossfoot", "AttributeError", "no such")),
        (ReportError("is damaged", file="zhifu-2019.pdf"), ("zhifu-2019.pdf: is damaged",)),
        (MemoryError(), ("more memory than there is",)),
        (
            OSError(errno.ENOSPC, "No space left on device", "/tmp/x/page.pdf"),
            ("no fault of it", "page.pdf: No space left on device", "Free some space"),
        ),
    ],
)
def test_a_failure_is_told_as_what_it_is_and_the_others_are_audited(monkeypatch, capsys, error, told):
    assert audited_with(monkeypatch, error) == 1
    shown = capsys.readouterr()
    (problem,) = [line for line in shown.err.splitlines() if line.startswith("crossfoot:")]
    assert problem.startswith("crossfoot: zhifu-2019.pdf: ") and all(word in problem for word in told)
    assert ("bug" in problem) == isinstance(error, LookupError | AttributeError)
    assert "75 → 76" in shown.out


@pytest.mark.parametrize(
    ("code", "advice"), [(errno.ENOSPC, "Free some space"), (errno.EACCES, "the right to write")]
)
def test_what_cannot_be_written_is_named_and_not_the_report_blamed(
    monkeypatch, capsys, tmp_path, code, advice
):
    def refuse(source, target):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("os.replace", refuse)
    assert main(["audit", str(RAW / "zhifu-2019.txt"), "--out", str(tmp_path)]) == 1
    (problem,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("crossfoot:")]
    place = tmp_path / "zhifu-2019"
    assert problem.startswith(f"crossfoot: {place}") and f"cannot be written ({os.strerror(code)})" in problem
    assert advice in problem and "zhifu-2019.txt" not in problem
    assert not list(place.iterdir())


def test_an_output_folder_that_is_a_file_is_named(capsys, tmp_path):
    (tmp_path / "out").write_text("")
    assert main(["audit", str(RAW / "zhifu-2019.txt"), "--out", str(tmp_path / "out")]) == 1
    assert f"crossfoot: {tmp_path / 'out' / 'zhifu-2019'}" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_an_output_that_is_full_is_one_clear_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crossfoot", "audit", RAW / "zhifu-2019.txt"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=120,
            env=os.environ | {"PYTHONPATH": str(RAW.parents[1] / "lib")},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "No space left" in done.stderr


def test_of_a_report_without_a_statutory_table_nothing_is_written(capsys, tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# 说明\n\n这个文件夹里有 12 份报告。\n", encoding="utf-8")
    assert main(["audit", str(path), "--out", str(tmp_path / "out")]) == 1
    shown = capsys.readouterr()
    assert (
        "1 finding" in shown.out and "[error, extraction]" in shown.out and "no statutory table" in shown.err
    )
    assert not (tmp_path / "out").exists()
