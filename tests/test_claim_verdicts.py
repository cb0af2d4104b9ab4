"""What a person says that a number of the prose counts: it goes before the lexicon and survives re-runs."""

import shutil
from pathlib import Path

import pytest

from crossfoot import audit
from crossfoot.errors import ArgumentError
from crossfoot.verdicts import VerdictError
from crossfoot_cli.summary import summarise

RAW = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.txt"
ENTRY = """[[verdict]]
claim = "{claim}"
figure = {figure}
verdict = "{verdict}"
{cells}comment = "asked"
who = "an analyst"
when = 2026-11-24
"""


@pytest.fixture
def report(tmp_path):
    return Path(shutil.copy(RAW, tmp_path / "report.txt"))


def decide(report, **given):
    given = {"claim": "", "figure": 96, "verdict": "counts", "cells": ""} | given
    report.with_name("report.verdicts.toml").write_text(ENTRY.format(**given), encoding="utf-8")


def received(result):
    """The claim that section 一(二) received 96 requests."""
    return result.claims[result.claims["value"].eq(96) & result.claims["section"].eq("一(二)")].iloc[0]


def told(result, claim):
    """The status of the check of a claim against the tables; empty where there is none."""
    own = result.check_terms[result.check_terms["claim"] == claim]["check"]
    found = result.checks[result.checks["check"].isin(own) & result.checks["rule"].eq("narrative")]
    return "".join(found["status"])


def test_a_person_can_say_what_a_number_counts_or_that_it_counts_nothing(report):
    first = audit(report)
    claim = received(first)["claim"]
    assert received(first)["by"] == "lexicon" and told(first, claim) == "breaks"
    decide(report, claim=claim, verdict="other_body")
    for _ in range(2):
        result = audit(report)
        assert tuple(received(result)[["by", "meaning"]]) == ("person", "other_body")
        assert told(result, claim) == "" and claim not in set(result.claim_cells["claim"])
    cells = 'cells = ["requests:handled/total", "requests:carried_out/total"]\n'
    decide(report, claim=claim, cells=cells)
    result = audit(report)
    own = result.claim_cells[result.claim_cells["claim"] == claim]
    assert [*own["cell"]] == ["requests:handled/total", "requests:carried_out/total"]
    assert told(result, claim) in ("holds", "breaks")
    assert result.verdicts["claim"].tolist() == [claim] and result.verdicts["verdict"].tolist() == ["counts"]


def test_a_verdict_on_a_number_that_is_not_there_changes_nothing_and_is_said(report):
    first = audit(report)
    decide(report, claim=received(first)["claim"], figure=95, verdict="no_cell")
    result = audit(report)
    assert received(result)["by"] == "lexicon"
    assert "is there any more as it was decided" in summarise(result)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"verdict": "maybe"}, "Write counts or no_cell"),
        ({"figure": '"x"', "verdict": "no_cell"}, "no number"),
        ({}, "lacks cells"),
        ({"cells": 'cells = "requests:new/total"\n'}, "no list of cells"),
        ({"verdict": "no_cell", "cells": 'cells = ["requests:new/total"]\n'}, "has cells"),
    ],
)
def test_a_verdict_on_a_number_that_breaks_its_grammar_is_named(report, given, said):
    decide(report, claim="一(二)#1", **given)
    with pytest.raises(VerdictError, match=said):
        audit(report)


def test_an_unknown_cell_is_an_error_before_any_work(report):
    decide(report, claim="一(二)#1", cells='cells = ["requests:new/nobody"]\n')
    with pytest.raises(ArgumentError, match="requests:new/nobody"):
        audit(report)
