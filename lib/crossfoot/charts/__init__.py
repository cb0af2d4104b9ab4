"""The pictures of an audit. Each draws a table, which `plotted` returns, under a headline that is computed.

Every chart is a module with `plotted(tables, about)`, a DataFrame, and `figure(tables, about)`, a matplotlib
Figure; `tables` are the tables of the audit by name, `about` has the keys of Audit.report.
"""

from collections.abc import Mapping
from types import ModuleType

from .. import fonts

with fonts.quiet():  # they load matplotlib
    from . import disputes, flows, outcomes, table_three, told
    from .rendering import Picture, headline, png, render, svg
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
    "CHARTS", "Picture", "Tables", "disputes", "flows", "fonts", "headline", "outcomes", "picture", "png",
    "svg", "table_three", "told",
]  # fmt: skip


def picture(name: str, tables: Tables, about: Mapping) -> Picture:
    """The chart of that name (a key of CHARTS) drawn for an audit; raises KeyError for another name."""
    return render(name, CHARTS[name].figure(tables, about))
