"""An HTML page's text and tables, put together tag by tag as a stream."""

from dataclasses import dataclass

from .flow import OBJECT, nameless
from .html_content import Slot, Table, flat
from .html_tokenizer import Tag, tokens
from .markup import (
    DEEPEST,
    UNSEEN,
    VOID,
    TooDeep,
    has_own_line,
    is_hidden,
    is_picture,
    is_set_off,
    is_struck,
    is_symbols,
    typed_text,
)

_ROW_GROUPS = ("thead", "tbody", "tfoot")
_CELLS = ("td", "th", "caption")
_DEEPEST_TABLE = 40


def page_content(page: str) -> list[str | Table]:
    """The text of the page and its tables, in order. Raises TooDeep."""
    return _Builder().build(page)


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
class _Frame:
    """A table that has begun, with what of it is open."""

    table: Table
    in_group: bool = False
    in_row: bool = False
    slot: Slot | None = None


class _Builder:
    """What has begun at a tag: elements, tables, and the text and tables so far."""

    def __init__(self) -> None:
        self._content: list[str | Table] = []
        self._open: list[_Open] = []
        self._frames: list[_Frame] = []
        self._preformatted = 0

    def build(self, content: str) -> list[str | Table]:
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

    def _target(self) -> list[str | Table]:
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
            table = Table()
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
        if is_set_off(name, style) and flat(slot.content).strip():
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
        frame.slot = Slot(1 if colspan in (None, 0) else colspan or 1, 0, [])
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
