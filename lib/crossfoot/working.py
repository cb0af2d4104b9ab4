"""The whole way of one report, with all that its steps know of each other.

The tables that an analyst gets are made of it (tidy.py); papers, charts and folders of reports draw from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from . import checks, completeness, readers, verdicts
from .conservation import Token, account, conserve, divide, unsure
from .diagnosis.coverage import coverage, unnoticed
from .diagnosis.findings import Finding, table
from .diagnosis.findings import found as causes
from .document import Document, Line
from .errors import ArgumentError
from .extraction_problems import Trouble, gathered, of_readers
from .facts import extraction, merge, settle
from .first_report import first_report
from .loose_figures import Loose, loose, withheld
from .masthead import contested, form_of, masthead
from .narrative import ledger
from .narrative.claims import CLAIM_COLUMNS, claims
from .tables import Placement, place
from .texts import LANGUAGES, Pair, worded


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


@dataclass(frozen=True, slots=True)
class Wording:
    """What an audit's tables say in words, in both languages.

    `notes` by the claim's start, `formulas` by the check's rule, scope and cells, `findings` by id.
    """

    notes: Mapping[int, Pair]
    formulas: Mapping[tuple[str, str, str], Pair]
    findings: Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class Working:
    """One report audited, and how it was read.

    `facts`, `claims`, `checks`, `findings` hold lists as joined strings; `verdicts` are an analyst's on its
    findings, from the file beside the report. `extraction` counts how the tables
    were read and where every printed number ended, `troubles` are what could not be read or was read in
    two ways, `document` is the report as read (claims' offsets count in `document.text`). `told` are the
    checks of the prose with what they rest on (ledger.checks), `prose` the lines that it was read from.
    `wording` has in both languages what the tables say in `language`. `coverage` and `unnoticed` say how
    many checks bind each cell, and what could be wrong without any of them noticing.
    """

    report: Report
    facts: pd.DataFrame
    claims: pd.DataFrame
    checks: pd.DataFrame
    findings: pd.DataFrame
    verdicts: pd.DataFrame
    extraction: pd.DataFrame
    troubles: tuple[Trouble, ...]
    document: Document
    told: pd.DataFrame
    prose: tuple[Line, ...]
    wording: Wording
    language: str

    def __repr__(self) -> str:
        """Whose report, how its checks came out and how many findings there are: three lines."""
        report, counts = self.report, self.checks["status"].value_counts()
        who = f"{report.issuer or 'issuer not stated'}, {report.year or 'year not stated'}"
        came_out = ", ".join(f"{counts.get(status, 0)} {status}" for status in checks.STATUSES)
        return (
            f"Working of {who} ({report.source}, form {report.form})\n"
            f"{len(self.checks)} checks: {came_out}\n"
            f"{len(self.findings)} findings: {', '.join(self.findings['title'].str.slice(0, 60)) or 'none'}"
        )

    def worded(self, language: str) -> "Working":
        """The same audit with its notes, formulas and findings in "en" or "zh"; raises ArgumentError."""
        accepted("language", language, LANGUAGES)
        if language == self.language:
            return self
        notes = [self.wording.notes[start] for start in self.claims["start"]]
        formulas = [self.wording.formulas[key] for key in _keys(self.checks)]
        return replace(
            self,
            claims=self.claims.assign(note=[worded(note, language) for note in notes]),
            checks=self.checks.assign(formula=[worded(formula, language) for formula in formulas]),
            findings=table(self.wording.findings, language),
            language=language,
        )

    @property
    def coverage(self) -> pd.DataFrame:
        """One row per cell; see coverage.coverage."""
        return coverage(self.facts, self.told, self.report.form)

    @property
    def unnoticed(self) -> pd.DataFrame:
        """One row per cell or pair of cells; see coverage.unnoticed."""
        return unnoticed(self.facts, self.told, self.report.form)


def audit(path: str | Path, *, witness: str = "", language: str = "en") -> Working:
    """Audit one report (PDF, HTML, DOCX, TXT; pictures of pages with the extra `scan`).

    Nothing is repaired and no printed value replaced; errors of the report are findings, not exceptions.
    `witness` "ocr" adds recognition as a third reader of a PDF; findings are worded in `language`, "en" or
    "zh". Raises ArgumentError before any work, and ReportError, naming the file and what to do, where it
    cannot be read as a report at all.
    """
    accepted("language", language, LANGUAGES)
    accepted("witness", witness, ("", readers.scan.READER))
    return audit_document(readers.read(path, witness), verdicts.read(path), language)


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


def audit_document(document: Document, decided: pd.DataFrame | None = None, language: str = "en") -> Working:
    """Audit a report that is already read; `decided` are the verdicts on its findings, if any.

    Raises ArgumentError for an unknown language, before any work.
    """
    accepted("language", language, LANGUAGES)
    cleaned = clean(document)
    stated = stated_in(cleaned)
    found = compare(cleaned, cleaned.facts, stated)
    return assembled(
        cleaned, stated, found, explained(cleaned, cleaned.facts, stated, found), decided, language
    )


def assembled(
    cleaned: Cleaned,
    stated: pd.DataFrame,
    found: Compared,
    explanations: dict[str, Finding],
    decided: pd.DataFrame | None,
    language: str,
) -> Working:
    """The working audit of what its steps found."""
    result = Working(
        cleaned.report,
        cleaned.facts,
        stated[CLAIM_COLUMNS],
        found.compared[checks.CHECK_COLUMNS],
        table(explanations, language),
        pd.DataFrame(columns=verdicts.VERDICT_COLUMNS, dtype="string") if decided is None else decided,
        cleaned.extraction,
        found.troubles,
        cleaned.document,
        found.told,
        tuple(cleaned.prose),
        Wording(
            dict(zip(stated["start"], stated["note"], strict=True)),
            dict(zip(_keys(found.compared), found.compared["formula"], strict=True)),
            explanations,
        ),
        "",
    )
    return result.worded(language)


def _unsettled(printed: Iterable[Token], seen: Iterable[Trouble]) -> set[str]:
    """The tables in which something is printed that belongs to no cell, or to one that could not be told."""
    left = {token.table for token in printed if token.role == "left_over" and not token.cell}
    return left | {trouble.table for trouble in seen if trouble.problem == "leftover"}


def _keys(compared: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """What tells each check from the others."""
    return zip(compared["rule"], compared["scope"], compared["cells"], strict=True)
