"""The extraction report: how many cells the form has, how they were read, and where every number ended."""

import pandas as pd

EXTRACTION_COLUMNS = [
    "table", "cells", "number", "blank", "dash", "text", "unread", "absent", "two_readers", "one_reader",
    "differ", "printed", "in_facts", "left_over", "lost",
]  # fmt: skip


def extraction(facts: pd.DataFrame, conservation: pd.DataFrame) -> pd.DataFrame:
    """One row per statutory table with columns EXTRACTION_COLUMNS, all of them counts.

    `number` to `unread` count cells by status and sum to `cells`; `two_readers`, `one_reader` and
    `differ` count the cells that at least two readers gave alike, that only one reader found, and that
    readers read differently; `printed` to `lost` are those of conservation.conserve.
    """
    counts: dict[str, dict[str, int]] = {}
    columns = (facts[name].tolist() for name in ("table", "status", "readers", "agreed"))
    for table, status, readers, agreed in zip(*columns, strict=True):
        count = counts.setdefault(table, dict.fromkeys(EXTRACTION_COLUMNS[1:11], 0))
        count["cells"] += 1
        count[status] += 1
        count["two_readers"] += bool(agreed and "+" in readers)
        count["one_reader"] += bool(agreed and readers and "+" not in readers)
        count["differ"] += not agreed
    ended = {row["table"]: row for row in conservation.to_dict("records")}
    rows = [{"table": table} | count | ended[table] for table, count in counts.items()]
    return pd.DataFrame(rows, columns=EXTRACTION_COLUMNS)
