"""Every number printed inside a table is one fact's figure, by its place, or is named."""

from dataclasses import replace

import pytest
from made_up_report import as_html, as_pdf, as_text, figures, prose, rows, save_docx

from crossfoot import readers
from crossfoot.conservation import divide
from crossfoot.document import Cell, Document, Grid, Line
from crossfoot.forms import tables
from crossfoot.numerals import number_tokens
from crossfoot.readers.glyphs import Glyph
from crossfoot.readers.page_text import page_text
from crossfoot.steps import clean
from crossfoot.tables import Placement

FORMATS = (".pdf", ".html", ".docx", ".txt", ".md")
PRINTED = figures() | {"requests:granted/natural_person": "123", "requests:granted/enterprise": "7"}
CELL, BESIDE = "requests:granted/natural_person", "requests:granted/enterprise"


def as_markdown(made, said):
    text = as_text(made, said)
    return "\n".join(
        "| " + line.replace("\t", " | ") + " |" if "\t" in line else line for line in text.split("\n")
    )


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    made, said = rows(PRINTED), prose(PRINTED)
    (folder / "r.pdf").write_bytes(as_pdf(made, said))
    (folder / "r.html").write_text(as_html(made, said), encoding="utf-8")
    save_docx(folder / "r.docx", made, said)
    (folder / "r.txt").write_text(as_text(made, said), encoding="utf-8")
    (folder / "r.md").write_text(as_markdown(made, said), encoding="utf-8")
    return {suffix: readers.read(folder / f"r{suffix}") for suffix in FORMATS}


def spoilt(document, change):
    """The document with `change` made to the cells of every grid that holds the row of CELL."""
    grids = {
        reader: tuple(
            replace(grid, cells=tuple(change(grid.cells)))
            if any(c.text == "123" for c in grid.cells)
            else grid
            for grid in found
        )
        for reader, found in document.grids.items()
    }
    return replace(document, grids=grids)


def in_row(cells):
    """The figures of CELL and of BESIDE among a grid's cells."""
    first = next(c for c in cells if c.text == "123")
    second = min(
        (c for c in cells if c.x0 >= first.x1 - 0.5 and abs(c.top - first.top) < 0.5), key=lambda c: c.x0
    )
    return first, second


def written(first, second):
    def change(cells):
        at = dict(zip(map(id, in_row(cells)), (first, second), strict=True))
        return [replace(c, text=at[id(c)]) if id(c) in at else c for c in cells]

    return change


