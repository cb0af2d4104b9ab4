"""The cells and the numbers of the prose as a page shows them: what binds each, and where it is printed."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from crossfoot.checks import SETTLED, amount
from crossfoot.document import Line
from crossfoot.forms import cell_name
from crossfoot.texts import Pair, same, words
from crossfoot.texts.names import cell_title, place
from crossfoot.working import Working

from .plates import Box, box_of
from .worked import Work


@dataclass(frozen=True, slots=True)
class CellView:
    """A statutory cell. `figure` is what it prints, in one line, `?` where that is not told; `box` its
    place on `page`, if it has one.

    `works` are the checks that bind it, `silent` those that state nothing, `ranges` counts the bounds that
    hold; `seen_by` is how many readers gave it; `claims` are the offsets of the numbers in the
    prose that count it.
    """

    id: str
    name: str
    title: Pair
    figure: str
    status: str
    value: str
    place: Pair
    readers: Pair
    agreed: bool
    seen_by: int
    works: tuple[Work, ...]
    silent: tuple[Work, ...]
    ranges: int
    claims: tuple[int, ...]
    page: int | None
    box: Box | None

    @property
    def how(self) -> str:
        """How it was read: agree (by two readers), single, doubt; "" where none saw it."""
        if not self.agreed or self.status == "unread":
            return "doubt"
        return "agree" if self.seen_by > 1 else "single" if self.seen_by else ""

    @property
    def broken(self) -> bool:
        """Whether it enters a check that breaks."""
        return any(work.status == "breaks" for work in self.works)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A number of the prose. `state`: agrees, differs, open (the table is blank), outside, other."""

    id: str
    start: int
    state: str
    kind: str
    name: Pair
    quote: str
    note: Pair
    cells: tuple[str, ...]
    works: tuple[Work, ...]
    page: int | None
    box: Box | None


def cells(audit: Working, works: Iterable[Work]) -> dict[str, CellView]:
    """Every cell of the facts by name, in their order."""
    binding: dict[str, list[Work]] = {}
    for work in works:
        for name in dict.fromkeys(work.cells):
            binding.setdefault(name, []).append(work)
    found = {}
    for number, row in enumerate(audit.facts.to_dict("records")):
        name = cell_name(row["table"], row["row"], row["column"])
        own = binding.get(name, [])
        ranges = [w for w in own if w.is_range and w.status == "holds"]
        stated = [w for w in own if w.status in SETTLED and w not in ranges]
        stated.sort(key=lambda w: w.status != "breaks")
        value = row["value"]
        page = None if pd.isna(row["page"]) else int(row["page"])
        found[name] = CellView(
            id=f"c{number}",
            name=name,
            title=cell_title(name, audit.report.form),
            figure=re.sub(r"\s+", " ", str(row["raw"])).strip() or ("?" if row["status"] == "unread" else ""),
            status=str(row["status"]),
            value="" if pd.isna(value) else f"{amount(float(value))} {row['unit']}",
            place=place(str(row["where"]), row["page"]),
            readers=_readers(str(row["readers"]), bool(row["agreed"])),
            agreed=bool(row["agreed"]),
            seen_by=len([reader for reader in str(row["readers"]).split("+") if reader]),
            works=tuple(stated),
            silent=tuple(w for w in own if w.status not in SETTLED),
            ranges=len(ranges),
            claims=tuple(dict.fromkeys(w.claims[0] for w in own if w.rule == "narrative" and w.claims)),
            page=page,
            box=box_of(str(row["where"])) if page is not None else None,
        )
    return found


def _readers(names: str, agreed: bool) -> Pair:
    if not names:
        return words("panel.no_reader")
    key = "panel.differ" if not agreed else "panel.agreed" if "+" in names else "panel.alone"
    return words(key, readers=names.replace("+", "＋"))


def claim_views(audit: Working, works: Iterable[Work], names: Mapping[int, Pair]) -> dict[int, ClaimView]:
    """Every number of the prose by its offset; `names` are what to call them."""
    using: dict[int, list[Work]] = {}
    for work in works:
        for start in work.claims:
            using.setdefault(start, []).append(work)
    starts = [line.start for line in audit.document.lines]
    found = {}
    for row in audit.claims.to_dict("records"):
        start = int(row["start"])
        own = using.get(start, [])
        page = None if pd.isna(row["page"]) else int(row["page"])
        line = _line(audit.document.lines, starts, start)
        found[start] = ClaimView(
            id=f"n{start}",
            start=start,
            state=_state(start, str(row["kind"]), own),
            kind=str(row["kind"]),
            name=names[start],
            quote=str(row["quote"]).strip(),
            note=_note(row, own, audit.wording.notes),
            cells=() if pd.isna(row["subject"]) else tuple(str(row["subject"]).split("+")),
            works=tuple(sorted(own, key=lambda work: work.status != "breaks")),
            page=page,
            box=line.box if page is not None and line is not None else None,
        )
    return found


def _line(lines: Sequence[Line], starts: Sequence[int], offset: int) -> Line | None:
    index = bisect_right(starts, offset) - 1
    return lines[index] if index >= 0 and offset < lines[index].end else None


def _state(start: int, kind: str, works: Sequence[Work]) -> str:
    """What its own comparison says; one that is only a part of another's sum is judged by none."""
    own = [w for w in works if w.claims[0] == start]
    own = [w for w in own if w.rule == "narrative"] or own
    statuses = {w.status for w in own}
    if "breaks" in statuses:
        return "differs"
    if "holds" in statuses:
        return "agrees"
    if any(w.rule == "narrative" for w in own):
        return "open"
    return "outside" if kind == "claim" else "other"


def _note(row: Mapping, works: Sequence[Work], notes: Mapping[int, Pair]) -> Pair:
    """What kind of number it is, and why no cell counts it."""
    if row["kind"] != "claim":
        return words(f"claim.{row['kind']}")
    note = "" if pd.isna(row["note"]) else str(row["note"])
    return notes[int(row["start"])] if note else same("") if works else words("note.not_understood")
