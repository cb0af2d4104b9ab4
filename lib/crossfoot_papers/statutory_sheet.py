"""What the sheets of the three statutory tables share: figures with their source, and live checks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crossfoot.checks import Identity, amount
from crossfoot.forms import split_cell
from crossfoot.texts import worded
from crossfoot.texts.names import cell_label
from crossfoot.texts.names import place as place_in_words

from . import formulas as f
from .book import Book, clean, lines_needed, link, printing, write_number, write_text
from .claim_lines import Told
from .finding_scope import FEW, broken_by_finding

_IN_TABLE = re.compile(r"table (?P<table>\d+) row (?P<row>\d+)")
_IN_LINE = re.compile(r"line (?P<line>\d+)")
TITLE_ROWS = 4
"""Rows above the printed table: title, whose it is, what breaks now, and air."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where an identity is worked out: the sum of its left side, of its right side (None where that is
    one printed cell), their difference, the sign, and the flag of a blank total (None where none is needed).
    """

    left: f.Spot
    right: f.Spot | None
    difference: f.Spot
    sign: f.Spot
    gap: f.Spot | None


@dataclass(frozen=True, slots=True)
class Desk:
    """All places of the workbook before anything is written, and what is gathered in writing.

    `spots` are the statutory cells by name, `lines` the identities by rule and scope, `told` the claims
    checked against cells by their offset, `facts` the rows of the sheet of facts. `identities` are those of
    the report, `signs` what each check shows as printed. `entered` gathers, for each statutory cell, the
    signs of the checks that it enters on its own sheet, and whether it is one of few in them.
    """

    spots: Mapping[str, f.Spot]
    lines: Mapping[tuple[str, str], Lines]
    told: Mapping[int, Told]
    facts: Mapping[str, f.Spot]
    identities: Sequence[Identity]
    signs: Mapping[tuple[str, str], str]
    entered: dict[str, list[tuple[f.Spot, bool]]] = field(default_factory=dict)


def of_table(desk: Desk, table: str) -> list[Identity]:
    """The identities of the report that are about that table."""
    return [identity for identity in desk.identities if split_cell(identity.cells[0])[0] == table]


def top(book: Book, sheet: Any, table: str) -> None:
    """The sheet's title and whose report it is; the third row waits for `now`."""
    report = book.audit.report
    write_text(book, sheet, 0, 0, book.say(f"table.{table}"), "title")
    sheet.set_row(0, 27)
    about = f"{report.issuer or report.source} {report.year or ''}".strip()
    write_text(book, sheet, 1, 0, f"{about} · {clean(report.source)}", "subtitle")
    absent = book.audit.facts.loc[book.audit.facts["table"] == table, "status"].eq("absent").all()
    if absent:
        write_text(book, sheet, 3, 0, book.say("table.absent"), "subtitle")
    printing(book, sheet, landscape=True)


def figures(book: Book, sheet: Any, desk: Desk, table: str) -> None:
    """Every cell of the table as printed, each with its source as a tip when it is selected."""
    notes = _comments(book)
    for name, spot in desk.spots.items():
        if split_cell(name)[0] != table:
            continue
        fact = book.facts[name]
        match fact.status:
            case "number":
                whole = float(fact.value).is_integer()
                money = fact.unit in ("元", "万元")
                look = ("money" if whole else "cents") if money else "figure"
                write_number(book, sheet, spot.row, spot.column, fact.value, look)
            case "absent":
                write_text(book, sheet, spot.row, spot.column, "", "absent")
            case "blank":
                write_text(book, sheet, spot.row, spot.column, "", "figure")
            case _:
                write_text(book, sheet, spot.row, spot.column, shown_words(fact), "word")
        tip = {
            "validate": "any",
            "input_title": clean(cell_label(name, book.audit.report.form))[:32],
            "input_message": _tip(book, fact),
        }
        sheet.data_validation(spot.row, spot.column, spot.row, spot.column, tip)
        if name in notes:
            words = "\n".join(notes[name])
            size = {"x_scale": 2.2, "y_scale": max(1.0, 0.28 * lines_needed(words, 44))}
            sheet.write_comment(spot.row, spot.column, words, {"author": "Crossfoot", **size})


def shown_words(fact: Any) -> str:
    """What the workbook shows for a cell without a figure: what it prints, with a ? where it is unread."""
    raw = str(fact.raw).strip()
    return f"{raw} ?".strip() if fact.status == "unread" else raw


def place_of(book: Book, fact: Any) -> str:
    """Where a fact stands, for people: the page, or the place in a text or web page."""
    if not pd.isna(fact.page):
        return book.say("place.page", page=int(fact.page))
    place = str(fact.where).partition(" column ")[0]
    for pattern, key in ((_IN_TABLE, "place.in_row"), (_IN_LINE, "place.line")):
        if match := pattern.fullmatch(place):
            return book.say(key, **match.groupdict())
    return place


def _tip(book: Book, fact: Any) -> str:
    if fact.status == "absent":
        return book.say("cell.absent")
    place = "" if pd.isna(fact.page) else book.say("place.page", page=int(fact.page)) + "  "
    return clean(
        book.say(
            "tip.agreed" if fact.agreed else "tip.differ",
            printed=(str(fact.raw).strip() or book.say("cell.blank"))[:90],
            place=f"{place}{worded(place_in_words(str(fact.where), None), book.language)}"[:80],
            readers=fact.readers or "–",
        )
    )[:250]


def _comments(book: Book) -> dict[str, list[str]]:
    """What the findings say of each cell that is one of few in a broken check, or of a reading in doubt."""
    found: dict[str, list[str]] = {}
    audit = book.audit
    for number, (finding, broken) in enumerate(zip(book.findings, broken_by_finding(audit), strict=True), 1):
        names = {name for one in broken for side in one.sides if len(side) <= FEW for name in side}
        for name in sorted(names):
            found.setdefault(name, []).append(clean(f"{number}. {finding.title}"))
    return found


def source(
    book: Book, sheet: Any, desk: Desk, names: Sequence[str], row: int, columns: tuple[int, int]
) -> None:
    """Where the row stands in the report, leading to its facts, and what is printed in another form."""
    found = [book.facts[name] for name in names]
    places = dict.fromkeys(place_of(book, fact) for fact in found if fact.status != "absent")
    places.pop("", None)
    if places:
        link(book, sheet, row, columns[0], desk.facts[names[0]], " ".join(places))
    otherwise = [
        f"{cell_label(name, book.audit.report.form).rpartition('·')[2]}：{str(fact.raw).strip()}"
        for name, fact in zip(names, found, strict=True)
        if fact.status == "number" and str(fact.raw).strip() != amount(float(fact.value))
    ]
    if otherwise:
        write_text(book, sheet, row, columns[1], "; ".join(otherwise), "small")


def narrowed(gloss: str) -> str:
    """Letters that take the room of a small gloss behind its label."""
    return "x" * (3 + 3 * len(gloss) // 4) if gloss else ""


def height(texts: Iterable[tuple[str, float]], least: float = 19) -> float:
    """How high a row must be for its texts, each in a room of that many half-width characters."""
    return max([least, *(4 + 14.5 * lines_needed(text, room) for text, room in texts)])
