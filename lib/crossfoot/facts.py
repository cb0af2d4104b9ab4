"""Facts: one row for each cell of the form, from what every reader saw in it, and how they were read."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from .document import DOUBTFUL
from .extraction_problems import Trouble
from .forms import Row, Table, cell_name, tables
from .numerals import amount, plain, read_cell
from .tables import Leftover, Placement, Reading
from .texts import joined, one_line, words
from .texts.names import place, section_number

FACT_COLUMNS = [
    "table", "row", "column", "value", "unit", "status", "raw", "page", "where", "readers", "agreed",
]  # fmt: skip
_NAMELESS = "\ufffd"
"""What readers give for a character that is printed but that no font or encoding names."""

_COUNTED = re.compile(r"(?<=\d)[件项条个]$")
_MARKED = re.compile(r"\d\[\d+\]$")

_BAND = 4.0
"""Points, or rows: readers place the middle of one cell no further apart."""


def merge(placements: Mapping[str, Placement], form: str) -> tuple[pd.DataFrame, list[Trouble]]:
    """The facts of a report, and every trouble in reading them.

    `placements` maps a reader's name to what it placed; the first that prints something gives the value,
    and `readers` names all that gave the same. Facts have the columns FACT_COLUMNS and one row per cell
    of the form, in its order: `value` in `unit`, missing where none is printed; `status` is `absent`
    where no reader found the row. What is not beyond doubt is said by `settle`.
    """
    columns: dict[str, list] = {name: [] for name in FACT_COLUMNS}
    troubles: list[Trouble] = []
    read = {name.partition("/")[0] for p in placements.values() for name in (*p.readings, *p.unclear)}
    filled = {name for p in placements.values() for name, reading in p.readings.items() if reading.raw}
    for table in tables(form).values():
        more = _subtotal_columns(table, filled)
        for row in _rows(table, read, form):
            for code in table.printed_columns(row, more):
                name = cell_name(table.code, row.code, code)
                fact, trouble = _fact(name, table.column(code).unit, placements)
                for column, value in ({"table": table.code, "row": row.code, "column": code} | fact).items():
                    columns[column].append(value)
                troubles.extend(trouble)
    typed = {
        "value": np.array(columns["value"], "float64"),
        "page": pd.array(columns["page"], "Int64"),
        "agreed": np.array(columns["agreed"], bool),
    }
    facts = pd.DataFrame(columns | typed)
    troubles += [*_leftovers(placements), *_missing(facts, form)]
    return facts, troubles


def settle(
    facts: pd.DataFrame,
    placements: Mapping[str, Placement],
    unproven: Mapping[str, Trouble],
    unsettled: Iterable[str],
    titled: Collection[str] = (),
    unsure: Mapping[str, str] = MappingProxyType({}),
) -> tuple[pd.DataFrame, list[Trouble]]:
    """The facts with every cell that is not read beyond doubt `unread`, and the troubles not named before.

    Beyond doubt is read: a header and a label identify the cell, just what it gives is printed in its place
    (`unproven` are the cells for which that is not so), and no reader that saw its row reads otherwise. Of a
    table in `unsettled`, some figure of which belongs to no cell, no row is known to be absent: the figure
    may be its. Nor is a row absent whose label the report prints: `titled` are the cells of such rows.
    `unsure` are cells that such a figure puts in doubt, with the key of the reason (conservation.unsure).
    """
    troubles: list[Trouble] = []
    doubted = set(unproven)
    in_doubt = set(unsettled)
    hidden: dict[tuple[str, str], list[str]] = {}
    statuses = []
    columns = ("table", "row", "column", "status", "agreed", "raw")
    present = set(facts.loc[facts["status"] != "absent", "table"])
    for table, row, column, status, agreed, raw in zip(*(facts[c].tolist() for c in columns), strict=True):
        name = cell_name(table, row, column)
        readings = [p.readings[name] for p in placements.values() if name in p.readings]
        if status == "absent" and table in present and (table in in_doubt or name in titled):
            why = "read.only_label" if name in titled else "read.untold"
            hidden.setdefault((table, why), []).append(name)
            doubted.add(name)
        elif name in unsure and name not in unproven and agreed:
            hidden.setdefault((f"{table}:{row}", unsure[name]), []).append(name)
            doubted.add(name)
        elif readings and not any(reading.by_label for reading in readings):
            read = words("read.quote", text=one_line(raw)) if raw else words("read.nothing")
            spot = (readings[0].page, readings[0].where)
            troubles.append(Trouble("by_order", (name,), words("read.by_order", read=read), (raw,), *spot))
            doubted.add(name)
        elif readings and (not agreed or _is_doubtful(readings, raw)):
            doubted.add(name)  # merge names it
        elif name in unproven:
            troubles.append(unproven[name])
        statuses.append("unread" if name in doubted else status)
    for (_, why), names in hidden.items():
        troubles.append(Trouble("unreadable", tuple(names), words(why)))
    values = facts["value"].mask(pd.Series(statuses, facts.index) == "unread")
    return facts.assign(status=statuses, value=values), troubles


def _is_doubtful(readings: Iterable[Reading], raw: str) -> bool:
    """Whether only a recogniser that is not sure of it gives what a cell prints."""
    sure = [reading.confidence for reading in readings if _seen(reading.raw) == _seen(raw)]
    known = [confidence for confidence in sure if confidence is not None]
    return len(known) == len(sure) and max(known, default=1.0) < DOUBTFUL


def _missing(facts: pd.DataFrame, form: str) -> Iterable[Trouble]:
    """A trouble for each table of which there is no row at all, or one for all of them."""
    absent = facts["status"].eq("absent")
    every, printed = (list(dict.fromkeys(column)) for column in (facts["table"], facts["table"][~absent]))
    if not printed:
        yield Trouble("no_tables", (), words("read.no_tables"))
        return
    for code in (table for table in every if table not in printed):
        section = tables(form)[code].section
        told = words("read.table_missing", table=words("place.table", section=section_number(section)))
        yield Trouble("table_missing", (), told, table=code)


def _rows(table: Table, read: set[str], form: str) -> list[Row]:
    """The rows of the table in this report: （六）其他处理 as the one row or the three that were read."""
    rows = table.ordered_rows({s.code for s in table.subtotals if f"{table.code}:{s.code}" in read})
    for row in table.rows:
        if not row.replaces:
            continue
        parts = {f"{table.code}:{code}" for code in row.replaces}
        as_one = not read & parts and (f"{table.code}:{row.code}" in read or form in row.forms)
        dropped = row.replaces if as_one else (row.code,)
        rows = [r for r in rows if r.code not in dropped]
    return rows


def _subtotal_columns(table: Table, filled: Iterable[str]) -> set[str]:
    """The sub-totals of columns under which anything is printed."""
    ends = {name.rpartition("/")[2] for name in filled if name.startswith(f"{table.code}:")}
    return {column.code for column in table.subtotal_columns if column.code in ends}


def read_alike(one: str, other: str) -> bool:
    """Whether two texts of a cell are the same but for what readers render differently."""
    return _seen(one) == _seen(other)


@lru_cache(maxsize=65536)
def _seen(raw: str) -> str:
    """What a cell prints, without what readers render differently: spaces, widths, kinds of dashes and how
    many (fonts draw —— in one), the brackets of a note's mark, which only a reader of places tells from the
    figure, and what is counted, which may reach over the cell's edge."""
    return _COUNTED.sub("", re.sub(r"-+", "-", re.sub(r"[\s\[\]]+", "", plain(raw))))


