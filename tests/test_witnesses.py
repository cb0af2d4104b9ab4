"""A reader that misreads is found out: every time, with both readings, wherever the slip is."""

from dataclasses import replace
from pathlib import Path

import pytest
from matrices import matrix

from crossfoot import readers
from crossfoot.audit import audit_document

PDF = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.pdf"


@pytest.fixture(scope="module")
def document():
    return readers.read(PDF)


@pytest.fixture(scope="module")
def facts(document):
    return audit_document(document).facts


def misread(document, reader, where, text):
    """The document with one cell of one reader reading `text`."""
    grids = tuple(
        replace(grid, cells=tuple(replace(c, text=text) if c.where == where else c for c in grid.cells))
        for grid in document.grids[reader]
    )
    return replace(document, grids=document.grids | {reader: grids})


def slips(raw):
    """What a reader may make of a printed cell."""
    return ["", f"{raw}0", "4" if raw == "7" else "7"] if raw else ["1"]


def without_row(grids, word):
    """The grids without the cells of the row whose label holds `word`, and the label."""
    label = next(cell for grid in grids for cell in grid.cells if word in cell.text)
    home = next(grid for grid in grids if label in grid.cells)
    cells = tuple(c for c in home.cells if not (label.top - 1 < c.top and c.bottom < label.bottom + 1))
    return tuple(replace(grid, cells=cells) if grid is home else grid for grid in grids)


@pytest.mark.parametrize("reader", matrix(["tabula", "pdfium"]))
def test_every_slip_of_one_reader_is_a_finding_that_names_cell_and_both_readings(document, facts, reader):
    tried = 0
    chosen = facts[facts["status"].eq("number") | facts.index.to_series().mod(23).eq(0)]
    for number, fact in enumerate(chosen.itertuples()):
        where = next(
            cell.where
            for grid in document.grids[reader]
            if grid.page == fact.page
            for cell in grid.cells
            if all(
                abs(float(a) - b) < 3
                for a, b in zip(cell.where.split(","), (fact.x0, fact.top, fact.x1, fact.bottom), strict=True)
            )
        )
        options = slips(fact.raw)
        text = options[number % len(options)]
        result = audit_document(misread(document, reader, where, text))
        seen = result.facts.loc[fact.Index]
        assert seen["cell"] == fact.cell
        assert not seen["agreed"], f"{fact.cell} read as {text!r} by {reader} went unnoticed"
        found = result.findings[result.findings["kind"] == "extraction"]
        named = {cell for finding in found["finding"] for cell in result.problem_of(finding).cells}
        reasons = result.evidence.loc[result.evidence["finding"].isin(found["finding"]), "text"]
        assert fact.cell in named or repr(text) in " ".join([*found["title"], *reasons])
        tried += 1
    assert tried > 50


def test_a_row_that_one_reader_drops_is_supplied_and_said(document, facts):
    grids = document.grids | {"tabula": without_row(document.grids["tabula"], "不掌握")}
    result = audit_document(replace(document, grids=grids))
    row = result.facts[result.facts["row"] == "unavailable.not_held"]
    assert list(result.readings.loc[result.readings["cell"].isin(row["cell"]), "reader"]) == ["pdfium"] * 7
    assert row["value"].equals(facts.loc[row.index, "value"])


def test_a_row_that_both_readers_drop_is_not_lost_in_silence(document):
    grids = {reader: without_row(found, "不掌握") for reader, found in document.grids.items()}
    result = audit_document(replace(document, grids=grids))
    assert result.extraction.set_index("table").loc["requests", "lost"] == 3
    assert (result.findings["kind"] == "extraction").any()
    assert {"unread"} == set(result.facts.loc[result.facts["row"] == "unavailable.not_held", "status"])
