"""What became of the requests: granted, partly, denied, unavailable, not processed, otherwise handled."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..forms import tables as statutory
from ..texts import Pair, joined, same, words
from ..texts.names import group_name, group_of, row_name
from . import canvas as c
from .words import Tables, both, doubted, total_of, written

_COLUMN, _UNREAD = "total", "unread"
_NAMES, _BAR, _ROW, _LONGEST = 112.0, 17.0, 52.0, 490.0
_VISIBLE = 3.0
"""How long a part of a bar must be for a line to part it from the one before, in points."""
_LISTED = 4
"""How many of a heading's rows are named under its bar; the rest are counted."""
_COLOURS = {"granted": (c.BLUE, ""), "partly_granted": (c.BLUE, "////")}
_BEFORE_OUTCOMES, _AFTER_OUTCOMES = ("new", "carried_in"), ("handled", "carried_out")


def plotted(tables: Tables, about: Mapping) -> pd.DataFrame:
    """A row for each result and each of its rows with a figure, in the order of the form.

    `outcome` is the result, `row` the code of the form's row, `count` its cases, `share` what part of all
    results it is, in percent. A result without a figure has one row with `count` missing. `source` is
    `printed` (总计) or `summed`, where 总计 is blank and the applicants' columns are not; it is `unread`
    where a figure that it takes was not read beyond doubt: then no result has a share.
    """
    facts = tables["facts"][tables["facts"]["table"] == "requests"]
    form = statutory(str(about["form"]))["requests"]
    sums = [row.code for row in form.subtotals]  # their parts are rows themselves
    facts = facts[~facts["column"].isin([column.code for column in form.subtotal_columns])]
    found = []
    for code in facts["row"].unique():
        if code not in (*_BEFORE_OUTCOMES, *_AFTER_OUTCOMES, *sums):
            value, source = _count(facts, code)
            found.append({"outcome": group_of(code), "row": code, "count": value, "source": source})
    frame = pd.DataFrame(found, columns=["outcome", "row", "count", "source"])
    frame["count"] = frame["count"].astype("float64")
    silent = frame["count"].isna()
    first = ~frame["outcome"].duplicated()
    empty = frame.groupby("outcome")["count"].transform("count") == 0
    unread = frame["source"] == _UNREAD
    frame = frame[~silent | unread | (empty & first)].reset_index(drop=True)
    everything = 0 if unread.any() else frame["count"].sum()
    frame["share"] = (100 * frame["count"] / everything).round(1) if everything else float("nan")
    return frame.assign(count=frame["count"].convert_dtypes())


def _count(facts: pd.DataFrame, code: str) -> tuple[float, str]:
    """The row's 总计, or the sum of its applicants where that is not printed."""
    printed = total_of(facts, "requests", code, _COLUMN)
    row = facts[facts["row"] == code]
    if pd.isna(printed) and doubted(row).any():
        return float("nan"), _UNREAD
    applicants = row.loc[row["column"] != _COLUMN, "value"].dropna()
    if pd.isna(printed) and len(applicants):
        return float(applicants.sum()), "summed"
    return float(printed), "" if pd.isna(printed) else "printed"


def headline(shown: pd.DataFrame) -> Pair:
    """The finding of the picture as a sentence, in Chinese and English."""
    everything = float(shown["count"].fillna(0).sum())
    if (shown["source"] == _UNREAD).any():
        return words("chart.results_unread")
    if not everything:
        return words("chart.no_results")
    opened = float(shown.loc[shown["outcome"].isin(["granted", "partly_granted"]), "count"].fillna(0).sum())
    share = f"{100 * opened / everything:.0f}%"
    return words("chart.opened", count=everything, opened=opened, share=share)


def figure(tables: Tables, about: Mapping) -> Any:
    """The picture, drawn from `plotted`, as a matplotlib Figure."""
    shown = plotted(tables, about)
    groups = list(shown["outcome"].unique())
    canvas, top = c.sheet(
        headline(shown),
        sum(_high(shown, group) for group in groups),
        about,
        words("chart.results"),
        _notes(tables, shown),
    )
    sums = shown.groupby("outcome", sort=False)["count"].sum()
    scale = _LONGEST / max(float(sums.max()), 1.0)
    y = top
    for group in groups:
        _outcome(canvas, y, group, shown[shown["outcome"] == group], scale, about["form"])
        y += _high(shown, group)
    return canvas.figure


