"""What the figures that ended in no cell may belong to: no sum that may need them speaks against a report."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .conservation import Token
from .document import Document
from .forms import split_cell, tables
from .tables import Placement
from .texts import words

_OWN_LABEL = re.compile(r"(?:^|[\s|])[(（]?[一二三四五六七八九十\d]{1,2}[)）.．、]+\\?\s*[^\W\d]")
_Place = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Loose:
    """What a figure without a cell may be: part of one of `cells`; one more figure of one of `rows`, as
    (table, row); a row that the form does not have, in one of `columns`, as (table, column)."""

    cells: frozenset[str] = frozenset()
    rows: frozenset[tuple[str, str]] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()

    def may_be_in(self, names: Sequence[str], form: str) -> bool:
        """Whether a comparison of those cells may lack such a figure."""
        if self.cells.intersection(names):
            return True
        spots = [split_cell(name) for name in names]
        across = {(table, row) for table, row, _ in spots}
        if len(spots) > 1 and len(across) == 1 and across & self.rows:
            return True
        down: dict[tuple[str, str], set[str]] = {}
        for table, row, column in spots:
            if _is_result(table, row, form):
                down.setdefault((table, column), set()).add(row)
        return any(len(summed) > 1 and spot in self.columns for spot, summed in down.items())


def _is_result(table: str, row: str, form: str) -> bool:
    """Whether a row is one of those that are added up: what a report calls otherwise may stand among them."""
    own = tables(form)[table]
    return table == "requests" and any(r.code == row and r.group for r in (*own.rows, *own.subtotals))


def loose(tokens: Iterable[Token], placements: Mapping[str, Placement], document: Document) -> Loose:
    """What the numbers that are left over and stand in no cell may be, by their places.

    One that stands on the height of a row may be its. One between rows is of a row that the form does not
    have; without a numbered label of its own it may also go on from the row above, or be of the one below.
    """
    bands = _bands(placements)
    reaches = _reaches(placements)
    cells: set[str] = set()
    rows: set[tuple[str, str]] = set()
    columns: set[tuple[str, str]] = set()
    for token in tokens:
        if token.role != "left_over" or token.cell or not bands.get(token.table):
            continue
        own = bands[token.table]
        x, y = token.middle
        at = (token.page or 0, y)
        level = {row for row, top, bottom in own if top <= at <= bottom}
        under = [
            column
            for (table, column), (x0, x1) in reaches.items()
            if table == token.table and (token.is_running or x0 <= x <= x1)
        ]
        if level:
            rows.update((token.table, row) for row in level)
            cells.update(f"{token.table}:{row}/{column}" for row in level for column in under)
            continue
        above = max((b for b in own if b[2] < at), key=lambda b: b[2], default=None)
        below = min((b for b in own if b[1] > at), key=lambda b: b[1], default=None)
        if above is not None and below is not None:
            columns.update((token.table, column) for column in under)
        if not _OWN_LABEL.search(_line(document, token)):
            near = {band[0] for band in (above, below) if band is not None and _is_near(band, at)}
            cells.update(f"{token.table}:{row}/{column}" for row in near for column in under)
    return Loose(frozenset(cells), frozenset(rows), frozenset(columns))


def _bands(placements: Mapping[str, Placement]) -> dict[str, list[tuple[str, _Place, _Place]]]:
    """By table each row that a reader saw, from where to where it stands."""
    found: dict[str, dict[tuple[str, int], tuple[float, float]]] = {}
    for placement in placements.values():
        for name, reading in placement.readings.items():
            table, row, _ = split_cell(name)
            own = found.setdefault(table, {})
            spot = row, reading.page or 0
            top, bottom = own.get(spot, (reading.box[1], reading.box[3]))
            own[spot] = min(top, reading.box[1]), max(bottom, reading.box[3])
    return {
        table: [(row, (page, top), (page, bottom)) for (row, page), (top, bottom) in own.items()]
        for table, own in found.items()
    }


def _reaches(placements: Mapping[str, Placement]) -> dict[tuple[str, str], tuple[float, float]]:
    """From where to where the cells of a column stand."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for placement in placements.values():
        for name, reading in placement.readings.items():
            table, _, column = split_cell(name)
            x0, x1 = found.get((table, column), (reading.box[0], reading.box[2]))
            found[table, column] = min(x0, reading.box[0]), max(x1, reading.box[2])
    return found


def _is_near(band: tuple[str, _Place, _Place], at: _Place) -> bool:
    """Whether a place is no further from a row than twice its height; on another page it may be."""
    _, (page, top), (_, bottom) = band
    return page != at[0] or max(top - at[1], at[1] - bottom) <= 2 * (bottom - top)


def _line(document: Document, token: Token) -> str:
    start = document.text.rfind("\n", 0, token.start) + 1
    end = document.text.find("\n", token.start)
    return document.text[start : end if end >= 0 else None]


def withheld(checks: pd.DataFrame, found: Loose, form: str) -> pd.DataFrame:
    """The checks, `unread` what breaks and may lack a figure that ended in no cell."""
    status = zip(checks["status"].astype(str), checks["cells"].astype(str), strict=True)
    held = [one == "breaks" and found.may_be_in(cells.split(), form) for one, cells in status]
    if not any(held):
        return checks
    changed = checks.copy()
    changed.loc[held, ["left", "right", "difference"]] = float("nan")
    changed.loc[held, "status"] = "unread"
    said = words("formula.loose")
    own = zip(checks["formula"], held, strict=True)
    changed["formula"] = [said if doubtful else formula for formula, doubtful in own]
    return changed
