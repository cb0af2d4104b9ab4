"""The sheets that are lists: findings, claims, checks, facts, each declared column by column; and reading."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_range

from crossfoot.checks import amount
from crossfoot.schema import records
from crossfoot.texts import Pair, worded
from crossfoot.texts.names import label, place

from . import formulas as f
from .comparisons import NUMBERS, Comparison, cells_in_words, counted_by
from .findings import ShownCorrection, ShownFinding
from .live_sums import ClaimCheck, Plan
from .spreadsheet import Book, lines_needed, link, printing, signs, write_live, write_number, write_text
from .statutory_sheets import shown_words

_HEAD, _FIRST = 3, 4
"""The row of a list's head and the first row below it, from 0."""
_LINE = 14.5  # points
_HIGHEST = 400.0  # points; a spreadsheet's row has at most 409
_MOST_CELLS = 12  # of a correction, or of what could not be read; the rest are counted


class Link(NamedTuple):
    """Text that leads to a cell of the workbook."""

    target: f.CellAddress
    text: str


class Live(NamedTuple):
    """A formula, and its value as of now."""

    formula: str
    value: Any


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: the key of its heading, its width, and what stands in it for a row.

    `value` gives a text, a number, a Link, a Live or nothing. `style` and `fits` may depend on the row;
    `fits` says whether the row is made high enough for the text. `colours` ("signs", "breaks" or
    "changed") lets cells take the style of the sign or word that they show.
    """

    head: str
    width: float
    value: Callable[[Any], Any]
    style: str | Callable[[Any], str] = "cell"
    fits: bool | Callable[[Any], bool] = False
    colours: str = ""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A sheet that is a list: its code, its columns, and the rows that it has of an audit.

    The first `frozen` columns stay when scrolled; `none` is the key of what is said where there are no rows.
    """

    code: str
    columns: tuple[ListColumn, ...]
    rows: Callable[[Book, Plan], Iterable[Any]]
    frozen: int = 0
    none: str = ""

    def index(self, head: str) -> int:
        """Which column has that heading, from 0."""
        return [column.head for column in self.columns].index(head)

    def address(self, book: Book, head: str, number: int) -> f.CellAddress:
        """The cell of the column with that heading in the list's row `number`, from 0."""
        return f.CellAddress(book.sheet_name(self.code), _FIRST + number, self.index(head))

    def range(self, head: str, count: int) -> str:
        """The first `count` rows of the column with that heading."""
        column = self.index(head)
        return xl_range(_FIRST, column, _FIRST + count - 1, column)


def write(book: Book, sheet: Any, plan: Plan, declared: ListSheet) -> None:
    """Fill a list: title, a frozen head with filters, rows high enough for their text."""
    rows = list(declared.rows(book, plan))
    _title(book, sheet, declared.code)
    for at, column in enumerate(declared.columns):
        sheet.set_column(at, at, column.width)
        write_text(book, sheet, _HEAD, at, book.say(column.head), "head")
    sheet.set_row(_HEAD, 32)
    sheet.freeze_panes(_FIRST, declared.frozen)
    if rows:
        sheet.autofilter(_HEAD, 0, _HEAD + len(rows), len(declared.columns) - 1)
    elif declared.none:
        write_text(book, sheet, _FIRST, 0, book.say(declared.none), "strong")
    printing(book, sheet, True, (_HEAD, _HEAD))
    for at, row in enumerate(rows, _FIRST):
        texts = []
        for number, column in enumerate(declared.columns):
            value = column.value(row)
            style = column.style if isinstance(column.style, str) else column.style(row)
            _write(book, sheet, f.CellAddress("", at, number), value, style)
            if column.fits if isinstance(column.fits, bool) else column.fits(row):
                texts.append((value.text if isinstance(value, Link) else value, column.width))
        _make_high(sheet, at, texts)
    _colour(book, sheet, declared, len(rows))


