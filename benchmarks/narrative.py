"""How much of the prose is understood, and whether a wrong figure in it is found: docs/narrative.{md,csv}.

Run as `python benchmarks/narrative.py [--details FILE] [--half learned] [--out DIR]`. The passages of
narrative/*.toml (see passages.py) are read as a report's prose and held against tables that make them true;
then each count that is understood is printed wrong, by 1 to 9, and read once more. Seeded: the same tables
each time. Nobody who writes the lexicon may look at what `--details` says of the half `measured`.
"""

import argparse
import csv
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from passages import Number, Report, Said, expand, render, sources  # beside this file

from crossfoot.narrative import ledger
from crossfoot.narrative.claims import Mention, claims, read
from crossfoot.tidy import meaning_of
from crossfoot_synthetic.figures import facts_of

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).with_name("narrative")
HALVES = {"learned": "learned from", "measured": "only measured on", "hostile": "written to mislead"}
OTHERS = ("no_cell", "other_body", "other_year", "other_matter", "not_understood")
CELLS = ("right", "among", "wrong", "false_reason", "not_understood")
OTHER_KINDS = (*OTHERS, "share", "growth", "amount", "statements", "no statements")
ALL = "**all**"
COUNT_HEADS = (
    "sentences | counts of | labelled | given cells | right of these | first | not understood | false reason"
)
OTHER_HEADS = "sentences | labelled as | labelled | read so | not understood | as cells | otherwise"
WRONG_HEADS = (
    "sentences | errors on true texts | queries on true texts | printed wrong | flagged | as an error"
)
TWICE_HEADS = "sentences | figures labelled twice | alike | statements | alike"
TEXT_HEADS = ("counts of", "labelled as")


@dataclass(frozen=True)
class Outcome:
    """What came of one label: its half and category, what the program made of it, and where it stands."""

    half: str
    category: str
    came: str
    source: str
    where: str


def category(number: Number) -> str:
    """What a figure counts, as the tables of the page name it."""
    if number.kind not in ("count", "amount") or number.meaning != "cells":
        return number.meaning if number.kind == "count" else number.kind
    table, rows, columns = (
        {part(name) for name in number.cells}
        for part in (
            lambda name: name.partition(":")[0],
            lambda name: name.partition(":")[2].partition("/")[0],
            lambda name: name.rpartition("/")[2],
        )
    )
    if table == {"disclosure"}:
        return "section 二"
    if table == {"disputes"}:
        return "reviews and lawsuits" if columns == {"total"} else "their outcomes"
    if columns != {"total"}:
        return "applicants"
    if rows <= {"new", "carried_in"}:
        return "carried in" if rows == {"carried_in"} else "received"
    return {"handled": "dealt with", "carried_out": "carried out"}.get("+".join(rows), "results")


def read_in(report: Report) -> tuple[dict[int, Mention], pd.DataFrame, list[int]]:
    """The numbers of a report by their offset, what the ledger holds of them, and where passages begin."""
    document, starts = report.document()
    facts = facts_of({name: str(value) for name, value in report.cells.items()}, report.form)
    stated = claims(document, document.lines, report.form, report.year)
    held = ledger.checks(stated, facts, document, report.form, document.lines, report.year)
    mentions = read(document, document.lines, report.form, report.year).mentions
    return {mention.start: mention for mention in mentions}, held, starts


def came_of(number: Number, mention: Mention | None) -> str:
    """How a labelled figure was read: see the page."""
    if mention is None:
        return "not_understood"
    meaning = meaning_of(mention)
    if number.kind not in ("count", "amount"):
        return "wrong" if mention.subject else "right"
    if number.meaning != "cells":
        return "right" if meaning == number.meaning else "wrong" if meaning == "cells" else meaning
    wanted = [set(number.cells), *([set(number.also)] if number.also else [])]
    readings = [set(mention.subject), *map(set, mention.readings)] if mention.subject else []
    if not readings:
        return "not_understood" if meaning == "not_understood" else "false_reason"
    return "right" if readings[0] in wanted else "among" if any(r in wanted for r in readings) else "wrong"


def statement_came(said: Said, held: pd.DataFrame, start: int) -> str:
    """How a labelled statement was read."""
    told = held[held["rule"] == "statement"]
    at = [int(scope.rpartition("@")[2]) - start for scope in told["scope"]]
    own = [cells for one, cells in zip(at, told["cells"], strict=True) if said.start - 2 <= one <= said.end]
    cells = {name for names in own for name in names.split()}
    if not said.cells:
        return "wrong" if cells else "right"
    return "right" if cells and cells <= set(said.cells) else "wrong" if cells else "not_understood"


