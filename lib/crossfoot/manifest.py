"""The record of the raw files, manifest.toml beside them: what each one is, and that it is unchanged."""

import hashlib
import sys
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .errors import ManifestError

MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw file as recorded; `origin` is the manifest's `from`, `sha256` is in lower-case hexadecimal."""

    name: str
    issuer: str
    year: int
    what: str
    origin: str
    licence: str
    sha256: str


def entries(folder: str | Path) -> dict[str, Entry]:
    """The entries of the folder's manifest by file name, in its order.

    Raises ManifestError where there is no manifest, or it does not keep its own grammar.
    """
    path = Path(folder) / MANIFEST
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(
            "missing: nothing records what the raw files are",
            file=path.name,
            advice="Write one, or restore it with `git restore`",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"not valid TOML: {error}", file=path.name, advice="Correct it") from None
    found: dict[str, Entry] = {}
    for number, record in enumerate(raw.get("file", []), 1):
        record = {("origin" if key == "from" else key): value for key, value in record.items()}
        wanted = {field.name: field.type for field in fields(Entry)}
        wrong = sorted(
            "from" if name == "origin" else name
            for name in wanted.keys() | record.keys()
            if name not in wanted or not isinstance(record.get(name), wanted[name])  # type: ignore[arg-type]
        )
        if wrong:
            raise ManifestError(
                f"entry {number} has missing, unknown or mistyped keys: {', '.join(wrong)}",
                file=path.name,
                advice="Its header comment has the grammar",
            )
        found[record["name"]] = Entry(**record)
    return found


def verify(path: str | Path) -> Entry:
    """The manifest's entry for a raw file whose content is the recorded one.

    Raises ManifestError, naming the file, where it is missing, not listed, or differs.
    """
    path = Path(path)
    listed = entries(path.parent)
    if path.name not in listed:
        raise ManifestError(
            "not listed in the manifest",
            file=path.name,
            advice=f"Add an entry to {MANIFEST} beside it: issuer, year, where it came from, sha256",
        )
    entry = listed[path.name]
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        problem = "missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise ManifestError(
            problem, file=path.name, advice="Restore it with `git restore` or fetch it again"
        ) from None
    if found != entry.sha256:
        raise ManifestError(
            f"content differs from the manifest (sha256 {found[:12]}…, recorded {entry.sha256[:12]}…)",
            file=path.name,
            advice="Restore it with `git restore`; if the change is meant, record the new sha256 in "
            f"{MANIFEST} and say why",
        )
    return entry


def verify_all(folder: str | Path) -> list[Entry]:
    """Every entry of the folder's manifest, each verified; raises one ManifestError naming every bad file."""
    good, bad = [], []
    for name in entries(folder):
        try:
            good.append(verify(Path(folder) / name))
        except ManifestError as error:
            bad.append(error)
    if len(bad) == 1:
        raise bad[0]
    if bad:
        raise ManifestError("; ".join(map(str, bad)))
    return good


def provenance(path: str | Path) -> dict[str, str | int]:
    """What is recorded of a report: its verified entry, or, where no manifest stands beside it, its hash.

    Raises ManifestError as `verify` does, and OSError where the file cannot be read.
    """
    path = Path(path)
    if (path.parent / MANIFEST).is_file():
        return asdict(verify(path))
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def main() -> None:
    """Verify the folder named on the command line; exits with 1 and one line that names every bad file."""
    try:
        verify_all(sys.argv[1])
    except ManifestError as error:
        sys.exit(f"crossfoot: {error}")