def _write(book: Book, sheet: Any, at: f.CellAddress, value: Any, style: str) -> None:
    match value:
        case Link():
            link(book, sheet, at.row, at.column, value.target, value.text, style)
        case Live():
            write_live(book, sheet, at, value.formula, value.value, style)
        case Real():
            write_number(book, sheet, at.row, at.column, value, style)
        case _:
            write_text(book, sheet, at.row, at.column, value, style)


def _colour(book: Book, sheet: Any, declared: ListSheet, count: int) -> None:
    """Let the cells of the columns that say so take the style of what they show."""
    for column in sorted(declared.columns, key=lambda one: one.colours != "signs") if count else ():
        cells = declared.range(column.head, count)
        match column.colours:
            case "signs":
                signs(book, sheet, [cells])
            case "breaks" | "changed":
                word = book.say("status.breaks" if column.colours == "breaks" else "live.changed")
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
                sheet.conditional_format(cells, {**rule, "format": book.style(column.colours)})


def _title(book: Book, sheet: Any, code: str) -> None:
    """The sheet's name, what it holds, and whose report it is about."""
    report = book.audit.report
    write_text(book, sheet, 0, 0, book.sheet_name(code), "title")
    sheet.set_row(0, 26)
    about = f"{report.issuer or report.source} {report.year or ''}".strip()
    write_text(book, sheet, 1, 0, f"{about} · {book.say(f'about.{code}')}", "subtitle")


def _make_high(sheet: Any, row: int, texts: Iterable[tuple[Any, float]]) -> None:
    """Make the row high enough for each text in a column of that width."""
    lines = max((lines_needed(t, width) for t, width in texts if not pd.isna(t)), default=1)
    sheet.set_row(row, min(_HIGHEST, 4 + _LINE * lines))


# Findings: what is wrong, and what would reconcile it.


class _FindingRow(NamedTuple):
    """One correction of one finding, the likeliest first, None where nothing more is said of it.

    `first` says that it is its finding's first.
    """

    book: Book
    plan: Plan
    finding: ShownFinding
    rank: int
    correction: ShownCorrection | None

    @property
    def first(self) -> bool:
        return self.rank == 1

    def say(self, words: Pair) -> str:
        return worded(words, self.book.language)

    def changes(self) -> str:
        """Its figures, before and after."""
        every = self.correction.changes if self.correction else ()
        changes = "\n".join(
            f"{self.say(one.called)} {self.say(one.printed)}" + (f" → {one.value}" if one.value else "")
            for one in every[:_MOST_CELLS]
        )
        if len(every) > _MOST_CELLS:
            changes += f"\n… {self.book.say('many.cell', count=len(every))}"
        return changes or "–"

    def go(self) -> Link | str:
        """The way to its first cell."""
        every = self.correction.changes if self.correction else ()
        target = self.plan.cells.get(every[0].cell) if every else None
        return Link(target, "→") if target else ""

    def slip(self) -> str:
        return self.say(self.correction.reason.slip) if self.correction else ""

    def speaks(self, side: str) -> str:
        """What speaks for or against it, a line each."""
        reason = self.correction.reason if self.correction else None
        said = () if reason is None else reason.speaks_for if side == "for" else reason.against
        return "\n".join(map(self.say, said))

    def settled(self) -> str:
        return self.say(self.correction.reason.decided_by) if self.correction else ""

    def style(self) -> str:
        """What the finding's further rows repeat is quiet."""
        return "cell" if self.first else "again"

    def number_style(self) -> str:
        return "centre" if self.first else "again_number"


def _finding_rows(book: Book, plan: Plan) -> Iterable[_FindingRow]:
    for finding in book.findings:
        for rank, one in enumerate(finding.explanations or (None,), 1):
            yield _FindingRow(book, plan, finding, rank, one)


