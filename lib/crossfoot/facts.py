"""Facts: one row for each cell of the form, from what every reader saw in it."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from .forms import Row, Table, cell_name, tables
from .numerals import plain, read_cell
from .tables import Leftover, Placement, Reading
from .troubles import Trouble

FACT_COLUMNS = [
    "table", "row", "column", "value", "unit", "status", "raw", "page", "where", "readers", "agreed",
]  # fmt: skip


def merge(placements: Mapping[str, Placement], form: str) -> tuple[pd.DataFrame, list[Trouble]]:
    """The facts of a report, and every trouble in reading them.

    `placements` maps a reader's name to what it placed; the first that prints something gives the value,
    and `readers` names all that gave the same. Facts have the columns FACT_COLUMNS and one row per cell
    of the form, in its order: `value` in `unit`, missing where none is printed; `status` is `absent`
    where no reader found the row.
    """
    rows, troubles = [], []
    for table in tables(form).values():
        for row in _rows(table, placements, form):
            for code in row.columns:
                name = cell_name(table.code, row.code, code)
                fact, trouble = _fact(name, table.column(code).unit, placements)
                rows.append({"table": table.code, "row": row.code, "column": code} | fact)
                troubles.extend(trouble)
    facts = pd.DataFrame(rows, columns=FACT_COLUMNS)
    facts["value"] = facts["value"].astype("float64")
    facts["page"] = facts["page"].astype("Int64")
    facts["agreed"] = facts["agreed"].astype(bool)
    troubles.extend(_leftovers(placements, facts))
    for code, cells in facts.groupby("table", sort=False):
        if (cells["status"] == "absent").all():
            troubles.append(Trouble("table_missing", (), f"no reader found table {code}", table=str(code)))
    return facts, troubles


def _rows(table: Table, placements: Mapping[str, Placement], form: str) -> list[Row]:
    """The rows of the table in this report: （六）其他处理 as the one row or the three that it prints."""
    read = {name.partition("/")[0] for p in placements.values() for name in (*p.readings, *p.unclear)}
    rows = list(table.rows)
    for row in table.rows:
        if not row.replaces:
            continue
        parts = {f"{table.code}:{code}" for code in row.replaces}
        as_one = not read & parts and (f"{table.code}:{row.code}" in read or form in row.forms)
        dropped = row.replaces if as_one else (row.code,)
        rows = [r for r in rows if r.code not in dropped]
    return rows


def _seen(reading: Reading) -> str:
    """What a reading prints, without what readers render differently (spaces, widths, kinds of dashes)."""
    return re.sub(r"\s+", "", plain(reading.raw))


def _fact(name: str, unit: str, placements: Mapping[str, Placement]) -> tuple[dict, list[Trouble]]:
    """The fact of one cell, and the troubles with it."""
    readings = {reader: p.readings[name] for reader, p in placements.items() if name in p.readings}
    if not readings:
        unclear = {reader: p.unclear[name] for reader, p in placements.items() if name in p.unclear}
        lacking = any(name in p.lacking for p in placements.values())
        status = "text" if unclear else "blank" if lacking else "absent"
        fact = {
            "value": float("nan"), "unit": unit, "status": status, "raw": "", "page": pd.NA, "where": "",
            "readers": "", "agreed": True,
        }  # fmt: skip
        detail = "; ".join(f"{reader}: {why}" for reader, why in unclear.items())
        return fact, [Trouble("unreadable", (name,), detail)] if unclear else []
    chosen = next((r for r in readings.values() if r.raw), next(iter(readings.values())))
    same = [reader for reader, reading in readings.items() if _seen(reading) == _seen(chosen)]
    numeral = read_cell(chosen.raw, unit)
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
    if not fact["agreed"]:
        detail = "; ".join(f"{reader} reads {reading.raw!r}" for reader, reading in readings.items())
        troubles.append(Trouble("readers_differ", (name,), detail, chosen.page, chosen.where))
    figure_like = any(c.isdigit() for c in plain(chosen.raw)) or chosen.raw.strip() == "一"
    if numeral.status == "text" and figure_like:
        troubles.append(
            Trouble("unreadable", (name,), f"{chosen.raw!r} is not one number", chosen.page, chosen.where)
        )
    return fact, troubles


def _leftovers(placements: Mapping[str, Placement], facts: pd.DataFrame) -> Iterable[Trouble]:
    """The figures that no reader could place: those another reader read in that very place are settled."""
    told: set[tuple] = set()
    for reader, placement in placements.items():
        for leftover in placement.leftovers:
            others = [p for other, p in placements.items() if other != reader]
            if any(_settled(leftover, other) for other in others):
                continue
            spot = tuple(round(at / 6) for at in leftover.middle)
            mark = (leftover.table, leftover.page, re.sub(r"\s+", "", leftover.text), spot)
            if mark not in told:
                told.add(mark)
                detail = f"{reader} reads {leftover.text!r} {leftover.reason}"
                yield Trouble("leftover", (), detail, leftover.page, leftover.where, leftover.table)


def _settled(leftover: Leftover, other: Placement) -> bool:
    """Whether another reader read the leftover's figure in a cell at the same place."""
    text = re.sub(r"\s+", "", plain(leftover.text))
    x, y = leftover.middle
    return any(
        r.page == leftover.page
        and re.sub(r"\s+", "", plain(r.raw)) == text
        and r.box[0] <= x <= r.box[2]
        and r.box[1] <= y <= r.box[3]
        for r in other.readings.values()
    )
