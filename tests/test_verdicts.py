import shutil
from pathlib import Path

import pytest

from crossfoot import audit
from crossfoot.across import changed_cells, outcomes
from crossfoot.verdicts import VerdictError, read
from crossfoot_cli.commands import main
from crossfoot_cli.summary import summarise

RAW = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt"
ENTRY = (
    '[[verdict]]\nfinding = "{}"\nverdict = "{}"\ncomment = "asked"\nwho = "an analyst"\nwhen = 2026-11-24\n'
)


@pytest.fixture
def report(tmp_path):
    return Path(shutil.copy(RAW, tmp_path / "report.txt"))


def decide(report, *entries):
    report.with_name("report.verdicts.toml").write_text("\n".join(entries), encoding="utf-8")


def shown(result):
    return summarise(result)


def test_a_verdict_settles_its_finding_and_survives_a_second_run(report):
    first = audit(report)
    assert first.verdicts.empty and "settled:" not in shown(first)
    decide(report, ENTRY.format(first.findings["finding"].iloc[0], "confirmed"))
    for _ in range(2):
        text = shown(audit(report))
        assert "1. [" not in text and "confirmed by an analyst on 2026-11-24: asked" in text


def test_a_verdict_on_a_finding_that_is_gone_is_said(report):
    decide(report, ENTRY.format("0000000000", "dismissed"))
    text = shown(audit(report))
    assert "1. [" in text and "no finding has the id 0000000000" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[verdict]]\nfinding = 'x'\n", "lacks verdict"),
        (ENTRY.format("x", "perhaps"), "confirmed or dismissed"),
        (ENTRY.format("x", "confirmed").replace("2026-11-24", '"soon"'), "no date"),
        (ENTRY.format("x", "confirmed") * 2, "two verdicts on x"),
        ("[[verdict", "not valid TOML"),
        (ENTRY.format("x", "confirmed") + "mood = 1\n", "has mood"),
    ],
)
def test_a_verdict_file_that_breaks_its_grammar_is_named(report, content, said):
    decide(report, content)
    with pytest.raises(VerdictError, match=said) as error:
        read(report)
    assert "report.verdicts.toml" in str(error.value)


def test_a_corrected_version_is_compared_with_the_first(report, tmp_path, capsys):
    text = report.read_text(encoding="utf-8")
    old = "一、本年新收政府信息公开申请数量\t75\t19\t\t\t\t\t94"
    assert old in text
    fixed = tmp_path / "fixed.txt"
    fixed.write_text(
        text.replace(old, old.replace("75", "76").replace("19", "20").replace("94", "96")), encoding="utf-8"
    )
    before, after = audit(report), audit(fixed)
    assert list(changed_cells(before, after)["after"]) == ["76", "20", "96"]
    assert list(outcomes(before, after)["outcome"]) == ["fixed"]
    assert list(outcomes(after, before)["outcome"]) == ["new"]
    assert list(outcomes(before, before)["outcome"]) == ["remains"]
    assert main(["compare", str(report), str(fixed)]) == 0
    assert "75 → 76" in capsys.readouterr().out
