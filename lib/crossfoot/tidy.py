"""The tables of an audit, tidy: one row per thing, every list a table of its own, joined by keys."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from .across import AcrossTables
from .checks import Identity, Rule, identities, printed, rules
from .completeness import rule_of
from .conservation import Token
from .diagnosis.coverage import unnoticed
from .diagnosis.evidence import rule_name
from .diagnosis.findings import Finding
from .document import Document
from .errors import ArgumentError
from .forms import FORMS, cell_name, tables
from .narrative.claims import Mention
from .narrative.tokens import MONEY
from .schema import framed, records
from .tables import Placement, Reading
from .texts import Pair, Text, same, words
from .texts.names import cell_title, column_name, row_name
from .verdicts import ClaimVerdict

_NO_PLACE = (float("nan"),) * 4
_DECIMALS = 2  # of a point: readers do not tell places apart any finer
_RATES = ("%", "％", "‰", "百分点", "个百分点")
_KINDS = {"date": "date", "ordinal": "ordinal", "citation": "citation", "contact": "contact"}
_MEANINGS = {
    "note.previous": "other_year", "note.of_year": "other_year", "note.cumulative": "other_year",
    "note.narrower": "other_body", "note.perhaps_narrower": "other_body", "note.perhaps_wider": "other_body",
    "note.heard": "other_body", "note.filed": "other_body", "note.for_others": "other_body",
    "note.all_disputes": "other_matter", "note.plan": "other_matter",
    "note.part_of_year": "other_matter",
    "note.not_understood": "not_understood", "note.part": "not_understood", "note.rivals": "not_understood",
    "note.unpaired": "not_understood",
}  # fmt: skip
"""What a note on a number without cells says of its meaning; any other: that the form has no such cell."""
_ALL = ("全部", "均", "都", "所有", "皆")
_NOTHING: Pair = ("", "")


class FactTables(NamedTuple):
    """What the statutory tables say: see schema.toml for the columns."""

    facts: pd.DataFrame
    readings: pd.DataFrame
    printed: pd.DataFrame


class ClaimTables(NamedTuple):
    """What the prose says."""

    claims: pd.DataFrame
    claim_cells: pd.DataFrame
    statements: pd.DataFrame
    statement_cells: pd.DataFrame


class CheckTables(NamedTuple):
    """What was compared."""

    checks: pd.DataFrame
    check_terms: pd.DataFrame


class FindingTables(NamedTuple):
    """What is wrong, and what would reconcile it."""

    findings: pd.DataFrame
    finding_checks: pd.DataFrame
    corrections: pd.DataFrame
    evidence: pd.DataFrame


class Origin(NamedTuple):
    """What a check was made by: its rule, None for the prose's own, and its two sides where it is a sum."""

    rule: Rule | None
    identity: Identity | None

    @property
    def kind(self) -> str:
        """What it compares: `sum` (cells with cells), `range` (one cell with what is possible), `prose`,
        `form` (what is there with what the form asks for) or `years` (one report with another)."""
        if self.rule is None:
            return "prose"
        if self.rule.before:
            return "years"
        if self.identity is not None:
            return "sum"
        return "range" if self.rule.per == "cell" else "form"

    @property
    def says(self) -> Pair:
        """What its rule demands, in words; empty for the prose."""
        return _NOTHING if self.rule is None else (self.rule.label_zh, self.rule.label)


def origins_across(checks: pd.DataFrame) -> dict[str, Origin]:
    """What made the checks against other years, by their keys."""
    by_id = {rule.id: rule for rule in rules() if rule.before}
    keys = zip(checks["check"].tolist(), checks["rule"].tolist(), strict=True)
    return {key: Origin(by_id.get(name), None) for key, name in keys}


def check_name(rule: str, kind: str, says: Pair = _NOTHING) -> Pair:
    """What a check of that rule and kind is called; where no text names the rule, by what it `says`."""
    if rule == "bounds" and kind == "sum":
        return words("label.at_most")
    called = rule_name(rule)
    return says if called == same(rule) and says[0] else called


