"""The contract: public steps, tidy tables joined by keys, an analyst's own rules and lexicon."""

import re
from pathlib import Path

import made_up_report
import pandas as pd
import pytest
from samples import REPORTS as SAMPLES
from samples import sample

import crossfoot
from crossfoot import ArgumentError, CrossfootError, audit, datapackage, load, worded
from crossfoot.audit import audit_document
from crossfoot.schema import allowed, columns, framed, schema, worded_columns

RAW = Path(__file__).parents[1] / "data" / "raw"
SEED = RAW / "zhifu-2019.txt"
REPORTS = ["zhifu-2019.pdf", "zhifu-2019.txt", "kewei-2024.md", "shuyang-xian-2025.txt", *SAMPLES]


def at(name):
    return RAW / name if (RAW / name).is_file() else sample(name)


@pytest.fixture(scope="module")
def result():
    return audit(SEED)


def steps(path):
    document = crossfoot.read(path)
    f, c = crossfoot.facts(document), crossfoot.claims(document)
    k = crossfoot.check(document, f, c)
    return document, f, c, k, crossfoot.explain(document, f, c, k)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_steps_by_hand_give_what_an_audit_gives(name, language):
    path = at(name)
    whole = audit(path, language=language)
    for step in steps(path)[1:]:
        for table, frame in worded(step, language)._asdict().items():
            pd.testing.assert_frame_equal(frame, whole[table])


