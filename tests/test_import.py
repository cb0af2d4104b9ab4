"""Importing the package changes nothing in the process: not what is logged, not pdfium, no font needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = str(ROOT / "data" / "raw" / "zhifu-2019.txt")
PDF = str(ROOT / "data" / "raw" / "zhifu-2019.pdf")

WATCH = """
import logging, sys
import pypdfium2
restarts = []
pypdfium2.raw.FPDF_DestroyLibrary = lambda: restarts.append(True)
pypdfium2.raw.FPDF_InitLibraryWithConfig = lambda config: None
def changed():
    loggers = [name for name, one in logging.root.manager.loggerDict.items()
               if isinstance(one, logging.Logger) and (one.level or one.disabled)]
    return restarts + [name for name in loggers if not name.startswith("pypdfium2")]
"""
NO_FONT = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "mplfonts" else find(name, package)
"""


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program in a fresh Python."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "done",
    ["import crossfoot", f"import crossfoot; crossfoot.audit({TEXT!r})", "import crossfoot.charts"],
    ids=["import", "text", "charts"],
)
def test_nothing_is_changed_in_the_process(done):
    ended = run(f"{WATCH}{done}\nassert not changed(), changed()")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_text_needs_no_font():
    ended = run(f"{NO_FONT}import crossfoot; assert len(crossfoot.audit({TEXT!r}).findings)")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_pdf_restarts_pdfium_once_and_says_where_the_font_is_missing():
    twice = f"from crossfoot import readers; readers.read({PDF!r}); readers.read({PDF!r})"
    ended = run(f"{WATCH}{twice}\nassert changed() == [True], changed()")
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = run(f"{NO_FONT}import crossfoot; crossfoot.audit({PDF!r})")
    assert ended.returncode == 1 and "the font for Chinese is missing" in ended.stderr


def test_facts_need_no_reader():
    program = (
        "import sys, types\n"
        "package = types.ModuleType('crossfoot')\n"
        f"package.__path__ = [{str(ROOT / 'lib' / 'crossfoot')!r}]\n"
        "sys.modules['crossfoot'] = package\n"
        "import crossfoot.facts\n"
        "assert not [name for name in sys.modules if name.startswith('crossfoot.readers')]\n"
    )
    ended = run(program)
    assert (ended.returncode, ended.stderr) == (0, "")