def _place(reading: Reading | None) -> tuple:
    """Page and area of what a reader saw in a cell."""
    if reading is None:
        return (pd.NA, *_NO_PLACE)
    page = pd.NA if reading.page is None else reading.page
    return (page, *(round(edge, _DECIMALS) for edge in reading.box))


def fact_tables(
    facts: pd.DataFrame, placements: Mapping[str, Placement], tokens: Iterable[Token], form: str
) -> FactTables:
    """The facts, what each reader saw of them, and every number printed in their tables."""
    rows, seen = [], []
    columns = ("table", "row", "column", "value", "unit", "status", "raw", "readers", "agreed")
    for code, row, column, value, unit, status, raw, readers, agreed in zip(
        *(facts[name].to_numpy().tolist() for name in columns), strict=True
    ):
        name = cell_name(code, row, column)
        table = tables(form)[code]
        readings = {reader: p.readings[name] for reader, p in placements.items() if name in p.readings}
        places = {reader: _place(reading) for reader, reading in readings.items()}
        chosen = next((places[r] for r in readers.split("+") if r in places), _place(None))
        labels = (table.row(row).label, table.column(column).label)
        rows.append((name, code, row, column, *labels, value, unit, status, raw, *chosen, agreed))
        seen += [
            (name, reader, reading.raw, reading.confidence, *places[reader])
            for reader, reading in readings.items()
        ]
    return FactTables(framed("facts", rows), framed("readings", seen), _printed(tokens))


def _printed(tokens: Iterable[Token]) -> pd.DataFrame:
    number: dict[str, int] = {}
    rows = []
    for token in tokens:
        number[token.table] = number.get(token.table, 0) + 1
        page = pd.NA if token.page is None else token.page
        name = f"{token.table}#{number[token.table]}"
        where = (round(edge, _DECIMALS) for edge in token.where)
        rows.append((name, token.table, token.raw, page, *where, token.role, token.cell))
    return framed("printed", rows)


def claim_tables(mentions: Sequence[Mention], told: pd.DataFrame, document: Document) -> ClaimTables:
    """The numbers and statements of the prose; `told` are the checks that they allow (ledger.checks)."""
    changes = {str(row["claims"]).split()[0] for row in _records(told, "growth") if row["claims"]}
    number: dict[str, int] = {}
    claims, cells = [], []
    for mention in mentions:
        section = mention.section or ""
        number[section] = number.get(section, 0) + 1
        name = f"{section}#{number[section]}"
        token = mention.token
        claims.append(
            (
                name, section, mention.quote, mention.start, mention.end, token.value, token.unit,
                token.approximate, _kind(mention, changes), meaning_of(mention), "lexicon", mention.note,
                pd.NA if mention.page is None else mention.page,
            )
        )  # fmt: skip
        for reading, subject in enumerate((mention.subject, *mention.readings) if mention.subject else ()):
            cells += [(name, reading, cell) for cell in subject]
    statements, denied = _statements(told, document)
    return ClaimTables(
        framed("claims", claims),
        framed("claim_cells", cells),
        framed("statements", statements),
        framed("statement_cells", denied),
    )


def accept_cells(decided: Sequence[ClaimVerdict]) -> None:
    """Raises ArgumentError where a verdict on a number names a cell that no form has."""
    known = {
        cell_name(table.code, row.code, column)
        for form in FORMS
        for table in tables(form).values()
        for row in table.rows
        for column in row.columns
    }
    for one in decided:
        if strange := [cell for cell in one.cells if cell not in known]:
            told = f"the verdict on {one.claim} names {strange[0]}, which is not a cell"
            raise ArgumentError(told, advice="Write requests:new/total")


