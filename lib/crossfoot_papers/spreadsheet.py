"""A workbook being written: its styles, its cells, and text that can never become a formula."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from crossfoot.audit import Audit
from crossfoot.checks import Identity, Printed, printed
from crossfoot.texts import say

from .comparisons import Comparison, comparisons, readers_of
from .findings import ShownFinding, shown_findings
from .formulas import CellAddress, quoted

_EPOCH = datetime(1980, 1, 1)
_FITS = 1.08  # half-width characters of 10 points in a column of width 1
_LONGEST = 32000  # characters of a cell; a spreadsheet holds 32,767
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Okabe and Ito's colours as in the charts; what breaks is marked by sign and weight, too.
_BREAK, _BREAK_TINT, _BREAK_PALE = "#B34700", "#F9CDAE", "#FDEBDD"
_HOLD, _CHANGED, _INK, _SOFT, _RULE, _HEAD, _PALE = (
    "#00664B", "#0072B2", "#1A1A1A", "#595959", "#8C8C8C", "#E8EEF2", "#F6F6F6",
)  # fmt: skip
_FONT = "Microsoft YaHei"
_BASE: dict[str, Any] = {"font_name": _FONT, "font_size": 10, "font_color": _INK, "valign": "vcenter"}
_BOXED = {"border": 1, "border_color": _RULE}
STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"font_size": 16, "bold": True},
    "subtitle": {"font_size": 10, "font_color": _SOFT},
    "heading": {"font_size": 11, "bold": True, "bottom": 2, "bottom_color": _INK},
    "name": {"font_color": _SOFT},
    "strong": {"bold": True, "text_wrap": True, "valign": "top"},
    "small": {"font_size": 8, "font_color": _SOFT, "text_wrap": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "align": "center", "bg_color": _HEAD, **_BOXED},
    "label": {"text_wrap": True, "indent": 1, **_BOXED},
    "upright": {"text_wrap": True, "align": "center", **_BOXED},
    "figure": {"align": "center", "font_size": 11, **_BOXED},
    "word": {"align": "center", "text_wrap": True, **_BOXED},
    "absent": {"align": "center", "pattern": 14, "fg_color": "#C8C8C8", "bg_color": "#FFFFFF", **_BOXED},
    "money": {"align": "center", "font_size": 11, "num_format": "#,##0", **_BOXED},
    "cents": {"align": "center", "font_size": 11, "num_format": "#,##0.00####", **_BOXED},
    "sum": {"align": "center", "font_color": _SOFT, "bg_color": _PALE, **_BOXED},
    "sign": {"align": "center", "bold": True, "font_size": 11, "bg_color": _PALE, **_BOXED},
    "side": {"text_wrap": True, "bg_color": _PALE, "indent": 1, **_BOXED},
    "link": {"font_color": "#0072B2", "underline": 1, "align": "center"},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "number": {"valign": "top", "align": "right", "border": 1, "border_color": "#D9D9D9"},
    "go": {
        "valign": "top", "align": "center", "font_color": "#0072B2", "border": 1, "border_color": "#D9D9D9",
    },
    "input": {"valign": "top", "align": "right", "border": 1, "border_color": "#8C8C8C", "bold": True},
    "centre": {"valign": "top", "align": "center", "border": 1, "border_color": "#D9D9D9"},
    "listed": {
        "valign": "top", "font_color": "#0072B2", "underline": 1, "border": 1, "border_color": "#D9D9D9",
        "text_wrap": True,
    },
    "again": {"valign": "top", "font_color": _RULE, "border": 1, "border_color": "#D9D9D9"},
    "again_number": {
        "valign": "top", "align": "center", "font_color": _RULE, "border": 1, "border_color": "#D9D9D9",
    },
    "clipped": {"valign": "top", "font_color": _SOFT, "border": 1, "border_color": "#D9D9D9"},
    "beside": {"indent": 1},
    "faint": {"font_color": "#C8C8C8"},
    "verdict_broken": {
        "bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": _BREAK, "text_wrap": True,
        "indent": 1,
    },
    "verdict_clean": {
        "bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": _HOLD, "text_wrap": True,
        "indent": 1,
    },
    "count": {"bold": True, "font_size": 18, "align": "right"},
    "now": {"bold": True, "font_size": 11},
    "breaks": {"font_color": "#FFFFFF", "bg_color": _BREAK, "bold": True},
    "holds": {"font_color": _HOLD},
    "open": {"font_color": _RULE},
    "enters": {"bg_color": _BREAK_TINT, "font_color": "#7A3000", "bold": True},
    "part": {"bg_color": _BREAK_PALE},
    "changed": {"font_color": _CHANGED, "italic": True, "bold": True},
    "strong_legend": {
        "bg_color": _BREAK_TINT, "font_color": "#7A3000", "bold": True, "align": "center", **_BOXED,
    },
    "weak_legend": {"bg_color": _BREAK_PALE, "align": "center", **_BOXED},
    "changed_legend": {"font_color": _CHANGED, "italic": True, "bold": True, "align": "center", **_BOXED},
    "breaks_legend": {"font_color": "#FFFFFF", "bg_color": _BREAK, "bold": True, "align": "center", **_BOXED},
    "holds_legend": {"font_color": _HOLD, "bold": True, "align": "center", "bg_color": _PALE, **_BOXED},
    "open_legend": {"font_color": _RULE, "bold": True, "align": "center", "bg_color": _PALE, **_BOXED},
}  # fmt: skip
_OF_CONDITIONS = ("breaks", "holds", "open", "enters", "part", "changed", "faint")


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written of one audit.

    By name of each statutory cell: `cells` is what it contributes to a sum, `facts` its row of the facts,
    `readers` who read it. `comparisons` are all checks, `identities` those that are sums.
    """

    audit: Audit
    language: str
    cells: Mapping[str, Printed]
    facts: Mapping[str, Any]
    readers: Mapping[str, Sequence[str]]
    comparisons: Sequence[Comparison]
    identities: Sequence[Identity]
    findings: Sequence[ShownFinding]
    workbook: Any
    stream: io.BytesIO
    formats: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def say(self, key: str, **given: object) -> str:
        """A text in the book's language."""
        return say(key, self.language, **given)

    def sheet_name(self, code: str) -> str:
        """The name of the sheet of that code."""
        return self.say(f"sheet.{code}")

    def style(self, name: str, quote: bool = False) -> Any:
        """The format of that name; `quote` marks text that a spreadsheet must not take for a formula."""
        if (name, quote) not in self.formats:
            base = {} if name in _OF_CONDITIONS else _BASE
            more = {"quote_prefix": True} if quote else {}
            if name == "flag":  # 1 is shown as a word, 0 as nothing
                own = {**STYLES["sum"], "num_format": f'"{self.say("cell.blank")}";;'}
            else:
                own = STYLES[name]
            self.formats[name, quote] = self.workbook.add_format({**base, **own, **more})
        return self.formats[name, quote]


