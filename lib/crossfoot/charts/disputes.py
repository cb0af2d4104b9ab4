"""Administrative reviews and lawsuits by how they ended: table 四."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..checks import amount
from ..forms import tables as statutory
from ..texts import Pair, joined, words
from ..texts.names import column_name, row_name
from . import canvas as c
from .sums import BREAKS, HOLDS, UNREAD, Verdict, verdicts
from .words import Tables, both, count, counted, total_of, written

_OUTCOMES = ("upheld", "corrected", "other", "pending")
_NAMES, _LONGEST, _BAR, _ROW = 128.0, 430.0, 22.0, 74.0
_COLOURS = {
    "upheld": (c.BLUE, ""),
    "corrected": (c.ORANGE, "\\\\\\\\"),
    "other": (c.FAINT, ""),
    "pending": (c.SLATE, "////"),
}


def plotted(tables: Tables, about: Mapping) -> pd.DataFrame:
    """A row for each of table 四, cases throughout: the four outcomes, `total` as printed, their `sum`.

    `sum` counts a blank as 0 and is missing where all four are blank; `status` says whether sum and total
    agree. A row that is altogether blank is `not_stated`.
    """
    rows = []
    for verdict in verdicts(tables, "dispute_total"):
        code = verdict.scope
        cells = {o: total_of(tables["facts"], "disputes", code, o) for o in (*_OUTCOMES, "total")}
        given = [float(cells[o]) for o in _OUTCOMES if pd.notna(cells[o])]
        total = sum(given) if given else float("nan")
        rows.append({"row": code, **cells, "sum": total, "status": verdict.status})
    frame = pd.DataFrame(rows, columns=["row", *_OUTCOMES, "total", "sum", "status"]).set_index("row")
    numbers = frame.columns.drop("status")
    frame[numbers] = frame[numbers].astype("float64")
    return frame.convert_dtypes()


def headline(shown: pd.DataFrame, tables: Tables, form: str, found: bool = True) -> Pair:
    """The finding of the picture as a sentence, in Chinese and English; `found`: is there a table."""
    if not found:
        return words("chart.no_table", section="四")
    broken = shown[shown["status"] == BREAKS]
    if not broken.empty:
        code = str(broken.index[0])
        left, right = (float(broken[name].iloc[0]) for name in ("sum", "total"))
        given = {"place": row_name(code, form, "disputes"), "left": left, "right": right}
        rows = count(tables, "checks", rule="dispute_total", status=BREAKS)
        return words("chart.row_off", **given) if rows == 1 else words("chart.rows_off", count=rows, **given)
    if (shown["status"] == UNREAD).any():
        return words("chart.disputes_unread")
    cases = shown["total"].fillna(shown["sum"]).fillna(0).astype("float64")
    if not cases.sum():
        return words("chart.no_disputes")
    reviews, lawsuits = float(cases.get("review", 0.0)), float(cases.drop("review", errors="ignore").sum())
    ended = {o: float(shown[o].fillna(0).sum()) for o in _OUTCOMES}
    kinds = []
    if reviews:
        kinds.append(counted(reviews, "chart.one_review", "chart.reviews"))
    if lawsuits:
        kinds.append(counted(lawsuits, "chart.one_lawsuit", "chart.lawsuits"))
    outcomes = joined((words(f"chart.{o}", count=n) for o, n in ended.items() if n), ("，", ", "))
    return words("chart.disputes", cases=joined(kinds, ("、", " and ")), outcomes=outcomes)


def figure(tables: Tables, about: Mapping) -> Any:
    """The picture, drawn from `plotted`, as a matplotlib Figure."""
    shown, form = plotted(tables, about), about["form"]
    broken = {v.scope: v for v in verdicts(tables, "dispute_total") if v.status == BREAKS}
    own = tables["facts"][tables["facts"]["table"] == "disputes"]
    there = set(own.loc[own["status"] != "absent", "row"])
    said = headline(shown, tables, form, bool(there))
    canvas, top = c.sheet(said, _ROW * len(shown), about, words("chart.where", section="四"))
    most = shown["sum"].max()
    scale = _LONGEST / (float(most) if pd.notna(most) and most > 0 else 1.0)
    for i, (code, row) in enumerate(shown.iterrows()):
        silent = f"– {both(words('chart.unfilled' if code in there else 'cell.absent'))}"
        if row["status"] == UNREAD:
            silent = f"? {both(words('chart.doubted'))}"
        _row(canvas, top + _ROW * i, str(code), row, scale, form, broken.get(str(code)), silent)
    return canvas.figure


def _row(
    canvas: c.Canvas,
    y: float,
    code: str,
    row: pd.Series,
    scale: float,
    form: str,
    broken: Verdict | None,
    silent: str,
) -> None:
    """One row with its bar; `silent` is said where it has none."""
    zh, en = row_name(code, form, "disputes")
    group = statutory(form)["disputes"].row(code).group
    canvas.line(c.MARGIN, y, c.WIDTH - c.MARGIN, y, c.RULE)
    color = c.BREAK_TEXT if broken else c.INK
    if group:
        canvas.text(c.MARGIN, y + 13, group, 8.4, c.SOFT)
    canvas.text(c.MARGIN, y + 26, zh, 11.5, color, bold=True, room=_NAMES - 10)
    canvas.text(c.MARGIN, y + 40, en, c.SMALL, c.SOFT, room=_NAMES - 10)
    left = c.MARGIN + _NAMES
    _bar(canvas, left, y + 15, row, scale, form, silent)
    _total(canvas, left + _LONGEST + 24, y + 15, row, broken)


def _bar(
    canvas: c.Canvas, left: float, y: float, row: pd.Series, scale: float, form: str, silent: str
) -> None:
    """The outcomes end to end, each with its name and figure beneath."""
    given = [(o, float(row[o])) for o in _OUTCOMES if pd.notna(row[o]) and float(row[o]) > 0]
    if not given:
        nothing = row["status"] == UNREAD or all(pd.isna(row[o]) for o in _OUTCOMES)
        canvas.text(left, y + _BAR / 2, silent if nothing else "0", c.BODY, c.FAINT)
        return
    if row["status"] == UNREAD:
        canvas.text(left, y - 7, silent, c.SMALL, c.FAINT)
    x, middles = left, []
    for outcome, value in given:
        colour, hatch = _COLOURS[outcome]
        length = value * scale
        canvas.box(x, y, length, _BAR, "white" if hatch else colour, colour if hatch else "white", 0.8, hatch)
        middles.append(x + length / 2)
        x += length
    names = [column_name(outcome, form, "disputes") for outcome, _ in given]
    texts = [f"{zh} {amount(value)}" for (zh, _), (_, value) in zip(names, given, strict=True)]
    wide = [max(c.measure(text, 10), c.measure(en, 7.6)) for text, (_, en) in zip(texts, names, strict=True)]
    for middle, at, text, (_, en) in zip(
        middles, spread(middles, wide, left, left + _LONGEST + 14), texts, names, strict=True
    ):
        canvas.line(middle, y + _BAR, at, y + _BAR + 7, c.FAINT)
        canvas.text(at, y + _BAR + 13, text, 10, c.INK, "center")
        canvas.text(at, y + _BAR + 25, en, 7.6, c.SOFT, "center")


def spread(
    middles: list[float], wide: list[float], left: float, right: float, apart: float = 10.0
) -> list[float]:
    """Where the middles of labels `wide` points stand, so that none overlaps or leaves `left` to `right`.

    Each stands over its own of `middles` or as near as the others let it.
    """
    found = []
    for middle, width in zip(middles, wide, strict=True):
        found.append(max(middle, left + width / 2))
        left = found[-1] + width / 2 + apart
    for i, width in reversed(list(enumerate(wide))):
        found[i] = min(found[i], right - width / 2)
        right = found[i] - width / 2 - apart
    return found


def _total(canvas: c.Canvas, x: float, y: float, row: pd.Series, broken: Verdict | None) -> None:
    zh, en = words("chart.total")
    canvas.text(x, y + _BAR / 2 - 6, zh, 9.5, c.SOFT)
    canvas.text(x, y + _BAR / 2 + 6, en, 7.6, c.SOFT)
    color = c.BREAK_TEXT if broken else c.INK
    wide = canvas.text(x + 28, y + _BAR / 2, written(row["total"]), 15, color, bold=True, room=60)
    if broken:
        room = c.WIDTH - c.MARGIN - x
        canvas.box(x, y + _BAR + 3, room, 17, fill=c.BREAK_TEXT)
        sides = f"{broken.sides[0]} ≠ {broken.sides[1]}"
        canvas.text(x + room / 2, y + _BAR + 11.5, sides, 9.2, "white", "center", bold=True, room=room - 8)
    elif row["status"] == HOLDS:
        canvas.tick(x + 28 + wide + 12, y + _BAR / 2, 8, c.FAINT)
