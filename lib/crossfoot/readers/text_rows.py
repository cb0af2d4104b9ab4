"""Lines of text as rows of a table, and which rows make up one.

A row is set apart by tabs, pipes or commas, drawn as a rule, or one cell alone. A table is neighbours with
columns, and rows that each stand alone.
"""

import csv
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..labels import unexplained
from ..numerals import read_cell
from .running_text import begins_with_figure

_BLANK = " 　\u00a0\u200b\ufeff\v"
_BAR = re.compile(r"(?<!\\)[|｜│┃║]")
_DRAWN_RULE = re.compile(  # of one stroke alone is a dash in a cell
    r"(?=.*(?:--|==|──|━━|══))[+├└┏┣┗╔╠╚┌│┃║|][+|:┬┼┴┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝├\s]*[-=─━═][-=+|:┬┼┴─━═┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝├\s]*"
)
_RULE_CELL = re.compile(r":?-{3,}:?")
_SECOND_ROW_RULE_CELL = re.compile(r":?-+:?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"^(\*{1,3}|_{1,3}|`)(?P<inside>.+)\1$", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SET_OFF = re.compile(r"(?P<before>\S\s*)<(?P<tag>su[pb])\b[^<>]*>(?P<mark>[^<>]*)</(?P=tag)>", re.IGNORECASE)
_COMMAS = 3
_SPACED = re.compile(r"(?:^|\D)\d{3}\s+[-+]?\d{1,3}$")
_FEWEST_SEPARATED = 3  # lines
_LONGEST_CELL = 120  # the longest label of the forms has about 50 characters; a paragraph has more
_LONGEST_ROW = 24_000
_LONGEST_SENTENCE = 40
_SECTION = re.compile(r"#|[一二三四五六七八]、.*(情况|问题|措施|事项)")
_NUMBER = r"(?:\d{1,2}[.．、]|[(（][一二三四五六七][)）]|[一二三四]、)"
_ENUMERATED = re.compile(rf"{_NUMBER}\s*\D*(?:\d{{1,2}}[.．、]\D*)?")  # also with its group's number in front
_ARTICLE = re.compile(r"第[二2][十0]?[十0]?条第?\D*")
_NUMBER_ALONE = re.compile(r"[-+]?[\d,.]+\s*[元万亿件项条]*")


@dataclass(frozen=True, slots=True)
class TextRow:
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


def text_rows(printed: Sequence[str]) -> list[TextRow | None]:
    """Each line as a row of a table, or None where it cannot be one; blank lines are left out."""
    rows: list[TextRow | None] = []
    separated = _comma_separated(printed)
    for number, line in enumerate(printed):
        if not line.strip(_BLANK):
            continue
        if number in separated:
            rows.append(TextRow(number, separated[number]))
            continue
        if len(line) > _LONGEST_ROW:
            rows.append(None)
            continue
        if _DRAWN_RULE.fullmatch(line.strip()):
            rows.append(TextRow(number, (), rules=True))
            continue
        cells = _split(line)
        if cells in ((), ("",)):  # a bar alone parts nothing
            continue
        above = rows[-1] if rows else None
        second = above is not None and above.number == number - 1 and len(above.cells) == len(cells) > 1
        if second and len(rows) > 1 and (before := rows[-2]) is not None:
            second = before.number != number - 2  # only the second line of a table is a rule
        rule = _SECOND_ROW_RULE_CELL if second and _BAR.search(line) else _RULE_CELL
        if len(cells) > 1 and all(rule.fullmatch(cell) for cell in cells):
            rows.append(TextRow(number, (), rules=True))
        elif len(cells) > 1:
            rows.append(None if _is_prose(cells) else TextRow(number, cells))
        else:
            rows.append(TextRow(number, cells) if _is_lone_cell(cells[0]) else None)
    return _counted(rows, printed)


def _counted(rows: list[TextRow | None], printed: Sequence[str]) -> list[TextRow | None]:
    """The rows; where a rule without bars at its ends counts the columns, so with the cells that it counts.

    There a bar at the end of a row parts an empty cell from the next one, and bounds nothing.
    """
    found = list(rows)
    for index, rule in enumerate(rows):
        line = printed[rule.number].strip() if rule is not None and rule.rules else ""
        if not _BAR.search(line) or _BAR.match(line[0]) or _BAR.match(line[-1]):
            continue
        count = len(_split(line))
        for step in (-1, 1):
            at, last = index + step, index
            while 0 <= at < len(rows) and (row := rows[at]) is not None:
                above = rows[last]
                if above is None or row.rules or not all(map(_BAR.search, _between(printed, row, above))):
                    break
                cells = tuple(_printed(cell) for cell in _BAR.split(printed[row.number]))
                if len(row.cells) < count == len(cells):
                    found[at] = replace(row, cells=cells)
                at, last = at + step, at
    return found


def _between(printed: Sequence[str], one: TextRow, other: TextRow) -> Sequence[str]:
    first, last = sorted((one.number, other.number))
    return printed[first + 1 : last]


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


def _split(line: str) -> tuple[str, ...]:
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
    return tuple(cells[first:last]) or ("",)  # a pipe alone bounds nothing


def _printed(cell: str) -> str:
    text = _SET_OFF.sub(r"\g<before>[\g<mark>]", _ESCAPED.sub(r"\1", cell))
    text = html.unescape(_BREAK.sub("\n", text)).replace("\u00a0", " ").strip(_BLANK + "\n")
    match = _EMPHASIS.match(text)
    return match["inside"].strip(_BLANK) if match else text


def _is_prose(cells: tuple[str, ...]) -> bool:
    """Whether one cell is a paragraph, or a sentence that a single stray tab or pipe cuts in two.

    What a label or a figure explains in brackets may be long.
    """
    if len(cells) == 2 and any(cell.endswith(("。", "；")) for cell in cells):
        return True
    if 2 * sum(read_cell(cell).status in ("number", "blank", "dash") for cell in cells) >= len(cells) > 2:
        return False  # a label with a long explanation beside its figures
    return any(
        len(unexplained(cell)) > (_LONGEST_SENTENCE if "。" in cell else _LONGEST_CELL)
        and not begins_with_figure(cell)
        for cell in cells
    )


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


def text_tables(rows: Sequence[TextRow | None]) -> list[list[TextRow]]:
    """The tables among the rows: runs without a blank line, and rows that each stand alone."""
    tables: list[list[TextRow]] = []
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


def _runs(rows: Sequence[TextRow | None]) -> list[list[TextRow]]:
    """Rows on neighbouring lines, in order; an empty run stands for a line that is not a row."""
    runs: list[list[TextRow]] = []
    for row in rows:
        if row is None:
            runs.append([])
        elif runs and runs[-1] and runs[-1][-1].number == row.number - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _joins(table: list[TextRow], row: TextRow) -> bool:
    """Whether a row between blank lines continues the table above; without tabs only in one spaced alike."""
    spaced = len(table) == 1 or table[-1].number > table[-2].number + 1
    return row.tabular or (spaced and len(row.cells) == 1)


def _trimmed(table: list[TextRow]) -> list[TextRow]:
    """The table without the lines above and below that have no tab and do not read as one of its rows."""
    first, last = 0, len(table)
    while first < last and len(table[first].cells) == 1 and not _ARTICLE.fullmatch(table[first].cells[0]):
        first += 1
    while last > first and len(table[last - 1].cells) == 1 and not _ends_a_table(table[last - 1].cells[0]):
        last -= 1
    return table[first:last]


def _ends_a_table(text: str) -> bool:
    return bool(_ENUMERATED.fullmatch(text) or _NUMBER_ALONE.fullmatch(text))


def _is_table(table: list[TextRow]) -> bool:
    """Whether there are columns: not a single stray tab, not lines that tabs only indent."""
    wide = any(row.tabular and len(row.cells) > 2 for row in table)
    pairs = sum(1 for row in table if row.filled > 1)
    return wide or pairs > 1 or (pairs == 1 and any(row.rules for row in table))
