import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import made_up_report
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from crossfoot.errors import CrossfootError
from crossfoot_cli import notebooks

LIB = Path(__file__).parents[1] / "lib"


@pytest.fixture
def write(tmp_path):
    def build(*sources, name="01-some.ipynb"):
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        path = tmp_path / "notebooks" / name
        cells = [new_markdown_cell("# A question", id="head")]
        for i, source in enumerate(sources):
            tags = {"tags": ["parameters"]} if source.startswith("REPORT") and "=" in source else {}
            cells.append(new_code_cell(source, id=f"c{i}", metadata=tags))
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return build


def run(*arguments):
    asyncio.run(notebooks.execute(*arguments))


def outputs(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [[o.get("text") or o.data["text/plain"] for o in cell.outputs] for cell in code]


def test_two_runs_give_the_same_bytes(write):
    path = write(
        "import sys\nprint('a'); print('b')",
        "{c for c in 'abcdef'}",
        "from pathlib import Path\nPath.cwd().name",
    )
    run(path, path)
    first = path.read_bytes()
    run(path, path)
    assert path.read_bytes() == first
    assert outputs(path)[0] == ["a\nb\n"]
    assert outputs(path)[2] == ["'notebooks'"]
    for word in (b"version", b"timestamp", b'execution"', str(path.parent).encode()):
        assert word not in first


def test_cells_are_numbered_from_one_and_tags_kept(write):
    path = write("REPORT = 'a'", "REPORT")
    run(path, path)
    cells = nbformat.read(path, as_version=4).cells
    assert [c.execution_count for c in cells[1:]] == [1, 2]
    assert cells[2].outputs[0].execution_count == 2
    assert cells[1].metadata.tags == ["parameters"]


def test_a_failing_cell_is_named_and_the_old_file_kept(write, capsys):
    path = write("rows = 93", "assert rows == 94, 'rows: 94 expected'", "print('never')")
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "01-some.ipynb, cell 3: AssertionError: rows: 94 expected. " in said.err
    assert "make lab" in said.err


def test_the_first_failure_stops_the_chain(write, capsys):
    first, second = write("1/0"), write("2", name="02-other.ipynb")
    assert notebooks.main([str(first), str(second), "--jobs", "1"]) == 1
    assert "01-some.ipynb, cell 2: ZeroDivisionError" in capsys.readouterr().err
    assert outputs(second) == [[]]


def test_a_failure_stops_what_runs_beside_it(write):
    first, second = write("1/0"), write("import time; time.sleep(600)", name="02-other.ipynb")
    start = time.monotonic()
    assert notebooks.main([str(first), str(second), "--jobs", "2"]) == 1
    assert time.monotonic() - start < 300
    assert outputs(second) == [[]]


def test_progress_names_place_and_seconds(write, capsys):
    write("1")
    path = write("2", name="02-other.ipynb")
    assert notebooks.main([str(path)]) == 0
    assert re.fullmatch(r"Running 1 notebook …\n\[2/2\] 02-other … \d+\.\d s\n", capsys.readouterr().out)


def test_a_dead_kernel_is_said(write):
    path = write("1", "import os; os._exit(1)")
    with pytest.raises(notebooks.NotebookError, match=r"cell 3: its Python process died"):
        run(path, path)


def test_another_report_is_set_in_a_copy_only(write, tmp_path):
    path, report = write("REPORT = 'seed.pdf'", "REPORT"), tmp_path / "a b's.pdf"
    report.touch()
    before = path.read_bytes()
    assert notebooks.main([str(path), "--report", str(report), "--out", str(tmp_path / "out")]) == 0
    assert path.read_bytes() == before
    assert outputs(tmp_path / "out" / path.name)[-1] == ['"../a b\'s.pdf"']
    note = nbformat.read(tmp_path / "out" / path.name, as_version=4).cells[0]
    assert note.cell_type == "markdown" and "Run on `a b's.pdf`" in note.source
    assert str(tmp_path) not in note.source


def test_a_report_that_is_not_there_is_named(write, capsys):
    path = write("REPORT = 'seed.pdf'")
    assert notebooks.main([str(path), "--report", "none.pdf", "--out", "never"]) == 1
    assert capsys.readouterr().err == "crossfoot: none.pdf: no such file. Check the path\n"


def test_a_folder_of_reports_is_set_with_its_tables_and_the_place_of_the_copy(write, tmp_path):
    path = write("REPORTS = OUT = READ_IN = ''", "REPORTS, OUT, READ_IN")
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    assert notebooks.main([str(path), "--reports", str(folder), "--out", str(out)]) == 0
    assert outputs(out / path.name)[-1] == ["('../in', '../out', '../out')"]


def test_a_folder_that_is_not_there_is_named(write, capsys):
    path = write("REPORTS = ''")
    assert notebooks.main([str(path), "--reports", "none", "--out", "never"]) == 1
    assert capsys.readouterr().err == "crossfoot: none: no such folder. Check the path\n"


def test_an_unknown_parameter_is_refused(write):
    with pytest.raises(notebooks.NotebookError, match=r"01-some\.ipynb: .* does not assign OUT"):
        run(write("REPORT = 'a'"), "never.ipynb", {"REPORT": "b", "OUT": "c"})


def test_a_notebook_without_parameters_cell_is_refused(write):
    with pytest.raises(notebooks.NotebookError, match="0 cells are tagged"):
        run(write("1"), "never.ipynb", {"REPORT": "b"})


def test_a_path_of_this_machine_is_refused(write):
    path = write("from pathlib import Path\nprint(Path('x.txt').resolve())")
    before = path.read_bytes()
    with pytest.raises(notebooks.NotebookError, match=r"cell 2: .* path of this machine"):
        run(path, path)
    assert path.read_bytes() == before


def test_a_warning_is_refused(write):
    path = write("import warnings\nwarnings.warn('soon gone')")
    with pytest.raises(notebooks.NotebookError, match=r"cell 2: it writes to stderr: .*soon gone"):
        run(path, path)


@pytest.mark.parametrize(("content", "complaint"), [(None, "missing"), ("{", "not a notebook")])
def test_an_unreadable_notebook_is_said(tmp_path, content, complaint):
    path = tmp_path / "01-x.ipynb"
    if content:
        path.write_text(content)
    with pytest.raises(CrossfootError, match=f"01-x.ipynb: {complaint}"):
        run(path, path)


def test_an_interrupt_leaves_the_old_file_and_no_kernel(write):
    path = write("import os, time\nopen('pid', 'w').write(str(os.getpid())); time.sleep(600)")
    before = path.read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-m", "crossfoot_cli.notebooks", str(path)],
        env=os.environ | {"PYTHONPATH": str(LIB)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    pid = path.parent / "pid"
    for _ in range(1200):
        if pid.exists() and pid.read_text():
            break
        time.sleep(0.1)
    kernel = int(pid.read_text())
    pid.unlink()
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 130
    assert "interrupted; notebooks that had not finished are as they were" in process.stderr.read()
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    with pytest.raises(ProcessLookupError):
        os.kill(kernel, 0)


def test_what_cannot_be_written_is_named(write, capsys, monkeypatch):
    path = write("1")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert notebooks.main([str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"crossfoot: {path}: cannot be written (No space left on device). Free some space")
    assert told.count("\n") == 1


def test_a_notebook_that_cannot_be_read_is_not_called_none(write, capsys, monkeypatch):
    path = write("1")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    assert notebooks.main([str(path)]) == 1
    assert f"{path}: cannot be read (Permission denied)" in capsys.readouterr().err


FIGURES = made_up_report.figures()
SOUND = made_up_report.as_text(made_up_report.rows(FIGURES), made_up_report.prose(FIGURES))
OTHERS = {
    "no-table": SOUND.partition("二、主动公开")[0],
    "sound": SOUND,
    "wrong-prose": SOUND.replace("本年共收到政府信息公开申请", "本年共收到政府信息公开申请9"),
}


@pytest.mark.parametrize(
    "kind", ["no-table", *(pytest.param(k, marks=pytest.mark.long) for k in list(OTHERS)[1:])]
)
def test_the_notebooks_run_on_a_report_that_they_were_not_made_for(kind, tmp_path):
    report = tmp_path / f"not-made-for-{kind}.txt"
    report.write_text(OTHERS[kind], encoding="utf-8")
    every = [str(path) for path in sorted((LIB.parent / "notebooks").glob("0[1-4]*.ipynb"))]
    assert notebooks.main([*every, "--report", str(report), "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("*.ipynb"))) == len(every) == 4
