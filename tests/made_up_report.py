"""A small report made up of rows of cells, in any format, so that a test can spoil just one thing in it."""

import html
from pathlib import Path

from crossfoot.forms import tables
from crossfoot_synthetic.figures import report

Rows = list[list[str]]
FORM = "2021"
ISSUER = "东河市人民政府"
YEAR = 2023
HEADINGS = {"disclosure": "二、主动公开政府信息情况", "requests": "三、收到和处理政府信息公开申请情况",
            "disputes": "四、政府信息公开行政复议、行政诉讼情况"}  # fmt: skip
OUTCOMES = ("行政复议", "未经复议直接起诉", "复议后起诉")


def figures(seed: int = 5) -> dict[str, str]:
    """What each cell prints, by name, in a report whose sums hold; 0 where there is nothing to count."""
    facts = report(seed, FORM)
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    return {name: raw or "0" for name, raw in zip(names, facts["raw"], strict=True)}


def rows(printed: dict[str, str]) -> dict[str, Rows]:
    """The rows of each table, header rows first; a cell that another one covers is empty."""
    found: dict[str, Rows] = {}
    for code, table in tables(FORM).items():
        made: Rows = []
        if code == "disputes":
            made.append([words if not n else "" for words in OUTCOMES for n in range(5)])
            made.append([column.label for _ in table.rows for column in table.columns])
            made.append(
                [printed[f"{code}:{row.code}/{col.code}"] for row in table.rows for col in table.columns]
            )
        elif code == "requests":
            made.append(["项目", *(column.label for column in table.columns)])
            for row in table.rows:
                cells = [printed.get(f"{code}:{row.code}/{col.code}") for col in table.columns]
                if None not in cells:
                    made.append([row.label, *map(str, cells)])
        else:
            for row in table.rows:
                head = ["信息内容", *(table.column(column).label for column in row.columns)]
                cells = [row.label, *(printed[f"{code}:{row.code}/{column}"] for column in row.columns)]
                made += [head + [""] * (4 - len(head)), cells + [""] * (4 - len(cells))]
        found[code] = made
    return found


def title(issuer: str = ISSUER) -> str:
    """The report's title."""
    return f"{issuer}{YEAR}年政府信息公开工作年度报告"


def prose(printed: dict[str, str]) -> str:
    """One true sentence of section 一."""
    return f"本年共收到政府信息公开申请{printed['requests:new/total']}件，均依法办理。"


def as_text(made: dict[str, Rows], said: str, issuer: str = ISSUER) -> str:
    """The report as tab-separated text."""
    parts = [title(issuer), "一、总体情况", said]
    for code, table in made.items():
        parts += [HEADINGS[code], "\n".join("\t".join(row) for row in table)]
    return "\n\n".join([*parts, "五、存在的主要问题及改进情况", "六、其他需要报告的事项", "无。"]) + "\n"


def as_html(made: dict[str, Rows], said: str, issuer: str = ISSUER, head: str = "", extra: str = "") -> str:
    """The report as a web page; `head` and `extra` go into its head and behind its title."""
    parts = [f"<h1>{title(issuer)}</h1>{extra}<p>一、总体情况</p><p>{said}</p>"]
    for code, table in made.items():
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table
        )
        parts.append(f"<p>{HEADINGS[code]}</p><table border=1>{body}</table>")
    parts.append("<p>五、存在的主要问题及改进情况</p><p>六、其他需要报告的事项</p><p>无。</p>")
    return f'<html><head><meta charset="utf-8">{head}</head><body>{"".join(parts)}</body></html>'


def save_docx(path: Path, made: dict[str, Rows], said: str, *, issuer: str = ISSUER, word=None):
    """The report as a Word document at `path`, behind what `word` holds already; returns the document."""
    import docx

    word = word or docx.Document()
    for line in (title(issuer), "一、总体情况", said):
        word.add_paragraph(line)
    for code, table in made.items():
        word.add_paragraph(HEADINGS[code])
        drawn = word.add_table(len(table), max(map(len, table)))
        for r, row in enumerate(table):
            for c, cell in enumerate(row):
                drawn.cell(r, c).text = cell
    word.add_paragraph("五、存在的主要问题及改进情况")
    word.save(str(path))
    return word


def as_pdf(made: dict[str, Rows], said: str, issuer: str = ISSUER, figures_in: str = "") -> bytes:
    """The report typeset with ruled tables, figures in a font of their own if one is named; needs typst."""
    import mplfonts
    import typst

    def words(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def cells(row: list[str]) -> str:
        return "".join(f"{words(cell)}, " for cell in row)

    def widths(count: int) -> str:
        return "150pt" + ", 1fr" * (count - 1) if count < 15 else ", ".join(["1fr"] * count)

    parts = [
        "#set page(width: 595pt, height: 842pt, margin: 50pt)",
        '#set text(font: "Noto Sans CJK SC", size: 7pt)',
        *([f'#show regex("^[0-9]+$"): set text(font: {words(figures_in)})'] if figures_in else []),
        *(f"#par({words(line)})" for line in (title(issuer), "一、总体情况", said)),
    ]
    for code, table in made.items():
        parts.append(f"#par({words(HEADINGS[code])})")
        drawn = "".join(
            "".join(f"table.cell(colspan: 5)[{name}], " for name in OUTCOMES)
            if row[0] == OUTCOMES[0]
            else cells(row)
            for row in table
        )
        parts.append(f"#table(columns: ({widths(len(table[-1]))}), stroke: 0.5pt, inset: 3pt, {drawn})")
    parts.append(f"#par({words('五、存在的主要问题及改进情况')})")
    fonts = str(Path(mplfonts.__file__).parent / "fonts")
    return typst.compile("\n".join(parts).encode(), font_paths=[fonts], ignore_system_fonts=True)
