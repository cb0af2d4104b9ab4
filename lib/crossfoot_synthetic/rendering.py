"""A made-up report as a file: PDF, HTML, DOCX or text, the same bytes for the same report."""

import html
import importlib.util
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from crossfoot.errors import require

from .grids import Box, Printed


@dataclass(frozen=True, slots=True)
class Layout:
    """A report ready to print: title lines, then headings, paragraphs and tables in order.

    `size` is the type size in points, `repeat` whether a table's head is printed again on the next page,
    `shaded` whether cells and text have a white background of their own, and `bordered` whether every cell
    draws its own borders, as word processors write it.
    """

    title: tuple[str, ...]
    parts: tuple[tuple[str, str | Printed], ...]
    size: float = 15.75
    repeat: bool = True
    shaded: bool = False
    bordered: bool = False


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
        if isinstance(content, Printed):
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
        if isinstance(content, Printed):
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
        if isinstance(content, Printed):
            shown = (
                ["" if box is None or not first else box.text for box, first in row] for row in _full(content)
            )
            lines.extend("\t".join(row) for row in shown)
        else:
            lines.append(content)
        lines.append("")
    return "\n".join(lines).encode()


def _full(table: Printed) -> Iterable[Sequence[tuple[Box, bool]]]:
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
        body.append(_word_table(content) if isinstance(content, Printed) else _paragraph(content))
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


def _word_table(table: Printed) -> str:
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
