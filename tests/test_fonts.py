"""The font of the pictures: there without the system's help, and silent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crossfoot import fonts
from crossfoot.errors import CrossfootError

LIB = Path(__file__).parents[1] / "lib"


def test_the_font_is_the_package_s_own():
    assert fonts.path().is_file()
    assert fonts.path().parts[-3:] == ("mplfonts", "fonts", fonts.FILE)


def test_a_missing_font_says_what_to_do(monkeypatch):
    monkeypatch.setattr(fonts, "FILE", "no-such-font.otf")
    with pytest.raises(CrossfootError, match=r"no-such-font\.otf.*make audit"):
        fonts.path.__wrapped__()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("芝罘区 ≠ ＋ – Σ", "芝罘区 ≠ ＋ – Σ"),
        ("a\nb\t c", "a b c"),
        ("ok \N{SNOWMAN WITHOUT SNOW}\N{FIRE}", "ok □□"),
        ("\x00", "□"),
    ],
)
def test_what_the_font_lacks_is_drawn_as_a_box(text, drawn):
    assert fonts.drawable(text) == drawn


def test_a_fresh_machine_draws_in_silence(tmp_path):
    """No list of fonts yet, none that may be written, and every warning shown."""
    program = (
        "from crossfoot.charts import canvas, svg\n"
        "about = {'issuer': '区', 'year': 1, 'source': 'x'}\n"
        "sheet, top = canvas.sheet(('收到 $1 件', 'a $b$'), 20, about, ('表', 'table'))\n"
        "sheet.text(30, top, '不予公开', bold=True)\n"
        "assert '<text' not in svg(sheet.figure)\n"
    )
    unwritable = tmp_path / "file"
    unwritable.write_text("")
    environment = os.environ | {
        "PYTHONPATH": str(LIB),
        "PYTHONWARNINGS": "default",
        "HOME": str(tmp_path),
        "MPLCONFIGDIR": str(unwritable / "below"),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
