"""The working paper: the statutory tables as printed in a workbook, every check of them as a live formula."""

from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from crossfoot import __version__
from crossfoot.atomic_write import replace
from crossfoot.audit import Audit
from crossfoot.checks import NOTHING
from crossfoot.texts import worded

from . import formulas as f
from . import sheets, statutory_sheets
from .live_sums import Plan, SumCells, claim_checks
from .sheets import CHECKS, CLAIMS, FACTS, LISTS
from .spreadsheet import (
    Book,
    clean,
    closed,
    lines_needed,
    link,
    merged,
    opened,
    printing,
    write_live,
    write_text,
)
from .statutory_sheets import STATUTORY

FILE = "workpaper.xlsx"
SHEETS = ("disclosure", "requests", "disputes", "findings", "claims", "checks", "facts", "reading")
"""The sheets behind the cover, in their order."""
_WIDTHS = (14, 12, 62, 14, 14)  # of the cover's columns
_LAST = 4
_ROOM = sum(_WIDTHS)
_DASHES = ("-", "--", "—", "——", "–", "―", "－", "−", "─", "/", "／", "//")


def write(audit: Audit, folder: str | Path, language: str = "en") -> Path:
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


def workpaper(audit: Audit, language: str = "en") -> bytes:
    """The working paper's bytes; see `write`."""
    book = opened(audit, language)
    written = {code: book.workbook.add_worksheet(book.sheet_name(code)) for code in ("cover", *SHEETS)}
    plan = _plan(book)
    for table in STATUTORY:
        statutory_sheets.write(book, written[table.table], plan, table)
    for listed in LISTS:
        sheets.write(book, written[listed.code], plan, listed)
    sheets.write_reading(book, written["reading"])
    _write_cover(book, written["cover"], sheets.live_signs(book, plan))
    return closed(book)


def places(audit: Audit, language: str = "en") -> dict[str, tuple[str, str]]:
    """Where the workbook has each statutory cell: its sheet and address, such as ("表三 Requests", "D8")."""
    cells = _plan(opened(audit, language)).cells
    return {name: (at.sheet, xl_rowcol_to_cell(at.row, at.column)) for name, at in cells.items()}


def _plan(book: Book) -> Plan:
    cells: dict[str, f.CellAddress] = {}
    sums: dict[tuple[str, str], SumCells] = {}
    for table in STATUTORY:
        cells |= table.cells(book)
        sums |= table.sums(book)
    cells = {name: cells[name] for name in book.facts}
    return Plan(
        cells,
        sums,
        claim_checks(book, cells, lambda head, number: CLAIMS.address(book, head, number)),
        {name: FACTS.address(book, "head.table", number) for number, name in enumerate(book.facts)},
        book.identities,
        {(one.rule, one.scope): f.SIGNS[one.status] for one in book.comparisons},
    )


