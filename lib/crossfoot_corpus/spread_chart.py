"""A figure of every report by year and kind of body, as a picture: each report a dot, each median a line."""

from typing import Any

import pandas as pd

from crossfoot.fonts import font, quiet

with quiet():
    from matplotlib.figure import Figure

_KINDS = {
    "province": "省级政府 province",
    "city": "市级政府 city",
    "county": "县级政府 county",
    "town": "乡镇街道 town",
    "department": "部门 department",
    "unknown": "未知 unknown",
}
_INK, _SOFT, _DOT = "#1a1a1a", "#5f5f5f", "#0072b2"  # the last of Okabe and Ito's safe colours


def spread_chart(frame: pd.DataFrame, figure: str, label: str) -> Any:
    """The chart of a figure of overview.figures, on a logarithmic scale, as a matplotlib Figure.

    `label` is the figure's name, Chinese and English. Panels are the kinds of body at hand; zeros stand on
    the lowest line.
    """
    shown = frame.dropna(subset=[figure, "year"])
    kinds = [kind for kind in _KINDS if (shown["kind"] == kind).any()]
    years = sorted(set(shown["year"].astype(int)))
    drawn = Figure(figsize=(2.6 * max(len(kinds), 1) + 0.8, 3.4), facecolor="white")
    drawn.set_label(label)
    axes = drawn.subplots(1, max(len(kinds), 1), sharey=True, squeeze=False)[0]
    for kind, panel in zip(kinds, axes, strict=False):
        own = shown[shown["kind"] == kind]
        for year in years:
            values = own.loc[own["year"] == year, figure].astype("float64").sort_values().tolist()
            # side by side in their order, so that equal ones do not hide each other
            step = 0.6 / max(len(values), 1)
            places = [year - 0.3 + step * (number + 0.5) for number in range(len(values))]
            panel.scatter(places, [max(v, 0.5) for v in values], s=9, color=_DOT, alpha=0.55, linewidths=0)
            if values:
                middle = max(float(pd.Series(values).median()), 0.5)
                panel.plot([year - 0.38, year + 0.38], [middle, middle], color=_INK, linewidth=1.4)
        panel.set_yscale("log")
        panel.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else "0")
        panel.set_title(_KINDS[kind], fontproperties=font(9), color=_INK, loc="left")
        panel.set_xticks(years, [str(year) for year in years], fontproperties=font(7), color=_SOFT)
        for side in ("top", "right", "left"):
            panel.spines[side].set_visible(False)
        panel.grid(axis="y", color="#e6e6e6", linewidth=0.6)
        panel.tick_params(length=0, labelcolor=_SOFT, which="both")
        for tick in panel.get_yticklabels():
            tick.set_fontproperties(font(7))
    drawn.suptitle(label, fontproperties=font(11), x=0.02, ha="left", color=_INK)
    drawn.subplots_adjust(left=0.7 / drawn.get_figwidth(), right=0.99, top=0.8, bottom=0.1, wspace=0.06)
    return drawn
