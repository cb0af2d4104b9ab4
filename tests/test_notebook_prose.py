"""A notebook's prose quotes only what its own outputs show; the answer comes before any code."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_REFERENCE = re.compile(r"notebooks? \d|page \d|Python \d[\d.]*", re.IGNORECASE)


def outputs(notebook):
    """All text that the notebook's cells print or draw."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kinds = {"text": output.get("text", "")} | output.get("data", {})
            found += [str(content) for kind, content in kinds.items() if kind != "image/png"]
    return "\n".join(found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_cell_is_the_question_with_its_answer(path):
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    title, _, answer = first.source.partition("\n")
    assert title.startswith("# ") and title.endswith("?")
    assert answer.strip().startswith("**")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_number_of_the_answer_is_in_an_output(path):
    notebook = nbformat.read(path, as_version=4)
    shown = set(_NUMBER.findall(outputs(notebook).replace(",", "")))
    shown |= {number.removesuffix(".0") for number in shown}
    answer = _REFERENCE.sub("", notebook.cells[0].source.partition("\n")[2])
    quoted = {number.replace(",", "").rstrip(".") for number in _NUMBER.findall(answer)}
    assert quoted and quoted <= shown, f"{sorted(quoted - shown)} stand in no output"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_and_one_of_them_names_the_report(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    lengths = sorted(len(cell.source.splitlines()) for cell in code)
    assert lengths[len(lengths) // 2] <= 4 and lengths[-1] <= 15
    (named,) = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert named.source.startswith("REPORT") and len(named.source.splitlines()) <= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_is_on_stderr_and_no_output_has_a_path_or_an_address(path):
    notebook = nbformat.read(path, as_version=4)
    streams = [o.get("name") for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert "stderr" not in streams
    paths = r"0x[0-9a-f]{8,}|(?<![\w.:/<])/[a-z]+/[\w.-]+/|[A-Z]:\\\\"
    assert not re.search(paths, outputs(notebook))
