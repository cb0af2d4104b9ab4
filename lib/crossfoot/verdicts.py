"""What an analyst decided about findings and numbers, in a file beside the report: it survives re-runs."""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import CrossfootError

VERDICT_COLUMNS = ["finding", "claim", "verdict", "comment", "who", "when"]
_OF_A_FINDING = ("confirmed", "dismissed")
_OF_A_CLAIM = ("counts", "no_cell", "other_body", "other_year", "other_matter")
_SIGNED = ("verdict", "comment", "who", "when")


class VerdictError(CrossfootError, ValueError):
    """A verdict file that does not keep its grammar."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """What a person says that a number counts: the cells, none of them where `meaning` is not "cells"."""

    claim: str
    figure: float
    meaning: str
    cells: tuple[str, ...]


def file_of(report: str | Path) -> Path:
    """Where the verdicts on a report stand: `<name>.verdicts.toml` beside it."""
    path = Path(report)
    return path.with_name(f"{path.stem}.verdicts.toml")


def read(report: str | Path) -> pd.DataFrame:
    """The verdicts on a report, in file order, with columns VERDICT_COLUMNS; empty without a file.

    Grammar, one table per finding or number:

        [[verdict]]
        finding = "fc0271d9ec"     # its id
        verdict = "confirmed"      # or "dismissed"
        comment = "…"
        who = "…"
        when = 2026-11-24

        [[verdict]]
        claim = "一(二)#7"          # its key in claims.csv
        figure = 12                # the number that stands there
        verdict = "counts"         # or "no_cell", "other_body", "other_year", "other_matter"
        cells = ["requests:new/total"]   # with "counts" only
        comment, who and when as above

    Raises VerdictError, naming file and entry, for a missing or mistyped key, or two verdicts on one thing.
    """
    path, entries = _entries(report)
    rows = []
    for number, entry in enumerate(entries, 1):
        _check(entry, number, path.name)
        signed = {key: str(entry[key]) for key in _SIGNED}
        rows.append({"finding": entry.get("finding", ""), "claim": entry.get("claim", "")} | signed)
    frame = pd.DataFrame(rows, columns=VERDICT_COLUMNS, dtype="string")
    twice = frame.loc[frame.duplicated(["finding", "claim"])]
    if len(twice):
        name = twice["finding"].iloc[0] or twice["claim"].iloc[0]
        raise VerdictError(f"two verdicts on {name}", file=path.name, advice="Keep one")
    return frame


def on_claims(report: str | Path) -> tuple[ClaimVerdict, ...]:
    """The verdicts on numbers of the prose, in file order; raises VerdictError as `read` does."""
    read(report)
    return tuple(
        ClaimVerdict(
            entry["claim"],
            float(entry["figure"]),
            "cells" if entry["verdict"] == "counts" else entry["verdict"],
            tuple(entry.get("cells", ())),
        )
        for entry in _entries(report)[1]
        if "claim" in entry
    )


def _entries(report: str | Path) -> tuple[Path, list[dict]]:
    """The file and its entries; none without a file."""
    path = file_of(report)
    if not path.is_file():
        return path, []
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise VerdictError(problem, file=path.name, advice="Check its rights") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VerdictError(f"not valid TOML: {error}", file=path.name, advice="Correct it") from None
    return path, raw.get("verdict", [])


def _check(entry: Mapping[str, Any], number: int, file: str) -> None:
    """Raises VerdictError for an entry that does not keep the grammar."""
    of_claim = "claim" in entry
    counts = of_claim and entry.get("verdict") == "counts"
    wanted = ["claim", "figure", *_SIGNED] if of_claim else ["finding", *_SIGNED]
    wanted += ["cells"] if counts else []
    missing = [key for key in wanted if key not in entry]
    unknown = [key for key in entry if key not in wanted]
    if missing or unknown:
        words = [f"lacks {', '.join(missing)}"] * bool(missing)
        words += [f"has {', '.join(unknown)}"] * bool(unknown)
        raise VerdictError(f"verdict {number} {' and '.join(words)}", file=file, advice="Its keys are fixed")
    allowed = _OF_A_CLAIM if of_claim else _OF_A_FINDING
    if entry["verdict"] not in allowed:
        told = f"verdict {number} is {entry['verdict']!r}"
        raise VerdictError(told, file=file, advice=f"Write {' or '.join(allowed)}")
    if of_claim and (isinstance(entry["figure"], bool) or not isinstance(entry["figure"], int | float)):
        raise VerdictError(f"verdict {number} has no number in `figure`", file=file, advice="Write 12")
    if counts and not (isinstance(entry["cells"], list) and all(isinstance(c, str) for c in entry["cells"])):
        raise VerdictError(
            f"verdict {number} has no list of cells", file=file, advice='Write ["table:row/column"]'
        )
    if not isinstance(entry["when"], datetime.date):
        raise VerdictError(f"verdict {number} has no date in `when`", file=file, advice="Write 2026-11-24")
