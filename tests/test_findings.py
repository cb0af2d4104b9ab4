"""Findings: one for each root cause, explanations ranked, ids that stay."""

import random
import re

import pandas as pd
import pytest
from matrices import matrix
from samples import printed_figures
from seed_report import FORM, seed_facts

from crossfoot.checks import CHECK_COLUMNS, amount, check
from crossfoot.diagnosis import findings
from crossfoot.diagnosis.explanations import Explanation
from crossfoot.diagnosis.findings import Finding
from crossfoot.extraction_problems import Trouble
from crossfoot.narrative import ledger
from crossfoot.narrative.claims import claims
from crossfoot.texts import Pair, same, worded
from crossfoot_synthetic.figures import facts_of, report, with_values
from crossfoot_synthetic.planting import narrative

CLAIM_COLUMNS = [
    *("section", "quote", "start", "end", "value", "unit"),
    *("approximate", "subject", "kind", "note", "page"),
]
TOLD_COLUMNS = [*CHECK_COLUMNS, "claims", "equals", "severity"]
COLUMNS = ("natural_person", "enterprise", "total")
UNAVAILABLE = ("unavailable.not_held", "unavailable.needs_compiling", "unavailable.still_unclear")


def claims_of(*stated: tuple) -> pd.DataFrame:
    """Claims from (start, quote, value, unit, note)."""
    rows = [
        ("一(二)", quote, start, start + 2, float(value), unit, None, None, "claim", note, 2)
        for start, quote, value, unit, note in stated
    ]
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def told(*rows: tuple) -> pd.DataFrame:
    """Checks of the prose from (rule, scope, left, right, cells, claims, equals, severity)."""
    made = []
    for rule, scope, left, right, cells, used, equals, severity in rows:
        status = "holds" if left == right else "breaks"
        formula = same(f"{amount(left)} against {amount(right)}")
        made.append((rule, scope, left, right, left - right, status, cells, formula, used, equals, severity))
    return pd.DataFrame(made, columns=TOLD_COLUMNS)


def compare(start: int, value: float, cells: str, table: float, equals: str | None = None) -> tuple:
    return ("narrative", str(start), value, table, cells, str(start), equals, "error")


SEED_CLAIMS = claims_of(
    (10, "共收到政府信息公开申请96件", 96, "件", None),
    (20, "予以公开和部分公开53件", 53, "件", None),
    (30, "不予公开8件", 8, "件", None),
    (70, "结转下年度继续处理2件", 2, "件", None),
    (90, "本年度收到的96件", 96, "件", None),
)
SEED_TOLD = told(
    compare(10, 96, "requests:new/total", 94),
    compare(20, 53, "requests:granted/total requests:partly_granted/total", 53),
    compare(70, 2, "requests:carried_out/total", 2),
    compare(90, 96, "requests:new/total", 94),
)
NO_CLAIMS, NOTHING_TOLD = claims_of(), told()


def audit(facts, told_checks=NOTHING_TOLD, claims=NO_CLAIMS, form=FORM, **options) -> dict[str, Finding]:
    return findings.found(facts, check(facts, form), told_checks, claims, form, **options)


def explained(found: dict[str, Finding], number: int = 0) -> tuple[Explanation, ...]:
    return list(found.values())[number].explanations


def values(explanation: Explanation) -> list[float | None]:
    return [value for _, _, value in explanation.cells]


def said(pairs: tuple[Pair, ...], language: str = "en") -> list[str]:
    return [worded(pair, language) for pair in pairs]


def test_the_seed_report_has_one_finding_with_three_ranked_explanations() -> None:
    found = audit(seed_facts(), SEED_TOLD, SEED_CLAIMS)
    (finding,) = found.values()
    assert (finding.severity, finding.kind) == ("error", "published")
    balances = [f"balance:{column}" for column in COLUMNS]
    assert finding.checks == (*balances, "narrative:10", "narrative:90")
    first, second, third = explained(found)
    assert values(first) == [76, 20, 96]
    assert sum("96件" in text for text in said(first.speaks_for)) == 2 and not first.against
    assert [(was, value) for _, was, value in second.cells] == [(None, 1), (None, 1), (None, 2)]
    assert any("neither for nor against" in text for text in said(second.speaks_for)) and not second.against
    assert "last year's report" in worded(second.decided_by, "en")
    assert values(third) == [0, 0, 0]
    assert not third.speaks_for and "结转下年度继续处理2件" in said(third.against)[0]