@pytest.mark.parametrize("name", REPORTS)
def test_keys_tell_rows_apart_and_refer_to_rows_that_are_there(name):
    whole = audit(at(name))
    for name, table in schema().items():
        assert list(whole[name].columns) == columns(name)
        assert not table["key"] or not whole[name].duplicated(table["key"]).any(), name
        for column, to in table.get("refers", ()):
            other, _, key = to.partition(".")
            assert set(whole[name][column]) <= set(whole[other][key]), (name, column)
    for name in ("claim_cells", "statement_cells", "check_terms", "corrections", "printed"):
        held = set(whole[name]["cell"]) - {""}
        assert all(re.fullmatch(r"\w+:[\w.]+/\w+", cell) for cell in held), name


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_written_is_loaded_with_its_types(name, tmp_path):
    whole = audit(at(name))
    datapackage.write(whole, tmp_path / "out")
    again = load(tmp_path / "out")
    assert dict(again.report) == dict(whole.report) and repr(again) == repr(whole)
    for name in schema():
        pd.testing.assert_frame_equal(again[name], whole[name])
    assert (tmp_path / "out" / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_a_cell_prints_survives_the_disk(tmp_path):
    printed = made_up_report.figures() | {"requests:new/enterprise": "N/A", "requests:new/research": "NaN"}
    path = tmp_path / "r.html"
    path.write_text(
        made_up_report.as_html(made_up_report.rows(printed), made_up_report.prose(printed)), encoding="utf-8"
    )
    datapackage.write(audit(path), tmp_path / "out")
    raw = load(tmp_path / "out").facts.set_index("cell")["raw"]
    assert raw["requests:new/enterprise"] == "N/A" and raw["requests:new/research"] == "NaN"


def test_codes_are_categoricals_and_no_cell_holds_a_list(result):
    for name, table in schema().items():
        for field in table["field"]:
            column = result[name][field["name"]]
            assert (column.dtype == "category") == bool(allowed(field)), (name, field["name"])
            if field["type"] == "string" and field["name"] not in worded_columns(name):
                assert not column.astype("str").str.contains(r"^[\[{]|\w[+ ]\w+:\w", regex=True).any(), name


def test_each_printed_number_has_one_role_and_each_figure_is_one_number(result):
    printed, facts = result.printed, result.facts
    figures = printed[printed["role"] == "fact"]
    assert not figures["cell"].duplicated().any()
    assert set(figures["cell"]) == set(facts.loc[facts["status"] == "number", "cell"])
    assert result.count("printed", role="fact") == len(figures) == result.count("cells", status="number")


def test_the_terms_of_a_sum_give_its_sides(result):
    sums = result.checks[
        result.checks["rule"].isin(["balance", "results_total", "row_total", "dispute_total"])
    ]
    terms = result.check_terms.assign(
        part=result.check_terms["factor"] * result.check_terms["value"].fillna(0)
    )
    sides = terms.groupby(["check", "side"], observed=True)["part"].sum().unstack()
    stated = sums[sums["status"].isin(["holds", "breaks"])].set_index("check")
    assert len(stated) > 15
    assert stated["left"].eq(sides.loc[stated.index, "left"]).all()
    assert stated["right"].eq(sides.loc[stated.index, "right"]).all()


def test_the_seed_is_off_by_two_and_the_correction_says_so(result):
    broken = result.checks[result.checks["status"] == "breaks"].set_index("check")
    assert set(broken.index[broken["rule"] == "balance"]) == {
        "balance:natural_person", "balance:enterprise", "balance:total"
    }  # fmt: skip
    assert broken.loc["balance:total", "difference"] == -2
    assert set(result.finding_checks["check"]) == set(broken.index)
    reasons = result.evidence[result.evidence["correction"] == 1].merge(result.claims, on="claim")
    assert len(reasons) >= 2 and set(reasons["value"]) == {96.0}
    best = result.corrections[result.corrections["correction"] == 1]
    assert best.set_index("cell")["value"]["requests:new/total"] == 96


def test_a_changed_fact_is_checked_as_it_now_is():
    document, f, c, k, e = steps(SEED)
    right = {"requests:new/natural_person": 76.0, "requests:new/enterprise": 20.0, "requests:new/total": 96.0}
    changed = f.facts.assign(value=f.facts["cell"].map(right).fillna(f.facts["value"]))
    again = crossfoot.check(document, f._replace(facts=changed), c)
    assert (k.checks["status"] == "breaks").sum() == 5 and not (again.checks["status"] == "breaks").any()
    assert crossfoot.explain(document, f._replace(facts=changed), c, again).findings.empty
    assert len(e.findings) == 1


def test_a_claim_that_is_given_other_cells_is_held_against_these():
    document, f, c, *_ = steps(SEED)
    counted = c.claim_cells[c.claim_cells["cell"] == "requests:new/total"]["claim"]
    cells = c.claim_cells.assign(
        cell=c.claim_cells["cell"].mask(c.claim_cells["claim"].isin(counted), "requests:handled/total")
    )
    k = crossfoot.check(document, f, c._replace(claim_cells=cells))
    held = k.check_terms[k.check_terms["claim"].isin(counted)]["check"]
    told = k.checks[k.checks["check"].isin(held) & (k.checks["rule"] == "narrative")]
    assert len(told) and set(told["right"]) == {94.0}
    other = k.check_terms[k.check_terms["check"].isin(told["check"]) & (k.check_terms["side"] == "right")]
    assert set(other["cell"]) == {"requests:handled/total"}


def test_a_check_that_is_taken_out_is_not_explained():
    document, f, c, k, _ = steps(SEED)
    kept = k.checks[k.checks["status"] != "breaks"]
    assert crossfoot.explain(document, f, c, k._replace(checks=kept)).findings.empty


def test_facts_that_lack_a_cell_are_refused():
    document, f, c, *_ = steps(SEED)
    with pytest.raises(ArgumentError, match="requests:new/total"):
        crossfoot.check(document, f._replace(facts=f.facts[f.facts["cell"] != "requests:new/total"]), c)


OWN_RULE = """version = 1
off = ["results_total"]
[[rule]]
id = "few_denied"
label = "no more denied than granted"
label_zh = "不予公开不多于予以公开"
basis = "the analyst's own"
severity = "query"
table = "requests"
per = "column"
left = ["denied.*"]
right = ["granted"]
bound = "at_most"
"""


def test_an_analysts_rules_are_added_and_taken_out(tmp_path, result):
    rules = tmp_path / "own.toml"
    rules.write_text(OWN_RULE, encoding="utf-8")
    own = audit(SEED, rules=rules)
    assert "results_total" not in set(own.checks["rule"]) and "results_total" in set(result.checks["rule"])
    added = own.checks[own.checks["rule"] == "few_denied"]
    assert set(added["severity"]) == {"query"} and "no more denied than granted" in added["label"].iloc[0]
    assert own.used == ("own.toml",) and result.used == ()
    pd.testing.assert_frame_equal(audit(SEED).checks, result.checks)


def test_rules_and_lexicon_beside_the_report_are_taken(tmp_path, result):
    report = tmp_path / "r.txt"
    report.write_text(SEED.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "rules.toml").write_text('version = 1\noff = ["balance"]\n', encoding="utf-8")
    both = 'version = 1\noff = ["received", "received, the number first"]\n'
    (tmp_path / "lexicon.toml").write_text(both, encoding="utf-8")
    own = audit(report)
    assert own.used == ("rules.toml", "lexicon.toml")
    assert "balance" not in set(own.checks["rule"])
    for claims, meaning in ((result.claims, "cells"), (own.claims, "not_understood")):
        assert set(claims.loc[claims["value"].eq(96), "meaning"]) == {meaning}


CONCEPTS = [  # what is said, the analyst's own concepts, what the figure means without and with them
    ("全年收受政府信息公开申请{}件。", 'off = ["receive"]', "cells", "not_understood"),
    (
        "全年接获政府信息公开申请{}件。",
        '[[concept]]\nid = "receive"\nkind = "act"\nwords = ["接获"]',
        "not_understood",
        "cells",
    ),
    (
        "政府信息公开申请的办理结果：放行{}件。",
        '[[concept]]\nid = "own"\nkind = "result"\nrows = ["granted"]\nwords = ["放行"]',
        "not_understood",
        "cells",
    ),
]


@pytest.mark.parametrize(("said", "entries", "without", "given"), CONCEPTS, ids=["off", "replaced", "added"])
def test_an_analysts_lexicon_reaches_the_concepts(tmp_path, said, entries, without, given):
    printed = made_up_report.figures()
    text = made_up_report.as_text(made_up_report.rows(printed), said.format(777))
    path, lexicon = tmp_path / "r.txt", tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    lexicon.write_text(f"version = 1\n{entries}\n", encoding="utf-8")
    for used, meaning in ((None, without), (lexicon, given), (None, without)):
        claims = audit(path, lexicon=used).claims
        assert claims.loc[claims["value"].eq(777), "meaning"].tolist() == [meaning]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('id = "own"\nkind = "act"', "lacks 'words'"),
        ('id = "own"\nkind = "verb"\nwords = ["接获"]', "verb"),
        ('id = "own"\nkind = "act"\nwords = "接获"', "not a list"),
        ('id = "own"\nkind = "act"\nwords = ["接获"]\nmood = "x"', "mood"),
    ],
)
def test_a_concept_that_cannot_be_used_is_refused_before_any_work(tmp_path, monkeypatch, entry, said):
    lexicon = tmp_path / "own.toml"
    lexicon.write_text(f"version = 1\n[[concept]]\n{entry}\n", encoding="utf-8")
    monkeypatch.setattr(crossfoot.audit.__globals__["readers"], "read", None)
    with pytest.raises(ArgumentError, match=said) as error:
        audit(SEED, lexicon=lexicon)
    assert error.value.file == "own.toml"


