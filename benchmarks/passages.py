"""Passages of reports as templates: figures are drawn, so a text, its labels and its tables always agree.

narrative/*.toml hold one `[[source]]` for each real report that wordings were taken from: id, issuer (made
up), form, year, `zero` (patterns of cells that must be 0 for the text to be true), `[[source.passage]]` with
section and text. In a text
    {CELLS}            a figure that counts these cells: keys joined by +, a * stands for any part of a key
    {CELLS ~ CELLS}    and another reading that the wording allows
    {=12 MEANING}      a figure of another meaning (claims.meaning), or of kind share, growth, amount
    {%CELLS/CELLS}     a share, printed in percent with two decimals
    !zh                behind any of these: printed as a Chinese numeral
    <zero CELLS>…</zero>, <none>…</none>   a statement without a figure, and one that contradicts nothing
"""

import fnmatch
import random
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crossfoot.document import Document, Line
from crossfoot.forms import cell_name, tables

APPLICANTS = ("natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org")
OUTCOMES = ("upheld", "corrected", "other", "pending")
EDGES = ("new", "carried_in", "handled", "carried_out")
KINDS = ("share", "growth", "amount")
HEADINGS = {
    "一": "一、总体情况", "五": "五、存在的主要问题及改进情况", "六": "六、其他需要报告的事项",
    "(一)": "（一）主动公开情况", "(二)": "（二）依申请公开情况", "(三)": "（三）政府信息管理情况",
    "(四)": "（四）平台建设情况", "(五)": "（五）监督保障情况",
}  # fmt: skip
_SIZES = {"decisions": 9000, "amount": 90000, "in_force": 400, "public_total": 400, "items_before": 120}
_DIGITS = "零一二三四五六七八九"
_MARK = re.compile(r"\{([^{}]+)\}|<(zero|none)([^<>]*)>|</(?:zero|none)>")


@dataclass(frozen=True)
class Number:
    """A labelled figure: its place in the passage, its kind and meaning, its cells, another reading's."""

    start: int
    end: int
    kind: str
    meaning: str
    cells: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A labelled statement: its place, and the cells that must be 0; none where it contradicts nothing."""

    start: int
    end: int
    cells: tuple[str, ...]


@dataclass
class Passage:
    """A text with its labels."""

    section: str
    text: str = ""
    numbers: list[Number] = field(default_factory=list)
    statements: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """A source with figures drawn: its passages, and every cell of the form."""

    id: str
    issuer: str
    form: str
    year: int
    cells: Mapping[str, int]
    passages: tuple[Passage, ...]

    def document(self) -> tuple[Document, list[int]]:
        """The passages under their headings as a document, and where each begins in its text."""
        text, starts, last, opened = f"{self.issuer}{self.year}年政府信息公开工作年度报告\n", [], None, set()
        for passage in self.passages:
            main, under = passage.section[0], passage.section[1:]
            if main in HEADINGS and main not in opened:
                text += HEADINGS[main] + "\n"
            if under and passage.section != last:
                text += HEADINGS[under] + "\n"
            opened.add(main)
            last = passage.section
            starts.append(len(text))
            text += passage.text + "\n"
        lines, at = [], 0
        for line in text.split("\n"):
            lines.append(Line(at, at + len(line), None))
            at += len(line) + 1
        return Document("report.txt", "", 1, text, tuple(lines)), starts

    def misprinted(self, passage: int, number: int, value: int) -> "Report":
        """The report with one of its figures printed otherwise; the labels behind it move along."""
        old = self.passages[passage]
        at = old.numbers[number]
        shift = len(str(value)) - (at.end - at.start)

        def moved(one):
            return replace(
                one,
                start=one.start + (shift if one.start > at.start else 0),
                end=one.end + (shift if one.end >= at.end else 0),
            )

        text = old.text[: at.start] + str(value) + old.text[at.end :]
        new = Passage(old.section, text, [moved(n) for n in old.numbers], [moved(s) for s in old.statements])
        passages = (*self.passages[:passage], new, *self.passages[passage + 1 :])
        return replace(self, passages=passages)


def sources(path: Path) -> list[dict]:
    """The sources of a file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["source"]


def expand(cells: str, form: str) -> tuple[str, ...]:
    """The cells of a form that keys joined by + name; raises ValueError for one that names none."""
    found: dict[str, None] = {}
    for pattern in (one.strip() for one in cells.split("+")):
        names = fnmatch.filter(every_cell(form), pattern)
        if not names:
            raise ValueError(f"no cell of form {form}: {pattern!r}")
        found |= dict.fromkeys(names)
    return tuple(found)


def every_cell(form: str) -> list[str]:
    """Every cell of a form; （六）其他处理 is one row in form 2019 and three in form 2021."""
    return [
        cell_name(table.code, row.code, column)
        for table in tables(form).values()
        for row in table.rows
        if form in row.forms
        for column in row.columns
    ]


