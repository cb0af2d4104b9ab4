"""Who reports, on which year, and on which form: read from the title and the tables' own wording."""

import re
from collections.abc import Iterable

from .document import Document, Grid
from .forms import tables
from .labels import best

TITLE = re.compile(
    r"(?P<before>[^\n，。,:：]{0,40}?)(?P<year>20\d\d)年?度?(?P<between>[^\n，。,:：\d]{0,30}?)"
    r"政府信息公开(?:工作)?(?:年度报告|年报|年度工作报告|情况年度报告)"
)
_YEAR = re.compile(r"(20\d\d)年")
_NAME = re.compile(r"[\u4e00-\u9fff（）()·]+$")
_NOT_ISSUER = re.compile(r"^(?:关于|公布|印发|发布|编制)|(?:的|关于)$|[《》<>|]")


def masthead(document: Document) -> tuple[str | None, int | None]:
    """Issuer and year as the report's title states them; None where it states none.

    The title may run over several lines (issuer above, `2019 年政府信息公开工作年度报告` below). Without
    a title the year is the one that the text names most often, the earlier of two in a tie.
    """
    lines = [re.sub(r"\s+", "", document.text[line.start : line.end]) for line in document.lines]
    lines = [line for line in lines if line]
    for index, line in enumerate(lines):
        following = "".join(lines[index + 1 : index + 2])
        # What stands above a line that is a whole title is no part of it: a page's own menu.
        match = TITLE.search(line) or (None if TITLE.search(following) else TITLE.search(line + following))
        if match is None:
            continue
        parts = [_issuer(match["between"]), _issuer(match["before"])]
        if not any(parts) and index:
            parts.append(_issuer(lines[index - 1]))
        issuer = next((part for part in parts if part), None)
        return issuer, int(match["year"])
    years = _YEAR.findall("".join(lines))
    year = max(sorted(set(years)), key=years.count) if years else None
    return None, int(year) if year else None


def _issuer(text: str) -> str | None:
    """The text if it can be a body's name."""
    run = _NAME.search(text)
    name = _NOT_ISSUER.sub("", run[0]) if run else ""
    return name if 3 <= len(name) <= 30 and re.search(r"[\u4e00-\u9fff]{3}", name) else None


def form_of(grids: Iterable[Grid], year: int | None) -> str:
    """The form the report uses, by the wording of its table 二, else of （六）, else by its year.

    A later report that still uses the form of 2019 is of that form.
    """
    cells = [cell.text for grid in grids for cell in grid.cells if cell.text.strip()]

    def hits(labels: Iterable[tuple[str, ...]]) -> int:
        wanted = tuple(labels)
        return sum(best(text, wanted)[0] >= 90 for text in cells)

    old, new = ({c.label for c in tables(form)["disclosure"].columns} for form in ("2019", "2021"))
    scores = hits((label,) for label in sorted(old - new)), hits((label,) for label in sorted(new - old))
    if scores[0] != scores[1]:
        return "2019" if scores[0] > scores[1] else "2021"
    rows = [row for row in tables("2021")["requests"].rows if row.forms == ("2021",)][:2]
    if hits((row.label,) for row in rows):
        return "2021"
    return "2019" if year is not None and year < 2021 else "2021"
