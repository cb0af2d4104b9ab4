import importlib.util
import re
import shutil
from pathlib import Path

import pypdfium2
import pytest

pytest.importorskip("typst", reason="the test extra is not installed")
ROOT = Path(__file__).parents[1]
TEXT = ROOT / "data" / "raw" / "zhifu-2019.txt"
PDF = TEXT.with_suffix(".pdf")


def load(folder):
    spec = importlib.util.spec_from_file_location("typeset", folder / "typeset.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def typeset():
    return load(ROOT / "scripts")


def printed(path):
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def test_the_committed_pdf_is_what_the_script_makes_in_any_folder(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "elsewhere")
    load(tmp_path / "elsewhere").typeset(TEXT, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == PDF.read_bytes()


def test_every_paragraph_stands_in_the_pdf_whole():
    pages = re.sub(r"- \d+ -|\s", "", "".join(printed(PDF)))
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        if "\t" not in line:
            assert re.sub(r"\s", "", line) in pages, line


def test_the_pdf_prints_as_many_of_each_table_figure_as_the_text():
    def figures(text):
        return sorted(word for word in text.split() if re.fullmatch(r"-?\d+(\.\d+)?", word))

    lines = [line for line in TEXT.read_text(encoding="utf-8").splitlines() if "\t" in line]
    pages = [page for page in printed(PDF) if "自然" in page or "行政诉讼" in page]
    page_numbers = [word for page in pages for word in re.findall(r"- (\d+) -", page)]
    assert len(pages) == 3
    found = figures(re.sub(r"- \d+ -", "", "\n".join(page.split("五、存在的主要问题")[0] for page in pages)))
    assert page_numbers == ["7", "8", "9"]
    assert found == figures("\n".join(lines))


def test_table_three_breaks_where_the_text_breaks_it_and_repeats_its_header():
    pages = printed(PDF)
    (first,) = (i for i, page in enumerate(pages) if "一、本年新收" in page)
    assert "二、上年结转" not in pages[first]
    assert "二、上年结转" in pages[first + 1]
    assert all("申请人情况" in pages[i] for i in (first, first + 1))


def test_fonts_are_embedded_and_no_date_is_written():
    data = PDF.read_bytes()
    assert data.count(b"/FontFile3") == data.count(b"/Type/FontDescriptor") > 0
    assert b"CreationDate" not in data


def test_a_row_without_its_leading_cells_keeps_its_figures(typeset):
    head = [["(本列)", "", "申请人情况"], ["", "", "自然人"], ["", "", "", "商业企业"]]
    rows = typeset.requests(
        [
            *head,
            ["三、结果", "(三) 不予公开", "1.国家秘密", "1", "", "", "", "", "", "1"],
            ["(七) 总计", "75", "19", "", "", "", "", "94", "", ""],
            ["四、结转", "", "1", "1", "", "", "", "", "2", ""],
        ]
    )["rows"]
    assert rows[0]["figures"] == ["1", "", "", "", "", "", "1"]
    assert rows[1]["figures"] == ["75", "19", "", "", "", "", "94"]
    assert rows[2]["figures"] == ["1", "1", "", "", "", "", "2"]
    assert rows[0]["height"] == {"0": 2, "1": 1, "2": 1}


def test_a_figure_beyond_the_last_column_is_refused(typeset):
    head = [["(本列)", "申请人情况"], ["", "自然人"], ["", "", "商业企业"]]
    with pytest.raises(ValueError, match="does not fit"):
        typeset.requests([*head, ["一、新收", *"12345678"]])
