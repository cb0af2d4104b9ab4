"""The working paper: the statutory tables as printed in a workbook, every check of them as a live formula."""

from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell

from crossfoot.checks import identities
from crossfoot.whole_files import replace
from crossfoot.working import Working

from . import (
    claim_lines,
    cover_sheet,
    disclosure_sheet,
    disputes_sheet,
    findings_sheet,
    record_sheets,
    requests_sheet,
)
from .book import Book, closed, opened
from .formulas import SIGNS, Spot
from .list_sheets import FIRST
from .statutory_sheet import Desk, Lines

FILE = "workpaper.xlsx"
_TABLES = (disclosure_sheet, requests_sheet, disputes_sheet)


def write(audit: Working, folder: str | Path, language: str = "en") -> Path:
    """Write the audit's working paper (workpaper.xlsx) into `folder` and return its path.

    The statutory tables as printed, with each identity, bound and claim of the prose worked out by
    formulas that treat blanks as checks.py does; findings, claims, checks, facts with their source, and
    how it was read. `language` is "en" or "zh"; what findings say is in the audit's own. Text of the
    report stays text whatever it begins with. The same audit gives the same bytes; the file appears whole
    or not at all. Raises KeyError for another language, OSError where it cannot be written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return replace(target / FILE, workpaper(audit, language))


def workpaper(audit: Working, language: str = "en") -> bytes:
    """The working paper's bytes; see `write`."""
    book = opened(audit, language)
    sheets = {
        code: book.workbook.add_worksheet(book.sheet_name(code)) for code in ("cover", *cover_sheet.SHEETS)
    }
    desk = _desk(book)
    for table in _TABLES:
        table.write(book, sheets[table.TABLE], desk)
    claim_lines.write(book, sheets["claims"], desk.spots, desk.told)
    findings_sheet.write(book, sheets["findings"], desk)
    live = record_sheets.checks(book, sheets["checks"], desk)
    record_sheets.facts(book, sheets["facts"], desk)
    record_sheets.reading(book, sheets["reading"], desk)
    cover_sheet.write(book, sheets["cover"], live)
    return closed(book)


def places(audit: Working, language: str = "en") -> dict[str, tuple[str, str]]:
    """Where the workbook has each statutory cell: its sheet and address, such as ("表三 Requests", "D8")."""
    book = opened(audit, language)
    return {name: (s.sheet, xl_rowcol_to_cell(s.row, s.column)) for name, s in _desk(book).spots.items()}


def _desk(book: Book) -> Desk:
    spots: dict[str, Spot] = {}
    lines: dict[tuple[str, str], Lines] = {}
    for table in _TABLES:
        spots |= table.spots(book)
        lines |= table.lines(book)
    spots = {name: spots[name] for name in book.facts}
    home, checks = book.sheet_name("facts"), book.audit.checks
    facts = {name: Spot(home, FIRST + number, 0) for number, name in enumerate(book.facts)}
    signs = {(check.rule, check.scope): SIGNS[check.status] for check in checks.itertuples()}
    sums = identities(book.audit.facts, book.audit.report.form)
    return Desk(spots, lines, claim_lines.told(book, spots), facts, sums, signs)
