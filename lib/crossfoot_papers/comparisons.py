"""Every check worked out: both sides of its sign in real figures, each with the cell it stands in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from crossfoot.audit import Audit
from crossfoot.checks import SETTLED, Printed, amount, printed
from crossfoot.completeness import scope_title
from crossfoot.facts import read_alike
from crossfoot.forms import split_cell, tables
from crossfoot.schema import records
from crossfoot.texts import Pair, same, say, worded, words
from crossfoot.texts.names import cell_label, cell_title, column_name, english, label, row_name
from crossfoot.tidy import Origin, check_name

FEW = 2
"""A side of a sum with at most this many cells is written cell by cell."""
NUMBERS = ("count", "share", "growth", "amount")
"""The kinds of claims that say how much there is of something: no dates, ordinals, citations, contacts."""
_MANY = 8
"""In a line, a side with more figures than this is written as its sum."""
_SHOWN = 4
"""A side of up to so many cells shows them all; a longer one leaves out what adds nothing."""
_WORDS = 12
"""So many characters before a number of the prose say what it is."""
_WITHIN_PROSE = ("narrative_sum", "share", "growth")  # they compare numbers of the prose with each other


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a sum: as written, what it is called, and its cell, or its claim's offset."""

    figure: str
    name: Pair
    cell: str = ""
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `terms` shown, the `total` of all, and notes on the rest (`besides`).

    `whole` says that no term was left out.
    """

    terms: tuple[Term, ...]
    total: str
    besides: tuple[Pair, ...] = ()
    whole: bool = True

    @property
    def short(self) -> str:
        """The side in a few characters: 75 + –, or Σ 94."""
        figures = [term.figure for term in self.terms]
        return " + ".join(figures) if len(figures) <= 2 and self.whole else f"Σ {self.total}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A check worked out.

    `key` is its name in the tables, `kind` what it compares (Origin.kind). `called` names its rule, `says` is
    what that demands, `basis` its source; `name` is what it is about, `where` that as the form prints it.

    `cells` are all that enter it, `claims` the offsets of the numbers in the prose; `start` is the offset of
    the claim or statement that it is about, `said` what it says: a number, or words. `groups` are its cells,
    those of either side of a sum apart; one group for a check of the prose against tables, none for one of
    the prose with itself; `figures` what they contribute, None for a blank. `sides` tells on which side of
    the sign a cell stands, `values` are the two sums (NaN where nothing is stated). `left` and `right` are
    None where the comparison is no sum of figures: then `formula` has it in words.
    """

    id: str
    key: str
    rule: str
    scope: str
    kind: str
    status: str
    called: Pair
    says: Pair
    basis: str
    name: Pair
    where: str
    sign: str
    difference: str
    formula: Pair
    cells: tuple[str, ...]
    claims: tuple[int, ...]
    start: int | None
    said: str
    groups: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[float | None, ...], ...]
    sides: Mapping[str, str]
    values: tuple[float, float]
    left: Side | None = None
    right: Side | None = None

    @property
    def is_range(self) -> bool:
        """Whether it only asks whether one cell's figure is possible."""
        return self.kind == "range"

    @property
    def short(self) -> str:
        """The comparison in a few characters."""
        if self.left is None or self.right is None:
            return ""
        return f"{self.left.short} {self.sign} {self.right.short}"

    def worked_out(self, language: str, form: str) -> str:
        """A check that breaks in a line with its figures: 自然人: 75 + – ≠ 75 + 1."""
        if self.kind == "sum":
            one, other = (_written(*side) for side in zip(self.figures, self.values, strict=True))
            sign = "≰" if self.sign == ">" else "≠"
            return say("annotation.worked", language, name=self.where, what=f"{one} {sign} {other}")
        left, right = self.values
        if self.rule == "narrative" and self.cells:
            cells = cells_in_words(self.cells, form, 2)
            return say("annotation.narrative", language, left=left, right=right, cells=cells)
        said = f"{amount(left)} ≠ {amount(round(right, 4))}" if left == left and right == right else ""
        if self.rule == "statement" or not said:
            said = worded(self.formula, language)
        return say("annotation.worked", language, name=self.called, what=said)


