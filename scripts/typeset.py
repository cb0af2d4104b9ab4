"""Typeset a report's extracted text as the printed document, once more: data/raw/zhifu-2019.txt to .pdf.

The government's own PDF is not at hand. This sets its published text in the layout that such reports are
printed in, so that the PDF readers meet what they meet in the wild: merged headings, a table over two
pages, blank cells. Every word and figure comes from the text; only the layout (report.typ) is ours.

Usage: python scripts/typeset.py data/raw/zhifu-2019.txt data/raw/zhifu-2019.pdf
"""

import argparse
import importlib.util
import json
import re
from pathlib import Path

import typst

HEADING = re.compile(r"^[一二三四五六七八九十]、")
SUBHEADING = re.compile(r"^[（(][一二三四五六七八九十]+[)）][^。]*$")
SENTENCE_END = re.compile(r"[。！？]$")
# How deep a label of table 三 stands: the form's own three tiers of numbering.
TIERS = (HEADING, re.compile(r"^[（(][一二三四五六七八九十]+[)）]"), re.compile(r"^\d+\."))
APPLICANTS = 7


def blocks(text: str) -> list[dict]:
    """The report in reading order: title, heading, subheading and paragraph blocks, and table blocks.

    A table block holds its `lines`, each a list of cells. A line that does not follow the end of a
    sentence goes on with the paragraph before it: a page break of the original stands there.
    """
    found: list[dict] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        stripped = line.strip()
        last = found[-1] if found else None
        if len(cells) > 1:
            if set("".join(cells)) == {"-"}:  # the ruler under a heading row, not a row
                continue
            if last and last["kind"] == "table" and not last["closed"]:
                last["lines"].append(cells)
            else:
                found.append({"kind": "table", "lines": [cells], "closed": False})
        elif not stripped:
            if last and last["kind"] == "table":
                last["closed"] = True
        elif HEADING.match(stripped):
            found.append({"kind": "heading", "text": stripped})
        elif SUBHEADING.match(stripped):
            found.append({"kind": "subheading", "text": stripped})
        elif not any(block["kind"] == "heading" for block in found):
            found.append({"kind": "title", "text": stripped})
        elif last and last["kind"] == "paragraph" and not SENTENCE_END.search(last["text"]):
            last["text"] += stripped
        else:
            found.append({"kind": "paragraph", "text": stripped})
    return found


def disclosure(lines: list[list[str]]) -> dict:
    """Table 二: rows of (text, width in columns) cells; blank cells at a row's end belong to the last one."""
    width = max(map(len, lines))
    rows = []
    for cells in lines:
        filled = [cell for cell in cells if cell]
        spans = [1] * len(filled)
        spans[-1] += width - len(filled)
        kind = "part" if len(filled) == 1 else "figures" if filled[1].lstrip("-")[0].isdigit() else "head"
        rows.append(
            {
                "kind": kind,
                "cells": [{"text": t, "span": s} for t, s in zip(filled, spans, strict=True)],
            }
        )
    return {"kind": "disclosure", "columns": width, "rows": rows}


def _tier(cell: str) -> int | None:
    return next((tier for tier, pattern in enumerate(TIERS) if pattern.match(cell)), None)


def requests(lines: list[list[str]]) -> dict:
    """One page's part of table 三: its heading cells, and rows with a `label` for each tier that opens.

    A row that lost its leading cells has its label too far left, and its figures shifted by as much.
    Raises ValueError for a row whose figures do not fit the seven columns.
    """
    head, body = lines[:3], lines[3:]
    label_columns = next(i for i, cell in enumerate(head[1]) if cell)
    rows: list[dict] = []
    for cells in body:
        labels = [(i, tier) for i, cell in enumerate(cells) if (tier := _tier(cell)) is not None]
        at, deepest = labels[-1]
        start = label_columns if deepest == 0 else at + 1
        figures = cells[start:] + [""] * APPLICANTS
        if any(figures[APPLICANTS:]) or any(cells[at + 1 : start]):
            raise ValueError(f"row does not fit its {APPLICANTS} columns: {cells}")
        rows.append(
            {
                "labels": {str(t): cells[i] for i, t in labels},
                "depth": deepest,
                "figures": figures[:APPLICANTS],
            }
        )
    for number, row in enumerate(rows):
        row["height"] = {tier: _height(rows, number, int(tier)) for tier in row["labels"]}
    return {"kind": "requests", "head": [[cell for cell in line if cell] for line in head], "rows": rows}


def _height(rows: list[dict], first: int, tier: int) -> int:
    """How many rows the label of that tier covers: up to the next label as shallow as it, or shallower."""
    height = 1
    for row in rows[first + 1 :]:
        if min(map(int, row["labels"])) <= tier:
            break
        height += 1
    return height


def disputes(lines: list[list[str]]) -> dict:
    """Table 四: the two bodies, the outcomes under each of the three procedures, and the figures."""
    bodies, procedures, outcomes, figures = lines
    first = [cell for cell in procedures if cell]
    review = next(i for i, cell in enumerate(outcomes) if cell)
    return {
        "kind": "disputes",
        "bodies": bodies,
        "review": procedures[:review],
        "procedures": first[review:],
        "outcomes": outcomes[review:],
        "figures": figures,
    }


def layout(text: str) -> list[dict]:
    """The blocks of `blocks`, each table as one of `disclosure`, `requests` and `disputes`.

    Raises ValueError for a table that is none of the three.
    """
    found: list[dict] = []
    tables: list[list[list[str]]] = []
    section = ""
    for block in blocks(text):
        if block["kind"] != "table":
            found.append(block)
            section = block["text"] if block["kind"] == "heading" else section
            continue
        lines = block["lines"]
        if section.startswith("二、"):
            found.append(disclosure(lines))
        elif section.startswith("三、"):
            found.append(requests(lines))
        elif section.startswith("四、"):
            tables.append(lines)
            if sum(map(len, tables)) == 4:
                found.append(disputes([line for part in tables for line in part]))
        else:
            raise ValueError(f"a table outside sections 二, 三 and 四: {lines[0]}")
    return found


def typeset(source: Path, target: Path) -> None:
    """Write the PDF: the same bytes for the same text and package versions, in any folder, on any day."""
    spec = importlib.util.find_spec("mplfonts")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("mplfonts is not installed: run `make typeset`, which installs it")
    fonts = Path(spec.submodule_search_locations[0]) / "fonts"
    report = json.dumps(layout(source.read_text(encoding="utf-8")), ensure_ascii=False)
    pdf = typst.compile(
        Path(__file__).with_name("report.typ"),
        sys_inputs={"report": report},
        font_paths=[fonts],
        ignore_system_fonts=True,
    )
    beside = target.with_name(target.name + ".new")
    beside.write_bytes(pdf)
    beside.replace(target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    typeset(arguments.source, arguments.target)