def as_decided(made: ClaimTables, decided: Sequence[ClaimVerdict]) -> ClaimTables:
    """The claims as a person has them, `by` person; a verdict whose number is not there changes nothing."""
    claims, cells = made.claims.copy(), made.claim_cells
    for one in decided:
        own = claims["claim"].eq(one.claim) & claims["value"].eq(one.figure)
        if not own.any():
            continue
        claims.loc[own, ["meaning", "by"]] = [one.meaning, "person"]
        claims.loc[own, "note"] = pd.Series(
            [_NOTHING] * int(own.sum()), index=claims.index[own], dtype=object
        )
        counted = framed("claim_cells", [(one.claim, 0, cell) for cell in one.cells])
        cells = pd.concat([cells[cells["claim"] != one.claim], counted], ignore_index=True)
    order = {name: number for number, name in enumerate(claims["claim"])}
    placed = cells.assign(at=cells["claim"].map(order)).sort_values(["at", "reading"], kind="stable")
    found = ClaimTables(claims, placed.drop(columns="at").reset_index(drop=True), *made[2:])
    found.claims.attrs.update(made.claims.attrs)
    return found


def _records(told: pd.DataFrame, rule: str) -> list[dict]:
    return records(told[told["rule"] == rule])


def _kind(mention: Mention, changes: set[str]) -> str:
    unit = mention.token.unit
    if mention.token.kind in _KINDS:
        return _KINDS[mention.token.kind]
    if str(mention.start) in changes or getattr(mention.note, "key", "") == "note.change":
        return "growth"
    if unit in _RATES:
        return "share"
    return "amount" if unit in MONEY else "count"


def meaning_of(mention: Mention) -> str:
    """What a number means: one of the codes of claims.meaning."""
    if mention.subject:
        return "cells"
    key = getattr(mention.note, "key", "")
    if not key and mention.token.kind == "claim":
        return "not_understood"
    return _MEANINGS.get(key, "no_cell")


def _statements(told: pd.DataFrame, document: Document) -> tuple[list[tuple], list[tuple]]:
    number: dict[str, int] = {}
    statements, cells = [], []
    for row in _records(told, "statement"):
        section, quote, start = _statement(str(row["scope"]))
        number[section] = number.get(section, 0) + 1
        name = f"{section}!{number[section]}"
        says = "all" if any(word in quote for word in _ALL) else "zero"
        end = _end_of(quote, start, document.text)
        statements.append((name, section, quote, start, end, says, _NOTHING))
        cells += [(name, cell) for cell in dict.fromkeys(str(row["cells"]).split())]
    return statements, cells


def _statement(scope: str) -> tuple[str, str, int]:
    """Section, words and offset of a statement, from its check's scope."""
    section, _, rest = scope.partition(":")
    quote, _, start = rest.rpartition("@")
    return "" if section == "-" else section, quote, int(start)


def _end_of(quote: str, start: int, text: str) -> int:
    """The offset behind a quote that the text may print with blanks and line ends in it."""
    at = start
    for sign in quote:
        found = text.find(sign, at)
        at = found + 1 if 0 <= found <= at + 4 else at + 1
    return at


class _Names(NamedTuple):
    """How claims, statements and checks are called: by offset, by scope."""

    claims: Mapping[int, str]
    statements: Mapping[tuple[str, int], str]


def _names(claims: pd.DataFrame, statements: pd.DataFrame) -> _Names:
    by_start = dict(zip(claims["start"].tolist(), claims["claim"].tolist(), strict=True))
    said = zip(statements["section"].tolist(), statements["start"].tolist(), strict=True)
    return _Names(by_start, dict(zip(said, statements["statement"].tolist(), strict=True)))


