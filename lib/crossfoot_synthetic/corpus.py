"""A folder of made-up reports: issuers over neighbouring years, known errors in some, poison on request."""

import hashlib
import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from crossfoot import forms

from . import poison
from .figures import APPLICANTS, Cells, facts_of, form_of, year_figures
from .planting import SLIPS, Slip, plant, slipped
from .prose import figures, sections
from .rendering import FORMATS, Layout, disclosure, disputes, requests

MANIFEST = "generated.json"
KINDS = ("requests", "disputes", "prose", "carry_over", "reclassified", "stock_flow")
"""What can be planted: a slip in table 三, in table 四 or in a figure of the prose; a carry-in that is not
last year's carry-out, or of other applicants; a stock that does not follow."""
_PROSE_SLIPS = tuple(s for s in SLIPS if s not in ("left_blank", "addend_left_out", "next_row"))
_FORMATS = (".pdf",) * 6 + (".html",) * 2 + (".docx", ".txt")
_FIRST, _SECOND = "青云临安平和永丰长宁新泰东南西北", "州河山溪阳原林湖江源"
_BODIES = ("人民政府", "教育局", "自然资源局", "卫生健康委员会", "民政局", "城市管理局")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is planted in a file; `kind` is one of KINDS, poison's name, or "" for a sound report.

    `cells` maps each misprinted cell to its true value; `figure` is the prose's misprint.
    """

    issuer: str
    year: int
    form: str
    kind: str = ""
    slip: str = ""
    cells: Mapping[str, int] = field(default_factory=dict)
    figure: Slip | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up report before it is rendered: what is printed in each cell, and what is planted."""

    truth: Truth
    suffix: str
    printed: dict[str, str]
    cells: Cells
    seed: str


def issuers(seed: int) -> Iterator[tuple[str, str]]:
    """Made-up issuers without end, each as its full name and the name without its city; no two alike."""
    rng = random.Random(f"issuers {seed}")
    seen = set()
    while True:
        city = rng.choice(_FIRST) + rng.choice(_SECOND) + "市"
        # three characters: so many districts that no two cities share the name of one
        place = rng.choice(_FIRST) + rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice("区县")
        for body in rng.sample(_BODIES, rng.randint(1, 3)):
            if (place, body) not in seen:
                seen.add((place, body))
                yield city + place + body, place + body


def reports(
    count: int, seed: int, years: Iterable[int] = range(2019, 2025), errors: float = 0.35
) -> Iterator[Made]:
    """`count` reports of issuers over those years, in a share of which one error each is planted.

    The same seed gives the same reports, and a larger count only more of them.
    """
    every = list(years)
    names = issuers(seed)
    made = 0
    while made < count:
        full, short = next(names)
        rng = random.Random(f"issuer {seed} {full}")
        size, zeros, single = rng.choice((3, 8, 20, 60, 150, 400)), rng.random() < 0.5, rng.random() < 0.5
        before: Cells = {}
        disturbed = False
        for year in every[: count - made]:
            name = full if rng.random() < 0.8 else short
            one = form_of(year) == "2019" or single
            cells = year_figures(rng, year, size, one, before)
            kinds = rng.sample(KINDS, len(KINDS)) if rng.random() < errors else []
            printed = _printed(cells, form_of(year), zeros)
            truth = Truth(name, year, form_of(year))
            sound = Made(truth, rng.choice(_FORMATS), printed, cells, f"{name} {year}")
            # an error beside one of the year before could undo it: nothing would be wrong that anybody sees
            known = {} if disturbed else before
            tries = (with_error(rng, sound, kind, zeros, known) for kind in kinds)
            report = next((planted for planted in tries if planted is not None), sound)
            yield report
            before, disturbed, made = cells, bool(report.truth.cells), made + 1


def with_error(
    rng: random.Random, sound: Made, kind: str, zeros: bool = True, before: Cells | None = None
) -> Made | None:
    """The report with an error of that kind (one of KINDS); None where it has no place for one.

    `zeros` says whether it prints zeros; `before` are the cells of the year before, which an error across
    years needs.
    """
    form, cells, truth = sound.truth.form, sound.cells, sound.truth
    match kind:
        case "requests" | "disputes":
            slip = rng.choice(SLIPS)
            planted = plant(facts_of(sound.printed, form), slip, kind, rng.randrange(2**32))
            if planted is None:
                return None
            facts = planted.facts
            names = facts["table"] + ":" + facts["row"] + "/" + facts["column"]
            printed = dict(zip(names, facts["raw"], strict=True))
            return replace(
                sound, printed=printed, truth=replace(truth, kind=kind, slip=slip, cells=planted.truth)
            )
        case "prose":
            slip = rng.choice(_PROSE_SLIPS)
            figure = slipped(rng, slip, figures(cells))
            if figure is None:
                return None
            return replace(sound, truth=replace(truth, kind=kind, slip=slip, figure=figure))
        case "carry_over" | "reclassified" | "stock_flow":
            changed = _across(rng, kind, cells, before or {})
            if not changed:
                return None
            printed = sound.printed | {c: _figure(c, value, form, zeros) for c, value in changed.items()}
            wrong = {cell: cells[cell] for cell in changed if changed[cell] != cells[cell]}
            truth = replace(truth, kind=kind, cells=wrong)
            return replace(sound, truth=truth, printed=printed, cells=cells | changed)
        case _:
            raise ValueError(f"nothing plants {kind!r}")


