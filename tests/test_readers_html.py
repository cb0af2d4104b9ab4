"""The HTML readers: what is seen, which tables are data, and where both witnesses place every cell."""

import csv
import random
import re
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest
from process_time import within

from crossfoot.document import Document, Grid
from crossfoot.errors import ReportError
from crossfoot.readers import html, html_tokens, read, running_text

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
WITNESSES = ("lxml", "tokens")
COLUMNS = (
    "natural_person",
    "enterprise",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
)


def page(
    tmp_path: Path, body: str, encoding: str = "utf-8", head: str = "", name: str = "a.html"
) -> Document:
    path = tmp_path / name
    path.write_bytes(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(encoding))
    return read(path)


def lines(document: Document) -> list[str]:
    return [document.text[line.start : line.end] for line in document.lines]


def places(grid: Grid) -> list[tuple[str, float, float, float, float]]:
    return [(cell.text, cell.x0, cell.top, cell.x1, cell.bottom) for cell in grid.cells]


def only_table(document: Document) -> list[tuple[str, float, float, float, float]]:
    """The places of the cells of the single table, once it is clear that both witnesses have the same."""
    found = {name: [places(grid) for grid in document.grids[name]] for name in WITNESSES}
    assert found["lxml"] == found["tokens"]
    assert len(found["lxml"]) == 1
    return found["lxml"][0]


def placed(document: Document) -> list[tuple[str, int, int, int, int]]:
    """(text, row, column, rows, columns) of each cell of the single table, rows counted within it."""
    cells = only_table(document)
    top = min(cell[2] for cell in cells)
    return [(t, int(y0 - top), int(x0), int(y1 - y0), int(x1 - x0)) for t, x0, y0, x1, y1 in cells]


def _square(grid: Grid, row: float, column: int) -> str:
    """The text of the one cell that covers this row and column."""
    found = [c.text for c in grid.cells if c.top <= row < c.bottom and c.x0 <= column < c.x1]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["shanghai-office-2019", "shuyang-fgj-2023"])