def _fact(name: str, unit: str, placements: Mapping[str, Placement]) -> tuple[dict, list[Trouble]]:
    """The fact of one cell, and the troubles with it."""
    readings = {reader: p.readings[name] for reader, p in placements.items() if name in p.readings}
    if not readings:
        unclear = {reader: p.unclear[name] for reader, p in placements.items() if name in p.unclear}
        lacking = any(name in p.lacking for p in placements.values())
        status = "unread" if unclear else "blank" if lacking else "absent"
        fact = {
            "value": float("nan"), "unit": unit, "status": status, "raw": "", "page": pd.NA, "where": "",
            "readers": "", "agreed": True,
        }  # fmt: skip
        told = [words("read.because", reader=reader, why=why.words) for reader, why in unclear.items()]
        printed = tuple(raw for why in unclear.values() for raw in why.printed)
        trouble = Trouble("unreadable", (name,), joined(told, words("list.semicolon")), printed)
        return fact, [trouble] if unclear else []
    printed_in = [r for r in readings.values() if r.raw] or list(readings.values())
    chosen = next((r for r in printed_in if _MARKED.search(r.raw)), printed_in[0])
    same = [reader for reader, reading in readings.items() if _seen(reading.raw) == _seen(chosen.raw)]
    numeral = read_cell(chosen.raw, unit)
    if chosen.unit not in ("", unit) and numeral.value is not None and not numeral.unit:
        numeral = read_cell(f"{amount(numeral.value)}{chosen.unit}", unit)
    fact = {
        "value": float("nan") if numeral.value is None else numeral.value,
        "unit": unit,
        "status": numeral.status,
        "raw": chosen.raw,
        "page": pd.NA if chosen.page is None else chosen.page,
        "where": chosen.where,
        "readers": "+".join(same),
        "agreed": len(same) == len(readings),
    }
    troubles = []
    spot = (chosen.page, chosen.where)
    nameless = _NAMELESS in chosen.raw
    if not fact["agreed"]:
        told = [words("read.reads", reader=n, text=one_line(r.raw)) for n, r in readings.items()]
        printed = tuple(reading.raw for reading in readings.values())
        problem = "unreadable" if nameless else "readers_differ"
        troubles.append(Trouble(problem, (name,), joined(told, words("list.semicolon")), printed, *spot))
    if numeral.status == "unread" and (fact["agreed"] or not nameless):
        said = words("read.no_number", text=one_line(chosen.raw))
        troubles.append(Trouble("unreadable", (name,), said, (chosen.raw,), *spot))
    if _is_doubtful(readings.values(), chosen.raw):
        sure = max(readings[reader].confidence or 0.0 for reader in same)
        said = words(
            "read.doubtful", reader="+".join(same), text=one_line(chosen.raw), confidence=f"{sure:.2f}"
        )
        troubles.append(Trouble("doubtful", (name,), said, (chosen.raw,), *spot))
    return fact, troubles