def test_without_prose_the_three_stay_three() -> None:
    assert len(explained(audit(seed_facts()))) == 3


def test_chinese_says_the_same() -> None:
    (finding,) = audit(seed_facts(), SEED_TOLD, SEED_CLAIMS).values()
    english, chinese = said((finding.title,))[0], said((finding.title,), "zh")[0]
    assert "(75 against 76)" in english
    assert "第一项加" not in chinese and "自然人（75≠76）" in chinese


def test_an_unrelated_break_leaves_ids_alone() -> None:
    before = audit(seed_facts())
    edited = with_values(seed_facts(), {"disputes:review/total": 9, "requests:granted/total": 49})
    after = audit(edited)
    assert set(before) < set(after)
    corrected = with_values(seed_facts(), {"requests:new/total": 96, "requests:new/natural_person": 76})
    assert not set(audit(corrected)) & set(before)


def test_prose_that_disagrees_with_a_sound_table_is_a_misprint() -> None:
    sound = with_values(
        seed_facts(),
        {"requests:new/natural_person": 76, "requests:new/enterprise": 20, "requests:new/total": 96},
    )
    claims = claims_of((20, "予以公开和部分公开49件", 49, "件", None), (24, "占52.1%", 52.1, "%", None),
                       (10, "答复94件", 94, "件", None))  # fmt: skip
    cells = "requests:granted/total requests:partly_granted/total"
    checks = told(
        compare(20, 49, cells, 53, "requests:granted/total"),
        ("share", "24", 52.1, 52.1, "", "24 20 10", None, "error"),
        compare(10, 94, "requests:handled/total", 94),
    )
    found = audit(sound, checks, claims)
    (finding,) = found.values()
    assert finding.checks == ("narrative:20",)
    first = explained(found)[0]
    assert first.cells == (("claim:20", 49, 53), ("claim:24", 52.1, 56.4))
    assert set(first.slip) == {"other_cell"} and "予以公开·总计" in said(first.speaks_for)[0]


def test_sum_and_share_follow_from_the_misprints_they_use() -> None:
    facts = facts_of(printed_figures("shanghai-office-2019.html"), "2019")
    stated = [
        (805, "件"),
        (258, "件"),
        (33.9, "%"),
        (35, "件"),
        (4.34, "%"),
        (265, "件"),
        (32.9, "%"),
        (158, "件"),
    ]
    claims = claims_of(*((n * 10, f"{v}{unit}", v, unit, None) for n, (v, unit) in enumerate(stated)))
    columns = ("natural_person", "enterprise", "legal_service", "other_org")

    def cells(*rows: str) -> str:
        return " ".join(f"requests:{row}/{column}" for row in rows for column in columns)

    checks = told(
        compare(0, 805, "requests:handled/total", 805),
        compare(10, 258, cells("granted", "partly_granted"), 275, "requests:granted/natural_person"),
        compare(50, 265, cells(*UNAVAILABLE), 337),
        ("narrative_sum", "0", 805, 716, "", "0 10 30 50 70", None, "error"),
        ("share", "20", 33.9, 100 * 258 / 805, "", "20 10 0", None, "error"),
        ("share", "40", 4.34, 100 * 35 / 805, "", "40 30 0", None, "error"),
        ("share", "60", 100 * 265 / 805, 100 * 265 / 805, "", "60 50 0", None, "error"),
        ("statement", "99", 0, 3, "disputes:review/pending disputes:direct/pending", "", None, "query"),
    )  # fmt: skip
    found = audit(facts, checks, claims, "2019")
    assert [finding.checks for finding in found.values()] == [
        ("narrative:10", "narrative_sum:0", "share:20"),
        ("narrative:50", "narrative_sum:0"),
        ("share:40",),
        ("statement:99",),
    ]
    assert [finding.severity for finding in found.values()] == ["error", "error", "error", "query"]
    assert [values(explained(found, n)[0]) for n in range(3)] == [[275, 34.2], [337, 41.9], [4.35]]
    (together,) = (text for text in said(explained(found)[0].speaks_for) if "265 → 337" in text)
    assert together.endswith(": 805 = 275 + 35 + 337 + 158")
    (together,) = (text for text in said(explained(found, 1)[0].speaks_for) if "258 → 275" in text)
    assert together.endswith(": 805 = 275 + 35 + 337 + 158")