def comparisons(audit: Audit, status: str = "") -> list[Comparison]:
    """Every check of the audit worked out, in its order; only those of that `status`, if one is given."""
    assert audit.bilingual is not None and audit.document is not None
    terms: dict[str, list[_CheckTerm]] = {}
    names = ("check", "side", "role", "cell", "claim", "statement", "report")
    for key, *term in zip(*(audit.check_terms[name].tolist() for name in names), strict=True):
        terms.setdefault(key, []).append(_CheckTerm(*term))
    sources = _Sources(
        audit.report.form,
        printed(audit.facts),
        {row["claim"]: row for row in records(audit.claims)},
        {row["statement"]: row for row in records(audit.statements)},
        counted_by(audit),
        audit.document.text,
    )
    return [
        _worked_out(sources, number, row, audit.origins[row["check"]], terms.get(row["check"], []))
        for number, row in enumerate(records(audit.bilingual["checks"]))
        if not status or row["status"] == status
    ]


def counted_by(audit: Audit) -> dict[str, tuple[str, ...]]:
    """The cells that each claim is held against, by its key; none for one without cells."""
    found: dict[str, list[str]] = {}
    first = audit.claim_cells[audit.claim_cells["reading"] == 0]
    for claim, cell in zip(first["claim"], first["cell"], strict=True):
        found.setdefault(claim, []).append(cell)
    return {claim: tuple(cells) for claim, cells in found.items()}


def readers_of(audit: Audit) -> dict[str, list[str]]:
    """The readers that read each cell as it is in the facts; none for one that no reader saw."""
    raw = dict(zip(audit.facts["cell"], audit.facts["raw"], strict=True))
    found: dict[str, list[str]] = {name: [] for name in raw}
    for cell, reader, text in zip(
        audit.readings["cell"], audit.readings["reader"], audit.readings["raw"], strict=True
    ):
        if cell in raw and read_alike(text, raw[cell]):
            found[cell].append(reader)
    return found


def claim_name(claim: Mapping) -> Pair:
    """A number in the prose by its section and the clause that it stands in."""
    quote = str(claim["quote"]).strip()
    section = f"{claim['section']} " if claim["section"] else ""
    return words("place.claim", quote=f"{section}{quote if len(quote) <= 30 else '…' + quote[-28:]}")


def cells_in_words(names: Iterable[str], form: str, most: int = 6) -> str:
    """Cells as the form prints them, joined by ＋; beyond `most` their number."""
    every = list(names)
    shown = "＋".join(cell_label(name, form) for name in every[:most])
    return shown + (f" …（{len(every)}）" if len(every) > most else "")


def gloss(table: str, axis: str, code: str, language: str) -> str:
    """The English name of a row or column, for papers in English; else nothing."""
    return english(table, axis, code) if language == "en" else ""


class _CheckTerm(NamedTuple):
    """A row of check_terms, without its check."""

    side: str
    role: str
    cell: str
    claim: str
    statement: str
    report: str


@dataclass(frozen=True, slots=True)
class _Sources:
    """What working out needs of an audit; claims and statements are by their keys."""

    form: str
    cells: dict[str, Printed]
    claims: dict[str, dict]
    statements: dict[str, dict]
    counted: dict[str, tuple[str, ...]]
    text: str


