"""The report's prose quoted, every number in it marked by what its checks say."""

import re

from .audit import Audit

_MARK = {"holds": "✓", "breaks": "✗", "unread": "?", "not_stated": "?"}
_NUMBERED = r"(?:[一二三四五六]、|[(（][一二三四五六七八九十][)）]|- ?\d+ ?-)"
_HEADING = re.compile(rf"\s*{_NUMBERED}[^\n，。]{{0,30}}\n|\s*\n")


def claim_status(audit: Audit) -> dict[int, str]:
    """For each claim that a narrative check compares, by its start offset: one of checks.STATUSES."""
    told = audit.checks.loc[audit.checks["rule"] == "narrative", ["check", "status"]]
    named = audit.check_terms.merge(told, on="check").merge(audit.claims[["claim", "start"]], on="claim")
    return dict(zip(named["start"].tolist(), named["status_y"].astype("str"), strict=True))


def marked(audit: Audit, section: str) -> str:
    """The prose of a section as Markdown: 96 ✗ differs from its table, 53 ✓ agrees, others are plain.

    The paragraphs that hold a compared number, and those between them; empty where no number is compared.
    """
    status = claim_status(audit)
    starts = [s for s in audit.claims.loc[audit.claims["section"] == section, "start"] if s in status]
    if not starts:
        return ""
    assert audit.document is not None
    text = audit.document.text
    first = text.rfind("。", 0, min(starts)) + 1
    while heading := _HEADING.match(text, first, min(starts)):
        first = heading.end()
    last = text.find("。", max(starts)) + 1 or len(text)
    pieces, at = [], first
    for start, end in zip(audit.claims["start"].tolist(), audit.claims["end"].tolist(), strict=True):
        if first <= start < last and start in status:
            pieces += [text[at:start], f"<b>{text[start:end]} {_MARK[status[start]]}</b>"]
            at = end
    joined = "".join([*pieces, text[at:last]])
    return "> " + re.sub(r"(?<![。；])\s*\n\s*", "", joined).replace("\n", "\n> \n> ").strip()


def compared_sections(audit: Audit) -> list[str]:
    """The sections, in the report's order, whose prose has a number that a check compares."""
    status = claim_status(audit)
    claims = audit.claims[audit.claims["start"].isin(list(status))]
    return list(claims.loc[claims["section"].ne(""), "section"].unique())