@pytest.mark.parametrize(("report", "scopes"), [
    ("hongze-2023.pdf", ["review", "after_review"]),
    ("shanghai-office-2019.html", []),
    ("shuyang-fgj-2023.html", []),
])  # fmt: skip
def test_the_tables_of_real_reports_hold_just_their_known_errors(report: str, scopes: list[str]) -> None:
    form = "2019" if "2019" in report else "2021"
    found = audit(facts_of(printed_figures(report), form), form=form)
    assert [finding.checks for finding in found.values()] == [(f"dispute_total:{scope}",) for scope in scopes]
    assert all("proven: no filling" in worded(finding.title, "en") for finding in found.values())


def test_an_impossible_value_is_a_finding_with_its_mirror_image() -> None:
    facts = seed_facts()
    cell = facts.index[(facts["row"] == "licensing") & (facts["column"] == "decisions")][0]
    facts.loc[cell, ["value", "raw", "status"]] = [-5.0, "-5", "number"]
    found = audit(facts)
    (bound,) = [f for f in found.values() if f.checks[0].startswith("bounds")]
    assert [values(option) for option in bound.explanations] == [[5], [0]]


def test_last_years_report_decides_between_corrections() -> None:
    name = "requests:carried_in/natural_person"
    facts = seed_facts()
    cells = f"{name} 2018/requests:carried_out/natural_person"
    checks = told(("carry_over", "natural_person", 0, 1, cells, "", None, "error"))
    found = audit(facts, checks)
    joined = [f for f in found.values() if "carry_over:natural_person" in f.checks]
    assert len(joined) == 1, "a check is in one finding"
    assert joined[0].explanations[0].cells[0][0] == name


def test_trouble_in_reading_is_kept_apart() -> None:
    told = same("a reads '94'; b reads '96'")
    trouble = Trouble("readers_differ", ("requests:new/total",), told, ("94", "96"), 3)
    found = audit(seed_facts(), troubles=[trouble])
    assert [finding.kind for finding in found.values()] == ["published", "extraction"]
    assert "b reads '96' (p. 3)" in said(explained(found, 1)[0].against)[0]


def test_facts_are_left_as_they_were() -> None:
    facts = seed_facts()
    before = facts.copy()
    audit(facts, SEED_TOLD, SEED_CLAIMS)
    pd.testing.assert_frame_equal(facts, before)


SUM = re.compile(r"(\d+) = (\d+(?: \+ \d+)+)")


@pytest.mark.parametrize("seed", matrix(range(24), kept=6))
def test_every_sum_that_is_a_reason_for_a_correction_is_true(seed: int) -> None:
    facts, form = report(seed, "2021"), "2021"
    prose = narrative(facts, form, ("digit_changed", "off_by_one", "neighbour_cell")[seed % 3], seed)
    if prose is None:
        pytest.skip("no figure has a place for this slip")
    text = prose.document.text
    stated = claims(prose.document, prose.document.lines, form, prose.year)
    read = ledger.checks(stated, facts, prose.document, form, prose.document.lines, prose.year)
    found = findings.found(facts, check(facts, form), read, stated, form)
    reasons = [text for f in found.values() for e in f.explanations for text in said(e.speaks_for)]
    sums = [match for text in reasons for match in SUM.finditer(text)]
    for whole, parts in (match.groups() for match in sums):
        assert int(whole) == sum(map(int, parts.split(" + "))), (reasons, text)