def _worked_out(
    sources: _Sources, number: int, row: Mapping[str, Any], origin: Origin, terms: Sequence[_CheckTerm]
) -> Comparison:
    rule, scope, status = str(row["rule"]), str(row["scope"]), str(row["status"])
    claims = [sources.claims[term.claim] for term in terms if term.claim]
    statement = next((sources.statements[term.statement] for term in terms if term.statement), None)
    cells = _cells(sources, rule, status, terms)
    values = float(row["left"]), float(row["right"])
    identity = origin.identity
    left: Side | None = None
    right: Side | None = None
    if identity is not None:
        left, right = (_side(sources, names, identity.scope) for names in (identity.left, identity.right))
    elif status in SETTLED:
        left, right = _of_prose(sources, rule, claims, cells, values)
    groups: tuple[tuple[str, ...], ...] = (cells,)
    if identity is not None:
        groups = identity.left, identity.right
    about = claims[0] if claims else statement
    differs = status == "breaks" and row["difference"] == row["difference"]
    return Comparison(
        id=f"k{number}",
        key=str(row["check"]),
        rule=rule,
        scope=scope,
        kind=origin.kind,
        status=status,
        called=check_name(rule, origin.kind, origin.says),
        says=origin.says if origin.rule is not None else words(f"says.{rule}"),
        basis=origin.rule.basis if origin.rule is not None else "",
        name=_name(sources, rule, scope, origin, claims),
        where=_where(sources.form, rule, scope, origin, cells),
        sign=_sign(status, origin),
        difference=_signed(float(row["difference"])) if differs else "",
        formula=row["formula"],
        cells=cells,
        claims=tuple(int(claim["start"]) for claim in claims),
        start=int(about["start"]) if about is not None else None,
        said=_said(rule, about),
        groups=() if rule in _WITHIN_PROSE else groups,
        figures=tuple(
            tuple(sources.cells[name].value if name in sources.cells else None for name in names)
            for names in groups
        ),
        sides=_sides(left, right, origin),
        values=values,
        left=left,
        right=right,
    )


def _said(rule: str, about: Mapping[str, Any] | None) -> str:
    """What a claim or statement says: its number, a percentage with its sign, or its words."""
    if about is None:
        return ""
    if "claim" not in about:
        return str(about["quote"])
    return f"{amount(float(about['value']))}{about['unit'] if rule in ('share', 'growth') else ''}"


def _cells(sources: _Sources, rule: str, status: str, terms: Sequence[_CheckTerm]) -> tuple[str, ...]:
    """The cells of this report that enter a check; of the prose with itself, those that its numbers count."""
    own = [term.cell for term in terms if term.cell and not term.report]
    if rule in _WITHIN_PROSE and not own:
        parts = [t for t in terms if rule == "narrative_sum" or t.role in ("part", "before")]
        if rule == "narrative_sum" or status in SETTLED:
            own = [cell for term in parts for cell in sources.counted.get(term.claim, ())]
    return tuple(dict.fromkeys(own))


def _name(sources: _Sources, rule: str, scope: str, origin: Origin, claims: Sequence[Mapping]) -> Pair:
    """What a check is about: a column, a row, a cell, or a place in the prose."""
    identity, form = origin.identity, sources.form
    if identity and ":" not in identity.scope:
        table = split_cell(identity.cells[0])[0]
        columns = {
            column.code for column in (*tables(form)[table].columns, *tables(form)[table].subtotal_columns)
        }
        if identity.scope in columns and all(c.endswith(f"/{identity.scope}") for c in identity.cells):
            return column_name(identity.scope, form, table)
        return row_name(identity.scope, form, table)
    if identity or origin.kind == "range":
        return cell_title(scope, form)
    if origin.kind == "form":
        return scope_title(scope, form)
    if origin.rule is not None and origin.kind == "years":
        named = column_name if origin.rule.per == "column" else row_name
        return named(scope, form, origin.rule.table)
    if claims:
        return claim_name(claims[0])
    return same(scope.rpartition("@")[0] or scope)


def _where(form: str, rule: str, scope: str, origin: Origin, cells: Sequence[str]) -> str:
    """What a check is about, as the form prints it: its column, row or cell; a claim stays as it is."""
    if origin.rule is None:
        return scope
    if ":" in scope:
        return cell_label(scope, form)
    if origin.kind == "form":
        return scope_title(scope, form)[0]
    return label(scope, form, origin.rule.table, "column" if origin.rule.per == "column" else "row")


