"""A finding in words, as the notes of the annotated report tell it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crossfoot.checks import amount
from crossfoot.texts import say
from crossfoot.working import Working

from .finding_scope import broken_by_finding, cell_words
from .page_marks import worked_out
from .pdf_notes import LOOKS, Look

_SHOWN = 3  # corrections that a note tells


@dataclass(frozen=True, slots=True)
class FindingText:
    """One finding of an audit in a language; it is `number` of `count`, from 1."""

    audit: Working
    finding: Any
    number: int
    count: int
    language: str

    @property
    def id(self) -> str:
        """The finding's id."""
        return str(self.finding.id)

    @property
    def look(self) -> Look:
        """How it is drawn."""
        return LOOKS[self.finding.kind, self.finding.severity]

    @property
    def title(self) -> str:
        """Its title, with its number where there are several."""
        head = say("annotation.number", self.language, number=self.number) if self.count > 1 else ""
        return f"{head}{self.finding.title}"

    def whole(self) -> str:
        """All of it: what does not agree, and what would reconcile it."""
        return "\n".join([self.title, *self._breaks(), *self._corrections()])

    def _breaks(self) -> Iterable[str]:
        broken = broken_by_finding(self.audit)[self.number - 1]
        if broken:
            yield from ("", say("annotation.breaks", self.language))
        yield from dict.fromkeys(f"  {worked_out(self.audit, one, self.language)}" for one in broken)

    def _corrections(self) -> Iterable[str]:
        entries = json.loads(self.finding.explanation)
        if self.finding.kind == "extraction":
            yield from (text for entry in entries for text in entry["against"])
            return
        offered = [entry for entry in entries if entry["cells"]][:_SHOWN]
        if offered:
            yield from ("", say("correction.heading", self.language))
        for letter, entry in zip("abc", offered, strict=False):
            yield f"{letter}) {', '.join(self._change(cell) for cell in entry['cells'])}"
            said = [("correction.said_for", words) for words in entry["for"]]
            said += [("correction.said_against", words) for words in entry["against"]]
            if entry["decided_by"]:
                said.append(("correction.said_settled", entry["decided_by"]))
            yield from (f"    {say(key, self.language, words=words)}" for key, words in said)

    def _change(self, cell: dict) -> str:
        value = "" if cell["value"] is None else f" → {self._figure(cell['value'])}"
        return f"{cell_words(self.audit, cell['cell'])} {self._figure(cell['printed'])}{value}"

    def _figure(self, value: object) -> str:
        if isinstance(value, int | float):
            return amount(value)
        return str(value) if value else say("cell.blank", self.language)
