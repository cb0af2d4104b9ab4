"""A notebook's prose quotes only what its own outputs show; the answer comes before any code."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
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


def numbers(text):
    return [number.replace(",", "") for number in _NUMBER.findall(text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_answer_states_the_numbers_that_its_last_output_computes_one_by_one(path):
    """Anywhere among the outputs almost any number stands; here each has its place."""
    notebook = nbformat.read(path, as_version=4)
    last = notebook.cells[-1]
    assert last.metadata.get("tags") == ["answer"]
    (computed,) = [output["data"]["text/plain"] for output in last.outputs]
    answer = _REFERENCE.sub("", notebook.cells[0].source.partition("\n")[2])
    assert numbers(answer) == numbers(computed) != []


def test_a_wrong_number_in_an_answer_is_noticed():
    assert numbers("198 facts, 1,000 of 61; `1.2036 亿元`, -14, 34.2%.") == [
        "198", "1000", "61", "1.2036", "14", "34.2"
    ]  # fmt: skip
    assert numbers("0 in 6 cells") != numbers("0 in 5 cells")


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