def _across(rng: random.Random, kind: str, cells: Cells, before: Cells) -> Cells:
    """Changes that leave the report itself consistent, and break with the year before; {} where none can."""
    if kind == "stock_flow":
        column = "in_force" if "disclosure:normative/in_force" in cells else "items_before"
        row = "normative" if column == "in_force" else "penalty"
        name = f"disclosure:{row}/{column}"
        # a stock of nothing may be left blank, and a blank stock states nothing
        return {name: cells[name] + rng.randint(1, 9)} if before.get(name) else {}
    moved = rng.randint(1, 3)
    given = [column for column in APPLICANTS[1:] if cells[f"requests:new/{column}"] >= moved]
    if not before or not given:
        return {}
    more = {rng.choice(given): moved}
    if kind == "reclassified":
        if cells["requests:carried_in/natural_person"] < moved:
            return {}
        more["natural_person"] = -moved
    return _received(cells, more)


def _received(cells: Cells, more: Mapping[str, int]) -> Cells:
    """The first two rows with so many more carried in and as many fewer new, totals included."""
    changed: Cells = {}
    for column, by in [*more.items(), ("total", sum(more.values()))]:
        changed[f"requests:carried_in/{column}"] = cells[f"requests:carried_in/{column}"] + by
        changed[f"requests:new/{column}"] = cells[f"requests:new/{column}"] - by
    return changed


def _printed(cells: Cells, form: str, zeros: bool) -> dict[str, str]:
    """What each cell prints. A sound report of form 2019 may leave blank what is 0, but no whole table."""
    some = {cell.partition(":")[0] for cell, value in cells.items() if value}
    return {
        cell: _figure(cell, value, form, zeros or cell.partition(":")[0] not in some)
        for cell, value in cells.items()
    }


def _figure(cell: str, value: int, form: str, zeros: bool) -> str:
    """As printed; money in form 2019 carries its unit, and form 2021 asks for 0 where there is nothing."""
    zeros = zeros or form == "2021"
    if value == 0:
        return "0" if zeros else ""
    if cell == "disclosure:procurement/amount" and form == "2019":
        return f"{value}元" if value % 3 else f"{value / 10_000:.4f} 万元"
    return str(value)


def layout(made: Made) -> Layout:
    """The report as it is to be printed; its misprints are printed too."""
    rng = random.Random(f"layout {made.seed}")
    truth = made.truth
    told = figures(made.cells) | ({truth.figure.figure: truth.figure.printed} if truth.figure else {})
    first, fifth, sixth = sections(rng, truth.year, told)
    parts: list = [("heading", "一、总体情况"), *_paragraphs(first)]
    for heading, table in (
        ("二、主动公开政府信息情况", disclosure),
        ("三、收到和处理政府信息公开申请情况", requests),
        ("四、政府信息公开行政复议、行政诉讼情况", disputes),
    ):
        parts += [("heading", heading), ("table", table(made.printed, truth.form))]
    parts += [("heading", "五、存在的主要问题及改进情况"), *_paragraphs(fifth)]
    parts += [("heading", "六、其他需要报告的事项"), *_paragraphs(sixth)]
    title = (truth.issuer, f"{truth.year}年政府信息公开工作年度报告")
    drawn = rng.choice(({"shaded": True}, {"bordered": True}, {"shaded": True, "bordered": True}))
    return Layout(title, tuple(parts), rng.choice((14.0, 15.75)), rng.random() < 0.7, **drawn)


def _paragraphs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [("heading" if text.startswith("（") else "paragraph", text) for text in texts]


def write(
    folder: str | Path,
    count: int,
    seed: int = 1,
    years: Iterable[int] = range(2019, 2025),
    errors: float = 0.35,
    poisonous: int = 0,
    suffixes: Iterable[str] = (),
) -> dict[str, Truth]:
    """Write the reports (of those formats only, if given) and, beside them, MANIFEST with all that is
    planted.

    Returns what is planted by file name, relative to the folder: `<year>/<issuer>-<year>.<format>`. With
    `poisonous`, so many further files that a reader cannot survive, refuses, or never ends with. A folder
    that holds these very reports already is left as it is.
    """
    target, only = Path(folder), tuple(suffixes)
    wanted = {"count": count, "seed": seed, "years": list(years), "errors": errors, "poisonous": poisonous,
              "formats": list(only), "generator": _code()}  # fmt: skip
    truths: dict[str, Truth] = {}
    done = target / MANIFEST
    kept = json.loads(done.read_text(encoding="utf-8")) if done.is_file() else {}
    same = kept.get("made_with") == wanted
    for made in reports(count, seed, wanted["years"], errors):  # type: ignore[arg-type]
        suffix = made.suffix if not only or made.suffix in only else only[0]
        name = f"{made.truth.year}/{made.truth.issuer}-{made.truth.year}{suffix}"
        truths[name] = made.truth
        if not same or not (target / name).is_file():
            _write(target / name, FORMATS[suffix](layout(made)))
    for name, content in poison.files(poisonous, seed):
        truths[name] = Truth("", 0, "", Path(name).stem.partition("-")[0])
        if not same or not (target / name).is_file():
            _write(target / name, content)
    record = {
        "note": "Made up by a program, for tests: no such body exists, and no figure is true of anything.",
        "made_with": wanted,
        "files": {name: asdict(truth) for name, truth in sorted(truths.items())},
    }
    _write(done, (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode())
    return truths


def _code() -> str:
    """A hash of what makes the reports: other code makes others of the same seed."""
    here = Path(__file__).parent
    made = sorted(p for p in here.iterdir() if p.suffix in (".py", ".typ"))
    digest = hashlib.sha256()
    for path in (*made, Path(forms.__file__).with_name("forms.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    os.replace(beside, path)