FINDINGS = ListSheet(
    "findings",
    (
        ListColumn("head.number", 5, lambda r: r.finding.number, _FindingRow.number_style),
        ListColumn("head.severity", 9, lambda r: r.say(r.finding.grade), _FindingRow.style,
                   lambda r: r.first),
        ListColumn("head.kind", 11, lambda r: r.book.say(f"kind.{r.finding.kind}"), _FindingRow.style,
                   lambda r: r.first),
        ListColumn("head.title", 38, lambda r: r.say(r.finding.title), _FindingRow.style, lambda r: r.first),
        ListColumn("head.rank", 6, lambda r: r.rank, "centre"),
        ListColumn("head.change", 42, _FindingRow.changes, fits=True),
        ListColumn("head.go", 6, _FindingRow.go, lambda r: "go" if r.go() else "cell"),
        ListColumn("head.slip", 17, _FindingRow.slip, fits=True),
        ListColumn("head.for", 44, lambda r: r.speaks("for"), fits=True),
        ListColumn("head.against", 34, lambda r: r.speaks("against"), fits=True),
        ListColumn("head.settled", 24, _FindingRow.settled, fits=True),
        ListColumn("head.id", 13, lambda r: r.finding.id, fits=True),
    ),
    _finding_rows,
    none="finding.none",
)  # fmt: skip


# Claims: the numbers of the prose, those that count cells checked live against them.


class _ClaimRow(NamedTuple):
    """A number of the prose; `check` is there where it is checked against cells."""

    book: Book
    plan: Plan
    number: int
    claim: Any
    counted: Sequence[str]
    check: ClaimCheck | None

    def subject(self) -> Link | str:
        """The cells that it counts, leading to the first of them where it is checked."""
        named = cells_in_words(self.counted, self.book.audit.report.form)
        if self.check is None:
            return named
        return Link(self.plan.cells[self.check.cells[0]], named or amount(self.check.values[1] or 0.0))

    def live(self, part: int) -> Live | str:
        """What the tables say, the difference, or the sign, as a formula."""
        return Live(self.check.formulas[part], self.check.values[part + 1]) if self.check else ""

    def kind(self) -> str:
        kind = "claim" if self.claim.kind in NUMBERS else self.claim.kind
        return self.book.say(f"claim.{kind}")

    def style(self, live: str, else_: str) -> str:
        return live if self.check else else_


def _claim_rows(book: Book, plan: Plan) -> Iterable[_ClaimRow]:
    counted = counted_by(book.audit)
    every = zip(book.audit.claims["start"].tolist(), book.audit.claims.itertuples(), strict=True)
    for number, (start, claim) in enumerate(every, 1):
        yield _ClaimRow(book, plan, number, claim, counted.get(str(claim.claim), ()), plan.claims.get(start))


CLAIMS = ListSheet(
    "claims",
    (
        ListColumn("head.number", 5, lambda r: r.number, "centre"),
        ListColumn("head.section", 9, lambda r: r.claim.section),
        ListColumn("head.quote", 52, lambda r: r.claim.quote, fits=True),
        ListColumn("head.value", 9, lambda r: r.claim.value, lambda r: r.style("input", "number")),
        ListColumn("head.unit", 6, lambda r: r.claim.unit, "centre"),
        ListColumn("head.approximate", 7, lambda r: r.claim.approximate, "centre"),
        ListColumn("head.kind", 8, _ClaimRow.kind, "centre"),
        ListColumn("head.subject", 38, _ClaimRow.subject, lambda r: r.style("listed", "cell"), fits=True),
        ListColumn("head.table_says", 9, lambda r: r.live(0), lambda r: r.style("number", "cell")),
        ListColumn("head.difference", 9, lambda r: r.live(1), lambda r: r.style("number", "cell")),
        ListColumn("head.now", 7, lambda r: r.live(2), lambda r: r.style("centre", "cell"), colours="signs"),
        ListColumn("head.note", 40, lambda r: r.claim.note, fits=True),
        ListColumn("head.page", 6, lambda r: r.claim.page, "centre"),
        ListColumn("head.offset", 8, lambda r: r.claim.start, "centre"),
    ),
    _claim_rows,
)


# Checks: as audited, and, where they are worked out live, as they stand now.


class _CheckRow(NamedTuple):
    """A check; `live` is the formula of its sign now, `target` where to look, `findings` whose it is."""

    book: Book
    check: Comparison
    findings: str
    live: str
    target: f.CellAddress | None

    def say(self, words: Pair) -> str:
        return worded(words, self.book.language)

    def difference(self) -> float:
        left, right = self.check.values
        return round(left - right, 6)


