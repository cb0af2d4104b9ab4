"""Audits on disk: CSV tables beside a datapackage.json that describes them, with their keys."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .atomic_write import replace
from .errors import CrossfootError
from .schema import allowed, fitted, schema

if TYPE_CHECKING:
    from .audit import Audit

DESCRIPTOR = "datapackage.json"
_TYPES = {"number": "float64", "integer": "Int64"}


def folder_of(report: str | Path) -> Path:
    """Where a report's tables go: data/clean/<name>/ for one in data/raw/, else build/<name>/ of the project.

    Relative to the present folder, so that no output carries a path of this machine.
    """
    path = Path(report)
    if (path.parent.parent.name, path.parent.name) == ("data", "raw"):
        return path.parent.parent / "clean" / path.stem
    project = Path(__file__).resolve().parents[2]
    return Path(os.path.relpath(project / "build" / path.stem))


def write(audit: "Audit", folder: str | Path, tables: Iterable[str] | None = None) -> list[Path]:
    """Write the audit's tables (those named, or all) and their descriptor into `folder`; return the paths.

    UTF-8 with a BOM, so that a Chinese Excel reads them; line ends `\\n`; the same audit gives the same
    bytes. The descriptor describes the tables that then stand in the folder. Files appear whole or not at
    all: each is written beside its place and renamed, the descriptor last. Raises OutputError.
    """
    target = Path(folder)
    chosen = list(schema() if tables is None else tables)
    written = [replace(target / f"{name}.csv", _csv(audit[name]).encode("utf-8-sig")) for name in chosen]
    there = [name for name in schema() if (target / f"{name}.csv").is_file()]
    described = json.dumps(_descriptor(audit, target.name, there), ensure_ascii=False, indent=2) + "\n"
    return [*written, replace(target / DESCRIPTOR, described.encode("utf-8"))]


def descriptor(folder: str | Path) -> dict[str, Any]:
    """What describes the tables of a folder; raises CrossfootError where nothing does."""
    path = Path(folder) / DESCRIPTOR
    if not path.is_file():
        raise CrossfootError("no such file", file=path.name, advice="Run `make audit` first")
    return json.loads(path.read_text(encoding="utf-8"))


def read(folder: str | Path, tables: Iterable[str] | None = None) -> dict[str, pd.DataFrame]:
    """The tables of a written audit (those named, or all) by name, with the types of their schema.

    Raises CrossfootError, naming the file, where one is missing.
    """
    found = {}
    for name in schema() if tables is None else tables:
        path = Path(folder) / f"{name}.csv"
        if not path.is_file():
            raise CrossfootError("no such table", file=path.name, advice="Run `make audit` first")
        text = pd.read_csv(
            path, dtype="str", keep_default_na=False, encoding="utf-8-sig", lineterminator="\n"
        )
        columns = {}
        for field in schema()[name]["field"]:
            column = text[field["name"]]
            if field["type"] in _TYPES:
                numbers = pd.to_numeric(column.mask(column.eq("")))
                columns[field["name"]] = numbers.astype(_TYPES[field["type"]])
            else:
                columns[field["name"]] = column.eq("True") if field["type"] == "boolean" else column
        found[name] = fitted(name, pd.DataFrame(columns))
    return found


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n", float_format="%.15g")


def _descriptor(audit: "Audit", name: str, there: list[str]) -> dict:
    report = audit.report
    return {
        "profile": "tabular-data-package",
        "name": name.lower(),
        "title": f"Audit of {report.issuer or report.source}, {report.year or 'year unknown'}",
        "report": dict(report),
        "language": audit.language,
        "used": list(audit.used),
        "resources": [_resource(table, there) for table in there],
    }


def _resource(table: str, there: list[str]) -> dict:
    """What describes one table: its fields with their codes, its key, and the other tables' keys in it."""
    about = schema()[table]
    keys: dict[str, Any] = {"primaryKey": about["key"]} if about["key"] else {}
    foreign = []
    for column, to in about.get("refers", ()):
        other, _, key = to.partition(".")
        if other in there:
            foreign.append({"fields": [column], "reference": {"resource": other, "fields": [key]}})
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": f"{table}.csv",
        "title": about["title"],
        "description": about["description"],
        "encoding": "utf-8-sig",
        "schema": {
            "fields": [_field(field) for field in about["field"]],
            "missingValues": [""],
            **keys,
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def _field(field: dict) -> dict:
    described = {name: field[name] for name in ("name", "type", "description")}
    if field["type"] == "boolean":
        described |= {"trueValues": ["True"], "falseValues": ["False"]}
    return described | ({"constraints": {"enum": list(allowed(field))}} if allowed(field) else {})