FAULTS = {
    "dropped": written("", "7"),
    "copied": written("123", "123"),
    "moved": written("", "123"),
    "swapped": written("7", "123"),
    "joined": written("1237", ""),
    "split": written("12", "3"),
    "a digit changed": written("128", "7"),
    "a digit lost": written("12", "7"),
    "a row lost": lambda cells: [c for c in cells if abs(c.top - in_row(cells)[0].top) > 0.5],
    "a sign": written("-123", "7"),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_in_a_sound_report_each_number_is_the_figure_of_one_fact(documents, suffix):
    cleaned = clean(documents[suffix])
    facts = cleaned.facts
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    figured = set(names[facts["status"] == "number"])
    tokens = [token for token in cleaned.printed if token.role == "fact"]
    assert not cleaned.troubles
    assert sorted(token.cell for token in tokens) == sorted(figured)
    assert dict(zip(names, facts["raw"], strict=True)) == PRINTED
    text = documents[suffix].text
    assert all(text[token.start :].startswith(token.raw) for token in tokens)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_every_reader_makes_alike_is_noticed_and_named(documents, suffix, fault):
    cleaned = clean(spoilt(documents[suffix], FAULTS[fault]))
    facts = cleaned.facts.set_index(
        cleaned.facts["table"] + ":" + cleaned.facts["row"] + "/" + cleaned.facts["column"]
    )
    read = facts[facts["status"] == "number"]
    wrong = {name for name in (CELL, BESIDE) if name in read.index and read.at[name, "raw"] != PRINTED[name]}
    assert not wrong, "a figure that is not printed there was taken for read"
    assert not (facts.loc[[CELL, BESIDE], "status"] == "blank").any()
    named = {cell for trouble in cleaned.troubles for cell in trouble.cells}
    assert named & {CELL, BESIDE}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_fault_of_one_reader_is_noticed_and_named(documents, suffix):
    document = documents[suffix]
    for reader in document.grids:
        alone = {reader: spoilt(document, FAULTS["moved"]).grids[reader]}
        cleaned = clean(replace(document, grids=document.grids | alone))
        assert CELL in {cell for trouble in cleaned.troubles for cell in trouble.cells}, reader


def test_figures_that_stand_so_close_that_they_read_as_one_word_are_two_pieces():
    def glyph(char, x0):
        return Glyph(char, x0, 10, x0 + 5, 18, x0, 8, x0 + 5, 20, False, 0, False)

    page = page_text(1, 800, [glyph("2", 100), glyph("1", 105), glyph("0", 114), glyph("0", 123)])
    assert [text for text, _ in page.lines] == ["2100"]
    assert [(p.start, p.end, p.x0, p.x1) for p in page.pieces[0]] == [
        (0, 2, 100, 110), (2, 3, 114, 119), (3, 4, 123, 128)
    ]  # fmt: skip


def test_lines_inside_a_tables_area_are_not_prose():
    texts, lines, start = ("共收到96件", "1.属于国家秘密 1 0", "结转2件"), [], 0
    for n, text in enumerate(texts):
        lines.append(Line(start, start + len(text), 1, (0.0, 10.0 * n, 100.0, 10.0 * n + 10)))
        start += len(text) + 1
    placement = Placement()
    placement.areas.append(("requests", Grid((Cell("", 0, 10, 100, 20, ""),), 1)))
    report = Document("r.pdf", "", 1, "\n".join(texts), tuple(lines))
    inside, prose_ = divide(report, {"a": placement})
    assert [line.start for line in inside["requests"]] == [7]
    assert len(prose_) == 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.2036 亿元", ["1.2036"]),
        ("55（含自然失效29件）", ["55", "29"]),
        ("1,234", ["1,234"]),
        ("-14", ["-14"]),
        ("2023-24", ["2023", "24"]),
        ("十二", ["十二"]),
        ("三、本年度办理结果", []),
        ("１２", ["１２"]),
        ("①", []),
    ],
)
def test_the_numbers_of_a_text(text, numbers):
    assert [text[a:b] for a, b in number_tokens(text)] == numbers


@pytest.mark.parametrize("suffix", [".html", ".txt", ".md"])
def test_numbers_under_a_heading_that_numbers_the_rows_are_labels(tmp_path, suffix):
    made, said = rows(PRINTED), prose(PRINTED)
    three = made["requests"]
    made["requests"] = [["序号", *three[0]], *([str(n), *row] for n, row in enumerate(three[1:], start=1))]
    text = {".html": as_html, ".txt": as_text, ".md": as_markdown}[suffix](made, said)
    path = tmp_path / f"r{suffix}"
    path.write_text(text, encoding="utf-8")
    cleaned = clean(readers.read(path))
    assert not cleaned.troubles and not cleaned.doubted
    assert [t.role for t in cleaned.printed if t.raw == "17" and not t.cell][:1] == ["label"]


def test_numbers_of_rows_go_on_where_a_table_does(tmp_path):
    made, said = rows(PRINTED), prose(PRINTED)
    three = made["requests"]
    made["requests"] = [["序号", *three[0]], *([str(n), *row] for n, row in enumerate(three[1:], start=1))]
    cut = "<tr><td>12</td>"
    page = as_html(made, said).replace(cut, "</table><table border=1>" + cut)
    path = tmp_path / "r.html"
    path.write_text(page, encoding="utf-8")
    cleaned = clean(readers.read(path))
    assert not cleaned.troubles
    assert [t.role for t in cleaned.printed if t.raw == "17" and not t.cell][:1] == ["label"]


def test_a_number_that_markdown_escapes_in_a_label_stands_in_the_label(tmp_path):
    printed = PRINTED | {
        "requests:denied.third_party/enterprise": "4",
        "requests:denied.third_party/total": "4",
    }
    text = as_markdown(rows(printed), prose(printed))
    for written in (text.replace("4.保护", "4\\.保护"), text.replace("4.保护第三方", "4.保护<br>第三方")):
        path = tmp_path / "r.md"
        path.write_text(written, encoding="utf-8")
        cleaned = clean(readers.read(path))
        assert not [t for t in cleaned.troubles if t.cells]
        spot = "requests:denied.third_party/enterprise"
        assert [t.role for t in cleaned.printed if t.cell == spot] == ["fact"]