def outcomes(half: str) -> Iterator[Outcome]:
    """What came of every label of a half, of every accusation, and of every figure printed wrong."""
    for source in sources(DATA / f"{half}.toml"):
        report = render(source)
        mentions, held, starts = read_in(report)
        for broken in held[held["status"] == "breaks"].to_dict("records"):
            yield Outcome(half, "accused", broken["severity"], report.id, broken["formula"][1])
        for at, (passage, start) in enumerate(zip(report.passages, starts, strict=True)):
            for order, number in enumerate(passage.numbers):
                around = f"{passage.text[max(0, number.start - 40) : number.end + 20]!r}"
                came = came_of(number, mentions.get(start + number.start))
                yield Outcome(half, category(number), came, report.id, around)
                if number.kind == "count" and number.meaning == "cells" and came == "right":
                    yield Outcome(half, "planted", flagged(report, at, order), report.id, around)
            for said in passage.statements:
                kind = "statements" if said.cells else "no statements"
                came = statement_came(said, held, start)
                yield Outcome(half, kind, came, report.id, passage.text[said.start : said.end])


def flagged(report: Report, passage: int, order: int) -> str:
    """Whether a figure printed wrong, by 1 to 9, is an error, a query, or passes."""
    number = report.passages[passage].numbers[order]
    printed = report.passages[passage].text[number.start : number.end]
    if not printed.isascii():
        return "not tried"
    rng = random.Random(f"{report.id} {passage} {order}")
    off = rng.choice([n for n in range(-9, 10) if n and int(printed) + n >= 0])
    wrong = report.misprinted(passage, order, int(printed) + off)
    _, held, starts = read_in(wrong)
    own = str(starts[passage] + number.start)
    broken = held[(held["status"] == "breaks") & held["claims"].str.split().map(lambda used: own in used)]
    return "error" if "error" in set(broken["severity"]) else "query" if len(broken) else "passes"


