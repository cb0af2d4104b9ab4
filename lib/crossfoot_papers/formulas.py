"""Spreadsheet formulas for the checks: the same meaning of a blank cell as checks.py, worked out live.

A status is ✓ where a check holds, ✗ where it breaks, – where too little is stated.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from crossfoot.checks import Identity, Printed

HOLDS, BREAKS, OPEN = "✓", "✗", "–"
SIGNS = {"holds": HOLDS, "breaks": BREAKS, "unread": OPEN, "not_stated": OPEN}
VOID = "void_words"
"""The workbook's name for the list of words that mean nothing is printed."""


class CellAddress(NamedTuple):
    """A cell of the workbook: its sheet and, from 0, its row and column."""

    sheet: str
    row: int
    column: int


def ref(at: CellAddress, home: str = "") -> str:
    """The cell as a formula on the sheet `home` names it."""
    cell = xl_rowcol_to_cell(at.row, at.column)
    return cell if at.sheet == home else f"{quoted(at.sheet)}!{cell}"


def absolute(at: CellAddress) -> str:
    """The cell as a name's definition writes it, without its sheet: $A$1."""
    return xl_rowcol_to_cell(at.row, at.column, row_abs=True, col_abs=True)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def areas(addresses: Iterable[CellAddress], home: str = "") -> list[str]:
    """The cells as few ranges, runs down a column or along a row taken together."""
    runs: list[list[CellAddress]] = []
    for at in addresses:
        run = runs[-1] if runs else []
        if run and _follows(run, at):
            run.append(at)
        else:
            runs.append([at])
    found = []
    for run in runs:
        last = xl_rowcol_to_cell(run[-1].row, run[-1].column)
        found.append(ref(run[0], home) + (f":{last}" if len(run) > 1 else ""))
    return found


def _follows(run: Sequence[CellAddress], at: CellAddress) -> bool:
    step = (at.row - run[-1].row, at.column - run[-1].column)
    if at.sheet != run[0].sheet or step not in ((1, 0), (0, 1)):
        return False
    return len(run) == 1 or step == (run[-1].row - run[-2].row, run[-1].column - run[-2].column)


def sum_of(ranges: Sequence[str]) -> str:
    """The sum; what prints no number counts as 0."""
    return f"SUM({','.join(ranges)})"


def _unread(ranges: Sequence[str]) -> str:
    """How many cells print something that is neither a number nor a word for nothing."""
    void = "".join(f"-SUMPRODUCT(--ISNUMBER(MATCH({one},{VOID},0)))" for one in ranges)
    every = ",".join(ranges)
    return f"COUNTA({every})-COUNT({every}){void}"


def gap(total: str, parts: Sequence[str]) -> str:
    """1 where a total prints nothing although its parts have figures, else 0."""
    figures = "+".join(f'COUNTIF({one},">0")+COUNTIF({one},"<0")' for one in parts)
    return f"=IF(AND(COUNT({total})=0,{_unread([total])}=0,{figures}>0),1,0)"


def gap_value(identity: Identity, cells: Mapping[str, Printed]) -> int:
    """What `gap` gives for the figures as printed."""
    empty = all(cells[name].void for name in identity.total)
    return int(empty and any(cells[name].value for name in identity.left))


def status(
    left: str,
    right: str,
    entering: Sequence[str],
    totals: Sequence[str],
    gaps: Sequence[str],
    at_most: bool = False,
) -> str:
    """The sign of an identity: `left` and `right` are its sums, `entering` all its cells.

    Nothing is stated where none of them has a number, one could not be read, one of `totals` has no
    number, or one of the `gaps` is 1.
    """
    silent = [f"COUNT({','.join(entering)})=0", f"{_unread(entering)}>0"]
    silent += [f"COUNT({total})=0" for total in totals]
    silent += [f"SUM({','.join(gaps)})>0"] if gaps else []
    holds = f"ROUND({left}-{right},6){'<=' if at_most else '='}0"
    return f'=IF(OR({",".join(silent)}),"{OPEN}",IF({holds},"{HOLDS}","{BREAKS}"))'


def unless_silent(value: str, entering: Sequence[str]) -> str:
    """The value, or nothing where none of the cells holds a figure or one could not be read."""
    return f'IF(OR(COUNT({",".join(entering)})=0,{_unread(entering)}>0),"",{value})'


def sum_read(ranges: Sequence[str]) -> str:
    """The sum, or nothing where a cell could not be read: the sum of the others would be no sum."""
    return f'IF({_unread(ranges)}>0,"",{sum_of(ranges)})'


def difference(status_cell: str, left: str, right: str) -> str:
    """Left less right, nothing where nothing is stated."""
    return f'=IF({status_cell}="{OPEN}","",ROUND({left}-{right},6))'


def figure(cell: str) -> str:
    """The sign of whether a cell holds a figure, or nothing, and no word."""
    return f'=IF({_unread([cell])}>0,"{BREAKS}","{HOLDS}")'


def bound(cell: str, kind: str) -> str:
    """The sign of a cell's bound, a kind of rules.toml."""
    allowed = {
        "whole_and_not_negative": f"AND({cell}>=0,{cell}=INT({cell}))",
        "whole": f"{cell}=INT({cell})",
        "not_negative": f"{cell}>=0",
    }[kind]
    return f'=IF(ISNUMBER({cell}),IF({allowed},"{HOLDS}","{BREAKS}"),"{OPEN}")'


def claim(claimed: str, table: str, entering: Sequence[str], approximate: str, slack: float) -> str:
    """The sign of a claim against its cells, given the word that makes it approximate.

    `slack` is how far rounding may have moved the claim, in the cells' unit.
    """
    near = max(slack, 1e-6)
    agrees = {
        "": f"ABS({table}-{claimed})<={near:.15g}",
        "约": f"ABS({table}-{claimed})<=MAX(0.1*{claimed},{near:.15g})",
        "近": f"{table}<={claimed}+{slack:.15g}",
    }.get(approximate, f"{table}>={claimed}-{slack:.15g}")
    silent = f"COUNT({','.join(entering)})=0,{_unread(entering)}>0,COUNT({claimed})=0"
    return f'=IF(OR({silent}),"{OPEN}",IF({agrees},"{HOLDS}","{BREAKS}"))'