def _has_parts(rows: pd.DataFrame) -> bool:
    return "." in str(rows["row"].iloc[0]) and bool((rows["count"] > 0).any())


def _high(shown: pd.DataFrame, group: str) -> float:
    return _ROW if _has_parts(shown[shown["outcome"] == group]) else _ROW - 12


def _notes(tables: Tables, shown: pd.DataFrame) -> str:
    parts = []
    handled = total_of(tables["facts"], "requests", "handled", _COLUMN)
    everything = float(shown["count"].fillna(0).sum())
    if (shown["source"] == "summed").any():
        parts.append(both(words("chart.summed")))
    if (shown["source"] == _UNREAD).any():
        parts.append(f"? {both(words('chart.doubted'))}")
        return " · ".join(parts)
    if pd.notna(handled) and float(handled) != everything:
        parts.append(both(words("chart.other_total", count=everything, total=float(handled))))
    parts.append(both(words("chart.shares")))
    return " · ".join(parts)


def _outcome(canvas: c.Canvas, y: float, group: str, rows: pd.DataFrame, scale: float, form: str) -> None:
    zh, en = group_name(group, form)
    canvas.text(c.MARGIN, y + 8, zh, 11.5, c.INK, bold=True, room=_NAMES - 8)
    canvas.text(c.MARGIN, y + 22, en, c.SMALL, c.SOFT, room=_NAMES - 8)
    left = x = c.MARGIN + _NAMES
    total = rows["count"].sum(min_count=1)
    unread = (rows["source"] == _UNREAD).any()
    if pd.isna(total):
        nothing = f"? {both(words('chart.doubted'))}" if unread else f"– {both(words('chart.unfilled'))}"
        canvas.text(left, y + _BAR / 2, nothing, c.BODY, c.FAINT)
        return
    colour, hatch = _COLOURS.get(group, (c.SLATE, ""))
    for value in rows["count"].dropna():
        length = max(float(value), 0.0) * scale
        if length:
            canvas.box(x, y, length, _BAR, "white" if hatch else colour, colour, 0.8 if hatch else 0.0, hatch)
            if x > left and length > _VISIBLE:
                canvas.line(x, y, x, y + _BAR, "white", 0.8)
        x += length
    wide = canvas.text(x + 7, y + _BAR / 2, written(total) + (" + ?" if unread else ""), 13, c.INK, bold=True)
    share = rows["share"].sum(min_count=1)
    if pd.notna(share):
        canvas.text(
            x + 13 + wide,
            y + _BAR / 2,
            f"{share:.0f}%" if share == 0 or share >= 1 else "<1%",
            c.BODY,
            c.SOFT,
        )
    if _has_parts(rows):
        _parts(canvas, left, y + _BAR + 8, rows[rows["count"] > 0], form)


def _parts(canvas: c.Canvas, x: float, y: float, rows: pd.DataFrame, form: str) -> None:
    """Which rows make the bar, largest first."""
    largest = rows.sort_values("count", ascending=False, kind="stable")
    names = [
        (row_name(str(code), form), written(value))
        for code, value in zip(largest["row"], largest["count"], strict=True)
    ]
    rest = largest["count"].iloc[_LISTED:].sum()
    told: list[Pair] = [(f"{name[0]} {value}", f"{name[1]} {value}") for name, value in names[:_LISTED]]
    if len(names) > _LISTED:
        told.append(words("chart.rest", count=len(names) - _LISTED, value=written(rest)))
    room = c.WIDTH - c.MARGIN - x
    zh, en = joined(told, same(" · "))
    canvas.text(x, y, zh, 8.4, c.INK, room=room)
    canvas.text(x, y + 11, en, 7.4, c.SOFT, room=room)