def check_tables(
    facts: pd.DataFrame,
    compared: pd.DataFrame,
    told: ClaimTables,
    form: str,
) -> tuple[CheckTables, dict[str, str], dict[str, Origin]]:
    """The comparisons and their terms, the key of each by its `rule:scope`, and by its key what made it.

    `facts` and `compared` are those of the steps (steps.py): sums, what is missing, the prose.
    """
    names = _names(told.claims, told.statements)
    values = dict(zip(told.claims["claim"].tolist(), told.claims["value"].tolist(), strict=True))
    cells = printed(facts)
    figures = dict(zip(cells, facts["value"].tolist(), strict=True))
    sums = {(one.rule, one.scope, one.cells): one for one in identities(facts, form)}
    rows, terms = [], []
    keys: dict[str, str] = {}
    origins: dict[str, Origin] = {}
    seen: dict[str, int] = {}
    for row in records(compared):
        base = f"{row['rule']}:{row['scope']}"
        seen[base] = seen.get(base, 0) + 1
        key = base if seen[base] == 1 else f"{base}#{seen[base]}"
        keys.setdefault(base, key)
        formula = row["formula"]
        settled = row["status"] in ("holds", "breaks")
        origin = origins[key] = _origin(row, sums, form)
        rows.append(
            (
                key, row["rule"], row["scope"], _severity(row, origin), _label(row, origin, form),
                row["left"], row["right"], row["difference"], row["status"],
                _NOTHING if settled else formula, formula,
            )
        )  # fmt: skip
        for side, role, factor, kind, name in _terms(row, origin.identity, names):
            cell, claim, statement = (name if kind == k else "" for k in ("cell", "claim", "statement"))
            value, status = float("nan"), "number"
            if cell:
                value = figures.get(cell, float("nan"))
                status = cells[cell].status if cell in cells else "absent"
            elif claim:
                value = values.get(claim, float("nan"))
            elif statement:
                value = 0.0
            terms.append((key, side, role, factor, cell, claim, statement, "", value, status))
    return CheckTables(framed("checks", rows), framed("check_terms", terms)), keys, origins


def _origin(row: Mapping, sums: Mapping[tuple[str, str, tuple[str, ...]], Identity], form: str) -> Origin:
    """What made a check: of the rules that share its id, the one for its table, and for sums or cells."""
    name, scope = str(row["rule"]), str(row["scope"])
    identity = sums.get((name, scope, tuple(_text(row, "cells").split())))
    if identity is not None:
        return Origin(identity.made_by, identity)
    if (own := rule_of(name, scope)) is not None:
        return Origin(own, None)
    table, _, rest = scope.partition(":")
    column = rest.rpartition("/")[2]
    for one in rules():
        if one.id == name and form in one.forms:
            by_cell = one.per == "cell" and one.table == table and (not one.over or column in one.over)
            if by_cell or (one.before and (not one.over or scope in one.over)):
                return Origin(one, None)
    return Origin(None, None)


def _severity(row: Mapping, origin: Origin) -> str:
    """What a break of the check is."""
    return _text(row, "severity") or (origin.rule.severity if origin.rule is not None else "error")


