"""Audits on disk: four CSV tables beside a datapackage.json that describes them."""

import json
import os
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from .audit import Audit
from .errors import CrossfootError
from .whole_files import replace

DESCRIPTOR = "datapackage.json"


@cache
def schema() -> dict[str, dict]:
    """The tables of an audit by name, with title, description and fields, as schema.toml words them."""
    raw = tomllib.loads(files("crossfoot").joinpath("schema.toml").read_text(encoding="utf-8"))
    return {table["name"]: table for table in raw["table"]}


def folder_of(report: str | Path) -> Path:
    """Where a report's tables go: data/clean/<name>/ for one in data/raw/, else build/<name>/ of the project.

    Relative to the present folder, so that no output carries a path of this machine.
    """
    path = Path(report)
    if (path.parent.parent.name, path.parent.name) == ("data", "raw"):
        return path.parent.parent / "clean" / path.stem
    project = Path(__file__).resolve().parents[2]
    return Path(os.path.relpath(project / "build" / path.stem))


def write(audit: Audit, folder: str | Path, tables: Iterable[str] | None = None) -> list[Path]:
    """Write the audit's tables (those named, or all) and their descriptor into `folder`; return the paths.

    UTF-8, line ends `\\n`, missing values empty; the same audit gives the same bytes. Files appear whole
    or not at all: each is written beside its place and renamed, the descriptor last. Raises OutputError.
    """
    target = Path(folder)
    chosen = schema() if tables is None else tables
    texts = {f"{name}.csv": _csv(getattr(audit, name), name) for name in chosen}
    texts[DESCRIPTOR] = json.dumps(_descriptor(audit, target.name), ensure_ascii=False, indent=2) + "\n"
    return [replace(target / name, text.encode("utf-8")) for name, text in texts.items()]


def read(folder: str | Path, tables: Iterable[str] | None = None) -> dict[str, pd.DataFrame]:
    """The tables of a written audit (those named, or all) by name, with the types of their schema.

    Raises CrossfootError, naming the file, where one is missing.
    """
    found = {}
    kinds = {"string": "string", "number": "float64", "integer": "Int64", "boolean": "bool"}
    for name in schema() if tables is None else tables:
        table = schema()[name]
        path = Path(folder) / f"{name}.csv"
        if not path.is_file():
            raise CrossfootError("no such table", file=path.name, advice="Run `make audit` first")
        types = {field["name"]: kinds[field["type"]] for field in table["field"]}
        found[name] = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
    return found


def dictionary() -> str:
    """The data dictionary as Markdown: every table and column, with units and what missing means."""
    parts = []
    for name, table in schema().items():
        parts.append(f"## `{name}.csv`: {table['title'].lower()}\n\n{table['description']}\n")
        parts.append("| column | type | meaning |\n|---|---|---|")
        parts.extend(f"| `{f['name']}` | {f['type']} | {f['description']} |" for f in table["field"])
        parts.append("")
    return "\n".join(parts)


def _csv(frame: pd.DataFrame, name: str) -> str:
    columns = [field["name"] for field in schema()[name]["field"]]
    return frame[columns].to_csv(index=False, lineterminator="\n", float_format="%.15g")


def _descriptor(audit: Audit, name: str) -> dict:
    report = audit.report
    return {
        "profile": "tabular-data-package",
        "name": name.lower(),
        "title": f"Audit of {report.issuer or report.source}, {report.year or 'year unknown'}",
        "report": dict(report),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table,
                "path": f"{table}.csv",
                "title": about["title"],
                "description": about["description"],
                "encoding": "utf-8",
                "schema": {"fields": about["field"], "missingValues": [""]},
            }
            for table, about in schema().items()
        ],
    }