def render(source: Mapping, seed: int = 1) -> Report:
    """The source with figures drawn; raises ValueError where its text cannot be true."""
    form = source["form"]
    cells = _drawn(form, source.get("zero", ()), random.Random(f"{source['id']} {seed}"))
    passages = tuple(_passage(one, form, cells) for one in source["passage"])
    return Report(source["id"], source["issuer"], form, source["year"], cells, passages)


def _drawn(form: str, zero: Iterable[str], rng: random.Random) -> dict[str, int]:
    patterns = list(zero)
    for pattern in patterns:
        expand(pattern, form)

    def is_zero(name: str) -> bool:
        row = name.rpartition("/")[0] + "/total"
        return any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns for one in (name, row))

    cells = _requests(form, is_zero, rng)
    for row in ("review", "direct", "after_review"):
        for column in OUTCOMES:
            name = f"disputes:{row}/{column}"
            cells[name] = 0 if is_zero(name) else rng.randint(1, 19)
        cells[f"disputes:{row}/total"] = sum(cells[f"disputes:{row}/{column}"] for column in OUTCOMES)
    for name in every_cell(form):
        if name.startswith("disclosure:"):
            size = _SIZES.get(name.rpartition("/")[2], 40)
            own = any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
            cells[name] = 0 if own else rng.randint(size // 10 + 1, size)
    for row in ("rules", "normative") if form == "2019" else ():
        cells[f"disclosure:{row}/published"] = cells[f"disclosure:{row}/made"]
    wrong = [name for name in cells if cells[name] and any(fnmatch.fnmatchcase(name, p) for p in patterns)]
    if wrong:
        raise ValueError(f"{wrong[0]} cannot be 0: name the cells that follow from it")
    return cells


def _requests(form: str, is_zero, rng: random.Random) -> dict[str, int]:
    rows = [row.code for row in tables(form)["requests"].rows if form in row.forms]
    results = [row for row in rows if row not in EDGES]
    cells: dict[str, int] = {}
    for column in APPLICANTS:
        many = column == "natural_person"
        name = {row: f"requests:{row}/{column}" for row in rows}
        for row in results:
            none = is_zero(name["handled"]) or is_zero(name[row])
            cells[name[row]] = 0 if none else rng.randint(3, 60) if many else rng.randint(0, 4)
        handled = sum(cells[name[row]] for row in results)
        out = 0 if is_zero(name["carried_out"]) else rng.randint(2, 19) if many else rng.randint(0, 2)
        came = rng.randint(2, 19) if many else rng.randint(0, 2)
        came = 0 if is_zero(name["carried_in"]) else min(came, handled + out)
        if is_zero(name["new"]):
            came = handled + out
        figures = {"new": handled + out - came, "carried_in": came, "handled": handled, "carried_out": out}
        cells |= {name[row]: value for row, value in figures.items()}
    for row in rows:
        cells[f"requests:{row}/total"] = sum(cells[f"requests:{row}/{column}"] for column in APPLICANTS)
    return cells


def _passage(entry: Mapping, form: str, cells: Mapping[str, int]) -> Passage:
    made, opened, at = Passage(entry["section"]), [], 0
    for found in _MARK.finditer(entry["text"]):
        made.text += entry["text"][at : found.start()]
        at = found.end()
        if found[1]:
            printed, number = _figure(found[1], form, cells)
            start = len(made.text)
            made.text += printed
            made.numbers.append(replace(number, start=start, end=len(made.text)))
        elif found[2]:
            opened.append((len(made.text), expand(found[3], form) if found[3].strip() else ()))
        else:
            start, denied = opened.pop()
            if any(cells[name] for name in denied):
                raise ValueError(f"{made.text[start:]!r} is not true: add its cells to zero")
            made.statements.append(Said(start, len(made.text), denied))
    made.text += entry["text"][at:]
    return made


def _figure(mark: str, form: str, cells: Mapping[str, int]) -> tuple[str, Number]:
    """What a mark prints, and its label."""
    chinese, mark = mark.endswith("!zh"), mark.removesuffix("!zh").strip()
    if mark.startswith("="):
        printed, meaning = mark[1:].split()
        kind, meaning = (meaning, "no_cell") if meaning in KINDS else ("count", meaning)
        return _chinese(int(printed)) if chinese else printed, Number(0, 0, kind, meaning)
    if mark.startswith("%"):
        part, whole = (expand(one, form) for one in re.split(r"/(?=\w+:)", mark[1:], maxsplit=1))
        share = 100 * sum(cells[name] for name in part) / sum(cells[name] for name in whole)
        return f"{round(share + 1e-9, 2):g}", Number(0, 0, "share", "no_cell", part, whole)
    first, _, second = mark.partition("~")
    own, also = expand(first, form), expand(second, form) if second else ()
    kind = "amount" if own[0].endswith("/amount") else "count"
    value = sum(cells[name] for name in own)
    return _chinese(value) if chinese else str(value), Number(0, 0, kind, "cells", own, also)


def _chinese(value: int) -> str:
    """A number below a thousand as a Chinese numeral."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += f"{'' if tens == 1 and not hundreds else _DIGITS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones or not value else "")
