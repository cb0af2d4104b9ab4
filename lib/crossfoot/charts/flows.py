"""Requests received against requests accounted for, per kind of applicant."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..checks import PLUS
from ..forms import tables as statutory
from ..texts import Pair, joined, words
from ..texts.names import column_name
from . import canvas as c
from .sums import BREAKS, HOLDS, UNREAD, verdicts
from .words import Tables, both, total_of, written

_IN, _OUT = ("new", "carried_in"), ("handled", "carried_out")
_NAMES = 118.0
_BARS = 330.0
_BAR, _GAP, _BLOCK = 15.0, 15.0, 84.0


def plotted(tables: Tables, about: Mapping) -> pd.DataFrame:
    """A row for each applicant column that states a figure, 总计 first; cases throughout.

    `received` is new + carried_in, `accounted` is handled + carried_out, `gap` is received - accounted;
    a blank counts as 0 in a sum, and where nothing is stated or read (`status`) the sums are missing.
    """
    rows = []
    not_applicants = {column.code for column in statutory(about["form"])["requests"].subtotal_columns}
    for verdict in verdicts(tables, "balance"):
        column = verdict.scope
        if column in not_applicants:
            continue
        cells = {row: total_of(tables["facts"], "requests", row, column) for row in (*_IN, *_OUT)}
        if all(pd.isna(value) for value in cells.values()):
            continue
        sums = {"received": verdict.left, "accounted": verdict.right, "gap": verdict.left - verdict.right}
        rows.append({"column": column, **cells, **sums, "status": verdict.status})
    names = ["column", *_IN, *_OUT, "received", "accounted", "gap", "status"]
    frame = pd.DataFrame(rows, columns=names).set_index("column")
    numbers = frame.columns.drop("status")
    frame[numbers] = frame[numbers].astype("float64")
    first = [code for code in ("total",) if code in frame.index]
    return frame.loc[first + [code for code in frame.index if code not in first]].convert_dtypes()


def headline(shown: pd.DataFrame, form: str, unread: bool = False) -> Pair:
    """The finding of the picture as a sentence, in Chinese and English; `unread`: some was not read."""
    broken = shown[shown["status"] == BREAKS]
    if not broken.empty:
        code = str(broken.index[0])
        received, accounted = float(broken["received"].iloc[0]), float(broken["accounted"].iloc[0])
        key = "chart.flows_more" if accounted > received else "chart.flows_fewer"
        size = abs(received - accounted)
        return words(key, place=column_name(code, form), left=received, right=accounted, size=size)
    stated = shown[shown["status"] == HOLDS]
    if stated.empty:
        return words("chart.balance_unread" if unread else "chart.unstated")
    place, value = column_name(str(stated.index[0]), form), float(stated["received"].iloc[0])
    return words("chart.flows_hold", place=place, value=value)


def figure(tables: Tables, about: Mapping) -> Any:
    """The picture, drawn from `plotted`, as a matplotlib Figure."""
    shown, form = plotted(tables, about), about["form"]
    balance = verdicts(tables, "balance")
    unread = [v.scope for v in balance if v.status == UNREAD]
    silent = [v.scope for v in balance if v.status != UNREAD and v.scope not in shown.index]
    shown = shown.drop(index=unread, errors="ignore")
    zeros = [str(code) for code, row in shown.iterrows() if code != "total" and not _figures(row)]
    shown = shown.drop(index=zeros)
    body = max(_BLOCK * len(shown), 20.0)
    canvas, top = c.sheet(
        headline(shown, form, bool(unread)),
        body,
        about,
        words("chart.where", section="三"),
        _notes(silent, zeros, unread, form),
    )
    most = max([1.0, *shown["received"].dropna().astype("float64"), *shown["accounted"].dropna()])
    for i, (code, row) in enumerate(shown.iterrows()):
        _block(canvas, top + _BLOCK * i, str(code), row, _BARS / float(most), form)
    return canvas.figure


def _figures(row: pd.Series) -> bool:
    """Whether the applicant's row has anything but zeros and blanks to draw."""
    return any(pd.notna(row[code]) and float(row[code]) for code in (*_IN, *_OUT))


def _notes(silent: list[str], zeros: list[str], unread: list[str], form: str) -> str:
    parts = [f"– {both(words('chart.zero'))}"]
    for codes, key in ((silent, "chart.silent"), (zeros, "chart.zeros"), (unread, "chart.not_read")):
        if codes:
            parts.append(both(words(key, names=joined(column_name(code, form) for code in codes))))
    return " · ".join(parts)


