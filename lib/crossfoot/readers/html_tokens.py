"""The HTML reader `tokens`: the page as a stream of tags and text, without a tree or a parser library.

The second witness to every table of a page. It shares with the first what html_elements.py says and no more.
Tags are found in one pass: a page made to slow a parser down, with comments, quotes or tags that never end,
takes no longer than any.

Two libraries were tried in its place, by the same rules: selectolax 1.0.2 and html5lib 1.1. The 294 pages
of samples, tests and made-up reports gave the same cells. Of 500 pages with tags lost, added or cut off 27
differed, where both libraries keep to the HTML standard (a `</tbody>` too many, a tag cut off by the page's
end). A made-up report takes 9 ms here, 8 and 15 ms there. But they build the whole tree before its depth can
be refused: 18 kB of nested `<b>` took them 10 s and 0.7 GB, 26 s and 1.5 GB, and here 0.02 s and 0.1 MB. Of
445 lines about 80 would go and a walk of 20 come: what is seen, struck out or spanned is settled here anyway.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from ..document import Cell, Grid
from .html_elements import (
    DEEPEST,
    MOST_COLUMNS,
    UNSEEN,
    VOID,
    TooDeep,
    has_own_line,
    is_cell,
    is_hidden,
    is_picture,
    is_set_off,
    is_struck,
    is_symbols,
    typed_text,
)
from .running_text import OBJECT, in_words, nameless, one_line, visible

READER = "tokens"
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_CELLS = ("td", "th", "caption")
_DEEPEST_TABLE = 40
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript")
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag, its name and the names of its attributes in lower case."""

    name: str
    closes: bool
    attributes: Mapping[str, str]