@pytest.mark.parametrize("seed", matrix(range(24), kept=6))
def test_every_broken_check_is_in_a_finding_however_spoilt_the_report(seed: int) -> None:
    rng, form = random.Random(seed), ("2019", "2021")[seed % 2]
    facts = report(seed, form)
    prose = narrative(facts, form)
    assert prose is not None
    spoilt = [(float(rng.randrange(900)), "number"), (-3.0, "number"), (2.5, "number")]
    spoilt += [(float("nan"), status) for status in ("text", "unread", "absent", "blank", "dash")]
    if seed % 3 == 0:  # a row without its total, as some reports have, and a figure of it is not read
        granted = (facts["table"] == "requests") & (facts["row"] == "granted")
        facts.loc[granted & (facts["column"] == "total"), ["value", "status"]] = [float("nan"), "blank"]
        facts.loc[granted & (facts["column"] == "research"), ["value", "status"]] = [float("nan"), "unread"]
    for _ in range(rng.choice([1, 3, 8, 40])):
        row = rng.randrange(len(facts))
        facts.loc[row, ["value", "status"]] = list(rng.choice(spoilt))
        facts.loc[row, "agreed"] = rng.random() < 0.7
    document = prose.document
    stated = claims(document, document.lines, form, prose.year)
    sums = check(facts, form)
    drawn = pd.Series([rng.random() < 0.2 for _ in sums.index])
    withheld = drawn & sums["status"].eq("breaks") & sums["rule"].ne("bounds")
    sums["status"] = sums["status"].mask(withheld, "unread")  # a figure that is in no cell may belong there
    read = ledger.checks(stated, facts, document, form, document.lines, prose.year)
    found = findings.found(facts, sums, read, stated, form)
    every = pd.concat([sums, read])
    broken = every[every["status"] == "breaks"]
    explains = {key for finding in found.values() for key in finding.checks}
    assert explains == set(broken["rule"] + ":" + broken["scope"])
    for finding in found.values():
        assert all(said((finding.title,), language)[0] for language in ("en", "zh"))
        for one in finding.explanations:
            assert all(said((*one.speaks_for, *one.against), "en"))
            assert not any(value != value for _, was, value in one.cells for value in (was, value))


def test_a_sentence_that_the_figures_deny_is_a_query_with_its_words() -> None:
    checks = told(("statement", "一(二):均获维持@99", 0, 1, "disputes:direct/pending", "", None, "query"))
    found = audit(seed_facts(), checks)
    (finding,) = [f for f in found.values() if f.checks[0].startswith("statement")]
    assert finding.severity == "query"
    assert finding.explanations[0].cells == (("claim:99", "均获维持", None),)


def test_what_is_not_read_is_counted_and_named_by_rows_and_columns_and_never_called_blank():
    facts = seed_facts()
    unread = facts["row"].isin(["new", "carried_in"]) & facts["table"].eq("requests")
    facts = facts.assign(
        status=facts["status"].mask(unread, "unread"), value=facts["value"].mask(unread, float("nan"))
    )
    cells = tuple(f"requests:{row}/{column}" for row, column in facts.loc[unread, ["row", "column"]].values)
    by_order = Trouble("by_order", cells, same("only the order of the form"), count=len(cells))
    losts = Trouble("lost", (), same("'7' in a line"), ("7",) * 9, table="requests", count=9)
    gone = Trouble("table_missing", (), same("Table 4 was not found"), table="disputes")
    found = audit(facts, troubles=[by_order, losts, gone])
    own = [finding for finding in found.values() if finding.kind == "extraction"]
    assert [worded(finding.title, "zh") for finding in own] == [
        "表三有 14 格仅能按表式次序推断归属：本年新收申请数量整行、上年结转申请数量整行",
        "表三有 9 个数字未能读入任何单元格",
        "Table 4 was not found",
    ]
    shown = [was for _, was, _ in own[0].explanations[0].cells]
    assert shown[:2] == ["75 ?", "19 ?"] and shown[-1] == "?"
