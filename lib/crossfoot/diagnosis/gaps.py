"""Findings about what the form has and the report does not print."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ..completeness import rule_of, scope_title
from ..texts import Pair, joined, one_line, same, words
from ..texts.names import cell_title
from .explanations import Explanation
from .finding import MOST_NAMED, Finding, some


def of_gaps(broken: pd.DataFrame, raws: Mapping[str, object], form: str) -> Iterable[Finding]:
    """A finding for each table with something missing, one kind each; all words of a table are one.

    `broken` are the rows of completeness.check that break, `raws` what the cells print, by name.
    """
    rows = broken.to_dict("records")
    for number, row in enumerate(row for row in rows if row["rule"] == "rows_missing"):
        said = (row["formula_zh"], row["formula"])
        yield _finding(said, [row], _severity(row), number)
    worded: dict[str, list[dict]] = {}
    for row in rows:
        if row["rule"] == "not_a_figure":
            worded.setdefault(row["scope"].partition(":")[0], []).append(row)
    for number, (table, own) in enumerate(worded.items(), len(rows)):
        named = [
            words(
                "title.word_in", cell=cell_title(row["scope"], form), text=one_line(str(raws[row["scope"]]))
            )
            for row in own
        ]
        places = some(joined(named[:MOST_NAMED]), len(named))
        yield _finding(
            words("title.words", table=scope_title(table, form), places=places),
            own,
            _severity(own[0]),
            number,
        )


def _severity(row: Mapping) -> str:
    rule = rule_of(str(row["rule"]), str(row["scope"]))
    assert rule is not None
    return rule.severity


def _finding(title: Pair, rows: list[dict], severity: str, number: int) -> Finding:
    said = tuple((row["formula_zh"], row["formula"]) for row in rows)
    return Finding(
        title,
        severity,
        "published",
        tuple(f"{row['rule']}:{row['scope']}" for row in rows),
        (Explanation((), (), (), said if len(rows) > 1 else (), same(""), ()),),
        tuple(f"{row['rule']} {row['scope']}" for row in rows),
        (3, number),
    )
