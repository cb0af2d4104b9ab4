"""Troubles: what in a table could not be read, was read in two ways, or ended in no cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from .document import Document
from .forms import split_cell
from .texts import Pair, joined, one_line, same, words
from .texts.names import cells_title, row_name

PROBLEMS = (
    "readers_differ", "unreadable", "by_order", "doubtful", "leftover", "lost", "table_missing", "no_tables",
    "second_report", "contested_title", "reader_failed",
)  # fmt: skip

_APART = 3
"""Up to so many troubles of one kind on a page are told one by one."""
_NAMED = 12
"""Cells that are named of those of which one thing is said; the rest are counted."""
_TOLD = 200
"""Of more than so many, no form has the cells: what the first ones print says enough."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a table that could not be read, or that two readers read differently.

    `problem` is one of PROBLEMS. `cells` are the statutory cells concerned (none for a figure outside of
    all of them); `words` say what each reader saw, `printed` is what they quote of the report; `page`,
    `where` and `table` say where, as far as known. `count` is how many troubles it stands for.
    """

    problem: str
    cells: tuple[str, ...]
    words: Pair
    printed: tuple[str, ...] = ()
    page: int | None = None
    where: str = ""
    table: str = ""
    count: int = 1

    @property
    def detail(self) -> str:
        """What each reader saw, in English."""
        return self.words[1]

    @property
    def basis(self) -> tuple[str, ...]:
        """What tells it from others of its kind, whatever the language."""
        return (self.problem, self.table, *self.printed)


def of_readers(document: Document) -> list[Trouble]:
    """A trouble for each reader that could not read the document at all: its tables have one witness less."""
    return [
        Trouble("reader_failed", (), words("read.reader_failed", reader=reader, why=why))
        for reader, why in document.failed.items()
    ]


def gathered(troubles: Iterable[Trouble], form: str = "") -> list[Trouble]:
    """The troubles, with many of one kind in one table on one page made one that names them.

    In the order in which each kind first appears. A page whose header is cut off, or a second report in
    the same file, is one trouble and not a hundred. `form` words their cells in Chinese.
    """
    groups: dict[tuple, list[Trouble]] = {}
    for trouble in troubles:
        table = trouble.table or (split_cell(trouble.cells[0])[0] if trouble.cells else "")
        groups.setdefault((trouble.problem, table, trouble.page), []).append(trouble)
    found: list[Trouble] = []
    for (problem, table, page), group in groups.items():
        if len(group) <= _APART:
            found.extend(group)
            continue
        cells = tuple(cell for trouble in group for cell in trouble.cells)
        printed = tuple(raw for trouble in group for raw in trouble.printed)
        told = _by_rows(group, form) if problem == "by_order" else _by_words(group, form)
        found.append(Trouble(problem, cells, told, printed, page, group[0].where, table, len(group)))
    return found


def _by_words(group: Iterable[Trouble], form: str) -> Pair:
    """What is said of them, each once, with the cells of which it is said."""
    details: dict[Pair, list[str]] = {}
    for trouble in group:
        details.setdefault(trouble.words, []).extend(trouble.cells)
    every = [
        words("read.of_cells", cells=cells_title(names, form, _NAMED), what=detail) if names else detail
        for detail, names in details.items()
    ]
    more = [words("read.more", count=f"{len(every) - _TOLD:,}")] if len(every) > _TOLD else []
    return joined([*every[:_TOLD], *more], words("list.semicolon"))


def _by_rows(group: Iterable[Trouble], form: str) -> Pair:
    """What was read of cells that only the order of the form names, row by row."""
    rows: dict[tuple[str, str], list[Pair]] = {}
    for trouble in group:
        table, row, _ = split_cell(trouble.cells[0])
        read = same(one_line(trouble.printed[0])) if trouble.printed[0] else words("read.nothing")
        rows.setdefault((table, row), []).append(read)
    lines = [
        words("read.in_row", row=row_name(row, form, table), figures=joined(figures, words("list.join")))
        for (table, row), figures in rows.items()
    ]
    return words("read.by_order_all", rows=joined(lines, words("list.semicolon")))
