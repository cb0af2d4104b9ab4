"""Sentences after real reports (shared/wordings.csv): what each figure counts, and that none is accused."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from test_ledger import facts_of
from test_narrative import document

from crossfoot.forms import tables
from crossfoot.narrative.claims import claims
from crossfoot.narrative.ledger import checks
from crossfoot.narrative.phrases import cells

SOURCE = Path(__file__).parents[2] / "shared" / "wordings.csv"
HEADINGS = {"一(一)": "（一）主动公开情况", "一(二)": "（二）依申请公开情况"}
ELSEWHERE = "4321"  # what every other total prints: a figure held against the wrong cell breaks
LEAST_UNDERSTOOD = 0.95


def _rows() -> list[dict[str, str]]:
    if not SOURCE.exists():
        return []
    with SOURCE.open(encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


ROWS = _rows()
TEXTS = list(dict.fromkeys(row["text"] for row in ROWS))
pytestmark = pytest.mark.skipif(not ROWS, reason=f"{SOURCE.name} is not in {SOURCE.parent.name}")


def named(subject: str, form: str) -> tuple[str, ...]:
    subject = subject.replace("other*", "other" if form == "2019" else "other.*")
    return cells(subject, form)


def report(row: dict[str, str]) -> str:
    title = f"{row['issuer']}{row['year']}年政府信息公开工作年度报告"
    return f"{title}\n一、总体情况\n{HEADINGS[row['section']]}\n{row['text']}"


def found(row: dict[str, str]) -> pd.Series:
    """The claim that is the figure of that row."""
    text = report(row)
    lines = document(text)
    stated = claims(lines, lines.lines, row["form"], int(row["year"]))
    same = stated[(stated["start"] >= text.index(row["text"])) & (stated["value"] == float(row["figure"]))]
    return same.iloc[int(row["nth"]) - 1]


def counted(row: dict[str, str]) -> set[str]:
    """The cells that the figure of that row is read as."""
    subject = found(row)["subject"]
    return set(subject.split("+")) if isinstance(subject, str) else set()


def test_most_figures_count_what_they_should_and_none_what_it_should_not() -> None:
    right, wrong = 0, []
    figures = [row for row in ROWS if row["meaning"] != "statement"]
    for row in figures:
        wanted = [set(named(row["cells"], row["form"])) if row["meaning"] == "cells" else set()]
        wanted += [set(named(row["also"], row["form"]))] if row["also"] else []
        names = counted(row)
        right += names in wanted
        if names and names not in wanted:
            wrong.append((row["text"], row["figure"], names))
    assert not wrong
    assert right >= LEAST_UNDERSTOOD * len(figures)


def printed(text: str) -> dict[str, str]:
    """The cells of a report for which every figure of that sentence is true, every other cell another.

    A figure that is not understood is a part of what it may seem to count: the largest figure there is.
    """
    own = [row for row in ROWS if row["text"] == text]
    form = own[0]["form"]
    held = dict(pair.split("=") for pair in own[0]["context"].split())
    meant = [row for row in own if row["meaning"] == "cells" and not row["context"]]
    for row in sorted(meant, key=lambda row: row["cells"].count("+")):
        names = named(row["cells"], form)
        rest = float(row["figure"]) - sum(float(held.get(name, 0)) for name in names)
        empty = [name for name in names if name not in held]
        held |= dict.fromkeys(empty, "0") | ({empty[0]: f"{rest:g}"} if empty else {})
    for row in own:
        if row["meaning"] == "statement" and row["also"] == "zero":
            held |= {name: "0" for name in named(row["cells"], form) if name not in held}
        if row["meaning"] == "not_understood" and row["also"]:
            held[row["also"]] = max(re.findall(r"\d+", text), key=int)
    every = (
        f"{table.code}:{line.code}/{column}"
        for table in tables(form).values()
        for line in table.rows
        for column in line.columns
        if form in line.forms
    )
    return dict.fromkeys(every, ELSEWHERE) | held


@pytest.mark.parametrize("text", TEXTS)
def test_no_figure_is_held_against_a_table_for_which_it_is_true(text: str) -> None:
    own = [row for row in ROWS if row["text"] == text]
    lines, form, year = document(report(own[0])), own[0]["form"], int(own[0]["year"])
    stated = claims(lines, lines.lines, form, year)
    frame = checks(stated, facts_of(printed(text), form), lines, form, lines.lines, year)
    starts = {str(found(row)["start"]): row["meaning"] for row in own if row["figure"]}
    broke = frame[(frame["status"] == "breaks") & frame["claims"].str.split().str[0].isin(starts)]
    accused = broke[broke["severity"] == "error"]
    assert accused[["rule", "scope", "formula"]].values.tolist() == []
    compared = {start for used in broke["claims"] for start in used.split()}
    assert not compared & {start for start, meaning in starts.items() if meaning.startswith("other_")}
