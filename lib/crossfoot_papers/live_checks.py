"""The live part of a statutory table's sheet: its sums, what the prose says of it, and what turns colour."""

from collections.abc import Sequence
from typing import Any

from crossfoot.checks import Identity, amount
from crossfoot.forms import split_cell

from . import formulas as f
from .book import Book, lines_needed, merged, signs, write_live
from .finding_scope import FEW
from .scopes import cells_in_words
from .statutory_sheet import Desk, of_table


def check_lines(book: Book, sheet: Any, desk: Desk, identity: Identity) -> None:
    """One identity worked out live in its places."""
    place = desk.lines[identity.rule, identity.scope]
    home = place.sign.sheet
    left_areas, right_areas = (
        f.areas([desk.spots[name] for name in side], home) for side in (identity.left, identity.right)
    )
    left, right = (_sum(book, side) for side in (identity.left, identity.right))
    left_cell = f.ref(place.left, home)
    right_cell = f.ref(place.right, home) if place.right else f.sum_of(right_areas)
    write_live(book, sheet, place.left, f"={f.sum_read(left_areas)}", left, "sum")
    if place.right:
        write_live(book, sheet, place.right, f"={f.sum_read(right_areas)}", right, "sum")
    gaps = [
        desk.lines[other.rule, other.scope].gap
        for other in of_table(desk, split_cell(identity.cells[0])[0])
        if other is not identity and _may_lack(identity, other)
    ]
    sign = f.status(
        left_cell,
        right_cell,
        left_areas + right_areas,
        [f.ref(desk.spots[name], home) for name in identity.total],
        f.areas([one for one in gaps if one is not None], home),
        identity.bound == "at_most",
    )
    shown = desk.signs[identity.rule, identity.scope]
    apart = None if shown == f.OPEN or left is None or right is None else round(left - right, 6)
    write_live(book, sheet, place.sign, sign, shown, "sign")
    write_live(
        book,
        sheet,
        place.difference,
        f.difference(f.ref(place.sign, home), left_cell, right_cell),
        apart,
        "sum",
    )
    for one in (place.left, place.right, place.difference):
        if one:
            quiet = {"type": "formula", "criteria": f'={f.ref(place.sign, home)}="{f.OPEN}"'}
            sheet.conditional_format(
                one.row, one.column, one.row, one.column, quiet | {"format": book.look("faint")}
            )
    if place.gap:
        total = f.ref(desk.spots[identity.total[0]], home)
        empty = f.gap(total, left_areas)
        write_live(book, sheet, place.gap, empty, f.gap_value(identity, book.cells), "flag")
    for side in (identity.left, identity.right):
        for name in side:
            desk.entered.setdefault(name, []).append((place.sign, len(side) <= FEW))


def _sum(book: Book, names: Sequence[str]) -> float | None:
    """The sum of the cells as printed; None where one could not be read."""
    cells = [book.cells[name] for name in names]
    if any(cell.value is None and not cell.void for cell in cells):
        return None
    return round(sum(cell.value or 0.0 for cell in cells), 6)


def _may_lack(identity: Identity, other: Identity) -> bool:
    """Whether the other's printed total, if it is blank, leaves this identity without a figure."""
    return not other.bound and any(total in identity.cells for total in other.total)


