"""Sub-totals that no form has and some reports print: 小计 rows and a 小计 column, in every shape."""

from dataclasses import replace

import made_up_report
import pytest
from test_tables import HEADER, grid

from crossfoot.audit import audit
from crossfoot.document import Cell
from crossfoot.forms import tables
from crossfoot.tables import place
from crossfoot_papers.workbook import workpaper

TABLE = tables("2021")["requests"]
SEEDS = {"one row": 5, "three rows": 6}


def with_sums(figures, rows, column, wrong=0):
    """Table 三 with the sums of its groups (`rows` says where) and, if told so, of the organisations."""

    def values(codes):
        found = [sum(int(figures[f"requests:{code}/{c.code}"] or 0) for code in codes) for c in TABLE.columns]
        return [str(v) for v in [*found[:6], *([sum(found[1:6])] if column else []), found[6]]]

    heads = [c.label for c in TABLE.columns]
    made = [["项目", *heads[:6], *(["小计"] if column else []), heads[6]]]
    present = [row for row in TABLE.rows if f"requests:{row.code}/total" in figures]
    for number, row in enumerate(present):
        members = [r.code for r in present if r.group == row.group and row.group.startswith("（")]
        sums = values(members)
        sums[0] = str(int(sums[0]) + (wrong if row.group.startswith("（三）") else 0))
        if members and row.code == members[0] and rows in ("heading", "above"):
            made.append([row.group if rows == "heading" else "小 计", *sums])
        made.append([row.label, *values([row.code])])
        if members and present[number].code == members[-1] and rows in ("below", "合计"):
            made.append(["合计" if rows == "合计" else "小计", *sums])
    return made


def saved(tmp_path, figures, requests, suffix):
    made = made_up_report.rows(figures) | {"requests": requests}
    write = made_up_report.as_text if suffix == "txt" else made_up_report.as_html
    path = tmp_path / f"report.{suffix}"
    path.write_text(write(made, made_up_report.prose(figures)), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["txt", "html"])
@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("rows", ["heading", "above", "below", "合计"])
@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_printed_sums_are_read_as_what_they_are(tmp_path, seed, rows, column, suffix):
    figures = made_up_report.figures(seed)
    result = audit(saved(tmp_path, figures, with_sums(figures, rows, column), suffix))
    facts, checks = result.facts, result.checks
    read = dict(zip(facts["cell"], facts["raw"], strict=True))
    assert {name: read[name] for name in figures if name.startswith("requests:")} == {
        name: raw or "0" for name, raw in figures.items() if name.startswith("requests:")
    }
    sums = {"denied", "unavailable", "not_processed"} | ({"other_sum"} if seed == 6 else set())
    assert sums <= set(facts["row"])
    assert ("organisations" in set(facts["column"])) == column
    assert set(checks.loc[checks["rule"] == "group_total", "status"]) == {"holds"}
    assert result.findings.empty and not result.problems


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_subtotal_is_one_error_that_every_paper_shows(tmp_path, language):
    figures = made_up_report.figures(6)
    path = saved(tmp_path, figures, with_sums(figures, "below", True, wrong=3), "html")
    result = audit(path, language=language)
    (finding,) = result.findings.to_dict("records")
    assert (finding["severity"], finding["kind"]) == ("error", "published")
    assert "group_total:requests:denied/natural_person" in set(result.finding_checks["check"])
    true = int(figures["requests:denied.state_secret/natural_person"] or 0)
    changes = result.corrections[["cell", "printed", "value"]].itertuples(index=False, name=None)
    assert ("requests:denied/natural_person", true + 3, true) in set(changes)
    assert workpaper(result, language).startswith(b"PK")


def test_a_heading_without_figures_is_no_subtotal():
    figures = made_up_report.figures(5)
    made = with_sums(figures, "heading", False)
    blank = [[row[0], *([""] * 7)] if row[0].startswith("（三）") else row for row in made]
    placement = place([grid([[(t, i, 1) for i, t in enumerate(row)] for row in blank])], "2021")
    rows = {name.partition(":")[2].partition("/")[0] for name in placement.readings}
    assert "denied" not in rows and "unavailable" in rows


def test_a_subtotal_within_its_merged_heading_is_told_by_it():
    head = [("", 0, 2), *((label, 2 + i, 1) for i, label in enumerate(HEADER))]

    def row(label, value):
        return [(label, 1, 1), *((str(value), 2 + i, 1) for i in range(7))]

    rows = [head, row("2.没有现成信息需要另行制作", 1), row("合计", 2), row("1.信访举报投诉类申请", 3)]
    rows += [row("小计", 4)]
    made = grid(rows)
    groups = [Cell("（四）无法提供", 0, 1, 1, 3, ""), Cell("（五）不予处理", 0, 3, 1, 5, "")]
    placement = place([replace(made, cells=(*made.cells, *groups))], "2021")
    assert placement.readings["requests:unavailable/total"].raw == "2"
    assert placement.readings["requests:not_processed/total"].raw == "4"
    assert "requests:handled/total" not in placement.readings