def _leftovers(placements: Mapping[str, Placement]) -> Iterable[Trouble]:
    """The figures that no reader could place: those another reader read in that very place are settled."""
    printed = {reader: _by_print(placement.readings.values()) for reader, placement in placements.items()}
    seen: dict[tuple[int | None, int], list[Leftover]] = {}
    for reader, placement in placements.items():
        others = [readings for other, readings in printed.items() if other != reader]
        fresh = [
            leftover
            for leftover in placement.leftovers
            if not any(_settled(leftover, other) for other in others) and not _is_told(seen, leftover)
        ]
        for leftover in fresh:
            why = leftover.reason
            given = {"reader": reader, "text": one_line(leftover.text), "why": why.words}
            where = place(leftover.where, None)
            told = (
                words("read.left", **given) if leftover.page else words("read.left_at", where=where, **given)
            )
            quoted = (leftover.text, *why.printed)
            yield Trouble("leftover", (), told, quoted, leftover.page, leftover.where, leftover.table)
        for leftover in fresh:
            seen.setdefault((leftover.page, _band(leftover)), []).append(leftover)


def _band(leftover: Leftover) -> int:
    return round(leftover.middle[1] / _BAND)


def _is_told(told: Mapping[tuple[int | None, int], list[Leftover]], leftover: Leftover) -> bool:
    near = (told.get((leftover.page, _band(leftover) + n), ()) for n in (-1, 0, 1))
    return any(earlier.covers(leftover) for found in near for earlier in found)


_Prints = dict[tuple[int | None, str], list[Reading]]


def _by_print(readings: Iterable[Reading]) -> _Prints:
    """The readings by page and by what they print, spaces left out."""
    found: _Prints = {}
    for reading in readings:
        found.setdefault((reading.page, _seen(reading.raw)), []).append(reading)
    return found


def _settled(leftover: Leftover, others: _Prints) -> bool:
    """Whether another reader read the leftover's figure in a cell at the same place."""
    x, y = leftover.middle
    return any(
        r.box[0] <= x <= r.box[2] and r.box[1] <= y <= r.box[3]
        for r in others.get((leftover.page, _seen(leftover.text)), ())
    )


EXTRACTION_COLUMNS = [
    "table", "cells", "number", "blank", "dash", "text", "unread", "absent", "two_readers", "one_reader",
    "differ", "printed", "in_facts", "left_over", "lost",
]  # fmt: skip


def extraction(facts: pd.DataFrame, conservation: pd.DataFrame) -> pd.DataFrame:
    """One row per statutory table with columns EXTRACTION_COLUMNS, all of them counts.

    `number` to `unread` count cells by status and sum to `cells`; `two_readers`, `one_reader` and
    `differ` count the cells that at least two readers gave alike, that only one reader found, and that
    readers read differently; `printed` to `lost` are those of conservation.conserve.
    """
    counts: dict[str, dict[str, int]] = {}
    columns = (facts[name].tolist() for name in ("table", "status", "readers", "agreed"))
    for table, status, readers, agreed in zip(*columns, strict=True):
        count = counts.setdefault(table, dict.fromkeys(EXTRACTION_COLUMNS[1:11], 0))
        count["cells"] += 1
        count[status] += 1
        count["two_readers"] += bool(agreed and "+" in readers)
        count["one_reader"] += bool(agreed and readers and "+" not in readers)
        count["differ"] += not agreed
    ended = {row["table"]: row for row in conservation.to_dict("records")}
    rows = [{"table": table} | count | ended[table] for table, count in counts.items()]
    return pd.DataFrame(rows, columns=EXTRACTION_COLUMNS)
