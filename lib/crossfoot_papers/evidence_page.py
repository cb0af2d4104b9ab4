"""The evidence page of an audit: one HTML file that holds all it shows and asks nothing of any network."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import BaseLoader, Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from crossfoot import fonts
from crossfoot.atomic_write import replace
from crossfoot.audit import Audit
from crossfoot.readers.boxes import Box
from crossfoot.texts import Pair, joined, known, words

from .findings import ShownFinding
from .page_content import PageContent, ShownCell, ShownClaim, page_content
from .quotations import Crop, crop_around, row_crops

NAME = "index.html"
_HEADINGS = 52.0  # points
_SIGNS = {"agrees": "✓", "differs": "✗", "open": "?", "outside": "", "other": ""}


def write(audit: Audit, source: str | Path, folder: str | Path) -> Path:
    """Write the page of an audit of the file `source` into `folder` as index.html; return its path.

    The same audit gives the same bytes. The file appears whole or not at all. Raises OSError.
    """
    return replace(Path(folder) / NAME, render(audit, source).encode("utf-8", errors="replace"))


def render(audit: Audit, source: str | Path) -> str:
    """The page as HTML. Everything that the report says is escaped; scripts run only by their hash.

    It brings the Chinese that it prints as a font, for a reader whose machine has none.
    """
    content = page_content(audit, source)
    return _rendered(content, _face(_rendered(content, "")))


def _face(html: str) -> str:
    font = b64encode(fonts.chinese(html)).decode("ascii")
    return f'@font-face {{ font-family: "Crossfoot Chinese"; src: url(data:font/woff;base64,{font}); }}'


def _rendered(content: PageContent, face: str) -> str:
    style, script, language = (_file(name) for name in ("page.css", "page.js", "language.js"))
    policy = (
        f"default-src 'none'; img-src data:; font-src data:; style-src {_hash(face)} {_hash(style)}; "
        f"script-src {_hash(language)} {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template("page.html.j2")
    return page.render(
        v=content,
        policy=policy,
        face=Markup(face),
        style=Markup(style),
        script=Markup(script),
        language=Markup(language),
        picks=Markup(_picks(content)),
        signs=_SIGNS,
        ranges={one.id for one in content.comparisons if one.is_range and one.status == "holds"},
        names_of=lambda several: joined([one.name for one in several]),
        states_of=lambda section: [content.claims[start].state for start in section.claims],
        crops_of=lambda finding: _finding_crops(content, finding),
        crop_of=lambda one: _crop(content, one),
        checks_of=lambda scope, code: _checks_of(content, scope, code),
    )


@cache
def _file(name: str) -> str:
    return files("crossfoot_papers").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    loader: BaseLoader = FunctionLoader(lambda name: (_file(name), None, lambda: True))
    found = Environment(
        autoescape=True, loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["t"] = _both
    found.globals.update(text=lambda key, **given: _both(words(key, **given)), words=words, known=known)
    return found


def _both(pair: Pair) -> Markup:
    """The words in both languages, of which the page shows one; as they are where they do not differ."""
    zh, en = pair
    if zh == en:
        return escape(zh)
    return Markup('<span class="t" lang="zh">{}</span><span class="t" lang="en">{}</span>').format(zh, en)


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode('ascii')}'"


def _picks(content: PageContent) -> str:
    """What each choice lights up, as JSON that cannot end its script element: ids of cells and numbers.

    `cells` tells of each cell on which side of the sign it stands, `values` what a correction would have.
    """
    ids = {name: cell.id for name, cell in content.cells.items()}

    def lit(names: Iterable[str], sides: Mapping[str, str] | None = None) -> dict[str, str]:
        return {ids[name]: (sides or {}).get(name, "") for name in names if name in ids}

    picks: dict[str, dict] = {}
    for one in content.comparisons:
        starts = [f"n{start}" for start in one.claims if start in content.claims]
        picks[one.id] = {"cells": lit(one.cells, one.sides), "claims": starts}
    for finding in content.findings:
        picks[f"f{finding.number}"] = {
            "cells": lit(finding.cells),
            "claims": [f"n{start}" for start in finding.claims],
        }
        for correction in (*finding.corrections, *finding.details):
            changes = correction.changes
            picks[f"f{finding.number}{correction.letter}"] = {
                "cells": lit(change.cell for change in changes),
                "claims": [f"n{change.claim}" for change in changes if change.claim is not None],
                "values": {ids[c.cell]: c.value for c in changes if c.cell in ids and c.value is not None},
            }
    for claim in content.claims.values():
        picks[claim.id] = {"cells": lit(claim.cells), "claims": [claim.id]}
    for cell in content.cells.values():
        picks[cell.id] = {"cells": {cell.id: ""}, "claims": []}
    return json.dumps(picks, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def _finding_crops(content: PageContent, finding: ShownFinding) -> list[Crop]:
    """The rows of the report's pages that a finding is about, cells and lines of prose framed."""
    cells = [content.cells[name] for name in finding.cells if name in content.cells]
    stands: list[ShownCell | ShownClaim] = [*cells, *(content.claims[start] for start in finding.claims)]
    boxes: dict[int, list[Box]] = {}
    for one in stands:
        if one.page is not None and one.box is not None and one.page in content.images:
            boxes.setdefault(one.page, []).append(one.box)
    # Table 四 is one row, which says nothing without the headings above it.
    above = _HEADINGS if cells and all(cell.name.startswith("disputes:") for cell in cells) else 3.0
    return [crop for page in sorted(boxes) for crop in row_crops(content.images[page], boxes[page], above)]


def _crop(content: PageContent, one: ShownCell | ShownClaim) -> Crop | None:
    """The picture of where a cell or a number of the prose is printed; None where there is none."""
    if one.page is None or one.box is None or one.page not in content.images:
        return None
    image = content.images[one.page]
    if not image.box[1] <= one.box[1] <= one.box[3] <= image.box[3]:
        return None
    return crop_around(image, one.box)


def _checks_of(content: PageContent, scope: str, code: str) -> list:
    """The checks of one column or row of a table, in their order."""
    return [
        one
        for one in content.comparisons
        if not one.claims
        and one.scope == scope
        and one.cells
        and all(cell.startswith(f"{code}:") for cell in one.cells)
    ]
