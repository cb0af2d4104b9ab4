"""A figure that ended in no cell keeps the sums that may need it from speaking against the report."""

import unicodedata

import pytest
from made_up_report import as_html, as_pdf, as_text, figures, prose, rows, save_docx

from crossfoot.audit import audit
from crossfoot.loose_figures import Loose

SUFFIXES = (".html", ".txt", ".docx", ".pdf")
MORE = {"natural_person": 2, "enterprise": 1, "total": 3}
ADDED = [str(MORE.get(column, 0)) for column in (
    "natural_person", "enterprise", "research", "public_interest", "legal_service", "other_org", "total",
)]  # fmt: skip


def sound():
    """A report whose sums hold with one more row of results, which no form has."""
    printed = figures()
    for row in ("new", "handled"):
        for column, more in MORE.items():
            name = f"requests:{row}/{column}"
            printed[name] = str(int(printed[name]) + more)
    return printed


def audited(tmp_path, suffix, printed, label):
    made, said = rows(printed), prose(printed)
    if label is not None:
        at = next(n for n, row in enumerate(made["requests"]) if row[0].startswith("8."))
        made["requests"].insert(at + 1, [label, *ADDED])
    path = tmp_path / f"r{suffix}"
    if suffix == ".docx":
        save_docx(path, made, said)
    elif suffix == ".pdf":
        path.write_bytes(as_pdf(made, said))
    else:
        path.write_text({".html": as_html, ".txt": as_text}[suffix](made, said), encoding="utf-8")
    return audit(path)


@pytest.mark.parametrize("label", ["9.属于其他依法不予公开情形", ""])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_row_of_results_that_no_form_has_accuses_nobody(tmp_path, suffix, label):
    result = audited(tmp_path, suffix, sound(), label)
    assert set(result.findings["kind"]) == {"extraction"}
    checks = result.checks[result.checks["rule"] == "results_total"].set_index("scope")
    assert set(checks.index[checks["status"] == "unread"]) == set(MORE)
    assert checks.loc["total", ["left", "right", "difference"]].isna().all()
    without = audited(tmp_path, suffix, sound(), None)
    assert set(without.findings["kind"]) == {"published"}  # the row is what reconciles it


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_the_row_cannot_mend_is_still_said(tmp_path, suffix):
    printed = sound()
    printed["requests:new/total"] = str(int(printed["requests:new/total"]) + 9)
    result = audited(tmp_path, suffix, printed, "9.属于其他依法不予公开情形")
    published = result.findings[result.findings["kind"] == "published"]
    explained = set(published.merge(result.finding_checks, on="finding")["check"])
    assert {"row_total:new", "balance:total"} <= explained
    assert "results_total:total" not in explained


def wide(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def centred(cell):
    room = 16 - wide(cell)
    return " " * (room // 2) + cell + " " * (room - room // 2)


def aligned(label, cells):
    """A line of a table that spaces keep in columns; a Chinese letter is two wide."""
    return label + " " * (120 - wide(label)) + "".join(map(centred, cells))


def test_the_rest_of_a_figure_below_its_row_keeps_the_row_from_being_accused(tmp_path):
    printed = figures()
    for row in ("new", "granted", "handled"):
        for column in ("natural_person", "total"):
            name = f"requests:{row}/{column}"
            printed[name] = str(int(printed[name]) + 2000)
    made = rows(printed)
    text = as_text(made, prose(printed))
    head, first, *others = made["requests"]
    rest = [cell[1:] if column in (0, 6) else "" for column, cell in enumerate(first[1:])]
    cut = [cell[:1] if column in (0, 6) else cell for column, cell in enumerate(first[1:])]
    lines = [aligned(head[0], head[1:]), aligned(first[0], cut), aligned("", rest)]
    lines += [aligned(label, cells) for label, *cells in others]
    path = tmp_path / "r.txt"
    path.write_text(
        text.replace("\n".join("\t".join(row) for row in made["requests"]), "\n".join(lines)),
        encoding="utf-8",
    )
    result = audit(path)
    checks = result.checks.set_index("check")["status"]
    assert checks["row_total:granted"] == "holds" and checks["balance:enterprise"] == "holds"
    assert checks["balance:total"] == checks["balance:natural_person"] == "unread"
    assert set(result.findings["kind"]) == {"extraction"}


def test_a_figure_of_a_row_or_of_a_column_concerns_only_the_sums_over_it():
    total = ["requests:granted/natural_person", "requests:granted/enterprise", "requests:granted/total"]
    column = ["requests:granted/total", "requests:partly_granted/total", "requests:handled/total"]
    balance = ["requests:new/total", "requests:carried_in/total", "requests:handled/total"]
    beside = Loose(rows=frozenset({("requests", "granted")}))
    between = Loose(columns=frozenset({("requests", "total")}))
    among = Loose(cells=frozenset({"requests:new/total"}))
    for found, held in ((beside, (1, 0, 0)), (between, (0, 1, 0)), (among, (0, 0, 1))):
        assert tuple(int(found.may_be_in(names, "2021")) for names in (total, column, balance)) == held
