"""Two versions of one report: what a corrected one (更正版) fixed, and what it newly broke."""

import pandas as pd

from .audit import Audit

CHANGE_COLUMNS = ["cell", "before", "after", "value_before", "value_after"]
OUTCOME_COLUMNS = ["finding", "outcome", "severity", "kind", "title"]


def changed_cells(before: Audit, after: Audit) -> pd.DataFrame:
    """The cells that print something else in the second version, in the order of the form.

    Columns CHANGE_COLUMNS: `before` and `after` as printed ("" where nothing), the values in the cell's unit;
    a cell that only one version's form has is missing in the other.
    """
    old, new = before.facts.set_index("cell"), after.facts.set_index("cell")
    order = old.index.append(new.index.difference(old.index, sort=False))
    old, new = old.reindex(order), new.reindex(order)
    found = pd.DataFrame(
        {
            "cell": order,
            "before": old["raw"].array,
            "after": new["raw"].array,
            "value_before": old["value"].array,
            "value_after": new["value"].array,
        },
        columns=CHANGE_COLUMNS,
    )
    same_value = found["value_before"].eq(found["value_after"])
    neither = found["value_before"].isna() & found["value_after"].isna() & found["before"].eq(found["after"])
    return found[~(same_value | neither)].reset_index(drop=True)


def outcomes(before: Audit, after: Audit) -> pd.DataFrame:
    """Every finding of either version with what became of it: `fixed`, `remains` or `new`.

    Columns OUTCOME_COLUMNS, new ones first, then those that remain, then the fixed. A finding is the same
    when its name is: the same rules broken in the same cells.
    """
    old, new = before.findings.set_index("finding"), after.findings.set_index("finding")
    order = [("new", new.loc[~new.index.isin(old.index)])]
    order += [
        ("remains", new.loc[new.index.isin(old.index)]),
        ("fixed", old.loc[~old.index.isin(new.index)]),
    ]
    frames = [frame.reset_index().assign(outcome=outcome) for outcome, frame in order]
    return pd.concat(frames, ignore_index=True)[OUTCOME_COLUMNS]
