"""What the prose tells against what the tables hold: every number of the prose that has a cell."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..checks import amount
from ..texts import Pair, joined, words
from . import canvas as c
from .sums import BREAKS, HOLDS, UNREAD
from .words import Tables, both, count, counted, sum_name, written

_QUOTE, _AXIS, _ROW, _HEAD = 268.0, 172.0, 31.0, 40.0
_BEFORE = 22
"""How many characters of its clause a number is quoted with."""


def plotted(tables: Tables, about: Mapping) -> pd.DataFrame:
    """A row for each number of the prose that a cell or sum of cells should equal, in the order of the text.

    `before`, `number`, `after` are the words around it, `told` its value in `unit`, `table` the sum of its
    cells, `difference` is told - table, `cells` and `cells_en` their names. Where the table states nothing
    (`status`), `table` and `difference` are missing.
    """
    claims = tables["claims"].sort_values("start")
    excerpts = _excerpts(claims)
    cells = tables["claim_cells"]
    subjects = cells[cells["reading"] == 0].groupby("claim")["cell"].agg(list)
    claims = claims[claims["claim"].isin(subjects.index)]
    checks, terms = tables["checks"], tables["check_terms"]
    checks = checks.loc[checks["rule"] == "narrative", ["check", "right", "difference", "status"]]
    verdicts = terms.loc[terms["claim"].ne(""), ["check", "claim"]].merge(checks, on="check")
    joined = claims.merge(verdicts, on="claim", how="left", validate="1:1")
    parts = [excerpts[start] for start in joined["start"]]
    names = [sum_name(subjects[claim], about["form"]) for claim in joined["claim"]]
    shown = pd.DataFrame(
        {
            "section": joined["section"].astype("str"),
            "before": [part[0] for part in parts],
            "number": [part[1] for part in parts],
            "after": [part[2] for part in parts],
            "told": joined["value"].astype("float64"),
            "unit": joined["unit"].astype("str"),
            "table": joined["right"].astype("float64"),
            "difference": joined["difference"].astype("float64"),
            "status": joined["status"].astype("str").where(joined["status"].notna(), "not_stated"),
            "cells": [name[0] for name in names],
            "cells_en": [name[1] for name in names],
        }
    )
    for column in ("told", "table", "difference"):
        shown[column] = shown[column].convert_dtypes()
    return shown


def _excerpts(claims: pd.DataFrame) -> dict[int, tuple[str, str, str]]:
    """Each number by its offset: the words before it in its clause, the number, and its unit.

    A clause's numbers follow each other in the text, so they are looked for one behind the other.
    """
    found: dict[int, tuple[str, str, str]] = {}
    reached: dict[tuple[str, str], int] = {}
    for start, section, quote, value, unit in zip(
        claims["start"], claims["section"], claims["quote"], claims["value"], claims["unit"], strict=True
    ):
        clause, number = str(quote), amount(float(value))
        pattern = re.compile(rf"(?<![\d.]){re.escape(number)}(?![\d.])")
        match = pattern.search(clause, reached.get((str(section), clause), 0)) or pattern.search(clause)
        after = str(unit)
        if match:
            reached[(str(section), clause)] = match.end()
            before = re.split(r"[，；（(：,;]|(?<=[件条项次宗个])、", clause[: match.start()])[-1]
            found[int(start)] = (f"…{before[-_BEFORE:]}" if len(before) > _BEFORE else before, number, after)
        else:
            found[int(start)] = (
                f"{clause[:_BEFORE]}…：" if len(clause) > _BEFORE else f"{clause}：",
                number,
                after,
            )
    return found


def headline(shown: pd.DataFrame, tables: Tables) -> Pair:
    """The finding of the picture as a sentence, in Chinese and English."""
    wrong = _count(tables, BREAKS)
    stated = wrong + _count(tables, HOLDS)
    if not stated:
        return words("chart.told_unread" if _count(tables, UNREAD) else "chart.told_nothing")
    if not wrong:
        return counted(stated, "chart.told_one_holds", "chart.told_holds")
    pairs = shown[shown["status"] == BREAKS].drop_duplicates(["told", "table", "cells"]).to_dict("records")
    how = joined((_differs(pair) for pair in pairs[:2]), words("list.semicolon"))
    zh, en = words(
        "chart.told_differs",
        figures=counted(stated, "chart.figure", "chart.figures"),
        wrong=counted(wrong, "chart.differs", "chart.differ"),
        how=how,
    )
    more = "" if len(pairs) <= 2 else "……"
    return f"{zh}{more}", f"{en}{more}"


def _count(tables: Tables, status: str) -> int:
    """How many numbers of the prose were held against their cells, with that result."""
    return count(tables, "checks", rule="narrative", status=status)


def _differs(pair: Mapping) -> Pair:
    cells = _short(pair["cells"]), _short(pair["cells_en"])
    return words("chart.told_pair", told=written(pair["told"]), table=written(pair["table"]), cells=cells)


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:38]}…"


def figure(tables: Tables, about: Mapping) -> Any:
    """The picture, drawn from `plotted`, as a matplotlib Figure."""
    shown = plotted(tables, about)
    body = (_HEAD + _ROW * len(shown)) if len(shown) else 10.0
    canvas, top = c.sheet(
        headline(shown, tables), body, about, words("chart.prose_and_tables"), _notes(tables)
    )
    if not len(shown):
        return canvas.figure
    middle = c.MARGIN + _QUOTE + _AXIS / 2
    _heads(canvas, top, middle)
    differences = shown.loc[shown["status"] == BREAKS, "difference"].abs()
    scale = (_AXIS / 2 - 48) / float(differences.max()) if len(differences) else 0.0
    for i, row in enumerate(shown.to_dict("records")):
        _row(canvas, top + _HEAD + _ROW * i, middle, row, scale)
    return canvas.figure


def _notes(tables: Tables) -> str:
    unread, silent = _count(tables, UNREAD), _count(tables, "not_stated")
    parts = [f"○ {both(words('chart.told_silent', count=silent))}"] if silent else []
    if unread:
        parts.append(f"○ {both(words('chart.told_not_read', count=unread))}")
    return " · ".join(parts)


def _heads(canvas: c.Canvas, top: float, middle: float) -> None:
    edge = _AXIS / 2
    for x, key, size, color, align, bold in (
        (middle - edge - 8, "chart.prose_says", c.BODY, c.INK, "right", True),
        (middle + edge + 8, "chart.table_says", c.BODY, c.INK, "left", True),
        (middle, "chart.equal", c.BODY, c.SOFT, "center", False),
        (middle - 52, "chart.prose_less", c.SMALL, c.SOFT, "center", False),
        (middle + 52, "chart.prose_more", c.SMALL, c.SOFT, "center", False),
    ):
        zh, en = words(key)
        canvas.text(x, top + 8, zh, size, color, align, bold=bold)
        canvas.text(x, top + 20, en, 7.2 if size == c.SMALL else c.SMALL, c.SOFT, align)
    canvas.line(c.MARGIN, top + _HEAD - 8, c.WIDTH - c.MARGIN, top + _HEAD - 8, c.INK, 0.9)


def _row(canvas: c.Canvas, y: float, middle: float, row: Mapping, scale: float) -> None:
    at = y + _ROW / 2 - 4
    breaks = row["status"] == BREAKS
    color = c.BREAK_TEXT if breaks else c.INK
    if breaks:
        canvas.box(c.MARGIN, y - 4, c.WIDTH - 2 * c.MARGIN, _ROW, fill=c.BREAK_TINT)
    canvas.line(c.MARGIN, y + _ROW - 4, c.WIDTH - c.MARGIN, y + _ROW - 4, c.PALE if not breaks else "white")
    _quote(canvas, middle - _AXIS / 2 - 8, at, row, color)
    canvas.line(middle, y - 4, middle, y + _ROW - 4, c.FAINT, 0.8)
    if breaks:
        end = middle + float(row["difference"]) * scale
        side = 1 if end >= middle else -1
        canvas.line(middle, at, end, at, c.BREAK, 3.0)
        canvas.diamond(end, at, 5.0, c.BREAK)
        key = "chart.size_more" if side > 0 else "chart.size_less"
        zh, _ = words(key, size=abs(float(row["difference"])))
        canvas.text(end + side * 9, at, zh, 10.5, c.BREAK_TEXT, "left" if side > 0 else "right", True, 40)
    elif row["status"] == HOLDS:
        canvas.dot(middle, at, 3.2, c.FAINT)
    else:
        canvas.dot(middle, at, 3.2, "white", c.FAINT, 0.9)
    left = middle + _AXIS / 2 + 8
    table = "?" if row["status"] == UNREAD else written(row["table"])
    canvas.text(left + 38, at, table, 13, color, "right", bold=True, room=38)
    room = c.WIDTH - c.MARGIN - left - 46
    canvas.text(left + 46, at - 5, row["cells"], 8.8, color, room=room)
    canvas.text(left + 46, at + 6.5, row["cells_en"], 7.6, c.SOFT, room=room)


def _quote(canvas: c.Canvas, right: float, y: float, row: Mapping, color: str) -> None:
    """The clause up to its number, set so that the numbers stand under each other."""
    number = right - 24
    canvas.text(number + 3, y, row["after"], 8.8, color, room=22)
    wide = canvas.text(number, y, row["number"], 13, color, "right", bold=True, room=70)
    canvas.text(
        number - wide - 4, y - 5, row["before"], 8.8, color, "right", room=number - wide - 4 - c.MARGIN
    )
    canvas.text(number - wide - 4, y + 6.5, row["section"], 7.2, c.SOFT, "right", room=80)
