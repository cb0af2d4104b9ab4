"""The files below a folder: which may be reports, and what each one holds."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import CrossfootError

# What stands beside reports: a saved page's style and scripts, tables, records. Everything else is tried.
_ASIDE = {".css", ".csv", ".ico", ".js", ".json", ".log", ".parquet", ".svg", ".toml", ".tsv", ".woff",
          ".woff2", ".xlsx", ".yaml", ".yml"}  # fmt: skip
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file below the folder; `path` is relative to it, with `/`. `aside` says that it is no report."""

    path: str
    size: int
    aside: bool


def find(folder: str | Path) -> list[Found]:
    """Every file below the folder in the order of their paths, hidden ones and links out of it left out.

    Raises CrossfootError where the folder is none, or cannot be listed.
    """
    root = Path(folder)
    if not root.is_dir():
        raise CrossfootError(
            "is no folder", file=str(folder), advice="Give the folder that holds the reports"
        )

    def refuse(error: OSError) -> None:
        raise CrossfootError(
            f"cannot be listed ({error.strerror})", file=str(error.filename), advice="Check its rights"
        ) from error

    found = []
    for place, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                aside = path.suffix.lower() in _ASIDE
                found.append(Found(path.relative_to(root).as_posix(), path.stat().st_size, aside))
    return sorted(found, key=lambda one: one.path)


def sha256(path: str | Path) -> str:
    """The file's content hash in lower-case hexadecimal; raises OSError."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


# What no audit of a single report uses: the rest decides it.
_APART = {"charts", "corpus", "generated", "papers"}
_APART_FILES = {"cli.py", "__main__.py", "notebooks.py", "summary.py", "package.py", "manifest.py",
                "planting.py", "planted_prose.py", "coverage.py", "fonts.py", "quotation.py"}  # fmt: skip
_ACROSS = {"across.py", "across_findings.py", "issuers.py", "years.py"}
_ROOT = Path(__file__).resolve().parents[1]


def version() -> str:
    """What decides an audit besides the report: the package's version and a hash of its code and rules."""
    from .. import __version__

    paths = _code(_ROOT)
    apart = _APART_FILES | _ACROSS
    return f"{__version__}+{_hash(p for p in paths if p.parts[0] not in _APART and p.name not in apart)}"


def tables_version() -> str:
    """What decides the tables of all reports besides their audits: a hash of this machinery's code."""
    return _hash(path for path in _code(_ROOT) if path.parts[0] == "corpus" or path.name in _ACROSS)


def _code(root: Path) -> list[Path]:
    """The package's modules and rules, relative to it, in order."""
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.suffix in (".py", ".toml"))


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.as_posix().encode() + b"\0" + (_ROOT / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]