def test_an_analysts_lexicon_gives_a_phrase_its_cells(tmp_path):
    printed = made_up_report.figures()
    said = f"本年接获公众函询{printed['requests:new/total']}件。"
    path, lexicon = tmp_path / "r.txt", tmp_path / "own.toml"
    path.write_text(made_up_report.as_text(made_up_report.rows(printed), said), encoding="utf-8")
    lexicon.write_text(
        'version = 1\n[[phrase]]\nid = "own"\nlabel = "接获公众函询"\nsubject = "requests:new/total"\n',
        encoding="utf-8",
    )
    before, after = audit(path), audit(path, lexicon=lexicon)
    number = float(printed["requests:new/total"])
    told = []
    for claims in (before.claims, after.claims):
        own = claims[claims["value"].eq(number) & claims["unit"].eq("件")]
        told.append(own["meaning"].iloc[0])
    assert told[0] != "cells" and told[1] == "cells"
    assert "narrative" in set(after.checks["rule"])


def test_an_analysts_statement_is_read_and_checked(tmp_path):
    printed = made_up_report.figures()
    path, lexicon = tmp_path / "r.txt", tmp_path / "own.toml"
    path.write_text(made_up_report.as_text(made_up_report.rows(printed), "全年平安度过。"), encoding="utf-8")
    lexicon.write_text(
        'version = 1\n[[statement]]\nid = "own"\npattern = "全年平安度过"\nzero = "requests:new/total"\n',
        encoding="utf-8",
    )
    own = audit(path, lexicon=lexicon)
    assert "全年平安度过" in set(own.statements["quote"])
    told = own.checks[own.checks["rule"] == "statement"]
    assert told["status"].tolist() == ["breaks"] and told["right"].tolist() == [
        float(printed["requests:new/total"])
    ]
    assert len(own.findings) == 1 and audit(path).findings.empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('off = ["balance"]', "version = 1"),
        ('version = 1\noff = ["nothing"]', "nothing"),
        ("version = 1\n[[rule]]\nid = 'x'\n", "lacks"),
        (OWN_RULE + 'mood = "x"\n', "mood"),
        ("version = 1\nhue = 1\n", "hue"),
        ("version", "TOML"),
    ],
)
def test_a_rules_file_that_is_none_is_refused_before_any_work(tmp_path, monkeypatch, content, said):
    rules = tmp_path / "own.toml"
    rules.write_text(content, encoding="utf-8")
    monkeypatch.setattr(crossfoot.audit.__globals__["readers"], "read", None)
    with pytest.raises(ArgumentError, match=said) as error:
        audit(SEED, rules=rules)
    assert error.value.file == "own.toml"


