"""What an audited corpus says as a whole, and notebook 05 on any folder."""

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("distributed")
pytest.importorskip("typst")

import nbformat
import pandas as pd

from crossfoot import charts
from crossfoot_cli.notebooks import execute
from crossfoot_corpus import overview
from crossfoot_corpus.overview import spread_chart
from crossfoot_corpus.run import run
from crossfoot_synthetic import corpus, scoring

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "05-corpus.ipynb"


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """Thirty text reports with errors in half of them: their folder, the outputs, what is planted."""
    root = tmp_path_factory.mktemp("corpus")
    planted = corpus.write(root / "in", 30, seed=3, errors=0.5, suffixes=[".txt"])
    run(root / "in", root / "out", workers=2, quiet=True)
    return root / "in", root / "out", planted


def test_what_was_planted_is_found_and_nothing_else(audited):
    folder, out, planted = audited
    score = scoring.score(folder, out)
    assert score.planted == score.found == sum(bool(truth.kind) for truth in planted.values()) > 5
    assert not score.missed and not score.invented and not score.lost


def test_the_score_knows_what_is_missed_invented_and_lost(audited, tmp_path):
    folder, out, _ = audited
    for name in ("checks", "check_terms", "findings", "finding_checks"):
        frame = pd.read_parquet(out / name)
        if name.startswith("finding"):
            frame = frame.iloc[0:0]
        frame.drop(columns="year").to_parquet(tmp_path / name)
    pd.read_parquet(out / "reports.parquet").iloc[1:].to_parquet(tmp_path / "reports.parquet")
    score = scoring.score(folder, tmp_path)
    assert score.found == 0 and len(score.missed) >= score.planted - 1 and len(score.lost) == 1


def test_rules_are_counted_over_all_reports(audited):
    _, out, _ = audited
    counts = overview.rule_counts(out)
    checks = pd.read_parquet(out / "checks")
    assert counts[["holds", "breaks", "not_stated"]].to_numpy().sum() == len(checks)
    assert counts["breaks"].is_monotonic_decreasing
    assert {"balance", "carry_over", "stock_flow", "narrative"} <= set(counts.index)


@pytest.mark.long
def test_the_worst_findings_come_first_and_lead_to_their_pages(audited):
    folder, out, _ = audited
    worst = overview.worst(out, 5)
    ranks = worst["severity"].map(["error", "query", "note"].index)
    assert ranks.is_monotonic_increasing and len(worst) == 5
    pages = overview.evidence(folder, out, worst["path"][:2])
    for row in worst[:2].itertuples():
        assert row.issuer in (out / pages[row.path]).read_text(encoding="utf-8")


def test_links_lead_to_the_pages_and_a_reports_words_stay_words():
    findings = pd.DataFrame(
        {"severity": ["error"], "breaks": [1], "title": ["<script>1</script>"], "issuer": ["<b>某县"],
         "year": pd.array([2023], "Int64"), "path": ["a b.pdf"]}
    )  # fmt: skip
    shown = overview.linked(findings, {"a b.pdf": "pages/0 1/index.html"}, "../out")
    assert '<a href="../out/pages/0%201/index.html">&lt;b&gt;某县 2023</a>' in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def test_figures_are_those_printed_and_a_far_one_stands_out(audited):
    _, out, _ = audited
    figures = overview.figures(out)
    facts = pd.read_parquet(out / "facts")
    totals = facts[(facts["table"] == "requests") & (facts["row"] == "new") & (facts["column"] == "total")]
    assert figures["received"].sum() == totals["value"].sum()
    spread = overview.spread(figures, "received")
    assert spread["count"].sum() == figures["received"].notna().sum()
    figures.loc[0, "received"] = 10_000_000
    assert overview.outliers(figures, ["received"])["path"][0] == figures["path"][0]


def test_the_chart_is_the_same_twice(audited):
    _, out, _ = audited
    pictures = [charts.svg(spread_chart(overview.figures(out), "received", "收 received")) for _ in range(2)]
    assert pictures[0] == pictures[1] and "<svg" in pictures[0]


@pytest.mark.long
def test_the_notebook_runs_on_any_folder(tmp_path):
    corpus.write(tmp_path / "in", 2, seed=8, years=[2023], suffixes=[".txt"])
    parameters = {"REPORTS": str(tmp_path / "in"), "OUT": str(tmp_path / "out")}
    asyncio.run(execute(NOTEBOOK, tmp_path / "05.ipynb", parameters))
    done = nbformat.read(tmp_path / "05.ipynb", as_version=4)
    assert "generated-2" not in str(done) and (tmp_path / "out" / "reports.parquet").is_file()
