"""Conservation of numbers: every number printed inside a statutory table ends in one fact, or is named.

The numbers are read from the document's lines, apart from any cell. Each stands at a place, and the place,
not its digits, says which cell it belongs to: a figure that a reader drops, copies, moves or misreads leaves
a number without a fact, or a fact without a number.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

import pandas as pd

from .document import Cell, Document, Grid, Line
from .extraction_problems import Trouble
from .forms import cell_name
from .labels import key, numbers_columns, numbers_rows
from .numerals import number_tokens, plain
from .tables import Placement, Reading
from .texts import joined, one_line, words

CONSERVATION_COLUMNS = ["table", "printed", "in_facts", "left_over", "lost"]
ROLES = ("fact", "label", "remark", "repeat", "mark", "left_over")
_LETTERS = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"\[([^\]]*)\]")
_FIGURE = re.compile(r"[-+—–/]|[-+]?\d[\d,.]*")
_COUNTED = re.compile("(?<=[0-9０-９])(?:万元|亿元|[件项条个份元])$")
_SENTENCE = re.compile("[。；]")
_ENUMERATOR = re.compile(r"[(（]?\d{1,2}[)）.．、]+")
Box = tuple[float, float, float, float]
_Strips = dict[tuple[int | None, int | None], list[tuple[str, Box]]]
_STRIP = 8.0  # points or lines: the height of the strips by which the cells around a place are found
_TALLEST = 1000  # strips: a taller cell is looked at from everywhere on its page


@dataclass(frozen=True, slots=True)
class Token:
    """A number printed inside a statutory table, and what it is.

    `start` is its offset in the document's text; `where` is (x0, top, x1, bottom) in the units of the cells,
    with x0 missing (NaN) in running text; `word` is what it is printed in without a gap. `role` is one of
    ROLES, `cell` the statutory cell that it stands in, "" where it stands in none; `named` says that a
    reader left over what stands there.
    """

    table: str
    raw: str
    start: int
    page: int | None
    where: Box
    word: str
    role: str = ""
    cell: str = ""
    named: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its area."""
        return (self.where[0] + self.where[2]) / 2, (self.where[1] + self.where[3]) / 2

    @property
    def is_running(self) -> bool:
        """Whether it stands in running text, which says how far down it stands and not how far right."""
        return math.isnan(self.where[0])


def divide(
    document: Document, placements: Mapping[str, Placement]
) -> tuple[dict[str, list[Line]], list[Line]]:
    """The document's lines that stand in each statutory table, by its code, and those of the prose."""
    areas = []
    for placement in placements.values():
        for table, grid in placement.areas:
            tops, bottoms = [c.top for c in grid.cells], [c.bottom for c in grid.cells]
            shared = {code for code, other in placement.areas if other is grid and code != table}
            top, bottom = _own(table, shared, placement) if shared else (min(tops), max(bottoms))
            areas.append((table, grid.page, top, bottom))
    inside: dict[str, list[Line]] = {}
    prose: list[Line] = []
    for line in document.lines:
        middle = None if line.box is None else (line.box[1] + line.box[3]) / 2
        place = next(
            (
                code
                for code, page, top, bottom in areas
                if middle is not None and page == line.page and top < middle < bottom
            ),
            None,
        )
        if place is None:
            prose.append(line)
        else:
            inside.setdefault(place, []).append(line)
    return inside, prose


def _own(table: str, others: Iterable[str], placement: Placement) -> tuple[float, float]:
    """From where to where a table reaches in a grid that holds others too: halfway to their readings."""
    read: dict[str, list[tuple[float, float]]] = {}
    for name, reading in placement.readings.items():
        read.setdefault(name.partition(":")[0], []).append((reading.box[1], reading.box[3]))
    mine = read.get(table, [])
    if not mine:
        return float("inf"), float("-inf")
    top, bottom = min(a for a, _ in mine), max(b for _, b in mine)
    above = [b for other in others for a, b in read.get(other, ()) if b <= top]
    below = [a for other in others for a, b in read.get(other, ()) if a >= bottom]
    return max(above, default=float("-inf")), min(below, default=float("inf"))