def agreement(half: str) -> tuple[int, int, int, int]:
    """Figures that were labelled twice and alike, and all of them; the same of statements."""
    second: dict[tuple[str, str], str] = {}
    with (DATA / "second_reading.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["half"] == half:
                second[row["source"], row["mark"]] = row["label"]
    alike, every, said_alike, said = 0, 0, 0, 0
    for source in sources(DATA / f"{half}.toml"):
        report = render(source)
        numbers = [number for passage in report.passages for number in passage.numbers]
        for order, number in enumerate(numbers, 1):
            if (label := second.get((report.id, str(order)))) is not None:
                every += 1
                alike += is_alike(number, label, report.form)
        for order, one in enumerate((s for passage in report.passages for s in passage.statements), 1):
            if (label := second.get((report.id, f"S{order}"))) is not None:
                said += 1
                told = set(expand(label.removeprefix("zero "), report.form)) if label != "none" else set()
                said_alike += bool(told & set(one.cells)) if one.cells else not told
    return alike, every, said_alike, said


def is_alike(number: Number, label: str, form: str) -> bool:
    """Whether two readings give a figure the same meaning, or share a reading of its cells."""
    kinds = [one.strip() for one in label.split("~")]
    if number.kind in ("share", "growth"):
        return any(one.startswith(number.kind) for one in kinds)
    if number.meaning != "cells":
        own = "amount" if number.kind == "amount" else number.meaning
        return own in kinds
    read_as = [set(expand(one, form)) for one in kinds if ":" in one and not one.startswith("share")]
    return any(cells in read_as for cells in (set(number.cells), set(number.also)))


def wilson(part: int, whole: int) -> str:
    """A share in percent with its 95 % interval after Wilson."""
    if not whole:
        return "–"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{100 * p:.1f} % ({100 * max(0.0, middle - half):.0f}–{100 * (middle + half):.0f})"


def page(found: list[Outcome]) -> str:
    """The page of docs: what was measured, table by table."""
    counts = {half: Counter((o.category, o.came) for o in found if o.half == half) for half in HALVES}
    kinds = sorted({o.category for o in found if o.came in CELLS and is_of_cells(o.category)})
    return "\n".join(
        [
            HEAD,
            "## Counts: whether they get their cells\n",
            table(
                COUNT_HEADS, (counted(counts[h], h, kind, kinds) for h in HALVES for kind in (ALL, *kinds))
            ),
            "## Other figures, and statements\n",
            table(OTHER_HEADS, (told(counts[h], h, kind) for h in HALVES for kind in OTHER_KINDS)),
            "## True texts, and figures printed wrong\n",
            table(WRONG_HEADS, (misprinted(counts[half], half) for half in HALVES)),
            "## Two readings apart\n",
            table(TWICE_HEADS, (read_twice(half) for half in HALVES)),
        ]
    )


def table(heads: str, rows: Iterable[tuple]) -> str:
    """A table in Markdown; `heads` are parted by |, and a row that is empty is left out."""
    names = [name.strip() for name in heads.split("|")]
    lines = [
        names,
        ["---", *(["---"] if names[1] in TEXT_HEADS else []), *["--:"] * len(names)][: len(names)],
    ]
    lines += [[str(cell) for cell in row] for row in rows if row]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def counted(own: Counter, half: str, kind: str, kinds: list[str]) -> tuple:
    """The row of one kind of counts, or of all."""
    n = {came: sum(own[one, came] for one in (kinds if kind == ALL else [kind])) for came in CELLS}
    given, every = n["right"] + n["among"] + n["wrong"], sum(n.values())
    shares = wilson(given, every), wilson(given - n["wrong"], given), wilson(n["right"], every)
    return (HALVES[half], kind, every, *shares, n["not_understood"], n["false_reason"])


def told(counts: Counter, half: str, kind: str) -> tuple:
    """The row of figures of one other meaning, or of statements; empty where there are none."""
    own = {came: n for (one, came), n in counts.items() if one == kind}
    every, right, wrong = sum(own.values()), own.get("right", 0), own.get("wrong", 0)
    unknown = own.get("not_understood", 0) if kind != "not_understood" else 0
    rest = every - right - unknown - wrong
    return (HALVES[half], kind, every, wilson(right, every), unknown, wrong, rest) if every else ()


def misprinted(counts: Counter, half: str) -> tuple:
    """The row of what is found in true texts, and in figures printed wrong."""
    own = {came: n for (one, came), n in counts.items() if one == "planted" and came != "not tried"}
    every, error, query = sum(own.values()), own.get("error", 0), own.get("query", 0)
    accused = counts["accused", "error"], counts["accused", "query"]
    return (HALVES[half], *accused, every, wilson(error + query, every), wilson(error, every))


def read_twice(half: str) -> tuple:
    """The row of how two readings agree."""
    alike, every, said_alike, said = agreement(half)
    return HALVES[half], every, wilson(alike, every), said, wilson(said_alike, said)


def is_of_cells(kind: str) -> bool:
    """Whether a category is one of figures that count cells."""
    return kind not in (
        *OTHERS,
        "share",
        "growth",
        "amount",
        "statements",
        "no statements",
        "accused",
        "planted",
    )


HEAD = """# How much of the prose is understood

Sentences in the wordings of real reports, with other figures, names and order
(`benchmarks/narrative/`), split by source before development into those that the lexicon was
learned from and those only measured on. Each figure was labelled before the program was run; a part
of the first half and all of the second were labelled once more by a reader who saw no label. A
third lot was written to mislead, by somebody who had not seen the program, and learned from since.
Made by `benchmarks/narrative.py`, the same every time. In brackets: 95 % intervals after Wilson.
While the lexicon was written, the table of the second half was looked at by category, and none of
its sentences.

- `given cells`: the program says which cells the figure counts. `right of these`: the labelled
  cells are one of its readings; `first`: the reading that is held against the table, of all
  labelled.
- `false reason`: the figure counts cells, and the program says that it does not.
- `errors`, `queries on true texts`: what it finds in tables that make every sentence true.
- `flagged`: a count that it understood was printed wrong by 1 to 9, and it finds an error or a
  query in it. What may count something else besides (公开规范性文件12件) is never flagged.
"""


def main(argv: Iterable[str] | None = None) -> None:
    """Measures and writes the page and its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--details", type=Path, help="write every case of --half that came out amiss")
    parser.add_argument("--half", default="learned", choices=tuple(HALVES))
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args(None if argv is None else list(argv))
    found = [one for half in HALVES for one in outcomes(half)]
    (options.out / "narrative.md").write_text(page(found), encoding="utf-8")
    table = pd.DataFrame(found)[["half", "category", "came"]]
    sizes = table.groupby(["half", "category", "came"]).size().rename("count").reset_index()
    sizes.to_csv(options.out / "narrative.csv", index=False)
    if options.details:
        amiss = [o for o in found if o.half == options.half and o.came not in ("right", "error", "query")]
        lines = (f"{o.source}\t{o.category}\t{o.came}\t{o.where}\n" for o in amiss)
        options.details.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
