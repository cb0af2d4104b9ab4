"""What the prose and other documents say of a correction: which claims speak for it, which against."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

import pandas as pd

from ..checks import amount
from ..forms import cell_name, split_cell
from ..texts import Pair, Text, joined, known, same, words

# Rules whose cells do not simply sum to one side: they are weighed where prose is judged, not here.
_DERIVED = ("narrative_sum", "share", "growth", "statement")


@dataclass(frozen=True, slots=True)
class Statement:
    """A check that compares the prose, or another report, with this report's cells.

    `key` is `rule:scope`; `claims` are the offsets of the numbers in the prose that it uses; `equals` is
    another cell that the claim equals, or "".
    """

    key: str
    rule: str
    status: str
    left: float
    right: float
    cells: tuple[str, ...]
    formula: Pair
    claims: tuple[int, ...]
    equals: str
    severity: str


@cache
def rule_name(rule: str) -> Pair:
    """What a rule is called; one that no text names by its id."""
    return words(f"rule.{rule}") if known(f"rule.{rule}") else same(rule)


def statements(told: pd.DataFrame) -> list[Statement]:
    """The checks of the prose and across years; columns past CHECK_COLUMNS may be missing."""
    found = []
    for row in told.to_dict("records"):
        claims = row.get("claims")
        equals, severity = row.get("equals"), row.get("severity")
        found.append(
            Statement(
                f"{row['rule']}:{row['scope']}",
                str(row["rule"]),
                str(row["status"]),
                float(row["left"]),
                float(row["right"]),
                tuple(str(row["cells"]).split()) if isinstance(row["cells"], str) else (),
                row["formula"],
                tuple(int(float(c)) for c in str(claims).split()) if _given(claims) else (),
                str(equals) if _given(equals) else "",
                str(severity) if _given(severity) else "error",
            )
        )
    return found


def _given(value: object) -> bool:
    return value is not None and value is not pd.NA and value == value and value != ""


@dataclass(frozen=True, slots=True)
class Prose:
    """The numbers of the prose by offset: value, unit, quote, section, page, and whether it is a bound."""

    claims: dict[int, dict]

    def quote(self, start: int) -> Pair:
        """The clause of that number, with the section and page that it stands in."""
        claim = self.claims.get(start)
        if claim is None:
            return same(f"claim:{start}")
        place = [same(str(claim["section"]))] if _given(claim["section"]) else []
        if _given(claim["page"]):
            place.append(words("place.page", page=int(claim["page"])))
        where = joined(place, ("，", ", ")) if place else same("-")
        said = words("evidence.quote", quote=str(claim["quote"]).strip(), place=where)
        assert isinstance(said, Text)
        said.given["start"] = start
        return said

    def exact(self, start: int) -> bool:
        """Whether the number is stated without 余, 约, 近, 多, 超."""
        claim = self.claims.get(start)
        return claim is None or not _given(claim["approximate"])


def prose(claims: pd.DataFrame) -> Prose:
    """The claims by their offset; missing values are None."""
    rows = claims.to_dict("records")
    return Prose(
        {int(row["start"]): {key: v if _given(v) else None for key, v in row.items()} for row in rows}
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a correction, as sentences; `score` is checks reconciled less those broken.

    `reconciles` are the keys of the statements that hold after the correction and did not before.
    """

    speaks_for: tuple[Pair, ...]
    against: tuple[Pair, ...]
    score: int
    reconciles: tuple[str, ...]


def _target(statement: Statement, printed: Mapping[str, float | None]) -> float | None:
    """What the statement wants its cells to sum to; None where it is no plain comparison with their sum."""
    own = [cell for cell in statement.cells if cell in printed]
    if statement.rule in _DERIVED or not own or statement.status == "not_stated":
        return None
    total = sum(printed[cell] or 0 for cell in own)
    if statement.right == total:
        return statement.left
    return statement.right if statement.left == total else None


def weigh(
    changes: Sequence[tuple[str, int]],
    printed: Mapping[str, float | None],
    stated: Iterable[Statement],
    said: Prose,
) -> Evidence:
    """What the statements say of a correction. Bounds (余, 约 …) are not weighed.

    A statement that breaks as printed and would hold speaks for it, one that holds and would break
    against. One that would hold if it is read to count more (evidence.toml) is worded, and not counted.
    """
    true = dict(changes)
    good: list[Pair] = []
    bad: list[Pair] = []
    reconciles: list[str] = []
    score = 0
    for one in stated:
        target = _target(one, printed)
        if target is None or not all(said.exact(start) for start in one.claims):
            continue
        if one.status == "holds" and one.left != one.right:
            continue
        after = sum(true.get(cell, printed[cell] or 0) for cell in one.cells if cell in printed)
        where = said.quote(one.claims[0]) if one.claims else one.formula
        touched = any(cell in true for cell in one.cells)
        if touched and one.status == "breaks" and after == target:
            score += 1
            reconciles.append(one.key)
            good.append(words("evidence.speaks_for", quote=where, target=target))
            good += _parts(one, stated)
        elif touched and one.status == "holds" and after != target:
            score -= 1
            bad.append(words("evidence.speaks_against", quote=where, target=target, value=after))
        elif one.status == "breaks" and (figures := _otherwise(one, true, printed, target)):
            good.append(words("evidence.other_reading", quote=where, figures=figures))
    return Evidence(tuple(dict.fromkeys(good)), tuple(dict.fromkeys(bad)), score, tuple(reconciles))


def _parts(one: Statement, stated: Iterable[Statement]) -> Iterable[Pair]:
    """That the prose's own parts add up to the claim."""
    for other in stated:
        if other.rule == "narrative_sum" and other.status == "holds" and set(one.claims) & set(other.claims):
            yield words("evidence.parts_agree", formula=other.formula)


def _otherwise(
    one: Statement, true: Mapping[str, int], printed: Mapping[str, float | None], target: float
) -> str:
    """The sum by which the statement would hold in its other reading; "" where there is none."""
    for of, also in _source()["reading"]:
        cells: list[str] = []
        for name in one.cells:
            table, row, column = split_cell(name)
            if row == of:
                cells.append(cell_name(table, also, column))
        if not any(cell in true for cell in cells):
            continue
        every = [*one.cells, *cells]
        figures = [true.get(cell, printed.get(cell) or 0) for cell in every]
        if sum(figures) == target:
            return f"{' + '.join(amount(f) for f in figures)} = {amount(target)}"
    return ""


@cache
def _source() -> dict:
    raw = tomllib.loads(files("crossfoot.diagnosis").joinpath("evidence.toml").read_text(encoding="utf-8"))
    return {
        "document": [(tuple(d["cells"]), d["id"]) for d in raw["document"]],
        "reading": [(r["of"], r["also"]) for r in raw["reading"]],
    }


def decided_by(cells: Iterable[str]) -> Pair:
    """The documents that would settle what belongs in those cells, each once, joined by semicolons."""
    found: dict[str, None] = {}
    for name in cells:
        for patterns, document in _source()["document"]:
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                found[document] = None
                break
    return joined((words(f"document.{one}") for one in found), words("list.semicolon"))