def _text(row: Mapping, name: str) -> str:
    """What a row has in a column of text; empty where it is missing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _label(row: Mapping, origin: Origin, form: str) -> Pair:
    """The rule and what it is about, in words."""
    called = check_name(str(row["rule"]), origin.kind, origin.says)
    place = _about(str(row["scope"]), origin.identity, form)
    return _at(called, place) if place else called


@lru_cache(maxsize=4096)
def _at(called: Pair, place: Pair) -> Pair:
    return words("evidence.identity", rule=called, place=place)


@lru_cache(maxsize=4096)  # the same in every report of a form
def _about(scope: str, identity: Identity | None, form: str) -> Pair | None:
    """The row, column or cell that a check is about."""
    if identity is not None and ":" not in scope:
        table = identity.cells[0].partition(":")[0]
        by_column = all(cell.endswith(f"/{scope}") for cell in identity.cells)
        return column_name(scope, form, table) if by_column else row_name(scope, form, table)
    if scope.partition(":")[0] in tables(form) and "/" in scope:
        return cell_title(scope, form)
    return None


def _terms(row: Mapping, identity: Identity | None, names: _Names) -> list[tuple]:
    """The terms of a comparison: side, role, factor, kind of thing, its name."""
    rule = str(row["rule"])
    if identity is not None:
        return [
            (side, "term", 1.0, "cell", name)
            for side, cells in (("left", identity.left), ("right", identity.right))
            for name in cells
        ]
    cells = _text(row, "cells").split()
    starts = map(int, _text(row, "claims").split())
    said = [names.claims[start] for start in starts if start in names.claims]
    match rule:
        case "narrative":
            return [
                *(("left", "term", 1.0, "claim", name) for name in said),
                *(("right", "term", 1.0, "cell", name) for name in cells),
            ]
        case "narrative_sum":
            return [
                *(("left", "whole", 1.0, "claim", name) for name in said[:1]),
                *(("right", "part", 1.0, "claim", name) for name in said[1:]),
            ]
        case "share" | "growth":
            roles = ("term", "part", "whole") if rule == "share" else ("term", "part", "before")
            sides = ("left", "right", "right")
            return [
                (sides[min(n, 2)], roles[min(n, 2)], 1.0, "claim", name) for n, name in enumerate(said)
            ] + [("right", "part", 1.0, "cell", name) for name in cells if len(said) < 2]
        case "statement":
            section, _, start = _statement(str(row["scope"]))
            own = names.statements.get((section, start))
            return [
                *([("left", "term", 1.0, "statement", own)] if own else []),
                *(("right", "term", 1.0, "cell", name) for name in cells),
            ]
    return [
        *(("left", "term", 1.0, "cell", name) for name in cells),
        *(("left", "term", 1.0, "claim", name) for name in said if not cells),
    ]


def finding_tables(
    causes: Mapping[str, Finding],
    checks: pd.DataFrame,
    told: ClaimTables,
    across: AcrossTables | None = None,
) -> FindingTables:
    """The root causes, worst first, the checks that each explains, and what would reconcile it.

    Those against other years come last.
    """
    if not causes and across is None:
        return FindingTables(*(framed(name, ()) for name in FindingTables._fields))
    by_start = dict(
        zip(told.statements["start"].tolist(), told.statements["statement"].tolist(), strict=True)
    )
    by_start |= dict(zip(told.claims["start"].tolist(), told.claims["claim"].tolist(), strict=True))
    broken = set(checks.loc[checks["status"] == "breaks", "check"])
    alike: dict[str, list[str]] = {}
    for key, rule, scope in zip(checks["check"], checks["rule"], checks["scope"], strict=True):
        alike.setdefault(f"{rule}:{scope}", []).append(key)
    made: dict[str, list[tuple]] = {name: [] for name in FindingTables._fields}
    for number, (mark, cause) in enumerate(causes.items(), 1):
        made["findings"].append((mark, number, cause.severity, cause.kind, cause.title))
        named = dict.fromkeys(key for base in cause.checks for key in alike.get(base, ()) if key in broken)
        made["finding_checks"] += [(mark, key) for key in named]
        order = 0
        for one in cause.explanations:
            proposes = bool(one.cells) and cause.kind == "published"
            order += proposes
            for name, was, value in one.cells if proposes else ():
                kind, _, start = name.partition(":")
                claim = by_start.get(int(start), "") if kind == "claim" else ""
                figures = (_number(was), _number(value))
                slip = "+".join(dict.fromkeys(one.slip))
                row = (mark, order, "" if claim else name, claim, *figures, slip, one.decided_by)
                made["corrections"].append(row)
            for side, texts in (("for", one.speaks_for), ("against", one.against)):
                about = [(by_start.get(_quoted(text), ""), text) for text in texts]
                made["evidence"] += [(mark, order if proposes else 0, side, *one) for one in about]
    found = FindingTables(*(framed(name, rows) for name, rows in made.items()))
    return found if across is None else _with_years(found, across, checks)


def _with_years(found: FindingTables, across: AcrossTables, checks: pd.DataFrame) -> FindingTables:
    """The findings with those against other years behind them, as far as their checks are there."""
    explains = across.finding_checks[across.finding_checks["check"].isin(checks["check"])]
    more = across._asdict() | {"finding_checks": explains}
    more["findings"] = across.findings.assign(number=across.findings["number"] + len(found.findings))
    there = ((name, more[name], more[name]["finding"].isin(explains["finding"])) for name in found._fields)
    rows = {name: frame[kept] for name, frame, kept in there}
    return FindingTables(*map(stacked, found, rows.values()))


def stacked(own: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table with more rows of it below."""
    return pd.concat([own, more], ignore_index=True) if len(more) else own


