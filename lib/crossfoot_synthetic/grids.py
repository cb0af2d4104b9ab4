"""The statutory tables as printed: rows of cells that know how many rows and columns they cover."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from crossfoot.forms import Row, cell_name, tables

_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ARTICLES = {
    "2019": (
        ("第二十条第（一）项", ("rules", "normative"), ("made", "published", "public_total")),
        ("第二十条第（五）项", ("licensing", "other_services"), ("items_before", "change", "decisions")),
        ("第二十条第（六）项", ("penalty", "coercion"), ("items_before", "change", "decisions")),
        ("第二十条第（八）项", ("fees",), ("items_before", "change")),
        ("第二十条第（九）项", ("procurement",), ("items", "amount")),
    ),
    "2021": (
        ("第二十条第（一）项", ("rules", "normative"), ("made", "repealed", "in_force")),
        ("第二十条第（五）项", ("licensing",), ("decisions",)),
        ("第二十条第（六）项", ("penalty", "coercion"), ("decisions",)),
        ("第二十条第（八）项", ("fees",), ("amount",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One printed cell: its text, and how many rows and columns it covers."""

    text: str
    tall: int = 1
    wide: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed table: its rows, each with the cells that begin in it; `heading` of them are its head.

    `widths` are the columns' widths relative to each other.
    """

    rows: tuple[tuple[Box, ...], ...]
    heading: int
    widths: tuple[float, ...]


def disclosure(raw: Mapping[str, str], form: str) -> Printed:
    """Table 二: an article's heading, its columns' labels, its rows, and so on."""
    table = tables(form)["disclosure"]
    rows: list[tuple[Box, ...]] = []
    for article, codes, columns in _ARTICLES[form]:
        last = 3 - len(columns) + 1
        spans = [1] * (len(columns) - 1) + [last]
        labels = [table.column(code).label for code in columns]
        rows.append((Box(article, 1, 4),))
        rows.append((Box("信息内容"), *_spread(labels, spans)))
        for code in codes:
            figures = [raw.get(cell_name("disclosure", code, column), "") for column in columns]
            rows.append((Box(table.row(code).label), *_spread(figures, spans)))
    return Printed(tuple(rows), 0, (1.25, 1.0, 1.0, 1.0))


def _spread(texts: Iterable[str], spans: Iterable[int]) -> Iterable[Box]:
    return (Box(text, 1, wide) for text, wide in zip(texts, spans, strict=True))


def requests(raw: Mapping[str, str], form: str) -> Printed:
    """Table 三, with the headings on its left merged as the form merges them."""
    table = tables(form)["requests"]
    labels = {column.code: column.label for column in table.columns}
    applicants = list(labels)
    rows: list[list[Box]] = [
        [Box(_CORNER, 3, 3), Box("申请人情况", 1, 6), Box(labels["total"], 3, 1)],
        [Box(labels["natural_person"], 2, 1), Box("法人或其他组织", 1, 5)],
        [Box(labels[code]) for code in applicants[1:-1]],
    ]
    single = cell_name("requests", "other", "total") in raw
    kept = [r for r in table.rows if not r.code.startswith("other") or (r.code == "other") == single]
    outcomes = [r for r in kept if r.group]
    for row in kept:
        rows.append([Box(raw.get(cell_name("requests", row.code, code), "")) for code in applicants])
    body = dict(zip((r.code for r in kept), rows[3:], strict=True))
    for row in kept:
        if not row.group:
            body[row.code].insert(0, Box(row.label, 1, 3))
    for group, members in groupby(outcomes, key=lambda r: r.group):
        together = list(members)
        for number, row in enumerate(together):
            body[row.code][:0] = _label(group, row, number, len(together))
    body[outcomes[0].code].insert(0, Box("三、本年度办理结果", len(outcomes), 1))
    return Printed(tuple(map(tuple, rows)), 3, (0.7, 2.4, 4.9, *(1.35,) * 7))


def _label(group: str, row: Row, number: int, tall: int) -> list[Box]:
    if group.startswith("三、"):
        return [Box(row.label, 1, 2)]
    return [Box(group, tall, 1), Box(row.label)] if number == 0 else [Box(row.label)]


def disputes(raw: Mapping[str, str], form: str) -> Printed:
    """Table 四: three procedures side by side, their outcomes below, and one row of figures."""
    table = tables(form)["disputes"]
    outcomes = [column.label for column in table.columns]
    figures = [
        Box(raw.get(cell_name("disputes", row.code, column), ""))
        for row in table.rows
        for column in row.columns
    ]
    rows = (
        (Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)),
        (
            *(Box(label, 2, 1) for label in outcomes),
            Box("未经复议直接起诉", 1, 5),
            Box("复议后起诉", 1, 5),
        ),
        tuple(Box(label) for label in outcomes * 2),
        tuple(figures),
    )
    return Printed(rows, 3, (1.0,) * 15)
