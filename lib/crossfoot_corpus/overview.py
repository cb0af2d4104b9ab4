"""What an audited corpus says as a whole: how it went, which rules break, who errs worst, what stands out."""

import html
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from crossfoot.audit import audit
from crossfoot.checks import STATUSES, printed, rules
from crossfoot.issuers import kind

PAGES = "pages"
_KEPT = ["path", "sha256", "issuer", "year", "form", "pages", "status"]
_SEVERITIES = ("error", "query", "note")
# Figures of a report that are compared between reports, by the cell they stand in.
_FIGURES = {
    "received": "requests:new/total",
    "handled": "requests:handled/total",
    "granted": "requests:granted/total",
    "carried_out": "requests:carried_out/total",
    "reviews": "disputes:review/total",
}
FIGURES = tuple(_FIGURES)
_KINDS = {
    "province": "省级政府 province",
    "city": "市级政府 city",
    "county": "县级政府 county",
    "town": "乡镇街道 town",
    "department": "部门 department",
    "unknown": "未知 unknown",
}
_INK, _SOFT, _DOT = "#1a1a1a", "#5f5f5f", "#0072b2"  # the last of Okabe and Ito's safe colours
_FAR = 3.5  # robust standard deviations (Iglewicz and Hoaglin, 1993): from there on a figure is an outlier
_FEWEST = 8  # reports of a kind and year, below which none of them can stand out


def reports(out: str | Path) -> pd.DataFrame:
    """reports.parquet, one row per file, with `kind`: the sort of body (issuers.kind)."""
    frame = pd.read_parquet(Path(out) / "reports.parquet")
    return frame.assign(kind=[kind(None if pd.isna(name) else name) for name in frame["issuer"]])


def rule_counts(out: str | Path) -> pd.DataFrame:
    """For each rule that was checked: checks that hold, break and state nothing, reports in which it breaks.

    `broken` is the share of breaks among what was stated, in percent. Most broken first.
    """
    names = ["sha256", "rule", "status"]
    # as codes: of 100,000 reports there are 20 million checks
    checks = pd.read_parquet(Path(out) / "checks", columns=names, read_dictionary=["sha256", "rule"])
    counts = checks.groupby(["rule", "status"], observed=True).size().unstack(fill_value=0)
    counts.index, counts.columns = counts.index.astype("str"), counts.columns.astype("str")
    counts = counts.reindex(columns=list(STATUSES), fill_value=0).rename_axis(columns=None)
    broken = checks[checks["status"] == "breaks"].groupby("rule", observed=True)["sha256"].nunique()
    counts["reports"] = broken.reindex(counts.index, fill_value=0)
    stated = counts["holds"] + counts["breaks"]
    counts["broken"] = (100 * counts["breaks"] / stated.where(stated > 0)).round(2)
    order = {rule.id: number for number, rule in enumerate(rules())}
    place = counts.index.map(lambda rule: order.get(rule, len(order)))
    ordered = counts.assign(place=place).sort_values(["breaks", "place"], ascending=[False, True])
    return ordered.drop(columns="place")


def worst(out: str | Path, count: int = 10) -> pd.DataFrame:
    """The worst findings: errors of reports first, then by how many checks one root cause breaks.

    Columns severity, kind, breaks (how many checks), title, issuer, year, path, sha256.
    """
    findings = pd.read_parquet(Path(out) / "findings").drop(columns="year")
    explained = pd.read_parquet(Path(out) / "finding_checks", columns=["sha256", "finding"])
    breaks = explained.value_counts().rename("breaks").reset_index()
    audited = reports(out)[_KEPT].query("status == 'audited'")
    named = findings.merge(audited, on="sha256", validate="many_to_one")
    named = named.merge(breaks, on=["sha256", "finding"], how="left", validate="one_to_one")
    named["breaks"] = named["breaks"].fillna(0).astype(int)
    named["rank"] = named["severity"].astype("str").map(_SEVERITIES.index)
    order = ["kind_rank", "rank", "breaks", "path", "finding"]
    named = named.assign(kind_rank=named["kind"].ne("published"))
    named = named.sort_values(order, ascending=[True, True, False, True, True]).head(count)
    columns = ["severity", "kind", "breaks", "title", "issuer", "year", "path", "sha256"]
    return named[columns].reset_index(drop=True)


def linked(findings: pd.DataFrame, pages: Mapping[str, str], place: str) -> str:
    """The findings of `worst` as an HTML table, each linked to its evidence page below the folder `place`.

    Words of a report stay words: all that it prints is escaped.
    """
    shown = findings.astype("string").fillna("").map(html.escape)
    whose = shown["issuer"].where(shown["issuer"] != "", shown["path"]) + " " + shown["year"]
    targets = [quote(f"{Path(place).as_posix()}/{pages[path]}") for path in findings["path"]]
    links = [f'<a href="{to}">{words}</a>' for to, words in zip(targets, whose, strict=True)]
    return shown[["severity", "breaks", "title"]].assign(evidence=links).to_html(escape=False)


