"""The checks and findings across years of a whole corpus, one issuer at a time."""

from collections.abc import Iterable, Iterator, Mapping

from crossfoot.across import Year, compare, year_of
from crossfoot.issuers import link

from .compact import Parts


def across(parts: Parts, places: Iterable[Mapping]) -> Iterator[tuple[list[dict], list[dict]]]:
    """Rows of checks and of findings between neighbouring years of one issuer, pair by pair.

    `places` as compact.write takes them. Only one issuer's reports are in memory at a time.
    """
    known = [place for place in places if place["issuer"] and place["year"] is not None]
    linked = link(place["issuer"] for place in known)
    groups: dict[str, list[Mapping]] = {}
    for place in known:
        groups.setdefault(linked[place["issuer"]], []).append(place)
    for name, group in groups.items():
        numbers = {place["year"] for place in group}
        near = [place for place in group if {place["year"] - 1, place["year"] + 1} & numbers]
        years = [year for place in near if (year := _year(parts, place)) is not None]
        yield from compare(years, name)


def _year(parts: Parts, place: Mapping) -> Year | None:
    facts, checks = (parts.table(name, place["part"], place["row"]) for name in ("facts", "checks"))
    if facts is None or checks is None:
        return None
    return year_of(place, facts.to_pandas(), checks.to_pandas())
