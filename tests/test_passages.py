"""The passages that the narrative is measured on: their templates, labels and the page made of them."""

import re

import pytest
from benchmark_modules import benchmark

narrative = benchmark("narrative")
passages = benchmark("passages")
DATA, HALVES = narrative.DATA, narrative.HALVES
agreement, came_of, category = narrative.agreement, narrative.came_of, narrative.category
is_of_cells, outcomes, read_in = narrative.is_of_cells, narrative.outcomes, narrative.read_in
expand, render, sources = passages.expand, passages.render, passages.sources

SOURCES = [one for half in HALVES for one in sources(DATA / f"{half}.toml")]
LEAST_GIVEN = 0.93  # of the counts of the learned half
FEWEST = 200


@pytest.mark.parametrize("source", SOURCES, ids=[one["id"] for one in SOURCES])
def test_a_source_can_be_drawn_and_its_labels_stand_on_figures(source):
    for seed in (1, 2):
        report = render(source, seed)
        for passage in report.passages:
            for number in passage.numbers:
                printed = passage.text[number.start : number.end]
                assert re.fullmatch(r"-?\d+(\.\d+)?|[零一二三四五六七八九十百]+", printed), printed
                if number.meaning == "cells" and printed.isascii() and number.kind == "count":
                    assert int(printed) == sum(report.cells[name] for name in number.cells)


def test_a_misprint_moves_the_labels_behind_it():
    source = next(one for one in SOURCES if len(render(one).passages[0].numbers) > 2)
    report = render(source)
    wrong = report.misprinted(0, 0, 123456)
    first, later = wrong.passages[0].numbers[0], wrong.passages[0].numbers[2]
    before = report.passages[0].numbers[2]
    assert wrong.passages[0].text[first.start : first.end] == "123456"
    assert (
        wrong.passages[0].text[later.start : later.end] == report.passages[0].text[before.start : before.end]
    )


def test_a_text_that_cannot_be_true_is_refused():
    entry = {"section": "一(二)", "text": "<zero requests:carried_out/total>均已办结</zero>"}
    source = {"id": "x", "issuer": "某市甲局", "form": "2021", "year": 2023, "passage": [entry]}
    with pytest.raises(ValueError, match="not true"):
        render(source)
    with pytest.raises(ValueError, match="no cell"):
        expand("requests:nothing/total", "2021")


def test_the_two_readings_agree_and_cover_what_is_only_measured_on():
    alike, every, _, _ = agreement("measured")
    assert every == sum(
        len(passage.numbers) for one in sources(DATA / "measured.toml") for passage in render(one).passages
    )
    assert alike >= 0.95 * every


def test_most_counts_of_the_learned_half_get_their_cells():
    given, every = 0, 0
    for source in sources(DATA / "learned.toml"):
        report = render(source)
        mentions, _, starts = read_in(report)
        for passage, start in zip(report.passages, starts, strict=True):
            for number in passage.numbers:
                if is_of_cells(category(number)):
                    every += 1
                    given += came_of(number, mentions.get(start + number.start)) in ("right", "among")
    assert every >= FEWEST
    assert given >= LEAST_GIVEN * every


@pytest.mark.long
def test_no_error_is_found_in_the_true_texts_of_the_learned_half():
    assert [
        one.where for one in outcomes("learned") if (one.category, one.came) == ("accused", "error")
    ] == []