@pytest.mark.parametrize("given", [{"language": "fr"}, {"witness": "tesseract"}])
def test_unknown_arguments_are_refused_before_any_work(monkeypatch, given):
    monkeypatch.setattr(crossfoot.audit.__globals__["readers"], "read", None)
    with pytest.raises(ArgumentError, match="not known"):
        audit(SEED, **given)


def test_a_table_is_shown_as_it_is_printed(result):
    table = result.table("三")
    assert table.loc["一、本年新收政府信息公开申请数量", "总计"] == "94"
    assert table.columns[0] == "自然人" and table.columns[-1] == "总计"
    pd.testing.assert_frame_equal(table, result.table("requests"))
    assert result.table("四", labels="codes").loc["review", "total"] == "8"
    assert "Individuals" in result.table("三", labels="en").columns
    with pytest.raises(ArgumentError, match="which"):
        result.table("五")


def test_breaks_are_labelled(result):
    assert len(result.breaks) == 5 and result.breaks["label"].str.contains("Total|总计").any()


def test_a_cell_is_cropped_with_its_row_where_there_are_pages(result):
    pdf = audit(RAW / "zhifu-2019.pdf")
    picture = pdf.crop("requests:new/total")
    assert picture.width > 6 * picture.height and picture.height > 20
    with pytest.raises(ArgumentError, match="stands on no page"):
        result.crop("requests:new/total")
    with pytest.raises(ArgumentError, match="not known"):
        pdf.crop("requests:new/nobody")


def test_an_audit_shows_itself_in_one_screen(result):
    assert len(repr(result).splitlines()) == 3
    shown = result._repr_html_()
    assert len(shown) < 3000 and "94 against 96" in shown and "126 checks" in shown


def test_a_report_of_years_is_checked_against_the_others(tmp_path):
    reports = []
    for year, carried in ((2022, "3"), (2023, "5")):
        printed = made_up_report.figures(seed=7)
        printed |= {"requests:carried_in/total": carried, "requests:carried_out/total": "4"}
        text = made_up_report.as_text(made_up_report.rows(printed), "")
        path = tmp_path / f"{year}.txt"
        path.write_text(text.replace("2023年", f"{year}年"), encoding="utf-8")
        reports.append(path)
    before = audit(reports[0])
    after = audit(reports[1], others=[before])
    own = after.checks.set_index("check")
    assert own.loc["carry_over:total", "status"] == "breaks"
    terms = after.check_terms[after.check_terms["check"] == "carry_over:total"].set_index("role")
    assert terms.loc["before", "report"] == before.report.sha256
    assert (terms.loc["before", "side"], terms.loc["before", "value"]) == ("right", 4)
    explained = after.finding_checks[after.finding_checks["check"] == "carry_over:total"]["finding"]
    assert len(after.findings[after.findings["finding"].isin(explained)])
    assert after.findings["number"].tolist() == list(range(1, len(after.findings) + 1))
    datapackage.write(before, tmp_path / "before")  # an audit from disk says as much of its year
    again = audit(reports[1], others=[load(tmp_path / "before")])
    for name in schema():
        pd.testing.assert_frame_equal(after[name], again[name])