def _check_rows(book: Book, plan: Plan) -> Iterable[_CheckRow]:
    numbers: dict[str, list[str]] = {}
    for finding in book.findings:
        for one in finding.comparisons:
            numbers.setdefault(one.key, []).append(str(finding.number))
    for one in book.comparisons:
        yield _CheckRow(book, one, " ".join(numbers.get(one.key, ())), *_live_sign(book, plan, one))


def live_signs(book: Book, plan: Plan) -> list[str]:
    """The signs, as printed, of the checks that the sheet of checks works out live."""
    return [f.SIGNS[one.status] for one in book.comparisons if _live_sign(book, plan, one)[0]]


def _live_sign(book: Book, plan: Plan, check: Comparison) -> tuple[str, f.CellAddress | None]:
    """The formula that gives a check's sign now, and where to look; none for what is not worked out live."""
    home = book.sheet_name("checks")
    cell = plan.cells.get(check.scope)
    if check.kind == "sum" and (check.rule, check.scope) in plan.sums:
        sign = plan.sums[check.rule, check.scope].sign
        return f"={f.ref(sign, home)}", sign
    if check.rule == "narrative" and check.start is not None and check.start in plan.claims:
        sign = plan.claims[check.start].sign
        return f"={f.ref(sign, home)}", sign
    if cell is not None and check.rule == "not_a_figure":
        return f.figure(f.ref(cell, home)), cell
    origin = book.audit.origins[check.key]
    if cell is not None and check.is_range and origin.rule is not None:
        return f.bound(f.ref(cell, home), origin.rule.bound), cell
    return "", None


CHECKS = ListSheet(
    "checks",
    (
        ListColumn("head.rule", 40, lambda r: r.say(r.check.says), fits=True),
        ListColumn("head.scope", 30, lambda r: r.check.where),
        ListColumn("head.left", 8, lambda r: r.check.values[0], "number"),
        ListColumn("head.right", 8, lambda r: r.check.values[1], "number"),
        ListColumn("head.difference", 10, _CheckRow.difference, "number"),
        ListColumn("head.finding", 8, lambda r: r.findings, "centre"),
        ListColumn("head.audited", 11, lambda r: r.book.say(f"status.{r.check.status}"), colours="breaks"),
        ListColumn("head.go", 6, lambda r: Link(r.target, "→") if r.target else "",
                   lambda r: "go" if r.target else "cell"),
        ListColumn("head.now", 7, lambda r: Live(r.live, f.SIGNS[r.check.status]) if r.live else "·",
                   "centre", colours="signs"),
        ListColumn("head.formula", 60, lambda r: r.say(r.check.formula), fits=True),
        ListColumn("head.basis", 26, lambda r: r.check.basis, "clipped"),
        ListColumn("head.cells", 30, lambda r: " ".join(r.check.cells), "clipped"),
    ),
    _check_rows,
)  # fmt: skip


# Facts: where each cell of the form stands, who read it, and what it is in this workbook.


class _FactRow(NamedTuple):
    """A cell of the form, the `number`th from 0; `working` refers to it in a formula."""

    book: Book
    number: int
    fact: Any
    target: f.CellAddress
    working: str

    def code(self, axis: str) -> str:
        """The row or column as the form prints it."""
        return label(getattr(self.fact, axis), self.book.audit.report.form, self.fact.table, axis)

    def place(self) -> str:
        """Where it stands in the report."""
        return worded(place(self.book.audit.places[self.fact.cell], None), self.book.language)

    def held(self) -> Live:
        """What the workbook holds now."""
        blank = self.fact.status in ("blank", "absent")
        printed = self.fact.value if self.fact.status == "number" else "" if blank else shown_words(self.fact)
        return Live(f'=IF(ISBLANK({self.working}),"",{self.working})', printed)

    def changed(self) -> Live:
        """A word where the workbook's cell no longer holds what is printed."""
        word, cell = self.book.say("live.changed"), self.working
        if self.fact.status == "number":
            home = self.book.sheet_name("facts")
            value = f.ref(FACTS.address(self.book, "head.printed_value", self.number), home)
            return Live(f'=IF(AND(COUNT({cell})=1,SUM({cell})={value}),"","{word}")', "")
        kept = "ISBLANK" if self.fact.status in ("blank", "absent") else "ISTEXT"
        return Live(f'=IF({kept}({cell}),"","{word}")', "")


