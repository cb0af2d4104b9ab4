"""Conservation of numbers: every number printed inside a statutory table ends in exactly one fact."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd

from .document import Document, Line
from .numerals import plain, read_cell
from .tables import Placement
from .texts import one_line, words
from .troubles import Trouble

CONSERVATION_COLUMNS = ["table", "printed", "in_facts", "left_over", "lost"]
_ENUMERATOR = re.compile(r"(?:^|(?<=\s))\d{1,2}\s*[.、．]?\s*(?=[\u4e00-\u9fff“])")


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


def repeated(placements: Mapping[str, Placement]) -> dict[str, list[str]]:
    """What plain text prints again because it writes a merged cell out in every column, by table."""
    found: dict[str, list[str]] = {}
    for reading in placements["text"].readings.values() if "text" in placements else ():
        columns = round(reading.box[2] - reading.box[0])
        found.setdefault(reading.cell.partition(":")[0], []).extend([reading.raw] * (columns - 1))
    return found


def conserve(
    document: Document,
    inside: Mapping[str, Iterable[Line]],
    facts: pd.DataFrame,
    troubles: Iterable[Trouble],
    again: Mapping[str, Iterable[str]] | None = None,
) -> tuple[pd.DataFrame, list[Trouble]]:
    """How many number tokens each table prints and where they ended, and a trouble for each that is lost.

    Columns CONSERVATION_COLUMNS, one row per table; `printed` counts the number tokens in the text of the
    table's area, read independently of any cell; `in_facts` those that stand in a fact, `left_over` those
    that a trouble names. `again` holds what `repeated` found, which counts once. Two figures that stand
    so close that they read as one token are not lost: the digits count.
    """
    rows: list[tuple] = []
    found: list[Trouble] = []
    named = Counter(token for trouble in troubles for raw in trouble.printed for token in _tokens(raw))
    raws: dict[str, list[str]] = {}
    for table, raw in zip(facts["table"].tolist(), facts["raw"].tolist(), strict=True):
        raws.setdefault(table, []).append(raw)
    for table, own in raws.items():
        lines = list(inside.get(table, ()))
        printed = Counter(t for line in lines for t in _tokens(document.text[line.start : line.end]))
        printed -= Counter(t for raw in (again or {}).get(table, ()) for t in _tokens(raw))
        in_facts = Counter(t for raw in own for t in _tokens(raw))
        missing = printed - in_facts
        left_over = missing & named
        lost = missing - left_over
        if sorted("".join(lost.elements())) == sorted("".join((in_facts - printed).elements())):
            lost = Counter()
        ended = printed.total() - left_over.total() - lost.total()
        rows.append((table, printed.total(), ended, left_over.total(), lost.total()))
        if lost:
            found.extend(_named(document, lines, facts[facts["table"] == table], lost, table))
    return pd.DataFrame(rows, columns=CONSERVATION_COLUMNS), found


def _named(
    document: Document, lines: list[Line], facts: pd.DataFrame, lost: Counter, table: str
) -> Iterable[Trouble]:
    """A trouble for each lost token, with the line it stands in: on a page with more of it than facts."""
    for token in sorted(lost.elements()):
        holding = [line for line in lines if token in _tokens(document.text[line.start : line.end])]
        line = holding[0]
        for one in holding:
            here = sum(other.page == one.page for other in holding)
            on_page = facts["page"].isna() if one.page is None else facts["page"].eq(one.page)
            if here > sum(token in _tokens(raw) for raw in facts.loc[on_page.fillna(False), "raw"]):
                line = one
                break
        told = words("read.lost", token=token, line=one_line(document.text[line.start : line.end]))
        yield Trouble("lost", (), told, (token,), line.page, "", table)


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    """The number tokens of a line of a table, enumerators of labels left out."""
    tokens = _ENUMERATOR.sub("", plain(text)).split()
    return tuple(t for t in tokens if any(c.isdecimal() for c in t) and read_cell(t).status == "number")