def test_what_breaks_across_years_is_explained_as_far_as_its_check_is_there(tmp_path):
    paths = []
    for year, carried in ((2022, "4"), (2023, "5")):
        printed = made_up_report.figures(seed=7) | {"requests:carried_out/total": "4"}
        text = made_up_report.as_text(
            made_up_report.rows(printed | {"requests:carried_in/total": carried}), ""
        )
        paths.append(tmp_path / f"{year}.txt")
        paths[-1].write_text(text.replace("2023年", f"{year}年"), encoding="utf-8")
    document = crossfoot.read(paths[1])
    f, c = crossfoot.facts(document), crossfoot.claims(document)
    k = crossfoot.check(document, f, c, others=[audit(paths[0])])
    e = crossfoot.explain(document, f, c, k)
    across = e.finding_checks["check"].str.startswith("carry_over")
    assert across.any()
    kept = k._replace(checks=k.checks[~k.checks["rule"].eq("carry_over")])
    less = crossfoot.explain(document, f, c, kept)
    assert not less.finding_checks["check"].str.startswith("carry_over").any()
    assert set(less.findings["finding"]) < set(e.findings["finding"])


def test_a_document_that_is_read_is_audited_as_its_file_is():
    path = RAW / "zhifu-2019.txt"
    whole, read = audit(path), audit_document(crossfoot.read(path))
    for name in schema():
        pd.testing.assert_frame_equal(whole[name], read[name])


def test_rows_become_typed_columns_and_an_unknown_code_is_refused():
    made = framed("verdicts", [("f", None, "confirmed", "", "2026-01-01", "N/A")])
    assert made.loc[0].tolist() == ["f", "", "confirmed", "", "2026-01-01", "N/A"]
    for table, about in schema().items():
        types = {field["name"]: str(framed(table, [])[field["name"]].dtype) for field in about["field"]}
        known = {"number": "float64", "integer": "Int64", "boolean": "bool", "string": "str"}
        assert types == {f["name"]: "category" if allowed(f) else known[f["type"]] for f in about["field"]}, (
            table
        )
    with pytest.raises(ValueError, match=r"statement_cells|says"):
        framed("statements", [("s", "", "", 0, 1, "perhaps", "")])


def test_every_count_is_in_the_table_of_counts(result):
    assert (
        result.count("checks")
        == len(result.checks)
        == sum(
            result.count("checks", status=status) for status in ("holds", "breaks", "unread", "not_stated")
        )
    )
    assert result.count("cells") == len(result.facts) and result.count("findings") == len(result.findings)


def test_a_folder_that_holds_no_audit_is_named(tmp_path):
    with pytest.raises(CrossfootError, match=r"datapackage\.json"):
        load(tmp_path)


def test_of_rules_that_share_an_id_each_check_has_the_severity_of_its_own(result):
    bounds = result.checks[result.checks["rule"] == "bounds"].set_index("scope")["severity"].astype("str")
    assert set(bounds[["rules", "normative"]]) == {"query"}  # newly published against all that is published
    assert set(bounds.drop(["rules", "normative"])) == {"error"}


def test_the_words_by_which_a_number_was_understood_can_be_shown():
    result = audit(SEED)
    claim = result.claims.loc[result.claims["value"].eq(96), "claim"].iloc[0]
    shown = result.parse(claim)
    assert list(shown.columns) == ["word", "meaning"] and len(shown)
    assert all(word in result.document.text.replace("\n", "") for word in shown["word"])
    with pytest.raises(ArgumentError, match="not known"):
        result.parse("一(九)#1")
