"""Every check worked out: both sides of its sign in real figures, each with the cell it stands in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from crossfoot.checks import SETTLED, Identity, Printed, amount, identities, printed, rules
from crossfoot.completeness import rule_of, scope_title
from crossfoot.diagnosis.evidence import Statement, statements
from crossfoot.forms import split_cell, tables
from crossfoot.texts import Pair, same, words
from crossfoot.texts.names import cell_title, column_name, row_name
from crossfoot.working import Working

_WORDS = 12
"""So many characters before a number of the prose say what it is."""
_FEW = 4
"""A side of up to so many cells shows them all; a longer one leaves out what adds nothing."""


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
    """A check worked out. `key` is `rule:scope`; `name` what it is about; `says` what it demands.

    `cells` are all that enter it, `claims` the offsets of the numbers in the prose; `sides` tells on which
    side of the sign a cell stands, `values` are the two sums (NaN where nothing is stated). `left` and
    `right` are None where the comparison is no sum of figures: then `formula` has it in words.
    """

    id: str
    key: str
    rule: str
    status: str
    name: Pair
    says: Pair
    basis: str
    sign: str
    difference: str
    formula: Pair
    cells: tuple[str, ...]
    claims: tuple[int, ...]
    sides: Mapping[str, str]
    values: tuple[float, float]
    left: Side | None = None
    right: Side | None = None

    @property
    def is_range(self) -> bool:
        """Whether it only asks whether one cell's figure is possible."""
        return self.rule == "bounds" and len(self.cells) == 1

    @property
    def short(self) -> str:
        """The comparison in a few characters."""
        if self.left is None or self.right is None:
            return ""
        return f"{self.left.short} {self.sign} {self.right.short}"


def comparisons(audit: Working) -> list[Comparison]:
    """Every check of the audit worked out, in its order."""
    form = audit.report.form
    sources = _Sources(
        form,
        printed(audit.facts),
        {f"{i.rule}:{i.scope}": i for i in identities(audit.facts, form)},
        {s.key: s for s in statements(audit.told)},
        {int(row["start"]): row for row in audit.claims.to_dict("records")},
        audit.document.text,
        audit.wording.formulas,
    )
    return [_worked_out(sources, number, row) for number, row in enumerate(audit.checks.to_dict("records"))]


def by_key(every: Iterable[Comparison]) -> dict[str, Comparison]:
    """The comparisons by their key; of two with one key the first."""
    keys: dict[str, Comparison] = {}
    for one in every:
        keys.setdefault(one.key, one)
    return keys


def claim_name(claim: Mapping) -> Pair:
    """A number in the prose by its section and the clause that it stands in."""
    quote = str(claim["quote"]).strip()
    section = "" if pd.isna(claim["section"]) else f"{claim['section']} "
    return words("place.claim", quote=f"{section}{quote if len(quote) <= 30 else '…' + quote[-28:]}")


@dataclass(frozen=True, slots=True)
class _Sources:
    """What working out needs of an audit."""

    form: str
    cells: dict[str, Printed]
    identities: dict[str, Identity]
    statements: dict[str, Statement]
    claims: dict[int, dict]
    text: str
    formulas: Mapping[tuple[str, str, str], Pair]


def _worked_out(sources: _Sources, number: int, row: Mapping) -> Comparison:
    rule, scope, status = str(row["rule"]), str(row["scope"]), str(row["status"])
    key = f"{rule}:{scope}"
    statement = sources.statements.get(key)
    identity = sources.identities.get(key) if statement is None else None
    claims = statement.claims if statement else ()
    left, right = (
        _of_identity(sources, identity)
        if identity
        else _of_statement(sources, statement)
        if statement
        else (None, None)
    )
    says, basis = _says(rule, row, sources.form)
    return Comparison(
        id=f"k{number}",
        key=key,
        rule=rule,
        status=status,
        name=_name(sources, rule, scope, identity, claims),
        says=says,
        basis=basis,
        sign=_sign(status, identity),
        difference=_signed(float(row["difference"]))
        if status == "breaks" and row["difference"] == row["difference"]
        else "",
        formula=sources.formulas[rule, scope, row["cells"]],
        cells=tuple(str(row["cells"]).split()) if isinstance(row["cells"], str) else (),
        claims=claims,
        sides=_sides(left, right, identity),
        values=(float(row["left"]), float(row["right"])),
        left=left,
        right=right,
    )