def prose(
    book: Book, sheet: Any, desk: Desk, table: str, row: int, columns: Sequence[tuple[int, int]]
) -> list[f.Spot]:
    """The claims about the table, from `row` on, each against its cells; returns where their signs stand.

    `columns` are the first and last columns of quote, prose, unit, table, difference, sign, page, cells.
    """
    home = book.sheet_name(table)
    claims = [one for one in desk.told.values() if split_cell(one.cells[0])[0] == table]
    if not claims:
        return []
    merged(book, sheet, (row, 0), (row, columns[-1][1]), book.say("live.prose_heading"), "heading")
    sheet.set_row(row, 22)
    keys = (
        "head.quote",
        "live.prose",
        "head.unit",
        "live.table",
        "head.difference",
        "printed.checked",
        "head.page",
    )
    for (first, last), key in zip(columns, (*keys, "head.subject"), strict=True):
        merged(book, sheet, (row + 1, first), (row + 1, last), book.say(key), "head")
    sheet.set_row(row + 1, 30)
    found = []
    for number, one in enumerate(claims, row + 2):
        quote, says, unit, states, apart, sign, page, cells = columns
        merged(book, sheet, (number, quote[0]), (number, quote[1]), one.quote, "label")
        claimed = f.ref(one.claimed, home)
        said = one.values[0]
        write_live(book, sheet, f.Spot(home, number, says[0]), f"={claimed}", said, "sum")
        merged(book, sheet, (number, unit[0]), (number, unit[1]), one.unit, "word")
        write_live(
            book, sheet, f.Spot(home, number, states[0]), f"={f.ref(one.table, home)}", one.values[1], "sum"
        )
        write_live(
            book,
            sheet,
            f.Spot(home, number, apart[0]),
            f"={f.ref(one.difference, home)}",
            one.values[2],
            "sum",
        )
        spot = f.Spot(home, number, sign[0])
        write_live(book, sheet, spot, f"={f.ref(one.sign, home)}", one.values[3], "sign")
        merged(book, sheet, (number, page[0]), (number, page[1]), one.page, "word")
        words = cells_in_words(one.cells, book.audit.report.form)
        merged(book, sheet, (number, cells[0]), (number, cells[1]), words, "label")
        sheet.set_row(number, 4 + 14.5 * max(lines_needed(one.quote, 56), lines_needed(words, 44)))
        found.append(spot)
        for name in one.cells:
            desk.entered.setdefault(name, []).append((spot, len(one.cells) <= FEW))
    return found


def colours(book: Book, sheet: Any, desk: Desk, table: str, found: Sequence[f.Spot]) -> None:
    """Make cells turn with the checks that they enter, and show those that are changed by hand."""
    home = book.sheet_name(table)
    signs(book, sheet, f.areas(found, home))
    for name, spot in desk.spots.items():
        if split_cell(name)[0] != table:
            continue
        cell = f.ref(spot, home)
        changed = _changed(cell, book.facts[name])
        sheet.conditional_format(
            spot.row,
            spot.column,
            spot.row,
            spot.column,
            {"type": "formula", "criteria": changed, "format": book.look("changed")},
        )
        for strong, look in ((True, "enters"), (False, "part")):
            entered = [s for s, few in desk.entered.get(name, ()) if few is strong and s.sheet == home]
            if entered:
                broken = ",".join(f'{f.ref(one, home)}="{f.BREAKS}"' for one in entered)
                rule = {
                    "type": "formula",
                    "criteria": f"=OR({broken})",
                    "format": book.look(look),
                    "stop_if_true": strong,
                }
                sheet.conditional_format(spot.row, spot.column, spot.row, spot.column, rule)


def _changed(cell: str, fact: Any) -> str:
    """Whether the cell no longer holds what is printed."""
    if fact.status == "number":
        return f"=NOT(AND(COUNT({cell})=1,SUM({cell})={amount(float(fact.value))}))"
    if fact.status in ("blank", "absent"):
        return f"=NOT(ISBLANK({cell}))"
    return f"=NOT(ISTEXT({cell}))"


def now(book: Book, sheet: Any, home: str, found: Sequence[f.Spot], breaks: int, last: int = 0) -> None:
    """What breaks on the sheet as it stands, counted live over the signs, up to the column `last`."""
    counts = "+".join(f'COUNTIF({area},"{f.BREAKS}")' for area in f.areas(found, home)) or "0"
    broken, fine = book.say("live.now_breaks"), book.say("live.now_holds")
    shown = f"{broken}{breaks}" if breaks else fine
    merged(book, sheet, (2, 0), (2, last), "", "now")
    sheet.set_row(2, 20)
    write_live(
        book,
        sheet,
        f.Spot(home, 2, 0),
        f'=IF({counts}>0,"{broken}"&({counts}),"{fine}")',
        shown,
        "now",
    )
    rule = {"type": "text", "criteria": "begins with", "value": f.BREAKS, "format": book.look("breaks")}
    sheet.conditional_format(2, 0, 2, 0, rule)
    fine_look = {"type": "text", "criteria": "begins with", "value": f.HOLDS, "format": book.look("holds")}
    sheet.conditional_format(2, 0, 2, 0, fine_look)


def breaking(table: str, desk: Desk) -> int:
    """How many signs on the table's sheet say that a check breaks, as printed."""
    sums = sum(desk.signs[i.rule, i.scope] == f.BREAKS for i in of_table(desk, table))
    said = (one for one in desk.told.values() if split_cell(one.cells[0])[0] == table)
    return sums + sum(one.values[3] == f.BREAKS for one in said)
