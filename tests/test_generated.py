"""Made-up reports read as what they are made of, in every format, and say that they are made up."""

import json

import pytest
from matrices import matrix

from crossfoot import audit
from crossfoot.across import compare_years
from crossfoot_synthetic import corpus, poison
from crossfoot_synthetic.prose import NOTICE
from crossfoot_synthetic.rendering import FORMATS

pytest.importorskip("typst")


def test_figures_come_back_from_every_format_just_as_they_were_printed(tmp_path):
    picked = {}
    for made in corpus.reports(40, 7, errors=0):
        picked.setdefault((made.truth.form, len(picked) % 4), made)
    assert {form for form, _ in picked} == {"2019", "2021"}
    for (_, _), made in picked.items():
        for suffix, render in FORMATS.items():
            path = tmp_path / f"report{suffix}"
            path.write_bytes(render(corpus.layout(made)))
            result = audit(path)
            read = dict(zip(result.facts["cell"], result.facts["raw"], strict=True))
            assert {name: raw.replace(" ", "") for name, raw in read.items()} == {
                name: made.printed.get(name, "").replace(" ", "") for name in read
            }, suffix
            assert result.findings.empty, suffix
            assert NOTICE in result.document.text.replace("\n", "")
            report, truth = result.report, made.truth
            assert (report.issuer, report.year, report.form) == (truth.issuer, truth.year, truth.form)


def test_reports_of_one_issuer_follow_each_other_year_after_year(tmp_path):
    corpus.write(tmp_path, 12, errors=0, suffixes=[".txt"])
    audits = [audit(path) for path in sorted(tmp_path.rglob("*.txt"))]
    across = compare_years(audits)
    assert (across.checks["status"] == "holds").sum() > 50 and across.findings.empty


@pytest.mark.parametrize("kind", matrix(corpus.KINDS, kept=2))
def test_what_is_planted_is_found_and_nothing_else(kind, tmp_path):
    truths = corpus.write(tmp_path, 60, seed=3, errors=0.5, suffixes=[".txt"])
    planted = {name for name, truth in truths.items() if truth.kind == kind}
    assert planted, "no such error was planted"
    for name in sorted(planted)[:3]:
        truth = truths[name]
        neighbours = [
            audit(tmp_path / other)
            for other, t in truths.items()
            if t.issuer[-6:] == truth.issuer[-6:] and abs(t.year - truth.year) <= 1
        ]
        own = next(a for a in neighbours if a.report.source == name.rpartition("/")[2])
        alone = kind in ("requests", "disputes", "prose")
        assert (len(own.findings) > 0) == alone
        across = compare_years(neighbours).of(own.report.sha256)
        if not alone:
            assert len(across.findings)


def test_the_same_seed_makes_the_same_folder_and_leaves_it_as_it_is(tmp_path):
    first = corpus.write(tmp_path / "a", 6, poisonous=3)
    again = corpus.write(tmp_path / "b", 6, poisonous=3)
    assert first == again
    for name in [*first, corpus.MANIFEST]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    one = tmp_path / "a" / next(iter(first))
    before = one.stat().st_mtime_ns
    corpus.write(tmp_path / "a", 6, poisonous=3)
    assert one.stat().st_mtime_ns == before
    assert "Made up" in json.loads((tmp_path / "a" / corpus.MANIFEST).read_text(encoding="utf-8"))["note"]


def test_a_larger_corpus_begins_with_the_smaller_one():
    small = [made.truth for made in corpus.reports(7, 1)]
    assert [made.truth for made in corpus.reports(20, 1)][:7] == small


def test_poison_comes_in_every_kind_and_no_two_alike():
    made = dict(poison.files(20, 1))
    assert len(made) == len(set(made.values())) == 20
    assert {name.split("/")[1].partition("-")[0] for name in made} == set(poison.KINDS)
