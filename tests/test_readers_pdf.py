"""Two readers of one PDF: what they agree in, what only one sees, and what is refused."""

import json
import re
import unicodedata
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import jpype
import pytest
import tabula
from pdf_drawing import HEIGHT, WIDTH, Page, disputes, pdf
from samples import printed_figures, sample
from test_readers_lattice import strokes

from crossfoot.errors import ReportError
from crossfoot.readers import pdf as reader
from crossfoot.readers import pdf_tabula

ROOT = Path(__file__).parents[1]
ZHIFU = ROOT / "data" / "raw" / "zhifu-2019.pdf"


def read(path: Path):
    return reader.read(path, path.read_bytes())


def written(tmp_path: Path, data: bytes, name="report.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def unmatched(some, others):
    """The cells of `some` that `others` have not, in place and text (slips of four points are none)."""
    missing = []
    for grid in some:
        for cell in grid.cells:
            if not any(
                other.page == grid.page
                and plain(there.text) == plain(cell.text)
                and all(
                    abs(getattr(there, side) - getattr(cell, side)) < 4
                    for side in ("x0", "top", "x1", "bottom")
                )
                for other in others
                for there in other.cells
            ):
                missing.append((grid.page, plain(cell.text)))
    return missing


@pytest.fixture(scope="module")
def hongze():
    return read(sample("hongze-2023.pdf"))


@pytest.fixture(scope="module")
def zhifu():
    return read(ZHIFU)


def test_readers_agree_on_zhifu_in_every_cell(zhifu):
    assert sum(len(grid.cells) for grid in zhifu.grids["pdfium"]) > 290
    assert unmatched(zhifu.grids["tabula"], zhifu.grids["pdfium"]) == []
    assert unmatched(zhifu.grids["pdfium"], zhifu.grids["tabula"]) == []


def test_second_reader_supplies_what_tabula_drops_at_a_page_break(hongze):
    assert unmatched(hongze.grids["tabula"], hongze.grids["pdfium"]) == []
    assert unmatched(hongze.grids["pdfium"], hongze.grids["tabula"]) == [
        (3, "信息内容"),
        (3, "三、本年度办理结果"),
        (3, "(四)无法提供"),
        (3, "2.没有现成信息需要另行制作"),
        *((3, figure) for figure in "3000003"),
    ]


@pytest.mark.parametrize(("section", "columns", "rows"), [("requests", 7, 26), ("disputes", 5, 3)])
def test_every_figure_of_hongze_is_in_a_cell_of_its_own(hongze, section, columns, rows):
    figures = [v for k, v in printed_figures("hongze-2023.pdf").items() if k.startswith(section) and v]
    assert 0 < len(figures) <= columns * rows
    pages = {"requests": hongze.grids["pdfium"][2:4], "disputes": hongze.grids["pdfium"][4:]}[section]
    cells = [plain(cell.text) for grid in pages for cell in grid.cells]
    assert sorted(c for c in cells if c.isdigit()) == sorted(figures)


def test_a_merged_cell_is_given_once_with_its_whole_box(zhifu):
    grid = zhifu.grids["pdfium"][-1]
    (review,) = [cell for cell in grid.cells if plain(cell.text) == "行政复议"]
    under = [
        c
        for c in grid.cells
        if c.top >= review.bottom - 3 and c.x0 >= review.x0 - 3 and c.x1 <= review.x1 + 3
    ]
    assert len({round(c.x0) for c in under}) == 5
    assert review.where == f"{review.x0:.1f},{review.top:.1f},{review.x1:.1f},{review.bottom:.1f}"


def test_lines_are_whole_in_order_and_without_page_numbers(hongze):
    for line in hongze.lines:
        assert hongze.text[line.start : line.end].strip()
    assert "2023年全区受理政府信息公开申请21件" in hongze.text
    assert not re.search(r"^\W*\d\W*$", hongze.text, re.MULTILINE)
    tops = [(line.page, line.box[1]) for line in hongze.lines]
    # The middles of lines rise; their tops may not, a heading's ink being higher than its neighbour's.
    assert all(a[0] < b[0] or a[1] < b[1] + 10 for a, b in pairwise(tops))
    assert hongze.pages == 5
    assert set(hongze.seconds) == {"text", "pdfium", "tabula"}


@pytest.mark.parametrize("page", [7, 8, 9])
def test_lattice_is_what_tabula_py_reads_page_by_page(page, zhifu):
    """The engine is asked directly; the answer is read_pdf's own."""
    tables = tabula.read_pdf(
        str(ZHIFU), pages=page, lattice=True, guess=False, output_format="json", silent=True
    )
    assert reader.pdf_tabula._lattice(ZHIFU, [page])[page] == tables


def test_reading_twice_gives_the_same(zhifu):
    again = read(ZHIFU)
    assert (again.text, again.lines, again.grids) == (zhifu.text, zhifu.lines, zhifu.grids)


def page_of_table(top=100.0) -> Page:
    page, cells = Page(), disputes(top=top)
    strokes(page, cells)
    for cell in cells:
        page.write(cell)
    return page


def page_of_prose(lines=5) -> Page:
    page = Page()
    for number in range(lines):
        page.text(60, 80 + 14 * number, "本年度政府信息公开工作情况如下")
    return page


def test_only_pages_that_can_hold_a_table_are_searched(tmp_path, monkeypatch):
    asked = []
    real = reader.pdf_tabula._lattice
    monkeypatch.setattr(
        reader.pdf_tabula, "_lattice", lambda path, pages: asked.extend(pages) or real(path, pages)
    )
    boxed = page_of_prose()
    boxed.frame(50, 60, 500, 300)
    boxed.line(50, 100, 500, 100)
    continuation = Page()
    cells = [cell for cell in disputes() if cell.text.isdigit()]
    strokes(continuation, cells)
    for cell in cells:
        continuation.write(cell)
    path = written(tmp_path, pdf(page_of_prose(), boxed, page_of_table(), continuation, page_of_prose()))
    document = read(path)
    assert asked == [3, 4]
    assert [(grid.page, len(grid.cells)) for grid in document.grids["pdfium"]] == [
        (3, 32),
        (4, 18),
    ]  # 17 figures, one blank


def test_page_number_in_the_margin_only(tmp_path):
    page = page_of_table(top=600)
    page.text(280, 825, "- 1 -")
    page.text(60, 300, "7")
    last = page_of_prose()
    last.text(280, 825, "2024")
    text = read(written(tmp_path, pdf(page, last))).text.splitlines()
    assert "7" in text
    assert "- 1 -" not in text
    assert "2024" in text


def test_a_table_without_rules_is_read_by_its_gaps(tmp_path):
    page = Page()
    for row, label in enumerate(["本年新收政府信息公开申请数量", "属于国家秘密", "重复申请", "总计"]):
        page.text(60, 100 + 20 * row, label)
        for column in range(7):
            page.text(230 + 40 * column, 100 + 20 * row, str(10 * row + column))
    document = read(written(tmp_path, pdf(page)))
    (grid,) = document.grids["pdfium"]
    assert [c.text for c in grid.cells if c.text.isdigit()][-7:] == [str(n) for n in range(30, 37)]


def encrypted() -> bytes:
    data = pdf(page_of_prose())
    entry = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    return data.replace(b"/Root 1 0 R", b"/Encrypt " + entry + b" /ID [<31><31>] /Root 1 0 R")


def scanned() -> bytes:
    page = Page()
    page.parts.append("q 500 0 0 700 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q")
    return pdf(page, page)


def garbage() -> bytes:
    page = Page()
    page.parts += [f"BT /F2 9 Tf 50 {800 - 12 * row} Td <{'e123' * 30}> Tj ET" for row in range(10)]
    return pdf(page)


BAD = {
    "encrypted": (encrypted(), "is encrypted"),
    "cut off": (pdf(page_of_prose(), page_of_table())[:1500], "is cut off before its end"),
    "cut at the very end": (pdf(page_of_prose(), trailer=b""), "is cut off before its end"),
    "no objects": (b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n", "is damaged"),
    "no pages": (pdf(), "no pages|is damaged"),
    "scan": (scanned(), "is a scan"),
    "empty pages": (pdf(Page(), Page()), "holds no text"),
    "garbage": (garbage(), "text layer that is garbage"),
}


@pytest.mark.parametrize(("data", "problem"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_refused_by_name(tmp_path, data, problem):
    path = written(tmp_path, data, "年报.pdf")
    with pytest.raises(ReportError, match=problem) as caught:
        read(path)
    assert caught.value.file == "年报.pdf"
    assert caught.value.advice


def test_no_chinese_is_refused(tmp_path):
    page = Page()
    page.text(50, 50, "An annual report in another language")
    with pytest.raises(ReportError, match="no Chinese"):
        read(written(tmp_path, pdf(page)))


@pytest.mark.long
def test_a_thousand_pages_take_bounded_time(tmp_path):
    document = read(written(tmp_path, pdf(*[page_of_prose(30)] * 999, page_of_table())))
    assert document.pages == 1000
    assert [grid.page for grid in document.grids["tabula"]] == [1000]
    assert document.seconds["text"] + document.seconds["pdfium"] < 60


def test_a_page_of_ten_thousand_lines_takes_bounded_time(tmp_path):
    page = Page()
    for number in range(10_000):
        page.text(10 + 70 * (number % 8), 20 + 0.6 * (number // 8), "行政许可 12 3", size=0.5)
    document = read(written(tmp_path, pdf(page)))
    assert len(document.text) > 80_000
    assert document.seconds["text"] < 60


TYPESET = """
#set page(width: 595pt, height: 400pt, margin: 40pt)
#set text(font: "Noto Sans CJK SC", size: 9pt)
#table(columns: (20pt, 90pt, 30pt, 30pt, 30pt), stroke: 0.4pt,
  table.header(
    table.cell(colspan: 2, rowspan: 2)[（本列数据的勾稽关系）], table.cell(colspan: 3)[申请人情况],
    [自然人], [其他], [总计]),
  table.cell(rowspan: ROWS)[三、本年度办理结果],
  CELLS
)
"""


def test_typeset_over_three_pages_with_repeated_headers(tmp_path):
    """Every figure of 40 rows, in order, by both readers, though the table breaks across pages."""
    typst = pytest.importorskip("typst")
    fonts = Path(find_spec("mplfonts").submodule_search_locations[0]) / "fonts"
    rows = [[f"{n}.重复申请", str(n), "" if n % 7 == 0 else str(n * 11), str(n * 12)] for n in range(1, 41)]
    cells = ",".join(f"[{json.dumps(cell, ensure_ascii=False)[1:-1]}]" for row in rows for cell in row)
    source = TYPESET.replace("ROWS", "40").replace("CELLS", cells)
    (tmp_path / "t.typ").write_text(source, encoding="utf-8")
    path = written(tmp_path, typst.compile(tmp_path / "t.typ", font_paths=[fonts], ignore_system_fonts=True))
    document = read(path)
    assert document.pages > 2
    for name, grids in document.grids.items():
        got = [
            [plain(cell.text) for cell in row]
            for grid in grids
            for row in by_row(grid)
            if plain(row[0].text).endswith("重复申请")
        ]
        assert got == rows, name


def by_row(grid):
    """The grid's single-row cells by row, less the label cell at the left that spans them all."""
    tops = sorted({round(cell.top) for cell in grid.cells if cell.x0 > 55})
    return [
        sorted((c for c in grid.cells if round(c.top) == top and c.x0 > 55), key=lambda c: c.x0)
        for top in tops
    ]


@pytest.mark.parametrize("crop", [(0.0, 0.0), (35.0, 50.0)], ids=["whole", "cropped"])
@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (0, "1 0 0 1 0 0"),
        (90, f"0 1 -1 0 {HEIGHT} 0"),
        (180, f"-1 0 0 -1 {WIDTH} {HEIGHT}"),
        (270, f"0 -1 1 0 {WIDTH - HEIGHT} {WIDTH}"),
    ],
)
def test_both_readers_agree_on_a_turned_page(tmp_path, turn, matrix, crop):
    page, cells = Page(), disputes()
    strokes(page, cells)
    for cell in cells:
        if cell.text.isascii():
            page.write(cell)
    page.into_form(matrix)
    page.rotate, page.crop = turn, crop
    upright = 0.5 * min(WIDTH, HEIGHT)
    page.parts.append(f"BT /F2 9 Tf {upright} {upright} Td <{'行政许可'.encode('utf-16-be').hex()}> Tj ET")
    document = read(written(tmp_path, pdf(page)))
    (first,), (second,) = document.grids["tabula"], document.grids["pdfium"]
    assert len(first.cells) == len(second.cells) == len(cells)
    assert unmatched((first,), (second,)) == []
    assert sorted(c.text for c in first.cells) == sorted(c.text if c.text.isascii() else "" for c in cells)


def test_radicals_are_read_as_the_words_they_print(tmp_path):
    page, cells = Page(), disputes()
    strokes(page, cells)
    for cell in cells:
        page.write(replace(cell, text="⾏政⾧⻔⻅⺠" if cell.text == "行政诉讼" else cell.text))
    page.text(60, 400, "⼈⺠政府⾏政复议⼾")
    document = read(written(tmp_path, pdf(page)))
    assert "人民政府行政复议户" in document.text
    for (grid,) in document.grids.values():
        assert "行政長门见民" in [cell.text for cell in grid.cells]


@pytest.mark.parametrize(("read_tables", "search", "pages"), [
    (pdf_tabula.ruled_tables, "_lattice", [1]), (pdf_tabula.unruled_tables, "_words", {1: ()})
])  # fmt: skip
def test_a_file_that_tabula_cannot_read_is_named_and_an_error_of_ours_is_not(
    monkeypatch, read_tables, search, pages
):
    def fail(*_):
        jpype.JClass("java.util.ArrayList")().get(0)

    monkeypatch.setattr(pdf_tabula, search, fail)
    told = r"zhifu-2019\.pdf: tabula cannot read it \(java\.lang\.IndexOutOfBoundsException\)"
    with pytest.raises(ReportError, match=told):
        read_tables(ZHIFU, pages)
    for error in (AttributeError("grid"), KeyError("data"), OSError(28, "No space left on device")):

        def fault(*_, error=error):
            raise error

        monkeypatch.setattr(pdf_tabula, search, fault)
        with pytest.raises(type(error)) as raised:
            read_tables(ZHIFU, pages)
        assert raised.value is error
