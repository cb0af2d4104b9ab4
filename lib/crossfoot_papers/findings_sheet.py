"""The sheet of findings: what is wrong, and what would reconcile it."""

import json
from collections.abc import Iterable
from typing import Any

from crossfoot.checks import amount
from crossfoot.diagnosis.findings import slip_label
from crossfoot.texts import worded
from crossfoot.texts.names import severity_name

from .book import Book, link, write_number, write_text
from .finding_scope import cell_words
from .list_sheets import FIRST, listing, tall
from .statutory_sheet import Desk

_MOST_CELLS = 12  # of a correction, or of what could not be read; the rest are counted
_OWN, _GO = 4, 6  # the first column of a correction's own, and the one that leads to its cell


def write(book: Book, sheet: Any, desk: Desk) -> None:
    """One row for each correction of each finding, the likeliest first."""
    heads = (
        "head.number", "head.severity", "head.kind", "head.title", "head.rank", "head.change", "head.go",
        "head.slip", "head.for", "head.against", "head.settled", "head.id",
    )  # fmt: skip
    widths = (5, 9, 11, 38, 6, 42, 6, 17, 44, 34, 24, 13)
    rows = list(_finding_rows(book))
    listing(book, sheet, "findings", heads, widths, len(rows), landscape=True)
    if not rows:
        write_text(book, sheet, FIRST, 0, book.say("finding.none"), "strong")
    for at, (row, first, target) in enumerate(rows, FIRST):
        for column, words in enumerate(row):
            own = "cell" if first or column >= _OWN else "again"
            if isinstance(words, int):
                write_number(book, sheet, at, column, words, "centre" if own == "cell" else "again_number")
            else:
                write_text(book, sheet, at, column, words, own)
        if target in desk.spots:
            link(book, sheet, at, _GO, desk.spots[target], "→", "go")
        shown = [(text, widths[i]) for i, text in enumerate(row) if i >= _OWN or first]
        tall(sheet, at, [(text, width) for text, width in shown if isinstance(text, str)])


def _finding_rows(book: Book) -> Iterable[tuple[list[str | int], bool, str]]:
    """The cells of each row, whether it is its finding's first, and the cell that it leads to."""
    for number, finding in enumerate(book.findings, 1):
        explained = json.loads(finding.explanation) or [{}]
        for rank, entry in enumerate(explained, 1):
            cells = entry.get("cells", [])
            changes = "\n".join(
                f"{cell_words(book.audit, c['cell'])} {_figure(book, c['printed'])}"
                + ("" if c["value"] is None else f" → {_figure(book, c['value'])}")
                for c in cells[:_MOST_CELLS]
            )
            if len(cells) > _MOST_CELLS:
                changes += f"\n… {book.say('many.cell', count=len(cells))}"
            yield (
                [
                    number,
                    worded(severity_name(finding.severity, finding.kind), book.language),
                    book.say(f"kind.{finding.kind}"),
                    finding.title,
                    rank,
                    changes or "–",
                    "",
                    worded(slip_label(entry.get("slip", "")), book.language),
                    "\n".join(entry.get("for", [])),
                    "\n".join(entry.get("against", [])),
                    entry.get("decided_by", ""),
                    finding.id,
                ],
                rank == 1,
                cells[0]["cell"] if cells else "",
            )


def _figure(book: Book, value: object) -> str:
    if isinstance(value, int | float):
        return amount(value)
    return str(value) if value else book.say("cell.blank")