def account(
    document: Document,
    inside: Mapping[str, Sequence[Line]],
    facts: pd.DataFrame,
    placements: Mapping[str, Placement],
) -> tuple[list[Token], dict[str, Trouble]]:
    """Every number printed in a table's area with its one role, and the cells whose figure is not proven.

    `inside` are each table's lines (divide). A fact's figure is proven where just the numbers that its cell
    gives stand in its place, in that order; a cell for which that is not so is given with a trouble that
    quotes both, and its numbers are `left_over`.
    """
    tokens: list[Token] = []
    problems: dict[str, Trouble] = {}
    cells = _Cells(facts, placements)
    for table in dict.fromkeys(facts["table"]):
        lines = [*inside.get(table, ()), *_between(table, document, inside)]
        held: dict[str, list[Token]] = {}
        apart: list[Token] = []
        running: list[Token] = []
        for token in (token for line in lines for token in _tokens(document, line, table)):
            name = cells.at(token)
            if name is not None:
                held.setdefault(name, []).append(token)
            else:
                (running if token.is_running else apart).append(token)
        for name, token in _in_order(running, cells.of(table)):
            if name:
                held.setdefault(name, []).append(token)
            else:
                apart.append(token)
        for name, fact in cells.of(table).items():
            here = held.get(name, [])
            roles = _roles(here, fact)
            if roles is None:
                problems[name] = _unproven(name, fact.raw, here)
            if roles is None or fact.status != "number":
                roles = ["left_over"] * len(here)
            tokens += [replace(token, role=role, cell=name) for token, role in zip(here, roles, strict=True)]
        tokens += [_apart(token, cells) for token in apart]
    return sorted(tokens, key=lambda token: token.start), problems


