"""What is installed: each package declares what it imports, and a wheel works where the tree is not."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib

import pytest
from made_up_report import as_html, as_pdf, figures, prose, rows, save_docx
from test_makefile import LIBRARY, ROOT, imported

from crossfoot.errors import MissingExtraError, require

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    "crossfoot": "scan",
    "crossfoot_cli": "notebooks",
    "crossfoot_corpus": "corpus",
    "crossfoot_papers": "papers",
    "crossfoot_synthetic": "test",
}
"""The extra of which each package may import, besides what is installed always."""
NOT_INSTALLED = {"cv2": "opencv-python-headless", "java": "jpype1"}


def plain(requirement):
    """The name of the package that is required, as it is compared."""
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def test_every_package_has_an_extra():
    assert set(EXTRAS) == {path.name for path in LIBRARY.iterdir() if (path / "__init__.py").is_file()}


@pytest.mark.parametrize("package", EXTRAS)
def test_what_a_package_imports_is_required_by_it(package):
    required = {*PROJECT["dependencies"], *PROJECT["optional-dependencies"][EXTRAS[package]]}
    providers = importlib.metadata.packages_distributions()
    modules = set().union(*(imported(path) for path in (LIBRARY / package).rglob("*.py")))
    for module in modules - sys.stdlib_module_names - set(EXTRAS):
        names = providers.get(module, [NOT_INSTALLED.get(module, module)])
        assert {plain(name) for name in names} & {plain(one) for one in required}, module


def test_a_missing_extra_is_named_with_what_is_missing():
    require("papers", "re", "json")
    said = r"needs the packages no_such_a, no_such_b\. .* pip install 'crossfoot\[papers\]'"
    with pytest.raises(MissingExtraError, match=said):
        require("papers", "no_such_a", "re", "no_such_b")


# A wheel, in a Python that does not know the tree -----------------------------------------------------------

RUN = """
import sys
installed, packages, hidden, *sys.argv[1:] = sys.argv[1:]
sys.path += [installed, packages]
sys.modules.update(dict.fromkeys(hidden.split()))
import crossfoot
assert crossfoot.__file__.startswith(installed), crossfoot.__file__
from crossfoot_cli.commands import main
sys.exit(main())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder into which a wheel of the tree is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(LIBRARY, folder / "lib", ignore=left_out)
    pip = [sys.executable, "-m", "pip", "-q", "--no-input", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    subprocess.run(
        [*pip, "wheel", *offline, "--no-build-isolation", "-w", folder / "dist", folder],
        check=True,
        timeout=600,
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([*pip, "install", *offline, "--target", folder / "in", wheel], check=True, timeout=600)
    return folder / "in"


@pytest.fixture
def run(installed, tmp_path):
    """Runs the wheel's `crossfoot` in a Python of its own, to which what is hidden is not installed."""

    def run_one(*arguments, hidden=""):
        fresh = [sys.executable, "-I", "-S", "-c", RUN, installed, sysconfig.get_path("purelib"), hidden]
        return subprocess.run(
            [*map(str, fresh), *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )

    return run_one


@pytest.mark.long
def test_a_wheel_holds_all_that_the_tree_does(installed):
    kept = {path.relative_to(LIBRARY) for path in LIBRARY.rglob("*") if path.is_file()}
    files = {path for path in kept if not {"__pycache__"} & set(path.parts) and ".egg-info" not in str(path)}
    assert {path for path in files if path.suffix in {".toml", ".typ", ".html", ".css", ".js"}}
    assert [path for path in sorted(files) if not (installed / path).is_file()] == []


@pytest.mark.long
def test_a_wheel_audits_every_format_and_writes_the_papers(run, tmp_path):
    pytest.importorskip("typst", reason="the test extra is not installed")
    made, said = rows(figures()), prose(figures())
    (tmp_path / "a.pdf").write_bytes(as_pdf(made, said))
    (tmp_path / "b.html").write_text(as_html(made, said), encoding="utf-8")
    save_docx(tmp_path / "c.docx", made, said)
    shutil.copy(ROOT / "data" / "raw" / "zhifu-2019.txt", tmp_path / "d.txt")
    done = run("audit", "--out", "out", "a.pdf", "b.html", "c.docx", "d.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("0 findings") == 3 and "75 → 76" in done.stdout
    for name in "abcd":
        written = {path.name for path in (tmp_path / "out" / name).iterdir()}
        assert {"index.html", "workpaper.xlsx", "charts", "facts.csv", "datapackage.json"} <= written
    assert (tmp_path / "out" / "a" / "annotated.pdf").is_file()


@pytest.mark.long
def test_without_the_extras_tables_and_pictures_are_written_and_the_extra_is_named(run, tmp_path):
    shutil.copy(ROOT / "data" / "raw" / "zhifu-2019.txt", tmp_path / "d.txt")
    hidden = "jinja2 markupsafe pypdf xlsxwriter dask distributed nbclient nbformat jupyter_client"
    done = run("audit", "--out", "out", "d.txt", hidden=hidden)
    assert done.returncode == 1 and "75 → 76" in done.stdout
    assert "needs the packages jinja2, markupsafe, pypdf, xlsxwriter" in done.stderr
    assert "pip install 'crossfoot[papers]'" in done.stderr and "Traceback" not in done.stderr
    assert {"facts.csv", "charts"} <= {path.name for path in (tmp_path / "out" / "d").iterdir()}
    assert not (tmp_path / "out" / "d" / "index.html").exists()
    done = run("corpus", ".", "--out", "many", hidden=hidden)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "dask, distributed" in done.stderr and "crossfoot[corpus]" in done.stderr
