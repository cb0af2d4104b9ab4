"""What an analyst decided about findings, in a small file beside the report: it survives every re-run."""

import datetime
import tomllib
from pathlib import Path

import pandas as pd

from .errors import CrossfootError

VERDICT_COLUMNS = ["finding", "verdict", "comment", "who", "when"]
_VERDICTS = ("confirmed", "dismissed")


class VerdictError(CrossfootError, ValueError):
    """A verdict file that does not keep its grammar."""


def file_of(report: str | Path) -> Path:
    """Where the verdicts on a report stand: `<name>.verdicts.toml` beside it."""
    path = Path(report)
    return path.with_name(f"{path.stem}.verdicts.toml")


def read(report: str | Path) -> pd.DataFrame:
    """The verdicts on a report's findings, in file order, with columns VERDICT_COLUMNS; empty without a file.

    Grammar, one table per finding:

        [[verdict]]
        finding = "fc0271d9ec"     # its id
        verdict = "confirmed"      # or "dismissed"
        comment = "…"
        who = "…"
        when = 2026-11-24

    Raises VerdictError, naming file and entry, for a missing or mistyped key, or two verdicts on one finding.
    """
    path = file_of(report)
    if not path.is_file():
        return pd.DataFrame(columns=VERDICT_COLUMNS, dtype="string")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise VerdictError(problem, file=path.name, advice="Check its rights") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VerdictError(f"not valid TOML: {error}", file=path.name, advice="Correct it") from None
    rows = [_row(entry, number, path.name) for number, entry in enumerate(raw.get("verdict", []), 1)]
    frame = pd.DataFrame(rows, columns=VERDICT_COLUMNS, dtype="string")
    twice = frame.loc[frame["finding"].duplicated(), "finding"]
    if len(twice):
        raise VerdictError(f"two verdicts on {twice.iloc[0]}", file=path.name, advice="Keep one")
    return frame


def _row(entry: dict, number: int, file: str) -> dict[str, str]:
    missing = [key for key in VERDICT_COLUMNS if key not in entry]
    unknown = [key for key in entry if key not in VERDICT_COLUMNS]
    if missing or unknown:
        words = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has {', '.join(unknown)}"] * bool(
            unknown
        )
        raise VerdictError(f"verdict {number} {' and '.join(words)}", file=file, advice="Its keys are fixed")
    if entry["verdict"] not in _VERDICTS:
        raise VerdictError(
            f"verdict {number} is {entry['verdict']!r}", file=file, advice=f"Write {' or '.join(_VERDICTS)}"
        )
    if not isinstance(entry["when"], datetime.date):
        raise VerdictError(f"verdict {number} has no date in `when`", file=file, advice="Write 2026-11-24")
    return {key: str(entry[key]) for key in VERDICT_COLUMNS}


def settled(findings: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """The findings with the columns `verdict`, `comment`, `who`, `when` besides, missing where open.

    Every finding once, in its order; a verdict on a finding that is no longer there adds nothing.
    """
    return findings.merge(verdicts, how="left", left_on="id", right_on="finding", validate="one_to_one").drop(
        columns="finding"
    )


def stale(findings: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """The verdicts on findings that the audit no longer makes."""
    return verdicts[~verdicts["finding"].isin(findings["id"])]