@dataclass(slots=True)
class _HtmlCell:
    """One cell and what is in it: text, with line breaks where a block begins or ends, and tables."""

    colspan: int
    rowspan: int
    content: list["str | _HtmlTable"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its visible lines, those of tables inside it too."""
        return in_words("\n".join(filter(None, visible(_flat(self.content)).split("\n"))))


@dataclass(slots=True)
class _HtmlTable:
    """Row groups in order of appearance, each its kind and its rows; `loose` is text in no cell.

    `holds_data`: it, or a table inside it, has a row of several cells and more than one filled.
    """

    loose: list["str | _HtmlTable"] = field(default_factory=list)
    groups: list[tuple[str, list[list[_HtmlCell]]]] = field(default_factory=list)
    is_data: bool = False
    holds_data: bool = False

    def slots(self) -> list[_HtmlCell]:
        """Its own cells in the order of the file."""
        return [slot for _, rows in self.groups for row in rows for slot in row]

    def judge(self) -> None:
        """Settles whether this is a data table, once it and all inside it are complete."""
        inside = [item for slot in self.slots() for item in slot.content if isinstance(item, _HtmlTable)]
        inside += [item for item in self.loose if isinstance(item, _HtmlTable)]
        wide = any(len(row) > 1 for _, rows in self.groups for row in rows)
        self.holds_data = any(table.holds_data for table in inside)
        if not self.holds_data and wide:
            self.is_data = self.holds_data = (
                sum(1 for slot in self.slots() if slot.text.replace(OBJECT, "")) > 1
            )


@dataclass(slots=True)
class _Open:
    """An element that has begun: its name, whether it and so all in it is unseen, and what its end says.

    `apart`: it has a line of its own; `symbols`: its font has no letters, nor have those in it.
    """

    name: str
    hidden: bool
    ending: str = ""
    apart: bool = False
    symbols: bool = False


@dataclass(slots=True)
class _OpenTable:
    """A table that has begun, with what of it is open."""

    table: _HtmlTable
    in_group: bool = False
    in_row: bool = False
    slot: _HtmlCell | None = None


def read(content: str) -> tuple[list[str], tuple[Grid, ...]]:
    """The visible lines of the page, and its tables with vertical places counted in those lines.

    Raises TooDeep. Nothing is fetched and nothing is run.
    """
    lines: list[str] = []
    grids: list[Grid] = []
    _print(_Builder().build(content), lines, grids)
    return lines, tuple(grids)


def _print(content: list[str | _HtmlTable], lines: list[str], grids: list[Grid]) -> None:
    """Adds what is in `content` to the lines, and its data tables to the grids."""
    words: list[str] = []
    for item in [*content, "\n"]:
        if isinstance(item, str):
            words.append(item)
            if "\n" not in item:
                continue
        printed = map(one_line, "".join(words).replace(OBJECT, "").split("\n"))
        lines.extend(filter(None, printed))
        words.clear()
        if not isinstance(item, str):
            _print(item.loose, lines, grids)
            if not (item.is_data and _print_table(item, lines, grids)):
                for slot in _in_order(item):
                    _print(slot.content, lines, grids)


def _in_order(table: _HtmlTable) -> list[_HtmlCell]:
    return [slot for rows in _displayed(table) for row in rows for slot in row]


def _displayed(table: _HtmlTable) -> list[list[list[_HtmlCell]]]:
    """The row groups as they appear: the first head at the top, the first foot at the bottom."""
    kinds = [kind for kind, _ in table.groups]
    head = [kinds.index("thead")] if "thead" in kinds else []
    foot = [kinds.index("tfoot")] if "tfoot" in kinds else []
    middle = [i for i in range(len(kinds)) if i not in head + foot]
    return [table.groups[i][1] for i in head + middle + foot]


def _print_table(table: _HtmlTable, lines: list[str], grids: list[Grid]) -> bool:
    """Adds a line for each row, and the grid; false, and nothing added, where it is too wide to be one."""
    squares = _squares(table)
    if squares is None:
        return False
    name = f"table {len(grids) + 1}"
    tops: list[int] = []
    for row in chain.from_iterable(_displayed(table)):
        tops.append(len(lines))
        lines.append("\t".join(one_line(slot.text) for slot in row if is_cell(slot.text)))
        for slot in row:
            if not is_cell(slot.text):
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
        if is_cell(slot.text)
    )
    grids.append(Grid(tuple(cells), None))
    return True


def _squares(table: _HtmlTable) -> list[tuple[_HtmlCell, int, int, int]] | None:
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


class _Builder:
    """What has begun at a tag: elements, tables, and the text and tables so far."""

    def __init__(self) -> None:
        self._content: list[str | _HtmlTable] = []
        self._open: list[_Open] = []
        self._frames: list[_OpenTable] = []
        self._preformatted = 0

    def build(self, content: str) -> list[str | _HtmlTable]:
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
            symbols = self._open and self._open[-1].symbols and self._frames and self._frames[-1].slot
            self._target().append(nameless(text) if symbols else text)

    def _target(self) -> list[str | _HtmlTable]:
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
            self._show_picture(tag)
            symbols = is_symbols(tag.attributes.get("face"), style)
            symbols = symbols or (name != "table" and bool(self._open) and self._open[-1].symbols)
            self._open.append(_Open(name, hidden, "", has_own_line(name, style), symbols))
            if not hidden:
                self._start_seen(tag)
                self._mark_figure(name, style)

    def _start_void(self, tag: Tag) -> None:
        self._show_picture(tag)
        if tag.name in ("br", "hr"):
            self._say("\n")
        elif tag.name == "input" and not is_hidden(tag.attributes.get("style"), tag.attributes.get("hidden")):
            self._say(typed_text(tag.attributes.get("type"), tag.attributes.get("value")))

    def _show_picture(self, tag: Tag) -> None:
        if self._frames and self._frames[-1].slot and is_picture(tag.name, tag.attributes):
            self._say(OBJECT)

    def _start_seen(self, tag: Tag) -> None:
        name = tag.name
        if self._open[-1].apart:
            self._say("\n")
        self._preformatted += name == "pre"
        if name == "table":
            table = _HtmlTable()
            self._target().append(table)
            self._frames.append(_OpenTable(table))
        elif name in _ROW_GROUPS:
            self._frames[-1].table.groups.append((name, []))
            self._frames[-1].in_group = True
        elif name == "tr":
            self._start_row()
        elif name in ("td", "th"):
            self._start_slot(tag)

    def _mark_figure(self, name: str, style: str | None) -> None:
        """Keeps apart from a figure what is not a digit of it: `[1]` is a note's mark, `~~7~~` struck out."""
        slot = self._frames[-1].slot if self._frames else None
        if slot is None or name in _CELLS:
            return
        if is_set_off(name, style) and _flat(slot.content).strip():
            self._target().append("[")
            self._open[-1].ending = "]"
        elif is_struck(name, style):
            self._target().append("~~")
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
        frame.slot = _HtmlCell(1 if colspan in (None, 0) else colspan or 1, 0, [])
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
        elif has_own_line(name, None) and (place := self._find("p", (*_CELLS, "table"))) is not None:
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
                    self._target().append(element.ending)
                self._end_seen(element)
            self._open.pop()

    def _end_seen(self, element: _Open) -> None:
        name = element.name
        if element.apart:
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


def _flat(content: list[str | _HtmlTable]) -> str:
    """All text in the content, that of tables on lines of its own."""
    parts: list[str] = []
    for item in content:
        if isinstance(item, str):
            parts.append(item)
        else:
            parts += ["\n", _flat(item.loose)]
            parts += ["\n" + _flat(slot.content) for slot in item.slots()]
            parts.append("\n")
    return "".join(parts)


def tokens(content: str) -> Iterator[Tag | str]:
    """The tags of the page, and between them its text with entities resolved; comments are left out."""
    place = 0
    while (opening := content.find("<", place)) >= 0:
        if opening > place:
            yield html.unescape(content[place:opening])
        match = _TAG.match(content, opening)
        if match:
            tag, place = _tag(content, match)
            yield tag
            if tag.name in _RAW and not tag.closes:
                end = _RAW[tag.name].search(content, place)
                place = end.start() if end else len(content)
        elif content.startswith("<!--", opening):
            end_of_comment = content.find("-->", opening + 2)
            place = end_of_comment + 3 if end_of_comment >= 0 else len(content)
        elif content[opening + 1 : opening + 2] in ("!", "?", "/"):
            place = content.find(">", opening) + 1 or len(content)
        else:
            yield "<"
            place = opening + 1
    yield html.unescape(content[place:])


def _tag(content: str, start: re.Match[str]) -> tuple[Tag, int]:
    """The tag that starts there, and where it ends."""
    attributes: dict[str, str] = {}
    place = start.end()
    while match := _ATTRIBUTE.match(content, place):
        name, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        attributes.setdefault(name.lower(), html.unescape(value))
        place = match.end()
    place = content.find(">", place) + 1 or len(content)
    return Tag(start[2].lower(), bool(start[1]), attributes), place