def _name(
    sources: _Sources, rule: str, scope: str, identity: Identity | None, claims: tuple[int, ...]
) -> Pair:
    """What a check is about: a column, a row, a cell, or a place in the prose."""
    if identity and ":" in identity.scope:
        return cell_title(identity.scope, sources.form)
    if identity:
        table = split_cell(identity.cells[0])[0]
        form = tables(sources.form)[table]
        columns = {column.code for column in (*form.columns, *form.subtotal_columns)}
        if identity.scope in columns and all(c.endswith(f"/{identity.scope}") for c in identity.cells):
            return column_name(identity.scope, sources.form, table)
        return row_name(identity.scope, sources.form, table)
    if claims and claims[0] in sources.claims:
        return claim_name(sources.claims[claims[0]])
    if rule in ("rows_missing", "not_a_figure"):
        return scope_title(scope, sources.form)
    if rule == "bounds":
        return cell_title(scope, sources.form)
    return same(scope.rpartition("@")[0] or scope)


def _says(rule: str, row: Mapping, form: str) -> tuple[Pair, str]:
    """What the rule demands, in words, and its official basis."""
    missing = rule_of(rule, str(row["scope"]))
    if missing is not None:
        return (missing.label_zh, missing.label), missing.basis
    cells = str(row["cells"]).split()
    table = cells[0].partition(":")[0] if cells else ""
    for known in rules():
        fits = rule != "bounds" or (known.per == "row") == (len(cells) > 1)
        if known.id == rule and known.table == table and form in known.forms and fits:
            return (known.label_zh, known.label), known.basis
    return words(f"says.{rule}"), ""


def _sign(status: str, identity: Identity | None) -> str:
    bound = identity is not None and identity.bound == "at_most"
    match status:
        case "holds":
            return "≤" if bound else "="
        case "breaks":
            return ">" if bound else "≠"
        case _:
            return "?"


def _signed(value: float) -> str:
    return f"+{amount(value)}" if value > 0 else f"−{amount(-value)}"


def _sides(left: Side | None, right: Side | None, identity: Identity | None) -> dict[str, str]:
    if identity:
        return dict.fromkeys(identity.left, "left") | dict.fromkeys(identity.right, "right")
    found = {}
    for name, side in (("left", left), ("right", right)):
        found.update({term.cell: name for term in (side.terms if side else ()) if term.cell})
    return found


def _of_identity(sources: _Sources, identity: Identity) -> tuple[Side, Side]:
    return _side(sources, identity.left, identity.scope), _side(sources, identity.right, identity.scope)


def _side(sources: _Sources, names: Iterable[str], scope: str = "") -> Side:
    """The cells as a side: what prints nothing is –, what is not read ?; a long side counts these, and 0s."""
    names = tuple(names)
    shown, blanks, zeros, unread = [], 0, 0, 0
    for name in names:
        cell = sources.cells.get(name)
        value = cell.value if cell else None
        if cell and value is None and not cell.void:
            unread += 1
            if len(names) <= _FEW:
                shown.append(Term("?", _term_name(name, scope, sources.form), name))
            continue
        if value is None:
            blanks += 1
        if len(names) > _FEW and not value:
            zeros += value is not None
            continue
        shown.append(
            Term("–" if value is None else amount(value), _term_name(name, scope, sources.form), name)
        )
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


def _of_statement(sources: _Sources, statement: Statement) -> tuple[Side | None, Side | None]:
    """The prose's number against its cells, or its parts; None where the comparison is of another kind."""
    if statement.status not in SETTLED:
        return None, None
    numbers = [_claimed(sources, start) for start in statement.claims if start in sources.claims]
    if statement.rule == "narrative_sum" and len(numbers) > 1:
        right = Side(tuple(numbers[1:]), amount(statement.right))
        whole = Term(numbers[0].figure, words("side.prose"), claim=numbers[0].claim)
        return Side((whole,), amount(statement.left)), right
    if statement.rule not in ("narrative", "statement"):
        return None, None
    own = _side(sources, statement.cells)
    first = words("side.prose")
    start = statement.claims[0] if statement.claims else None
    for value, cells in ((statement.left, statement.right), (statement.right, statement.left)):
        if own.total == amount(cells):
            return Side((Term(amount(value), first, claim=start),), amount(value)), own
    return None, None


def _claimed(sources: _Sources, start: int) -> Term:
    """A number of the prose as a term, called by the words before it in its clause."""
    claim = sources.claims[start]
    near = "" if pd.isna(claim["approximate"]) else str(claim["approximate"])
    before = re.sub(r"\s+", "", sources.text[max(0, start - 2 * _WORDS) : start])
    clause = re.split(r"[，。；：、（）(),;:]", before)[-1][-_WORDS:]
    name = same(clause) if clause else words("side.prose")
    return Term(f"{amount(float(claim['value']))}{near}", name, claim=start)
