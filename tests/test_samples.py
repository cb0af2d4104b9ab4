"""Real reports, every figure of sections 三 and 四 against a transcription by hand."""

import pytest
from samples import REPORTS, printed_figures, sample

from crossfoot import readers
from crossfoot.numerals import read_cell
from crossfoot.steps import clean


def read(report):
    return clean(readers.read(sample(report)))


@pytest.mark.parametrize("report", REPORTS)
def test_every_figure_and_every_blank_is_read_as_printed(report):
    facts = read(report).facts
    statutory = facts[facts["table"] != "disclosure"]
    names = statutory["table"] + ":" + statutory["row"] + "/" + statutory["column"]
    figures = zip(statutory["value"].fillna(-1), statutory["status"], strict=True)
    seen = dict(zip(names, figures, strict=True))
    printed = printed_figures(report)
    assert set(seen) == set(printed)
    numerals = {name: read_cell(raw) for name, raw in printed.items()}
    assert seen == {n: (-1 if m.value is None else m.value, m.status) for n, m in numerals.items()}


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_lost_and_no_reader_differs(report):
    cleaned = read(report)
    facts, counts = cleaned.facts, cleaned.extraction
    assert not cleaned.troubles
    assert counts["printed"].gt(0).all()
    assert counts["printed"].equals(counts["in_facts"]) and counts["in_facts"].equals(counts["number"])
    assert facts["agreed"].all()
    assert facts["readers"].str.contains("+", regex=False).mean() > 0.9


def test_the_row_that_tabula_drops_at_a_page_foot_is_supplied_by_the_second_reader():
    facts = read("hongze-2023.pdf").facts
    row = facts[(facts["table"] == "requests") & (facts["row"] == "unavailable.needs_compiling")]
    assert set(row["readers"]) == {"pdfium"}
    assert row.set_index("column").loc["total", "value"] == 3
