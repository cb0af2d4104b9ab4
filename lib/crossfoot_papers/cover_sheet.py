"""The first sheet: whose report, what was found, how it stands now, and how to use the workbook."""

from typing import Any

from crossfoot import __version__
from crossfoot.checks import NOTHING
from crossfoot.texts import worded
from crossfoot.texts.names import severity_name

from . import formulas as f
from .book import Book, clean, lines_needed, link, merged, printing, write_live, write_text
from .list_sheets import FIRST, column_range
from .record_sheets import CHECK_NOW, FACT_CHANGED

SHEETS = ("disclosure", "requests", "disputes", "findings", "claims", "checks", "facts", "reading")
_WIDTHS = (14, 12, 62, 14, 14)
_LAST = 4
_ROOM = sum(_WIDTHS)
_DASHES = ("-", "--", "—", "——", "–", "―", "－", "−", "─", "/", "／", "//")


def void_words(book: Book) -> list[str]:
    """The words that mean nothing is printed: dashes, 无 and the like, and those of this report."""
    facts = book.audit.facts
    printed = [
        str(raw).strip()
        for raw, cell in zip(facts["raw"], book.cells.values(), strict=True)
        if cell.void and str(raw).strip()
    ]
    return list(dict.fromkeys([*_DASHES, *NOTHING, *printed]))


def write(book: Book, sheet: Any, live: list[str]) -> None:
    """Fill the cover; `live` are the signs of the checks that are worked out live, as printed."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    write_text(book, sheet, 0, 0, book.say("cover.title"), "title")
    sheet.set_row(0, 30)
    row = _verdict(book, sheet, _about(book, sheet, 2) + 1)
    row = _live(book, sheet, row + 1, live)
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
    audit = book.audit
    published = audit.findings[audit.findings["kind"] == "published"]
    count = audit.checks["status"].value_counts()
    breaks, stated = int(count.get("breaks", 0)), int(count.get("breaks", 0) + count.get("holds", 0))
    total = len(audit.findings)
    own, unread = len(published), int(count.get("unread", 0))
    troubles = total - own
    said = []
    if own:
        errors = int((published["severity"] == "error").sum())
        found = book.say("one.finding") if own == 1 else book.say("many.finding", count=own)
        said.append(book.say("cover.broken", findings=found, errors=errors, breaks=breaks, stated=stated))
    elif not total:
        said.append(book.say("cover.clean", stated=stated))
    if troubles:
        met = book.say("one.trouble") if troubles == 1 else book.say("many.trouble", count=troubles)
        said.append(book.say("cover.read", problems=met))
        said += [] if own else [book.say("cover.rest", stated=stated)]
    if unread:
        said.append(book.say("cover.unread", unread=unread))
    words = ("" if book.language == "zh" else " ").join(said)
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.verdict"), "heading")
    look = "verdict_broken" if total else "verdict_clean"
    merged(book, sheet, (row + 1, 0), (row + 1, _LAST), words, look)
    sheet.set_row(row + 1, 10 + 19 * lines_needed(words, _ROOM * 0.75))
    row += 2
    for number, finding in enumerate(book.findings, 1):
        severity = worded(severity_name(finding.severity, finding.kind), book.language)
        write_text(book, sheet, row, 0, f"{number}. {severity}", "wrapped")
        title = clean(finding.title)
        merged(book, sheet, (row, 1), (row, _LAST), title, "strong")
        sheet.set_row(row, 6 + 15 * lines_needed(title, _ROOM - _WIDTHS[0] - 8))
        row += 1
    return row


def _live(book: Book, sheet: Any, row: int, live: list[str]) -> int:
    """How many checks break and hold as the figures stand, and how many were changed."""
    home = book.sheet_name("cover")
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.live"), "heading")
    checks = book.audit.checks
    last = FIRST + max(len(checks), 1) - 1
    at = f"{f.quoted(book.sheet_name('checks'))}!{column_range(FIRST, last, CHECK_NOW)}"
    changed = f"{f.quoted(book.sheet_name('facts'))}!" + column_range(
        FIRST, FIRST + len(book.audit.facts) - 1, FACT_CHANGED
    )
    for key, formula, value in (
        ("cover.live_breaks", f'=COUNTIF({at},"{f.BREAKS}")', live.count(f.BREAKS)),
        ("cover.live_holds", f'=COUNTIF({at},"{f.HOLDS}")', live.count(f.HOLDS)),
        ("cover.live_changed", f'=COUNTIF({changed},"{book.say("live.changed")}")', 0),
    ):
        row += 1
        write_live(book, sheet, f.Spot(home, row, 0), formula, value, "count")
        write_text(book, sheet, row, 1, book.say(key), "beside")
        sheet.set_row(row, 24)
        if key == "cover.live_breaks":
            red = {"type": "cell", "criteria": ">", "value": 0, "format": book.look("enters")}
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
    for sign, look, key in (
        (f.BREAKS, "breaks_legend", "legend.breaks"),
        (f.HOLDS, "holds_legend", "legend.holds"),
        (f.OPEN, "open_legend", "legend.open"),
        ("75", "strong_legend", "legend.strong"),
        ("38", "weak_legend", "legend.weak"),
        ("76", "changed_legend", "legend.changed"),
        ("", "absent", "cell.absent"),
    ):
        row += 1
        write_text(book, sheet, row, 0, sign, look)
        write_text(book, sheet, row, 1, book.say(key), "beside")
    words = void_words(book)
    row += 1
    write_text(book, sheet, row, 0, book.say("legend.void_words"), "name")
    row += 1
    first = 8
    for column, word in enumerate(words, first):
        write_text(book, sheet, row, column, word, "plain")
    merged(book, sheet, (row, 0), (row, _LAST), "   ".join(words), "plain")
    home = book.sheet_name("cover")
    start, end = (f.absolute(f.Spot(home, row, first + step)) for step in (0, len(words) - 1))
    book.workbook.define_name(f.VOID, f"={f.quoted(home)}!{start}:{end}")
    sheet.set_column(first, first + len(words) - 1, 6, None, {"hidden": True})
    return row + 1


def _contents(book: Book, sheet: Any, row: int) -> int:
    merged(book, sheet, (row, 0), (row, _LAST), book.say("cover.contents"), "heading")
    for code in SHEETS:
        row += 1
        link(book, sheet, row, 0, f.Spot(book.sheet_name(code), 0, 0), book.sheet_name(code))
        merged(book, sheet, (row, 2), (row, _LAST), book.say(f"about.{code}"), "plain")
    return row + 1


def _signed(book: Book, sheet: Any, row: int) -> None:
    """The lines that a working paper is signed on."""
    for number, word in enumerate(book.say("cover.signed").split("|")):
        write_text(book, sheet, row + number // 2, 0 if number % 2 == 0 else 3, word, "name")
        sheet.set_row(row + number // 2, 26)
