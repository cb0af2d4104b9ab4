"""The HTML reader `tokens`: the page as a stream of tags and text, without a tree or a parser library.

The second witness to every table of a page. It shares with the first what markup.py says and no more.
"""

from dataclasses import dataclass, field
from itertools import chain

from ..document import Cell, Grid
from .flow import one_line, visible
from .html_tokenizer import Tag, tokens
from .markup import (
    BLOCKS,
    DEEPEST,
    LONGEST_CELL,
    MOST_COLUMNS,
    UNSEEN,
    VOID,
    TooDeep,
    is_hidden,
    is_struck,
    typed_text,
)

READER = "tokens"
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_CELLS = ("td", "th", "caption")
_DEEPEST_TABLE = 40


@dataclass(slots=True)
class _Slot:
    """One cell and what is in it: text, with line breaks where a block begins or ends, and tables."""

    colspan: int
    rowspan: int
    content: list["str | _Table"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(filter(None, visible(_flat(self.content)).split("\n")))


@dataclass(slots=True)
class _Table:
    """Row groups in order of appearance, each its kind and its rows; `loose` is text in no cell.

    `holds_data`: it, or a table inside it, has a row of several cells and more than one filled.
    """

    loose: list["str | _Table"] = field(default_factory=list)
    groups: list[tuple[str, list[list[_Slot]]]] = field(default_factory=list)
    is_data: bool = False
    holds_data: bool = False

    def slots(self) -> list[_Slot]:
        return [slot for _, rows in self.groups for row in rows for slot in row]

    def judge(self) -> None:
        """Settles whether this is a data table, once it and all inside it are complete."""
        inside = [item for slot in self.slots() for item in slot.content if isinstance(item, _Table)]
        inside += [item for item in self.loose if isinstance(item, _Table)]
        wide = any(len(row) > 1 for _, rows in self.groups for row in rows)
        self.holds_data = any(table.holds_data for table in inside)
        if not self.holds_data and wide:
            self.is_data = self.holds_data = sum(1 for slot in self.slots() if slot.text) > 1


def _flat(content: list[str | _Table]) -> str:
    parts: list[str] = []
    for item in content:
        if isinstance(item, str):
            parts.append(item)
        else:
            parts += ["\n", _flat(item.loose)]
            parts += ["\n" + _flat(slot.content) for slot in item.slots()]
            parts.append("\n")
    return "".join(parts)


def read(content: str) -> tuple[list[str], tuple[Grid, ...]]:
    """The visible lines of the page, and its tables with vertical places counted in those lines.

    Raises TooDeep. Nothing is fetched and nothing is run.
    """
    lines: list[str] = []
    grids: list[Grid] = []
    _print(_Builder().build(content), lines, grids)
    return lines, tuple(grids)


@dataclass(slots=True)
class _Open:
    """An element that has begun: its name, whether it and so all in it is unseen, and what its end says."""

    name: str
    hidden: bool
    ending: str = ""


@dataclass(slots=True)
class _Frame:
    """A table that has begun, with what of it is open."""

    table: _Table
    in_group: bool = False
    in_row: bool = False
    slot: _Slot | None = None


class _Builder:
    """The page's text and tables, put together tag by tag."""

    def __init__(self) -> None:
        self._content: list[str | _Table] = []
        self._open: list[_Open] = []
        self._frames: list[_Frame] = []
        self._preformatted = 0

    def build(self, content: str) -> list[str | _Table]:
        """The text of the page and its tables, in order. Raises TooDeep."""
        for token in tokens(content):
            if isinstance(token, str):
                self._say(token if self._preformatted else token.replace("\r", " ").replace("\n", " "))
            elif token.closes:
                self._end(token.name)
            else:
                self._start(token)
        self._pop_down_to(0)
        return self._content

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1].hidden

    def _say(self, text: str) -> None:
        if not self._hidden:
            self._target().append(text)

    def _target(self) -> list[str | _Table]:
        """Where text goes: into the open cell, else, where a table is open, to what stands before it."""
        if not self._frames:
            return self._content
        frame = self._frames[-1]
        return frame.slot.content if frame.slot else frame.table.loose

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if name in ("html", "head", "body"):
            self._say("\n")
        elif name in VOID:
            self._start_void(tag)
        else:
            self._end_what_is_implied(name)
            if name in (*_CELLS, "tr", *_ROW_GROUPS) and not self._frames and not self._hidden:
                return  # a part of a table without a table
            if len(self._open) >= DEEPEST or len(self._frames) > _DEEPEST_TABLE:
                raise TooDeep
            style, attribute = tag.attributes.get("style"), tag.attributes.get("hidden")
            hidden = self._hidden or name in UNSEEN or is_hidden(style, attribute)
            self._open.append(_Open(name, hidden))
            if not hidden:
                self._start_seen(tag)
                self._mark_figure(name, style)

    def _start_void(self, tag: Tag) -> None:
        if tag.name in ("br", "hr"):
            self._say("\n")
        elif tag.name == "input" and not is_hidden(tag.attributes.get("style"), tag.attributes.get("hidden")):
            self._say(typed_text(tag.attributes.get("type"), tag.attributes.get("value")))

    def _start_seen(self, tag: Tag) -> None:
        name = tag.name
        if name in BLOCKS:
            self._say("\n")
        self._preformatted += name == "pre"
        if name == "table":
            table = _Table()
            self._target().append(table)
            self._frames.append(_Frame(table))
        elif name in _ROW_GROUPS:
            self._frames[-1].table.groups.append((name, []))
            self._frames[-1].in_group = True
        elif name == "tr":
            self._start_row()
        elif name in ("td", "th"):
            self._start_slot(tag)

    def _mark_figure(self, name: str, style: str | None) -> None:
        """Keeps apart from a figure what is no digit of it: `[1]` is a note's mark, `~~7~~` struck out."""
        slot = self._frames[-1].slot if self._frames else None
        if slot is None or name in _CELLS:
            return
        if name == "sup" and _flat(slot.content).strip()[-1:].isdigit():
            self._say("[")
            self._open[-1].ending = "]"
        elif is_struck(name, style):
            self._say("~~")
            self._open[-1].ending = "~~"

    def _start_row(self) -> None:
        frame = self._frames[-1]
        groups = frame.table.groups
        if not frame.in_group and not (groups and groups[-1][0] == ""):
            groups.append(("", []))
        groups[-1][1].append([])
        frame.in_row = True

    def _start_slot(self, tag: Tag) -> None:
        if not self._frames[-1].in_row:
            self._start_row()
        frame = self._frames[-1]
        colspan = _whole(tag.attributes.get("colspan"))
        frame.slot = _Slot(1 if colspan in (None, 0) else colspan or 1, 0, [])
        rowspan = _whole(tag.attributes.get("rowspan"))
        frame.slot.rowspan = 1 if rowspan is None else rowspan
        frame.table.groups[-1][1][-1].append(frame.slot)

    def _end_what_is_implied(self, name: str) -> None:
        """Ends what HTML lets an author leave open: the cell before a cell, the row before a row."""
        if name in ("td", "th"):
            self._end_above("tr", *_ROW_GROUPS, "table")
        elif name == "tr":
            self._end_above(*_ROW_GROUPS, "table")
        elif name in _ROW_GROUPS or name == "caption":
            self._end_above("table")
        elif name == "table" and self._open and self._open[-1].name in ("table", "tr", *_ROW_GROUPS):
            self._end("table")
        elif name in BLOCKS and (place := self._find("p", (*_CELLS, "table"))) is not None:
            self._pop_down_to(place)

    def _end_above(self, *names: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].name in names:
                return self._pop_down_to(place + 1)

    def _end(self, name: str) -> None:
        if name in ("td", "th", "tr", "caption", *_ROW_GROUPS):
            place = self._find(name, ("table",))
        elif name == "table":
            place = self._find(name, ())
        else:
            place = self._find(name, (*_CELLS, "table"))
            if place is None and name in ("br", "p"):
                self._say("\n")
        if place is not None:
            self._pop_down_to(place)

    def _find(self, name: str, bounds: tuple[str, ...]) -> int | None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].name == name:
                return place
            if self._open[place].name in bounds:
                return None
        return None

    def _pop_down_to(self, place: int) -> None:
        while len(self._open) > place:
            element = self._open[-1]
            if not element.hidden:
                if element.ending:
                    self._say(element.ending)
                self._end_seen(element.name)
            self._open.pop()

    def _end_seen(self, name: str) -> None:
        if name in BLOCKS:
            self._say("\n")
        self._preformatted -= name == "pre"
        if name == "table":
            self._frames.pop().table.judge()
        elif name in ("td", "th"):
            self._frames[-1].slot = None
        elif name == "tr":
            self._frames[-1].in_row = False
        elif name in _ROW_GROUPS:
            self._frames[-1].in_group = self._frames[-1].in_row = False


