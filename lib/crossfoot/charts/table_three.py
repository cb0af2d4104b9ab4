"""Table 三 as a picture: every printed figure, and each identity marked where it breaks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import texts
from ..forms import Row, cell_name
from ..forms import tables as statutory
from ..texts import Pair, same
from ..texts.names import column_name, english, group_name, group_of, printed_label
from . import canvas as c
from .sums import BREAKS, HOLDS, UNREAD, Verdict, scope_name, verdicts
from .words import Tables, both, count, counted

BY_COLUMN, BY_ROW = ("results_total", "balance"), "row_total"
ABSENT, DOUBTED = "absent", " ?"
_GROUP, _LABEL, _CELL, _HEAD, _ROW, _FOOT = 66.0, 246.0, 49.0, 58.0, 19.0, 31.0


def plotted(tables: Tables, about: Mapping) -> pd.DataFrame:
    """What the picture shows: a row for each of the form, a column for each applicant, as printed.

    `absent` stands where the report lacks the row, ` ?` behind what was not read beyond doubt. The last
    rows (`results_total`, `balance`) and the column `row_total` say of each identity `holds`, the formula
    where it breaks, or nothing where the report does not state enough.
    """
    facts = tables["facts"][tables["facts"]["table"] == "requests"]
    raw = facts["raw"].fillna("").astype("str")
    sure = facts["agreed"] & (facts["status"] != "unread")
    raw = raw.where(sure, (raw + DOUBTED).str.lstrip()).mask(facts["status"] == "absent", ABSENT)
    shown = facts.assign(raw=raw).pivot(index="row", columns="column", values="raw")
    shown = shown.loc[list(facts["row"].unique()), list(facts["column"].unique())]
    shown.columns.name = None
    said = {(v.rule, v.scope): v.shown for v in verdicts(tables, *BY_COLUMN, BY_ROW)}
    shown[BY_ROW] = [said.get((BY_ROW, row), "") for row in shown.index]
    for rule in BY_COLUMN:
        shown.loc[rule] = [said.get((rule, column), "") for column in shown.columns]
    return shown


def headline(tables: Tables, about: Mapping) -> Pair:
    """The finding of the picture as a sentence, in Chinese and English."""
    found = verdicts(tables, *BY_COLUMN, BY_ROW)
    broken = [v for v in found if v.status == BREAKS]
    balance = [v for v in found if v.rule == "balance" and v.status in (HOLDS, BREAKS)]
    unbalanced = [v for v in balance if v.status == BREAKS]
    off = {rule: count(tables, "checks", rule=rule, status=BREAKS) for rule in (*BY_COLUMN, BY_ROW)}
    if not broken and not balance:
        unread = any(v.status == UNREAD for v in found if v.rule == "balance")
        return texts.words("chart.balance_unread" if unread else "chart.unstated")
    main = (unbalanced or broken or balance)[-1 if unbalanced or not broken else 0]
    place = scope_name(main, about["form"])
    of = same("") if main.scope == "total" else texts.words("chart.of", place=place)
    if not broken:
        return texts.words("chart.balanced", of=of, left=main.left, right=main.right)
    if not unbalanced:
        sums = counted(sum(off.values()), "chart.sum", "chart.sums")
        return texts.words("chart.sums_off", sums=sums, place=place, left=main.left, right=main.right)
    others = sum(off.values()) - off["balance"]
    return texts.words(
        "chart.unbalanced",
        columns=counted(off["balance"], "chart.column", "chart.columns"),
        of=of,
        left=main.left,
        right=texts.words(
            "chart.went_more" if main.right > main.left else "chart.went_fewer", right=main.right
        ),
        also=counted(others, "chart.also_one", "chart.also") if others else same(""),
    )


def figure(tables: Tables, about: Mapping) -> Any:
    """The picture, drawn from `plotted`, as a matplotlib Figure."""
    shown, table = plotted(tables, about), statutory(about["form"])["requests"]
    broken = [v for v in verdicts(tables, *BY_COLUMN, BY_ROW) if v.status == BREAKS]
    rows = [row for row in shown.index if row not in BY_COLUMN]
    columns = [column for column in shown.columns if column != BY_ROW]
    body = _HEAD + _ROW * len(rows) + 6 + _FOOT * len(BY_COLUMN)
    canvas, top = c.sheet(
        headline(tables, about), body, about, texts.words("chart.where", section="三"), _notes(shown)
    )
    first = c.MARGIN + _GROUP + _LABEL - _CELL * (len(columns) - len(table.columns))  # a sub-total takes room
    columns_at = {code: first + _CELL * i for i, code in enumerate(columns)}
    rows_at = {code: top + _HEAD + _ROW * i for i, code in enumerate(rows)}
    right = columns_at[columns[-1]] + _CELL

    _tint(canvas, broken, columns_at, top, body)
    _heads(canvas, columns_at, top, right, about["form"], {v.scope for v in broken})
    _labels(canvas, rows_at, first, right, about["form"])
    marked = _marked(broken)
    for row, y in rows_at.items():
        for column, x in columns_at.items():
            _cell(
                canvas, x, y, str(shown.loc[row, column]), marked.get(cell_name("requests", row, column), "")
            )
        _row_verdict(canvas, right, y, str(shown.loc[row, BY_ROW]))
    y = top + _HEAD + _ROW * len(rows) + 6
    for rule in BY_COLUMN:
        _foot(canvas, y, rule, {x: str(shown.loc[rule, column]) for column, x in columns_at.items()}, broken)
        y += _FOOT
    return canvas.figure


def _marked(broken: list[Verdict]) -> dict[str, str]:
    """How each cell of a broken identity is marked: `sum` (outlined) where few cells make a side, `part`."""
    marks: dict[str, str] = {}
    for verdict in broken:
        for side in verdict.cells:
            for name in side:
                marks[name] = "sum" if len(side) <= 2 else marks.get(name, "part")
    return marks


def _notes(shown: pd.DataFrame) -> str:
    parts = [f"✓ {both(texts.words('chart.holds'))}"]
    if shown.map(lambda said: "–" in str(said) and "≠" in str(said)).any(axis=None):
        parts.append(f"– {both(texts.words('chart.zero'))}")
    if (shown == ABSENT).any(axis=None):
        parts.append(both(texts.words("chart.hatched")))
    if shown.map(lambda said: str(said).endswith(DOUBTED.strip())).any(axis=None):
        parts.append(f"? {both(texts.words('chart.doubted'))}")
    return " · ".join(parts)


def _tint(canvas: c.Canvas, broken: list[Verdict], at: Mapping[str, float], top: float, body: float) -> None:
    for verdict in broken:
        if verdict.scope in at:
            canvas.box(at[verdict.scope], top + 18, _CELL, body - 18, fill=c.BREAK_TINT)


def _heads(
    canvas: c.Canvas, at: Mapping[str, float], top: float, right: float, form: str, broken: set[str]
) -> None:
    first, last = min(at.values()), max(at.values())
    canvas.text(
        (first + last) / 2, top + 9, both(texts.words("printed.applicants")), c.SMALL, c.SOFT, "center"
    )
    canvas.line(first + 3, top + 18, last - 3, top + 18)
    for code, x in at.items():
        zh, en = column_name(code, form)
        lines = c.wrapped(zh, 8.6, _CELL - 8)
        color = c.BREAK_TEXT if code in broken else c.INK
        for i, line in enumerate(lines):
            y = top + 32 + 10.5 * (i - (len(lines) - 1) / 2)
            canvas.text(x + _CELL / 2, y, line, 8.6, color, "center", bold=code in broken, room=_CELL - 4)
        canvas.text(
            x + _CELL / 2, top + 50, en, 7.0, color if code in broken else c.SOFT, "center", room=_CELL - 4
        )
    zh, en = texts.words(f"chart.rule_{BY_ROW}")
    canvas.text(right + 6, top + 38, zh, 7.0, c.FAINT)
    canvas.text(right + 6, top + 48, en, 7.0, c.FAINT)
    canvas.line(c.MARGIN, top + _HEAD, right, top + _HEAD, c.INK, 0.9)


def _labels(canvas: c.Canvas, at: Mapping[str, float], first: float, right: float, form: str) -> None:
    table = statutory(form)["requests"]
    codes = list(at)
    for i, (code, y) in enumerate(at.items()):
        row = table.row(code)
        grouped = "." in code or bool(row.before)
        left = c.MARGIN + (_GROUP if grouped else 0)
        room = first - left - 8
        zh, en = printed_label(row), english("requests", "row", code)
        wide = canvas.text(left, y + _ROW / 2, zh, 8.8, c.INK, room=room * 0.66, bold=not grouped)
        canvas.text(left + room, y + _ROW / 2, en, 7.6, c.SOFT, "right", room=room - wide - 6)
        heads = i == 0 or not grouped or table.row(codes[i - 1]).group != row.group
        canvas.line(c.MARGIN if heads else left, y, right, y, c.RULE if heads else c.PALE)
        if heads and grouped:
            members = [other for other in codes if table.row(other).group == row.group]
            _group(canvas, y, members, row, form)


def _group(canvas: c.Canvas, y: float, codes: list[str], row: Row, form: str) -> None:
    middle = y + _ROW * len(codes) / 2
    number = row.group[: row.group.find("）") + 1]
    zh, en = group_name(group_of(row.before or row.code), form)
    canvas.text(c.MARGIN, middle - 11, number, 8.8, c.INK, bold=True)
    canvas.text(c.MARGIN, middle, zh, 8.8, c.INK, bold=True, room=_GROUP - 6)
    canvas.text(c.MARGIN, middle + 11, en, 7.6, c.SOFT, room=_GROUP - 8)


def _cell(canvas: c.Canvas, x: float, y: float, words: str, mark: str) -> None:
    middle = x + _CELL / 2, y + _ROW / 2
    if words == ABSENT:
        canvas.box(x + 1, y + 1, _CELL - 2, _ROW - 2, edge=c.RULE, hatch="////")
        return
    if mark == "sum":
        canvas.box(x + 2, y + 1.5, _CELL - 4, _ROW - 3, fill="white", edge=c.BREAK, line=1.4)
        canvas.text(*middle, words, 10, c.BREAK_TEXT, "center", bold=True, room=_CELL - 8)
        if not words:
            canvas.text(
                *middle, both(texts.words("chart.blank_cell")), 7.0, c.BREAK_TEXT, "center", room=_CELL - 8
            )
        return
    color = c.BREAK_TEXT if mark else c.FAINT if words == "0" else c.INK
    figure, mark, remark = words.partition("（")
    if figure and mark and c.measure(words, 7) > _CELL - 6:
        canvas.text(middle[0], middle[1] - 3, figure, 9, color, "center", room=_CELL - 6)
        words, middle = mark + remark, (middle[0], middle[1] + 5)
    canvas.text(*middle, words, 10, color, "center", room=_CELL - 6)


def _row_verdict(canvas: c.Canvas, x: float, y: float, said: str) -> None:
    if said == HOLDS:
        canvas.tick(x + 12, y + _ROW / 2, 6, c.FAINT)
    elif said:
        room = c.WIDTH - c.MARGIN - x - 4
        canvas.box(x + 3, y + 2, room, _ROW - 4, fill=c.BREAK_TEXT)
        canvas.text(x + 3 + room / 2, y + _ROW / 2, said, 8.6, "white", "center", bold=True, room=room - 4)


def _foot(canvas: c.Canvas, y: float, rule: str, said: Mapping[float, str], broken: list[Verdict]) -> None:
    """One verdict under each column: a quiet tick, or both sides with the sign between them."""
    right = min(said) - 8
    zh, en = texts.words(f"chart.rule_{rule}")
    canvas.text(right, y + _FOOT / 2 - 6, zh, 8.6, c.SOFT, "right")
    canvas.text(right, y + _FOOT / 2 + 6, en, 7.6, c.SOFT, "right")
    for x, words in said.items():
        middle = x + _CELL / 2
        if words == HOLDS:
            canvas.tick(middle, y + _FOOT / 2, 7, c.FAINT)
        elif words:
            left, _, other = words.partition(" ≠ ")
            canvas.box(x + 1, y + 1, _CELL - 2, _FOOT - 2, fill=c.BREAK_TEXT)
            canvas.text(middle, y + _FOOT / 2 - 6.5, left, 9.2, "white", "center", bold=True, room=_CELL - 6)
            canvas.text(
                middle, y + _FOOT / 2 + 6.5, f"≠ {other}", 9.2, "white", "center", bold=True, room=_CELL - 6
            )