def opened(audit: Audit, language: str) -> Book:
    """An empty workbook for the audit, in memory."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = xlsxwriter.Workbook(stream, options)
    report = audit.report
    about = f"{report.issuer or report.source} {report.year or ''}".strip()
    workbook.set_properties({"title": clean(about), "author": "Crossfoot", "created": _EPOCH})
    workbook.set_size(2400, 1400)
    audit = audit.worded(language)
    every = comparisons(audit)
    return Book(
        audit,
        language,
        cells=printed(audit.facts),
        facts={str(fact.cell): fact for fact in audit.facts.itertuples(index=False)},
        readers=readers_of(audit),
        comparisons=every,
        identities=[one.identity for one in audit.origins.values() if one.identity is not None],
        findings=shown_findings(audit, every),
        workbook=workbook,
        stream=stream,
    )


def closed(book: Book) -> bytes:
    """The finished workbook's bytes: the same for the same audit, whenever and wherever it is made."""
    book.workbook.close()
    return book.stream.getvalue()


def clean(text: object) -> str:
    """The text as a cell can hold it: no lone surrogate, not too long."""
    words = str(text).encode("utf-8", "replace").decode("utf-8")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def write_text(book: Book, sheet: Any, row: int, column: int, text: object, style: str = "plain") -> None:
    """Write text as text, whatever it begins with; nothing where there is none (the style still shows)."""
    words = "" if text is None or text is pd.NA or text != text else clean(text)
    if words:
        sheet.write_string(row, column, words, book.style(style, words.startswith(_DANGEROUS)))
    else:
        sheet.write_blank(row, column, None, book.style(style))


