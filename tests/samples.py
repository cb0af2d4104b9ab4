"""The real reports that tests may read but the project does not hold, and their hand-checked figures."""

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1].parent / "shared" / "samples"
REPORTS = ["hongze-2023.pdf", "shanghai-office-2019.html", "shuyang-fgj-2023.html"]


def sample(name: str) -> Path:
    """The sample's path; skips the test, saying so, where the samples are not available."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"../shared/samples/{name} is not available")
    return path


def printed_figures(report: str) -> dict[str, str]:
    """What the report prints in each cell of sections 三 and 四, transcribed by hand; "" where nothing."""
    path = sample(f"{Path(report).stem}.facts.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {f"{r['table']}:{r['row']}/{r['column']}": r["printed"] for r in csv.DictReader(stream)}
