"""The pictures of an audit. Each draws a table, which `plotted` returns, under a headline that is computed.

Every chart is a module with `plotted(tables, about)`, a DataFrame, and `figure(tables, about)`, a matplotlib
Figure; `tables` are the tables of the audit by name, `about` has the keys of Audit.report.
"""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import fonts  # quiets matplotlib before anything imports it
from . import disputes, flows, outcomes, table_three, told
from .saving import headline, png, save, show, svg
from .words import Tables

CHARTS: Mapping[str, ModuleType] = {
    "table_three": table_three,
    "flows": flows,
    "told": told,
    "outcomes": outcomes,
    "disputes": disputes,
}
"""The charts by name: the finding first, what the report is about last."""

__all__ = [
    "CHARTS", "Tables", "disputes", "draw_all", "flows", "fonts", "headline", "outcomes", "png", "save",
    "save_all", "show", "svg", "table_three", "told",
]  # fmt: skip


def draw_all(tables: Tables, about: Mapping) -> dict[str, Any]:
    """Every chart of an audit as a matplotlib Figure, by name."""
    return {name: chart.figure(tables, about) for name, chart in CHARTS.items()}


def save_all(tables: Tables, about: Mapping, folder: str | Path) -> list[Path]:
    """Write every chart as NAME.svg and NAME.png into `folder` and return the paths; raises OSError."""
    figures = draw_all(tables, about)
    return [path for name, drawn in figures.items() for path in save(drawn, Path(folder) / name)]