def write_number(book: Book, sheet: Any, row: int, column: int, value: Any, style: str = "number") -> None:
    """Write a figure, or an empty cell where there is none."""
    if value is None or value is pd.NA or value != value:
        sheet.write_blank(row, column, None, book.style(style))
    else:
        sheet.write_number(row, column, float(value), book.style(style))


def write_live(book: Book, sheet: Any, at: CellAddress, formula: str, value: Any, style: str) -> None:
    """Write a formula with its value as of now, which viewers show that do not calculate."""
    shown = "" if value is None or value != value else value
    sheet.write_formula(at.row, at.column, formula, book.style(style), shown)


def merged(
    book: Book, sheet: Any, first: tuple[int, int], last: tuple[int, int], text: object, style: str
) -> None:
    """Write text over the rectangle from `first` to `last` (row, column)."""
    if first != last:
        sheet.merge_range(*first, *last, "", book.style(style))
    write_text(book, sheet, *first, text, style)


def glossed(
    book: Book, sheet: Any, first: tuple[int, int], last: tuple[int, int], zh: str, en: str, style: str
) -> None:
    """Write a Chinese label with its English name in grey behind it over a rectangle."""
    if not en:
        return merged(book, sheet, first, last, zh, style)
    if first != last:
        sheet.merge_range(*first, *last, "", book.style(style))
    joint = "\n" if style in ("head", "upright") else "  "
    sheet.write_rich_string(
        *first, book.style("plain"), zh, book.style("small"), f"{joint}{en}", book.style(style)
    )
    return None


def link(
    book: Book, sheet: Any, row: int, column: int, at: CellAddress, text: str, style: str = "link"
) -> None:
    """Write text that leads to a cell of the workbook."""
    target = f"internal:{quoted(at.sheet)}!{xl_col_to_name(at.column)}{at.row + 1}"
    sheet.write_url(row, column, target, book.style(style), string=clean(text))


def signs(book: Book, sheet: Any, ranges: Sequence[str]) -> None:
    """Colour the signs in those ranges: what breaks stands out, what holds is quiet."""
    for one in ranges:
        for sign, style in (("✗", "breaks"), ("✓", "holds"), ("–", "open")):
            rule = {"type": "cell", "criteria": "==", "value": f'"{sign}"', "format": book.style(style)}
            sheet.conditional_format(one, rule)


def printing(book: Book, sheet: Any, landscape: bool, head: tuple[int, int] | None = None) -> None:
    """Set the sheet up for A4, one page wide, with the report's name and the page's number at the foot."""
    report = book.audit.report
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.hide_gridlines(2)
    source = clean(report.source).replace("&", "&&")[:80]
    # The space ends the size: a name that begins with a digit would be taken for more of it.
    sheet.set_footer(f"&L&8 {source}  sha256 {report.sha256[:12]}…&C&8 &A&R&8 &P / &N")
    if head:
        sheet.repeat_rows(*head)


def display_width(text: str) -> int:
    """How wide a text is shown, in half-width characters."""
    return sum(2 if ord(c) > 0x2E00 or c in "“”‘’—…·①" else 1 for c in text)


def lines_needed(text: object, width: float) -> int:
    """How many lines a text takes in a column that is `width` half-width characters wide."""
    every = str(text).split("\n")
    return sum(max(1, -(-display_width(one) // max(1, int(width * _FITS)))) for one in every)
