"""A made-up report as a file: PDF, HTML, DOCX or text, the same bytes for the same report."""

import html
import importlib.util
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from crossfoot.errors import require
from crossfoot.forms import Row, cell_name, tables

_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ARTICLES = {
    "2019": (
        ("第二十条第（一）项", ("rules", "normative"), ("made", "published", "public_total")),
        ("第二十条第（五）项", ("licensing", "other_services"), ("items_before", "change", "decisions")),
        ("第二十条第（六）项", ("penalty", "coercion"), ("items_before", "change", "decisions")),
        ("第二十条第（八）项", ("fees",), ("items_before", "change")),
        ("第二十条第（九）项", ("procurement",), ("items", "amount")),
    ),
    "2021": (
        ("第二十条第（一）项", ("rules", "normative"), ("made", "repealed", "in_force")),
        ("第二十条第（五）项", ("licensing",), ("decisions",)),
        ("第二十条第（六）项", ("penalty", "coercion"), ("decisions",)),
        ("第二十条第（八）项", ("fees",), ("amount",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One printed cell: its text, and how many rows and columns it covers."""

    text: str
    tall: int = 1
    wide: int = 1


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One printed table: its rows, each with the cells that begin in it; `heading` of them are its head.

    `widths` are the columns' widths relative to each other.
    """

    rows: tuple[tuple[Box, ...], ...]
    heading: int
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A report ready to print: title lines, then headings, paragraphs and tables in order.

    `size` is the type size in points, `repeat` whether a table's head is printed again on the next page,
    `shaded` whether cells and text have a white background of their own, and `bordered` whether every cell
    draws its own borders, as word processors write it.
    """

    title: tuple[str, ...]
    parts: tuple[tuple[str, str | PrintedTable], ...]
    size: float = 15.75
    repeat: bool = True
    shaded: bool = False
    bordered: bool = False


def disclosure(raw: Mapping[str, str], form: str) -> PrintedTable:
    """Table 二: an article's heading, its columns' labels, its rows, and so on."""
    table = tables(form)["disclosure"]
    rows: list[tuple[Box, ...]] = []
    for article, codes, columns in _ARTICLES[form]:
        last = 3 - len(columns) + 1
        spans = [1] * (len(columns) - 1) + [last]
        labels = [table.column(code).label for code in columns]
        rows.append((Box(article, 1, 4),))
        rows.append((Box("信息内容"), *_spread(labels, spans)))
        for code in codes:
            figures = [raw.get(cell_name("disclosure", code, column), "") for column in columns]
            rows.append((Box(table.row(code).label), *_spread(figures, spans)))
    return PrintedTable(tuple(rows), 0, (1.25, 1.0, 1.0, 1.0))


def _spread(texts: Iterable[str], spans: Iterable[int]) -> Iterable[Box]:
    return (Box(text, 1, wide) for text, wide in zip(texts, spans, strict=True))


def requests(raw: Mapping[str, str], form: str) -> PrintedTable:
    """Table 三, with the headings on its left merged as the form merges them."""
    table = tables(form)["requests"]
    labels = {column.code: column.label for column in table.columns}
    applicants = list(labels)
    rows: list[list[Box]] = [
        [Box(_CORNER, 3, 3), Box("申请人情况", 1, 6), Box(labels["total"], 3, 1)],
        [Box(labels["natural_person"], 2, 1), Box("法人或其他组织", 1, 5)],
        [Box(labels[code]) for code in applicants[1:-1]],
    ]
    single = cell_name("requests", "other", "total") in raw
    kept = [r for r in table.rows if not r.code.startswith("other") or (r.code == "other") == single]
    outcomes = [r for r in kept if r.group]
    for row in kept:
        rows.append([Box(raw.get(cell_name("requests", row.code, code), "")) for code in applicants])
    body = dict(zip((r.code for r in kept), rows[3:], strict=True))
    for row in kept:
        if not row.group:
            body[row.code].insert(0, Box(row.label, 1, 3))
    for group, members in groupby(outcomes, key=lambda r: r.group):
        together = list(members)
        for number, row in enumerate(together):
            body[row.code][:0] = _label(group, row, number, len(together))
    body[outcomes[0].code].insert(0, Box("三、本年度办理结果", len(outcomes), 1))
    return PrintedTable(tuple(map(tuple, rows)), 3, (0.7, 2.4, 4.9, *(1.35,) * 7))


def _label(group: str, row: Row, number: int, tall: int) -> list[Box]:
    if group.startswith("三、"):
        return [Box(row.label, 1, 2)]
    return [Box(group, tall, 1), Box(row.label)] if number == 0 else [Box(row.label)]


def disputes(raw: Mapping[str, str], form: str) -> PrintedTable:
    """Table 四: three procedures side by side, their outcomes below, and one row of figures."""
    table = tables(form)["disputes"]
    outcomes = [column.label for column in table.columns]
    figures = [
        Box(raw.get(cell_name("disputes", row.code, column), ""))
        for row in table.rows
        for column in row.columns
    ]
    rows = (
        (Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)),
        (
            *(Box(label, 2, 1) for label in outcomes),
            Box("未经复议直接起诉", 1, 5),
            Box("复议后起诉", 1, 5),
        ),
        tuple(Box(label) for label in outcomes * 2),
        tuple(figures),
    )
    return PrintedTable(rows, 3, (1.0,) * 15)


@cache
def _compiler():
    """Typst with the fonts that mplfonts ships; loading them takes longer than setting a report."""
    require("test", "typst")
    import typst

    spec = importlib.util.find_spec("mplfonts")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("mplfonts, for its fonts")
    fonts = Path(spec.submodule_search_locations[0]) / "fonts"
    return typst.Compiler(
        Path(__file__).with_name("report.typ"), font_paths=typst.Fonts(False, False, [fonts])
    )


def pdf(layout: Layout) -> bytes:
    """The report typeset, fonts embedded; needs the packages typst and mplfonts."""
    parts: list[dict] = [{"kind": "title", "text": line} for line in layout.title]
    for kind, content in layout.parts:
        if isinstance(content, PrintedTable):
            rows = [[asdict(box) for box in row] for row in content.rows]
            heading, widths = content.heading, content.widths
            whole = len(rows) < 10 and len(widths) > 4
            parts.append({"kind": kind, "rows": rows, "heading": heading, "widths": widths, "whole": whole})
        else:
            parts.append({"kind": kind, "text": content})
    report = {
        "title": "".join(layout.title),
        "size": layout.size,
        "repeat": layout.repeat,
        "shaded": layout.shaded,
        "bordered": layout.bordered,
        "parts": parts,
    }
    made = _compiler().compile(sys_inputs={"report": json.dumps(report, ensure_ascii=False)}, format="pdf")
    assert isinstance(made, bytes)
    return made


def web_page(layout: Layout) -> bytes:
    """The report as a saved web page, with a site's navigation around it."""
    body = [f"<h1>{'<br>'.join(map(html.escape, layout.title))}</h1>"]
    for kind, content in layout.parts:
        if isinstance(content, PrintedTable):
            rows = "\n".join(f"<tr>{''.join(map(_td, row))}</tr>" for row in content.rows)
            body.append(f'<table border="1">\n{rows}\n</table>')
        else:
            body.append(f"<{_TAG[kind]}>{html.escape(content)}</{_TAG[kind]}>")
    title = html.escape("".join(layout.title))
    return (
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="generator" content="crossfoot, made up for tests"></head>\n'
        '<body><div class="nav"><a href="#">首页</a> <a href="#">政务公开</a></div>\n<div class="article">\n'
        + "\n".join(body)
        + "\n</div>\n</body></html>\n"
    ).encode()


_TAG = {"heading": "h2", "paragraph": "p"}


def _td(box: Box) -> str:
    spans = [
        f' rowspan="{box.tall}"' if box.tall > 1 else "",
        f' colspan="{box.wide}"' if box.wide > 1 else "",
    ]
    return f"<td{''.join(spans)}>{html.escape(box.text)}</td>"


def text(layout: Layout) -> bytes:
    """The report as text: a table's cells apart by tabs, what a merged cell covers left empty."""
    lines = list(layout.title)
    for _, content in layout.parts:
        if isinstance(content, PrintedTable):
            shown = (
                ["" if box is None or not first else box.text for box, first in row] for row in _full(content)
            )
            lines.extend("\t".join(row) for row in shown)
        else:
            lines.append(content)
        lines.append("")
    return "\n".join(lines).encode()


def _full(table: PrintedTable) -> Iterable[Sequence[tuple[Box, bool]]]:
    """The rows with a cell in every column: which box covers it, and whether the box begins there."""
    width = len(table.widths)
    plan: list[dict[int, tuple[Box, bool]]] = [{} for _ in table.rows]
    for number, row in enumerate(table.rows):
        for box in row:
            start = next(column for column in range(width) if column not in plan[number])
            for down in range(box.tall):
                for right in range(box.wide):
                    plan[number + down][start + right] = (box, not down and not right)
    return ([row[column] for column in range(width)] for row in plan)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def word(layout: Layout) -> bytes:
    """The report as a Word document, its merged cells as Word stores them."""
    body = [_paragraph(line) for line in layout.title]
    for _, content in layout.parts:
        body.append(_word_table(content) if isinstance(content, PrintedTable) else _paragraph(content))
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{_W}"><w:body>'
        + "".join(body)
        + "</w:body></w:document>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            package.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _paragraph(line: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'


def _word_table(table: PrintedTable) -> str:
    rows = []
    for row in _full(table):
        cells, column = [], 0
        while column < len(row):
            box, first = row[column]
            span = f'<w:gridSpan w:val="{box.wide}"/>' if box.wide > 1 else ""
            merge = "" if box.tall == 1 else '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
            shown = _paragraph(box.text if first else "")
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{shown}</w:tc>")
            column += box.wide
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{round(width * 800)}"/>' for width in table.widths)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


FORMATS: dict[str, Callable[[Layout], bytes]] = {
    ".pdf": pdf,
    ".html": web_page,
    ".docx": word,
    ".txt": text,
}
"""What makes a report's bytes, by the file name's ending."""
