"""Every phrase and statement of phrases.toml against its own examples and counterexamples."""

import pandas as pd
import pytest

from crossfoot.document import Document, Line
from crossfoot.forms import split_cell, tables
from crossfoot.narrative.claims import read
from crossfoot.narrative.figures import figures
from crossfoot.narrative.phrases import cells, lexicon
from crossfoot.narrative.statements import statement_checks

PHRASES = lexicon().phrases


def document(text: str) -> Document:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(Line(at, at + len(line), None))
        at += len(line) + 1
    return Document("report.txt", "", 1, text, tuple(lines))


def mentions(text: str, form: str):
    report = document(text)
    return read(report, report.lines, form, 2019 if form == "2019" else 2023).mentions


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.id)
def test_examples_yield_their_cells(phrase):
    by_this = 0
    for text, expected in phrase.examples:
        found = {f"{m.token.value:g}": m for m in mentions(text, phrase.form) if m.subject}
        for figure, subject in expected.items():
            assert figure in found, f"{text}: {figure} counts nothing"
            assert found[figure].subject == cells(subject, phrase.form), text
        by_this += any(m.phrase == phrase.id for m in found.values())
    assert by_this, "no example is matched by the phrase itself"


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.id)
def test_counterexamples_yield_nothing(phrase):
    for text in phrase.counter:
        wrong = [m for m in mentions(text, phrase.form) if m.subject and m.phrase == phrase.id]
        assert not wrong, f"{text}: {wrong}"


def test_each_phrase_has_an_example_and_a_counterexample_and_its_own_name():
    assert all(phrase.examples and phrase.counter for phrase in PHRASES)
    assert len({phrase.id for phrase in PHRASES}) == len(PHRASES)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_subject_names_cells_of_the_form(form):
    for phrase in PHRASES:
        for subject in (phrase.subject[form], *phrase.readings):
            for name in cells(subject, form, ("new",) if "{row}" in subject else ("review",)):
                table, row, column = split_cell(name)
                assert column in tables(form)[table].row(row).columns, (phrase.id, name)


STATEMENTS = lexicon().statements


def told(statement, text: str) -> list[dict]:
    """What a statement finds in a text, in a report whose every cell is 0."""
    rows = [
        {"table": table.code, "row": row.code, "column": column, "value": 0.0, "unit": "件"}
        | {"status": "number", "raw": "0"}
        for table in tables("2021").values()
        for row in table.rows
        if "2021" in row.forms
        for column in row.columns
    ]
    report = document(text)
    reading = read(report, report.lines, "2021", 2023)
    return list(statement_checks(reading, figures(pd.DataFrame(rows)), "2021", [statement]))


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
def test_statements_find_their_examples_and_not_their_counterexamples(statement):
    assert statement.examples and statement.counter
    for text, zero in statement.examples:
        (row,) = told(statement, text)
        assert row["cells"] == " ".join(cells(zero, "2021")), text
        assert row["status"] == ("holds" if zero else "not_stated"), text
    for text in statement.counter:
        assert not told(statement, text), text
