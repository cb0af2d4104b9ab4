"""Sections 三 and 四 of 芝罘区 2019 as printed, for tests that begin behind the readers."""

import pandas as pd

from crossfoot_synthetic.figures import facts_of

FORM = "2019"
_REQUESTS = {
    "new": (75, 19, 94),
    "granted": (38, 11, 49),
    "partly_granted": (3, 1, 4),
    "denied.third_party": (3, None, 3),
    "denied.enforcement_file": (3, None, 3),
    "denied.administrative_query": (2, None, 2),
    "unavailable.not_held": (21, 6, 27),
    "unavailable.still_unclear": (1, None, 1),
    "other": (4, 1, 5),
    "handled": (75, 19, 94),
    "carried_out": (1, 1, 2),
}
_DISPUTES = {
    "review": (8, None, None, None, 8),
    "direct": (4, 2, 0, 1, 7),
    "after_review": (2, None, None, 2, 4),
}


def seed_facts() -> pd.DataFrame:
    """The facts of the seed report; section 二, which no sum binds, is left blank."""
    raw = {}
    for row, figures in _REQUESTS.items():
        for column, figure in zip(("natural_person", "enterprise", "total"), figures, strict=True):
            raw[f"requests:{row}/{column}"] = "" if figure is None else str(figure)
    for row, figures in _DISPUTES.items():
        outcomes = ("upheld", "corrected", "other", "pending", "total")
        for column, figure in zip(outcomes, figures, strict=True):
            raw[f"disputes:{row}/{column}"] = "" if figure is None else str(figure)
    return facts_of(raw, FORM)