def _write_cover(book: Book, sheet: Any, live: list[str]) -> None:
    """Fill the cover; `live` are the signs of the checks that are worked out live, as printed."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    write_text(book, sheet, 0, 0, book.say("cover.title"), "title")
    sheet.set_row(0, 30)
    row = _verdict(book, sheet, _about(book, sheet, 2) + 1)
    row = _live_counts(book, sheet, row + 1, live)
    row = _how(book, sheet, row + 1)
    row = _legend(book, sheet, row + 1)
    row = _contents(book, sheet, row + 1)
    _signed(book, sheet, row + 1)
    printing(book, sheet, landscape=False)


def _about(book: Book, sheet: Any, row: int) -> int:
    report = book.audit.report
    unknown = book.say("cover.unknown")
    lines = (
        ("cover.issuer", report.issuer or unknown),
        ("cover.year", str(report.year or unknown)),
        ("provenance.form", book.say(f"form.{report.form}")),
        ("provenance.file", report.source),
        ("provenance.sha256", report.sha256),
        ("provenance.pages", str(report.pages)),
        ("provenance.made_with", f"Crossfoot {__version__}"),
    )
    for at, (key, words) in enumerate(lines, row):
        write_text(book, sheet, at, 0, book.say(key), "name")
        write_text(book, sheet, at, 1, words, "plain")
    return row + len(lines)


def _verdict(book: Book, sheet: Any, row: int) -> int:
    count = book.audit.count
    breaks, unread = count("checks", status="breaks"), count("checks", status="unread")
    stated = breaks + count("checks", status="holds")
    total, dismissed = count("findings"), count("findings") - count("standing")
    own, troubles = (count("standing", kind=kind) for kind in ("published", "extraction"))
    said = []
    if own:
        errors = count("standing", kind="published", severity="error")
        found = book.say("one.finding") if own == 1 else book.say("many.finding", count=own)
        said.append(book.say("cover.broken", findings=found, errors=errors, breaks=breaks, stated=stated))
    elif not total:
        said.append(book.say("cover.clean", stated=stated))
    if troubles:
        met = book.say("one.trouble") if troubles == 1 else book.say("many.trouble", count=troubles)
        said.append(book.say("cover.read", problems=met))
        said += [] if own or breaks else [book.say("cover.rest", stated=stated)]
    if dismissed:
        said.append(book.say("cover.dismissed", count=dismissed))
    if unread:
        said.append(book.say("cover.unread", unread=unread))
    words = ("" if book.language == "zh" else " ").join(said)
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.verdict"), "heading")
    style = "verdict_broken" if total else "verdict_clean"
    merged(book, sheet, (row + 1, 0), (row + 1, _LAST), words, style)
    sheet.set_row(row + 1, 10 + 19 * lines_needed(words, _ROOM * 0.75))
    row += 2
    for finding in book.findings:
        grade = worded(finding.grade, book.language)
        write_text(book, sheet, row, 0, f"{finding.number}. {grade}", "wrapped")
        title = clean(worded(finding.title, book.language))
        merged(book, sheet, (row, 1), (row, _LAST), title, "strong")
        sheet.set_row(row, 6 + 15 * lines_needed(title, _ROOM - _WIDTHS[0] - 8))
        row += 1
    return row


def _live_counts(book: Book, sheet: Any, row: int, live: list[str]) -> int:
    """How many checks break and hold as the figures stand, and how many were changed."""
    home = book.sheet_name("cover")
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.live"), "heading")
    at = f"{f.quoted(book.sheet_name('checks'))}!{CHECKS.range('head.now', max(len(book.comparisons), 1))}"
    changed = f"{f.quoted(book.sheet_name('facts'))}!{FACTS.range('head.changed', len(book.facts))}"
    for key, formula, value in (
        ("cover.live_breaks", f'=COUNTIF({at},"{f.BREAKS}")', live.count(f.BREAKS)),
        ("cover.live_holds", f'=COUNTIF({at},"{f.HOLDS}")', live.count(f.HOLDS)),
        ("cover.live_changed", f'=COUNTIF({changed},"{book.say("live.changed")}")', 0),
    ):
        row += 1
        write_live(book, sheet, f.CellAddress(home, row, 0), formula, value, "count")
        write_text(book, sheet, row, 1, book.say(key), "beside")
        sheet.set_row(row, 24)
        if key == "cover.live_breaks":
            red = {"type": "cell", "criteria": ">", "value": 0, "format": book.style("enters")}
            sheet.conditional_format(row, 0, row, 0, red)
    return row + 1


def _how(book: Book, sheet: Any, row: int) -> int:
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.how"), "heading")
    for number in range(1, 5):
        words = book.say(f"cover.how_{number}")
        merged(book, sheet, (row + number, 0), (row + number, _LAST), f"{number}. {words}", "wrapped")
        sheet.set_row(row + number, 4 + 15 * lines_needed(words, _ROOM - 6))
    return row + 5


def _legend(book: Book, sheet: Any, row: int) -> int:
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.legend"), "heading")
    for sign, style, key in (
        (f.BREAKS, "breaks_legend", "legend.breaks"),
        (f.HOLDS, "holds_legend", "legend.holds"),
        (f.OPEN, "open_legend", "legend.open"),
        ("75", "strong_legend", "legend.strong"),
        ("38", "weak_legend", "legend.weak"),
        ("76", "changed_legend", "legend.changed"),
        ("", "absent", "cell.absent"),
    ):
        row += 1
        write_text(book, sheet, row, 0, sign, style)
        write_text(book, sheet, row, 1, book.say(key), "beside")
    words = _void_words(book)
    row += 1
    write_text(book, sheet, row, 0, book.say("legend.void_words"), "name")
    row += 1
    first = 8
    for column, word in enumerate(words, first):
        write_text(book, sheet, row, column, word, "plain")
    merged(book, sheet, (row, 0), (row, _LAST), "   ".join(words), "plain")
    home = book.sheet_name("cover")
    start, end = (f.absolute(f.CellAddress(home, row, first + step)) for step in (0, len(words) - 1))
    book.workbook.define_name(f.VOID, f"={f.quoted(home)}!{start}:{end}")
    sheet.set_column(first, first + len(words) - 1, 6, None, {"hidden": True})
    return row + 1


def _void_words(book: Book) -> list[str]:
    """The words that mean nothing is printed: dashes, 无 and the like, and those of this report."""
    facts = book.audit.facts
    printed = [
        str(raw).strip()
        for raw, cell in zip(facts["raw"], book.cells.values(), strict=True)
        if cell.void and str(raw).strip()
    ]
    return list(dict.fromkeys([*_DASHES, *NOTHING, *printed]))


def _contents(book: Book, sheet: Any, row: int) -> int:
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.contents"), "heading")
    for code in SHEETS:
        row += 1
        link(book, sheet, row, 0, f.CellAddress(book.sheet_name(code), 0, 0), book.sheet_name(code))
        merged(book, sheet, (row, 2), (row, _LAST), book.say(f"about.{code}"), "plain")
    return row + 1


def _signed(book: Book, sheet: Any, row: int) -> None:
    """The lines that a working paper is signed on."""
    for number, word in enumerate(book.say("cover.signed").split("|")):
        write_text(book, sheet, row + number // 2, 0 if number % 2 == 0 else 3, word, "name")
        sheet.set_row(row + number // 2, 26)