def _sign(status: str, origin: Origin) -> str:
    bound = origin.identity is not None and origin.identity.bound == "at_most"
    match status:
        case "holds":
            return "≤" if bound else "="
        case "breaks":
            return ">" if bound else "≠"
        case _:
            return "?"


def _signed(value: float) -> str:
    return f"+{amount(value)}" if value > 0 else f"−{amount(-value)}"


def _sides(left: Side | None, right: Side | None, origin: Origin) -> dict[str, str]:
    if origin.identity is not None:
        return dict.fromkeys(origin.identity.left, "left") | dict.fromkeys(origin.identity.right, "right")
    found = {}
    for name, side in (("left", left), ("right", right)):
        found.update({term.cell: name for term in (side.terms if side else ()) if term.cell})
    return found


def _side(sources: _Sources, names: Iterable[str], scope: str = "") -> Side:
    """The cells as a side: what prints nothing is –, what is not read ?; a long side counts these, and 0s."""
    names = tuple(names)
    shown, blanks, zeros, unread = [], 0, 0, 0
    for name in names:
        cell = sources.cells.get(name)
        value = cell.value if cell else None
        if cell and value is None and not cell.void:
            unread += 1
            if len(names) <= _SHOWN:
                shown.append(Term("?", _term_name(name, scope, sources.form), name))
            continue
        if value is None:
            blanks += 1
        if len(names) > _SHOWN and not value:
            zeros += value is not None
            continue
        figure = "–" if value is None else amount(value)
        shown.append(Term(figure, _term_name(name, scope, sources.form), name))
    total = sum(sources.cells[name].value or 0.0 for name in names if name in sources.cells)
    besides = [words("side.zeros", count=zeros)] if zeros else []
    if blanks:
        besides.append(words("side.blanks", count=blanks))
    if unread:
        besides.append(words("side.unread", count=unread))
    return Side(tuple(shown), amount(round(total, 6)), tuple(besides), len(shown) == len(names))


def _term_name(name: str, scope: str, form: str) -> Pair:
    """The part of a cell's name that its check's scope does not already say."""
    table, row, column = split_cell(name)
    if column == scope:
        return row_name(row, form, table)
    if row == scope:
        return column_name(column, form, table)
    return row_name(row, form, table) if column == "total" else cell_title(name, form)


def _of_prose(
    sources: _Sources,
    rule: str,
    claims: Sequence[Mapping],
    cells: tuple[str, ...],
    values: tuple[float, float],
) -> tuple[Side | None, Side | None]:
    """The prose's number against its cells, or its parts; None where the comparison is of another kind."""
    first = words("side.prose")
    if rule == "narrative_sum" and len(claims) > 1:
        numbers = [_claimed(sources, claim) for claim in claims]
        whole = Term(numbers[0].figure, first, claim=numbers[0].claim)
        return Side((whole,), amount(values[0])), Side(tuple(numbers[1:]), amount(values[1]))
    if rule not in ("narrative", "statement"):
        return None, None
    own = _side(sources, cells)
    start = int(claims[0]["start"]) if claims else None
    for value, counted in (values, values[::-1]):
        if own.total == amount(counted):
            return Side((Term(amount(value), first, claim=start),), amount(value)), own
    return None, None


def _claimed(sources: _Sources, claim: Mapping) -> Term:
    """A number of the prose as a term, called by the words before it in its clause."""
    start = int(claim["start"])
    before = re.sub(r"\s+", "", sources.text[max(0, start - 2 * _WORDS) : start])
    clause = re.split(r"[，。；：、（）(),;:]", before)[-1][-_WORDS:]
    name = same(clause) if clause else words("side.prose")
    return Term(f"{amount(float(claim['value']))}{claim['approximate']}", name, claim=start)


def _written(figures: Sequence[float | None], total: float) -> str:
    """A side of a sum: few figures one by one, – for a blank; of many those that add something."""
    if len(figures) > FEW:
        figures = [figure for figure in figures if figure] or [0.0]
    if len(figures) > _MANY:
        return f"Σ {amount(total)}"
    return " + ".join("–" if figure is None else amount(figure) for figure in figures)
