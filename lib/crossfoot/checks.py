"""Checks: what the form's own identities say of the facts of one report."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from .forms import cell_name

CHECK_COLUMNS = ["rule", "scope", "left", "right", "difference", "status", "cells", "formula"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as rules.toml words it; see the grammar there."""

    id: str
    label: str
    label_zh: str
    basis: str
    severity: str
    table: str
    per: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("2019", "2021")
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """One rule in one place: the cells of `left` sum to the same as the cells of `right`.

    `total` are those of its cells that are printed totals: where one is blank nothing is stated.
    """

    rule: str
    scope: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    total: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell of the identity, left before right."""
        return self.left + self.right


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of rules.toml, in file order."""
    raw = tomllib.loads(files("crossfoot").joinpath("rules.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(**{key: tuple(value) if isinstance(value, list) else value for key, value in rule.items()})
        for rule in raw["rule"]
    )


def _expand(patterns: tuple[str, ...], present: list[str]) -> list[str]:
    """The codes of `present` that a rule's patterns name, in the order of the form."""
    return [
        code
        for code in present
        if any(code == p or (p.endswith("*") and code.startswith(p[:-1])) for p in patterns)
    ]


def identities(facts: pd.DataFrame, form: str) -> list[Identity]:
    """Every sum identity that applies to this report's facts, rule by rule in the order of rules.toml."""
    found = []
    for rule in rules():
        if rule.bound or form not in rule.forms:
            continue
        table = facts[facts["table"] == rule.table]
        rows, columns = list(table["row"].unique()), list(table["column"].unique())
        across, along = (columns, rows) if rule.per == "column" else (rows, columns)
        for place in across:
            if rule.over and place not in rule.over:
                continue

            def names(patterns: tuple[str, ...], place=place) -> tuple[str, ...]:
                codes = _expand(patterns, along)
                if rule.per == "column":
                    return tuple(cell_name(rule.table, code, place) for code in codes)
                return tuple(cell_name(rule.table, place, code) for code in codes)

            found.append(
                Identity(
                    rule.id,
                    f"{rule.table}:{place}" if rule.per == "row" else f"{rule.table}:/{place}",
                    names(rule.left),
                    names(rule.right),
                    names(rule.total),
                )
            )
    return found
