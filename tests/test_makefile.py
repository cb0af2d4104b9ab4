"""What the Makefile says decides is what does: its groups of modules against the modules' own imports."""

import ast
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib" / "crossfoot"


def printed(name):
    """The words of a variable of the Makefile."""
    done = subprocess.run(
        ["make", "-s", f"print-{name}"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def group(name):
    return {ROOT / path for path in printed(name)}


@pytest.fixture(scope="module")
def groups():
    return {name: group(name) for name in ("reading", "reasoning", "drawing", "apart")}


def imported(path):
    """The library files that a module uses: relative imports, and TOML files by name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for place in (base, *(base / alias.name for alias in node.names)):
                found |= {f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()}
        elif isinstance(node, ast.Constant) and str(node.value).endswith(".toml"):
            found |= {f for f in (LIBRARY / str(node.value), path.parent / str(node.value)) if f.is_file()}
    return found - {LIBRARY / "__init__.py"}


def test_every_library_file_is_in_one_group(groups):
    files = {path for path in LIBRARY.rglob("*") if path.suffix in (".py", ".toml")}
    assert set().union(*groups.values()) == files
    assert sum(map(len, groups.values())) == len(files)


@pytest.mark.parametrize(
    ("group", "unheeded"),
    [
        ("reading", ("reasoning", "drawing", "apart")),
        ("reasoning", ("drawing", "apart")),
        ("drawing", ("apart",)),
    ],
)
def test_no_module_uses_one_whose_change_would_not_run_its_notebooks(groups, group, unheeded):
    others = set().union(*(groups[name] for name in unheeded))
    # The whole way: its facts, which are all that notebooks 1 and 2 show, come from the readers alone.
    ties = {LIBRARY / "audit.py", LIBRARY / "__init__.py"}
    for path in groups[group] - ties:
        if path.suffix == ".py":
            used = sorted(file.name for file in imported(path) & others)
            assert not used, f"{path.name} uses {used}: list it in the Makefile beside what it uses"


def test_no_notebook_uses_what_stands_apart(groups):
    apart = {path.relative_to(LIBRARY).parts[0].removesuffix(".py") for path in groups["apart"]}
    for path in (ROOT / "notebooks" / f"{name}.ipynb" for name in printed("NOTEBOOKS")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crossfoot"):
                    used = {*node.module.split(".")[1:], *(alias.name for alias in node.names)}
                    assert not used & apart, path.name


def test_help_is_the_default_and_lists_the_targets():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    for target in ("audit", "test", "lab", "clean", "help"):
        assert f"\n  {target} " in f"\n{done.stdout}"


def test_every_notebook_is_in_the_chain():
    named = [*printed("NOTEBOOKS"), *printed("ASIDE")]
    assert named == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_no_lock_names_a_host():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text and "index-url" not in text, path.name
        assert text.count("--hash=sha256:") > text.count("=="), path.name