def _whole(value: str | None) -> int | None:
    digits = (value or "").strip().lstrip("+")
    length = next((i for i, sign in enumerate(digits) if not ("0" <= sign <= "9")), len(digits))
    return min(int(digits[: min(length, 6)]), 65534) if length else None


def _print(content: list[str | _Table], lines: list[str], grids: list[Grid]) -> None:
    """Adds what is in `content` to the lines, and its data tables to the grids."""
    words: list[str] = []
    for item in [*content, "\n"]:
        if isinstance(item, str):
            words.append(item)
            if "\n" not in item:
                continue
        printed = map(one_line, "".join(words).split("\n"))
        lines.extend(filter(None, printed))
        words.clear()
        if not isinstance(item, str):
            _print(item.loose, lines, grids)
            if not (item.is_data and _print_table(item, lines, grids)):
                for slot in _in_order(item):
                    _print(slot.content, lines, grids)


def _in_order(table: _Table) -> list[_Slot]:
    return [slot for rows in _displayed(table) for row in rows for slot in row]


def _displayed(table: _Table) -> list[list[list[_Slot]]]:
    """The row groups as they appear: the first head at the top, the first foot at the bottom."""
    kinds = [kind for kind, _ in table.groups]
    head = [kinds.index("thead")] if "thead" in kinds else []
    foot = [kinds.index("tfoot")] if "tfoot" in kinds else []
    middle = [i for i in range(len(kinds)) if i not in head + foot]
    return [table.groups[i][1] for i in head + middle + foot]