def test_samples_have_every_figure_in_its_row_and_column(name):
    source = SAMPLES / f"{name}.html"
    if not source.exists():
        pytest.skip(f"{source.name} is not here")
    document = read(source)
    assert document.grids["lxml"] == document.grids["tokens"]
    for grid in document.grids["lxml"]:
        for cell in grid.cells:
            line = document.lines[int(cell.top)]
            assert cell.text.replace("\n", " ") in document.text[line.start : line.end]
    with (SAMPLES / f"{name}.facts.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    third, fourth = document.grids["lxml"][-2:]
    first = next(cell.top for cell in third.cells if "本年新收" in cell.text)
    for index, fact in enumerate(fact for fact in facts if fact["table"] == "requests"):
        assert _square(third, first + index // 7, 3 + index % 7) == fact["printed"], fact
    last = max(cell.top for cell in fourth.cells)
    for index, fact in enumerate(fact for fact in facts if fact["table"] == "disputes"):
        assert _square(fourth, last, index) == fact["printed"], fact


def test_spans_cover_rows_and_columns(tmp_path):
    body = """<table><tr><td colspan=2 rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr>
    <tr><td rowspan="9">乙</td><td colspan="2">3</td></tr><tr><td>4<td>5</table>"""
    assert placed(page(tmp_path, body)) == [
        ("甲", 0, 0, 2, 2),
        ("1", 0, 2, 1, 1),
        ("2", 1, 2, 1, 1),
        ("乙", 2, 0, 2, 1),
        ("3", 2, 1, 1, 2),
        ("4", 3, 1, 1, 1),
        ("5", 3, 2, 1, 1),
    ]


def test_rowspan_zero_and_overlong_end_with_their_row_group(tmp_path):
    body = """<table><tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody>
    <tbody><tr><td rowspan=50>乙</td><td>3</td></tr></tbody><tbody><tr><td>丙<td>4</tbody></table>"""
    assert [(t, y, x, h) for t, y, x, h, _ in placed(page(tmp_path, body))] == [
        ("甲", 0, 0, 2),
        ("1", 0, 1, 1),
        ("2", 1, 1, 1),
        ("乙", 2, 0, 1),
        ("3", 2, 1, 1),
        ("丙", 3, 0, 1),
        ("4", 3, 1, 1),
    ]


def test_overlapping_spans_keep_both_cells(tmp_path):
    body = "<table><tr><td>1<td rowspan=2>2<td>3<tr><td colspan=3>4<td>5</table>"
    assert placed(page(tmp_path, body))[3:] == [("4", 1, 0, 1, 3), ("5", 1, 3, 1, 1)]


@pytest.mark.parametrize("span", ["", "0", "-1", "x", "1.5", " 1 ", "+1", "1px"])
def test_odd_spans_are_one(tmp_path, span):
    body = f'<table><tr><td colspan="{span}">1<td>2<tr><td>3<td>4</table>'
    assert [cell[2] for cell in placed(page(tmp_path, body))] == [0, 1, 0, 1]


def test_head_comes_first_and_foot_last(tmp_path):
    body = """<table><tfoot><tr><td>总计<td>3</tfoot><tbody><tr><td>甲<td>1</tbody>
    <thead><tr><th>类<th>数</thead><tbody><tr><td>乙<td>2</tbody></table>"""
    document = page(tmp_path, body)
    assert lines(document) == ["类\t数", "甲\t1", "乙\t2", "总计\t3"]
    assert [cell[0] for cell in placed(document)] == ["类", "数", "甲", "1", "乙", "2", "总计", "3"]


def test_inline_elements_set_no_space_and_blanks_are_cells(tmp_path):
    body = """<p>政府信息</p><table border=1><tr><td><p><font>2</font><font color=red>6</font></p></td>
    <td>&nbsp;</td><td>\u200b</td><td></td><td>结果<br/>维持</td><td><p>一、</p>
       <p>新收</p></td><td>1 <b>0</b></td><td>&#50;&#x36;</td></tr></table>"""
    document = page(tmp_path, body)
    assert [cell[0] for cell in placed(document)] == [
        "26",
        "",
        "",
        "",
        "结果\n维持",
        "一、\n新收",
        "1 0",
        "26",
    ]
    assert lines(document) == ["政府信息", "26\t\t\t\t结果 维持\t一、 新收\t1 0\t26"]


def test_what_is_not_displayed_is_not_read(tmp_path):
    body = """<script>document.write("<table><tr><td>7<td>8</table>")</script><style>td{}</style>
    <!-- <table><tr><td>7<td>8</table> --><template><table><tr><td>7<td>8</table></template>
    <noscript>7</noscript><div style="color:red; DISPLAY : none"><table><tr><td>7<td>8</table></div>
    <div hidden>7<p>8</div><select><option>7</option></select><textarea>7</textarea>
    <table><tr style="display:none"><td>7<td>8</tr><tr><td>甲<span style="visibility:hidden">7</span></td>
    <td>1<input type=hidden value=7></td><td style="display:none">7</td><td><input value="5"></td></tr>
    <tbody style="display:none"><tr><td>7<td>8</tbody></table><button>7</button>公开"""
    document = page(tmp_path, body, head="<title>7</title><meta name=a content=7>")
    assert lines(document) == ["甲\t1\t5", "公开"]
    assert placed(document) == [("甲", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("5", 0, 2, 1, 1)]


def test_layout_tables_around_and_inside(tmp_path):
    body = """<table width=100%><tr><td>导航<td><table><tr><td><h1>年度报告</h1><p>共收到26件。</p>
    <table border=1><caption>表三</caption><tr><td><table><tr><td>新</td></tr><tr><td>收</td></tr></table>
    <td><table><tr><td>26</td></tr></table></td></tr><tr><td>结转<td>3</table><p>完</p></table></table>"""
    document = page(tmp_path, body)
    assert lines(document) == ["导航", "年度报告", "共收到26件。", "表三", "新 收\t26", "结转\t3", "完"]
    assert only_table(document) == [
        ("新\n收", 0, 4, 1, 5),
        ("26", 1, 4, 2, 5),
        ("结转", 0, 5, 1, 6),
        ("3", 1, 5, 2, 6),
    ]


def test_article_in_a_cell_stays_prose(tmp_path):
    article = "".join(f"<p>{i}，公开政府信息工作情况一二三四五六七八九十。</p>" for i in range(30))
    document = page(
        tmp_path, f"<table><tr><td>索引号<td>12</tr><tr><td colspan=2>{article}</td></tr></table>"
    )
    assert lines(document)[0] == "索引号\t12"
    assert lines(document)[2:] == [f"{i}，公开政府信息工作情况一二三四五六七八九十。" for i in range(30)]
    assert [cell[0] for cell in only_table(document)] == ["索引号", "12"]


def test_rows_and_cells_that_lack_their_tags(tmp_path):
    body = """<table><form><tr><td>甲<td>1<tr><td>乙<td><div><b>2</table><p>文字"""
    assert [(t, y, x) for t, y, x, _, _ in placed(page(tmp_path, body))] == [
        ("甲", 0, 0),
        ("1", 0, 1),
        ("乙", 1, 0),
        ("2", 1, 1),
    ]


def test_witnesses_agree_on_random_tables(tmp_path):
    chance = random.Random(2019)
    for _ in range(60):
        body = []
        for _ in range(chance.randint(1, 3)):
            body.append(f"<p>{'政府信息' * chance.randint(1, 3)}")
            body.append("<table>")
            for row in range(chance.randint(1, 6)):
                body.append(chance.choice(["<tr>", "</tr><tr>", "<tr class='a>b'>", "<tbody><tr>"]))
                for _ in range(chance.randint(1, 6)):
                    spans = chance.choice(
                        ["", " colspan=2", " rowspan=2", " rowspan='3' colspan=\"2\"", " rowspan=0"]
                    )
                    inside = chance.choice(
                        ["{}", "<p>{}</p>", "<b>{}", "<span>{}<o:p></o:p></span>", "&nbsp;", "{}<br>"]
                    )
                    body.append(f"<td{spans}>{inside.format(row)}" + chance.choice(["", "</td>"]))
            body.append("</table>")
        document = page(tmp_path, "".join(body))
        assert [places(g) for g in document.grids["lxml"]] == [places(g) for g in document.grids["tokens"]]


def test_grids_of_the_second_witness_stand_at_the_first_ones_lines():
    lines_read = ["甲", "多", "乙", "a\tb", "c\td", "丙"]
    onto = ["甲", "乙", "a\tb", "c\te", "丙"]
    assert [round(place) for place in running_text._matched(lines_read, onto)] == [0, 0, 1, 2, 2, 4]
    assert running_text._matched(onto, onto) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "big5", "nonsense", ""])
def test_encoding_is_found_whatever_is_declared(tmp_path, encoding, declared):
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    document = page(tmp_path, "<p>政府信息公开申请<p>规章", encoding, head)
    assert lines(document) == ["政府信息公开申请", "规章"]


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.txt", "a.docx", "a"])
def test_content_decides_not_the_suffix(tmp_path, name):
    assert only_table(page(tmp_path, "<table><tr><td>甲<td>1</table>", name=name))


def test_markdown_with_html_tables(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# 年度报告\n\n共收到26件。\n\n<table>\n<tr><td>甲</td>\n<td>1</td></tr>\n</table>\n完", "utf-8"
    )
    document = read(path)
    assert lines(document) == ["# 年度报告", "共收到26件。", "甲\t1", "完"]
    assert len(only_table(document)) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_web_archive(tmp_path, encoding):
    archive = EmailMessage()
    archive.set_content("<p>政府信息公开<table><tr><td>甲<td>1</table>".encode(encoding), "text", "html")
    archive.make_related()
    archive.add_related(b"\x89PNG", "image", "png")
    path = tmp_path / "a.mht"
    path.write_bytes(bytes(archive))
    document = read(path)
    assert lines(document) == ["政府信息公开", "甲\t1"]


def test_nothing_is_fetched_and_no_entity_expanded(tmp_path, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")

    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    path = tmp_path / "a.html"
    path.write_text(
        f'<?xml version="1.0" encoding="gbk"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">'
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><html><base href="http://192.0.2.1/">'
        '<link rel=stylesheet href="http://192.0.2.1/a.css"><script src="http://192.0.2.1/a.js"></script>'
        '<img src="http://192.0.2.1/a.png"><iframe src="http://192.0.2.1/"></iframe><p>政府信息&x;&b;</html>',
        "utf-8",
    )
    document = read(path)
    assert "机密" not in document.text and "lol" not in document.text
    assert "政府信息" in document.text


def test_a_page_of_ten_thousand_lines_in_time(tmp_path):
    rows = "".join(f"<tr><td>{i}<td>政府信息<td>{i}" for i in range(10_000))
    with within(10):
        document = page(tmp_path, f"<table><tr><td rowspan=20000>年<td>一<td>二{rows}</table>")
    assert len(document.grids["lxml"][0].cells) == len(document.grids["tokens"][0].cells) == 30_003


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<a ", '<a x="', "<a x='1", "<", "</a ", "<![CDATA[", "&a", "<b a=1 ", "</p>", "<p><b></i>"],
)
def test_markup_without_an_end_takes_no_longer(tmp_path, piece):
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>政府信息公开申请" + piece * 20_000, "utf-8")
    with within(5):
        try:
            read(path)
        except ReportError as error:
            assert "too deep" in str(error)


@pytest.mark.parametrize("piece", ["<font>", "<table><tr><td>", "<div>"])
def test_too_deep_is_said(tmp_path, piece):
    with pytest.raises(ReportError, match=r"a\.html: nests its elements too deep"):
        page(tmp_path, "政府信息公开" + piece * 3000 + "7")


def test_huge_spans_cost_nothing(tmp_path):
    cells = "<tr>" + "<td colspan=1000 rowspan=65534>政府信息" * 3
    with within(10):
        document = page(tmp_path, f"<table>{cells * 1000}</table><p>完")
    assert lines(document)[-1] == "完"


def test_embedded_files_do_not_make_a_page_too_large(tmp_path):
    image = "data:image/png;base64," + "iVBORw0KGgo" * 2_000_000
    document = page(tmp_path, f'<img src="{image}"><p>政府信息公开')
    assert lines(document) == ["政府信息公开"]


def test_truncated_page_keeps_what_there_is(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes("<html><body><p>政府信息公开<table><tr><td>甲<td>12<tr><td>乙<td>3".encode() + b"\xe6")
    assert [cell[0] for cell in only_table(read(path))][:3] == ["甲", "12", "乙"]


def test_tokens_are_the_tags_and_the_text():
    found = list(html_tokens.tokens("a&lt;<TD Colspan='2' x>1</td><!-- <b> --><script>'<p>'</script>< 3"))
    shown = [t if isinstance(t, str) else ("/" * t.closes + t.name, dict(t.attributes)) for t in found]
    assert shown == [
        "a<",
        ("td", {"colspan": "2", "x": ""}),
        "1",
        ("/td", {}),
        ("script", {}),
        ("/script", {}),
        "<",
        " 3",
    ]
    assert re.search("<p>", "".join(t for t in found if isinstance(t, str))) is None


@pytest.mark.parametrize(
    ("text", "is_page"),
    [
        ("<!-- a -->\n" * 40 + "<html><body>", True),
        (' <?xml version="1.0"?> <!-- a -- b --> <!DOCTYPE html>', True),
        ("<!-- a -->" * 40 + "x <p><p><p>", True),
        ("<!-- a -->" * 40 + "一、总体情况", False),
        ("<!-- a --> x <html>", False),
        ("<!-- <html> never ends", False),
        ("<!-- a --><html", True),
        ("<htmlx>", False),
    ],
)
def test_a_page_is_told_from_a_text_behind_its_comments(text, is_page):
    assert html.is_html(text) == is_page


def test_tables_left_in_a_text_keep_their_line_ends():
    text = "a\n<table>\n<table>\n</table >b\n</table><TABLE\n>c</TABLE>\n<table>\n"
    kept = "a<br>\n<table>\n<table>\n</table >b<br>\n</table><TABLE\n>c</TABLE><br>\n<table><br>\n"
    assert html.has_tables(text) and html.from_markdown(text) == kept
    assert not html.has_tables("</table><table>")