def evidence(folder: str | Path, out: str | Path, paths: Iterable[str]) -> dict[str, str]:
    """The evidence page of each of those reports (paths below `folder`), written where it is not there yet.

    Returns, by path, the page's path relative to `out`. The report is audited once more for it, in another
    process: Java and Dask's threads do not share one well. Raises what the audit raises.
    """
    from crossfoot_papers import evidence_page

    marks = reports(out).set_index("path")["sha256"]
    pages = {path: Path(PAGES) / str(marks[path])[:16] / evidence_page.NAME for path in dict.fromkeys(paths)}
    missing = {path: page for path, page in pages.items() if not (Path(out) / page).is_file()}
    if missing:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            sources, targets = [Path(folder) / p for p in missing], [Path(out) / p for p in missing.values()]
            list(pool.map(_page, sources, targets))
    return {path: page.as_posix() for path, page in pages.items()}


def _page(source: Path, page: Path) -> None:
    from crossfoot_papers import evidence_page

    page.parent.mkdir(parents=True, exist_ok=True)
    evidence_page.write(audit(source), source, page.parent)


def figures(out: str | Path) -> pd.DataFrame:
    """One row per audited report: issuer, kind, year, path and the FIGURES that it prints, missing where
    none.

    A void cell counts as missing here: whether it says nothing or 0 is for the checks.
    """
    filters = [("cell", "in", list(_FIGURES.values()))]
    facts = pd.read_parquet(Path(out) / "facts", filters=filters)
    by_report = {mark: printed(part) for mark, part in facts.groupby("sha256")}
    audited = reports(out).query("status == 'audited'")
    found = audited[["issuer", "kind", "year", "path"]].reset_index(drop=True)
    for figure, cell in _FIGURES.items():
        cells = (by_report[mark].get(cell) for mark in audited["sha256"])
        found[figure] = pd.array([None if one is None else one.value for one in cells], dtype="Float64")
    return found


def spread(frame: pd.DataFrame, figure: str) -> pd.DataFrame:
    """By year and kind of body: how many reports print the figure, its quartiles and its largest."""
    by_kind = frame.dropna(subset=[figure, "year"]).groupby(["year", "kind"])[figure]
    quartiles = by_kind.quantile(pd.Series([0.25, 0.5, 0.75])).unstack()
    quartiles.columns = ["lower", "median", "upper"]
    counts = by_kind.agg(["count", "max"])
    return counts[["count"]].join(quartiles).join(counts["max"].rename("largest"))


def outliers(frame: pd.DataFrame, names: Iterable[str] = FIGURES) -> pd.DataFrame:
    """The reports with a figure that is far from those of its kind of body, farthest first.

    Columns issuer, kind, year, figure, value, distance, path. `distance` counts robust standard deviations of
    the logarithm (median and median absolute deviation, over all years): figures of offices differ by
    factors, not by amounts. Kinds of few reports have none.
    """
    import numpy as np

    found = []
    for name in names:
        shown = frame.dropna(subset=[name])[["issuer", "kind", "year", "path"]].copy()
        shown["figure"], shown["value"] = name, frame[name]
        log = pd.Series(np.log1p(shown["value"].astype("float64")))
        centre = log.groupby(shown["kind"]).transform("median")
        off = (log - centre).abs()
        scale = off.groupby(shown["kind"]).transform("median") * 1.4826
        enough = (scale > 0) & (log.groupby(shown["kind"]).transform("size") >= _FEWEST)
        shown["distance"] = ((log - centre) / scale.where(enough)).round(2)
        found.append(shown[shown["distance"].abs() > _FAR])
    far = pd.concat(found)
    far = far.iloc[far["distance"].abs().argsort(kind="stable")[::-1]]
    return far[["issuer", "kind", "year", "figure", "value", "distance", "path"]].reset_index(drop=True)


def spread_chart(frame: pd.DataFrame, figure: str, label: str) -> Any:
    """The chart of a figure of `figures`, on a logarithmic scale, as a matplotlib Figure.

    `label` is the figure's name, Chinese and English. Panels are the kinds of body that there are; zeros
    stand on the lowest line.
    """
    from matplotlib.figure import Figure

    from crossfoot.fonts import font

    shown = frame.dropna(subset=[figure, "year"])
    kinds = [name for name in _KINDS if (shown["kind"] == name).any()]
    years = sorted(set(shown["year"].astype(int)))
    drawn = Figure(figsize=(2.6 * max(len(kinds), 1) + 0.8, 3.4), facecolor="white")
    drawn.set_label(label)
    axes = drawn.subplots(1, max(len(kinds), 1), sharey=True, squeeze=False)[0]
    for name, panel in zip(kinds, axes, strict=False):
        own = shown[shown["kind"] == name]
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
        panel.set_title(_KINDS[name], fontproperties=font(9), color=_INK, loc="left")
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
