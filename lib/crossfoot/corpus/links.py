"""The checks and findings across years of a whole corpus, one issuer at a time."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from ..across import KEY, Year, compare, year_of
from ..issuers import link
from .compact import Parts, table_schema


def across(parts: Parts, places: Iterable[Mapping]) -> dict[str, dict[int, pa.Table]]:
    """Tables checks and findings by year of what holds and breaks between neighbouring years of one issuer.

    `places` as compact.write takes them. Only one issuer's reports are in memory at a time.
    """
    known = [place for place in places if place["issuer"] and place["year"] is not None]
    linked = link(place["issuer"] for place in known)
    groups: dict[str, list[Mapping]] = {}
    for place in known:
        groups.setdefault(linked[place["issuer"]], []).append(place)
    checks: dict[int, list[dict]] = {}
    findings: dict[int, list[dict]] = {}
    for name, group in groups.items():
        numbers = {place["year"] for place in group}
        near = [place for place in group if {place["year"] - 1, place["year"] + 1} & numbers]
        years = [year for place in near if (year := _year(parts, place)) is not None]
        for rows, found in compare(years, name):
            for row in rows:
                checks.setdefault(row[KEY[1]], []).append(row)
            for row in found:
                findings.setdefault(row[KEY[1]], []).append(row)
    return {"checks": _tables(checks, "checks"), "findings": _tables(findings, "findings")}


def _year(parts: Parts, place: Mapping) -> Year | None:
    facts, checks = (parts.table(name, place["part"], place["row"]) for name in ("facts", "checks"))
    if facts is None or checks is None:
        return None
    return year_of(place, facts.to_pandas(), checks.to_pandas())


def _tables(rows: Mapping[int, list[dict]], name: str) -> dict[int, pa.Table]:
    return {year: pa.Table.from_pylist(found, table_schema(name)) for year, found in rows.items()}
