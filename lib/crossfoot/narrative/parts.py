"""Totals of the prose against the parts that the prose itself lists."""

import re
from collections.abc import Iterator, Sequence

from ..checks import amount
from ..forms import split_cell
from ..texts import Pair, same, words
from .claims import Mention, Reading, scope
from .figures import Figures

_MOST_PARTS = 100  # numbers after a total among which its parts may stand
_REACH = 2  # sentences after a total's own in which its parts may stand
_RESULTS = ("granted", "partly_granted", "denied", "unavailable", "not_processed", "other")
_NEW = ("requests:new/total",)
_IN_ALL = (*_NEW, "requests:carried_in/total")
_DEALT_WITH = {"requests:handled/total"}  # where that is stated, the results are its parts
_BESIDE_NEW = {*_DEALT_WITH, "requests:carried_in/total"}  # stated, new has no such parts
_COLUMNS = {
    "requests": ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org"),
    "disputes": ("upheld", "corrected", "other", "pending"),
    "disclosure": (),
}
_OPENS = re.compile("其中|分别|包括|包含|含|：|（")


def part_checks(mentions: Sequence[Mention], table: Figures, reading: Reading) -> Iterator[dict]:
    """`narrative_sum`: each total with the parts listed after it.

    Of mapped figures only where the parts, more than one, cover every cell of the total that the table
    shows to have cases; of figures without cells a list that adds up holds, and one that does not may be
    incomplete.
    """
    stated: dict[str | None, set[str]] = {}
    for mention in mentions:
        stated.setdefault(mention.section, set()).update(mention.subject)
    for index, total in enumerate(mentions):
        later = mentions[index + 1 : index + 1 + _MOST_PARTS]
        if _is_elsewhere(total, table):
            continue
        if total.subject and not total.token.approximate:
            yield from _mapped(total, _following(total, later, table), stated[total.section], table)
        elif total.token.kind == "claim" and not total.subject:
            yield from _listed(total, later, reading)


def _is_elsewhere(mention: Mention, table: Figures) -> bool:
    """Whether a claim is of another body than the table's: neither it nor its parts sum to the table's."""
    limited = mention.subject and mention.note[1]
    return bool(limited) and table.total(mention.subject).value != mention.token.value


def _following(total: Mention, later: Sequence[Mention], table: Figures) -> list[Mention]:
    """The mapped claims after a total, up to where it is stated again or another section begins."""
    found = []
    for mention in later:
        if mention.section != total.section or mention.sentence > total.sentence + _REACH:
            break
        if mention.subject == total.subject:
            break
        if mention.subject and not _is_elsewhere(mention, table):
            found.append(mention)
    return found


def _mapped(total: Mention, later: list[Mention], here: set[str], table: Figures) -> Iterator[dict]:
    for cells in _divisions(total, here, table):
        parts = _parts(later, cells, table)
        if not parts:
            continue
        covered = {name for part in parts for name in table.names(part.subject)}
        if total.subject == _IN_ALL:  # its parts are of all that is in it, unless all are of the new
            covered |= {name.replace(":new/", ":carried_in/") for name in covered}
        missing = [name for name in cells if name not in covered and table.value(name)]
        missing += table.unread(name for name in cells if name not in covered)
        known = any(table.value(name) is not None for name in cells)
        value = total.token.value
        listed = round(sum(part.token.value for part in parts), 6)
        bases = {value}
        if total.subject == ("requests:new/total",) and "requests:carried_out/total" in cells:
            bases.add(value + (table.value("requests:carried_in/total") or 0.0))
        new_alone = total.subject == _IN_ALL and listed == table.value(_NEW[0])
        if new_alone and listed not in bases:
            continue
        if listed in bases and len(parts) > 1:
            yield _row(total, parts, listed, listed, "holds")
        elif known and not missing and listed in bases:
            yield _row(total, parts, value, listed, "holds")
        elif known and not missing and not total.readings and len(parts) > 1:
            yield _row(total, parts, value, listed, "breaks")
        elif len(parts) > 1:
            yield _row(total, parts, value, listed, "not_stated", words("formula.not_all"))


def _divisions(total: Mention, here: set[str], table: Figures) -> Iterator[tuple[str, ...]]:
    """The sets of cells into which the prose may divide a total; `here` is what its section states."""
    names = table.names(total.subject)
    code = split_cell(names[0])[0]
    if len(names) > 1:
        yield names
    columns = tuple(
        f"{code}:{row}/{column}"
        for _, row, total_column in map(split_cell, names)
        if total_column == "total"
        for column in _COLUMNS[code]
    )
    if columns:
        yield columns
    results = tuple(
        name
        for name in table.cells
        if name.startswith("requests:") and name.endswith("/total") and _kind(name) in _RESULTS
    )
    if names == ("requests:handled/total",):
        yield results
    elif (names == _IN_ALL and not here & _DEALT_WITH) or (names == _NEW and not here & _BESIDE_NEW):
        yield (*results, "requests:carried_out/total")


def _kind(name: str) -> str:
    return split_cell(name)[1].partition(".")[0]


def _parts(later: Sequence[Mention], cells: tuple[str, ...], table: Figures) -> list[Mention]:
    """The claims that count some of the cells; what a claim already counts is not counted again."""
    parts: list[Mention] = []
    taken: set[str] = set()
    for mention in later:
        names = set(table.names(mention.subject))
        if names <= set(cells) and not names & taken and not mention.token.approximate:
            parts.append(mention)
            taken |= names
    return parts


def _listed(total: Mention, later: Sequence[Mention], reading: Reading) -> Iterator[dict]:
    """A total without a cell and the list after it, of the same unit and in the same sentence."""
    items: list[Mention] = []
    text, at = reading.prose.text, total.token.last
    for mention in later:
        if mention.sentence != total.sentence or mention.token.kind == "ordinal":
            break
        between = text[at : mention.token.first]
        if not items and not _OPENS.search(between):
            return
        if items and "）" in between and "（" in text[total.token.last : items[0].token.first]:
            break
        if mention.token.unit == total.token.unit and mention.token.kind == "claim":
            items.append(mention)
        at = mention.token.last
    if len(items) < 2 or any(item.subject or item.token.approximate for item in items):
        return
    if total.token.approximate:
        return
    listed = round(sum(item.token.value for item in items), 6)
    status = "holds" if listed == total.token.value else "not_stated"
    yield _row(total, items, total.token.value, listed, status, words("formula.may_overlap"))


def _row(
    total: Mention, parts: Sequence[Mention], left: float, right: float, status: str, why: Pair = ("", "")
) -> dict:
    sum_of = " + ".join(amount(part.token.value) for part in parts)
    formula = same(f"{amount(total.token.value)} = {sum_of}")
    if left != total.token.value:
        formula = words("formula.with_carried", sum=formula)
    if status == "breaks":
        formula = words("formula.told_breaks", sum=formula, said=left, right=right)
    elif status == "not_stated":
        formula = words("formula.doubtful", sum=formula, right=right, why=why)
    cells = dict.fromkeys(cell for mention in (total, *parts) for cell in mention.subject)
    unsettled = status == "not_stated"
    return {
        "rule": "narrative_sum",
        "scope": scope(total.section, amount(total.token.value), total.start),
        "left": float("nan") if unsettled else left,
        "right": float("nan") if unsettled else right,
        "status": status,
        "cells": " ".join(cells),
        "formula": formula,
        "severity": "query" if any(m.severity == "query" for m in (total, *parts)) else total.severity,
        "claims": " ".join(str(mention.start) for mention in (total, *parts)),
    }
