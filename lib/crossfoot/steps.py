"""The steps of one report's audit before its tables are tidied: clean, stated_in, compare, explained.

Lists are joined strings here; tidy.py makes the tables that an analyst gets of what these steps return.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from . import checks, completeness
from .conservation import Token, account, conserve, divide, unsure
from .diagnosis.findings import Finding
from .diagnosis.findings import found as causes
from .document import Document, Line
from .errors import ArgumentError
from .extraction_problems import Trouble, gathered, of_readers
from .facts import extraction, merge, settle
from .loose_figures import Loose, loose, withheld
from .masthead import contested, first_report, form_of, masthead
from .narrative import ledger
from .narrative.claims import claims
from .tables import Placement, place


@dataclass(frozen=True, slots=True)
class Report:
    """What was audited: `form` is "2019" or "2021", `source` the file's name, `pages` 1 without pages.

    `issuer` and `year` are None where the report states none. Also reads like a mapping.
    """

    issuer: str | None
    year: int | None
    form: str
    source: str
    sha256: str
    pages: int

    def keys(self) -> Iterator[str]:
        """The names of the report's particulars."""
        return iter(self.__slots__)

    def __getitem__(self, name: str):
        if name not in self.__slots__:
            raise KeyError(name)
        return getattr(self, name)


def accepted(name: str, given: str, accepted: Iterable[str]) -> None:
    """Raises ArgumentError where an argument is not one of those that are accepted."""
    if given not in accepted:
        known = " or ".join(f'"{one}"' for one in accepted)
        raise ArgumentError(f"{name} {given!r} is not known", advice=f"Give {known}")


class Cleaned(NamedTuple):
    """What a report's tables say: its particulars, facts and prose, and how every printed number ended.

    `printed` are the numbers that its tables print, `extraction` counts them and the cells, `troubles` are
    what could not be read beyond doubt, `placements` what each reader placed, `doubted` the tables and cells
    concerned (completeness.doubts), `loose` what the figures that ended in no cell may be, `prose` the lines
    outside of the tables.
    """

    document: Document
    report: Report
    facts: pd.DataFrame
    placements: dict[str, Placement]
    printed: list[Token]
    extraction: pd.DataFrame
    troubles: tuple[Trouble, ...]
    doubted: frozenset[str]
    loose: Loose
    prose: list[Line]


def clean(document: Document) -> Cleaned:
    """The facts of a report that is already read; `document` is the first of two reports in one file."""
    document, second = first_report(document)
    issuer, year = masthead(document)
    title = contested(document)
    form = form_of((grid for grids in document.grids.values() for grid in grids), year)
    placements = {reader: place(grids, form, document) for reader, grids in document.grids.items()}
    facts, seen = merge(placements, form)
    inside, prose = divide(document, placements)
    printed, unproven = account(document, inside, facts, placements)
    titled = completeness.printed_rows(facts, document, form)
    doubtful = unsure(printed, placements, document)
    facts, doubts = settle(facts, placements, unproven, _unsettled(printed, seen), titled, doubtful)
    conservation, lost = conserve(printed, facts, [*seen, *doubts], document)
    every = [*seen, *doubts, *lost]
    doubted = completeness.doubts(facts, placements, every, document, form)
    troubles = tuple(gathered([*of_readers(document), *(t for t in (second, title) if t), *every], form))
    report = Report(issuer, year, form, document.source, document.sha256, document.pages)
    counts = extraction(facts, conservation)
    unplaced = loose(printed, placements, document)
    return Cleaned(document, report, facts, placements, printed, counts, troubles, doubted, unplaced, prose)


class Compared(NamedTuple):
    """Every comparison of a report: the form's sums, what is missing, and what the prose allows.

    `compared` are all of them with the columns CHECK_COLUMNS, `troubles` those that are left when a table
    is missing from the report and not from our reading.
    """

    sums: pd.DataFrame
    gaps: pd.DataFrame
    told: pd.DataFrame
    compared: pd.DataFrame
    troubles: tuple[Trouble, ...]


def stated_in(cleaned: Cleaned) -> pd.DataFrame:
    """The numbers of the prose (claims.claims)."""
    report = cleaned.report
    return claims(cleaned.document, cleaned.prose, report.form, report.year)


def compare(cleaned: Cleaned, facts: pd.DataFrame, stated: pd.DataFrame) -> Compared:
    """Every comparison that the rules ask for, of these facts and these claims."""
    form, year = cleaned.report.form, cleaned.report.year
    sums = withheld(checks.check(facts, form), cleaned.loose, form)
    gaps = completeness.check(facts, form, cleaned.doubted)
    # a table that is said to be missing from the report is not one that we failed to read
    gone = set(gaps.loc[gaps["status"] == "breaks", "scope"])
    troubles = tuple(t for t in cleaned.troubles if t.problem != "table_missing" or t.table not in gone)
    told = ledger.checks(stated, facts, cleaned.document, form, cleaned.prose, year)
    told = withheld(told, cleaned.loose, form)
    every = pd.concat([sums, gaps, told[checks.CHECK_COLUMNS]], ignore_index=True)
    return Compared(sums, gaps, told, every, troubles)


def explained(
    cleaned: Cleaned, facts: pd.DataFrame, stated: pd.DataFrame, found: Compared
) -> dict[str, Finding]:
    """The root causes of what breaks, by their id, worst first."""
    return causes(facts, found.sums, found.told, stated, cleaned.report.form, found.troubles, found.gaps)


def _unsettled(printed: Iterable[Token], seen: Iterable[Trouble]) -> set[str]:
    """The tables in which something is printed that belongs to no cell, or to one that could not be told."""
    left = {token.table for token in printed if token.role == "left_over" and not token.cell}
    return left | {trouble.table for trouble in seen if trouble.problem == "leftover"}
