"""Findings about the prose: what it says that neither the tables nor its own other figures bear out."""

from collections.abc import Sequence

from ..forms import split_cell, tables
from ..texts import Pair, known, same, words
from ..texts.names import label
from .evidence import Statement, rule_name
from .explanations import Case
from .finding import MOST_NAMED, Finding, broken_places, some, worst
from .misprints import Root


def of_root(one: Case, root: Root) -> Finding:
    """The finding of a break of the prose."""
    first = root.checks[0]
    every = (*root.checks, *root.follow)
    start = min((start for check in root.checks for start in check.claims), default=-1)
    claim = one.said.claims.get(start)
    own = [cell for cell in first.cells if cell in one.cells]
    if first.rule == "narrative" and own:
        table = tables(one.form)[split_cell(own[0])[0]]
        title = words(
            "title.narrative",
            value=first.left,
            unit=(claim and claim["unit"]) or "",
            section=table.section,
            right=first.right,
            labels=_rows_of(one, own),
        )
    elif first.rule == "statement":
        title = words("title.statement", quote=one.said.quote(start) if claim else first.formula)
    elif first.rule == "period":
        title = words("title.period", left=first.left, right=first.right, quote=one.said.quote(start))
    elif first.rule in ("narrative_sum", "share", "growth"):
        name = "change" if first.rule == "growth" and "%@" not in first.key else first.rule
        title = words(f"title.{name}", left=first.left, right=round(first.right, 4))
    elif known(f"title.{first.rule}") and own:
        shown = broken_places([(one.label(own[0]), first.left, first.right)])
        title = words(f"title.{first.rule}", places=shown)
    else:
        title = words("title.other_rule", rule=rule_name(first.rule), left=first.left, right=first.right)
    return Finding(
        title,
        worst(check.severity for check in root.checks),
        "published",
        tuple(check.key for check in every),
        root.explanations,
        tuple(_basis(one, check) for check in root.checks),
        (1, start),
    )


def _basis(one: Case, check: Statement) -> str:
    """What a check of the prose is known by in another run: its cells, or what its claims count and say."""
    if check.cells:
        return f"{check.rule} {' '.join(check.cells)}"
    claims = [one.said.claims.get(start) for start in check.claims]
    words = [str(claim["subject"] or claim["value"]) for claim in claims if claim]
    return f"{check.rule} {' '.join(words)}"


def _rows_of(one: Case, cells: Sequence[str]) -> Pair:
    """The rows of those cells as the form prints them, the first few by name."""
    named = dict.fromkeys(split_cell(cell)[:2] for cell in cells)
    rows = [label(row, one.form, table, "row") for table, row in named]
    return some(same("＋".join(rows[:MOST_NAMED])), len(rows))
