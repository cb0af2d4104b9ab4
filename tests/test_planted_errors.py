"""How the benchmark of errors in files counts: it can miss, and it can find what is not there."""

from dataclasses import replace

import pandas as pd
import pytest
from benchmark_modules import benchmark

from crossfoot import audit

planted_errors = benchmark("planted_errors")
FORMATS = ["html", "txt"]


def saying(result, **tables):
    """The audit with other tables in place of its own."""
    return replace(result, tables=dict(result.tables) | tables)


@pytest.fixture(scope="module")
def counted():
    return planted_errors.measure(3, 5, FORMATS)


def test_an_error_is_planted_in_each_place_in_turn_and_found(counted):
    rows, _ = counted
    assert rows["planted"].tolist() == rows["found"].tolist() == [1] * 6
    assert rows["place"].tolist() == ["requests", "disputes", "prose"] * 2
    assert (rows["listed"] == 1).all() and (rows["first"] <= rows["among_three"]).all()


def test_nothing_is_found_in_the_sound_twins(counted):
    rows, details = counted
    assert rows["sound"].tolist() == [1] * 6
    assert rows[list(planted_errors.AMISS)].to_numpy().sum() == 0
    assert details.empty
    assert (rows["sound_holds"] > 50).all()


def test_an_auditor_that_finds_nothing_misses_every_error():
    def blind(path):
        result = audit(path)
        return saying(result, findings=result.findings.iloc[:0])

    rows, details = planted_errors.measure(3, 5, ["txt"], blind)
    assert rows["planted"].tolist() == [1, 1, 1]
    assert rows[["found", "first", "among_three", "listed"]].to_numpy().sum() == 0
    assert len(details) == 3


def test_an_auditor_that_doubts_everything_is_caught():
    def timid(path):
        result = audit(path)
        return saying(
            result, checks=result.checks.assign(status="unread"), facts=result.facts.assign(status="unread")
        )

    rows, details = planted_errors.measure(3, 5, ["txt"], timid)
    assert rows["found"].sum() == 0
    assert (rows["sound_undecided"] > 50).all() and (rows["sound_unread"] > 100).all()
    assert len(details) == 6


def test_a_finding_about_the_reading_finds_no_error_of_the_report():
    def shifting_blame(path):
        result = audit(path)
        return saying(result, findings=result.findings.assign(kind="extraction"))

    rows, _ = planted_errors.measure(3, 5, ["txt"], shifting_blame)
    assert rows["found"].sum() == 0 and rows["also_extraction"].sum() == 3


def test_the_page_says_what_the_table_says():
    values = [4, 3, 2, 3, 3, 1]
    row = {"format": "pdf", "place": "requests"} | dict(zip(planted_errors.COUNTS, values, strict=True))
    page = planted_errors.markdown(pd.DataFrame([row | dict.fromkeys(planted_errors.SOUND, 7)]))
    assert "| pdf | section 三 | 4 | 75.0% | 50.0% | 75.0% | 75.0% | 1 |" in page
    assert "| pdf | 7 | 7 | 7 | 7 | 7 | 7 | 7 |" in page
