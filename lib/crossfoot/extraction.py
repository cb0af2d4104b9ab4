"""The extraction report: how many cells the form has, how they were read, and where every number ended."""

import pandas as pd

EXTRACTION_COLUMNS = [
    "table", "cells", "number", "blank", "dash", "text", "absent", "two_readers", "one_reader", "differ",
    "printed", "in_facts", "left_over", "lost",
]  # fmt: skip
_STATUSES = ["number", "blank", "dash", "text", "absent"]


def extraction(facts: pd.DataFrame, conservation: pd.DataFrame) -> pd.DataFrame:
    """One row per statutory table with columns EXTRACTION_COLUMNS, all of them counts.

    `number` to `absent` count cells by status and sum to `cells`; `two_readers`, `one_reader` and
    `differ` count the cells that at least two readers gave alike, that only one reader found, and that
    readers read differently; `printed` to `lost` are those of conservation.conserve.
    """
    several = facts["readers"].str.contains("+", regex=False)
    seen = facts.assign(
        two_readers=facts["agreed"] & several,
        one_reader=facts["agreed"] & facts["readers"].ne("") & ~several,
        differ=~facts["agreed"],
        **{status: facts["status"].eq(status) for status in _STATUSES},
    )
    by_table = seen.groupby("table", sort=False)
    counts = by_table[[*_STATUSES, "two_readers", "one_reader", "differ"]].sum()
    counts.insert(0, "cells", by_table.size())
    return counts.reset_index().merge(conservation, on="table", validate="one_to_one")[EXTRACTION_COLUMNS]