def _block(canvas: c.Canvas, y: float, code: str, row: pd.Series, scale: float, form: str) -> None:
    """One applicant: what came in, what became of it, and the gap between the two ends."""
    zh, en = column_name(code, form)
    breaks = row["status"] == BREAKS
    canvas.line(c.MARGIN, y, c.WIDTH - c.MARGIN, y, c.RULE)
    canvas.text(c.MARGIN, y + 22, zh, 13, c.BREAK_TEXT if breaks else c.INK, bold=True, room=_NAMES - 60)
    canvas.text(c.MARGIN, y + 37, en, 8.5, c.SOFT, room=_NAMES - 60)
    left = c.MARGIN + _NAMES
    ends = []
    for i, (codes, name, colours) in enumerate(
        (
            (_IN, words("chart.received"), (c.BLUE, c.SKY)),
            (_OUT, words("chart.accounted"), (c.SLATE, c.FAINT)),
        )
    ):
        at = y + 12 + i * (_BAR + _GAP)
        ends.append(left + _bar(canvas, left, at, [row[other] for other in codes], scale, colours))
        canvas.text(left - 8, at + _BAR / 2 - 4, name[0], 9.5, c.INK, "right")
        canvas.text(left - 8, at + _BAR / 2 + 6, name[1], 7.2, c.SOFT, "right", room=54)
        _label(canvas, left + _BARS + 66, at, codes, row, name, breaks, form)
    if breaks:
        _gap(canvas, y + 12, ends, float(row["gap"]))
    elif row["status"] == HOLDS:
        canvas.tick(max(ends) + 14, y + 12 + _BAR + _GAP / 2, 9, c.FAINT)


def _bar(
    canvas: c.Canvas, x: float, y: float, values: list[Any], scale: float, colours: tuple[str, str]
) -> float:
    """The two addends end to end, the carried part hatched; returns the bar's length."""
    begin = x
    for value, colour, hatch in zip(values, colours, ("", "////"), strict=True):
        length = 0.0 if pd.isna(value) else max(float(value), 0.0) * scale
        if length:
            canvas.box(
                x, y, length, _BAR, fill="white" if hatch else colour, edge=colour, line=0.5, hatch=hatch
            )
        x += length
    return x - begin


def _label(
    canvas: c.Canvas,
    x: float,
    y: float,
    codes: tuple[str, ...],
    row: pd.Series,
    name: Pair,
    breaks: bool,
    form: str,
) -> None:
    """The bar's sum, large, and its addends with their names in both languages."""
    total = row["received" if codes == _IN else "accounted"]
    color = c.BREAK_TEXT if breaks else c.INK
    canvas.text(x + 34, y + _BAR / 2, written(total), 15, color, "right", bold=True, room=40)
    parts = [(words(f"chart.{code}"), written(row[code])) for code in codes]
    zh, en = joined(((f"{name[0]} {value}", f"{name[1]} {value}") for name, value in parts), PLUS)
    room = c.WIDTH - c.MARGIN - x - 42
    canvas.text(x + 42, y + _BAR / 2 - 5, f"＝ {zh}", 9.5, c.INK, room=room)
    canvas.text(x + 42 + c.measure("＝ ", 9.5), y + _BAR / 2 + 7, en, 7.6, c.SOFT, room=room - 14)


def _gap(canvas: c.Canvas, y: float, ends: list[float], gap: float) -> None:
    """The piece by which one bar is longer, on the shorter one's level, with its size beside it."""
    short, long = min(ends), max(ends)
    at = y if ends[0] == short else y + _BAR + _GAP
    canvas.line(short, y - 3, short, y + 2 * _BAR + _GAP + 3, c.BREAK, 0.8)
    canvas.line(long, y - 3, long, y + 2 * _BAR + _GAP + 3, c.BREAK, 0.8)
    canvas.box(short, at, max(long - short, 1.2), _BAR, fill=c.BREAK_TINT, edge=c.BREAK, line=1.0)
    canvas.diamond(long + 9, at + _BAR / 2, 3.6, c.BREAK)
    zh, en = words("chart.apart", size=abs(gap))
    canvas.text(long + 16, at + _BAR / 2, zh, 10.5, c.BREAK_TEXT, bold=True, room=52)
    canvas.text(long + 16, at + _BAR / 2 + 11, en, 7.2, c.BREAK_TEXT, room=52)
