"""What an audit does not keep but a paper needs: the checks of the prose in full, and findings in Chinese."""

import json
from dataclasses import dataclass

import pandas as pd

from ..audit import Audit
from ..conservation import divide
from ..diagnosis.findings import findings, slip_label
from ..document import Line
from ..prose import ledger
from ..tables import place
from .page_words import Pair


@dataclass(frozen=True, slots=True)
class Retold:
    """`told` are the checks of the prose with ledger's columns, `sums` the rest of the checks, `prose` the
    lines outside of the statutory tables, `chinese` the findings in Chinese by id.
    """

    told: pd.DataFrame
    sums: pd.DataFrame
    prose: tuple[Line, ...]
    chinese: dict[str, dict]


@dataclass(frozen=True, slots=True)
class Reason:
    """One explanation of a finding in both languages; `cells` as CONTRACT.md has them in JSON."""

    cells: tuple[dict, ...]
    slip: Pair
    speaks_for: tuple[Pair, ...]
    against: tuple[Pair, ...]
    decided_by: Pair


def retell(audit: Audit) -> Retold:
    """The same checks and findings as the audit's own, from its document; some 0.1 s."""
    report = audit.report
    placements = {reader: place(grids, report.form) for reader, grids in audit.document.grids.items()}
    _, prose = divide(audit.document, placements)
    told = ledger.checks(audit.claims, audit.facts, audit.document, report.form, prose, report.year)
    sums = audit.checks.iloc[: len(audit.checks) - len(told)]
    chinese = findings(audit.facts, sums, told, audit.claims, report.form, audit.troubles, "zh")
    by_id = {str(row["id"]): row for row in chinese.to_dict("records")}
    return Retold(told, sums, tuple(prose), by_id)


def reasons(finding: dict, chinese: dict) -> list[Reason]:
    """The explanations of a finding, given as rows of the findings in English and in Chinese, best first."""
    pairs = zip(
        json.loads(chinese["explanation"]), json.loads(finding["explanation"]), strict=True
    )  # the ranking does not look at words, so both are in one order
    return [
        Reason(
            tuple(en["cells"]),
            (slip_label(en["slip"], "zh"), slip_label(en["slip"], "en")),
            tuple(zip(zh["for"], en["for"], strict=True)),
            tuple(zip(zh["against"], en["against"], strict=True)),
            (zh["decided_by"], en["decided_by"]),
        )
        for zh, en in pairs
    ]