def _quoted(text: object) -> int:
    """The offset of the claim that a reason quotes; -1 where it quotes none."""
    if not isinstance(text, Text):
        return -1
    start = text.given.get("start")
    return start if isinstance(start, int) else max(map(_quoted, text.given.values()), default=-1)


def unnoticed_tables(facts: pd.DataFrame, told: pd.DataFrame, form: str) -> dict[str, pd.DataFrame]:
    """What could be wrong unnoticed, with its cells and silent checks, by table."""
    rows = records(unnoticed(facts, told, form))
    return {
        "unnoticed": framed("unnoticed", [(n, r["kind"], r["change"]) for n, r in enumerate(rows, 1)]),
        "unnoticed_cells": framed(
            "unnoticed_cells", [(n, cell) for n, r in enumerate(rows, 1) for cell in r["cells"].split()]
        ),
        "unnoticed_checks": framed(
            "unnoticed_checks", [(n, key) for n, r in enumerate(rows, 1) for key in r["checks"].split()]
        ),
    }


COUNTED: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "cells": ("facts", (("status",), ("table", "status"), ("read",))),
    "printed": ("printed", (("role",), ("table", "role"))),
    "claims": (
        "claims",
        (("kind",), ("meaning",), ("kind", "meaning"), ("section", "kind"), ("section", "kind", "meaning")),
    ),
    "statements": ("statements", (("says",),)),
    "checks": ("checks", (("status",), ("rule", "status"), ("rule",), ("kind", "status"), ("kind",))),
    "findings": ("findings", (("severity",), ("kind",), ("kind", "severity"))),
    "standing": ("findings", (("severity",), ("kind",), ("kind", "severity"))),
    "corrections": ("corrections", ()),
    "unnoticed": ("unnoticed", (("kind",),)),
}
"""What is counted, of which table, and by which of its columns.

Besides the columns of schema.toml: `read` of a cell is agree (by two readers), single or doubt, `kind` of a
check that of its Origin; `standing` are the findings that no person dismissed.
"""


def count_table(
    found: Mapping[str, pd.DataFrame], kinds: Mapping[str, str], only: Iterable[str] = tuple(COUNTED)
) -> pd.DataFrame:
    """Every count of an audit, or of `only` these: of all, and by the codes that tell them apart.

    `kinds` are those of the checks by their key.
    """
    rows: list[tuple[str, str, int]] = []
    for what in only:
        table, splits = COUNTED[what]
        frame = _counted(what, found[table], found, kinds)
        rows.append((what, "", len(frame)))
        for split in splits:
            counts = frame.groupby(list(split), observed=True, sort=True).size()
            for found_codes, count in counts.items():
                each = found_codes if isinstance(found_codes, tuple) else (found_codes,)
                pairs = zip(split, each, strict=True)
                rows.append((what, " ".join(f"{name}={code}" for name, code in pairs), int(count)))
    return framed("counts", rows)


def _counted(
    what: str, frame: pd.DataFrame, found: Mapping[str, pd.DataFrame], kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The rows that are counted, with the columns by which they are told apart besides their own."""
    match what:
        case "cells":
            seen = frame["cell"].map(found["readings"]["cell"].value_counts())
            read = seen.gt(1).map({True: "agree", False: "single"})
            read = read.mask(~frame["agreed"] | frame["status"].eq("unread"), "doubt")
            return frame.assign(read=read.where(seen.notna() | read.eq("doubt")))
        case "checks":
            return frame.assign(kind=frame["check"].map(kinds))
        case "corrections":
            return frame.drop_duplicates(["finding", "correction"])
        case "standing":
            decided = found["verdicts"]
            gone = decided.loc[decided["verdict"].eq("dismissed"), "finding"]
            return frame[~frame["finding"].isin(gone)]
    return frame


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
