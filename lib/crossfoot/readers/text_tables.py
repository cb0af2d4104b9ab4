"""Which rows of a text make up a table: neighbours with columns, and rows that each stand alone."""

from collections.abc import Sequence

from .text_rows import ARTICLE, ENUMERATED, NUMBER_ALONE, Row


def text_tables(rows: Sequence[Row | None]) -> list[list[Row]]:
    """The tables among the rows: runs without a blank line, and rows that each stand alone."""
    tables: list[list[Row]] = []
    joinable = False
    for run in _runs(rows):
        if not run:
            joinable = False
        elif joinable and len(run) == 1 and _joins(tables[-1], run[0]):
            tables[-1].extend(run)
        else:
            tables.append(run)
            joinable = True
    return [rows for table in tables if _is_table(rows := _trimmed(table))]


def _runs(rows: Sequence[Row | None]) -> list[list[Row]]:
    """Rows on neighbouring lines, in order; an empty run stands for a line that is no row."""
    runs: list[list[Row]] = []
    for row in rows:
        if row is None:
            runs.append([])
        elif runs and runs[-1] and runs[-1][-1].number == row.number - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _joins(table: list[Row], row: Row) -> bool:
    """Whether a row between blank lines continues the table above; without tabs only in one spaced alike."""
    spaced = len(table) == 1 or table[-1].number > table[-2].number + 1
    return row.tabular or (spaced and len(row.cells) == 1)


def _trimmed(table: list[Row]) -> list[Row]:
    """The table without the lines above and below that have no tab and do not read as one of its rows."""
    first, last = 0, len(table)
    while first < last and len(table[first].cells) == 1 and not ARTICLE.fullmatch(table[first].cells[0]):
        first += 1
    while last > first and len(table[last - 1].cells) == 1 and not _ends_a_table(table[last - 1].cells[0]):
        last -= 1
    return table[first:last]


def _ends_a_table(text: str) -> bool:
    return bool(ENUMERATED.fullmatch(text) or NUMBER_ALONE.fullmatch(text))


def _is_table(table: list[Row]) -> bool:
    """Whether there are columns: not a single stray tab, not lines that tabs only indent."""
    wide = any(row.tabular and len(row.cells) > 2 for row in table)
    pairs = sum(1 for row in table if row.filled > 1)
    return wide or pairs > 1 or (pairs == 1 and any(row.rules for row in table))
