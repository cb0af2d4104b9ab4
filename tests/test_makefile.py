"""What the Makefile says decides is what does: its groups of files against the modules' own imports."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from matrices import matrix

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib"


def printed(name):
    """The words of a variable of the Makefile."""
    done = subprocess.run(
        ["make", "-s", f"print-{name}"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def imported(path):
    """The top packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
    return found


def test_every_library_file_is_in_one_group():
    kept = {path for path in LIBRARY.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    files = {path.relative_to(ROOT).as_posix() for path in kept if ".egg-info" not in str(path)}
    assert sorted([*printed("library"), *printed("beside")]) == sorted(files)


def test_what_audits_one_report_imports_nothing_of_what_stands_beside_it():
    beside = {path.name for path in LIBRARY.glob("crossfoot_*")}
    for path in (LIBRARY / "crossfoot").rglob("*.py"):
        if path.name != "__main__.py":  # the command line stands above them all
            assert not imported(path) & beside, path.name


def test_no_notebook_uses_what_stands_beside_the_library():
    beside = {path.name for path in LIBRARY.glob("crossfoot_*")}
    for path in (ROOT / "notebooks" / f"{name}.ipynb" for name in printed("NOTEBOOKS")):
        code = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        for cell in code:
            assert not any(name in "".join(cell["source"]) for name in beside), path.name


def test_where_code_goes_is_there():
    """The paths of CONTRIBUTING's table, by which a newcomer finds where to change something."""
    rows = [r for r in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines() if r[:2] == "| "]
    paths = [path for row in rows for path in re.findall(r"`((?:lib|notebooks)[^`]*)`", row)]
    assert len(paths) > 15
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_help_is_the_default_and_lists_the_targets():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    for target in ("audit", "test", "test-all", "lab", "clean", "help"):
        assert f"\n  {target} " in f"\n{done.stdout}"


def test_every_notebook_is_in_the_chain():
    named = [*printed("NOTEBOOKS"), *printed("ASIDE")]
    assert named == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_no_lock_names_a_host():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text and "index-url" not in text, path.name
        assert text.count("--hash=sha256:") > text.count("=="), path.name


# What a user gives is data ---------------------------------------------------------------------------------

RAN = "ran"  # what an expanded or executed value would leave behind, in the folder
HOSTILE = {
    "make's shell": "x$(shell touch ran)",
    "make's file": "x$(file >ran)",
    "backticks": "x`touch ran`",
    "substitution": "x$$(touch ran)",
    "one dollar": "x$(touch ran)",
    "semicolon": "x; touch ran",
    "ampersand": "x & touch ran",
    "double quote": 'x"; touch ran; "',
    "single quote": "x'; touch ran; '",
    "spaces": "a  b c.pdf",
    "last space": "a.pdf ",  # the first ones of its command line make itself drops
    "newline": "x\ntouch ran",
    "leading dash": "-x.pdf",
    "long option": "--help",
    "percent": "50%.pdf",
    "hash": "a#b.pdf",
    "tilde": "~/a.pdf",
    "Chinese": "某市某区人民政府（2019）.pdf",
    "variable": "a $b.pdf",
    "braces": "${HOME}.pdf",
    "star": "*",
    "brackets": "a),(b.pdf",
    "backslash": "a\\b\\n.pdf",
    "colon and equals": "a := b.pdf",
}
STUB = f"""#!{sys.executable}
import json, sys
with open("asked", "a", encoding="utf-8") as stream:
    stream.write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit(sys.argv[1:3] == ["-m", "venv"])
"""


@pytest.fixture
def copy(tmp_path):
    """The Makefile alone, with a Python that notes what it is asked and does nothing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(STUB, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def made(folder, *words, **variables):
    """`make` in that folder, its environment as it is already set up; what it asked Python to do."""
    done = subprocess.run(
        ["make", "-s", "-o", ".venv/ready", *words],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "MAKEFLAGS"} | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    asked = folder / "asked"
    lines = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
    return done, [json.loads(line) for line in lines]


def given(name, value, how):
    """A variable on make's command line, or in its environment."""
    return ([f"{name}={value}"], {}) if how == "command line" else ([], {name: value})


hostile = pytest.mark.parametrize("value", matrix(HOSTILE.values(), kept=8), ids=HOSTILE.keys())
both_ways = pytest.mark.parametrize("how", ["command line", "environment"])


@both_ways
@hostile
def test_a_report_is_taken_by_the_letter(copy, value, how):
    words, variables = given("REPORT", value, how)
    done, asked = made(copy, "audit", *words, **variables)
    assert done.returncode == 0, done.stderr
    (_, module, report, out, *_), audit = asked
    stem = value.rpartition("/")[2].rpartition(".")[0] or value.rpartition("/")[2]
    assert (module, report, out) == ("crossfoot_cli.notebooks", f"--report={value}", f"--out=build/{stem}")
    assert audit == ["-m", "crossfoot", "audit", "--out", "build", "--", value]
    assert not (copy / RAN).exists()


@both_ways
@hostile
def test_a_folder_and_a_scheduler_are_taken_by_the_letter(copy, value, how):
    (first, one), (second, other) = given("REPORTS", value, how), given("SCHEDULER", value, how)
    done, asked = made(copy, "corpus", *first, *second, **one, **other)
    assert done.returncode == 0, done.stderr
    corpus, notebook = asked
    assert corpus[2:] == ["corpus", "--out", "build/corpus", f"--scheduler={value}", "--", value]
    assert notebook[2] == f"--reports={value}"
    assert not (copy / RAN).exists()


@pytest.mark.parametrize("target", ["test", "test-all"])
@pytest.mark.parametrize("failing", ["", "units", "notebooks"])
def test_the_notebooks_are_tested_also_where_a_unit_test_fails(copy, target, failing):
    stub = copy / ".venv" / "bin" / "python"
    kind = '"notebooks" if "--nbval" in sys.argv else "units"'
    stub.write_text(f"{STUB}sys.exit(({kind}) == {failing!r})\n".replace("sys.exit(sys", "(sys", 1))
    done, asked = made(copy, target)
    assert (done.returncode != 0) == bool(failing)
    units, notebooks = asked
    assert ("not long" in units) == (target == "test") and "--nbval" in notebooks
    said = {kind: "FAILED" if kind == failing else "passed" for kind in ("units", "notebooks")}
    told = f"Unit tests: {said['units']}. Notebooks against their stored outputs: {said['notebooks']}."
    assert done.stdout.splitlines()[-1] == told


def test_no_scheduler_is_none(copy):
    _, (corpus, _) = made(copy, "corpus", "REPORTS=in")
    assert corpus[2:] == ["corpus", "--out", "build/corpus", "--", "in"]


@both_ways
@hostile
def test_a_python_is_taken_by_the_letter(copy, value, how):
    stub = copy / value.replace("~", "tilde")
    stub.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(copy / ".venv" / "bin" / "python", stub)
    words, variables = given("PYTHON", str(stub), how)
    done, asked = made(copy, ".venv/locked", *words, **variables)
    assert done.returncode == 2 and ".venv could not be made" in done.stderr
    assert [words[0] for words in asked] == ["-c", "--version", "-m"]
    assert not (copy / RAN).exists()


@both_ways
@hostile
def test_a_dry_run_runs_nothing(copy, value, how):
    for target, name in (("audit", "REPORT"), ("corpus", "REPORTS"), ("corpus", "SCHEDULER")):
        words, variables = given(name, value, how)
        made(copy, "-n", target, *words, **variables)
    assert not (copy / RAN).exists() and not (copy / "asked").exists()


@pytest.mark.parametrize("value", ["x; touch ran", "$(shell touch ran)"])
@pytest.mark.parametrize(
    "name", ["SEED", "PY", "CLEAN", "hashes", "SHELL", "CURDIR", "name", "n", ".VARIABLES", "REPROT", "PIP_X"]
)
def test_what_the_makefile_itself_sets_cannot_be_set(copy, name, value):
    done, asked = made(copy, "audit", f"{name}={value}", "REPORT=a.pdf")
    assert done.returncode == 2 and f"{name} is not a variable of this Makefile" in done.stderr
    assert not (copy / RAN).exists() and not asked
    done, asked = made(copy, "audit", "print-SEED", f"print-{name}", REPORT="a.pdf", **{name: value})
    assert "zhifu-2019" in done.stdout.splitlines() and len(asked) == 2
    assert not (copy / RAN).exists()


def test_an_environment_does_not_override_the_makefile(copy):
    done, asked = made(copy, "-e", "audit", REPORT="a.pdf", SEED="$(shell touch ran)")
    assert done.returncode == 2 and "-e" in done.stderr and not asked
    assert not (copy / RAN).exists()


def test_names_in_the_manifest_are_taken_by_the_letter(copy):
    raw = copy / "data" / "raw"
    raw.mkdir(parents=True)
    names = ["a $b.pdf", "$(touch ran).pdf", "c; touch ran.pdf"]
    (raw / "manifest.toml").write_text("".join(f'name = "{name}"\n' for name in names), encoding="utf-8")
    for name in names[:2]:
        (raw / name).write_bytes(b"")
    done, _ = made(copy, "build/inputs/raw")
    assert done.returncode == 0 and not (copy / RAN).exists()
    lines = (copy / "build" / "inputs" / "raw").read_text(encoding="utf-8").splitlines()
    assert [line[65:] for line in lines[1:3]] == [f" data/raw/{name}" for name in names[:2]]
    assert lines[3:] == [f"missing data/raw/{names[2]}"]


def test_the_name_of_a_target_is_not_run(copy):
    for name in ("build/inputs/$(touch ran)", ".venv/inputs/x;touch ran", "print-`touch ran`"):
        made(copy, name)
        assert not (copy / RAN).exists()


def test_the_environment_is_what_is_installed(copy):
    packages = copy / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (copy / "requirements.lock").write_text("pandas==3.0.0\n")
    seen = []
    for name in ("pandas-3.0.0.dist-info", "pandas-3.0.0.dist-info", "rapidocr-3.9.0.dist-info"):
        (packages / name).mkdir(exist_ok=True)
        made(copy, "build/inputs/environment")
        path = copy / "build" / "inputs" / "environment"
        seen.append((path.read_text(), path.stat().st_mtime_ns))
    assert seen[0] == seen[1] and "pandas-3.0.0" in seen[0][0] and "requirements.lock" in seen[0][0]
    assert seen[2] != seen[1]