def _fact_rows(book: Book, plan: Plan) -> Iterable[_FactRow]:
    home = book.sheet_name("facts")
    for number, (name, fact) in enumerate(book.facts.items()):
        yield _FactRow(book, number, fact, plan.cells[name], f.ref(plan.cells[name], home))


FACTS = ListSheet(
    "facts",
    (
        ListColumn("head.table", 12, lambda r: r.book.sheet_name(r.fact.table)),
        ListColumn("head.row", 36, lambda r: r.code("row"), fits=True),
        ListColumn("head.column", 16, lambda r: r.code("column")),
        ListColumn("head.printed_value", 12, lambda r: r.fact.value, "number"),
        ListColumn("head.unit", 6, lambda r: r.fact.unit, "centre"),
        ListColumn("head.status", 12, lambda r: r.book.say(f"cell.{r.fact.status}")),
        ListColumn("head.raw", 22, lambda r: str(r.fact.raw), fits=True),
        ListColumn("head.page", 6, lambda r: r.fact.page, "centre"),
        ListColumn("head.where", 28, _FactRow.place),
        ListColumn("head.readers", 18, lambda r: "+".join(r.book.readers[r.fact.cell])),
        ListColumn("head.agreed", 9, lambda r: r.book.say("answer.yes" if r.fact.agreed else "answer.no"),
                   "centre"),
        ListColumn("head.go", 7, lambda r: Link(r.target, "→"), "go"),
        ListColumn("head.working", 12, _FactRow.held, "number"),
        ListColumn("head.changed", 10, _FactRow.changed, "centre", colours="changed"),
        ListColumn("head.cell", 40, lambda r: r.fact.cell),
    ),
    _fact_rows,
    frozen=3,
)  # fmt: skip

LISTS = (FINDINGS, CLAIMS, CHECKS, FACTS)


def write_reading(book: Book, sheet: Any) -> None:
    """How many cells of each table print what, how well readers agree, and what could not be read."""
    for column, width in enumerate((40, 20, 20, 20, 60)):
        sheet.set_column(column, column, width)
    _title(book, sheet, "reading")
    counts = {row["table"]: row for row in records(book.audit.extraction)}
    for column, table in enumerate(counts, 1):
        write_text(book, sheet, _HEAD, column, book.sheet_name(str(table)), "head")
    write_text(book, sheet, _HEAD, 0, "", "head")
    names = [name for name in book.audit.extraction.columns if name != "table"]
    for at, name in enumerate(names, _FIRST):
        write_text(book, sheet, at, 0, book.say(f"count.{name}"), "side")
        for column, count in enumerate(counts.values(), 1):
            write_number(book, sheet, at, column, count[name], "figure")
    at = _FIRST + len(names) + 1
    write_text(book, sheet, at, 0, book.say("reading.troubles"), "heading")
    if not book.audit.problems:
        write_text(book, sheet, at + 1, 0, book.say("reading.no_troubles"))
    for row, trouble in enumerate(book.audit.problems, at + 1):
        cells = cells_in_words(trouble.cells, book.audit.report.form)
        page = None if trouble.page is None or pd.isna(trouble.page) else int(trouble.page)
        said = worded(trouble.words, book.language)
        texts = (
            book.say(f"trouble.{trouble.problem}"),
            cells,
            book.say("place.page", page=page) if page else "",
            worded(place(trouble.where, None), book.language),
            said,
        )
        for column, text in enumerate(texts):
            write_text(book, sheet, row, column, text, "cell")
        _make_high(sheet, row, [(said, 60), (cells, 20), (trouble.where, 20)])
    printing(book, sheet, landscape=True)