def test_a_row_whose_label_is_printed_and_that_no_reader_found_is_unread_and_named(tmp_path):
    made = rows(PRINTED)
    label = next(row[0] for row in made["requests"] if row[1] == "123")
    made["requests"] = [row for row in made["requests"] if row[0] != label]
    for name, written in (("gone", ""), ("printed", f"\n\n{label}")):
        (tmp_path / f"{name}.txt").write_text(as_text(made, prose(PRINTED) + written), encoding="utf-8")
    gone, printed = (clean(readers.read(tmp_path / f"{name}.txt")) for name in ("gone", "printed"))
    for cleaned, status in ((gone, "absent"), (printed, "unread")):
        facts = cleaned.facts
        assert set(facts.loc[facts["row"] == "granted", "status"]) == {status}
    assert not any(CELL in trouble.cells for trouble in gone.troubles)
    assert any(CELL in trouble.cells for trouble in printed.troubles)


def test_a_row_of_text_that_a_figure_is_lost_from_may_stand_a_column_off(tmp_path):
    made, said = rows(PRINTED), prose(PRINTED)
    row = next(row for row in made["requests"] if row[1] == "123")
    row[:] = [row[0], "123", "7", *[""] * 4, "130"]
    text = tmp_path / "r.txt"
    text.write_text(as_text(made, said), encoding="utf-8")
    document = readers.read(text)
    lost = spoilt(document, lambda cells: [c for c in cells if c.text != "130"])
    lost = replace(
        lost, grids={n: tuple(replace(g, ragged=True) for g in gs) for n, gs in lost.grids.items()}
    )
    cleaned = clean(lost)
    facts = cleaned.facts.set_index(["table", "row", "column"])
    assert facts.loc[("requests", "granted", "total"), "status"] == "unread"
    assert {CELL, BESIDE} <= {name for trouble in cleaned.troubles for name in trouble.cells}


@pytest.mark.parametrize("cut", [False, True])
def test_a_figure_that_a_line_of_spaced_text_cuts_is_not_its_first_part(tmp_path, cut):
    def spaced(cells):
        return "".join(
            cell + " " * (first - wide(cell)) for cell, first in zip(cells, (70, *[14] * 7), strict=False)
        )

    def wide(words):
        return sum(2 if sign > "\u2e80" else 1 for sign in words)

    table = tables("2021")["requests"]
    new = ["1234", *["0"] * 5, "1234"]
    lines = ["东河市人民政府2023年政府信息公开工作年度报告", "", "三、收到和处理政府信息公开申请情况", ""]
    lines += [spaced(["", "申请人情况"]), spaced(["", *(column.label for column in table.columns)])]
    for row in table.rows:
        figures = new if row.code in ("new", "granted", "handled") else ["0"] * 7
        if row.code == "new" and cut:
            lines.append(spaced([row.label, "12", *["0"] * 5, "12"]))
            lines.append(spaced(["", "34", *[""] * 5, "34"]))
        elif row.code != "other":
            lines.append(spaced([row.label[:30], *figures]))
    text = tmp_path / "r.txt"
    text.write_text("\n".join([*lines, "", "五、存在的主要问题及改进情况", "无。"]), encoding="utf-8")
    facts = clean(readers.read(text)).facts.set_index(["table", "row", "column"])
    fact = facts.loc[("requests", "new", "total")]
    assert (fact["status"], fact["raw"]) == (("unread", "12") if cut else ("number", "1234"))


def test_an_amount_with_its_unit_is_a_figure_and_lost_when_no_reader_has_it(tmp_path):
    printed = PRINTED | {"disclosure:fees/amount": "13358639元"}
    text = tmp_path / "r.txt"
    text.write_text(as_text(rows(printed), prose(printed)), encoding="utf-8")
    document = readers.read(text)
    grids = {
        name: tuple(replace(g, cells=tuple(c for c in g.cells if "元" not in c.text[-1:])) for g in found)
        for name, found in document.grids.items()
    }
    cleaned = clean(replace(document, grids=grids))
    assert [token.role for token in cleaned.printed if token.raw.startswith("13358639")] == ["left_over"]
    assert any("13358639" in trouble.printed for trouble in cleaned.troubles)