def _print_table(table: _Table, lines: list[str], grids: list[Grid]) -> bool:
    """Adds a line for each row, and the grid; false, and nothing added, where it is too wide to be one."""
    squares = _squares(table)
    if squares is None:
        return False
    name = f"table {len(grids) + 1}"
    tops: list[int] = []
    for row in chain.from_iterable(_displayed(table)):
        tops.append(len(lines))
        lines.append("\t".join(one_line(slot.text) for slot in row if len(slot.text) <= LONGEST_CELL))
        for slot in row:
            if len(slot.text) > LONGEST_CELL:
                _print(slot.content, lines, grids)
    cells = (
        Cell(
            slot.text,
            float(left),
            float(tops[row]),
            float(left + slot.colspan),
            float(tops[last] + 1),
            f"{name} row {row + 1} column {left + 1}",
        )
        for slot, row, last, left in squares
        if len(slot.text) <= LONGEST_CELL
    )
    grids.append(Grid(tuple(cells), None))
    return True


def _squares(table: _Table) -> list[tuple[_Slot, int, int, int]] | None:
    """Each cell with its first row, last row and first column; None where the table is too wide."""
    squares = []
    number = 0
    for rows in _displayed(table):
        hanging: dict[int, int] = {}  # column → how many more rows of this group a cell above reaches into
        for index, row in enumerate(rows):
            taken = set(hanging)
            hanging = {column: left - 1 for column, left in hanging.items() if left > 1}
            column = 0
            for slot in row:
                while column in taken:
                    column += 1
                if column + slot.colspan > MOST_COLUMNS:
                    return None
                reach = min(slot.rowspan or len(rows), len(rows) - index)
                squares.append((slot, number, number + reach - 1, column))
                for spanned in range(column, column + slot.colspan) if reach > 1 else ():
                    hanging[spanned] = max(reach - 1, hanging.get(spanned, 0))
                column += slot.colspan
            number += 1
    return squares