def unsure(
    tokens: Iterable[Token], placements: Mapping[str, Placement], document: Document
) -> dict[str, str]:
    """The cells whose figure a number that belongs to no cell puts in doubt, each with the key of the reason.

    A cell of the figure's row that no reader saw may be the one that it belongs to. In text that does not
    keep its columns the others of the row may stand one column off. On a line of figures alone it may be the
    rest of a figure above it that a line's end cut.
    """
    loose = [token for token in tokens if token.role == "left_over" and not token.cell]
    found: dict[str, str] = {}
    for placement in placements.values():
        ragged = {table for table, grid in placement.areas if grid.ragged}
        near = _rows_by_strip(placement) if loose else {}
        for token in loose:
            line, offset = _line_of(document, token)
            bare = token.is_running and not token.named and not _LETTERS.search(line)
            for name in near.get((token.table, token.page, int(token.middle[1] // _STRIP)), ()):
                reading = placement.readings[name]
                _, top, _, bottom = reading.box
                if top <= token.middle[1] <= bottom:
                    row = name.rpartition("/")[0]
                    found |= {n: "read.may_be_this" for n in placement.lacking if n.rpartition("/")[0] == row}
                    if token.table in ragged:
                        found[name] = "read.shifted"
                elif bare and reading.raw and _is_under(offset, token, reading.box):
                    found.setdefault(name, "read.cut")
    return found


def _rows_by_strip(placement: Placement) -> dict[tuple[str, int | None, int], list[str]]:
    """The cells by table, page and the strips that they and the line below them reach over."""
    near: dict[tuple[str, int | None, int], list[str]] = {}
    for name, reading in placement.readings.items():
        _, top, _, bottom = reading.box
        last = min(2 * bottom - top, top + _TALLEST * _STRIP)
        for strip in range(int(top // _STRIP), int(last // _STRIP) + 1):
            near.setdefault((name.partition(":")[0], reading.page, strip), []).append(name)
    return near


def _is_under(offset: int, token: Token, box: Box) -> bool:
    """Whether a number on a line of figures stands just below a cell that spaces keep in its column."""
    x0, top, x1, bottom = box
    return bottom <= token.middle[1] < 2 * bottom - top and x0 <= offset + len(token.raw) / 2 <= x1


def conserve(
    tokens: Iterable[Token], facts: pd.DataFrame, troubles: Iterable[Trouble], document: Document
) -> tuple[pd.DataFrame, list[Trouble]]:
    """How many numbers each table prints and where they ended, and a trouble for each that is lost.

    Columns CONSERVATION_COLUMNS, one row per table: `printed` counts the numbers that are neither part of a
    label nor a remark, `in_facts` those that are the figure of a fact that is read, `left_over` those that
    a trouble names or that stand in a cell that is not read, `lost` the others, which are named now.
    """
    names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
    placed = set(names[facts["readers"] != ""])
    told = (t.printed for t in troubles if t.problem != "leftover" and placed.isdisjoint(t.cells))
    named = Counter(number for printed in told for raw in printed for number in _numbers(raw))
    read = set(names[facts["status"] == "number"])
    every = list(tokens)
    rows: list[tuple] = []
    found: list[Trouble] = []
    for table in dict.fromkeys(facts["table"]):
        own = [token for token in every if token.table == table]
        in_facts = sum(token.role == "fact" and token.cell in read for token in own)
        left = [t for t in own if t.role == "left_over" or (t.role == "fact" and t.cell not in read)]
        lost: list[Token] = []
        for token in left:
            if token.cell or token.named:
                continue
            if named[_number(token.raw)]:
                named[_number(token.raw)] -= 1
            else:
                lost.append(token)
        rows.append((table, in_facts + len(left), in_facts, len(left) - len(lost), len(lost)))
        for token in lost:
            said = words("read.lost", token=token.raw, line=one_line(_line_of(document, token)[0]))
            found.append(Trouble("lost", (), said, (token.raw,), token.page, "", table))
    return pd.DataFrame(rows, columns=CONSERVATION_COLUMNS), found


def _line_of(document: Document, token: Token) -> tuple[str, int]:
    """The line that a token stands in, and the token's offset in it."""
    start = document.text.rfind("\n", 0, token.start) + 1
    end = document.text.find("\n", token.start)
    return document.text[start : end if end >= 0 else None], token.start - start


def _unproven(name: str, raw: str, here: Sequence[Token]) -> Trouble:
    """The trouble of a cell whose reading is not what stands in its place."""
    quoted = tuple(token.raw for token in here)
    printed = joined((words("read.quote", text=one) for one in quoted), words("list.and"))
    told = words(
        "read.unproven",
        read=words("read.quote", text=one_line(raw)) if raw else words("read.nothing"),
        printed=printed if quoted else words("read.nothing"),
    )
    return Trouble("unreadable", (name,), told, (raw, *quoted), here[0].page if here else None)


class _Fact(NamedTuple):
    """A statutory cell that some reader saw: what it prints and where each reader saw it."""

    raw: str
    status: str
    readings: list[Reading]

    @property
    def wide(self) -> int:
        """Over how many columns of a text it reaches: there a merged cell is written out in each."""
        reading = self.readings[0]
        return round(reading.box[2] - reading.box[0]) if reading.page is None else 1


class _Cells:
    """The statutory cells, and what else is printed in the cells of their tables, by their places."""

    def __init__(self, facts: pd.DataFrame, placements: Mapping[str, Placement]) -> None:
        readings: dict[str, list[Reading]] = {}
        self._strips: _Strips = {}
        self._leftovers: _Strips = {}
        self._others: _Strips = {}
        for placement in placements.values():
            for name, reading in placement.readings.items():
                readings.setdefault(name, []).append(reading)
                self._enter(self._strips, name, reading.page, reading.box)
            for leftover in placement.leftovers:
                self._enter(self._leftovers, leftover.text, leftover.page, leftover.box)
            numbered: dict[str, list[Cell]] = {}
            for table, grid in {id(grid): (table, grid) for table, grid in placement.areas}.values():
                for cell in grid.cells:
                    if _LETTERS.search(cell.text):
                        self._enter(self._others, cell.text, grid.page, _box(cell))
                heads = [c for c in grid.cells if numbers_rows(c.text)] or numbered.get(table, [])
                numbered[table] = heads
                for text, cell in _numbering(grid, heads):
                    self._enter(self._others, text, grid.page, _box(cell))
        columns = (facts[name].tolist() for name in ("table", "row", "column", "raw", "status"))
        self._facts: dict[str, dict[str, _Fact]] = {}
        for table, row, column, raw, status in zip(*columns, strict=True):
            name = cell_name(table, row, column)
            if name in readings:
                self._facts.setdefault(table, {})[name] = _Fact(raw, status, readings[name])

    @staticmethod
    def _enter(strips: _Strips, entry: str, page: int | None, box: Box) -> None:
        first, last = int(box[1] // _STRIP), int(box[3] // _STRIP)
        for strip in range(first, last + 1) if last - first < _TALLEST else (None,):
            strips.setdefault((page, strip), []).append((entry, box))

    @staticmethod
    def _around(strips: _Strips, token: Token) -> list[str]:
        """What stands at a number's place; of running text, at its height."""
        x, y = token.middle
        found = [*strips.get((token.page, int(y // _STRIP)), ()), *strips.get((token.page, None), ())]
        level = [(entry, box) for entry, box in found if box[1] <= y <= box[3]]
        return [entry for entry, box in level if token.is_running or box[0] <= x <= box[2]]

    def of(self, table: str) -> dict[str, _Fact]:
        """The cells of a table that some reader saw, by name."""
        return self._facts.get(table, {})

    def at(self, token: Token) -> str | None:
        """The cell that a number stands in; of several that readers place there, the one that prints it.

        None of running text, where a place says nothing of columns.
        """
        if token.is_running:
            return None
        own = self.of(token.table)
        found = [name for name in self._around(self._strips, token) if name in own]
        fitting = (name for name in found if _number(token.raw) in _numbers(own[name].raw))
        return next(fitting, found[0] if found else None)

    def is_left_over(self, token: Token) -> bool:
        """Whether a reader found no cell for what stands at a number's place."""
        return any(_number(token.raw) in _numbers(text) for text in self._around(self._leftovers, token))

    def labels(self, token: Token) -> list[str]:
        """What the cells with words at a number's place say."""
        return [] if token.is_running else self._around(self._others, token)


def _box(cell: Cell) -> Box:
    return cell.x0, cell.top, cell.x1, cell.bottom


def _numbering(grid: Grid, heads: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    """The cells that number rows or columns, each with the heading that says so and what it prints.

    `heads` number the rows: the grid's own, or those of the page before.
    """
    slack = grid.tolerance + 0.01
    beside = [cell for cell in grid.cells if numbers_columns(cell.text)]
    for cell in grid.cells:
        if not cell.text.strip().isdigit():
            continue
        x, y = (cell.x0 + cell.x1) / 2, (cell.top + cell.bottom) / 2
        for head in heads:
            if head.x0 <= x <= head.x1 and (head not in grid.cells or cell.top >= head.bottom - slack):
                yield f"{key(head.text)}{cell.text.strip()}", cell
        for label in beside:
            if cell.x0 >= label.x1 - slack and label.top <= y <= label.bottom:
                yield f"{key(label.text)}{cell.text.strip()}", cell


def _between(table: str, document: Document, inside: Mapping[str, Sequence[Line]]) -> Iterator[Line]:
    """The lines that stand in no table and yet may be rows of this one, which all readers lost.

    On a page, those between its first and last that are no sentence, and those just above and below it that
    print nothing but a label and figures.
    """
    taken = {line.start for lines in inside.values() for line in lines}
    pages: dict[int | None, list[Line]] = {}
    for line in document.lines:
        pages.setdefault(line.page, []).append(line)
    starts = {line.start for line in inside.get(table, ())}
    for page in dict.fromkeys(line.page for line in inside.get(table, ())):
        lines = pages[page]
        own = [n for n, line in enumerate(lines) if line.start in starts]
        yield from (
            line
            for line in lines[own[0] : own[-1]]
            if line.start not in taken and not _SENTENCE.search(document.text, line.start, line.end)
        )
        for beyond in (lines[own[-1] + 1 :], reversed(lines[: own[0]])):
            rows = takewhile(lambda line: line.start not in taken, beyond)
            yield from takewhile(lambda line: _is_row(document.text[line.start : line.end], line), rows)


def _is_row(text: str, line: Line) -> bool:
    """Whether a line prints a label and figures and nothing else; a text says itself what is a row."""
    if line.page is None:
        return bool(line.pieces)
    figures = list(takewhile(_FIGURE.fullmatch, reversed(text.split())))
    printed = sum(any(char.isdigit() for char in word) for word in figures)
    return printed > 1 and len(text.split()) > len(figures) and not _SENTENCE.search(text)


def _tokens(document: Document, line: Line, table: str) -> Iterator[Token]:
    """The numbers that a line of a table prints, each at its place.

    Figures of two cells may stand so close that they read as one word: places part them. In running text
    how far down a number stands counts the words before it.
    """
    text = document.text[line.start : line.end]
    printed = list(re.finditer(r"\S+", text))
    for index, part in enumerate(printed):
        for first, last in () if _ENUMERATOR.fullmatch(part[0]) else number_tokens(part[0]):
            start, end = (line.start + part.start() + at for at in (first, last))
            for piece in line.pieces:
                if piece.start < end and start < piece.end:
                    a, b = max(start, piece.start), min(end, piece.end)
                    word = part[0] if line.page is not None else document.text[piece.start : piece.end]
                    yield Token(table, document.text[a:b], a, line.page, piece[2:], word)
            if not line.pieces and line.box is not None:
                tall = (line.box[3] - line.box[1]) / len(printed)
                top = line.box[1] + index * tall
                where = (math.nan, top, math.nan, top + tall)
                yield Token(table, document.text[start:end], start, line.page, where, part[0])


def _in_order(tokens: Sequence[Token], cells: Mapping[str, _Fact]) -> Iterator[tuple[str, Token]]:
    """For each number of running text the cell that it stands in, "" for none.

    Within the height of a row the numbers follow each other as the cells do.
    """
    bands: dict[tuple[float, float], list[tuple[float, str]]] = {}
    for name, fact in cells.items():
        box = fact.readings[0].box
        bands.setdefault((box[1], box[3]), []).append((box[0], name))
    left = list(tokens)
    for (top, bottom), row in sorted(bands.items()):
        here = [token for token in left if top <= token.middle[1] < bottom]
        left = [token for token in left if token not in here]
        wanted = [(name, number) for _, name in sorted(row) for number in _numbers(cells[name].raw)]
        printed = [_number(token.raw) for token in here]
        alike = SequenceMatcher(None, [number for _, number in wanted], printed, autojunk=False)
        matched = {b + n: wanted[a + n][0] for a, b, size in alike.get_matching_blocks() for n in range(size)}
        yield from ((matched.get(index, ""), token) for index, token in enumerate(here))
    yield from (("", token) for token in left)


def _roles(here: Sequence[Token], fact: _Fact) -> list[str] | None:
    """The role of each number that stands in a cell; None where they are not those that the cell gives.

    The first is the figure, the others are remarks or marks of a note. Where a line's end cuts the figure
    in two and its reader proved it one, or a text writes it out in each column of a merged cell, what
    follows its first part is a `repeat`.
    """
    wanted = _numbers(fact.raw)
    printed = tuple(_number(token.raw) for token in here)
    if not printed and not wanted:
        return []
    marks = {number for note in _NOTE.findall(fact.raw) for number in _numbers(note)}
    rest = ["mark" if number in marks else "remark" for number in wanted[1:]]
    if printed == wanted:
        return ["fact", *rest]
    if printed == wanted * fact.wide:
        return ["fact", *["repeat"] * (len(printed) - 1)]
    parts = len(printed) - len(rest)
    if wanted and parts > 1 and ("".join(printed[:parts]), *printed[parts:]) == wanted:
        return ["fact", *["repeat"] * (parts - 1), *rest]
    return None


def _apart(token: Token, cells: _Cells) -> Token:
    """A number in no statutory cell with its role: `label` where it goes with letters, else `left_over`."""
    if cells.is_left_over(token):
        return replace(token, role="left_over", named=True)
    word = _COUNTED.sub("", token.word)
    goes_with = _LETTERS.search(word) or any(_in_words(token.raw, text) for text in cells.labels(token))
    return replace(token, role="label" if goes_with else "left_over")


def _in_words(number: str, text: str) -> bool:
    """Whether a number is part of what a cell says, and not a figure that stands behind it alone."""
    holding = [word for word in text.split() if number in word]
    return bool(holding) and any(_LETTERS.search(word) for word in (*holding, text.split()[-1]))


@lru_cache(maxsize=65536)
def _numbers(text: str) -> tuple[str, ...]:
    """The numbers that a cell prints, alike however they are printed."""
    return tuple(_number(text[a:b]) for a, b in number_tokens(text))


@lru_cache(maxsize=65536)
def _number(token: str) -> str:
    return plain(token).replace(",", "").lstrip("+")
