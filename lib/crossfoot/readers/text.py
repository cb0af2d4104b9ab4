"""Text and Markdown: tables whose cells are set apart by tabs or pipes.

The document's text is the file's own, line ends as `\\n` (what Python's `read_text` returns); offsets
count in it. A form feed ends a line and a page; there are as many pages as form feeds, plus one. Lines
and cells bear no page. A row's cells stand at their index as column number, and a grid is ragged: text
keeps neither merged cells nor, after a page break, a row's leading cells. Only where merged cells are
written out for every place they cover (spread.py) do columns hold.

Lines of comma-separated values count as rows. Where nothing sets cells apart, as in text copied out of a
PDF, unruled/text_words.py reads the tables.

A blank line ends a grid, so a table in several blocks is several neighbouring grids in order; only rows
that each stand alone between blank lines are gathered. zhifu-2019's table of disputes is two grids: the
stray Markdown heading 行政复议, 行政诉讼, then the two header lines with the line of figures.
"""

import csv
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ..document import Cell, Document, Grid, Line
from .flow import line_at
from .spread import is_spread, merged
from .unruled import text_words

READER = "text"
_LINE_END = re.compile(r"[\n\f]")
_CHINESE = re.compile("[㐀-鿿]")
_BLANK = " 　\u00a0\u200b\ufeff\v"
_BAR = re.compile(r"(?<!\\)[|｜│┃║]")
_DRAWN_RULE = re.compile(
    r"[+├└┏┣┗╔╠╚┌│┃║|][-=+|:┬┼┴─━═┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝├\s]*[-=─━═][-=+|:┬┼┴─━═┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝\s]*"
)
_RULE_CELL = re.compile(r":?-{3,}:?")
_SECOND_ROW_RULE_CELL = re.compile(r":?-+:?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"^(\*{1,3}|_{1,3}|`)(?P<inside>.+)\1$", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_COMMAS = 3
_SPACED = re.compile(r"\S\s+[-+]?\d")
_FEWEST_SEPARATED = 3  # lines
_LONGEST_CELL = 120  # the longest label of the forms has about 50 characters; a paragraph has more
_LONGEST_ROW = 2400
_LONGEST_SENTENCE = 40
_SECTION = re.compile(r"#|[一二三四五六七八]、.*(情况|问题|措施|事项)")
_ENUMERATED = re.compile(r"(\d{1,2}[.．、]|[(（][一二三四五六七][)）]|[一二三四]、)\s*\D*")
_ARTICLE = re.compile(r"第[二2][十0]?[十0]?条第?\D*")
_NUMBER_ALONE = re.compile(r"[-+]?[\d,.]+\s*[元万亿件项条]*")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: its number, its cells, and whether it only rules a table (`---`) and holds none."""

    number: int
    cells: tuple[str, ...]
    rules: bool = False

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell)

    @property
    def tabular(self) -> bool:
        """Leading tabs alone only indent a line; several cells, or empty ones after it, make it a row."""
        return self.rules or self.filled > 1 or (len(self.cells) > 2 and not self.cells[-1])


def read(source: str, sha256: str, text: str) -> Document:
    """The text with its lines and, under the reader `text`, its tables in order."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _lines(text)
    printed = [text[line.start : line.end] for line in lines]
    found = [_grid(table) for table in _tables(_rows(printed))]
    found += text_words.tables(printed, found)
    grids = tuple(sorted(found, key=lambda grid: grid.cells[0].top))
    return Document(source, sha256, text.count("\f") + 1, text, lines, {READER: grids})


def _comma_separated(printed: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The cells of lines that are comma-separated values, by line: neighbours with as many commas each."""
    found: dict[int, tuple[str, ...]] = {}
    lines = {
        n: line for n, line in enumerate(printed) if line.count(",") >= _COMMAS and len(line) < _LONGEST_ROW
    }
    cells = {n: next(csv.reader([line])) for n, line in lines.items()}
    # figures with thousands separators, apart by spaces, have as many commas
    cells = {n: row for n, row in cells.items() if not any(_SPACED.search(cell) for cell in row)}
    order = {n: place for place, n in enumerate(cells)}
    for _, run in groupby(cells, key=lambda n: (len(cells[n]), n - order[n])):
        numbers = list(run)
        if len(numbers) >= _FEWEST_SEPARATED:
            found |= {n: tuple(cell.strip(_BLANK) for cell in cells[n]) for n in numbers}
    return found


def split_row(line: str) -> tuple[str, ...]:
    """The cells of a line: at its tabs, else at its pipes, else the line as one cell.

    A pipe at either end bounds the row; `\\|` is a pipe inside a cell. Markdown's own signs (emphasis,
    escapes, `<br>`, entities) are read as what they print.
    """
    if "\t" in line:
        return tuple(cell.strip(_BLANK) for cell in line.split("\t"))
    barred = line.strip()
    if not _BAR.search(barred):
        return (barred.strip(_BLANK),)
    cells = [_printed(cell) for cell in _BAR.split(barred)]
    first = 1 if not cells[0] else 0
    last = -1 if len(cells) > 1 and not cells[-1] and _BAR.match(barred[-1]) else len(cells)
    return tuple(cells[first:last])


def _printed(cell: str) -> str:
    text = (
        html.unescape(_BREAK.sub("\n", _ESCAPED.sub(r"\1", cell))).replace("\u00a0", " ").strip(_BLANK + "\n")
    )
    match = _EMPHASIS.match(text)
    return match["inside"].strip(_BLANK) if match else text


def _lines(text: str) -> tuple[Line, ...]:
    lines, start = [], 0
    for number, match in enumerate(_LINE_END.finditer(text)):
        lines.append(line_at(number, start, match.start()))
        start = match.end()
    return (*lines, line_at(len(lines), start, len(text)))


def _rows(printed: Sequence[str]) -> list[_Row | None]:
    """Each line as a row of a table, or None where it cannot be one; blank lines are left out."""
    rows: list[_Row | None] = []
    separated = _comma_separated(printed)
    for number, line in enumerate(printed):
        if not line.strip(_BLANK):
            continue
        if number in separated:
            rows.append(_Row(number, separated[number]))
            continue
        if len(line) > _LONGEST_ROW:
            rows.append(None)
            continue
        if _DRAWN_RULE.fullmatch(line.strip()):
            rows.append(_Row(number, (), rules=True))
            continue
        cells = split_row(line)
        above = rows[-1] if rows else None
        second = above is not None and above.number == number - 1 and len(above.cells) == len(cells) > 1
        rule = _SECOND_ROW_RULE_CELL if second and _BAR.search(line) else _RULE_CELL
        if len(cells) > 1 and all(rule.fullmatch(cell) for cell in cells):
            rows.append(_Row(number, (), rules=True))
        elif len(cells) > 1:
            rows.append(None if _is_prose(cells) else _Row(number, cells))
        else:
            rows.append(_Row(number, cells) if _is_lone_cell(cells[0]) else None)
    return rows


def _is_prose(cells: tuple[str, ...]) -> bool:
    """Whether one cell is a paragraph, or a sentence that a single stray tab or pipe cuts in two."""
    if len(cells) == 2 and any(cell.endswith(("。", "；")) for cell in cells):
        return True
    return any(len(cell) > (_LONGEST_SENTENCE if "。" in cell else _LONGEST_CELL) for cell in cells)


def _is_lone_cell(text: str) -> bool:
    """Whether a line without a tab may be a row whose empty cells were stripped: it has no sentence."""
    if len(text) > _LONGEST_CELL // 2 or re.search("[。；;]", text) or _SECTION.match(text):
        return False
    return bool(
        not re.search(r"\d", text)
        or _ENUMERATED.fullmatch(text)
        or _NUMBER_ALONE.fullmatch(text)
        or _ARTICLE.fullmatch(text)
    )


def _tables(rows: Sequence[_Row | None]) -> list[list[_Row]]:
    """The tables among the rows: runs without a blank line, and rows that each stand alone."""
    tables: list[list[_Row]] = []
    joinable = False
    for run in _runs(rows):
        if not run:
            joinable = False
        elif joinable and len(run) == 1 and _joins(tables[-1], run[0]):
            tables[-1].extend(run)
        else:
            tables.append(run)
            joinable = True
    return [rows for table in tables if _is_table(rows := _trimmed(table))]


def _runs(rows: Sequence[_Row | None]) -> list[list[_Row]]:
    """Rows on neighbouring lines, in order; an empty run stands for a line that is no row."""
    runs: list[list[_Row]] = []
    for row in rows:
        if row is None:
            runs.append([])
        elif runs and runs[-1] and runs[-1][-1].number == row.number - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _joins(table: list[_Row], row: _Row) -> bool:
    """Whether a row between blank lines continues the table above; without tabs only in one spaced alike."""
    spaced = len(table) == 1 or table[-1].number > table[-2].number + 1
    return row.tabular or (spaced and len(row.cells) == 1)


def _trimmed(table: list[_Row]) -> list[_Row]:
    """The table without the lines above and below that have no tab and do not read as one of its rows."""
    first, last = 0, len(table)
    while first < last and len(table[first].cells) == 1 and not _ARTICLE.fullmatch(table[first].cells[0]):
        first += 1
    while last > first and len(table[last - 1].cells) == 1 and not _ends_a_table(table[last - 1].cells[0]):
        last -= 1
    return table[first:last]


def _ends_a_table(text: str) -> bool:
    return bool(_ENUMERATED.fullmatch(text) or _NUMBER_ALONE.fullmatch(text))


def _is_table(table: list[_Row]) -> bool:
    """Whether there are columns: not a single stray tab, not lines that tabs only indent."""
    wide = any(row.tabular and len(row.cells) > 2 for row in table)
    pairs = sum(1 for row in table if row.filled > 1)
    return wide or pairs > 1 or (pairs == 1 and any(row.rules for row in table))


def _grid(table: list[_Row]) -> Grid:
    rows = [(row.number, row.cells) for row in table if row.cells]
    width = max(len(cells) for _, cells in rows)
    # A label that nothing follows has lost its empty cells to an editor that strips ends of lines.
    rows = [(n, (*c, *[""] * (width - len(c))) if _only_labels(c) else c) for n, c in rows]
    if is_spread(rows):
        return Grid(merged(rows), None)
    cells = (
        Cell(
            text,
            float(index),
            float(number),
            float(index + 1),
            float(number + 1),
            f"line {number + 1} column {index + 1}",
        )
        for number, row in rows
        for index, text in enumerate(row)
    )
    return Grid(tuple(cells), None, ragged=True)


def _only_labels(cells: tuple[str, ...]) -> bool:
    return bool(cells[-1]) and all(_CHINESE.search(cell) for cell in cells if cell)
